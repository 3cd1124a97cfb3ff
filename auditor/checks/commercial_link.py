"""A link leads to a shop, a product, or a page that earns money from visitors.

## Why it matters
A link on a school page reads as advice to buy. The school's name must not sell things for anybody.

## How to fix
Take the link off. If the school works with this seller, ask the district office to add the host to the policy.

## What it cannot see
Shops that we do not know and that show no price, cart or product. Links behind a login.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from auditor.check import PUBLISHING, Breach, Seen, check
from auditor.lazy_pattern import LazyPattern
from auditor.model import LinkUse, LinkVerdict, Severity
from auditor.outlets import platforms
from auditor.outlets.links import CLICKED, SHOP_PAGE, LinkClass, Outlet, classify, hosts_of, serves_youth
from auditor.outlets.own import is_own

CONNECTED: Final = frozenset({"fundraising", "school-vendor"})
"""What schools often work with: only they know whether they do."""
VIDEOS: Final = frozenset({"youtube", "vimeo"})
_COMPANY: Final = LazyPattern(r"\b(?:LLC|L\.L\.C|Inc|Ltd|Corp|LLP|GmbH)\b\.?|&\s?Co\b", re.IGNORECASE)
_CREDIT: Final = LazyPattern(r"\b(?:photo(?:s|graphy)?|image|design|website) (?:credit|courtesy|by)\b", re.IGNORECASE)

_MAKER: Final = LazyPattern(
    r"\b(?:photo(?:s|graph(?:y|ers?))?|pictures?|images?|studios?|films?|videos?|illustrations?|designs?|fotograf[ií]a|fotos?)\b",
    re.IGNORECASE,
)
"""Who makes pictures: where a policy wants them credited, a link in their name is the credit."""

_ASK: Final = "Ask: does the school work with this seller, or does it serve children here? If not, take the link off."


@check(reads=LinkUse, severity=Severity.MODERATE, kinds=PUBLISHING)
def commercial_link(seen: Seen[LinkUse]) -> Iterator[Breach]:
    link, state = seen.subject.link, seen.subject.state
    way = (link.url, *state.hops)
    if link.tag not in CLICKED or is_own(way[-1], seen.district) or _is_fine(seen, way):
        return
    outlet = _outlet(seen.subject)
    paid = "sponsored" in link.rel
    if outlet.sort == "educational" and not paid:
        return
    if "credited" in seen.words("allow") and not paid and outlet.sort in ("", "business") and _is_a_credit(link.words):
        return
    for_youth = outlet.sort == "youth" or serves_youth(link.words)
    # A camp that takes money has a cart, too; a shop that calls itself a camp is a shop.
    shop = outlet.link_class == "commercial" and outlet.sure and outlet.sort != SHOP_PAGE
    if for_youth and "connected" in seen.words("allow") and not shop:
        return
    if paid:
        yield seen.fail(link.url, excerpt="The page itself marks this link as paid for.", confidence=0.95)
    elif outlet.link_class == "commercial" and outlet.sure and not for_youth:
        yield seen.fail(link.url, excerpt=f"It leads to {outlet.says}.", confidence=0.95)
    elif outlet.link_class == "commercial" or outlet.sort in CONNECTED or outlet.sort in ("business", "youth"):
        yield seen.review(link.url, excerpt=f"It leads to {outlet.says}.", advice=_ASK, confidence=0.6)
    elif not outlet.sort and outlet.link_class == "" and (told := _of_a_maker(link.words)) and not _is_video(way):
        yield seen.review(link.url, excerpt=told, advice=_ASK, confidence=0.5)


@commercial_link.silence
def _on_own_sites(seen: Seen[str]) -> bool:
    """What the district shows on hosts of its own is not a shop's."""
    return is_own(seen.subject, seen.district)


def _outlet(use: LinkUse) -> Outlet:
    """What the visit told. Where it told no more than the class, or nothing at all, what the addresses tell."""
    state = use.state
    if state.outlet:
        return Outlet(LinkClass(state.link_class), state.outlet, state.outlet_why, state.outlet_sure)
    told = classify(use.link.url, state.hops)
    if state.verdict is LinkVerdict.SKIPPED and not state.link_class:
        return told
    if told.link_class == state.link_class and told.sort != SHOP_PAGE:
        return told
    return Outlet(LinkClass(state.link_class), "", "a page that sells", state.outlet_sure)


def _is_fine(seen: Seen[LinkUse], way: tuple[str, ...]) -> bool:
    fine = {host.casefold() for host in seen.words("hosts")}
    return bool(fine & hosts_of((way[0], way[-1])))


def _is_video(way: Iterable[str]) -> bool:
    """Whether it leads to a video: one that names a company tells about it, and need not be the company's."""
    return any(platforms.of(url) in VIDEOS for url in way)


def _of_a_maker(words: str) -> str:
    """What the words of a link tell of a company, or of who made something; "" where they tell of neither."""
    if _COMPANY.search(words):
        return "The words of the link name a company."
    return "The words of the link say who made the pictures or the page." if _CREDIT.search(words) else ""


def _is_a_credit(words: str) -> bool:
    """Whether the words of a link say whose work stands there."""
    return bool(_CREDIT.search(words) or _MAKER.search(words))
