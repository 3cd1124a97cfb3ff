"""Which addresses are the district's own."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from auditor.model import District
from auditor.outlets.links import hosts_of

SITES: Final = frozenset({"website", "wordpress"})
"""Platforms on which an account has a host to itself, so that the whole host is the district's."""


def is_own(url: str, district: District) -> bool:
    """Whether the address lies on a host of the district: a registered site's, a school's, or one of its domains."""
    own = _own(district)
    return bool(hosts_of([url]) & own.domains) or place(url) in own.places


def place(url: str) -> str:
    """Host and port of an address, as they tell one site from another."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].casefold().removeprefix("www.")
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class _Own:
    domains: frozenset[str]
    places: frozenset[str]


_looked_up: dict[int, tuple[District, _Own]] = {}
"""By identity: to hash a district with its thousand accounts would cost more than to look at it."""


def _own(district: District) -> _Own:
    known = _looked_up.get(id(district))
    if known is not None and known[0] is district:
        return known[1]
    sites = [account.url for account in district.accounts if account.platform in SITES]
    own = _Own(
        domains=frozenset(domain.casefold() for domain in district.email_domains),
        places=frozenset(place(url) for url in (*sites, *(school.website for school in district.schools))) - {""},
    )
    _looked_up.clear()
    _looked_up[id(district)] = (district, own)
    return own
