"""Which pages of a school's own sites link to an account: pure, over the links that an audit wrote down."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from auditor.model import Account, Coverage, Kind, LinkUse
from auditor.outlets import platforms
from auditor.outlets.addresses import spelled
from auditor.outlets.platforms import account_address

PAGES = frozenset({"website", "wordpress", "edublogs", "blogger", "weebly", "wix", "googlesites", "feed"})
"""Platforms whose accounts are web sites of their own, where links to other accounts can stand."""


def sites_for(account: Account, accounts: Iterable[Account]) -> tuple[Account, ...]:
    """The official sites that should link to the account: those of its school, else the district's own."""
    sites = [a for a in accounts if a.kind is Kind.OFFICIAL and a.platform in PAGES and a.id != account.id]
    same = tuple(site for site in sites if site.school == account.school)
    return same or tuple(site for site in sites if not site.school)


def linked_from(
    account: Account,
    sites: Sequence[Account],
    links: Mapping[str, Mapping[str, str]],
    coverages: Mapping[str, Coverage],
) -> tuple[str, ...] | None:
    """Of each of the sites a page that links to the account; None where none does but not every site was read, so
    nobody can tell.

    `links` holds for each site the accounts that it links to (`linked`), `coverages` how far each was read.
    """
    found = [page for site in sites if (page := links.get(site.id, {}).get(account.id)) is not None]
    if found:
        return tuple(sorted(set(found)))
    read = [coverages[site.id].complete for site in sites if site.id in coverages]
    return () if sites and len(read) == len(sites) and all(read) else None


def linked(uses: Iterable[LinkUse], accounts: Iterable[Account]) -> dict[str, str]:
    """Those of the accounts that a link leads to, at once or by a short address that forwards there, each with the
    page of the first one: one is proof enough."""
    sought: dict[str, list[Account]] = defaultdict(list)
    for account in accounts:
        sought[account_address(account.url) or _place(account.url)[0]].append(account)
    pages: dict[str, str] = {}
    for use in uses if sought else ():
        for url in (use.link.url, *use.state.hops):
            for key in (account_address(url) or "", _place(url)[0]):
                there = {account.id for account in sought.get(key, ()) if leads_to(url, account.url)}
                if there:
                    pages |= dict.fromkeys(there, use.page)
                    sought[key] = [account for account in sought[key] if account.id not in there]
    return pages


def may_hold(site: str, accounts: Iterable[Account]) -> bool:
    """Whether a link to that site ("https://www.x.example") may lead to one of the accounts by itself."""
    host, _ = _place(site)
    return platforms.of(site) is not None or any(_place(account.url)[0] == host for account in accounts)


def leads_to(link: str, url: str) -> bool:
    """Whether a link leads to the account at that address: to its profile, its home or a page below it."""
    profile = account_address(url)
    if profile is not None:
        return account_address(link) == profile
    home, path = _place(url)
    host, target = _place(link)
    return host == home and (target == path or target.startswith(path.rstrip("/") + "/"))


def _place(url: str) -> tuple[str, str]:
    """Host and path, alike for all spellings of one address."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return "", url
    host = (parts.hostname or "").removeprefix("www.")
    return host + port, spelled(parts.path.rstrip("/")) + "/"
