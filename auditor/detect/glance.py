"""The first look at a text: its plain words and the shapes of its numbers, made once for all finders.

Most texts hold nothing, and this tells so for a few microseconds.
"""

from functools import lru_cache
from typing import Final

from auditor.detect.found import PARTS, beyond_ascii, kinds_beyond_ascii, plain

_LETTERS: Final = bytes(c | 32 if chr(c).isascii() and chr(c).isalpha() else 32 for c in range(256))
"""Latin capitals become small letters, and all that is no Latin letter a space: words with accents fall into parts."""


def _shape(code: int) -> int:
    if chr(code) in "0123456789":
        return ord("9")
    # 0xC2 and 0xE2 are the first bytes of every odd space and dash; the later ones are left out.
    return ord("-") if chr(code) in " .-" or code in (0xC2, 0xE2) else code


_SHAPES: Final = bytes(map(_shape, range(256)))
LATER_BYTES: Final = bytes(range(0x80, 0xC0))


_JOINERS: Final[tuple[str, ...]] = ("\u200d", "\ufe0f")
"""Invisible characters that part nothing: they hold pictures together, and are in every other post."""


class Glance:
    """What is seen of a text at once.

    `odd` are its characters that are not ASCII, without invisible ones that part nothing. `raw` are its bytes in UTF-8,
    with plain letters and digits; `flat` are they with one byte for each odd character. `letters` has its small
    letters, and a space for each other character; `words` are the words there: a letter with an accent parts them,
    "Número" is "n" and "mero"; `spoken` has each of them once. `shapes` has 9 for every digit, and a hyphen for every
    space, full stop and dash; `figures` is how many digits there are.
    """

    __slots__ = ("figures", "flat", "letters", "odd", "raw", "shapes", "spoken", "words")

    def __init__(self, odd: str, raw: bytes) -> None:
        self.odd, self.raw = odd, raw
        self.flat = raw.translate(None, LATER_BYTES) if odd else raw
        self.letters, self.shapes = self.flat.translate(_LETTERS), self.flat.translate(_SHAPES)
        self.words = self.letters.split()
        self.spoken = frozenset(self.words)
        self.figures = self.shapes.count(b"9")


@lru_cache(maxsize=16)
def glance(text: str) -> Glance:
    """The first look at a text; the last few are remembered, since several finders ask for the same one."""
    odd, parted = beyond_ascii(text), kinds_beyond_ascii(text) & PARTS
    if odd:
        for joiner in _JOINERS:
            if joiner in odd:
                odd, text = odd.replace(joiner, ""), text.replace(joiner, "")
        if parted:
            text = plain(text)[0]
    if "  " in text:
        text = text.replace("   ", " ").replace("  ", " ")
    return Glance(odd, text.encode("utf-8", "replace"))
