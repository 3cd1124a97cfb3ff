"""Flickr: by its open feed, which shows the newest photos; with the district's own key by its interface, which shows
all that strangers see."""

from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from auditor.model import Account, Blind, Comment, Document, Image, Passage, Reason
from auditor.outlets.platforms import matched
from spiders import answers, closed, conversation, tokens
from spiders.answers import Parts, Table, address, document, moment, name, rows, since_1970, table, text
from spiders.credential import in_query
from spiders.platform import Ask, Parsed, Platform, Profile, Refusal, Route, Settings

NAME: Final = "Flickr"
BASE: Final = "https://api.flickr.com"
IN_FEED: Final = 20
"""Photos that a feed shows at most."""
PAGE: Final = 500
_EXTRAS: Final = "description,date_upload,tags,owner_name,path_alias,media,count_comments,url_l,url_m,url_s"
_NEWEST: Final = Blind(
    f"Flickr's open feed shows the {IN_FEED} newest photos only, and no comments.",
    Reason.PARTIAL_LISTING,
    "Look at the rest yourself, or name the district's own key for Flickr under [platforms.flickr] in config.toml.",
)
_NO_NUMBER: Final = Blind(
    "Without a key of the district's own, Flickr tells of an account by its number only.",
    Reason.NO_TOKEN,
    "Write the address with the number into the registry, like https://www.flickr.com/photos/12345678@N00, or name the"
    " district's own key under [platforms.flickr] in config.toml.",
)
_NO_PROFILE: Final = Blind(
    "The address names no account on Flickr.",
    Reason.NOT_IN_ROUTE,
    "Write the account's address into the registry, like https://www.flickr.com/photos/12345678@N00.",
)
_GONE: Final = "There is no such account on Flickr, or it was closed."
_OPEN_IT: Final = "Open it in your browser; correct or end its entry."
_WRONG_KEY: Final = "100"
_OUT_OF_ORDER: Final = frozenset({"105", "106"})


def plan(account: Account, settings: Settings) -> Route | Refusal:
    """The interface where there is a key for it, else the feed. Nobody's own profile is read with the district's."""
    match = closed.profile("flickr", account, _NO_PROFILE)
    if isinstance(match, Refusal):
        return match
    key = closed.named_key("flickr", account, settings)
    if isinstance(key, Refusal):
        return key
    base = (settings["flickr"].base if "flickr" in settings else "") or BASE
    if key is not None:
        first = _called(base, "flickr.urls.lookupUser", url=match.address)
        if "@" in match.id:
            first = _called(base, "flickr.people.getInfo", user_id=match.id)
        what = "person" if "@" in match.id else "user"
        return Route("flickr", (Ask(what, first, signed=in_query("api_key", key)),), parse)
    if "@" not in match.id:
        return Refusal(_NO_NUMBER)
    return Route("flickr", requests(account, base), parse, lists_all=False)


def requests(account: Account, base: str) -> tuple[Ask, ...]:
    """What is asked for first without a key: the feed."""
    match = matched("flickr", account.url)
    query = urlencode({"id": match.id if match else "", "format": "json", "nojsoncallback": "1", "lang": "en-us"})
    return (Ask("feed", f"{base.rstrip('/')}/services/feeds/photos_public.gne?{query}"),)


def parse(account: Account, ask: Ask, status: int, body: bytes) -> Parsed:
    """What an answer of Flickr means."""
    said = answers.loaded(body)
    if ask.what == "feed" and status in (400, 404, 410):
        return answers.ended(_GONE, Reason.UNREACHABLE, _OPEN_IT)
    if status != 200:
        return Parsed()
    if not isinstance(said, dict):
        return answers.no_data(body, NAME)
    if ask.what == "feed":
        return _feed(account, said)
    if said.get("stat") != "ok":
        return _failed(ask, said)
    if ask.what == "comments" and ask.about is not None:
        found = rows(table(said.get("comments")).get("comment"))
        return conversation.gathered(ask, ask.about, map(_comment, found))
    base = ask.url.partition("/services/")[0]
    if ask.what == "user":
        who = text(table(said.get("user")).get("id"))
        return Parsed(asks=(Ask("person", _called(base, "flickr.people.getInfo", user_id=who)),))
    return _person(account, base, said) if ask.what == "person" else _photos(account, ask, base, said)


def _called(base: str, method: str, **query: str) -> str:
    asked = {"method": method, **query, "format": "json", "nojsoncallback": "1"}
    return f"{base.rstrip('/')}/services/rest/?{urlencode(asked)}"


def _failed(ask: Ask, said: Table) -> Parsed:
    """What an answer means that says of itself that it is an error."""
    code = str(said.get("code"))
    if code == _WRONG_KEY:
        return conversation.unread(ask, tokens.wrong("flickr", "it knows no such key"))
    if code in _OUT_OF_ORDER or ask.what not in ("user", "person"):
        return conversation.unread(ask, Blind("Flickr answered with an error.", Reason.PLATFORM_OUTAGE))
    return answers.ended(_GONE, Reason.UNREACHABLE, _OPEN_IT)


# ------------------------------------------------------------------------------------------------ the feed


def _feed(account: Account, said: Table) -> Parsed:
    if not isinstance(said.get("items"), list):
        return answers.ended("Flickr answered without a list of photos.", Reason.PLATFORM_OUTAGE)
    found = rows(said.get("items"))
    about = Passage(answers.words_of(_text(said.get("description"))))
    head = document(Parts(account.url, (about,), title=text(said.get("title")), depth=0))
    shown = tuple(replace(_of_feed(item), comments_whole=False) for item in found if address(item.get("link")))
    return Parsed(documents=(head, *shown), blind=(_NEWEST,) if len(found) >= IN_FEED else ())


def _of_feed(item: Table) -> Document:
    picture = address(table(item.get("media")).get("m"))
    return document(
        Parts(
            url=address(item.get("link")),
            words=(Passage(text(item.get("tags"))),),
            markup=_text(item.get("description")),
            images=(Image(picture, text(item.get("title"))),) if picture else (),
            title=text(item.get("title")),
            # nobody@flickr.com ("Lincoln Elementary")
            author=text(item.get("author")).partition("(")[2].removesuffix(")").strip('"'),
            published_on=moment(item.get("published")),
        )
    )


# ------------------------------------------------------------------------------------------------ the interface


def _person(account: Account, base: str, said: Table) -> Parsed:
    person = table(said.get("person"))
    number = text(person.get("nsid")) or text(person.get("id"))
    if not number:
        return answers.ended("Flickr answered without a profile.", Reason.PLATFORM_OUTAGE)
    about = _content(person.get("description"))
    count = _content(table(person.get("photos")).get("count"))
    profile = Profile(
        id=number,
        handle=text(person.get("path_alias")) or number,
        url=account.url,
        name=text(_content(person.get("realname"))) or text(_content(person.get("username"))),
        bio=answers.words_of(about),
        posts=int(count[:9]) if count.isascii() and count.isdigit() else None,
        location=text(_content(person.get("location"))),
    )
    shown = document(
        Parts(
            url=account.url,
            words=(Passage(text(_content(person.get("username")))), Passage(profile.location)),
            markup=about,
            title=profile.name,
            author=profile.name,
            depth=0,
        )
    )
    photos = _called(base, "flickr.people.getPublicPhotos", user_id=number, per_page=str(PAGE), extras=_EXTRAS)
    return Parsed(profile, (shown,), (Ask("photos", f"{photos}&page=1"),))


def _photos(account: Account, ask: Ask, base: str, said: Table) -> Parsed:
    listed = table(said.get("photos"))
    if not isinstance(listed.get("photo"), list):
        return answers.ended("Flickr answered without a list of photos.", Reason.PLATFORM_OUTAGE)
    documents: list[Document] = []
    asks: list[Ask] = []
    for photo in rows(listed.get("photo")):
        number = name(photo.get("id"))
        shown = _photo(account, photo, number)
        if str(photo.get("count_comments", "?")) != "0":  # where nobody says how many, there may be some
            asks.append(Ask("comments", _called(base, "flickr.photos.comments.getList", photo_id=number), shown))
        else:
            documents.append(replace(shown, comments_whole=True))
    pages = name(listed.get("pages"))
    if pages.isascii() and pages.isdigit() and ask.page < int(pages[:9]):
        asks.append(Ask("photos", f"{ask.url.rpartition('&page=')[0]}&page={ask.page + 1}", page=ask.page + 1))
    return Parsed(documents=tuple(documents), asks=tuple(asks))


def _photo(account: Account, photo: Table, number: str) -> Document:
    picture = next((url for size in "lms" if (url := address(photo.get(f"url_{size}")))), "")
    owner = text(photo.get("pathalias")) or text(photo.get("owner"))
    title = text(photo.get("title"))
    return document(
        Parts(
            url=f"https://www.flickr.com/photos/{owner}/{number}/" if owner else f"{account.url}/{number}",
            words=(Passage(text(photo.get("tags"))),),
            markup=_content(photo.get("description")),
            images=(Image(picture, title),) if picture else (),
            title=title,
            author=text(photo.get("ownername")),
            published_on=since_1970(photo.get("dateupload")),
        )
    )


def _comment(row: Table) -> Comment:
    return Comment(
        text=answers.words_of(_text(row.get("_content"))),
        author=text(row.get("realname")) or text(row.get("authorname")),
        url=address(row.get("permalink")),
        published_on=since_1970(row.get("datecreate")),
    )


def _content(value: object) -> str:
    """The text of an element, as Flickr writes its XML in JSON."""
    inner = table(value).get("_content")
    return str(inner) if isinstance(inner, int) else _text(inner)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


PLATFORM: Final = Platform(ids=("flickr",), plan=plan, requests=requests, parse=parse)
