"""When a host may be asked: few requests to it at a time, with time between them, and rest where it asks for that.

Every request of a crawl takes a turn here, whichever way it leaves by, so that a host never meets two of us.
"""

import asyncio
import re
import time
from types import TracebackType
from typing import Final
from urllib.parse import urlsplit

from spiders.settings import MAX_AT_ONCE, Manners

LONGEST_WAIT: Final = 30.0
"""Seconds that we wait at most when a server asks for patience; who asks for more is left alone for this time."""


class Pace:
    """The turns of all hosts; `turn` is held for as long as one request lasts."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._all = asyncio.Semaphore(MAX_AT_ONCE)
        self._lanes: dict[str, _Lane] = {}

    def turn(self, host: str) -> "_Turn":
        """The next turn of that host, as an asynchronous context: entered when it may be asked, left when it answered.

        Turns of one host are given in the order in which they were asked for.
        """
        return _Turn(self._lane(host), self._all)

    def slow_down(self, host: str, delay: float) -> None:
        """From now on that host is asked for one page at a time, with so many seconds after each."""
        if delay > self._manners.delay:
            lane = self._lane(host)
            lane.free, lane.pause = asyncio.Semaphore(1), min(delay, LONGEST_WAIT)

    def rest(self, host: str, seconds: float) -> None:
        """Leaves that host alone for so long, or for as long as we wait at most."""
        self._lane(host).rest(min(seconds, LONGEST_WAIT))

    def _lane(self, host: str) -> "_Lane":
        lane = self._lanes.get(host)
        if lane is None:
            lane = self._lanes[host] = _Lane(self._manners)
        return lane


class _Lane:
    """One host: `free` counts the requests that may still be made, `after` is when the next of them may begin.

    `delay` lies between the beginnings of two requests, `pause` between the end of one and the beginning of the next.
    `waiting` counts those who stand in `order`.
    """

    __slots__ = ("after", "delay", "free", "order", "pause", "waiting")

    def __init__(self, manners: Manners) -> None:
        self.free = asyncio.Semaphore(manners.per_host)
        self.order = asyncio.Lock()
        self.delay = manners.delay
        self.pause = 0.0
        self.after = 0.0
        self.waiting = 0

    def rest(self, seconds: float) -> None:
        self.after = max(self.after, time.monotonic() + seconds)


class _Turn:
    __slots__ = ("_all", "_free", "_lane")

    def __init__(self, lane: _Lane, everything: asyncio.Semaphore) -> None:
        self._lane, self._all = lane, everything
        self._free = lane.free  # it may be another one when the turn is over

    async def __aenter__(self) -> None:
        lane = self._lane
        await self._free.acquire()
        try:
            if lane.waiting or lane.delay or lane.after or self._all.locked():
                await self._in_order()
            else:
                await self._all.acquire()
        except BaseException:
            self._free.release()
            raise

    async def _in_order(self) -> None:
        """Begins after those who came before; without this where nobody waits, and there is nothing to wait for."""
        self._lane.waiting += 1
        try:
            async with self._lane.order:
                await self._begin()
        finally:
            self._lane.waiting -= 1

    async def _begin(self) -> None:
        """Waits until the host has rested and we have a hand free; whoever waits for a host's rest holds no hand."""
        lane = self._lane
        while True:
            while (wait := lane.after - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            await self._all.acquire()
            now = time.monotonic()
            if lane.after <= now:
                break
            self._all.release()  # it asked for rest meanwhile
        if lane.delay:
            lane.after = now + lane.delay

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lane.pause:
            self._lane.rest(self._lane.pause)
        self._all.release()
        self._free.release()


def host_of(url: str) -> str:
    """The host of an address in lower case; "" where it has none."""
    plain = _PLAIN.match(url)
    if plain is not None:
        return plain[1].lower()
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


_PLAIN: Final = re.compile(r"https?://([\w.-]+)(?::\d{1,5})?(?:[/?#]|$)", re.ASCII)
"""Nearly all addresses: what is plain need not be taken apart with care."""
