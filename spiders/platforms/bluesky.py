"""Bluesky, by its own open interface for what is public (AppView): profile, posts, answers to them.

Who asks to be shown to members only (the label `!no-unauthenticated`) is not read, though the interface would answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import quote, urlencode

from auditor.model import Account, Blind, Comment, CommentState, Document, Image, Link, Passage, Place, Reason
from auditor.outlets.platforms import matched
from spiders import answers, closed, conversation
from spiders.answers import Parts, Table, address, document, moment, number, rows, table, text
from spiders.platform import Ask, Parsed, Platform, Profile, Refusal, Route, Settings

NAME: Final = "Bluesky"
BASE: Final = "https://public.api.bsky.app"
OPT_OUT: Final = "!no-unauthenticated"
PAGE: Final = 100
_THREAD_DEPTH: Final = 100
_PINNED: Final = "#reasonPin"
_GONE: Final = "There is no such account on Bluesky, or it was closed."
_SETTING: Final = (
    "Its owner can change that under bsky.app/settings, “Discourage apps from showing my account to logged-out users”."
    " Until then look at it yourself."
)
_NO_PROFILE: Final = Blind(
    "The address names no profile on Bluesky.",
    Reason.NOT_IN_ROUTE,
    "Write the profile's address into the registry, like https://bsky.app/profile/lincoln.example.",
)
_NO_LIST: Final = "Bluesky did not give the list of its posts."
_IMAGES: Final = ("app.bsky.embed.images", "app.bsky.embed.gallery")


def plan(account: Account, settings: Settings) -> Route | Refusal:
    """The AppView, or the one that the configuration names."""
    match = closed.profile("bluesky", account, _NO_PROFILE)
    if isinstance(match, Refusal):
        return match
    base = settings["bluesky"].base if "bluesky" in settings else ""
    return Route("bluesky", requests(account, base or BASE), parse)


def requests(account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first: who the account is."""
    match = matched("bluesky", account.url)
    return (Ask("profile", _method(base, "app.bsky.actor.getProfile", actor=match.id if match else "")),)


def parse(account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What an answer of the AppView means."""
    said = answers.loaded(body)
    if ask.what == "comments" and ask.about is not None:
        return _comments(ask.about, status, table(said))
    if not isinstance(said, dict):
        return answers.no_data(body, NAME)
    if status != 200 and ask.what != "profile":
        return answers.ended(_NO_LIST, Reason.UNREACHABLE)
    if status != 200:
        return answers.ended(_GONE, Reason.UNREACHABLE, "Open it in your browser; correct or end its entry.")
    base = ask.url.partition("/xrpc/")[0]
    return _profile(account, base, said) if ask.what == "profile" else _posts(account, ask, base, said)


# ------------------------------------------------------------------------------------------------ the profile


def _profile(account: Account, base: str, said: Table) -> Parsed:
    actor = text(said.get("did")) or text(said.get("handle"))
    if not actor:
        return answers.ended("Bluesky answered without a profile.", Reason.PLATFORM_OUTAGE)
    name, bio, website = text(said.get("displayName")), text(said.get("description")), address(said.get("website"))
    profile = Profile(
        id=actor,
        handle=text(said.get("handle")),
        url=account.url,
        name=name,
        bio=bio,
        created_on=moment(said.get("createdAt")),
        posts=number(said.get("postsCount")),
        is_private=False,
        asks_no_strangers=_opts_out(said),
        messages_from=text(table(table(said.get("associated")).get("chat")).get("allowIncoming")),
    )
    if profile.asks_no_strangers:
        what = "Its owner asks Bluesky not to show the account to people who are not logged in."
        return Parsed(profile, blind=(Blind(what, Reason.LABEL_OPT_OUT, _SETTING),), stop=True)
    pictures = (("avatar", "Profile picture"), ("banner", "Banner"))
    shown = document(
        Parts(
            url=account.url,
            words=(Passage(bio),),
            links=(*answers.addresses_in(bio), *([Link(website, website)] if website else [])),
            images=tuple(Image(url, what) for key, what in pictures if (url := address(said.get(key)))),
            title=name or profile.handle,
            author=name,
            depth=0,
        )
    )
    return Parsed(profile, (shown,), (_feed(base, actor),))


def _opts_out(said: Table) -> bool:
    return any(label.get("val") == OPT_OUT and not label.get("neg") for label in rows(said.get("labels")))


# ------------------------------------------------------------------------------------------------ posts


def _feed(base: str, actor: str, cursor: str = "", page: int = 1) -> Ask:
    more = {"cursor": cursor} if cursor else {}
    asked = {"actor": actor, "limit": str(PAGE), "filter": "posts_with_replies", **more}
    return Ask("posts", _method(base, "app.bsky.feed.getAuthorFeed", **asked), page=page)


def _posts(account: Account, ask: Ask, base: str, said: Table) -> Parsed:
    if not isinstance(said.get("feed"), list):
        return answers.ended("Bluesky answered without a list of posts.", Reason.PLATFORM_OUTAGE)
    documents: list[Document] = []
    asks: list[Ask] = []
    for item in rows(said.get("feed")):
        post, why = table(item.get("post")), table(item.get("reason"))
        uri = text(post.get("uri"))
        if not uri.startswith("at://") or _opts_out(table(post.get("author"))):
            continue
        shared = bool(why) and not text(why.get("$type")).endswith(_PINNED)
        shown = _post(account, post, uri, own=not shared)
        if shared:
            # The account spoke on the day on which it shared it, whenever that was written.
            documents.append(replace(shown, published_on=moment(why.get("indexedAt")) or shown.published_on))
        elif number(post.get("replyCount")):
            asked = {"uri": uri, "depth": str(_THREAD_DEPTH), "parentHeight": "0"}
            asks.append(Ask("comments", _method(base, "app.bsky.feed.getPostThread", **asked), shown))
        else:
            documents.append(replace(shown, comments_whole=True if post.get("replyCount") == 0 else None))
    cursor = text(said.get("cursor"))
    if cursor:
        asks.append(Ask("posts", _with_cursor(ask.url, cursor), page=ask.page + 1))
    return Parsed(documents=tuple(documents), asks=tuple(asks))


def _post(account: Account, post: Table, uri: str, *, own: bool) -> Document:
    author, record = table(post.get("author")), table(post.get("record"))
    words = text(record.get("text"))
    seen = _embedded(table(post.get("embed")))
    langs = record.get("langs")
    return document(
        Parts(
            url=_address(account, author, uri, own=own),
            words=(Passage(words), *seen.words),
            links=(*_links(record, text_of=record.get("text")), *seen.links),
            images=seen.images,
            author=text(author.get("displayName")) or text(author.get("handle")),
            language=text(langs[0]) if isinstance(langs, list) and langs else "",
            published_on=moment(record.get("createdAt")) or moment(post.get("indexedAt")),
            comment_state=_who_may_answer(post) if own else None,
        )
    )


def _who_may_answer(post: Table) -> CommentState | None:
    """Everybody, where the post has no gate, or one that lets every follower in: whoever likes may follow. None where
    it has one that is not told."""
    gate = _gate(post)
    if "threadgate" in post and not gate:
        return None
    allowed = gate.get("allow")
    if not isinstance(allowed, list):
        return CommentState.OPEN
    rules = {text(rule.get("$type")).partition("#")[2] for rule in rows(allowed)}
    if "followerRule" in rules:
        return CommentState.OPEN
    return CommentState.MODERATED if rules else CommentState.CLOSED


def _gate(post: Table) -> Table:
    """What the author of a post set for the answers to it."""
    return table(table(post.get("threadgate")).get("record"))


def _address(account: Account, author: Table, uri: str, *, own: bool) -> str:
    """Where people read the post; the account's own lie below its address, however that names it."""
    key = quote(uri.rpartition("/")[2], safe="")
    if own:
        return f"{account.url.partition('#')[0].partition('?')[0].rstrip('/')}/post/{key}"
    who = text(author.get("did")) or text(author.get("handle")) or uri.removeprefix("at://").partition("/")[0]
    return f"https://bsky.app/profile/{quote(who, safe=':')}/post/{key}"


def _links(record: Table, *, text_of: object) -> Iterator[Link]:
    """The links of a text; where their words stand is counted in bytes."""
    written = text_of.encode("utf-8", "replace") if isinstance(text_of, str) else b""
    for facet in rows(record.get("facets")):
        place = table(facet.get("index"))
        start, end = number(place.get("byteStart")), number(place.get("byteEnd"))
        words = written[start:end].decode("utf-8", "ignore") if start is not None and end is not None else ""
        for feature in rows(facet.get("features")):
            url = address(feature.get("uri"))
            if url:
                yield Link(url, text(words))


def _embedded(embed: Table, depth: int = 0) -> Parts:
    """What a post shows beside its text: pictures, a video, a card, another post."""
    kind = text(embed.get("$type")).partition("#")[0]
    if depth > 2:
        return Parts("")
    if kind in _IMAGES:
        return Parts("", images=tuple(_images(rows(embed.get("images")) or rows(embed.get("items")))))
    if kind == "app.bsky.embed.video":
        url = address(embed.get("thumbnail"))
        return Parts("", images=(Image(url, text(embed.get("alt"))),) if url else ())
    if kind == "app.bsky.embed.external":
        return _card(table(embed.get("external")))
    if kind == "app.bsky.embed.recordWithMedia":
        media = _embedded(table(embed.get("media")), depth + 1)
        quoted = _quoted(table(table(embed.get("record")).get("record")))
        return Parts("", (*media.words, *quoted.words), "", (*media.links, *quoted.links), media.images)
    return _quoted(table(embed.get("record"))) if kind == "app.bsky.embed.record" else Parts("")


def _images(images: Sequence[Table]) -> Iterator[Image]:
    for image in images:
        url = address(image.get("fullsize")) or address(image.get("thumb")) or address(image.get("thumbnail"))
        if url:
            size = table(image.get("aspectRatio"))
            width, height = number(size.get("width")) or 0, number(size.get("height")) or 0
            yield Image(url, text(image.get("alt")), width=width, height=height)


def _card(card: Table) -> Parts:
    url, title = address(card.get("uri")), text(card.get("title"))
    picture = address(card.get("thumb"))
    words = "\n".join(filter(None, (title, text(card.get("description")))))
    return Parts(
        "",
        words=(Passage(words, Place.DESCRIPTION),),
        links=(Link(url, title),) if url else (),
        images=(Image(picture, title),) if picture else (),
    )


def _quoted(record: Table) -> Parts:
    author, uri = table(record.get("author")), text(record.get("uri"))
    if _opts_out(author) or not uri.startswith("at://"):
        return Parts("")
    who = text(author.get("did")) or text(author.get("handle"))
    url = f"https://bsky.app/profile/{quote(who, safe=':')}/post/{quote(uri.rpartition('/')[2], safe='')}"
    return Parts("", (Passage(text(table(record.get("value")).get("text"))),), "", (Link(url),) if who else ())


# ------------------------------------------------------------------------------------------------ answers


def _comments(whose: Document, status: int, said: Table) -> Parsed:
    thread = table(said.get("thread"))
    post, replies = table(thread.get("post")), thread.get("replies")
    if status != 200 or not post:  # or one that was deleted, or keeps its readers out
        why = Blind(conversation.FAILED, Reason.PARTIAL_LISTING)
        return Parsed(documents=(whose,), missed=((whose.url, why),))
    counted, shown = number(post.get("replyCount")), rows(replies)
    if counted and not shown:
        return Parsed(documents=(whose,), missed=((whose.url, conversation.NONE_SHOWN),))
    hidden = _gate(post).get("hiddenReplies")
    away = frozenset(filter(None, map(text, hidden))) if isinstance(hidden, list) else frozenset[str]()
    told = [table(reply.get("post")) for reply in answers.depth_first(replies, "replies")]
    found = [_comment(one) for one in told if text(one.get("uri")) not in away]
    # An answer that strangers may not see, or that the list leaves out, may be there all the same.
    whole = True if None not in found and counted is not None and len(shown) >= counted else None
    comments = [comment for comment in found if comment]
    return Parsed(documents=(replace(answers.with_comments(whose, comments), comments_whole=whole),))


def _comment(post: Table) -> Comment | None:
    """An answer, where its author lets strangers see it."""
    author, record, uri = table(post.get("author")), table(post.get("record")), text(post.get("uri"))
    if not uri or _opts_out(author):
        return None
    who = text(author.get("did")) or text(author.get("handle"))
    return Comment(
        text=text(record.get("text")),
        author=text(author.get("displayName")) or text(author.get("handle")),
        url=f"https://bsky.app/profile/{quote(who, safe=':')}/post/{quote(uri.rpartition('/')[2], safe='')}",
        published_on=moment(record.get("createdAt")),
    )


def _method(base: str, method: str, **asked: str) -> str:
    return f"{base.rstrip('/')}/xrpc/{method}?{urlencode(asked)}"


def _with_cursor(url: str, cursor: str) -> str:
    return f"{url.partition('&cursor=')[0]}&cursor={quote(cursor, safe='')}"


PLATFORM: Final = Platform(ids=("bluesky",), plan=plan, requests=requests, parse=parse)
