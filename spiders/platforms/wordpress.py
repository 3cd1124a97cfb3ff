"""WordPress, and Edublogs, which is one: its pages as visitors see them, and what its open interface (REST) tells
beside them: posts and pages to which no link leads, who may comment, comments, and files of the library.

Where the interface is switched off, the site is read page by page, as every website is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from auditor.model import Account, Blind, Comment, CommentState, Document, Image, Passage, Place, Reason
from spiders import answers
from spiders.answers import Parts, Table, address, document, moment, rows, table, text
from spiders.platform import Ask, Front, Parsed, Platform, Profile, Route, Settings
from spiders.scope import registrable

IDS: Final = ("wordpress", "edublogs")
COM: Final = "https://public-api.wordpress.com"
"""Where the interface of every site on wordpress.com is asked."""
API: Final = "https://api.w.org/"
"""The relation by which every page of a site names its interface."""
PAGE: Final = 100
"""Rows of a listing in one answer; the most that it gives."""
_LISTS: Final[dict[str, dict[str, str]]] = {
    "posts": {"_embed": "wp:featuredmedia"},
    "pages": {"_embed": "wp:featuredmedia"},
    "media application": {"media_type": "application"},
    "media text": {"media_type": "text"},
    "comments": {},
}
"""The lists that are asked for, and the query of each. Of the library only what is no picture, film or sound: those are
read where a page shows them."""
_PROTECTED: Final = Blind("it shows its text to those only who know its password", Reason.LOGIN_WALL)
_CLOSED: Final = Parsed(blind=(Blind("The interface does not give all its lists.", Reason.NOT_IN_ROUTE),))
"""A list that is switched off, or has no such page."""
_BROKE_OFF: Final = Parsed(
    blind=(Blind("The interface began a list and did not give the rest of it.", Reason.PARTIAL_LISTING),)
)


def plan(account: Account, settings: Settings) -> Route:
    """Its pages, and beside them the interface of wordpress.com, or the one that its front page names. Where that names
    none, it is looked for at its usual place."""
    host = urlsplit(account.url).hostname or ""
    base = settings["wordpress"].base if "wordpress" in settings else ""
    com = f"{(base or COM).rstrip('/')}/wp/v2/sites/{host}" if host.endswith(".wordpress.com") else ""

    def beside(front: Front) -> Route | None:
        if com:
            return _asked_at(account, com) if front.is_of(account, f"https://{host}/") else None
        return _at(account, front, front.signs.get(API) or "wp-json/")

    return Route("website", beside=beside)


def requests(_account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first: the beginning of each list; `base` is where they lie."""
    return tuple(
        Ask(what, _below(base, what.partition(" ")[0], per_page=str(PAGE), page="1", **query))
        for what, query in _LISTS.items()
    )


def parse(account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What an answer means. A list that is switched off tells nothing."""
    said = answers.loaded(body)
    if status != 200 or not isinstance(said, list):
        # Some servers do not count their pages, and answer so where there is no further one.
        return _CLOSED if ask.page == 1 or status == 400 else _BROKE_OFF
    found = rows(said)
    more = (_next(ask),) if _has_more(ask, len(said)) else ()
    if ask.what == "comments":
        # Where comments are off for the whole site, there is no such list, though each post may still say "open".
        site = Profile(account.url, "", account.url, comment_state=CommentState.OPEN)
        return Parsed(site, tuple(_comments(found)), more)
    if ask.what.startswith("media"):
        return Parsed(pages=tuple(url for row in found if (url := address(row.get("source_url")))), asks=more)
    protected = {url: _PROTECTED for row in found if (url := _address(row)) and _is_protected(row)}
    return Parsed(documents=tuple(_posts(found)), asks=more, missed=tuple(protected.items()))


# ------------------------------------------------------------------------------------------------ where it is asked


def _at(account: Account, front: Front, named: str) -> Route | None:
    """The interface that is named, where it is that of the account's own site, and of all of it."""
    try:
        root = address(urljoin(front.url, named)) if named else ""
        hosts = [urlsplit(url).hostname or "" for url in (root, front.url)]
    except ValueError:
        return None
    if not root:
        return None
    is_com = hosts[0] == urlsplit(COM).hostname
    below = root.partition("?")[0].rstrip("/").removesuffix("/wp-json").removesuffix("/index.php")
    home = urljoin(front.url, "/") if is_com else f"{below}/"
    is_ours = is_com or registrable(hosts[0]) == registrable(hosts[1])
    return _asked_at(account, _below(root, "wp/v2")) if is_ours and front.is_of(account, home) else None


def _asked_at(account: Account, lists: str) -> Route:
    return Route("website", requests(account, lists), parse, lists_all=False)


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
            is_closed = row.get("comment_status") == "closed"
            yield replace(shown, comment_state=CommentState.CLOSED if is_closed else None)


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


PLATFORM: Final = Platform(ids=IDS, plan=plan, requests=requests, parse=parse, reads_sites=True)
