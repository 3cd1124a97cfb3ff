"""What a text must show somewhere for a finder to find anything in it, told for several finders by one pass over it.

Each finder names its signs in the grammar of RE2, which looks for all of them at once, in time that grows with the
length of the text and with nothing else. What is shown is no more than a reason to ask the finder.

RE2 works out what follows upon what when a text first leads it there, for each set of finders whose signs were seen
before: signs should be few and rarely seen. Long lists of words are sooner looked up.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final

import re2  # type: ignore[import-untyped]

from auditor.detect.found import beyond_ascii
from auditor.detect.glance import JOINERS

FIGURE: Final = r"\d"

_MEMORY: Final = 64 << 20
"""Bytes that RE2 may take for what it has worked out; it takes a few of a hundred."""


def said(words: Iterable[bytes]) -> str:
    """The sign that one of these words of small plain letters is said: between signs that are no plain letters."""
    return f"(?i)(?:^|[^a-z])(?:{'|'.join(sorted(re.escape(word.decode('ascii')) for word in words))})(?:[^a-z]|$)"


class Signs:
    """The signs of some finders, each with its bit: one of them is enough.

    They are read as bytes of UTF-8: what is not ASCII is several bytes from 0x80 on. `needs` tells of some bits which
    other one must be shown as well. `is_plain` tells of the characters of a text that are not ASCII whether none of
    them is, or stands for, a letter or figure: of other texts nothing is told, and every finder has to look itself.
    """

    def __init__(
        self, signs: Mapping[int, Iterable[str]], needs: Mapping[int, int], is_plain: Callable[[str], bool]
    ) -> None:
        self._is_plain = lru_cache(maxsize=2048)(is_plain)
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.max_mem = _MEMORY
        self._set, self._bits = re2.Set.SearchSet(options), [*signs]
        for bit in self._bits:
            self._set.Add("|".join(f"(?:{sign})" for sign in signs[bit]))
        self._set.Compile()
        self._needs, self._all = needs, sum(self._bits)

    def of(self, text: str) -> int:
        """The bits of the finders that may find something in a text."""
        if not text.isascii():
            odd = beyond_ascii(text)
            for joiner in JOINERS:
                if joiner in odd:
                    odd, text = odd.replace(joiner, ""), text.replace(joiner, "")
            if not self._is_plain(odd):
                return self._all
        shown = 0
        for number in self._set.Match(text.encode("utf-8", "replace")) or ():
            shown |= self._bits[number]
        for bit, needed in self._needs.items():
            if shown & bit and not shown & needed:
                shown ^= bit
        return shown
