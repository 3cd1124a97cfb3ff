"""A small web on loopback in which every link's truth is known: fine, broken, blocked, suspicious, or no link at all.

Used by the tests of the link visitor and by the benchmark that holds it against other checkers. There are 89 `core`
kinds of two links each: 78 links are broken (two of them are put in by a script), 50 are fine, 38 are to be told apart
from both, and 12 are no links. The rest are further cases, for the tests.
"""

import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import Final, Self

from benchmarks.planted_certificates import YEAR, Authority, self_signed
from benchmarks.planted_server import (
    ARTICLE,
    FINE,
    NOT_FOUND,
    Reply,
    Servers,
    after,
    cookie_wall,
    drip,
    half,
    hang_up,
    in_chunks,
    moved,
    no_links_in_name,
    only_get,
    page,
    second_version_only,
    send,
    silent,
    zipped,
)

__all__ = [
    "FINE", "HONEST", "HOSTS", "LYING", "NOT_FOUND", "OTHER", "SECURE", "SHELL", "SOON", "TRUSTED", "Planted",
    "PlantedLinks", "Reply", "after", "hang_up", "moved", "page", "send", "silent",
]  # fmt: skip

HONEST, LYING, SHELL, OTHER = "127.77.0.1", "127.77.0.2", "127.77.0.3", "127.77.0.4"
"""A server that says 404; one that never does; a page built by scripts; somebody else's server."""
SECURE, TRUSTED, EXPIRED, MISNAMED, STRANGE, SOON, SECOND = (f"127.77.0.{n}" for n in range(5, 12))
"""Servers with TLS: a certificate made by itself; a good one; one that is over; one of another server; one by an issuer
that nobody knows; a good one that ends in ten days; one that speaks HTTP/2 and nothing else."""
HOSTS: Final = (HONEST, LYING, SHELL, OTHER)
SECURE_HOSTS: Final = (SECURE, TRUSTED, EXPIRED, MISNAMED, STRANGE, SOON, SECOND)

MENU = (
    "<nav>" + "".join(f"<a href='/{w}'>{w}</a> " for w in ("home", "classes", "lunch", "calendar", "staff")) + "</nav>"
)
LONG_LOST = (
    "<title>Page Not Found | Riverbend</title>" + MENU * 4 + "<h1>We looked everywhere</h1>"
    "<p>" + "Our schools offer music, art, science and sport to every child who walks through our doors. " * 15
)
AGAIN: Final = "/again"
"""Where the second copies of pages lie."""
LINK: Final = '<a href="{}">{}</a>'


@dataclass(frozen=True, slots=True)
class Planted:
    """One link and its truth: "fine", "broken", "blocked", "suspicious", or "none" where there is nothing to check.

    `markup` is how it stands on the page. `seen_by` tells who finds it there: "readers", a "browser" whose scripts put
    it in, or "nobody". `core` marks those that are counted.
    """

    name: str
    url: str
    truth: str
    markup: str
    seen_by: str = "readers"
    core: bool = False


class PlantedLinks(Servers):
    """The running servers. `links` are all planted links; `authority` vouches for servers that are to be trusted."""

    def __init__(self, extra: Iterable[str] = ()) -> None:
        self.authority = Authority.new("School certificates")
        super().__init__((*HOSTS, *extra), _secured(self.authority))
        self.links: list[Planted] = []

    def __enter__(self) -> Self:
        super().__enter__()
        self._plant()
        return self

    @classmethod
    def everything(cls) -> list[Planted]:
        """All planted links, with places where nobody listens: for those who only want to know what there is."""
        web = cls()
        web.places = {host: f"{host}:1" for host in (*HOSTS, *SECURE_HOSTS)}
        web._plant()
        return web.links

    def index(self, *, core: bool = False) -> str:
        """A page that carries every planted link, or only those that are counted; served at `HONEST`/ and /core."""
        links = [link for link in self.links if link.core or not core]
        items = "".join(f"<li>{link.markup}\n" for link in links if link.seen_by != "browser")
        late = "".join(link.markup for link in links if link.seen_by == "browser").replace("'", "&#39;")
        script = f"<script>document.getElementById('late').innerHTML = '{late}';</script>"
        base = f'<base href="{self.place(HONEST)}/base/">'
        title = "<title>Links</title><h1>Links</h1>"
        return (
            f"<!doctype html><meta charset=utf-8>{base}{title}<p>{ARTICLE}<ul>{items}</ul><div id=late></div>{script}"
        )

    # -------------------------------------------------------------------------------------------- planting

    def _plant(self) -> None:
        self.routes[LYING]["*"] = page(LONG_LOST)
        self.routes[SHELL]["*"] = page("<title>App</title><div id=root></div><script src=/app.js></script>")
        self.routes[OTHER]["/"] = FINE
        for host in (SECURE, TRUSTED, EXPIRED, MISNAMED, STRANGE, SOON):
            self.routes[host] |= {"/": FINE, "/news": FINE}
        self.routes[SECOND]["*"] = second_version_only
        for hop in range(30):
            self.routes[OTHER][f"/hop/{hop}"] = moved(f"/hop/{hop + 1}")
        self._plant_fine()
        self._plant_broken()
        self._plant_broken_elsewhere()
        self._plant_blocked()
        self._plant_suspicious()
        self._plant_none()
        self.routes[HONEST]["/"] = page(self.index())
        self.routes[HONEST]["/core"] = page(self.index(core=True))
        self.routes[HONEST]["/robots.txt"] = page("User-agent: *\nDisallow: /hidden/\n", media_type="text/plain")

    def _pages(self, truth: str, replies: Mapping[str, Reply], *, core: bool = True) -> None:
        """Links to pages of the honest server; of those that are counted a second copy of each."""
        for path, reply in replies.items():
            for copy in ("", AGAIN)[: 1 + core]:
                self.routes[HONEST][copy + path] = reply
                self._link(f"{path.strip('/')}{copy}", f"{self.place(HONEST)}{copy}{path}", truth, core=core)

    def _addresses(
        self, truth: str, urls: Mapping[str, tuple[str, ...]], *, core: bool = True, way: str = LINK
    ) -> None:
        """Links as they are written, one or more of each kind."""
        for name, copies in urls.items():
            for copy, url in zip(("", AGAIN), copies, strict=False):
                self._link(name + copy, url, truth, core=core, way=way)

    def _elements(
        self, ways: Mapping[str, str], *, core: bool = True, truth: str = "broken", by: str = "readers"
    ) -> None:
        """Links to missing pages that do not stand in an `a`; {} in the element is where the address goes."""
        for name, way in ways.items():
            for copy in ("", AGAIN)[: 1 + core]:
                self._link(
                    name + copy,
                    f"{self.place(HONEST)}/missing{copy}/{name.replace(' ', '-')}",
                    truth,
                    core=core,
                    way=way,
                    by=by,
                )

    def _link(self, name: str, url: str, truth: str, *, core: bool, way: str = LINK, by: str = "readers") -> None:
        self.links.append(Planted(name, url, truth, way.replace("{}", escape(url), 1).replace("{}", name), by, core))

    def _plant_fine(self) -> None:
        honest, other = self.place(HONEST), self.place(OTHER)
        self._pages("fine", {
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
            "/cookie": cookie_wall,
            "/firewall": no_links_in_name,
            "/large": page("<title>All years</title>" + ARTICLE * 1200),
            "/zipped": zipped(),
            "/file.pdf": page("%PDF-1.4 " + "x" * 400_000, media_type="application/pdf"),
            "/picture.png": page("x" * 5000, media_type="image/png"),
            "/nothing-to-say": page("", "204 No Content", media_type=""),
            "/untyped": page(f"<title>News</title>{ARTICLE}", media_type=""),
            "/room": page(f"<title>Room 404: Ms. Alder's class</title><h1>Room 404</h1>{ARTICLE}"),
            "/words%20with%20spaces": FINE,
        })  # fmt: skip
        self._pages("fine", {
            "/gone-once": after(1, page(NOT_FOUND, "404 Not Found")),
            "/hangs-up-once": after(1, hang_up),
            "/silent-once": after(1, silent),
            "/drip": drip,
            "/about-404": page(f"<title>Why pages go missing</title><h1>What “404 not found” means</h1>{ARTICLE}"),
            "/lost": page(f"<title>Lost and found</title><h2>Can’t find what you are looking for?</h2>{ARTICLE}"),
            "/login": page("<title>Sign in</title><form><input type=password></form>"),
            "/reloads": page(f"<meta http-equiv=refresh content='5'><title>Scores</title>{ARTICLE}"),
            "/reloads-itself": page(
                f"<meta http-equiv=refresh content='5;url=/reloads-itself'><title>Scores</title>{ARTICLE}"
            ),
            "/sends-on-without-scripts": page(
                f"<noscript><meta http-equiv=refresh content='0;url=/gone'></noscript><title>News</title>{ARTICLE}"
            ),
            "/up-and-down": moved(f"{self.place(HONEST)}/../room/../plain"),
            "/turned-slash": moved("\\plain"),
            "/sends-on": page("<meta http-equiv=refresh content='0;url=/sends-on-too'>"),
            "/sends-on-too": page("<meta http-equiv=Refresh content='1; URL=&quot;/plain&quot;'>"),
            "/index.html": moved("/"),
            "/caf%C3%A9": FINE,
            "/ask?a=1&b=2": FINE,
            "/short": moved(f"{other}/"),
            "/high-school": moved("/hs"),
            "/hs": FINE,
            "/only-pictures": page("<title></title><img src=/picture.png>"),
            "/in-chunks": in_chunks(b"1c\r\n<title>News</title><p>Bingo!\r\n", b"0\r\n\r\n"),
        }, core=False)  # fmt: skip
        marks = {"id": "#news", "top": "#top", "text": "#:~:text=garden"}
        places = {
            f"fragment-{name}": (f"{honest}/plain{mark}", f"{honest}{AGAIN}/plain{mark}")
            for name, mark in marks.items()
        }
        trusted = (f"{self.place(TRUSTED)}/", f"{self.place(TRUSTED)}/news")
        self._addresses("fine", places | {"good certificate": trusted})
        rare = {"name": "#caf%C3%A9", "bare": "#", "route": "#!/x", "slash": "#/x", "top in capitals": "#TOP"}
        self._addresses("fine", {
            **{f"fragment-{name}": (f"{honest}/plain{mark}",) for name, mark in rare.items()},
            "certificate that ends soon": (f"{self.place(SOON)}/",),
            "real page on a server that never says 404": (f"{self.place(LYING)}/real",),
            "page built by scripts": (f"{self.place(SHELL)}/classes/4",),
        }, core=False)  # fmt: skip
        self.routes[LYING]["/real"] = FINE

    def _plant_broken(self) -> None:
        def status(*lines: str) -> dict[str, Reply]:
            return {f"/status-{line[:3]}": page("<h1>Sorry</h1>", line) for line in lines}

        self._pages("broken", {
            **status(
                "400 Bad Request", "404 Not Found", "405 Method Not Allowed", "410 Gone", "500 Internal Server Error",
                "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout",
            ),
            "/head-lies": only_get("200 OK", page(NOT_FOUND, "404 Not Found")),
            "/gone.pdf": page(NOT_FOUND, "404 Not Found"),
            "/to-404": moved("/status-404"),
            "/to-dead-host": moved("http://no-such-school.invalid/"),
            "/loop-a": moved("/loop-b"),
            "/loop-self": moved("/loop-self"),
            "/no-location": moved(None),
            "/empty-location": moved(""),
            "/to-file": moved("file:///etc/hostname"),
            "/to-private": moved("http://10.0.0.1/"),
            "/refresh-404": page("<meta http-equiv=refresh content='0; url=/status-404'>"),
            "/silent": silent,
            "/hangs-up": hang_up,
        })  # fmt: skip
        self._pages("broken", {
            **status("402 Payment Required", "409 Conflict", "501 Not Implemented", "520 Unknown"),
            "/loop-b": moved("/loop-a"),
            "/gone.png": page("", "404 Not Found"),
            "/to-mail": moved("mailto:office@riverbend.example"),
            "/to-typo": moved("http://[::1"),
            "/to-data": moved("data:text/html,hello"),
            "/refresh-header": page(f"<title>News</title>{ARTICLE}", "200 OK", "Refresh: 0; url=/status-404"),
            "/status-304": page("", "304 Not Modified"),
            "/refresh-chain": page("<meta http-equiv=refresh content='0; url=/refresh-404'>"),
            "/refresh-loop": page("<meta http-equiv=refresh content='0; url=/refresh-loop-back'>"),
            "/refresh-loop-back": page("<meta http-equiv=refresh content='0; url=/refresh-loop'>"),
        }, core=False)  # fmt: skip

    def _plant_broken_elsewhere(self) -> None:
        other = self.place(OTHER)
        self._addresses("broken", {
            "thirty-hops": (f"{other}/hop/0", f"{other}/hop/1"),
            "no such host": ("http://no-such-school.invalid/page", "http://nor-this-one.invalid/"),
            "refused": (f"http://{HONEST}:9/", f"http://{OTHER}:9/menus"),
            "self-signed": (f"{self.place(SECURE)}/", f"{self.place(SECURE)}/news"),
            "expired": (f"{self.place(EXPIRED)}/", f"{self.place(EXPIRED)}/news"),
            "certificate of another site": (f"{self.place(MISNAMED)}/", f"{self.place(MISNAMED)}/news"),
            "file": ("file:///C:/menus/lunch.pdf", "file:///Users/office/menu.pdf"),
            "drive": ("C:\\menus\\lunch.pdf", "\\\\server\\share\\menu.pdf"),
            "typo in scheme": ("htp://riverbend.example/", "htttps://riverbend.example/"),
            "twice http": ("http://http//riverbend.example/", "https://https//riverbend.example/"),
            "open bracket": ("http://[::1", "http://[news/"),
            "private": ("http://192.168.1.20/menus", "http://localhost:8000/menus"),
        })  # fmt: skip
        self._addresses("broken", {
            "no host": ("http://:80/menus",),
            "port 0": (f"http://{HONEST}:0/",),
            "one label": ("http://intranet/menus",),
            "bad mail": ("mailto:office at riverbend",),
            "unicode host": ("http://bücherei-der-schule.invalid/",),
            "homograph": ("http://rivеrbend.invalid/",),
            "unknown issuer": (f"{self.place(STRANGE)}/",),
            "plain text on a secure port": (self.place(HONEST).replace("http:", "https:") + "/plain",),
        }, core=False)  # fmt: skip
        without_scheme = (f"{self.place(HONEST).partition(':')[2]}/missing/slashes",)
        self.links += [
            Planted("without scheme", f"http:{url}", "broken", f'<a href="{url}">without scheme</a>')
            for url in without_scheme
        ]
        self._elements({
            "srcset": '<img alt="" src="/picture.png" srcset="{} 2x">',
            "poster": '<video poster="{}"></video>',
            "script": '<script src="{}"></script>',
            "style": '<div style="background-image: url({})">.</div>',
        })  # fmt: skip
        for copy in ("", AGAIN):
            url = f"{self.place(HONEST)}/base/menus{copy}.html"
            self.links.append(
                Planted(f"base{copy}", url, "broken", f'<a href="menus{copy[1:] and copy}.html">base</a>', core=True)
            )
        self._elements({"put in by a script": LINK}, by="browser")
        self._elements({
            "object": '<object data="{}"></object>',
            "embed": '<embed src="{}">',
            "iframe": '<iframe src="{}"></iframe>',
            "source": '<audio><source src="{}"></audio>',
            "track": '<video><track src="{}"></video>',
            "area": '<map><area href="{}" alt="menu"></map>',
            "stylesheet": '<link rel=stylesheet href="{}">',
            "picture source": '<picture><source srcset="{} 1x"><img alt="" src="/picture.png"></picture>',
        }, core=False)  # fmt: skip

    def _plant_blocked(self) -> None:
        def status(*lines: str) -> dict[str, Reply]:
            return {f"/status-{line[:3]}": page("<h1>No</h1>", line) for line in lines}

        self._pages("blocked", {
            **status(
                "401 Unauthorized", "403 Forbidden", "406 Not Acceptable", "429 Too Many Requests",
                "451 Unavailable", "999 Denied",
            ),
            "/challenge-503": page("<title>Just a moment...</title>", "503 Service Unavailable"),
            "/challenge-200": page("<title>Attention Required! | Wall</title><p>Verify"),
            "/limited": page("", "429 Too Many Requests", "Retry-After: 3600"),
        })  # fmt: skip
        self._pages("blocked", {
            **status("407 Proxy Authentication Required"),
            "/challenge-head": page("<p>x", "503 Busy", "cf-mitigated: challenge"),
        }, core=False)  # fmt: skip

    def _plant_suspicious(self) -> None:
        honest, lying = self.place(HONEST), self.place(LYING)
        self.routes[HONEST]["/es/"] = page(f"<title>Riverbend</title><h1>Bienvenidos</h1>{ARTICLE}")
        self._pages("suspicious", {
            "/soft-plain": page(NOT_FOUND),
            "/for-sale": page("<title>riverbendpta</title><h1>This domain is for sale!</h1><p>Make an offer."),
            "/parked": page("<title>x</title><script src='//img.sedoparking.com/x.js'></script><p>Related searches"),
            "/to-home": moved("/"),
            "/members": moved("/login?next=/members"),
            "/empty": page(""),
            "/truncated": half(page(ARTICLE)),
            "/garbled": page("this is not gzip", "200 OK", "Content-Encoding: gzip"),
        })  # fmt: skip
        self._addresses("suspicious", {
            "soft 404": (f"{lying}/old/page.html", f"{lying}/menus/2024"),
            "missing fragment": (f"{honest}/plain#recipes", f"{honest}{AGAIN}/plain#recipes"),
        })  # fmt: skip
        self._pages("suspicious", {
            "/welcome": moved("/es/"),
            "/soft-spanish": page("<title>Página no encontrada</title><h1>Página no encontrada</h1><p>No existe."),
            "/fresh-server": page("<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1>"),
            "/suspended": page("<title>Account Suspended</title><h1>Account Suspended</h1>"),
            "/database": page("<title>Database Error</title><h1>Error establishing a database connection</h1>"),
            "/chunk-cut": in_chunks(b"20\r\n<title>News</title><p>"),
            "/chunk-wrong": in_chunks(b"5\r\nhello\r\n", b"not a number\r\n"),
        }, core=False)  # fmt: skip
        self._addresses("suspicious", {
            "soft 404 for a file": (f"{lying}/old/menu.pdf",),
            "second version only": (f"{self.place(SECOND)}/",),
        }, core=False)  # fmt: skip

    def _plant_none(self) -> None:
        self._addresses("none", {
            "mail": ("mailto:office@riverbend.example", "mailto:menu@riverbend.example?subject=Lunch"),
            "phone": ("tel:+14065550100", "sms:+14065550101"),
            "scripted": ("javascript:void(0)", "javascript:print()"),
            "data": ("data:text/plain,hello", "data:text/html,bye"),
        })  # fmt: skip
        self._elements(
            {"comment": "<!-- " + LINK + " -->", "template": f"<template>{LINK}</template>"}, truth="none", by="nobody"
        )
        self._addresses("none", {
            "disguised mail": (f"{self.place(HONEST)}/cdn-cgi/l/email-protection#7d",),
            "share button": ("https://www.facebook.com/sharer/sharer.php?u=x",),
            "robots.txt says no": (f"{self.place(HONEST)}/hidden/page",),
        }, core=False)  # fmt: skip
        self.routes[HONEST]["/hidden/page"] = FINE
        self._elements(
            {
                "hint": '<link rel=preconnect href="{}">',
                "form": '<form method=post action="{}"></form>',
                "ping": '<a ping="{}" href="/plain">.</a>',
            },
            core=False, truth="none", by="nobody",
        )  # fmt: skip


def _secured(authority: Authority) -> Mapping[str, ssl.SSLContext]:
    """The server's side of TLS of each host that speaks it."""
    return {
        SECURE: self_signed(SECURE),
        TRUSTED: authority.server(TRUSTED, YEAR),
        EXPIRED: authority.server(EXPIRED, timedelta(days=-3)),
        MISNAMED: authority.server("127.99.9.9", YEAR),
        STRANGE: Authority.new("Nobody's certificates").server(STRANGE, YEAR),
        SOON: authority.server(SOON, timedelta(days=10)),
        SECOND: authority.server(SECOND, YEAR, alpn=("h2",)),
    }
