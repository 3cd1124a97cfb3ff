"""When the certificates of secure sites end, told before they do: the day after, every browser turns visitors away."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from spiders.download import trusted
from spiders.guard import Guard
from spiders.link_address import origin_of

SOON: Final = timedelta(days=21)
"""A certificate that ends within this time is spoken of: most are renewed a month ahead by a machine."""


class Certificates:
    """Looks at the certificate of each secure server once. Connects through the guard, and sends nothing."""

    def __init__(self, guard: Guard, deadline: float, now: datetime) -> None:
        self._guard = guard
        self._deadline = deadline
        self._now = now
        self._trusted: ssl.SSLContext | None = None
        self._ends: dict[str, asyncio.Task[datetime | None]] = {}

    def close(self) -> None:
        """Stops what is still under way."""
        for task in self._ends.values():
            task.cancel()

    async def warning(self, urls: Iterable[str]) -> str:
        """What to say where a certificate on that way ends soon; "" where none does."""
        origins = [origin for origin in dict.fromkeys(map(origin_of, urls)) if origin.startswith("https:")]
        soon = [end for origin in origins if (end := await self.ends_soon(origin)) is not None]
        return f"Its certificate ends on {min(soon):%B} {min(soon).day}, {min(soon).year}." if soon else ""

    async def ends_soon(self, origin: str) -> datetime | None:
        """When the certificate of a secure server ends, where that is soon; None where it is not or nobody can tell."""
        end = await self._of(origin)
        return end if end is not None and end < self._now + SOON else None

    async def _of(self, origin: str) -> datetime | None:
        if origin not in self._ends:
            self._ends[origin] = asyncio.ensure_future(self._look(origin))
        return await asyncio.shield(self._ends[origin])

    async def _look(self, origin: str) -> datetime | None:
        """The end of the certificate that the server shows; None where it shows none that is trusted."""
        split = urlsplit(origin)
        with contextlib.suppress(OSError, ValueError, TimeoutError):
            async with asyncio.timeout(self._deadline):
                return await self._shown(split.hostname or "", split.port or 443)
        return None

    async def _shown(self, host: str, port: int) -> datetime | None:
        loop = asyncio.get_running_loop()
        self._trusted = self._trusted or trusted()
        last: OSError = ConnectionError()
        for info in await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            try:
                with contextlib.ExitStack() as unless_taken:
                    plain = unless_taken.enter_context(self._guard.socket_for(info))
                    plain.setblocking(False)
                    await loop.sock_connect(plain, info[4])
                    transport, _ = await loop.create_connection(
                        asyncio.Protocol, sock=plain, ssl=self._trusted, server_hostname=host
                    )
                    unless_taken.pop_all()
            except OSError as error:
                last = error
                continue
            shown = transport.get_extra_info("peercert") or {}
            transport.abort()
            return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC) if shown else None
        raise last
