"""Feeds in RSS, Atom and JSON: what a blog, a podcast or a channel publishes for programs, entry by entry.

XML from strangers: no entities, no document types, nothing fetched. A feed shows the newest entries only, so what no
longer stands in it may well stand on the site.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from lxml import etree  # type: ignore[import-untyped]

from auditor.model import Account, Blind, Image, Link, Passage, Reason
from spiders import answers
from spiders.answers import Parts, address, document, moment, rows, table, text
from spiders.platform import Ask, Parsed, Platform, Route, Settings

MOST: Final = 5000
"""Entries of one file that are read."""
_NAMES: Final = frozenset({"rss", "feed", "rdf"})
_ENTRIES: Final = frozenset({"item", "entry"})
_TEXTS: Final = ("encoded", "content", "description", "summary")
"""Where an entry's text stands: the whole before the summary."""
_MEDIA: Final = "http://search.yahoo.com/mrss/"
_NO_FEED: Final = "There is no feed in RSS, Atom or JSON at this address."
_CUT: Final = Blind("The feed breaks off; the rest of its entries was not read.", Reason.PARTIAL_LISTING)
_BROKE_OFF: Final = frozenset({etree.ErrorTypes.ERR_TAG_NOT_FINISHED, etree.ErrorTypes.ERR_DOCUMENT_END})
_WEBSITE: Final = 'If it is a website, write platform = "website" into its entry.'


def plan(account: Account, _settings: Settings) -> Route:
    """The feed itself, and the further pages that it names."""
    return Route("feed", requests(account, account.url), parse, lists_all=False)


def requests(_account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first: the feed."""
    return (Ask("feed", base),)


def parse(account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What a feed says: itself as a document, and each of its entries."""
    if status != 200:
        return answers.ended(f"There is nothing at its address (error {status}).", Reason.UNREACHABLE)
    said = answers.loaded(body)
    feed = _of_json(said, ask.url) if isinstance(said, dict) else _of_xml(body, ask.url)
    if feed is None:
        wall = answers.no_data(body, "Its server")
        is_wall = wall.blind[0].reason is not Reason.PLATFORM_OUTAGE
        return wall if is_wall else answers.ended(_NO_FEED, Reason.UNREACHABLE, _WEBSITE)
    head = document(Parts(account.url, (Passage(feed.about),), title=feed.title, depth=0))
    entries = tuple(document(entry) for entry in feed.entries)
    asks = (Ask("feed", feed.more, page=ask.page + 1),) if feed.more else ()
    documents = (*((head,) if ask.page == 1 else ()), *entries)
    return Parsed(documents=documents, asks=asks, blind=(_CUT,) if feed.cut else ())


def newest(account: Account, ask: Ask, status: int, body: bytes, most: int, there_are_more: Blind) -> Parsed:
    """As `parse`, of a feed that shows `most` entries of what there is: one that is full may not show all."""
    parsed = parse(account, ask, status, body)
    full = sum(shown.depth > 0 for shown in parsed.documents) >= most
    return replace(parsed, blind=(*parsed.blind, there_are_more)) if full else parsed


@dataclass(frozen=True, slots=True)
class _Feed:
    """One file: what it says of itself, its entries, where the next file is, and whether there were more entries."""

    title: str = ""
    about: str = ""
    entries: Sequence[Parts] = field(default_factory=tuple)
    more: str = ""
    cut: bool = False


# ------------------------------------------------------------------------------------------------ JSON


def _of_json(said: Mapping[str, object], url: str) -> _Feed | None:
    if "jsonfeed" not in text(said.get("version")) and not isinstance(said.get("items"), list):
        return None
    found = rows(said.get("items"))
    entries = tuple(_json_entry(item, url) for item in found[:MOST])
    more = address(said.get("next_url"))
    title, about = text(said.get("title")), text(said.get("description"))
    return _Feed(title, about, entries, more if _is_near(more, url) else "", cut=len(found) > MOST)


def _json_entry(item: answers.Table, url: str) -> Parts:
    markup = item.get("content_html")
    picture = address(item.get("image")) or address(item.get("banner_image"))
    attached = (
        address(one.get("url")) for one in rows(item.get("attachments")) if "image" in text(one.get("mime_type"))
    )
    writers = [*rows(item.get("authors")), table(item.get("author"))]
    away = address(item.get("external_url"))
    return Parts(
        url=_entry_address(address(item.get("url")), text(item.get("id")), url),
        words=(Passage(text(item.get("content_text")) or ("" if markup else text(item.get("summary")))),),
        markup=markup if isinstance(markup, str) else "",
        links=(Link(away),) if away else (),
        images=tuple(Image(one) for one in dict.fromkeys((picture, *attached)) if one),
        title=text(item.get("title")),
        author=next((name for one in writers if (name := text(one.get("name")))), ""),
        language=text(item.get("language")),
        published_on=moment(item.get("date_published")) or moment(item.get("date_modified")),
    )


# ------------------------------------------------------------------------------------------------ XML


def _of_xml(body: bytes, url: str) -> _Feed | None:
    """The feed in this XML; None for what is none, is damaged from the start, or defines a type of its own."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        tree = etree.parse(io.BytesIO(body.lstrip()), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    root = tree.getroot()
    if root is None or tree.docinfo.doctype or _name(root) not in _NAMES:
        return None
    channel = next((one for one in root if _name(one) == "channel"), root)
    found = [one for one in root.iter() if _name(one) in _ENTRIES]
    title = _plain(channel, "title")
    if not found and not title:
        return None
    more = next(
        (_absolute(one.get("href"), url) for one in channel if _name(one) == "link" and one.get("rel") == "next"), ""
    )
    return _Feed(
        title=title,
        about=answers.words_of(_plain(channel, "description") or _plain(channel, "subtitle")),
        entries=tuple(_xml_entry(entry, url) for entry in found[:MOST]),
        cut=len(found) > MOST or any(error.type in _BROKE_OFF for error in parser.error_log),
        more=more if _is_near(more, url) else "",
    )


def _xml_entry(entry: Any, url: str) -> Parts:
    links = [one for one in entry if _name(one) == "link"]
    pages = [one.get("href") or one.text for one in links if one.get("rel") in (None, "alternate")]
    when = next(
        (day for name in ("pubdate", "published", "date", "updated") if (day := _day(_plain(entry, name)))), None
    )
    title = answers.words_of(_plain(entry, "title"))
    return Parts(
        url=_entry_address(
            _absolute(next(filter(None, pages), ""), url), _plain(entry, "guid") or _plain(entry, "id"), url
        ),
        markup=next((markup for name in _TEXTS if (markup := _markup(entry, name))), ""),
        images=tuple(_images(entry, url)),
        title=title,
        author=_plain(entry, "creator") or _author(entry),
        published_on=when,
    )


def _author(entry: Any) -> str:
    """Who wrote it: a text of its own, or the name within it."""
    author = next((one for one in entry if _name(one) == "author"), None)
    return "" if author is None else _plain(author, "name") or text(author.text)


def _images(entry: Any, url: str) -> Iterator[Image]:
    """Pictures that stand beside the text; one that tells its place in words keeps that as its alternative text."""
    seen: set[str] = set()
    for one in entry.iter():
        name = _name(one)
        is_media = isinstance(one.tag, str) and one.tag.startswith(f"{{{_MEDIA}}}") and name in ("content", "thumbnail")
        kind = one.get("type") or one.get("medium") or ""
        attached = name == "enclosure" or (name == "link" and one.get("rel") == "enclosure")
        if not (is_media or attached) or (kind and "image" not in kind) or (attached and not kind):
            continue
        found = _absolute(one.get("url") or one.get("href"), url)
        if found and found not in seen:
            seen.add(found)
            yield Image(found, _plain(one, "description"))


def _markup(entry: Any, name: str) -> str:
    """The HTML of an entry's text; what describes its pictures is not its text."""
    for one in entry:
        if _name(one) != name or (isinstance(one.tag, str) and one.tag.startswith(f"{{{_MEDIA}}}")):
            continue
        if len(one):  # Atom's "xhtml"
            return "".join(etree.tostring(inner, encoding="unicode", method="html") for inner in one)
        if one.text and one.text.strip():
            return str(one.text)
    return ""


def _plain(element: Any, name: str) -> str:
    return next((text(one.text) for one in element if _name(one) == name and one.text), "")


def _name(element: Any) -> str:
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def _day(written: str) -> datetime | None:
    found = moment(written)
    if found is not None or not written:
        return found
    try:
        then = parsedate_to_datetime(written)
        return (then if then.tzinfo else then.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None


# ------------------------------------------------------------------------------------------------ addresses


def _entry_address(page: str, name: str, feed: str) -> str:
    """Where people read the entry; one without a page of its own is named by its place in the feed."""
    return (page or address(name)).partition("#")[0] or f"{feed.partition('#')[0]}#{name or 'entry'}"


def _absolute(reference: object, base: str) -> str:
    try:
        return address(urljoin(base, reference.strip())) if isinstance(reference, str) and reference.strip() else ""
    except ValueError:
        return ""


def _is_near(url: str, other: str) -> bool:
    """Whether the next page of a feed is one of the same server."""
    try:
        return bool(url) and urlsplit(url).netloc == urlsplit(other).netloc
    except ValueError:
        return False


PLATFORM: Final = Platform(ids=("feed",), plan=plan, requests=requests, parse=parse)
