"""Scrapy as one function that downloads, and the way past it, for pages that may not have changed.

What is asked for goes through Scrapy's handlers of requests, and past its queues: none of its middlewares is on, and
`spiders.pace` keeps each host's turns. Both ways leave by one door.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.spiders import Spider

from spiders.download import Door, Reply
from spiders.pace import Pace, host_of
from spiders.plain import Plain
from spiders.settings import Manners, settings


class Download:
    """Gives the answer to one request when it is its host's turn; raises `NoAnswer` where there is none."""

    def __init__(self, scrapy: Callable[[Request], Awaitable[Response]], door: Door, plain: Plain, pace: Pace) -> None:
        self._scrapy, self._door, self._plain, self.pace = scrapy, door, plain, pace

    async def __call__(self, request: Request) -> Response:
        """Through Scrapy."""
        async with self.pace.turn(host_of(request.url)):
            return await self._scrapy(request)

    async def again(self, url: str, host: str, conditions: Mapping[str, str], *, limit: int, cut: bool) -> Reply:
        """Past Scrapy, for a page that may be as it was; `host` is that of the address."""
        async with self.pace.turn(host):
            return await self._plain.get(url, conditions, limit=limit, cut=cut)

    async def directly(
        self, url: str, host: str, headers: Mapping[str, str], *, limit: int, cut: bool, body: bytes = b""
    ) -> Reply:
        """Past Scrapy; `host` is that of the address."""
        async with self.pace.turn(host):
            return await self._door.get(url, headers, limit=limit, cut=cut, body=body)


@contextlib.asynccontextmanager
async def downloading(manners: Manners) -> AsyncIterator[Download]:
    """A running Scrapy engine, as something that downloads; each host at its own pace. Leaving closes it."""
    logging.getLogger("scrapy").setLevel(logging.WARNING)
    opened, over = asyncio.Event(), asyncio.Event()
    # Without a runner: it would copy all settings once more, to look for spiders that there are not.
    crawler = Crawler(_Open, settings(manners))
    door = Door(manners)
    plain = Plain(door)
    crawl = asyncio.ensure_future(crawler.crawl_async(opened=opened, over=over, get=plain.get))
    waiting = asyncio.ensure_future(opened.wait())
    await asyncio.wait({crawl, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    try:
        if not crawl.done():
            handlers = crawler.engine.downloader.handlers
            yield Download(handlers.download_request_async, door, plain, Pace(manners))
    finally:
        over.set()
        try:
            await crawl
        finally:
            await door.close()


class _Open(Spider):
    """Keeps Scrapy's engine open until somebody says that it is over."""

    name = "links"

    def __init__(
        self, opened: asyncio.Event, over: asyncio.Event, get: Callable[..., Awaitable[Reply]], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._opened, self._over, self.get = opened, over, get

    async def start(self) -> AsyncIterator[Any]:
        """Asks for nothing by itself."""
        self._opened.set()
        await self._over.wait()
        return
        yield
