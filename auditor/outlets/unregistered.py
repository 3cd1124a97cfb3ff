"""Accounts that a district's sites link to and that nobody registered."""

from collections.abc import Iterable
from dataclasses import dataclass

from auditor.model import District
from auditor.outlets.addresses import same_place
from auditor.outlets.platforms import account_address, of


@dataclass(frozen=True, slots=True)
class Unregistered:
    """An account on a platform: its address in the one spelling, and the pages that link to it, in order."""

    url: str
    platform: str
    pages: tuple[str, ...]


def unregistered(links: Iterable[tuple[str, str]], district: District) -> tuple[Unregistered, ...]:
    """The accounts among the links that are in no registry, the most linked first.

    `links` are pairs: the page that carries the link, and the absolute address it leads to. Whether an account is the
    school's own, or only somebody it likes, is not to be seen from a link: that is for a person.
    """
    registered = {same_place(account.url) for account in district.accounts}
    registered |= {same_place(school.website) for school in district.schools if school.website}
    pages: dict[str, dict[str, None]] = {}
    for page, url in links:
        address = account_address(url)
        if address and address not in registered:
            pages.setdefault(address, {})[page] = None
    found = (Unregistered(address, of(address) or "", tuple(on)) for address, on in pages.items())
    return tuple(sorted(found, key=lambda account: (-len(account.pages), account.url)))
