"""This account is on a platform that its students are too young for.

## Why it matters
Most platforms are closed to children under 13, some to teens. An account for younger students draws them in.

## How to fix
Move what is for students to the school's own website. If the account is for parents only, write that into the registry.

## What it cannot see
How old each student is. It goes by the grades in the registry and the usual ages in them.
"""

from collections.abc import Iterator

from auditor.check import PUBLISHING, Answer, Seen, Unknown, check
from auditor.model import AccountFacts, Grades, Kind, Severity
from auditor.outlets.platforms import minimum_age, name_of, named


@check(reads=AccountFacts, severity=Severity.SERIOUS, kinds=PUBLISHING)
def underage_audience(seen: Seen[AccountFacts]) -> Iterator[Answer]:
    platform = minimum_age(named(seen.account.platform) or seen.account.platform)
    if platform is None:
        return
    audience = seen.account.grades or (seen.school.grades if seen.school else None)
    if audience is None:
        yield Unknown("the registry does not say for which grades the account is; add grades to it")
        return
    policy = seen.number("minimum_age", platform)
    needed = policy if seen.options.get("inclusive", True) else policy + 1
    if _some(audience, needed):
        tell = seen.fail if _certain(seen, audience, needed) else seen.review
        yield tell("audience", excerpt=_what(seen, audience, policy, "The policy"))
    elif _some(audience, platform):
        # The policy's own age is kept; the platform's terms are another's rule, so a person decides.
        yield seen.review("audience", excerpt=_what(seen, audience, platform, seen.account.platform))


def _certain(seen: Seen[AccountFacts], audience: Grades, needed: int) -> bool:
    """Whether students below that age are surely meant.

    A class account is for its students: one grade in which all are too young decides. An official account speaks to
    families as well: it takes grades of its own in the registry, all of them too young.
    """
    if seen.account.kind is Kind.CLASSROOM:
        return _oldest(audience.lowest) < needed
    return seen.account.grades is not None and _oldest(audience.highest) < needed


def _some(audience: Grades, needed: int) -> bool:
    """Whether any student of these grades is usually below that age."""
    return _youngest(audience.lowest) < needed


def _youngest(grade: int) -> int:
    """The usual age at the start of a grade's year: 5 in kindergarten."""
    return grade + 5


def _oldest(grade: int) -> int:
    """The usual age at the end of a grade's year: 6 in kindergarten."""
    return grade + 6


def _what(seen: Seen[AccountFacts], audience: Grades, age: int, whose: str) -> str:
    inherited = "" if seen.account.grades else ", like its school"
    over = "" if seen.options.get("inclusive", True) or whose != "The policy" else "over "
    ages = f"{_youngest(audience.lowest)} to {_oldest(audience.highest)}"
    grades = "grade" if audience.lowest == audience.highest else "grades"
    return (
        f"The account on {name_of(seen.account.platform)} is for {grades} {audience}{inherited}: ages {ages}. "
        f"{whose} asks for {over}{age}{'' if over else ' or older'}."
    )
