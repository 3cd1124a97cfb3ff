"""Visits linked addresses, each of them once over all accounts, and tells what came of it."""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from auditor.model import Document, LinkState, LinkVerdict
from auditor.outlets.landing import SHORT_PAGE, reads_as_missing
from spiders.engine import downloading
from spiders.lanes import by_host
from spiders.link_address import examine, host_address, origin_of, page_of
from spiders.link_judgement import GONE, classed, judge, missing_fragment, needs_probe
from spiders.link_step import WEATHER, Fault, Trail
from spiders.link_walk import Patience, Walker
from spiders.scope import visitable
from spiders.settings import Manners

DOUBTFUL_WORDS: Final = SHORT_PAGE + 1
"""So many words of a page are looked at to see whether it only says that it is not there."""
_CHARACTERS: Final = 4000
"""Characters that hold as many words, if they are words."""


OFFLINE: Final = "offline"
OFFLINE_WORDS: Final = "This machine could not look up names on the internet, so nobody visited the link."
NEVER_REAL: Final = frozenset({"invalid", "example", "test", "localhost"})
"""Endings that no site on the internet ever has (RFC 6761)."""
ALWAYS_THERE: Final = "example.com"
"""A name that is kept on the internet for ever (RFC 2606): a machine that cannot find it finds none."""


@dataclass(frozen=True, slots=True)
class LinkAsk:
    """An address to be visited, as it stands on a page, made absolute. `fragment`: must the page have that place?"""

    url: str
    fragment: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What a crawl already saw of an address, so that it need not be visited again.

    `anchors` are what a fragment may name; `scripted` tells whether scripts may add more of them. Where that is None,
    nobody looked, and a page that lacks a place is visited to see. `doubtful` marks a page that was served as found
    but may only say that it is not there, or forwards its reader: that one is visited all the same.
    """

    status: int = 200
    anchors: frozenset[str] = frozenset()
    scripted: bool | None = None
    doubtful: bool = False

    @classmethod
    def of(cls, document: Document) -> "Known":
        """What a document that was read tells of its own address. A rendered page has all its places."""
        return cls(
            anchors=document.anchors,
            scripted=False if document.rendered else None,
            doubtful=document.media_type == "text/html"
            and (
                reads_as_missing(document.title, _first_words(document))
                or any(link.tag == "meta" for link in document.links)
            ),
        )


def _first_words(document: Document) -> str:
    start: list[str] = []
    room = _CHARACTERS
    for passage in document.passages:
        if room <= 0:
            break
        start.append(passage.text[:room])
        room -= len(passage.text)
    return " ".join(" ".join(start).split(None, DOUBTFUL_WORDS)[:DOUBTFUL_WORDS])


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """How links are visited.

    `known` are the addresses that a crawl read (without fragment). `robots`: whether a site's robots.txt is obeyed.
    `budget` is how many bytes of linked pages may be read in all. After `second_look` seconds every address that did
    not answer is asked once more, before it is called broken.
    """

    manners: Manners = field(default_factory=Manners)
    known: Mapping[str, Known] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)
    second_look: float = 2.0
    robots: bool = True
    budget: int = 256 * 1024 * 1024


Tell = Callable[[LinkState], None]


async def visit(asks: Iterable[LinkAsk], options: LinkOptions, tell: Tell) -> None:
    """Tells one state for every distinct address among the asks, in the order in which they become known.

    Nothing is dialled for an address that its own spelling or the crawl settles. Every other page is asked for once,
    however many addresses differ only in their fragment.
    """
    pages: dict[str, list[LinkAsk]] = {}
    for ask in _distinct(asks):
        settled = _settled(ask, options)
        if settled is not None:
            tell(settled)
        else:
            pages.setdefault(page_of(ask.url), []).append(ask)
    if pages:
        async with downloading(options.manners) as download:
            walker = Walker(download, options.manners, options.patience, obey=options.robots, budget=options.budget)
            try:
                await _Visit(walker, pages, options, tell).all()
            finally:
                walker.close()


class _Visit:
    """One round over all pages, and a second look at those that stayed silent."""

    def __init__(self, walker: Walker, pages: Mapping[str, list[LinkAsk]], options: LinkOptions, tell: Tell) -> None:
        self._walker = walker
        self._pages = pages
        self._options = options
        self._tell = tell
        self._silent: list[str] = []
        self._nameless: dict[str, Trail] = {}
        self._name_found = False
        self._probes: dict[str, asyncio.Task[Trail]] = {}

    async def all(self) -> None:
        """Visits every page, then once more those without an answer."""
        try:
            await self._round(self._pages, last=False)
            if self._silent:
                await asyncio.sleep(self._options.second_look)
                self._walker.forget_failures()
                await self._round(tuple(self._silent), last=True)
            if self._nameless and not self._name_found:
                self._name_found = await self._walker.finds(ALWAYS_THERE)
            for state in of_nameless(self._pages, self._nameless, offline=not self._name_found):
                self._tell(state)
        finally:
            for task in self._probes.values():
                task.cancel()

    async def _round(self, pages: Iterable[str], *, last: bool) -> None:
        await by_host(pages, self._options.manners.per_host, partial(self._page, last=last))

    async def _page(self, page: str, *, last: bool) -> None:
        asks = self._pages[page]
        trail = await self._walker.walk(page, anchors=any(ask.fragment for ask in asks))
        if trail.step.fault in WEATHER and not last:
            self._silent.append(page)
            return
        if trail.step.fault is Fault.DNS:
            self._nameless[page] = trail
            return
        self._name_found |= host_address(_host(page)) is None and trail.step.fault is not Fault.PRIVATE
        probe = await self._probe(origin_of(trail.final)) if needs_probe(trail) else None
        for ask in asks:
            self._tell(judge(ask.url, trail, probe, fragment=ask.fragment))

    async def _probe(self, origin: str) -> Trail:
        """The way of an address that cannot exist: what this server does with such."""
        if origin not in self._probes:
            nowhere = f"{origin}/{secrets.token_hex(8)}"
            self._probes[origin] = asyncio.ensure_future(self._walker.walk(nowhere))
        return await asyncio.shield(self._probes[origin])


def of_nameless(
    pages: Mapping[str, list[LinkAsk]], trails: Mapping[str, Trail], *, offline: bool
) -> Iterator[LinkState]:
    """What to say of the pages whose names nobody knows.

    Where this machine is offline, it finds no name at all: then nothing but endings that never were real is broken.
    """
    for page, trail in trails.items():
        never = _host(trail.final).rstrip(".").rpartition(".")[2] in NEVER_REAL
        for ask in pages[page]:
            state = judge(ask.url, trail, None, fragment=ask.fragment)
            if offline and not never:
                state = replace(state, verdict=LinkVerdict.SKIPPED, why=OFFLINE_WORDS, kind=OFFLINE)
            yield state


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _distinct(asks: Iterable[LinkAsk]) -> Iterable[LinkAsk]:
    """Every address once; its fragment is tested where any ask wants it."""
    wanted: dict[str, bool] = {}
    for ask in asks:
        wanted[ask.url] = wanted.get(ask.url, False) or ask.fragment
    return (LinkAsk(url, fragment) for url, fragment in wanted.items())


def _settled(ask: LinkAsk, options: LinkOptions) -> LinkState | None:
    """What can be said without a visit, or None."""
    state = examine(ask.url, options.manners.guard().allows)
    if state is not None:
        return classed(state)
    page = page_of(ask.url)
    seen = options.known.get(page) or options.known.get(visitable(page))
    if seen is not None and seen.status in GONE:
        return LinkState(ask.url, LinkVerdict.BROKEN, GONE[seen.status], seen.status, page, kind=str(seen.status))
    if seen is None or seen.doubtful or not 200 <= seen.status < 300:
        return None
    gap = missing_fragment(ask.url, seen.anchors, scripted=bool(seen.scripted)) if ask.fragment else None
    if gap is None:
        return LinkState(ask.url, LinkVerdict.ALIVE, status=seen.status, final_url=page)
    return None if seen.scripted is None else replace(gap, status=seen.status, final_url=page)
