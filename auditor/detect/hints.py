"""One look at the words of a line tells which finders are worth asking.

Each word is looked at once and remembered with what it hints at; a line hints at what its words do. Most lines hint at
nothing.
"""

import re
from collections.abc import Callable, Sequence
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Final, NamedTuple

from auditor.detect.addresses import CAPITAL_ONLY, is_box_with_dots, may_have_street
from auditor.detect.addresses import SURE_WORDS as SURE_WORDS_OF_ADDRESSES
from auditor.detect.addresses import WORDS as WORDS_OF_ADDRESSES
from auditor.detect.emails import AT_WORDS, DOT_WORDS, SERVICE_WORDS
from auditor.detect.found import plain, squeezed
from auditor.detect.gazetteer import FIRST, Part, gazetteer
from auditor.detect.glance import glance
from auditor.detect.phones import may_have_number
from auditor.detect.records import SSN_SHAPE, WORDS_ALONE
from auditor.detect.words import LETTER, LETTERS, may_hold, part_of, part_of_letters
from auditor.roster.book import Roster
from auditor.roster.marks import MARKS, is_of_nobody

_REMEMBERED_WORDS: Final = 50_000
_REMEMBERED_LINES: Final = 20_000
_REMEMBERED_TEXTS: Final = 16
_ZIP: Final = re.compile(r"\d{5}")
_SHORT: Final = 4
_LONGEST_SAID_AGAIN: Final = 100
_OPENING: Final = tuple("([{<")
_CLOSING: Final = tuple(")]}>")
_BRACKETS: Final = frozenset(_OPENING + _CLOSING)
_ZIP_SHAPE: Final = b"9" * 5
_NEXT_BUT_ONE: Final = 2
_CUT: Final = "-\n"
"""The paper's edge may cut a name in two, neither of which is one."""
_SHORTENED: Final = frozenset([b"am", b"pm", b"us", b"eg", b"ie"])
"""Two letters apart that spell no other word: "3 p.m."."""
_FIGURES: Final = re.compile(r"[\d\-/:.,()$%#+&*=]+", re.ASCII)
_NAME_PART: Final = re.compile(r"[^\W\d_][\w'’-]*")
_STREETS_IN_SMALL_LETTERS: Final = WORDS_OF_ADDRESSES - CAPITAL_ONLY
_ALONE: Final = (WORDS_ALONE - {b"day", b"o", b"social", b"student"}) | {b"security", b"sec"}
_STUDENT_NUMBER: Final = re.compile(r"(?:tudent|TUDENT)(?:['’][sS])? (?:[Nn][Oo]\b|[Ii]\.[Dd])")
_STOPS: Final = '.,;:?"'
_BIRTH_DATE: Final = b"dob"
_NEEDS_SIGNS: Final = re.compile(r"d\.?o\.?b\b|-day|#(?=\d|$)", re.IGNORECASE)
_MAY_BE_FIRST: Final = FIRST | Part.COMMON


PERSON: Final = 1
LANGUAGE: Final = 2
CONTACT: Final = 4
RECORD: Final = 8
SURNAME: Final = 16
IDENTIFIER: Final = 32
STRANGER: Final = 64
_NUMBER: Final = 128
PLACE: Final = 256
_SURE_PLACE: Final = 512
_AT: Final = 1024
_DOT: Final = 2048
"""What a line may hold, a bit each. RECORD is one that is somebody's by itself, like a birth date; a SURNAME or an
IDENTIFIER is a student's; a STRANGER is words side by side that no list has, and may be somebody's name. Above these
bits stand the marks of the roster, and above those what the words say.

A place is worth nothing alone: an address has figures too, and right before it unless it is a sure one; nor is one of
"at" and "dot", which stand for the signs of an e-mail address. So does an "at" in brackets, wherever spaces part it
from them.
"""
_MARKS: Final = 12
_SAYS: Final = _MARKS + MARKS.bit_length()
_OF_LINES: Final = (1 << _SAYS) - 1
_OF_LETTERS: Final = LETTERS << _SAYS
_VEILED: Final = _AT | _DOT
_ANYTHING: Final = PERSON | LANGUAGE | CONTACT | RECORD | SURNAME | IDENTIFIER | STRANGER


class Look(NamedTuple):
    """A text's lines, what each of them hints at, and all that they do together."""

    lines: list[str]
    hints: list[int]
    all: int


Tells = Callable[[str], bool]
"""What a finder tells of one word."""


def is_post(text: str) -> bool:
    """Whether a text is somebody's post, with words of its own: there a finder's own look is the quickest.

    A text of one line that is no longer than titles and words of pictures are may stand on many pages.
    """
    return len(text) > _LONGEST_SAID_AGAIN and "\n" not in text


class Hints:
    """Remembers what words and lines hint at, never whose they were. What is missing in a hint is surely not there.

    `roster` tells which words are in names of its students.
    """

    def __init__(self, roster: Roster | None = None) -> None:
        words = _Words(roster.mark_of if roster is not None else None)
        self._watched = words.watched
        self._lines = _Lines(words)
        self._texts: dict[str, Look] = {}

    def watch(self, bit: int, tells: Tells) -> None:
        """Has all words of which `tells` says so hint at the bit. To be called before any text is looked at."""
        self._watched[bit] = tells

    def marks_of(self, text: str) -> int:
        """The roster's marks of all words of a line, or of several that are read as one, put together."""
        if "\n" not in text:
            return self._lines[text] >> _MARKS
        if _CUT in text:
            return MARKS
        known = self._texts.get(text)
        hints = known.all if known is not None else reduce(or_, map(self._lines.__getitem__, text.split("\n")))
        return hints >> _MARKS

    def is_silent(self, line: str) -> bool:
        """Whether nothing is hinted at in a line: no finder finds anything there."""
        if _CUT in line:
            return False
        hint = self._lines[line]
        return not hint & _ANYTHING and is_of_nobody(hint >> _MARKS)

    def look(self, text: str) -> Look:
        """What the lines of a text hint at; the last few texts are remembered, since several finders ask."""
        known = self._texts.get(text)
        if known is None:
            if len(self._texts) >= _REMEMBERED_TEXTS:
                self._texts.clear()
            lines = text.split("\n")
            hints = list(map(self._lines.__getitem__, lines))
            known = self._texts[text] = Look(lines, hints, reduce(or_, hints))
        return known


class _Lines(dict[str, int]):
    """What each line hints at, worked out when it is first asked for."""

    def __init__(self, words: "_Words") -> None:
        super().__init__()
        self._words = words

    def __missing__(self, line: str) -> int:
        if len(self) >= _REMEMBERED_LINES:
            self.clear()
        self[line] = hint = self._hint(line)
        return hint

    def _hint(self, line: str) -> int:
        words, of = line.split(), self._words.__getitem__
        every = reduce(or_, map(of, words), 0)
        hint = every & _OF_LINES
        if hint & _NUMBER:
            hint |= _of_figures(line, hint)
        if hint & _VEILED == _VEILED:
            hint |= CONTACT
        if hint & STRANGER and not _are_side_by_side(words, list(map(of, words))):
            hint &= ~STRANGER
        said = every >> _SAYS
        if may_hold(said) or (said & LETTER and _are_spelled(list(map(of, words)))):
            hint |= LANGUAGE
        return hint


def _of_figures(line: str, hint: int) -> int:
    """What figures in a line hint at, where its words hint so."""
    flat = squeezed(*plain(line))[0]
    found = 0
    if (seven := may_have_number(flat)) or hint & _SURE_PLACE or (hint & PLACE and may_have_street(flat)):
        found = CONTACT
    if (seven or not line.isascii()) and SSN_SHAPE in glance(flat).shapes:
        found |= RECORD
    if ("tudent" in flat or "TUDENT" in flat) and _STUDENT_NUMBER.search(flat) is not None:
        found |= RECORD
    return found


def _are_side_by_side(words: Sequence[str], marks: Sequence[int]) -> bool:
    """Whether two words of a STRANGER stand beside each other, or with an initial between them."""
    found = [n for n, mark in enumerate(marks) if mark & STRANGER]
    if any("," in words[n].strip(",") for n in found):
        return True
    return any(after - before <= _NEXT_BUT_ONE for before, after in pairwise(found))


def _are_spelled(marks: Sequence[int]) -> bool:
    """Whether three letters stand alone in a row, which may spell a word or go on spelling it."""
    found = [n for n, mark in enumerate(marks) if mark & _OF_LETTERS]
    return any(last - first == _NEXT_BUT_ONE for first, last in zip(found, found[_NEXT_BUT_ONE:], strict=False))


class _Words(dict[str, int]):
    """What each word hints at; worked out when it is first asked for."""

    def __init__(self, mark_of: Callable[[str], int] | None) -> None:
        super().__init__()
        self._mark_of = mark_of
        self._same: dict[int, int] = {}
        self.watched: dict[int, Tells] = {}

    def __missing__(self, word: str) -> int:
        if _FIGURES.fullmatch(word) is None:
            if len(self) >= _REMEMBERED_WORDS:
                self.clear()
            hint = _of_word(word) | (self._mark_of(word) << _MARKS if self._mark_of is not None else 0)
            for bit, tells in self.watched.items():
                if tells(word):
                    hint |= bit
            # There are few hints and many words: equal ones are one number.
            self[word] = hint = self._same.setdefault(hint, hint)
            return hint
        # Of numbers there are too many to remember all but the short ones.
        hint = _NUMBER | (PLACE if _ZIP.search(word) else 0) | (_DOT if word[-1] == "(" or word[0] == ")" else 0)
        if "#" in word:
            hint |= RECORD  # "student" stands before most other words, too
        if len(word) >= _SHORT and IDENTIFIER in self.watched and self.watched[IDENTIFIER](word):
            hint |= IDENTIFIER
        if len(word) <= _SHORT:
            self[word] = hint
        return hint


def _of_word(word: str) -> int:
    bare = word.strip(_STOPS)
    return _of_letters(bare) if bare.isascii() and bare.isalpha() else _of_signs(word)


def _of_letters(word: str) -> int:
    """What most words hint at: those of letters of the alphabet and nothing else. As `_of_signs`, but sooner.

    Full stops and the like around them change nothing.
    """
    small = word.lower().encode()
    hint = part_of_letters(small) << _SAYS
    if small in AT_WORDS:
        hint |= _AT
    if small in DOT_WORDS:
        hint |= _DOT
    if small in _ALONE or small.endswith(_BIRTH_DATE):
        hint |= RECORD
    if small in (_STREETS_IN_SMALL_LETTERS if word.islower() else WORDS_OF_ADDRESSES):
        hint |= _SURE_PLACE if small in SURE_WORDS_OF_ADDRESSES else PLACE
    return hint | PERSON if gazetteer().part(word) & _MAY_BE_FIRST else hint


def _of_signs(word: str) -> int:
    flat = plain(word)[0]
    seen = glance(flat)
    hint = part_of(word) << _SAYS | (_NUMBER if seen.figures else 0)
    if _is_spelled(seen.words):
        hint |= LANGUAGE
    if not AT_WORDS.isdisjoint(seen.spoken):
        hint |= _AT if _BRACKETS.isdisjoint(flat) else CONTACT
    if b"@" in seen.raw:
        hint |= CONTACT
    if (
        not DOT_WORDS.isdisjoint(seen.spoken)
        or not SERVICE_WORDS.isdisjoint(seen.spoken)
        or flat.endswith(_OPENING)
        or flat.startswith(_CLOSING)
    ):
        hint |= _DOT
    if not _ALONE.isdisjoint(seen.spoken) or _NEEDS_SIGNS.search(flat):
        hint |= RECORD
    # The "s" of "it's" points nowhere.
    spoken = seen.words if len(seen.words) == 1 else [part for part in seen.words if len(part) > 1]
    streets = _STREETS_IN_SMALL_LETTERS if flat.islower() else WORDS_OF_ADDRESSES
    if not SURE_WORDS_OF_ADDRESSES.isdisjoint(spoken) or is_box_with_dots(seen):
        hint |= _SURE_PLACE
    elif not streets.isdisjoint(spoken) or b"V\xc3\xada" in seen.raw or _ZIP_SHAPE in seen.shapes:
        hint |= PLACE
    written = flat if flat == word else f"{flat} {word}"
    if _is_odd(word) or any(gazetteer().part(part) & _MAY_BE_FIRST for part in _NAME_PART.findall(written)):
        hint |= PERSON  # what is hidden behind odd letters, the finder tells
    return hint


def _is_spelled(words: list[bytes]) -> bool:
    """Whether letters stand apart in a word that may go on in the next one."""
    return len(words) > 1 and max(map(len, words)) == 1 and b"".join(words).lower() not in _SHORTENED


def _is_odd(word: str) -> bool:
    if word.isascii():
        return False
    return not all(letter.isalnum() or letter in "'’‘“”-–—…" for letter in word if not letter.isascii())
