"""YouTube, by its Data API and the district's own key: the channel, every video in its list, the comments under each.

The interface has no lookup by the old "/c/" addresses, shows no posts of the community tab, and says nothing of what is
heard or shown in a video.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from auditor.model import Account, Blind, Comment, CommentState, Document, Image, Link, Passage, Place, Reason
from auditor.outlets.platforms import matched
from auditor.secret import Secret
from spiders import answers, closed, conversation, tokens
from spiders.answers import Parts, Table, address, document, moment, rows, table, text
from spiders.credential import Credential, bearer, in_header
from spiders.platform import Ask, Parsed, Platform, Profile, Refusal, Route, Settings

NAME: Final = "YouTube"
BASE: Final = "https://www.googleapis.com"
PAGE: Final = 50
COMMENTS: Final = 100
_API: Final = "/youtube/v3"
_CHANNEL_ID: Final = re.compile(r"UC[\w-]+", re.ASCII)
_OAUTH: Final = "ya29."
"""How a token begins that a person gave in place of a key."""
_PERMISSION: Final = "to use the YouTube Data API v3"
_QUOTA: Final = frozenset(
    {"quotaExceeded", "dailyLimitExceeded", "rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"}
)
_UNKNOWN_KEY: Final = frozenset({"keyInvalid", "keyExpired", "API_KEY_INVALID", "authError", "UNAUTHENTICATED"})
_USED_UP: Final = Blind(
    "The district's key for YouTube has no requests left for today.",
    Reason.RATE_LIMITED,
    "The next audit tries again; ask Google for a larger quota if it happens every week.",
)
_NO_CHANNEL: Final = Blind(
    "The address names no channel that YouTube's interface can look up.",
    Reason.NOT_IN_ROUTE,
    "Open the channel and write its handle into the registry, like https://www.youtube.com/@lincoln.",
)
_GONE: Final = "There is no such channel on YouTube, or it was closed."
_PRIVATE: Final = "YouTube keeps the channel private: strangers do not see it."
_OPEN_IT: Final = "Open it in your browser; correct or end its entry."
_HELD: Final = frozenset({"heldForReview", "likelySpam", "rejected"})
"""Comments that visitors do not see."""


def plan(account: Account, settings: Settings) -> Route | Refusal:
    """The Data API, with the district's own key."""
    match = closed.profile("youtube", account, _NO_CHANNEL)
    if isinstance(match, Refusal):
        return match
    if "/c/" in match.address:
        return Refusal(_NO_CHANNEL)
    secret = closed.token("youtube", account, settings)
    if isinstance(secret, Refusal):
        return secret
    asks = requests(account, settings["youtube"].base or BASE)
    return Route("youtube", tokens.signed(asks, _credential(secret)), parse, counts_all=True)


def _credential(secret: Secret) -> Credential:
    """A key goes in a header of its own."""
    is_persons = secret.reveal().startswith(_OAUTH)
    return bearer(secret) if is_persons else in_header("X-goog-api-key", secret)


def requests(account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first: the channel, by its id, its handle or its old user name."""
    match = matched("youtube", account.url)
    name = match.id if match else ""
    key = "id" if _CHANNEL_ID.fullmatch(name) else "forHandle" if name.startswith("@") else "forUsername"
    parts = "snippet,statistics,status,brandingSettings,contentDetails"
    return (Ask("channel", _method(base, "channels", part=parts, **{key: name})),)


def parse(account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What an answer of the interface means."""
    said = answers.loaded(body)
    if not isinstance(said, dict):
        return answers.no_data(body, NAME) if status == 200 else Parsed()
    if status != 200:
        return _refused(ask, status, said)
    if ask.what == "channel":
        return _channel(account, ask, said)
    if not isinstance(said.get("items"), list):
        return conversation.unread(ask, Blind("YouTube answered without a list.", Reason.PLATFORM_OUTAGE))
    if ask.about is not None:
        return _comments(ask, ask.about, said)
    return _uploads(ask, said) if ask.what == "uploads" else _videos(ask, said)


def _refused(ask: Ask, status: int, said: Table) -> Parsed:
    """What an error means; nothing where only its number tells."""
    error = table(said.get("error"))
    reasons = {text(row.get("reason")) for key in ("errors", "details") for row in rows(error.get(key))}
    reasons.add(text(error.get("status")))
    if "commentsDisabled" in reasons and ask.about is not None:
        return conversation.closed_under(ask.about)
    if reasons & _QUOTA:
        return conversation.unread(ask, _USED_UP)
    if reasons & _UNKNOWN_KEY or status == 401:
        return conversation.unread(ask, tokens.wrong("youtube"))
    if status == 403:
        return conversation.unread(ask, tokens.narrow("youtube", _PERMISSION))
    return answers.ended(_GONE, Reason.UNREACHABLE, _OPEN_IT) if status == 404 and ask.what == "channel" else Parsed()


# ------------------------------------------------------------------------------------------------ the channel


def _channel(account: Account, ask: Ask, said: Table) -> Parsed:
    found = next(iter(rows(said.get("items"))), {})
    number = text(found.get("id"))
    if not number:
        return answers.ended(_GONE, Reason.UNREACHABLE, _OPEN_IT)
    snippet, settings = table(found.get("snippet")), table(found.get("status"))
    shown_to = text(settings.get("privacyStatus"))
    profile = Profile(
        id=number,
        handle=text(snippet.get("customUrl")),
        url=account.url,
        name=text(snippet.get("title")),
        bio=text(snippet.get("description")),
        created_on=moment(snippet.get("publishedAt")),
        posts=_count(table(found.get("statistics")).get("videoCount")),
        is_private=shown_to == "private" if shown_to else None,
        hides_from_search=shown_to != "public" if shown_to else None,
        location=text(snippet.get("country")),
        made_for_kids=_said_for_kids(settings),
    )
    if profile.is_private:
        return Parsed(profile, blind=(Blind(_PRIVATE, Reason.LOGIN_WALL, _OPEN_IT),), stop=True)
    uploads = text(table(table(found.get("contentDetails")).get("relatedPlaylists")).get("uploads"))
    parts = {"part": "snippet,contentDetails", "playlistId": uploads or f"UU{number[2:]}", "maxResults": str(PAGE)}
    lists = () if profile.posts == 0 else (Ask("uploads", _method(_base(ask), "playlistItems", **parts)),)
    return Parsed(profile, (_front(account, profile, found),), lists)


def _front(account: Account, profile: Profile, found: Table) -> Document:
    """What the channel's own page shows."""
    branding = table(found.get("brandingSettings"))
    channel, pictures = table(branding.get("channel")), table(branding.get("image"))
    trailer = text(channel.get("unsubscribedTrailer"))
    banner = address(pictures.get("bannerExternalUrl"))
    return document(
        Parts(
            url=account.url,
            words=(Passage(profile.bio), Passage(text(channel.get("keywords")), Place.DESCRIPTION)),
            links=(*answers.addresses_in(profile.bio), *([Link(_watch(trailer))] if trailer else [])),
            images=(
                *_thumbnail(table(found.get("snippet")), alt="Profile picture"),
                *([Image(banner, "Banner")] if banner else []),
            ),
            title=profile.name or profile.handle,
            author=profile.name,
            language=text(channel.get("defaultLanguage")),
            depth=0,
        )
    )


def _said_for_kids(status: Table) -> bool | None:
    """Whether it is for children: as YouTube says, else as its owner does."""
    said = status.get("madeForKids", status.get("selfDeclaredMadeForKids"))
    return said if isinstance(said, bool) else None


# ------------------------------------------------------------------------------------------------ videos


def _uploads(ask: Ask, said: Table) -> Parsed:
    """The videos of one page of the list, to be asked about together, and the next page."""
    items = rows(said.get("items"))
    ids = [
        text(table(item.get("contentDetails")).get("videoId"))
        or text(table(table(item.get("snippet")).get("resourceId")).get("videoId"))
        for item in items
    ]
    found = ",".join(dict.fromkeys(filter(None, ids)))
    asks = [Ask("videos", _method(_base(ask), "videos", part="snippet,status,statistics", id=found))] if found else []
    following = text(said.get("nextPageToken"))
    if following:
        asks.append(Ask("uploads", _paged(ask.url, following), page=ask.page + 1))
    return Parsed(asks=tuple(asks))


def _videos(ask: Ask, said: Table) -> Parsed:
    documents: list[Document] = []
    asks: list[Ask] = []
    for video in rows(said.get("items")):
        number, status = text(video.get("id")), table(video.get("status"))
        if not number or status.get("privacyStatus") == "private":
            continue
        shown = _video(video, number)
        written = _count(table(video.get("statistics")).get("commentCount"))
        if written == 0:
            documents.append(replace(shown, comment_state=CommentState.OPEN, comments_whole=True))
        else:
            # Where comments are off there is no count, and only the list itself says that they are.
            asks.append(Ask("comments", _threads(_base(ask), number), shown))
    return Parsed(documents=tuple(documents), asks=tuple(asks))


def _video(video: Table, number: str) -> Document:
    snippet = table(video.get("snippet"))
    title, description = text(snippet.get("title")), text(snippet.get("description"))
    shown = document(
        Parts(
            url=_watch(number),
            words=(Passage(description), Passage(", ".join(_tags(snippet)), Place.DESCRIPTION)),
            links=tuple(answers.addresses_in(description)),
            images=_thumbnail(snippet, caption=title),
            title=title,
            author=text(snippet.get("channelTitle")),
            language=text(snippet.get("defaultLanguage")) or text(snippet.get("defaultAudioLanguage")),
            published_on=moment(snippet.get("publishedAt")),
        )
    )
    return replace(shown, made_for_kids=_said_for_kids(table(video.get("status"))))


def _tags(snippet: Table) -> Iterator[str]:
    tags = snippet.get("tags")
    yield from filter(None, map(text, tags if isinstance(tags, list) else ()))


def _thumbnail(snippet: Table, alt: str = "", caption: str = "") -> tuple[Image, ...]:
    """The largest of the sizes of one picture. It has no alternative text; below a video's stands its title."""
    sizes: Sequence[Table] = [table(size) for size in table(snippet.get("thumbnails")).values()]
    shown = [
        (_count(size.get("width")) or 0, _count(size.get("height")) or 0, address(size.get("url"))) for size in sizes
    ]
    width, height, url = max(shown, default=(0, 0, ""))
    return (Image(url, alt, caption, width=width, height=height),) if url else ()


# ------------------------------------------------------------------------------------------------ comments


def _threads(base: str, number: str) -> str:
    asked = {"part": "snippet,replies", "videoId": number, "maxResults": str(COMMENTS), "textFormat": "plainText"}
    return _method(base, "commentThreads", **asked)


def _comments(ask: Ask, whose: Document, said: Table) -> Parsed:
    """One page of comments or of replies to one. Only a few replies come with their comment; the rest are asked for."""
    found: list[Comment] = []
    more: list[str] = []
    for row in rows(said.get("items")):
        snippet = table(row.get("snippet"))
        if snippet.get("isPublic") is False:
            continue
        first = table(snippet.get("topLevelComment"))
        replies = rows(table(row.get("replies")).get("comments"))
        found += filter(None, (_comment(whose, one) for one in (first or row, *replies)))
        if first and (_count(snippet.get("totalReplyCount")) or 0) > len(replies):
            asked = {"part": "snippet", "parentId": text(row.get("id")), "maxResults": str(COMMENTS)}
            more.append(_method(_base(ask), "comments", textFormat="plainText", **asked))
    following = text(said.get("nextPageToken"))
    if following:
        more.insert(0, _paged(ask.url, following))
    return conversation.gathered(ask, replace(whose, comment_state=CommentState.OPEN), found, more)


def _comment(whose: Document, row: Table) -> Comment | None:
    """A comment that visitors see."""
    snippet, number = table(row.get("snippet")), text(row.get("id"))
    if text(snippet.get("moderationStatus")) in _HELD:
        return None
    return Comment(
        text=text(snippet.get("textOriginal")) or text(snippet.get("textDisplay")),
        author=text(snippet.get("authorDisplayName")),
        url=f"{whose.url}&lc={number}" if number else "",
        published_on=moment(snippet.get("publishedAt")),
    )


# ------------------------------------------------------------------------------------------------ addresses


def _watch(number: str) -> str:
    return f"https://www.youtube.com/watch?{urlencode({'v': number})}"


def _method(base: str, method: str, **asked: str) -> str:
    return f"{base.rstrip('/').removesuffix(_API)}{_API}/{method}?{urlencode(asked, safe=',@')}"


def _base(ask: Ask) -> str:
    return ask.url.partition(f"{_API}/")[0]


def _paged(url: str, following: str) -> str:
    """The next page of the list at that address."""
    parts = urlsplit(url)
    asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
    return parts._replace(query=urlencode({**asked, "pageToken": following}, safe=",@")).geturl()


def _count(value: object) -> int | None:
    """A number of things, which the interface writes as text."""
    return int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,15}", value) else answers.number(value)


PLATFORM: Final = Platform(ids=("youtube",), plan=plan, requests=requests, parse=parse)
