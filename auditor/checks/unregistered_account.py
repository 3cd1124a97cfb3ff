"""A school site links to an account that nobody registered.

## Why it matters
Families take a linked account for the school's own. If it is not registered, nobody looks after it or checks it.

## How to fix
Find out who runs the account. If it is ours, register it. If it is not, take the link off or say whose it is.

## What it cannot see
Accounts that no registered site links to. And whose account it is, where the link does not say so.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Final

from auditor.check import PUBLISHING, Answer, Breach, Seen, Unknown, check
from auditor.lazy_pattern import LazyPattern
from auditor.model import AccountFacts, LinkUse, Severity
from auditor.outlets.links import BUILT_FROM
from auditor.outlets.own import registered
from auditor.outlets.platforms import PLATFORMS, account_address

SITES: Final = frozenset({"website", "wordpress", "edublogs", "blogger", "googlesites", "weebly", "wix"})
"""Platforms whose accounts are sites of pages; what a social profile links to is mostly its visitors' doing."""

FRAME: Final = 3
"""A link that so many pages carry may stand in the site's frame: its header, footer or sidebar."""
FRAMED: Final = 20
"""A frame is on at least one page in so many: a large site has a few dozen pages from elsewhere, frame and all."""

_NAMES: Final = "|".join(sorted({re.escape(p.name.casefold()) for p in PLATFORMS.values()} | {"twitter"}))
_OURS: Final = LazyPattern(
    r"\b(follow|find|like|join|visit|watch|connect with) us\b|\b(s[ií]guenos|s[ií]ganos|vis[ií]tenos)\b|"
    rf"\b(our|class|nuestr[oa]s?)\b.*\b({_NAMES}|page|account|channel|feed|profile|blog|group|p[aá]gina|cuenta|canal)\b",
    re.IGNORECASE,
)
_FILLER: Final = LazyPattern(
    rf"\b({_NAMES}|icon|logo|link|page|account|channel|follow|visit|like|on|our|opens?|in|a|new|window|tab|the|to)\b",
    re.IGNORECASE,
)
_OTHERS: Final = LazyPattern(
    r"(?<![a-z])(ptas?|ptos?|ptsas?|ptsos?|boosters?|parents?|alumni|foundation|friends|padres)(?![a-z])|booster|alumni|"
    r"reunion|class.{0,3}of.{0,3}['’]?(?:19|20)?\d\d(?!\d)",
    re.IGNORECASE,
)
_COMMON: Final = frozenset(
    {
        "school",
        "schools",
        "elementary",
        "middle",
        "high",
        "junior",
        "senior",
        "academy",
        "center",
        "centers",
        "district",
    }
    | {"public", "community", "county", "city", "grade", "grades", "primary", "intermediate", "charter"}
    | {"regional", "unified", "consolidated", "technology"}
)
"""Words of school names that tell no school from another."""


class Sign(IntEnum):
    """How much a link looks as if it said "this account is ours"."""

    NONE = 0
    DOUBTFUL = 1
    CERTAIN = 2


@check(reads=AccountFacts, severity=Severity.SERIOUS, kinds=PUBLISHING, of_record=True)
def unregistered_account(seen: Seen[AccountFacts]) -> Iterator[Answer]:
    facts = seen.subject
    if seen.account.platform not in SITES:
        return
    linked: dict[str, list[LinkUse]] = defaultdict(list)
    for use in facts.links:
        address = _account(use)
        if address and address not in registered(seen.district):
            linked[address].append(use)
    for address, uses in sorted(linked.items()):
        yield from _judge(seen, address, uses)
    if not facts.coverage.complete:
        yield Unknown(facts.failure or "the site was read only in part, so a link may have been missed")


def _account(use: LinkUse) -> str | None:
    """The account that a link leads to, at once or by a short address that forwards to it."""
    if use.link.tag in BUILT_FROM:
        return None
    return next(filter(None, map(account_address, (use.link.url, *use.state.hops))), None)


def _judge(seen: Seen[AccountFacts], address: str, uses: Sequence[LinkUse]) -> Iterator[Breach]:
    """At most one finding an account, for the link that says most plainly whose it is."""
    sign, use = max(((_sign(seen, address, use), use) for use in uses), key=lambda pair: (pair[0], pair[1].places))
    if sign is Sign.NONE:
        return
    certain = sign is Sign.CERTAIN
    places = max(one.places for one in uses)
    count = "1 page of this site links" if places == 1 else f"{places} pages of this site link"
    registrar = seen.word("registrar", "the district")
    tell = seen.fail if certain else seen.review
    yield tell(
        address,
        url=use.page,
        places=places,
        excerpt=f"{count} to this account{' as our own' if certain else ''}. Nobody registered it.",
        advice=f"Find out who runs it. If it is ours, register it with {registrar}. If not, take the link off."
        if certain
        else f"Look whether this account is ours. If it is, register it with {registrar}.",
    )


def _sign(seen: Seen[AccountFacts], address: str, use: LinkUse) -> Sign:
    words = " ".join(use.link.words.split())
    if claims := seen.words("claims"):
        return Sign.DOUBTFUL if any(claim.casefold() in words.casefold() for claim in claims) else Sign.NONE
    framed = use.places >= FRAME and use.places * FRAMED >= seen.subject.coverage.documents
    alike = _looks_like_us(seen, address)
    bare = not re.search(r"\w", _FILLER.sub("", words))
    said = "me" in use.link.rel or _OURS.search(words) or _named_in(seen, words)
    if said or _on_our_domain(seen, address) or (bare and (framed or alike)):
        sign = Sign.CERTAIN
    elif framed or alike or bare or _letters(words) in _letters(address):
        sign = Sign.DOUBTFUL
    else:
        sign = Sign.NONE
    # Parents' clubs and alumni are close to a school without being the school.
    return min(sign, Sign.DOUBTFUL) if _OTHERS.search(words) or _OTHERS.search(address) else sign


def _names(seen: Seen[AccountFacts]) -> tuple[str, ...]:
    return (seen.district.name, *([seen.school.name] if seen.school else []))


def _named_in(seen: Seen[AccountFacts], words: str) -> bool:
    """Whether the link's words hold the whole name of the school or the district."""
    return any(name.casefold() in words.casefold() for name in _names(seen) if name)


def _on_our_domain(seen: Seen[AccountFacts], address: str) -> bool:
    """Whether the platform keeps the account under a domain of the district, as Google Sites do: nobody else can."""
    return not {part.casefold() for part in address.split("/")[3:]}.isdisjoint(seen.district.email_domains)


def _looks_like_us(seen: Seen[AccountFacts], address: str) -> bool:
    """Whether the account's own name holds a word that tells our school or district from others."""
    telling = {word for name in _names(seen) for word in re.findall(r"\w{4,}", name.casefold())} - _COMMON
    handle = _letters(address.partition("://")[2].partition("/")[2] or address.partition("://")[2].partition(".")[0])
    return any(_letters(word) in handle for word in telling)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())
