"""What can be said of a linked address before anything is dialled: misspelt, private, no address at all. Pure."""

import re
import socket
from collections.abc import Callable
from difflib import SequenceMatcher
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from auditor.model import LinkState, LinkVerdict
from auditor.outlets.host_names import LONGEST as LONGEST_HOST
from auditor.outlets.host_names import as_dialled

LONGEST: Final = 8000
"""Characters beyond which an address is taken for a trap."""

PLAIN: Final = re.compile(r"(https?)://([a-z0-9.-]+(?::[1-5]?[0-9]{1,4})?)(/[A-Za-z0-9_./%~+@:,=&!'*-]*)")
"""Nearly all addresses, with their parts: taken apart and put together again, they are what they were. (A database
reads it, too.)"""

LIKENESS: Final = 0.7
"""How alike a scheme must be to "http" or "mailto" to be taken for a misspelling of it."""

Allows = Callable[[str], bool]
"""Whether a numeric address may be dialled; a guard's `allows`."""

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_HOST_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?|_[\w-]{1,62}", re.UNICODE)
_MAILBOX = re.compile(r"[^\s@,;<>]+@[^\s@,;<>.]+(?:\.[^\s@,;<>.]+)+")
_PRIVATE_NAMES = ("localhost", ".localhost", ".local", ".internal", ".lan", ".intranet", ".home.arpa", ".corp")
_WEB: Final = ("http", "https")
_SCRIPTS: Final = ("javascript", "vbscript")
_PHONE: Final = ("tel", "sms", "smsto", "callto", "fax", "facetime")
_SHARE_BUTTON = re.compile(
    r"^https?://(?:[\w-]+\.)*(?:facebook\.com/(?:sharer|share\.php|dialog/)|(?:twitter|x)\.com/(?:intent/|share\b)"
    r"|linkedin\.com/(?:shareArticle|sharing/)|pinterest\.com/pin/create|reddit\.com/submit|tumblr\.com/share"
    r"|api\.whatsapp\.com/send|wa\.me/\?|t\.me/share|classroom\.google\.com/share)",
    re.IGNORECASE,
)


def examine(url: str, allows: Allows) -> LinkState | None:
    """What came of an address that need not be visited, or None where only a visit can tell."""
    plain = url.strip()
    if not plain or plain.startswith("#"):
        return _alive(url, "It leads to a place on the same page.")
    if len(plain) > LONGEST:
        return _skipped(url, "The address is too long to be visited.", "long")
    if plain.startswith("\\\\") or re.match(r"[a-z]:[\\/|]", plain, re.IGNORECASE):
        return _broken(url, "It names a file on somebody's own computer.", "file")
    scheme = match[1].casefold() if (match := _SCHEME.match(plain)) else ""
    if scheme not in _WEB:
        return _other_scheme(url, plain, scheme)
    if _SHARE_BUTTON.match(plain):
        return _skipped(url, "It is a share button.", "share")
    try:
        split = urlsplit(plain)
        fault = _host_fault(split, allows)
    except ValueError:
        return _broken(url, "The address is not written correctly.", "malformed")
    if fault is not None:
        return _broken(url, *fault)
    if split.path.startswith("/cdn-cgi/l/email-protection"):
        return _skipped(url, "It is an email address in disguise.", "email")
    return None


def page_of(url: str) -> str:
    """The address to be visited: without fragment and without the name and password that somebody left in it."""
    if PLAIN.fullmatch(url):
        return url
    split = urlsplit(url.strip())
    host = split.netloc.rpartition("@")[2]
    return urlunsplit((split.scheme.casefold(), host.casefold(), split.path or "/", split.query, ""))


def fragment_of(url: str) -> str:
    """The place on the page that the address names, or "" where it names none that a page must have."""
    fragment = unquote(written_fragment_of(url))
    return "" if fragment.casefold() == "top" or fragment.startswith(("!", "/")) else fragment


def written_fragment_of(url: str) -> str:
    """The same as it is written: browsers look for that first, as some pages name their places in escaped letters."""
    return urlsplit(url.strip()).fragment.partition(":~:")[0]


def origin_of(url: str) -> str:
    """Scheme, host and port: what answers as one server."""
    split = urlsplit(url)
    return f"{split.scheme}://{split.netloc}"


def host_address(host: str) -> IPv4Address | IPv6Address | None:
    """The number that a host is written as, in any of the forms that computers accept, or None for a name."""
    host = as_dialled(host)
    try:
        return ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    if re.fullmatch(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}", host, re.IGNORECASE):
        try:
            return IPv4Address(socket.inet_aton(host))
        except OSError:
            return None
    return None


def _other_scheme(url: str, plain: str, scheme: str) -> LinkState | None:
    if scheme == "mailto":
        return _mailbox(url, plain)
    if scheme in _PHONE:
        if sum(c.isalnum() for c in unquote(plain.partition(":")[2])) < 3:
            return _broken(url, "It is a telephone link without a number.", "malformed")
        return _skipped(url, "It is a telephone number.", "phone")
    if scheme in _SCRIPTS:
        return _skipped(url, "It runs a script and is no address of a page.", "scheme")
    if scheme == "file" or len(scheme) == 1:
        return _broken(url, "It names a file on somebody's own computer.", "file")
    if not scheme or any(SequenceMatcher(None, scheme, known).ratio() > LIKENESS for known in (*_WEB, "mailto")):
        return _broken(url, "The address is not written correctly.", "malformed")
    return _skipped(url, f"It is no web address ({scheme}).", "scheme")


def _mailbox(url: str, plain: str) -> LinkState:
    boxes = unquote(plain[len("mailto:") :].partition("?")[0]).strip()
    if boxes:
        wrong = not all(_MAILBOX.fullmatch(box.strip()) for box in re.split("[,;]", boxes) if box.strip())
    else:
        wrong = "?" not in plain
    if wrong:
        return _broken(url, "It is an email link without a proper email address.", "malformed")
    return _skipped(url, "It is an email address.", "email")


def _host_fault(split: SplitResult, allows: Allows) -> tuple[str, str] | None:
    """What is wrong with the host that an address names, as (sentence, kind)."""
    host = as_dialled(split.hostname or "").rstrip(".")
    _ = split.port  # raises where it is no number
    if not host or any(c.isspace() for c in split.netloc) or "\\" in split.netloc:
        return "The address is not written correctly.", "malformed"
    address = host_address(host)
    if address is None and host.endswith(_PRIVATE_NAMES):
        address = ip_address("127.0.0.1")
    if address is not None:
        if allows(str(address)):
            return None
        return "It leads into a private network, where visitors cannot go.", "private"
    labels = host.split(".")
    if labels[-1].isdigit():  # a number that is no address of anything: no name ends so
        return "The address is not written correctly.", "malformed"
    if len(labels) == 1:
        return "The name of the site is not complete.", "malformed"
    if len(host) > LONGEST_HOST or not all(len(label) <= 63 and _HOST_LABEL.fullmatch(label) for label in labels):
        return "The address is not written correctly.", "malformed"
    return None


def _alive(url: str, why: str) -> LinkState:
    return LinkState(url, LinkVerdict.ALIVE, why)


def _skipped(url: str, why: str, kind: str) -> LinkState:
    return LinkState(url, LinkVerdict.SKIPPED, why, kind=kind)


def _broken(url: str, why: str, kind: str) -> LinkState:
    return LinkState(url, LinkVerdict.BROKEN, why, kind=kind)
