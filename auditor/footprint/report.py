"""From a scan to the person's own page: what it says, in which order. Pure; the page itself is `footprint.html`.

The page stands alone like every report: no script, nothing loaded from anywhere, one style sheet known by its hash.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from auditor.footprint.exposure import Exposure, Looked, Mine, PolicyItem, Scan, Topic, Verdict
from auditor.footprint.guide import Guide, Step, guide
from auditor.footprint.links import Shelf
from auditor.footprint.score import Score, counts, score
from auditor.model import Outcome
from reports.page import Caps, fitted, render

FIRST_FIXES: Final = 5
FEW: Final = 4
"""Places that are alike from which on they are told together."""


@dataclass(frozen=True, slots=True)
class Fix:
    """Something to do, and what it settles: all things of one sort at one platform."""

    topic: Topic
    where: Guide
    step: Step
    exposures: tuple[Exposure, ...]
    points: int


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A rule that nobody could judge, why, and at which platforms."""

    told: str
    why: str
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Places that are told together: of one platform, whose name is `of`, or with one and the same reason, `why`."""

    looked: tuple[Looked, ...]
    of: str = ""
    why: str = ""

    @property
    def about(self) -> tuple[str, ...]:
        """The handles that sites were asked about; none where these are no sites."""
        return tuple(dict.fromkeys(one.about for one in self.looked if one.about))


@dataclass(frozen=True, slots=True)
class Places:
    """A list of places as it is told: those that stand alone, and those that are alike."""

    single: tuple[Looked, ...]
    alike: tuple[Alike, ...]

    def __len__(self) -> int:
        return len(self.single) + sum(len(group.looked) for group in self.alike)


@dataclass(frozen=True, slots=True)
class Change:
    """What became of things since the last scan. `before` is None where there was none."""

    before: datetime | None = None
    new: int = 0
    gone: int = 0
    same: int = 0


@dataclass(frozen=True, slots=True)
class Telling:
    """Everything that the page says."""

    scan: Scan
    school: str
    score: Score
    fixes: tuple[Fix, ...]
    yours: tuple[Exposure, ...]
    asked: tuple[Exposure, ...]
    not_yours: int
    not_found: Places
    unchecked: Places
    breaches: tuple[PolicyItem, ...]
    questions: tuple[PolicyItem, ...]
    unjudged: tuple[Unjudged, ...]
    policy: str
    change: Change
    shelves: tuple[Shelf, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)

    @property
    def headline(self) -> str:
        """The one sentence that stays, if no other is read."""
        if not self.scan.looked and not self.scan.exposures and not self.scan.accounts:
            return "Nothing was looked at yet."
        if not self.yours:
            first = "We found nothing that is surely yours, where we could look."
        else:
            things = "1 thing" if len(self.yours) == 1 else f"{len(self.yours)} things"
            start = "one fix" if len(self.fixes) == 1 else f"{len(self.fixes)} fixes"
            first = f"Strangers can see {things} of yours.{f' Start with {start}.' if self.fixes else ''}"
        if not self.asked:
            return first
        return f"{first} {len(self.asked)} more {'waits' if len(self.asked) == 1 else 'wait'} for your answer."

    @property
    def passed(self) -> int:
        """How many checks of the policy found nothing to say, over all accounts."""
        return sum(account.passed for account in self.scan.accounts)

    def earlier(self, place: str) -> datetime | None:
        """When a place was looked at, where that was not in this scan."""
        at = self.scan.dates.get(place, self.scan.at)
        return at if at.date() < self.scan.at.date() else None

    def guide(self, platform: str) -> Guide:
        """What can be done at that platform."""
        return guide(platform)

    def step(self, exposure: Exposure) -> Step:
        """What to do about one thing."""
        return guide(exposure.platform).step(exposure.topic)


def told(
    scan: Scan,
    answers: Mapping[str, Mine] | None = None,
    *,
    school: str = "",
    policy: str = "",
    before: Scan | None = None,
    known: Iterable[str] | None = None,
    before_at: datetime | None = None,
    shelves: Sequence[Shelf] = (),
) -> Telling:
    """What the page says of a scan. `known` are the names of what the last scan found, at `before_at`."""
    said = dict(answers or {})
    points = score(scan.exposures, said, scan.at.date())
    yours = [one for one in scan.exposures if counts(one, said.get(one.id))]
    asked = [one for one in scan.exposures if one.id not in said and not one.proved]
    asked += [one for one in scan.exposures if said.get(one.id) is Mine.UNSURE]
    weights = {line.exposure.id: line.points for line in points.lines}
    earlier = before.ids if before else frozenset(known or ())
    return Telling(
        scan=scan,
        school=school,
        score=points,
        fixes=tuple(_fixes(yours, weights)[:FIRST_FIXES]),
        yours=tuple(sorted(yours, key=lambda one: (-weights.get(one.id, 0), one.platform, one.id))),
        asked=tuple(asked),
        not_yours=sum(said.get(one.id) is Mine.NO for one in scan.exposures),
        not_found=_of(scan, Verdict.NOT_FOUND),
        unchecked=_of(scan, Verdict.UNCHECKED),
        breaches=_with(scan, Outcome.FAIL),
        questions=_with(scan, Outcome.REVIEW),
        unjudged=tuple(_unjudged(_with(scan, Outcome.NOT_CHECKED))),
        policy=policy,
        change=_change(scan.ids, earlier, before.at if before else before_at),
        shelves=tuple(shelves),
        numbers={one.id: number for number, one in enumerate(scan.exposures, 1)},
    )


def page(telling: Telling) -> bytes:
    """The page as a file's bytes."""

    def draw(caps: Caps) -> str:
        return render("footprint.html", told=telling, caps=caps, topics=Topic, mine=Mine)

    return fitted(draw).encode()


def _fixes(exposures: Iterable[Exposure], weights: Mapping[str, int]) -> list[Fix]:
    """What helps most first, and of two that help alike what takes less time."""
    alike: dict[tuple[str, Topic], list[Exposure]] = {}
    for one in exposures:
        if weights.get(one.id):
            alike.setdefault((one.platform, one.topic), []).append(one)
    fixes = [
        Fix(topic, guide(platform), guide(platform).step(topic), tuple(found), sum(weights[one.id] for one in found))
        for (platform, topic), found in alike.items()
    ]
    return sorted(fixes, key=lambda fix: (-fix.points, fix.step.minutes, fix.where.id, fix.topic))


def _of(scan: Scan, verdict: Verdict) -> Places:
    """The places with that verdict; the largest groups come last, as they say least."""
    found: dict[tuple[str, str], list[Looked]] = {}
    for one in scan.looked:
        if one.verdict is verdict:
            found.setdefault((one.platform, "") if one.platform else ("", one.why), []).append(one)
    return Places(
        tuple(one for group in found.values() if len(group) < FEW for one in group),
        tuple(
            Alike(tuple(group), guide(platform).name if platform else "", why)
            for (platform, why), group in sorted(found.items(), key=lambda item: (not item[0][0], len(item[1])))
            if len(group) >= FEW
        ),
    )


def _with(scan: Scan, outcome: Outcome) -> tuple[PolicyItem, ...]:
    return tuple(item for item in scan.policy if item.outcome == outcome)


def _unjudged(items: Iterable[PolicyItem]) -> Iterable[Unjudged]:
    where: dict[tuple[str, str], dict[str, None]] = {}
    for item in items:
        where.setdefault((item.told, item.excerpt), {})[guide(item.platform).name] = None
    return (Unjudged(what, why, tuple(names)) for (what, why), names in where.items())


def _change(now: frozenset[str], earlier: frozenset[str], at: datetime | None) -> Change:
    if at is None:
        return Change()
    return Change(at, len(now - earlier), len(earlier - now), len(now & earlier))
