"""Pages are asked for past a session of aiohttp, and nobody can tell the difference."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

import pytest

from auditor.model import Blind
from spiders.download import Door, NoAnswer, Reply
from spiders.plain import Plain
from spiders.settings import Manners

CONDITIONS: Final = {"If-None-Match": '"a"', "If-Modified-Since": "Sun, 01 Nov 2026 08:00:00 GMT"}
MANNERS: Final = Manners(contact="tech@riverbend.example", delay=0, allow_networks=("127.0.0.0/8",), deadline=2)
PACKED: Final = gzip.compress(b"<p>News", mtime=0)
ANSWERS: Final = {
    "nothing changed": b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 9\r\n\r\n',
    "it changed": b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n<p>News",
    "in pieces": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<p>\r\n4\r\nNews\r\n0\r\n\r\n",
    "packed": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s" % (len(PACKED), PACKED),
    "packed twice": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: 7\r\n\r\n<p>News",
    "packed badly": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 7\r\n\r\n<p>News",
    "to its end": b"HTTP/1.0 200 OK\r\n\r\n<p>News",
    "gone": b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone",
    "moved": b"HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n",
    "hints first": b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "another protocol": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: upgrade\r\n\r\n",
    "broken off": b"HTTP/1.1 200 OK\r\nContent-Length: 70\r\n\r\n<p>News",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Length: 8\r\n\r\n<p>News",
    "too large": b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000,
    "too large in pieces": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n%s\r\n0\r\n\r\n"
    % (b"x" * 5000),
    "a long header": b"HTTP/1.1 200 OK\r\nX: %s\r\nContent-Length: 0\r\n\r\n" % (b"x" * 70_000),
    "many headers": b"HTTP/1.1 200 OK\r\n%sContent-Length: 0\r\n\r\n" % (b"X: 1\r\n" * 300),
    "no answer": b"",
    "not HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
}
SLOW: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n<p>"

Get = Callable[[str], Awaitable[Reply]]


class Server:
    """Answers each connection with the same bytes; `asked` are the requests, and `connections` how many came."""

    def __init__(self, answer: bytes, *, times: int, stays_open: bool) -> None:
        self._answer, self._times, self._stays_open = answer, times, stays_open
        self.asked: list[bytes] = []
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        for _ in range(self._times):
            try:
                self.asked.append(await reader.readuntil(b"\r\n\r\n"))
            except asyncio.IncompleteReadError:
                break
            writer.write(self._answer)
        if self._stays_open:
            await reader.read()
        writer.close()


@asynccontextmanager
async def answering(answer: bytes, *, times: int = 1, stays_open: bool = False) -> AsyncIterator[tuple[Server, str]]:
    server = Server(answer, times=times, stays_open=stays_open)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    try:
        yield server, f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    finally:
        listening.close()


@asynccontextmanager
async def both(manners: Manners = MANNERS) -> AsyncIterator[tuple[Get, Get]]:
    door = Door(manners)
    plain = Plain(door)
    try:
        yield (
            lambda url: door.get(url, CONDITIONS, limit=4096, cut=False),
            lambda url: plain.get(url, CONDITIONS, limit=4096, cut=False),
        )
    finally:
        await door.close()


async def told(get: Get, url: str) -> tuple[int, dict[str, str], bytes, bool] | tuple[Blind, bool]:
    try:
        reply = await get(url)
    except NoAnswer as failure:
        return failure.blind, failure.again
    return reply.status, dict(reply.headers), reply.body, reply.partial


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_whatever_a_server_answers_it_is_understood_as_by_a_session(answer: bytes) -> None:
    async def compare() -> None:
        async with answering(answer) as (server, origin), both() as (session, plain):
            expected = await told(session, f"{origin}/a/b.html?c=d%20e#f")
            asked = server.asked[0]

            assert await told(plain, f"{origin}/a/b.html?c=d%20e#f") == expected
            assert {*server.asked[-1].split(b"\r\n")} == {*asked.split(b"\r\n")}
            assert server.asked[-1].startswith(b"GET /a/b.html?c=d%20e HTTP/1.1\r\nHost: ")

    asyncio.run(compare())


@pytest.mark.parametrize("path", ["", "?a=b", "/é", "/a b", "/a\r\nX: y", "/\x00"])
def test_an_address_that_cannot_be_sent_as_it_stands_is_a_sessions_to_ask(path: str) -> None:
    async def compare() -> None:
        async with answering(ANSWERS["it changed"]) as (server, origin), both() as (session, plain):
            expected = await told(session, f"{origin}{path}")

            assert await told(plain, f"{origin}{path}") == expected
            assert all(b"\r\nX: y" not in asked for asked in server.asked)

    asyncio.run(compare())


def test_a_connection_is_kept_for_the_next_page() -> None:
    async def compare() -> None:
        async with answering(ANSWERS["nothing changed"], times=9) as (server, origin), both() as (session, plain):
            await session(f"{origin}/a")
            await plain(f"{origin}/b")
            await plain(f"{origin}/c")

            assert (len(server.asked), server.connections) == (3, 1)

    asyncio.run(compare())


def test_a_connection_that_the_server_closed_meanwhile_is_made_anew() -> None:
    async def compare() -> None:
        async with answering(ANSWERS["nothing changed"]) as (server, origin), both() as (_, plain):
            statuses = [(await plain(f"{origin}/{n}")).status for n in range(3)]

            assert (statuses, server.connections) == ([304] * 3, 3)

    asyncio.run(compare())


def test_a_connection_on_which_something_is_left_unread_serves_nobody_else() -> None:
    async def compare() -> None:
        async with answering(ANSWERS["too large"], times=9) as (server, origin), both() as (_, plain):
            for n in range(2):
                with pytest.raises(NoAnswer, match="larger"):
                    await plain(f"{origin}/{n}")

            assert server.connections == 2

    asyncio.run(compare())


def test_a_server_that_takes_too_long_and_one_on_a_private_network_give_no_answer() -> None:
    hurried = Manners(allow_networks=("127.0.0.0/8",), deadline=0.2)

    async def compare() -> None:
        async with answering(SLOW, stays_open=True) as (server, origin):
            async with both(hurried) as (session, plain):
                assert await told(plain, f"{origin}/") == await told(session, f"{origin}/")
            asked = len(server.asked)
            async with both(Manners()) as (session, plain):
                assert await told(plain, f"{origin}/") == await told(session, f"{origin}/")
            assert len(server.asked) == asked

    asyncio.run(compare())
