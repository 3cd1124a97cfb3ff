"""What a link leads to: a shop, an affiliate network, a campaign, a fund-raiser, or nothing that a policy speaks of.

Pure: from the address, the addresses on the way and, where it was read, what the page shows. An unknown address is
nothing, never a suspicion. The list of known hosts is `links.toml`.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from publicsuffixlist import PublicSuffixList

from auditor.model import Link
from auditor.outlets.host_names import LONGEST, as_dialled
from auditor.outlets.landing import Landing, Sign
from auditor.outlets.phrases import phrases


class LinkClass(StrEnum):
    """The classes of the contract; "" for neither."""

    COMMERCIAL = "commercial"
    POLITICAL = "political"
    NEITHER = ""


@dataclass(frozen=True, slots=True)
class Outlet:
    """What an address leads to.

    `sort` is the group of `links.toml`, or "shop page", "affiliate link", "campaign page", "business", "youth",
    "educational". `says` completes "It leads to ...". `sure` is False where only a person can tell.
    """

    link_class: LinkClass = LinkClass.NEITHER
    sort: str = ""
    says: str = ""
    sure: bool = False


SHOP_PAGE: Final = "shop page"
"""The sort of a page that sells, on a host that nobody listed."""
NOTHING = Outlet()
EDUCATIONAL = Outlet(sort="educational", says="a school, library, museum, public office or youth organisation")
YOUTH = Outlet(sort="youth", says="an activity for children and young people")

CLICKED: Final = frozenset({"a", "area", "iframe", "frame", "form", "button", "meta"})
"""Elements that send a reader somewhere; what a page only shows or builds itself from leads nobody anywhere."""

BUILT_FROM: Final = frozenset({"script", "style"})
"""Elements by which a page loads what it is built from: that must be there, and nobody is sent to it."""

_LEADING_RELS: Final = frozenset({"stylesheet", "alternate", "next", "prev", "help", "license", "author"})


def leads_somewhere(link: Link) -> bool:
    """Whether a reader can follow the link, or the page needs what stands there.

    Hints to browsers (`preconnect` names a host, not a page) and forms (which nobody opens like a page) are no links.
    """
    if link.tag == "link":
        return bool(_LEADING_RELS.intersection(link.rel))
    return link.tag != "form"


ENOUGH_TO_BE_SURE = 3
ENOUGH_TO_ASK = 2


@dataclass(frozen=True, slots=True)
class Group:
    """One group of known hosts. `outcome` is what a link rule makes of it: "fail", "review" or ""."""

    name: str
    link_class: LinkClass
    outcome: str
    says: str

    @property
    def outlet(self) -> Outlet:
        """What a link into this group leads to."""
        return Outlet(self.link_class, self.name, self.says, self.outcome == "fail")

    @property
    def tells(self) -> bool:
        """Whether a link into this group settles what it is. A short address does not: it may lead anywhere."""
        return self.name not in ("shortener", "link-in-bio")


@dataclass(frozen=True, slots=True)
class Known:
    """`links.toml`, ready to be looked up. `places` maps a host to its entries as (path prefix, group)."""

    revision: str
    places: Mapping[str, tuple[tuple[str, Group], ...]]
    brands: Mapping[str, Group]
    never: frozenset[str]
    wrappers: tuple[tuple[str, str], ...]
    wrapped: frozenset[str]
    affiliate: frozenset[str]
    weak_affiliate: frozenset[str]
    shop_paths: frozenset[str]
    weak_shop_paths: frozenset[str]
    shop_labels: frozenset[str]
    campaign_name: re.Pattern[str]
    party_name: re.Pattern[str]


def classify(url: str, hops: Sequence[str] = (), landing: Landing | None = None) -> Outlet:
    """What `url` leads to. `hops` are the addresses on the way, the final one last; `landing` the page it ends on."""
    chain = tuple(dict.fromkeys(_unwrapped((url, *hops))))
    parts = [split for address in chain if (split := _split(address)) is not None]
    if not parts:
        return NOTHING
    groups = [group for split in parts if (group := _group(split)) is not None and group.tells]
    paid = next((group for group in groups if group.name == "affiliate"), None)
    if educational(parts[-1].hostname or "") and not paid:
        return EDUCATIONAL
    if groups:
        return _gravest(groups)
    return _political(parts, landing) or _commercial(parts, landing) or NOTHING


def group_of(url: str) -> str:
    """The name of the group that the address is listed in, or ""."""
    split = _split(url)
    group = _group(split) if split else None
    return group.name if group else ""


def serves_youth(words: str) -> bool:
    """Whether the words of a link speak of an activity for children and young people."""
    lowered = words.lower()
    return phrases().youth.found_in(lowered) and not phrases().youth_goods.found_in(lowered)


def hosts_of(urls: Iterable[str]) -> frozenset[str]:
    """Every host named in the addresses, with each domain above it, and once more with the port where one is named."""
    return frozenset().union(*(_hosts_of_place(split.netloc) for split in map(_split, urls) if split is not None))


@lru_cache(maxsize=4096)
def _hosts_of_place(netloc: str) -> frozenset[str]:
    named = netloc.rpartition("@")[2].casefold()
    return frozenset({*_parents(SplitResult("", netloc, "", "", "").hostname or ""), named})


def educational(host: str) -> bool:
    """Whether a host belongs to teaching, government, a library, a museum, or somebody who serves young people."""
    labels = host.casefold().rstrip(".").split(".")
    if labels[-1] in {"edu", "gov", "mil", "museum", "int"}:
        return True
    if len(labels) > 2 and len(labels[-1]) == 2:
        if labels[-2] in {"edu", "ac", "gov", "gob", "gouv", "govt", "mil", "sch", "nhs", "school"}:
            return True
        if labels[-1] == "us" and {"k12", "lib", "state", "tec", "cc", "mus", "gen"} & set(labels[:-2]):
            return True
    return any(host_ in known().never for host_ in _parents(host))


@cache
def known() -> Known:
    """The list of known hosts, read once."""
    data = tomllib.loads(resources.files("auditor.outlets").joinpath("links.toml").read_text("utf-8"))
    places: dict[str, list[tuple[str, Group]]] = {}
    brands: dict[str, Group] = {}
    for name, table in data["groups"].items():
        group = Group(name, LinkClass(table["class"]), table["outcome"], table["says"])
        brands |= dict.fromkeys(table.get("brands", ()), group)
        for host, path in map(_place, table["hosts"]):
            places.setdefault(host, []).append((path, group))
    names = data["campaign_names"]
    return Known(
        revision=data["revision"],
        places={host: tuple(sorted(entries, key=lambda e: -len(e[0]))) for host, entries in places.items()},
        brands=brands,
        never=frozenset(data["never"]["hosts"]),
        wrappers=tuple(_place(entry) for entry in data["wrappers"]["hosts"]),
        wrapped=frozenset(data["wrappers"]["parameters"]),
        affiliate=frozenset(data["affiliate"]["parameters"]),
        weak_affiliate=frozenset(data["affiliate"]["weak_parameters"]),
        shop_paths=frozenset(data["shop"]["paths"]),
        weak_shop_paths=frozenset(data["shop"]["weak_paths"]),
        shop_labels=frozenset(data["shop"]["labels"]),
        campaign_name=re.compile(rf"(?:.for|.-for-|.4)(?:{'|'.join(names['offices'])})$"),
        party_name=re.compile(rf".(?:{'|'.join(names['endings'])})$"),
    )


@lru_cache(maxsize=4096)
def registrable(host: str) -> str:
    """The part of a host name that somebody registered: "example.co.uk" of "shop.example.co.uk"; "" for a number."""
    if _is_address(host) or len(host) > LONGEST:
        return ""
    return _suffixes().privatesuffix(host.casefold().rstrip(".")) or ""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


# ---------------------------------------------------------------------------------------------------- known hosts


def _group(split: SplitResult) -> Group | None:
    host, path = (split.hostname or "").rstrip("."), split.path or "/"
    for parent in _parents(host):
        for prefix, group in known().places.get(parent, ()):
            if not prefix or path == prefix or path.startswith(f"{prefix}/"):
                return group
    domain = registrable(host)
    return known().brands.get(domain.partition(".")[0]) if domain else None


def _gravest(groups: Sequence[Group]) -> Outlet:
    """Politics before trade, what is certain before what is asked; a more special entry (a wish list) comes first."""
    order = {"fail": 0, "review": 1, "": 2}
    last = groups[-1]
    if last.name == "wish-list":
        return last.outlet
    return min(groups, key=lambda g: (g.link_class is not LinkClass.POLITICAL, order[g.outcome])).outlet


# ---------------------------------------------------------------------------------------------------- judging by signs


def _political(parts: Sequence[SplitResult], landing: Landing | None) -> Outlet | None:
    signs = landing.signs if landing else frozenset()
    if Sign.CAMPAIGN_NOTICE in signs or Sign.CAMPAIGN in signs:
        shown = Sign.CAMPAIGN_NOTICE if Sign.CAMPAIGN_NOTICE in signs else Sign.CAMPAIGN
        return Outlet(LinkClass.POLITICAL, "campaign page", f"a campaign page: it shows {shown}", sure=True)
    for split in parts:
        name = registrable(split.hostname or "").partition(".")[0]
        if known().party_name.search(name):
            return Outlet(LinkClass.POLITICAL, "party", "a political party, by its name", sure=False)
        if known().campaign_name.search(name):
            return Outlet(LinkClass.POLITICAL, "campaign", "a candidate's campaign, by its name", sure=False)
    return None


def _commercial(parts: Sequence[SplitResult], landing: Landing | None) -> Outlet | None:
    signs = landing.signs if landing else frozenset()
    affiliate = any(_pays_somebody(split) for split in parts)
    selling = Sign.CART in signs or Sign.PRODUCT in signs
    if Sign.YOUTH in signs and not affiliate:
        return YOUTH
    if Sign.FUNDRAISING in signs and not affiliate:
        return Outlet(sort="fundraising", says=str(Sign.FUNDRAISING), sure=False) if selling else None
    points, says = _selling_points(parts, landing)
    if affiliate:
        return Outlet(
            LinkClass.COMMERCIAL, "affiliate link", "a page by an address that pays somebody for sales", sure=True
        )
    if points >= ENOUGH_TO_ASK:
        seen = f"a page that sells: it shows {says}" if landing else f"what may be a shop: it has {says}"
        return Outlet(LinkClass.COMMERCIAL, SHOP_PAGE, seen, points >= ENOUGH_TO_BE_SURE)
    if Sign.BUSINESS in signs:
        return Outlet(sort="business", says=str(Sign.BUSINESS), sure=False)
    return None


def _selling_points(parts: Sequence[SplitResult], landing: Landing | None) -> tuple[int, str]:
    """How much speaks for a shop, and in words what does. An address alone is never enough to be sure."""
    points: list[tuple[int, str]] = []
    signs = landing.signs if landing else frozenset()
    weights = {
        Sign.PRODUCT: 3,
        Sign.CART: 2,
        Sign.PRODUCT_TYPE: 1,
        Sign.SHOP_SOFTWARE: 1,
        Sign.PRICE: 1,
        Sign.PROMOTION: 1,
    }
    weights[Sign.AFFILIATE] = 1
    points += [(weight, str(sign)) for sign, weight in weights.items() if sign in signs]
    final = parts[-1]
    segments = {segment.casefold() for segment in unquote(final.path).split("/")}
    labels = set((final.hostname or "").split(".")[:-1]) if not _is_address(final.hostname or "") else set()
    if segments & known().shop_paths:
        points.append((1 if landing else 2, "the address of something for sale"))
    elif segments & known().weak_shop_paths or labels & known().shop_labels:
        points.append((1, "the address of a shop"))
    if any(key.casefold() in known().weak_affiliate for split in parts for key, _ in parse_qsl(split.query)[:100]):
        points.append((1, "a reference number in the address"))
    if landing is not None and not any(sign in signs for sign in weights):
        return 0, ""  # the page was read and sells nothing, whatever its address looks like
    return sum(weight for weight, _ in points), " and ".join(says for _, says in sorted(points, reverse=True)[:3])


_ASSOCIATE_TAG = re.compile(r"[a-z0-9][\w-]{1,40}-2[0-9]$", re.IGNORECASE)


def _pays_somebody(split: SplitResult) -> bool:
    for key, value in parse_qsl(split.query)[:100]:
        name = key.casefold()
        if name in known().affiliate and value:
            return True
        if name == "tag" and _ASSOCIATE_TAG.match(value):
            return True
        if name in ("utm_medium", "utm_source") and value.casefold().startswith(
            ("affiliate", "afiliad", "paid-partner")
        ):
            return True
    return False


# ---------------------------------------------------------------------------------------------------- addresses


def _place(entry: str) -> tuple[str, str]:
    host, slash, path = entry.partition("/")
    return host, slash + path


def _split(url: str) -> SplitResult | None:
    try:
        split = urlsplit(url.strip())
        if not url.isascii():
            split = split._replace(netloc=as_dialled(split.netloc))
        return split if split.scheme in ("http", "https") and 0 < len(split.hostname or "") <= LONGEST else None
    except ValueError:
        return None


def _parents(host: str) -> Iterator[str]:
    """The host and every domain above it, the longest first; an address has none above it."""
    host = host.casefold().rstrip(".")
    yield host
    while not _is_address(host) and "." in host:
        host = host.partition(".")[2]
        yield host


def _is_address(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _unwrapped(urls: Iterable[str]) -> Iterator[str]:
    """Every address, each followed by the one that it wraps, where it is a known wrapper."""
    for url in urls:
        yield url
        split = _split(url)
        if split is None:
            continue
        host = split.hostname or ""
        if host.startswith("urldefense.") and (inner := re.search(r"__(https?:/.+?)__;", url)):
            yield re.sub(r"^(https?):/+", r"\1://", unquote(inner[1]))
        elif any(
            host_ in _parents(host) and split.path.startswith(path)
            for host_, path in known().wrappers
            if host.endswith(host_)
        ):
            for key, value in parse_qsl(split.query)[:100]:
                if key.casefold() in known().wrapped and value.startswith(("http://", "https://")):
                    yield value
