"""Pinterest, by its API and the account's own token: profile, public boards, every pin on them. Without a token by the
profile's own feed, which shows the newest pins.

The interface tells of the account alone to which the token belongs, and shows no comments.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from auditor.model import Account, Blind, Document, Image, Link, Passage, Reason
from auditor.outlets.platforms import matched
from spiders import answers, closed, renewal, tokens
from spiders.answers import Parts, Table, address, document, moment, number, rows, table, text
from spiders.credential import bearer
from spiders.platform import Ask, Parsed, Platform, Profile, Refusal, Route, Settings
from spiders.platforms import feed

BASE: Final = "https://api.pinterest.com"
HOME: Final = "https://www.pinterest.com"
PAGE: Final = 250
IN_FEED: Final = 25
"""Pins that a feed shows at most."""
_ID: Final = "pinterest"
_NEEDS: Final = {"profile": "user_accounts:read", "boards": "boards:read", "pins": "pins:read"}
_PUBLIC: Final = "PUBLIC"
_NEWEST: Final = Blind(
    f"The feed of the profile shows its {IN_FEED} newest pins only.",
    Reason.PARTIAL_LISTING,
    "Look at the rest yourself, or name the account's own token for Pinterest under [platforms.pinterest] in"
    " config.toml.",
)
_FEWER: Final = Blind(
    "Pinterest counts more pins on a board than it shows of them.",
    Reason.PARTIAL_LISTING,
    "Look at the profile yourself, logged out.",
)
_DRIFT: Final = 0.1
"""The part of a board's pins that Pinterest may count without showing them: whose page was taken down."""
_NO_PROFILE: Final = Blind(
    "The address names no account on Pinterest.",
    Reason.NOT_IN_ROUTE,
    "Write the account's address into the registry, like https://www.pinterest.com/lincolnelementary.",
)


@dataclass(frozen=True, slots=True)
class _Board(Ask):
    """A request for pins of a board: how many are on it by Pinterest's own count, and how many came before these."""

    pins: int = 0
    before: int = 0


def plan(account: Account, settings: Settings) -> Route | Refusal:
    """The interface, where the configuration names a token; else the profile's feed."""
    match = closed.profile(_ID, account, _NO_PROFILE)
    if isinstance(match, Refusal):
        return match
    token = closed.named_key(_ID, account, settings)
    if isinstance(token, Refusal):
        return token
    base = settings[_ID].base if _ID in settings else ""
    if token is None:
        home = f"{base.rstrip('/')}/{match.id}" if base else match.address
        return Route(_ID, (Ask("feed", f"{home}/feed.rss"),), parse, lists_all=False)
    lasting = renewal.lasting(token, 3)
    if not lasting:
        return Route(_ID, tokens.signed(requests(account, base), bearer(token)), parse)
    app, key, lasts = lasting
    url = f"{(base or BASE).rstrip('/')}/v5/oauth/token"
    return Route(_ID, (renewal.by_app(url, app, key, grant_type="refresh_token", refresh_token=lasts),), parse)


def requests(_account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first: whose the token is."""
    return (Ask("profile", f"{(base or BASE).rstrip('/')}/v5/user_account"),)


def parse(account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What an answer of Pinterest means."""
    if ask.what == "feed":
        return feed.newest(account, ask, status, body, IN_FEED, _NEWEST)
    if ask.what == renewal.WHAT:
        return renewal.signed(_ID, status, body, requests(account, ask.url.partition("/v5/")[0]))
    said = answers.loaded(body)
    if status == 403:
        return Parsed(blind=(tokens.narrow(_ID, _NEEDS[ask.what]),), stop=True)
    if status != 200:
        return Parsed()
    if not isinstance(said, dict):
        return answers.no_data(body, "Pinterest")
    if ask.what == "profile":
        return _profile(account, ask, said)
    if not isinstance(said.get("items"), list):
        return answers.ended("Pinterest answered without a list.", Reason.PLATFORM_OUTAGE)
    return _boards(account, ask, said) if ask.what == "boards" else _pins(ask, said)


def _profile(account: Account, ask: Ask, said: Table) -> Parsed:
    handle, match = text(said.get("username")), matched(_ID, account.url)
    if not handle:
        return answers.ended("Pinterest answered without a profile.", Reason.PLATFORM_OUTAGE)
    if match is None or handle.casefold() != match.id.casefold():
        return Parsed(blind=(tokens.of_another(_ID, handle),), stop=True)
    about, site, picture = text(said.get("about")), address(said.get("website_url")), address(said.get("profile_image"))
    name = text(said.get("business_name")) or handle
    profile = Profile(
        id=text(said.get("id")) or handle,
        handle=handle,
        url=account.url,
        name=name,
        bio=about,
    )
    shown = document(
        Parts(
            url=account.url,
            words=(Passage(about),),
            links=(*answers.addresses_in(about), *([Link(site, site)] if site else [])),
            images=(Image(picture, "Profile picture"),) if picture else (),
            title=name,
            author=name,
            depth=0,
        )
    )
    listed = f"{ask.url.rpartition('/')[0]}/boards?{urlencode({'page_size': str(PAGE), 'privacy': _PUBLIC})}"
    return Parsed(profile, (shown,), (Ask("boards", listed),))


def _boards(account: Account, ask: Ask, said: Table) -> Parsed:
    """Each board that strangers see, and the beginning of its pins."""
    public = [row for row in rows(said.get("items")) if text(row.get("privacy")) in ("", _PUBLIC)]
    root = ask.url.partition("/v5/")[0]
    lists = [
        _Board(
            "pins",
            f"{root}/v5/boards/{quote(name, safe='')}/pins?{urlencode({'page_size': str(PAGE)})}",
            pins=number(row.get("pin_count")) or 0,
        )
        for row in public
        if (name := text(row.get("id")))
    ]
    boards = tuple(
        document(Parts(_address(account, title), (Passage(text(row.get("description"))),), title=title))
        for row in public
        if (title := text(row.get("name")))
    )
    return Parsed(documents=boards, asks=(*lists, *_more(ask, said)))


def _address(account: Account, board: str) -> str:
    """Where people see a board: its name in small letters, the words joined."""
    match = matched(_ID, account.url)
    words = re.sub(r"[^\w\s-]", "", board.casefold()).split()
    return f"{match.address if match else account.url}/{quote('-'.join(words))}/"


def _pins(ask: Ask, said: Table) -> Parsed:
    shown = tuple(_pin(row, name) for row in rows(said.get("items")) if (name := text(row.get("id"))))
    counted, before = (ask.pins, ask.before) if isinstance(ask, _Board) else (0, 0)
    told = before + len(shown)
    more = [_Board("pins", one.url, page=one.page, pins=counted, before=told) for one in _more(ask, said)]
    lacks = bool(counted) and not more and (not told or counted - told > max(2, counted * _DRIFT))
    return Parsed(documents=shown, asks=tuple(more), blind=(_FEWER,) if lacks else ())


def _pin(row: Table, name: str) -> Document:
    link, alt = address(row.get("link")), text(row.get("alt_text"))
    sizes = [one for one in table(table(row.get("media")).get("images")).values() if isinstance(one, dict)]
    largest = max(sizes, key=lambda one: number(one.get("width")) or 0, default={})
    picture = address(largest.get("url"))
    words = text(row.get("description"))
    shown = document(
        Parts(
            url=f"{HOME}/pin/{quote(name, safe='')}/",
            words=(Passage(words),),
            links=(*answers.addresses_in(words), *([Link(link, link)] if link else [])),
            images=(Image(picture, alt),) if picture else (),
            title=text(row.get("title")),
            author=text(table(row.get("board_owner")).get("username")),
            published_on=moment(row.get("created_at")),
        )
    )
    return replace(shown, comments_whole=False)


def _more(ask: Ask, said: Table) -> Iterator[Ask]:
    """The next page of a list, where there is one."""
    mark = text(said.get("bookmark"))
    if mark:
        parts = urlsplit(ask.url)
        query = urlencode({**dict(parse_qsl(parts.query)), "bookmark": mark})
        yield Ask(ask.what, parts._replace(query=query).geturl(), page=ask.page + 1)


PLATFORM: Final = Platform(ids=(_ID,), plan=plan, requests=requests, parse=parse)
