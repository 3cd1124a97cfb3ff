"""One address at a time: politely, with patience, and with an answer whatever happens."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.exceptions import NotSupported
from scrapy.http import Headers, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.spiders import Spider

from auditor.model import Blind, Reason
from spiders.certificate import untrusted
from spiders.download import CUT, LIMIT, PARTIAL, NoAnswer
from spiders.settings import MAX_BODY, Manners, settings

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


class Fetcher:
    """Asks for addresses through Scrapy's downloader: its slots keep each host's delay and number of requests."""

    def __init__(self, crawler: Crawler, manners: Manners) -> None:
        self._crawler = crawler
        self._manners = manners
        self._resting: dict[str, float] = {}

    async def get(self, url: str, *, limit: int = MAX_BODY, cut: bool = False) -> Answer:
        """The answer for that address after a few tries; redirects are answers, too. Never raises for weather.

        A body over `limit` bytes is refused, or cut off there where `cut` says so.
        """
        host = urlsplit(url).hostname or ""
        for attempt in range(TRIES):
            await self._rest(host)
            answer, again, wait = await self._try(url, limit, cut)
            if not again or attempt + 1 >= (TRIES if answer.status else TRIES_IN_SILENCE):
                break
            self._let_rest(host, self._manners.pause * 2**attempt if wait is None else wait)
        return answer

    def slow_down(self, host: str, delay: float) -> None:
        """Asks that host for no more than one page in so many seconds, as its robots.txt wishes."""
        if delay <= self._manners.delay:
            return
        downloader = self._crawler.engine.downloader
        downloader.per_slot_settings[host] = {"delay": delay, "concurrency": 1}
        if host in downloader.slots:
            downloader.slots[host].delay = delay
            downloader.slots[host].concurrency = 1

    async def _try(self, url: str, limit: int, cut: bool) -> tuple[Answer, bool, float | None]:
        """One try: the answer, whether another may fare better, and how long the server asks us to wait."""
        try:
            response = await self._crawler.engine.download_async(
                Request(url, callback=NO_CALLBACK, meta={LIMIT: limit, CUT: cut})
            )
        except NoAnswer as failure:
            return await self._failed(url, failure), failure.again, None
        except (ValueError, NotSupported):
            return Answer(url, blind=Blind("it is no valid web address", Reason.UNREACHABLE)), False, None
        wait = _wait(response.headers) if response.status in _ASKS_FOR_PATIENCE else None
        return _answer(url, response), response.status in _WORTH_ANOTHER_TRY, wait

    async def _failed(self, url: str, failure: NoAnswer) -> Answer:
        if not failure.tls:
            return Answer(url, blind=failure.blind)
        why = await asyncio.to_thread(untrusted, url, self._manners.guard(), self._manners.deadline)
        return Answer(url, blind=replace(failure.blind, what=why or failure.blind.what))

    async def _rest(self, host: str) -> None:
        while (wait := self._resting.get(host, 0.0) - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        self._resting.pop(host, None)

    def _let_rest(self, host: str, seconds: float) -> None:
        self._resting[host] = max(self._resting.get(host, 0.0), time.monotonic() + min(seconds, LONGEST_WAIT))


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


class _Visit(Spider):
    """Keeps Scrapy's engine open until somebody says that the visit is over."""

    name = "visit"

    def __init__(self, opened: asyncio.Event, over: asyncio.Event, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._opened, self._over = opened, over

    async def start(self) -> AsyncIterator[Any]:
        """Starts nothing by itself; the fetcher asks the engine."""
        self._opened.set()
        await self._over.wait()
        return
        yield


@contextlib.asynccontextmanager
async def fetching(manners: Manners) -> AsyncIterator[Fetcher]:
    """A fetcher over one running Scrapy engine; leaving closes the engine and its connections."""
    logging.getLogger("scrapy").setLevel(logging.WARNING)
    opened, over = asyncio.Event(), asyncio.Event()
    runner = AsyncCrawlerRunner(settings(manners))
    crawler = runner.create_crawler(_Visit)
    crawl = runner.crawl(crawler, opened=opened, over=over)
    waiting = asyncio.ensure_future(opened.wait())
    await asyncio.wait({crawl, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    try:
        if not crawl.done():
            yield Fetcher(crawler, manners)
    finally:
        over.set()
        await crawl
