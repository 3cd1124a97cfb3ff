"""When something is due, and how far it came: a table that outlives restarts, so that no run is lost or done twice."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Update, select, update

from auditor.store.database import Database
from auditor.store.rows import Slot, SlotState
from auditor.store.schema import heartbeat, slot

ATTEMPTS: Final = 3
"""How often a due run is tried before it counts as failed."""


class Slots:
    """Due runs by job and point in time. Every change is one transaction, so that two programs never share a slot."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def offer(self, job: str, slot_utc: datetime) -> bool:
        """Makes a run due; True where it is new. Older runs of the job that nobody began are superseded: run once."""
        with self._database.writing() as connection:
            new = self._database.insert(slot).on_conflict_do_nothing().returning(slot.c.job)
            row = {"job": job, "slot_utc": slot_utc, "state": SlotState.DUE, "attempt": 0, "why": ""}
            offered = connection.execute(new, row).scalar() is not None
            connection.execute(_superseded(job, slot_utc))
            return offered

    def claim(self, job: str, now: datetime, pid: int) -> Slot | None:
        """Takes the job's newest due run, if there is one and nobody was faster; older ones are superseded.

        A slot that has not come yet, because a wrong clock offered it, waits for its time.
        """
        with self._database.writing() as connection:
            due = (
                select(slot)
                .where(slot.c.job == job, slot.c.state == SlotState.DUE, slot.c.slot_utc <= now)
                .order_by(slot.c.slot_utc.desc())
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            row = connection.execute(due).one_or_none()
            if row is None:
                return None
            taken = (
                update(slot)
                .where(slot.c.job == job, slot.c.slot_utc == row.slot_utc, slot.c.state == SlotState.DUE)
                .values(
                    state=SlotState.RUNNING,
                    attempt=slot.c.attempt + 1,
                    pid=pid,
                    claimed_at=now,
                    finished_at=None,
                    why="",
                )
                .returning(slot)
            )
            claimed = connection.execute(taken).one_or_none()
            connection.execute(_superseded(job, row.slot_utc))
            return _slot(claimed) if claimed is not None else None

    def finish(self, taken: Slot, now: datetime) -> None:
        """The run is done."""
        self._set(taken, {"state": SlotState.DONE, "pid": None, "finished_at": now})

    def release(self, taken: Slot) -> None:
        """The run was asked to stop: it is due again, and the attempt does not count."""
        self._set(taken, {"state": SlotState.DUE, "pid": None, "attempt": slot.c.attempt - 1})

    def fail(self, taken: Slot, now: datetime, why: str, attempts: int = ATTEMPTS) -> Slot:
        """The run failed: due again, or failed for good at the last attempt. Gives the slot as it is now."""
        for_good = taken.attempt >= attempts
        state = SlotState.FAILED if for_good else SlotState.DUE
        self._set(taken, {"state": state, "pid": None, "why": why, "finished_at": now if for_good else None})
        return next(s for s in self.all(taken.job) if s.slot_utc == taken.slot_utc)

    def recover(self, now: datetime, attempts: int = ATTEMPTS) -> tuple[Slot, ...]:
        """Runs whose program died: due again, or failed for good. Gives them as they are now.

        Call it only while holding the district's lock: whoever holds it knows that nothing else is running.
        """
        running = [s for s in self.all() if s.state is SlotState.RUNNING]
        return tuple(self.fail(s, now, "the program ended before the run did", attempts) for s in running)

    def all(self, job: str | None = None, limit: int = 200) -> tuple[Slot, ...]:
        """The slots, newest first."""
        query = select(slot).order_by(slot.c.slot_utc.desc(), slot.c.job).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(query if job is None else query.where(slot.c.job == job))
            return tuple(_slot(row) for row in rows)

    def beat(self, name: str, now: datetime, pid: int) -> None:
        """Says that a program is alive."""
        statement = self._database.insert(heartbeat)
        new = statement.excluded
        statement = statement.on_conflict_do_update(index_elements=["name"], set_={"at": new.at, "pid": new.pid})
        with self._database.writing() as connection:
            connection.execute(statement, {"name": name, "at": now, "pid": pid})

    def last_beat(self, name: str) -> tuple[datetime, int] | None:
        """When a program last said that it is alive, and its process id."""
        with self._database.reading() as connection:
            row = connection.execute(select(heartbeat).where(heartbeat.c.name == name)).one_or_none()
            return (row.at, row.pid) if row is not None else None

    def _set(self, taken: Slot, change: dict[str, Any]) -> None:
        with self._database.writing() as connection:
            connection.execute(
                update(slot)
                .where(slot.c.job == taken.job, slot.c.slot_utc == taken.slot_utc, slot.c.state == SlotState.RUNNING)
                .values(change)
            )


def _superseded(job: str, by: datetime) -> Update:
    older = (slot.c.job == job) & (slot.c.slot_utc < by) & (slot.c.state == SlotState.DUE)
    return update(slot).where(older).values(state=SlotState.SUPERSEDED)


def _slot(row: Row[Any]) -> Slot:
    return Slot(
        job=row.job,
        slot_utc=row.slot_utc,
        state=SlotState(row.state),
        attempt=row.attempt,
        pid=row.pid,
        claimed_at=row.claimed_at,
        finished_at=row.finished_at,
        why=row.why,
    )
