"""What a text must show somewhere for a finder to find anything in it, told for all finders by one pass over it.

Each finder names its signs in the grammar of RE2, which looks for all of them at once, in time that grows with the
length of the text and with nothing else. What is shown is no more than a reason to ask the finder.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final

import re2  # type: ignore[import-untyped]

from auditor.detect.found import beyond_ascii
from auditor.detect.glance import JOINERS

Way = tuple[str, ...]
"""Signs, all of which a text must show; one such way is enough."""

FIGURE: Final = r"\d"

_MEMORY: Final = 64 << 20
"""Bytes that RE2 may take for what it has worked out; it takes about a tenth."""
_COMBINATIONS: Final = 10_000


def said(words: Iterable[bytes]) -> str:
    """The sign that one of these words of small plain letters is said: between signs that are no plain letters."""
    return f"(?i)(?:^|[^a-z])(?:{'|'.join(sorted(re.escape(word.decode('ascii')) for word in words))})(?:[^a-z]|$)"


class Signs:
    """The signs of some finders.

    `ways` are those of each finder, whose bits are the keys. They are read as bytes of UTF-8: what is not ASCII is
    several bytes from 0x80 on. `is_plain` tells of the characters of a text that are not ASCII whether none of them
    is, or stands for, a letter or figure: of other texts nothing is told, and every finder has to look itself.
    """

    def __init__(self, ways: Mapping[int, Iterable[Way]], is_plain: Callable[[str], bool]) -> None:
        self._is_plain = lru_cache(maxsize=2048)(is_plain)
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.max_mem = _MEMORY
        self._set = re2.Set.SearchSet(options)
        self._ways: list[tuple[frozenset[int], int]] = []
        numbers: dict[str, int] = {}
        for bit, some in ways.items():
            for way in some:
                for sign in way:
                    if sign not in numbers:
                        numbers[sign] = self._set.Add(sign)
                self._ways.append((frozenset(map(numbers.__getitem__, way)), bit))
        self._set.Compile()
        self._all = 0
        for bit in ways:
            self._all |= bit
        self._told: dict[tuple[int, ...], int] = {}
        self.of = lru_cache(maxsize=16)(self._of)
        """The bits of the finders that may find something in a text; the last few texts are remembered."""

    def _of(self, text: str) -> int:
        if not text.isascii():
            odd = beyond_ascii(text)
            for joiner in JOINERS:
                if joiner in odd:
                    odd, text = odd.replace(joiner, ""), text.replace(joiner, "")
            if not self._is_plain(odd):
                return self._all
        shown = self._set.Match(text.encode("utf-8", "replace"))
        if shown is None:
            return 0
        signs = tuple(shown)
        told = self._told.get(signs)
        if told is None:
            if len(self._told) >= _COMBINATIONS:
                self._told.clear()
            told = self._told[signs] = self._tell(frozenset(signs))
        return told

    def _tell(self, shown: frozenset[int]) -> int:
        told = 0
        for needed, bit in self._ways:
            if needed <= shown:
                told |= bit
        return told
