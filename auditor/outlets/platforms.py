"""Which platform an address belongs to, and whose account there it is. Everything a person knows stands in `places/`:
one TOML file a platform, named by its id.

What a file may hold:

name          as people know the platform; `aliases` are other words for it (case, spaces and punctuation never matter)
hosts         each stands for itself and its subdomains; "pinterest.*" stands for every national ending
minimum_age   in years, from the platform's own terms for the United States; left out where it has none, where a
              school's consent stands in for it, or where everybody reads without an account
profiles, sites, posts
              how addresses look there, as `Form` tells; posts are tried first, then profiles, then sites. What fits
              none is the platform's own page: a share button, a login, a plug-in, its home page
signs         by what a site on a host of its own shows that the platform makes it: signs of its front page, each with a
              regular expression for all that it says; one that fits will do. "generator" is what the page names so,
              "https://..." the relation of a link, by the address that it names; "header <name>" a header of the
              answer, "meta <name>" a word in the page's head, "loads" the address of a style sheet or script from which
              it is built, "nodeinfo" the software that its server names at /.well-known/nodeinfo
not_accounts  words that stand where a name would, but are the platform's own pages
hashbang      whether names stood behind "#!" before 2012; old school pages still link so
closed        why no program may read it: "token" (but for the district's own token) or "members" (shown to members)
self_check    what the owner of a profile there does to see what strangers see: one sentence a step
settings      what an owner can keep from strangers there, each with the sentence that says where: "posts" (the account
              closed to strangers), "strangers" (asked to stay away, which locks nothing), "search" (kept out of search
              engines), "friends" (lists of friends and followers), "messages" (who may write in private), "comments"
              (who may comment), "details" (what the profile tells)
media         servers on which pictures lie at addresses that are signed anew for each who asks, each with the part of
              the query that says until when one is good, as seconds since 1970
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from auditor.outlets.host_names import as_dialled

LONGEST: Final = 2000
"""Characters of an address that can be an account's; longer ones are traps for regular expressions."""

_ANY: Final = re.IGNORECASE | re.DOTALL
_SLASHES: Final = re.compile("/{2,}")
_PLAIN: Final = re.compile(r"https?://([a-z0-9.-]+)(?::[1-5]?\d{1,4})?(?:/[!-~]*)?", re.ASCII)
"""Nearly all addresses, in which the host is what it looks like."""

PROFILE, SITE, POST = "profile", "site", "post"
TOKEN, MEMBERS = "token", "members"
_LISTS: Final = {"posts": POST, "profiles": PROFILE, "sites": SITE}
"""The lists of a platform's file, in the order in which they are tried, and what their forms are."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write an address: what it takes, and the one spelling that all ways are turned into.

    `when` is a regular expression for the path (where it begins with "/") or for host and path, both without a final
    "/". `query` asks for parts of the query, each by a regular expression with one group. The groups of all of them
    fill in `address` and `id` (left out: the last group), where {host} and {origin} stand for the address's own.

    Names lose their capitals; a post's last group, which is its own id, keeps them, and with `exact` all do. `anywhere`
    tells a form that is so peculiar that it is known on any host; `named` one of blogs on a host of their own, which is
    known where somebody says that the address is this platform's. A form that is not an `account` is never taken for
    one that a school might have to register.
    """

    when: str
    address: str
    what: str
    id: str = ""
    exact: bool = False
    query: Mapping[str, str] = field(default_factory=dict, hash=False)
    anywhere: bool = False
    named: bool = False
    account: bool = True


@dataclass(frozen=True, slots=True)
class Platform:
    """A place where accounts live. The fields are explained at the head of this module."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    minimum_age: int | None = None
    forms: tuple[Form, ...] = ()
    signs: Mapping[str, str] = field(default_factory=dict, hash=False)
    not_accounts: frozenset[str] = frozenset()
    hashbang: bool = False
    closed: str = ""
    self_check: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict, hash=False)
    media: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Match:
    """An address of a platform: by which form, its id there, and its one spelling."""

    form: Form
    id: str
    address: str


def read(folder: Traversable) -> Mapping[str, Platform]:
    """The platforms of a folder by their ids: one TOML file each, whichever lie there."""
    found = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    rows = {file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8")) for file in found}
    return MappingProxyType({name: _platform(name, row) for name, row in rows.items()})


def _platform(name: str, row: Mapping[str, Any]) -> Platform:
    forms = tuple(Form(what=what, **form) for key, what in _LISTS.items() for form in row.get(key, ()))
    rest: dict[str, Any] = {key: value for key, value in row.items() if key not in _LISTS}
    for key in ("aliases", "hosts", "self_check"):
        rest[key] = tuple(row.get(key, ()))
    rest["not_accounts"] = frozenset(row.get("not_accounts", ()))
    return Platform(id=name, forms=forms, **rest)


PLATFORMS: Final = read(files("auditor.outlets").joinpath("places"))
"""Every platform by its id."""


def named(word: str) -> str | None:
    """The id of the platform that people call so ("twitter", "Google Sites"), or None."""
    return _names().get(_letters(word))


def name_of(platform: str) -> str:
    """How people write the name of that platform, given any of its names: "Instagram", "a website"."""
    found = PLATFORMS.get(_names().get(_letters(platform), platform))
    return found.name if found else platform


def minimum_age(platform: str) -> int | None:
    """How old its terms want an account's holder to be, in years; None where no age is asked for or none is known."""
    return PLATFORMS[platform].minimum_age if platform in PLATFORMS else None


def makes_websites(platform: str) -> bool:
    """Whether what lies there is a website and no more: its terms ask nothing of who has one."""
    found = PLATFORMS[platform]
    return found.minimum_age is None and not found.closed


def setting(platform: str, what: str) -> str:
    """Where an owner sets that there, as one sentence, given any name of the platform; "" where there is no such
    setting, or none is known."""
    found = PLATFORMS.get(_names().get(_letters(platform), platform))
    return found.settings.get(what, "") if found else ""


def of(url: str) -> str | None:
    """The id of the platform on whose host the address lies; None for a school's own site and everything else."""
    plain = _PLAIN.fullmatch(url) if len(url) <= LONGEST else None
    if plain is not None:
        return _of_host(plain[1].rstrip("."))
    place = _place(url)
    return _of_host(place.host) if place else None


def shown_by(signs: Mapping[str, str]) -> str | None:
    """The id of the platform that makes a site with these signs, on whatever host; None where none of them tells of
    one, and where they tell of several."""
    found = [name for name, platform in PLATFORMS.items() if any(fits(*sign, platform) for sign in signs.items())]
    return found[0] if len(found) == 1 else None


def fits(sign: str, says: str, platform: Platform) -> bool:
    """Whether what a sign says is what that platform shows."""
    return sign in platform.signs and re.fullmatch(platform.signs[sign], says, _ANY) is not None


def account_address(url: str) -> str | None:
    """The one spelling of an account's address on such a platform: two links to one account give the same.

    None for everything else there: a post, a share button, a login, a plug-in, the platform's home page; and for every
    address on no platform. Never fetches, so short links and numeric ids stay what they are.
    """
    found = of(url)
    match = matched(found, url) if found else None
    return match.address if match and match.form.what != POST and match.form.account else None


def matched(platform: str, url: str, *, anywhere: bool = False, named: bool = False) -> Match | None:
    """What the address is on that platform, which it lies on; None for the platform's own pages. With `anywhere` only
    by the forms that are known on every host, and with `named` also by those of blogs on a host of their own."""
    place = _place(url)
    if place is None:
        return None
    known = PLATFORMS[platform]
    if known.hashbang and not place.path and place.fragment.startswith("!/"):
        place = place._replace(path=_path(place.fragment[1:]))
    forms = _forms(platform, anywhere, named)
    return next((match for p, f in forms if (match := _match(known, p, f, place))), None)


def known_anywhere(url: str) -> tuple[str, Match] | None:
    """The platform that the address of an unknown host is told by, and what it is there."""
    for platform in _anywhere():
        match = matched(platform, url, anywhere=True)
        if match is not None:
            return platform, match
    return None


# ------------------------------------------------------------------------------------------------ one form


class _Place(NamedTuple):
    """Host as it is dialled, port where it is not the usual one, path without final slash, query, fragment."""

    host: str
    port: str
    path: str
    query: str
    fragment: str

    @property
    def server(self) -> str:
        """Host and port, as addresses have them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host

    @property
    def origin(self) -> str:
        """Where the server answers: one with a port of its own stands on some desk, and has no certificate."""
        return f"{'http' if self.port else 'https'}://{self.server}"


def _place(url: str) -> _Place | None:
    """The parts of an address; None for what is no web address."""
    if len(url) > LONGEST:
        return None
    try:
        if not url.isascii():
            url.encode()  # half a letter is none
        parts = urlsplit(url.strip())
        host, port = as_dialled(parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "\\" in parts.netloc:
        return None
    shown_port = "" if port in (None, 80, 443) else str(port)
    return _Place(host, shown_port, _path(parts.path), parts.query, parts.fragment)


def _path(path: str) -> str:
    return _SLASHES.sub("/", unquote(path)).rstrip("/")


def _match(platform: Platform, pattern: re.Pattern[str], form: Form, place: _Place) -> Match | None:
    match = pattern.fullmatch(place.path if form.when.startswith("/") else place.host + place.path)
    asked = _asked(form.query, place.query) if match and form.query else []
    if match is None or asked is None:
        return None
    own = len(match.groups()) + len(asked) - 1 if form.what == POST else -1
    groups = [*match.groups(), *asked]
    if not form.exact:
        groups = [group if at == own else group.casefold() for at, group in enumerate(groups)]
    if form.what != POST and groups and groups[-1].casefold() in platform.not_accounts:
        return None
    written = [quote(group, safe="@:+~/") for group in groups]
    here = {"host": place.server, "origin": place.origin}
    return Match(form, form.id.format(*groups, **here) or groups[-1], form.address.format(*written, **here))


def _asked(wanted: Mapping[str, str], query: str) -> list[str] | None:
    """What the query says to each part that is asked for; None where one is missing or says something else."""
    said = dict(reversed(parse_qsl(query)))
    matches = [re.fullmatch(when, said.get(name, ""), re.ASCII | re.IGNORECASE) for name, when in wanted.items()]
    return [match[1] for match in matches if match] if all(matches) else None


@cache
def _forms(platform: str, anywhere: bool, named: bool) -> tuple[tuple[re.Pattern[str], Form], ...]:
    forms = (f for f in PLATFORMS[platform].forms if (f.anywhere or not anywhere) and (named or not f.named))
    # Names that platforms give out are of plain letters; where others may stand, a form says so: "[^/]+".
    return tuple(
        (re.compile(f.when, re.ASCII if f.exact and f.what != POST else re.ASCII | re.IGNORECASE), f) for f in forms
    )


@cache
def _anywhere() -> tuple[str, ...]:
    return tuple(name for name, platform in PLATFORMS.items() if any(form.anywhere for form in platform.forms))


# ------------------------------------------------------------------------------------------------ hosts and names


@lru_cache(4096)  # most links of a site lead to itself
def _of_host(host: str) -> str | None:
    return next((_hosts()[name] for name in _names_of_host(host) if name in _hosts()), None)


def _names_of_host(host: str) -> Iterator[str]:
    """The host and the domains above it, then, for a national ending, its brand: "de.pinterest.co.uk"."""
    labels = host.split(".")
    yield from (".".join(labels[start:]) for start in range(len(labels)))
    if len(labels) >= 2 and len(labels[-1]) <= 3:
        yield f"{labels[-2]}.*"
    if len(labels) >= 3 and len(labels[-1]) == 2 and labels[-2] in ("co", "com"):
        yield f"{labels[-3]}.*"


@cache
def _hosts() -> Mapping[str, str]:
    return {host: platform.id for platform in PLATFORMS.values() for host in platform.hosts}


@cache
def _names() -> Mapping[str, str]:
    return {_letters(word): p.id for p in PLATFORMS.values() for word in (p.id, p.name, *p.aliases)}


def _letters(word: str) -> str:
    return re.sub(r"[\W_]", "", word.casefold())
