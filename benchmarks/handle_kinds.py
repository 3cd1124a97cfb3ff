"""How sites answer for handles: one kind after the other, from those that answer plainly to those that never do.

A kind says how it answers for a handle that is there and for one that is not, how a careful author had described it
before it changed, and whether an honest visitor can know.
"""

import json
import random
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

HANDLES: Final = ("mrivera_room12", "coachdelgado")
NOBODY: Final = "zq7xkv93plw"
KNOWN: Final = ("lindholm", "pottery")
"""Handles that every site has."""
SHARE: Final = 0.33

HANG, CUT = -1, -2
"""Statuses of answers that never come, and of connections that are cut off."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `status` may be `HANG` or `CUT`."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Detect:
    """How the site was described before it changed; "" and 0 are what is not known. `place`: where nobody leads."""

    yes: str = ""
    no: str = ""
    yes_code: int = 200
    no_code: int = 404
    place: str = ""
    path: str = "/u/{}"
    shown: str = "/u/{}"
    post: str = ""
    pattern: str = ""


@dataclass(slots=True)
class Planted:
    """A site. `hits` are the requests that it got for each handle."""

    name: str
    kind: "Kind"
    number: int
    chance: random.Random
    port: int = 0
    hits: Counter[str] = field(default_factory=Counter)

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def mark(self) -> str:
        """What the source of every profile of this site holds."""
        return f'class="profile-card c{self.number}"'

    def has(self, handle: str) -> bool:
        """Whether somebody has that handle here; some sites tell capitals apart, which no handle here has."""
        lowered = handle.lower()
        if lowered in KNOWN:
            return True
        if lowered not in HANDLES or (self.kind.detect(self).pattern and not _fits(self, lowered)):
            return False
        return zlib.crc32(f"{self.name}/{lowered}".encode()) % 1000 < SHARE * 1000

    def profile(self, handle: str, more: str = "") -> str:
        size = 4000 + zlib.crc32(f"{handle}{self.number}".encode()) % self.kind.largest
        return html(
            f"{handle} | {self.name}",
            f"<div {self.mark}><h1>{handle}</h1><p class='bio'>Gardens, brass bands and maps. {more}</p></div>"
            f"<ol class='posts'>{filler(handle, size)}</ol>",
        )

    def nobody(self, words: str = "Page not found") -> str:
        return html(f"{words} | {self.name}", f"<div class='notice'><h1>{words}</h1><p>Try the search.</p></div>")


Respond = Callable[[Planted, str, int], Reply]
"""The answer for a handle; the number counts the requests to the site so far, from 1."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to answer. `knowable`: whether an honest visitor can tell who has an account. `slow`: seconds to wait."""

    name: str
    respond: Respond
    detect: Callable[[Planted], Detect]
    counts: Mapping[str, int]
    knowable: bool = True
    slow: tuple[float, float] = (0.0, 0.0)
    largest: int = 60_000
    refuses: bool = False
    methods: tuple[str, ...] = ("GET", "HEAD", "POST")


def html(title: str, body: str) -> str:
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><nav class='top'>Menu</nav>{body}</body></html>"
    )


def filler(seed: str, size: int) -> str:
    line = f"<li class='post'>{seed} watered the beans and wrote a note about {zlib.crc32(seed.encode())}.</li>"
    return line * (size // len(line) + 1)


def _fits(site: Planted, handle: str) -> bool:
    return re.search(site.kind.detect(site).pattern, handle) is not None


# ------------------------------------------------------------------------------------------------ how they answer


def _by_status(status: int, words: str = "Page not found") -> Respond:
    return lambda site, handle, _: (
        Reply(200, site.profile(handle)) if site.has(handle) else Reply(status, site.nobody(words))
    )


def _in_words(*words: str) -> Respond:
    """Each site has words of its own for a handle that nobody has."""
    return lambda site, handle, count: _by_status(200, words[site.number % len(words)])(site, handle, count)


def _redirect(place: str) -> Respond:
    def respond(site: Planted, handle: str, _: int) -> Reply:
        return Reply(200, site.profile(handle)) if site.has(handle) else Reply(302, "", {"Location": place})

    return respond


def _always(status: int, body: str, **headers: str) -> Respond:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _site, _handle, _count: Reply(status, body, named)


def _first(times: int, bad: Reply, then: Respond) -> Respond:
    return lambda site, handle, count: bad if count <= times else then(site, handle, count)


def _api(site: Planted, handle: str, _: int) -> Reply:
    found = json.dumps({"id": site.number, "login": handle}) if site.has(handle) else json.dumps({"users": []})
    return Reply(200, found, {"Content-Type": "application/json"})


def _taken(site: Planted, handle: str, _: int) -> Reply:
    return Reply(200, json.dumps({"taken": site.has(handle)}), {"Content-Type": "application/json"})


def _search(site: Planted, handle: str, count: int) -> Reply:
    if not _fits(site, handle):
        return Reply(200, html(f"Search | {site.name}", f"<form class='search'>No hits for {handle}</form>"))
    return _CLEAN(site, handle, count)


def _layout(site: Planted, handle: str, _: int) -> Reply:
    if not site.has(handle):
        return Reply(404, site.nobody())
    return Reply(200, site.profile(handle).replace(site.mark, "class='member-head'"))


def _wall_redirect(_site: Planted, handle: str, _: int) -> Reply:
    return Reply(302, "", {"Location": f"/login?next=/u/{handle}"})


def _consent(_site: Planted, handle: str, _: int) -> Reply:
    return Reply(302, "", {"Location": f"/consent?to=/u/{handle}"})


def _echo(site: Planted, handle: str, _: int) -> Reply:
    if site.has(handle):
        return Reply(200, site.profile(handle))
    return Reply(200, html(f"{handle} | {site.name}", f"<p class='none'>We looked for {handle} and saw nothing.</p>"))


def _nonce(site: Planted, _handle: str, _: int) -> Reply:
    words = " ".join("".join(site.chance.choices("bcdfghklmnprst", k=7)) for _ in range(60))
    return Reply(200, html(site.name, f"<p>{words}</p>"))


def _bio(site: Planted, handle: str, _: int) -> Reply:
    if site.has(handle):
        return Reply(200, site.profile(handle, "My favourite page says: nobody of that name."))
    return Reply(200, site.nobody("nobody of that name"))


def _flaky(site: Planted, handle: str, count: int) -> Reply:
    if site.chance.random() < 0.2:
        return Reply(site.chance.choice((429, 502, 503)), "busy")
    return _CLEAN(site, handle, count)


def _lower(site: Planted, handle: str, _: int) -> Reply:
    """Accounts live under a path of their own, in small letters."""
    return Reply(301, "", {"Location": f"/people/{handle.lower()}"}) if site.has(handle) else Reply(404, site.nobody())


def _everybody(site: Planted, handle: str, _: int) -> Reply:
    return Reply(200, site.profile(handle))


def _json_404(site: Planted, handle: str, count: int) -> Reply:
    return _api(site, handle, count) if site.has(handle) else Reply(404, '{"error":"no such user"}')


_CLEAN: Final = _by_status(404)
_CLOUDFLARE: Final = html("Just a moment...", "<script>window._cf_chl_opt={}</script>Checking your browser")
_PERIMETER: Final = html("Access to this page has been denied", "<div id='px-captcha'></div>")
_CAPTCHA: Final = html("Security check", "<p>Please verify you are human</p><div class='h-captcha'></div>")
_AWS: Final = "<html><script>window.gokuProps={};AwsWafIntegration.getToken()</script></html>"
_AKAMAI: Final = html("Access Denied", "You don't have permission. Reference #18.1 https://errors.edgesuite.net/18.1")
_DATADOME: Final = (
    "<html><head><title>site</title></head><body><script src='https://ct.captcha-delivery.com/c.js'></script>"
)
_IMPERVA: Final = "<html><body><iframe src='/_Incapsula_Resource?x=1'></iframe>Incapsula incident ID: 4</body></html>"
_PARDON: Final = html("Pardon Our Interruption", "<p>Something about your browser made us think you are a bot.</p>")
_RATED: Final = html("Whoa there", "<p>Too many requests from your network.</p>")
LOGIN_PAGE: Final = html("Log in", "<form><input name='user'><input type='password' name='p'></form>Log in to continue")
_SHELL: Final = (
    "<!doctype html><html><head><title>App</title></head><body><div id='root'></div><script src='/a.js'></script>"
)


def _plain(**more: object) -> Callable[[Planted], Detect]:
    return lambda site: Detect(**{"yes": site.mark, "no": "Page not found", **more})  # type: ignore[arg-type]


def _told(words: str) -> Callable[[Planted], Detect]:
    return lambda site: Detect(yes=site.mark, no=words, no_code=200)


def _kinds() -> Iterator[Kind]:
    def kind(name: str, a: int, b: int, respond: Respond, detect: Callable[[Planted], Detect], **more: object) -> Kind:
        return Kind(name, respond, detect, {"A": a, "B": b}, **more)  # type: ignore[arg-type]

    plain = _plain()
    yield kind("clean 404", 90, 70, _CLEAN, plain, largest=150_000)
    yield kind("gone 410", 6, 4, _by_status(410), _plain(no_code=410))
    yield kind("bad request", 4, 4, _by_status(400, "Bad name"), _plain(no_code=400, no="Bad name"))
    yield kind("miss is 500", 3, 2, _by_status(500, "Something broke"), _plain(no_code=500, no="Something broke"))
    yield kind("message", 56, 40, _by_status(200, "This user does not exist"), _told("This user does not exist"))
    yield kind("to the home page", 20, 12, _redirect("/"), _plain(no_code=302, no="", place="/"))
    yield kind("to the login", 6, 4, _redirect("/login"), _plain(no_code=302, no="", place="/login"))
    api = {"path": "/api/users/{}", "yes": '"login":'}
    yield kind("interface", 18, 12, _api, _plain(**api, no='"users": []', no_code=200))
    yield kind("interface 404", 0, 8, _json_404, _plain(**api, no="no such user"))
    posted = {"path": "/api/taken", "post": '{"name":"{}"}', "yes": '"taken": true', "no": '"taken": false'}
    yield kind("posted", 8, 6, _taken, _plain(**posted, no_code=200))
    yield kind("no HEAD", 10, 6, _CLEAN, plain, methods=("GET", "POST"))
    yield kind("form of handles", 8, 6, _search, _plain(pattern="^[a-z]{3,20}$"))
    yield kind("no words known", 8, 6, _by_status(200, "Nothing here"), lambda s: Detect(yes=s.mark, no_code=200))
    yield kind("large pages", 8, 4, _CLEAN, plain, largest=500_000)
    yield kind("slow", 12, 8, _CLEAN, plain, slow=(2.0, 4.0))
    yield kind("shell for everybody", 10, 6, _always(200, _SHELL), plain, knowable=False)
    yield kind("soft 404", 12, 8, _in_words("Oh dear", "Profile not found"), plain)
    yield kind("other words", 10, 8, _in_words("We cannot see them", "No such user"), _told("This user does not exist"))
    yield kind("other layout", 6, 5, _layout, plain)
    yield kind("yes to everybody", 6, 6, _everybody, plain, knowable=False)
    yield kind("login wall", 10, 6, _wall_redirect, plain, knowable=False)
    yield kind("login page", 5, 4, _always(200, LOGIN_PAGE), plain, knowable=False)
    once = Reply(429, "slow down", {"Retry-After": "1"})
    yield kind("rate limit once", 14, 8, _first(1, once, _CLEAN), plain)
    yield kind("rate limit", 8, 6, _always(429, "slow down"), plain, knowable=False)
    yield kind("failure once", 12, 8, _first(1, Reply(503, "starting"), _CLEAN), plain)
    yield kind("failure", 8, 5, _always(502, "bad gateway"), plain, knowable=False)
    yield kind("Cloudflare 403", 8, 4, _always(403, _CLOUDFLARE, cf_mitigated="challenge"), plain, knowable=False)
    yield kind("Cloudflare 503", 4, 3, _always(503, _CLOUDFLARE), plain, knowable=False)
    yield kind("AWS 202", 4, 2, _always(202, _AWS, x_amzn_waf_action="challenge"), plain, knowable=False)
    yield kind("PerimeterX", 4, 2, _always(403, _PERIMETER), plain, knowable=False)
    yield kind("captcha", 6, 4, _always(200, _CAPTCHA), plain, knowable=False)
    yield kind("empty", 4, 3, _always(200, ""), plain, knowable=False)
    yield kind("hangs", 4, 3, _always(HANG, ""), plain, knowable=False)
    yield kind("refuses", 4, 3, _CLEAN, plain, knowable=False, refuses=True)
    yield kind("cut off once", 4, 3, _first(1, Reply(CUT), _CLEAN), plain)
    yield kind("Akamai", 0, 4, _always(403, _AKAMAI), plain, knowable=False)
    yield kind("DataDome", 0, 4, _always(403, _DATADOME), plain, knowable=False)
    yield kind("Imperva", 0, 4, _always(200, _IMPERVA), plain, knowable=False)
    yield kind("Pardon", 0, 4, _always(200, _PARDON), plain, knowable=False)
    yield kind("rate limit page", 0, 5, _always(200, _RATED), plain, knowable=False)
    yield kind("consent", 0, 5, _consent, plain, knowable=False)
    yield kind("echo", 0, 8, _echo, plain)
    yield kind("other page each time", 0, 5, _nonce, plain, knowable=False)
    yield kind("words in the profile", 0, 6, _bio, _told("nobody of that name"))
    yield kind("flaky", 0, 10, _flaky, plain)
    yield kind("moved path", 0, 6, _lower, plain)


KINDS: Final = tuple(_kinds())
