"""Records about a person in a text: numbers, birth dates, marks, discipline, health; in English and in Spanish.

A text is gated by its words first, so that most texts cost next to nothing. What is found tells how sure it is in
itself. Marks, discipline and health mean nothing until a person stands beside them: `beside` tells whether one does.
Free and reduced-price lunch counts as health: it is as private, and there is no other sort for it.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from auditor.detect import record_marks
from auditor.detect.found import Found, Parts, apart, plain, squeezed
from auditor.detect.glance import glance
from auditor.detect.record_numbers import (
    BIRTH_GATE,
    DAY_SHAPE,
    ID_GATE,
    SSN_GATE,
    birth_dates,
    days_behind_names,
    ssns,
    student_ids,
)
from auditor.detect.record_tables import cells, headings
from auditor.detect.record_words import terms
from auditor.model import Sort
from auditor.roster.names import in_small_letters
from auditor.vicinity import FAR, row, sentence

OF_SOMEBODY: Final = frozenset({Sort.GRADE, Sort.DISCIPLINE, Sort.HEALTH})
"""What is a record only beside somebody's name; the other sorts stand alone."""

_LONGEST_NAME: Final = 200
_FARTHEST: Final = FAR + _LONGEST_NAME
_LONGEST_WORD: Final = 50

NEAR: Final = 60
"""So many characters between a name and a record still bring them together."""


def find(text: str, *, alone: bool = False) -> list[Found]:
    """Every record in a text and in its tables, in its order, none overlapping; offsets in its characters.

    `alone`: outside of tables only what is a record whoever stands beside it; `OF_SOMEBODY` are the others.
    """
    found = records(text, alone=alone)
    if "\t" not in text:
        return found
    above = [Found(Sort.GRADE, begin, end, "") for begin, end in headings(text)] if found else []
    return _with(list(cells(text)), apart(found, above))


def beside(text: str, record: Found, people: Sequence[tuple[int, int]]) -> bool:
    """Whether one of these people stands beside a record: within 60 characters, or in its sentence; in a table, in its
    row. `people` are where names begin and end, in the order of the text.
    """
    first = bisect_left(people, (record.start - _FARTHEST, 0))
    if first == len(people) or people[first][0] > record.end + _FARTHEST:
        return False
    cells_beside = row(text, record.start, record.end)
    where = cells_beside or sentence(text, record.start, record.end)
    near = NEAR if cells_beside is None else 0
    first = bisect_left(people, (min(where.start, record.start - near) - _LONGEST_NAME, 0))
    last = bisect_left(people, (max(where.end, record.end + near) + 1, 0))
    return any(
        where.holds(start, end) or (near and start - record.end <= near and record.start - end <= near)
        for start, end in people[first:last]
    )


def records(text: str, *, alone: bool = False) -> list[Found]:
    """Every record in a text that words beside it call one, in its order, none overlapping."""
    called = _called(text, alone=alone)
    found: list[Found] = []
    if not called:
        return found
    flat, at = squeezed(*plain(text))
    lowered = in_small_letters(flat)
    for rule, words in called:
        parts = _stretches(lowered, words, rule)
        if rule.needs_figures:
            parts = ((begin, end) for begin, end in parts if _FIGURE.search(flat, begin, end) is not None)
        found = _with(found, rule.find(flat, lowered, parts))
    return found if at is None else [f.moved(at[f.start], at[f.end - 1] + 1) for f in found]


def _with(found: list[Found], more: Iterable[Found]) -> list[Found]:
    """Both in the order of the text, without those of the second that overlap with the first or with each other."""
    kept: list[Found] = []
    reach = 0
    for one in sorted(apart(more, found), key=lambda f: f.start):
        if one.start >= reach:
            kept.append(one)
            reach = one.end
    return sorted([*found, *kept], key=lambda f: f.start) if kept else found


@dataclass(frozen=True, slots=True)
class _Rule:
    """How a sort is found in a part of a text: around the words of its gate, as far as its phrases reach."""

    find: Callable[[str, str, Parts], Iterator[Found]]
    gate: frozenset[str]
    before: int
    behind: int
    needs_figures: bool = False


_ALONE: Final = (ssns, birth_dates, student_ids)
"""They find what is a record whoever stands beside it; all of it has figures."""
WORDS_ALONE: Final = frozenset(word.encode() for word in SSN_GATE | BIRTH_GATE | ID_GATE)
"""Without one of these words, or `SSN_SHAPE`, there is nothing that is a record by itself."""


@cache
def _rules() -> tuple[_Rule, ...]:
    """In the order of precedence: where two find the same place, the first one counts."""
    health, discipline = terms(Sort.HEALTH), terms(Sort.DISCIPLINE)
    return (
        _Rule(ssns, SSN_GATE, 20, 80, needs_figures=True),
        _Rule(birth_dates, BIRTH_GATE, 50, 100, needs_figures=True),
        _Rule(student_ids, ID_GATE, 40, 70, needs_figures=True),
        _Rule(record_marks.averages, record_marks.AVERAGE_GATE, 45, 90, needs_figures=True),
        _Rule(record_marks.letters, frozenset(), 0, 50),
        _Rule(record_marks.got_scores, frozenset(), 0, 110),
        _Rule(record_marks.subjects, frozenset(), 20, 60),
        _Rule(record_marks.notes, record_marks.WORD_GATE, 20, 95),
        _Rule(record_marks.scores, record_marks.SCORE_GATE, 50, 80),
        _Rule(record_marks.failures, record_marks.FAIL_GATE, 25, 50),
        _Rule(health.find, health.gate | {"504"}, 45, 60),
        _Rule(discipline.find, discipline.gate, 45, 60),
        _Rule(days_behind_names, frozenset(), 0, 0, needs_figures=True),
    )


_FIGURE: Final = re.compile(r"\d")
_SSN_RULE: Final = 0
_LETTER_RULE: Final = 4
_SCORE_RULE: Final = 5
_SUBJECT_RULE: Final = 6
_HEALTH_RULE: Final = 10
_DAY_RULE: Final = 12
_LEAST_DAY: Final = 4
"""So many figures the shortest date has."""

# ------------------------------------------------------------------------------------------------ the gate

SSN_SHAPE: Final = b"999-99-9999"
"""What a social security number without a word beside it looks like at a `glance`."""
_SSN_FIGURES: Final = SSN_SHAPE.count(b"9")

_PRICED: Final[tuple[bytes, ...]] = (b"free", b"Free", b"FREE", b"educed", b"EDUCED", b"tatus", b"TATUS")
_CONDITIONS: Final = {
    "sat": ("sat", (b"SAT",)),
    "act": ("act", (b"ACT",)),
    "p": ("g.p.a", (b"G.P.A", b"g.p.a")),
    "o": ("d.o.b", (b"D.O.B", b"d.o.b", b"D.o.b")),
    "day": ("-day", (b"-day", b"-Day", b"-DAY")),
    # Schools speak of these every day.
    "social": ("social", (b"ecurity", b"ECURITY", b"al sec", b"al Sec", b"AL SEC")),
    "seguro": ("seguro", (b"social", b"Social", b"SOCIAL")),
    "student": (
        "student",
        (
            b"#",
            b"tudent No",
            b"tudent no",
            b"TUDENT NO",
            b"tudent I.D",
            b"tudent i.d",
            b"TUDENT I.D",
        ),
    ),
    "office": ("office", (b"referral", b"Referral", b"REFERRAL", b"sent to", b"Sent to", b"SENT TO")),
    **dict.fromkeys(("lunch", "lunches"), ("lunch", _PRICED)),
    "meals": ("meals", _PRICED),
}
"""Words that count only in capitals, with signs or beside others: where they then stand in small letters, and one of
the ways in which the text must then be written.
"""
_GETTING: Final = frozenset(map(str.encode, record_marks.GETTING))
_LETTER_MARKS: Final = frozenset(map(str.encode, record_marks.LETTERS))
_TESTS: Final = frozenset(map(str.encode, record_marks.TESTS))
_SUBJECTS: Final = frozenset(map(str.encode, record_marks.SUBJECTS))
_MARKED: Final = re.compile(rb"[ :=-][A-DF](?![A-Za-z0-9'])|\d ?%|[\x80-\xff][A-DF](?![A-Za-z0-9'])")
"""A letter or a share stands somewhere, as behind the name of a subject."""


class _Gate:
    """Words without which there is no record, and the rules that they are of, by their number."""

    def __init__(self, *, alone: bool) -> None:
        self.rules = _rules()
        self._numbers: dict[bytes, tuple[str, list[int]]] = {}
        for n, rule in enumerate(self.rules):
            for word in rule.gate if rule.find in _ALONE or not alone else ():
                self._numbers.setdefault(word.encode(), (word, []))[1].append(n)
        self.words = frozenset(self._numbers) | (frozenset() if alone else _LETTER_MARKS | _TESTS | _GETTING)

    def called(self, spoken: Iterable[bytes], raw: bytes, *, figures: bool) -> dict[int, set[str]]:
        """The rules that these words of the gate are of, each with its words."""
        called: dict[int, set[str]] = {}
        for token in spoken:
            if token not in self._numbers:
                continue
            word, numbers = self._numbers[token]
            spot, needed = _CONDITIONS.get(word, (word, ()))
            if not needed or any(map(raw.__contains__, needed)):
                for n in numbers:
                    if figures or not self.rules[n].needs_figures:
                        called.setdefault(n, set()).add(spot)
        return called


@cache
def _gate(*, alone: bool) -> _Gate:
    return _Gate(alone=alone)


def _called(text: str, *, alone: bool) -> list[tuple[_Rule, set[str]]]:
    """The rules that the words of a text speak of, each with these words. No words: the whole text is to be read."""
    seen = glance(text)
    figures = seen.figures > 0
    if alone and not figures:
        return []
    gate = _gate(alone=alone)
    spoken = gate.words & seen.spoken
    called = gate.called(spoken, seen.raw, figures=figures) if spoken else {}
    if not alone:
        if not _GETTING.isdisjoint(spoken):
            _call_marks(spoken, seen.raw, called, figures=figures)
        if not _SUBJECTS.isdisjoint(spoken) and _MARKED.search(seen.raw) is not None:
            called[_SUBJECT_RULE] = {word.decode() for word in _SUBJECTS.intersection(spoken)}
        if figures and b"504" in seen.raw:
            called.setdefault(_HEALTH_RULE, set()).add("504")
        if seen.figures >= _LEAST_DAY and DAY_SHAPE.search(seen.shapes) is not None:
            called[_DAY_RULE] = set()
    if seen.figures >= _SSN_FIGURES and SSN_SHAPE in seen.shapes:
        called[_SSN_RULE] = set()
    return [(gate.rules[n], called[n]) for n in sorted(called)] if called else []


def _call_marks(spoken: frozenset[bytes], raw: bytes, called: dict[int, set[str]], *, figures: bool) -> None:
    """Calls for the marks that somebody got, where there is a letter or the name of a test with a number."""
    verbs = {word.decode() for word in _GETTING.intersection(spoken)}
    if not _LETTER_MARKS.isdisjoint(spoken) or b" an A" in raw or b"A+" in raw or b"A-" in raw or b"A's" in raw:
        called[_LETTER_RULE] = verbs
    if not _TESTS.isdisjoint(spoken) and figures:
        called[_SCORE_RULE] = verbs


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
            yield max(0, begin), _end_of_word(lowered, end)
        begin, end = spot - rule.before, spot + rule.behind
    if end >= 0:
        yield max(0, begin), _end_of_word(lowered, end)


def _spots(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))


def _end_of_word(text: str, end: int) -> int:
    farthest = min(len(text), end + _LONGEST_WORD)
    while end < farthest and text[end].isalnum():
        end += 1
    return min(end, farthest)
