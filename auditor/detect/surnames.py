"""Last names of students that stand alone, for a mask and nothing else: many people share one.

A last name that is a word of every day or a place's is one only in a list of names: "Hill, Thackleby and Young".
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from auditor.detect.companions import Companions
from auditor.detect.found import LAST_NAME, Found, apart
from auditor.detect.gazetteer import FIRST, Part, gazetteer
from auditor.detect.hints import SURNAME, Hints
from auditor.detect.lines import Lines
from auditor.detect.quotable import found_in, quotable
from auditor.detect.strangers import by_passage
from auditor.masking import mask_name
from auditor.model import District, Passage, Sighting, Sort
from auditor.roster.names import norm, plain, words
from auditor.roster.staffbook import StaffBook, titled
from auditor.roster.tokens import without_possessive

_CONFIDENCE: Final = 0.1
_MOST_REMEMBERED: Final = 50_000
_SHORT: Final = 2

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CAPITAL: Final = re.compile(r"(?<![^\W\d_])(?<![^\W\d_]['’])[^\W\d_a-z][^\W\d_]*(?:['’][^\W\d_]+)*")
"""The same, but for those that begin with a plain small letter: nobody's name does."""
_GAP: Final = r"[^\S\n]"
_LISTED: Final = re.compile(
    rf"{_GAP}*[,;/&|]{_GAP}*(?:(?:and|y|e|or|o){_GAP}+)?|{_GAP}+(?:and|y|e|or|o){_GAP}+|\t{_GAP}*"
)
"""What stands between two names of a list, in one line."""

_NO: Final = 0
_IN_LISTS: Final = 1
_SURELY: Final = 2


class Surnames:
    """Finds them. `is_surname` tells of a normalised word whether a student's family name has it; asked once for each.

    `ours` are words by which schools and the district are called: "Lincoln won" speaks of a school.
    """

    def __init__(self, is_surname: Callable[[str], bool], ours: Iterable[str] = ()) -> None:
        self._is_surname = is_surname
        self._ours = frozenset(ours)
        self._known: dict[str, int] = {}

    def may_hold(self, word: str) -> bool:
        """Whether a last name may be among what stands between two spaces."""
        return not word.islower() and any(map(self._kind, _CAPITAL.findall(word)))

    def find(self, text: str) -> Iterator[Found]:
        """Every last name that stands alone in a text, in its order."""
        found = [(match, kind) for match in _CAPITAL.finditer(text) if (kind := self._kind(match.group()))]
        if not found:
            return
        alone = [(match, kind) for match, kind in found if _stands_alone(text, match)]
        sure = {match.start() for match, kind in alone if kind == _SURELY}
        for listed in _lists(text, [match for match, _ in alone]):
            if any(match.start() in sure for match in listed):
                sure.update(match.start() for match in listed)
        for match, _ in alone:
            if match.start() in sure:
                name = without_possessive(match.group().replace("’", "'"))
                yield Found(Sort.PERSON, match.start(), match.start() + len(name), "", _CONFIDENCE, LAST_NAME)

    def _kind(self, word: str) -> int:
        if not word[0].isupper():
            return _NO
        kind = self._known.get(word)
        if kind is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            kind = self._known[word] = self._learn(norm(without_possessive(plain(word))))
        return kind

    def _learn(self, word: str) -> int:
        lists = words()
        if len(word) < _SHORT or word in self._ours or word in lists.particles or word in lists.suffixes:
            return _NO
        if not self._is_surname(word):
            return _NO
        means = (lists.everyday, lists.places, lists.place_nouns, lists.calendar, lists.grammar)
        means_something = any(word in listed for listed in means) or gazetteer().part(word) & Part.WORD
        return _IN_LISTS if means_something or len(word) == _SHORT else _SURELY


class LastNames:
    """The last names of a roster's students in the passages of documents. Remembers lines, never whose page."""

    def __init__(
        self, is_surname: Callable[[str], bool], district: District, digest: Callable[[str], str], hints: Hints
    ) -> None:
        names = [district.name, *(school.name for school in district.schools)]
        ours = frozenset(norm(plain(word)) for name in names for word in _WORD.findall(name))
        finder = Surnames(is_surname, ours)
        self._companions = Companions(digest, ours, StaffBook.of(district).bears, hints)
        hints.watch(SURNAME, finder.may_hold)
        self._lines = Lines(finder.find, hints, SURNAME)
        self._token = digest(LAST_NAME)

    def sightings(
        self, passages: Sequence[Passage], seen: Sequence[Sighting], *, everywhere: bool
    ) -> Iterator[Sighting]:
        """Those that overlap with nothing that was `seen`, and who is named in one breath with anybody; only near it,
        where an excerpt could show them, or `everywhere`.
        """
        last: list[Sighting] = []
        seen_in = by_passage(seen)
        for number, passage in enumerate(passages):
            if not self._lines.may_find(passage.text):
                continue
            here = seen_in.get(number, [])
            parts = [(0, len(passage.text))] if everywhere else quotable(passage.text, here)
            new = apart(found_in(self._lines, passage.text, parts), here)
            last += (self._sighting(number, passage.text[found.start : found.end], found) for found in new)
        yield from last
        companions = list(self._companions.sightings(passages, [*seen, *last]))
        yield from companions
        yield from self._companions.strangers(passages, [*seen, *last, *companions], everywhere=everywhere)

    def _sighting(self, number: int, written: str, found: Found) -> Sighting:
        return Sighting(
            sort=Sort.PERSON,
            passage=number,
            start=found.start,
            end=found.end,
            masked=mask_name(written),
            token=self._token,
            confidence=found.confidence,
            form=found.form,
        )


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """Whether no first name and no title stands in front, and nothing behind makes a place or a school of it.

    Only its own line tells: lines are read beside others than those that they stand beside.
    """
    begin = text.rfind("\n", 0, match.start()) + 1
    line = text[begin : _end_of_line(text, match.end())]
    start, end = match.start() - begin, match.end() - begin
    if titled(line, start, end):
        return False
    before = re.search(r"([^\W\d_]+)\.? $", line[max(0, start - 24) : start])
    if before and before[1][0].isupper() and gazetteer().part(before[1]) & (FIRST | Part.COMMON):
        return False
    behind = re.match(r" ([^\W\d_]+)", line[end : end + 24])
    if behind is None or not behind[1][0].isupper():
        return True
    follows, lists = norm(plain(behind[1])), words()
    return not any(follows in listed for listed in (lists.institutions, lists.institution_kinds, lists.place_nouns))


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)


def _lists(text: str, names: Sequence[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """Those that stand one after another as in a list."""
    listed = [*names[:1]]
    for one, other in pairwise(names):
        if not _LISTED.fullmatch(text, one.end(), other.start()):
            yield listed
            listed = []
        listed.append(other)
    yield listed
