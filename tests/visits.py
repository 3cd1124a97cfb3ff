"""A visit of one account, and witnesses that write down all of it, for tests that read real servers on loopback."""

import contextlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any, TypeVar

from auditor.model import Account, Blind, Document, Kind, Link, Reason
from spiders.reactor import run
from spiders.reading import Assignment, CrawlOptions, Trace, Witness, may_pass
from spiders.website import read
from tests.servers import Reply, Route, Site, serve

AnyNotes = TypeVar("AnyNotes", bound="Notes")

OPTIONS = CrawlOptions(
    contact="webmaster@riverbend.example",
    delay=0,
    allow_networks=("127.0.0.0/8",),
    version="1.2",
    page_deadline=1.0,
    pause=0.01,
)


@dataclass
class Notes:
    """A witness that writes everything down."""

    documents: list[Document] = field(default_factory=list)
    dead: list[tuple[str, int]] = field(default_factory=list)
    gaps: list[tuple[str, Blind]] = field(default_factory=list)
    moves: list[tuple[str, str]] = field(default_factory=list)
    same: list[tuple[str, int]] = field(default_factory=list)
    traces: dict[str, Trace] = field(default_factory=dict)

    def saw(self, _account: str, document: Document, trace: Trace) -> None:
        self.documents.append(document)
        self.traces[document.url] = trace

    def unchanged(self, _account: str, url: str, depth: int, trace: Trace) -> None:
        self.same.append((url, depth))
        self.traces[url] = trace

    def gone(self, _account: str, url: str, status: int) -> None:
        self.dead.append((url, status))

    def missed(self, _account: str, url: str, blind: Blind) -> None:
        self.gaps.append((url, blind))

    def moved(self, _account: str, url: str, to: str) -> None:
        self.moves.append((url, to))

    @property
    def urls(self) -> list[str]:
        return [document.url for document in self.documents]

    @property
    def why(self) -> list[str]:
        return [blind.what for _, blind in self.gaps]

    @property
    def reasons(self) -> list[Reason]:
        return [blind.reason for _, blind in self.gaps]


class Killed(Exception):
    """The program died."""


@dataclass
class Ledger(Notes):
    """A witness that remembers, so that it can be the memory of the next visit.

    `settled` is what a visit that was stopped leaves to the one that goes on. `stop_after` is how many things are told
    before the program dies.
    """

    known: dict[str, Trace] = field(default_factory=dict)
    links: dict[str, Sequence[Link]] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=dict)
    settled: dict[str, int] = field(default_factory=dict)
    stop_after: int = sys.maxsize

    def saw(self, account: str, document: Document, trace: Trace) -> None:
        self._hear()
        super().saw(account, document, trace)
        self.settled[document.url] = self.depths[document.url] = document.depth
        self.links[document.url] = document.links
        self.known.pop(document.url, None)
        if not document.problem:
            self.known[document.url] = trace

    def unchanged(self, account: str, url: str, depth: int, trace: Trace) -> None:
        self._hear()
        super().unchanged(account, url, depth, trace)
        self.settled[url] = self.depths[url] = depth
        self.known[url] = trace

    def gone(self, account: str, url: str, status: int) -> None:
        self._hear()
        super().gone(account, url, status)
        self.settled[url] = -1

    def moved(self, account: str, url: str, to: str) -> None:
        self._hear()
        super().moved(account, url, to)
        self.settled[url] = -1

    def missed(self, account: str, url: str, blind: Blind) -> None:
        self._hear()
        super().missed(account, url, blind)
        if url and not may_pass(blind):
            self.settled.setdefault(url, 1)

    def _hear(self) -> None:
        self.stop_after -= 1
        if self.stop_after < 0:
            raise Killed

    def expect(self, urls: Sequence[str]) -> None:
        """Everything is at hand."""

    def before(self, url: str) -> Trace | None:
        return self.known.get(url)

    def leads(self, url: str) -> Sequence[Link]:
        return self.links.get(url, ())

    def digest(self, content: bytes) -> bytes:
        return blake2b(content, key=b"of the store", digest_size=16).digest()

    def again(self, stop_after: int = sys.maxsize) -> "Ledger":
        """The same memory, with nothing written down of a visit yet."""
        return Ledger(known=dict(self.known), links=dict(self.links), stop_after=stop_after)


def account(url: str, name: str = "lincoln") -> Account:
    return Account(name, Kind.OFFICIAL, "website", url)


def visit(url: str, options: CrawlOptions = OPTIONS, **given: object) -> Notes:
    """What a visit of one account brings."""
    return _visited(Notes(), url, options, **given)


def revisit(url: str, before: Ledger | None = None, options: CrawlOptions = OPTIONS, **given: object) -> Ledger:
    """What a visit brings that remembers those before it."""
    ledger = before.again() if before else Ledger()
    return _visited(ledger, url, options, memory=ledger, **given)


def killed_visit(url: str, before: Ledger | None, stop_after: int, options: CrawlOptions = OPTIONS) -> Ledger:
    """What is left of a visit that was killed after so many things were told, or of a whole one that has no more."""
    ledger = (before or Ledger()).again(stop_after)
    with contextlib.suppress(Killed):
        _visited(ledger, url, options, memory=ledger)
    return ledger


def _visited(notes: AnyNotes, url: str, options: CrawlOptions, **given: object) -> AnyNotes:
    renderer = given.pop("renderer", None)
    run(read([Assignment(account(url), **given)], options, notes, renderer))  # type: ignore[arg-type]
    return notes


def explore(
    routes: Mapping[str, Route], path: str = "/", options: CrawlOptions = OPTIONS, **given: object
) -> tuple[Notes, Site]:
    with serve(routes) as site:
        notes = visit(site.at(path), options, **given)
    return notes, site


def links(*paths: str) -> str:
    return "".join(f'<a href="{path}">{path}</a> ' for path in paths)


def paths(notes: Notes, site: Site) -> list[str]:
    return sorted("/" + url.removeprefix(site.url) for url in notes.urls)


def to(url: str, status: int = 302) -> Reply:
    """A redirect."""
    return Reply(status=status, headers={"Location": url})


def visit_route(assignment: Assignment, witness: Witness, **options: Any) -> None:
    """Reads one account by the route that it is given."""
    run(read([assignment], replace(OPTIONS, **options), witness))
