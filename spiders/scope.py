"""Which addresses belong to an account, and when two of them are the same page. Pure."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from publicsuffixlist import PublicSuffixList

from auditor.lazy_pattern import LazyPattern
from auditor.outlets.addresses import TRACKING, spelled
from auditor.outlets.links import group_of
from auditor.outlets.platforms import of
from spiders.link_address import PLAIN
from spiders.names import is_file

_NOISE: Final = LazyPattern(
    TRACKING + r"|phpsessid|jsessionid|aspsessionid\w*|cfid|cftoken"
    r"|session_?id|replytocom|like_comment|share|_wpnonce|nonce|csrf\w*|timestamp|cachebuster|_"
    r"|sort(?:_?by|order)?|order(?:_?by)?|direction",
    re.IGNORECASE,
)
"""Names of query parameters that tell where a visitor came from or how a list is sorted; never which page it is."""
_AMBIGUOUS: Final = re.compile(r"[\x00-\x20\x7f\\]")
_LISTING: Final = re.compile(r"C=[NMSD];O=[AD]")
"""How web servers sort the list of a directory."""
_SESSION: Final = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?;]*", re.IGNORECASE)
_HOME: Final = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp|cfm)$", re.IGNORECASE)
_START: Final = re.compile(r"/(?:home|main|start|welcome|homepage)/?$", re.IGNORECASE)
_PORTS: Final = {"http": 80, "https": 443}

_FILE_HOSTS: Final = (
    "resources.finalsite.net",
    "cmsv2-assets.apptegy.net",
    "core-docs.s3.amazonaws.com",
    "core-docs.s3.us-east-1.amazonaws.com",
    "aptg.co",
    "5il.co",
    "files.edl.io",
    "files.edlio.com",
    "files.eschoolview.com",
    "files.smartsites.parentsquare.com",
    "files.wordpress.com",
    "schoolwires.net",
    "content.schoolinsites.com",
    "pcmac.org",
    "filecabinet.eschoolview.com",
)
"""Hosts where school content systems keep the files of the sites that they serve."""
_DOWNLOADS: Final = LazyPattern(
    r"/fs/resource-manager/view/|/cms/lib/|/filedownload\.ashx|/displayfile\.aspx|/wp-content/uploads/", re.IGNORECASE
)
_EMBEDS: Final = re.compile(
    r"https://docs\.google\.com/(?:document|spreadsheets|presentation)/d/e/[\w-]+/(?:pub|pubhtml|embed)\b"
)
"""Documents that Google publishes for everyone, shown in a frame of the page."""


@lru_cache(maxsize=1024)  # one address is looked at from several sides, one after the other
def split(url: str) -> SplitResult | None:
    """The parts of a web address; None for what is none, and for what programs read in different ways."""
    plain = PLAIN.fullmatch(url)
    if plain is not None:
        return SplitResult(plain[1], plain[2], plain[3], "", "")
    if _AMBIGUOUS.search(url):
        return None
    try:
        parts = urlsplit(url)
        return parts if parts.scheme in ("http", "https") and _host_key(parts.netloc) is not None else None
    except ValueError:
        return None


def host_key(parts: SplitResult) -> str:
    """Host and port, equal for `http:` and `https:` and with and without `www.`."""
    return _host_key(parts.netloc) or ""


@lru_cache(maxsize=1024)
def _host_key(netloc: str) -> str | None:
    """None where a place names no host, or somebody's password. Raises ValueError for what is no port."""
    parts = SplitResult("", netloc, "", "", "")
    host, port = parts.hostname, parts.port
    if not host or "@" in netloc:
        return None
    host = host.removeprefix("www.").rstrip(".")
    return host if port in (None, 80, 443) else f"{host}:{port}"


def sites_of(url: str) -> tuple[str, ...]:
    """How addresses on the host of a web address begin ("https://www.x.example"): `http:` or `https:`, with `www.` or
    without; none for what is no web address."""
    parts = split(url)
    if parts is None:
        return ()
    host = parts.netloc.lower().removeprefix("www.")
    return tuple(f"{scheme}://{www}{host}" for scheme in ("http", "https") for www in ("", "www."))


def of_one_service(url: str, other: str) -> bool:
    """Whether two addresses are of the same platform, or both of pages of links: "dojo.me" only leads to ClassDojo."""
    platform = of(url)
    return (platform is not None and platform == of(other)) or {group_of(url), group_of(other)} == {"link-in-bio"}


def page_key(url: str) -> str:
    """A name for the page that is equal for all its addresses; "" for what is no web address.

    Scheme, `www.`, final slash, index file, session, origin of the visitor and order of a list do not count.
    """
    parts = split(url)
    if parts is None:
        return ""
    path = _path(parts)
    pairs = sorted(_pairs(parts.query)) if parts.query else []
    return f"{host_key(parts)}{path}?{urlencode(pairs)}" if pairs else f"{host_key(parts)}{path}"


def visitable(url: str) -> str:
    """The address to ask for: without fragment, session and the like; "" for what is no web address."""
    if PLAIN.fullmatch(url):
        return url
    parts = split(url)
    if parts is None:
        return ""
    query = urlencode(_pairs(parts.query)) if _has_noise(parts.query) else parts.query
    return urlunsplit(parts._replace(path=_SESSION.sub("", parts.path), query=query, fragment=""))


def _path(parts: SplitResult) -> str:
    return _path_key(parts.path)


@lru_cache(maxsize=1024)
def _path_key(path: str) -> str:
    if ";" in path:
        path = _SESSION.sub("", path)
    return _spelled(_HOME.sub("/", path).rstrip("/"))


def _spelled(path: str) -> str:
    path = spelled(path)
    return re.sub(r"/{2,}", "/", path) if "//" in path else path


def _pairs(query: str) -> list[tuple[str, str]]:
    if _LISTING.fullmatch(query):
        return []
    pairs = parse_qsl(query, keep_blank_values=True)
    return [(name, value) for name, value in pairs if not _NOISE.fullmatch(name)]


def _has_noise(query: str) -> bool:
    return bool(_LISTING.fullmatch(query)) or any(
        _NOISE.fullmatch(piece.partition("=")[0]) for piece in query.split("&")
    )


@dataclass(frozen=True, slots=True)
class _Territory:
    """A part of a site: a host, a path below which everything belongs to it, and query parameters that all share."""

    host: str
    path: str
    query: frozenset[tuple[str, str]] = frozenset()

    def holds(self, host: str, path: str, query: str) -> bool:
        """Whether what lies there is in it; host and path as keys of a page, the path with a slash at its end."""
        if host != self.host or not path.startswith(self.path):
            return False
        return not self.query or self.query <= set(_pairs(query))

    @property
    def size(self) -> tuple[int, int]:
        """Larger for a smaller part of the site."""
        return len(self.path), len(self.query)


class Scope:
    """The addresses of one account: a host, or the directory of its address, without what belongs to other accounts."""

    def __init__(self, url: str, elsewhere: tuple[str, ...] = ()) -> None:
        parts = split(url)
        if parts is None:
            raise ValueError(f"not a web address: {url}")
        self._own = [_territory(parts)]
        self._registrable = registrable(parts.hostname or "")
        self._others: dict[str, list[_Territory]] = {}
        for other in (_exact(other) for other in map(split, elsewhere) if other is not None):
            if other.size > self._own[0].size:
                self._others.setdefault(other.host, []).append(other)

    def adopt(self, url: str) -> bool:
        """Takes the place to which the account's own address sends its visitors into the scope, within one domain."""
        parts = split(url)
        if parts is None or registrable(parts.hostname or "") != self._registrable:
            return False
        self._own.append(_territory(parts))
        return True

    def holds(self, url: str) -> bool:
        """Whether a page at that address is the account's."""
        parts = split(url)
        if parts is None:
            return False
        host, path, query = host_key(parts), f"{_path(parts)}/", parts.query
        for own in self._own:  # asked of every address that is met: one loop costs half of what `any` does
            if own.holds(host, path, query):
                return not self._is_elsewhere(parts)
        return False

    def holds_file(self, url: str) -> bool:
        """Whether a file at that address is published by the account that links to it."""
        parts = split(url)
        if parts is None or not (is_file(url) or _DOWNLOADS.search(parts.path)) or self._is_elsewhere(parts):
            return False
        return self._is_near(parts) or (parts.hostname or "").endswith(_FILE_HOSTS)

    def holds_frame(self, url: str) -> bool:
        """Whether what a frame shows is a part of the account's page."""
        parts = split(url)
        if parts is None or self._is_elsewhere(parts):
            return False
        return self._is_near(parts) or _EMBEDS.match(url) is not None

    def _is_near(self, parts: SplitResult) -> bool:
        key = host_key(parts)
        return any(own.host == key for own in self._own) or (
            bool(self._registrable) and registrable(parts.hostname or "") == self._registrable
        )

    def _is_elsewhere(self, parts: SplitResult) -> bool:
        host = host_key(parts)
        if host not in self._others:
            return False
        path = f"{_path(parts)}/"
        return any(other.holds(host, path, parts.query) for other in self._others[host])


def _territory(parts: SplitResult) -> _Territory:
    """The part of a site that an account's address stands for: the directory that its path names or lies in."""
    path = _START.sub("/", _HOME.sub("/", parts.path))
    last = path.rpartition("/")[2]
    directory = path if "." not in last else path.rpartition("/")[0]
    return _Territory(host_key(parts), f"{_spelled(directory.rstrip('/'))}/", frozenset(_pairs(parts.query)))


def _exact(parts: SplitResult) -> _Territory:
    """The part of a site that another account's address takes away: no more than it names."""
    return _Territory(host_key(parts), f"{_path(parts)}/", frozenset(_pairs(parts.query)))


EVERYWHERE: Final = "*"
"""The neighbourhood of hosts that show something of everybody's pages."""


def neighbourhood(url: str) -> str:
    """A name that is equal for all addresses that may belong to one account: the scope of an account need know only of
    the others in its own neighbourhood, and of those `EVERYWHERE`."""
    parts = split(url)
    if parts is None:
        return ""
    if (parts.hostname or "").endswith(_FILE_HOSTS) or _EMBEDS.match(url):
        return EVERYWHERE
    return registrable(parts.hostname or "")


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=4096)
def registrable(host: str) -> str:
    """The domain that somebody registered, of which the host is a part; a numeric address stands for itself."""
    try:
        return str(ip_address(host))
    except ValueError:
        return _suffixes().privatesuffix(host.lower().rstrip(".")) or host
