"""What is not kept: the roster when it is forgotten, readings when they are old, findings long after they are fixed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import ColumnElement, Table, delete, func, insert, select, tuple_

from auditor.model import Status
from auditor.store.adding import forget_pages
from auditor.store.columns import Moment
from auditor.store.database import Database, backups
from auditor.store.rows import AuditState, Purged, SlotState
from auditor.store.schema import (
    audit,
    concluded,
    finding,
    finding_event,
    host,
    image_text,
    link_state,
    link_text,
    note,
    page,
    picture,
    remark,
    roster,
    sighting,
    slot,
)

READINGS: Final[tuple[Table, ...]] = (page, link_text, image_text, note, sighting, remark)
"""What an audit saw, page by page; judged and counted, it is needed only by the next audit."""


class Retention:
    """The part of the store that forgets, so that nothing deleted stays on the disk."""

    _database: Database

    def keep_roster(self, parts: Mapping[str, bytes], now: datetime) -> None:
        """Keeps the roster instead of the one before: named parts, as `auditor.roster` made them, digests only."""
        self._replace_roster([{"part": part, "content": parts[part], "kept_at": now} for part in sorted(parts)])

    def drop_roster(self) -> None:
        """Forgets the roster, in every copy of it that we made."""
        self._replace_roster([])
        self._remove_backups(None)

    def roster_parts(self) -> dict[str, bytes] | None:
        """The roster's parts by name; None where no roster is kept."""
        with self._database.reading() as connection:
            rows = connection.execute(select(roster.c.part, roster.c.content).order_by(roster.c.part))
            return {part: bytes(content) for part, content in rows} or None

    def roster_kept_at(self) -> datetime | None:
        """When the roster was last kept; None where there is none."""
        with self._database.reading() as connection:
            return connection.execute(select(func.max(roster.c.kept_at, type_=Moment))).scalar()

    def purge(self, readings_before: datetime, findings_before: datetime) -> Purged:
        """Forgets what is too old, and makes sure that it is gone from the disk.

        Readings (pages and what hangs on them, visits) from before the first date go, but not those of each account's
        last audit. Findings that were fixed before the second date go with their events; one that is open, dismissed
        or acknowledged never does. Counts and audits stay.
        """
        removed = {"page": self._delete_pages(_old_reading(readings_before))}
        removed["link_state"] = self._delete(link_state, link_state.c.visited_at < readings_before)
        removed["picture"] = self._delete(picture, picture.c.looked_at < readings_before)
        removed["host"] = self._delete(host, host.c.learned_at < findings_before)
        over = (finding.c.status == Status.FIXED) & (finding.c.fixed_at < findings_before)
        removed["finding"] = self._delete(finding, over)
        old_slot = (slot.c.slot_utc < findings_before) & slot.c.state.not_in([SlotState.DUE, SlotState.RUNNING])
        removed["slot"] = self._delete(slot, old_slot)
        removed["backup"] = self._remove_backups(readings_before)
        return Purged(removed, self._database.wipe(*READINGS, link_state, picture, finding, finding_event))

    def _replace_roster(self, rows: list[dict[str, object]]) -> None:
        with self._database.deciding() as connection:
            connection.execute(delete(roster))
            if rows:
                connection.execute(insert(roster), rows)
        self._database.wipe(roster)

    def _delete_pages(self, which: ColumnElement[bool]) -> int:
        """Forgets pages, and what only they said."""
        with self._database.writing() as connection:
            accounts = connection.execute(select(page.c.account).where(which).distinct()).scalars().all()
            return sum(forget_pages(connection, account, which) for account in accounts)

    def _delete(self, table: Table, which: ColumnElement[bool]) -> int:
        with self._database.writing() as connection:
            return connection.execute(delete(table).where(which)).rowcount

    def _remove_backups(self, before: datetime | None) -> int:
        """Removes the copies that upgrades left (all, or those from before a date); they hold what was deleted."""
        if not self._database.file:
            return 0
        old = [
            copy
            for copy in backups(self._database.file)
            if before is None or datetime.fromtimestamp(copy.stat().st_mtime, UTC) < before
        ]
        for copy in old:
            copy.unlink()
        return len(old)


def _old_reading(before: datetime) -> ColumnElement[bool]:
    """The pages of audits that began before that date, but for each account's last audit and one that is running."""
    old = select(audit.c.id).where(audit.c.started_at < before, audit.c.state != AuditState.RUNNING)
    newest = select(func.max(concluded.c.audit), concluded.c.account).group_by(concluded.c.account)
    return page.c.audit.in_(old) & tuple_(page.c.audit, page.c.account).not_in(newest)
