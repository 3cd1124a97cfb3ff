"""Sites on loopback that answer for handles in as many ways as real ones do, each on a port of its own.

`world("A")` has 400 sites, `world("B")` another 350 with ways to fail that A does not have; both are made by chance
from a seed.
"""

import asyncio
import json
import random
import re
import socket
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Self
from urllib.parse import unquote

from benchmarks.handle_kinds import HANG, KINDS, LOGIN_PAGE, Planted, Reply, filler, html


def world(name: str, *, share: float = 1.0, seed: int = 0, patient: bool = True) -> "World":
    """The world "A" or "B", or that share of each of its kinds, at least one. Not `patient`: nobody is slow in it."""
    chance = random.Random(f"{name}{seed}")  # noqa: S311  no secret
    kinds = [kind for kind in KINDS if kind.counts[name] for _ in range(max(1, round(kind.counts[name] * share)))]
    chance.shuffle(kinds)
    sites = [
        Planted(f"{kind.name} {name}{number}", kind, number, random.Random(f"{name}{number}"))  # noqa: S311
        for number, kind in enumerate(kinds)
    ]
    return World(sites, chance if patient else None)


class World:
    """Running sites. `chance` makes their answers take the time that real ones take; without it they come at once."""

    def __init__(self, sites: Sequence[Planted], chance: random.Random | None) -> None:
        self.sites = sites
        self._chance = chance
        self._counts: Counter[tuple[int, str]] = Counter()
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._loop is not None and self._over is not None:
            self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def start_over(self) -> None:
        """Forgets who asked for what."""
        self._counts.clear()
        for site in self.sites:
            site.hits.clear()
            site.chance.seed(f"again {site.number}")

    @property
    def requests(self) -> int:
        """Requests so far, over all sites."""
        return sum(sum(site.hits.values()) for site in self.sites)

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        # A port that is bound but not listened on refuses connections, and no other site is given it meanwhile.
        ports = [socket.socket() for _ in self.sites]
        servers = []
        for site, port in zip(self.sites, ports, strict=True):
            port.bind(("127.0.0.1", 0))
            site.port = port.getsockname()[1]
            if not site.kind.refuses:
                servers.append(await asyncio.start_server(_Served(self, site).connected, sock=port, backlog=16))
        self._ready.set()
        await self._over.wait()
        for server in servers:
            server.close()
        for port in ports:
            port.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def reply(self, site: Planted, method: str, path: str, body: bytes) -> Reply:
        """The answer of one site, after the time that it takes."""
        handle = unquote(re.split(r"[/?]", path)[-1]) if not body else str(json.loads(body).get("name", ""))
        site.hits[handle] += 1
        self._counts[site.number, "all"] += 1
        if self._chance is not None:
            low, high = site.kind.slow
            await asyncio.sleep(min(0.9, self._chance.lognormvariate(-2.1, 0.6)) + self._chance.uniform(low, high))
        if method not in site.kind.methods:
            return Reply(405)
        if path.startswith("/people/"):
            return Reply(200, site.profile(handle)) if site.has(handle) else Reply(404, site.nobody())
        if path == "/" or path.startswith(("/login", "/consent")):
            return Reply(
                200, LOGIN_PAGE if "login" in path else html(site.name, "<h1>Welcome</h1>" + filler("we", 4000))
            )
        return site.kind.respond(site, handle, self._counts[site.number, "all"])


class _Served:
    """One site's connections. Only as much of HTTP as it takes."""

    def __init__(self, of: World, site: Planted) -> None:
        self._world, self._site = of, site

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError, asyncio.CancelledError, asyncio.LimitOverrunError):
            while await self._one(reader, writer):
                pass
        writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, path, _ = head.split(" ", 2)
        length = re.search(r"content-length: *(\d+)", head, re.IGNORECASE)
        body = await reader.readexactly(int(length[1])) if length else b""
        reply = await self._world.reply(self._site, method, path, body)
        if reply.status == HANG:
            await asyncio.sleep(3600)
        if reply.status < 0:
            return False
        content = reply.body.encode()
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(content)), **reply.headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        sent = b"" if method == "HEAD" else content
        writer.write(f"HTTP/1.1 {reply.status} -\r\n{lines}\r\n".encode() + sent)
        await writer.drain()
        return "connection: close" not in head.lower()
