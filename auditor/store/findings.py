"""Findings over time: concluded by an audit, decided about by people, read by reports."""

import difflib
import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from auditor.errors import Mistake
from auditor.model import Account, Coverage, Finding, Outcome, Severity, Status, Verdict
from auditor.store.adding import forget_pages
from auditor.store.keyed import Keyed
from auditor.store.lifecycle import CONTENT, Fixed, carried, event_row, fix, in_force, record, settle
from auditor.store.rows import Event, Reach, StoredFinding, told_of
from auditor.store.schema import (
    WHOLE_ACCOUNT,
    concluded,
    coverage,
    finding,
    finding_event,
    image,
    image_text,
    link,
    link_text,
    page,
    verdict,
)

DISMISSED_FOR: Final = timedelta(days=180)
"""How long a dismissal holds where nobody says otherwise."""

DISMISSED_AT_MOST: Final = timedelta(days=366)

_STORY: Final = tuple(name for name in StoredFinding.__dataclass_fields__ if name != "finding")
"""The columns that tell what became of a finding, in the order of the model."""

_STORED: Final = select(*(finding.c[name] for name in (*CONTENT, *_STORY)))

_ALIKE: Final = ("rule", "policy", "clause", "account", "school", "advice")


class Findings(Keyed):
    """The part of the store that knows what was found.

    A dismissal's last day is a day in the district's time zone, whatever clock `now` was read from.
    """

    # -------------------------------------------------------------------------------------------- by an audit

    def found(self, audit_id: int, findings: Iterable[Finding], now: datetime) -> None:
        """Writes down what an audit found beside its pages: of links, of images, of the account as a whole. Where there
        is much of it, some at a time, before the account is concluded."""
        with self._database.writing() as connection:
            record(connection, self._database, findings, audit_id, self._local(now))

    def conclude(
        self,
        audit_id: int,
        account: Account,
        *,
        verdicts: Collection[Verdict],
        coverage: Coverage | None,
        judged: Mapping[str, Reach],
        now: datetime,
        findings: Iterable[Finding] = (),
    ) -> None:
        """The audit is through with an account: keeps its verdicts and coverage, and settles its findings.

        What stands on the pages that this audit saw is seen again, also where a page was as it was and nobody judged
        it anew. `findings` are those not written yet (see `found`). `judged` names the
        rules that ran from beginning to end, with their reach: the silence of any other rule fixes nothing. What an
        audit did not see again is
        - fixed, where the rule was judged and shown what it needs (see `Reach`): for a document rule the page, read
          whole or gone; for a link or image rule the thing itself with an answer that can be judged, or, where it
          stands nowhere any more, the whole account or the only page that had it; for an account rule its own word
          where the finding was about the account itself, else (on a page, or of something that has an address of its
          own, as a picture on the front page) that page or the whole account;
        - withdrawn (fixed, with a reason), where the policy does not ask for the rule any more;
        - as it was, in every other case.
        """
        said, number = coverage, self._key.number
        with self._database.writing() as connection:
            for some in itertools.chain(carried(connection, audit_id, account.id), [findings]):
                record(connection, self._database, some, audit_id, self._local(now))
            complete = said is not None and said.complete
            settle(connection, audit_id, account.id, number, verdicts, judged, complete, account.url, now)
            self._forget_pages(connection, audit_id, account.id, complete)
            self._keep_verdicts(connection, audit_id, account.id, verdicts)
            if said is not None:
                self._keep_coverage(connection, audit_id, said)
            row = {"audit": audit_id, "account": account.id}
            connection.execute(self._database.insert(concluded).on_conflict_do_nothing(), row)

    def retire_accounts(self, registered: Collection[str], now: datetime) -> None:
        """Withdraws what is stored of accounts that nobody registers any more: findings, verdicts, coverage, pages."""
        with self._database.writing() as connection:
            rows = connection.execute(
                select(finding.c.fingerprint, finding.c.account).where(finding.c.status != Status.FIXED)
            ).all()
            gone = [r.fingerprint for r in rows if r.account not in registered]
            fix(connection, [Fixed(key, "the account is no longer registered") for key in gone], None, now)
            for table in (verdict, coverage, page, link, image, link_text, image_text):
                known = set(connection.execute(select(table.c.account).distinct()).scalars())
                for account in sorted(known - set(registered)):
                    connection.execute(delete(table).where(table.c.account == account))

    def withdraw_pages(self, account: str, urls: Collection[str], reason: str, now: datetime) -> None:
        """Withdraws an account's findings at addresses that are no longer its own, as when a site moved."""
        with self._database.writing() as connection:
            rows = connection.execute(
                select(finding.c.fingerprint, finding.c.url).where(
                    finding.c.account == account, finding.c.status != Status.FIXED
                )
            ).all()
            fix(connection, [Fixed(r.fingerprint, reason) for r in rows if r.url in urls], None, now)

    def open_pages(self, account: str) -> tuple[str, ...]:
        """The addresses of an account's findings that are not fixed: whoever audits it has to ask for them again."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(finding.c.url)
                .where(finding.c.account == account, finding.c.status != Status.FIXED)
                .distinct()
                .order_by(finding.c.url)
            )
            return tuple(url for url in rows.scalars() if url)

    # -------------------------------------------------------------------------------------------- for reports

    def findings(
        self,
        status: Status | None = None,
        school: str | None = None,
        rule: str | None = None,
        *,
        account: str | None = None,
        now: datetime | None = None,
    ) -> list[StoredFinding]:
        """What is stored, the gravest first, then by account, rule and place.

        A dismissal whose last day is over (on the day of `now`) shows as open, though no audit has noticed yet.
        """
        query = _STORED
        for column, wanted in ((finding.c.school, school), (finding.c.rule, rule), (finding.c.account, account)):
            if wanted is not None:
                query = query.where(column == wanted)
        today = self._local(now).date()
        with self._database.reading() as connection:
            once: dict[str, str] = {}
            stored = [_stored(row, today, once) for row in connection.execute(query)]
        return sorted((s for s in stored if status in (None, s.status)), key=_gravest_first)

    def open_by_account(self, now: datetime | None = None) -> Mapping[str, int]:
        """How many findings of each account are open, as `findings` tells them."""
        today, open_ones = self._local(now).date(), Counter[str]()
        told = (finding.c.account, finding.c.status, finding.c.until)
        query = select(*told, func.count()).where(finding.c.status.in_((Status.OPEN, Status.DISMISSED))).group_by(*told)
        with self._database.reading() as connection:
            for account, status, until, several in connection.execute(query):
                if status == Status.OPEN or not in_force(until, today):
                    open_ones[account] += several
        return open_ones

    def finding(self, finding_id: str, now: datetime | None = None) -> StoredFinding:
        """The finding of that id; a `Mistake` where there is none."""
        with self._database.reading() as connection:
            return _stored(_row(connection, _STORED, finding_id), self._local(now).date())

    def events(self, finding_id: str) -> tuple[Event, ...]:
        """What happened to a finding since it was first seen, in order."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(finding_event)
                .where(finding_event.c.finding == finding_id.removeprefix("f-"))
                .order_by(finding_event.c.id)
            )
            return tuple(Event(r.at, r.who, r.what, r.reason, r.until) for r in rows)

    # -------------------------------------------------------------------------------------------- by people

    def dismiss(
        self, finding_id: str, reason: str, who: str, now: datetime, until: date | None = None
    ) -> StoredFinding:
        """A person says that this is no trouble: it is kept out of sight through its last day (180 days from now).

        The reason is needed, and the last day may be a year away at most.
        """
        today = self._local(now).date()
        last = until or today + DISMISSED_FOR
        faults = []
        if not reason.strip():
            faults.append("--reason: say why this is no trouble; the annual review shows it")
        if last < today:
            faults.append(f"--until: {last} is in the past")
        elif last > today + DISMISSED_AT_MOST:
            faults.append(f"--until: {last} is over a year away; the last day possible is {today + DISMISSED_AT_MOST}")
        if faults:
            raise Mistake(*faults)
        return self._decide(
            finding_id,
            now,
            {"status": Status.DISMISSED, "until": last, "reason": reason.strip(), "who": who},
            event="dismissed",
            refused={Status.FIXED: "is fixed already; there is nothing to dismiss"},
        )

    def acknowledge(self, finding_id: str, who: str, now: datetime) -> StoredFinding:
        """A person has seen it and will deal with it."""
        return self._decide(
            finding_id,
            now,
            {"status": Status.ACKNOWLEDGED, "who": who},
            event="acknowledged",
            refused={
                Status.FIXED: "is fixed already; there is nothing to acknowledge",
                Status.DISMISSED: "is dismissed; reopen it first",
            },
        )

    def reopen(self, finding_id: str, who: str, now: datetime) -> StoredFinding:
        """A person takes a decision back, or says that a fixed finding is not fixed."""
        return self._decide(
            finding_id,
            now,
            {
                "status": Status.OPEN,
                "until": None,
                "reason": "",
                "who": who,
                "fixed_at": None,
                "fixed_audit": None,
            },
            event="reopened",
            refused={},
        )

    def _decide(
        self, finding_id: str, now: datetime, change: dict[str, Any], *, event: str, refused: Mapping[Status, str]
    ) -> StoredFinding:
        today = self._local(now).date()
        with self._database.deciding() as connection:
            before = _stored(_row(connection, _STORED.with_for_update(), finding_id), today)
            if before.status in refused:
                raise Mistake(f"{before.id} {refused[before.status]}")
            key = before.finding.fingerprint
            connection.execute(update(finding).where(finding.c.fingerprint == key).values(change))
            told = event_row(key, now, change["who"], event, change.get("reason", ""), change.get("until"))
            connection.execute(insert(finding_event), told)
            return _stored(_row(connection, _STORED, finding_id), today)

    # -------------------------------------------------------------------------------------------- inside

    def _forget_pages(self, connection: Connection, audit_id: int, account: str, complete: bool) -> None:
        """Forgets what earlier audits saw of the account and this one did not come to, if it came to everything."""
        outdated = page.c.audit != audit_id
        if not complete:
            outdated &= page.c.url.startswith(WHOLE_ACCOUNT)
        forget_pages(connection, account, outdated)

    def _keep_verdicts(self, connection: Connection, audit_id: int, account: str, verdicts: Iterable[Verdict]) -> None:
        connection.execute(delete(verdict).where(verdict.c.account == account))
        rows = [
            {"account": v.account, "rule": v.rule, "outcome": v.outcome, "reason": v.reason, "audit": audit_id}
            for v in verdicts
        ]
        if rows:
            connection.execute(insert(verdict), rows)

    def _keep_coverage(self, connection: Connection, audit_id: int, said: Coverage) -> None:
        row = {
            "account": said.account,
            "school": said.school,
            "route": said.route,
            "complete": said.complete,
            "documents": said.documents,
            "oldest": said.oldest,
            "blind": [told_of(blind) for blind in said.blind],
            "fetched_at": said.fetched_at,
            "audit": audit_id,
        }
        connection.execute(delete(coverage).where(coverage.c.account == said.account))
        connection.execute(insert(coverage), row)


def _row(connection: Connection, query: Select[Any], finding_id: str) -> Row[Any]:
    key = finding_id.strip().lower().removeprefix("f-")
    row = connection.execute(query.where(finding.c.fingerprint == key)).one_or_none()
    if row is not None:
        return row
    known = connection.execute(select(finding.c.fingerprint)).scalars().all()
    near = difflib.get_close_matches(key, known, 1, cutoff=0.8)
    hint = f'Did you mean "f-{near[0]}"?' if near else '"auditor findings" lists them.'
    raise Mistake(f'there is no finding "{finding_id}". {hint}')


def _stored(row: Row[Any], today: date, once: dict[str, str] | None = None) -> StoredFinding:
    """A row as the word of the model. `once` holds words that many say alike, such as advice."""
    cells: Sequence[Any] = row
    content = dict(zip(CONTENT, cells[: len(CONTENT)], strict=True))
    story = dict(zip(_STORY, cells[len(CONTENT) :], strict=True))
    if once is not None:
        content |= {name: once.setdefault(content[name], content[name]) for name in _ALIKE}
    content |= {"outcome": Outcome(content["outcome"]), "severity": Severity(content["severity"])}
    story["status"] = status = Status(story["status"])
    if status is Status.DISMISSED and not in_force(story["until"], today):
        story["status"] = Status.OPEN
    return StoredFinding(Finding(**content), **story)


def _gravest_first(stored: StoredFinding) -> tuple[object, ...]:
    f = stored.finding
    return (f.severity.rank, f.account, f.rule, f.url, f.subject, f.fingerprint)
