"""Discipline and health in a text: words, and what beside them tells whether they are said of somebody."""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from auditor.detect.found import Found, Parts
from auditor.lazy_pattern import LazyPattern
from auditor.model import Sort

_CONTEXT: Final = 60
_NEARBY: Final = 150
_MOST_LOOKS: Final = 1_000
_SIGNS_A_LOOK: Final = 100
"""So many terms of a text, or one for so many of its characters, are looked at in their company. More are no text, but
an attempt to keep us busy: they count as said, of whomever.
"""
_SAID_OF_SOMEBODY: Final = 0.85
_SAID: Final = 0.6
_ONLY_A_RULE: Final = 0.3
"""Taken off where the sentence tells what may happen to anybody: "Students who fight will be suspended"."""

_CAPITALS: Final = frozenset({"iep", "ieps", "iss", "oss", "asd", "bip"})
"""Words only where they are written in capitals."""

_NAMES_FOLLOW: Final = LazyPattern(
    r"(?: (?i:students?|kids|children|lists?|roster|caseload|meetings?)){0,2}\s?(?::|\s[–-])\s{1,2}"
    r"(?=[A-ZÀ-ÖØ-Þ][\w'’-]+,? [A-ZÀ-ÖØ-Þ])"
)
"""The heading of a list of names: "Students with IEPs: Jane Doe"."""

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

    def find(self, text: str, lowered: str, parts: Parts) -> Iterator[Found]:
        """What is said in these parts of the text, whose small letters are `lowered`."""
        looks = max(_MOST_LOOKS, len(text) // _SIGNS_A_LOOK)
        for begin, end in parts:
            vetoes: _Vetoes | None = None
            for match in self.term.finditer(lowered, begin, end):
                word = match.group()
                if word in _CAPITALS and not text[match.start() : match.end()].rstrip("s").isupper():
                    continue
                looks -= 1
                confidence = _SAID
                if looks >= 0:
                    if vetoes is None:
                        vetoes = _Vetoes(self._never_near, lowered, begin, end)
                    confidence = self._confidence(lowered, match.start(), match.end())
                    if not confidence and _NAMES_FOLLOW.match(text, match.end()) is not None:
                        confidence = _SAID
                    if not confidence or vetoes.speak_against(match.start(), match.end(), confidence):
                        continue
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


class _Vetoes:
    """Words that speak of rules near a part of a text: what stands beside them is said of nobody."""

    def __init__(self, pattern: LazyPattern, lowered: str, begin: int, end: int) -> None:
        self._text = lowered
        self._places = [veto.span() for veto in pattern.finditer(lowered, max(0, begin - _NEARBY), end + _NEARBY)]

    def speak_against(self, start: int, end: int, confidence: float) -> bool:
        """Whether one is near a term; of somebody's own, only in the same sentence. The next ones on either side tell:
        what parts them from the term parts the others, too.
        """
        if not self._places:
            return False
        n = bisect_left(self._places, (start, 0))
        return any(self._speaks_against(veto, start, end, confidence) for veto in self._places[max(0, n - 1) : n + 1])

    def _speaks_against(self, veto: tuple[int, int], start: int, end: int, confidence: float) -> bool:
        first, last = veto
        if last < start - _NEARBY or first > end + _NEARBY:
            return False
        if confidence < _SAID_OF_SOMEBODY:
            return True
        begin, close = (last, start) if last <= start else (end, first)
        return begin >= close or _SENTENCE_END.search(self._text, begin, close) is None


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
