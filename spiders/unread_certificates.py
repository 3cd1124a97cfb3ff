"""Spares what is imported the reading of certificates that nobody asks with."""

import contextlib
import ssl
from collections.abc import Iterator


@contextlib.contextmanager
def unread_certificates() -> Iterator[None]:
    """While the block imports, TLS contexts are made without the certificates that the system believes.

    aiohttp makes two for itself, and reading them takes as long as ten pages. Here each request brings its own
    (`spiders.download.trusted`); one that did not would believe nobody. For the beginning of a process only: whatever
    other threads make meanwhile lacks its certificates as well. Windows' own store is read all the same.
    """
    ssl.SSLContext.set_default_verify_paths = lambda _: None  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        del ssl.SSLContext.set_default_verify_paths  # what it hid is there again
