"""Facebook Pages, by the Graph API and the district's own token: profile, posts, reels, comments on them.

The token may be the Page's own, or one of a person or system user who manages several Pages: the interface then gives
each Page's token, which serves for that Page and is kept nowhere. People's profiles and groups have no such interface.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qs, urlsplit

from auditor.model import Account, Blind, Comment, CommentState, Document, Image, Link, Passage, Place, Reason
from auditor.outlets.platforms import matched
from auditor.secret import Secret
from spiders import answers, closed, conversation, graph, tokens
from spiders.answers import Parts, Table, absolute, address, document, moment, number, rows, table, text
from spiders.conversation import Gathering
from spiders.credential import in_query
from spiders.platform import Ask, Parsed, Platform, Profile, Refusal, Route, Settings

BASE: Final = "https://graph.facebook.com/v26.0"
HOME: Final = "https://www.facebook.com"
_ID: Final = "facebook"
PAGE: Final = 25
COMMENTS: Final = 50
MOST_PICTURES: Final = 50
"""Things that may be asked for together."""
_COUNT: Final = "published_posts"
_TOTAL: Final = "total_count"
_DRIFT: Final = 0.1
"""The part of the posts by which Facebook's own count may be wrong: it gives out about 600 of a year at most."""

_PROFILE: Final = (
    "id,name,username,about,bio,description,general_info,mission,website,emails,phone,single_line_address,link,cover{source},"
    f"picture.type(large){{url}},is_published,access_token,{_COUNT}.limit(1).summary({_TOTAL}){{id}}"
)
_COMMENT: Final = "id,created_time,from{name},message,is_hidden,permalink_url"
_COMMENTS: Final = f"comments.filter(stream).summary(true).limit({COMMENTS}){{{_COMMENT}}}"
_ATTACHED: Final = "media_type,type,title,description,url,unshimmed_url,media,target"
_POST: Final = (
    "id,created_time,message,story,permalink_url,full_picture,status_type,is_hidden,is_published,is_expired,privacy,"
    f"from{{name}},attachments{{{_ATTACHED},subattachments.limit({MOST_PICTURES}){{{_ATTACHED}}}}},{_COMMENTS}"
)
_REEL: Final = f"id,created_time,title,description,permalink_url,picture,published,privacy,{_COMMENTS}"
_PHOTOS: Final = "/?ids="
_PHOTO: Final = "alt_text,alt_text_custom"

_NEEDS: Final = {
    "profile": "pages_read_engagement",
    "comments": "pages_read_user_content",
}
_GONE: Final = Blind(
    "There is no such Page on Facebook, or the district's access token may not see it.",
    Reason.UNREACHABLE,
    "Open it in your browser. If it is there, make a token of somebody who manages the Page.",
)
_NO_PAGE: Final = Blind(
    "The address names no Page on Facebook.",
    Reason.NOT_IN_ROUTE,
    "Write the Page's address into the registry, like https://www.facebook.com/LincolnElementary.",
)
_GROUP: Final = Blind("Facebook lets no program read groups.", Reason.NOT_IN_ROUTE, "Look at the group yourself.")
_NO_COMMENTS: Final = "The comments on its posts could not be read. "
_REELS: Final = "Its reels could not be read. "
_EVERYONE: Final = frozenset({"", "EVERYONE"})
_NUMBERED: Final = re.compile(r"[\w.-]*-(\d{6,})")
"""Pages without a name of their own are addressed as their title and number."""


@dataclass(frozen=True, slots=True)
class _Listing(Ask):
    """A request for a page of posts: how many the Page has by Facebook's count, and how many were given out before."""

    counted: int = 0
    shown: int = 0


def plan(account: Account, settings: Settings) -> Route | Refusal:
    """The Graph API, with the district's own token."""
    found = closed.with_token(_ID, account, settings, _NO_PAGE)
    if isinstance(found, Refusal):
        return found
    match, token = found
    if "/groups/" in match.address:
        return Refusal(_GROUP)
    asks = tokens.signed(requests(account, settings[_ID].base), in_query(graph.PARAMETER, token))
    return Route(_ID, asks, parse)


def requests(account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first: who the Page is."""
    match = matched(_ID, account.url)
    name = match.id if match else ""
    numbered = _NUMBERED.fullmatch(name)
    url = graph.edge(graph.root(base, BASE), numbered[1] if numbered else name, fields=_PROFILE)
    return (Ask("profile", url),)


def parse(account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What an answer of the Graph API means."""
    needs = _NEEDS.get(ask.what, _NEEDS["profile"])
    said = graph.read(ask, status, body, platform=_ID, needs=needs, gone=_GONE)
    if isinstance(said, Parsed):
        return _otherwise(ask, said)
    if ask.what == "profile":
        return _profile(account, ask, said)
    if ask.what == "comments" and ask.about is not None:
        return _about(ask, ask.about, said)
    return _posts(account, ask, said)


def _otherwise(ask: Ask, failed: Parsed) -> Parsed:
    """What is asked in place of what was not given: less of it."""
    if ask.what == "profile" and _COUNT in ask.url and failed.blind and failed.blind[0] == _GONE:
        return Parsed(asks=(replace(ask, url=graph.without_field(ask.url, _COUNT)),))
    if _PHOTOS in ask.url and ask.about is not None and failed.documents and not failed.stop:
        return replace(conversation.gathered(ask, ask.about, ()), missed=failed.missed)
    if ask.what in ("posts", "reels") and graph.is_narrow(failed):
        fewer = graph.without_field(ask.url, "comments")
        if fewer != ask.url:
            return Parsed(asks=(replace(ask, url=fewer),))
    if ask.what == "reels" and failed.blind and failed.blind[0].reason not in (Reason.NO_TOKEN, Reason.RATE_LIMITED):
        blind = failed.blind[0]
        return Parsed(blind=(Blind(_REELS + blind.what, blind.reason, blind.remedy),))
    return failed


# ------------------------------------------------------------------------------------------------ the Page


def _profile(account: Account, ask: Ask, said: Table) -> Parsed:
    page = text(said.get("id"))
    if not page:
        return answers.ended("Facebook answered without a Page.", Reason.PLATFORM_OUTAGE)
    name = text(said.get("name"))
    about = [text(said.get(key)) for key in ("about", "bio", "description", "general_info", "mission")]
    bio = "\n".join(dict.fromkeys(filter(None, about)))
    place = text(said.get("single_line_address"))
    counted = table(table(said.get(_COUNT)).get("summary"))
    profile = Profile(
        id=page,
        handle=text(said.get("username")),
        url=account.url,
        name=name,
        bio=bio,
        posts=number(counted.get(_TOTAL)),
        is_private=False if said.get("is_published") is True else None,
        location=place,
    )
    if said.get("is_published") is False:
        what = "The Page is not published: nobody but its administrators sees it."
        return Parsed(profile, blind=(Blind(what, Reason.UNREACHABLE, "Publish it, or end its entry."),), stop=True)
    emails = said.get("emails")
    contact = [
        *(map(text, emails) if isinstance(emails, list) else ()),
        text(said.get("phone")),
        place,
        text(said.get("website")),
    ]
    pictures = (
        (address(table(said.get("cover")).get("source")), "Cover"),
        (address(table(table(said.get("picture")).get("data")).get("url")), "Profile picture"),
    )
    shown = document(
        Parts(
            url=account.url,
            words=(Passage(bio), Passage("\n".join(filter(None, contact)))),
            links=(*answers.addresses_in(bio), *answers.addresses_in(text(said.get("website")))),
            images=tuple(Image(url, what) for url, what in pictures if url),
            title=name or profile.handle,
            author=name,
            depth=0,
        )
    )
    own = text(said.get("access_token"))
    signed = in_query(graph.PARAMETER, Secret(own)) if own else None
    base = graph.root_of(ask.url)
    lists = (("posts", "published_posts", _POST), ("reels", "video_reels", _REEL))
    asks = (
        _Listing(
            what,
            graph.edge(base, f"{page}/{path}", fields=fields, limit=str(PAGE)),
            signed=signed,
            counted=(profile.posts or 0) if what == "posts" else 0,
        )
        for what, path, fields in lists
    )
    return Parsed(profile, (shown,), tuple(asks))


# ------------------------------------------------------------------------------------------------ posts


def _posts(account: Account, ask: Ask, said: Table) -> Parsed:
    if not isinstance(said.get("data"), list):
        return answers.ended("Facebook answered without a list of posts.", Reason.PLATFORM_OUTAGE)
    documents: list[Document] = []
    asks: list[Ask] = []
    missed: list[tuple[str, Blind]] = []
    for post in rows(said.get("data")):
        if not _is_public(post):
            continue
        shown, todo = _post(account, ask, post)
        gap = conversation.NONE_SHOWN if _is_silent(table(post.get("comments"))) else None
        if todo is not None:
            asks.append(replace(todo, gap=gap))
            continue
        documents.append(replace(shown, comments_whole=False) if gap else shown)
        if gap is not None:
            missed.append((shown.url, gap))
    counted, shown_before = (ask.counted, ask.shown) if isinstance(ask, _Listing) else (0, 0)
    so_far = shown_before + len(rows(said.get("data")))
    url = graph.more(said, ask.url, sure=ask.what != "posts")
    if url:
        asks.append(_Listing(ask.what, url, page=ask.page + 1, counted=counted, shown=so_far))
    gaps = [*([] if url else _short(counted, so_far)), *_unheard(ask)]
    return Parsed(documents=tuple(documents), asks=tuple(asks), blind=tuple(gaps), missed=tuple(missed))


def _is_silent(listed: Table) -> bool:
    """Whether there are comments by Facebook's own count, and it gives out none of them."""
    return bool(number(table(listed.get("summary")).get(_TOTAL))) and not rows(listed.get("data"))


def _short(counted: int, given: int) -> Iterator[Blind]:
    """That the list of posts ended before its time."""
    if counted and (not given or counted - given > max(2, counted * _DRIFT)):
        what = f"Facebook counts {counted:,} posts on it and gives out {given:,} of them."
        yield Blind(what, Reason.PARTIAL_LISTING, "Look at the Page yourself, logged out.")


def _unheard(ask: Ask) -> Iterator[Blind]:
    """That posts were asked for without their comments, as the token may not see them."""
    if ask.what == "posts" and "comments." not in ask.url and ask.page == 1:
        narrow = tokens.narrow(_ID, _NEEDS["comments"])
        yield replace(narrow, what=_NO_COMMENTS + narrow.what)


def _is_public(post: Table) -> bool:
    """Whether strangers see the post."""
    hidden = any(post.get(key) is True for key in ("is_hidden", "is_expired"))
    shown = all(post.get(key) is not False for key in ("is_published", "published"))
    return shown and not hidden and text(table(post.get("privacy")).get("value")).upper() in _EVERYONE


def _post(account: Account, ask: Ask, post: Table) -> tuple[Document, Gathering | None]:
    """The post, and what is still to be asked about it."""
    name = text(post.get("id"))
    attached = list(_attached(post))
    # Photographs come first: their own words are asked for by their numbers, in this order.
    attached.sort(key=lambda part: not part.number)
    images = {part.image.url: part.image for part in attached if part.image is not None}
    lone = address(post.get("full_picture")) or address(post.get("picture"))
    if lone and not images:
        images[lone] = Image(lone)
    words = [text(post.get(key)) for key in ("title", "message", "description")]
    said = "\n".join(filter(None, words)) or text(post.get("story"))
    shown = document(
        Parts(
            url=_address(account, post, name),
            words=(Passage(said), *(Passage(part.words, Place.DESCRIPTION) for part in attached if part.words)),
            links=(*answers.addresses_in(said), *(part.link for part in attached if part.link is not None)),
            images=tuple(images.values()),
            author=text(table(post.get("from")).get("name")),
            published_on=moment(post.get("created_time")),
        )
    )
    base = graph.root_of(ask.url)
    listed = table(post.get("comments"))
    url = graph.edge(base, f"{name}/comments", filter="stream", fields=_COMMENT, limit=str(COMMENTS))
    rest = graph.more(listed, url)
    shown = answers.with_comments(_open(shown, listed), _comments(shown, listed))
    if not rest and ("comments" in post or "comments." in ask.url):
        # Where nobody has commented, the list is left out.
        shown = replace(shown, comments_whole=True)
    photos = [part.number for part in attached if part.number and part.image is not None][:MOST_PICTURES]
    waiting = (rest,) if rest else ()
    if photos:
        asked = f"{base}{_PHOTOS}{','.join(dict.fromkeys(photos))}&fields={_PHOTO}"
        return shown, Gathering("comments", asked, shown, waiting=waiting)
    return shown, Gathering("comments", rest, shown) if rest else None


def _address(account: Account, post: Table, name: str) -> str:
    """Where people read the post. Some permanent links are made anew for each who asks: then by its number."""
    given = absolute(post.get("permalink_url"), HOME)
    page, _, own = name.partition("_")
    if given.rstrip("/") not in ("", HOME) and "pfbid" not in given:
        return given.partition("#")[0]
    return f"{HOME}/{page}/posts/{own}" if own else f"{account.url.rstrip('/')}/posts/{page}"


class _Attached:
    """One thing that a post shows: a picture, the card of a link. `number` is a photograph's own."""

    def __init__(self, row: Table) -> None:
        kind = text(row.get("media_type")) or text(row.get("type"))
        picture = table(table(row.get("media")).get("image"))
        url = address(picture.get("src"))
        described = text(row.get("description"))
        is_photo = kind in ("photo", "cover_photo", "profile_media")
        self.number = text(table(row.get("target")).get("id")) if is_photo and url else ""
        size = (number(picture.get("width")) or 0, number(picture.get("height")) or 0)
        caption = described if is_photo else ""
        self.image = Image(url, caption=caption, width=size[0], height=size[1]) if url else None
        title = "" if is_photo else text(row.get("title"))
        self.words = "\n".join(filter(None, (title, described)))
        leads = _unwrapped(address(row.get("unshimmed_url")) or address(row.get("url")))
        self.link = Link(leads, title) if leads and not _is_own(leads) else None


def _attached(post: Table) -> Iterator[_Attached]:
    """What the post shows; of an album its pictures, of which it shows the first itself, too."""
    for row in rows(table(post.get("attachments")).get("data")):
        inner = rows(table(row.get("subattachments")).get("data"))
        for part in inner or [row]:
            yield _Attached(part)


def _unwrapped(url: str) -> str:
    """Where a link leads that Facebook sends through its own address."""
    try:
        parts = urlsplit(url)
        if (parts.hostname or "").endswith("facebook.com") and parts.path == "/l.php":
            return address(parse_qs(parts.query).get("u", [""])[0])
    except ValueError:
        return ""
    return url


def _is_own(url: str) -> bool:
    """Whether a link is to the picture or video itself."""
    found = PLATFORM.identify(url)
    return found is not None and found.what == "post"


def _with_words(ask: Ask, whose: Document, said: Table) -> Document:
    """The post with what describes its photographs: their owner's words, else the platform's own."""
    asked = parse_qs(urlsplit(ask.url).query).get("ids", [""])[0].split(",")
    alts = {}
    for image, name in zip(whose.images, asked, strict=False):
        photo = table(said.get(name))
        alts[image.url] = text(photo.get("alt_text_custom")) or text(photo.get("alt_text"))
    return graph.with_alts(whose, alts)


# ------------------------------------------------------------------------------------------------ comments


def _about(ask: Ask, whose: Document, said: Table) -> Parsed:
    """The post with what one more answer tells of it: words about its photographs, or a page of comments."""
    if _PHOTOS in ask.url:
        return conversation.gathered(ask, _with_words(ask, whose, said), ())
    rest = graph.more(said, ask.url)
    return conversation.gathered(ask, _open(whose, said), _comments(whose, said), (rest,) if rest else ())


def _comments(whose: Document, listed: Table) -> list[Comment]:
    """The comments of a list, as far as strangers see them."""
    return [_comment(whose, row) for row in rows(listed.get("data")) if row.get("is_hidden") is not True]


def _open(whose: Document, listed: Table) -> Document:
    """The post with who may comment on it, as far as these comments tell."""
    state = whose.comment_state
    if table(listed.get("summary")).get("can_comment") is False:
        state = CommentState.CLOSED
    elif state is None and any(comment.author != whose.author for comment in _comments(whose, listed)):
        # Somebody else could write; whether everybody may, the interface does not say.
        state = CommentState.OPEN
    return replace(whose, comment_state=state)


def _comment(whose: Document, row: Table) -> Comment:
    own = text(row.get("id")).rpartition("_")[2]
    return Comment(
        text=text(row.get("message")) or text(row.get("text")),
        author=text(table(row.get("from")).get("name")),
        url=address(row.get("permalink_url")) or f"{whose.url}?comment_id={own}",
        published_on=moment(row.get("created_time")),
    )


PLATFORM: Final = Platform(ids=(_ID,), plan=plan, requests=requests, parse=parse)
