"""Discipline and health in a text: words, and what beside them tells whether they are said of somebody."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from auditor.detect.found import Found
from auditor.lazy_pattern import LazyPattern
from auditor.model import Sort

_CONTEXT: Final = 60
_NEARBY: Final = 150
_SAID_OF_SOMEBODY: Final = 0.85
_SAID: Final = 0.6
_ONLY_A_RULE: Final = 0.3
"""Taken off where the sentence tells what may happen to anybody: "Students who fight will be suspended"."""

_CAPITALS: Final = frozenset({"iep", "ieps", "iss", "oss", "asd"})
"""Words only where they are written in capitals."""

_SENTENCE_END: Final = re.compile(r"[.!?;\n]")
_NOTHING: Final = r"\b\B"


class Terms:
    """The words of a sort, and what beside them tells whether somebody is meant. From the lists of the sort in
    `records.toml`.
    """

    def __init__(self, sort: Sort, lists: dict[str, list[str]]) -> None:
        self.sort, self.gate = sort, frozenset(lists["gate"])
        self.term = LazyPattern(rf"(?<![\w\-])(?:{'|'.join([*lists['english'], *lists['spanish']])})(?!\w)")
        """The words themselves."""
        self._person = _ending(lists["person"])
        self._after = _beginning(lists.get("after", [_NOTHING]))
        self._never_before = _ending(lists["never_before"])
        self._never_after = _beginning(lists["never_after"])
        self._never_near = _anywhere(lists["never_near"])
        self._modal = _anywhere(lists["modal"])
        # Between these two, what else is a school's offer is somebody's: "receives ... services".
        self._receives = _ending(lists.get("receives", [_NOTHING]))
        self._received = _beginning(lists.get("received", [_NOTHING]))
        self._asked = LazyPattern("|".join(lists.get("asked", [_NOTHING])))
        """Terms of which nobody is ever sure."""

    def find(self, text: str, lowered: str, begin: int, end: int) -> Iterator[Found]:
        """What is said in this part of the text, whose small letters are `lowered`."""
        vetoes: list[tuple[int, int]] | None = None
        for match in self.term.finditer(lowered, begin, end):
            if vetoes is None:
                around = self._never_near.finditer(lowered, max(0, begin - _NEARBY), end + _NEARBY)
                vetoes = [veto.span() for veto in around]
            word = match.group()
            if word in _CAPITALS and not text[match.start() : match.end()].rstrip("s").isupper():
                continue
            confidence = self._confidence(lowered, match.start(), match.end())
            if confidence and not any(_speaks_against(veto, match, confidence) for veto in vetoes):
                yield Found(self.sort, match.start(), match.end(), word, confidence, "term")

    def _confidence(self, text: str, start: int, end: int) -> float:
        before = _SENTENCE_END.split(text[max(0, start - _CONTEXT) : start])[-1]
        behind = text[end : end + _CONTEXT]
        if self._never_before.search(before):
            return 0.0
        own = self._received.match(behind) and self._receives.search(before)
        if self._never_after.match(behind) and not own:
            return 0.0
        sure = self._asked.fullmatch(text, start, end) is None
        of_somebody = sure and (self._person.search(before) or self._after.match(behind))
        confidence = _SAID_OF_SOMEBODY if of_somebody else _SAID
        return confidence - _ONLY_A_RULE if self._modal.search(before) else confidence


def _speaks_against(veto: tuple[int, int], term: re.Match[str], confidence: float) -> bool:
    """Whether words that speak of rules are near; of somebody's own, only those in the same sentence."""
    first, last = veto
    if last < term.start() - _NEARBY or first > term.end() + _NEARBY:
        return False
    if confidence < _SAID_OF_SOMEBODY:
        return True
    begin, end = (last, term.start()) if last <= term.start() else (term.end(), first)
    return begin >= end or _SENTENCE_END.search(term.string, begin, end) is None


def _ending(parts: Sequence[str]) -> LazyPattern:
    return LazyPattern(rf"(?<!\w)(?:{'|'.join(parts)})[\s,:(\-]{{0,2}}$")


def _beginning(parts: Sequence[str]) -> LazyPattern:
    return LazyPattern(rf"[\s\-/]{{0,2}}(?:{'|'.join(parts)})(?!\w)")


def _anywhere(parts: Sequence[str]) -> LazyPattern:
    return LazyPattern(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


@cache
def terms(sort: Sort) -> Terms:
    """The words of discipline or of health."""
    return Terms(sort, record_lists()[str(sort).lower()])


@cache
def record_lists() -> dict[str, dict[str, list[str]]]:
    """`records.toml`; a text there is a list of words."""
    read = tomllib.loads(files("auditor.detect").joinpath("records.toml").read_text("utf-8"))
    return {
        name: {key: value.split() if isinstance(value, str) else value for key, value in table.items()}
        for name, table in read.items()
    }
