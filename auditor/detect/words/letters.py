"""How words are hidden: other alphabets, invisible signs, signs for letters, letters written twice or apart."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Final

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

_TILDE: Final = "\u0303"


class _Folds(dict[int, str]):
    """Each letter that is not ASCII as the plain one that it looks like; one character for one."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = self._plain(chr(code))
        return plain

    @staticmethod
    def _plain(letter: str) -> str:
        if letter.isascii() or letter in _KEPT:
            return letter
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
        return _LOOK_ALIKES.get(base, base)


_SIGNS: Final = {"‘": "'", "’": "'", "ʼ": "'", "′": "'", "“": '"', "”": '"', "«": '"', "»": '"', "…": ".", "¡": "!"}
_FOLDS: Final = _Folds()


def folded(text: str) -> tuple[str, list[int] | None]:
    """The text in plain letters, and where each of its characters stands in the original.

    The second part is None where every character stands where it stood: only invisible signs and accents that are
    characters of their own are left out.
    """
    if text.isascii():
        return text, None
    if _INVISIBLE.search(text) is None:
        return text.translate(_FOLDS), None
    kept = [i for i, letter in enumerate(text) if _INVISIBLE.match(letter) is None or _is_tilde_of_n(text, i)]
    letters = [("Ñ" if text[i - 1] == "N" else "ñ") if text[i] == _TILDE else text[i] for i in kept]
    at = [i for n, i in enumerate(kept) if n + 1 == len(kept) or text[kept[n + 1]] != _TILDE]
    shown = [c for n, c in enumerate(letters) if n + 1 == len(kept) or text[kept[n + 1]] != _TILDE]
    return "".join(shown).translate(_FOLDS), at


def _is_tilde_of_n(text: str, i: int) -> bool:
    return text[i] == _TILDE and i > 0 and text[i - 1] in "nN"


_SPACE, _ENYE = 0x20, 0xF1
_LETTERS: Final = bytes(
    c | 0x20 if 0x41 <= c <= 0x5A else _ENYE if c == 0xD1 else c if 0x61 <= c <= 0x7A or c == _ENYE else _SPACE
    for c in range(256)
)
_SHAPES: Final = bytes(
    ord("a") if chr(c).isalpha() and c < 0x80 else ord(chr(c)) if chr(c) in "!" else 0x2A if chr(c) in "*$#@_"
    else 0x31 if chr(c) in "013457" else _SPACE
    for c in range(256)
)  # fmt: skip


def only_letters(raw: bytes) -> bytes:
    """Small letters, and a space for every other sign; a space more on either side, so that words stand between two."""
    return b" %b " % raw.translate(_LETTERS)


_SIGNS_IN_WORDS: Final = (b"a*a", b"a**", b"a1a", b"a11", b"a!a", b"a*!", b"a!*", b" 1aa", b" *aa*")


def may_hold_signs(raw: bytes) -> bool:
    """Whether signs stand among letters anywhere: "f**k", "sh1t". Nearly always there are none."""
    return any(map(raw.translate(_SHAPES).__contains__, _SIGNS_IN_WORDS))


_SIGNED: Final = re.compile(r"(?<![\w@$*/.:&=%-])#?([\w@$!*#]{3,20})(?![\w@$*/=%])")
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

    def within(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and word of each."""
        for match in _SIGNED.finditer(text):
            token = match[1]
            start = match.start(1)
            bare = token.rstrip("!#_")
            if bare.isalpha() or not any(map(str.isalpha, bare)) or len(bare) < 3:
                continue
            word = self._read(bare)
            if word:
                yield start, start + len(bare), word

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


_STRETCHED: Final = 3
