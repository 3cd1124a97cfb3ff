"""This account is on a platform that its students are too young for.

## Why it matters
Most platforms are closed to children under 13, some to teens. An account for younger students draws them in.

## How to fix
Move what is for students to the school's own website. If the account is for parents only, write that into the registry.

## What it cannot see
How old each student is. It goes by the grades in the registry, what the profile says, and the usual ages.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from auditor.check import PUBLISHING, Answer, Seen, Unknown, check
from auditor.lazy_pattern import LazyPattern
from auditor.model import AccountFacts, Grades, Kind, Place, Profile, Reading, Severity
from auditor.outlets.platforms import minimum_age, name_of, named

_UNDER_13: Final = 13
"""Who is younger is a child to every platform: what is made for kids is made for them."""

_ORDINALS: Final = {
    word: grade
    for grade, words in enumerate(
        (
            "kindergart(?:en|n)",
            "first|1st",
            "second|2nd",
            "third|3rd",
            "fourth|4th",
            "fifth|5th",
            "sixth|6th",
            "seventh|7th",
        )
    )
    for word in words.split("|")
}
_GRADERS: Final = LazyPattern(
    rf"\b(?P<ordinal>{'|'.join(_ORDINALS)})[- ]?grade?rs?\b|\b(?P<kinder>kinder(?:garten|gart)n?ers?)\b"
    r"|\bgrade (?P<number>[k1-7]) (?:students|kids|children)\b"
    r"|\b(?:kids|children|students) (?:aged?|ages|under|in grades?) (?P<age>\d{1,2})\b",
    re.IGNORECASE,
)
"""Children that a profile speaks of, by their grade or age."""
_ASKED_IN: Final = LazyPattern(
    r"\b(?:follow(?:s|ed|ing|ers?)?|join(?:s|ed)?|subscribe\w*|message|dm|tag(?:s|ged)?|chat|comment|post(?:s|ed)?|share)\b"
    r"|\b(?:for|to|hey|hi|hello|dear|attention|calling(?: all)?|our) (?:\w+ ){0,3}$",
    re.IGNORECASE,
)
"""What makes them its audience: they follow it, or it is for them."""


@check(reads=AccountFacts, severity=Severity.SERIOUS, kinds=PUBLISHING, by_registry=True)
def underage_audience(seen: Seen[AccountFacts]) -> Iterator[Answer]:
    platform = _asked_by_platform(seen)
    if platform is None:
        return
    policy = seen.number("minimum_age", platform)
    needed = policy if seen.options.get("inclusive", True) else policy + 1
    told = list(_told(seen, needed, policy))
    yield from told
    audience = _audience(seen)
    if audience is None:
        if not told:
            yield Unknown("the registry does not say for which grades the account is; add grades to it")
    elif _some(audience, needed):
        tell = seen.fail if _certain(seen, audience, needed) else seen.review
        whose = "The policy" if "minimum_age" in seen.options else name_of(seen.account.platform)
        yield tell("audience", excerpt=_what(seen, audience, policy, whose))
    elif _some(audience, platform):
        # The policy's own age is kept; the platform's terms are another's rule, so a person decides.
        yield seen.review("audience", excerpt=_what(seen, audience, platform, name_of(seen.account.platform)))


@underage_audience.notes
def _read(seen: Seen[Reading]) -> Mapping[str, object] | None:
    """What the profile itself says of whom it is for, and which posts are made for kids."""
    document = seen.subject.document
    if minimum_age(named(seen.account.platform) or seen.account.platform) is None:
        return None
    if document.depth:
        return {"kids": True} if document.made_for_kids is True else None
    profile = document.profile
    bio = "\n".join(p.text for p in document.passages if p.place in (Place.TITLE, Place.BODY, Place.DESCRIPTION))
    youngest = _youngest_follower(f"{bio}\n{_words_of(profile)}")
    facts: dict[str, object] = {}
    if profile is not None and profile.made_for_kids is True:
        facts["made_for_kids"] = True
    if profile is not None and profile.minimum_age is not None:
        facts["minimum_age"] = profile.minimum_age
    if youngest is not None:
        facts["age"] = youngest
    return facts or None


# ------------------------------------------------------------------------------------------------ what it says itself


def _words_of(profile: Profile | None) -> str:
    return f"{profile.name}\n{profile.bio}" if profile is not None else ""


def _youngest_follower(text: str) -> int | None:
    """The usual age of the youngest children whom the profile asks in, or tells that they follow it."""
    ages = [
        age
        for line in text.splitlines()
        for match in _GRADERS.finditer(line)
        if _ASKED_IN.search(line[: match.start()]) or _ASKED_IN.search(line[match.end() :])
        for age in [_age(match)]
    ]
    return min(ages, default=None)


def _age(match: re.Match[str]) -> int:
    if match["age"]:
        return int(match["age"]) - ("under" in match[0].casefold())
    if match["number"]:
        return _youngest(0 if match["number"].casefold() == "k" else int(match["number"]))
    return _youngest(_ORDINALS.get((match["ordinal"] or "").casefold(), 0))


def _told(seen: Seen[AccountFacts], needed: int, policy: int) -> Iterator[Answer]:
    """What the account itself says of whom it is for."""
    facts = [note.facts for note in seen.subject.notes]
    where = name_of(seen.account.platform)
    if needed >= _UNDER_13 and any(fact.get("made_for_kids") for fact in facts):
        yield seen.fail("audience", excerpt=f"Its owner has told {where} that the account is made for kids.")
    videos = sum(1 for fact in facts if fact.get("kids"))
    if needed >= _UNDER_13 and videos:
        how_many = "1 post is" if videos == 1 else f"{videos:,} posts are"
        yield seen.review("audience", excerpt=f"Its owner has told {where} that {how_many} made for kids.")
    ages = [age for fact in facts if isinstance(age := fact.get("age"), int)]
    if ages and min(ages) < needed:
        what = (
            f"The profile speaks to students of about {min(ages)}, or says that they follow it. {policy} is asked for."
        )
        yield seen.review("audience", excerpt=what)


# ------------------------------------------------------------------------------------------------ by the registry


def _asked_by_platform(seen: Seen[AccountFacts]) -> int | None:
    """The age that the account's own server asks for, where it says so; else its platform's."""
    own = [age for note in seen.subject.notes if isinstance(age := note.facts.get("minimum_age"), int)]
    return max(own) if own else minimum_age(named(seen.account.platform) or seen.account.platform)


def _audience(seen: Seen[AccountFacts]) -> Grades | None:
    if seen.account.grades is not None:
        return seen.account.grades
    return seen.school.grades if seen.school else None


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
