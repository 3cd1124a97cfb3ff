"""Host names as they are looked up, however they are written."""

import unicodedata
from typing import Final

LONGEST: Final = 253
"""Characters that a host name may have."""

_DOTS: Final = str.maketrans("。．｡", "...")
"""The full stops of other scripts, which stand for the dot."""


def as_dialled(host: str) -> str:
    """The host in small letters; other forms of our letters, digits and dots ("ａ", "①", "。") stand for them (IDNA).

    Letters of other alphabets stay what they are, however much they look like ours: they name another host.
    """
    if host.isascii():
        return host.casefold()
    return unicodedata.normalize("NFKC", host).translate(_DOTS).casefold()
