"""Student numbers and user names on record, found in a text where no word beside them says what they are.

Only what the roster knows is found. A number alone proves nothing all the same: a ZIP code or a year may be somebody's.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

from auditor.detect import records
from auditor.detect.found import Found, apart, plain
from auditor.detect.hints import IDENTIFIER, Hints
from auditor.detect.lines import Lines
from auditor.detect.quotable import found_in, quotable
from auditor.detect.strangers import FARTHEST, by_passage
from auditor.masking import mask_value
from auditor.model import Passage, Sighting, Sort, Student
from auditor.roster.book import Roster
from auditor.roster.names import norm, words
from auditor.roster.names import plain as plain_letters

_MOST_REMEMBERED: Final = 50_000
_SHORTEST: Final = 4
_LONGEST: Final = 40
_LONGEST_CHUNK: Final = 2_000
_EDGES: Final = ".,;:!?()[]{}<>\"'#*~“”‘’…–—-"
_PIECE: Final = re.compile(r"[^\W_]+")
_RUN: Final = re.compile(r"[^\W_]+(?:[._\-][^\W_]+)+")
_FIGURES: Final = re.compile(r"(?<!\d)\d{4,}(?!\d)")
_ONLY_FIGURES: Final = re.compile(r"[\d/:,;()$%#+&*=]+", re.ASCII)
_MARKS: Final = re.compile(r"[.\-]")
_MONEY: Final = "$€£"
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_CALLED: Final = re.compile(
    r"(?<!\w)(?:user ?(?:names?|id)|log-?ins?(?: names?)?|students?|pupils?|usuari[oa]s?|alumn[oa]s?|estudiantes?)"
    r"(?: (?:is|are|es|son))?[\s:=#(\"'“]{1,3}$",
    re.IGNORECASE,
)
_REACH_OF_CUE: Final = 30
_CUES: Final[tuple[str, ...]] = ("user", "User", "USER", "ogin", "suari")
"""One of them stands where a user name is told, if nothing else does."""

SURE: Final = 0.9
LIKELY: Final = 0.7
"""How sure it is, beside its owner's name, that it is what is on record; a room or a time may have four figures."""
NOBODYS_HERE: Final = 0.3
"""Where its owner is not named beside it, or where it may be a year: worth a mask, no question."""

ON_RECORD: Final = "on record"
"""The form of a sighting whose only proof is that the roster has it: it tells something beside its owner's name."""

_Part = tuple[int, int, str, str]
"""Where in a chunk it begins and ends, its normalised value and its form."""


class Identifiers:
    """Finds what is on record. Remembers chunks between spaces, and asks once for each.

    `is_known` tells of a normalised value whether it is a student's. Forms are "number", "code" (letters and figures)
    and "word".
    """

    def __init__(self, is_known: Callable[[str], bool]) -> None:
        self._is_known = is_known
        self._chunks: dict[str, tuple[_Part, ...]] = {}

    def may_hold(self, word: str) -> bool:
        """Whether something on record may be among what stands between two spaces."""
        chunks = (word,) if word.isascii() else plain(word)[0].split()
        return any(map(self._places, chunks))

    def _places(self, chunk: str) -> tuple[_Part, ...]:
        return self._chunks[chunk] if chunk in self._chunks else self._learn(chunk)

    def find(self, text: str) -> Iterator[Found]:
        """Everything in a text that may be a number or user name on record, in its order; offsets in its characters."""
        flat, origin = plain(text)
        chunks = flat.split()
        known = self._chunks
        try:
            seen = list(map(known.__getitem__, chunks))
        except KeyError:
            seen = list(map(self._places, chunks))
        if not any(seen):
            return
        begin = 0
        for chunk, places in zip(chunks, seen, strict=True):
            begin = flat.index(chunk, begin)
            for first, end, value, form in places:
                start, stop = begin + first, begin + end
                if origin is not None:
                    start, stop = origin[start], origin[stop - 1] + 1
                yield Found(Sort.STUDENT_ID, start, stop, value, _certainty(value, form), form)
            begin += len(chunk)

    def _learn(self, chunk: str) -> tuple[_Part, ...]:
        if len(self._chunks) >= _MOST_REMEMBERED:
            self._chunks.clear()
        self._chunks[chunk] = places = tuple(self._read(chunk[:_LONGEST_CHUNK]))
        return places

    def _read(self, chunk: str) -> Iterator[_Part]:
        bare = chunk.strip(_EDGES)
        if bare.isalpha():  # nearly every chunk there is
            value = bare.lower() if bare.isascii() else _normal(bare)
            if value not in words().everyday and self._is_somebodys(value):
                begin = chunk.index(bare)
                yield begin, begin + len(bare), value, "word"
            return
        taken = 0
        for start, end in _candidates(chunk):
            written = chunk[start:end]
            value = _normal(written)
            if start < taken or (start and chunk[start - 1] in _MONEY):
                continue
            if written.isalpha() and _means_something(written):
                continue
            if self._is_somebodys(value):
                taken = end
                yield start, end, value, _form(value)

    def _is_somebodys(self, value: str) -> bool:
        return _SHORTEST <= len(value) <= _LONGEST and self._is_known(value)


class OnRecord:
    """The numbers and user names of a roster's students in the passages of documents.

    `digest` makes tokens. Remembers the lines that it has read, never whose page they were on.
    """

    def __init__(self, roster: Roster, digest: Callable[[str], str], hints: Hints) -> None:
        self._roster, self._digest = roster, digest
        finder = Identifiers(roster.is_identifier)
        hints.watch(IDENTIFIER, finder.may_hold)
        self._lines = Lines(finder.find, hints, IDENTIFIER)

    def sightings(
        self, passages: Sequence[Passage], seen: Sequence[Sighting], *, masks: bool, everywhere: bool
    ) -> Iterator[Sighting]:
        """Those that overlap with nothing that was `seen` before, in the order of the passages.

        They are looked for where a text tells a user name, where an excerpt about what was seen could show them, or
        `everywhere`. `masks`: those also that stand beside nobody's name, which are worth a mask and no more.
        """
        seen_in = by_passage(seen)
        for number, passage in enumerate(passages):
            if not self._lines.may_find(passage.text):
                continue
            here = seen_in.get(number, [])
            whole = everywhere or any(map(passage.text.__contains__, _CUES))
            parts = [(0, len(passage.text))] if whole else quotable(passage.text, here)
            found = list(found_in(self._lines, passage.text, parts))
            if not found:
                continue
            named = _named(here)
            for one in apart(found, here):
                owners = self._roster.owners(Sort.STUDENT_ID, one.value)
                places = sorted(place for owner in owners for place in named.get(owner.pseudonym, ()))
                sighting = self._sighting(number, passage.text, one, owners, places)
                if sighting.confidence > NOBODYS_HERE or (masks and _may_tell(one, places)):
                    yield sighting

    def _sighting(
        self, number: int, text: str, found: Found, owners: tuple[Student, ...], places: Sequence[tuple[int, int]]
    ) -> Sighting:
        """`places` is where the owners are named in the text."""
        called = found.form != "word" and is_called_one(text, found.start)
        proven = called or (places and records.beside(text, found, places))
        return Sighting(
            sort=Sort.STUDENT_ID,
            passage=number,
            start=found.start,
            end=found.end,
            masked=mask_value(Sort.STUDENT_ID, ""),
            token=self._digest(f"{Sort.STUDENT_ID}:{found.value}"),
            confidence=found.confidence if proven else NOBODYS_HERE,
            form="id" if called else ON_RECORD,
            students=owners,
        )


def _named(seen: Collection[Sighting]) -> dict[str, list[tuple[int, int]]]:
    """Where each student is named, by the pseudonym."""
    places: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for s in seen:
        if s.sort is Sort.STUDENT:
            for student in s.students:
                places[student.pseudonym].append((s.start, s.end))
    return places


def _may_tell(found: Found, places: Sequence[tuple[int, int]]) -> bool:
    """Whether it is worth a mask: four figures are so in every text, and tell nothing but where their owner is named
    within what an excerpt can show.
    """
    if found.form != "number" or len(found.value) > _SHORTEST:
        return True
    return any(start < found.end + FARTHEST and found.start < end + FARTHEST for start, end in places)


def is_called_one(text: str, start: int) -> bool:
    """Whether the words in front say that it is a student's number or a user name."""
    return _CALLED.search(text[max(0, start - _REACH_OF_CUE) : start]) is not None


def _candidates(chunk: str) -> list[tuple[int, int]]:
    """The parts of a chunk that may be one, in its order, of those that begin together the longest first."""
    if _ONLY_FIGURES.fullmatch(chunk):  # none is a part of another
        return [match.span() for match in _FIGURES.finditer(chunk)]
    found = {match.span() for match in _PIECE.finditer(chunk)}
    if len(found) > 1:
        found.update(match.span() for match in _RUN.finditer(chunk))
    found.update(match.span() for match in _FIGURES.finditer(chunk))
    return sorted(found, key=lambda place: (place[0], -place[1]))


def _normal(written: str) -> str:
    """As the roster compares it: "5-8216" and "58216" are equal."""
    return _MARKS.sub("", plain_letters(written)).casefold()


def _means_something(word: str) -> bool:
    return norm(plain_letters(word)) in words().everyday


def _form(value: str) -> str:
    if value.isdigit():
        return "number"
    return "code" if any(map(str.isdigit, value)) else "word"


def _certainty(value: str, form: str) -> float:
    if _YEAR.fullmatch(value):
        return NOBODYS_HERE
    return LIKELY if form == "word" or len(value) == _SHORTEST else SURE
