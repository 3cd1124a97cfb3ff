"""The words of a scan: what strangers can see of a person, where it was looked, and what could not be looked at.

Every value that is shown is masked: the page is the person's own, but files get mailed and copied.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
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
    place: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """One place that was looked at. `why` says what was found, or why nobody could look; `url` is where to look.

    `about` is the handle that a site was asked about, "" where `what` says it all.
    """

    source: str
    what: str
    verdict: Verdict
    why: str
    url: str = ""
    platform: str = ""
    place: str = ""
    about: str = ""

    @property
    def title(self) -> str:
        """What was looked at, whole."""
        return f"{self.about} at {self.what}" if self.about else self.what


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
    place: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """An account whose export was read: how many posts of it who sees, and how many of what else it holds.

    `passed` is how many checks of the policy found nothing to say of it.
    """

    platform: str
    posts: int
    open_posts: int
    counts: dict[str, int] = field(default_factory=dict)
    messages: int = 0
    passed: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """Whose data a source's answer was, as its licence wants it told."""

    source: str
    words: str


@dataclass(frozen=True, slots=True)
class Scan:
    """All that one scan brought, and what earlier ones brought of places that it did not look at.

    `dates` says of each place when it was last looked at, so that somebody could tell what is there.
    """

    at: datetime
    exposures: tuple[Exposure, ...] = ()
    looked: tuple[Looked, ...] = ()
    policy: tuple[PolicyItem, ...] = ()
    accounts: tuple[Account, ...] = ()
    credits: tuple[Credit, ...] = ()
    dates: Mapping[str, datetime] = field(default_factory=dict)

    def without(self, source: str) -> "Scan":
        """The scan without what that source brought."""
        of_accounts = source == "export"
        judged = not of_accounts and source != "policy"
        left = replace(
            self,
            exposures=tuple(one for one in self.exposures if one.source != source),
            looked=tuple(one for one in self.looked if one.source != source),
            policy=self.policy if judged else (),
            accounts=() if of_accounts else tuple(a if judged else replace(a, passed=0) for a in self.accounts),
            credits=tuple(credit for credit in self.credits if credit.source != source),
        )
        told: tuple[Exposure | Looked | PolicyItem | Account, ...] = (*left.exposures, *left.looked, *left.policy)
        places = {one.place for one in (*told, *left.accounts)}
        places |= {judged_at(account.place) for account in left.accounts if account.passed}
        return replace(left, dates={place: at for place, at in left.dates.items() if place in places})

    def settled(self) -> frozenset[str]:
        """The places of which it can tell what is there and what is not any more."""
        unclear = {one.place for one in self.looked if one.verdict is Verdict.UNCHECKED}
        clear = {one.place for one in self.looked} - unclear - {""}
        # An export leaves much open and is read all the same; whether the policy judged it is another matter.
        judged = {item.place for item in self.policy} | {judged_at(one.place) for one in self.accounts if one.passed}
        return frozenset(clear | judged | {account.place for account in self.accounts})

    def after(self, earlier: "Scan | None") -> "Scan":
        """With what an earlier scan brought of places that this one could not settle: they stay as they were."""
        dates = dict.fromkeys(self.settled(), self.at)
        if earlier is None:
            return replace(self, dates=dates)
        mine = {one.place for one in self.looked}
        passed = {account.place: account.passed for account in earlier.accounts}

        def stays(place: str) -> bool:
            return bool(place) and place not in dates

        return replace(
            self,
            exposures=(*self.exposures, *(one for one in earlier.exposures if stays(one.place))),
            looked=(*self.looked, *(one for one in earlier.looked if stays(one.place) and one.place not in mine)),
            policy=(*self.policy, *(one for one in earlier.policy if stays(one.place))),
            accounts=(
                # An export that was read and not judged keeps what it passed when it was.
                *(replace(a, passed=passed.get(a.place, 0)) if stays(judged_at(a.place)) else a for a in self.accounts),
                *(one for one in earlier.accounts if stays(one.place)),
            ),
            credits=tuple(dict.fromkeys((*self.credits, *earlier.credits))),
            dates={**{place: at for place, at in earlier.dates.items() if stays(place)}, **dates},
        )

    def since(self, oldest: datetime) -> "Scan":
        """Without what was found at places that were last looked at before that."""
        old = {place for place, at in self.dates.items() if at < oldest}
        return replace(
            self,
            exposures=tuple(one for one in self.exposures if one.place not in old),
            looked=tuple(one for one in self.looked if one.place not in old),
            policy=tuple(one for one in self.policy if one.place not in old),
            accounts=tuple(one for one in self.accounts if one.place not in old),
            dates={place: at for place, at in self.dates.items() if place not in old},
        )

    @property
    def ids(self) -> frozenset[str]:
        """The keyed names of all that was found."""
        return frozenset(one.id for one in self.exposures) | frozenset(item.id for item in self.policy)


def judged_at(place: str) -> str:
    """The place of what the policy says of the account at that place: an export may be read and not be judged."""
    return f"{place}/policy"


def together(at: datetime, scans: Iterable[Scan]) -> Scan:
    """Several scans of one moment as one."""
    parts = list(scans)
    return Scan(
        at,
        tuple(one for part in parts for one in part.exposures),
        tuple(one for part in parts for one in part.looked),
        tuple(one for part in parts for one in part.policy),
        _joined(one for part in parts for one in part.accounts),
        tuple(dict.fromkeys(one for part in parts for one in part.credits)),
    )


def _joined(accounts: Iterable[Account]) -> tuple[Account, ...]:
    """Each account once, with the checks that passed for it."""
    found: dict[str, Account] = {}
    for account in accounts:
        before = found.get(account.place, account)
        found[account.place] = replace(before, passed=max(before.passed, account.passed))
    return tuple(found.values())
