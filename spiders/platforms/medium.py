"""Medium: its pages as visitors see them, and beside them the account's feed. Its page shows few of its posts, and the
rest to those only who scroll; the feed has the newest of them whole."""

from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import urljoin, urlsplit

from auditor.model import Account, Blind, Reason
from spiders.platform import Ask, Front, Parsed, Platform, Route, Settings
from spiders.platforms import feed
from spiders.scope import Scope

IN_FEED: Final = 10
"""Posts that a feed shows at most."""
_NEWEST: Final = Blind(
    f"The account's page and feed show its {IN_FEED} newest posts; nobody can tell whether there are older ones.",
    Reason.PARTIAL_LISTING,
    "Look at the rest yourself, logged out.",
)
_ELSEWHERE: Final = Blind(
    "Some of its posts stand in somebody else's publication, and were not read there.",
    Reason.PARTIAL_LISTING,
    "Look at them yourself, logged out, or register the publication.",
)


def plan(account: Account, settings: Settings) -> Route:
    """Its pages, and beside them the feed on its own host, or on the one that the configuration names."""
    base = settings["medium"].base if "medium" in settings else ""
    return Route("website", beside=partial(_asked_at, account, base))


def requests(_account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first: the feed of whom the address `base` shows."""
    return (Ask("feed", urljoin(base, f"/feed{urlsplit(base).path}").rstrip("/")),)


def _asked_at(account: Account, base: str, front: Front) -> Route | None:
    """The feed of the profile or the publication that a front page is; a page within one has no feed."""
    path = urlsplit(front.url).path.rstrip("/")
    if path.count("/") > 1:
        return None
    return Route("website", requests(account, urljoin(base or front.url, path or "/")), parse, lists_all=False)


def parse(account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What the feed says: each of the newest posts, under the address that does not tell where a reader came from."""
    told = feed.newest(account, ask, status, body, IN_FEED, _NEWEST)
    posts = tuple(replace(post, url=post.url.partition("?")[0]) for post in told.documents if post.depth)
    own = Scope(account.url)
    own.adopt(ask.url.replace("/feed", "", 1))  # where its address sent us: to a host of its own on Medium
    away = any(not own.holds(post.url) for post in posts)
    return replace(told, documents=posts, blind=(*told.blind, *((_ELSEWHERE,) if away else ())))


PLATFORM: Final = Platform(ids=("medium",), plan=plan, requests=requests, parse=parse, reads_sites=True)
