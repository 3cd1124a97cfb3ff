"""Tumblr: by the blog's own feed, which shows the newest posts; with the district's own key by its interface, which
shows all that strangers see."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from auditor.model import Account, Blind, Comment, Document, Image, Link, Passage, Place, Reason
from auditor.outlets.platforms import PROFILE, Match, matched, of
from spiders import answers, closed, conversation
from spiders.answers import Parts, Table, address, document, name, number, rows, since_1970, table, text
from spiders.credential import in_query
from spiders.platform import Ask, Parsed, Platform, Profile, Refusal, Route, Settings
from spiders.platforms import feed

NAME: Final = "Tumblr"
BASE: Final = "https://api.tumblr.com"
PAGE: Final = 20
"""Posts in one answer; the most that it gives, and as many as a feed holds."""
_NEWEST: Final = Blind(
    f"The blog's feed shows the {PAGE} newest posts only.",
    Reason.PARTIAL_LISTING,
    "Look at the rest yourself, or name the district's own key for Tumblr under [platforms.tumblr] in config.toml.",
)
_NO_BLOG: Final = Blind(
    "The address names no blog on Tumblr.",
    Reason.NOT_IN_ROUTE,
    "Write the blog's address into the registry, like https://lincoln.tumblr.com.",
)
_SHORT: Final = Blind(
    "Tumblr counts more posts than it lists.", Reason.PARTIAL_LISTING, "Look at the blog yourself, logged out."
)
_GONE: Final = "Tumblr shows no such blog to strangers: it was closed, or is for members only."
_OPEN_IT: Final = "Open it in your browser, logged out; correct or end its entry."


def plan(account: Account, settings: Settings) -> Route | Refusal:
    """The interface where there is a key for it, else the feed. Nobody's own blog is read with the district's."""
    match = _blog(account.url)
    if match is None or match.form.what != PROFILE:
        return Refusal(_NO_BLOG)
    key = closed.named_key("tumblr", account, settings)
    if isinstance(key, Refusal):
        return key
    base = settings["tumblr"].base.rstrip("/") if "tumblr" in settings else ""
    if key is not None:
        host = match.id if match.form.named else f"{match.id}.tumblr.com"
        first = f"{base or BASE}/v2/blog/{host}/info"
        return Route("tumblr", (Ask("blog", first, signed=in_query("api_key", key)),), parse)
    return Route("tumblr", requests(account, base), parse, lists_all=False)


def requests(account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first without a key: the feed, on the blog's host or the one that the configuration names."""
    match = _blog(account.url)
    return (Ask("feed", f"{base or (match.address if match else account.url)}/rss"),)


def _blog(url: str) -> Match | None:
    """Which blog the address names, be it on Tumblr or on a host of its own."""
    return matched("tumblr", url, named=of(url) is None)


def parse(account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What an answer of Tumblr means."""
    if ask.what == "feed":
        return feed.newest(account, ask, status, body, PAGE, _NEWEST)
    said = answers.loaded(body)
    if status == 404 and ask.what == "blog":
        return answers.ended(_GONE, Reason.UNREACHABLE, _OPEN_IT)
    if status != 200:
        return Parsed()
    if not isinstance(said, dict):
        return answers.no_data(body, NAME)
    shown = table(said.get("response"))
    if ask.what == "comments" and ask.about is not None:
        return _comments(ask, ask.about, shown)
    return _profile(account, ask, shown) if ask.what == "blog" else _posts(ask, shown)


# ------------------------------------------------------------------------------------------------ the interface


def _profile(account: Account, ask: Ask, said: Table) -> Parsed:
    blog = table(said.get("blog"))
    handle = text(blog.get("name"))
    if not handle:
        return answers.ended("Tumblr answered without a blog.", Reason.PLATFORM_OUTAGE)
    about = _markup(blog.get("description"))
    profile = Profile(
        id=text(blog.get("uuid")) or handle,
        handle=handle,
        url=account.url,
        name=text(blog.get("title")) or handle,
        bio=answers.words_of(about),
        posts=number(blog.get("posts")),
    )
    drawn = (
        (_first(blog.get("avatar")), "Profile picture"),
        (address(table(blog.get("theme")).get("header_image")), "Banner"),
    )
    shown = document(
        Parts(
            url=account.url,
            markup=about,
            images=tuple(Image(url, what) for url, what in drawn if url),
            title=profile.name,
            author=handle,
            depth=0,
        )
    )
    listed = f"{ask.url.rpartition('/')[0]}/posts?{urlencode({'npf': 'true', 'limit': str(PAGE), 'offset': '0'})}"
    return Parsed(profile, (shown,), (Ask("posts", listed),))


def _posts(ask: Ask, said: Table) -> Parsed:
    if not isinstance(said.get("posts"), list):
        return answers.ended("Tumblr answered without a list of posts.", Reason.PLATFORM_OUTAGE)
    found = rows(said.get("posts"))
    documents: list[Document] = []
    asks: list[Ask] = []
    root, _, query = ask.url.partition("/posts?")
    for post in found:
        shown = _post(post)
        own = text(post.get("id_string")) or name(post.get("id"))
        if not shown.url:
            continue
        if number(post.get("note_count")):
            asks.append(Ask("comments", f"{root}/notes?{urlencode({'id': own, 'mode': 'conversation'})}", shown))
        else:
            documents.append(replace(shown, comments_whole=True if post.get("note_count") == 0 else None))
    asked = dict(parse_qsl(query))
    after, total = int(asked.get("offset", "0")) + len(found), number(said.get("total_posts"))
    more = after < total if total is not None else len(found) >= PAGE
    if found and more:
        asks.append(Ask("posts", f"{root}/posts?{urlencode({**asked, 'offset': str(after)})}", page=ask.page + 1))
    return Parsed(documents=tuple(documents), asks=tuple(asks), blind=(_SHORT,) if more and not found else ())


def _post(post: Table) -> Document:
    passed_on = [block for one in rows(post.get("trail")) for block in rows(one.get("content"))]
    blocks = [*passed_on, *rows(post.get("content"))]
    tags = post.get("tags")
    named = " ".join(f"#{text(tag)}" for tag in tags if text(tag)) if isinstance(tags, list) else ""
    return document(
        Parts(
            url=address(post.get("post_url")).partition("#")[0],
            words=(*(passage for block in blocks for passage in _words(block)), Passage(named)),
            # Posts of the old kind are HTML, with pictures beside it.
            markup="".join(_markup(post.get(key)) for key in ("body", "caption", "question", "answer", "description")),
            links=tuple(link for block in blocks for link in _links(block)),
            images=(*(image for block in blocks for image in _images(block)), *_pictures(post)),
            title=text(post.get("title")),
            author=text(post.get("blog_name")),
            published_on=since_1970(post.get("timestamp")),
        )
    )


def _words(block: Table) -> Iterator[Passage]:
    """The text of one block of a post."""
    for key in ("text", "title", "description", "artist", "album"):
        yield Passage(text(block.get(key)))
    caption = text(block.get("caption"))
    if caption:
        yield Passage(caption, Place.CAPTION, _first(block.get("media")))


def _links(block: Table) -> Iterator[Link]:
    """Where a block leads: a card, a film elsewhere, words of a text."""
    url = address(block.get("url"))
    if url:
        yield Link(url, text(block.get("title")))
    words = block.get("text")
    for one in rows(block.get("formatting")):
        start, end, to = number(one.get("start")), number(one.get("end")), address(one.get("url"))
        if to and isinstance(words, str):
            yield Link(to, text(words[start:end]))


def _images(block: Table) -> Iterator[Image]:
    """Pictures, and of a film or card what is shown of it before it is opened."""
    shown = _first(block.get("media")) if block.get("type") == "image" else ""
    url = shown or _first(block.get("poster"))
    if url:
        yield Image(url, text(block.get("alt_text")), text(block.get("caption")))


def _pictures(post: Table) -> Iterator[Image]:
    """Pictures of a post of the old kind, or what is shown of its film."""
    for photo in rows(post.get("photos")):
        url = address(table(photo.get("original_size")).get("url"))
        if url:
            yield Image(url, caption=text(photo.get("caption")))
    still = address(post.get("thumbnail_url"))
    if still:
        yield Image(still)


def _comments(ask: Ask, about: Document, said: Table) -> Parsed:
    if not isinstance(said.get("notes"), list):
        return conversation.unread(ask, Blind("Tumblr answered without a list.", Reason.PLATFORM_OUTAGE))
    written = (row for row in rows(said.get("notes")) if text(row.get("type")) == "reply")
    found = [
        Comment(text(row.get("reply_text")), text(row.get("blog_name")), "", since_1970(row.get("timestamp")))
        for row in written
    ]
    following = table(table(table(said.get("_links")).get("next")).get("query_params"))
    parts = urlsplit(ask.url)
    query = {**dict(parse_qsl(parts.query)), **{key: str(value) for key, value in following.items() if value}}
    query.pop("api_key", None)
    more = [parts._replace(query=urlencode(query)).geturl()] if following else []
    return conversation.gathered(ask, about, found, more)


def _first(media: object) -> str:
    """The largest of several sizes, which stands first."""
    found = rows(media) or ([media] if isinstance(media, dict) else [])
    return next((url for one in found if (url := address(one.get("url")))), "")


def _markup(value: object) -> str:
    return value if isinstance(value, str) else ""


PLATFORM: Final = Platform(ids=("tumblr",), plan=plan, requests=requests, parse=parse)
