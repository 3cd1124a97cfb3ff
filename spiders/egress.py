"""The browser's only way out: a forward proxy on loopback that dials nothing the guard does not allow.

It resolves a name once, asks the guard about the very address that it is going to dial, and dials that one. So neither
a redirect, a frame, a WebSocket, a worker, WebRTC nor a name that changes its answer between two look-ups reaches a
private network. It understands `CONNECT` and plain `http://` requests; everything else is refused.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Coroutine
from typing import Any, Final, Self
from urllib.parse import urlsplit

from spiders.guard import Guard

log = logging.getLogger(__name__)

HEAD_BYTES: Final = 64 * 1024
"""The longest request or response head that is passed on."""
CHUNK: Final = 64 * 1024
CONNECT_SECONDS: Final = 10.0
IDLE_SECONDS: Final = 20.0
"""A connection on which nothing moves for so long is closed."""
CONNECTIONS: Final = 64
"""Connections that may be open at once, so that no page can use up the machine's."""
MOST_CONNECTIONS: Final = 1000
"""Connections in all: a page with so many parts is not made for readers."""
MOST_BYTES: Final = 16 * 1024 * 1024
MOST_IN_ALL: Final = 48 * 1024 * 1024

REFUSAL: Final = "auditor; error=destination_ip_prohibited"
"""The `Proxy-Status` of what was not let out, as RFC 9209 words it."""

_BETWEEN_HOPS: Final = frozenset(
    {
        b"connection",
        b"proxy-connection",
        b"keep-alive",
        b"proxy-authorization",
        b"proxy-authenticate",
        b"te",
        b"upgrade",
    }
)


class Refused(Exception):
    """A request that is not let out; the text says why."""


class Egress:
    """A running proxy; each page has one of its own. All caps hold for as long as it runs.

    `most_bytes` is the most that one response, or one tunnel, may bring back, `most_in_all` that all together may move
    both ways, `most_connections` how many may be made (0 lets nothing out at all). Whoever takes more gets nothing
    any more, and is `spent`. Where something was `withheld`, what the page shows may not be all.

    `refused` counts what was not let out, by target; it is for tests and the log, never for a report.
    """

    def __init__(
        self,
        guard: Guard,
        *,
        most_bytes: int = MOST_BYTES,
        most_in_all: int = MOST_IN_ALL,
        most_connections: int = MOST_CONNECTIONS,
    ) -> None:
        self.guard = guard
        self.most_bytes = most_bytes
        self.most_in_all = most_in_all
        self.most_connections = most_connections
        self.connections = 0
        self.moved = 0
        self.refused: dict[str, int] = {}
        self._cut = False
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[object]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=HEAD_BYTES)
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._server is not None:
            self._server.close()
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    @property
    def address(self) -> str:
        """Where it listens, as a browser's proxy setting: "http://127.0.0.1:PORT"."""
        if self._server is None:
            raise RuntimeError("the proxy is not running")
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    @property
    def spent(self) -> bool:
        """Whether something was not let through because it was too much."""
        return self.moved > self.most_in_all or self.connections > self.most_connections

    @property
    def withheld(self) -> bool:
        """Whether anything at all was not let through, or cut off, because it was too much."""
        return self.spent or self._cut

    # -------------------------------------------------------------------------------------------- one connection

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self.connections += 1
        if task is None or self.spent or len(self._open) >= CONNECTIONS:
            writer.close()
            return
        self._open.add(task)
        try:
            await self._answer(reader, writer)
        except Refused as why:
            log.debug("not let out: %s", why)
            writer.write(
                b"HTTP/1.1 403 Forbidden\r\nProxy-Status: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                % REFUSAL.encode()
            )
        except (OSError, TimeoutError, ValueError, EOFError, asyncio.LimitOverrunError):
            with contextlib.suppress(OSError):
                writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        except asyncio.CancelledError:
            pass  # the proxy is closing; the task ends quietly, as asyncio's streams would report it as a fault
        finally:
            self._open.discard(task)
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(1):
                    await writer.drain()
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(CONNECT_SECONDS):
            head = await reader.readuntil(b"\r\n\r\n")
        line, *fields = head[:-4].split(b"\r\n")
        method, target, version = line.split(b" ")
        if not version.startswith(b"HTTP/1."):
            raise Refused("not HTTP/1")
        if method == b"CONNECT":
            await self._tunnel(target.decode("ascii"), reader, writer)
        else:
            await self._forward(method, target.decode("ascii"), fields, reader, writer)

    async def _tunnel(self, target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        split = urlsplit(f"//{target}")
        if not split.hostname or split.port is None:
            raise Refused("no host and port")
        far_reader, far_writer = await self._dial(split.hostname, split.port)
        try:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await _first_of(self._pump(reader, far_writer, None), self._pump(far_reader, writer, self.most_bytes))
        finally:
            far_writer.close()

    async def _forward(
        self,
        method: bytes,
        target: str,
        fields: list[bytes],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        split = urlsplit(target)
        if split.scheme != "http" or not split.hostname:
            raise Refused("no http:// address")
        far_reader, far_writer = await self._dial(split.hostname, split.port or 80)
        try:
            path = f"{split.path or '/'}{'?' + split.query if split.query else ''}"
            kept = [field for field in fields if _name(field) not in _BETWEEN_HOPS | {b"host"}]
            lines = [
                b"%s %s HTTP/1.1" % (method, path.encode("ascii")),
                b"Host: " + split.netloc.rpartition("@")[2].encode("ascii"),
                *kept,
                b"Connection: close",
            ]
            far_writer.write(b"\r\n".join(lines) + b"\r\n\r\n")
            # Only this one request goes to this host: what the browser says next may be meant for another.
            await self._copy_body(fields, reader, far_writer)
            await _first_of(self._bring_back(far_reader, writer), reader.read(1))
        finally:
            far_writer.close()

    async def _copy_body(
        self, fields: list[bytes], reader: asyncio.StreamReader, far_writer: asyncio.StreamWriter
    ) -> None:
        values = {_name(field): field.partition(b":")[2].strip() for field in fields}
        if b"transfer-encoding" in values:
            raise Refused("a request body of unknown length")
        left = int(values.get(b"content-length", b"0"))
        if not 0 <= left <= self.most_bytes:
            raise Refused("a request body that is too long")
        while left:
            async with asyncio.timeout(IDLE_SECONDS):
                data = await reader.read(min(left, CHUNK))
                if not data:
                    raise EOFError
                left -= len(data)
                self._count(data)
                far_writer.write(data)
                await far_writer.drain()

    async def _bring_back(self, far_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(IDLE_SECONDS):
            head = await far_reader.readuntil(b"\r\n\r\n")
            while head.split(b" ", 2)[1].startswith(b"1"):
                head = await far_reader.readuntil(b"\r\n\r\n")
        line, *fields = head[:-4].split(b"\r\n")
        kept = [field for field in fields if _name(field) not in _BETWEEN_HOPS]
        writer.write(b"\r\n".join([line, *kept, b"Connection: close"]) + b"\r\n\r\n")
        length = next((field.partition(b":")[2].strip() for field in kept if _name(field) == b"content-length"), b"")
        await self._pump(far_reader, writer, self.most_bytes, int(length) if length.isdigit() else None)

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        most: int | None,
        expected: int | None = None,
    ) -> None:
        """Copies until the end or the expected length, until nothing moves any more, or until it was too much."""
        moved = 0
        while expected is None or moved < expected:
            async with asyncio.timeout(IDLE_SECONDS):
                data = await reader.read(CHUNK)
                moved += len(data)
                self._cut |= most is not None and moved > most
                if not data or (most is not None and moved > most):
                    return
                self._count(data)
                writer.write(data)
                await writer.drain()

    def _count(self, data: bytes) -> None:
        self.moved += len(data)
        if self.spent:
            raise Refused("it moves more than a page may")

    # -------------------------------------------------------------------------------------------- the guarded dial

    async def _dial(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to the first address of the host that may be dialled; `Refused` where there is none."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(CONNECT_SECONDS):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            for family, _, _, _, place in found:
                number = str(place[0])
                if self.guard.allows(number):
                    return await asyncio.open_connection(number, port, family=family, limit=HEAD_BYTES)
        self.refused[f"{host}:{port}"] = self.refused.get(f"{host}:{port}", 0) + 1
        raise Refused(f"{host} is on a network that may not be visited")


async def _first_of(*halves: Coroutine[Any, Any, object]) -> None:
    """Runs both directions until one of them ends, then ends the other."""
    tasks = [asyncio.ensure_future(half) for half in halves]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _name(field: bytes) -> bytes:
    return field.partition(b":")[0].strip().lower()
