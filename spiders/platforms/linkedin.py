"""LinkedIn, by its interface and the token of somebody who runs the page: a company's, school's or showcase's posts.

People's profiles have no interface, and the terms keep programs from them. Answers carry names of pictures only, whose
addresses are asked for apart; who wrote a comment is a number, and stays one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from auditor.model import Account, Blind, Comment, CommentState, Document, Image, Link, Passage, Place, Reason
from auditor.outlets.platforms import matched
from spiders import answers, closed, conversation, tokens
from spiders.answers import Parts, Table, address, document, number, rows, table, text
from spiders.credential import bearer
from spiders.platform import Ask, Parsed, Platform, Profile, Refusal, Route, Settings
from spiders.platforms.linkedin_words import as_read, content_of, picture_id

NAME: Final = "LinkedIn"
BASE: Final = "https://api.linkedin.com"
VERSION: Final = "202608"
"""The edition of the interface that is spoken here; each ends a year or so after its month."""
PAGE: Final = 20
COMMENTS: Final = 100
_API: Final = "/rest/"
_SEEN: Final = frozenset({"", "PUBLIC", "LOGGED_IN"})
"""Who may see a post that is for everybody: all members are strangers, too."""
_WHO: Final[Mapping[str, CommentState]] = {"OPEN": CommentState.OPEN, "CLOSED": CommentState.CLOSED}
_NO_PROFILE: Final = Blind(
    "The address names no page of an organisation on LinkedIn.",
    Reason.NOT_IN_ROUTE,
    "Write the page's address into the registry, like https://www.linkedin.com/school/lincoln.",
)
_PERSON: Final = Blind(
    "The terms of LinkedIn do not allow programs to look at people's profiles.",
    Reason.TERMS,
    "If the account speaks for a school, register the school's page in its place.",
)
_GONE: Final = "There is no such page on LinkedIn, or it was closed."
_OPEN_IT: Final = "Open it in your browser; correct or end its entry."
_OUTDATED: Final = Blind(
    f"LinkedIn has ended the edition of its interface that this version of auditor speaks ({VERSION}).",
    Reason.NOT_IN_ROUTE,
    "Install a newer version of auditor. Until then look at the page yourself.",
)
_SHORT: Final = Blind("LinkedIn counts more posts than it lists.", Reason.PARTIAL_LISTING, "Look at the page yourself.")
_NO_PICTURES: Final = "its pictures could not be looked at"
_FILE: Final = "the file that it shows is not read on LinkedIn"


@dataclass(frozen=True, slots=True)
class Batch(Ask):
    """A request about several things at once: `things` as the answer before it told them, and where their `pictures`
    are found, as far as that is known."""

    things: tuple[Table, ...] = field(default=(), repr=False)
    pictures: Mapping[str, str] = field(default_factory=dict, repr=False)


def plan(account: Account, settings: Settings) -> Route | Refusal:
    """The interface of LinkedIn, with the token of somebody who runs the page."""
    match = closed.profile("linkedin", account, _NO_PROFILE)
    if isinstance(match, Refusal):
        return match
    if "/in/" in match.address:
        return Refusal(_PERSON)
    secret = closed.token("linkedin", account, settings)
    if isinstance(secret, Refusal):
        return secret
    signed = bearer(secret, LinkedIn_Version=VERSION, X_Restli_Protocol_Version="2.0.0")
    return Route("linkedin", tokens.signed(requests(account, settings["linkedin"].base or BASE), signed), parse)


def requests(account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first: the organisation, by its number or its name."""
    match = matched("linkedin", account.url)
    name = match.id if match else ""
    asked = name if name.isdecimal() else f"?{urlencode({'q': 'vanityName', 'vanityName': name})}"
    root = f"{base.rstrip('/').removesuffix(_API.rstrip('/'))}{_API}organizations"
    return (Ask("organisation", f"{root}{'' if asked.startswith('?') else '/'}{asked}"),)


def parse(account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What an answer of the interface means."""
    said = answers.loaded(body)
    if not isinstance(said, dict):
        return answers.no_data(body, NAME) if status == 200 else Parsed()
    if status == 200 and ask.what == "organisation":
        return _organisation(account, ask, said)
    if isinstance(ask, Batch) and status in (200, 400, 403, 404):
        return _batch(account, ask, said if status == 200 else {})
    if status != 200:
        return _refused(ask, status)
    if not isinstance(said.get("elements"), list):
        return conversation.unread(ask, Blind("LinkedIn answered without a list.", Reason.PLATFORM_OUTAGE))
    return _posts(ask, said) if ask.about is None else _comments(ask, ask.about, said)


def _refused(ask: Ask, status: int) -> Parsed:
    """What an error means; nothing where only its number tells."""
    if status == 401:
        return conversation.unread(ask, tokens.wrong("linkedin"))
    if status == 403:
        needed = "r_organization_admin" if ask.what == "organisation" else "r_organization_social"
        return conversation.unread(ask, tokens.narrow("linkedin", f"{needed}, of somebody who runs the page"))
    if status == 426:
        return Parsed(blind=(_OUTDATED,), documents=(ask.about,) if ask.about else (), stop=True)
    gone = status == 404 and ask.what == "organisation"
    return answers.ended(_GONE, Reason.UNREACHABLE, _OPEN_IT) if gone else Parsed()


def _batch(account: Account, ask: Batch, said: Table) -> Parsed:
    """What an answer about several things tells; one that was refused tells nothing of any of them."""
    found = table(said.get("results"))
    if ask.what == "states":
        return _shown(ask, found)
    urls = {name: address(table(row).get("downloadUrl")) for name, row in found.items()}
    pictures = {picture_id(name): url for name, url in urls.items() if url}
    if ask.what == "logo":
        return Parsed(documents=tuple(_front(account, thing, pictures) for thing in ask.things))
    return Parsed(asks=(_states(ask, ask.things, pictures),))


# ------------------------------------------------------------------------------------------------ the organisation


def _organisation(account: Account, ask: Ask, said: Table) -> Parsed:
    found = next(iter(rows(said.get("elements"))), {}) if "elements" in said else said
    own = _number(found.get("id"))
    if not own:
        return answers.ended(_GONE, Reason.UNREACHABLE, _OPEN_IT)
    profile = Profile(
        id=own,
        handle=text(found.get("vanityName")),
        url=account.url,
        name=_localized(found, "name"),
        bio=_localized(found, "description"),
        created_on=_moment(table(found.get("created")).get("time")),
        location="\n".join(_places(found)),
    )
    asked = {"author": f"urn:li:organization:{own}", "q": "author", "count": str(PAGE), "start": "0"}
    listed = Ask("posts", f"{_root(ask)}posts?{urlencode(asked)}")
    logo = list(_logo(found))
    if logo:
        return Parsed(profile, asks=(Batch("logo", _many(ask, "images", logo), things=(found,)), listed))
    return Parsed(profile, (_front(account, found, {}),), (listed,))


def _front(account: Account, found: Table, pictures: Mapping[str, str]) -> Document:
    """What the page shows of the organisation itself."""
    name, bio = _localized(found, "name"), _localized(found, "description")
    site = address(_localized(found, "website"))
    specialties = found.get("localizedSpecialties")
    told = [text(one) for one in (specialties if isinstance(specialties, list) else ())]
    logo = [pictures[picture_id(urn)] for urn in _logo(found) if picture_id(urn) in pictures]
    return document(
        Parts(
            url=account.url,
            words=(*map(Passage, (bio, ", ".join(filter(None, told)), *_places(found))),),
            links=(*([Link(site, site)] if site else []), *answers.addresses_in(bio)),
            images=tuple(Image(url, "Logo") for url in logo),
            title=name,
            author=name,
            depth=0,
        )
    )


def _localized(found: Table, key: str) -> str:
    """A text in the reader's language, else in the first that there is."""
    whole = table(found.get(key))
    first = next(filter(None, map(text, table(whole.get("localized")).values())), "")
    return text(found.get(f"localized{key[0].upper()}{key[1:]}")) or first


def _places(found: Table) -> Iterator[str]:
    """Addresses and telephone numbers of the organisation, a line each."""
    parts = ("line1", "line2", "city", "geographicArea", "postalCode", "country")
    for place in rows(found.get("locations")):
        where = table(place.get("address"))
        phone = text(table(place.get("phoneNumber1")).get("number"))
        told = ", ".join(filter(None, [*(text(where.get(part)) for part in parts), phone]))
        if told:
            yield told


def _logo(found: Table) -> Iterator[str]:
    logo = table(found.get("logoV2"))
    urn = text(logo.get("original")) or text(logo.get("cropped"))
    if picture_id(urn):
        yield urn


# ------------------------------------------------------------------------------------------------ posts


def _posts(ask: Ask, said: Table) -> Parsed:
    """One page of the list: what it shows is completed by two requests about all of it, then comes the next page."""
    listed = rows(said.get("elements"))
    posts = tuple(post for post in listed if _is_seen(post))
    wanted = list(dict.fromkeys(urn for post in posts for urn, _ in content_of(post).pictures))
    asks: list[Ask] = []
    if wanted:
        asks.append(Batch("pictures", _many(ask, "images", wanted), things=posts))
    elif posts:
        asks.append(_states(ask, posts, {}))
    paging = table(said.get("paging"))
    start, total = _start(ask) + len(listed), number(paging.get("total"))
    more = bool(listed) and (start < total if total is not None else _is_followed(paging) or len(listed) >= PAGE)
    if more:
        asks.append(Ask("posts", _from(ask.url, start), page=ask.page + 1))
    short = not more and total is not None and start < total
    return Parsed(asks=tuple(asks), blind=(_SHORT,) if short else ())


def _is_seen(post: Table) -> bool:
    published = text(post.get("lifecycleState")) in ("", "PUBLISHED", "PUBLISHED_EDITED")
    return published and text(post.get("visibility")) in _SEEN and text(post.get("id")).startswith("urn:li:")


def _is_followed(paging: Table) -> bool:
    return any(link.get("rel") == "next" for link in rows(paging.get("links")))


def _states(ask: Ask, posts: Iterable[Table], pictures: Mapping[str, str]) -> Batch:
    """The request for who may comment on those posts, and how often it was done."""
    posts = tuple(posts)
    url = _many(ask, "socialMetadata", [text(post.get("id")) for post in posts])
    return Batch("states", url, things=posts, pictures=pictures)


def _shown(ask: Batch, states: Table) -> Parsed:
    documents: list[Document] = []
    asks: list[Ask] = []
    for post in ask.things:
        urn = text(post.get("id"))
        state, shown = table(states.get(urn)), _post(post, ask.pictures)
        shown = replace(shown, comment_state=_WHO.get(text(state.get("commentsState"))))
        summary = table(state.get("commentSummary"))
        written = number(summary.get("count"))
        if written == 0:
            documents.append(replace(shown, comments_whole=True))
            continue
        nested = written is None or written != number(summary.get("topLevelCount"))
        asks.append(Ask("threads" if nested else "comments", _commented(ask, urn), shown))
    return Parsed(documents=tuple(documents), asks=tuple(asks))


def _post(post: Table, pictures: Mapping[str, str]) -> Document:
    words = as_read(post.get("commentary"))
    parts = content_of(post)
    known = {name: pictures.get(picture_id(name), "") for name, _ in parts.pictures}
    parent = text(table(post.get("reshareContext")).get("parent"))
    landing = address(post.get("contentLandingPage"))
    shown = document(
        Parts(
            url=_address(text(post.get("id"))),
            words=(Passage(words), *parts.words),
            links=(
                *answers.addresses_in(words),
                *parts.links,
                *([Link(landing)] if landing else []),
                *([Link(_address(parent))] if parent else []),
            ),
            images=tuple(Image(known[name], alt) for name, alt in parts.pictures if known[name]),
            published_on=_moment(post.get("publishedAt")) or _moment(post.get("createdAt")),
        )
    )
    lacks = _FILE if parts.has_file else _NO_PICTURES if not all(known.values()) else ""
    # Alternative texts tell of pictures that could not be looked at, too.
    unseen = tuple(Passage(alt, Place.ALT) for name, alt in parts.pictures if alt and not known[name])
    return replace(shown, passages=(*shown.passages, *unseen), problem=shown.problem or lacks)


# ------------------------------------------------------------------------------------------------ comments


def _comments(ask: Ask, whose: Document, said: Table) -> Parsed:
    """One page of comments or of the replies to one."""
    found = rows(said.get("elements"))
    more = []
    for row in found:
        urn, summary = _comment_urn(row), table(row.get("commentsSummary"))
        replies = number(summary.get("aggregatedTotalComments", summary.get("totalFirstLevelComments")))
        is_reply = "parentComment" in row
        if urn and not is_reply and (replies or (replies is None and ask.what == "threads")):
            more.append(_commented(ask, urn))
    paging = table(said.get("paging"))
    start, total = _start(ask) + len(found), number(paging.get("total"))
    if found and (start < total if total is not None else _is_followed(paging) or len(found) >= COMMENTS):
        more.insert(0, _from(ask.url, start))
    return conversation.gathered(ask, whose, [_comment(whose, row) for row in found], more)


def _comment(whose: Document, row: Table) -> Comment:
    urn = _comment_urn(row)
    return Comment(
        text=text(table(row.get("message")).get("text")),
        url=f"{whose.url}?{urlencode({'commentUrn': urn})}" if urn else "",
        published_on=_moment(table(row.get("created")).get("time")),
    )


def _comment_urn(row: Table) -> str:
    """What LinkedIn calls the comment; older answers name it by its post and its number."""
    named = text(row.get("commentUrn")) or text(row.get("$URN"))
    thread, own = text(row.get("object")), text(row.get("id"))
    return named or (f"urn:li:comment:({thread},{own})" if thread and own else "")


# ------------------------------------------------------------------------------------------------ addresses


def _root(ask: Ask) -> str:
    return f"{ask.url.partition(_API)[0]}{_API}"


def _many(ask: Ask, kind: str, urns: Iterable[str]) -> str:
    """The request about all of these at once."""
    names = (urn.replace(":digitalmediaAsset:", ":image:") for urn in urns)
    return f"{_root(ask)}{kind}?ids=List({','.join(quote(name, safe='') for name in names)})"


def _commented(ask: Ask, urn: str) -> str:
    return f"{_root(ask)}socialActions/{quote(urn, safe='')}/comments?{urlencode({'count': COMMENTS, 'start': 0})}"


def _from(url: str, start: int) -> str:
    """The same list from a later place on."""
    return re.sub(r"(?<=[?&]start=)\d+", str(start), url)


def _start(ask: Ask) -> int:
    said = parse_qs(urlsplit(ask.url).query).get("start", ["0"])[0]
    return int(said) if said.isdecimal() else 0


def _address(urn: str) -> str:
    """Where people read the post."""
    return f"https://www.linkedin.com/feed/update/{quote(urn, safe=':')}"


def _number(value: object) -> str:
    return str(value) if number(value) else text(value).rpartition(":")[2]


def _moment(value: object) -> datetime | None:
    """The moment that is so many thousandths of a second after 1970 began."""
    thousandths = number(value)
    try:
        return datetime.fromtimestamp(thousandths / 1000, UTC) if thousandths else None
    except (ValueError, OverflowError, OSError):
        return None


PLATFORM: Final = Platform(ids=("linkedin",), plan=plan, requests=requests, parse=parse)
