"""The visit of a website whose system also tells programs what stands on it: page by page, as every website is visited,
and joined to that what the system's interface tells.

A page shows what no interface tells: menus, sidebars, footers, logos. An interface tells what no page leads to. So
neither stands in for the other: what is told of a page is joined to it when it is read, and what is told of one that
could not be read is read by itself. Where the interface is closed, nothing is lacking that a website would have.
"""

from dataclasses import replace
from typing import Final

from auditor.model import Blind, Document, Reason
from spiders.decoder import Decoder
from spiders.hosts import Hosts
from spiders.platform import Route
from spiders.reading import Assignment, CrawlOptions, Memory, Renderer, Trace, Witness
from spiders.route_visit import RouteVisit
from spiders.scope import page_key
from spiders.shell import together
from spiders.trace import content
from spiders.visit import Visit

_OF_WEATHER: Final = frozenset({Reason.RATE_LIMITED, Reason.PLATFORM_OUTAGE, Reason.PARTIAL_LISTING, Reason.LIMIT})
"""Why an interface that is there did not tell everything. One that is closed to strangers owes them nothing."""


class PairedVisit:
    """One account's visit by its pages and by an interface. Made for one `run`."""

    def __init__(
        self,
        assignment: Assignment,
        route: Route,
        options: CrawlOptions,
        witness: Witness,
        hosts: Hosts,
        decoder: Decoder,
        renderer: Renderer | None,
    ) -> None:
        self._assignment, self._route, self._options = assignment, route, options
        self._witness, self._hosts, self._decoder, self._renderer = witness, hosts, decoder, renderer

    async def run(self) -> None:
        """Asks the interface, visits the pages, and tells of both."""
        told, listed = _Told(self._witness), []
        if self._options.max_pages > 1:  # who wants one page wants nothing that lies behind it
            alone = replace(self._assignment, seeds=(), done={}, memory=None)
            asked = RouteVisit(alone, self._route, self._options, told, self._hosts)
            await asked.run()
            listed = [*told.addresses(), *asked.pages]
        both = _Both(self._witness, told, self._assignment.memory)
        assignment = replace(self._assignment, listed=tuple(listed))
        visit = Visit(assignment, self._options, both, self._hosts, self._decoder, self._renderer)
        await visit.run()
        self._tell_rest(told, both, visit)

    def _tell_rest(self, told: "_Told", both: "_Both", visit: Visit) -> None:
        """Tells what the interface knows of pages that were not read."""
        account, left = self._assignment.account.id, 0
        for url in told.addresses():
            if not visit.holds(url) or self._assignment.done.get(url, -1) >= 0:
                continue
            if both.count >= self._options.max_pages:
                left += 1
                continue
            both.tell(account, *told.take(url), Trace())
        if left:
            what = f"{left:,} pages of which its system tells were not read: the visit had reached its limit."
            self._witness.missed(account, "", Blind(what, Reason.LIMIT))


class _Told:
    """A witness of the interface: keeps what it tells of each page until that is visited."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness
        self._parts: dict[str, list[Document]] = {}
        self._gaps: dict[str, Blind] = {}

    def saw(self, _account: str, document: Document, _trace: Trace) -> None:
        """Parts of one page come one after the other: its text, then each comment."""
        self._parts.setdefault(page_key(document.url), []).append(document)

    def missed(self, account: str, url: str, blind: Blind) -> None:
        if url:
            self._gaps[page_key(url)] = blind
        elif blind.reason in _OF_WEATHER:
            self._witness.missed(account, "", blind)

    def unchanged(self, account: str, url: str, depth: int, trace: Trace) -> None:
        """Nothing is, to a visit that remembers nothing."""

    def gone(self, account: str, url: str, status: int) -> None:
        """Told by the pages alone."""

    def moved(self, account: str, url: str, to: str) -> None:
        """Told by the pages alone."""

    def addresses(self) -> list[str]:
        """The pages of which it tells, but for those that were taken."""
        return [parts[0].url.partition("#")[0] for parts in self._parts.values()]

    def knows(self, url: str) -> bool:
        """Whether it tells of that page, and nobody took that yet."""
        return page_key(url) in self._parts

    def take(self, url: str) -> tuple[Document, Blind | None]:
        """What it tells of a page that it knows, and what of that is missing; once."""
        key = page_key(url)
        parts = self._parts.pop(key)
        whole = replace(
            parts[0],
            url=parts[0].url.partition("#")[0],
            passages=tuple(passage for part in parts for passage in part.passages),
            comments=tuple(comment for part in parts for comment in part.comments),
            depth=1,
        )
        return whole, self._gaps.pop(key, None)

    def lack(self, url: str, blind: Blind) -> None:
        """The page itself could not be read."""
        self._gaps[page_key(url)] = blind

    def move(self, url: str, to: str) -> None:
        """What it tells of one page, it tells of another."""
        parts = [replace(part, url=to) for part in self._parts.pop(page_key(url))]
        self._parts.setdefault(page_key(to), []).extend(parts)


class _Both:
    """A witness of the pages: joins to each what is told of it. `count` is how many were read."""

    def __init__(self, witness: Witness, told: _Told, memory: Memory | None) -> None:
        self._witness, self._told, self._memory = witness, told, memory
        self._read: set[str] = set()
        self.count = 0

    def saw(self, account: str, document: Document, trace: Trace) -> None:
        self._read.add(page_key(document.url))
        if not self._told.knows(document.url):
            self.count += not document.is_shell
            self._witness.saw(account, document, trace)
            return
        told, gap = self._told.take(document.url)
        self.tell(account, _joined(document, told), gap, trace)

    def tell(self, account: str, document: Document, gap: Blind | None, trace: Trace) -> None:
        """Tells of a page as it is with what the interface knows of it, and what of it is missing."""
        self.count += not document.is_shell
        if gap is not None:
            document = replace(document, problem=document.problem or gap.what)
        before = self._memory.before(document.url) if self._memory is not None else None
        if document.problem or document.is_shell:
            trace = Trace()
        elif self._memory is not None:
            trace = replace(trace, content=self._memory.digest(content(document)), depth=document.depth)
        if before is not None and trace.content == before.content and (before.depth == 0) == (document.depth == 0):
            self._witness.unchanged(account, document.url, document.depth, trace)
        else:
            self._witness.saw(account, document, trace)
        if gap is not None:
            self._witness.missed(account, document.url, gap)

    def unchanged(self, account: str, url: str, depth: int, trace: Trace) -> None:
        self._read.add(page_key(url))
        self.count += 1
        if self._told.knows(url):
            self._told.take(url)
        self._witness.unchanged(account, url, depth, trace)

    def gone(self, account: str, url: str, status: int) -> None:
        """What the interface still publishes is not gone, though no page shows it."""
        if not self._told.knows(url):
            self._witness.gone(account, url, status)

    def missed(self, account: str, url: str, blind: Blind) -> None:
        if url and self._told.knows(url):
            self._told.lack(url, blind)
        self._witness.missed(account, url, blind)

    def moved(self, account: str, url: str, to: str) -> None:
        if self._told.knows(url):
            if page_key(to) in self._read:
                self._told.take(url)
            else:
                self._told.move(url, to)
        self._witness.moved(account, url, to)


def _joined(page: Document, told: Document) -> Document:
    """A page with what is told of it. Its pictures are those that it shows: elsewhere they have other sizes, and other
    addresses."""
    both = together(told, page)
    return replace(both, images=page.images, comment_state=page.comment_state or told.comment_state)
