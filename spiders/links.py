"""Visits linked addresses, each of them once over all accounts, and tells what came of it."""

import asyncio
import contextlib
import secrets
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from auditor.model import LinkState, LinkVerdict
from spiders.engine import downloading
from spiders.lanes import by_host
from spiders.link_address import Allows, examine, fragment_of, host_address, origin_of, page_of
from spiders.link_certificate import Certificates
from spiders.link_judgement import GONE, classed, judge, missing_fragment, needs_probe, unchanged
from spiders.link_known import Known
from spiders.link_step import WEATHER, End, Fault, Look, Trail
from spiders.link_walk import Patience, Walker
from spiders.scope import visitable
from spiders.settings import Manners

FULL_LOOK: Final = 4
"""Weeks within which each linked page is read once, though its headers are as they were."""

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
class LinkOptions:
    """How links are visited.

    `known` are the addresses that a crawl read (without fragment). `robots`: whether a site's robots.txt is obeyed.
    `budget` is how many bytes of linked pages may be read in all. At least `second_look` seconds later, and after all
    others, every address that fails is asked once more before it is told; one that failed the last time, too, is not.
    `before` gives what the last visit told of those of some addresses that were visited, and `now` is the time.
    """

    manners: Manners = field(default_factory=Manners)
    known: Mapping[str, Known] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)
    second_look: float = 2.0
    robots: bool = True
    budget: int = 256 * 1024 * 1024
    before: Callable[[Sequence[str]], Mapping[str, "Before"]] = lambda _: {}
    now: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Before:
    """What the last visit to an address told of it, and when that was."""

    state: LinkState
    at: datetime

    @property
    def failed(self) -> bool:
        """Whether it led nowhere then."""
        return fails(self.state)

    def may_be_glanced_at(self, now: datetime) -> bool:
        """Whether it was alive, so that its headers will do. Every fourth week, each in a week of its own, they do not:
        a page may be sold, or come to say that it is not there, and still be served as found."""
        turn = zlib.crc32(self.state.url.encode("utf-8", "surrogatepass")) % FULL_LOOK
        weeks = range(_week(self.at) + 1, _week(now) + 1)
        return self.state.verdict is LinkVerdict.ALIVE and not any(week % FULL_LOOK == turn for week in weeks)


def _week(at: datetime) -> int:
    # Where a visit's moment is told in another zone than the audit's, both lie in the same week all the same.
    return at.astimezone(UTC).toordinal() // 7


def fails(state: LinkState) -> bool:
    """Whether that is a failure which may be over the next time. A place that a page lacks is not: the page came."""
    return state.verdict in (LinkVerdict.BROKEN, LinkVerdict.SUSPICIOUS) and state.kind != "fragment"


Tell = Callable[[LinkState], None]


async def visit(asks: Iterable[LinkAsk], options: LinkOptions, tell: Tell) -> None:
    """Tells one state for every distinct address among the asks, in the order in which they become known.

    Nothing is dialled for an address that its own spelling or the crawl settles. Every other page is asked for once,
    however many addresses differ only in their fragment.
    """
    pages: dict[str, list[LinkAsk]] = {}
    allows = options.manners.guard().allows
    for ask in _distinct(asks):
        state = settled(ask, options.known, allows)
        if state is not None:
            tell(state)
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
    """One round over all pages, and a second one over those that seem to fail."""

    def __init__(self, walker: Walker, pages: Mapping[str, list[LinkAsk]], options: LinkOptions, tell: Tell) -> None:
        self._walker = walker
        self._pages = pages
        self._options = options
        self._tell = tell
        self._certificates = Certificates(options.manners.guard(), options.manners.deadline, options.now)
        self._doubted: dict[str, Sequence[LinkState]] = {}
        self._doubted_at: dict[str, float] = {}
        self._presumed: set[str] = set()
        self._nameless: dict[str, Trail] = {}
        self._name_found = False
        self._probes: dict[str, asyncio.Task[Trail]] = {}

    async def all(self) -> None:
        """Visits every page, then once more those that fail and did not fail before."""
        try:
            await by_host(self._pages, self._options.manners.per_host, partial(self._page, last=False))
            if self._doubted:
                self._walker.start_over()
                # What nobody asked for comes first: it shows whether the server answers at all.
                pages = sorted(self._doubted, key=lambda page: (page not in self._presumed, self._doubted_at[page]))
                await by_host(pages, self._options.manners.per_host, self._second_look)
            if self._nameless and not self._name_found:
                self._name_found = await self._walker.finds(ALWAYS_THERE)
            for state in of_nameless(self._pages, self._nameless, offline=not self._name_found):
                self._tell(state)
        finally:
            self._certificates.close()
            for task in self._probes.values():
                task.cancel()

    async def _second_look(self, page: str) -> None:
        since = asyncio.get_running_loop().time() - self._doubted_at[page]
        await asyncio.sleep(max(0.0, self._options.second_look - since))
        await self._page(page, last=True)

    async def _page(self, page: str, *, last: bool) -> None:
        asks = self._pages[page]
        before = self._options.before([ask.url for ask in asks]) if not last else {}
        if self._was_first_look(page, asks, before):
            return
        trail = await self._walker.walk(page, Look.HEADERS) if self._may_glance(page, asks, before) else None
        if trail is not None and all(unchanged(before[ask.url].state, trail) for ask in asks):
            await self._tell_unchanged([before[ask.url].state for ask in asks], trail)
            return
        if trail is None or trail.step.ok or trail.end is not End.ANSWERED:
            trail = await self._walker.walk(page, Look.PLACES if any(map(_names_place, asks)) else Look.PAGE)
        fault = trail.step.fault
        self._name_found |= host_address(_host(page)) is None and fault not in (Fault.DNS, Fault.PRIVATE)
        states = await self._judged(asks, trail)
        new = [ask.url for ask, state in zip(asks, states, strict=True) if fails(state)]
        if not last and any(url not in before or not before[url].failed for url in new):
            self._doubt(page, trail, states)
            return
        # A server that fell silent meanwhile takes nothing back of what it said.
        said = self._doubted.get(page, ()) if fault in WEATHER else ()
        if fault is Fault.DNS and not said:
            self._nameless[page] = trail
            return
        for state in said or states:
            self._tell(state)

    def _was_first_look(self, page: str, asks: Sequence[LinkAsk], before: Mapping[str, Before]) -> bool:
        """Whether the page failed so lately that the next look is the second one; then it is put off until its time."""
        if not all(ask.url in before and before[ask.url].failed for ask in asks):
            return False
        ago = (datetime.now(UTC) - max(before[ask.url].at for ask in asks)).total_seconds()
        if not 0 <= ago < self._options.second_look:
            return False
        self._doubted[page] = ()
        self._doubted_at[page] = asyncio.get_running_loop().time() - ago
        return True

    def _may_glance(self, page: str, asks: Sequence[LinkAsk], before: Mapping[str, Before]) -> bool:
        """Whether the page's headers may be enough. Of one that a crawl read and that is visited all the same they are
        not: it is in doubt."""
        return _known(page, self._options.known) is None and all(
            ask.url in before and before[ask.url].may_be_glanced_at(self._options.now) and not _names_place(ask)
            for ask in asks
        )

    async def _tell_unchanged(self, states: Sequence[LinkState], trail: Trail) -> None:
        self._name_found |= host_address(_host(trail.hops[0])) is None
        warning = await self._certificates.warning(trail.hops)
        for state in states:
            self._tell(replace(state, why=warning))

    async def _judged(self, asks: Sequence[LinkAsk], trail: Trail) -> Sequence[LinkState]:
        probe = await self._probe(origin_of(trail.final)) if needs_probe(trail) else None
        states = [judge(ask.url, trail, probe, fragment=ask.fragment) for ask in asks]
        if all(state.verdict is not LinkVerdict.ALIVE for state in states):
            return states
        warning = await self._certificates.warning(trail.hops)
        return [replace(s, why=warning) if s.verdict is LinkVerdict.ALIVE and warning else s for s in states]

    def _doubt(self, page: str, trail: Trail, states: Sequence[LinkState]) -> None:
        """Puts the page off to the second round; of one whose server gave no answer nothing is kept."""
        self._doubted[page] = () if trail.step.fault in WEATHER else states
        self._doubted_at[page] = asyncio.get_running_loop().time()
        if trail.step.presumed:
            self._presumed.add(page)
        self._walker.forget(trail)

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


def _names_place(ask: LinkAsk) -> bool:
    return ask.fragment and bool(fragment_of(ask.url))


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _distinct(asks: Iterable[LinkAsk]) -> Iterable[LinkAsk]:
    """Every address once; its fragment is tested where any ask wants it."""
    wanted: dict[str, bool] = {}
    for ask in asks:
        wanted[ask.url] = wanted.get(ask.url, False) or ask.fragment
    return (LinkAsk(url, fragment) for url, fragment in wanted.items())


def places_of(url: str) -> Iterator[str]:
    """The addresses at which a crawl may have found the page to which a link leads."""
    place = url.partition("#")[0]
    yield from (url, place, visitable(place))
    with contextlib.suppress(ValueError):  # a misspelling that is no address at all
        page = page_of(url)
        yield from (page, visitable(page))


def settled(ask: LinkAsk, known: Mapping[str, Known], allows: Allows) -> LinkState | None:
    """What can be said without a visit, or None."""
    page = page_of(ask.url) if ask.url in known else ""
    if page != ask.url:  # what a crawl read under just this address is no misspelling
        state = examine(ask.url, allows)
        if state is not None:
            return classed(state)
        page = page_of(ask.url)
    seen = _known(page, known)
    if seen is not None and seen.status in GONE:
        return LinkState(ask.url, LinkVerdict.BROKEN, GONE[seen.status], seen.status, page, kind=str(seen.status))
    if seen is None or seen.doubtful or not 200 <= seen.status < 300:
        return None
    gap = missing_fragment(ask.url, seen.anchors, scripted=bool(seen.scripted)) if ask.fragment else None
    if gap is None:
        return LinkState(ask.url, LinkVerdict.ALIVE, status=seen.status, final_url=page)
    return None if seen.scripted is None else replace(gap, status=seen.status, final_url=page)


def _known(page: str, known: Mapping[str, Known]) -> Known | None:
    return known.get(page) or known.get(visitable(page))
