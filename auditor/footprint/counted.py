"""How many people of a district have completed a scan: a number, and that only from five people on.

What is kept is one file with a random word a person and school year, in the order of the alphabet. Nobody can tell from
it who, when, or what was found; the word itself is made with the key in the person's sealed file, and only there.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from filelock import FileLock

from auditor.errors import Mistake
from reports import files

FILE: Final = "footprint-completed.txt"
LEAST: Final = 5
"""People from which on a number is told."""


def school_year(now: datetime) -> str:
    """The school year of a day: it turns on the first of August."""
    first = now.year if now.month >= 8 else now.year - 1
    return f"{first}-{(first + 1) % 100:02}"


def count(data: Path, word: str, year: str) -> None:
    """Counts one more person, once a school year."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(data / f"{FILE}.lock", timeout=10, mode=0o600):
            lines = {*_lines(data), f"{year} {word}"}
            files.write(data / FILE, "".join(f"{line}\n" for line in sorted(lines)).encode())
    except OSError as problem:
        raise Mistake(f"{data}: you could not be counted ({problem.strerror or 'no reason given'}).") from None


def uncount(data: Path, word: Callable[[str], str]) -> None:
    """Takes somebody out of the number again. `word` gives their word of a school year."""
    if not (data / FILE).is_file():
        return
    try:
        with FileLock(data / f"{FILE}.lock", timeout=10, mode=0o600):
            left = [line for line in _lines(data) if line != f"{line.partition(' ')[0]} {word(line.partition(' ')[0])}"]
            files.write(data / FILE, "".join(f"{line}\n" for line in left).encode())
    except OSError as problem:
        raise Mistake(f"{data}: the number could not be changed ({problem.strerror or 'no reason given'}).") from None


def told(data: Path, staff: int, year: str) -> str:
    """The number, in words; nothing that would tell of single people."""
    done = sum(line.startswith(f"{year} ") for line in _lines(data))
    of = f" of {staff}" if staff >= done else ""
    if staff and staff < LEAST:
        return f"Of so few staff nothing is told: a number is shown for groups of {LEAST} or more."
    if done < LEAST:
        return f"Fewer than {LEAST}{of} have completed a self-scan in {year}."
    return f"{done}{of} have completed a self-scan in {year}."


def _lines(data: Path) -> list[str]:
    try:
        return [line for line in (data / FILE).read_text("utf-8").splitlines() if line.strip()]
    except FileNotFoundError:
        return []
