"""What the store remembers of pages and hosts, for those who look again: the crawl, and the visits to links."""

import itertools
from collections import deque
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Final, NamedTuple

from auditor.judge import Past
from auditor.model import Account, Link
from auditor.store import Store
from auditor.store.rows import SEEN, PageBefore, PageState
from auditor.store.texts import Number, unpacked
from spiders.link_known import Known
from spiders.reading import Memory, Trace

_SLICE: Final = 256
"""Pages of one account that are read from the store together: as many as one asks for at a time, or more."""
_SLICES: Final = 4
"""Slices of one account's pages that are in memory at a time."""
_LINKS: Final = 8000
"""Links of the pages of a slice that are read from the store together."""
_TEXTS: Final = 2
"""Slices of which such links are in memory: while the pages of one come to an end, those of the next one begin."""
_FEW: Final = 4
"""Accounts among which an address is looked for by its name."""


class Recall:
    """What an earlier audit, or this one before it was stopped, knew of the pages of each account."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, account: str, ground: bytes) -> Memory:
        """The memory of one account, whose pages are now judged on that ground."""
        return _Recalled(self._store, account, ground)

    def notes(self, account: str, rules: Collection[str]) -> Mapping[str, Past] | None:
        """What these checks wrote down of the account's documents at earlier audits, by address; None where no earlier
        audit has come to an end."""
        if not rules or account not in self._concluded:
            return None
        return self._store.notes_before(account, rules)

    @cached_property
    def _concluded(self) -> frozenset[str]:
        """The accounts that some audit has brought to an end."""
        return frozenset(coverage.account for coverage in self._store.coverages())


def _may_be_known(page: PageBefore, ground: bytes) -> bool:
    """Whether it was judged on this same ground and read whole."""
    if not ground or page.ground != ground or page.problem:
        return False
    return page.state in (PageState.READ, PageState.MISSED)


def _trace(page: PageBefore) -> Trace:
    return Trace(
        etag=page.etag,
        last_modified=page.last_modified,
        body=page.body,
        content=page.content,
        rendered=page.rendered,
        echo=page.echo,
        depth=page.depth,
        kept=page.id,
    )


class _Page(NamedTuple):
    """What is remembered of a page: by what it is known again where it may be, and the numbers of its links, but for
    those that had been given when it was looked up."""

    trace: Trace | None
    links: Sequence[int]


_NOTHING: Final = _Page(None, ())
_Slice = Mapping[str, _Page]
"""Addresses that were looked up, each with what is remembered of its page."""


class _Recalled:
    """One account's memory, as a crawl asks for it: of an account of few pages all of it, else some slices."""

    def __init__(self, store: Store, account: str, ground: bytes) -> None:
        self._store, self._account, self._ground = store, account, ground
        self._slices: deque[_Slice] = deque(maxlen=_SLICES)
        self._others: dict[str, _Page] = {}
        self._texts: deque[dict[int, Link]] = deque(maxlen=_TEXTS)
        self._given: set[int] = set()

    def expect(self, urls: Sequence[str]) -> None:
        """These addresses are asked for next."""
        if self._whole is None:
            found = self._look_up(urls)
            self._slices.append(found)
            new = dict.fromkeys(itertools.chain.from_iterable(page.links for page in found.values()))
            self._texts.append(self._store.link_texts(self._account, itertools.islice(new, _LINKS)) if new else {})

    def before(self, url: str) -> Trace | None:
        """How the page was when it was judged, on this same ground and read whole; else None."""
        return self._page(url).trace

    def leads(self, url: str) -> Sequence[Link]:
        """The links of a page of which something was seen, on whatever ground, but for those that it gave before; their
        words are masked."""
        new = [number for number in self._page(url).links if number not in self._given]
        known = {number: texts.pop(number) for number in new for texts in self._texts if number in texts}
        if len(known) < len(new):
            known |= self._store.link_texts(self._account, [number for number in new if number not in known])
        self._given.update(new)
        return [known[number] for number in new]

    def digest(self, content: bytes) -> bytes:
        """The keyed digest of some bytes."""
        return self._store.digest(content)

    @cached_property
    def _whole(self) -> _Slice | None:
        """All that is remembered, where that is no more than a slice."""
        pages = [*self._store.pages_before(self._account, most=_SLICE + 1)]
        if len(pages) > _SLICE:
            return None
        if pages:
            self._texts.append(self._store.link_texts(self._account))
        return {page.url: self._of(page) for page in pages}

    def _page(self, url: str) -> _Page:
        if self._whole is not None:
            return self._whole.get(url, _NOTHING)
        for some in (*reversed(self._slices), self._others):
            if url in some:
                return some[url]
        if len(self._others) >= _SLICE:
            self._others.clear()
        self._others |= self._look_up([url])
        return self._others[url]

    def _look_up(self, urls: Sequence[str]) -> dict[str, _Page]:
        there = {page.url: self._of(page) for page in self._store.pages_before(self._account, urls)}
        return {url: there.get(url, _NOTHING) for url in urls}

    def _of(self, page: PageBefore) -> _Page:
        trace = _trace(page) if _may_be_known(page, self._ground) else None
        return _Page(trace, [number for number in map(abs, unpacked(page.links)) if number not in self._given])


# ------------------------------------------------------------------------------------------------ for links


class Places(Container[str]):
    """The places of a page, of which only keyed numbers are known."""

    __slots__ = ("_number", "_places")

    def __init__(self, places: bytes, number: Number) -> None:
        self._places, self._number = places, number

    def __contains__(self, place: object) -> bool:
        return isinstance(place, str) and self._number(place) in unpacked(self._places)


@dataclass(frozen=True, slots=True)
class Met:
    """What a crawl found at addresses: what the pages tell of which it saw something, those that told that nothing is
    there (with the status that said so, and when), and all at which it read no page."""

    read: dict[str, Known] = field(default_factory=dict)
    gone: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)

    def add(self, other: "Met", urls: Iterable[str]) -> None:
        """Takes over what the other tells of those addresses."""
        for url in urls:
            if url in other.read:
                self.read[url] = other.read[url]
            if url in other.gone:
                self.gone[url] = other.gone[url]


class Crawled:
    """What an audit's crawl of these accounts found, for the links that lead there.

    Of few accounts the store is asked for the addresses that somebody wants; of many, which are small, for all.
    """

    def __init__(self, store: Store, audit: int, accounts: Sequence[Account]) -> None:
        self._store, self._audit, self._accounts = store, audit, accounts

    def at(self, urls: Collection[str]) -> Met:
        """What it found at those of the addresses to which it came."""
        return self._all if len(self._accounts) > _FEW else self._met(urls)

    @cached_property
    def _all(self) -> Met:
        return self._met(None)

    def _met(self, urls: Collection[str] | None) -> Met:
        found = Met()
        for account in self._accounts:
            for met in self._store.pages_met(self._audit, account.id, urls):
                if met.state in SEEN:
                    places = Places(met.anchors, self._store.number)
                    # A rendered page has all its places.
                    found.read[met.url] = Known(
                        anchors=places, scripted=False if met.rendered else None, doubtful=met.doubtful
                    )
                if met.state == PageState.GONE and met.problem:
                    found.gone[met.url] = int(met.problem), met.checked_at
                if met.state != PageState.READ:
                    found.lost.add(met.url)
        return found


class HostBook:
    """What the store remembers of hosts, as a crawl asks for it."""

    def __init__(self, memory: Store) -> None:
        self._store = memory

    def recall(self, host: str) -> Mapping[str, object]:
        """What was remembered of that host; empty where nothing was."""
        facts, _ = self._store.host_facts([host]).get(host, ({}, None))
        return facts

    def remember(self, host: str, facts: Mapping[str, object]) -> None:
        """Keeps the facts of that host."""
        self._store.learn_host(host, facts, datetime.now(UTC))
