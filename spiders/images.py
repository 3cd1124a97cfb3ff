"""Fetches the images that pages show, each of them once, and hands them on; nothing is kept."""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from auditor.model import Picture
from auditor.outlets.media import EXPIRED, has_expired
from spiders.engine import downloading
from spiders.fetch import Answer, Fetcher
from spiders.hosts import Host, Hosts
from spiders.lanes import by_host
from spiders.reading import Trace
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


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one address: the content of an image, or no content and in plain words why there is none.

    `unchanged` tells that its server, which can be believed, says that it is as it was before, and sent nothing.
    `etag` and `last_modified` are what it may be asked for again by.
    """

    url: str
    content: bytes = field(default=b"", repr=False)
    problem: str = ""
    unchanged: bool = False
    etag: str = ""
    last_modified: str = ""


Tell = Callable[[Fetched], None]
"""Is told of every address once."""


async def fetch(
    urls: Iterable[str],
    manners: Manners,
    tell: Tell,
    *,
    before: Mapping[str, Picture] = MappingProxyType({}),
    total: int = TOTAL,
) -> None:
    """Fetches every distinct address once and tells what came of it, in whatever order they come in.

    What was seen `before` is fetched only if it changed, as far as its server can be believed.
    """
    async with downloading(manners) as download:
        hosts = Hosts(Fetcher(download, manners))
        await _Round(hosts, tell, before, total).all(dict.fromkeys(urls), manners.per_host)


class _Round:
    def __init__(self, hosts: Hosts, tell: Tell, before: Mapping[str, Picture], left: int) -> None:
        self._hosts = hosts
        self._tell = tell
        self._before = before
        self._left = left
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def all(self, urls: Iterable[str], per_host: int) -> None:
        await by_host(urls, per_host, self._one)

    async def _one(self, url: str) -> None:
        async with self._at_once:
            told = await self._fetched(url)
            self._left -= len(told.content)
            self._tell(told)

    async def _fetched(self, url: str) -> Fetched:
        if self._left <= 0:
            return Fetched(url, problem="there were too many images to look at all of them")
        here, before = visitable(url), self._before.get(url)
        for _ in range(MAX_HOPS + 1):
            if not here:
                return Fetched(url, problem="it has no web address")
            host = await self._hosts.of(here)
            if host.robots.blind is not None:
                return Fetched(url, problem=host.robots.blind.what)
            if not host.robots.allows(here):
                return Fetched(url, problem="its robots.txt asks programs to stay away")
            answer = await self._ask(here, host, before)
            if answer.unchanged and before is not None:
                etag, changed = answer.etag or before.etag, answer.last_modified or before.last_modified
                return Fetched(url, unchanged=True, etag=etag, last_modified=changed)
            if not answer.location:
                content, problem = _judged(answer)
                if problem or here != visitable(url):  # what stands elsewhere may change without this address
                    return Fetched(url, content, problem)
                return Fetched(url, content, etag=answer.etag, last_modified=answer.last_modified)
            here, before = visitable(answer.location), None
        return Fetched(url, problem="it forwards too often")

    async def _ask(self, url: str, host: Host, before: Picture | None) -> Answer:
        """The answer; of an image that its host can be believed not to have changed, only that.

        As with pages, a host has to prove the first of such answers.
        """
        get, honesty = self._hosts.fetcher.get, host.honesty
        if before is None or not (before.etag or before.last_modified) or honesty.lies:
            return await get(url, limit=MAX_BODY)
        known = Trace(etag=before.etag, last_modified=before.last_modified)
        answer = await get(url, limit=MAX_BODY, before=known)
        if not answer.unchanged:
            return answer
        async with honesty.turn:
            if honesty.left or honesty.lies:
                answer = await get(url, limit=MAX_BODY)
                honesty.left = max(0, honesty.left - 1)
                honesty.lies |= answer.status == 200 and hashlib.sha256(answer.body).hexdigest() != before.sha256
        return answer


def _judged(answer: Answer) -> tuple[bytes, str]:
    """The content of an image, or why there is none."""
    if answer.blind is not None:
        return b"", answer.blind.what
    if answer.status in (403, 404, 410) and has_expired(answer.url, datetime.now(UTC)):
        return b"", EXPIRED
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
