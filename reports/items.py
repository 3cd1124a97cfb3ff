"""Stored findings as things to do: those about one subject are one item, items with one remedy are one task."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from auditor.check import Help
from auditor.model import SITE, District, Outcome, Severity, Status
from auditor.policy import Clause, Policy
from auditor.store.rows import StoredFinding
from reports.words import DAYS_TO_ACT, URGENCY, State, Urgency, how_sure

PLACES_SHOWN = 10
"""How many pages of one item are named; the store knows the others."""

FAIR_SHARE = 10
"""How many items of one task a report tells in full before it has told the first ones of all other tasks."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place where an item stands: its address, what stands there (masked), and the finding's id."""

    url: str
    excerpt: str
    id: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing for a person to look at: the findings of one rule about one subject in one account.

    `pages` counts the pages that carry it. `since` is when it appeared, or last came back. `seen_again` is False where
    the last audit could not look: the item stands as it was. `clause` is None for site quality, and where the policy no
    longer has the clause that was cited.
    """

    rule: str
    title: str
    question: bool
    site: bool
    state: State
    acknowledged: bool
    seen_again: bool
    urgency: Urgency
    severity: Severity
    account: str
    subject: str
    places: tuple[Place, ...]
    more_places: int
    pages: int
    why: str
    blind: str
    clause: Clause | None
    clause_id: str
    advice: str
    since: datetime
    last_seen: datetime
    fixed_at: datetime | None
    due: date
    days_open: int
    sure: str

    @property
    def is_address(self) -> bool:
        """Whether the subject is an address: a link, however it is written, an image, an account."""
        return self.subject.startswith(("http://", "https://")) or self.rule.endswith("-link")

    @property
    def advice_asks(self) -> bool:
        """Whether the advice itself begins with finding out, so that nobody need be asked to look first."""
        return self.advice.startswith(("Look", "Ask", "Open", "Find out"))

    @property
    def about_student(self) -> bool:
        """Whether a child is exposed: of two things that are equally grave, that one comes first."""
        return self.rule.startswith("student-")


@dataclass(frozen=True, slots=True)
class Task:
    """Items that ask the same of the same person for the same reason; told once, with all that it is about.

    `rest` are further items of the same kind, of which a report tells less: a line each, or only where they stand.
    """

    items: tuple[Item, ...]
    rest: tuple[Item, ...] = ()

    @property
    def head(self) -> Item:
        """The oldest item, which lends the task its words."""
        return self.items[0]

    @property
    def due(self) -> date:
        """When the first of its items is due."""
        return min(item.due for item in (*self.items, *self.rest))

    @property
    def cases(self) -> int:
        """How many items it is about."""
        return len(self.items) + len(self.rest)

    @property
    def pages_of_rest(self) -> tuple[tuple[str, int], ...]:
        """The pages where the rest stands, each item counted on its first one; the page with the most comes first."""
        counts = Counter(item.places[0].url for item in self.rest)
        return tuple(sorted(counts.items(), key=lambda page: (-page[1], page[0])))

    @property
    def states(self) -> tuple[tuple[State, int], ...]:
        """How many of its items are in which state."""
        counts = Counter(item.state for item in (*self.items, *self.rest))
        return tuple((state, counts[state]) for state in State if counts[state])


def tasks(items: Iterable[Item]) -> tuple[Task, ...]:
    """The items as tasks: the gravest first; of those certainty before questions, children first, and the oldest.

    Of site quality, what stands on the most pages comes before what is old.
    """
    groups: dict[tuple[object, ...], list[Item]] = defaultdict(list)
    for item in sorted(items, key=_worst_and_oldest_first):
        groups[item.severity, item.question, item.rule, item.clause_id, item.advice].append(item)
    # A group's place is that of its first item: dictionaries keep the order.
    return tuple(Task(tuple(group)) for group in groups.values())


def divide(all_tasks: Sequence[Task], most: int) -> tuple[tuple[Task, ...], tuple[Item, ...]]:
    """The tasks with their first items, `most` in all, and the items that are left over; each task names its own.

    No task crowds out the others with more than `FAIR_SHARE` items, unless it is about students or room is left.
    """
    shares = _shares(all_tasks, most)
    first = (Task(task.items[:n], task.items[n:]) for task, n in zip(all_tasks, shares, strict=True) if n)
    rest = (item for task, n in zip(all_tasks, shares, strict=True) for item in task.items[n:])
    return tuple(first), tuple(rest)


def _shares(all_tasks: Sequence[Task], most: int) -> list[int]:
    """How many items of each task are told in full."""
    shares = [0] * len(all_tasks)
    for share in (FAIR_SHARE, most):
        for number, task in enumerate(all_tasks):
            wanted = len(task.items) if task.head.about_student else min(share, len(task.items))
            shares[number] += max(0, min(wanted - shares[number], most - sum(shares)))
    return shares


def shortened(all_tasks: Iterable[Task], most: int) -> tuple[Task, ...]:
    """The tasks with their first `most` items, and of the others no more than where they stand.

    A task that is not twice as long is left whole.
    """
    return tuple(task if task.cases <= 2 * most else Task(task.items[:most], task.items[most:]) for task in all_tasks)


def _worst_and_oldest_first(item: Item) -> tuple[object, ...]:
    first = item.places[0]
    return (
        item.severity.rank,
        item.question,
        not item.about_student,
        -item.pages if item.site else 0,  # what stands on every page of a site is mended in one place
        -item.days_open,
        item.title,
        item.account,
        item.subject,
        first.url,
        first.id,
    )


class Teller:
    """Turns stored findings into items, with one clock and one set of words.

    `told_at` is the moment that the report tells of, in the district's own zone.
    """

    def __init__(
        self,
        district: District,
        policy: Policy,
        helps: Mapping[str, Help],
        last_audits: Mapping[str, int],
        told_at: datetime,
    ) -> None:
        self.district = district
        self.policy = policy
        self.helps = helps
        self.last_audits = last_audits
        self.told_at = told_at

    def items(self, findings: Iterable[StoredFinding]) -> list[Item]:
        """One item for each rule, account and subject; the worst and oldest first.

        Subjects of people are masked, and two may read alike: where one page carries two findings, they are two items.
        """
        groups: dict[tuple[object, ...], list[StoredFinding]] = defaultdict(list)
        alike: Counter[tuple[object, ...]] = Counter()
        for stored in sorted(findings, key=lambda f: f.id):
            finding = stored.finding
            subject = finding.rule, finding.account, finding.subject, finding.outcome
            groups[*subject, alike[*subject, finding.url]].append(stored)
            alike[*subject, finding.url] += 1
        return sorted(map(self._item, groups.values()), key=_worst_and_oldest_first)

    def _item(self, group: Sequence[StoredFinding]) -> Item:
        group = sorted(group, key=lambda f: (f.finding.url, f.id))
        head = min(group, key=lambda f: (f.finding.severity.rank, f.first_seen)).finding
        words = self.helps.get(head.rule)
        last = self.last_audits.get(head.account)
        urgency = URGENCY[head.severity]
        since = min(f.came_back_at or f.first_seen for f in group).astimezone(self.told_at.tzinfo)
        return Item(
            rule=head.rule,
            title=title(head.rule, self.helps),
            question=head.outcome is Outcome.REVIEW,
            site=head.policy == SITE,
            state=_state(group, last),
            acknowledged=all(f.status is Status.ACKNOWLEDGED for f in group),
            seen_again=last is None or any(f.last_audit >= last for f in group),
            urgency=urgency,
            severity=head.severity,
            account=head.account,
            subject=head.subject,
            places=tuple(Place(f.finding.url, f.finding.excerpt, f.id) for f in group[:PLACES_SHOWN]),
            more_places=max(0, len(group) - PLACES_SHOWN),
            pages=max(len(group), *(f.finding.places for f in group)),
            why=words.why if words else "",
            blind=words.blind if words else "",
            clause=self.policy.clause(head.clause) if head.policy == self.policy.id else None,
            clause_id=head.clause,
            advice=head.advice,
            since=since,
            last_seen=max(f.last_seen for f in group).astimezone(self.told_at.tzinfo),
            fixed_at=max((f.fixed_at.astimezone(self.told_at.tzinfo) for f in group if f.fixed_at), default=None),
            due=since.date() + timedelta(days=DAYS_TO_ACT[urgency]),
            days_open=(self.told_at.date() - since.date()).days,
            sure=how_sure(head.confidence, head.outcome),
        )


def title(rule: str, helps: Mapping[str, Help]) -> str:
    """The rule in a few plain words."""
    return helps[rule].title.rstrip(".") if rule in helps else rule.replace("-", " ").capitalize()


def _state(group: Sequence[StoredFinding], last: int | None) -> State:
    """New, still open, came back or fixed, as the account's last audit left the findings."""
    if all(f.status is Status.FIXED for f in group):
        return State.FIXED
    if any(f.came_back_audit is not None and f.came_back_audit >= (last or 0) for f in group):
        return State.CAME_BACK
    return State.NEW if all(f.first_audit >= (last or 0) for f in group) else State.STILL_OPEN
