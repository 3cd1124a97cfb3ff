"""Scrapy's engine as one function that downloads: its slots keep each host's delay and number of requests."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from scrapy import Request
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Response
from scrapy.spiders import Spider

from spiders.settings import Manners, settings

Download = Callable[[Request], Awaitable[Response]]
"""Gives the answer to one request; raises `spiders.download.NoAnswer` where there is none."""


@contextlib.asynccontextmanager
async def downloading(manners: Manners) -> AsyncIterator[Download]:
    """A running Scrapy engine, as a function that downloads; each host at its own pace. Leaving closes it."""
    logging.getLogger("scrapy").setLevel(logging.WARNING)
    opened, over = asyncio.Event(), asyncio.Event()
    runner = AsyncCrawlerRunner(settings(manners))
    crawler = runner.create_crawler(_Open)
    crawl = runner.crawl(crawler, opened=opened, over=over)
    waiting = asyncio.ensure_future(opened.wait())
    await asyncio.wait({crawl, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    try:
        if not crawl.done():
            yield crawler.engine.download_async
    finally:
        over.set()
        await crawl


class _Open(Spider):
    """Keeps Scrapy's engine open until somebody says that it is over."""

    name = "links"

    def __init__(self, opened: asyncio.Event, over: asyncio.Event, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._opened, self._over = opened, over

    async def start(self) -> AsyncIterator[Any]:
        """Asks for nothing by itself."""
        self._opened.set()
        await self._over.wait()
        return
        yield
