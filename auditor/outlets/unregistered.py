"""Accounts that a district's sites link to and that nobody registered."""

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.model import District, LinkUse
from auditor.outlets.links import BUILT_FROM
from auditor.outlets.own import registered
from auditor.outlets.platforms import account_address, of


@dataclass(frozen=True, slots=True)
class Unregistered:
    """An account on a platform: its address in the one spelling, and where it is linked from.

    `page` is the first page that carries a link to it; `places` the number of pages with the commonest such link.
    """

    url: str
    platform: str
    page: str
    places: int


def unregistered(links: Iterable[LinkUse], district: District) -> tuple[Unregistered, ...]:
    """The accounts among the links that are in no registry, the most linked first.

    Whether an account is the school's own, or only somebody it likes, is not to be seen from a link: that is for a
    person.
    """
    found: dict[str, Unregistered] = {}
    for use in links:
        address = account_address(use.link.url) if use.link.tag not in BUILT_FROM else None
        if address and address not in registered(district):
            before = found.get(address, Unregistered(address, of(address) or "", use.page, 0))
            found[address] = Unregistered(address, before.platform, before.page, max(before.places, use.places))
    return tuple(sorted(found.values(), key=lambda account: (-account.places, account.url)))
