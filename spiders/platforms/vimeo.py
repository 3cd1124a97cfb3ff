"""Vimeo, by its interface and the district's own token: a member or channel, every video that strangers see, comments.

A token of the account's own shows its private videos, too. They are left out: what is read is what a stranger sees.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from auditor.model import Account, Blind, Comment, CommentState, Document, Image, Link, Passage, Place, Reason
from auditor.outlets.platforms import matched
from spiders import answers, closed, conversation, tokens
from spiders.answers import Parts, Table, address, document, moment, number, rows, table, text
from spiders.credential import bearer
from spiders.platform import Ask, Parsed, Platform, Profile, Refusal, Route, Settings

NAME: Final = "Vimeo"
BASE: Final = "https://api.vimeo.com"
PAGE: Final = 100
_ACCEPT: Final = "application/vnd.vimeo.*+json;version=3.4"
_SEEN: Final = frozenset({"", "anybody", "unlisted"})
"""Who may see a video that a stranger sees, at least where a link leads there."""
_WHO: Final[Mapping[str, CommentState]] = {
    "anybody": CommentState.OPEN,
    "contacts": CommentState.MODERATED,
    "nobody": CommentState.CLOSED,
}
_NO_PROFILE: Final = Blind(
    "The address names no member or channel of Vimeo.",
    Reason.NOT_IN_ROUTE,
    "Write the profile's address into the registry, like https://vimeo.com/lincoln.",
)
_GONE: Final = "There is no such member or channel on Vimeo, or it was closed."
_OPEN_IT: Final = "Open it in your browser; correct or end its entry."
_SHORT: Final = Blind(
    "Vimeo counts more videos than it lists.", Reason.PARTIAL_LISTING, "Look at the account yourself, logged out."
)


def plan(account: Account, settings: Settings) -> Route | Refusal:
    """The interface of Vimeo, with the district's own token."""
    found = closed.with_token("vimeo", account, settings, _NO_PROFILE)
    if isinstance(found, Refusal):
        return found
    _, secret = found
    asks = requests(account, settings["vimeo"].base or BASE)
    return Route("vimeo", tokens.signed(asks, bearer(secret, Accept=_ACCEPT)), parse)


def requests(account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first: the member, channel or group."""
    match = matched("vimeo", account.url)
    path = urlsplit(match.address).path.strip("/") if match else ""
    return (Ask("profile", f"{base.rstrip('/')}/{path if '/' in path else f'users/{path}'}"),)


def parse(account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What an answer of the interface means."""
    said = answers.loaded(body)
    if not isinstance(said, dict):
        return answers.no_data(body, NAME) if status == 200 else Parsed()
    if status != 200:
        return _refused(ask, status)
    if ask.what == "profile":
        return _profile(account, ask, said)
    if not isinstance(said.get("data"), list):
        return conversation.unread(ask, Blind("Vimeo answered without a list.", Reason.PLATFORM_OUTAGE))
    return _videos(ask, said) if ask.about is None else _comments(ask, ask.about, said)


def _refused(ask: Ask, status: int) -> Parsed:
    """What an error means; nothing where only its number tells."""
    if status == 401:
        return conversation.unread(ask, tokens.wrong("vimeo"))
    if status == 403 and ask.about is not None and ask.about.comment_state is CommentState.CLOSED:
        return conversation.closed_under(ask.about)
    if status == 403:
        return conversation.unread(ask, tokens.narrow("vimeo", "to read what is public (scope public)"))
    return answers.ended(_GONE, Reason.UNREACHABLE, _OPEN_IT) if status == 404 and ask.what == "profile" else Parsed()


# ------------------------------------------------------------------------------------------------ the profile


def _profile(account: Account, ask: Ask, said: Table) -> Parsed:
    uri, name = text(said.get("uri")), text(said.get("name"))
    if not uri:
        return answers.ended("Vimeo answered without a profile.", Reason.PLATFORM_OUTAGE)
    bio = "\n".join(filter(None, (text(said.get(key)) for key in ("short_bio", "bio", "description"))))
    view = text(table(said.get("privacy")).get("view"))
    profile = Profile(
        id=uri.rpartition("/")[2],
        handle=text(said.get("link")).rstrip("/").rpartition("/")[2],
        url=account.url,
        name=name,
        bio=bio,
        created_on=moment(said.get("created_time")),
        posts=number(_connection(said, "videos").get("total")),
        is_private=view not in _SEEN if view else None,
        location=text(said.get("location")),
    )
    sites = [row for row in rows(said.get("websites")) if address(row.get("link"))]
    told = [": ".join(filter(None, (text(row.get("name")), text(row.get("description"))))) for row in sites]
    shown = document(
        Parts(
            url=account.url,
            words=(*map(Passage, (bio, profile.location, *told)),),
            links=(
                *(Link(address(row.get("link")), text(row.get("name"))) for row in sites),
                *answers.addresses_in(bio),
            ),
            images=(
                *_picture(said.get("pictures"), alt="Profile picture"),
                *_picture(said.get("header"), alt="Banner"),
            ),
            title=name or profile.handle,
            author=text(table(said.get("user")).get("name")) or name,
            depth=0,
        )
    )
    listed = f"{ask.url.partition('?')[0].rstrip('/')}/videos?{urlencode({'per_page': PAGE})}"
    return Parsed(profile, (shown,), () if profile.posts == 0 else (Ask("videos", listed),))


def _connection(row: Table, name: str) -> Table:
    """What hangs on a thing: how many, and where they are listed."""
    return table(table(table(row.get("metadata")).get("connections")).get(name))


def _picture(pictures: object, alt: str = "", caption: str = "") -> tuple[Image, ...]:
    """The largest of the sizes of one picture; older answers give a list of its versions."""
    found = table(pictures) or next(iter(rows(pictures)), {})
    sizes = [
        (number(size.get("width")) or 0, number(size.get("height")) or 0, address(size.get("link")))
        for size in rows(found.get("sizes"))
    ]
    width, height, url = max(sizes, default=(0, 0, ""))
    return (Image(url, alt, caption, width=width, height=height),) if url else ()


# ------------------------------------------------------------------------------------------------ videos


def _videos(ask: Ask, said: Table) -> Parsed:
    documents: list[Document] = []
    asks: list[Ask] = []
    videos = rows(said.get("data"))
    for video in videos:
        privacy = table(video.get("privacy"))
        if text(privacy.get("view")) not in _SEEN or not text(video.get("uri")):
            continue
        shown = _video(video, _WHO.get(text(privacy.get("comments"))))
        comments = _connection(video, "comments")
        listed = text(comments.get("uri")) or f"{text(video.get('uri'))}/comments"
        if number(comments.get("total")) == 0:
            documents.append(replace(shown, comments_whole=True))
        else:
            asks.append(Ask("comments", _at(ask, f"{listed.partition('?')[0]}?{urlencode({'per_page': PAGE})}"), shown))
    following = text(table(said.get("paging")).get("next"))
    if following:
        asks.append(Ask("videos", _at(ask, following), page=ask.page + 1))
    short = not following and (number(said.get("total")) or 0) > _listed_before(ask, said) + len(videos)
    return Parsed(documents=tuple(documents), asks=tuple(asks), blind=(_SHORT,) if short else ())


def _listed_before(ask: Ask, said: Table) -> int:
    """How many videos stood on the pages before this one."""
    return ((number(said.get("page")) or ask.page) - 1) * (number(said.get("per_page")) or PAGE)


def _video(video: Table, state: CommentState | None) -> Document:
    name, description = text(video.get("name")), text(video.get("description"))
    tags = [text(row.get("name")) or text(row.get("tag")) for row in rows(video.get("tags"))]
    shown = document(
        Parts(
            url=(address(video.get("link")) or f"https://vimeo.com/{_number(video)}").partition("?")[0],
            words=(Passage(description), Passage(", ".join(filter(None, tags)), Place.DESCRIPTION)),
            links=tuple(answers.addresses_in(description)),
            images=_picture(video.get("pictures"), caption=name),
            title=name,
            author=text(table(video.get("user")).get("name")),
            language=text(video.get("language")),
            published_on=moment(video.get("release_time")) or moment(video.get("created_time")),
        )
    )
    return replace(shown, comment_state=state)


def _number(video: Table) -> str:
    return quote(text(video.get("uri")).rpartition("/")[2], safe=":")


# ------------------------------------------------------------------------------------------------ comments


def _comments(ask: Ask, whose: Document, said: Table) -> Parsed:
    """One page of comments or of the replies to one."""
    found = rows(said.get("data"))
    more = []
    for row in found:
        replies = _connection(row, "replies")
        listed = text(replies.get("uri"))
        if listed and number(replies.get("total")):
            more.append(_at(ask, f"{listed.partition('?')[0]}?{urlencode({'per_page': PAGE})}"))
    following = text(table(said.get("paging")).get("next"))
    if following:
        more.insert(0, _at(ask, following))
    return conversation.gathered(ask, whose, [_comment(whose, row) for row in found], more)


def _comment(whose: Document, row: Table) -> Comment:
    made_by = text(row.get("uri")).rpartition("/")[2]
    return Comment(
        text=text(row.get("text")),
        author=text(table(row.get("user")).get("name")),
        url=f"{whose.url}#comment_{made_by}" if made_by else "",
        published_on=moment(row.get("created_on")),
    )


def _at(ask: Ask, path: str) -> str:
    """The address of a path that an answer names, on the server that gave it."""
    parts = urlsplit(ask.url)
    if path.startswith(("http://", "https://")):
        return path
    return f"{parts.scheme}://{parts.netloc}/{path.lstrip('/')}"


PLATFORM: Final = Platform(ids=("vimeo",), plan=plan, requests=requests, parse=parse)
