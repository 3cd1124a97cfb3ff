"""Words that show that a text speaks of students, in English and in Spanish."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

NEAR: Final = 60
"""So many characters before and behind a name still speak of it."""

_LONGEST_BLOCK: Final = 400


def speaks_of_students(text: str, start: int, end: int) -> bool:
    """Whether a cue stands near the place from `start` to `end`, or in its line."""
    begin = text.rfind("\n", max(0, start - _LONGEST_BLOCK), start) + 1
    close = text.find("\n", end, end + _LONGEST_BLOCK)
    begin = min(start - NEAR, begin or start - _LONGEST_BLOCK)
    close = max(end + NEAR, close if close >= 0 else end + _LONGEST_BLOCK)
    # The name itself is no cue, though somebody may be called Junior.
    return any(_cues().search(part) for part in (text[max(0, begin) : start], text[end:close]))


def is_about_students(title: str) -> bool:
    """Whether a title says that the whole page is about students: "Honor Roll"."""
    return _strong_cues().search(title) is not None


@cache
def _cues() -> re.Pattern[str]:
    return _pattern("strong", "weak")


@cache
def _strong_cues() -> re.Pattern[str]:
    return _pattern("strong")


def _pattern(*strengths: str) -> re.Pattern[str]:
    lists = tomllib.loads(files("auditor.detect").joinpath("cues.toml").read_text("utf-8"))
    cues = [cue for language in lists.values() for strength in strengths for cue in language[strength]]
    return re.compile(rf"(?<!\w)(?:{'|'.join(cues)})(?!\w)", re.IGNORECASE)
