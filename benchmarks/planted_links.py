"""A small web on loopback in which every link's truth is known: fine, broken, blocked, suspicious, or no link at all.

Used by the tests of the link visitor and by the benchmark that holds it against another checker. It speaks HTTP by
hand, as no well-behaved server could misbehave so.
"""

import asyncio
import gzip
import ssl
import tempfile
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from html import escape
from ipaddress import ip_address
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HONEST, LYING, SHELL, OTHER, SECURE = "127.77.0.1", "127.77.0.2", "127.77.0.3", "127.77.0.4", "127.77.0.5"
"""A server that says 404; one that never does; a page built by scripts; somebody else's server; one with TLS."""

HOSTS = (HONEST, LYING, SHELL, OTHER, SECURE)

NOT_FOUND = (
    "<title>Page not found</title><h1>Page not found</h1><p>Sorry, we could not find the page you are looking for."
)
MENU = (
    "<nav>" + "".join(f"<a href='/{w}'>{w}</a> " for w in ("home", "classes", "lunch", "calendar", "staff")) + "</nav>"
)
ARTICLE = "<p>" + " ".join(
    f"On day {d} the garden club watered bed {d % 7} and wrote down what grew there." for d in range(60)
)
LONG_LOST = (
    "<title>Page Not Found | Riverbend</title>" + MENU * 4 + "<h1>We looked everywhere</h1>"
    "<p>" + "Our schools offer music, art, science and sport to every child who walks through our doors. " * 15
)

Reply = bytes | Callable[["Asked", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its method, path, how often this path was asked for by GET so far, and its head."""

    method: str
    path: str
    times: int
    head: str


@dataclass(frozen=True, slots=True)
class Planted:
    """One link and its truth: "fine", "broken", "blocked", "suspicious", or "none" where there is nothing to check."""

    name: str
    url: str
    truth: str


def page(html: str, status: str = "200 OK", *fields: str, media_type: str = "text/html; charset=utf-8") -> bytes:
    """A whole answer."""
    body = html.encode()
    # The field of that name lifts the brake that one link checker puts on itself.
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "LinkChecker: welcome", *fields]
    if media_type:
        lines.append(f"Content-Type: {media_type}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def moved(location: str | None, status: str = "302 Found") -> bytes:
    """An answer that forwards, or, without a location, forgets to say where to."""
    return page("", status, *([f"Location: {location}"] if location is not None else []))


FINE = page(f"<title>School news</title><h1 id='news'>News</h1><a name='caf\u00e9'></a>{ARTICLE}")


def after(failures: int, failure: Reply, reply: Reply = FINE) -> Reply:
    """Fails so many times, then answers."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await send(failure if asked.times <= failures else reply, asked, writer)

    return answer


def only_get(head_status: str, reply: bytes = FINE) -> Reply:
    """Answers GET; HEAD gets another status."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(reply if asked.method == "GET" else page("", head_status))

    return answer


async def silent(_: Asked, _writer: asyncio.StreamWriter) -> None:
    """Says nothing for a long time."""
    await asyncio.sleep(60)


async def hang_up(_: Asked, writer: asyncio.StreamWriter) -> None:
    """Ends the connection without a word."""
    writer.close()


async def drip(_: Asked, writer: asyncio.StreamWriter) -> None:
    """Sends the head at once, and the body a letter at a time."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n")
    for _letter in range(600):
        writer.write(b"<")
        await writer.drain()
        await asyncio.sleep(0.1)


async def cookie_wall(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Forwards to itself until its cookie comes back."""
    writer.write(
        FINE
        if "visited=yes" in asked.head
        else page("", "302 Found", "Location: /cookie", "Set-Cookie: visited=yes; Path=/")
    )


async def no_links_in_name(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A stock firewall rule: whoever has "link" in its name stays out."""
    agent = next((line for line in asked.head.split("\r\n") if line.lower().startswith("user-agent:")), "")
    writer.write(page("", "403 Forbidden") if "link" in agent.lower() else FINE)


async def send(reply: Reply, asked: Asked, writer: asyncio.StreamWriter) -> None:
    """One reply, whichever form it has."""
    if isinstance(reply, bytes):
        writer.write(reply)
    else:
        await reply(asked, writer)


class PlantedLinks:
    """The running servers. `links` are all planted links; `hits` counts the GET requests by host and path."""

    def __init__(self, extra: Sequence[str] = ()) -> None:
        self._extra = tuple(extra)
        self.hits: Counter[str] = Counter()
        self.links: list[Planted] = []
        self.places: dict[str, str] = {}
        self._routes: dict[str, dict[str, Reply]] = {}
        self._ready = threading.Event()

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait(10)
        self._plant()
        return self

    def __exit__(self, *exc: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    @classmethod
    def everything(cls) -> list[Planted]:
        """All planted links, with places where nobody listens: for those who only want to know what there is."""
        web = cls()
        web.places = {host: f"{host}:1" for host in HOSTS}
        web._plant()
        return web.links

    def start_over(self) -> None:
        """Forgets all visitors, so that what fails only once fails again."""
        self.hits.clear()

    def serve(self, host: str, path: str, reply: Reply) -> None:
        """Adds a page that belongs to no planted link."""
        self._routes[host][path] = reply

    def place(self, host: str) -> str:
        """Where that server listens, as the beginning of an address."""
        return f"{'https' if host == SECURE else 'http'}://{self.places[host]}"

    def index(self) -> str:
        """A page that carries every planted link; served at `HONEST`/."""
        items = "".join(f'<li><a href="{escape(link.url)}">{link.name}</a>' for link in self.links)
        return f"<!doctype html><title>Links</title><h1>Links</h1><ul>{items}</ul>"

    # -------------------------------------------------------------------------------------------- serving

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self._ready.set()
        self._loop.run_forever()

    async def _listen(self) -> None:
        for host in (HONEST, LYING, SHELL, OTHER, *self._extra):
            server = await asyncio.start_server(partial(self._serve, host), host, 0)
            self.places[host] = f"{host}:{server.sockets[0].getsockname()[1]}"
        secure = await asyncio.start_server(partial(self._serve, SECURE), SECURE, 0, ssl=self_signed(SECURE))
        self.places[SECURE] = f"{SECURE}:{secure.sockets[0].getsockname()[1]}"

    @staticmethod
    async def _stop() -> None:
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.wait(rest, timeout=2) if rest else None

    async def _serve(self, host: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                method, path, _ = head.split(" ", 2)
                if method == "GET":
                    self.hits[host + path] += 1
                asked = Asked(method, path, self.hits[host + path], head)
                routes = self._routes[host]
                bare = path.partition("?")[0]
                reply = routes.get(path) or routes.get(bare) or routes.get("*") or page(NOT_FOUND, "404 Not Found")
                if asked.method == "HEAD" and isinstance(reply, bytes):
                    reply = reply.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                await send(reply, asked, writer)
                await writer.drain()
        except (OSError, EOFError, asyncio.CancelledError, ValueError):
            pass
        finally:
            writer.close()

    # -------------------------------------------------------------------------------------------- planting

    def _plant(self) -> None:
        honest, other = self.place(HONEST), self.place(OTHER)
        self._routes = {host: {} for host in (HONEST, LYING, SHELL, OTHER, *self._extra)} | {SECURE: {"*": FINE}}
        self._plant_fine(honest, other)
        self._plant_broken(other)
        self._plant_blocked()
        self._plant_suspicious(honest)
        self._plant_none(honest)
        self._routes[HONEST]["/"] = page(self.index())
        self._routes[HONEST]["/robots.txt"] = page("User-agent: *\nDisallow: /hidden/\n", media_type="text/plain")

    def _at(self, host: str, path: str, reply: Reply, truth: str, *, fragment: str = "", name: str = "") -> None:
        self._routes[host][path] = reply
        self.links.append(Planted(name or path.strip("/"), f"{self.place(host)}{path}{fragment}", truth))

    def _as_written(self, name: str, url: str, truth: str) -> None:
        self.links.append(Planted(name, url, truth))

    def _plant_fine(self, honest: str, other: str) -> None:
        for path, reply in {
            "/plain": FINE,
            "/head-404": only_get("404 Not Found"),
            "/head-405": only_get("405 Method Not Allowed"),
            "/moved-301": moved("/plain", "301 Moved Permanently"),
            "/moved-303": moved(f"{honest}/plain", "303 See Other"),
            "/moved-307": moved("plain", "307 Temporary Redirect"),
            "/moved-308": moved("//" + honest.partition("//")[2] + "/plain", "308 Permanent Redirect"),
            "/three-hops": moved("/moved-301"),
            "/busy-once": after(1, page("", "503 Service Unavailable", "Retry-After: 0")),
            "/broken-once": after(1, page("", "500 Internal Server Error")),
            "/limited-once": after(1, page("", "429 Too Many Requests", "Retry-After: 0")),
            "/hangs-up-once": after(1, hang_up),
            "/silent-once": after(1, silent),
            "/cookie": cookie_wall,
            "/firewall": no_links_in_name,
            "/large": page("<title>All years</title>" + ARTICLE * 1200),
            "/drip": drip,
            "/zipped": _zipped(),
            "/file.pdf": page("%PDF-1.4 " + "x" * 400_000, media_type="application/pdf"),
            "/picture.png": page("x" * 5000, media_type="image/png"),
            "/nothing-to-say": page("", "204 No Content", media_type=""),
            "/untyped": page(f"<title>News</title>{ARTICLE}", media_type=""),
            "/room": page(f"<title>Room 404: Ms. Alder's class</title><h1>Room 404</h1>{ARTICLE}"),
            "/about-404": page(f"<title>Why pages go missing</title><h1>What “404 not found” means</h1>{ARTICLE}"),
            "/lost": page(f"<title>Lost and found</title><h2>Can’t find what you are looking for?</h2>{ARTICLE}"),
            "/login": page("<title>Sign in</title><form><input type=password></form>"),
            "/reloads": page(f"<meta http-equiv=refresh content='5'><title>Scores</title>{ARTICLE}"),
            "/reloads-itself": page(
                f"<meta http-equiv=refresh content='5;url=/reloads-itself'><title>Scores</title>{ARTICLE}"
            ),
            "/index.html": moved("/"),
            "/words%20with%20spaces": FINE,
            "/caf%C3%A9": FINE,
            "/ask?a=1&b=2": FINE,
            "/short": moved(f"{other}/"),
            "/only-pictures": page("<title></title><img src=/picture.png>"),
        }.items():
            self._at(HONEST, path, reply, "fine")
        for name, fragment in {
            "id": "#news", "name": "#caf%C3%A9", "bare": "#", "top": "#top", "text": "#:~:text=garden", "route": "#!/x",
            "slash": "#/x",
        }.items():  # fmt: skip
            self._as_written(f"fragment-{name}", f"{honest}/plain{fragment}", "fine")
        self._routes[OTHER]["/"] = FINE
        self._at(LYING, "/real", FINE, "fine", name="real page on a server that never says 404")
        self._routes[SHELL]["*"] = page("<title>App</title><div id=root></div><script src=/app.js></script>")
        self._as_written("page built by scripts", f"{self.place(SHELL)}/classes/4", "fine")

    def _plant_broken(self, other: str) -> None:
        for status in (
            "400 Bad Request", "404 Not Found", "405 Method Not Allowed", "409 Conflict", "410 Gone",
            "500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout",
        ):  # fmt: skip
            self._at(HONEST, f"/status-{status[:3]}", page("<h1>Sorry</h1>", status), "broken")
        for path, reply in {
            "/head-lies": only_get("200 OK", page(NOT_FOUND, "404 Not Found")),
            "/gone.pdf": page(NOT_FOUND, "404 Not Found"),
            "/gone.png": page("", "404 Not Found"),
            "/to-404": moved("/status-404"),
            "/to-dead-host": moved("http://no-such-school.invalid/"),
            "/loop-a": moved("/loop-b"),
            "/loop-b": moved("/loop-a"),
            "/loop-self": moved("/loop-self"),
            "/no-location": moved(None),
            "/empty-location": moved(""),
            "/to-file": moved("file:///etc/hostname"),
            "/to-mail": moved("mailto:office@riverbend.example"),
            "/to-private": moved("http://10.0.0.1/"),
            "/to-typo": moved("http://[::1"),
            "/refresh-404": page("<meta http-equiv=refresh content='0; url=/status-404'>"),
            "/silent": silent,
            "/hangs-up": hang_up,
        }.items():
            self._at(HONEST, path, reply, "broken")
        for hop in range(30):
            self._routes[OTHER][f"/hop/{hop}"] = moved(f"/hop/{hop + 1}")
        self._as_written("thirty-hops", f"{other}/hop/0", "broken")
        self._as_written("self-signed", f"{self.place(SECURE)}/", "broken")
        for name, url in {
            "no such host": "http://no-such-school.invalid/page",
            "refused": f"http://{HONEST}:9/",
            "file": "file:///C:/menus/lunch.pdf",
            "drive": "C:\\menus\\lunch.pdf",
            "typo in scheme": "htp://riverbend.example/",
            "twice http": "http://http//riverbend.example/",
            "open bracket": "http://[::1",
            "no host": "http://:80/menus",
            "private": "http://192.168.1.20/menus",
            "one label": "http://intranet/menus",
            "bad mail": "mailto:office at riverbend",
        }.items():
            self._as_written(name, url, "broken")

    def _plant_blocked(self) -> None:
        for status in (
            "401 Unauthorized", "403 Forbidden", "406 Not Acceptable", "429 Too Many Requests", "451 Unavailable",
            "999 Denied",
        ):  # fmt: skip
            self._at(HONEST, f"/status-{status[:3]}", page("<h1>No</h1>", status), "blocked")
        self._at(
            HONEST, "/challenge-503", page("<title>Just a moment...</title>", "503 Service Unavailable"), "blocked"
        )
        self._at(HONEST, "/challenge-200", page("<title>Attention Required! | Wall</title><p>Verify"), "blocked")
        self._at(HONEST, "/challenge-head", page("<p>x", "503 Busy", "cf-mitigated: challenge"), "blocked")
        self._at(HONEST, "/limited", page("", "429 Too Many Requests", "Retry-After: 3600"), "blocked")

    def _plant_suspicious(self, honest: str) -> None:
        self._routes[LYING]["*"] = page(LONG_LOST)
        self._as_written("soft 404", f"{self.place(LYING)}/old/page.html", "suspicious")
        self._as_written("soft 404 for a file", f"{self.place(LYING)}/old/menu.pdf", "suspicious")
        for path, reply in {
            "/soft-plain": page(NOT_FOUND),
            "/soft-spanish": page("<title>Página no encontrada</title><h1>Página no encontrada</h1><p>No existe."),
            "/for-sale": page("<title>riverbendpta</title><h1>This domain is for sale!</h1><p>Make an offer."),
            "/parked": page("<title>x</title><script src='//img.sedoparking.com/x.js'></script><p>Related searches"),
            "/fresh-server": page("<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1>"),
            "/suspended": page("<title>Account Suspended</title><h1>Account Suspended</h1>"),
            "/database": page("<title>Database Error</title><h1>Error establishing a database connection</h1>"),
            "/to-home": moved("/"),
            "/members": moved("/login?next=/members"),
            "/empty": page(""),
            "/truncated": _half(page(ARTICLE)),
            "/garbled": page("this is not gzip", "200 OK", "Content-Encoding: gzip"),
        }.items():
            self._at(HONEST, path, reply, "suspicious")
        self._as_written("missing fragment", f"{honest}/plain#recipes", "suspicious")

    def _plant_none(self, honest: str) -> None:
        self._at(HONEST, "/hidden/page", FINE, "none", name="robots.txt says no")
        for name, url in {
            "mail": "mailto:office@riverbend.example",
            "phone": "tel:+14065550100",
            "script": "javascript:void(0)",
            "data": "data:text/plain,hello",
            "disguised mail": f"{honest}/cdn-cgi/l/email-protection#7d",
            "share button": "https://www.facebook.com/sharer/sharer.php?u=x",
        }.items():
            self._as_written(name, url, "none")


def _half(reply: bytes) -> Reply:
    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(reply[: len(reply) // 2])
        await writer.drain()
        writer.close()

    return answer


def _zipped() -> bytes:
    body = gzip.compress(f"<title>School news</title>{ARTICLE}".encode())
    head = ("HTTP/1.1 200 OK", "Content-Type: text/html", "Content-Encoding: gzip", f"Content-Length: {len(body)}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def self_signed(host: str) -> ssl.SSLContext:
    """A server's side of TLS with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "server.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context.load_cert_chain(file)
    return context
