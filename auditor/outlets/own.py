"""Which addresses are the district's own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from urllib.parse import urlsplit

from auditor.model import District
from auditor.outlets.addresses import same_place
from auditor.outlets.links import hosts_of

T = TypeVar("T")

SITES: Final = frozenset({"website", "wordpress"})
"""Platforms on which an account has a host to itself, so that the whole host is the district's."""


def is_own(url: str, district: District) -> bool:
    """Whether the address lies on a host of the district: a registered site's, a school's, or one of its domains."""
    own = _OWN.of(district)
    return place(url) in own.places or bool(hosts_of([url]) & own.domains)


def registered(district: District) -> frozenset[str]:
    """Every address that is registered as an account or as a school's website, in the one spelling of `same_place`."""
    return _REGISTERED.of(district)


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


def _own(district: District) -> _Own:
    sites = [account.url for account in district.accounts if account.platform in SITES]
    return _Own(
        domains=frozenset(domain.casefold() for domain in district.email_domains),
        places=frozenset(place(url) for url in (*sites, *(school.website for school in district.schools))) - {""},
    )


def _registered(district: District) -> frozenset[str]:
    websites = [school.website for school in district.schools if school.website]
    return frozenset(map(same_place, (*(account.url for account in district.accounts), *websites)))


class _LookedUp(Generic[T]):
    """Something about the last district that was asked about, worked out once.

    It is known by identity: to hash a district with its thousand accounts would cost more than to look at it.
    """

    def __init__(self, look_up: Callable[[District], T]) -> None:
        self._look_up = look_up
        self._known: tuple[District, T] | None = None

    def of(self, district: District) -> T:
        known = self._known
        if known is None or known[0] is not district:
            known = self._known = (district, self._look_up(district))
        return known[1]


_OWN: Final = _LookedUp(_own)
_REGISTERED: Final = _LookedUp(_registered)
