"""A finder that reads no line twice: menus, footers and timetables say the same on every page."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import accumulate
from typing import Final

from auditor.detect.found import Found

_REMEMBERED: Final = 20_000


class Lines:
    """Finds in texts what a finder finds in their lines, and remembers the lines that it has read, never whose.

    For finders that find nothing that goes on in the next line. All lines that are new are given to it at once.
    """

    def __init__(self, find: Callable[[str], Iterable[Found]]) -> None:
        self._find = find
        self._known: dict[str, tuple[Found, ...]] = {}

    def find(self, text: str) -> Iterator[Found]:
        """What the text holds, in its order; offsets in its characters."""
        lines = text.split("\n")
        self._learn(lines)
        begin = 0
        for line in lines:
            for found in self._known[line]:
                yield replace(found, start=begin + found.start, end=begin + found.end)
            begin += len(line) + 1

    def _learn(self, lines: Iterable[str]) -> None:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        new = list(dict.fromkeys(line for line in lines if line not in self._known))
        if not new:
            return
        ends = list(accumulate(len(line) + 1 for line in new))
        found: defaultdict[int, list[Found]] = defaultdict(list)
        for one in self._find("\n".join(new)):
            n = bisect_right(ends, one.start)
            begin = ends[n] - len(new[n]) - 1
            if one.end < ends[n]:
                found[n].append(replace(one, start=one.start - begin, end=one.end - begin))
        self._known.update((line, tuple(found.get(n, ()))) for n, line in enumerate(new))
