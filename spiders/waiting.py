"""The addresses that wait for their visit, nearest first. Of a row of thousands only its two ends are kept as they are:
addresses of one site are alike, and together they take a tenth of the room."""

import asyncio
import zlib
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

TOGETHER: Final = 256
"""Addresses of a row that are packed together."""

_FAST: Final = 1


class Waiting(asyncio.Queue[tuple[int, str]]):
    """A queue of addresses, each with its rank: those of the lowest rank come first, as they came. `expect` is told of
    those that come next, some at a time."""

    def __init__(self, expect: Callable[[Sequence[str]], None] = lambda _: None) -> None:
        self._expect = expect
        super().__init__()

    def _init(self, maxsize: int) -> None:  # noqa: ARG002
        self._rows: dict[int, _Row] = {}
        self._size = 0

    def qsize(self) -> int:
        """How many wait."""
        return self._size

    def empty(self) -> bool:
        """Whether none waits."""
        return not self._size

    def _put(self, item: tuple[int, str]) -> None:
        rank, url = item
        if rank not in self._rows:
            self._rows[rank] = _Row(self._expect)
        self._rows[rank].put(url)
        self._size += 1

    def _get(self) -> tuple[int, str]:
        rank = min(self._rows)
        row = self._rows[rank]
        url = row.get()
        self._size -= 1
        if row.is_empty:
            del self._rows[rank]
        return rank, url


class _Row:
    """Addresses in the order in which they came."""

    def __init__(self, expect: Callable[[Sequence[str]], None]) -> None:
        self._expect = expect
        self._first: deque[str] = deque()
        self._packed: deque[bytes] = deque()
        self._last: list[str] = []

    @property
    def is_empty(self) -> bool:
        return not (self._first or self._packed or self._last)

    def put(self, url: str) -> None:
        self._last.append(url)
        if len(self._last) >= TOGETHER:
            self._packed.append(zlib.compress("\n".join(self._last).encode("utf-8", "surrogatepass"), _FAST))
            self._last = []

    def get(self) -> str:
        if not self._first:
            if self._packed:
                addresses = zlib.decompress(self._packed.popleft()).decode("utf-8", "surrogatepass").split("\n")
            else:
                addresses, self._last = self._last, []
            self._expect(addresses)
            self._first.extend(addresses)
        return self._first.popleft()
