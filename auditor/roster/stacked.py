"""Names over two lines: a line that is nothing but a first name, and below it one that is nothing but a last name.

Pages of teams and classes are full of them, and of lists of first names alone and of last names alone: two lines of
these are two people.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from auditor.roster.hits import Role
from auditor.roster.names import called, words
from auditor.roster.tokens import FLOWING, Reader, Token

_LONGEST: Final = 40
_MOST_WORDS: Final = 3
_MOST_REMEMBERED: Final = 20_000

_GIVEN: Final = 1
_FAMILY: Final = 2
_CALLED: Final = 4
"""A first name that some student bears, a last name, and a first name that people have: what all of a line may be."""
_NAME: Final = 8
"""Nothing but words of names, or with capitals."""
_FIRST: Final = _GIVEN | _CALLED


class Pair(NamedTuple):
    """Two lines of a text that may be one name; `loose` where they may as well be two people."""

    start: int
    end: int
    loose: bool


class Stacked:
    """Finds such lines. Remembers what lines may be, never whose page they were on."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._kinds: dict[str, int] = {}

    def pairs(self, text: str) -> Iterator[Pair]:
        """Every two lines that may be a name, in the order of the text."""
        if "\n" not in text:
            return
        lines, known = text.split("\n"), self._kinds
        kinds = [0 if len(line) > _LONGEST else known[line] if line in known else self._learn(line) for line in lines]
        if not any(kinds):
            return
        kinds += [0, 0, 0]  # and with -1 and -2 there is nothing before the first line either
        begin = 0
        for n, line in enumerate(lines[:-1]):
            end = begin + len(line) + 1 + len(lines[n + 1])
            loose = _fits(kinds, n)
            if loose is not None:
                yield Pair(begin, end, loose)
            begin += len(line) + 1

    def _learn(self, line: str) -> int:
        if len(self._kinds) >= _MOST_REMEMBERED:
            self._kinds.clear()
        self._kinds[line] = kind = self._kind(line)
        return kind

    def _kind(self, line: str) -> int:
        written = line.split()
        if not 1 <= len(written) <= _MOST_WORDS or "\t" in line:
            return 0
        tokens: list[Token] = []
        for word in written:
            chunk = self._reader.prose(word)
            if chunk is None or chunk.opens or chunk.tagged or not chunk.tokens:
                return 0
            tokens += chunk.tokens
        begins = tokens[0].upper or (tokens[-1].upper and tokens[0].norm in words().particles)
        if not begins or any(token.glue not in FLOWING for token in tokens):
            return 0
        kind = _NAME
        for bit, role in ((_GIVEN, Role.GIVEN), (_FAMILY, Role.FAMILY)):
            if tokens[0].role & role and all(token.role & (role | Role.LATER) for token in tokens[1:]):
                kind |= bit
        return kind | _CALLED if len(tokens) == 1 and called(tokens[0].norm) else kind


def _fits(kinds: list[int], n: int) -> bool | None:
    """Whether line `n` and the next one may be a name but need not be; None where they are none."""
    here, below, above, next_ = kinds[n], kinds[n + 1], kinds[n - 1], kinds[n + 2]
    if here & _GIVEN and below & _FAMILY:
        if not here & _FAMILY and not below & _FIRST:
            # The last of a list of first names, over the first of a list of last names?
            return None if _is_first_only(above) and _is_last_only(next_) else False
        pair_above = kinds[n - 2] & _FIRST and above & _FAMILY
        pair_below = next_ & _FIRST and kinds[n + 3] & _FAMILY
        listed = _is_first_only(above) or _is_last_only(next_)
        alone = not above and not next_
        return True if alone or (not listed and (pair_above or pair_below)) else None
    if _is_last_only(here) and _is_first_only(below) and below & _GIVEN:
        return None if _is_last_only(above) or _is_first_only(next_) else True
    return None


def _is_first_only(kind: int) -> bool:
    return bool(kind & _FIRST) and not kind & _FAMILY


def _is_last_only(kind: int) -> bool:
    return bool(kind & _FAMILY) and not kind & _FIRST
