"""Serves the demo district's sites on loopback, each on its own port, until told to stop."""

import contextlib
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from auditor.demo.sites import Site
from auditor.errors import Mistake

LOOPBACK = "127.0.0.1"


class _Server(ThreadingHTTPServer):
    """One site. Its handler finds the pages here."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, site: Site) -> None:
        self.pages: Mapping[str, tuple[str, bytes]] = site.pages
        super().__init__((LOOPBACK, site.port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD with the site's page, or says that there is none."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        media, body = self.server.pages.get(path, ("text/html; charset=utf-8", b"<h1>Page not found</h1>"))
        self.send_response(200 if path in self.server.pages else 404)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Says nothing: the audit's own progress is what a person wants to see."""


@contextlib.contextmanager
def serving(sites: tuple[Site, ...]) -> Iterator[None]:
    """Serves all sites while the block runs."""
    with contextlib.ExitStack() as stack:
        for site in sites:
            try:
                server = _Server(site)
            except OSError as error:
                raise Mistake(
                    f"port {site.port} of {LOOPBACK} is taken ({error.strerror}): "
                    "end the program that uses it (another demo, perhaps), then try again"
                ) from None
            stack.callback(server.server_close)
            threading.Thread(target=server.serve_forever, name=f"demo-{site.port}", daemon=True).start()
            stack.callback(server.shutdown)
        yield
