"""Platforms that show what a class says to its members only (ClassDojo, Seesaw, Remind and their like), so that nobody
reads it here. One thing is looked at: whether the registered address shows strangers any of it all the same.

For an account that speaks for the district or a class, its own address is asked for once at each audit. A login, an
invitation to join, the platform's own advertising, an error: the account stays unread, with what a person can look at.
Where anybody can read the class's posts, names or pictures there, that page is judged like every other.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from importlib.resources import files
from typing import Final
from urllib.parse import urlsplit

from auditor.lazy_pattern import LazyPattern
from auditor.model import Account, Blind, Document, Image, Kind, Link, Place, Reason
from auditor.outlets import platforms as outlets
from auditor.outlets.landing import reads_as_missing
from auditor.outlets.links import CLICKED
from spiders import closed, walls
from spiders.platform import Glimpse, Platform, Refusal, Route, Settings

IDS: Final = tuple(name for name, platform in outlets.PLATFORMS.items() if platform.closed == outlets.MEMBERS)

_READ: Final = "We could read this page without any login. What members see besides was not looked at."
_SHOW: Final = "Ask the teacher to close the page to strangers, and to show you the rest."
_ASKED: Final = "Its page asks visitors to join or to log in."
_NOTHING: Final = "Its page shows strangers nothing of the account that a program could tell."


def plan(account: Account, settings: Settings) -> Route | Refusal:
    """One look at the account's own address, and none at a person's."""
    name = _lies_on(account)
    refusal = closed.refuse(name, account, settings)
    if account.kind is Kind.PERSONAL:
        return refusal
    return Route("one page", glance=partial(glance, refusal.blind))


def _lies_on(account: Account) -> str:
    found = outlets.of(account.url) or ""
    return found if found in IDS else account.platform


def glance(refusal: Blind, account: Account, document: Document | None, blind: Blind | None) -> Glimpse:
    """What the page at the account's own address shows to strangers. `refusal` is why the account is not read."""
    if document is None or _is_front_door(account.url) or _is_front_door(document.url):
        asked = blind is not None and blind.what.startswith(walls.LOGIN)
        why = _ASKED if asked else f"We could not look at its page: {blind.what}." if blind else _NOTHING
    elif is_open(document):
        return Glimpse(_own(document), replace(refusal, what=_READ, remedy=_SHOW))
    else:
        asked = asks_in(document)
        why = _ASKED if asked else _NOTHING
    reason = Reason.LOGIN_WALL if asked else refusal.reason
    return Glimpse(None, replace(refusal, what=f"{refusal.what} {why}", reason=reason), hidden=asked)


def _is_front_door(url: str) -> bool:
    """Whether the address is a page of the platform's own, which is nobody's account."""
    if outlets.of(url) not in IDS:
        return False
    parts = urlsplit(url)
    return parts.path.strip("/").partition("/")[0].casefold() in _DOORS or parts.netloc.startswith(
        ("help.", "support.")
    )


_DOORS: Final = frozenset({"", "about", "help", "legal", "login", "pricing", "privacy", "signup", "support", "terms"})


# ------------------------------------------------------------------------------------------------ what a page shows


@dataclass(frozen=True, slots=True)
class _Signs:
    """What of a page's lines is the platform's, and what somebody's own.

    `asks` counts lines that ask to join or to log in, `calls` mere buttons to log in, `brands` lines that name the
    platform, `sells` its different lines in praise of itself.
    `words` is how many words stand in sentences that are neither; `dated` how many lines name a day, `spoken` how many
    speak as a class does, `named` how many name somebody in a sentence. `initials` counts names such as "Mia B.",
    `listed` lines that are nothing but a name, `scored` names with nothing but a number behind them, `pictures` the
    pictures that are not the platform's.
    """

    asks: int
    calls: int
    brands: int
    sells: int
    words: int
    dated: int
    spoken: int
    named: int
    initials: int
    listed: int
    scored: int
    pictures: int


def is_open(document: Document) -> bool:
    """Whether strangers can read what a class says there: its posts, names or pictures. Pure.

    It takes evidence: a landing page, an invitation, a notice or an error shows nothing. More of it is asked for where
    the page also asks visitors to join, or praises the platform.
    """
    seen = _signs_of(document)
    names = seen.initials >= 3 or seen.listed >= 5 or seen.scored >= 3
    if seen.sells >= 4:  # advertising shows pictures, days and happy teachers, too
        return seen.initials >= 5
    if document.comments or names:
        return True
    if seen.asks or _is_notice(document, seen):
        return seen.words >= 8 and (seen.dated >= 1 or (seen.spoken >= 2 and seen.pictures >= 1))
    if seen.dated >= (1 if seen.sells <= 2 else 2) and seen.words >= 4:
        return True
    if seen.sells:
        return seen.sells <= 2 and seen.spoken >= 2 and seen.words >= 12
    said = seen.words >= 4 and bool(seen.spoken or seen.named)
    shown = seen.pictures >= 3 or (seen.pictures >= 1 and seen.words >= 12)
    # A page of the platform's own shows its name, or a way in.
    alone = seen.words >= 8 and not (seen.calls or seen.brands)
    return said or shown or alone or seen.words >= 60


def asks_in(document: Document) -> bool:
    """Whether a page that shows nothing else asks its visitors to join or to log in."""
    seen = _signs_of(document)
    if seen.asks:
        return seen.sells < 3
    return seen.calls > 0 and not seen.sells and seen.words < 25 and not _is_notice(document, seen)


def _is_notice(document: Document, seen: "_Signs") -> bool:
    """Whether the page says that nothing is there."""
    text = "\n".join(_lines(document))
    return seen.words < 60 and (_GONE.search(text) is not None or reads_as_missing(document.title, text))


def _signs_of(document: Document) -> _Signs:
    own: list[str] = []
    asks = calls = brands = 0
    sold: set[str] = set()
    for line in _lines(document):
        praise = _SELLS.search(line) is not None
        if praise:
            sold.add(line.casefold())
        if _ASKS.search(line):
            asks += 1
        elif _CALLS.search(line):
            calls += 1
        elif _BRAND.search(line):
            brands += 1
        elif not (praise or _CHROME.search(line)):
            own.append(line)
    asks += bool(_ASKS.search(document.title))
    linked = {link.words.strip() for link in document.links}
    sentences = [line for line in own if len(line.split()) >= 4]
    return _Signs(
        asks=asks,
        calls=calls,
        brands=brands,
        sells=len(sold),
        words=sum(len(line.split()) for line in sentences),
        dated=sum(_DAY.search(line) is not None for line in own),
        spoken=sum(_SPOKEN.search(line) is not None for line in sentences),
        named=sum(_NAMED.search(line) is not None and not _ADULT.search(line) for line in sentences),
        initials=len({name for line in _lines(document) if not _ADULT.search(line) for name in _INITIAL.findall(line)}),
        listed=len(
            {line for line in own if line not in linked and _LISTED.fullmatch(line) and not _THING.search(line)}
        ),
        scored=len({name for name in _SCORED.findall("\n".join(own)) if not _THING.search(name)}),
        pictures=sum(not _is_platforms(image) for image in document.images),
    )


def _lines(document: Document) -> Iterator[str]:
    """The lines that the page shows, as far as is needed to tell whose they are."""
    shown = "\n".join(passage.text for passage in document.passages if passage.place in _SHOWN)[:_ENOUGH]
    yield from (line[:_LONG] for line in map(str.strip, shown.splitlines()) if line)


_SHOWN: Final = frozenset({Place.BODY, Place.TABLE, Place.CAPTION})
_ENOUGH: Final = 60_000
_LONG: Final = 600
"""Characters of a page, and of one of its lines, that are looked at."""

# ------------------------------------------------------------------------------------------------ whose it is


def _own(document: Document) -> Document:
    """The page without what the platform puts on everybody's: ways into itself and to its app, its own pictures, what
    the page is built from. Nothing of that says anything of the class, and nothing of it is visited."""
    images = tuple(image for image in document.images if not _is_platforms(image))
    shown = {image.url for image in images}
    links = tuple(link for link in document.links if link.url in shown or _leads_out(link, document.url))
    return replace(document, links=links, images=images)


def _leads_out(link: Link, page: str) -> bool:
    """Whether somebody put that link there, and it leads away from the platform."""
    if link.tag not in CLICKED:
        return False
    try:
        here, there = urlsplit(page).netloc, urlsplit(link.url)
        inside = there.netloc == here or outlets.of(link.url) in IDS
        return not inside and there.hostname not in _STORES
    except ValueError:
        return True


_STORES: Final = frozenset({"apps.apple.com", "itunes.apple.com", "play.google.com"})


def _is_platforms(image: Image) -> bool:
    """Whether a picture is the platform's own: a logo, a badge, a figure of its own; or too small to show anything."""
    small = any(0 < size < 100 for size in (image.width, image.height))
    path = urlsplit(image.url).path.casefold() if image.url.startswith("http") else ""
    drawn = path.endswith((".svg", ".ico"))
    return small or drawn or bool(_FIGURE.search(path.replace("_", "-")) or _FIGURE.search(image.alt))


# ------------------------------------------------------------------------------------------------ the words


class _Said:
    """The phrases of that name, a pattern from when one is first looked for: few districts have such accounts."""

    def __init__(self, name: str, flags: re.RegexFlag = re.IGNORECASE) -> None:
        self._name, self._flags = name, flags

    @cached_property
    def search(self) -> Callable[[str], re.Match[str] | None]:
        """Where a text has one of them."""
        return re.compile("|".join(f"(?:{phrase})" for phrase in _phrases()[self._name]), self._flags).search


@cache
def _phrases() -> Mapping[str, Sequence[str]]:
    return tomllib.loads(files("auditor.outlets").joinpath("members.toml").read_text("utf-8"))


_ASKS, _CALLS, _CHROME, _SELLS = map(_Said, ("asks", "calls", "chrome", "sells"))
_GONE, _DAY, _SPOKEN, _ADULT = map(_Said, ("gone", "day", "spoken", "adult"))
_THING, _FIGURE = map(_Said, ("thing", "figure"))
_BRAND: Final = _Said("brand", re.NOFLAG)
_WORD: Final = "[A-ZÁÉÍÓÚÑ][a-záéíóúñü]{1,14}"
_NAMED: Final = LazyPattern(rf"\b{_WORD} {_WORD}\b(?= [a-záéíóúñü]{{1,20}} [a-záéíóúñü])")
_INITIAL: Final = LazyPattern(rf"\b{_WORD} [A-ZÁÉÍÓÚÑ]\.(?!\w)")
_SCORED: Final = LazyPattern(rf"^({_WORD}(?: [A-ZÁÉÍÓÚÑ]\.?)?)[ \n]\d{{1,3}}$", re.MULTILINE)
_LISTED: Final = LazyPattern(rf"{_WORD}(?: {_WORD}){{1,2}}")

PLATFORM: Final = Platform(ids=IDS, plan=plan)
