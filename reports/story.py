"""What a report tells, worked out from stored rows: pure, and free of any layout.

The order of a story is the order of five minutes: what needs doing first, what is new, still open or came back, what
was fixed, and what could not be checked and why.

A report tells how things stood when its accounts were last audited. It asks no clock, so that the same store gives the
same report on any day: "overdue" means overdue on the day of that audit.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from auditor.check import Help
from auditor.model import SITE, Account, Coverage, District, Kind, Outcome, School, Status, Verdict
from auditor.policy import Policy
from auditor.store.rows import StoredFinding, Tally
from reports.items import Item, Task, Teller, tasks, title
from reports.reach import AccountStory, Unjudged, account_story, unjudged
from reports.words import State, Urgency

T = TypeVar("T")

FIXED_FOR = timedelta(days=14)
"""How long a report thanks for what was fixed."""

WEEKS = 8

DISTRICT = "district"
"""The account by which the judge calls the district itself."""


@dataclass(frozen=True, slots=True)
class Week:
    """In how many places something was still to mend after the last audit of a week."""

    day: date
    open: int


@dataclass(frozen=True, slots=True)
class Dismissal:
    """A finding that somebody called a false alarm: why, who, until when."""

    title: str
    subject: str
    url: str
    reason: str
    who: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Renewal:
    """The certificate of a server that ends soon."""

    host: str
    day: date


@dataclass(frozen=True, slots=True)
class Story:
    """All that one report tells: of a school, or of what belongs to no school (`school` is None).

    `told_at` is the end of the last audit that judged any of these accounts, None before the first. `items` are the
    policy's, `quality` the product's own; both worst and oldest first.
    """

    district: District
    policy: Policy
    school: School | None
    told_at: datetime | None
    items: tuple[Item, ...]
    quality: tuple[Item, ...]
    fixed: tuple[Item, ...]
    dismissals: tuple[Dismissal, ...]
    accounts: tuple[AccountStory, ...]
    unjudged: tuple[Unjudged, ...]
    weeks: tuple[Week, ...]
    renewals: tuple[Renewal, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every account was read completely: only then may "nothing found" be said."""
        return bool(self.accounts) and all(a.complete for a in self.accounts)

    @property
    def unread(self) -> int:
        """How many accounts could not be read completely."""
        return sum(not a.complete for a in self.accounts)

    @property
    def documents(self) -> int:
        """How many pages and files were read."""
        return sum(a.documents for a in self.accounts)

    @property
    def today(self) -> date | None:
        """The day that the report tells of."""
        return self.told_at.date() if self.told_at else None

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The policy's items as tasks, first things first."""
        return tasks(self.items)

    def count(self, state: State, urgency: Urgency) -> int:
        """How many of the policy's items are in that state and that urgent."""
        told = [i for i in self.fixed if not i.site] if state is State.FIXED else self.items
        return sum(i.state is state and i.urgency is urgency for i in told)

    def sure(self, urgency: Urgency) -> int:
        """How many of the policy's items are certain, and that urgent."""
        return sum(i.urgency is urgency and not i.question for i in self.items)

    def open(self, urgency: Urgency) -> int:
        """How many of the policy's items are that urgent, questions among them."""
        return sum(i.urgency is urgency for i in self.items)

    @property
    def questions(self) -> int:
        """How many of the policy's items only a person can decide."""
        return sum(i.question for i in self.items)

    @property
    def rules_unjudged(self) -> int:
        """How many rules of the policy could not be judged, everywhere or somewhere."""
        return len({rule for one in self.unjudged for rule in one.rules})


@dataclass(frozen=True, slots=True)
class Memory:
    """What the store remembers, as far as reports need it.

    `last_audits` names for each account the audit that last judged it; `ended` says when each audit came to its end,
    or began where it did not. `renewals` says for accounts until when the certificate of their own server lasts, where
    that was soon.
    """

    findings: Sequence[StoredFinding]
    verdicts: Sequence[Verdict]
    coverages: Sequence[Coverage]
    history: Sequence[Tally]
    last_audits: Mapping[str, int]
    ended: Mapping[int, datetime]
    renewals: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Share:
    """What of the memory one school's story may need, and the school's accounts."""

    memory: Memory
    accounts: Sequence[Account]


def shares(memory: Memory, district: District) -> Mapping[str, Share]:
    """The memory in parts, by school ("": what belongs to none), so that no school need look through all of it."""
    schools = {account.id: account.school for account in district.accounts} | {DISTRICT: ""}
    accounts = _grouped(district.accounts, lambda account: account.school)
    findings = _grouped(memory.findings, lambda stored: schools.get(stored.finding.account))
    verdicts = _grouped(memory.verdicts, lambda verdict: schools.get(verdict.account))
    coverages = _grouped(memory.coverages, lambda coverage: schools.get(coverage.account))
    history = _grouped(memory.history, lambda tally: tally.school)
    # An audit after which a school had nothing open counts as well.
    ends = [
        Tally(audit, at, "", "", "", 0) for audit, at in {tally.audit: tally.at for tally in memory.history}.items()
    ]
    return {
        name: Share(
            Memory(
                findings[name],
                verdicts[name],
                coverages[name],
                [*history[name], *ends],
                memory.last_audits,
                memory.ended,
                memory.renewals,
            ),
            accounts[name],
        )
        for name in ("", *(school.id for school in district.schools))
    }


def _grouped(things: Iterable[T], key: Callable[[T], str | None]) -> Mapping[str | None, list[T]]:
    groups: dict[str | None, list[T]] = defaultdict(list)
    for thing in things:
        groups[key(thing)].append(thing)
    return groups


def tell(
    memory: Memory,
    district: District,
    policy: Policy,
    helps: Mapping[str, Help],
    school: School | None,
    accounts: Sequence[Account] | None = None,
) -> Story:
    """The story of one school, or of what belongs to no school (None). Dates are those of the district's zone.

    `accounts` are the school's, where somebody has them at hand already.
    """
    zone = ZoneInfo(district.timezone)
    if accounts is None:
        accounts = [account for account in district.accounts if account.school == (school.id if school else "")]
    accounts = [account for account in accounts if told(account)]
    names = [a.id for a in accounts] + ([DISTRICT] if school is None else [])
    findings = [f for f in memory.findings if f.finding.account in names]
    ended = _told_at(memory, names, findings)
    told_at = ended.astimezone(zone) if ended else None
    items: list[Item] = []
    fixed: list[Item] = []
    if told_at:  # without an audit there are no findings either
        teller = Teller(district, policy, helps, memory.last_audits, told_at)
        items = teller.items(f for f in findings if f.status in (Status.OPEN, Status.ACKNOWLEDGED))
        fixed = teller.items(_mended(findings, memory.verdicts, told_at))
    coverages = {c.account: c for c in memory.coverages}
    return Story(
        district=district,
        policy=policy,
        school=school,
        told_at=told_at,
        items=tuple(i for i in items if not i.site),
        quality=tuple(i for i in items if i.site),
        fixed=tuple(fixed),
        dismissals=tuple(_dismissal(f, helps) for f in findings if f.status is Status.DISMISSED),
        accounts=tuple(account_story(a, coverages.get(a.id), zone) for a in accounts),
        unjudged=unjudged(memory.verdicts, names, policy.rules(), helps),
        weeks=weeks(memory.history, told_at, school.id) if school else (),
        renewals=_renewals(memory, accounts, told_at),
    )


def told(account: Account) -> bool:
    """Whether reports name the account: a personal one only once its owner has offered it, for no report may be a list
    of those who did not."""
    return shared(account) and not (account.kind is Kind.PERSONAL and account.consent_on is None)


def shared(account: Account) -> bool:
    """Whether principal and director may read about this account: what its owner keeps private is never told here."""
    return not (account.kind is Kind.PERSONAL and account.share_with == "self")


def weeks(history: Iterable[Tally], until: datetime | None, school: str | None = None) -> tuple[Week, ...]:
    """The policy's open findings after the last audit of each week, oldest first; of all schools where none is named.

    An audit after which the school had nothing open counts as 0.
    """
    if until is None:
        return ()
    open_after: dict[tuple[datetime, int], int] = {}
    for tally in history:
        if tally.at <= until:
            mine = tally.policy != SITE and school in (None, tally.school)
            key = tally.at, tally.audit
            open_after[key] = open_after.get(key, 0) + (tally.open if mine else 0)
    by_week = {}
    for (at, _), count in sorted(open_after.items()):
        day = at.astimezone(until.tzinfo).date()
        by_week[day.isocalendar()[:2]] = Week(day, count)
    return tuple(by_week.values())[-WEEKS:]


def _told_at(memory: Memory, names: Iterable[str], findings: Iterable[StoredFinding]) -> datetime | None:
    """The end of the last audit of these accounts; no earlier than what an interrupted one has seen since."""
    ends = (memory.ended[memory.last_audits[name]] for name in names if name in memory.last_audits)
    return max((*ends, *(f.last_seen for f in findings)), default=None)


def _renewals(memory: Memory, accounts: Iterable[Account], told_at: datetime | None) -> tuple[Renewal, ...]:
    """The certificates that still had to be renewed when the report was told, the first to end first."""
    ends = {
        (until.astimezone(told_at.tzinfo).date(), urlsplit(account.url).hostname or "")
        for account in accounts
        if told_at and (until := memory.renewals.get(account.id)) and until >= told_at
    }
    return tuple(Renewal(host, day) for day, host in sorted(ends))


def _mended(
    findings: Iterable[StoredFinding], verdicts: Iterable[Verdict], told_at: datetime
) -> Iterable[StoredFinding]:
    """What was fixed lately, apart from what is merely no longer asked for."""
    not_asked = {(v.account, v.rule) for v in verdicts if v.outcome is Outcome.NOT_APPLICABLE}
    for stored in findings:
        late = stored.status is Status.FIXED and stored.fixed_at and told_at - stored.fixed_at <= FIXED_FOR
        if late and (stored.finding.account, stored.finding.rule) not in not_asked:
            yield stored


def _dismissal(stored: StoredFinding, helps: Mapping[str, Help]) -> Dismissal:
    return Dismissal(
        title=title(stored.finding.rule, helps),
        subject=stored.finding.subject,
        url=stored.finding.url,
        reason=stored.reason,
        who=stored.who,
        until=stored.until,
    )
