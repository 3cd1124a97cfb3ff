"""The first look at a text: its plain words and the shapes of its numbers, made once for all finders.

Most texts hold nothing, and this tells so for a few microseconds.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from auditor.detect.found import plain

_LETTERS: Final = bytes(c | 32 if chr(c).isascii() and chr(c).isalpha() else 32 for c in range(256))
"""Latin capitals become small letters, and all that is no Latin letter a space: words with accents fall into parts."""


def _shape(code: int) -> int:
    if chr(code) in "0123456789":
        return ord("9")
    # 0xC2 and 0xE2 are the first bytes of every odd space and dash; the later ones are left out.
    return ord("-") if chr(code) in " .-" or code in (0xC2, 0xE2) else code


_SHAPES: Final = bytes(map(_shape, range(256)))
_LATER_BYTES: Final = bytes(range(0x80, 0xC0))


_ODD: Final = re.compile(
    "[\u00ad\u00b2\u00b3\u00b9\u034f\u061c\u180e\u200b\u200c\u200e\u200f\u2024\u202a-\u202e\u2060-\u2064\u2070-\u209f\u2100-\u214f"
    "\u2460-\u24ff\u3000\u301c\u3030\ufe31-\ufe6b\ufeff\uff01-\uff5e\U0001d400-\U0001d7ff]"
)
"""Odd letters and figures, and invisible characters that may part a word."""
_JOINERS: Final = ("\u200d", "\ufe0f")
"""Invisible as well, but they hold pictures together: they matter only between plain letters."""


class Glance(NamedTuple):
    """What is seen of a text at once.

    `raw` are its bytes in UTF-8, with plain letters and digits. `words` are its words in small letters, where a letter
    with an accent parts a word: "Número" is "n" and "mero"; `spoken` has each of them once. `shapes` has 9 for every
    digit, and a hyphen for every space, full stop and dash.
    """

    raw: bytes
    words: list[bytes]
    spoken: frozenset[bytes]
    shapes: bytes


@lru_cache(maxsize=16)
def glance(text: str) -> Glance:
    """The first look at a text; the last few are remembered, since several finders ask for the same one."""
    if not text.isascii() and _hides(text):
        text = plain(text)[0]
    raw = text.encode("utf-8", "replace")
    words = raw.translate(_LETTERS).split()
    return Glance(raw, words, frozenset(words), raw.translate(_SHAPES, _LATER_BYTES))


def _hides(text: str) -> bool:
    """Whether something in a text is written so that its bytes do not show it."""
    return _ODD.search(text) is not None or any(_joins_letters(text, joiner) for joiner in _JOINERS)


def _joins_letters(text: str, joiner: str) -> bool:
    at = text.find(joiner)
    while at >= 0:
        if at and "!" <= text[at - 1] <= "~" and "!" <= text[at + 1 : at + 2] <= "~":
            return True
        at = text.find(joiner, at + 1)
    return False
