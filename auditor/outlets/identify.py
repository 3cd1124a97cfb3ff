"""What an address is, as far as it tells by itself: which platform, whether a profile, a post or a site, and its id.

Nothing is fetched, so a short link stays what it is, and a blog on a host of its own is a website.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from auditor.lazy_pattern import LazyPattern
from auditor.outlets import platforms
from auditor.outlets.addresses import TRACKING, spelled, web_problem
from auditor.outlets.host_names import as_dialled
from auditor.outlets.platforms import POST, PROFILE, SITE

OTHER: Final = "other"
WEBSITE: Final = "website"
WHAT: Final = (PROFILE, POST, SITE, OTHER)
"""All that an address may be."""

_TRACKED: Final = LazyPattern(TRACKING, re.IGNORECASE)
_BARE: Final = LazyPattern(r"(?://)?[^\W_][\w-]*(?:\.[\w-]+)*\.[^\W\d_]{2,}(?::\d+)?(?:[/?#].*)?", re.DOTALL)
"""An address without its beginning, as people type it: "facebook.com/lincoln"."""
_RECORD: Final = LazyPattern(
    r"at://([^/?#\s]+)(?:/app\.bsky\.(?:feed\.post/(\w+)|actor\.profile/self))?/?", re.IGNORECASE
)
"""An account or a post of Bluesky, as its interface names them."""
_SAID: Final = LazyPattern(r"([a-z]+):(.+)", re.IGNORECASE | re.DOTALL)
"""A platform's name in front of an address."""
_ALIKE: Final = frozenset("ßς\u200c\u200d")
"""Letters that older rules turn into others, which name another host."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What an address is.

    `platform` is the id of a platform, "website" for a site that is on none of them, "" for what is no web address.
    `what` is one of `WHAT`: "other" is a platform's own page, and what is no address. `id` is what the platform itself
    calls it (a name, a number, a code; the host of a website), "" where it has none. `canonical` is the one spelling of
    all addresses that mean the same, "" for what is no address.
    """

    platform: str = ""
    what: str = OTHER
    id: str = ""
    canonical: str = ""


def identify(url: str) -> Identity:
    """What that address is. Never raises, whatever it is given.

    In front of an address may stand whose it is: "tumblr:https://news.school.example" is a blog on a host of its own.
    """
    record = _RECORD.fullmatch(url.strip())
    if record:
        url = f"https://bsky.app/profile/{record[1]}{f'/post/{record[2]}' if record[2] else ''}"
    said = _SAID.fullmatch(url.strip())
    platform = platforms.named(said[1]) if said else None
    address = said[2] if said and platform else url.strip()
    if _BARE.fullmatch(address):
        address = f"https://{address.removeprefix('//')}"
    found = Identity() if _problem(address) else _said(platform, address) if platform else _identified(address)
    return found if len(found.canonical) <= platforms.LONGEST else Identity()


def _said(platform: str, address: str) -> Identity:
    """What an address is of which somebody says that it is on that platform; nothing, where it cannot be."""
    found = _identified(address)
    if platform in (found.platform, WEBSITE):
        return found
    match = platforms.matched(platform, address, named=True)
    return Identity(platform, match.form.what, match.id, match.address) if match else Identity()


def _identified(address: str) -> Identity:
    platform = platforms.of(address)
    if platform is None:
        return _elsewhere(address)
    match = platforms.matched(platform, address)
    if match is None:
        return Identity(platform, canonical=_clean(address))
    return Identity(platform, match.form.what, match.id, match.address)


def _problem(address: str) -> bool:
    """Whether that is no web address. Old addresses of names with spaces are: browsers write %20 for them."""
    try:
        address.encode()
    except UnicodeEncodeError:
        return True
    return bool(web_problem(address.replace(" ", "%20")))


def _elsewhere(address: str) -> Identity:
    """What an address on no platform's own host is."""
    known = platforms.known_anywhere(address)
    if known is not None:
        platform, match = known
        return Identity(platform, match.form.what, match.id, match.address)
    canonical = _clean(address)
    return Identity(WEBSITE, SITE, urlsplit(canonical).netloc, canonical)


def _clean(address: str) -> str:
    """The address in one spelling, without what only tells where a visitor came from."""
    parts = urlsplit(address)
    host = _ascii(as_dialled(parts.hostname or "").rstrip("."))
    host = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = f":{parts.port}" if parts.port not in (None, usual) else ""
    path = quote(spelled(parts.path), safe="/:@!$&'()*+,;=~%") or "/"
    pieces = [piece for piece in parts.query.split("&") if piece and not _TRACKED.fullmatch(piece.partition("=")[0])]
    query = quote("&".join(pieces), safe="/:@!$&'()*+,;=~%?")
    return f"{parts.scheme}://{host}{port}{path}{f'?{query}' if query else ''}"


def _ascii(host: str) -> str:
    """The host as it is looked up, where there is no doubt about that."""
    if host.isascii() or not _ALIKE.isdisjoint(host):
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host
