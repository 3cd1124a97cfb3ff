"""Certificates of the district's own sites that end soon: noted by an audit that reads them, told by its reports.

It is no finding, for no policy asks for it; but the day after, every browser turns visitors away.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from auditor.model import Account, Kind
from auditor.outlets import platforms
from auditor.store import Store
from auditor.store.lifecycle import batches
from spiders.link_address import origin_of

AT_ONCE: Final = 16
_UNTIL: Final = "certificate_until"


async def note(
    store: Store, accounts: Iterable[Account], ends_soon: Callable[[str], Awaitable[datetime | None]], now: datetime
) -> None:
    """Remembers of each of their servers when its certificate ends, where `ends_soon` says that it soon does."""
    for origins in batches(sorted(set(filter(None, map(_origin, accounts)))), AT_ONCE):
        ends = await asyncio.gather(*map(ends_soon, origins))
        known = store.host_facts(origins)
        for origin, end in zip(origins, ends, strict=True):
            facts = {_UNTIL: end.isoformat()} if end is not None else {}
            if facts or origin in known:
                store.learn_host(origin, facts, now)


def coming(store: Store, accounts: Iterable[Account]) -> Mapping[str, datetime]:
    """When the certificates end of those accounts' servers of which that was soon when an audit last looked; by id."""
    origins = {account.id: origin for account in accounts if (origin := _origin(account))}
    known = store.host_facts(sorted(set(origins.values())))
    ends = {origin: datetime.fromisoformat(str(facts[_UNTIL])) for origin, (facts, _) in known.items() if facts}
    return {name: ends[origin] for name, origin in origins.items() if origin in ends}


def _origin(account: Account) -> str:
    """The secure server of an account, where it is the district's own; "" for others, such as a platform's."""
    if account.kind is Kind.PERSONAL or not account.url.startswith("https:") or platforms.of(account.url):
        return ""
    try:
        return origin_of(account.url).lower() if urlsplit(account.url).hostname else ""
    except ValueError:
        return ""
