"""Which platform an address belongs to, and whose account there it is. Everything a person knows stands in the TOML."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import parse_qs, quote, unquote, urlsplit

LONGEST: Final = 2000
"""Characters of an address that can be an account's; longer ones are traps for regular expressions."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write an account's address: a regular expression, and the spelling it is turned into."""

    when: str
    address: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Platform:
    """A place where accounts live. The fields are explained at the head of `platforms.toml`."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    minimum_age: int | None = None
    accounts: tuple[Form, ...] = ()
    not_accounts: frozenset[str] = frozenset()
    query: str = ""


def _platform(row: Mapping[str, Any]) -> Platform:
    forms = tuple(Form(**form) for form in row.get("accounts", ()))
    lists = {name: tuple(row.get(name, ())) for name in ("aliases", "hosts")}
    return Platform(**{**row, **lists, "accounts": forms, "not_accounts": frozenset(row.get("not_accounts", ()))})


def _read() -> Mapping[str, Platform]:
    rows = tomllib.loads(files("auditor.outlets").joinpath("platforms.toml").read_text("utf-8"))["platforms"]
    return MappingProxyType({row["id"]: _platform(row) for row in rows})


PLATFORMS: Final = _read()
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


def of(url: str) -> str | None:
    """The id of the platform on whose host the address lies; None for a school's own site and everything else."""
    place = _place(url)
    return _of_host(place[0]) if place else None


def account_address(url: str) -> str | None:
    """The one spelling of an account's address on such a platform: two links to one account give the same.

    None for everything else there: a post, a share or follow button, a login, a plug-in, the platform's home page;
    and for every address on no platform. Never fetches, so short links and numeric ids stay what they are.
    """
    place = _place(url)
    found = _of_host(place[0]) if place else None
    if place is None or found is None:
        return None
    host, path = place
    platform = PLATFORMS[found]
    for pattern, form in _forms(found):
        asked = path + _kept_query(platform, url) if r"\?" in form.when else path
        match = pattern.fullmatch(asked if form.when.startswith("/") else host + asked)
        if match:
            names = match.groups() if form.exact else tuple(name.casefold() for name in match.groups())
            written = (quote(name, safe="@:+~") for name in names)
            return None if names[-1] in platform.not_accounts else form.address.format(*written, host=host)
    return None


def _place(url: str) -> tuple[str, str] | None:
    """Host in lower case and path without final slash; None for what is no web address."""
    if len(url) > LONGEST:
        return None
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "\\" in parts.netloc:
        return None
    # Before 2012 the names of some platforms stood behind "#!"; old school pages still link so.
    path = "/" + parts.fragment[2:] if parts.fragment.startswith("!/") else parts.path
    return host, re.sub("/{2,}", "/", unquote(path)).rstrip("/")


def _kept_query(platform: Platform, url: str) -> str:
    if not platform.query:
        return ""
    values = parse_qs(urlsplit(url.strip()).query).get(platform.query, [])
    return f"?{platform.query}={values[0]}" if values else ""


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


@cache
def _forms(platform: str) -> tuple[tuple[re.Pattern[str], Form], ...]:
    return tuple((re.compile(f.when, 0 if f.exact else re.IGNORECASE), f) for f in PLATFORMS[platform].accounts)


def _letters(word: str) -> str:
    return re.sub(r"[\W_]", "", word.casefold())
