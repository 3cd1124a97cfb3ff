"""A visit of one account, and witnesses that write down all of it, for tests that read real servers on loopback."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TypeVar

from auditor.model import Account, Blind, Document, Kind, Link, Reason
from spiders.reactor import run
from spiders.reading import Assignment, CrawlOptions, Trace
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
    pages: list[tuple[str, int]] = field(default_factory=list)
    dead: list[tuple[str, int]] = field(default_factory=list)
    gaps: list[tuple[str, Blind]] = field(default_factory=list)
    moves: list[tuple[str, str]] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    same: list[tuple[str, int]] = field(default_factory=list)
    traces: dict[str, Trace] = field(default_factory=dict)

    def saw(self, _account: str, document: Document, trace: Trace) -> None:
        self.order.append(f"saw {document.url}")
        self.documents.append(document)
        self.traces[document.url] = trace

    def unchanged(self, _account: str, url: str, depth: int, trace: Trace) -> None:
        self.order.append(f"unchanged {url}")
        self.same.append((url, depth))
        self.traces[url] = trace

    def queued(self, _account: str, pages: Sequence[tuple[str, int]]) -> None:
        self.order.extend(f"queued {url}" for url, _ in pages)
        self.pages.extend(pages)

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


@dataclass
class Ledger(Notes):
    """A witness that remembers, so that it can be the memory of the next visit."""

    known: dict[str, Trace] = field(default_factory=dict)
    links: dict[str, Sequence[Link]] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=dict)

    def saw(self, account: str, document: Document, trace: Trace) -> None:
        super().saw(account, document, trace)
        self.links[document.url] = document.links
        self.depths[document.url] = document.depth
        self.known.pop(document.url, None)
        if not document.problem:
            self.known[document.url] = trace

    def unchanged(self, account: str, url: str, depth: int, trace: Trace) -> None:
        super().unchanged(account, url, depth, trace)
        self.depths[url] = depth
        self.known[url] = trace

    def before(self, url: str) -> Trace | None:
        return self.known.get(url)

    def leads(self, url: str) -> Sequence[Link]:
        return self.links.get(url, ())

    def digest(self, content: bytes) -> bytes:
        return blake2b(content, key=b"of the store", digest_size=16).digest()

    def again(self) -> "Ledger":
        """The same memory, with nothing written down of a visit yet."""
        return Ledger(known=dict(self.known), links=dict(self.links))


def account(url: str, name: str = "lincoln") -> Account:
    return Account(name, Kind.OFFICIAL, "website", url)


def visit(url: str, options: CrawlOptions = OPTIONS, **given: object) -> Notes:
    """What a visit of one account brings."""
    return _visited(Notes(), url, options, **given)


def revisit(url: str, before: Ledger | None = None, options: CrawlOptions = OPTIONS, **given: object) -> Ledger:
    """What a visit brings that remembers those before it."""
    ledger = before.again() if before else Ledger()
    return _visited(ledger, url, options, memory=ledger, **given)


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
