"""What the answers of all interfaces have in common: JSON that may say anything, documents made of its parts. Pure."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

from auditor.lazy_pattern import LazyPattern
from auditor.model import Blind, Comment, CommentState, Document, Image, Link, Passage, Place, Reason
from spiders import html, walls
from spiders.platform import Parsed
from spiders.text import clean

_DEEPEST: Final = 100
"""How many answers to answers are followed; what lies deeper nobody sees either."""
_UNSOUND: Final = LazyPattern(r"[\s\x00-\x1f\x7f\ud800-\udfff]")
"""What stands in no address; the last of them, halves of letters, no store takes."""
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"'()\[\]{}]+[^\s<>\"'()\[\]{}.,;:!?]", re.IGNORECASE)

Table = Mapping[str, object]


def loaded(body: bytes) -> object:
    """The JSON value that these bytes are; None where they are none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def table(value: object) -> Table:
    """The value where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> Sequence[Table]:
    """The objects of a list; none where the value is no list."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """The value where it is a text, as a reader sees it; else ""."""
    return clean(value).replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def address(value: object) -> str:
    """The value where it is a web address, else ""."""
    plain = value.strip() if isinstance(value, str) else ""
    return plain if plain.lower().startswith(("http://", "https://")) and _is_sound(plain) else ""


def absolute(reference: object, base: str) -> str:
    """The web address that a reference is on the page at `base`; "" where it is none."""
    plain = reference.strip() if isinstance(reference, str) else ""
    return address(urljoin(base, plain)) if plain and _is_sound(plain) else ""


def _is_sound(plain: str) -> bool:
    """Whether a text can be taken apart as an address, sent and stored."""
    try:
        urlsplit(plain)
    except ValueError:
        return False
    return _UNSOUND.search(plain) is None


def name(value: object) -> str:
    """The value where it names a thing: a text, or a number written as one; else ""."""
    return text(value) or ("" if number(value) is None else str(value))


def number(value: object) -> int | None:
    """The value where it is a number of things, else None; some servers hide one as -1."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def moment(value: object) -> datetime | None:
    """The moment that the value tells, in UTC; None where it tells none."""
    try:
        then = datetime.fromisoformat(value) if isinstance(value, str) else None
        return None if then is None else (then if then.tzinfo else then.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def since_1970(value: object) -> datetime | None:
    """The moment that lies so many seconds after the beginning of 1970; None where the value is no such number."""
    try:
        seconds = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else 0.0
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def addresses_in(words: str) -> list[Link]:
    """The web addresses that stand in a text."""
    return [Link(found, found) for found in dict.fromkeys(_ADDRESS.findall(words))]


def no_data(body: bytes, name: str) -> Parsed:
    """What it means that an interface answered with something else than data: a login, a bot check, or an outage."""
    if body.lstrip()[:1] == b"<" and html.is_tame(body):
        wall = walls.stands_before(html.read(body, "https://interface.invalid/"), body)
        if wall is not None:
            return ended(f"{name} asks visitors to log in, or to prove that they are human.", wall.reason)
    return ended(f"{name} did not answer with data; it may be out of order.", Reason.PLATFORM_OUTAGE)


def ended(what: str, reason: Reason, remedy: str = "") -> Parsed:
    """Nothing more can be read of the account, and why."""
    return Parsed(blind=(Blind(what, reason, remedy),), stop=True)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a post or profile consists of. `words` are its passages in order; `markup` is HTML that belongs to it."""

    url: str
    words: tuple[Passage, ...] = ()
    markup: str = ""
    links: tuple[Link, ...] = ()
    images: tuple[Image, ...] = ()
    title: str = ""
    author: str = ""
    language: str = ""
    published_on: datetime | None = None
    depth: int = 1
    comment_state: CommentState | None = None
    made_for_kids: bool | None = None


def document(parts: Parts) -> Document:
    """The document that these parts are, each text in its place."""
    body = parts.markup.encode("utf-8", "replace")
    tame = html.is_tame(body)
    shown = html.parse(parts.markup, parts.url) if parts.markup and tame else Document(parts.url)
    known = {image.url for image in shown.images}
    images = [image for image in parts.images if image.url not in known]
    passages = [
        *([Passage(parts.title, Place.TITLE)] if parts.title else []),
        *(passage for passage in parts.words if passage.text),
        *shown.passages,
        *(Passage(image.alt, Place.ALT, image.url) for image in images if image.alt),
    ]
    links = tuple({link.url: link for link in (*shown.links, *parts.links) if link.url}.values())
    return Document(
        url=parts.url,
        passages=tuple(passages),
        links=links,
        images=(*shown.images, *images),
        title=parts.title,
        author=parts.author,
        language=parts.language,
        published_on=parts.published_on,
        digest=html.digest(parts.title, "\n".join(passage.text for passage in passages), links),
        depth=parts.depth,
        problem="" if tame else "its text is too large to be read",
        comment_state=parts.comment_state,
        made_for_kids=parts.made_for_kids,
    )


def words_of(markup: str) -> str:
    """The text of a piece of HTML."""
    if not markup or not html.is_tame(markup.encode("utf-8", "replace")):
        return ""
    shown = html.parse(markup, "https://interface.invalid/")
    return "\n".join(passage.text for passage in shown.passages if passage.place in (Place.BODY, Place.TABLE)).strip()


def with_comments(whose: Document, comments: Iterable[Comment]) -> Document:
    """The document with what visitors wrote under it, after what is known of that already."""
    told = tuple(comment for comment in comments if comment.text)
    passages = (*whose.passages, *(Passage(comment.text, Place.COMMENT) for comment in told))
    said = "\n".join(passage.text for passage in passages)
    digest = html.digest(whose.title, said, whose.links)
    return replace(whose, passages=passages, comments=(*whose.comments, *told), digest=digest)


def depth_first(replies: object, key: str) -> Iterable[Table]:
    """Answers and the answers to them, as they stand under each other; `key` is where an answer has its own."""
    waiting = [(reply, 1) for reply in reversed(rows(replies))]
    while waiting:
        reply, depth = waiting.pop()
        yield reply
        if depth < _DEEPEST:
            waiting += [(inner, depth + 1) for inner in reversed(rows(reply.get(key)))]
