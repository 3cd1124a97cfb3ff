"""One address asked for: what comes back, and what is sent."""

import asyncio
import gzip
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler

import psutil
import pytest

from auditor.model import Blind, Reason
from spiders.engine import downloading
from spiders.fetch import Answer, Fetcher
from spiders.freshness import validators
from spiders.pace import Pace
from spiders.reactor import run
from spiders.reading import Trace
from spiders.settings import Manners
from tests.servers import Reply, Site, serve

MANNERS = Manners(contact="tech@riverbend.example", version="2", delay=0, allow_networks=("127.0.0.0/8",), pause=0.01)
KNOWN = Trace(etag='"1"', last_modified="Mon, 02 Nov 2026 08:00:00 GMT")


def ask(url: str, manners: Manners = MANNERS, **how: int) -> Answer:
    async def get() -> Answer:
        async with downloading(manners) as download:
            return await Fetcher(download, manners).get(url, **how)  # type: ignore[arg-type]

    return run(get())


def ask_again(url: str, before: Trace) -> Answer:
    async def get() -> Answer:
        async with downloading(MANNERS) as download:
            return await Fetcher(download, MANNERS).get(url, before=before)

    return run(get())


def ask_interface(url: str) -> Answer:
    async def get() -> Answer:
        async with downloading(MANNERS) as download:
            return await Fetcher(download, MANNERS).ask(url)

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


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip,br", "identity, gzip", "x-gzip", "GZIP , identity", "rot13"])
def test_a_body_that_is_packed_in_ways_that_nobody_here_unpacks_is_no_page(encoding: str) -> None:
    twice = gzip.compress(gzip.compress(b"<p>Ana Ortiz" + bytes(10_000_000)))
    with serve({"/": Reply(twice, headers={"Content-Encoding": encoding})}) as site:
        answer = ask(site.url)

    assert answer.blind == Blind("its content could not be unpacked", Reason.UNREACHABLE)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("identity", b"<p>Ana"),
        ("GZIP", gzip.compress(b"<p>Ana", mtime=0)),
        (" gzip ", gzip.compress(b"<p>Ana", mtime=0)),
        ("deflate", zlib.compress(b"<p>Ana")),
        ("br", b"\x8b\x02\x80<p>Ana\x03"),
        ("zstd", b"\x28\xb5\x2f\xfd\x20\x06\x31\x00\x00<p>Ana"),
    ],
)
def test_a_body_that_is_packed_as_browsers_take_it_is_a_page(encoding: str, body: bytes) -> None:
    with serve({"/": Reply(body, headers={"Content-Encoding": encoding})}) as site:
        answer = ask(site.url)

        assert (answer.body, answer.blind) == (b"<p>Ana", None)
        assert site.seen["/"]["Accept-Encoding"] == "gzip, deflate, br, zstd"


def test_a_header_in_letters_of_another_alphabet_is_read_with_the_strange_bytes_escaped() -> None:
    named = Reply("x", headers={"Content-Disposition": 'inline; filename="menú.pdf"'})  # sent in ISO-8859-1
    with serve({"/": named, "/r": Reply(status=302, headers={"Location": "/menú"})}) as site:
        page, moved = ask(site.url), ask(site.at("/r"))

        assert (page.body, page.file_name) == (b"x", "men%FA.pdf")
        assert moved.location == site.at("/men%FA")


@pytest.mark.parametrize("contact", ["tech@riverbend.example", "a\r\nX-Evil: b", "tëch\u202e@x", ""])
def test_our_name_is_one_honest_line(contact: str) -> None:
    name = Manners(contact=contact, version="2").user_agent

    assert name.startswith("auditor/2")
    assert name.isascii()
    assert name.isprintable()
    assert "link" not in name


def test_nobody_can_connect_to_us_while_pages_are_asked_for() -> None:
    def ports() -> set[int]:
        return {c.laddr.port for c in psutil.Process().net_connections() if c.status == psutil.CONN_LISTEN}

    async def opened(url: str) -> set[int]:
        before = ports()
        async with downloading(MANNERS) as download:
            await Fetcher(download, MANNERS).get(url)
            return ports() - before

    with serve({"/": "x"}) as site:
        assert run(opened(site.url)) == set()


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "data:text/html,x", "ftp://ftp.example/x", "s3://bucket/x", "ws://127.0.0.1/x"),
        *("//127.0.0.1/x", "http:127.0.0.1/x", "http:///x", "http://[::1/x", "http://127.0.0.1:x/", "\ud800", "x", ""),
    ],
)
def test_only_web_addresses_are_asked_for(url: str) -> None:
    for answer in (ask(url), ask_again(url, KNOWN), ask_interface(url)):
        assert answer.blind == Blind("it is no valid web address", Reason.UNREACHABLE)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("", "/"),
        ("?x=1", "/?x=1"),
        ("/?#top", "/"),
        ("/a b\tc", "/a%20bc"),
        ("/café?ü=é#é", "/caf%C3%A9?%C3%BC=%C3%A9"),
        ("/caf%C3%A9/caf%e9", "/caf%C3%A9/caf%e9"),
        ("/100%/%zz?50%", "/100%/%zz?50%"),
        ("/a[1]|b{c}", "/a%5B1%5D%7Cb%7Bc%7D"),
        ("/x?a[]=1|2&b='c'", "/x?a%5B%5D=1%7C2&b=%27c%27"),
        ("/~a(b)!$&'*+,;=:@", "/~a(b)!$&'*+,;=:@"),
        ("/../a/./b//c", "/../a/./b//c"),
    ],
)
def test_an_address_is_sent_as_browsers_send_it_the_second_time_as_well(written: str, sent: str) -> None:
    with serve({}) as site:
        ask(site.at(written)), ask_again(site.at(written), KNOWN)

        assert site.hits == [f"GET {sent}"] * 2


def test_a_host_is_named_in_small_letters_and_a_name_and_password_are_no_part_of_it() -> None:
    with serve({}, host="127.0.0.1") as site:
        port = site.url.rpartition(":")[2]
        ask(f"HTTP://Ana:Secret@LOCALHOST:{port}x")

        assert site.seen["/x"]["Host"] == f"localhost:{port.strip('/')}"


def test_a_visitor_reads_an_answer_in_any_case_of_its_headers() -> None:
    def lower(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-type: TEXT/HTML\r\ncontent-length: 1\r\n\r\nx")

    with serve({"/": lower}) as site:
        assert ask(site.url).media_type == "text/html"


# ------------------------------------------------------------------------------------------------ asked again


def test_a_page_that_is_known_is_asked_for_only_if_it_changed() -> None:
    with serve({"/": Reply("", 304, headers={"ETag": '"2"'}), "/new": Reply("News", headers={"ETag": '"3"'})}) as site:
        same, new = ask_again(site.url, KNOWN), ask_again(site.at("/new"), KNOWN)
        sent = site.seen["/"]

    assert (same.status, same.unchanged, same.etag, same.body, same.blind) == (304, True, '"2"', b"", None)
    assert (new.status, new.unchanged, new.etag, new.body) == (200, False, '"3"', b"News")
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == (KNOWN.etag, KNOWN.last_modified)


def test_validators_that_are_named_again_are_kept_and_others_only_where_they_can_be_trusted() -> None:
    same = {"ETag": KNOWN.etag, "Last-Modified": KNOWN.last_modified}
    with serve(
        {
            "/same": Reply("", 304, headers=same),
            "/other": Reply("", 304, headers={**same, "Last-Modified": formatdate(time.time())}),
        }
    ) as site:
        same_again, other = ask_again(site.at("/same"), KNOWN), ask_again(site.at("/other"), KNOWN)

    assert (same_again.etag, same_again.last_modified) == (KNOWN.etag, KNOWN.last_modified)
    assert (other.etag, other.last_modified, other.unchanged) == ("", "", True)


@pytest.mark.parametrize("before", [None, Trace(), Trace(body=b"x", content=b"y", echo="z")])
def test_a_page_of_which_no_server_could_tell_is_asked_for_as_it_is(before: Trace | None) -> None:
    with serve({"/": Reply("", 304)}) as site:
        answer = ask_again(site.url, before) if before else ask(site.url)

        assert (answer.status, answer.unchanged) == (304, False)
        assert not {"If-None-Match", "If-Modified-Since"} & {*site.seen["/"]}


def test_a_busy_server_is_asked_again_for_what_changed_as_well() -> None:
    replies = iter([Reply("x", 503), Reply("x", 429, headers={"Retry-After": "0"}), Reply("", 304)])

    with serve({"/": lambda _: next(replies)}) as site:
        answer = ask_again(site.url, KNOWN)

    assert (answer.unchanged, site.asked("/")) == (True, 3)


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({"ETag": ' "a" '}, ('"a"', "")),
        ({"ETag": 'W/"a"'}, ('W/"a"', "")),
        ({"ETag": "x" * 129}, ("", "")),
        ({"ETag": '"\u00e9"'}, ("", "")),
        ({"ETag": '"a\x07"'}, ("", "")),
        ({"Last-Modified": formatdate(0), "Date": formatdate(60)}, ("", formatdate(0))),
        ({"Last-Modified": formatdate(0), "Date": formatdate(59)}, ("", "")),
        ({"Last-Modified": formatdate(99), "Date": formatdate(0)}, ("", "")),
        ({"Last-Modified": formatdate(0)}, ("", "")),
        ({"Last-Modified": formatdate(0), "Date": "today"}, ("", "")),
        ({"Last-Modified": "yesterday", "Date": formatdate(0), "ETag": '"a"'}, ('"a"', "")),
        # Tags of files are often made of their date, in whole seconds.
        ({"Last-Modified": formatdate(0), "Date": formatdate(1), "ETag": '"a"'}, ("", "")),
        ({"Last-Modified": formatdate(0), "Date": formatdate(99), "ETag": '"a"'}, ('"a"', formatdate(0))),
        ({}, ("", "")),
    ],
)
def test_validators_are_believed_only_where_a_second_change_would_show(
    headers: dict[str, str], kept: tuple[str, str]
) -> None:
    assert validators(headers) == kept


# ------------------------------------------------------------------------------------------------ one pace for all


class Counted:
    """Counts the requests of a server that are under way, and when each began."""

    def __init__(self) -> None:
        self.began: list[float] = []
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def __call__(self, handler: BaseHTTPRequestHandler) -> Reply:
        with self._lock:
            self.began.append(time.monotonic())
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(0.03)
        with self._lock:
            self._now -= 1
        return Reply("", 304) if "If-None-Match" in handler.headers else Reply("x")


@contextmanager
def counting() -> Iterator[tuple[Site, Counted]]:
    counted = Counted()
    with serve({"*": counted}) as site:
        yield site, counted


async def ask_both_ways(site: Site, manners: Manners, pages: int, crawl_delay: float = 0) -> None:
    async with downloading(manners) as download:
        fetcher = Fetcher(download, manners)
        fetcher.slow_down("127.0.0.1", crawl_delay)
        await asyncio.gather(
            *(fetcher.get(site.at(f"/{n}"), before=KNOWN if n % 2 else None) for n in range(pages)),
        )


@pytest.mark.parametrize(("delay", "crawl_delay", "at_once"), [(0.0, 0.0, 8), (0.02, 0.0, 2), (0.02, 0.05, 1)])
def test_pages_that_may_have_changed_and_new_ones_share_their_hosts_pace(
    delay: float, crawl_delay: float, at_once: int
) -> None:
    with counting() as (site, counted):
        run(ask_both_ways(site, replace(MANNERS, delay=delay), 24, crawl_delay))

    between = [later - earlier for earlier, later in zip(counted.began, counted.began[1:], strict=False)]
    assert len(counted.began) == 24
    assert counted.most <= at_once
    assert sum(between) >= max(delay, crawl_delay) * 23 * 0.95


def test_a_host_that_asks_for_patience_rests_whichever_way_it_is_asked() -> None:
    told = threading.Event()
    began: list[float] = []

    def busy(_: BaseHTTPRequestHandler) -> Reply:
        began.append(time.monotonic())
        if told.is_set():
            return Reply("x")
        told.set()
        return Reply("", 503, headers={"Retry-After": "1"})

    async def all_of_it(site: Site) -> None:
        async with downloading(MANNERS) as download:
            fetcher = Fetcher(download, MANNERS)
            first = asyncio.ensure_future(fetcher.get(site.url, before=KNOWN))
            await asyncio.to_thread(told.wait)
            await asyncio.sleep(0.2)
            await asyncio.gather(first, fetcher.get(site.at("/a")), fetcher.get(site.at("/b"), before=KNOWN))

    with serve({"*": busy}) as site:
        run(all_of_it(site))

    assert len(began) == 4
    assert min(began[1:]) - began[0] >= 0.95


def test_a_turn_that_nobody_waits_for_any_more_is_given_to_the_next() -> None:
    async def take_turns() -> list[str]:
        pace, had = Pace(replace(MANNERS, delay=0.01)), list[str]()

        async def have(name: str) -> None:
            async with pace.turn("school.example"):
                had.append(name)
                await asyncio.sleep(0.02)

        waiting = [asyncio.ensure_future(have(str(n))) for n in range(6)]
        await asyncio.sleep(0.015)
        for task in waiting[2:4]:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return had

    assert run(take_turns()) == ["0", "1", "4", "5"]


def test_turns_are_given_in_their_order_after_a_rest_as_well() -> None:
    async def take_turns() -> list[int]:
        pace, had = Pace(replace(MANNERS, delay=0)), list[int]()

        async def have(number: int) -> None:
            async with pace.turn("school.example"):
                had.append(number)

        await have(0)
        pace.rest("school.example", 0.05)
        resting = [asyncio.ensure_future(have(number)) for number in (1, 2, 3)]
        await asyncio.sleep(0.02)
        await asyncio.gather(have(4), *resting)
        return had

    assert run(take_turns()) == [0, 1, 2, 3, 4]
