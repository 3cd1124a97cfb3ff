"""The words of a scan: what strangers can see of a person, where it was looked, and what could not be looked at.

Every value that is shown is masked: the page is the person's own, but files get mailed and copied.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from auditor.footprint.handles.site import Verdict as Verdict


class Topic(StrEnum):
    """What sort of thing is exposed."""

    EMAIL = "email"
    PHONE = "phone"
    BIRTHDAY = "birthday"
    HOME = "home"
    TOWN = "town"
    FAMILY = "family"
    PLACES = "places"
    POSTS = "posts"
    PROFILE = "profile"
    ACCOUNT = "account"
    BREACH = "breach"
    COPIES = "copies"


class Reach(StrEnum):
    """Who sees it. UNKNOWN weighs nothing: what nobody could tell is no exposure."""

    SEARCH = "anyone, by a search"
    EVERYBODY = "anyone"
    FRIENDS = "friends and followers"
    UNKNOWN = "nobody can tell from here"


class Mine(StrEnum):
    """Its owner's answer to "is this you?"."""

    YES = "yes"
    NO = "no"
    UNSURE = "not sure"


@dataclass(frozen=True, slots=True)
class Exposure:
    """One thing that strangers can see, or could.

    `id` is a keyed name, equal from scan to scan. `source` is what told it ("export", "gravatar", ...), `platform` the
    id of where it lies. `told` is one plain sentence. `evidence` is masked. `url` is where to look, "" where the source
    does not tell. `since` is when it was published. `count` says how many such things it stands for. `proved` tells
    that it lies on an account that is surely the person's; the others ask "is this you?".
    """

    id: str
    source: str
    platform: str
    topic: Topic
    told: str
    reach: Reach
    evidence: str = ""
    url: str = ""
    since: date | None = None
    count: int = 1
    proved: bool = True


@dataclass(frozen=True, slots=True)
class Looked:
    """One place that was looked at. `why` says what was found, or why nobody could look; `url` is where to look."""

    source: str
    what: str
    verdict: Verdict
    why: str
    url: str = ""
    platform: str = ""


@dataclass(frozen=True, slots=True)
class PolicyItem:
    """What the district's policy asks of the person's own account, and how it stands.

    `outcome` is that of the check that an audit makes ("fail", "review", "not-checked"). `says` is the clause in words.
    """

    id: str
    platform: str
    rule: str
    outcome: str
    told: str
    says: str = ""
    clause: str = ""
    excerpt: str = ""
    advice: str = ""
    url: str = ""
    places: int = 1


@dataclass(frozen=True, slots=True)
class Account:
    """An account whose export was read: how many posts of it who sees, and how many of what else it holds."""

    platform: str
    posts: int
    open_posts: int
    counts: dict[str, int] = field(default_factory=dict)
    messages: int = 0


@dataclass(frozen=True, slots=True)
class Scan:
    """All that one scan brought."""

    at: datetime
    exposures: tuple[Exposure, ...] = ()
    looked: tuple[Looked, ...] = ()
    policy: tuple[PolicyItem, ...] = ()
    passed: int = 0
    accounts: tuple[Account, ...] = ()
    credits: tuple[str, ...] = ()

    def without(self, source: str) -> "Scan":
        """The scan without what that source brought."""
        return Scan(
            self.at,
            tuple(one for one in self.exposures if one.source != source),
            tuple(one for one in self.looked if one.source != source),
            () if source == "export" else self.policy,
            0 if source == "export" else self.passed,
            () if source == "export" else self.accounts,
            self.credits,
        )

    @property
    def ids(self) -> frozenset[str]:
        """The keyed names of all that was found."""
        return frozenset(one.id for one in self.exposures) | frozenset(item.id for item in self.policy)


def together(at: datetime, scans: Iterable[Scan]) -> Scan:
    """Several scans of one moment as one."""
    parts = list(scans)
    return Scan(
        at,
        tuple(one for part in parts for one in part.exposures),
        tuple(one for part in parts for one in part.looked),
        tuple(one for part in parts for one in part.policy),
        sum(part.passed for part in parts),
        tuple(one for part in parts for one in part.accounts),
        tuple(dict.fromkeys(one for part in parts for one in part.credits)),
    )
