"""The district's figures: one row a school, and what a technology director has to look after."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_low

from auditor.model import Account, Kind
from reports.items import Item
from reports.story import Story, told
from reports.words import Urgency

LOOKED_AT = timedelta(days=31)
"""How fresh a principal's last look is to count."""

ADMINISTRATORS = 2

UNREGISTERED = "unregistered-account"


@dataclass(frozen=True, slots=True)
class Row:
    """One school at a glance.

    `oldest` and `days_to_fix` (the median) are in days, None where nothing is open or was fixed lately. `published`
    counts its official and classroom accounts; of these `looked_at` were seen by the principal in the last month, and
    `lonely` have fewer than two administrators.
    """

    story: Story
    today: int
    week: int
    tidy: int
    questions: int
    oldest: int | None
    days_to_fix: int | None
    quality: int
    published: int
    looked_at: int
    lonely: tuple[str, ...]


def row(story: Story, accounts: Iterable[Account]) -> Row:
    """The school's row; `accounts` are those of the whole district."""
    mine = [a for a in accounts if story.school and a.school == story.school.id and told(a)]
    published = [a for a in mine if a.kind is not Kind.PERSONAL]
    mended = [(i.fixed_at.date() - i.since.date()).days for i in story.fixed if i.fixed_at and not i.site]
    return Row(
        story=story,
        today=story.open(Urgency.TODAY),
        week=story.open(Urgency.WEEK),
        tidy=story.open(Urgency.TIDY),
        questions=story.questions,
        oldest=max((i.days_open for i in story.items), default=None),
        days_to_fix=median_low(mended) if mended else None,
        quality=len(story.quality),
        published=len(published),
        looked_at=sum(_lately(a.reviewed_on, story.today) for a in published),
        lonely=tuple(a.id for a in published if len({*map(str.casefold, a.admins)}) < ADMINISTRATORS),
    )


def most_broken(stories: Sequence[Story], most: int = 5) -> list[tuple[str, int, int]]:
    """The rules that are broken most often, questions apart: title, how many items, in how many schools or offices."""
    items = [(i.title, number) for number, story in enumerate(stories) for i in story.items if not i.question]
    counts = Counter(title for title, _ in items)
    schools = Counter(title for title, _ in set(items))
    return [(title, count, schools[title]) for title, count in sorted(counts.items(), key=lambda c: (-c[1], c[0]))][
        :most
    ]


def unregistered(stories: Iterable[Story]) -> list[Item]:
    """Accounts that schools link to as their own and that nobody registered."""
    return [item for story in stories for item in story.items if item.rule == UNREGISTERED]


def _lately(reviewed_on: date | None, today: date | None) -> bool:
    return reviewed_on is not None and today is not None and today - reviewed_on <= LOOKED_AT
