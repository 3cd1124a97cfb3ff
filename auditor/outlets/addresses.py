"""Web and e-mail addresses as people type them: what is wrong with one, and whether two mean the same place."""

import re
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from auditor.outlets.platforms import LONGEST, account_address

_LABEL: Final = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9a-fA-F:.]+\]|\d+(?:\.\d+){{3}}")
_DOMAIN: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_EMAIL: Final = re.compile(rf"[\w.!#$%&'*+/=?^`{{|}}~-]{{1,64}}@({_LABEL}(?:\.{_LABEL})+)")
TRACKING: Final = r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_ga|_gl"
"""Names of query parameters that only tell where a visitor came from, as a regular expression."""
_HOME: Final = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$")


def web_problem(url: str) -> str:
    """Why that is no address of a web page that may be visited, and what to write instead; "" when it is one.

    The address itself is not repeated: it may hold a password.
    """
    if len(url) > LONGEST:
        return f"is longer than {LONGEST} characters; write the address of the page itself"
    if any(not c.isprintable() or c in ' \\"<>' for c in url):
        return "has a space, a backslash or another character that no web address has; copy it again from the browser"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "is no web address; copy it again from the browser"
    if parts.scheme not in ("http", "https"):
        return _wrong_scheme(url, parts.scheme)
    if "@" in parts.netloc:
        return "has a user name or password before the host; take it out, and change that password"
    if not host or port == 0 or not _HOST.fullmatch(f"[{host}]" if ":" in host else host):
        return "names no host; write it like https://www.riverbend.example/lincoln"
    return ""


def _wrong_scheme(url: str, scheme: str) -> str:
    host = url.partition("/")[0]
    if not scheme or (scheme == host.partition(":")[0] and "." in scheme):
        start = f"; write https://{host}" if _HOST.fullmatch(host) and "." in host else ""
        return f"does not begin with https:// or http://{start or '; copy it again from the browser'}"
    return f'begins with "{scheme}:"; only addresses that begin with https:// or http:// can be read'


def email_problem(text: str) -> str:
    """Why that is no e-mail address, and what to write instead; "" when it is one."""
    match = _EMAIL.fullmatch(text)
    if match and len(text) <= 254 and ".." not in text and not text.startswith("."):
        return ""
    return "is no e-mail address; write it like tech@riverbend.example"


def is_domain(text: str) -> bool:
    """Whether that is a domain name with at least one dot."""
    return len(text) <= 253 and _DOMAIN.fullmatch(text) is not None


def host_spellings(host: str) -> frozenset[str]:
    """A host in all ways in which addresses name it: "bücher.example" is also "xn--bcher-kva.example"."""
    try:
        ascii_only = host.encode("idna")
        return frozenset({host, ascii_only.decode("ascii"), ascii_only.decode("idna")})
    except UnicodeError:
        return frozenset({host})


def spelled(path: str) -> str:
    """The path of an address in one spelling out of all that mean it: "/schön" and "/sch%c3%b6n" are "/sch%C3%B6n"."""
    if path.isascii() and "%" not in path:
        return path
    return quote(unquote(path), safe="/:@!$&'()*+,;=~")


def same_place(url: str) -> str:
    """A form of the address that is equal where two addresses lead to the same account or site.

    An account on a platform becomes its one spelling; of other addresses the scheme, "www.", a final slash or index
    file, capitals of the host, how letters of the path are written and the fragment do not count.
    """
    account = account_address(url)
    if account:
        return account
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return url.strip()
    path = spelled(_HOME.sub("", parts.path).rstrip("/"))
    shown_port = f":{port}" if port not in (None, 80, 443) else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{shown_port}{path}{query}"
