"""What was learned of the wide web, over all accounts and audits: links visited, images looked at, hosts known."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import case, false, select

from auditor.model import LinkState, LinkVerdict, LogoSighting, Picture
from auditor.store.columns import storable
from auditor.store.database import Database
from auditor.store.lifecycle import batches
from auditor.store.rows import VisitedLink
from auditor.store.schema import host, link_state, names, picture


class Cache:
    """The part of the store that remembers what others need not fetch again."""

    _database: Database

    def keep_link_states(self, states: Iterable[LinkState], now: datetime, began: datetime | None = None) -> None:
        """What came of visiting addresses. Counts audits in a row that found one broken; "blocked" says nothing.

        `began` is when the audit did, so that what it visits twice counts once; left out, every visit counts.
        """
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
            if storable(s.url)
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
            with self._database.writing() as connection:
                connection.execute(statement, [rows[url] for url in sorted(rows)])

    def link_states(self, urls: Iterable[str]) -> dict[str, VisitedLink]:
        """What came of the last visit to those of the addresses that were ever visited."""
        known = {}
        with self._database.reading() as connection:
            for some in batches(urls):
                for row in connection.execute(select(link_state).where(link_state.c.url.in_(some))):
                    state = link_state_of(row._mapping)
                    known[row.url] = VisitedLink(state, row.visited_at, row.fail_streak, row.first_failed_at)
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


def link_state_of(row: Mapping[Any, Any]) -> LinkState:
    """A row of `link_state` as the word of the model."""
    return LinkState(
        url=row["url"],
        verdict=LinkVerdict(row["verdict"]),
        why=row["why"],
        status=row["status"],
        final_url=row["final_url"],
        hops=tuple(row["hops"]),
        link_class=row["link_class"],
        kind=row["kind"],
        sure=row["sure"],
        outlet=row["outlet"],
        outlet_why=row["outlet_why"],
        outlet_sure=row["outlet_sure"],
    )


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
