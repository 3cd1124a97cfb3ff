"""Threads, by its interface and the account's own token: profile, posts, answers that it gave, answers to its posts.

The interface tells of the account alone to which the token belongs. It counts no posts, so that nobody can tell whether
its list is whole.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from auditor.model import Account, Blind, Comment, CommentState, Document, Image, Link, Passage, Place, Reason
from auditor.outlets.platforms import matched
from spiders import answers, closed, conversation, graph, tokens
from spiders.answers import Parts, Table, address, document, moment, rows, table, text
from spiders.credential import in_query
from spiders.platform import Ask, Parsed, Platform, Profile, Refusal, Route, Settings

BASE: Final = "https://graph.threads.com/v1.0"
HOME: Final = "https://www.threads.com"
_ID: Final = "threads"
PAGE: Final = 100

_PROFILE: Final = "id,username,name,threads_profile_picture_url,threads_biography,is_verified"
_SHOWN: Final = "id,media_type,media_url,thumbnail_url,gif_url,alt_text"
_OTHER: Final = f"{_SHOWN},permalink,username,text,timestamp"
_POST: Final = (
    f"{_OTHER},children{{{_SHOWN}}},link_attachment_url,text_attachment,poll_attachment,topic_tag,has_replies,"
    f"reply_audience,quoted_post{{{_OTHER}}},reposted_post{{{_OTHER}}}"
)
_REPLY: Final = "id,text,username,permalink,timestamp,hide_status,reply_approval_status"
_NEEDS: Final = {"replies": "threads_read_replies", "comments": "threads_read_replies"}
_BASIC: Final = "threads_basic"

_GONE: Final = Blind(
    "There is no such account on Threads, or the district's access token may not see it.",
    Reason.UNREACHABLE,
    "Open it in your browser. If it is there, make a token while you are logged in to it.",
)
_NO_PROFILE: Final = Blind(
    "The address names no account on Threads.",
    Reason.NOT_IN_ROUTE,
    "Write the account's address into the registry, like https://www.threads.com/@lincolnelementary.",
)
_OWN_ANSWERS: Final = "Answers that it gave to others could not be read. "
_VISIBLE: Final = frozenset({"", "NOT_HUSHED", "UNHUSHED", "COVERED"})
"""Answers that visitors see, some of them only when they ask to."""
_WAITING: Final = frozenset({"PENDING", "IGNORED"})
_AUDIENCE: Final = {"EVERYONE": CommentState.OPEN}


def plan(account: Account, settings: Settings) -> Route | Refusal:
    """The interface of Threads, with the account's own token."""
    found = closed.with_token(_ID, account, settings, _NO_PROFILE)
    if isinstance(found, Refusal):
        return found
    _, token = found
    asks = tokens.signed(requests(account, settings[_ID].base), in_query(graph.PARAMETER, token))
    return Route(_ID, asks, parse)


def requests(_account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first: whose the token is."""
    return (Ask("profile", graph.edge(graph.root(base, BASE), "me", fields=_PROFILE)),)


def parse(account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What an answer of the interface means."""
    said = graph.read(ask, status, body, platform=_ID, needs=_NEEDS.get(ask.what, _BASIC), gone=_GONE)
    if isinstance(said, Parsed):
        return _otherwise(ask, said)
    if ask.what == "profile":
        return _profile(account, ask, said)
    if ask.what == "comments" and ask.about is not None:
        return _comments(ask, ask.about, said)
    return _posts(account, ask, said)


def _otherwise(ask: Ask, failed: Parsed) -> Parsed:
    """Without the answers that it gave elsewhere, its posts are read all the same."""
    if ask.what != "replies" or not failed.blind:
        return failed
    blind = failed.blind[0]
    ends = blind.reason in (Reason.NO_TOKEN, Reason.RATE_LIMITED)
    return failed if ends else Parsed(blind=(Blind(_OWN_ANSWERS + blind.what, blind.reason, blind.remedy),))


# ------------------------------------------------------------------------------------------------ the profile


def _profile(account: Account, ask: Ask, said: Table) -> Parsed:
    own, handle = text(said.get("id")), text(said.get("username"))
    if not own or not handle:
        return answers.ended("Threads answered without a profile.", Reason.PLATFORM_OUTAGE)
    match = matched(_ID, account.url)
    if match is None or handle.lower() != match.id.lower():
        return Parsed(blind=(tokens.of_another(_ID, f"@{handle}"),), stop=True)
    name = text(said.get("name"))
    bio = text(said.get("threads_biography")) or text(said.get("biography"))
    picture = address(said.get("threads_profile_picture_url")) or address(said.get("profile_picture_url"))
    shown = document(
        Parts(
            url=account.url,
            words=(Passage(bio),),
            links=tuple(answers.addresses_in(bio)),
            images=(Image(picture, "Profile picture"),) if picture else (),
            title=name or handle,
            author=name,
            depth=0,
        )
    )
    base = graph.root_of(ask.url)
    lists = (("posts", "me/threads"), ("replies", "me/replies"))
    asks = (Ask(what, graph.edge(base, path, fields=_POST, limit=str(PAGE))) for what, path in lists)
    return Parsed(Profile(id=own, handle=handle, url=account.url, name=name, bio=bio), (shown,), tuple(asks))


# ------------------------------------------------------------------------------------------------ posts


def _posts(account: Account, ask: Ask, said: Table) -> Parsed:
    if not isinstance(said.get("data"), list):
        return answers.ended("Threads answered without a list of posts.", Reason.PLATFORM_OUTAGE)
    documents: list[Document] = []
    asks: list[Ask] = []
    for post in rows(said.get("data")):
        shown, own = _post(account, post), text(post.get("id"))
        if post.get("has_replies") is True and own:
            url = graph.edge(
                graph.root_of(ask.url), f"{own}/conversation", fields=_REPLY, limit=str(PAGE), reverse="false"
            )
            asks.append(Ask("comments", url, shown))
        else:
            documents.append(replace(shown, comments_whole=True if post.get("has_replies") is False else None))
    url = graph.more(said, ask.url, sure=False)
    if url:
        asks.append(Ask(ask.what, url, page=ask.page + 1))
    return Parsed(documents=tuple(documents), asks=tuple(asks))


def _post(account: Account, post: Table) -> Document:
    """The post with what it quotes or shares of others."""
    others = [table(post.get(key)) for key in ("quoted_post", "reposted_post")]
    parts = rows(table(post.get("children")).get("data")) or [post]
    images = {image.url: image for part in (*parts, *others) for image in _images(part)}
    attached = table(post.get("text_attachment"))
    said = [text(post.get("text")), text(attached.get("plaintext")), "\n".join(_choices(post))]
    leads = [address(part.get("link_attachment_url")) for part in (post, attached)]
    quoted = [address(other.get("permalink")) for other in others]
    who = text(post.get("username"))
    audience = text(post.get("reply_audience")).upper()
    shown = document(
        Parts(
            url=_address(account, post),
            words=(
                *(Passage(words) for words in said if words),
                *(Passage(words, Place.DESCRIPTION) for other in others if (words := text(other.get("text")))),
            ),
            links=(
                *answers.addresses_in("\n".join(said)),
                *(Link(url, url) for url in leads if url),
                *(Link(url) for url in quoted if url),
            ),
            images=tuple(images.values()),
            author=who,
            published_on=moment(post.get("timestamp")),
        )
    )
    # Whoever is not everybody was chosen: those whom the account follows, mentions, or is followed by.
    return replace(shown, comment_state=_AUDIENCE.get(audience, CommentState.MODERATED) if audience else None)


def _address(account: Account, post: Table) -> str:
    """Where people read the post; one whose picture is under a claim has no permanent link."""
    return address(post.get("permalink")).partition("?")[0] or f"{account.url.rstrip('/')}/post/{text(post.get('id'))}"


def _images(part: Table) -> Iterator[Image]:
    """A picture, or of a film what is shown of it before it plays."""
    is_film = text(part.get("media_type")).upper() in ("VIDEO", "AUDIO")
    whole = "" if is_film else address(part.get("media_url"))
    url = address(part.get("thumbnail_url")) or whole or address(part.get("gif_url"))
    if url:
        yield Image(url, text(part.get("alt_text")))


def _choices(post: Table) -> Iterator[str]:
    """What a poll lets people choose from."""
    poll = table(post.get("poll_attachment"))
    for letter in "abcd":
        choice = text(poll.get(f"option_{letter}"))
        if choice:
            yield choice


# ------------------------------------------------------------------------------------------------ answers


def _comments(ask: Ask, whose: Document, said: Table) -> Parsed:
    found = [
        _comment(row)
        for row in rows(said.get("data"))
        if text(row.get("hide_status")).upper() in _VISIBLE
        and text(row.get("reply_approval_status")).upper() not in _WAITING
    ]
    rest = graph.more(said, ask.url)
    return conversation.gathered(ask, whose, found, (rest,) if rest else ())


def _comment(row: Table) -> Comment:
    return Comment(
        text=text(row.get("text")),
        author=text(row.get("username")),
        url=address(row.get("permalink")),
        published_on=moment(row.get("timestamp")),
    )


PLATFORM: Final = Platform(ids=(_ID,), plan=plan, requests=requests, parse=parse)
