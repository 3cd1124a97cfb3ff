"""Mastodon and its kin, by the open interface of each server: profile, posts, answers to them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from auditor.model import Account, Blind, Comment, CommentState, Document, Image, Passage, Reason
from auditor.outlets.platforms import matched
from spiders import answers, closed, conversation
from spiders.answers import Parts, Table, address, document, moment, name, number, rows, table, text
from spiders.platform import Ask, Parsed, Platform, Profile, Refusal, Route, Settings

PAGE: Final = 40
MOST_ANSWERS: Final = 60
"""Answers to a post that a server shows to strangers; where there are so many, there may be more."""
_SEEN: Final = frozenset({"", "public", "unlisted"})
"""Who may see a post that a stranger sees."""
_NO_PROFILE: Final = Blind(
    "The address names no profile on a Mastodon server.",
    Reason.NOT_IN_ROUTE,
    "Write the profile's address into the registry, like https://social.example/@lincoln.",
)


def plan(account: Account, settings: Settings) -> Route | Refusal:
    """The server that the account lives on, or the one that the configuration names."""
    match = closed.profile("mastodon", account, _NO_PROFILE)
    if isinstance(match, Refusal):
        return match
    base = settings["mastodon"].base if "mastodon" in settings else ""
    return Route("mastodon", requests(account, base or _home(account, match.id)), parse)


def requests(account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first: who the account is."""
    match = matched("mastodon", account.url)
    asked = urlencode({"acct": match.id.partition("@")[0] if match else ""})
    return (Ask("profile", f"{base.rstrip('/')}/api/v1/accounts/lookup?{asked}"),)


def parse(account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What an answer of the server means."""
    said = answers.loaded(body)
    if ask.what == "comments" and ask.about is not None:
        return _comments(ask.about, status, said)
    server = urlsplit(ask.url).netloc
    if status != 200 and ask.what != "profile":
        return answers.ended(f"{server} did not give the list of its posts.", Reason.UNREACHABLE)
    if status != 200:
        what = f"There is no such account on {server}, or it was closed."
        return answers.ended(what, Reason.UNREACHABLE, "Open it in your browser; correct or end its entry.")
    if ask.what == "profile" and isinstance(said, dict):
        return _profile(account, ask.url.partition("/api/")[0], said)
    if ask.what == "posts" and isinstance(said, list):
        return _posts(account, ask, said)
    return answers.no_data(body, server)


def _home(account: Account, handle: str) -> str:
    """Where the account lives: "@room7@social.example" is shown by other servers, too."""
    parts = urlsplit(account.url)
    host = handle.partition("@")[2]
    return f"{parts.scheme}://{parts.netloc}" if host == parts.netloc.lower() else f"https://{host}"


# ------------------------------------------------------------------------------------------------ the profile


def _profile(account: Account, base: str, said: Table) -> Parsed:
    number_of_account = name(said.get("id"))
    if not number_of_account:
        return answers.ended("The server answered without a profile.", Reason.PLATFORM_OUTAGE)
    called, note = text(said.get("display_name")), _markup(said.get("note"))
    profile = Profile(
        id=number_of_account,
        handle=text(said.get("acct")),
        url=account.url,
        name=called,
        bio=answers.words_of(note),
        created_on=moment(said.get("created_at")),
        posts=number(said.get("statuses_count")),
        # “Locked” only asks who may follow: what is public stays so.
        is_private=None,
        # “Indexable” is about the search within such servers, and says nothing of search engines.
        hides_from_search=_truth(said.get("noindex")),
        hides_network=_truth(said.get("hide_collections")),
        approves_followers=_truth(said.get("locked")),
        comment_state=CommentState.OPEN,  # nothing keeps a stranger from answering a public post
    )
    if said.get("suspended") is True:
        what = "Its server has suspended the account."
        return Parsed(profile, blind=(Blind(what, Reason.UNREACHABLE, "Ask whoever runs the server."),), stop=True)
    shown = document(
        Parts(
            url=account.url,
            markup=note + "".join(_fields(said)),
            images=tuple(_pictures(said)),
            title=called or profile.handle,
            author=called,
            depth=0,
        )
    )
    to = address(table(said.get("moved")).get("url"))
    moved = Blind(f"Its owner has moved to another account: {to}", Reason.PARTIAL_LISTING, "Register the new address.")
    posts = f"{base}/api/v1/accounts/{quote(number_of_account, safe='')}/statuses?limit={PAGE}"
    return Parsed(profile, (shown,), (Ask("posts", posts),), (moved,) if to else ())


def _fields(said: Table) -> Iterator[str]:
    """The small table of a profile."""
    for row in rows(said.get("fields")):
        yield f"<p>{_markup(row.get('name'))}: {_markup(row.get('value'))}</p>"


def _pictures(said: Table) -> Iterator[Image]:
    for key, what in (("avatar", "Profile picture"), ("header", "Banner")):
        url = address(said.get(key))
        if url and not url.endswith("/missing.png"):
            yield Image(url, text(said.get(f"{key}_description")) or what)


# ------------------------------------------------------------------------------------------------ posts


def _posts(account: Account, ask: Ask, said: list[object]) -> Parsed:
    documents: list[Document] = []
    asks: list[Ask] = []
    api = ask.url.partition("/accounts/")[0]
    found = rows(said)
    for status in found:
        shared = table(status.get("reblog"))
        post = shared or status
        if text(post.get("visibility")) not in _SEEN:
            continue
        shown = _post(account, post)
        if shared:
            # The account spoke on the day on which it shared it, whenever that was written.
            documents.append(replace(shown, published_on=moment(status.get("created_at")) or shown.published_on))
        elif number(post.get("replies_count")):
            asks.append(Ask("comments", f"{api}/statuses/{quote(name(post.get('id')), safe='')}/context", shown))
        else:
            documents.append(replace(shown, comments_whole=True if post.get("replies_count") == 0 else None))
    last = name(found[-1].get("id")) if found else ""
    if last:
        more = f"{ask.url.partition('&max_id=')[0]}&max_id={quote(last, safe='')}"
        asks.append(Ask("posts", more, page=ask.page + 1))
    return Parsed(documents=tuple(documents), asks=tuple(asks))


def _post(account: Account, post: Table) -> Document:
    author = table(post.get("account"))
    choices = [text(option.get("title")) for option in rows(table(post.get("poll")).get("options"))]
    own = f"{account.url.rstrip('/')}/{quote(name(post.get('id')), safe='')}"
    return document(
        Parts(
            url=(address(post.get("url")) or address(post.get("uri")) or own).partition("#")[0],
            words=(Passage(text(post.get("spoiler_text"))), Passage("\n".join(filter(None, choices)))),
            markup=_markup(post.get("content")),
            images=tuple(_images(post)),
            author=text(author.get("display_name")) or text(author.get("acct")),
            language=text(post.get("language")),
            published_on=moment(post.get("created_at")),
        )
    )


def _images(post: Table) -> Iterator[Image]:
    """Pictures, and of a film what is shown of it before it plays."""
    for media in rows(post.get("media_attachments")):
        whole = address(media.get("url")) if media.get("type") == "image" else ""
        url = whole or address(media.get("preview_url"))
        if url:
            yield Image(url, text(media.get("description")))


# ------------------------------------------------------------------------------------------------ answers


def _comments(whose: Document, status: int, said: object) -> Parsed:
    told = table(said).get("descendants")
    if status != 200 or not isinstance(told, list):
        why = Blind(conversation.FAILED, Reason.PARTIAL_LISTING)
        return Parsed(documents=(whose,), missed=((whose.url, why),))
    if not told:  # it was asked for where the server counts some
        return Parsed(documents=(whose,), missed=((whose.url, conversation.NONE_SHOWN),))
    found = [reply for reply in rows(told) if text(reply.get("visibility")) in _SEEN]
    shown = replace(answers.with_comments(whose, map(_comment, found)), comments_whole=len(found) < MOST_ANSWERS)
    more = Blind("there may be more answers than its server shows to visitors", Reason.PARTIAL_LISTING)
    return Parsed(documents=(shown,), missed=((whose.url, more),) if len(found) >= MOST_ANSWERS else ())


def _comment(reply: Table) -> Comment:
    author = table(reply.get("account"))
    return Comment(
        text=answers.words_of(_markup(reply.get("content"))),
        author=text(author.get("display_name")) or text(author.get("acct")),
        url=address(reply.get("url")),
        published_on=moment(reply.get("created_at")),
    )


def _markup(value: object) -> str:
    return value if isinstance(value, str) else ""


def _truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


PLATFORM: Final = Platform(ids=("mastodon",), plan=plan, requests=requests, parse=parse)
