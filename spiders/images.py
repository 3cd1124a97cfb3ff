"""Fetches the images that pages show, each of them once, and hands them on; nothing is kept."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from spiders.engine import downloading
from spiders.fetch import Answer, Fetcher
from spiders.hosts import Hosts
from spiders.lanes import by_host
from spiders.scope import visitable
from spiders.settings import MAX_BODY, Manners

MAX_HOPS: Final = 5
TOTAL: Final = 1024 * 1024 * 1024
"""Bytes of images that one audit fetches at most."""
AT_ONCE: Final = 8
"""Images that are held in memory at one time."""

_SIGNATURES: Final = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"\x00\x00\x01\x00",
)

Tell = Callable[[str, bytes, str], None]
"""Is told of every address once: its content, or no content and in plain words why there is none."""


async def fetch(urls: Iterable[str], manners: Manners, tell: Tell, *, total: int = TOTAL) -> None:
    """Fetches every distinct address once and tells what came of it, in whatever order they come in."""
    async with downloading(manners) as download:
        await _Round(Hosts(Fetcher(download, manners)), tell, total).all(dict.fromkeys(urls), manners.per_host)


class _Round:
    def __init__(self, hosts: Hosts, tell: Tell, left: int) -> None:
        self._hosts = hosts
        self._tell = tell
        self._left = left
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def all(self, urls: Iterable[str], per_host: int) -> None:
        await by_host(urls, per_host, self._one)

    async def _one(self, url: str) -> None:
        async with self._at_once:
            content, problem = await self._content(url)
            self._left -= len(content)
            self._tell(url, content, problem)

    async def _content(self, url: str) -> tuple[bytes, str]:
        if self._left <= 0:
            return b"", "there were too many images to look at all of them"
        here = visitable(url)
        for _ in range(MAX_HOPS + 1):
            if not here:
                return b"", "it has no web address"
            host = await self._hosts.of(here)
            if host.robots.blind is not None:
                return b"", host.robots.blind.what
            if not host.robots.allows(here):
                return b"", "its robots.txt asks programs to stay away"
            answer = await self._hosts.fetcher.get(here, limit=MAX_BODY)
            if not answer.location:
                return _judged(answer)
            here = visitable(answer.location)
        return b"", "it forwards too often"


def _judged(answer: Answer) -> tuple[bytes, str]:
    """The content of an image, or why there is none."""
    if answer.blind is not None:
        return b"", answer.blind.what
    if answer.status in (404, 410):
        return b"", "it is not there"
    if not 200 <= answer.status < 300:
        return b"", f"its server refuses it ({answer.status})"
    if answer.partial:
        return b"", "it broke off before its end"
    if b"<svg" in answer.body[:1000].lower() or answer.media_type == "image/svg+xml":
        return b"", "it is a drawing and no picture (SVG)"
    if not _is_image(answer):
        return b"", "it is no image"
    return answer.body, ""


def _is_image(answer: Answer) -> bool:
    """Whether the bytes begin as those of images do; what the server calls them counts for newer formats only."""
    start = answer.body[:16]
    if start.startswith(_SIGNATURES) or (start[:4] == b"RIFF" and start[8:12] == b"WEBP"):
        return True
    return start[4:8] == b"ftyp" and answer.media_type.startswith("image/")
