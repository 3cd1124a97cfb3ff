"""What a report tells, worked out from stored rows: pure, and free of any layout.

The order of a story is the order of five minutes: what needs doing first, what is new, still open or came back, what
was fixed, and what could not be checked and why.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from auditor.check import Help
from auditor.model import (
    SITE,
    Account,
    Coverage,
    District,
    Outcome,
    Reason,
    School,
    Severity,
    Status,
    Verdict,
)
from auditor.policy import Clause, Policy
from auditor.store.rows import StoredFinding, Tally

IN_FULL = 25
"""How many items a report tells in full; the rest get a line each, so that a bad week stays readable."""

PLACES_SHOWN = 5
FIXED_FOR = timedelta(days=14)

DUE = {
    Severity.CRITICAL: timedelta(days=0),
    Severity.SERIOUS: timedelta(days=1),
    Severity.MODERATE: timedelta(days=7),
    Severity.MINOR: timedelta(days=30),
}


class Urgency(StrEnum):
    """How soon to act, in the words of the report."""

    TODAY = "Act today"
    WEEK = "Act this week"
    TIDY = "Tidy up"


URGENCY = {
    Severity.CRITICAL: Urgency.TODAY,
    Severity.SERIOUS: Urgency.TODAY,
    Severity.MODERATE: Urgency.WEEK,
    Severity.MINOR: Urgency.TIDY,
}


class State(StrEnum):
    """What became of an item since the audit before."""

    NEW = "New"
    STILL_OPEN = "Still open"
    CAME_BACK = "Came back"
    FIXED = "Fixed"


WHY_BLIND = {
    Reason.LOGIN_WALL: "it asked us to log in",
    Reason.ROBOTS: "the site asks programs like ours to stay out",
    Reason.TERMS: "the platform's terms forbid automatic reading",
    Reason.NO_TOKEN: "the district has not connected this account yet",
    Reason.TOKEN_SCOPE: "the district's access to it is too narrow",
    Reason.NO_CONSENT: "its owner has not offered it for audit",
    Reason.RATE_LIMITED: "the site told us to slow down",
    Reason.PARTIAL_LISTING: "the platform shows visitors only a part",
    Reason.LABEL_OPT_OUT: "its owner hides it from visitors who are not logged in",
    Reason.PLATFORM_OUTAGE: "the platform was out of order",
    Reason.UNREACHABLE: "it could not be reached",
    Reason.LIMIT: "we stopped at the limit that the district set",
    Reason.EXPIRED_MEDIA: "the picture or video is no longer there",
    Reason.NOT_IN_ROUTE: "our way of reading does not show it",
}


@dataclass(frozen=True, slots=True)
class Week:
    """How many of the policy's findings were open after one audit."""

    day: date
    open: int


@dataclass(frozen=True, slots=True)
class Place:
    """One place where an item stands."""

    url: str
    excerpt: str
    id: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing for a person to look at: findings of one rule about one subject in one account."""

    title: str
    rule: str
    question: bool
    state: State
    acknowledged: bool
    urgency: Urgency
    severity: Severity
    account: str
    account_url: str
    subject: str
    about_link: bool
    places: tuple[Place, ...]
    more_places: int
    pages: int
    why: str
    clause: Clause | None
    advice: str
    due: date
    overdue: bool
    days_open: int
    sure: str
    confidence: float
    first_seen: datetime
    last_seen: datetime
    fixed_at: datetime | None = None
    blind: str = ""


@dataclass(frozen=True, slots=True)
class Unseen:
    """Something of an account that could not be checked: what, why, and what a person can do."""

    what: str
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class AccountStory:
    """How far one account could be read."""

    id: str
    name: str
    url: str
    kind: str
    complete: bool
    documents: int
    unseen: tuple[Unseen, ...]
    fetched_at: datetime | None


@dataclass(frozen=True, slots=True)
class UncheckedRule:
    """A rule of the policy that could not be judged, on how many accounts, and why."""

    title: str
    rule: str
    reason: str
    accounts: tuple[str, ...]


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
class Story:
    """All that one report tells. `items` are the policy's, `quality` the product's own; both worst and oldest first."""

    district: District
    policy: Policy
    school: School | None
    told_at: datetime
    audited_at: datetime | None
    items: tuple[Item, ...]
    quality: tuple[Item, ...]
    fixed: tuple[Item, ...]
    dismissals: tuple[Dismissal, ...]
    accounts: tuple[AccountStory, ...]
    unchecked: tuple[UncheckedRule, ...]
    weeks: tuple[Week, ...]

    @property
    def complete(self) -> bool:
        """Whether every account was read completely: only then may "nothing found" be said."""
        return bool(self.accounts) and all(a.complete for a in self.accounts)

    @property
    def nothing_found(self) -> bool:
        """Nothing to do, and nothing that could not be seen."""
        return self.complete and not self.items and not self.quality

    @property
    def unread(self) -> int:
        """How many accounts could not be read completely."""
        return sum(not a.complete for a in self.accounts)

    def count(self, state: State, urgency: Urgency) -> int:
        """How many of the policy's items are in that state and that urgent."""
        if state is State.FIXED:
            return sum(i.urgency is urgency for i in self.fixed)
        return sum(i.state is state and i.urgency is urgency for i in self.items)

    def urgent(self, urgency: Urgency) -> int:
        """How many of the policy's items are that urgent."""
        return sum(i.urgency is urgency for i in self.items)


@dataclass(frozen=True, slots=True)
class Memory:
    """What the store remembers, as far as reports need it. `last_audits` names the last audit of each account."""

    findings: Sequence[StoredFinding]
    verdicts: Sequence[Verdict]
    coverages: Sequence[Coverage]
    history: Sequence[Tally]
    last_audits: Mapping[str, int]
    audited_at: datetime | None


def tell(
    memory: Memory,
    district: District,
    policy: Policy,
    helps: Mapping[str, Help],
    school: School | None,
    now: datetime,
) -> Story:
    """The story of one school, or of what belongs to no school (None). `now` in any zone; dates are the district's."""
    zone = ZoneInfo(district.timezone)
    accounts = [a for a in district.accounts if a.school == (school.id if school else "") and shared(a)]
    names = {a.id for a in accounts} | ({"district"} if school is None else set())
    findings = [f for f in memory.findings if f.finding.account in names]
    told = Teller(district, policy, helps, memory.last_audits, now.astimezone(zone))
    open_ones = [f for f in findings if f.status in (Status.OPEN, Status.ACKNOWLEDGED)]
    recent = [f for f in findings if f.status is Status.FIXED and f.fixed_at and now - f.fixed_at <= FIXED_FOR]
    items = told.items(open_ones)
    return Story(
        district=district,
        policy=policy,
        school=school,
        told_at=now.astimezone(zone),
        audited_at=memory.audited_at.astimezone(zone) if memory.audited_at else None,
        items=tuple(i for i, site in items if not site),
        quality=tuple(i for i, site in items if site),
        fixed=tuple(i for i, _ in told.items(recent)),
        dismissals=tuple(told.dismissal(f) for f in findings if f.status is Status.DISMISSED),
        accounts=tuple(account_story(a, memory.coverages) for a in accounts),
        unchecked=tuple(unchecked(memory.verdicts, names, helps)),
        weeks=weeks((t for t in memory.history if school is None or t.school == school.id), zone),
    )


def shared(account: Account) -> bool:
    """Whether a principal may read about this account: what its owner keeps to themselves is never told here."""
    return not (account.kind == "personal" and account.share_with == "self")


class Teller:
    """Turns stored findings into items, with one clock and one set of words."""

    def __init__(
        self,
        district: District,
        policy: Policy,
        helps: Mapping[str, Help],
        last_audits: Mapping[str, int],
        now: datetime,
    ) -> None:
        self.district = district
        self.policy = policy
        self.helps = helps
        self.last_audits = last_audits
        self.now = now
        self.urls = {a.id: a.url for a in district.accounts}

    def items(self, findings: Iterable[StoredFinding]) -> list[tuple[Item, bool]]:
        """One item for each rule, account and subject; whether it is site quality; worst and oldest first."""
        groups: dict[tuple[str, str, str, str], list[StoredFinding]] = defaultdict(list)
        for stored in findings:
            finding = stored.finding
            groups[finding.rule, finding.account, finding.subject, finding.outcome].append(stored)
        told = [(self.item(group), group[0].finding.policy == SITE) for group in groups.values()]
        return sorted(
            told, key=lambda t: (t[0].severity.rank, t[0].question, t[0].first_seen, t[0].title, t[0].subject)
        )

    def item(self, group: Sequence[StoredFinding]) -> Item:
        """Findings that say the same of the same subject, as one thing to do."""
        group = sorted(group, key=lambda f: f.finding.url)
        head = min(group, key=lambda f: (f.finding.severity.rank, f.first_seen)).finding
        words = self.helps.get(head.rule)
        first_seen = min(f.first_seen for f in group).astimezone(self.now.tzinfo)
        due = first_seen.date() + DUE[head.severity]
        return Item(
            title=title(head.rule, self.helps),
            rule=head.rule,
            question=head.outcome is Outcome.REVIEW,
            state=self.state(group),
            acknowledged=all(f.status is Status.ACKNOWLEDGED for f in group),
            urgency=URGENCY[head.severity],
            severity=head.severity,
            account=head.account,
            account_url=self.urls.get(head.account, ""),
            subject=head.subject,
            about_link=head.rule.endswith("-link"),
            places=tuple(Place(f.finding.url, f.finding.excerpt, f.id) for f in group[:PLACES_SHOWN]),
            more_places=max(0, len(group) - PLACES_SHOWN),
            pages=max(len(group), *(f.finding.places for f in group)),
            why=words.why if words else "",
            clause=self.policy.clause(head.clause) if head.clause else None,
            advice=head.advice,
            due=due,
            overdue=due < self.now.date(),
            days_open=(self.now.date() - first_seen.date()).days,
            sure=how_sure(head.confidence, head.outcome),
            confidence=head.confidence,
            first_seen=first_seen,
            last_seen=max(f.last_seen for f in group).astimezone(self.now.tzinfo),
            fixed_at=max((f.fixed_at for f in group if f.fixed_at), default=None),
            blind=words.blind if words else "",
        )

    def state(self, group: Sequence[StoredFinding]) -> State:
        """New, still open, came back or fixed, as the last audit of the account left the group."""
        if all(f.status is Status.FIXED for f in group):
            return State.FIXED
        last = self.last_audits.get(group[0].finding.account)
        if any(f.came_back_audit is not None and f.came_back_audit == last for f in group):
            return State.CAME_BACK
        return State.NEW if all(f.first_audit == last for f in group) else State.STILL_OPEN

    def dismissal(self, stored: StoredFinding) -> Dismissal:
        """A false alarm in force."""
        return Dismissal(
            title=title(stored.finding.rule, self.helps),
            subject=stored.finding.subject,
            url=stored.finding.url,
            reason=stored.reason,
            who=stored.who,
            until=stored.until,
        )


def title(rule: str, helps: Mapping[str, Help]) -> str:
    """The rule in a few plain words."""
    return helps[rule].title.rstrip(".") if rule in helps else rule.replace("-", " ").capitalize()


def weeks(tallies: Iterable[Tally], zone: ZoneInfo) -> tuple[Week, ...]:
    """The policy's open findings, audit by audit, oldest first."""
    open_after: dict[datetime, int] = {}
    for tally in tallies:
        open_after[tally.at] = open_after.get(tally.at, 0) + (tally.open if tally.policy != SITE else 0)
    return tuple(Week(at.astimezone(zone).date(), count) for at, count in sorted(open_after.items()))


def how_sure(confidence: float, outcome: str) -> str:
    """How sure we are, in words that a principal can act on."""
    if outcome == Outcome.REVIEW:
        return "This needs your eye: a program cannot decide it."
    return "We are sure of what we saw." if confidence >= 0.9 else "We are fairly sure of what we saw."


def account_story(account: Account, coverages: Iterable[Coverage]) -> AccountStory:
    """How far the account could be read; an account that no audit reached says so."""
    coverage = next((c for c in coverages if c.account == account.id), None)
    if coverage is None:
        unseen: tuple[Unseen, ...] = (Unseen("the whole account", "no audit has looked at it yet", ""),)
    else:
        unseen = tuple(Unseen(b.what, WHY_BLIND[b.reason], b.remedy) for b in coverage.blind)
    return AccountStory(
        id=account.id,
        name=account.purpose or account.id,
        url=account.url,
        kind=account.kind,
        complete=coverage is not None and coverage.complete,
        documents=coverage.documents if coverage else 0,
        unseen=unseen,
        fetched_at=coverage.fetched_at if coverage else None,
    )


def unchecked(verdicts: Iterable[Verdict], accounts: set[str], helps: Mapping[str, Help]) -> Iterable[UncheckedRule]:
    """The rules that the policy asks for and nobody could judge, with the accounts, by reason."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.outcome is Outcome.NOT_CHECKED and verdict.account in accounts:
            groups[verdict.rule, verdict.reason].append(verdict.account)
    for (rule, reason), names in sorted(groups.items()):
        yield UncheckedRule(title(rule, helps), rule, reason, tuple(sorted(names)))


def worst_rules(stories: Iterable[Story], most: int = 5) -> list[tuple[str, int]]:
    """The rules that are broken most often over all schools, by title."""
    counts = Counter(i.title for story in stories for i in story.items if not i.question)
    return counts.most_common(most)
