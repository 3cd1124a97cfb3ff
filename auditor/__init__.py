"""Shows a school district what its schools, classes and staff show the world, judged by its own policy."""

__version__ = "0.1.0"
