"""Records about a person in a text: numbers, birth dates, marks, discipline, health; in English and in Spanish.

A text is gated by its words first, so that most texts cost next to nothing. What is found tells how sure it is in
itself. Marks, discipline and health mean nothing until a person stands beside them: `beside` tells whether one does.
Free and reduced-price lunch counts as health: it is as private, and there is no other sort for it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from auditor.detect.found import Found, may_change, plain
from auditor.detect.record_marks import MARK_GATE, marks
from auditor.detect.record_numbers import BIRTH_GATE, ID_GATE, SSN_GATE, birth_dates, ssns, student_ids
from auditor.detect.record_tables import cells, headings
from auditor.detect.record_words import terms
from auditor.model import Sort
from auditor.vicinity import row, sentence

OF_SOMEBODY: Final = frozenset({Sort.GRADE, Sort.DISCIPLINE, Sort.HEALTH})
"""What is a record only beside somebody's name; the other sorts stand alone."""

NEAR: Final = 60
"""So many characters between a name and a record still bring them together."""


def find(text: str) -> list[Found]:
    """Every record in a text and in its tables, in its order, none overlapping; offsets in its characters."""
    found = list(records(text))
    if "\t" not in text:
        return found
    above = list(headings(text))
    return _apart(list(cells(text)), (f for f in found if not any(a <= f.start < b for a, b in above)))


def beside(text: str, record: Found, people: Iterable[tuple[int, int]]) -> bool:
    """Whether one of these people, given by where their names begin and end, stands beside a record: within 60
    characters, or in its sentence; in a table, in its row.
    """
    cells_beside = row(text, record.start, record.end)
    where = cells_beside or sentence(text, record.start, record.end)
    near = NEAR if cells_beside is None else 0
    return any(
        where.holds(start, end) or (near and start - record.end <= near and record.start - end <= near)
        for start, end in people
    )


def records(text: str) -> Iterator[Found]:
    """Every record in a text that words beside it call one, in its order, none overlapping."""
    called = _called(text)
    if not called:
        return
    flat, at = plain(text)
    lowered = _lowered(flat)
    found: list[Found] = []
    for sort, words in called.items():
        rule = _RULES[sort]
        for begin, end in _stretches(lowered, words, rule):
            found = _apart(found, rule.find(flat, lowered, begin, end))
    for one in found:
        yield one if at is None else replace(one, start=at[one.start], end=at[one.end - 1] + 1)


def _apart(found: list[Found], more: Iterable[Found]) -> list[Found]:
    """Both in the order of the text, without those of the second that overlap with the first or with each other."""
    kept: list[Found] = []
    n, reach = 0, 0
    for one in sorted(more, key=lambda f: f.start):
        while n < len(found) and found[n].end <= one.start:
            n += 1
        if one.start >= reach and (n == len(found) or one.end <= found[n].start):
            kept.append(one)
            reach = one.end
    return sorted([*found, *kept], key=lambda f: f.start) if kept else found


@dataclass(frozen=True, slots=True)
class _Rule:
    """How a sort is found in a part of a text, and how far around the words of its gate its phrases reach."""

    find: Callable[[str, str, int, int], Iterator[Found]]
    before: int
    behind: int


def _discipline(text: str, lowered: str, begin: int, end: int) -> Iterator[Found]:
    return terms(Sort.DISCIPLINE).find(text, lowered, begin, end)


def _health(text: str, lowered: str, begin: int, end: int) -> Iterator[Found]:
    return terms(Sort.HEALTH).find(text, lowered, begin, end)


_RULES: Final = {
    Sort.SSN: _Rule(ssns, 40, 80),
    Sort.BIRTH_DATE: _Rule(birth_dates, 60, 110),
    Sort.STUDENT_ID: _Rule(student_ids, 40, 70),
    Sort.GRADE: _Rule(marks, 110, 110),
    Sort.HEALTH: _Rule(_health, 45, 60),
    Sort.DISCIPLINE: _Rule(_discipline, 45, 60),
}
"""In the order of precedence: where two overlap, the first one counts."""

# ------------------------------------------------------------------------------------------------ the gate

_LETTERS: Final = bytes(c | 32 if chr(c).isascii() and chr(c).isalpha() else 32 for c in range(256))
"""Latin capitals become small letters, and all that is no Latin letter a space: words with accents fall into parts."""


def _shaped(code: int) -> int:
    if chr(code).isdigit() and code < 128:
        return ord("9")
    # The first byte of every odd dash and space: the other two are left out.
    return ord("-") if chr(code) in " .-" or code == 0xE2 else ord("x")


_SHAPES: Final = bytes(map(_shaped, range(256)))
_REST_OF_LETTERS: Final = bytes(range(0x80, 0xC0))
_SSN: Final = b"999-99-9999"

_MARKED: Final = frozenset([b"got", b"get", b"gets", b"getting", b"earn", b"earns", b"earned", b"earning", b"received",
    b"receives", b"made", b"makes", b"has", b"had", b"have", b"given", b"pulled", b"achieved", b"posted"])  # fmt: skip
_MARKS: Final = frozenset([b"b", b"c", b"d", b"f"])
_SPELT: Final = (
    (Sort.GRADE, "g.p.a", ("G.P.A", "g.p.a")),
    (Sort.GRADE, "sat", ("SAT",)),
    (Sort.GRADE, "act", (" ACT",)),
    (Sort.HEALTH, "504", ("504",)),
    (Sort.BIRTH_DATE, "d.o.b", ("D.O.B", "d.o.b", "D.o.b")),
    (Sort.BIRTH_DATE, "b-day", ("-day", "-DAY", "-Day")),
)
"""What the gate knows by its signs or capitals: the sort, where to look in small letters, how it is written."""
_MARK_SIGNS: Final = (" an A", "A+", "A-", "A's", "A’s")


@cache
def _gate() -> dict[bytes, tuple[str, tuple[Sort, ...]]]:
    """Words without which there is no record, and the sorts that they speak of."""
    lists = {
        Sort.SSN: SSN_GATE,
        Sort.BIRTH_DATE: BIRTH_GATE,
        Sort.STUDENT_ID: ID_GATE,
        Sort.GRADE: MARK_GATE,
        Sort.HEALTH: terms(Sort.HEALTH).gate,
        Sort.DISCIPLINE: terms(Sort.DISCIPLINE).gate,
    }
    found: dict[str, list[Sort]] = {}
    for sort, words in lists.items():
        for word in words:
            found.setdefault(word, []).append(sort)
    return {word.encode(): (word, tuple(sorts)) for word, sorts in found.items()}


@cache
def _gate_words() -> frozenset[bytes]:
    return frozenset(_gate())


def _called(text: str) -> dict[Sort, set[str]]:
    """The sorts that the words of a text speak of, each with these words, in the order of precedence.

    No words at all mean that the whole text is to be read.
    """
    if not text.isascii() and may_change(text):
        text = plain(text)[0]
    raw = text.encode("utf-8", "replace")
    tokens = raw.translate(_LETTERS).split()
    called: dict[Sort, set[str]] = {}
    if not _gate_words().isdisjoint(tokens):
        for token in _gate_words().intersection(tokens):
            word, sorts = _gate()[token]
            for sort in sorts:
                called.setdefault(sort, set()).add(word)
    if not _MARKED.isdisjoint(tokens) and (not _MARKS.isdisjoint(tokens) or any(sign in text for sign in _MARK_SIGNS)):
        called.setdefault(Sort.GRADE, set()).update(map(bytes.decode, _MARKED.intersection(tokens)))
    for sort, word, signs in _SPELT:
        if any(sign in text for sign in signs):
            called.setdefault(sort, set()).add(word)
    if _SSN in raw.translate(_SHAPES, _REST_OF_LETTERS):
        called[Sort.SSN] = set()
    return {sort: called[sort] for sort in _RULES if sort in called} if called else called


def _stretches(lowered: str, words: set[str], rule: _Rule) -> Iterator[tuple[int, int]]:
    """The parts of a text around these words, in order, from and to where words begin and end."""
    if not words:
        yield 0, len(lowered)
        return
    begin = end = -1
    for spot in sorted(spot for word in words for spot in _spots(lowered, word)):
        if spot - rule.before <= end:
            end = max(end, spot + rule.behind)
            continue
        if end >= 0:
            yield begin, _end_of_word(lowered, end)
        begin, end = max(0, spot - rule.before), spot + rule.behind
    if end >= 0:
        yield begin, _end_of_word(lowered, end)


def _spots(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))


def _end_of_word(text: str, end: int) -> int:
    while end < len(text) and text[end].isalnum():
        end += 1
    return min(end, len(text))


def _lowered(text: str) -> str:
    """Small letters, each where its capital stood."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
