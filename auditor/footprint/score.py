"""How much strangers can see, as a number whose sum is shown: 100 less what each thing found weighs. Pure.

A thing weighs what it is, times who sees it, times how fresh it is. What nobody could tell weighs nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from auditor.footprint.exposure import Exposure, Mine, Reach, Topic

BEST: Final = 100

WEIGHTS: Final[Mapping[Topic, int]] = {
    Topic.HOME: 20,
    Topic.PHONE: 14,
    Topic.PLACES: 12,
    Topic.BIRTHDAY: 10,
    Topic.FAMILY: 10,
    Topic.BREACH: 10,
    Topic.EMAIL: 8,
    Topic.POSTS: 8,
    Topic.TOWN: 5,
    Topic.PROFILE: 3,
    Topic.COPIES: 3,
    Topic.ACCOUNT: 2,
}
"""What each thing weighs where anybody can find it today, in points."""

REACHES: Final[Mapping[Reach, float]] = {
    Reach.SEARCH: 1.0,
    Reach.EVERYBODY: 0.8,
    Reach.FRIENDS: 0.2,
    Reach.UNKNOWN: 0.0,
}
_FRESH: Final = ((365, 1.0), (5 * 365, 0.8))
_OLD: Final = 0.6
_FADES: Final = frozenset({Topic.EMAIL, Topic.PHONE, Topic.PLACES, Topic.PROFILE, Topic.COPIES})
"""What fades with time. A birthday does not, and old posts are what nobody remembers to look through."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sum."""

    exposure: Exposure
    weight: int
    reach: float
    age: float

    @property
    def points(self) -> int:
        """What it weighs, in whole points."""
        return round(self.weight * self.reach * self.age)


@dataclass(frozen=True, slots=True)
class Score:
    """The number and the lines it comes from, heaviest first."""

    lines: tuple[Line, ...]

    @property
    def taken(self) -> int:
        """All points together."""
        return sum(line.points for line in self.lines)

    @property
    def points(self) -> int:
        """0 to 100; 100 where nothing was found."""
        return max(0, BEST - self.taken)


def score(exposures: Iterable[Exposure], answers: Mapping[str, Mine], today: date) -> Score:
    """The sum over all that was found, but for what its owner says is somebody else's, or is not sure of."""
    lines = [
        Line(one, WEIGHTS[one.topic], REACHES[one.reach], _age(one, today))
        for one in exposures
        if counts(one, answers.get(one.id))
    ]
    return Score(
        tuple(sorted((line for line in lines if line.points), key=lambda line: (-line.points, line.exposure.id)))
    )


def counts(exposure: Exposure, answer: Mine | None) -> bool:
    """Whether it is known to be the person's: proved and not denied, or said so."""
    return answer is Mine.YES or (exposure.proved and answer is None)


def _age(exposure: Exposure, today: date) -> float:
    if exposure.since is None or exposure.topic not in _FADES:
        return 1.0
    days = (today - exposure.since).days
    return next((factor for most, factor in _FRESH if days <= most), _OLD)
