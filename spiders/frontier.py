"""Which addresses of an account are still to be visited, and which of them first. Pure but for its queue."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from auditor.model import Link
from spiders import kinds
from spiders.names import is_file
from spiders.scope import Scope, page_key, visitable
from spiders.traps import Traps
from spiders.waiting import Waiting

MAX_WAITING: Final = 100_000
"""Addresses of one account that are remembered at a time."""
MAX_FEEDS: Final = 2
MAX_KNOWN: Final = 300_000
"""Addresses, of whatever site, of which it is remembered that they were looked at."""
MAX_PAGES: Final = 1_000_000
"""Pages of one account that are told apart; what is met beyond them is left, and counted wherever it is met."""
MAX_SPELLED: Final = 10_000
"""Other spellings of known addresses that are remembered, in case nothing stands at the known one."""

_PAGES: Final = frozenset({"a", "area", "iframe", "frame", "meta", "button"})
_FRAMES: Final = frozenset({"iframe", "frame", "embed", "object"})
_LISTED: Final = 1000
"""Added to the rank of pages that only a sitemap knows: those that visitors find come first."""


class Frontier:
    """The addresses of one account: each is let in once, if it is the account's, no trap, and not too deep.

    Raises ValueError where the account's own address is none. `expect` is told of addresses that are to be visited
    next. `left` counts addresses for which there was no room, `too_deep` those that lie too many links away.
    """

    def __init__(
        self,
        url: str,
        elsewhere: tuple[str, ...],
        max_depth: int,
        expect: Callable[[Sequence[str]], None] = lambda _: None,
    ) -> None:
        self.scope = Scope(url, elsewhere)
        self.traps = Traps()
        self.left = 0
        self.too_deep = 0
        self._max_depth = max_depth
        self._queue = Waiting(expect)
        # Of what is only asked "was it seen?" the hash is kept: 64 bits, where an address takes a hundred bytes.
        self._known: set[int] = set()
        self._pages: set[int] = set()
        self._spelled: dict[int, str] = {}
        self._feeds = 0

    # ------------------------------------------------------------------------------------------ what is known

    def settle(self, url: str, *, stands: bool) -> None:
        """The address was visited before; `stands` tells whether a page, or a wall before it, stands there."""
        self._known.add(hash(url))
        if stands:
            self._pages.add(hash(page_key(url)))
            self.traps.admits(url)

    def fresh(self, url: str, *, framed: bool = False) -> str:
        """The address to ask for, if it is the account's and was not known before; else "". It is known from now on."""
        url = url.partition("#")[0]
        mark = hash(url)
        if mark in self._known:
            return ""
        if len(self._known) < MAX_KNOWN:
            self._known.add(mark)
        target = visitable(url)
        if not target or not self._is_ours(target, framed=framed):
            return ""
        if self._remember(target):
            return target if self.traps.admits(target) else ""
        if len(self._spelled) < MAX_SPELLED:
            self._spelled.setdefault(hash(page_key(target)), target)
        return ""

    def opens(self, url: str) -> bool:
        """Whether the account's own address was not visited before; it is known from now on.

        Whatever it looks like, it is no trap and no machinery: a person registered it.
        """
        return hash(url) not in self._known and self.reach(url)

    def reach(self, url: str) -> bool:
        """A redirect leads to that address: whether its page was not known before. It is from now on."""
        if not self._remember(url):
            return False
        self._known.add(hash(url))
        return True

    def forget_page(self, url: str) -> str:
        """Nothing stands at that address; another spelling of it may still lead to a page. Gives the one that was met
        before this was known, to be visited now; "" for none.
        """
        page = hash(page_key(url))
        self._pages.discard(page)
        other = self._spelled.pop(page, "")
        return other if other and other != url and self._remember(other) and self.traps.admits(other) else ""

    def leads(self, links: Iterable[Link], depth: int) -> Iterator[tuple[str, int]]:
        """Addresses on a page that are the account's and new, each with its depth; frames lie as deep as their page."""
        for link in links:
            if hash(link.url) in self._known:  # as nearly all are: menus lead to the same places from every page
                continue
            framed = link.tag in _FRAMES
            if framed or link.tag in _PAGES or (link.tag == "link" and self._leads_on(link)):
                target = self.fresh(link.url, framed=framed)
                if target:
                    yield target, depth + (not framed)

    def _leads_on(self, link: Link) -> bool:
        """Whether an invisible link names further pages: the next one of a row, or a feed."""
        if "alternate" in link.rel and self._feeds < MAX_FEEDS and hash(link.url) not in self._known:
            is_feed = any(sign in link.url.lower() for sign in ("rss", "atom", "feed"))
            self._feeds += is_feed
            return is_feed
        return "next" in link.rel or "prev" in link.rel

    def _is_ours(self, url: str, *, framed: bool) -> bool:
        if framed and self.scope.holds_frame(url):
            return True
        if is_file(url):
            return kinds.is_document(url) and self.scope.holds_file(url)
        return self.scope.holds(url) or self.scope.holds_file(url)

    def _remember(self, url: str) -> bool:
        """Whether the page at that address was not known before; it is from now on."""
        page = hash(page_key(url))
        if page in self._pages:
            return False
        if len(self._pages) >= MAX_PAGES:
            self.left += 1
            return False
        self._pages.add(page)
        return True

    # ------------------------------------------------------------------------------------------ what waits

    def add(self, pages: Iterable[tuple[str, int]], *, listed: bool = False) -> None:
        """Lets addresses wait for their visit, each with its depth."""
        for url, depth in pages:
            if depth > self._max_depth:
                self.too_deep += 1
            elif self._queue.qsize() >= MAX_WAITING:
                self.left += 1
            else:
                self._queue.put_nowait((depth + (_LISTED if listed else 0), url))

    async def next(self) -> tuple[str, int]:
        """The next address to visit, and its depth: the nearest first. Call `done` after the visit."""
        rank, url = await self._queue.get()
        return url, rank % _LISTED

    def done(self) -> None:
        """One address was visited."""
        self._queue.task_done()

    async def empty(self) -> None:
        """Returns when all addresses were visited."""
        await self._queue.join()

    @property
    def waiting(self) -> int:
        """How many addresses were not visited, or will not be."""
        return self.left + self._queue.qsize()
