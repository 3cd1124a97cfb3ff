"""One address at a time: politely, with patience, and with an answer whatever happens."""

import asyncio
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.exceptions import NotSupported
from scrapy.http import Headers, Response
from scrapy.http.request import NO_CALLBACK

from auditor.model import Blind, Reason
from spiders.certificate import untrusted
from spiders.download import CUT, LIMIT, PARTIAL, NoAnswer
from spiders.engine import Download
from spiders.settings import MAX_BODY, Manners

TRIES: Final = 3
TRIES_IN_SILENCE: Final = 2
"""Tries where nobody answers at all: each may cost the whole deadline."""
LONGEST_WAIT: Final = 30.0
"""Seconds that we wait at most when a server asks for patience; who asks for more is left alone for this time."""
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_ASKS_FOR_PATIENCE: Final = frozenset({429, 503})
_WORTH_ANOTHER_TRY: Final = frozenset({408, 429, 500, 502, 503, 504, 522, 524})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking for one address. `status` is 0 where nobody answered; then `blind` says why.

    `silent` tells that it was the network that failed.

    `location` is the absolute address that a redirect names, else "". `partial` tells that the body broke off.
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


class Fetcher:
    """Asks for addresses through Scrapy's downloader: its slots keep each host's delay and number of requests."""

    def __init__(self, download: Download, manners: Manners) -> None:
        self._download = download
        self._manners = manners
        self._resting: dict[str, float] = {}
        self._paces: dict[str, _Pace] = {}

    async def get(self, url: str, *, limit: int = MAX_BODY, cut: bool = False) -> Answer:
        """The answer for that address after a few tries; redirects are answers, too. Never raises for weather.

        A body over `limit` bytes is refused, or cut off there where `cut` says so.
        """
        host = host_of(url)
        if host in self._paces:
            async with self._paces[host].turn:
                return await self._get(url, host, limit, cut)
        return await self._get(url, host, limit, cut)

    def slow_down(self, host: str, delay: float) -> None:
        """From now on that host is asked for one page at a time, with so many seconds between them."""
        if delay > self._manners.delay:
            self._paces[host] = _Pace(min(delay, LONGEST_WAIT))

    async def _get(self, url: str, host: str, limit: int, cut: bool) -> Answer:
        for attempt in range(TRIES):
            await self._rest(host)
            answer, again, wait = await self._try(url, limit, cut)
            if host in self._paces:
                self._let_rest(host, self._paces[host].delay)
            if not again or attempt + 1 >= (TRIES if answer.status else TRIES_IN_SILENCE):
                break
            self._let_rest(host, self._manners.pause * 2**attempt if wait is None else wait)
        return answer

    async def _try(self, url: str, limit: int, cut: bool) -> tuple[Answer, bool, float | None]:
        """One try: the answer, whether another may fare better, and how long the server asks us to wait."""
        try:
            response = await self._download(Request(url, callback=NO_CALLBACK, meta={LIMIT: limit, CUT: cut}))
        except NoAnswer as failure:
            return await self._failed(url, failure), failure.again, None
        except (ValueError, NotSupported):
            return Answer(url, blind=Blind("it is no valid web address", Reason.UNREACHABLE)), False, None
        wait = _wait(response.headers) if response.status in _ASKS_FOR_PATIENCE else None
        return _answer(url, response), response.status in _WORTH_ANOTHER_TRY, wait

    async def _failed(self, url: str, failure: NoAnswer) -> Answer:
        if not failure.tls:
            return Answer(url, blind=failure.blind, silent=failure.again)
        why = await asyncio.to_thread(untrusted, url, self._manners.guard(), self._manners.deadline)
        return Answer(url, blind=replace(failure.blind, what=why or failure.blind.what))

    async def _rest(self, host: str) -> None:
        while (wait := self._resting.get(host, 0.0) - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        self._resting.pop(host, None)

    def _let_rest(self, host: str, seconds: float) -> None:
        self._resting[host] = max(self._resting.get(host, 0.0), time.monotonic() + min(seconds, LONGEST_WAIT))


@dataclass(slots=True)
class _Pace:
    """How slowly a host wants to be read."""

    delay: float
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


def host_of(url: str) -> str:
    """The host of an address in lower case; "" where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _answer(url: str, response: Response) -> Answer:
    headers = response.headers
    content_type = _text(headers, "Content-Type")
    media_type, _, parameters = content_type.partition(";")
    location = ""
    if response.status in _REDIRECTS:
        location = _absolute(url, _text(headers, "Location"))
    return Answer(
        url=url,
        status=response.status,
        media_type=media_type.strip().lower(),
        charset=_parameter(parameters, "charset"),
        body=response.body,
        location=location,
        file_name=_parameter(_text(headers, "Content-Disposition").partition(";")[2], "filename"),
        partial=PARTIAL in response.flags,
    )


def _text(headers: Headers, name: str) -> str:
    value = headers.get(name)
    return value.decode("utf-8", "replace") if value else ""


def _parameter(parameters: str, name: str) -> str:
    for part in parameters.split(";"):
        key, _, value = part.partition("=")
        if key.strip().lower() == name:
            return value.strip().strip("\"'")
    return ""


def _absolute(url: str, location: str) -> str:
    try:
        return urljoin(url, location.strip()) if location else ""
    except ValueError:
        return ""


def _wait(headers: Headers) -> float | None:
    """The seconds that `Retry-After` asks for, as a number or a date; None where it does not say."""
    text = _text(headers, "Retry-After").strip()
    if text.isascii() and text.isdigit():
        return float(text[:6])
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())
