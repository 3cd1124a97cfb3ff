"""Names whose two parts stand in fields or columns of their own: "First name: ...", "Last name: ...".

Forms and exported tables are full of them. A label says what the word behind it is, so nothing else need speak for it;
whether the two are somebody's name, the roster tells.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from auditor.roster.names import in_small_letters

_GIVEN: Final[tuple[str, ...]] = ("first", "given", "forename", "preferred", "nombre")
_FAMILY: Final[tuple[str, ...]] = ("last", "family", "surname", "apellido")
GIVEN_LABEL: Final = 1 << 12
FAMILY_LABEL: Final = 1 << 13
"""Bits beside those of `marks`: a chunk between spaces that may be, or have in it, a label of that sort."""
_NAMED: Final = r"(?:[ _-]?name)?s?(?:\(s\))?[ *]{0,3}(?=[:=\t\n]|$)"
_LABELS: Final = {word: re.compile(word + _NAMED) for word in (*_GIVEN, *_FAMILY)}
"""Each begins with its word: to look for a word is fast."""

_BEHIND_LABELS: Final = ":=\t\n"
_LAST_OF_LABELS: Final = "tnedyosTNEDYOS) *"
_MOST_LOOKS: Final = 100
_LONGEST_LABEL: Final = len("preferred-names(s)***")
_MOST_LINES: Final = 3
"""Lines from one label to the other, with what else a form asks between them."""
_LONGEST: Final = 200
_LONGEST_VALUE: Final = 60
_MOST_LABELS: Final = 2_000
_VALUE: Final = re.compile(r"[ \t:=*]{0,6}([^\W\d_][^\t\n:;=|,]*)")


class Part(NamedTuple):
    """One part of a name, from `start` to `end`, as it is written there."""

    start: int
    end: int
    written: str


class Labelled(NamedTuple):
    """A first and a last name that their labels call so."""

    given: Part
    family: Part


class _Label(NamedTuple):
    start: int
    end: int
    is_given: bool


def label_of(chunk: str) -> int:
    """Which labels a chunk between spaces may be a part of."""
    lowered = in_small_letters(chunk)
    return (GIVEN_LABEL if _any(_GIVEN, lowered) else 0) | (FAMILY_LABEL if _any(_FAMILY, lowered) else 0)


def may_be_labelled(marks: int) -> bool:
    """Whether labels of both sorts may be among chunks with these marks."""
    return bool(marks & GIVEN_LABEL and marks & FAMILY_LABEL)


def labelled(text: str) -> Iterator[Labelled]:
    """Every such pair of a text, in no order; most texts have none."""
    if not _may_have_both(text):
        return
    lowered = in_small_letters(text)
    if not (_any(_GIVEN, lowered) and _any(_FAMILY, lowered)):
        return
    labels = sorted([*_labels(lowered, _GIVEN, is_given=True), *_labels(lowered, _FAMILY, is_given=False)])[
        :_MOST_LABELS
    ]
    taken = -1
    for one, other in pairwise(labels):
        if one.is_given == other.is_given or one.start == taken:
            continue
        pair = _fields(text, one, other)
        if pair is not None:
            taken = other.start
            yield pair
    if "\t" in text:
        yield from _columns(text, labels)


def _may_have_both(text: str) -> bool:
    """Whether words of labels of both sorts stand where something may follow them: few signs do, and they are rare.
    Where they are not, the whole text is to be looked at.
    """
    given = family = False
    looks = 0
    for sign in _BEHIND_LABELS:
        at = text.find(sign)
        while at >= 0:
            if at and text[at - 1] in _LAST_OF_LABELS:
                near = text[max(0, at - _LONGEST_LABEL) : at].lower()
                given = given or _any(_GIVEN, near)
                family = family or _any(_FAMILY, near)
                looks += 1
                if (given and family) or looks > _MOST_LOOKS:
                    return True
            at = text.find(sign, at + 1)
    return False


def _any(words: Sequence[str], lowered: str) -> bool:
    return any(word in lowered for word in words)


def _labels(lowered: str, words: Sequence[str], *, is_given: bool) -> Iterator[_Label]:
    for word in words:
        if word in lowered:
            for match in _LABELS[word].finditer(lowered):
                if not lowered[match.start() - 1 : match.start()].isalnum():
                    yield _Label(match.start(), match.end(), is_given)


# ------------------------------------------------------------------------------------------------ fields


def _fields(text: str, one: _Label, other: _Label) -> Labelled | None:
    """What stands behind two labels that are near each other."""
    if other.end - one.start > _LONGEST or text.count("\n", one.end, other.start) > _MOST_LINES:
        return None
    first, second = _value(text, one.end, other.start), _value(text, other.end, len(text))
    if first is None or second is None:
        return None
    return Labelled(first, second) if one.is_given else Labelled(second, first)


def _value(text: str, begin: int, end: int) -> Part | None:
    match = _VALUE.match(text, begin, min(end, begin + _LONGEST_VALUE))
    if match is None:
        return None
    written = match[1].rstrip()
    return Part(match.start(1), match.start(1) + len(written), written)


# ------------------------------------------------------------------------------------------------ columns


def _columns(text: str, labels: Sequence[_Label]) -> Iterator[Labelled]:
    """The names in the rows below headings that call two columns so."""
    at = 0
    heading: tuple[int, int] | None = None
    waiting = list(reversed(labels))
    for line in text.split("\n"):
        end = at + len(line)
        here = []
        while waiting and waiting[-1].start < end:
            here.append(waiting.pop())
        if "\t" not in line:
            heading = None
        elif headings := _heading(line, at, here):
            heading = headings
        elif heading is not None:
            cells = line.split("\t")
            given, family = (_cell(cells, column, at) for column in heading)
            if given is not None and family is not None:
                yield Labelled(given, family)
        at = end + 1


def _heading(line: str, begin: int, labels: Sequence[_Label]) -> tuple[int, int] | None:
    """In which columns the two are, where both labels are cells of the line that say nothing else."""
    columns: dict[bool, int] = {}
    for label in labels:
        if line[label.end - begin : label.end - begin + 1] in ("", "\t"):
            columns.setdefault(label.is_given, line.count("\t", 0, label.start - begin))
    return (columns[True], columns[False]) if len(columns) > 1 else None


def _cell(cells: Sequence[str], column: int, begin: int) -> Part | None:
    if column >= len(cells):
        return None
    written = cells[column].strip()
    if not written or len(written) > _LONGEST_VALUE or not written[0].isalpha():
        return None
    start = begin + sum(len(cell) + 1 for cell in cells[:column]) + cells[column].index(written)
    return Part(start, start + len(written), written)
