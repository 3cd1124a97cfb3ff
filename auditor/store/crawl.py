"""Where a crawl stands, and what it saw of an account: what an audit reads back to go on, to visit and to judge."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Row, Select, Table, func, or_, select

from auditor.model import (
    Image,
    Link,
    LinkState,
    LinkUse,
    LinkVerdict,
    Note,
    Outcome,
    Picture,
    PictureUse,
)
from auditor.store.cache import link_state_of, picture_of
from auditor.store.database import Database
from auditor.store.rows import Frontier, PageBefore, PageState, blind_of
from auditor.store.schema import (
    WHOLE_ACCOUNT,
    Moment,
    concluded,
    finding,
    image,
    link,
    link_state,
    names,
    note,
    page,
    picture,
)
from auditor.store.writer import Writer

T = TypeVar("T")

STRIDE: Final = 1000
"""Rows that are read at a time, so that neither memory grows nor a writer waits."""


class Crawl:
    """The part of the store that knows what was seen."""

    _database: Database

    def writer(self, audit_id: int, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Writer:
        """What a crawl hands its documents to. Close it before the accounts are concluded."""
        return Writer(self._database, audit_id, clock)

    def frontier(self, audit_id: int, account: str) -> Frontier:
        """Where the crawl of an account stands: empty before it began."""
        mine = (page.c.audit == audit_id, page.c.account == account)
        with self._database.reading() as connection:
            rows = connection.execute(
                select(page.c.url, page.c.depth, page.c.state, page.c.problem, page.c.blind)
                .where(*mine)
                .order_by(page.c.depth, page.c.url)
            ).all()
            read = select(
                func.count(),
                func.min(page.c.published_on, type_=Moment),
                func.max(page.c.published_on, type_=Moment),
            ).where(*mine, page.c.state == PageState.READ)
            documents, oldest, newest = connection.execute(read).one()
        whole = tuple(blind_of(r.blind) for r in rows if r.url.startswith(WHOLE_ACCOUNT))
        rows = [r for r in rows if not r.url.startswith(WHOLE_ACCOUNT)]
        return Frontier(
            done=frozenset(r.url for r in rows if r.state != PageState.QUEUED),
            read=frozenset(r.url for r in rows if r.state == PageState.READ),
            queued=tuple((r.url, r.depth) for r in rows if r.state == PageState.QUEUED),
            documents=documents,
            oldest=oldest,
            newest=newest,
            missed=tuple((r.url, blind_of(r.blind)) for r in rows if r.state == PageState.MISSED),
            problems=tuple((r.url, r.problem) for r in rows if r.state == PageState.READ and r.problem),
            blind=whole,
        )

    def pages_before(self, audit_id: int, account: str) -> Mapping[str, PageBefore]:
        """What the last audit that concluded the account before this one remembered of its pages, by address."""
        with self._database.reading() as connection:
            before = connection.execute(
                select(func.max(concluded.c.audit)).where(concluded.c.account == account, concluded.c.audit < audit_id)
            ).scalar()
            rows = connection.execute(
                select(page.c.url, page.c.digest, page.c.etag, page.c.last_modified).where(
                    page.c.audit == before, page.c.account == account, page.c.state == PageState.READ
                )
            )
            return {r.url: PageBefore(r.digest, r.etag, r.last_modified) for r in rows}

    def notes(self, audit_id: int, account: str) -> Mapping[str, tuple[Note, ...]]:
        """What checks wrote down of an account's documents, by rule, in the order of the addresses."""
        taken: dict[str, list[Note]] = defaultdict(list)
        with self._database.reading() as connection:
            for row in connection.execute(
                select(note.c.rule, note.c.url, note.c.facts)
                .where(note.c.audit == audit_id, note.c.account == account)
                .order_by(note.c.rule, note.c.url)
            ):
                taken[row.rule].append(Note(row.url, row.facts))
        return {rule: tuple(notes) for rule, notes in taken.items()}

    def outcomes(self, audit_id: int, account: str) -> Mapping[str, set[Outcome]]:
        """What this audit has found of an account so far, by rule: what a resumed audit must not forget."""
        seen: dict[str, set[Outcome]] = defaultdict(set)
        with self._database.reading() as connection:
            for rule, outcome in connection.execute(
                select(finding.c.rule, finding.c.outcome)
                .where(finding.c.last_audit == audit_id, finding.c.account == account)
                .distinct()
            ):
                seen[rule].add(Outcome(outcome))
        return seen

    # -------------------------------------------------------------------------------------------- links and images

    def links_to_visit(
        self, audit_id: int, account: str, since: datetime, alive_since: datetime | None = None
    ) -> Iterator[str]:
        """The account's links that nobody has visited since then, whatever account they were found on.

        An address that was alive at its last visit may rest longer: since `alive_since`.
        """
        rested = (link_state.c.verdict == LinkVerdict.ALIVE) & (link_state.c.visited_at >= (alive_since or since))
        stale = or_(link_state.c.url.is_(None), (link_state.c.visited_at < since) & ~rested)
        query = select(link.c.url).join_from(link, link_state, link.c.url == link_state.c.url, isouter=True)
        return self._strides(link, audit_id, account, query.where(stale), lambda row: str(row.url))

    def images_to_look_at(self, audit_id: int, account: str, since: datetime, version: str) -> Iterator[str]:
        """The account's images that nobody has looked at since then with that version of eyes (logos and code)."""
        stale = or_(picture.c.url.is_(None), picture.c.looked_at < since, picture.c.version != version)
        query = select(image.c.url).join_from(image, picture, image.c.url == picture.c.url, isouter=True)
        return self._strides(image, audit_id, account, query.where(stale), lambda row: str(row.url))

    def link_uses(self, audit_id: int, account: str) -> Iterator[LinkUse]:
        """Every distinct link of an account with what came of it, by address. One never visited is `skipped`."""
        query = select(
            link.c.url,
            link.c.words,
            link.c.tag,
            link.c.rel,
            link.c.page,
            link.c.places,
            *(link_state.c[name].label(f"state_{name}") for name in names(link_state)),
        ).join_from(link, link_state, link.c.url == link_state.c.url, isouter=True)
        return self._strides(link, audit_id, account, query, _link_use)

    def picture_uses(self, audit_id: int, account: str) -> Iterator[PictureUse]:
        """Every distinct image of an account with what was seen in it, by address."""
        query = select(
            *(image.c[name] for name in ("url", "alt", "caption", "near", "width", "height", "page", "places")),
            *(picture.c[name].label(f"picture_{name}") for name in names(picture)),
        ).join_from(image, picture, image.c.url == picture.c.url, isouter=True)
        return self._strides(image, audit_id, account, query, _picture_use)

    def _strides(
        self, table: Table, audit_id: int, account: str, query: Select[Any], made: Callable[[Row[Any]], T]
    ) -> Iterator[T]:
        """The rows of one account in the order of their addresses, read a stride at a time."""
        after = ""
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(
                    query.where(table.c.audit == audit_id, table.c.account == account, table.c.url > after)
                    .order_by(table.c.url)
                    .limit(STRIDE)
                ).all()
            yield from map(made, rows)
            if len(rows) < STRIDE:
                return
            after = rows[-1].url


def _link_use(row: Row[Any]) -> LinkUse:
    told = row._mapping
    state = (
        LinkState(row.url, LinkVerdict.SKIPPED, "it was not visited")
        if row.state_url is None
        else link_state_of({name: told[f"state_{name}"] for name in names(link_state)})
    )
    return LinkUse(Link(row.url, row.words, row.tag, tuple(row.rel.split())), row.page, row.places, state)


def _picture_use(row: Row[Any]) -> PictureUse:
    told = row._mapping
    seen = (
        Picture(row.url, problem="it was not looked at")
        if row.picture_url is None
        else picture_of({name: told[f"picture_{name}"] for name in names(picture)})
    )
    shown = Image(row.url, row.alt, row.caption, row.near, row.width, row.height)
    return PictureUse(shown, row.page, row.places, seen)
