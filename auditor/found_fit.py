"""What an audit before this one found fit beside the configuration: the logos' pictures, the roster's rows.

While they and the code are as they were, they need not be looked through once more: to import what looks at pictures,
and to start the process that opens them, takes a fifth of a second, and to read a large roster as long. What a roster
says is compared all the same before anybody is judged by it, and what is new in it is never imported unseen.
"""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from auditor.config import Config
from auditor.due import eyes
from auditor.ground import code
from auditor.roster.intake import traces
from reports import files

LOGOS: Final = "logos.fit"
ROSTER: Final = "roster.fit"
"""In the data folder: the names of those that were found fit last."""


def names_of(config: Config) -> Mapping[str, str]:
    """What names these very files, and the code that looks through them; "" where they cannot be read."""
    return {LOGOS: _readable(lambda: eyes(config.district)), ROSTER: _readable(lambda: _rows(config.roster))}


def known(data: Path, names: Mapping[str, str]) -> frozenset[str]:
    """Which of them are of files that were found fit: `LOGOS`, `ROSTER`."""
    return frozenset(kept for kept, name in names.items() if _is_known(data / kept, name))


def keep(data: Path, names: Mapping[str, str]) -> None:
    """Notes that they were; on a full disk they are only looked through again."""
    for kept, name in names.items():
        if name and not _is_known(data / kept, name):
            with suppress(OSError):
                files.write(data / kept, name.encode("ascii"))


def _rows(source: Path | None) -> str:
    """Names the roster's files by their outside alone: nothing that is kept here comes from what they say."""
    if source is None:
        return ""
    digest = hashlib.blake2b(code(), digest_size=8)
    for trace in traces(source):
        digest.update(f"{trace}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _readable(name: Callable[[], str]) -> str:
    try:
        return name()
    except OSError:
        return ""


def _is_known(kept: Path, name: str) -> bool:
    try:
        return kept.read_text("ascii") == name != ""
    except (OSError, ValueError):
        return False
