"""Audits: begun, gone on with, ended; and what was said of every account: verdicts and coverage."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Integer, Row, delete, func, insert, literal, select, update

from auditor.model import Coverage, Outcome, Status, Verdict
from auditor.store.columns import Moment
from auditor.store.database import Database
from auditor.store.days import Days
from auditor.store.lifecycle import lapse
from auditor.store.rows import Audit, AuditState, Tally, blind_of
from auditor.store.schema import audit, concluded, coverage, finding, tally, verdict

FRESH: Final = timedelta(days=3)
"""How long an audit that did not end can be gone on with. What was read before that is no longer news."""


class Audits(Days):
    """The part of the store that knows the runs."""

    _database: Database

    def begin_audit(self, accounts: Iterable[str], policy: str, trigger: str, now: datetime, *, basis: str = "") -> int:
        """A new audit of these accounts; gives its id. Audits that never ended are closed as stopped.

        `trigger` says who asked ("command", "schedule"); `basis` is a digest of whatever the judging depends on.
        """
        row = {
            "started_at": now,
            "state": AuditState.RUNNING,
            "policy": policy,
            "basis": basis,
            "accounts": sorted(set(accounts)),
            "trigger": trigger,
        }
        with self._database.writing() as connection:
            connection.execute(
                update(audit).where(audit.c.state == AuditState.RUNNING).values(state=AuditState.STOPPED)
            )
            lapse(connection, self._local(now))
            return int(connection.execute(insert(audit).returning(audit.c.id), row).scalar_one())

    def unfinished_audit(
        self, accounts: Iterable[str], policy: str, now: datetime, *, basis: str = "", within: timedelta = FRESH
    ) -> int | None:
        """The newest audit, where it began lately, was to do just this and did not end; else None."""
        newest = self.last_audit()
        if newest is None or newest.state is AuditState.FINISHED or newest.started_at < now - within:
            return None
        same = (newest.accounts, newest.policy, newest.basis) == (tuple(sorted(set(accounts))), policy, basis)
        return newest.id if same else None

    def resume_audit(self, audit_id: int) -> frozenset[str]:
        """Goes on with an audit; gives the accounts that it has concluded already."""
        with self._database.writing() as connection:
            connection.execute(
                update(audit).where(audit.c.id == audit_id).values(state=AuditState.RUNNING, finished_at=None)
            )
            done = connection.execute(select(concluded.c.account).where(concluded.c.audit == audit_id)).scalars()
            return frozenset(done)

    def finish_audit(self, audit_id: int, now: datetime, unshared: Collection[str] = ()) -> None:
        """The audit is over. Counts what needs somebody, for the weeks to come.

        `unshared` are accounts whose owners keep them to themselves: they are in no count.
        """
        groups = (finding.c.school, finding.c.policy, finding.c.severity)
        counts = (
            select(literal(audit_id, Integer), *groups, func.count())
            .where(finding.c.status.in_([Status.OPEN, Status.ACKNOWLEDGED]), finding.c.account.not_in(list(unshared)))
            .group_by(*groups)
        )
        with self._database.writing() as connection:
            lapse(connection, self._local(now))
            self._end(connection, audit_id, AuditState.FINISHED, now)
            connection.execute(delete(tally).where(tally.c.audit == audit_id))
            connection.execute(insert(tally).from_select(["audit", "school", "policy", "severity", "open"], counts))

    def stop_audit(self, audit_id: int, now: datetime) -> None:
        """The audit was stopped early. What was done is kept, and the next run goes on from there."""
        with self._database.writing() as connection:
            self._end(connection, audit_id, AuditState.STOPPED, now)

    def last_audit(self) -> Audit | None:
        """The newest audit, ended or not."""
        return next(iter(self.audits(limit=1)), None)

    def audits(self, limit: int = 100) -> tuple[Audit, ...]:
        """The audits, newest first."""
        with self._database.reading() as connection:
            return tuple(_audit(r) for r in connection.execute(select(audit).order_by(audit.c.id.desc()).limit(limit)))

    def concluded_in(self) -> Mapping[str, int]:
        """For every account the audit that last judged it: what is new or fixed is so since the one before."""
        with self._database.reading() as connection:
            newest = select(concluded.c.account, func.max(concluded.c.audit)).group_by(concluded.c.account)
            return {account: int(audit_id) for account, audit_id in connection.execute(newest)}

    def history(self, weeks: int = 8) -> tuple[Tally, ...]:
        """How many findings needed somebody after each audit that finished in the weeks before the last one.

        An audit after which nothing needed anybody is there with one count of 0.
        """
        with self._database.reading() as connection:
            last = connection.execute(select(func.max(audit.c.finished_at, type_=Moment))).scalar()
            if last is None:
                return ()
            rows = connection.execute(
                select(audit.c.id, audit.c.finished_at, tally)
                .join_from(audit, tally, isouter=True)
                .where(audit.c.state == AuditState.FINISHED, audit.c.finished_at > last - timedelta(weeks=weeks))
                .order_by(audit.c.id, tally.c.school, tally.c.policy, tally.c.severity)
            )
            return tuple(
                Tally(r.id, r.finished_at, r.school or "", r.policy or "", r.severity or "", r.open or 0) for r in rows
            )

    def verdicts(self) -> tuple[Verdict, ...]:
        """How every rule last ended for every account."""
        with self._database.reading() as connection:
            rows = connection.execute(select(verdict).order_by(verdict.c.account, verdict.c.rule))
            return tuple(Verdict(r.account, r.rule, Outcome(r.outcome), r.reason) for r in rows)

    def coverages(self) -> tuple[Coverage, ...]:
        """What the last audit of every account could and could not see."""
        with self._database.reading() as connection:
            return tuple(_coverage(r) for r in connection.execute(select(coverage).order_by(coverage.c.account)))

    def _end(self, connection: Connection, audit_id: int, state: AuditState, now: datetime) -> None:
        connection.execute(update(audit).where(audit.c.id == audit_id).values(state=state, finished_at=now))


def _audit(row: Row[Any]) -> Audit:
    return Audit(
        id=row.id,
        started_at=row.started_at,
        finished_at=row.finished_at,
        state=AuditState(row.state),
        policy=row.policy,
        basis=row.basis,
        accounts=tuple(row.accounts),
        trigger=row.trigger,
    )


def _coverage(row: Row[Any]) -> Coverage:
    return Coverage(
        account=row.account,
        school=row.school,
        route=row.route,
        complete=row.complete,
        documents=row.documents,
        fetched_at=row.fetched_at,
        oldest=row.oldest,
        blind=tuple(blind_of(told) for told in row.blind),
    )
