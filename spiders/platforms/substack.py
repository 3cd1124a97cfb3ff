"""Substack, by the feed of each publication: its newest posts. Its terms allow no program to read its pages."""

from typing import Final
from urllib.parse import urlsplit

from auditor.model import Account, Blind, Reason
from auditor.outlets.platforms import SITE, matched
from spiders.platform import Ask, Parsed, Platform, Refusal, Route, Settings
from spiders.platforms import feed

IN_FEED: Final = 20
"""Posts that a feed shows at most."""
_NEWEST: Final = Blind(
    f"The publication's feed shows its {IN_FEED} newest posts only, and no comments.",
    Reason.PARTIAL_LISTING,
    "Look at the rest yourself, logged out.",
)
_NO_PUBLICATION: Final = Blind(
    "The address names no publication on Substack.",
    Reason.NOT_IN_ROUTE,
    "Write the publication's address into the registry, like https://lincoln.substack.com.",
)


def plan(account: Account, settings: Settings) -> Route | Refusal:
    """The publication's feed, on its own host or the one that the configuration names."""
    match = matched("substack", account.url)
    on_substack = (urlsplit(account.url).hostname or "").endswith("substack.com")
    if on_substack and (match is None or match.form.what != SITE):
        return Refusal(_NO_PUBLICATION)
    base = settings["substack"].base if "substack" in settings else ""
    return Route("substack", requests(account, base), parse, lists_all=False)


def requests(account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first: the feed."""
    match = matched("substack", account.url)
    parts = urlsplit(account.url)
    home = base.rstrip("/") or (match.address if match else f"{parts.scheme}://{parts.netloc}")
    return (Ask("feed", f"{home}/feed"),)


def parse(account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What the feed says: the publication, and each of its newest posts."""
    return feed.newest(account, ask, status, body, IN_FEED, _NEWEST)


PLATFORM: Final = Platform(ids=("substack",), plan=plan, requests=requests, parse=parse)
