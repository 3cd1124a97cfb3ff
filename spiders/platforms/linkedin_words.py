"""What a post on LinkedIn says, without the marks of LinkedIn's own, and what it shows beside that: articles, polls,
pictures by their names. Pure."""

import re
from dataclasses import dataclass
from typing import Final

from auditor.model import Link, Passage, Place
from spiders.answers import Table, address, rows, table, text

_PICTURE: Final = re.compile(r"urn:li:(?:image|digitalmediaAsset):([\w-]+)", re.ASCII)
_MENTION: Final = re.compile(r"@\[([^\]]*)\]\(urn:[^)]*\)")
_HASHTAG: Final = re.compile(r"\{hashtag\|\\?#\|([^}]*)\}")
_ESCAPED: Final = re.compile(r"\\([\\|{}@\[\]()<>#*_~])")


@dataclass(frozen=True, slots=True)
class Content:
    """What a post shows beside its text; `pictures` are names of pictures with their alternative texts."""

    words: tuple[Passage, ...] = ()
    links: tuple[Link, ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()
    has_file: bool = False


def content_of(post: Table) -> Content:
    """What that post shows beside its text."""
    content = table(post.get("content"))
    media, article, poll = (table(content.get(key)) for key in ("media", "article", "poll"))
    cards = rows(table(content.get("carousel")).get("cards"))
    shown = [
        media,
        *rows(table(content.get("multiImage")).get("images")),
        *(table(card.get("media")) for card in cards),
    ]
    pictures = [(text(one.get("id")), text(one.get("altText"))) for one in shown]
    pictures.append((text(article.get("thumbnail")), text(article.get("thumbnailAltText"))))
    card = "\n".join(filter(None, (text(article.get("title")), text(article.get("description")))))
    choices = [text(poll.get("question")), *(text(row.get("text")) for row in rows(poll.get("options")))]
    told = ["\n".join(filter(None, choices)), text(table(content.get("celebration")).get("text"))]
    told += [text(one.get("title")) for one in shown]
    source, title = address(article.get("source")), text(article.get("title"))
    targets = [address(card.get("landingPage")) for card in cards]
    return Content(
        words=(*map(Passage, told), Passage(card, Place.DESCRIPTION)),
        links=(*([Link(source, title)] if source else []), *(Link(url) for url in targets if url)),
        pictures=tuple((name, alt) for name, alt in pictures if picture_id(name)),
        has_file=text(media.get("id")).startswith("urn:li:document:"),
    )


def as_read(value: object) -> str:
    """A text as people see it: people and hashtags are written in marks of LinkedIn's own."""
    words = _HASHTAG.sub(r"#\1", _MENTION.sub(r"\1", value)) if isinstance(value, str) else ""
    return text(_ESCAPED.sub(r"\1", words))


def picture_id(urn: str) -> str:
    """By what a picture is the same, whichever of its names an answer has."""
    found = _PICTURE.fullmatch(urn)
    return found[1] if found else ""
