"""Reddit, by its interface and the district's own app: a profile with its posts and comments, or a community with the
posts in it; and what others wrote under each post.

The app's id and secret ("id:secret") are turned into a token at each visit. Lists hold the newest thousand at most.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from auditor.model import Account, Blind, Comment, CommentState, Document, Image, Link, Passage, Place, Reason
from auditor.outlets.platforms import matched
from spiders import answers, closed, conversation, renewal, tokens
from spiders.answers import Parts, Table, address, document, number, rows, since_1970, table, text
from spiders.credential import bearer
from spiders.platform import Ask, Parsed, Platform, Profile, Refusal, Route, Settings

BASE: Final = "https://oauth.reddit.com"
HOME: Final = "https://www.reddit.com"
PAGE: Final = 100
MOST: Final = 1000
"""Rows of a list, of which older ones are never given."""
_COMMENTS: Final = 500
_DEEPEST: Final = 100
_ID: Final = "reddit"
_TAKEN_AWAY: Final = frozenset({"", "[deleted]", "[removed]"})
_LISTS: Final = {"user": {"submitted": "posts", "comments": "said"}, "r": {"new": "posts"}}
"""What is asked for of a profile and of a community: the interface's lists, and our words for them."""
_KARMA: Final = {"submitted": "link_karma", "comments": "comment_karma"}
_NO_PROFILE: Final = Blind(
    "The address names no profile and no community on Reddit.",
    Reason.NOT_IN_ROUTE,
    "Write its address into the registry, like https://www.reddit.com/user/lincolnelementary.",
)
_GONE: Final = "There is no such profile or community on Reddit, or it was closed."
_OPEN_IT: Final = "Open it in your browser; correct or end its entry."
_PRIVATE: Final = "The community is for members only."
_THE_NEWEST: Final = Blind(
    f"Reddit lists the newest {MOST:,} only.", Reason.PARTIAL_LISTING, "Look at older ones yourself."
)
_HIDDEN: Final = Blind(
    "Reddit tells what readers thought of its posts or comments, and lists none of them: its owner may hide them.",
    Reason.PARTIAL_LISTING,
    "Look at the profile yourself, logged out.",
)
_MORE: Final = Blind("not all answers to it were read", Reason.PARTIAL_LISTING, "Look at the rest yourself.")


@dataclass(frozen=True, slots=True)
class _List(Ask):
    """A request for the beginning of a list. `karma` is what readers thought of all that should be in it; who never
    wrote has one at most."""

    karma: int = 0


def plan(account: Account, settings: Settings) -> Route | Refusal:
    """The interface, with the district's own app or a token of it."""
    found = closed.with_token(_ID, account, settings, _NO_PROFILE)
    if isinstance(found, Refusal):
        return found
    _, secret = found
    base = settings[_ID].base.rstrip("/")
    app = renewal.lasting(secret, 2)
    if not app:
        return Route(_ID, tokens.signed(requests(account, base), bearer(secret)), parse)
    ask = renewal.by_app(f"{base or HOME}/api/v1/access_token", *app, grant_type="client_credentials")
    return Route(_ID, (ask,), parse)


def requests(account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first, once there is a token: who it is."""
    match = matched(_ID, account.url)
    path = urlsplit(match.address if match else account.url).path
    return (Ask("profile", f"{base or BASE}{path}/about?raw_json=1"),)


def parse(account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What an answer of the interface means."""
    if ask.what == renewal.WHAT:
        root = ask.url.partition("/api/v1/")[0]
        return renewal.signed(_ID, status, body, requests(account, "" if root == HOME else root))
    said = answers.loaded(body)
    if status != 200:
        return _refused(ask, status, table(said))
    if ask.what == "comments" and ask.about is not None:
        return _comments(ask.about, said)
    if not isinstance(said, dict):
        return answers.no_data(body, "Reddit")
    return _profile(account, ask, said) if ask.what == "profile" else _list(ask, said)


def _refused(ask: Ask, status: int, said: Table) -> Parsed:
    """What an error means; nothing where only its number tells."""
    if status == 403 and text(said.get("reason")) in ("private", "gold_only", "quarantined"):
        return answers.ended(_PRIVATE, Reason.LOGIN_WALL)
    if status == 403:
        return conversation.unread(ask, tokens.narrow(_ID, "read and history" if ask.what != "comments" else "read"))
    gone = status == 404 and ask.what == "profile"
    return answers.ended(_GONE, Reason.UNREACHABLE, _OPEN_IT) if gone else Parsed()


# ------------------------------------------------------------------------------------------------ who it is


def _profile(account: Account, ask: Ask, said: Table) -> Parsed:
    data = table(said.get("data"))
    own = table(data.get("subreddit"))
    name = text(data.get("name")) if said.get("kind") == "t2" else text(data.get("display_name"))
    if not name or said.get("kind") not in ("t2", "t5"):
        is_list = said.get("kind") == "Listing"  # a community that is not there is looked for instead
        why = (_GONE, Reason.UNREACHABLE, _OPEN_IT) if is_list else (_NO_ANSWER, Reason.PLATFORM_OUTAGE)
        return answers.ended(*why)
    about = own or data
    words = (text(about.get("public_description")), text(data.get("description")))
    hidden = data.get("hide_from_robots")
    kind = text(data.get("subreddit_type"))
    profile = Profile(
        id=text(data.get("id")) or name,
        handle=name,
        url=account.url,
        name=text(about.get("title")) or name,
        bio="\n".join(filter(None, words)),
        created_on=since_1970(data.get("created_utc")),
        is_private=None if said.get("kind") == "t2" or not kind else kind not in ("public", "restricted", "archived"),
        hides_from_search=hidden if isinstance(hidden, bool) else None,
        comment_state=_community(data) if said.get("kind") == "t5" else None,
    )
    pictures = (("icon_img", "Profile picture"), ("community_icon", "Profile picture"), ("banner_img", "Banner"))
    shown = document(
        Parts(
            url=account.url,
            words=tuple(map(Passage, words)),
            links=tuple(answers.addresses_in(profile.bio)),
            images=tuple(
                {url: Image(url, what) for key, what in pictures if (url := address(about.get(key)))}.values()
            ),
            title=profile.name,
            author=name,
            depth=0,
        )
    )
    root = ask.url.rpartition("/about")[0]
    lists = _LISTS["user" if said.get("kind") == "t2" else "r"]
    query = urlencode({"limit": str(PAGE), "sort": "new", "raw_json": "1"})
    asks = (
        _List(what, f"{root}/{path}?{query}", karma=number(data.get(_KARMA.get(path, ""))) or 0)
        for path, what in lists.items()
    )
    return Parsed(profile, (shown,), tuple(asks))


def _community(data: Table) -> CommentState:
    """Who may comment in a community."""
    return CommentState.MODERATED if data.get("restrict_commenting") is True else CommentState.OPEN


# ------------------------------------------------------------------------------------------------ what it wrote


def _list(ask: Ask, said: Table) -> Parsed:
    data = table(said.get("data"))
    if not isinstance(data.get("children"), list):
        return answers.ended(_NO_ANSWER, Reason.PLATFORM_OUTAGE)
    found = [table(row.get("data")) for row in rows(data.get("children"))]
    documents: list[Document] = []
    asks: list[Ask] = []
    parts = urlsplit(ask.url)
    for row in found:
        if ask.what == "said":
            documents.append(_said(row))
        elif row.get("num_comments") != 0:
            query = urlencode({"limit": str(_COMMENTS), "raw_json": "1"})
            path = f"/comments/{quote(text(row.get('id')), safe='')}"
            asks.append(Ask("comments", parts._replace(path=path, query=query).geturl(), _post(row)))
        else:
            documents.append(replace(_post(row), comments_whole=True))
    after = text(data.get("after"))
    if after:
        query = urlencode({**dict(parse_qsl(parts.query)), "after": after})
        asks.append(Ask(ask.what, parts._replace(query=query).geturl(), page=ask.page + 1))
    ends = not after and ask.page * PAGE >= MOST
    hides = isinstance(ask, _List) and ask.karma > 1 and not found
    gaps = [*([_THE_NEWEST] if ends else []), *([_HIDDEN] if hides else [])]
    return Parsed(documents=tuple(documents), asks=tuple(asks), blind=tuple(gaps))


def _post(row: Table) -> Document:
    shared = rows(row.get("crosspost_parent_list"))
    away = address(row.get("url"))
    closed_now = row.get("locked") is True or row.get("archived") is True
    words = [text(row.get("link_flair_text")), *(text(one.get(key)) for one in shared for key in ("title", "selftext"))]
    captions = [(text(one.get("caption")), text(one.get("media_id"))) for one in _gallery(row)]
    shown = document(
        Parts(
            url=f"{HOME}{_path(row)}",
            words=(*map(Passage, words), *(Passage(caption, Place.CAPTION) for caption, _ in captions)),
            markup=_markup(row.get("selftext_html")),
            links=(Link(away, text(row.get("title"))),) if away and row.get("is_self") is not True else (),
            images=tuple(_images(row)),
            title=text(row.get("title")),
            author=text(row.get("author")),
            published_on=since_1970(row.get("created_utc")),
        )
    )
    return replace(shown, comment_state=CommentState.CLOSED if closed_now else None)


def _said(row: Table) -> Document:
    """A comment that the account wrote."""
    return document(
        Parts(
            url=f"{HOME}{_path(row)}",
            words=() if _markup(row.get("body_html")) else (Passage(text(row.get("body"))),),
            markup=_markup(row.get("body_html")),
            author=text(row.get("author")),
            published_on=since_1970(row.get("created_utc")),
        )
    )


def _path(row: Table) -> str:
    """Where on Reddit something stands; older answers do not say it of comments."""
    told = text(row.get("permalink"))
    if told.startswith("/"):
        return told
    post, own = text(row.get("link_id")).removeprefix("t3_"), text(row.get("id"))
    return f"/comments/{post}/_/{own}/" if post else f"/comments/{own}/"


def _gallery(row: Table) -> list[Table]:
    return list(rows(table(row.get("gallery_data")).get("items")))


def _images(row: Table) -> Iterator[Image]:
    """Pictures of a gallery, each with its caption, or what is shown of a link or film."""
    files = table(row.get("media_metadata"))
    for one in _gallery(row):
        url = address(table(table(files.get(text(one.get("media_id")))).get("s")).get("u"))
        if url:
            yield Image(url, caption=text(one.get("caption")))
    for one in rows(table(row.get("preview")).get("images")):
        url = address(table(one.get("source")).get("url"))
        if url:
            yield Image(url)


# ------------------------------------------------------------------------------------------------ what others wrote


def _comments(whose: Document, said: object) -> Parsed:
    listed = rows(said)
    if len(listed) < 2:
        unread = replace(_MORE, what=conversation.FAILED)
        return Parsed(documents=(whose,), missed=((whose.url, unread),))
    found = list(_below(listed[1]))
    written = [table(row.get("data")) for row in found if row.get("kind") == "t1"]
    shown = answers.with_comments(whose, [_comment(row) for row in written if text(row.get("body")) not in _TAKEN_AWAY])
    is_whole = not any(row.get("kind") == "more" for row in found)
    missed = () if is_whole else ((whose.url, _MORE),)
    return Parsed(documents=(replace(shown, comments_whole=is_whole),), missed=missed)


def _below(listing: Table) -> Iterator[Table]:
    """Comments and the answers to them, as they stand under each other."""
    waiting = [(row, 1) for row in reversed(rows(table(listing.get("data")).get("children")))]
    while waiting:
        row, depth = waiting.pop()
        yield row
        if depth < _DEEPEST:
            inner = table(table(table(row.get("data")).get("replies")).get("data"))
            waiting += [(one, depth + 1) for one in reversed(rows(inner.get("children")))]


def _comment(row: Table) -> Comment:
    return Comment(
        text=answers.words_of(_markup(row.get("body_html"))) or text(row.get("body")),
        author=text(row.get("author")),
        url=f"{HOME}{_path(row)}",
        published_on=since_1970(row.get("created_utc")),
    )


def _markup(value: object) -> str:
    return value if isinstance(value, str) else ""


_NO_ANSWER: Final = "Reddit answered with something else than what was asked for."

PLATFORM: Final = Platform(ids=(_ID,), plan=plan, requests=requests, parse=parse)
