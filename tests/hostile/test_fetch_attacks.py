"""Attacks of a server on whoever fetches from it, by their numbers: each costs its deadline, and the audit goes on.

What hostile pages do inside a browser is in `test_browser_attacks.py`.
"""

import asyncio
import itertools
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from auditor.model import Passage, Reason
from auditor.outlets.addresses import web_problem
from spiders import images, reactor
from spiders.certificate import untrusted
from spiders.guard import Guard, networks
from spiders.links import LinkAsk, LinkOptions
from spiders.links import visit as visit_links
from spiders.reading import Assignment
from spiders.website import read
from tests.hostile.floods import floods
from tests.servers import Reply, Route, Site, serve
from tests.test_audit import ROSTER, District, page
from tests.test_hostile_web import certificate
from tests.visits import OPTIONS, Notes, account, explore, links, to, visit

GUARDED = replace(OPTIONS, allow_networks=("127.0.0.91/32",))
OPEN, INSIDE = "127.0.0.91", "127.0.0.92"
"""A host that may be visited, and one that may not: it stands for whatever is behind a district's own walls."""


@pytest.fixture
def inside() -> Iterator[Site]:
    with serve({"*": "secret"}, host=INSIDE) as site:
        yield site


# ------------------------------------------------------------------------------------------------ 1: private addresses

SPELLINGS = [
    "127.0.0.92",
    "127.0.0.92.",
    "127.92",
    "2130706524",
    "0x7f.0.0.92",
    "0x7f00005c",
    "0177.0.0.0134",
    "017700000134",
    "①②⑦.⓪.⓪.⑨②",
    "127。0。0。92",
    "１２７.0.0.92",
    "%31%32%37.0.0.92",
    "[::ffff:127.0.0.92]",
    "[::ffff:7f00:5c]",
    "[0:0:0:0:0:ffff:7f00:005c]",
    "[::127.0.0.92]",
    "[64:ff9b::7f00:5c]",
    "[2002:7f00:5c::]",
    "[::1]",
    "[::1%25lo]",
    "[::]",
    "0.0.0.0",  # noqa: S104
    "0",
    "localhost",
    "LOCALHOST.",
    "ip6-localhost",
]


@pytest.mark.parametrize("host", SPELLINGS)
def test_1_no_spelling_of_a_private_address_is_dialled_by_any_way_out(inside: Site, host: str) -> None:
    url = inside.url.replace(INSIDE, host)

    notes = visit(url, GUARDED)
    states = look_at_links(url)
    pictures = look_at_images(url)
    certificate_says = untrusted(url.replace("http:", "https:"), GUARDED.manners.guard(), 1.0)

    assert (inside.hits, notes.documents, len(notes.gaps)) == ([], [], 1)
    assert (states[0].verdict.name in ("BROKEN", "SKIPPED", "BLOCKED"), pictures[0][0], certificate_says) == (
        True,
        b"",
        "",
    )


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1"),  # noqa: S104
        *("[::]", "[::1]", "[::ffff:10.0.0.1]", "[fd00::1]", "[fe80::1]", "[64:ff9b::a00:1]", "[2002:a00:1::]"),
    ],
)
def test_1_a_private_address_is_told_as_such_and_the_audit_goes_on(address: str) -> None:
    with serve({"/": "<p>Spring fair"}, host=OPEN) as site:
        notes = Notes()
        both = [Assignment(account(f"http://{address}/", "intranet")), Assignment(account(site.url, "lincoln"))]
        reactor.run(read(both, GUARDED, notes))

    assert notes.why == ["address on a private network: not visited"]
    assert notes.reasons == [Reason.NOT_IN_ROUTE]
    assert notes.urls == [site.url]


# ------------------------------------------------------------------------------------------------ 2, 3: names


class Names:
    """A name server under the attacker's hand: `rebind.example` has these addresses, one answer after the other."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = itertools.chain(answers, itertools.repeat(answers[-1]))
        self._system = socket.getaddrinfo
        self.asked = 0

    def __call__(self, host: Any, *args: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name != "rebind.example":
            return self._system(host, *args, **options)
        self.asked += 1
        return [info for address in next(self._answers) for info in self._system(address, *args, **options)]


NAMES = {
    "2 a name that leads inside": [[INSIDE]],
    "2 a name that leads outside and inside": [[INSIDE, OPEN]],
    "3 outside first, and inside from then on": [[OPEN], [INSIDE]],
    "3 inside first, and outside from then on": [[INSIDE], [OPEN]],
    "3 now here, now there": [[OPEN], [INSIDE], [OPEN], [INSIDE]],
}


@pytest.fixture(params=NAMES, ids=str)
def rebinding(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Names:
    names = Names(*NAMES[request.param])
    monkeypatch.setattr(socket, "getaddrinfo", names)
    # uvloop asks the system behind Python's back: nobody could play a hostile name server there.
    monkeypatch.setattr(reactor, "new_event_loop", asyncio.new_event_loop)
    return names


@pytest.fixture
def twins() -> Iterator[tuple[Site, Site]]:
    """A site outside and one inside at the same port, as a name that changes its address needs."""
    routes: dict[str, Route] = {"*": Reply(links("/a", "/b", "/c"), headers={"Connection": "close"})}
    with serve(routes, host=OPEN) as outside, serve({"*": "secret"}, host=INSIDE, port=port_of(outside)) as within:
        yield outside, within


def port_of(site: Site) -> int:
    return int(site.url.rpartition(":")[2].strip("/"))


def test_2_and_3_a_name_that_changes_its_address_never_leads_a_crawl_inside(
    twins: tuple[Site, Site], rebinding: Names
) -> None:
    visit(twins[0].url.replace(OPEN, "rebind.example"), GUARDED)

    assert twins[1].hits == []
    assert rebinding.asked


def test_2_and_3_a_name_that_changes_its_address_never_leads_links_or_images_inside(
    twins: tuple[Site, Site], rebinding: Names
) -> None:
    url = twins[0].url.replace(OPEN, "rebind.example")

    look_at_links(url, f"{url}a", f"{url}b#x")
    look_at_images(f"{url}a.png", f"{url}b.png")

    assert twins[1].hits == []
    assert rebinding.asked


def test_2_and_3_a_name_that_changes_its_address_never_leads_a_look_at_its_certificate_inside(
    rebinding: Names, tmp_path: Path
) -> None:
    old = certificate(tmp_path, "rebind.example", ended=datetime(2026, 5, 3, tzinfo=UTC))
    inside = Listener(INSIDE)
    with inside, serve({"*": "x"}, host=OPEN, certificate=old, port=inside.port) as outside:
        url = outside.url.replace(OPEN, "rebind.example")
        for _ in range(3):
            untrusted(url, Guard(networks([f"{OPEN}/32"])), 1.0)

    assert inside.visitors == 0
    assert rebinding.asked


def look_at_links(*urls: str) -> list[Any]:
    told: list[Any] = []
    options = LinkOptions(GUARDED.manners, second_look=0.01)
    reactor.run(visit_links([LinkAsk(url, fragment=True) for url in urls], options, told.append))
    return told


def look_at_images(*urls: str) -> list[tuple[bytes, str]]:
    told: list[images.Fetched] = []
    reactor.run(images.fetch(urls, GUARDED.manners, told.append))
    return [(one.content, one.problem) for one in told]


class Listener:
    """Counts whoever connects, and says nothing: a tarpit."""

    def __init__(self, host: str) -> None:
        self.visitors = 0
        self._held: list[socket.socket] = []
        self._tcp = socket.create_server((host, 0))
        self.port = int(self._tcp.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> "Listener":
        return self

    def __exit__(self, *exc: object) -> None:
        for each in (self._tcp, *self._held):
            each.close()

    def _listen(self) -> None:
        while True:
            try:
                self._held.append(self._tcp.accept()[0])
            except OSError:
                return
            self.visitors += 1


# ------------------------------------------------------------------------------------------------ 4, 5, 7: addresses


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "view-source:http://school.example/",
        "data:text/html,x",
        "ftp://school.example/x",
        "http://internal\\@public.example/",
        "http://public.example\\@internal/",
        "http://school.example@internal/",
        "http://user:pass@school.example/",
        "http://school.example/\r\nHost: internal",
        "//internal/",
        "http:///internal",
    ],
)
def test_4_and_7_an_address_that_is_none_is_a_fault_of_the_configuration_and_never_asked_for(url: str) -> None:
    assert web_problem(url)

    notes = visit(url, GUARDED)

    assert (notes.documents, notes.why) == ([], ["it is no valid web address"])


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "data:text/html,<p>Ana Ortiz",
        "javascript:alert(1)",
        "ftp://127.0.0.92/x",
        "gopher://127.0.0.92/x",
        "//127.0.0.92:{port}/x",
        "http://127.0.0.92:{port}/x",
        "http://school.example\\@127.0.0.92:{port}/x",
        "http://127.0.0.91:80\\@127.0.0.92:{port}/x",
        "http://127.0.0.91@127.0.0.92:{port}/x",
        "http:127.0.0.92:{port}/x",
        "\thttp://127.0.0.92:{port}/x",
    ],
)
@pytest.mark.parametrize("start", ["/", "/page"])
def test_5_a_redirect_never_leads_inside_or_to_a_file(inside: Site, target: str, start: str) -> None:
    away = to(target.format(port=port_of(inside)))
    routes: dict[str, Route] = {"/": links("/page"), "/robots.txt": "", "/sitemap.xml": away, start: away}
    with serve(routes, host=OPEN) as site:
        notes = visit(site.url, GUARDED)

    assert inside.hits == []
    assert [document.url for document in notes.documents] == ([site.url] if start == "/page" else [])
    assert "passwd" not in repr(notes.documents)


# ------------------------------------------------------------------------------------------------ 8: circles


def test_8_redirects_in_a_circle_or_without_end_cost_a_few_requests() -> None:
    number = itertools.count()
    routes: dict[str, Route] = {
        "/": links("/one", "/ever"),
        "/one": to("/two"),
        "/two": to("/one"),
        "/ever": lambda _: to(f"/ever?{next(number)}"),
        "/robots.txt": "",
        "/sitemap.xml": Reply("", 404),
    }

    notes, site = explore(routes)

    assert sorted(notes.why) == ["it sends visitors on more than 8 times", "it sends visitors round in a circle"]
    assert len(site.hits) < 20


# ------------------------------------------------------------------------------------------------ 9, 10, 15: too much


def test_9_10_and_15_bodies_bombs_and_headers_without_end_take_little_memory() -> None:
    """A site of nothing but floods, read by a process of its own: what each says, and the memory at its highest."""
    ways = floods()
    with serve({"/": links(*ways), "/robots.txt": "", "/sitemap.xml": Reply("", 404), **ways}) as site:
        reading = [sys.executable, str(Path(__file__).parent / "weighed.py"), site.url]
        done = subprocess.run(reading, capture_output=True, text=True, timeout=60, check=True)
    *told, peak = done.stdout.splitlines()

    assert told == [
        "/brotli: it is larger than 8 MB",
        "/chunks: it is larger than 8 MB",
        "/deflate: it is larger than 8 MB",
        "/endless: it is larger than 8 MB",
        "/gzip: it is larger than 8 MB",
        "/header: its server's answer could not be understood",
        "/headers: its server's answer could not be understood",
        "/long: it is larger than 8 MB",
        "/zstd: it is larger than 8 MB",
    ]
    assert int(peak) < 200


# ------------------------------------------------------------------------------------------------ 11-14: slow, and lies


def test_13_a_secure_server_that_never_shakes_hands_costs_the_deadline() -> None:
    with Listener(OPEN) as tarpit:
        notes = visit(f"https://{OPEN}:{tarpit.port}/", replace(GUARDED, page_deadline=0.3))

    assert notes.why == ["it did not answer within 0.3 seconds"]


def said(*lines: bytes, body: bytes = b"") -> Route:
    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + b"\r\n".join((*lines, b"")) + b"\r\n" + body
        )

    return write


CHUNKED = b"Transfer-Encoding: chunked"


@pytest.mark.parametrize(
    ("route", "why"),
    [
        (said(b"Content-Length: 50", body=b"<p>Ana Ortiz"), "it broke off before its end"),
        (said(CHUNKED, body=b"c\r\n<p>Ana Ortiz\r\n"), "it broke off before its end"),
        (said(CHUNKED, body=b"c\r\n<p>Ana Ortiz\r\nffffff\r\n"), "it broke off before its end"),
    ],
)
def test_14_a_body_that_ends_before_its_time_is_read_and_said_to_be_short(route: Route, why: str) -> None:
    notes, _ = explore({"/": route, "/robots.txt": "", "/sitemap.xml": Reply("", 404)})

    assert [passage for document in notes.documents for passage in document.passages] == [Passage("Ana Ortiz")]
    assert ([document.problem for document in notes.documents], notes.why) == ([why], [why])


@pytest.mark.parametrize(
    "route",
    [
        said(b"Content-Length: -5", body=b"<p>Ana Ortiz"),
        said(b"Content-Length: 5", b"Content-Length: 12", body=b"<p>Ana Ortiz"),
        said(b"Content-Length: 5", CHUNKED, body=b"c\r\n<p>Ana Ortiz\r\n0\r\n\r\n"),
        said(b"Content-Length: 99999999999999999999999", body=b"<p>Ana Ortiz"),
        said(CHUNKED, body=b"zz\r\n<p>Ana Ortiz\r\n0\r\n\r\n"),
        said(CHUNKED, body=b"ffffffffffffffffffff\r\n<p>Ana Ortiz"),
    ],
)
def test_14_lengths_that_contradict_each_other_are_never_a_clean_page(route: Route) -> None:
    notes, _ = explore({"/": route, "/robots.txt": "", "/sitemap.xml": Reply("", 404)})

    assert notes.reasons in ([Reason.UNREACHABLE], [Reason.LIMIT])
    assert all(document.problem for document in notes.documents)


# ------------------------------------------------------------------------------------------------ 17: walls


FOUR_FAULTS = """<p>Our <a href="/gone.html">menu</a>.</p>
<figure><img src="/fair.jpg" alt=""><figcaption>Jada Dunmore won the prize</figcaption></figure>
<section id="comments"><form id="commentform" action="/wp-comments-post.php"><p>Leave a reply</p>
<textarea name="comment"></textarea></form></section>"""


@pytest.mark.parametrize(
    "wall",
    [
        Reply("slow down", 429, headers={"Retry-After": "0"}),
        Reply("<title>Just a moment...</title>", 403),
        Reply("<form>Log in <input type=password></form>"),
    ],
    ids=["429", "challenge", "login"],
)
def test_17_a_wall_before_a_page_never_makes_a_finding_fixed_or_an_account_clean(tmp_path: Path, wall: Reply) -> None:
    district = District(tmp_path)
    pages: dict[str, Route] = {"/": page(FOUR_FAULTS), "/fair.jpg": "x", "/robots.txt": ""}
    rules = ("broken-link", "student-name", "student-photo-named", "unmoderated-comments")
    with serve(pages) as site:
        district.configure(site.url, roster=f'roster = "{ROSTER.as_posix()}"')
        district.auditor("audit")
        before = [finding["id"] for rule in rules for finding in district.open_findings(rule)]
        pages["/"] = wall
        district.auditor("audit")
        after = [finding["id"] for rule in rules for finding in district.open_findings(rule)]

    assert len(before) == 4
    assert after == before
    assert {district.verdict("lincoln-site", rule) for rule in rules} == {"not-checked"}


# ------------------------------------------------------------------------------------------------ 18: secrets


def test_18_no_cookie_no_password_and_no_trail_goes_to_another_host() -> None:
    cookie = {"Set-Cookie": "session=secret; Path=/", "WWW-Authenticate": "Basic"}
    with serve({"*": Reply("<p>Fair", headers=cookie)}, host=INSIDE) as other:
        routes: dict[str, Route] = {
            "/": Reply(links("/away", "/again") + f'<iframe src="{other.url}frame"></iframe>', headers=cookie),
            "/away": Reply(status=302, headers={"Location": other.at("/away"), **cookie}),
            "*": Reply("<p>x", headers=cookie),
        }
        with serve(routes, host=OPEN) as site:
            visit(site.url)
            look_at_links(site.at("/away"), other.at("/linked"))

    told = [*site.seen.values(), *other.seen.values()]
    assert site.asked("/again") == 1
    assert {name.lower() for headers in told for name in headers} & {
        "cookie",
        "authorization",
        "referer",
        "origin",
    } == set()
