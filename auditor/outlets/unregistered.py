"""Accounts that a district's sites link to and that nobody registered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from auditor.model import District, LinkUse
from auditor.outlets.embedded import shown_in
from auditor.outlets.identify import identify
from auditor.outlets.links import BUILT_FROM, group_of
from auditor.outlets.own import is_own, registered
from auditor.outlets.platforms import PROFILE, account_address, known_anywhere, of


@dataclass(frozen=True, slots=True)
class Linked:
    """One link to an account, and for which school the site speaks that carries it ("" for the district's own)."""

    use: LinkUse
    school: str = ""


@dataclass(frozen=True, slots=True)
class Unregistered:
    """An account on a platform: its address in the one spelling, and where it is linked from.

    `page` is the first page that carries a link to it; `places` the number of pages with the commonest such link.
    `school` is the only school whose sites link to it, "" where several do, or the district's own.
    """

    url: str
    platform: str
    page: str
    places: int
    school: str = ""


def unregistered(links: Iterable[Linked], district: District) -> tuple[Unregistered, ...]:
    """The accounts among the links that are in no registry, the most linked first.

    Whether an account is the school's own, or only somebody it likes, is not to be seen from a link: that is for a
    person.
    """
    known = registered(district) | {identify(account.url).canonical for account in district.accounts}
    found: dict[str, Unregistered] = {}
    for linked in links:
        use = linked.use
        for address, platform in _accounts(use):
            if address in known or is_own(address, district):
                continue
            before = found.get(address, Unregistered(address, platform, use.page, 0, linked.school))
            school = before.school if before.school == linked.school else ""
            found[address] = replace(before, places=max(before.places, use.places), school=school)
    return tuple(sorted(found.values(), key=lambda account: (-account.places, account.url)))


def link_pages(links: Iterable[Linked]) -> dict[str, Linked]:
    """The pages of links (Linktree and the like) among the links, by their addresses, each with its first link."""
    found: dict[str, Linked] = {}
    for linked in links:
        for url in _ways(linked.use):
            if group_of(url) == "link-in-bio":
                found.setdefault(account_address(url) or url.partition("#")[0], linked)
    return found


def _accounts(use: LinkUse) -> Iterator[tuple[str, str]]:
    """The accounts that a link leads to, or that what it embeds shows, each with its platform."""
    for url in _ways(use):
        address = account_address(url) or shown_in(url)
        elsewhere = known_anywhere(url) if address is None and of(url) is None else None
        if address:
            yield address, of(address) or ""
            return
        if elsewhere and elsewhere[1].form.what == PROFILE:
            yield elsewhere[1].address, elsewhere[0]
            return


def _ways(use: LinkUse) -> Iterator[str]:
    """The address of a link, and where it led when it was visited: short ones may lead to an account."""
    if use.link.tag in BUILT_FROM or use.link.tag == "img":
        return
    # Where a redirect leads is told by who redirects, whether or not the far side would talk to us.
    yield from filter(None, dict.fromkeys((use.link.url, *use.state.hops, use.state.final_url)))
