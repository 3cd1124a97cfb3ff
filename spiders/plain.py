"""Asks servers for pages: over the connections of aiohttp, and with nothing else of it around.

A session of aiohttp does three times the work of sending a plain request and reading what comes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import aiohttp
from aiohttp.client_exceptions import ClientConnectorError, ClientOSError, ClientResponseError, ServerDisconnectedError
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.connector import Connection
from aiohttp.http import HttpProcessingError
from yarl import URL

from spiders.deadlines import Deadlines
from spiders.download import MAX_HEADER, MAX_HEADERS, Door, Reply, no_answer, read, trusted

_SERVERS: Final = 64
"""Servers at a time of which it is remembered what every request to them says."""
_PLAIN: Final = re.compile(r"(https?://[a-z0-9.-]+(?::\d{1,5})?)(/[!\"$-~]*)(?:#.*)?", re.DOTALL)


class _Asked(aiohttp.ClientRequest):
    """Any request to one server: by what connections to it are found is put together once."""

    @cached_property
    def connection_key(self) -> ConnectionKey:
        return super().connection_key


@dataclass(frozen=True, slots=True)
class _Server:
    """By what connections to a server are found, and the headers of every request to it, as they are sent."""

    request: _Asked
    headers: str


class Plain:
    """Asks over the connections of a door, by its rules: guard, limits and deadline."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._deadlines = Deadlines(door.deadline)
        self._server = lru_cache(_SERVERS)(self._meet)

    async def get(self, url: str, headers: Mapping[str, str], *, limit: int, cut: bool) -> Reply:
        """What `Door.get` gives for that address, asked with these headers. Raises `NoAnswer`."""
        plain, values = _PLAIN.fullmatch(url), "".join(headers.values())
        if plain is None or not (values.isascii() and values.isprintable()):
            return await self._door.get(url, headers, limit=limit, cut=cut)
        origin, target = plain.groups()
        try:
            with self._deadlines.one():
                server = self._server(origin)
                said = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
                asked = f"GET {target} HTTP/1.1\r\n{server.headers}{said}\r\n".encode("ascii")
                try:
                    return await self._ask(server, asked, limit, cut=cut)
                except ClientConnectorError:
                    raise
                except (ClientOSError, ServerDisconnectedError):
                    # Servers close connections that were kept open, and do not say so before they are asked again.
                    return await self._ask(server, asked, limit, cut=cut)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise no_answer(error, self._door.deadline) from error

    async def _ask(self, server: _Server, asked: bytes, limit: int, *, cut: bool) -> Reply:
        session = self._door.session
        connection = await session.connector.connect(server.request, [], session.timeout)  # type: ignore[union-attr]
        try:
            reply = await _reply(connection, server.request, asked, limit, cut=cut)
        except BaseException:
            connection.close()
            raise
        connection.release()
        return reply

    def _meet(self, origin: str) -> _Server:
        session, address = self._door.session, URL(origin)
        certificates = trusted() if address.scheme == "https" else True
        request = _Asked("GET", address, headers=session.headers, ssl=certificates, session=session)
        return _Server(request, "".join(f"{name}: {value}\r\n" for name, value in request.headers.items()))


async def _reply(
    connection: Connection, request: aiohttp.ClientRequest, asked: bytes, limit: int, *, cut: bool
) -> Reply:
    """Sends a request and reads the answer to it."""
    protocol, transport = connection.protocol, connection.transport
    if protocol is None or transport is None:
        raise ServerDisconnectedError
    protocol.set_response_params(
        read_until_eof=True, max_line_size=MAX_HEADER, max_field_size=MAX_HEADER, max_headers=MAX_HEADERS
    )
    transport.write(asked)
    try:
        while True:
            message, content = await protocol.read()
            if not 100 <= message.code < 200 or message.code == 101:  # more is to come
                break
    except HttpProcessingError as error:
        raise ClientResponseError(request.request_info, ()) from error
    body, partial = await read(message.headers, content, limit, cut=cut)
    if partial or not content.is_eof():
        connection.close()
    return Reply(message.code, message.headers, body, partial)
