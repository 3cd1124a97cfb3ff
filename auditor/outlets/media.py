"""Addresses at which platforms give out pictures for a short time, signed anew each time that somebody asks.

Which servers these are stands in each platform's own file, `places/<id>.toml`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Final
from urllib.parse import parse_qs, urlsplit

from auditor.outlets.platforms import PLATFORMS

EXPIRED: Final = "its address was good for a short time only"
"""What is said of a picture at such an address whose time is over."""
_DECIMAL: Final = 10
"""Digits of a moment in seconds; those that are written with base 16 have fewer."""


def lasting(text: str) -> str:
    """What stays the same of such an address from one day to the next; every other text as it is."""
    host = _server(text)
    return f"{host}{urlsplit(text).path}" if host else text


def has_expired(url: str, now: datetime) -> bool:
    """Whether the address says of itself that it is good no longer."""
    until = parse_qs(urlsplit(url).query).get(_servers()[host], [""])[0] if (host := _server(url)) else ""
    try:
        moment = int(until, 10 if len(until) >= _DECIMAL else 16) if until else 0
        return moment > 0 and datetime.fromtimestamp(moment, UTC) < now
    except (ValueError, OverflowError, OSError):
        return False


def _server(text: str) -> str:
    """The family of servers on which such an address lies, as a platform's file names it; "" for all else."""
    if not text.startswith(("http://", "https://")):
        return ""
    try:
        host = urlsplit(text).hostname or ""
    except ValueError:
        return ""
    return next((name for name in _servers() if host == name or host.endswith(f".{name}")), "")


@cache
def _servers() -> Mapping[str, str]:
    return {host: until for platform in PLATFORMS.values() for host, until in platform.media.items()}
