"""How far an audit could see: accounts read whole or in part, and rules that nobody could judge, and why."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from auditor.check import Help
from auditor.model import Account, Blind, Coverage, Outcome, Verdict
from auditor.outlets.platforms import PLATFORMS, name_of
from reports.items import title
from reports.words import SPEAKS_FOR, WHY_BLIND, sentence

NAMED = 3
"""How many of the things that could not be seen for one reason are named."""

READ_IN_PART = {
    "read only in part": "not all pages of the account could be read",
    "could not be read": "the account could not be read",
}
"""How a verdict's reason begins where the account is the trouble, and what a report says instead: the account's own
entry names the pages."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """What of an account could not be checked for one reason: the first few by name, and how many more."""

    what: tuple[str, ...]
    more: int
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class AccountStory:
    """How far one account could be read. `read_at` is None where no audit has looked at it."""

    id: str
    purpose: str
    url: str
    kind: str
    platform: str
    complete: bool
    documents: int
    unseen: tuple[Unseen, ...]
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Rules of the policy that could not be judged for one reason. `accounts` is empty where that is so everywhere."""

    reason: str
    rules: tuple[str, ...]
    accounts: tuple[str, ...]


def account_story(account: Account, coverage: Coverage | None, zone: ZoneInfo) -> AccountStory:
    """How far the account could be read; an account that no audit reached says so."""
    return AccountStory(
        id=account.id,
        purpose=account.purpose,
        url=account.url,
        kind=SPEAKS_FOR[account.kind],
        platform=sentence(name_of(_platform(account, coverage))).rstrip("."),
        complete=coverage is not None and coverage.complete,
        documents=coverage.documents if coverage else 0,
        unseen=tuple(_unseen(coverage.blind)) if coverage else (Unseen((), 0, "No audit has looked at it yet.", ""),),
        read_at=coverage.fetched_at.astimezone(zone) if coverage else None,
    )


def _platform(account: Account, coverage: Coverage | None) -> str:
    """What it was entered as; of what was entered as a website, the platform by whose route it had to be read."""
    route = coverage.route if coverage else ""
    return route if account.platform == "website" and route in PLATFORMS else account.platform


def _unseen(blind: Iterable[Blind]) -> Iterator[Unseen]:
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in blind:
        groups[WHY_BLIND[one.reason], one.remedy].append(one.what)
    for (why, remedy), what in groups.items():
        named = tuple(dict.fromkeys(what))
        yield Unseen(named[:NAMED], len(named[NAMED:]), why, remedy)


def unjudged(
    verdicts: Iterable[Verdict], accounts: Sequence[str], asked: frozenset[str], helps: Mapping[str, Help]
) -> tuple[Unjudged, ...]:
    """The rules that were asked for and that nobody could judge, by reason and accounts.

    `asked` are the rules that the policy asks for; site quality is no duty, and its own gaps show in the accounts.
    """
    why: dict[tuple[str, str], set[str]] = defaultdict(set)
    due: dict[str, set[str]] = defaultdict(set)
    for verdict in verdicts:
        if verdict.account in accounts and verdict.rule in asked and verdict.outcome is not Outcome.NOT_APPLICABLE:
            due[verdict.rule].add(verdict.account)
            if verdict.outcome is Outcome.NOT_CHECKED:
                why[_reason(verdict.reason), verdict.rule].add(verdict.account)
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for (reason, rule), names in why.items():
        where = () if names == due[rule] else tuple(sorted(names))
        groups[reason, where].append(title(rule, helps))
    return tuple(Unjudged(reason, tuple(sorted(rules)), where) for (reason, where), rules in sorted(groups.items()))


def _reason(reason: str) -> str:
    plain = (words for start, words in READ_IN_PART.items() if reason.startswith(start))
    return next(plain, reason or "no reason was given")
