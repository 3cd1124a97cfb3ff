"""Feeds in RSS, Atom and JSON: what a blog, a podcast or a channel publishes for programs, entry by entry.

XML from strangers: no entities, no document types, nothing fetched. A feed shows the newest entries only, so what no
longer stands in it may well stand on the site.
"""

import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import escape
from html.entities import name2codepoint
from typing import Any, Final
from urllib.parse import urlsplit

from lxml import etree  # type: ignore[import-untyped]

from auditor.model import Account, Blind, Image, Link, Passage, Reason
from spiders import answers
from spiders.answers import Parts, absolute, address, document, moment, rows, table, text
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
_BROKE_OFF: Final = frozenset(
    {
        etree.ErrorTypes.ERR_TAG_NOT_FINISHED,
        etree.ErrorTypes.ERR_CDATA_NOT_FINISHED,
        etree.ErrorTypes.ERR_COMMENT_NOT_FINISHED,
        etree.ErrorTypes.ERR_DOCUMENT_END,
        etree.ErrorTypes.ERR_RESOURCE_LIMIT,
    }
)
"""Mistakes after which a reader gives up; others cost no more than the place where they stand."""
_LOOSE: Final = re.compile(rb"&(?!#\d+;|#x[0-9a-f]+;|(?:amp|lt|gt|quot|apos);)(?:([a-z]{2,8});)?", re.IGNORECASE)
"""A sign of its own, or a name that HTML knows and XML does not, such as "&nbsp;"."""
_QUOTED: Final = b"<![CDATA["
_AWAY: Final = Blind("The feed goes on at another server, which was not asked.", Reason.PARTIAL_LISTING)
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
    # What visitors write under an entry stands in no feed.
    entries = (replace(document(entry), comments_whole=False) for entry in _told_apart(feed.entries, ask.url))
    near = _is_near(feed.more, ask.url)
    asks = (Ask("feed", feed.more, page=ask.page + 1),) if near else ()
    gaps = [*([_CUT] if feed.cut else []), *([_AWAY] if feed.more and not near else [])]
    return Parsed(documents=(*((head,) if ask.page == 1 else ()), *entries), asks=asks, blind=tuple(gaps))


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
    if not isinstance(said.get("items"), list):
        return None
    found = rows(said.get("items"))
    entries = tuple(_json_entry(item, url) for item in found[:MOST])
    more = address(said.get("next_url"))
    title, about = text(said.get("title")), text(said.get("description"))
    return _Feed(title, about, entries, more, cut=len(found) > MOST)


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
        tree = etree.parse(io.BytesIO(_tidy(body)), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    root = tree.getroot()
    if root is None or _name(root) not in _NAMES or _defines(tree):
        return None
    channel = next((one for one in root if _name(one) == "channel"), root)
    found = [one for one in root.iter() if _name(one) in _ENTRIES]
    title = _plain(channel, "title")
    if not found and not title:
        return None
    more = next(
        (absolute(one.get("href"), url) for one in channel if _name(one) == "link" and one.get("rel") == "next"), ""
    )
    return _Feed(
        title=title,
        about=answers.words_of(_plain(channel, "description") or _plain(channel, "subtitle")),
        entries=tuple(_xml_entry(entry, url, _writer(channel)) for entry in found[:MOST]),
        cut=len(found) > MOST
        or any(error.type in _BROKE_OFF for error in parser.error_log)
        or not _is_closed(root, body),
        more=more,
    )


def _defines(tree: Any) -> bool:
    """Whether a file defines names or elements of its own, as no feed does, and not only names a type."""
    own = tree.docinfo.internalDTD
    return own is not None and any(True for part in (own.iterentities(), own.iterelements()) for _ in part)


def _tidy(body: bytes) -> bytes:
    """The bytes with every loose "&" written out, but for what is quoted: a strict reader drops what follows it."""
    body = body.lstrip()
    if b"\0" in body[:100]:
        return body
    first, *others = body.split(_QUOTED)
    parts = [_LOOSE.sub(_written, first)]
    for quoted, end, after in (other.partition(b"]]>") for other in others):
        parts.append(quoted + end + _LOOSE.sub(_written, after))
    return _QUOTED.join(parts)


def _written(found: re.Match[bytes]) -> bytes:
    """What a loose "&" means, as XML has it."""
    letter = name2codepoint.get((found[1] or b"").decode())
    return b"&amp;" + found[0][1:] if letter is None else b"&#%d;" % letter


def _is_closed(root: Any, body: bytes) -> bool:
    """Whether the feed's own element ends; of one in wide letters nobody can tell so simply."""
    own = re.split("[}:]", root.tag)[-1]
    return (
        b"\0" in body[:100] or re.search(f"</(?:[^<>:]*:)?{re.escape(own)}".encode(), body) is not None or not len(root)
    )


def _xml_entry(entry: Any, url: str, writer: str) -> Parts:
    """What one entry says; who wrote the feed wrote it, where it names nobody else."""
    links = [one for one in entry if _name(one) == "link"]
    pages = [one.get("href") or one.text for one in links if one.get("rel") in (None, "alternate")]
    when = next(
        (day for name in ("pubdate", "published", "date", "updated") if (day := _day(_plain(entry, name)))), None
    )
    title = answers.words_of(_plain(entry, "title"))
    return Parts(
        url=_entry_address(
            absolute(next(filter(None, pages), ""), url), _plain(entry, "guid") or _plain(entry, "id"), url
        ),
        words=tuple(Passage(_plain(group, "description")) for group in entry if _name(group) == "group"),
        markup=next((markup for name in _TEXTS if (markup := _markup(entry, name))), ""),
        images=tuple(_images(entry, url)),
        title=title,
        author=_writer(entry) or writer,
        published_on=when,
    )


def _writer(entry: Any) -> str:
    """Who wrote it: a text of its own, or the name within it."""
    author = next((one for one in entry if _name(one) == "author"), None)
    return _plain(entry, "creator") or ("" if author is None else _plain(author, "name") or text(author.text))


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
        found = absolute(one.get("url") or one.get("href"), url)
        if found and found not in seen:
            seen.add(found)
            yield Image(found, _plain(one, "description"))


def _markup(entry: Any, name: str) -> str:
    """The HTML of an entry's text; what describes its pictures is not its text."""
    for one in entry:
        if _name(one) != name or (isinstance(one.tag, str) and one.tag.startswith(f"{{{_MEDIA}}}")):
            continue
        inside = "".join(etree.tostring(inner, encoding="unicode", method="html") for inner in one)
        if inside:  # Atom's "xhtml", or HTML that nobody quoted
            return f"{escape(one.text or '', quote=False)}{inside}"
        if one.text and one.text.strip():
            return str(one.text)
    return ""


def _plain(element: Any, name: str) -> str:
    said = ("".join(one.itertext()) for one in element if _name(one) == name)
    return next(filter(None, map(text, said)), "")


def _name(element: Any) -> str:
    """What an element is called, whatever its prefix is, and even where nobody said what that stands for."""
    return re.split("[}:]", element.tag)[-1].lower() if isinstance(element.tag, str) else ""


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
    return (page or address(name)).partition("#")[0] or f"{feed.partition('#')[0]}#{name}"


def _told_apart(entries: Sequence[Parts], feed: str) -> Iterator[Parts]:
    """The entries, each at an address of its own: those that share one, as all that lead to a site's front page do, or
    have none, are named by what they say."""
    shared = Counter(entry.url for entry in entries)
    bare = feed.partition("#")[0]
    for entry in entries:
        if shared[entry.url] == 1 and entry.url != f"{bare}#":
            yield entry
            continue
        said = "\n".join(
            (entry.title, entry.markup, *(passage.text for passage in entry.words), *(i.url for i in entry.images))
        )
        mark = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:12]
        yield replace(entry, url=f"{bare}#{mark}")


def _is_near(url: str, other: str) -> bool:
    """Whether the next page of a feed is one of the same server."""
    here, there = (urlsplit(one).netloc.lower().removeprefix("www.") for one in (url, other))
    return bool(url) and here == there


PLATFORM: Final = Platform(ids=("feed",), plan=plan, requests=requests, parse=parse)
