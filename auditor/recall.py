"""What the store remembers of pages and hosts, for those who look again: the crawl, and the visits to links."""

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Final

from auditor.judge import Past
from auditor.model import Account, Link
from auditor.store import Store
from auditor.store.rows import SEEN, PageBefore, PageState
from auditor.store.texts import Number, unpacked
from spiders.link_known import Known
from spiders.reading import Memory, Trace

_AT_ONCE: Final = 32
"""Accounts whose pages are in memory at a time: more than are read side by side."""
_FEW: Final = 4
"""Accounts among which an address is looked for by its name."""


@dataclass(frozen=True, slots=True)
class _Pages:
    """What is remembered of one account: by what each page is known again that may be taken for known, the numbers of
    the links of each, and what links say by number."""

    traces: Mapping[str, Trace]
    leads: Mapping[str, bytes]
    links: Mapping[int, Link]


class Recall:
    """What an earlier audit, or this one before it was stopped, knew of the pages of each account.

    An account's pages are read from the store when the first of them is asked for.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._of: Callable[[str, bytes], _Pages] = lru_cache(_AT_ONCE)(self._load)

    def of(self, account: str, ground: bytes) -> Memory:
        """The memory of one account, whose pages are now judged on that ground."""
        return _Recalled(self._store, lambda: self._of(account, ground))

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

    def _load(self, account: str, ground: bytes) -> _Pages:
        traces, leads = {}, {}
        for page in self._store.pages_before(account):
            leads[page.url] = page.links
            if _may_be_known(page, ground):
                traces[page.url] = _trace(page)
        return _Pages(traces, leads, self._store.link_texts(account) if leads else {})


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
        kept=True,
    )


class _Recalled:
    """One account's memory, as a crawl asks for it."""

    def __init__(self, store: Store, pages: Callable[[], _Pages]) -> None:
        self._store, self._pages = store, pages

    def before(self, url: str) -> Trace | None:
        """How the page was when it was judged, on this same ground and read whole; else None."""
        return self._pages().traces.get(url)

    def leads(self, url: str) -> Sequence[Link]:
        """The links of a page of which something was seen, on whatever ground; their words are masked."""
        known = self._pages()
        return [known.links[abs(number)] for number in unpacked(known.leads.get(url, b""))]

    def digest(self, content: bytes) -> bytes:
        """The keyed digest of some bytes."""
        return self._store.digest(content)


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
