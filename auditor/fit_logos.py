"""Which pictures of the district's logos an audit before this one found fit to be compared with.

While they and the code are as they were, they need not be opened once more: to import what looks at pictures, and to
start the process that opens them, takes a fifth of a second.
"""

from contextlib import suppress
from pathlib import Path
from typing import Final

from auditor.config import Config
from auditor.due import eyes
from reports import files

FILE: Final = "logos.fit"
"""In the data folder: the name of those that were found fit last."""


def name_of(config: Config) -> str:
    """What names these very pictures, and the code that opens them; "" where they cannot be read."""
    try:
        return eyes(config.district)
    except OSError:
        return ""


def are_known(data: Path, name: str) -> bool:
    """Whether the pictures of that name were found fit."""
    try:
        return (data / FILE).read_text("ascii") == name != ""
    except (OSError, ValueError):
        return False


def keep(data: Path, name: str) -> None:
    """Notes that they were; on a full disk they are only opened again."""
    if name and not are_known(data, name):
        with suppress(OSError):
            files.write(data / FILE, name.encode("ascii"))
