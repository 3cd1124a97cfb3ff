"""What the interfaces of Meta's platforms have in common: addresses, pages of a list, and what their errors mean. Pure.

The address of the next page that they send holds the access token. It is never used: only the place in the list is
taken from it, and the address made anew.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from auditor.model import Blind, Document, Passage, Place, Reason
from spiders import answers, html, tokens
from spiders.answers import Table, number, rows, table, text
from spiders.platform import Ask, Parsed

PARAMETER: Final = "access_token"
_PLACES: Final = frozenset({"after", "until", "offset", "__paging_token"})
"""Parts of the query by which a list goes on."""
_VERSION: Final = re.compile(r"/v\d+\.\d+$")
_NO_FIELD: Final = re.compile(r"nonexisting field \((\w+)\)")
_PERMISSION: Final = re.compile(r"\b(?:pages|instagram|threads|business)_[a-z_]{3,60}\b")
_KEPT: Final = frozenset({"id", "message", "text", "caption", "username"})
"""Fields without which nothing would be read: an interface that does not know them is another one."""

_WRONG: Final = frozenset({102, 190})
_NARROW: Final = frozenset({3, 10, *range(200, 300)})
_TOO_MANY: Final = frozenset({4, 17, 32, 341, 368, 613, *range(80000, 80015)})
_TROUBLE: Final = frozenset({1, 2})
_OBJECT: Final = frozenset({100, 803})
_EXPIRED: Final[Mapping[int, str]] = {
    458: "the app that it was made for was removed",
    460: "the password of whoever made it was changed",
    463: "it has expired",
}
_LATER: Final = "The next audit tries again."
_ANSWERS: Final = "the answers to it could not be read"


def root(base: str, usual: str) -> str:
    """Where an interface is asked: `usual`, with its version, or what the configuration names in place of it."""
    named = base.rstrip("/")
    if not named or _VERSION.search(named):
        return named or usual
    return f"{named}/{usual.rpartition('/')[2]}"


def edge(whose: str, path: str, **asked: str) -> str:
    """The address of a thing, or of a list that belongs to one; `whose` is the interface's root."""
    return f"{whose}/{quote(path, safe='/')}?{urlencode(asked)}"


def root_of(url: str) -> str:
    """The root of the interface at which an address is asked."""
    found = re.match(r"(https?://[^?#]*?/v\d+\.\d+)(?:/|\?|$)", url)
    return found[1] if found else url.partition("?")[0].rpartition("/")[0]


def more(said: Table, url: str, *, sure: bool = True) -> str:
    """The address of the next page of the list that was asked for at `url`; "" where it has none.

    The interface says that there is one. Where that is not `sure`, a place in the list after what was shown is enough:
    a page that turns out to be empty costs one request.
    """
    paging = table(said.get("paging"))
    named = text(paging.get("next"))
    after = text(table(paging.get("cursors")).get("after"))
    found = [(key, value) for key, value in _query(named) if key in _PLACES and value] if named else []
    if after and (named or (not sure and rows(said.get("data")))):
        found = [("after", after)]
    if not found:
        return ""
    bare, _, query = url.partition("#")[0].partition("?")
    return f"{bare}?{urlencode([*((key, value) for key, value in parse_qsl(query) if key not in _PLACES), *found])}"


def _query(url: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(url).query)
    except ValueError:
        return []


def read(ask: Ask, status: int, body: bytes, *, platform: str, needs: str, gone: Blind) -> Table | Parsed:
    """The object that an answer is; else what it means that there is none.

    `needs` is the permission that a token must have for it, `gone` what is told where there is no such account.
    """
    said = answers.loaded(body)
    if isinstance(said, dict) and (said.get("error") is not None or status != 200):
        return _failed(ask, status, table(said.get("error")), platform, needs, gone)
    if isinstance(said, dict):
        return said
    return Parsed() if status != 200 else answers.no_data(body, tokens.name_of(platform))


def _failed(ask: Ask, status: int, error: Table, platform: str, needs: str, gone: Blind) -> Parsed:
    code, below, message = number(error.get("code")), number(error.get("error_subcode")), text(error.get("message"))
    unknown = _NO_FIELD.search(message)
    if unknown is not None and unknown[1] not in _KEPT:
        fewer = without_field(ask.url, unknown[1])
        if fewer != ask.url:
            return Parsed(asks=(replace(ask, url=fewer),))
    blind = _meaning(code, below, message, platform, needs)
    if blind is None and (code in _OBJECT or status == 404):
        blind = gone
    if blind is None and error.get("is_transient") is True:
        blind = _out_of_order(platform)
    return Parsed() if blind is None else told(ask, blind)


def _meaning(code: int | None, below: int | None, message: str, platform: str, needs: str) -> Blind | None:
    if code in _WRONG and "page access token" in message.lower():
        return tokens.narrow(platform, "to act for the Page (a token of the Page itself)")
    if code in _WRONG:
        why = _EXPIRED.get(below or 0)
        return tokens.wrong(platform, why) if why else tokens.wrong(platform)
    named = ", ".join(sorted(set(_PERMISSION.findall(message))))
    if code in _NARROW or (code in _OBJECT and (named or "public content access" in message.lower())):
        return tokens.narrow(platform, named or needs)
    if code in _TOO_MANY:
        what = f"{tokens.name_of(platform)} asked us to come back later: too much was asked of it."
        return Blind(what, Reason.RATE_LIMITED, _LATER)
    return _out_of_order(platform) if code in _TROUBLE else None


def _out_of_order(platform: str) -> Blind:
    return Blind(f"{tokens.name_of(platform)} says that it is out of order.", Reason.PLATFORM_OUTAGE, _LATER)


def told(ask: Ask, blind: Blind) -> Parsed:
    """What is told where an answer lacks: of the post that it is about, else of the account, which then ends."""
    if ask.about is None:
        return Parsed(blind=(blind,), stop=True)
    left: tuple[Document, ...] = (ask.about,)
    missed = ((ask.about.url, replace(blind, what=_ANSWERS)),)
    if blind.reason in (Reason.NO_TOKEN, Reason.RATE_LIMITED):
        return Parsed(documents=left, missed=missed, blind=(blind,), stop=True)
    return Parsed(documents=left, missed=missed)


def with_alts(whose: Document, alts: Mapping[str, str]) -> Document:
    """The document with alternative texts for those of its pictures that have none, by their addresses."""
    new = {image.url: alts[image.url] for image in whose.images if not image.alt and alts.get(image.url)}
    passages = (*whose.passages, *(Passage(alt, Place.ALT, url) for url, alt in new.items()))
    return replace(
        whose,
        images=tuple(replace(image, alt=image.alt or new.get(image.url, "")) for image in whose.images),
        passages=passages,
        digest=html.digest(whose.title, "\n".join(passage.text for passage in passages), whose.links),
    )


def is_narrow(parsed: Table | Parsed) -> bool:
    """Whether nothing was read because the token lacks a permission."""
    return isinstance(parsed, Parsed) and any(blind.reason is Reason.TOKEN_SCOPE for blind in parsed.blind)


def without_field(url: str, name: str) -> str:
    """The address that asks for the same without one field, and what that field holds."""
    bare, _, query = url.partition("?")
    asked = [(key, _struck(value, name) if key == "fields" else value) for key, value in parse_qsl(query)]
    return f"{bare}?{urlencode(asked)}"


def _struck(fields: str, name: str) -> str:
    """The list of fields without that one, wherever it stands: "a,b.limit(2){c},d" without b is "a,d"."""
    kept: list[str] = []
    for part in _parts(fields):
        word = re.match(r"\w*", part)
        if word is not None and word[0] == name:
            continue
        head, brace, inner = part.partition("{")
        left = _struck(inner[:-1], name) if brace else ""
        kept.append(f"{head}{{{left}}}" if left else head)
    return ",".join(kept)


def _parts(fields: str) -> list[str]:
    """The list at its commas; what stands in brackets belongs together."""
    found, depth = [""], 0
    for letter in fields:
        depth += (letter in "{(") - (letter in "})")
        if letter == "," and not depth:
            found.append("")
        else:
            found[-1] += letter
    return found
