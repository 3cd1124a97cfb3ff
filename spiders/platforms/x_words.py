"""What a post on X says and shows: its whole text with its addresses as people see them, pictures, polls, cards; in the
old words of the interface and in the new ones. Pure."""

import html
from collections.abc import Iterator, Mapping

from auditor.model import Image, Link, Passage, Place
from spiders import answers
from spiders.answers import Parts, Table, address, number, rows, table, text


class Beside:
    """What an answer carries beside the posts, by its keys."""

    def __init__(self, includes: Table) -> None:
        self.media = _by(includes, "media_key", "media")
        self.polls = _by(includes, "id", "polls")
        self.places = _by(includes, "id", "places")
        self.posts = _by(includes, "id", "tweets") | _by(includes, "id", "posts")

    def referenced(self, post: Table, how: str) -> Table:
        """The post that this one shares or quotes; empty where it does not, or where that one is gone."""
        references = rows(post.get("referenced_tweets")) or rows(post.get("referenced_posts"))
        named = next((text(row.get("id")) for row in references if row.get("type") == how), "")
        return self.posts.get(named, {})

    def attached(self, post: Table, key: str, kind: Mapping[str, Table]) -> list[Table]:
        """What is attached to a post, of that kind."""
        keys = table(post.get("attachments")).get(key)
        return [kind[one] for one in (keys if isinstance(keys, list) else ()) if isinstance(one, str) and one in kind]


def _by(includes: Table, key: str, kind: str) -> dict[str, Table]:
    return {text(row.get(key)): row for row in rows(includes.get(kind))}


def parts(post: Table, beside: Beside) -> Parts:
    """What one post says and shows."""
    words, links, entities = whole_text(post)
    article = table(post.get("article"))
    choices = [
        plain(row.get("label"))
        for poll in beside.attached(post, "poll_ids", beside.polls)
        for row in rows(poll.get("options"))
    ]
    said = [plain(article.get(key)) for key in ("title", "plain_text", "preview_text")]
    cards = [_card(row) for row in _urls(*entities)]
    return Parts(
        "",
        words=(
            *map(Passage, (words, *said, "\n".join(filter(None, choices)))),
            *(Passage(card, Place.DESCRIPTION) for card in cards),
        ),
        links=tuple(links),
        images=tuple(_images(beside.attached(post, "media_keys", beside.media))),
    )


def whole_text(post: Table) -> tuple[str, list[Link], list[Table]]:
    """What a post says, also beyond its first 280 signs, where its addresses lead, and what is told of them."""
    note = table(post.get("note_tweet")) or table(post.get("note_post"))
    entities = [table(one.get("entities")) for one in (note, post)]
    return *as_read(note.get("text") or post.get("text"), *entities), entities


def _images(media: list[Table]) -> Iterator[Image]:
    """Pictures, and of a film what is shown of it before it plays."""
    for one in media:
        url = address(one.get("url")) if one.get("type") == "photo" else ""
        url = url or address(one.get("preview_image_url"))
        if url:
            width, height = number(one.get("width")) or 0, number(one.get("height")) or 0
            yield Image(url, plain(one.get("alt_text")), width=width, height=height)


def _urls(*entities: Table) -> list[Table]:
    """The addresses of a text, each once; those that stand for a post's own pictures are none."""
    found = {text(row.get("url")): row for one in entities for row in rows(one.get("urls"))}
    return [row for short, row in found.items() if short]


def _is_picture(row: Table) -> bool:
    return "media_key" in row or text(row.get("display_url")).startswith("pic.")


def as_read(value: object, *entities: Table) -> tuple[str, list[Link]]:
    """A text with its addresses as people see them, and where they lead: the text itself has X's short ones."""
    words, links = value if isinstance(value, str) else "", []
    for row in _urls(*entities):
        target = address(row.get("expanded_url")) or address(row.get("url"))
        shown = text(row.get("display_url")) or target
        words = words.replace(text(row.get("url")), "" if _is_picture(row) else shown)
        if target and not _is_picture(row):
            links.append(Link(target, text(row.get("title")) or shown))
    words = plain(words)
    return words, [*links, *answers.addresses_in(words)]


def _card(row: Table) -> str:
    """What is shown of the page behind an address."""
    return (
        "" if _is_picture(row) else "\n".join(filter(None, (plain(row.get(key)) for key in ("title", "description"))))
    )


def plain(value: object) -> str:
    """A text of the interface, which writes some signs as HTML does."""
    return text(html.unescape(value)) if isinstance(value, str) else ""
