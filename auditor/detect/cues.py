"""Words that show that a text speaks of students, in English and in Spanish; and those that show a place's name."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

NEAR: Final = 60
"""So many characters before and behind a name still speak of it."""

_BESIDE: Final = 40
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


def is_spoken_of_as_student(text: str, start: int, end: int) -> bool:
    """Whether what stands directly beside a name says that it is a student's: "Congratulations to", ", grade 3"."""
    return _beside("before", "behind", text, start, end)


def surely_speaks_of_students(text: str, start: int, end: int) -> bool:
    """Whether a strong cue stands near, as "honor roll" is, or the name is spoken of as a student's."""
    if is_spoken_of_as_student(text, start, end):
        return True
    return any(_strong_cues().search(part) for part in (text[max(0, start - NEAR) : start], text[end : end + NEAR]))


def names_a_place(text: str, start: int, end: int) -> bool:
    """Whether what stands directly beside a name says that it is a place's or an event's: "at", "visit the"."""
    return _beside("place_before", "place_behind", text, start, end) or _goes_on(text, start, end)


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether the name is only a part of a longer one: "Summer Field Day"."""
    written_small = not text[start].isupper()
    return not written_small and _CAPITAL.match(text, end) is not None and not text[start:end].isupper()


_CAPITAL: Final = re.compile(r" (?!Jr\b|Sr\b|I{2,3}\b|IV\b)[A-Z][a-z]+")


def _beside(before: str, behind: str, text: str, start: int, end: int) -> bool:
    front = text[max(0, start - _BESIDE) : start]
    return bool(_ends(before).search(front)) or bool(_begins(behind).match(text, end))


@cache
def _ends(list_of: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(_all(list_of))}) ?[\"“‘(*#@]*$", re.IGNORECASE)


@cache
def _begins(list_of: str) -> re.Pattern[str]:
    return re.compile(rf"[\"”’)*]*(?:{'|'.join(_all(list_of))})(?!\w)", re.IGNORECASE)


@cache
def _cues() -> re.Pattern[str]:
    return _anywhere("strong", "weak")


@cache
def _strong_cues() -> re.Pattern[str]:
    return _anywhere("strong")


def _anywhere(*strengths: str) -> re.Pattern[str]:
    cues = [cue for strength in strengths for cue in _all(strength)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(cues)})(?!\w)", re.IGNORECASE)


def _all(list_of: str) -> list[str]:
    """The cues of one kind, of every language."""
    return [cue for language in _lists().values() for cue in language[list_of]]


@cache
def _lists() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("auditor.detect").joinpath("cues.toml").read_text("utf-8"))
