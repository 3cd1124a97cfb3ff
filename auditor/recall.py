"""What the store remembers of pages and hosts, for those who look again: the crawl, and the visits to links."""

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
_TEXTS: Final = 16_000
"""Such links beyond which those that no page gave yet are forgotten, and read once more: while the pages of one slice
come to an end, those of the next one begin."""
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


class _Page(NamedTuple):
    """What is remembered of a page: by what it is known again where it may be, and the numbers of its links, packed."""

    trace: Trace | None
    links: bytes


_NOTHING: Final = _Page(None, b"")


def _remembered(page: PageBefore, ground: bytes) -> _Page:
    """It may be known again where it was judged on this same ground and read whole."""
    number, _, _, state, depth, problem, rendered, etag, last_modified, echo, body, content, judged_on, links = page
    if not ground or judged_on != ground or problem or state not in (PageState.READ, PageState.MISSED):
        return _Page(None, links)
    return _Page(Trace(etag, last_modified, body, content, bool(rendered), echo, depth, number), links)


def _numbers(links: bytes) -> Iterable[int]:
    """The numbers of links, of which a page keeps some below zero."""
    return map(abs, unpacked(links))


class _Recalled:
    """One account's memory, as a crawl asks for it: of an account of few pages all of it, else some slices."""

    def __init__(self, store: Store, account: str, ground: bytes) -> None:
        self._store, self._account, self._ground = store, account, ground
        self._pages: dict[str, _Page] = {}
        self._slices: deque[Sequence[str]] = deque()
        self._others: dict[str, _Page] = {}
        self._texts: dict[int, Link] = {}
        self._given: set[int] = set()

    def expect(self, urls: Sequence[str]) -> None:
        """These addresses are asked for next."""
        if self._whole is not None:
            return
        if len(self._slices) >= _SLICES:
            for url in self._slices.popleft():
                self._pages.pop(url, None)
        found = self._look_up(urls)
        self._pages |= found
        self._slices.append(urls)
        links = dict.fromkeys(_numbers(b"".join(page.links for page in found.values())))
        if len(self._texts) > _TEXTS:
            self._texts.clear()
        self._read([number for number in links if number not in self._given][:_LINKS])

    def before(self, url: str) -> Trace | None:
        """How the page was when it was judged, on this same ground and read whole; else None."""
        return self._page(url).trace

    def leads(self, url: str) -> Sequence[Link]:
        """The links of a page of which something was seen, on whatever ground, but for those that it gave before; their
        words are masked."""
        new = [number for number in _numbers(self._page(url).links) if number not in self._given]
        if not new:
            return ()
        self._given.update(new)
        self._read([number for number in new if number not in self._texts])
        return [self._texts.pop(number) for number in new]

    def digest(self, content: bytes) -> bytes:
        """The keyed digest of some bytes."""
        return self._store.digest(content)

    @cached_property
    def _whole(self) -> dict[str, _Page] | None:
        """All that is remembered, where that is no more than a slice."""
        pages = [*self._store.pages_before(self._account, most=_SLICE + 1)]
        if len(pages) > _SLICE:
            return None
        if pages:
            self._texts = self._store.link_texts(self._account)
        return {page.url: _remembered(page, self._ground) for page in pages}

    def _read(self, links: Sequence[int]) -> None:
        """Has these links at hand."""
        if links:
            self._texts |= self._store.link_texts(self._account, links)

    def _page(self, url: str) -> _Page:
        if self._whole is not None:
            return self._whole.get(url, _NOTHING)
        known = self._pages.get(url) or self._others.get(url)
        if known is not None:
            return known
        if len(self._others) >= _SLICE:
            self._others.clear()
        self._others |= self._look_up([url])
        return self._others[url]

    def _look_up(self, urls: Sequence[str]) -> dict[str, _Page]:
        there = {page.url: _remembered(page, self._ground) for page in self._store.pages_before(self._account, urls)}
        return {url: there.get(url, _NOTHING) for url in urls}


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
