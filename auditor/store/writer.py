"""Writes down what a crawl sees, a bundle of pages at a time, without keeping the crawl waiting.

A page, its links and its findings are stored in one transaction: an audit that is killed loses at most the last half
second of pages, and they are simply read again. A page that is read twice counts once.
"""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import Connection, Table, case, tuple_

from auditor.model import Blind, Document, Finding, Image, Link, Note, Reason
from auditor.store.database import Database
from auditor.store.lifecycle import record
from auditor.store.rows import PageState, told_of
from auditor.store.schema import LONGEST_URL, WHOLE_ACCOUNT, clean, image, link, note, page

Mask = Callable[[str], str]
"""Makes a text showable: whatever of a person was recognised in it comes out masked."""

EVERY: Final = 0.4
"""Seconds after which what was seen is stored, with the time that storing takes within half a second."""

BUNDLE: Final = 50
"""Pages after which what was seen is stored, however short the time."""

LONGEST_TEXT: Final = 300
"""Characters kept of the words around a link or an image."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """One document, until it is stored: what of it is kept, and how its words are masked."""

    account: str
    url: str
    depth: int
    links: Sequence[Link]
    images: Sequence[Image]
    notes: Sequence[tuple[str, Note]]
    mask: Mask


@dataclass(slots=True)
class _Bundle:
    """What is waiting to be stored. Keys are (account, address)."""

    pages: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    seen: dict[tuple[str, str], _Seen] = field(default_factory=dict)
    queued: dict[tuple[str, str], int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class _Use:
    """A link or an image, over the pages of a bundle. `first` is where it stands first, by depth and address."""

    thing: Any
    depth: int
    first: str
    mask: Mask
    places: int = 1


class Writer:
    """Takes down what an audit sees. Safe to use from several threads; close it, or use it in a `with`.

    A fault of the database comes up at the next call.
    """

    def __init__(self, database: Database, audit: int, clock: Callable[[], datetime]) -> None:
        self.audit = audit
        self._database = database
        self._clock = clock
        self._left_out: Counter[str] = Counter()
        self._waiting = _Bundle()
        self._taking = threading.Lock()
        self._storing = threading.Lock()
        self._closed = threading.Event()
        self._fault: BaseException | None = None
        self._upserts = {table.name: self._upsert(table) for table in (link, image)}
        self._ticker = threading.Thread(target=self._tick, name="store-writer", daemon=True)
        self._ticker.start()

    @property
    def left_out(self) -> Mapping[str, int]:
        """How many links and images of an account had an address too long to keep (`LONGEST_URL`)."""
        return self._left_out

    # -------------------------------------------------------------------------------------------- what is seen

    def saw(
        self,
        account: str,
        document: Document,
        *,
        mask: Mask,
        findings: Iterable[Finding] = (),
        notes: Iterable[tuple[str, Note]] = (),
        etag: str = "",
        last_modified: str = "",
    ) -> None:
        """A document was read and judged. `notes` are (rule, note).

        Link words, alternative texts and captions go through `mask` before they are kept; nothing else of the
        document's text is. Only the first sight of a document in an audit counts. What a shell shows is kept, and the
        page counts as missed.
        """
        url = clean(document.url)
        key = (account, url)
        unseen = {"state": PageState.MISSED, "blind": told_of(Blind(document.problem, Reason.NOT_IN_ROUTE))}
        row = _page_row(self.audit, account, url, PageState.READ) | {
            "depth": document.depth,
            "problem": document.problem,
            "digest": document.digest,
            "etag": etag,
            "last_modified": last_modified,
            "published_on": document.published_on,
            "read_at": self._clock(),
            **(unseen if document.is_shell else {}),
        }
        taken = _Seen(account, url, document.depth, document.links, document.images, tuple(notes), mask)
        with self._taking:
            self._waiting.findings.extend(findings)
            if key not in self._waiting.seen and _storable(url):
                self._waiting.pages[key] = row
                self._waiting.seen[key] = taken
            full = len(self._waiting.pages) >= BUNDLE
        self._carry_on(full)

    def queued(self, account: str, addresses: Iterable[tuple[str, int]]) -> None:
        """Addresses of the account that are to be read, each with its depth. Known ones stay what they are."""
        with self._taking:
            for url, depth in addresses:
                if _storable(url):
                    self._waiting.queued.setdefault((account, clean(url)), depth)
        self._carry_on(full=False)

    def gone(self, account: str, url: str) -> None:
        """The address answered that nothing is there any more (404, 410)."""
        self._ended(_page_row(self.audit, account, clean(url), PageState.GONE))

    def missed(self, account: str, url: str, blind: Blind) -> None:
        """The address could not be read, and why. It may still be read later in the same audit."""
        self._ended(_page_row(self.audit, account, clean(url), PageState.MISSED) | {"blind": told_of(blind)})

    def blind(self, account: str, blind: Blind) -> None:
        """Something of the account as a whole could not be seen, and why; a resumed audit still knows it."""
        self.missed(account, f"{WHOLE_ACCOUNT}{blind.what[:LONGEST_TEXT]}", blind)

    def found(self, findings: Iterable[Finding]) -> None:
        """Findings that came of no single document."""
        with self._taking:
            self._waiting.findings.extend(findings)
        self._carry_on(full=False)

    def _ended(self, row: dict[str, Any]) -> None:
        key = (row["account"], row["url"])
        with self._taking:
            before = self._waiting.pages.get(key)
            if _storable(row["url"]) and (before is None or before["state"] == PageState.MISSED):
                self._waiting.pages[key] = row
            full = len(self._waiting.pages) >= BUNDLE
        self._carry_on(full)

    # -------------------------------------------------------------------------------------------- storing

    def flush(self) -> None:
        """Stores everything seen so far. What was stored when this returns survives a `kill -9`."""
        with self._storing:
            with self._taking:
                bundle, self._waiting = self._waiting, _Bundle()
            if bundle.pages or bundle.queued or bundle.findings:
                with self._database.writing() as connection:
                    self._store(connection, bundle)

    def close(self) -> None:
        """Stores what is left and ends the ticker."""
        self._closed.set()
        self._ticker.join()
        self.flush()
        self._carry_on(full=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _carry_on(self, full: bool) -> None:
        if self._fault:
            fault, self._fault = self._fault, None
            raise fault
        if full:
            self.flush()

    def _tick(self) -> None:
        while not self._closed.wait(EVERY):
            try:
                self.flush()
            except Exception as fault:  # noqa: BLE001  raised again in the thread that can do something about it
                self._fault = fault

    def _store(self, connection: Connection, bundle: _Bundle) -> None:
        queue = [
            _page_row(self.audit, *key, PageState.QUEUED) | {"depth": depth}
            for key, depth in bundle.queued.items()
            if key not in bundle.pages
        ]
        if queue:
            connection.execute(self._database.insert(page).on_conflict_do_nothing(), queue)
        first_time = self._store_pages(connection, [row for _, row in sorted(bundle.pages.items())])
        seen = [bundle.seen[key] for key in bundle.seen if key in first_time]
        self._store_uses(connection, link, _uses(seen, _web_links), _link_words)
        self._store_uses(connection, image, _uses(seen, lambda s: s.images), _image_words)
        notes = [
            {"audit": self.audit, "account": s.account, "rule": rule, "url": s.url, "facts": dict(taken.facts)}
            for s in seen
            for rule, taken in s.notes
        ]
        if notes:
            connection.execute(self._database.insert(note).on_conflict_do_nothing(), notes)
        record(connection, self._database, bundle.findings, self.audit, self._clock())

    def _store_pages(self, connection: Connection, rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
        """Upserts pages; what was read stays read. Gives back those that came to their state just now."""
        if not rows:
            return set()
        statement = self._database.insert(page)
        changed = {
            name: statement.excluded[name]
            for name in ("state", "problem", "blind", "digest", "etag", "last_modified", "published_on", "read_at")
        }
        # A page that was only queued knows its depth already; gone and missed ones tell none.
        changed["depth"] = case(
            (statement.excluded.state == PageState.READ, statement.excluded.depth), else_=page.c.depth
        )
        statement = statement.on_conflict_do_update(
            index_elements=["audit", "account", "url"],
            set_=changed,
            where=(page.c.state != PageState.READ)
            & ((page.c.state != PageState.GONE) | (statement.excluded.state == PageState.READ)),
        ).returning(page.c.account, page.c.url)
        return {(account, url) for account, url in connection.execute(statement, rows)}

    def _store_uses(
        self,
        connection: Connection,
        table: Table,
        uses: Mapping[tuple[str, str], _Use],
        words: Callable[[Any, Mask], dict[str, Any]],
    ) -> None:
        """Adds links or images to what is known of them: more places, and perhaps an earlier first one."""
        rows = []
        for account, url in sorted(uses):
            use = uses[account, url]
            if not _storable(url):
                self._left_out[account] += 1
                continue
            mine = {"audit": self.audit, "account": account, "url": url, "places": use.places}
            rows.append({**mine, "page": use.first, "depth": use.depth, **words(use.thing, use.mask)})
        if not rows:
            return
        connection.execute(self._upserts[table.name], rows)

    def _upsert(self, table: Table) -> Any:
        """More places for a link or image that is known; its words come from where it stands first."""
        statement = self._database.insert(table)
        new = statement.excluded
        earlier = tuple_(new.depth, new.page) < tuple_(table.c.depth, table.c.page)
        moved = [column.name for column in table.c if column.name not in ("audit", "account", "url", "places")]
        return statement.on_conflict_do_update(
            index_elements=["audit", "account", "url"],
            set_={
                "places": table.c.places + new.places,
                **{name: case((earlier, new[name]), else_=table.c[name]) for name in moved},
            },
        )


def _uses(
    seen: Iterable[_Seen], things: Callable[[_Seen], Sequence[Link] | Sequence[Image]]
) -> dict[tuple[str, str], _Use]:
    """Each distinct link or image, counted once a page."""
    uses: dict[tuple[str, str], _Use] = {}
    for one in seen:
        account, here, depth, mask = one.account, one.url, one.depth, one.mask
        on_page = set()
        for thing in things(one):
            url = thing.url
            if url in on_page:
                continue
            on_page.add(url)
            use = uses.get((account, url))
            if use is None:
                uses[account, url] = _Use(thing, depth, here, mask)
                continue
            use.places += 1
            if depth < use.depth or (depth == use.depth and here < use.first):
                use.thing, use.depth, use.first, use.mask = thing, depth, here, mask
    return uses


_PAGES: Final = ("http:", "https:", "ftp:", "file:")
_CALLS: Final = re.compile(
    r"@|^(?:mailto|tel|sms|smsto|callto|fax|facetime|skype|whatsapp):.|(?:\d\D?){7}", re.IGNORECASE
)


def _web_links(seen: _Seen) -> Sequence[Link]:
    """Links to pages and files, and those that were meant to be. A mailbox or a number to call is nobody's page, and
    may be a child's."""
    return [link for link in seen.links if link.url.startswith(_PAGES) or not _CALLS.search(link.url)]


def _link_words(thing: Link, mask: Mask) -> dict[str, Any]:
    return {"words": _masked(thing.words, mask), "tag": thing.tag, "rel": " ".join(thing.rel)}


def _image_words(thing: Image, mask: Mask) -> dict[str, Any]:
    return {
        "alt": _masked(thing.alt, mask),
        "caption": _masked(thing.caption, mask),
        "near": _masked(thing.near, mask),
        "width": thing.width,
        "height": thing.height,
    }


def _masked(text: str, mask: Mask) -> str:
    return mask(text)[:LONGEST_TEXT] if text else ""


def _storable(url: str) -> bool:
    return len(url) <= LONGEST_URL and len(url.encode("utf-8", "surrogatepass")) <= LONGEST_URL


def _page_row(audit: int, account: str, url: str, state: PageState) -> dict[str, Any]:
    return {
        "audit": audit,
        "account": account,
        "url": url,
        "depth": 0,
        "state": state,
        "problem": "",
        "blind": None,
        "digest": "",
        "etag": "",
        "last_modified": "",
        "published_on": None,
        "read_at": None,
    }
