"""Small real web servers on loopback, for tests that read the web.

    with serve({"/": "<h1>Hello</h1>", "/gone": Reply(status=410)}) as site:
        site.url                 "http://127.0.0.1:40123/"
        site.hits                ["GET /", ...], as visitors asked
        site.seen["/"]           the headers of the last visitor who asked for it

A route is text (HTML), bytes, a `Reply`, or a function of the handler that gives one of these, or that writes the
answer itself and gives None; what was sent by POST is in its `body`. The route "*" answers for all other paths; else
it is 404. `serve(folder)` serves files.
"""

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Reply:
    """An answer as the server gives it."""

    body: str | bytes = ""
    status: int = 200
    type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)


Route = str | bytes | Reply | Callable[[BaseHTTPRequestHandler], "str | bytes | Reply | None"]


@dataclass
class Site:
    """A running server. `hits` are the requests in their order, `seen` the last headers by path."""

    url: str
    hits: list[str] = field(default_factory=list)
    seen: dict[str, dict[str, str]] = field(default_factory=dict)

    def at(self, path: str) -> str:
        """The address of a path on it."""
        return self.url.rstrip("/") + path

    def asked(self, path: str) -> int:
        """How often that path was asked for."""
        return self.hits.count(f"GET {path}")


@contextlib.contextmanager
def serve(
    content: Mapping[str, Route] | Path,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    certificate: tuple[Path, Path] | None = None,
) -> Iterator[Site]:
    """Serves routes, or the files of a folder, until the block ends. `certificate` are the files of chain and key."""
    site = Site("")
    handler = partial(_Folder, content, site) if isinstance(content, Path) else partial(_Routes, content, site)
    server = LocalServer((host, port), handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    site.url = f"{'https' if certificate else 'http'}://{host}:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class LocalServer(ThreadingHTTPServer):
    """Many visitors at once, and nobody is asked how this machine is called: a name server may take seconds to say."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def server_bind(self) -> None:
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def handle_error(self, *_: object) -> None:
        """Visitors that hang up in the middle are no news."""


class _Noted(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are sent apart: without this the second waits 40 ms for a sign of the first.
    disable_nagle_algorithm = True
    site: Site

    def note(self) -> None:
        self.site.hits.append(f"{self.command} {self.path}")
        self.site.seen[self.path] = dict(self.headers.items())

    def log_message(self, *_: object) -> None:
        """Silent."""


class _Routes(_Noted):
    def __init__(self, routes: Mapping[str, Route], site: Site, *args: Any) -> None:
        self.routes, self.site = routes, site
        super().__init__(*args)

    def do_GET(self) -> None:
        self.note()
        route = self.routes.get(
            self.path, self.routes.get(self.path.partition("?")[0], self.routes.get("*", Reply("", 404)))
        )
        answer = route(self) if callable(route) else route
        if answer is None:
            self.close_connection = True
            return
        reply = answer if isinstance(answer, Reply) else Reply(answer)
        body = reply.body.encode("utf-8") if isinstance(reply.body, str) else reply.body
        self.send_response(reply.status)
        if reply.type:
            self.send_header("Content-Type", reply.type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.do_GET()


class _Folder(_Noted, SimpleHTTPRequestHandler):
    def __init__(self, folder: Path, site: Site, *args: Any) -> None:
        self.site = site
        super().__init__(*args, directory=str(folder))

    def do_GET(self) -> None:
        self.note()
        super().do_GET()
