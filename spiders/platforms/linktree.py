"""Linktree: one page of links, with all that it shows in the data that it is built from. So no browser is needed."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from auditor.model import Account, Blind, Document, Image, Link, Passage, Reason
from auditor.outlets.platforms import matched, of
from spiders import answers, html, walls
from spiders.answers import Parts, Table, address, rows, table, text
from spiders.platform import Ask, Parsed, Platform, Profile, Route, Settings
from spiders.shell import together

_EMPTY: Final = Blind("Its page shows no link and no text without a browser.", Reason.NOT_IN_ROUTE)
_CHOKES: Final = Blind("Its page is too large to be read.", Reason.LIMIT)


def plan(account: Account, settings: Settings) -> Route:
    """Its one page, on its own host or the one that the configuration names."""
    return Route("linktree", requests(account, settings["linktree"].base if "linktree" in settings else ""), parse)


def requests(account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for: the page."""
    match = matched("linktree", account.url) if of(account.url) == "linktree" else None
    home = match.address if match is not None else account.url
    return (Ask("page", urljoin(base, urlsplit(home).path) if base else home),)


def parse(account: Account, _ask: Ask, status: int, body: bytes) -> Parsed:
    """What the page shows, and what the data in it tells."""
    if status != 200:
        what = f"There is no such page on Linktree (error {status})."
        return answers.ended(what, Reason.UNREACHABLE)
    tame = html.is_tame(body)
    page = html.read(body, account.url) if tame else Document(account.url)
    if (wall := walls.stands_before(page, body)) is not None:
        return Parsed(blind=(wall,), stop=True)
    told = _told(body) if tame else {}
    name, bio, links = text(told.get("pageTitle")) or page.title, text(told.get("description")), tuple(_links(told))
    if walls.is_empty(page) and not (bio or links):
        return Parsed(blind=(_EMPTY if tame else _CHOKES,), stop=True)
    profile = Profile(answers.name(told.get("id")), text(told.get("username")), account.url, name=name, bio=bio)
    picture = address(told.get("profilePictureUrl"))
    data = answers.document(
        Parts(
            url=account.url,
            words=(Passage(bio), *map(Passage, _contacts(told))),
            links=links,
            images=(Image(picture),) if picture else (),
            title=page.title or name,
            depth=0,
        )
    )
    return Parsed(profile, (together(data, page),))


def _told(body: bytes) -> Table:
    """The data that the page is built from."""
    node = LexborHTMLParser(body).css_first("script#__NEXT_DATA__")
    said = answers.loaded((node.text() if node is not None else "").encode("utf-8", "replace"))
    return table(table(table(said).get("props")).get("pageProps"))


def _links(told: Table) -> Iterator[Link]:
    """The links of its owner, then those to their other accounts."""
    for row in (*rows(table(told.get("account")).get("links")), *rows(told.get("links"))):
        if url := address(row.get("url")):
            yield Link(url, text(row.get("title")))
    for row in rows(told.get("socialLinks")):
        if url := address(row.get("url")):
            yield Link(url, text(row.get("type")))


def _contacts(told: Table) -> Iterator[str]:
    """Mail addresses and numbers, as they stand behind signs without words."""
    for row in rows(told.get("socialLinks")):
        kind, _, value = text(row.get("url")).partition(":")
        if kind.lower() in ("mailto", "tel"):
            yield value.partition("?")[0]


PLATFORM: Final = Platform(ids=("linktree",), plan=plan, requests=requests, parse=parse)
