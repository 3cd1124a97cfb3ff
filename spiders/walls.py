"""What stands between a visitor and a page: a login, a bot check, an error. Pure."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from auditor.model import Blind, Document, Place, Reason
from auditor.outlets import landing
from auditor.outlets.phrases import BOT_CHECK, NOBODY_LIVES, TURNED_AWAY, phrases
from spiders.text import decode

LOGIN: Final = "it asks visitors to log in"
SAYS_MISSING: Final = 'it says "not found", though its server calls it fine'
_LOGIN_HOSTS: Final = (
    "accounts.google.com",
    "login.microsoftonline.com",
    "login.live.com",
    "login.yahoo.com",
    "clever.com",
    "okta.com",
    "onelogin.com",
    "auth0.com",
    "classlink.com",
)
_LOGIN_PATH: Final = re.compile(
    r"/(?:log-?in|sign-?in|signon|sso|saml2?|adfs|oauth2?|auth|authorize|wp-login\.php|authwall|checkpoint)(?:[/.?]|$)",
    re.IGNORECASE,
)
_CLOSED: Final[Mapping[int, str]] = {
    401: f"{LOGIN} (error 401)",
    403: f"{TURNED_AWAY} (error 403)",
    407: f"{LOGIN} (error 407)",
    999: f"{TURNED_AWAY} (error 999)",
}
_PASSWORD: Final = re.compile(rb"""<input\b[^>]{0,500}type\s*=\s*["']?password""", re.IGNORECASE)
_ASKS_MORE: Final = re.compile(rb"""<textarea\b|<input\b[^>]{0,500}type\s*=\s*["']?radio""", re.IGNORECASE)
"""A page that asks for more than a name and a password is a form: what it shows, it shows to every visitor."""
_SHOWN: Final = frozenset({Place.BODY, Place.TABLE, Place.CAPTION, Place.ADDRESS})
_BUILDING: Final = frozenset({"link", "script", "style"})
"""Elements that name what a page builds itself from, and lead nobody anywhere."""
_FEW_WORDS: Final = 120
_LONG: Final = 6000
"""Characters beyond which a page is no notice, whatever it says."""
_NOTICE: Final = 256 * 1024
"""Bytes beyond which it is none."""


def is_login(url: str) -> bool:
    """Whether an address to which a page sends its visitors is a login."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.hostname or ""
    return any(host == name or host.endswith(f".{name}") for name in _LOGIN_HOSTS) or bool(
        _LOGIN_PATH.search(parts.path)
    )


def refusal(status: int, title: str) -> Blind | None:
    """Why an answer with that status is no page; None where it is one. `title` is that of the page that came with it.

    Redirects that name their target are not asked about.
    """
    if status >= 400 and is_bot_check(title):
        return Blind(BOT_CHECK, Reason.UNREACHABLE)
    if status in _CLOSED:
        return Blind(_CLOSED[status], Reason.LOGIN_WALL)
    if status == 429:
        return Blind("it asked us to come back later (error 429)", Reason.RATE_LIMITED)
    if status in (404, 410):
        return Blind(f"there is no page at this address (error {status})", Reason.UNREACHABLE)
    if status >= 500 or status < 200:
        return Blind(f"its server failed (error {status})", Reason.UNREACHABLE)
    if status >= 400:
        return Blind(f"its server would not show the page (error {status})", Reason.UNREACHABLE)
    if status >= 300:
        return Blind("it sends visitors on without saying where", Reason.UNREACHABLE)
    return None


def is_bot_check(title: str) -> bool:
    """Whether a page with that title asks its visitor to prove that he is human."""
    return bool(title) and phrases().challenge.found_in(title.lower())


def stands_before(document: Document, body: bytes) -> Blind | None:
    """What a page that was served as found shows in place of itself: a bot check or a login; None where it does not."""
    texts = [p.text for p in document.passages if p.place in _SHOWN]
    if sum(map(len, texts)) > _LONG:
        return None
    words = len(" ".join(texts).split(None, 2 * _FEW_WORDS))
    if words < 2 * _FEW_WORDS and is_bot_check(document.title):
        return Blind(BOT_CHECK, Reason.UNREACHABLE)
    if words < _FEW_WORDS and _PASSWORD.search(body) and not _ASKS_MORE.search(body):
        return Blind(LOGIN, Reason.LOGIN_WALL)
    return None


def nobody_home(document: Document, body: bytes, charset: str) -> Blind | None:
    """What an account's front page, served as found, shows in place of the account: that it is not there, or that its
    address is nobody's; None where it shows the account."""
    if len(body) > _NOTICE or sum(len(p.text) for p in document.passages if p.place in _SHOWN) > _LONG:
        return None
    shown = landing.read(decode(body, charset))
    if shown.missing is landing.Missing.PLAINLY:
        return Blind(SAYS_MISSING, Reason.UNREACHABLE)
    deserted = shown.notice == landing.PARKED and shown.words < landing.NOTHING_BUT_A_LINE
    return Blind(NOBODY_LIVES, Reason.UNREACHABLE) if deserted else None


def is_empty(document: Document) -> bool:
    """Whether the page shows nothing and leads nowhere."""
    shown = any(p.place in (Place.BODY, Place.TABLE) for p in document.passages)
    return not shown and not document.images and all(link.tag in _BUILDING for link in document.links)
