"""Names on no list that stand beside somebody named, for a mask and nothing else.

"Xylo Dunmore", of whom only the last name is known; "Jada Dunmore Xylander", who has one more; "Jada Dunmore and Xylo":
what is tied to a name as one name is to the next is one, where it is no word that anybody knows. So are two words with
capitals that nobody knows, where an excerpt may show them.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

from auditor.detect.adults import adult
from auditor.detect.found import LAST_NAME, Found, Placed, apart
from auditor.detect.gazetteer import FIRST, Part, gazetteer
from auditor.detect.hints import STRANGER, Hints
from auditor.detect.lines import Lines
from auditor.detect.quotable import found_in, quotable
from auditor.detect.strangers import by_passage
from auditor.masking import mask_name
from auditor.model import Passage, Place, Sighting, Sort
from auditor.roster.names import norm, plain, words
from auditor.vicinity import Stretch

_CONFIDENCE: Final = 0.1
_MOST_WORDS: Final = 3
_LONGEST: Final = 24
_PEOPLE: Final = frozenset({Sort.STUDENT, Sort.PERSON})
_NO_SENTENCES: Final = frozenset({Place.ADDRESS, Place.FILE_NAME})

_TIE: Final = r"(?:[ \xa0]?[,;/&|][ \xa0]?(?:(?:and|y|e|or|&)[ \xa0])?|[ \xa0](?:and|y|e|or)[ \xa0])"
_WORD: Final = rf"[^\W\d_][\w'’]{{1,{_LONGEST}}}"
_BEFORE: Final = re.compile(rf"(?<![\w'’])({_WORD})((?:[ \xa0][^\W\d_]\.?)?[ \xa0]|-)\Z")
_TIED_BEFORE: Final = re.compile(rf"(?<![\w'’])({_WORD}){_TIE}\Z")
_TIED_BEHIND: Final = re.compile(rf"{_TIE}({_WORD})(?![\w'’])")
_TURNED_ROUND: Final = re.compile(rf"(?:,[ \xa0]?|\t)({_WORD})(?=[ \xa0]*(?:$|[;\t\n(\d]))")
_CELL_BEFORE: Final = re.compile(rf"(?<![^\t\n])({_WORD})\t\Z")
_NEXT: Final = re.compile(rf"[ \xa0-]({_WORD})(?![\w'’])")
_ONE_MORE: Final = re.compile(rf"[ \xa0-](?:(?:de|del|de la|da|dos|van|von)[ \xa0])?({_WORD})(?![\w'’])")
_TWO: Final = re.compile(
    rf"(?<![\w'’@#/.])({_WORD})(?:,?[ \xa0]|,|\t)(?:[^\W\d_]\.?[ \xa0])?({_WORD}(?:-{_WORD})?)(?![\w'’@])"
)
_ANY_WORD: Final = re.compile(_WORD)
_REACH: Final = 2 * _LONGEST
_MID_SENTENCE: Final = re.compile(r"[\w,;&/][ \xa0]\Z")

_NAME_WORD: Final = re.compile(r"[^\W\d_][\w'’]{2,}")
_NO_NAME: Final = Part.WORD | Part.PLACE | Part.BEHIND | Part.BEFORE | Part.KIND | Part.TITLE


class Companions:
    """Finds them. `digest` makes a token; `ours` are words by which schools and the district are called, normalised.

    `is_staff` tells whether a full name is somebody's who works here: a school may show these. Lines are remembered,
    never whose page.
    """

    def __init__(
        self, digest: Callable[[str], str], ours: Collection[str], is_staff: Callable[[str], bool], hints: Hints
    ) -> None:
        self._token = digest(LAST_NAME)
        self._ours, self._is_staff = ours, is_staff
        hints.watch(STRANGER, self._may_hold)
        self._pairs = Lines(self._find_pairs, hints, STRANGER)

    def sightings(self, passages: Sequence[Passage], seen: Sequence[Sighting]) -> Iterator[Sighting]:
        """Those tied to somebody who was `seen`, directly or over one another; they overlap with nothing of it."""
        for number, here in by_passage(seen).items():
            people = [(s.start, s.end, s.form == LAST_NAME) for s in here if s.sort in _PEOPLE]
            if not people or passages[number].place in _NO_SENTENCES:
                continue
            text = passages[number].text
            taken = {at for s in here for at in (s.start, s.end - 1)}
            while people:
                start, end, is_last = people.pop()
                for begin, close in self._beside(text, start, end, is_last=is_last):
                    if begin in taken or close - 1 in taken:
                        continue
                    taken |= {begin, close - 1}
                    people.append((begin, close, is_last and close <= start))
                    yield self._sighting(number, text, begin, close)

    def strangers(
        self, passages: Sequence[Passage], seen: Sequence[Sighting], *, everywhere: bool
    ) -> Iterator[Sighting]:
        """Full names that no grammar knows, where an excerpt about what was `seen` may show them; no adults'. And the
        words of all names that no roster has, alone.
        """
        named = {
            word
            for s in seen
            if s.sort is Sort.PERSON and s.form != LAST_NAME
            for word in _NAME_WORD.findall(passages[s.passage].text, s.start, s.end)
        }
        if not (named or any(self._pairs.may_find(passage.text) for passage in passages)):
            return
        alone: list[tuple[int, str, list[tuple[int, int]], list[Placed]]] = []
        seen_in = by_passage(seen)
        for number, passage in enumerate(passages):
            here = seen_in.get(number, [])
            quoted = [s for s in here if not s.ours]
            if passage.place in _NO_SENTENCES or not (quoted or everywhere):
                continue
            text = passage.text
            parts = [(0, len(text))] if everywhere else quotable(text, quoted)
            pairs = apart(found_in(self._pairs, text, parts), here)
            unknown = [p for p in pairs if not (self._is_staff(text[p.start : p.end]) or adult(text, p.start, p.end))]
            named |= {word for p in unknown for word in _NAME_WORD.findall(text, p.start, p.end)}
            alone.append((number, text, parts, [*here, *pairs]))
            yield from (self._sighting(number, text, p.start, p.end) for p in unknown)
        words_alone = [word for word in named if self._may_be_name(word)]
        if words_alone:
            one_of = re.compile(
                rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(words_alone, key=len, reverse=True)))})(?!\w)"
            )
            for number, text, parts, taken in alone:
                echoes = (Stretch(*m.span()) for begin, end in parts for m in one_of.finditer(text, begin, end))
                yield from (self._sighting(number, text, e.start, e.end) for e in apart(echoes, taken))

    def _find_pairs(self, text: str) -> Iterator[Found]:
        """Where two words stand that may be a name."""
        at = 0
        while (two := _TWO.search(text, at)) is not None:
            if self._may_be_name(two[1]) and self._may_be_name(two[2].partition("-")[0]):
                yield Found(Sort.PERSON, two.start(), two.end(), "", _CONFIDENCE, LAST_NAME)
                at = two.end()
            else:
                at = two.start(2)

    def _beside(self, text: str, start: int, end: int, *, is_last: bool) -> Iterator[tuple[int, int]]:
        """Where names stand that are tied to the one from `start` to `end`."""
        front = text[max(0, start - _REACH) : start]
        offset = start - len(front)
        if is_last:
            if (before := _BEFORE.search(front)) and self._is_first(before[1], front[: before.start()]):
                yield offset + before.start(1), offset + before.end(1)
            if (before := _CELL_BEFORE.search(front)) and self._is_unknown(before[1]):
                yield offset + before.start(1), offset + before.end(1)
            if (behind := _TURNED_ROUND.match(text, end)) and self._is_unknown(behind[1]):
                yield behind.span(1)
        elif (behind := _ONE_MORE.match(text, end)) and self._may_be_name(behind[1]):
            yield behind.start(1), self._end(text, behind.end(1))
        if (before := _TIED_BEFORE.search(front)) and self._is_unknown(before[1]):
            yield offset + before.start(1), offset + before.end(1)
        if (behind := _TIED_BEHIND.match(text, end)) and self._is_unknown(behind[1]):
            yield behind.start(1), self._end(text, behind.end(1))

    def _end(self, text: str, end: int) -> int:
        """Where a name ends whose first word ends there."""
        for _ in range(_MOST_WORDS - 1):
            more = _NEXT.match(text, end)
            if more is None or not self._may_be_name(more[1]):
                break
            end = more.end(1)
        return end

    def _is_first(self, word: str, front: str) -> bool:
        """Whether what stands before a last name is the first name: within a sentence, words of every day may be."""
        if self._may_be_name(word):
            return True
        part = gazetteer().part(word)
        known = norm(plain(word)) in words().grammar | words().positions | words().titles
        return word[0].isupper() and not part & Part.TITLE and not known and _MID_SENTENCE.search(front) is not None

    def _may_hold(self, word: str) -> bool:
        """Whether what stands between two spaces may be, or have in it, a part of a name that no list has."""
        return not word.islower() and any(map(self._may_be_name, _ANY_WORD.findall(word)))

    def _is_unknown(self, word: str) -> bool:
        """Whether a word is a first name, or one that no list has."""
        part = gazetteer().part(word)
        return self._may_be_name(word) and (not part & ~Part.SHOUTED or part & FIRST > 0)

    def _may_be_name(self, word: str) -> bool:
        if not word[0].isupper():
            return False
        folded = norm(plain(word))
        if folded in self._ours or folded in words().positions:
            return False
        return not gazetteer().part(word) & _NO_NAME

    def _sighting(self, number: int, text: str, start: int, end: int) -> Sighting:
        return Sighting(
            sort=Sort.PERSON,
            passage=number,
            start=start,
            end=end,
            masked=mask_name(text[start:end]),
            token=self._token,
            confidence=_CONFIDENCE,
            form=LAST_NAME,
        )
