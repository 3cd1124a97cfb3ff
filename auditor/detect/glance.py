"""The first look at a text: its plain words and the shapes of its numbers, made once for all finders.

Most texts hold nothing, and this tells so for a few microseconds.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from auditor.detect.found import beyond_ascii, plain

_LETTERS: Final = bytes(c | 32 if chr(c).isascii() and chr(c).isalpha() else 32 for c in range(256))
"""Latin capitals become small letters, and all that is no Latin letter a space: words with accents fall into parts."""


def _shape(code: int) -> int:
    if chr(code) in "0123456789":
        return ord("9")
    # 0xC2 and 0xE2 are the first bytes of every odd space and dash; the later ones are left out.
    return ord("-") if chr(code) in " .-" or code in (0xC2, 0xE2) else code


_SHAPES: Final = bytes(map(_shape, range(256)))
LATER_BYTES: Final = bytes(range(0x80, 0xC0))


_ODD: Final = re.compile(
    "[\u00ad\u00b2\u00b3\u00b9\u034f\u061c\u180e\u200b\u200c\u200e\u200f\u2024\u202a-\u202e\u2060-\u2064\u2070-\u209f\u2100-\u214f"
    "\u2460-\u24ff\u3000\u301c\u3030\ufe31-\ufe6b\ufeff\uff01-\uff5e\U0001d400-\U0001d7ff]"
)
"""Odd letters and figures, and invisible characters that may part a word."""
_JOINERS: Final[tuple[str, ...]] = ("\u200d", "\ufe0f")
"""Invisible as well; they hold pictures together, and are in every other post."""


class Glance(NamedTuple):
    """What is seen of a text at once.

    `odd` are its characters that are not ASCII, without invisible ones that part nothing. `raw` are its bytes in UTF-8,
    with plain letters and digits. `letters` has its small letters, and a space for each other character; `words` are
    the words there: a letter with an accent parts them, "Número" is "n" and "mero"; `spoken` has each of them once.
    `shapes` has 9 for every digit, and a hyphen for every space, full stop and dash.
    """

    odd: str
    raw: bytes
    letters: bytes
    words: list[bytes]
    spoken: frozenset[bytes]
    shapes: bytes


@lru_cache(maxsize=16)
def glance(text: str) -> Glance:
    """The first look at a text; the last few are remembered, since several finders ask for the same one."""
    odd = beyond_ascii(text)
    if odd:
        for joiner in _JOINERS:
            if joiner in odd:
                odd, text = odd.replace(joiner, ""), text.replace(joiner, "")
        if _ODD.search(odd):
            text = plain(text)[0]
    raw = text.encode("utf-8", "replace")
    left_out = LATER_BYTES if odd else b""  # to leave out nothing takes half the time
    letters = raw.translate(_LETTERS, left_out)
    words = letters.split()
    return Glance(odd, raw, letters, words, frozenset(words), raw.translate(_SHAPES, left_out))
