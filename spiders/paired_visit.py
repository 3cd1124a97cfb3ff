"""The visit of a website whose system also tells programs what stands on it: page by page, as every website is visited,
and joined to that what the system's interface tells.

A page shows what no interface tells: menus, sidebars, footers, logos. An interface tells what no page leads to. So
neither stands in for the other: what is told of a page is joined to it when it is read, and what is told of one that
could not be read is read by itself. Where the interface is closed, nothing is lacking that a website would have.

An account on a platform may have a host of its own, too. Whose front page shows that is read as accounts there are, and
not by its pages. What was shown is remembered: the next visit reads it so at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from auditor.model import Blind, Comment, CommentState, Document, Place, Reason
from spiders.decoder import Decoder
from spiders.fetch import Answer
from spiders.hosts import Hosts
from spiders.platform import Beside, Front, Route
from spiders.probe import signs_at
from spiders.reading import Assignment, CrawlOptions, Renderer, Trace, Witness
from spiders.route_visit import RouteVisit
from spiders.scope import page_key, split, visitable
from spiders.shell import together
from spiders.trace import content
from spiders.visit import Visit

_NOBODY_SAYS: Final = "there is no page at this address, and its system could not say whether it still publishes it"
_OF_WEATHER: Final = frozenset({Reason.RATE_LIMITED, Reason.PLATFORM_OUTAGE, Reason.PARTIAL_LISTING, Reason.LIMIT})
"""Why an interface that is there did not tell everything. One that is closed to strangers owes them nothing."""


class PairedVisit:
    """One account's visit by its pages and, where there is one, by an interface. Made for one `run`."""

    def __init__(
        self,
        assignment: Assignment,
        beside: Beside,
        options: CrawlOptions,
        witness: Witness,
        hosts: Hosts,
        decoder: Decoder,
        renderer: Renderer | None,
    ) -> None:
        self._assignment, self._beside, self._options = assignment, beside, options
        self._home = visitable(assignment.account.url) or assignment.account.url
        self._witness, self._hosts = witness, hosts
        self._told = _Told(witness)
        self._both = _Both(witness, self._told, assignment)
        self._visit = Visit(assignment, options, self._both, hosts, decoder, renderer, self._meet)

    async def run(self) -> None:
        """Visits the pages, asks the interface once the front page is read, and tells of both."""
        if await self._as_remembered():
            return
        await self._visit.run()
        self._both.held.go_on()
        self._tell_rest()

    async def _as_remembered(self) -> bool:
        """Reads the account as one on the platform that its front page showed before; whether anything was there. If
        not, that is not believed: it may have moved, and is looked at again."""
        if split(self._home) is None:
            return False
        host, path = await self._hosts.of(self._home), urlsplit(self._home).path
        route = self._beside(Front(self._home, host.known.signs.get(path, {})))
        if route is None or not route.alone or self._options.max_pages == 1:
            return False
        told = _IfAnything(self._witness)
        await RouteVisit(self._assignment, route, self._options, told, self._hosts).run()
        if not told.shows:
            host.known.signs.pop(path, None)
        return told.shows

    async def _meet(self, answer: Answer | None) -> Sequence[str] | None:
        """Asks the interface of the system that the front page shows; gives the addresses of which that tells. None
        where the account is one on a platform, and was read as such."""
        front = await self._front(answer)
        if self._options.max_pages == 1:  # who wants one page wants nothing that lies behind it
            self._both.held.go_on()
            return ()
        route = self._beside(front)
        if route is not None and route.alone:
            self._both.held.drop()
            await RouteVisit(self._assignment, route, self._options, self._witness, self._hosts).run()
            return None
        self._both.held.go_on()
        return await self._asked(route) if route is not None else ()

    async def _asked(self, route: Route) -> Sequence[str]:
        beside = replace(self._assignment, seeds=(), done={}, memory=None)
        asked = RouteVisit(beside, route, self._options, self._told, self._hosts)
        await asked.run()
        self._told.comment_state = asked.profile.comment_state if asked.profile is not None else None
        return (*self._told.addresses(), *asked.pages)

    async def _front(self, answer: Answer | None) -> Front:
        """What the front page shows; what it showed before, where it did not change or could not be read.

        `answer` is None where it failed, or was read before this audit was stopped.
        """
        url = answer.url if answer is not None else self._home
        host, path = await self._hosts.of(url), urlsplit(url).path
        if answer is None or answer.unchanged:
            known = host.known.signs.get(path)
            if known is not None or (answer is None and self._home not in self._assignment.done):
                return Front(url, known or {})
            answer = await self._hosts.fetcher.get(url)
        if answer.status != 200:
            return Front(url, {})
        signs = await signs_at(answer, self._hosts)
        for front in dict.fromkeys((answer.url, self._home)):
            (await self._hosts.of(front)).facts.shows(urlsplit(front).path, signs)
        return Front(answer.url, signs)

    def _tell_rest(self) -> None:
        """Tells what the interface knows of pages that were not read."""
        account, left = self._assignment.account.id, 0
        for url in self._told.addresses():
            is_known = self._both.has_read(url) or self._assignment.done.get(url, -1) >= 0
            if is_known or not self._visit.holds(url):
                continue
            if self._both.count >= self._options.max_pages:
                left += 1
                continue
            self._both.tell(account, *self._told.take(url), Trace())
        if left:
            what = f"{left:,} pages of which its system tells were not read: the visit had reached its limit."
            self._witness.missed(account, "", Blind(what, Reason.LIMIT))


class _Held:
    """Words for a witness that are held back until `go_on`, or for ever."""

    def __init__(self) -> None:
        self._words: list[Callable[[], None]] | None = []

    @property
    def holds(self) -> bool:
        """Whether it still holds back what it is told."""
        return self._words is not None

    def tell(self, word: Callable[[], None]) -> None:
        """Tells it, in its turn."""
        if self._words is None:
            word()
        else:
            self._words.append(word)

    def go_on(self) -> None:
        """Tells what was held back, and from now on everything at once."""
        words, self._words = self._words or (), None
        for word in words:
            word()

    def drop(self) -> None:
        """What was held back is not told at all."""
        self._words = None


class _IfAnything:
    """A witness who tells the other nothing before there is a document to tell of."""

    def __init__(self, witness: Witness) -> None:
        self._witness, self._held = witness, _Held()
        self.shows = False

    def saw(self, account: str, document: Document, trace: Trace) -> None:
        self._go_on()
        self._witness.saw(account, document, trace)

    def unchanged(self, account: str, url: str, depth: int, trace: Trace) -> None:
        self._go_on()
        self._witness.unchanged(account, url, depth, trace)

    def gone(self, account: str, url: str, status: int) -> None:
        self._held.tell(partial(self._witness.gone, account, url, status))

    def missed(self, account: str, url: str, blind: Blind) -> None:
        self._held.tell(partial(self._witness.missed, account, url, blind))

    def moved(self, account: str, url: str, to: str) -> None:
        self._held.tell(partial(self._witness.moved, account, url, to))

    def _go_on(self) -> None:
        self.shows = True
        self._held.go_on()


class _Told:
    """A witness of the interface: keeps what it tells of each page until that is visited."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness
        self._parts: dict[str, list[Document]] = {}
        self._gaps: dict[str, Blind] = {}
        self.comment_state: CommentState | None = None
        """Who may comment on pages of which it tells nothing else."""
        self.silence: Reason | None = None
        """Why it did not tell all that it would have told on another day."""

    def saw(self, _account: str, document: Document, _trace: Trace) -> None:
        """Parts of one page come one after the other: its text, then each comment."""
        self._parts.setdefault(page_key(document.url), []).append(document)

    def missed(self, account: str, url: str, blind: Blind) -> None:
        if url:
            self._gaps[page_key(url)] = blind
        elif blind.reason in _OF_WEATHER:
            self.silence = self.silence or (blind.reason if blind.reason is not Reason.LIMIT else None)
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

    @property
    def is_left(self) -> bool:
        """Whether it tells of pages that nobody took yet."""
        return bool(self._parts)

    def knows(self, url: str) -> bool:
        """Whether it tells of that page, and nobody took that yet."""
        return self.is_left and page_key(url) in self._parts

    def take(self, url: str) -> tuple[Document, Blind | None]:
        """What it tells of a page that it knows, and what of that is missing; once."""
        key = page_key(url)
        parts = self._parts.pop(key)
        own = parts[0]
        whole = replace(
            own,
            url=own.url.partition("#")[0],
            comment_state=own.comment_state or (None if own.comments else self.comment_state),
            profile=None,
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
    """A witness of the pages: joins to each what is told of it. `count` is how many were read.

    What comes first is the front page's. It is `held` back until somebody knows what it is.
    """

    def __init__(self, witness: Witness, told: _Told, assignment: Assignment) -> None:
        self._witness, self._told, self._memory = witness, told, assignment.memory
        self._before = frozenset(assignment.seeds)
        self._read: set[str] = set()
        self.held = _Held()
        self.count = 0

    def has_read(self, url: str) -> bool:
        """Whether the page itself was read; asked only of pages of which the interface tells."""
        return page_key(url) in self._read

    def _note(self, url: str) -> None:
        """The page itself was read. Once the interface has told all that it will, and that was taken, nobody asks."""
        if self.held.holds or self._told.is_left:
            self._read.add(page_key(url))

    def saw(self, account: str, document: Document, trace: Trace) -> None:
        self._note(document.url)
        if not self._told.knows(document.url):
            self.count += not document.is_shell
            self.held.tell(partial(self._witness.saw, account, document, trace))
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
            trace = trace._replace(content=self._memory.digest(content(document)), depth=document.depth)
        if before is not None and trace.content == before.content and (before.depth == 0) == (document.depth == 0):
            self._witness.unchanged(account, document.url, document.depth, trace)
        else:
            self._witness.saw(account, document, trace)
        if gap is not None:
            self._witness.missed(account, document.url, gap)

    def unchanged(self, account: str, url: str, depth: int, trace: Trace) -> None:
        self._note(url)
        self.count += 1
        if self._told.knows(url):
            self._told.take(url)
        self.held.tell(partial(self._witness.unchanged, account, url, depth, trace))

    def gone(self, account: str, url: str, status: int) -> None:
        """What the interface still publishes is not gone, though no page shows it; nor what it may still publish."""
        if self._told.knows(url):
            return
        silence = self._told.silence if url in self._before else None
        if silence is None:
            self._witness.gone(account, url, status)
        else:
            self._witness.missed(account, url, Blind(_NOBODY_SAYS, silence))

    def missed(self, account: str, url: str, blind: Blind) -> None:
        if url and self._told.knows(url):
            self._told.lack(url, blind)
        self.held.tell(partial(self._witness.missed, account, url, blind))

    def moved(self, account: str, url: str, to: str) -> None:
        if self._told.knows(url):
            if self.has_read(to):
                self._told.take(url)
            else:
                self._told.move(url, to)
        self.held.tell(partial(self._witness.moved, account, url, to))


def _joined(page: Document, told: Document) -> Document:
    """A page with what is told of it. Its pictures are those that it shows: elsewhere they have other sizes, and other
    addresses. Each comment stands there once; where more are told than the page shows, that does not show them all."""
    shown = {_of_comment(comment) for comment in page.comments} | {comment.text for comment in page.comments}
    more = tuple(one for one in told.comments if shown.isdisjoint((_of_comment(one), one.text)))
    texts = {comment.text for comment in more}
    words = tuple(one for one in told.passages if one.place is not Place.COMMENT or one.text in texts)
    both = together(replace(told, comments=more, passages=words), page)
    return replace(
        both,
        images=page.images,
        comment_state=page.comment_state or told.comment_state,
        comments_whole=None if more else page.comments_whole,
    )


def _of_comment(comment: Comment) -> str:
    """Its place on the page, whatever address the page itself has; its text where it has none."""
    return comment.url.rpartition("#")[2] or comment.text
