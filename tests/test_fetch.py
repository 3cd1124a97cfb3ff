"""One address asked for: what comes back, what is sent, and what of Scrapy's own habits is off."""

import time
from http.server import BaseHTTPRequestHandler

import pytest
from scrapy.crawler import Crawler
from scrapy.spiders import Spider

from auditor.model import Blind, Reason
from spiders.engine import downloading
from spiders.fetch import Answer, Fetcher
from spiders.reactor import run
from spiders.settings import Manners, settings
from tests.servers import Reply, serve

MANNERS = Manners(contact="tech@riverbend.example", version="2", delay=0, allow_networks=("127.0.0.0/8",), pause=0.01)


def ask(url: str, manners: Manners = MANNERS, **how: int) -> Answer:
    async def get() -> Answer:
        async with downloading(manners) as download:
            return await Fetcher(download, manners).get(url, **how)  # type: ignore[arg-type]

    return run(get())


def test_an_answer_holds_what_the_server_said_and_a_redirect_is_an_answer() -> None:
    reply = Reply(
        "José", type='text/html; charset="ISO-8859-1"', headers={"Content-Disposition": 'inline; filename="a.pdf"'}
    )
    with serve({"/": reply, "/r": Reply(status=302, headers={"Location": " ../x y?z "})}) as site:
        page, moved = ask(site.url), ask(site.at("/r"))

        assert (page.status, page.media_type, page.charset, page.file_name) == (200, "text/html", "ISO-8859-1", "a.pdf")
        assert (page.body, page.blind, page.partial) == ("José".encode(), None, False)
        assert (moved.status, moved.location) == (302, site.at("/x y?z"))


def test_a_body_is_cut_where_only_its_beginning_is_wanted_and_refused_where_it_is_too_large() -> None:
    with serve({"/": "x" * 100_000}) as site:
        cut, refused = ask(site.url, limit=10, cut=True), ask(site.url, limit=1024 * 1024 // 16)

    assert (cut.body, cut.partial, cut.blind) == (b"x" * 10, True, None)
    assert refused.blind == Blind("it is larger than 0 MB", Reason.LIMIT)


@pytest.mark.parametrize(
    ("wait", "longest"), [("0", 5.0), ("Thu, 01 Jan 1970 00:00:00 GMT", 5.0), ("never", 5.0), ("-5", 5.0), ("", 5.0)]
)
def test_a_server_that_asks_for_odd_patience_is_asked_three_times_and_no_more(wait: str, longest: float) -> None:
    with serve({"/": Reply("x", 503, headers={"Retry-After": wait})}) as site:
        started = time.monotonic()
        answer = ask(site.url)

    assert (answer.status, site.asked("/")) == (503, 3)
    assert time.monotonic() - started < longest


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_packed_body_that_is_broken_is_no_page(encoding: str) -> None:
    with serve({"/": Reply(b"\x1f\x8b not packed", headers={"Content-Encoding": encoding})}) as site:
        answer = ask(site.url)

    assert answer.blind == Blind("its content could not be unpacked", Reason.UNREACHABLE)


@pytest.mark.parametrize("contact", ["tech@riverbend.example", "a\r\nX-Evil: b", "tëch\u202e@x", ""])
def test_our_name_is_one_honest_line(contact: str) -> None:
    name = Manners(contact=contact, version="2").user_agent

    assert name.startswith("auditor/2")
    assert name.isascii()
    assert name.isprintable()
    assert "link" not in name


def test_nothing_is_on_that_nobody_asked_for() -> None:
    async def look() -> tuple[object, ...]:
        crawler = Crawler(Spider, settings(MANNERS))
        crawler._apply_settings()
        handlers = {k: v for k, v in crawler.settings.getwithbase("DOWNLOAD_HANDLERS").items() if v}
        return (
            dict(handlers),
            dict(crawler.settings.getwithbase("DOWNLOADER_MIDDLEWARES")),
            dict(crawler.settings.getwithbase("SPIDER_MIDDLEWARES")),
            crawler.extensions.middlewares,
        )

    ours = "spiders.download.GuardedHandler"
    assert run(look()) == ({"http": ours, "https": ours}, {}, {}, ())


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "data:text/html,x", "ftp://ftp.example/x", "s3://bucket/x", "x", ""]
)
def test_only_web_addresses_are_asked_for(url: str) -> None:
    assert ask(url).blind == Blind("it is no valid web address", Reason.UNREACHABLE)


def test_a_visitor_reads_an_answer_in_any_case_of_its_headers() -> None:
    def lower(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-type: TEXT/HTML\r\ncontent-length: 1\r\n\r\nx")

    with serve({"/": lower}) as site:
        assert ask(site.url).media_type == "text/html"
