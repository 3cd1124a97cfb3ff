"""X, by its interface and the district's own token: profile, posts with their long texts, pictures, polls, answers.

The interface is changing its words: a "tweet" becomes a "post". It is asked in the old ones, in the new ones where it
does not take those, and both are read. Each post that is read costs the district's account there a little, and so does
each answer; who wrote an answer would cost twice as much, and is not asked for.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from auditor.model import Account, Blind, Comment, CommentState, Document, Image, Passage, Reason
from auditor.outlets.platforms import matched
from spiders import answers, closed, conversation, tokens
from spiders.answers import Parts, Table, address, document, moment, number, rows, table, text
from spiders.credential import bearer
from spiders.platform import Ask, Parsed, Platform, Profile, Refusal, Route, Settings
from spiders.platforms.x_words import Beside, as_read, parts, plain, whole_text

NAME: Final = "X"
BASE: Final = "https://api.x.com"
PAGE: Final = 100
DRIFT: Final = 0.05
"""X counts what was shared of accounts that are gone by now, and lists it no longer."""
ANSWERED_PAGES: Final = 2
"""Pages of the newest posts of which the answers are read: the search for them has a small share of requests."""
_API: Final = "/2/"
_USER: Final = (
    "created_at,description,entities,location,name,pinned_tweet_id,profile_banner_url,profile_image_url,protected,"
    "public_metrics,url,username,verified,verified_type"
)
_NEW_USER: Final = _USER.replace("pinned_tweet_id,", "")
_FIELDS: Final = "article,attachments,conversation_id,created_at,entities,geo,lang,public_metrics,reply_settings,text"
_COMMON: Final = {
    "media.fields": "alt_text,height,media_key,preview_image_url,type,url,width",
    "poll.fields": "options",
    "place.fields": "full_name",
}
_OLD: Final = {
    "tweet.fields": f"{_FIELDS},note_tweet,referenced_tweets",
    "expansions": "attachments.media_keys,attachments.poll_ids,geo.place_id,referenced_tweets.id",
    **_COMMON,
}
_NEW: Final = {
    "post.fields": f"{_FIELDS},note_post",
    "expansions": "attachments.media_keys,attachments.poll_ids,geo.place_id,referenced_posts",
    **_COMMON,
}
_OLD_ANSWERS: Final = {"tweet.fields": "created_at,entities,note_tweet,text"}
_NEW_ANSWERS: Final = {"post.fields": "created_at,entities,note_post,text"}
_SPELLINGS: Final = (({"user.fields": _USER}, {"user.fields": _NEW_USER}), (_OLD, _NEW), (_OLD_ANSWERS, _NEW_ANSWERS))
_CHOSEN: Final = frozenset({"mentionedUsers", "mentioned_users", "following", "followers", "subscribers", "verified"})
"""Words for those whom an account lets answer, where not everybody may."""
_NO_PROFILE: Final = Blind(
    "The address names no profile on X.",
    Reason.NOT_IN_ROUTE,
    "Write the profile's address into the registry, like https://x.com/lincoln.",
)
_GONE: Final = "There is no such account on X, or it was suspended."
_OPEN_IT: Final = "Open it in your browser; correct or end its entry."
_PROTECTED: Final = Blind(
    "Its owner protects its posts: X shows them only to followers whom they let in.",
    Reason.LOGIN_WALL,
    "Its owner can change that under “Protect your posts” in X's settings. Until then look at it yourself.",
)
_NO_CREDITS: Final = Blind(
    "The district's account at X has no credits left to read posts.",
    Reason.RATE_LIMITED,
    "Buy credits in X's developer console, or raise the spending limit there.",
)
_ANSWERS: Final = Blind(
    "the answers to older posts are not read on X", Reason.LIMIT, "Look at what people answered to it yourself."
)


def plan(account: Account, settings: Settings) -> Route | Refusal:
    """The interface of X, with the district's own token."""
    found = closed.with_token("x", account, settings, _NO_PROFILE)
    if isinstance(found, Refusal):
        return found
    _, secret = found
    asks = requests(account, settings["x"].base or BASE)
    return Route("x", tokens.signed(asks, bearer(secret)), parse, counts_all=True, drift=DRIFT)


def requests(account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first: who the account is, by its name or its number."""
    match = matched("x", account.url)
    name = match.id if match else ""
    numbered = match is not None and "/i/user/" in match.address
    path = f"users/{name}" if numbered else f"users/by/username/{name}"
    return (Ask("profile", _method(base, path, {"user.fields": _USER})),)


def parse(account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What an answer of the interface means."""
    said = answers.loaded(body)
    if not isinstance(said, dict):
        return answers.no_data(body, NAME) if status == 200 else Parsed()
    if status != 200:
        return _refused(ask, status, said)
    if ask.what == "profile":
        return _profile(account, ask, said)
    if "data" not in said and "meta" not in said:
        return _no_list(ask, said)
    return _posts(account, ask, said) if ask.about is None else _answers(ask, ask.about, said)


def _refused(ask: Ask, status: int, said: Table) -> Parsed:
    """What an error means; nothing where only its number tells."""
    if status == 400:
        spelled = _respelled(ask.url)
        return Parsed(asks=(replace(ask, url=spelled),)) if spelled else Parsed()
    if status == 401:
        return conversation.unread(ask, tokens.wrong("x"))
    words = " ".join(text(said.get(key)) for key in ("type", "title", "detail", "reason")).casefold()
    if status == 402 or "credits" in words or "usage-capped" in words:
        return conversation.unread(ask, _NO_CREDITS)
    if status == 403:
        return conversation.unread(ask, tokens.narrow("x", _permission(words)))
    return answers.ended(_GONE, Reason.UNREACHABLE, _OPEN_IT) if status == 404 and ask.what == "profile" else Parsed()


def _permission(words: str) -> str:
    """What a token lacks that the interface refuses in these words."""
    if "client-not-enrolled" in words or "client-forbidden" in words:
        return "of an app that belongs to a project in X's developer console"
    return "to read posts and users (scopes tweet.read and users.read)"


def _respelled(url: str) -> str:
    """The same request in the interface's new words; "" where it was asked in them."""
    for old, new in _SPELLINGS:
        if urlencode(old) in url:
            return url.replace(urlencode(old), urlencode(new))
    return ""


# ------------------------------------------------------------------------------------------------ the profile


def _profile(account: Account, ask: Ask, said: Table) -> Parsed:
    user = table(said.get("data"))
    number_of_user, handle = text(user.get("id")), text(user.get("username"))
    if not number_of_user or not handle:
        what = _GONE if rows(said.get("errors")) else "X answered without a profile."
        return answers.ended(what, Reason.UNREACHABLE if rows(said.get("errors")) else Reason.PLATFORM_OUTAGE, _OPEN_IT)
    entities, metrics = table(user.get("entities")), table(user.get("public_metrics"))
    bio, links = as_read(user.get("description"), table(entities.get("description")))
    protected = user.get("protected")
    profile = Profile(
        id=number_of_user,
        handle=handle,
        url=account.url,
        name=plain(user.get("name")),
        bio=bio,
        created_on=moment(user.get("created_at")),
        posts=_either(metrics, "tweet_count", "post_count"),
        is_private=protected if isinstance(protected, bool) else None,
        location=plain(user.get("location")),
    )
    _, sites = as_read(user.get("url"), table(entities.get("url")))
    pictures = (("profile_image_url", "Profile picture"), ("profile_banner_url", "Banner"))
    shown = document(
        Parts(
            url=account.url,
            words=(Passage(bio), Passage(profile.location)),
            links=(*links, *sites),
            images=tuple(
                Image(url.replace("_normal.", "_400x400."), what)
                for key, what in pictures
                if (url := address(user.get(key)))
            ),
            title=profile.name or handle,
            author=profile.name,
            depth=0,
        )
    )
    if profile.is_private:
        return Parsed(profile, (shown,), blind=(_PROTECTED,), stop=True)
    listed = _method(_base(ask), f"users/{number_of_user}/tweets", {"max_results": str(PAGE), **_OLD})
    return Parsed(profile, (shown,), (Ask("posts", listed),))


# ------------------------------------------------------------------------------------------------ posts


def _no_list(ask: Ask, said: Table) -> Parsed:
    if any("not-authorized" in text(row.get("type")) for row in rows(said.get("errors"))):
        return conversation.unread(ask, _PROTECTED)
    return conversation.unread(ask, Blind("X answered without a list of posts.", Reason.PLATFORM_OUTAGE))


def _posts(account: Account, ask: Ask, said: Table) -> Parsed:
    posts = [post for post in rows(said.get("data")) if text(post.get("id"))]
    spelled = _respelled(ask.url)
    if posts and spelled and not any("created_at" in post for post in posts):
        # What was asked for in words that are not known any more is left out without a word.
        return Parsed(asks=(replace(ask, url=spelled),))
    beside = Beside(table(said.get("includes")))
    documents: list[Document] = []
    asks: list[Ask] = []
    for post in posts:
        shown = _post(account, post, beside)
        if shown.comments_whole is False and ask.page <= ANSWERED_PAGES:
            asks.append(Ask("answers", _conversation(account, ask, post), shown))
        else:
            documents.append(shown)
    if following := text(table(said.get("meta")).get("next_token")):
        asks.append(Ask("posts", _paged(ask.url, following), page=ask.page + 1))
    unread = tuple((shown.url, _ANSWERS) for shown in documents if shown.comments_whole is False)
    return Parsed(documents=tuple(documents), asks=tuple(asks), missed=unread)


def _answers(ask: Ask, whose: Document, said: Table) -> Parsed:
    """One page of what others answered to a post."""
    found = [_answer(row) for row in rows(said.get("data"))]
    following = text(table(said.get("meta")).get("next_token"))
    if not found and not following and not whose.comments:
        # X counts what the account answered to itself, too, and what only a few may see.
        return Parsed(documents=(replace(whose, comments_whole=None),))
    return conversation.gathered(ask, whose, found, [_paged(ask.url, following)] if following else ())


def _answer(row: Table) -> Comment:
    number_of_post = text(row.get("id"))
    return Comment(
        text=whole_text(row)[0],
        url=f"https://x.com/i/status/{number_of_post}" if number_of_post else "",
        published_on=moment(row.get("created_at")),
    )


def _post(account: Account, post: Table, beside: Beside) -> Document:
    """A post as people read it. What is shared of others stands under the account's own address for it."""
    shared = beside.referenced(post, "retweeted") or beside.referenced(post, "reposted")
    body = shared or post
    quoted = beside.referenced(body, "quoted")
    said = [parts(one, beside) for one in (body, quoted)]
    place = table(beside.places.get(text(table(post.get("geo")).get("place_id"))))
    shown = document(
        Parts(
            url=_address(account, text(post.get("id"))),
            words=(*(passage for part in said for passage in part.words), Passage(plain(place.get("full_name")))),
            links=tuple(link for part in said for link in part.links),
            images=tuple(image for part in said for image in part.images),
            author=_author(account, post),
            language=text(body.get("lang")),
            published_on=moment(post.get("created_at")),
        )
    )
    answered = None if shared else number(table(post.get("public_metrics")).get("reply_count"))
    whole = None if answered is None else answered == 0
    return replace(shown, comment_state=None if shared else _who_answers(post), comments_whole=whole)


def _who_answers(post: Table) -> CommentState | None:
    allowed = text(post.get("reply_settings"))
    return CommentState.OPEN if allowed == "everyone" else CommentState.MODERATED if allowed in _CHOSEN else None


def _own_name(account: Account) -> str:
    """The account's name; "" where it is registered by its number."""
    match = matched("x", account.url)
    return match.id if match and "/i/user/" not in match.address else ""


def _author(account: Account, post: Table) -> str:
    """Whose words they are: of what is shared, its text begins with who wrote it."""
    own = _own_name(account)
    shared = re.match(r"RT @(\w{1,15}):", text(post.get("text")), re.ASCII)
    return f"@{shared[1]}" if shared else own and f"@{own}"


def _address(account: Account, number_of_post: str) -> str:
    """Where people read the post; below the account's name where it is registered by that."""
    return f"https://x.com/{_own_name(account) or 'i'}/status/{number_of_post}"


# ------------------------------------------------------------------------------------------------ addresses


def _method(base: str, path: str, asked: Mapping[str, str]) -> str:
    return f"{base.rstrip('/').removesuffix(_API.rstrip('/'))}{_API}{path}?{urlencode(asked)}"


def _conversation(account: Account, ask: Ask, post: Table) -> str:
    """The request for what others wrote below a post: the whole talk that it began, or the answers to it alone."""
    own, begun = text(post.get("id")), text(post.get("conversation_id"))
    name = _own_name(account)
    query = f"conversation_id:{own}" if begun in ("", own) else f"in_reply_to_tweet_id:{own}"
    asked = {"query": f"{query} -from:{name}" if name else query, "max_results": str(PAGE)}
    fields = _OLD_ANSWERS if _respelled(ask.url) else _NEW_ANSWERS
    return _method(_base(ask), "tweets/search/all", {**asked, **fields})


def _paged(url: str, following: str) -> str:
    """The next page of the list at that address."""
    return f"{url.partition('&pagination_token=')[0]}&{urlencode({'pagination_token': following})}"


def _base(ask: Ask) -> str:
    return ask.url.partition(_API)[0]


def _either(row: Table, old: str, new: str) -> int | None:
    """A number by whichever of its two names it has."""
    return number(row.get(old, row.get(new)))


PLATFORM: Final = Platform(ids=("x",), plan=plan, requests=requests, parse=parse)
