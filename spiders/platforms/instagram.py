"""Instagram's professional accounts, by its interface and the district's own token: profile, posts, comments on them.

There are two kinds of token. One of an Instagram account (a login there) reads that account alone. One of Facebook
reads every professional account that is linked to a Page which its owner manages. Stories, and what others tag, are in
neither.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from auditor.model import Account, Blind, Comment, CommentState, Document, Image, Passage, Reason
from auditor.outlets.platforms import matched
from spiders import answers, closed, conversation, graph, tokens
from spiders.answers import Parts, Table, address, document, moment, number, rows, table, text
from spiders.conversation import Gathering
from spiders.credential import in_query
from spiders.platform import Ask, Parsed, Platform, Profile, Refusal, Route, Settings

BASE: Final = "https://graph.instagram.com/v26.0"
LINKED: Final = "https://graph.facebook.com/v26.0"
"""Where Facebook's own tokens are asked with."""
_OF_FACEBOOK: Final = "EAA"
"""How Facebook's own tokens begin."""
HOME: Final = "https://www.instagram.com"
_ID: Final = "instagram"
PAGE: Final = 50
COMMENTS: Final = 50

_PROFILE: Final = "id,user_id,username,name,biography,website,profile_picture_url,media_count"
_ANSWER: Final = "id,text,timestamp,username,from,hidden"
_COMMENT: Final = f"{_ANSWER},replies.limit({COMMENTS}){{{_ANSWER}}}"
_SHOWN: Final = "id,media_type,media_url,thumbnail_url,alt_text"
_MEDIA: Final = (
    f"{_SHOWN},caption,media_product_type,permalink,timestamp,username,is_comment_enabled,comments_count,"
    f"children{{{_SHOWN}}},comments.limit({COMMENTS}){{{_COMMENT}}}"
)
_NEEDS: Final = {"comments": "instagram_manage_comments"}
_BASIC: Final = "instagram_basic"

_GONE: Final = Blind(
    "There is no such account on Instagram, or the district's access token may not see it.",
    Reason.UNREACHABLE,
    "Open it in your browser. If it is there, it must be a professional account, and the token its own.",
)
_NO_PROFILE: Final = Blind(
    "The address names no account on Instagram.",
    Reason.NOT_IN_ROUTE,
    "Write the account's address into the registry, like https://www.instagram.com/lincolnelementary.",
)
_NOT_LINKED: Final = Blind(
    "The district's access token reaches no professional account of that name on Instagram.",
    Reason.TOKEN_SCOPE,
    "Make it a professional account, linked to a Facebook Page of whoever made the token, or use the account's own.",
)
_NO_COMMENTS: Final = "The comments on its posts could not be read. "
_KEPT_BACK: Final = Blind("its picture or film is not given out by Instagram", Reason.NOT_IN_ROUTE)
_NONE_SHOWN: Final = Blind("comments are counted there, and none of them is given out", Reason.PARTIAL_LISTING)


def plan(account: Account, settings: Settings) -> Route | Refusal:
    """Instagram's interface, with the district's own token, in the way that is right for that kind of token."""
    found = closed.with_token(_ID, account, settings, _NO_PROFILE)
    if isinstance(found, Refusal):
        return found
    _, token = found
    base = settings[_ID].base
    if token.reveal().startswith(_OF_FACEBOOK):
        asks: tuple[Ask, ...] = (_linked(graph.root(base, LINKED)),)
    else:
        asks = requests(account, base)
    return Route(_ID, tokens.signed(asks, in_query(graph.PARAMETER, token)), parse, counts_all=True)


def requests(_account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first with an account's own token: whose it is."""
    return (Ask("profile", graph.edge(graph.root(base, BASE), "me", fields=_PROFILE)),)


def parse(account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What an answer of the interface means."""
    said = graph.read(ask, status, body, platform=_ID, needs=_NEEDS.get(ask.what, _BASIC), gone=_GONE)
    if isinstance(said, Parsed):
        return _otherwise(ask, said)
    if ask.what == "accounts":
        return _accounts(account, ask, said)
    if ask.what == "profile":
        return _profile(account, ask, said)
    if ask.what == "comments" and ask.about is not None:
        return _about(ask, ask.about, said)
    return _posts(ask, said)


def _otherwise(ask: Ask, failed: Parsed) -> Parsed:
    """What is asked in place of what was not given: a Page's own token has no list of accounts; less of a post."""
    if ask.what == "accounts" and "/me/accounts" in ask.url and not _is_about_token(failed):
        own = "instagram_business_account{id,username}"
        return Parsed(asks=(Ask("accounts", graph.edge(graph.root_of(ask.url), "me", fields=own)),))
    if ask.what == "posts" and graph.is_narrow(failed):
        fewer = graph.without_field(ask.url, "comments")
        if fewer != ask.url:
            return Parsed(asks=(replace(ask, url=fewer),))
    return failed


def _is_about_token(failed: Parsed) -> bool:
    return any(blind.reason is not Reason.UNREACHABLE for blind in failed.blind)


# ------------------------------------------------------------------------------------------------ the account


def _linked(base: str) -> Ask:
    """The request for all accounts that are linked to Pages."""
    fields = "instagram_business_account{id,username}"
    return Ask("accounts", graph.edge(base, "me/accounts", fields=fields, limit="100"))


def _accounts(account: Account, ask: Ask, said: Table) -> Parsed:
    """The account that is meant, among all that are linked to Pages."""
    found = [table(row.get("instagram_business_account")) for row in rows(said.get("data")) or [said]]
    name = _name(account)
    mine = next((text(row.get("id")) for row in found if text(row.get("username")).lower() == name), "")
    if mine:
        return Parsed(asks=(Ask("profile", graph.edge(graph.root_of(ask.url), mine, fields=_PROFILE)),))
    rest = graph.more(said, ask.url)
    return Parsed(asks=(Ask("accounts", rest),)) if rest else Parsed(blind=(_NOT_LINKED,), stop=True)


def _name(account: Account) -> str:
    match = matched(_ID, account.url)
    return match.id.lower() if match else ""


def _profile(account: Account, ask: Ask, said: Table) -> Parsed:
    own, handle = text(said.get("id")) or text(said.get("user_id")), text(said.get("username"))
    if not own or not handle:
        return answers.ended("Instagram answered without a profile.", Reason.PLATFORM_OUTAGE)
    if handle.lower() != _name(account):
        return Parsed(blind=(tokens.of_another(_ID, f"@{handle}"),), stop=True)
    name, bio, website = text(said.get("name")), text(said.get("biography")), text(said.get("website"))
    picture = address(said.get("profile_picture_url"))
    profile = Profile(id=own, handle=handle, url=account.url, name=name, bio=bio, posts=number(said.get("media_count")))
    shown = document(
        Parts(
            url=account.url,
            words=(Passage(bio), Passage(website)),
            links=(*answers.addresses_in(bio), *answers.addresses_in(website)),
            images=(Image(picture, "Profile picture"),) if picture else (),
            title=name or handle,
            author=name,
            depth=0,
        )
    )
    base, me = ask.url.partition("?")[0].rsplit("/", 1)
    posts = Ask("posts", graph.edge(base, f"{me}/media", fields=_MEDIA, limit=str(PAGE)))
    return Parsed(profile, (shown,), (posts,))


# ------------------------------------------------------------------------------------------------ posts


def _posts(ask: Ask, said: Table) -> Parsed:
    if not isinstance(said.get("data"), list):
        return answers.ended("Instagram answered without a list of posts.", Reason.PLATFORM_OUTAGE)
    documents: list[Document] = []
    asks: list[Ask] = []
    missed: list[tuple[str, Blind]] = []
    heard = "comments." in ask.url
    for post in rows(said.get("data")):
        shown, gap = _post(post)
        rest: list[str] = []
        if heard:
            listed, path = table(post.get("comments")), f"{text(post.get('id'))}/comments"
            url = graph.edge(graph.root_of(ask.url), path, fields=_COMMENT, limit=str(COMMENTS))
            rest = _rest(listed, url)
            none = bool(number(post.get("comments_count"))) and not rows(listed.get("data"))
            lacking = none and shown.comment_state is not CommentState.CLOSED
            shown = answers.with_comments(shown, _comments(shown, listed))
            shown = replace(shown, comments_whole=None if rest or lacking else True)
            gap = gap or (_NONE_SHOWN if lacking else None)
        if rest:
            asks.append(Gathering("comments", rest[0], shown, waiting=tuple(rest[1:]), gap=gap))
            continue
        documents.append(shown)
        if gap is not None:
            missed.append((shown.url, gap))
    url = graph.more(said, ask.url, sure=False)
    if url:
        asks.append(Ask("posts", url, page=ask.page + 1))
    narrow = tokens.narrow(_ID, _NEEDS["comments"])
    blind = () if heard or ask.page > 1 else (replace(narrow, what=_NO_COMMENTS + narrow.what),)
    return Parsed(documents=tuple(documents), asks=tuple(asks), blind=blind, missed=tuple(missed))


def _post(post: Table) -> tuple[Document, Blind | None]:
    """The post, and what of it is kept back."""
    caption = text(post.get("caption"))
    parts = rows(table(post.get("children")).get("data")) or [post]
    images = {image.url: image for part in parts for image in _images(part)}
    allowed = post.get("is_comment_enabled")
    state = None if not isinstance(allowed, bool) else CommentState.OPEN if allowed else CommentState.CLOSED
    shown = document(
        Parts(
            url=address(post.get("permalink")).partition("?")[0] or f"{HOME}/p/{text(post.get('id'))}",
            words=(Passage(caption),),
            links=tuple(answers.addresses_in(caption)),
            images=tuple(images.values()),
            author=text(post.get("username")),
            published_on=moment(post.get("timestamp")),
        )
    )
    return replace(shown, comment_state=state), None if len(images) == len(parts) else _KEPT_BACK


def _images(part: Table) -> Iterator[Image]:
    """A picture, or of a film what is shown of it before it plays."""
    is_film = text(part.get("media_type")).upper() == "VIDEO"
    url = address(part.get("thumbnail_url")) or ("" if is_film else address(part.get("media_url")))
    if url:
        yield Image(url, text(part.get("alt_text")))


# ------------------------------------------------------------------------------------------------ comments


def _about(ask: Ask, whose: Document, said: Table) -> Parsed:
    """The post with one more page of comments, or of answers to one of them."""
    return conversation.gathered(ask, whose, _comments(whose, said), _rest(said, ask.url))


def _comments(whose: Document, listed: Table) -> list[Comment]:
    """Comments and the answers to them, as far as visitors see them."""
    return [
        _comment(whose, row)
        for top in rows(listed.get("data"))
        for row in (top, *rows(table(top.get("replies")).get("data")))
        if row.get("hidden") is not True
    ]


def _rest(listed: Table, url: str) -> list[str]:
    """Where the list of comments at `url` goes on, and the answers to each of them."""
    base = graph.root_of(url)
    found = [graph.more(listed, url)]
    for top in rows(listed.get("data")):
        path = f"{text(top.get('id'))}/replies"
        found.append(graph.more(table(top.get("replies")), graph.edge(base, path, fields=_ANSWER, limit=str(COMMENTS))))
    return [url for url in found if url]


def _comment(whose: Document, row: Table) -> Comment:
    return Comment(
        text=text(row.get("text")) or text(row.get("message")),
        author=text(row.get("username")) or text(table(row.get("from")).get("username")),
        url=f"{whose.url.rstrip('/')}/c/{text(row.get('id'))}/",
        published_on=moment(row.get("timestamp")),
    )


PLATFORM: Final = Platform(ids=(_ID,), plan=plan, requests=requests, parse=parse)
