"""The visit of one account: from its address outwards, page by page, until nothing of it is left or a limit is hit."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from auditor.model import Blind, Document, Reason
from spiders import html, kinds, sitemap, walls
from spiders.decoder import Decoder
from spiders.fetch import Answer
from spiders.frontier import Frontier
from spiders.hosts import Host, Hosts
from spiders.names import is_file
from spiders.pages import EMPTY, Pages
from spiders.past import Look, Past
from spiders.reading import Assignment, CrawlOptions, Renderer, Trace, Witness
from spiders.scope import of_one_service, page_key, visitable
from spiders.settings import MAX_REDIRECTS
from spiders.waiting import TOGETHER

SILENCES: Final = 5
"""Requests in a row to which nobody answered, after which an account's site is taken to be down."""
SNIFF: Final = 4096
"""Bytes of a file that are fetched to see whether it can be read at all."""
EMPTY_HANDED: Final = 4
"""How many addresses are asked for at most, as a multiple of the pages that may be read."""


class _Arrival(NamedTuple):
    """Where an address led: an answer and the host that gave it, or why there is none, or another page (`moved`)."""

    answer: Answer
    host: Host
    blind: Blind | None = None
    moved: str = ""


Meet = Callable[[Answer | None], Awaitable[Sequence[str] | None]]
"""Is told of the front page, once that was read, and gives addresses of which the site's system tells; None where the
account was read in another way, so that nothing that the front page leads to is asked for."""


class Visit:
    """One account's visit. Made for one `run`."""

    def __init__(
        self,
        assignment: Assignment,
        options: CrawlOptions,
        witness: Witness,
        hosts: Hosts,
        decoder: Decoder,
        renderer: Renderer | None,
        meet: Meet | None = None,
    ) -> None:
        self._id = assignment.account.id
        self._home = visitable(assignment.account.url) or assignment.account.url
        self._assignment = assignment
        self._options = options
        self._witness = witness
        self._hosts = hosts
        self._pages = Pages(hosts, decoder, renderer, options.render)
        self._past = Past(assignment.memory, hosts.fetcher)
        self._asked = len(assignment.done)
        self._taken = sum(depth >= 0 for depth in assignment.done.values())
        self._silences = 0
        self._meet = meet
        self._front: Answer | None = None
        self._told: Sequence[str] = ()
        self._looks = False

    async def run(self) -> None:
        """Visits everything, and tells what was left."""
        await self._within(self._everything)

    async def look(self) -> None:
        """Visits the account's own address, and nothing that it leads to; a short one, where its service sends it."""
        self._looks = True
        await self._within(self._first)

    async def _within(self, visit: Callable[[], Awaitable[object]]) -> None:
        try:
            self._frontier = self._new_frontier(self._assignment.account.url)
        except ValueError:
            self._miss(self._assignment.account.url, Blind("it is no valid web address", Reason.UNREACHABLE))
            return
        try:
            async with asyncio.timeout(self._options.account_deadline):
                await visit()
        except TimeoutError:
            hours = self._options.account_deadline / 3600
            self._miss("", Blind(f"The visit was ended after {hours:g} hours; {self._waiting()}.", Reason.LIMIT))
        self._tell_limits()
        if self._pages.lacks_browser is not None:
            self._miss("", self._pages.lacks_browser)

    def _new_frontier(self, url: str) -> Frontier:
        return Frontier(url, self._assignment.elsewhere, self._options.max_depth, self._past.expect)

    def holds(self, url: str) -> bool:
        """Whether a page at that address turned out to be the account's. Ask after `run`."""
        return self._frontier.scope.holds(url)

    async def _everything(self) -> None:
        settled = self._settle()
        await self._first()
        if self._meet is not None and not self._is_down():
            told = await self._meet(self._front)
            if told is None:
                self._frontier = self._new_frontier(self._home)
                return
            self._told = told
        self._go_on([(url, depth) for url, depth in settled if not depth])
        depths, fresh = self._assignment.depths, self._frontier.fresh
        self._frontier.add([(seed, depths.get(url, 1)) for url in self._assignment.seeds if (seed := fresh(url))])
        if not self._is_down():
            await self._add_listed()
        self._go_on([(url, depth) for url, depth in settled if depth])
        workers = [asyncio.ensure_future(self._work()) for _ in range(self._options.manners.per_host)]
        done = asyncio.ensure_future(self._frontier.empty())
        try:
            await asyncio.wait({done, *workers}, return_when=asyncio.FIRST_COMPLETED)
            for worker in workers:
                if worker.done():
                    worker.result()  # a worker only ends by a fault of ours or of the witness
        finally:
            for task in (done, *workers):
                task.cancel()
            await asyncio.gather(done, *workers, return_exceptions=True)

    async def _first(self) -> None:
        if self._frontier.opens(self._home):
            await self._visit(self._home, 0)

    async def _work(self) -> None:
        while True:
            url, depth = await self._frontier.next()
            try:
                if self._is_down() or self._is_full():
                    self._frontier.left += 1
                else:
                    await self._visit(url, depth)
            finally:
                self._frontier.done()

    def _is_full(self) -> bool:
        """Whether as many pages were read as may be; or far more addresses asked for, none of which was a page."""
        most = self._options.max_pages
        return self._taken >= most or self._asked >= EMPTY_HANDED * most

    def _is_down(self) -> bool:
        return self._silences >= SILENCES

    # ------------------------------------------------------------------------------------------ where it was left

    def _settle(self) -> list[tuple[str, int]]:
        """Takes over what this audit visited before it was stopped; gives the pages of it, the nearest first.

        A front page that sends its visitors on is asked again: where it leads belongs to the account.
        """
        pages = []
        for url, depth in self._assignment.done.items():
            if depth >= 0:
                pages.append((url, depth))
            if depth >= 0 or url != self._home:
                self._frontier.settle(url, stands=depth >= 0)
        return sorted(pages, key=lambda page: page[::-1])

    def _go_on(self, pages: list[tuple[str, int]]) -> None:
        """Follows what pages lead to that were visited before, as if they had just been read."""
        for begin in range(0, len(pages), TOGETHER):
            some = pages[begin : begin + TOGETHER]
            self._past.expect([url for url, _ in some])
            for url, depth in some:
                self._follow_again(url, depth, self._past.before(url, depth))

    def _follow_again(self, url: str, depth: int, trace: Trace | None) -> None:
        if trace is not None and trace.echo:
            self._frontier.traps.saw(url, trace.echo)
        links = self._past.leads(url)
        if links:
            self._frontier.add(self._frontier.leads(links, depth))

    # ------------------------------------------------------------------------------------------ one address

    async def _visit(self, url: str, depth: int) -> None:
        self._asked += 1
        self._taken += 1
        arrival = await self._arrive(url, depth)
        answer = arrival.answer
        self._silences = self._silences + 1 if answer.silent else 0
        if arrival.moved:
            self._taken -= 1
            self._witness.moved(self._id, url, arrival.moved)
            return
        if answer.status in (404, 410) and arrival.blind is None and url != self._home:
            self._taken -= 1
            other = self._frontier.forget_page(url)
            if other:
                self._frontier.add([(other, depth)])
            self._witness.gone(self._id, url, answer.status)
            return
        blind = arrival.blind or answer.blind
        if blind is None and not answer.unchanged:
            blind = walls.refusal(answer.status, html.title(answer.body))
        if blind is not None:
            self._miss(url, blind)
            return
        if url == self._home:
            self._front = answer
        host = arrival.host
        look = self._past.look(answer, depth, host.honesty, opened=self._pages.opens(host))
        if look.is_same:
            self._keep(look)
        elif not answer.body:
            self._miss(answer.url, EMPTY)
        else:
            await self._take(look)
        if answer.url != url:
            # Told last: who is stopped in between must still find the way to what stands there.
            self._witness.moved(self._id, url, answer.url)

    async def _arrive(self, url: str, depth: int) -> _Arrival:
        """Follows redirects as long as they stay in the account; asks each host's rules before each step."""
        home, passed = url == self._home, [url]
        for _ in range(MAX_REDIRECTS + 1):
            here = passed[-1]
            host = await self._hosts.of(here)
            if host.robots.blind is not None:
                refused_by_us = host.robots.blind.reason is Reason.NOT_IN_ROUTE
                return _Arrival(Answer(here, blind=host.robots.blind, silent=not refused_by_us), host)
            if not host.robots.allows(here):
                return _Arrival(Answer(here), host, Blind("its robots.txt asks programs to stay away", Reason.ROBOTS))
            answer = await self._fetch(here, depth, host)
            if not answer.location:
                return _Arrival(answer, host)
            target = visitable(answer.location)
            obstacle = _obstacle(target, passed)
            if obstacle is not None:
                return _Arrival(answer, host, obstacle)
            if not self._follows(here, target, home=home):
                return _Arrival(answer, host, _led_away(target)) if home else _Arrival(answer, host, moved=target)
            if page_key(target) not in map(page_key, passed) and not self._frontier.reach(target):
                return _Arrival(answer, host, moved=target)
            passed.append(target)
        endless = Blind(f"it sends visitors on more than {MAX_REDIRECTS} times", Reason.UNREACHABLE)
        return _Arrival(answer, host, endless)

    async def _fetch(self, url: str, depth: int, host: Host) -> Answer:
        """The answer; of a file that nobody here can read, only its beginning."""
        if is_file(url) and kinds.kind_of(b"", url, "") not in kinds.READABLE:
            return await self._hosts.fetcher.get(url, limit=SNIFF, cut=True)
        return await self._past.ask(url, depth, host.honesty, opened=self._pages.opens(host))

    def _follows(self, here: str, target: str, *, home: bool) -> bool:
        """Whether a redirect stays within what is the account's: its pages, its files, what its frames show."""
        scope = self._frontier.scope
        if scope.holds(target) or (home and (scope.adopt(target) or (self._looks and of_one_service(here, target)))):
            return True
        return scope.holds_file(target) or (not scope.holds(here) and scope.holds_frame(target))

    # ------------------------------------------------------------------------------------------ one answer

    def _keep(self, look: Look) -> None:
        """A page is as it was: it leads where it led, and says what it said."""
        url = look.answer.url
        self._follow_again(url, look.depth, look.before)
        self._witness.unchanged(self._id, url, look.depth, self._past.kept(look))

    async def _take(self, look: Look) -> None:
        answer, depth = look.answer, look.depth
        kind = kinds.kind_of(answer.body, answer.url, answer.media_type, answer.file_name)
        if kind == kinds.HTML:
            document, blind = await self._pages.read(answer, depth)
            if document is not None:
                self._frontier.traps.saw(answer.url, self._past.echo(document))
                self._tell(document, look, blind)
            elif blind is not None:
                self._miss(answer.url, blind)
        elif kind in kinds.READABLE or kind == kinds.OLD_OFFICE or (kind == kinds.OTHER and is_file(answer.url)):
            file, blind = await self._pages.read_file(answer, kind, depth)
            self._tell(file, look, blind)
        else:
            self._taken -= 1
            if kind == kinds.LIST:
                listing = await asyncio.to_thread(sitemap.read, answer.body)
                self._frontier.add([(page, depth + 1) for url in listing.pages if (page := self._frontier.fresh(url))])
                if listing.cut:
                    self._miss("", _LONG_LIST)

    def _tell(self, document: Document, look: Look, blind: Blind | None) -> None:
        """Goes on to where a document leads, and tells the witness what it says, then what of it is missing."""
        if look.answer.partial and blind is None:
            blind = Blind("it broke off before its end", Reason.UNREACHABLE)
        if blind is not None and not document.problem:
            document = replace(document, problem=blind.what)
        self._frontier.add(self._frontier.leads(document.links, document.depth))
        trace = self._past.trace(document, look)
        if self._past.is_known(trace, look):
            self._witness.unchanged(self._id, document.url, document.depth, trace)
        else:
            self._witness.saw(self._id, document, trace)
        if blind is not None:
            self._miss(document.url, blind)

    # ------------------------------------------------------------------------------------------ what comes next

    async def _add_listed(self) -> None:
        """Adds pages that the site's system or the host's sitemaps know, and no link of the site may lead to."""
        host = await self._hosts.of(self._home)
        if host.robots.blind is None:
            listed = (*self._told, *await self._hosts.listed(host))
            self._frontier.add([(page, 1) for url in listed if (page := self._frontier.fresh(url))], listed=True)
            if host.lists_cut:
                self._miss("", _LONG_LIST)

    # ------------------------------------------------------------------------------------------ what was missed

    def _miss(self, url: str, blind: Blind) -> None:
        self._witness.missed(self._id, url, blind)

    def _waiting(self) -> str:
        left = self._frontier.waiting
        return f"{left:,} addresses were not visited" if left != 1 else "1 address was not visited"

    def _tell_limits(self) -> None:
        beyond, deep = self._frontier.left, self._frontier.too_deep
        if beyond and self._is_down():
            self._miss("", Blind(f"The site stopped answering; {self._waiting()}.", Reason.UNREACHABLE))
        elif beyond:
            pages = f"{self._options.max_pages:,} pages" if self._options.max_pages > 1 else "1 page"
            self._miss("", Blind(f"The visit stopped after {pages}; {self._waiting()}.", Reason.LIMIT, _MORE_PAGES))
        if deep:
            far = f"more than {self._options.max_depth} links away from its start"
            self._miss("", Blind(f"{deep:,} addresses lie {far} and were not visited.", Reason.LIMIT))
        for what, count in self._frontier.traps.left_out.items():
            self._miss("", Blind(f"{count:,} {what} were not visited.", Reason.LIMIT))


_MORE_PAGES: Final = "Look at the rest yourself, or raise max_pages under [crawl] in config.toml."
_LONG_LIST: Final = Blind("The site's own list of its pages is too long; the rest of it was not read.", Reason.LIMIT)


def _obstacle(target: str, passed: list[str]) -> Blind | None:
    """Why a redirect to that address cannot be followed at all."""
    if not target:
        return Blind("it sends visitors to something that is no web page", Reason.UNREACHABLE)
    if target in passed:
        return Blind("it sends visitors round in a circle", Reason.UNREACHABLE)
    return Blind(walls.LOGIN, Reason.LOGIN_WALL) if walls.is_login(target) else None


def _led_away(target: str) -> Blind:
    return Blind(
        f"it sends visitors to another site: {target}",
        Reason.UNREACHABLE,
        "Register the new address if that is where the account lives now.",
    )
