"""The bundled demo district: Riverbend, its schools, classes and people. All of it is invented."""
