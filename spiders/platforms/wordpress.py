"""WordPress, and Edublogs, which is one: its pages as visitors see them, and what its open interface (REST) tells
beside them: posts and pages to which no link leads, who may comment, comments, and files of the library.

Where the interface is switched off, the site is read page by page, as every website is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from auditor.model import Account, Blind, Comment, CommentState, Document, Image, Passage, Place, Reason
from auditor.outlets.identify import Identity, identify
from spiders import answers, html
from spiders.answers import Parts, Table, address, document, moment, rows, table, text
from spiders.platform import Ask, Parsed, Platform, Route, Settings
from spiders.scope import registrable

IDS: Final = ("wordpress", "edublogs")
COM: Final = "https://public-api.wordpress.com"
"""Where the interface of every site on wordpress.com is asked."""
PAGE: Final = 100
"""Rows of a listing in one answer; the most that it gives."""
_LISTS: Final[dict[str, dict[str, str]]] = {
    "posts": {"_embed": "author,wp:featuredmedia"},
    "pages": {"_embed": "author,wp:featuredmedia"},
    "media application": {"media_type": "application"},
    "media text": {"media_type": "text"},
    "comments": {},
}
"""The lists that are asked for, and the query of each. Of the library only what is no picture, film or sound: those are
read where a page shows them."""
_IN_HEADER: Final = re.compile(r"<([^<>]*)>[^<>,]*?\brel\s*=\s*\"?https://api\.w\.org/\"?", re.IGNORECASE)
_IN_PAGE: Final = 'link[rel="https://api.w.org/"]'
_STATES: Final = {"open": CommentState.OPEN, "closed": CommentState.CLOSED}
_PROTECTED: Final = Blind("it shows its text to those only who know its password", Reason.LOGIN_WALL)
_CLOSED: Final = Parsed(blind=(Blind("The interface does not give all its lists.", Reason.NOT_IN_ROUTE),))
"""A list that is switched off, or has no such page."""


def identify_here(url: str) -> Identity | None:
    """What an address is there; None where it is not its own."""
    found = identify(url)
    return found if found.platform in IDS else None


def plan(account: Account, settings: Settings) -> Route:
    """Its pages, and beside them the interface that its front page names, or that of wordpress.com."""
    base = settings["wordpress"].base if "wordpress" in settings else ""
    return Route("website", requests(account, base or COM), parse, lists_all=False, pages=True)


def requests(account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first: the front page, which names the interface; of wordpress.com, at `base`, its lists."""
    host = urlsplit(account.url).hostname or ""
    if host.endswith(".wordpress.com"):
        return _lists(f"{base.rstrip('/')}/wp/v2/sites/{host}")
    return (Ask("front", account.url),)


def parse(_account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What an answer means. A list that is switched off tells nothing."""
    if ask.what == "front":
        root = _root(ask, body) if status == 200 else ""
        return Parsed(asks=_lists(_below(root, "wp/v2"))) if root else _CLOSED
    said = answers.loaded(body)
    if status != 200 or not isinstance(said, list):
        return _CLOSED
    found = rows(said)
    more = (_next(ask),) if _has_more(ask, len(said)) else ()
    if ask.what == "comments":
        return Parsed(documents=tuple(_comments(found)), asks=more)
    if ask.what.startswith("media"):
        return Parsed(pages=tuple(url for row in found if (url := address(row.get("source_url")))), asks=more)
    protected = {url: _PROTECTED for row in found if (url := _address(row)) and _is_protected(row)}
    return Parsed(documents=tuple(_posts(found)), asks=more, missed=tuple(protected.items()))


# ------------------------------------------------------------------------------------------------ where it is asked


def _root(ask: Ask, body: bytes) -> str:
    """Where the interface is asked: as the front page says, else where it mostly is. "" where that is elsewhere."""
    named = _IN_HEADER.search(ask.header("Link"))
    found = named[1] if named else _in_page(body)
    try:
        root = urljoin(ask.url, found.strip() or "/wp-json/")
        hosts = [urlsplit(url).hostname or "" for url in (root, ask.url)]
    except ValueError:
        return ""
    is_near = registrable(hosts[0]) == registrable(hosts[1]) or hosts[0] == urlsplit(COM).hostname
    return address(root) if is_near else ""


def _in_page(body: bytes) -> str:
    node = LexborHTMLParser(body).css_first(_IN_PAGE) if html.is_tame(body) else None
    return (node.attributes.get("href") or "") if node is not None else ""


def _lists(root: str) -> tuple[Ask, ...]:
    """The first page of each list."""
    return tuple(
        Ask(what, _below(root, what.partition(" ")[0], per_page=str(PAGE), page="1", **query))
        for what, query in _LISTS.items()
    )


def _below(root: str, path: str, **query: str) -> str:
    """An address below another; a site without addresses for people names it in the query."""
    parts = urlsplit(root)
    asked = dict(parse_qsl(parts.query))
    if "rest_route" in asked:
        asked["rest_route"] = f"{asked['rest_route'].rstrip('/')}/{path}"
    else:
        parts = parts._replace(path=f"{parts.path.rstrip('/')}/{path}")
    return urlunsplit(parts._replace(query=urlencode({**asked, **query}, safe="/,:"), fragment=""))


def _next(ask: Ask) -> Ask:
    parts = urlsplit(ask.url)
    query = {**dict(parse_qsl(parts.query)), "page": str(ask.page + 1)}
    url = urlunsplit(parts._replace(query=urlencode(query, safe="/,:")))
    return Ask(ask.what, url, page=ask.page + 1)


def _has_more(ask: Ask, given: int) -> bool:
    """Whether there is a further page of the list: by the server's own count, else where this one is full."""
    pages = ask.header("X-WP-TotalPages").strip()
    return ask.page < int(pages[:9]) if pages.isascii() and pages.isdigit() else given >= PAGE


# ------------------------------------------------------------------------------------------------ what it tells


def _posts(found: Iterable[Table]) -> Iterator[Document]:
    for row in found:
        url = _address(row)
        if url:
            embedded = table(row.get("_embedded"))
            pictures = tuple(_pictures(rows(embedded.get("wp:featuredmedia"))))
            shown = document(
                Parts(
                    url=url,
                    words=tuple(Passage(one.caption, Place.CAPTION, one.url) for one in pictures),
                    markup="" if _is_protected(row) else _rendered(row, "content") or _rendered(row, "excerpt"),
                    images=pictures,
                    title=answers.words_of(_rendered(row, "title")),
                    author=next((name for one in rows(embedded.get("author")) if (name := text(one.get("name")))), ""),
                    published_on=moment(row.get("date_gmt")) or moment(row.get("date")),
                )
            )
            yield replace(shown, comment_state=_STATES.get(text(row.get("comment_status"))))


def _pictures(found: Iterable[Table]) -> Iterator[Image]:
    for media in found:
        url = address(media.get("source_url"))
        if url and media.get("media_type") == "image":
            yield Image(url, text(media.get("alt_text")), answers.words_of(_rendered(media, "caption")))


def _comments(found: Iterable[Table]) -> Iterator[Document]:
    """Each comment as a part of the page under which it stands."""
    for row in found:
        link = address(row.get("link"))
        words = answers.words_of(_rendered(row, "content"))
        if link and words:
            said = Comment(words, text(row.get("author_name")), link, moment(row.get("date_gmt")))
            yield answers.with_comments(Document(link), (said,))


def _address(row: Table) -> str:
    return address(row.get("link")).partition("#")[0]


def _rendered(row: Table, key: str) -> str:
    value = table(row.get(key)).get("rendered")
    return value if isinstance(value, str) else ""


def _is_protected(row: Table) -> bool:
    return table(row.get("content")).get("protected") is True


PLATFORM: Final = Platform(ids=IDS, plan=plan, identify=identify_here, requests=requests, parse=parse, reads_sites=True)
