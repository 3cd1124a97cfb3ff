"""The browser's only way out lets nothing through that the guard does not allow."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler

import pytest

from spiders.egress import Egress
from spiders.guard import Guard, networks
from tests.servers import LocalServer

OPEN, CANARY = "127.0.0.2", "127.0.0.3"
"""A host that may be visited, and one that may not."""


class Site(BaseHTTPRequestHandler):
    hits: list[str]

    def do_GET(self) -> None:
        type(self).hits.append(f"{self.command} {self.path} for {self.headers['Host']}")
        body = b"x" * (int(self.path[1:]) if self.path[1:].isdigit() else 5)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close" if self.path == "/inside" else "keep-alive")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).hits.append(f"POST {body.decode()}")
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Server:
    """A site on one loopback address that remembers its visitors."""

    def __init__(self, host: str) -> None:
        self.hits: list[str] = []
        self.http = LocalServer((host, 0), type("SiteHere", (Site,), {"hits": self.hits}))
        self.place = f"{host}:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def site() -> Iterator[Server]:
    server = Server(OPEN)
    yield server
    server.http.shutdown()


@pytest.fixture
def canary() -> Iterator[Server]:
    server = Server(CANARY)
    yield server
    server.http.shutdown()


@asynccontextmanager
async def proxy(**caps: int) -> AsyncIterator[Egress]:
    async with Egress(Guard(networks([f"{OPEN}/32"])), **{"most_bytes": 1_000_000, **caps}) as egress:
        yield egress


async def say(egress: Egress, request: str, then: str = "") -> bytes:
    """What the proxy answers to these bytes, to the end of the connection."""
    host, _, port = egress.address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request.encode())
    if then:
        await asyncio.sleep(0.1)
        writer.write(then.encode())
    answer = b""
    with contextlib.suppress(ConnectionResetError):  # hung up on, without an answer
        async with asyncio.timeout(5):
            answer = await reader.read(-1)
    writer.close()
    return answer


def ask(request: str, *, most_bytes: int = 1_000_000, then: str = "") -> bytes:
    async def once() -> bytes:
        async with proxy(most_bytes=most_bytes) as egress:
            return await say(egress, request, then)

    return asyncio.run(once())


def arrived(site: Server) -> list[str]:
    """What came to the site, once something did: it notes its visitors in a thread of its own."""
    for _ in range(100):
        if site.hits:
            break
        time.sleep(0.02)
    return site.hits


def test_a_plain_request_to_an_allowed_host_comes_back(site: Server) -> None:
    answer = ask(
        f"GET http://{site.place}/page?a=b HTTP/1.1\r\nHost: elsewhere\r\nProxy-Connection: keep-alive\r\n\r\n"
    )

    assert answer.startswith((b"HTTP/1.0 200", b"HTTP/1.1 200"))
    assert answer.endswith(b"xxxxx")
    assert b"Connection: close" in answer
    assert site.hits == [f"GET /page?a=b for {site.place}"]


def test_a_tunnel_to_an_allowed_host_carries_both_ways(site: Server) -> None:
    connect = f"CONNECT {site.place} HTTP/1.1\r\nHost: {site.place}\r\n\r\n"

    answer = ask(connect, then=f"GET /inside HTTP/1.1\r\nHost: {site.place}\r\nConnection: close\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1")
    assert answer.endswith(b"xxxxx")


@pytest.mark.parametrize("host", [CANARY, "127.0.0.3", "2130706435", "0x7f.3", "[::ffff:127.0.0.3]"])
@pytest.mark.parametrize("form", ["GET http://{place}/ HTTP/1.1\r\n\r\n", "CONNECT {place} HTTP/1.1\r\n\r\n"])
def test_a_host_that_may_not_be_visited_is_never_dialled(canary: Server, host: str, form: str) -> None:
    place = f"{host}:{canary.http.server_port}"

    answer = ask(form.format(place=place))

    assert answer.startswith((b"HTTP/1.1 403", b"HTTP/1.1 502"))
    assert canary.hits == []


@pytest.mark.parametrize(
    "request_",
    [
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "GET file:///etc/hostname HTTP/1.1\r\n\r\n",
        "GET ftp://127.0.0.2/x HTTP/1.1\r\n\r\n",
        "GET https://127.0.0.2/x HTTP/1.1\r\n\r\n",
        "CONNECT 127.0.0.2 HTTP/1.1\r\n\r\n",
        "CONNECT :80 HTTP/1.1\r\n\r\n",
        "\x16\x03\x01\x02\x00\r\n\r\n",
        "GET http://no-such-host.invalid/ HTTP/1.1\r\n\r\n",
        "GET http://127.0.0.2:99999/ HTTP/1.1\r\n\r\n",
        "GET http://127.0.0.2/ HTTP/1.1\r\nX: " + "y" * 100_000 + "\r\n\r\n",
    ],
)
def test_everything_else_is_refused_without_a_crash(request_: str) -> None:
    assert ask(request_).startswith((b"HTTP/1.1 403", b"HTTP/1.1 502"))


def test_a_second_request_on_the_same_connection_never_reaches_the_first_ones_host(site: Server) -> None:
    first = f"GET http://{site.place}/one HTTP/1.1\r\n\r\n"
    second = "GET http://other.example/secret HTTP/1.1\r\nCookie: session=1\r\n\r\n"

    ask(first + second)

    assert arrived(site) == [f"GET /one for {site.place}"]


def test_a_request_body_is_passed_on_and_no_more_than_it(site: Server) -> None:
    ask(f"POST http://{site.place}/form HTTP/1.1\r\nContent-Length: 5\r\n\r\nhelloGET /more HTTP/1.1\r\n\r\n")

    assert arrived(site) == ["POST hello"]


def test_a_response_is_cut_at_the_cap(site: Server) -> None:
    answer = ask(f"GET http://{site.place}/900000 HTTP/1.1\r\n\r\n", most_bytes=200_000)

    assert 0 < len(answer) <= 200_000 + 1_000


def test_what_is_cut_at_the_cap_is_told_and_more_may_be_asked_for(site: Server) -> None:
    async def ask_twice() -> tuple[bytes, bool, bool]:
        async with proxy(most_bytes=200_000) as egress:
            await say(egress, f"GET http://{site.place}/900000 HTTP/1.1\r\n\r\n")
            answer = await say(egress, f"GET http://{site.place}/5 HTTP/1.1\r\n\r\n")
            return answer[-5:], egress.withheld, egress.spent

    assert asyncio.run(ask_twice()) == (b"xxxxx", True, False)


def test_a_name_is_resolved_once_and_that_very_address_is_dialled(
    site: Server, canary: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hostile name server gives an allowed address first and a forbidden one later."""
    answers = iter([OPEN, CANARY, CANARY])
    ask_system = socket.getaddrinfo

    def turncoat(host: str, *args: object, **options: object) -> object:
        return ask_system(next(answers) if host == "rebind.example" else host, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", turncoat)
    answer = ask(f"GET http://rebind.example:{site.http.server_port}/ HTTP/1.1\r\n\r\n")
    refused = ask(f"GET http://rebind.example:{canary.http.server_port}/ HTTP/1.1\r\n\r\n")

    assert answer.endswith(b"xxxxx")
    assert refused.startswith(b"HTTP/1.1 403")
    assert canary.hits == []


def many(site: Server, size: int, times: int, **caps: int) -> tuple[list[int], bool]:
    """How much came back of each of several answers of that size, and whether the page had spent what it may."""

    async def one_after_the_other() -> tuple[list[int], bool]:
        async with proxy(**caps) as egress:
            answers = [await say(egress, f"GET http://{site.place}/{size} HTTP/1.1\r\n\r\n") for _ in range(times)]
            return [len(answer.partition(b"\r\n\r\n")[2]) for answer in answers], egress.spent

    return asyncio.run(one_after_the_other())


def test_a_page_that_fetches_more_than_a_page_may_gets_nothing_any_more(site: Server) -> None:
    came, spent = many(site, 100_000, 5, most_in_all=250_000)

    assert (came[:2], came[3:], spent) == ([100_000, 100_000], [0, 0], True)
    assert len(site.hits) == 3


def test_a_page_that_opens_more_connections_than_a_page_may_gets_nothing_any_more(site: Server) -> None:
    came, spent = many(site, 5, 5, most_connections=3)

    assert (came, spent) == ([5, 5, 5, 0, 0], True)
    assert len(site.hits) == 3


def test_a_page_within_its_caps_has_spent_nothing(site: Server) -> None:
    assert many(site, 5, 3, most_connections=3, most_in_all=100) == ([5, 5, 5], False)


def test_what_a_page_sends_counts_as_well(site: Server) -> None:
    async def post() -> tuple[bytes, bool]:
        async with proxy(most_in_all=10_000) as egress:
            head = f"POST http://{site.place}/form HTTP/1.1\r\nContent-Length: 20000\r\n\r\n"
            return await say(egress, head + "x" * 20_000), egress.spent

    answer, spent = asyncio.run(post())

    assert (answer[:12], spent) == (b"HTTP/1.1 403", True)
    assert "x" not in "".join(site.hits)
