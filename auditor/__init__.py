"""Shows a school district what its schools, classes and staff show the world, judged by its own policy."""

from auditor.compiled import run_what_is_written

__version__ = "0.1.0"

run_what_is_written()
