"""Words that show that a text speaks of students, in English and in Spanish; and those that show a place's name."""

import re
import tomllib
from bisect import bisect_left
from functools import cache
from importlib.resources import files
from typing import Final

from auditor.detect.glance import glance
from auditor.roster.names import in_small_letters

NEAR: Final = 60
"""So many characters before and behind a name still speak of it."""

_BESIDE: Final = 40
_LONGEST_BLOCK: Final = 400
_FEW: Final = 40
"""So often it is cheaper to look around a name than through the whole text."""


def speaks_of_students(text: str, start: int, end: int) -> bool:
    """Whether a cue stands before or behind the place from `start` to `end` that speaks of people, and not of what
    they go to: "Senior Trip" and "we teach students" say nothing of who is named beside.
    """
    parts = (text[:start], text[end:])
    return any(_may_speak_of_people(part) and _of_people("strong", "weak").search(part) for part in parts)


def is_about_students(title: str) -> bool:
    """Whether a title says that the whole page is about students: "Honor Roll", "Roster"."""
    return _of_pages().search(title.lower()) is not None


class Cues:
    """The cues of one text, to be asked for by place. Where many ask, the text is gone through once for all of them."""

    def __init__(self, text: str) -> None:
        self._text, self._small = text, in_small_letters(text)
        self._asked = 0
        self._may_say: bool | None = None
        self._known: dict[str, tuple[list[int], list[int]]] = {}

    def near(self, start: int, end: int) -> bool:
        """Whether a cue stands near the place from `start` to `end`, or in its line."""
        return any(self._within("any", *part) for part in _around(self._text, start, end))

    def of_people(self, start: int, end: int) -> bool:
        """Whether a cue near the place, or in its line, is more than a part of the name of an event or a thing."""
        parts = (self._text[begin:close] for begin, close in _around(self._text, start, end))
        pattern = _of_people("strong", "weak", "school")
        return any(_may_speak_of_people(part) and pattern.search(part) for part in parts)

    def surely(self, start: int, end: int) -> bool:
        """Whether a strong cue stands near, as "honor roll" is, or the name is spoken of as a student's."""
        if self.is_spoken_of(start, end):
            return True
        return any(self._within("strong", *part) for part in ((max(0, start - NEAR), start), (end, end + NEAR)))

    def is_spoken_of(self, start: int, end: int) -> bool:
        """Whether what stands directly beside a name says that it is a student's: "Congratulations to", ", grade 3"."""
        return bool(_ends("before").search(self._front(start)) or _begins("behind").match(self._small, end))

    def are_of_a_place(self, start: int, end: int) -> bool:
        """Whether what stands directly beside a name says that it is a place's or an event's: "at", "visit the"."""
        front = self._front(start)
        if _ends("place_before").search(front) and not _ends("before").search(front):
            return True
        return _begins("place_behind").match(self._small, end) is not None or _goes_on(self._text, start, end)

    def go_on_as_a_thing(self, end: int) -> bool:
        """Whether what stands directly behind makes a thing of the words before it: "Summer Camp registration"."""
        return _things_behind().match(self._small, end) is not None

    def _front(self, start: int) -> str:
        return self._small[max(0, start - _BESIDE) : start]

    def _within(self, kind: str, begin: int, close: int) -> bool:
        if self._may_say is None:
            self._may_say = not _gate().isdisjoint(glance(self._text).spoken)
        if not self._may_say:
            return False
        pattern = _cues() if kind == "any" else _strong_cues()
        self._asked += 1
        if self._asked <= _FEW:
            return pattern.search(self._small[begin:close]) is not None
        if kind not in self._known:
            places = [cue.span() for cue in pattern.finditer(self._small)]
            self._known[kind] = [start for start, _ in places], [end for _, end in places]
        starts, ends = self._known[kind]
        first = bisect_left(starts, begin)
        return first < len(starts) and ends[first] <= close


def _around(text: str, start: int, end: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """What stands near, or in the same line, before and behind: the name itself is no cue, though it may be Junior."""
    begin = text.rfind("\n", max(0, start - _LONGEST_BLOCK), start) + 1
    close = text.find("\n", end, end + _LONGEST_BLOCK)
    begin = min(start - NEAR, begin or start - _LONGEST_BLOCK)
    close = max(end + NEAR, close if close >= 0 else end + _LONGEST_BLOCK)
    return (max(0, begin), start), (end, close)


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether the name is only a part of a longer one: "Summer Field Day"."""
    written_small = not text[start].isupper()
    return not written_small and _CAPITAL.match(text, end) is not None and not text[start:end].isupper()


_CAPITAL: Final = re.compile(r" (?!Jr\b|Sr\b|I{2,3}\b|IV\b)[A-Z][a-z]+")


@cache
def _ends(list_of: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(_all(list_of))}) ?[\"“‘(*#@]*$")


@cache
def _begins(list_of: str) -> re.Pattern[str]:
    return re.compile(rf"[\"”’)*]*(?:{'|'.join(_all(list_of))})(?!\w)")


@cache
def _things_behind() -> re.Pattern[str]:
    return re.compile(rf" (?:{'|'.join(_all('things'))})(?!\w)")


@cache
def _cues() -> re.Pattern[str]:
    return _anywhere("strong", "weak", "school")


@cache
def _of_people(*strengths: str) -> re.Pattern[str]:
    """A cue, and nothing behind it that makes the name of an event or a thing of it."""
    cues, things = "|".join(cue for strength in strengths for cue in _all(strength)), "|".join(_all("things"))
    title = r"(?-i:(?:[A-Z&][\w&'’-]*[ -]){0,2})(?:(?:art|science|talent|awards?|book|lunch) )?"
    people = r" (?:performances?|performers?|winners?|champions?|finalists?|captains?)"
    thing = rf"[ -]+{title}(?:{things})(?!\w|{people})"
    return re.compile(
        rf"(?<!\w)(?:(?:{cues})(?!\w)(?!(?:['’]s?)?{thing})|(?:{'|'.join(_all('among'))})(?!\w))", re.IGNORECASE
    )


@cache
def _strong_cues() -> re.Pattern[str]:
    return _anywhere("strong")


def _may_speak_of_people(text: str) -> bool:
    """Whether a text has a word of a cue that speaks of people, or a figure, as some of them are. Quickly told."""
    seen = glance(text)
    return seen.figures > 0 or not _gate_of_people().isdisjoint(seen.spoken)


@cache
def _gate() -> frozenset[bytes]:
    """Words of which a text has one, if it has a cue at all. As `Glance.spoken` has them: a letter with an accent parts
    them.
    """
    return frozenset(word.encode() for word in _all("gate"))


@cache
def _gate_of_people() -> frozenset[bytes]:
    """The same for cues that speak of people and have no figure."""
    return _gate() | frozenset(word.encode() for word in _all("gate_among"))


@cache
def _of_pages() -> re.Pattern[str]:
    return _anywhere("strong", "titles")


def _anywhere(*strengths: str) -> re.Pattern[str]:
    cues = [cue for strength in strengths for cue in _all(strength)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(cues)})(?!\w)")


def _all(list_of: str) -> list[str]:
    """The cues of one kind, of every language."""
    return [cue for language in _lists().values() for cue in language[list_of]]


@cache
def _lists() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("auditor.detect").joinpath("cues.toml").read_text("utf-8"))
