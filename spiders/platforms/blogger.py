"""Blogger: its pages as visitors see them, and what its open feeds tell beside them: posts and pages to which no link
leads, and comments."""

from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from auditor.model import Account, Blind, Comment, Document, Reason
from spiders import answers
from spiders.answers import Parts, Table, address, document, moment, rows, table, text
from spiders.platform import Ask, Front, Parsed, Platform, Route, Settings

PAGE: Final = 150
"""Entries in one answer; the most that a feed gives."""
LISTS: Final = ("posts", "pages", "comments")
_CLOSED: Final = Parsed(blind=(Blind("The blog does not give all its feeds.", Reason.NOT_IN_ROUTE),))
"""A feed that its owner switched off."""
_BROKE_OFF: Final = Parsed(
    blind=(Blind("The blog began a feed and did not give the rest of it.", Reason.PARTIAL_LISTING),)
)


def plan(account: Account, settings: Settings) -> Route:
    """Its pages, and beside them the feeds of its own host, or of the one that the configuration names."""
    base = settings["blogger"].base if "blogger" in settings else ""
    return Route("website", beside=lambda front: _asked_at(account, front, base or front.url))


def requests(_account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first: the beginning of each feed; `base` is an address on the host that has them."""
    parts = urlsplit(base)
    root = f"{parts.scheme}://{parts.netloc}"
    # A feed that its owner had sent elsewhere is given all the same.
    query = urlencode({"alt": "json", "redirect": "false", "max-results": str(PAGE), "start-index": "1"})
    return tuple(Ask(what, f"{root}/feeds/{what}/default?{query}") for what in LISTS)


def _asked_at(account: Account, front: Front, base: str) -> Route | None:
    if not front.is_of(account, urljoin(front.url, "/")):
        return None
    return Route("website", requests(account, base), parse, lists_all=False)


def parse(_account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What a feed tells."""
    feed = table(table(answers.loaded(body)).get("feed"))
    if status != 200 or not feed:
        return _CLOSED if ask.page == 1 else _BROKE_OFF
    found = rows(feed.get("entry"))
    documents = tuple(_comments(found) if ask.what == "comments" else _posts(found))
    following = _next(ask, feed, len(found))
    if following is not None and not found:
        # It counts comments, too, that nobody sees.
        return Parsed() if ask.what == "comments" else _BROKE_OFF
    return Parsed(documents=documents, asks=(following,) if following is not None else ())


def _next(ask: Ask, feed: Table, given: int) -> Ask | None:
    """What follows in the feed, where it says that it holds more than was given so far."""
    parts = urlsplit(ask.url)
    query = dict(parse_qsl(parts.query))
    after = int(query.get("start-index", "1")) + given
    total = _said(feed, "openSearch$totalResults")
    if not (total.isascii() and total.isdigit() and after <= int(total[:9])):
        return None
    url = urlunsplit(parts._replace(query=urlencode({**query, "start-index": str(after)})))
    return Ask(ask.what, url, page=ask.page + 1)


def _posts(found: Iterable[Table]) -> Iterator[Document]:
    for entry in found:
        url = next((address(one.get("href")) for one in rows(entry.get("link")) if one.get("rel") == "alternate"), "")
        if url:
            yield document(
                Parts(
                    url=url.partition("#")[0],
                    markup=_said(entry, "content") or _said(entry, "summary"),
                    title=answers.words_of(_said(entry, "title")),
                    author=_author(entry),
                    published_on=moment(_said(entry, "published")),
                )
            )


def _comments(found: Iterable[Table]) -> Iterator[Document]:
    """Each comment as a part of the post to which it answers."""
    for entry in found:
        post = address(table(entry.get("thr$in-reply-to")).get("href")).partition("#")[0].partition("?")[0]
        words = answers.words_of(_said(entry, "content") or _said(entry, "summary"))
        if post and words:
            url = f"{post}#c{_said(entry, 'id').rpartition('-')[2]}"
            said = Comment(words, _author(entry), url, moment(_said(entry, "published")))
            yield answers.with_comments(Document(url), (said,))


def _author(entry: Table) -> str:
    return next((name for one in rows(entry.get("author")) if (name := text(_said(one, "name")))), "")


def _said(holder: Table, key: str) -> str:
    """The text of an element, as the feed writes its XML in JSON."""
    value = table(holder.get(key)).get("$t")
    return value if isinstance(value, str) else ""


PLATFORM: Final = Platform(ids=("blogger",), plan=plan, requests=requests, parse=parse, reads_sites=True)
