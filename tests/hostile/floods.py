"""Answers without end, and answers that grow without end when they are unpacked."""

import zlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import brotli  # type: ignore[import-untyped]
from backports import zstd

from tests.servers import Reply, Route

MEGABYTE = b"<p>" + b" " * 1_000_000


def floods() -> dict[str, Route]:
    """Each flood by its path; every one of them is hundreds of megabytes."""
    zipped, deflated = zlib.compressobj(wbits=31), zlib.compressobj()
    browned, zstandard = brotli.Compressor(quality=4), zstd.ZstdCompressor()
    return {
        "/gzip": packed("gzip", zipped.compress, zipped.flush),
        "/deflate": packed("deflate", deflated.compress, deflated.flush),
        "/brotli": packed("br", browned.process, browned.finish),
        "/zstd": packed("zstd", zstandard.compress, zstandard.flush),
        "/endless": endless(b"", lambda: MEGABYTE),
        "/chunks": endless(b"Transfer-Encoding: chunked\r\n", lambda: b"f4243\r\n" + MEGABYTE + b"\r\n"),
        "/long": endless(b"Content-Length: 1000000000\r\n", lambda: MEGABYTE),
        "/header": headers([b"X: " + b"y" * 16_000_000]),
        "/headers": headers([b"X-%d: y" % number for number in range(400_000)]),
    }


def packed(method: str, packer: Callable[[bytes], bytes], end: Callable[[], bytes]) -> Reply:
    """300 MB in a few hundred kilobytes."""
    return Reply(b"".join(packer(MEGABYTE) for _ in range(300)) + end(), headers={"Content-Encoding": method})


def endless(head: bytes, more: Callable[[], bytes]) -> Route:
    """A gigabyte, unless somebody hangs up."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + head + b"\r\n")
        for _ in range(1000):
            handler.wfile.write(more())

    return write


def headers(lines: list[bytes]) -> Route:
    """A head of many megabytes."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"\r\n".join((b"HTTP/1.1 200 OK", *lines, b"", b"<p>x")))

    return write
