"""What is left to do when all accounts are read: to visit what they link to, and to look at what they show.

Each address is visited once, however many accounts have it.
"""

import hashlib
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, Generic, TypeVar

from auditor.check import PUBLISHING
from auditor.config import Config
from auditor.ground import code
from auditor.model import Account, LinkState, Picture
from auditor.pictures.logos import LogoBook
from auditor.recall import pages_known
from auditor.store import Store
from auditor.store.lifecycle import batches
from spiders import images
from spiders.links import Before, Known, LinkAsk, LinkOptions, visit
from spiders.scope import visitable
from spiders.settings import Manners

T = TypeVar("T")

Tell = Callable[[str], None]

ALIVE_RESTS: Final = timedelta(days=6)
"""How long a link that was alive may go unvisited where nobody asks for it: less than a week, so that each weekly audit
looks at all of them."""


class Errands:
    """What one audit has to do beside reading its accounts. `began` is when it began, in whichever run.

    `asked` tells that a person asked for it: then no link rests, for they want to know how things are now.
    """

    def __init__(
        self,
        config: Config,
        store: Store,
        audit: int,
        began: datetime,
        manners: Manners,
        tell: Tell,
        *,
        asked: bool = True,
    ) -> None:
        self.asked = asked
        self.config = config
        self.store = store
        self.audit = audit
        self.began = began
        self.manners = manners
        self.tell = tell

    async def visit_links(self, accounts: Sequence[Account]) -> None:
        """Visits every distinct link of the accounts; what the crawl already read is settled without a visit."""
        known = pages_known(self.store, self.audit, accounts)
        urls = self._links_due(accounts, known)
        if not urls:
            return
        self.tell(f"Visiting {len(urls):,} distinct links.")
        kept = Bundle[LinkState](lambda states: self.store.keep_link_states(states, datetime.now(UTC)))
        options = LinkOptions(self.manners, known=known, before=self._before(urls), now=self.began)
        try:
            await visit((LinkAsk(url, fragment="#" in url) for url in urls), options, kept.add)
        finally:
            kept.flush()

    def _before(self, urls: Mapping[str, None]) -> Callable[[Sequence[str]], Mapping[str, Before]]:
        """What earlier audits told of some of the links, asked of the store when it is wanted: there may be many."""
        visited = frozenset(itertools.chain.from_iterable(self.store.link_states(some) for some in batches(urls)))

        def before(some: Sequence[str]) -> Mapping[str, Before]:
            known = [url for url in some if url in visited]
            told = self.store.link_states(known) if known else {}
            return {url: Before(last.state, last.visited_at) for url, last in told.items()}

        return before

    def _links_due(self, accounts: Sequence[Account], known: Mapping[str, Known]) -> Mapping[str, None]:
        """The links to visit: those that this audit has not visited; on schedule, save those alive a few days ago.

        No rest has a link into what this crawl missed or found gone, nor one to a place on a page that it read, nor one
        to a page that may only say that it is not there.
        """
        rested = None if self.asked else self.began - ALIVE_RESTS
        fronts = [self.store.frontier(self.audit, account.id) for account in accounts]
        lost = frozenset().union(*(front.done - front.read for front in fronts))
        due: dict[str, None] = {}
        for account in accounts:
            if account.kind not in PUBLISHING:
                continue
            due.update(dict.fromkeys(self.store.links_to_visit(account.id, self.began, rested)))
            for url in self.store.links_to_visit(account.id, self.began):
                page, _, place = url.partition("#")
                read = known.get(page)
                if page in lost or (lost and visitable(page) in lost) or (read and (place or read.doubtful)):
                    due[url] = None
        return due

    async def look_at_pictures(self, accounts: Sequence[Account]) -> None:
        """Compares the accounts' images with the registered logos, where the policy asks about logos."""
        if not self.config.district.logos or not self.config.policy.demands("unapproved-logo"):
            return
        references = {logo.id: logo.images for logo in self.config.district.logos}
        eyes = self._eyes()
        left = (self.store.images_to_look_at(a.id, self.began, eyes) for a in accounts)
        urls = dict.fromkeys(itertools.chain.from_iterable(left))
        if not urls:
            return
        self.tell(f"Looking at {len(urls):,} distinct images.")
        kept = Bundle[Picture](lambda pictures: self.store.keep_pictures(pictures, eyes, datetime.now(UTC)))
        with LogoBook(references) as book:

            def look(url: str, content: bytes, problem: str) -> None:
                kept.add(
                    Picture(url, problem=problem) if problem else replace(self._seen(book, content, eyes), url=url)
                )

            try:
                await images.fetch(urls, self.manners, look)
            finally:
                kept.flush()

    def _seen(self, book: LogoBook, content: bytes, eyes: str) -> Picture:
        """What is seen in a picture: what these eyes saw in the same one before, where they could."""
        name = hashlib.sha256(content).hexdigest()
        known = self.store.pictures_by_content([name], eyes).get(name)
        return known if known is not None and not known.problem else book.look(content)

    def _eyes(self) -> str:
        """Names what compares pictures: where a logo's file or the code changed, every image is looked at again."""
        digest = hashlib.blake2b(code(), digest_size=8)
        for logo in self.config.district.logos:
            digest.update(logo.id.encode())
            for image in logo.images:
                digest.update(image.read_bytes())
        return digest.hexdigest()


class Bundle(Generic[T]):
    """Keeps things in hundreds: one transaction each would cost more than the visit."""

    def __init__(self, keep: Callable[[Sequence[T]], None], size: int = 200) -> None:
        self._keep, self._size, self._waiting = keep, size, list[T]()

    def add(self, thing: T) -> None:
        """Takes one more."""
        self._waiting.append(thing)
        if len(self._waiting) >= self._size:
            self.flush()

    def flush(self) -> None:
        """Keeps what is waiting."""
        if self._waiting:
            kept, self._waiting = self._waiting, []
            self._keep(kept)
