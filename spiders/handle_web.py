"""The way to all sites that are asked for handles: guarded, each origin at its own pace, and a purse for all."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final, Self
from urllib.parse import unquote, urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from auditor.footprint.handles.sign import REDIRECTS, telling, wanted
from auditor.footprint.handles.site import Answer, Ask, Site
from auditor.footprint.handles.walls import is_mirror
from spiders.download import no_answer, session, trusted
from spiders.guard import AddressInfo, Guard, PrivateAddress
from spiders.scope import registrable
from spiders.settings import MAX_AT_ONCE, Manners
from spiders.walls import is_login

_LOOKUPS: Final = 32
"""Names that are looked up at one time: most probes are of hosts that nobody here asked for before."""
_KEPT: Final = 1.5
"""Seconds that a connection is kept open for the next request to the same site."""
PER_ASK: Final = 1.5
"""Requests for each site and handle that a run makes at most, all controls and second tries in it."""
SMALL: Final = 40
"""Requests beyond one for each that a small run makes."""
SHARE: Final = 0.35
"""Controls and second tries that each request still to be made takes, on average."""
BOTH: Final = 2
"""Controls that an answer takes at most."""
FEW: Final = 0.03
"""The share of first requests that nobody waits for."""

_INNER: Final = re.compile(r"(?<=.)https?://([^/:?#{}]+)", re.IGNORECASE)
"""The host of an address that stands within another one: its server would be asked about somebody else's site."""

UNENCRYPTED: Final = "it can only be asked without encryption (http)"
THIRD_PARTY: Final = "it would have to be asked at another site, which would learn the handle"


class Web:
    """The way to all sites: guarded, so many requests at one time, and one at a time to each origin."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._guard = manners.guard()
        self._hands = asyncio.Semaphore(MAX_AT_ONCE)
        self._lanes: dict[str, _Lane] = {}
        self.purse = Purse(0)
        self._threads = ThreadPoolExecutor(_LOOKUPS, thread_name_prefix="names")

    async def __aenter__(self) -> Self:
        resolver = _Resolver(self._threads)
        self._secure = session(self._manners, self._guard, resolver, _KEPT)
        self._plain = session(self._manners, _NamedOnly(self._guard), resolver, _KEPT)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._secure.close()
        await self._plain.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def refusal(self, site: Site) -> str:
        """Why nobody asks that site, by its address alone; "" where it is asked."""
        if site.url.startswith("http:") and not self._manners.allow_networks:
            return UNENCRYPTED
        return THIRD_PARTY if self._is_third_party(site) else ""

    def _is_third_party(self, site: Site) -> bool:
        """Whether somebody else than the site is asked. Hosts on a network that was named on purpose are trusted."""
        asked = urlsplit(site.url).hostname or ""
        meant = [urlsplit(site.shown).hostname or "", *_INNER.findall(unquote(site.url))]
        return is_mirror(asked) or any(self._is_foreign(asked, host.lower()) for host in meant)

    def _is_foreign(self, asked: str, meant: str) -> bool:
        if asked == meant or registrable(asked) == registrable(meant):
            return False
        return self._guard.names(meant) or not self._guard.names(asked)

    async def answer(self, ask: Ask, site: Site) -> Answer:
        """What comes of one request, when it is its origin's turn. Never raises for weather."""
        self.purse.spent += 1
        lane = self._lanes.setdefault(_origin(ask.url), _Lane(self._manners.delay))
        async with lane, self._hands:
            return await self._dialled(ask, site)

    async def _dialled(self, ask: Ask, site: Site) -> Answer:
        try:
            address = URL(ask.url.partition("#")[0], encoded=True)
            secure = address.scheme == "https"
            async with (self._secure if secure else self._plain).request(
                "POST" if ask.body else "GET",
                address,
                data=ask.body or None,
                headers=ask.headers,
                allow_redirects=False,
                ssl=trusted() if secure else True,
            ) as response:
                return await _received(response, site, ask.url)
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, _Unencrypted):
                return Answer(problem=UNENCRYPTED)
            return Answer(problem=str(no_answer(error, self._manners.deadline)))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return Answer(
                problem=str(no_answer(error, self._manners.deadline)),
                broke=isinstance(error, aiohttp.ClientConnectionError | aiohttp.ClientPayloadError)
                and not isinstance(error, TimeoutError),
            )


async def _received(response: aiohttp.ClientResponse, site: Site, url: str) -> Answer:
    """The answer with as much of its body as it takes to understand it."""
    status = response.status
    location = _absolute(url, response.headers.get("Location", "")) if status in REDIRECTS else ""
    most = wanted(site.marks, status, is_redirect=bool(location))
    enough = telling(site.marks, status)
    longest = max(map(len, enough), default=0)
    body = bytearray()
    while len(body) < most and (chunk := await response.content.readany()):
        before = max(0, len(body) - longest)
        body += chunk
        if any(text in body[before:] for text in enough):
            break
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(status, headers, bytes(body[:most]), location, to_login=bool(location) and is_login(location))


def _absolute(url: str, location: str) -> str:
    try:
        return urljoin(url, location.strip()) if location else ""
    except ValueError:
        return ""


def _origin(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].lower()


class Purse:
    """How many requests a run makes: so many for each site and handle, and in a small run a few more.

    A control for an answer that looks like an account is always made. Controls for others are only made as long as
    there is enough left for what is still to be asked.
    """

    def __init__(self, asks: int) -> None:
        self.spent = 0
        self._owed = asks
        self._pledged = 0
        self._few = FEW * asks
        self._most = max(PER_ASK * asks, asks + SMALL)
        self._changed = asyncio.Event()

    def one_less(self) -> None:
        """One of the handles was asked for at one of the sites."""
        self._owed -= 1
        self._change()

    @asynccontextmanager
    async def pledge(self) -> AsyncIterator[bool]:
        """Whether there is enough left to clear up an answer that looks like no account; so long it is set aside.

        Waits until it is plain what first requests and pledges took, but not for the last requests: some sites never
        answer.
        """
        while not self._is_enough() and (self._owed > self._few or self._pledged):
            await self._changed.wait()
        pledged = BOTH if self._is_enough() else 0
        self._pledged += pledged
        try:
            yield bool(pledged)
        finally:
            self._pledged -= pledged
            self._change()

    def _change(self) -> None:
        """Wakes those who wait."""
        self._changed.set()
        self._changed = asyncio.Event()

    def _is_enough(self) -> bool:
        return self.spent + self._pledged + BOTH + self._owed * (1 + SHARE) <= self._most


class _Lane:
    """The turns of one origin: one request at a time, and so many seconds between the beginnings of two."""

    def __init__(self, delay: float) -> None:
        self._lock = asyncio.Lock()
        self._delay = delay
        self._after = 0.0

    async def __aenter__(self) -> None:
        await self._lock.acquire()
        loop = asyncio.get_running_loop()
        try:
            await asyncio.sleep(max(0.0, self._after - loop.time()))
        except BaseException:
            self._lock.release()
            raise
        self._after = loop.time() + self._delay

    async def __aexit__(self, *exc: object) -> None:
        self._lock.release()


class _Unencrypted(PrivateAddress):
    """A connection without encryption to a host on no network that was named on purpose."""


class _NamedOnly(Guard):
    """Lets connections through only to networks that somebody named on purpose."""

    def __init__(self, guard: Guard) -> None:
        self._named = guard

    def allows(self, address: str) -> bool:
        return self._named.names(address)

    def socket_for(self, info: AddressInfo) -> socket.socket:
        if not self.allows(str(info[4][0])):
            raise _Unencrypted
        return super().socket_for(info)


class _Resolver(AbstractResolver):
    """Looks names up in threads of its own: the loop has a handful, and one dead name would hold up all others."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self._threads = threads

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _looked_up, host, port, family)
        return [
            ResolveResult(
                hostname=host, host=str(place[0]), port=port, family=kind, proto=protocol, flags=socket.AI_NUMERICHOST
            )
            for kind, _, protocol, _, place in found
        ]

    async def close(self) -> None:
        """The threads belong to somebody else."""


def _looked_up(host: str, port: int, family: int) -> Sequence[AddressInfo]:
    return socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
