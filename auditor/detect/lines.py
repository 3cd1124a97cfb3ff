"""A finder that reads no line twice: menus, footers and timetables say the same on every page."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import Final

from auditor.detect.found import Found
from auditor.detect.hints import Hints, is_post

_REMEMBERED: Final = 20_000


class Lines:
    """Finds in texts what a finder finds in their lines, and remembers the lines that it has read, never whose.

    For finders that find nothing that goes on in the next line. All lines that are new are given to it at once. Lines
    that do not hint at what makes them `worth` it are passed by; 0 for none. A post is read at once.
    """

    def __init__(self, find: Callable[[str], Iterable[Found]], hints: Hints, worth: int = 0) -> None:
        self._find, self._hints, self._worth = find, hints, worth
        self._known: dict[str, tuple[Found, ...]] = {}

    def may_find(self, text: str) -> bool:
        """Whether the text may hold anything; nearly always known already."""
        return not self._worth or is_post(text) or self._hints.look(text).all & self._worth > 0

    def find(self, text: str) -> Iterable[Found]:
        """What the text holds, in its order; offsets in its characters."""
        return self._find(text) if is_post(text) else self._in_lines(text)

    def _in_lines(self, text: str) -> Iterator[Found]:
        look = self._hints.look(text)
        if self._worth and not look.all & self._worth:
            return
        lines, wanted = look.lines, self._worth
        worth = [line for line, hint in zip(lines, look.hints, strict=True) if hint & wanted] if wanted else lines
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        known = self._known
        self._learn([line for line in worth if line not in known])
        if not any(map(known.__getitem__, worth)):
            return
        begin = 0
        for line in lines:
            for found in known.get(line, ()):
                yield found.moved(begin + found.start, begin + found.end)
            begin += len(line) + 1

    def _learn(self, lines: Iterable[str]) -> None:
        new = list(dict.fromkeys(lines))
        if not new:
            return
        ends = list(accumulate(len(line) + 1 for line in new))
        found: defaultdict[int, list[Found]] = defaultdict(list)
        for one in self._find("\n".join(new)):
            n = bisect_right(ends, one.start)
            begin = ends[n] - len(new[n]) - 1
            if one.end < ends[n]:
                found[n].append(one.moved(one.start - begin, one.end - begin))
        self._known.update((line, tuple(found.get(n, ()))) for n, line in enumerate(new))
