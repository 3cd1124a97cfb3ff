"""How words are hidden: other alphabets, invisible signs, signs for letters, letters written twice or apart."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Final

from auditor.detect.found import beyond_ascii
from auditor.detect.glance import glance

_INVISIBLE: Final = re.compile(
    "[\u00ad\u0300-\u036f\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)
_LOOK_ALIKES: Final = dict(
    zip(
        "аАвВсСеЕһНіІїјЈкКӏмМоОрРѕЅтТуУхХԁԛԝбпгαΑβΒεΕηΗιΙκΚμΜνΝοΟρΡτΤυΥχΧγσωłŁøØđĐıħĦßðÐ",
        "aAbBcCeEhHiIijJkKlmMoOpPsStTyYxXdqwbnraAbBeEnHiIkKuMvNoOpPtTuYxXyowlLoOdDihHsdD",
        strict=True,
    )
)
_KEPT: Final = "ñÑ"
"""Letters that are no others with an accent: "año" is a year."""

_PICTURES: Final = ("So", "Sk")
_TILDE: Final = "\u0303"


class _Folds(dict[int, str]):
    """Each letter that is not ASCII as the plain one that it looks like, one for one; invisible ones as nothing."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = self._plain(chr(code))
        return plain

    @staticmethod
    def _plain(letter: str) -> str:
        if letter.isascii() or letter in _KEPT:
            return letter
        if _INVISIBLE.match(letter):
            return ""
        category = unicodedata.category(letter)
        if category in ("Zs", "Zl", "Zp"):
            return " "
        if category == "Pd":
            return "-"
        if letter in _SIGNS:
            return _SIGNS[letter]
        if "\U0001f130" <= letter <= "\U0001f189":  # letters in squares and circles
            return chr(ord("A") + (ord(letter) - 0x1F130) % 32) if (ord(letter) - 0x1F130) % 32 < 26 else letter
        base = unicodedata.normalize("NFKD", _LOOK_ALIKES.get(letter, letter))[:1] or letter
        if category in _PICTURES and not base.isascii():
            return "."  # ends what was said, as a full stop does
        return _LOOK_ALIKES.get(base, base)


_SIGNS: Final = {"‘": "'", "’": "'", "ʼ": "'", "′": "'", "“": '"', "”": '"', "«": '"', "»": '"', "…": ".", "¡": "!"}
_FOLDS: Final = _Folds()
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")


def folded(text: str) -> str:
    """The text in plain letters. Invisible signs, and accents that are characters of their own, are left out."""
    if text.isascii():
        return text
    odd = set(beyond_ascii(text))
    if _TILDE in odd:
        text = text.replace(f"n{_TILDE}", "ñ").replace(f"N{_TILDE}", "Ñ")
        odd = set(beyond_ascii(text))
    return text.translate(_FOLDS) if len(odd) > _FEW else _replaced(text, odd)


def places(text: str) -> list[int]:
    """Where in the original each character of the folded text stands."""
    kept: list[int] = []
    at = 0
    for odd in _NOT_ASCII.finditer(text):
        place = odd.start()
        if odd[0] == _TILDE and text[place - 1 : place] in _N:
            kept += range(at, place - 1)  # of the two that are one letter the second stays
            at = place
        elif not _FOLDS[ord(odd[0])]:
            kept += range(at, place)
            at = place + 1
    kept += range(at, len(text))
    return kept


_FEW: Final = 8
_N: Final = ("n", "N")


def _replaced(text: str, odd: set[str]) -> str:
    """The same as by translating, but sooner: most texts have the same quotation mark twice and nothing else."""
    for letter in odd:
        text = text.replace(letter, _FOLDS[ord(letter)])
    return text


_SPACE: Final = 0x20
_ENYE: Final = 0xF1
_LETTERS: Final = bytes(
    c | 0x20 if 0x41 <= c <= 0x5A else _ENYE if c == 0xD1 else c if 0x61 <= c <= 0x7A or c == _ENYE else _SPACE
    for c in range(256)
)
_SHAPES: Final = bytes(
    ord("a" if chr(c).isalpha() and c < 0x80 else "!" if chr(c) == "!" else "*" if chr(c) in "*$@01345" else " ")
    for c in range(256)
)


class Spelling:
    """How a text is written in plain letters.

    `letters` has a small letter for each letter of its folded text, and a space for every other sign; a space more on
    either side, so that words stand between two: those are the `tokens`. `shapes` are letters and signs that may stand
    for letters. `raw` are its bytes.
    """

    __slots__ = ("letters", "raw", "shapes", "tokens")

    def __init__(self, raw: bytes, letters: bytes, shapes: bytes, tokens: frozenset[bytes]) -> None:
        self.raw, self.letters, self.shapes, self.tokens = raw, letters, shapes, tokens


def spelling(text: str) -> Spelling:
    """How a text is written. Nearly all that is not ASCII is signs that fold to signs: then a glance has seen it."""
    seen = glance(text)
    if _are_signs(seen.odd):
        return Spelling(seen.raw, b" %b " % seen.letters, b" %b " % seen.flat.translate(_SHAPES), seen.spoken)
    raw = folded(text).encode("latin-1", "replace")
    letters = only_letters(raw)
    return Spelling(raw, letters, b" %b " % raw.translate(_SHAPES), frozenset(letters.split()))


@lru_cache(maxsize=2048)
def _are_signs(odd: str) -> bool:
    """Whether all of these characters fold to one sign each that is no letter and stands for none."""
    plain = [_FOLDS[ord(character)] for character in odd]
    raw = "".join(plain).encode("latin-1", "replace")
    return all(plain) and not (raw.translate(_LETTERS).strip() or raw.translate(_SHAPES).strip())


def only_letters(raw: bytes) -> bytes:
    """Small letters, and a space for every other sign; a space more on either side."""
    return b" %b " % raw.translate(_LETTERS)


_LETTER: Final = 0x61  # a
_STAR: Final = 0x2A
_BANG: Final = 0x21
_SPELLED: Final = re.compile(b" a a a ")
_ALONE: Final = 3
_ANY_LETTERS: Final = bytes(c if c == _SPACE else ord("a") for c in range(256))


def plays_tricks(seen: Spelling) -> bool:
    """Whether signs stand among letters, or letters alone. Nearly always none does."""
    return _has_signs_inside(seen.shapes) or _has_signs_before(seen.raw)


def _has_signs_inside(shapes: bytes) -> bool:
    """Whether a sign stands between letters, two behind one, or three letters alone side by side."""
    begin = 0  # of the letters and signs up to here
    alone = 0  # letters that stood alone before them
    for n in range(len(shapes)):
        shape = shapes[n]
        if shape == _SPACE:
            alone = alone + 1 if n - begin == 1 and shapes[begin] == _LETTER else 0
            if alone == _ALONE:
                return True
            begin = n + 1
        elif shape != _LETTER and n > begin and _is_inside(shapes, n):
            return True
    return False


def _is_inside(shapes: bytes, at: int) -> bool:
    """Whether a sign right behind a letter stands between letters, or before a second star."""
    if shapes[at - 1] != _LETTER:
        return False
    sign, n = shapes[at], at + 1
    if sign == _STAR and shapes[n] == _STAR:
        return True
    # "a*!!a" and "a!**a"
    passed = _BANG if sign == _STAR else _STAR
    while shapes[n] == passed:
        n += 1
    return shapes[n] == _LETTER


def _has_signs_before(raw: bytes) -> bool:
    """Whether "@" or "4" stands before "ss", or "$" or "5" before two letters."""
    at = raw.find(b"ss", 1)
    while at > 0:
        if raw[at - 1] in (0x40, 0x34):
            return True
        at = raw.find(b"ss", at + 1)
    return _stands_before_letters(raw, b"$") or _stands_before_letters(raw, b"5")


def _stands_before_letters(raw: bytes, sign: bytes) -> bool:
    at, last = raw.find(sign), len(raw) - 3
    while 0 <= at <= last:
        if _is_letter(raw[at + 1]) and _is_letter(raw[at + 2]):
            return True
        at = raw.find(sign, at + 1)
    return False


def _is_letter(code: int) -> bool:
    return 0x61 <= code <= 0x7A or 0x41 <= code <= 0x5A


def are_apart(letters: bytes) -> bool:
    """Whether three letters or more stand alone side by side, as those of a word that is spelled out."""
    return _SPELLED.search(letters.translate(_ANY_LETTERS)) is not None


# A sign between letters, two behind one, or one in front of two.
_SIGN: Final = re.compile(rb"[*!](?:(?<=a.)[*!]*a|(?<=a\*)\*|(?<=\*)(?<![^ ].)aa)")
_SIGNED: Final = re.compile(r"(?<![\w@$*/.:&=%-])#?([\w@$!*#]{3,20})(?![\w@$*/=%])")
_SHORTEST: Final = 3
_READ_AS: Final = str.maketrans("@$013457!", "asoleast" + "i")
_ALSO: Final = str.maketrans("@$013457!", "asoieast" + "i")
_WILD: Final = "*#_"


class Signs:
    """Words behind signs. `hidden` are those that are looked for."""

    def __init__(self, hidden: frozenset[str]) -> None:
        self._hidden = hidden
        self._by_form: dict[tuple[str, int], list[str]] = {}
        for word in sorted(hidden):
            self._by_form.setdefault((word[0], len(word)), []).append(word)

    def within(self, text: str, shapes: bytes) -> Iterator[tuple[int, int, str]]:
        """Start, end and word of each in a folded text."""
        shapes, end = shapes[1:-1], 0
        for sign in _SIGN.finditer(shapes):
            if sign.start() < end:
                continue
            end = shapes.find(b" ", sign.end())
            end = end if end >= 0 else len(text)
            match = _SIGNED.match(text, shapes.rfind(b" ", 0, sign.end() - 1) + 1)
            bare = match[1].rstrip("!#_") if match else ""
            word = self._read(bare) if len(bare) >= _SHORTEST and any(map(str.isalpha, bare)) else ""
            if match and word:
                yield match.start(1), match.start(1) + len(bare), word

    def _read(self, token: str) -> str:
        if any(map(str.isdigit, token)) and (token.isupper() or 2 * sum(map(str.isalpha, token)) < len(token)):
            return ""  # the name of a room, a road, a part
        small = token.lower()
        wild = sum(map(small.count, _WILD))
        for table in (_READ_AS, _ALSO):
            read = small.translate(table)
            if wild == 0:
                if read in self._hidden and read != small:
                    return read
                continue
            for word in self._by_form.get((read[0], len(read)), ()):
                if all(c == w or c in _WILD for c, w in zip(read, word, strict=True)) and self._tells(token, wild):
                    return word
        return ""

    @staticmethod
    def _tells(token: str, wild: int) -> bool:
        """Whether enough letters are left: one alone only as a small letter, for names are masked like that too."""
        return len(token) - wild > 1 or (token[0].islower() and wild > 2 and token.count("*") == wild)


def squeezed(word: str) -> tuple[str, tuple[int, ...]]:
    """A word as its letters without repetition, and how often each stands there: "shiit" -> "shit", 1 1 2 1."""
    runs = [(letter, sum(1 for _ in run)) for letter, run in groupby(word)]
    return "".join(letter for letter, _ in runs), tuple(count for _, count in runs)


_STRETCHED_MOST: Final = b"aciu"


def are_stretched(letters: bytes) -> bool:
    """Whether one of the letters that are stretched most often stands three times in a row."""
    return any(letters[at] in _STRETCHED_MOST for at in _three_in_a_row(letters))


def stretches(letters: bytes) -> Iterator[tuple[int, str]]:
    """Where tokens begin that have one letter three times in a row, and those tokens."""
    end = 0
    for at in _three_in_a_row(letters):
        if at >= end:
            start, end = letters.rfind(b" ", 0, at) + 1, letters.find(b" ", at)
            if end - start <= _LONGEST:
                yield start, letters[start:end].decode("latin-1")


def _three_in_a_row(letters: bytes) -> list[int]:
    """Where the last of three equal letters stand in a row."""
    found: list[int] = []
    before, count = _SPACE, 0
    for n in range(len(letters)):
        letter = letters[n]
        if letter != before:
            before, count = letter, 1
        elif letter != _SPACE:
            count += 1
            if count >= _STRETCHED:
                found.append(n)
    return found


_STRETCHED: Final = 3
_LONGEST: Final = 40


class Stretched:
    """Words with letters that are written three times and more."""

    def __init__(self, known: frozenset[str]) -> None:
        self._by_letters: dict[str, list[tuple[tuple[int, ...], str]]] = {}
        for word in sorted(known):
            letters, counts = squeezed(word)
            self._by_letters.setdefault(letters, []).append((counts, word))

    def word(self, token: str) -> str:
        """The word that a token stretches; "" where it stretches none."""
        letters, counts = squeezed(token)
        if max(counts) < _STRETCHED:
            return ""
        for least, word in self._by_letters.get(letters, ()):
            if all(given >= wanted for given, wanted in zip(counts, least, strict=True)):
                return word
        return ""
