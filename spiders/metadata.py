"""What a page says of itself: title, description, author, language, and when it was published."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.text import clean

_DATED: Final = (
    "article time[datetime], time[pubdate], time[itemprop=datePublished], .entry-date[datetime], time.published, "
    "time.entry-date, [itemprop=datePublished][content]"
)
_DATES: Final = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dcterms.created",
    "publish_date",
    "pubdate",
)
_IN_ADDRESS: Final = re.compile(r"/(20\d\d)/(0[1-9]|1[0-2])/(?:(0[1-9]|[12]\d|3[01])(?:/|$)|(?=[^/]*[a-zA-Z]))")
_ARTICLES: Final = re.compile(r"article|posting|event|webpage|report|review", re.IGNORECASE)
_MAX_DATA: Final = 200_000


@dataclass(frozen=True, slots=True)
class Told:
    """What a page's head tells; texts as written, dates as UTC."""

    title: str = ""
    descriptions: tuple[str, ...] = ()
    author: str = ""
    language: str = ""
    published_on: datetime | None = None


def read(
    tree: LexborHTMLParser, html: str, meta: list[dict[str, str | None]], url: str, node: LexborNode | None
) -> Told:
    """What the page tells of itself. `meta` holds the attributes of its meta elements, `node` is its first title."""
    named = {
        (row.get("property") or row.get("name") or row.get("http-equiv") or row.get("itemprop") or "").lower(): content
        for row in reversed(meta)
        if (content := " ".join((row.get("content") or "").split()))
    }
    data = list(_linked_data(tree)) if "ld+json" in html else []
    title = " ".join(node.text().split()) if node is not None else ""
    texts = [named.get(key, "") for key in ("description", "og:title", "og:description", "twitter:description")]
    texts += [_said(row, key) for row in data for key in ("headline", "description", "articleBody")]
    root = tree.root
    return Told(
        title=title or named.get("og:title", ""),
        descriptions=tuple(text for text in dict.fromkeys(texts) if text and text != title),
        author=named.get("author", "") or next(filter(None, map(_author, data)), ""),
        language=((root.attributes.get("lang") if root else "") or named.get("content-language", "")).strip()[:35],
        published_on=_published(tree, html, named, data, url),
    )


def moment(text: str) -> datetime | None:
    """A moment in UTC from ISO 8601 text; None for what is none, or lies in no year of the web."""
    try:
        found = datetime.fromisoformat(text.strip()[:40])
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return found if 1990 <= found.year <= 2100 else None


def _published(
    tree: LexborHTMLParser, html: str, named: dict[str, str], data: list[dict[str, Any]], url: str
) -> datetime | None:
    written = [named[key] for key in _DATES if key in named] + [_said(row, "datePublished") for row in data]
    for text in written:
        if found := moment(text):
            return found
    if "datetime=" in html or "datePublished" in html:
        node = tree.css_first(_DATED)
        if node is not None:
            found = moment(node.attributes.get("datetime") or node.attributes.get("content") or "")
            if found:
                return found
    return published_in_address(url)


def published_in_address(url: str) -> datetime | None:
    """The day in an address such as `/2026/11/05/science-fair`."""
    match = _IN_ADDRESS.search(url)
    return moment(f"{match[1]}-{match[2]}-{match[3] or '01'}") if match else None


def _linked_data(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    for node in tree.css('script[type="application/ld+json"]')[:5]:
        text = node.text()
        if len(text) > _MAX_DATA:
            continue
        try:
            data = json.loads(text, strict=False)  # line feeds in texts are common
        except (ValueError, RecursionError):
            continue
        yield from _articles(data)


def _articles(data: object) -> Iterator[dict[str, Any]]:
    rows = data if isinstance(data, list) else [data]
    for row in rows[:50]:
        if not isinstance(row, dict):
            continue
        if isinstance(row.get("@graph"), list):
            yield from (part for part in row["@graph"][:50] if _is_article(part))
        if _is_article(row):
            yield row


def _is_article(row: object) -> bool:
    return isinstance(row, dict) and bool(_ARTICLES.search(str(row.get("@type"))[:200]))


def _said(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    return clean(" ".join(value.split())) if isinstance(value, str) else ""


def _author(row: dict[str, Any]) -> str:
    author = row.get("author")
    first = author[0] if isinstance(author, list) and author else author
    return _said(first, "name") if isinstance(first, dict) else clean(first) if isinstance(first, str) else ""
