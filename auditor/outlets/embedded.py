"""Accounts that a page shows within itself: the frames in which platforms show one on other people's pages. Pure."""

import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from auditor.outlets.platforms import LONGEST, account_address, of

_PLUGIN: Final = re.compile(r"/(?:v\d{1,3}\.\d{1,2}/)?plugins/(?:page|likebox|like_box|fan|follow|group)\.php")
_FRAMES: Final = {
    "x": re.compile(r"/srv/timeline-profile/screen-name/(?P<name>\w{1,15})"),
    "instagram": re.compile(r"/(?P<name>[\w.]{1,30})/embed(?:/.*)?"),
    "tiktok": re.compile(r"/embed/@(?P<name>[\w.-]+)"),
    "bluesky": re.compile(r"/embed/(?P<name>did:[a-z]+:[\w.:-]+|[\w.-]+)/app\.bsky\.feed\.post/\w+"),
}
"""Paths of frames that show an account, by platform."""
_PROFILES: Final = {
    "x": "https://x.com/{0}",
    "instagram": "https://www.instagram.com/{0}",
    "tiktok": "https://www.tiktok.com/@{0}",
    "bluesky": "https://bsky.app/profile/{0}",
}


def shown_in(url: str) -> str | None:
    """The account that a frame with that address shows, in its one spelling; None where it shows none, or one post of
    which the address does not tell whose it is."""
    platform = of(url) or ("x" if _is_syndication(url) else "")
    if not platform or len(url) > LONGEST:
        return None
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query)[:50])
    if platform == "facebook" and _PLUGIN.fullmatch(parts.path):
        return account_address(query.get("href", "")) if of(query.get("href", "")) == "facebook" else None
    if platform == "youtube":
        return _channel(parts.path, query)
    match = _FRAMES[platform].fullmatch(parts.path) if platform in _FRAMES else None
    return account_address(_PROFILES[platform].format(match["name"])) if match else None


def _channel(path: str, query: dict[str, str]) -> str | None:
    """The channel whose uploads a player shows: their list has the channel's id but for its second letter."""
    listed = query.get("list", "")
    if not path.startswith("/embed"):
        return None
    if query.get("listType") == "user_uploads":
        return account_address(f"https://www.youtube.com/user/{listed}")
    is_uploads = re.fullmatch(r"UU[\w-]{10,40}", listed)
    return account_address(f"https://www.youtube.com/channel/UC{listed[2:]}") if is_uploads else None


def _is_syndication(url: str) -> bool:
    try:
        return urlsplit(url).hostname == "syndication.twitter.com"
    except ValueError:
        return False
