"""Scrapy tuned for speed: pages fetched and their links followed; nothing kept.

    python -m benchmarks.bare_spider URL ...

What makes it quick, in the order of what it brings: one item at a time, no Twisted reactor but uvloop and the aiohttp
handler, lexbor, and the middlewares off that a crawl of one site has no use for. It retries, follows redirects and
counts as Scrapy does, and obeys no robots.txt; it judges nothing and writes nothing. What an audit costs beside it is
what the product itself costs.
"""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

import uvloop
from scrapy import Request
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Response
from scrapy.spiders import Spider
from selectolax.lexbor import LexborHTMLParser

DOWNLOADER = "scrapy.downloadermiddlewares"
SPIDER = "scrapy.spidermiddlewares"
UNUSED = (
    *(f"{DOWNLOADER}.httpauth.HttpAuthMiddleware", f"{DOWNLOADER}.httpproxy.HttpProxyMiddleware"),
    *(f"{DOWNLOADER}.redirect.MetaRefreshMiddleware", f"{DOWNLOADER}.cookies.CookiesMiddleware"),
    *(f"{DOWNLOADER}.offsite.OffsiteMiddleware", f"{SPIDER}.referer.RefererMiddleware"),
    *(f"{SPIDER}.depth.DepthMiddleware", f"{SPIDER}.urllength.UrlLengthMiddleware"),
    f"{SPIDER}.metacopy.MetaCopyDetectionMiddleware",
)

SETTINGS = {
    "TWISTED_REACTOR_ENABLED": False,
    "DOWNLOAD_HANDLERS": {
        "http": "scrapy.core.downloader.handlers._aiohttp.AiohttpDownloadHandler",
        **dict.fromkeys(("https", "file", "data", "ftp", "s3")),
    },
    "CONCURRENT_ITEMS": 1,
    "CONCURRENT_REQUESTS": 64,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "DOWNLOADER_MIDDLEWARES": dict.fromkeys(name for name in UNUSED if name.startswith(DOWNLOADER)),
    "SPIDER_MIDDLEWARES": dict.fromkeys(name for name in UNUSED if name.startswith(SPIDER)),
    "ROBOTSTXT_OBEY": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "LOG_LEVEL": "WARNING",
}


class BareSpider(Spider):
    """Follows every link of some sites."""

    name = "bare"
    read = 0

    def __init__(self, urls: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._urls = urls
        self._hosts = {urlsplit(url).netloc for url in urls}

    async def start(self) -> AsyncIterator[Request]:
        """Begins with the front pages."""
        for url in self._urls:
            yield Request(url)

    def parse(self, response: Response, **_kwargs: Any) -> Iterator[Request]:
        """Requests for all pages that this one links to; Scrapy drops those that it knows."""
        if response.status != 200:
            return
        BareSpider.read += 1
        for node in LexborHTMLParser(response.body).css("a[href]"):
            target = urljoin(response.url, node.attributes["href"] or "")
            if urlsplit(target).netloc in self._hosts:
                yield Request(target)


async def _crawl(urls: Sequence[str]) -> None:
    logging.getLogger("scrapy").setLevel(logging.WARNING)
    await AsyncCrawlerRunner(SETTINGS).crawl(BareSpider, urls=urls)


if __name__ == "__main__":
    uvloop.install()
    asyncio.run(_crawl(sys.argv[1:]))
    print(BareSpider.read)
