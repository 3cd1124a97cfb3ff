"""Small web servers that speak HTTP by hand, as no well-behaved server could misbehave so."""

import asyncio
import gzip
import ssl
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Self

NOT_FOUND = (
    "<title>Page not found</title><h1>Page not found</h1><p>Sorry, we could not find the page you are looking for."
)
ARTICLE = "<p>" + " ".join(
    f"On day {d} the garden club watered bed {d % 7} and wrote down what grew there." for d in range(60)
)

Reply = bytes | Callable[["Asked", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its method, path, how often this path was asked for by GET so far, and its head."""

    method: str
    path: str
    times: int
    head: str


def page(html: str, status: str = "200 OK", *fields: str, media_type: str = "text/html; charset=utf-8") -> bytes:
    """A whole answer."""
    body = html.encode()
    # The field of that name lifts the brake that one link checker puts on itself.
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "LinkChecker: welcome", *fields]
    if media_type:
        lines.append(f"Content-Type: {media_type}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def moved(location: str | None, status: str = "302 Found") -> bytes:
    """An answer that forwards, or, without a location, forgets to say where to."""
    return page("", status, *([f"Location: {location}"] if location is not None else []))


FINE = page(f"<title>School news</title><h1 id='news'>News</h1><a name='caf\u00e9'></a>{ARTICLE}")


def after(failures: int, failure: Reply, reply: Reply = FINE) -> Reply:
    """Fails so many times, then answers."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await send(failure if asked.times <= failures else reply, asked, writer)

    return answer


def only_get(head_status: str, reply: bytes = FINE) -> Reply:
    """Answers GET; HEAD gets another status."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(reply if asked.method == "GET" else page("", head_status))

    return answer


async def silent(_: Asked, _writer: asyncio.StreamWriter) -> None:
    """Says nothing for a long time."""
    await asyncio.sleep(60)


async def hang_up(_: Asked, writer: asyncio.StreamWriter) -> None:
    """Ends the connection without a word."""
    writer.close()


async def drip(_: Asked, writer: asyncio.StreamWriter) -> None:
    """Sends the head at once, and the body a letter at a time."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n")
    for _letter in range(600):
        writer.write(b"<")
        await writer.drain()
        await asyncio.sleep(0.1)


async def cookie_wall(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Forwards to itself until its cookie comes back."""
    writer.write(
        FINE
        if "visited=yes" in asked.head
        else page("", "302 Found", f"Location: {asked.path}", "Set-Cookie: visited=yes; Path=/")
    )


async def no_links_in_name(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A stock firewall rule: whoever has "link" in its name stays out."""
    agent = next((line for line in asked.head.split("\r\n") if line.lower().startswith("user-agent:")), "")
    writer.write(page("", "403 Forbidden") if "link" in agent.lower() else FINE)


def half(reply: bytes) -> Reply:
    """Breaks off in the middle."""

    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(reply[: len(reply) // 2])
        await writer.drain()
        writer.close()

    return answer


def in_chunks(*chunks: bytes) -> Reply:
    """A page in pieces, each written as it is given: its length in front of it or not."""

    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        # At once: whether what came before a wrong chunk is still read would else be a matter of luck.
        writer.write(head + b"".join(chunks))
        await writer.drain()
        writer.close()

    return answer


async def second_version_only(_: Asked, writer: asyncio.StreamWriter) -> None:
    """Answers whatever it is asked as HTTP/2 begins, and ends."""
    writer.write(bytes.fromhex("000000040000000000") + bytes.fromhex("000008070000000000000000000000000d"))
    await writer.drain()
    writer.close()


def zipped() -> bytes:
    """A page that is packed, as most are."""
    body = gzip.compress(f"<title>School news</title>{ARTICLE}".encode())
    head = ("HTTP/1.1 200 OK", "Content-Type: text/html", "Content-Encoding: gzip", f"Content-Length: {len(body)}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


async def send(reply: Reply, asked: Asked, writer: asyncio.StreamWriter) -> None:
    """One reply, whichever form it has."""
    if isinstance(reply, bytes):
        writer.write(reply)
    else:
        await reply(asked, writer)


class Servers:
    """Running servers on numbers of this machine, each with its routes; "*" answers for all other paths.

    `hits` counts the GET requests by host and path; `places` says on which port each host listens. Hosts in `secure`
    speak TLS.
    """

    def __init__(self, hosts: Sequence[str], secure: Mapping[str, ssl.SSLContext]) -> None:
        self.hits: Counter[str] = Counter()
        self.places: dict[str, str] = {}
        self.routes: dict[str, dict[str, Reply]] = {host: {} for host in (*hosts, *secure)}
        self._secure = secure
        self._ready = threading.Event()

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *exc: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def start_over(self) -> None:
        """Forgets all visitors, so that what fails only once fails again."""
        self.hits.clear()

    def serve(self, host: str, path: str, reply: Reply) -> None:
        """Adds a page."""
        self.routes[host][path] = reply

    def place(self, host: str) -> str:
        """Where that server listens, as the beginning of an address."""
        return f"{'https' if host in self._secure else 'http'}://{self.places[host]}"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(lambda *_: None)  # visitors who turn away from a certificate are no news
        self._loop.run_until_complete(self._listen())
        self._ready.set()
        self._loop.run_forever()

    async def _listen(self) -> None:
        for host in self.routes:
            server = await asyncio.start_server(partial(self._serve, host), host, 0, ssl=self._secure.get(host))
            self.places[host] = f"{host}:{server.sockets[0].getsockname()[1]}"

    @staticmethod
    async def _stop() -> None:
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.wait(rest, timeout=2) if rest else None

    async def _serve(self, host: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                method, path, _ = head.split(" ", 2)
                if method == "GET":
                    self.hits[host + path] += 1
                asked = Asked(method, path, self.hits[host + path], head)
                routes = self.routes[host]
                bare = path.partition("?")[0]
                reply = routes.get(path) or routes.get(bare) or routes.get("*") or page(NOT_FOUND, "404 Not Found")
                if asked.method == "HEAD" and isinstance(reply, bytes):
                    reply = reply.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                await send(reply, asked, writer)
                await writer.drain()
        except (OSError, EOFError, asyncio.CancelledError, ValueError):
            pass
        finally:
            writer.close()
