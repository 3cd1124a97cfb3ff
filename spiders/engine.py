"""Asks for pages: each when it is its host's turn, whatever it is asked for, and all of them by one door."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from types import MappingProxyType

from w3lib.url import safe_url_string

from spiders.download import Door, Reply, no_answer
from spiders.link_address import PLAIN
from spiders.pace import Pace, host_of
from spiders.plain import Plain
from spiders.settings import Manners


class Download:
    """Gives the answer to one request when it is its host's turn; raises `NoAnswer` where there is none."""

    def __init__(self, door: Door, pace: Pace) -> None:
        self._door, self._plain, self.pace = door, Plain(door), pace

    async def get(self, url: str, headers: Mapping[str, str] = MappingProxyType({}), *, limit: int, cut: bool) -> Reply:
        """What is at that address, which is sent as browsers send it, with these headers beside our own."""
        try:
            address = url if PLAIN.fullmatch(url) else safe_url_string(url)
        except ValueError as error:
            raise no_answer(error, self._door.deadline) from error
        async with self.pace.turn(host_of(url)):
            return await self._plain.get(address, headers, limit=limit, cut=cut)

    async def directly(
        self, url: str, headers: Mapping[str, str], *, limit: int, cut: bool, body: bytes = b""
    ) -> Reply:
        """What is at that address, which is sent as it stands, with these headers before our own; a body by POST."""
        async with self.pace.turn(host_of(url)):
            return await self._door.get(url, headers, limit=limit, cut=cut, body=body)


@contextlib.asynccontextmanager
async def downloading(manners: Manners) -> AsyncIterator[Download]:
    """Something that downloads, each host at its own pace. Leaving closes its connections."""
    door = Door(manners)
    try:
        yield Download(door, Pace(manners))
    finally:
        await door.close()
