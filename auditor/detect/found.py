"""A value found in a text, and the text as the finders read it: the same length, plainer letters."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate
from typing import Final, Protocol, TypeVar

from auditor.model import Sort

LAST_NAME: Final = "last"
"""The form of a name that is nobody's in particular, and there for a mask alone: a last name, one tied to a name."""


class Found:
    """A value in a text: where, and its normalised form, by which equal values are known.

    `start` and `end` count characters. `confidence` is low where the value alone does not tell what it is. `value` may
    be a child's: it is digested at once, never kept, and not shown.
    """

    __slots__ = ("confidence", "end", "form", "sort", "start", "value")

    # Written out, since long lists hold thousands: a frozen dataclass takes four times as long to make.
    def __init__(self, sort: Sort, start: int, end: int, value: str, confidence: float = 1.0, form: str = "") -> None:
        self.sort: Final = sort
        self.start: Final = start
        self.end: Final = end
        self.value: Final = value
        self.confidence: Final = confidence
        self.form: Final = form

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Found) and self._all() == other._all()

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return f"Found({self.sort}, {self.start} to {self.end}, confidence={self.confidence}, form={self.form!r})"

    def _all(self) -> tuple[Sort, int, int, str, float, str]:
        return self.sort, self.start, self.end, self.value, self.confidence, self.form

    def moved(self, start: int, end: int) -> "Found":
        """The same at another place: of a text that this one is a part of, or as it was before it was made plain."""
        return Found(self.sort, start, end, self.value, self.confidence, self.form)


Parts = Iterable[tuple[int, int]]
"""Parts of a text, in order and apart: from where to where each of them reaches, in characters."""


class Placed(Protocol):
    """What stands somewhere in a text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


_P = TypeVar("_P", bound=Placed)


def apart(more: Iterable[_P], taken: Iterable[Placed]) -> list[_P]:
    """Those of `more` that overlap with nothing that is `taken`, in their own order.

    Both may stand in any order and overlap among themselves. Takes no longer than sorting does.
    """
    new = list(more)
    ordered = sorted((t.start, t.end) for t in taken) if new else []
    if not ordered:
        return new
    starts = [start for start, _ in ordered]
    reach = [0, *accumulate((end for _, end in ordered), max)]
    return [one for one in new if reach[bisect_left(starts, one.end)] <= one.start]


class _Plain(dict[int, str]):
    """Fullwidth and mathematical letters and digits, odd spaces and dashes as plain ones; one character for one."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        plain = unicodedata.normalize("NFKC", letter)
        category = unicodedata.category(letter)
        if category == "Zs":
            plain = " "
        elif category == "Pd" or letter in _DASHES:
            plain = "-"
        elif category == "Nd":
            plain = str(unicodedata.digit(letter))
        elif len(plain) != 1:
            plain = letter
        self[code] = plain
        return plain


_DASHES: Final = "\u02d7\u2043\u2212"
"""Signs that are no dashes to computers, and to people are: a minus stands in telephone numbers, too."""
_PLAIN: Final = _Plain()
_INVISIBLE: Final = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]+")


_MAY_CHANGE: Final = re.compile(
    "[\u00a0\u00ad\u00b2\u00b3\u00b9\u034f\u061c\u0660-\u0669\u06f0-\u06f9\u1680\u180e\u2000-\u2015\u2024\u202a-\u202f\u2043\u205f-\u2064\u2070-\u209f"
    "\u02d7\u2212\u2100-\u214f\u2460-\u24ff\u2e3a\u2e3b\u3000\u301c\u3030\ufe00-\ufe0f\ufe31-\ufe6b\ufeff\uff01-\uff5e\U0001d400-\U0001d7ff]"
)
CHANGES: Final = 1
"""Whatever may stand for a plain letter, digit, space, dash or sign, or for nothing."""
PARTS: Final = 2
"""Odd letters and figures, and invisible characters that may part a word."""
IN_NAMES: Final = 4
"""Odd spaces and letters, and invisible characters, that may stand in a name."""
DOTS: Final = 8
"""Signs that may part the digits of a number, and elsewhere the items of a list."""
_DOTS: Final = "\u00b7\u02d9\u2022\u2027\u2219\u22c5\u25cf\u30fb\u30fc\uff65\uff70"
_DOTTED: Final = re.compile(
    rf"(?<!\d)(?<!\d[{_DOTS}])\d{{3}}\)? ?[{_DOTS}] ?(?:\d{{2,3}} ?[{_DOTS}] ?)?\d{{4}}(?! ?[{_DOTS}]? ?\d)"
)
_HYPHENS: Final = str.maketrans(_DOTS, "-" * len(_DOTS))
_KINDS: Final = {
    CHANGES: _MAY_CHANGE,
    PARTS: re.compile(
        "[\u00a0\u00ad\u00b2\u00b3\u00b9\u034f\u061c\u0660-\u0669\u06f0-\u06f9\u1680\u180e\u2000-\u200a\u202f\u200b\u200c\u200e\u200f\u2024\u202a-\u202e\u2060-\u2064\u2070-\u209f\u2100-\u214f"
        "\u2460-\u24ff\u3000\u301c\u3030\u30fb\u30fc\ufe31-\ufe6b\ufeff\uff01-\uff5e\uff65\uff70\U0001d400-\U0001d7ff]"
    ),
    DOTS: re.compile(rf"[{_DOTS}]"),
    IN_NAMES: re.compile(
        "[\u00ad\u034f\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff\uff21-\uff5a\U0001d400-\U0001d7ff]"
    ),
}
_ASCII: Final = bytes(range(0x80))
_MOST_SIGNS: Final = 4_096


class _KindsOfSigns(dict[str, int]):
    """What a character that is not ASCII may be, as bits; worked out when it is first met."""

    def __missing__(self, sign: str) -> int:
        if len(self) >= _MOST_SIGNS:
            self.clear()
        self[sign] = kinds = sum(kind for kind, pattern in _KINDS.items() if pattern.match(sign))
        return kinds


_KINDS_OF_SIGNS: Final = _KindsOfSigns()


def beyond_ascii(text: str) -> str:
    """The characters of a text that are not ASCII, in their order; sooner had than looked at where they stand."""
    return "" if text.isascii() else _beyond(text)[0]


def kinds_beyond_ascii(text: str) -> int:
    """What they may be, as bits, all together."""
    return 0 if text.isascii() else _beyond(text)[1]


@lru_cache(maxsize=16)
def _beyond(text: str) -> tuple[str, int]:
    """Both of the last few texts are remembered, since several finders ask for the same ones."""
    raw = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    odd = raw.decode("utf-8", "surrogatepass")
    kinds = 0
    for sign in odd:
        kinds |= _KINDS_OF_SIGNS[sign]
    return odd, kinds


def may_change(text: str) -> bool:
    """Whether `plain` may make another text of it; quickly told."""
    return kinds_beyond_ascii(text) & (CHANGES | DOTS) > 0


def plain(text: str) -> tuple[str, list[int] | None]:
    """The text as finders read it, and where each of its characters stands in the original.

    The second part is None where every character stands where it stood: nearly always, since only invisible
    characters are left out.
    """
    return _made_plain(text) if may_change(text) else (text, None)


@lru_cache(maxsize=16)
def _made_plain(text: str) -> tuple[str, list[int] | None]:
    """The last few are remembered, since several finders ask for the same ones."""
    kinds = kinds_beyond_ascii(text)
    if kinds & DOTS:
        text = _DOTTED.sub(_with_hyphens, text)
    if not kinds & CHANGES:
        return text, None
    odd = {sign for sign in beyond_ascii(text) if _KINDS_OF_SIGNS[sign] & CHANGES}
    folded = text.translate({ord(sign): _PLAIN[ord(sign)] for sign in odd}) if len(odd) > _FEW else _replaced(text, odd)
    if _INVISIBLE.search(folded) is None:
        return folded, None
    kept: list[int] = []
    at = 0
    for gone in _INVISIBLE.finditer(folded):
        kept += range(at, gone.start())
        at = gone.end()
    kept += range(at, len(folded))
    return _INVISIBLE.sub("", folded), kept


def _with_hyphens(number: re.Match[str]) -> str:
    return number.group().translate(_HYPHENS)


def squeezed(text: str, at: list[int] | None) -> tuple[str, list[int] | None]:
    """What `plain` made, with one space where two or three stand side by side; more of them part columns."""
    if "  " not in text:
        return text, at
    kept: list[int] = []
    last = 0
    for wide in _WIDE.finditer(text):
        kept += range(last, wide.start() + 1)
        last = wide.end()
    if not last:
        return text, at
    kept += range(last, len(text))
    return _WIDE.sub(" ", text), kept if at is None else [at[n] for n in kept]


_WIDE: Final = re.compile(r"(?<=\S) {2,3}(?=\S)")
_FEW: Final = 8


def _replaced(text: str, odd: Iterable[str]) -> str:
    """Each of a few signs as the plain one, sooner than by a table: none of those is another's odd one."""
    for sign in odd:
        text = text.replace(sign, _PLAIN[ord(sign)])
    return text
