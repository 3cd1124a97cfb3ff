"""The only way out: one GET, through the guard, with every size and time bounded, and every failure as a sentence.

Others dial whatever a name resolves to; here the guard makes the socket, so it sees the very address that is dialled.
"""

import asyncio
import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import aiohttp
import certifi
from aiohttp import client_exceptions as failures
from aiohttp.abc import AbstractResolver
from aiohttp.streams import EMPTY_PAYLOAD
from multidict import CIMultiDictProxy
from yarl import URL

from auditor.model import Blind, Reason
from spiders.guard import Guard, PrivateAddress
from spiders.settings import Manners

MAX_HEADER: Final = 64 * 1024
"""Bytes of one header line; real servers send long security headers."""
MAX_HEADERS: Final = 256
KEPT: Final = 15.0
"""Seconds that a connection is kept open for the next request to its host."""

_STRAY: Final = re.compile("[\udc80-\udcff]")
"""What a byte is read as that belongs to no letter (PEP 383)."""


class NoAnswer(Exception):
    """A request that brought no page. `blind` says why in words for a report; `tls` marks an untrusted certificate.

    `again` tells that another try may fare better.
    """

    def __init__(
        self,
        why: str,
        *,
        reason: Reason = Reason.UNREACHABLE,
        remedy: str = "",
        again: bool = False,
        tls: bool = False,
    ):
        super().__init__(why)
        self.blind = Blind(why, reason, remedy)
        self.again = again
        self.tls = tls


@dataclass(slots=True)  # not frozen: to fill that in takes four times as long, and there is one for each page
class Reply:
    """What a server sent. `partial` tells that the body broke off."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes = field(repr=False)
    partial: bool = False


class Door:
    """Asks for `http:` and `https:` addresses. Redirects are answers, not followed; cookies are not kept."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self.deadline = manners.deadline
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The connections that are kept open; made when the first is needed, as that takes a running loop."""
        if self._session is None:
            self._session = session(self._manners, self._manners.guard())
        return self._session

    async def get(
        self, url: str, headers: Mapping[str, str] | None, *, limit: int, cut: bool, body: bytes = b""
    ) -> Reply:
        """The server's answer. Raises `NoAnswer`. A body over `limit` bytes is an error, or cut off where `cut` is.

        What is sent with a request, `body`, is sent by POST.
        """
        try:
            address = URL(url.partition("#")[0], encoded=True)
            if address.scheme not in ("http", "https"):
                raise ValueError(address.scheme)
            async with self.session.request(
                "POST" if body else "GET",
                address,
                data=body or None,
                headers=headers,
                allow_redirects=False,
                ssl=trusted() if address.scheme == "https" else True,
            ) as answer:
                try:
                    content, partial = await read(answer.headers, answer.content, limit, cut=cut)
                finally:
                    if not answer.content.is_eof():
                        answer.close()
                return Reply(answer.status, answer.headers, content, partial)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise no_answer(error, self.deadline) from error

    async def close(self) -> None:
        """Closes the connections that are kept open."""
        if self._session is not None:
            await self._session.close()


def legible(header: str) -> str:
    """What a header says, in letters alone: bytes that are none in UTF-8 become "%E9", as addresses have them."""
    return header if header.isascii() else _STRAY.sub(lambda byte: f"%{ord(byte[0]) & 0xFF:02X}", header)


def trusted() -> ssl.SSLContext:
    """What certificates are believed: those that the system believes, and where it has no list, Mozilla's.

    They are read once, when the first secure page is asked for: that takes as long as a hundred pages.
    """
    return _trusted(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@lru_cache(1)
def _trusted(*_named: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not context.cert_store_stats()["x509_ca"] and not paths.cafile and not paths.capath:
        context.load_verify_locations(certifi.where())
    return context


def session(
    manners: Manners, guard: Guard, resolver: AbstractResolver | None = None, kept: float = KEPT
) -> aiohttp.ClientSession:
    """A session that dials what the guard allows; a connection is kept for `kept` seconds after an answer."""
    connector = aiohttp.TCPConnector(
        limit=0,  # whoever asks counts the requests under way, over all hosts and for each
        resolver=resolver,
        keepalive_timeout=kept,
        ttl_dns_cache=300,
        socket_factory=guard.socket_for,
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers=_headers(manners),
        timeout=aiohttp.ClientTimeout(total=manners.deadline),
        max_line_size=MAX_HEADER,
        max_field_size=MAX_HEADER,
        max_headers=MAX_HEADERS,
    )


def _headers(manners: Manners) -> Mapping[str, str]:
    return {
        "User-Agent": manners.user_agent,
        "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8",
        "Accept-Language": "en-US,en;q=0.9,*;q=0.5",
    }


async def read(
    headers: CIMultiDictProxy[str], content: aiohttp.StreamReader, limit: int, *, cut: bool
) -> tuple[bytes, bool]:
    """The body of an answer as it reads after decompression, and whether it broke off, or was cut off, before its end.

    Raises `NoAnswer` for one of more than `limit` bytes, unless it may be cut off, and for one that stays packed.
    """
    length = headers.get("Content-Length", "")
    if not cut and length.isascii() and length.isdigit() and int(length) > limit:
        raise _too_large(limit)
    body, partial = await _body(content, limit, cut=cut)
    if body and not cut and _is_still_packed(headers):
        raise _not_unpacked()
    return body, partial


async def _body(content: aiohttp.StreamReader, limit: int, *, cut: bool) -> tuple[bytes, bool]:
    if content is EMPTY_PAYLOAD:
        return b"", False
    chunks: list[bytes] = []
    size = 0
    try:
        while chunk := await content.readany():
            chunks.append(chunk)
            size += len(chunk)
            if size > limit:
                if cut:
                    return b"".join(chunks)[:limit], True
                raise _too_large(limit)
    except aiohttp.ClientPayloadError:
        if not size:
            raise
        return b"".join(chunks), True
    return b"".join(chunks), False


def _is_still_packed(headers: CIMultiDictProxy[str]) -> bool:
    """Whether the body was packed in a way that browsers unpack and nobody here does: several times over, say."""
    packed = headers.getall("Content-Encoding", ())
    return bool(packed) and ",".join(packed).strip().lower() not in _UNPACKED


_UNPACKED: Final = frozenset({"", "identity", "gzip", "deflate", "br", "zstd"})


_LET_IN: Final = (
    "If it is the district's own, name its network in allow_networks under [crawl] in config.toml, or with"
    " --allow-network."
)


def _not_unpacked() -> NoAnswer:
    return NoAnswer("its content could not be unpacked")


def _too_large(limit: int) -> NoAnswer:
    return NoAnswer(f"it is larger than {limit // (1024 * 1024)} MB", reason=Reason.LIMIT)


def no_answer(error: Exception, deadline: float) -> NoAnswer:
    """The failure in words that a principal understands; nothing of the far side's text gets in."""
    if isinstance(error, failures.ClientConnectorCertificateError):
        return NoAnswer("its security certificate is not trusted", tls=True)
    if isinstance(error, asyncio.TimeoutError):
        return NoAnswer(f"it did not answer within {deadline:g} seconds", again=True)
    if isinstance(error, failures.ClientConnectorDNSError):
        return NoAnswer("its name does not exist on the internet", again=True)
    if isinstance(error, failures.ClientConnectorError) and isinstance(error.os_error, PrivateAddress):
        # Our own refusal says nothing of the account: nobody looked.
        return NoAnswer(str(error.os_error), reason=Reason.NOT_IN_ROUTE, remedy=_LET_IN)
    return next(
        (answer for kind, answer in _plain() if isinstance(error, kind)),
        NoAnswer("the connection broke off", again=True),
    )


def _plain() -> tuple[tuple[type[Exception], NoAnswer], ...]:
    return (
        (failures.ClientConnectorSSLError, NoAnswer("no secure connection could be made", again=True)),
        (failures.ClientConnectorError, NoAnswer("its server does not accept connections", again=True)),
        (failures.InvalidURL, NoAnswer("it is no valid web address")),
        (failures.ClientPayloadError, _not_unpacked()),
        (failures.ClientResponseError, NoAnswer("its server's answer could not be understood")),
        (ValueError, NoAnswer("it is no valid web address")),
    )
