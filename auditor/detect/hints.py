"""One look at the words of a line tells which finders are worth asking.

Each word is looked at once and remembered with what it hints at; a line hints at what its words do. Most lines hint at
nothing.
"""

import re
from collections.abc import Callable, Sequence
from functools import reduce
from operator import or_
from typing import Final, NamedTuple

from auditor.detect.addresses import CAPITAL_ONLY
from auditor.detect.addresses import WORDS as WORDS_OF_ADDRESSES
from auditor.detect.emails import AT_WORDS, DOT_WORDS
from auditor.detect.found import plain
from auditor.detect.gazetteer import FIRST, Part, gazetteer
from auditor.detect.glance import glance
from auditor.detect.records import SSN_SHAPE, WORDS_ALONE
from auditor.detect.words import may_be_part
from auditor.roster.book import Roster
from auditor.roster.marks import MARKS, is_of_nobody, may_name

_REMEMBERED_WORDS: Final = 50_000
_REMEMBERED_LINES: Final = 20_000
_REMEMBERED_TEXTS: Final = 16
_MARKS: Final = 12
_DIGITS: Final = 24
_HINTS: Final = (1 << _DIGITS) - 1
_NUMBER: Final = 1 << _DIGITS
_SHORTEST_NUMBER: Final = 7
_ZIP: Final = re.compile(r"\d{5}")
_NINE: Final = 9
"""Digits of a social security number."""
_SHORT: Final = 4
_OPENING: Final = tuple("([{<")
_CLOSING: Final = tuple(")]}>")
_BRACKETS: Final = frozenset(_OPENING + _CLOSING)
_ZIP_SHAPE: Final = b"9" * 5
_NEXT_BUT_ONE: Final = 2
_CUT: Final = "-\n"
"""The paper's edge may cut a name in two, neither of which is one."""
_BETWEEN_DIGITS: Final = "().-/*~,xX"
_SHORTENED: Final = frozenset([b"am", b"pm", b"us", b"eg", b"ie"])
"""Two letters apart that spell no other word: "3 p.m."."""
_FIGURES: Final = re.compile(r"[\d\-/:.,()$%#+&*=]+", re.ASCII)
_NAME_PART: Final = re.compile(r"[^\W\d_][\w'’-]*")
_STREETS_IN_SMALL_LETTERS: Final = WORDS_OF_ADDRESSES - CAPITAL_ONLY
_ALONE: Final = (WORDS_ALONE - {b"day", b"o", b"social"}) | {b"security", b"sec"}
_NEEDS_SIGNS: Final = re.compile(r"d\.?o\.?b\b|-day", re.IGNORECASE)
_MAY_BE_FIRST: Final = FIRST | Part.COMMON


PERSON: Final = 1
LANGUAGE: Final = 2
CONTACT: Final = 4
RECORD: Final = 8
SURNAME: Final = 128
IDENTIFIER: Final = 256
STRANGER: Final = 512
_PLACE: Final = 64
_AT: Final = 16
_DOT: Final = 32
"""What a line may hold, a bit each. RECORD is one that is somebody's by itself, like a birth date; a SURNAME or an
IDENTIFIER is a student's; a STRANGER is words side by side that no list has, and may be somebody's name. Above these
bits stand the marks of the roster, and above those a word has its digits.

A place is worth nothing alone: an address has figures too; nor is one of "at" and "dot", which stand for the signs of
an e-mail address. So does an "at" in brackets, wherever spaces part it from them.
"""
_VEILED: Final = _AT | _DOT
_ANYTHING: Final = PERSON | LANGUAGE | CONTACT | RECORD | SURNAME | IDENTIFIER | STRANGER


class Look(NamedTuple):
    """A text's lines, what each of them hints at, and all that they do together."""

    lines: list[str]
    hints: list[int]
    all: int


Tells = Callable[[str], bool]
"""What a finder tells of one word."""


class Hints:
    """Remembers what words and lines hint at, never whose they were. What is missing in a hint is surely not there.

    `roster` tells which words are in names of its students.
    """

    def __init__(self, roster: Roster | None = None) -> None:
        self._words = _Words(roster.mark_of if roster is not None else None)
        self._lines: dict[str, int] = {}
        self._texts: dict[str, Look] = {}

    def watch(self, bit: int, tells: Tells) -> None:
        """Has all words of which `tells` says so hint at the bit. To be called before any text is looked at."""
        self._words.watched.append((bit, tells))

    def may_name(self, text: str) -> bool:
        """Whether the name of a student of the roster may stand in a line, or in several that are read as one."""
        if _CUT in text:
            return True
        of = self._lines
        hints = [of[line] if line in of else self._learn_line(line) for line in text.split("\n")]
        return may_name(reduce(or_, hints) >> _MARKS & MARKS)

    def is_silent(self, line: str) -> bool:
        """Whether nothing is hinted at in a line: no finder finds anything there."""
        if _CUT in line:
            return False
        hint = self._lines[line] if line in self._lines else self._learn_line(line)
        return not hint & _ANYTHING and is_of_nobody(hint >> _MARKS & MARKS)

    def look(self, text: str) -> Look:
        """What the lines of a text hint at; the last few texts are remembered, since several finders ask."""
        known = self._texts.get(text)
        if known is None:
            if len(self._texts) >= _REMEMBERED_TEXTS:
                self._texts.clear()
            lines = text.split("\n")
            of = self._lines
            hints = [of[line] if line in of else self._learn_line(line) for line in lines]
            known = self._texts[text] = Look(lines, hints, reduce(or_, hints, 0))
        return known

    def _learn_line(self, line: str) -> int:
        words = line.split()
        marks = list(map(self._words.__getitem__, words))
        every = reduce(or_, marks, 0)
        hint = every & _HINTS
        if every >= _NUMBER:
            digits = sum([mark >> _DIGITS for mark in marks if mark >= _NUMBER])
            longest = _longest_number(words, marks) if digits >= _SHORTEST_NUMBER or hint & _PLACE else 0
            if longest >= _SHORTEST_NUMBER or (longest and hint & _PLACE):
                hint |= CONTACT
            if longest >= _NINE and SSN_SHAPE in glance(plain(line)[0]).shapes:
                hint |= RECORD
        if hint & _VEILED == _VEILED:
            hint |= CONTACT
        if hint & STRANGER and not _are_side_by_side(words, marks):
            hint &= ~STRANGER
        if len(self._lines) >= _REMEMBERED_LINES:
            self._lines.clear()
        self._lines[line] = hint
        return hint


def _longest_number(words: Sequence[str], marks: Sequence[int]) -> int:
    """How many digits the longest number has; hardly anything stands between the digits of one."""
    digits = longest = 0
    for word, mark in zip(words, marks, strict=True):
        if mark >= _NUMBER:
            digits += mark >> _DIGITS
            if digits > longest:
                longest = digits
        elif digits and len(word) > 1:
            digits = 0
    return longest


def _are_side_by_side(words: Sequence[str], marks: Sequence[int]) -> bool:
    """Whether two words of a STRANGER stand beside each other, or with an initial between them."""
    before = -_NEXT_BUT_ONE - 1
    for n, (word, mark) in enumerate(zip(words, marks, strict=True)):
        if mark & STRANGER:
            if n - before <= _NEXT_BUT_ONE or "," in word.strip(","):
                return True
            before = n
    return False


class _Words(dict[str, int]):
    """What each word hints at, and how many digits it has; worked out when it is first asked for."""

    def __init__(self, mark_of: Callable[[str], int] | None) -> None:
        super().__init__()
        self._mark_of = mark_of
        self.watched: list[tuple[int, Tells]] = []

    def __missing__(self, word: str) -> int:
        if _FIGURES.fullmatch(word) is None:
            if len(self) >= _REMEMBERED_WORDS:
                self.clear()
            hint = _of_word(word) | (self._mark_of(word) << _MARKS if self._mark_of is not None else 0)
            for bit, tells in self.watched:
                if tells(word):
                    hint |= bit
            self[word] = hint
            return hint
        # To be counted digit by digit there are too many numbers; and all but the short ones, to be remembered.
        digits = len(word) if len(word) < _NINE else sum(map(str.isdigit, word))
        hint = (_PLACE if _ZIP.search(word) else 0) | (_DOT if word[-1] == "(" or word[0] == ")" else 0)
        hint |= digits << _DIGITS
        if digits >= _SHORT and any(tells(word) for bit, tells in self.watched if bit == IDENTIFIER):
            hint |= IDENTIFIER
        if len(word) <= _SHORT:
            self[word] = hint
        return hint


def _of_word(word: str) -> int:
    flat = plain(word)[0]
    seen = glance(flat)
    # What may stand between the digits of a number counts as one: it parts nothing.
    digits = seen.shapes.count(b"9") or (len(word) > 1 and not flat.strip(_BETWEEN_DIGITS))
    hint = LANGUAGE if may_be_part(word) or _is_spelled(seen.words) else 0
    if not AT_WORDS.isdisjoint(seen.spoken):
        hint |= _AT if _BRACKETS.isdisjoint(flat) else CONTACT
    if b"@" in seen.raw:
        hint |= CONTACT
    if not DOT_WORDS.isdisjoint(seen.spoken) or flat.endswith(_OPENING) or flat.startswith(_CLOSING):
        hint |= _DOT
    if not _ALONE.isdisjoint(seen.spoken) or _NEEDS_SIGNS.search(flat):
        hint |= RECORD
    # The "s" of "it's" points nowhere.
    spoken = seen.words if len(seen.words) == 1 else [part for part in seen.words if len(part) > 1]
    streets = _STREETS_IN_SMALL_LETTERS if flat.islower() else WORDS_OF_ADDRESSES
    if not streets.isdisjoint(spoken) or b"V\xc3\xada" in seen.raw or _ZIP_SHAPE in seen.shapes:
        hint |= _PLACE
    written = flat if flat == word else f"{flat} {word}"
    if _is_odd(word) or any(gazetteer().part(part) & _MAY_BE_FIRST for part in _NAME_PART.findall(written)):
        hint |= PERSON  # what is hidden behind odd letters, the finder tells
    return hint | digits << _DIGITS


def _is_spelled(words: list[bytes]) -> bool:
    """Whether letters stand apart in a word that may go on in the next one."""
    return len(words) > 1 and max(map(len, words)) == 1 and b"".join(words).lower() not in _SHORTENED


def _is_odd(word: str) -> bool:
    if word.isascii():
        return False
    return not all(letter.isalnum() or letter in "'’‘“”-–—…" for letter in word if not letter.isascii())
