"""The first look at a text: its plain words and the shapes of its numbers, made once for all finders.

Most texts hold nothing, and this tells so for a few microseconds.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from auditor.detect.found import may_change, plain

_LETTERS: Final = bytes(c | 32 if chr(c).isascii() and chr(c).isalpha() else 32 for c in range(256))
"""Latin capitals become small letters, and all that is no Latin letter a space: words with accents fall into parts."""


def _shape(code: int) -> int:
    if chr(code) in "0123456789":
        return ord("9")
    # 0xE2 is the first byte of every odd dash and space; the others are left out.
    return ord("-") if chr(code) in " .-" or code == 0xE2 else code  # noqa: PLR2004


_SHAPES: Final = bytes(map(_shape, range(256)))
_LATER_BYTES: Final = bytes(range(0x80, 0xC0))


class Glance(NamedTuple):
    """What is seen of a text at once.

    `raw` are its bytes in UTF-8, with plain letters and digits. `words` are its words in small letters, where a letter
    with an accent parts a word: "Número" is "n" and "mero". `shapes` has 9 for every digit, and a hyphen for every
    space, full stop and dash.
    """

    raw: bytes
    words: list[bytes]
    shapes: bytes


@lru_cache(maxsize=16)
def glance(text: str) -> Glance:
    """The first look at a text; the last few are remembered, since several finders ask for the same one."""
    if not text.isascii() and may_change(text):
        text = plain(text)[0]
    raw = text.encode("utf-8", "replace")
    return Glance(raw, raw.translate(_LETTERS).split(), raw.translate(_SHAPES, _LATER_BYTES))
