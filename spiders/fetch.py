"""One address at a time: politely, with patience, and with an answer whatever happens."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin

from auditor.model import Blind, Reason
from spiders.certificate import untrusted
from spiders.credential import Credential
from spiders.download import NoAnswer, Reply, legible
from spiders.engine import Download
from spiders.freshness import moment, validators
from spiders.hrefs import as_read
from spiders.pace import host_of as host_of
from spiders.platform import no_header
from spiders.reading import Trace
from spiders.settings import MAX_BODY, Manners

TRIES: Final = 3
TRIES_IN_SILENCE: Final = 2
"""Tries where nobody answers at all: each may cost the whole deadline."""
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_NOT_MODIFIED: Final = 304
_ETAG: Final = "If-None-Match"
_DATE: Final = "If-Modified-Since"
_ASKS_FOR_PATIENCE: Final = frozenset({429, 503})
_WORTH_ANOTHER_TRY: Final = frozenset({408, 429, 500, 502, 503, 504, 522, 524})


@dataclass(slots=True)  # not frozen: to fill that in takes four times as long, and there is one for each page
class Answer:
    """What came of asking for one address. `status` is 0 where nobody answered; then `blind` says why.

    `silent` tells that it was the network that failed.

    `location` is the absolute address that a redirect names, else "". `partial` tells that the body broke off.
    `etag` and `last_modified` are what the page may be asked for by again; `unchanged` tells that the server says it is
    as it was `before`, and sent nothing. `header` gives what a header of it says, by name.
    """

    url: str
    status: int = 0
    media_type: str = ""
    charset: str = ""
    body: bytes = field(default=b"", repr=False)
    location: str = ""
    file_name: str = ""
    partial: bool = False
    blind: Blind | None = None
    silent: bool = False
    etag: str = ""
    last_modified: str = ""
    unchanged: bool = False
    header: Callable[[str], str] = field(default=no_header, repr=False, compare=False)


class Fetcher:
    """Asks for addresses, again where that may help. `download` keeps each host's delay and number of requests."""

    def __init__(self, download: Download, manners: Manners) -> None:
        self._download = download
        self._manners = manners

    async def get(self, url: str, *, limit: int = MAX_BODY, cut: bool = False, before: Trace | None = None) -> Answer:
        """The answer for that address after a few tries; redirects are answers, too. Never raises for weather.

        A body over `limit` bytes is refused, or cut off there where `cut` says so. With what is known of the page from
        `before`, the server is asked to send it only if it changed.
        """
        known = {} if before is None else _conditions(before)
        return await self._patiently(url, lambda: self._try(url, limit, cut, known))

    async def ask(
        self, url: str, signed: Credential | None = None, *, body: bytes = b"", media_type: str = ""
    ) -> Answer:
        """The answer of a platform's documented interface; else as `get` does.

        `signed` is added when the request is dialled, and taken out of the answer; what is asked by POST is in `body`.
        A token never goes where others could read along: over `https:` only, but for addresses on networks that were
        named on purpose.

        A signed request asks nobody's robots.txt. That file speaks to crawlers, and the platforms' own says that none
        may come; who made the token allowed its owner to ask for just this. Each host's pace, its wishes for patience
        and all limits are kept.
        """
        headers = {"Accept": "application/json"}
        if body:
            headers["Content-Type"] = media_type
        if signed is not None:
            if not url.startswith("https://") and not self._manners.guard().names(host_of(url)):
                return Answer(url, blind=_READ_ALONG)
            headers |= signed.headers()
        answer = await self._patiently(url, lambda: self._try_signed(url, headers, signed, body))
        return answer if signed is None else replace(answer, body=signed.without(answer.body))

    async def _patiently(self, url: str, attempt: "Callable[[], Awaitable[_Tried]]") -> Answer:
        """The answer after a few tries, with the rests between them that the host of the address asks for."""
        for number in range(TRIES):
            answer, again, wait = await attempt()
            if not again or number + 1 >= (TRIES if answer.status else TRIES_IN_SILENCE):
                break
            self._download.pace.rest(host_of(url), self._manners.pause * 2**number if wait is None else wait)
        return answer

    def slow_down(self, host: str, delay: float) -> None:
        """From now on that host is asked for one page at a time, with so many seconds between them."""
        self._download.pace.slow_down(host, delay)

    async def _try(self, url: str, limit: int, cut: bool, known: Mapping[str, str]) -> "_Tried":
        """One try."""
        try:
            reply = await self._download.get(url, known, limit=limit, cut=cut)
        except NoAnswer as failure:
            return await self._failed(url, failure), failure.again, None
        return _tried(url, reply, known)

    async def _try_signed(
        self, url: str, headers: Mapping[str, str], signed: Credential | None, body: bytes
    ) -> "_Tried":
        """One try. The address with a token in it lives no longer than this."""
        dialled = url if signed is None else signed.address(url)
        try:
            reply = await self._download.directly(dialled, headers, limit=MAX_BODY, cut=False, body=body)
        except NoAnswer as failure:
            return await self._failed(url, failure), failure.again, None
        return _tried(url, reply, {})

    async def _failed(self, url: str, failure: NoAnswer) -> Answer:
        if not failure.tls:
            return Answer(url, blind=failure.blind, silent=failure.again)
        why = await asyncio.to_thread(untrusted, url, self._manners.guard(), self._manners.deadline)
        return Answer(url, blind=replace(failure.blind, what=why or failure.blind.what))


_Tried = tuple[Answer, bool, float | None]
"""What came of a try: the answer, whether another may fare better, and how long the server asks us to wait."""

_READ_ALONG: Final = Blind(
    "its address begins with http://, where others could read the access token along",
    Reason.NO_TOKEN,
    "Write its base with https:// under [platforms] in config.toml.",
)


def _tried(url: str, reply: Reply, known: Mapping[str, str]) -> _Tried:
    """A try that was answered; `known` are the conditions that it named."""
    if known and reply.status == _NOT_MODIFIED:
        etag, last_modified = _confirmed(reply.headers, known)
        return Answer(url, reply.status, etag=etag, last_modified=last_modified, unchanged=True), False, None
    wait = _wait(reply.headers.get("Retry-After", "")) if reply.status in _ASKS_FOR_PATIENCE else None
    return _answer(url, reply), reply.status in _WORTH_ANOTHER_TRY, wait


def _confirmed(headers: Mapping[str, str], known: Mapping[str, str]) -> tuple[str, str]:
    """The validators of an answer that may name those again that it was asked by: they can be trusted as they could."""
    named = headers.get("ETag", ""), headers.get("Last-Modified", "")
    return named if named == (known.get(_ETAG, ""), known.get(_DATE, "")) else validators(headers)


def _conditions(before: Trace) -> dict[str, str]:
    """Headers that ask for a page only if it changed; none where nothing is known by which the server could tell."""
    named = {_ETAG: before.etag, _DATE: before.last_modified}
    return {name: value for name, value in named.items() if value}


def _answer(url: str, reply: Reply) -> Answer:
    """What a server sent, with what its headers tell."""
    headers = reply.headers

    def header(name: str) -> str:
        return legible(headers.get(name, ""))

    etag, last_modified = validators(headers)
    media_type, charset = _media(header("Content-Type"))
    return Answer(
        url,
        reply.status,
        media_type=media_type,
        charset=charset,
        body=reply.body,
        location=absolute(url, header("Location")) if reply.status in _REDIRECTS else "",
        file_name=_parameter(header("Content-Disposition").partition(";")[2], "filename"),
        partial=reply.partial,
        etag=etag,
        last_modified=last_modified,
        header=header,
    )


@lru_cache(256)
def _media(told: str) -> tuple[str, str]:
    """The media type that a header names, and the charset."""
    media_type, _, parameters = told.partition(";")
    return media_type.strip().lower(), _parameter(parameters, "charset")


def _parameter(parameters: str, name: str) -> str:
    for part in parameters.split(";"):
        key, _, value = part.partition("=")
        if key.strip().lower() == name:
            return value.strip().strip("\"'")
    return ""


def absolute(url: str, location: str) -> str:
    """Where an answer from `url` says that something is, as an absolute address; "" where it does not say."""
    try:
        return urljoin(url, as_read(location)) if location else ""
    except ValueError:
        return ""


def _wait(text: str) -> float | None:
    """The seconds that `Retry-After` asks for, as a number or a date; None where it does not say."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:6])
    then = moment(text)
    return None if then is None else max(0.0, (then - datetime.now(UTC)).total_seconds())
