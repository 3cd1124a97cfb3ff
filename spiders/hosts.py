"""What is known of each host while a crawl lasts: its rules for visitors, its lists of pages, what a browser gains."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from auditor.model import Blind, Reason
from spiders import robots, sitemap, walls
from spiders.fetch import Answer, Fetcher, absolute
from spiders.host_memory import HostFacts, HostMemory
from spiders.past import Honesty
from spiders.robots import Robots
from spiders.scope import registrable, visitable
from spiders.settings import MAX_REDIRECTS

MAX_LISTS: Final = 30
"""Sitemaps of one host that are read."""
RENDER_FAILURES: Final = 3
"""Pages in a row that a browser could not show better, after which the host is read without one."""


_ORIGIN: Final = re.compile(r"https?://[^/?#]*")


@dataclass
class Host:
    """One origin. `render_failures` counts pages in a row that a browser could not show better than plain HTTP.

    `known` is what earlier crawls learned of it, `facts` what will be remembered after this one: so what is decided
    does not depend on which page came first.
    """

    origin: str
    robots: Robots
    render_failures: int = 0
    known: HostFacts = field(default_factory=HostFacts, repr=False)
    facts: HostFacts = field(default_factory=HostFacts, repr=False)
    honesty: Honesty = field(default_factory=Honesty, repr=False)
    lists: "asyncio.Task[tuple[str, ...]] | None" = field(default=None, repr=False)
    lists_cut: bool = False
    """Whether its sitemaps hold more than was read of them."""

    @property
    def gains_from_browser(self) -> bool:
        """Whether opening its pages in a browser is worth the while."""
        return self.render_failures < RENDER_FAILURES


class Hosts:
    """All hosts of a crawl, each asked for its rules once, and the way to ask them for pages."""

    def __init__(self, fetcher: Fetcher, memory: HostMemory | None = None) -> None:
        self.fetcher = fetcher
        self._memory = memory
        self._hosts: dict[str, asyncio.Task[Host]] = {}

    async def of(self, url: str) -> Host:
        """The host of that address; its robots.txt is read before anything else of it."""
        origin = _origin(url)
        task = self._hosts.get(origin)
        if task is None:
            task = self._hosts[origin] = asyncio.ensure_future(self._meet(origin))
        return task.result() if task.done() else await asyncio.shield(task)

    async def listed(self, host: Host) -> tuple[str, ...]:
        """Addresses of pages in the host's sitemaps; read once, whoever asks."""
        if host.lists is None:
            host.lists = asyncio.ensure_future(self._read_lists(host))
        return await asyncio.shield(host.lists)

    async def ask(self, url: str) -> Answer:
        """The answer for an address after all redirects, each step by its host's own rules for programs. Where that
        leads to none, `blind` says why, and `url` how far it led."""
        for _ in range(MAX_REDIRECTS + 1):
            host = await self.of(url)
            if host.robots.blind is not None:
                return Answer(url, blind=host.robots.blind)
            if not host.robots.allows(url):
                return Answer(url, blind=Blind("its robots.txt asks programs to stay away", Reason.ROBOTS))
            answer = await self.fetcher.get(url)
            to = visitable(answer.location)
            if not answer.location or not to:
                return answer
            if walls.is_login(to):
                return Answer(url, blind=Blind(walls.LOGIN, Reason.LOGIN_WALL))
            url = to
        return Answer(url, blind=Blind("it sends visitors on and on", Reason.UNREACHABLE))

    async def _meet(self, origin: str) -> Host:
        url = f"{origin}/robots.txt"
        answer = await self.fetcher.get(url, limit=robots.MAX_BODY, cut=True)
        for _ in range(robots.MAX_HOPS):
            if not answer.location.startswith(("http://", "https://")):
                break
            answer = await self.fetcher.get(answer.location, limit=robots.MAX_BODY, cut=True)
        rules = robots.read(answer)
        if rules.delay:
            self.fetcher.slow_down(urlsplit(origin).hostname or "", rules.delay)
        remembered = self._memory.recall(_name(origin)) if self._memory is not None else {}
        return Host(origin, rules, known=HostFacts.of(remembered), facts=HostFacts.of(remembered))

    def remember(self) -> None:
        """Keeps what was learned of hosts of which a browser opened pages, now or earlier, or a front page was read."""
        met = [task.result() for task in self._hosts.values() if task.done() and not task.cancelled()]
        for host in met:
            if self._memory is not None and (host.facts.opened or host.facts.signs):
                self._memory.remember(_name(host.origin), host.facts.told())

    async def _read_lists(self, host: Host) -> tuple[str, ...]:
        waiting = list(
            dict.fromkeys(absolute(f"{host.origin}/", url) for url in (*host.robots.sitemaps, "/sitemap.xml"))
        )
        read: set[str] = set()
        pages: dict[str, None] = {}
        while waiting and len(read) < MAX_LISTS and len(pages) < sitemap.MAX_ADDRESSES:
            url = waiting.pop(0)
            if url in read or not _near(url, host.origin) or not host.robots.allows(url):
                continue
            read.add(url)
            answer = await self._followed(url)
            if answer.status != 200:
                continue
            listing = await asyncio.to_thread(sitemap.read, answer.body)
            room = sitemap.MAX_ADDRESSES - len(pages)
            pages.update(dict.fromkeys(listing.pages[:room]))
            waiting.extend(listing.sitemaps[:MAX_LISTS])
            host.lists_cut |= listing.cut or len(listing.pages) > room or len(listing.sitemaps) > MAX_LISTS
        host.lists_cut |= any(url not in read and _near(url, host.origin) for url in waiting)
        return tuple(pages)

    async def _followed(self, url: str) -> Answer:
        answer = await self.fetcher.get(url)
        if answer.location and _near(answer.location, url):
            answer = await self.fetcher.get(answer.location)
        return answer


def _origin(url: str) -> str:
    plain = _ORIGIN.match(url)
    if plain is not None:
        return plain[0]
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _name(origin: str) -> str:
    return origin.partition("://")[2].rpartition("@")[2].lower()


def _near(url: str, other: str) -> bool:
    """Whether two addresses lie on one registered domain."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and registrable(parts.hostname or "") == registrable(
            urlsplit(other).hostname or ""
        )
    except ValueError:
        return False
