"""What was learned of the wide web, over all accounts and audits: links visited, images looked at, hosts known."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, and_, bindparam, case, false, literal, or_, select, update

from auditor.model import LinkState, LinkVerdict, LogoSighting, Picture
from auditor.store.columns import storable
from auditor.store.database import Database
from auditor.store.lifecycle import batches
from auditor.store.rows import PageState, VisitedLink
from auditor.store.schema import host, link, link_state, names, page, picture

_TOLD: Final = ("verdict", "why", "status", "link_class", "kind", "sure", "outlet", "outlet_why", "outlet_sure")
"""What is told of a link beside where it led."""


LINK_STATE: Final = tuple(LinkState.__dataclass_fields__)
"""The columns of `link_state` that tell what the model does, in its order."""

_VISITED: Final = select(
    *(link_state.c[name] for name in ("visited_at", "fail_streak", "first_failed_at", *LINK_STATE)),
)


class Cache:
    """The part of the store that remembers what others need not fetch again."""

    _database: Database

    def keep_link_states(self, states: Iterable[LinkState], now: datetime, began: datetime | None = None) -> None:
        """What came of visiting addresses. Counts audits in a row that found one broken; "blocked" says nothing.

        `began` is when the audit did, so that what it visits twice counts once; left out, every visit counts.
        """
        told = {s.url: s for s in states if storable(s.url)}
        with self._database.writing() as connection:
            again = _still_alive(connection, (s for s in told.values() if s == _alive(s)), now)
            self._keep_states(connection, [s for s in told.values() if s.url not in again], now, began)

    def _keep_states(
        self, connection: Connection, states: Iterable[LinkState], now: datetime, began: datetime | None
    ) -> None:
        rows = {
            s.url: {
                "url": s.url,
                "verdict": s.verdict,
                "why": s.why,
                "status": s.status,
                "final_url": s.final_url,
                "hops": list(s.hops),
                "link_class": s.link_class,
                "kind": s.kind,
                "sure": s.sure,
                "outlet": s.outlet,
                "outlet_why": s.outlet_why,
                "outlet_sure": s.outlet_sure,
                "visited_at": now,
                "fail_streak": int(s.verdict is LinkVerdict.BROKEN),
                "first_failed_at": now if s.verdict is LinkVerdict.BROKEN else None,
            }
            for s in states
        }
        statement = self._database.insert(link_state)
        new, old = statement.excluded, link_state.c
        broken = new.verdict == LinkVerdict.BROKEN
        untold = (new.verdict == LinkVerdict.BLOCKED) | (new.verdict == LinkVerdict.SKIPPED)
        counted = (old.fail_streak > 0) & (old.visited_at >= began) if began else false()
        as_told = {
            name: new[name] for name in names(link_state) if name not in ("url", "fail_streak", "first_failed_at")
        }
        statement = statement.on_conflict_do_update(
            index_elements=["url"],
            set_={
                **as_told,
                "fail_streak": case(
                    (untold | (broken & counted), old.fail_streak), (broken, old.fail_streak + 1), else_=0
                ),
                "first_failed_at": case(
                    (broken & (old.fail_streak == 0), new.first_failed_at),
                    (broken | untold, old.first_failed_at),
                    else_=None,
                ),
            },
        )
        if rows:
            connection.execute(statement, [rows[url] for url in sorted(rows)])

    def keep_own_links(
        self, audit_id: int, account: str, sites: Iterable[str], plain: str, since: datetime, now: datetime
    ) -> None:
        """Tells of the account's links to pages of its own that this audit read as whole pages that they are alive, in
        one statement, and leaves all others: those with another story, those visited `since`, those that name a place,
        those to pages that may only say that they are not there. `sites` are its own ("https://www.x.example"), and
        `plain` is the regular expression of those that are asked for as they are written.
        """
        alive = asdict(_alive(LinkState("", LinkVerdict.ALIVE)))
        told = alive | {"visited_at": now, "fail_streak": 0, "first_failed_at": None}
        del told["url"], told["final_url"]
        constant = {name: literal(value, link_state.c[name].type) for name, value in told.items()}
        read = (
            select(page.c.url, page.c.url.label("final_url"), *constant.values())
            .join_from(page, link, (link.c.account == page.c.account) & (link.c.url == page.c.url))
            .where(page.c.account == account, page.c.audit == audit_id)
            .where(page.c.state == PageState.READ, ~page.c.doubtful, page.c.url.regexp_match(f"^{plain}$"))
            .where(lies_on(page.c.url, sites))
        )
        statement = self._database.insert(link_state).from_select(["url", "final_url", *constant], read)
        statement = statement.on_conflict_do_update(
            index_elements=["url"],
            set_={"visited_at": statement.excluded.visited_at},
            where=AS_ALIVE & (link_state.c.visited_at < since),
        )
        with self._database.writing() as connection:
            connection.execute(statement)

    def link_states(self, urls: Iterable[str]) -> dict[str, VisitedLink]:
        """What came of the last visit to those of the addresses that were ever visited."""
        known = {}
        with self._database.reading() as connection:
            for some in batches(urls):
                for at, streak, since, *told in connection.execute(_VISITED.where(link_state.c.url.in_(some))):
                    state = link_state_of(*told)
                    known[state.url] = VisitedLink(state, at, streak, since)
        return known

    def link_visits(self, urls: Iterable[str]) -> dict[str, tuple[LinkVerdict, datetime]]:
        """How the last visit to those of the addresses ended that were ever visited, and when it was."""
        told = select(link_state.c.url, link_state.c.verdict, link_state.c.visited_at)
        known = {}
        with self._database.reading() as connection:
            for some in batches(urls):
                for url, verdict, at in connection.execute(told.where(link_state.c.url.in_(some))):
                    known[url] = (LinkVerdict(verdict), at)
        return known

    def pictures_looked_at(self, urls: Iterable[str], since: datetime, version: str) -> set[str]:
        """Those of the addresses whose image was looked at since then with that version of eyes."""
        fresh = (picture.c.looked_at >= since) & (picture.c.version == version)
        known: set[str] = set()
        with self._database.reading() as connection:
            for some in batches(urls):
                known.update(connection.execute(select(picture.c.url).where(fresh, picture.c.url.in_(some))).scalars())
        return known

    def keep_pictures(self, pictures: Iterable[Picture], version: str, now: datetime) -> None:
        """What was seen in images. `version` names the eyes: the registered logos and the code that compares."""
        rows = {
            p.url: {
                "url": p.url,
                "version": version,
                "sha256": p.sha256,
                "width": p.width,
                "height": p.height,
                "logos": [[s.logo, s.rendition, s.score] for s in p.logos],
                "problem": p.problem,
                "looked_at": now,
                "etag": p.etag,
                "last_modified": p.last_modified,
            }
            for p in pictures
            if storable(p.url)
        }
        statement = self._database.insert(picture)
        statement = statement.on_conflict_do_update(
            index_elements=["url"],
            set_={name: statement.excluded[name] for name in names(picture) if name != "url"},
        )
        if rows:
            with self._database.writing() as connection:
                connection.execute(statement, [rows[url] for url in sorted(rows)])

    def pictures(self, urls: Iterable[str], version: str) -> dict[str, Picture]:
        """What was seen, with that version of eyes, in those of the images that were looked at."""
        return self._pictures(picture.c.url, urls, version)

    def pictures_by_content(self, digests: Iterable[str], version: str) -> dict[str, Picture]:
        """The same by SHA-256: the same file under another address need not be looked at again."""
        return self._pictures(picture.c.sha256, digests, version)

    def _pictures(self, column: Any, values: Iterable[str], version: str) -> dict[str, Picture]:
        known = {}
        with self._database.reading() as connection:
            for some in batches(values):
                fitting = select(picture).where(column.in_(some), picture.c.version == version).order_by(picture.c.url)
                for row in connection.execute(fitting):
                    known[row._mapping[column]] = picture_of(row._mapping)
        return known

    def learn_host(self, name: str, facts: Mapping[str, object], now: datetime) -> None:
        """Remembers plain JSON values of a host, instead of what was known of it."""
        statement = self._database.insert(host)
        new = statement.excluded
        statement = statement.on_conflict_do_update(
            index_elements=["host"], set_={"facts": new.facts, "learned_at": new.learned_at}
        )
        with self._database.writing() as connection:
            connection.execute(statement, {"host": name, "facts": dict(facts), "learned_at": now})

    def host_facts(self, names: Iterable[str]) -> dict[str, tuple[Mapping[str, object], datetime]]:
        """What is known of those of the hosts that are known, and since when."""
        known = {}
        with self._database.reading() as connection:
            for some in batches(names):
                for row in connection.execute(select(host).where(host.c.host.in_(some))):
                    known[row.host] = (row.facts, row.learned_at)
        return known


def lies_on(url: Column[str], sites: Iterable[str]) -> ColumnElement[bool]:
    """Whether an address lies on one of the sites ("https://www.x.example")."""
    return or_(false(), *((url >= f"{site}/") & (url < f"{site}0") for site in sites))  # "0" comes next after "/"


def _alive(state: LinkState) -> LinkState:
    """The state of a page that is there, of which nothing else is to be said."""
    return LinkState(state.url, LinkVerdict.ALIVE, status=200, final_url=state.url)


AS_ALIVE: Final = and_(
    link_state.c.final_url == link_state.c.url,
    *(link_state.c[name] == getattr(_alive(LinkState("", LinkVerdict.ALIVE)), name) for name in _TOLD),
    link_state.c.hops == [],
    link_state.c.fail_streak == 0,
    link_state.c.first_failed_at.is_(None),
)
"""What is told of a page that is there, and of no other."""

_STILL_ALIVE: Final = (
    update(link_state)
    .where(link_state.c.url.in_(bindparam("urls", expanding=True)), AS_ALIVE)
    .values(visited_at=bindparam("now"))
    .returning(link_state.c.url)
)


def _still_alive(connection: Connection, states: Iterable[LinkState], now: datetime) -> set[str]:
    """Those of the addresses of pages that are there of which just that was told before: it is told again.

    Most links lead within their own site and are so in every audit, so that is done for many at a time.
    """
    return {
        url
        for some in batches(sorted(state.url for state in states))
        for url in connection.execute(_STILL_ALIVE, {"urls": some, "now": now}).scalars()
    }


def link_state_of(
    url: str, verdict: str, why: str, status: int, final_url: str, hops: list[str], *rest: Any
) -> LinkState:
    """The columns `LINK_STATE` of a row as the word of the model."""
    return LinkState(url, LinkVerdict(verdict), why, status, final_url, tuple(hops), *rest)


def picture_of(row: Mapping[Any, Any]) -> Picture:
    """A row of `picture` as the word of the model."""
    return Picture(
        url=row["url"],
        sha256=row["sha256"],
        width=row["width"],
        height=row["height"],
        logos=tuple(LogoSighting(*sighting) for sighting in row["logos"]),
        problem=row["problem"],
        etag=row["etag"],
        last_modified=row["last_modified"],
    )
