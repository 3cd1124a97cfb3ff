"""What the store remembers of pages and hosts, for those who look again: the crawl, and the visits to links."""

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Final

from auditor.judge import Past
from auditor.model import Account, Link
from auditor.store import Store
from auditor.store.rows import PageBefore, PageState
from auditor.store.texts import Number, unpacked
from spiders.link_known import Known
from spiders.reading import Memory, Trace

_AT_ONCE: Final = 32
"""Accounts whose pages are in memory at a time: more than are read side by side."""


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


def pages_known(store: Store, audit: int, accounts: Iterable[Account]) -> dict[str, Known]:
    """What the pages of these accounts that an audit saw tell of their own addresses, for the links that lead there."""
    return {
        read.url: Known(
            anchors=Places(read.anchors, store.number),
            # A rendered page has all its places.
            scripted=False if read.rendered else None,
            doubtful=read.doubtful,
        )
        for account in accounts
        for read in store.pages_read(audit, account.id)
    }


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
