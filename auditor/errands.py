"""Does what is left when all accounts are read (`auditor.due`): visits what they link to, looks at what they show.

Each address is visited once, however many accounts have it.
"""

import contextlib
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, Final, Generic, TypeVar

from auditor.check import PUBLISHING
from auditor.config import Config
from auditor.due import eyes
from auditor.imported import imported
from auditor.model import Account, LinkState, LinkVerdict, Picture
from auditor.recall import Crawled, Met
from auditor.store import Store
from auditor.store.lifecycle import batches
from auditor.store.rows import VisitedLink
from spiders import images
from spiders.link_address import PLAIN
from spiders.links import Before, LinkAsk, LinkOptions, places_of, settled, visit
from spiders.pace import host_of
from spiders.scope import sites_of, visitable
from spiders.settings import Manners

T = TypeVar("T")

_EARLIER_PAGES: Final = 64
ALIVE_RESTS: Final = timedelta(days=6)
"""How long a link that was alive may go unvisited where nobody asks for it: less than a week, so that each weekly audit
looks at all of them."""


class Errands:
    """What one audit has to do beside reading its accounts. `began` is when it began, in whichever run.

    `asked` tells that a person asked for it: then no link rests, for they want to know how things are now.
    """

    def __init__(
        self, config: Config, store: Store, audit: int, began: datetime, manners: Manners, *, asked: bool = True
    ) -> None:
        self.asked = asked
        self.config = config
        self.store = store
        self.audit = audit
        self.began = began
        self.manners = manners

    def settle_links(self, account: Account) -> None:
        """Tells of the account's links to pages of its own that its crawl read: most of its links are such, and what is
        to be told of them, that they are alive, `visit_links` would tell, too, one by one."""
        sites = sites_of(account.url)
        if not sites or account.kind not in PUBLISHING:
            return
        since = self.began if self.asked else self.began - ALIVE_RESTS
        self.store.keep_own_links(self.audit, account.id, sites, PLAIN.pattern, since, datetime.now(UTC))

    async def visit_links(self, urls: Iterable[str], near: Sequence[Account]) -> None:
        """Visits those links but for the ones that may rest, and those that this audit has visited meanwhile. `near`
        are the accounts of this audit on the same hosts: what their crawl already read is settled without a visit."""
        crawled = Crawled(self.store, self.audit, near)
        allows = self.manners.guard().allows
        kept = Bundle[LinkState](lambda states: self.store.keep_link_states(states, datetime.now(UTC), self.began))
        asks: list[LinkAsk] = []
        visited: list[str] = []
        met = Met()
        try:
            for some in batches(urls):
                here = crawled.at({place for url in some for place in places_of(url)})
                due = self._due(some, here)
                still_gone = self._still_gone(due, here)
                for url in due:
                    ask = LinkAsk(url, fragment="#" in url)
                    state = still_gone.get(url) or settled(ask, here.read, allows)
                    if state is not None:
                        kept.add(state)
                        continue
                    asks.append(ask)
                    met.add(here, places_of(url))
                    if due[url] and url not in here.read:
                        visited.append(url)
            earlier = _Earlier(self.store, visited)

            def before(asked: Sequence[str]) -> Mapping[str, Before]:
                return {**earlier.of(asked), **dict(_crawled(asked, met.gone))}

            await visit(asks, LinkOptions(self.manners, known=met.read, before=before, now=self.began), kept.add)
        finally:
            kept.flush()

    def _due(self, urls: Sequence[str], met: Met) -> dict[str, bool]:
        """Those of the links that this audit has not visited, on schedule save those that were alive a few days ago;
        and whether each was ever visited.

        No rest has a link into what this crawl missed or found gone, nor one to a place on a page that it read, nor one
        to a page that may only say that it is not there.
        """
        rested_since = self.began - ALIVE_RESTS

        def rests(url: str, verdict: LinkVerdict, visited_at: datetime) -> bool:
            if self.asked or verdict is not LinkVerdict.ALIVE or visited_at < rested_since:
                return False
            page, _, place = url.partition("#")
            read = met.read.get(page)
            is_lost = page in met.lost or bool(met.lost and visitable(page) in met.lost)
            return not (is_lost or (read is not None and (bool(place) or read.doubtful)))

        due = dict.fromkeys(urls, False)
        for url, (verdict, visited_at) in self.store.link_visits(urls).items():
            if visited_at >= self.began or rests(url, verdict, visited_at):
                del due[url]
            else:
                due[url] = True
        return due

    def _still_gone(self, due: Mapping[str, bool], met: Met) -> Mapping[str, LinkState]:
        """What earlier audits told of links that led nowhere and, as the crawl of this one found, do so in the same
        way: only a new failure is asked once more."""
        told = self.store.link_states([url for url, visited in due.items() if visited and url in met.gone])
        return {url: last.state for url, last in told.items() if _is_as_before(last.state, met.gone[url][0])}

    async def look_at_pictures(self, urls: Iterable[str]) -> None:
        """Compares those images with the registered logos, but for the ones that were looked at meanwhile. Of what was
        seen before with these eyes, servers are asked whether it changed."""
        references = {logo.id: logo.images for logo in self.config.district.logos}
        seen_by, urls = eyes(self.config.district), tuple(urls)
        looked_at = self.store.pictures_looked_at(urls, self.began, seen_by)
        before = {url: seen for url, seen in self.store.pictures(urls, seen_by).items() if not seen.problem}
        fresh: dict[str, Picture] = {}  # by content, those that the store does not know yet

        def keep(pictures: Sequence[Picture]) -> None:
            self.store.keep_pictures(pictures, seen_by, datetime.now(UTC))
            fresh.clear()

        kept = Bundle[Picture](keep)
        with contextlib.ExitStack() as over:

            @cache
            def book() -> Any:
                """Made for the first picture that is new or changed: what looks at pictures takes as long to import,
                and to learn the logos, as twenty pages to read."""
                return over.enter_context(imported("auditor.pictures.logos").LogoBook(references))

            def look(told: images.Fetched) -> None:
                if told.problem:
                    kept.add(Picture(told.url, problem=told.problem))
                    return
                picture = before.get(told.url)
                name = hashlib.sha256(told.content).hexdigest()
                if picture is None or not (told.unchanged or picture.sha256 == name):
                    picture = fresh.get(name) or self._seen(
                        lambda content: book().look(content), name, told.content, seen_by
                    )
                    if not picture.problem:
                        fresh[name] = picture
                kept.add(replace(picture, url=told.url, etag=told.etag, last_modified=told.last_modified))

            left = (url for url in urls if url not in looked_at)
            try:
                await images.fetch(left, self.manners, look, before=before)
            finally:
                kept.flush()

    def _seen(self, look: Callable[[bytes], Picture], name: str, content: bytes, seen_by: str) -> Picture:
        """What is seen in a picture: what these eyes saw in the same one before, where they could."""
        known = self.store.pictures_by_content([name], seen_by).get(name)
        return known if known is not None and not known.problem else look(content)


def _is_as_before(state: LinkState, status: int) -> bool:
    """Whether a link was told to lead nowhere just as a crawl found it with that status."""
    as_before = (LinkVerdict.BROKEN, status, state.url, ())
    return (state.verdict, state.status, state.final_url, state.hops) == as_before


def _crawled(urls: Iterable[str], gone: Mapping[str, tuple[int, datetime]]) -> Iterator[tuple[str, Before]]:
    """The first of two looks at those of the links that the crawl of this audit found gone."""
    for url in urls:
        if url in gone:
            status, at = gone[url]
            yield url, Before(LinkState(url, LinkVerdict.BROKEN, status=status, final_url=url), at)


class _Earlier:
    """What earlier audits told of some links; asked of the store a page at a time when it is wanted: there may be many.

    Links of one host are asked for one after the other, so they are on one page.
    """

    def __init__(self, store: Store, urls: Iterable[str], size: int = 200) -> None:
        self._store = store
        self._pages = list(batches(sorted(urls, key=host_of), size))
        self._on = {url: number for number, page in enumerate(self._pages) for url in page}
        self._page = lru_cache(_EARLIER_PAGES)(self._read)

    def of(self, urls: Sequence[str]) -> Mapping[str, Before]:
        """What was told of those of the links that were ever visited."""
        found = {}
        for url in urls:
            last = self._page(self._on[url]).get(url) if url in self._on else None
            if last is not None:
                found[url] = Before(last.state, last.visited_at)
        return found

    def _read(self, number: int) -> Mapping[str, VisitedLink]:
        return self._store.link_states(self._pages[number])


class Bundle(Generic[T]):
    """Keeps things together that come within half a second: one transaction each would cost more than the visit."""

    def __init__(self, keep: Callable[[Sequence[T]], None], size: int = 200, seconds: float = 0.5) -> None:
        self._keep, self._size, self._seconds, self._waiting = keep, size, seconds, list[T]()
        self._since = time.monotonic()

    def add(self, thing: T) -> None:
        """Takes one more."""
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting.append(thing)
        if len(self._waiting) >= self._size or time.monotonic() - self._since >= self._seconds:
            self.flush()

    def flush(self) -> None:
        """Keeps what is waiting."""
        if self._waiting:
            kept, self._waiting = self._waiting, []
            self._keep(kept)
