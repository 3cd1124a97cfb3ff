"""What a page says of itself: title, description, author, language, and when it was published."""

import json
import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
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
_NAMED: Final = re.compile(r"person|event", re.IGNORECASE)
_SAID: Final = frozenset(
    {"description", "og:title", "og:description", "og:image:alt", "twitter:title", "twitter:description"}
    | {"twitter:image:alt", "dc.title", "dc.description", "dcterms.title", "dcterms.description", "headline"}
    | {"keywords", "news_keywords", "article:tag", "dc.subject"}
)
"""Names of meta elements whose content people may read, on a page or where it is found; each may stand there more than
once."""
_TEXTS: Final = ("headline", "description", "articleBody")
_WRITTEN: Final = re.compile(rf'"(?:{"|".join(_TEXTS)})"\s*+:\s*+("(?:[^"\\]|\\.)*+")')
"""A text in linked data, for data that is no JSON as it should be."""
_MAX_DATA: Final = 2_000_000
"""Characters of linked data of a page that are read."""
_MAX_ROWS: Final = 100_000
_MAX_PLACES: Final = 50
_LARGE: Final = "data for search engines was not read whole, because there is too much of it"
_DEEP: Final = "data for search engines was not read whole, because it is nested without end"


@dataclass(frozen=True, slots=True)
class Told:
    """What a page's head tells; texts as written, dates as UTC."""

    title: str = ""
    descriptions: tuple[str, ...] = ()
    author: str = ""
    language: str = ""
    published_on: datetime | None = None
    unread: tuple[str, ...] = ()
    """What of it was not read, in words."""
    same_as: tuple[str, ...] = ()
    """Where else the school that the page is about has a place, by the page's linked data; as written."""


def read(
    tree: LexborHTMLParser,
    html: str,
    meta: list[dict[str, str | None]],
    scripts: list[LexborNode],
    url: str,
    title: str,
) -> Told:
    """What the page tells of itself. `meta` holds the attributes of its meta elements, `scripts` are those that hold
    linked data, `title` is its first title."""
    rows = [
        (
            (row.get("property") or row.get("name") or row.get("http-equiv") or row.get("itemprop") or "").lower(),
            content,
        )
        for row in meta
        if (content := " ".join((row.get("content") or "").split()))
    ]
    named = dict(reversed(rows))
    data = _LinkedData.of(scripts)
    texts = [named.get(key, "") for key in ("description", "og:title", "og:description", "twitter:description")]
    texts += [text for row in data.rows for key in _TEXTS if (text := _said(row, key))]
    texts += data.texts
    texts += [content for key, content in rows if key in _SAID]
    author = named.get("author", "") or next(filter(None, map(_author, data.rows)), "")
    texts.append("; ".join(name for name in data.names if name not in (author, title)))
    root = tree.root
    return Told(
        title=title or named.get("og:title", ""),
        descriptions=tuple(text for text in dict.fromkeys(texts) if text and text != title),
        author=author,
        language=((root.attributes.get("lang") if root else "") or named.get("content-language", "")).strip()[:35],
        published_on=_published(tree, html, named, data.rows, url),
        unread=tuple(data.unread),
        same_as=tuple(data.same_as),
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


@dataclass(slots=True)
class _LinkedData:
    """What the linked data of a page holds: articles and the like, names of people and events, texts of what is no
    JSON, and what was not read."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    names: dict[str, None] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    unread: dict[str, None] = field(default_factory=dict)
    same_as: dict[str, None] = field(default_factory=dict)

    @classmethod
    def of(cls, scripts: Iterable[LexborNode]) -> "_LinkedData":
        found = cls()
        room = _MAX_DATA
        for node in scripts:
            text = node.text()
            room -= len(text)
            if room < 0:
                found.unread[_LARGE] = None
                break
            found._add(text)
        return found

    def _add(self, text: str) -> None:
        try:
            # Line feeds in texts are common, and a number of any length is a number.
            data = json.loads(text, strict=False, parse_int=float)
        except ValueError:
            self.texts += map(_unquoted, _WRITTEN.findall(text))
        except RecursionError:
            self.texts += map(_unquoted, _WRITTEN.findall(text))
            self.unread[_DEEP] = None
        else:
            self._gather(data)

    def _gather(self, data: object) -> None:
        """Adds what the data holds at any depth, the outermost first."""
        waiting = deque([data])
        for _ in range(_MAX_ROWS):
            if not waiting:
                return
            part = waiting.popleft()
            if isinstance(part, dict):
                if _is_article(part):
                    self.rows.append(part)
                if name := _name(part):
                    self.names[name] = None
                if "sameAs" in part and not _is_person(part):
                    self._add_places(part["sameAs"])
                waiting.extend(value for value in part.values() if isinstance(value, dict | list))
            elif isinstance(part, list):
                waiting.extend(value for value in part if isinstance(value, dict | list))
        self.unread[_LARGE] = None

    def _add_places(self, said: object) -> None:
        for place in said if isinstance(said, list) else [said]:
            if isinstance(place, str) and len(self.same_as) < _MAX_PLACES:
                self.same_as[clean(place.strip())] = None


def _unquoted(text: str) -> str:
    try:
        return clean(" ".join(str(json.loads(text, strict=False)).split()))
    except ValueError:
        return clean(" ".join(text[1:-1].split()))


def _is_article(row: dict[str, Any]) -> bool:
    kind = row.get("@type")
    return isinstance(kind, str | list) and _ARTICLES.search(str(kind)[:200]) is not None


def _is_person(row: dict[str, Any]) -> bool:
    """Whether it tells of somebody, such as the author of the page: what is theirs is not the school's."""
    kind = row.get("@type")
    return isinstance(kind, str | list) and "person" in str(kind)[:200].casefold()


def _name(row: dict[str, Any]) -> str:
    """What somebody, or an event, is called; "" of everything else."""
    kind = row.get("@type")
    if not isinstance(kind, str | list) or not _NAMED.search(str(kind)[:200]):
        return ""
    return _said(row, "name") or f"{_said(row, 'givenName')} {_said(row, 'familyName')}".strip()


def _said(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    return clean(" ".join(value.split())) if isinstance(value, str) else ""


def _author(row: dict[str, Any]) -> str:
    author = row.get("author")
    first = author[0] if isinstance(author, list) and author else author
    return _said(first, "name") if isinstance(first, dict) else clean(first) if isinstance(first, str) else ""
