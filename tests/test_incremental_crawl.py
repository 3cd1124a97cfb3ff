"""The second visit of an account: what did not change is not read again, and nothing that changed is overlooked."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.model import Blind, Reason
from spiders.browser import Rendered
from spiders.past import PROOFS
from tests.servers import HTML, Reply, Route, Site, serve
from tests.visits import OPTIONS, Ledger, killed_visit, links, revisit, to

SLOWLY = replace(OPTIONS, delay=0.0001, pause=0.0001)
WALL = '<form action="/in"><input type="text" name="user"><input type="password" name="secret"></form>'


def tag_of(body: str | bytes) -> str:
    return f'"{sha256(body.encode() if isinstance(body, str) else body).hexdigest()[:12]}"'


@dataclass
class Tagged:
    """Routes that answer with an ETag, and not at all to those who know it. `full` are the bodies that it sent."""

    routes: dict[str, str | Reply]
    full: list[str] = field(default_factory=list)
    tag: Callable[[str | bytes], str] = tag_of

    def __call__(self, handler: BaseHTTPRequestHandler) -> Reply:
        route = self.routes.get(handler.path, Reply("", 404))
        reply = route if isinstance(route, Reply) else Reply(route)
        if reply.status != 200:
            return reply
        tag = self.tag(reply.body)
        if handler.headers.get("If-None-Match") == tag:
            return Reply("", 304, headers={"ETag": tag})
        self.full.append(handler.path)
        return replace(reply, headers={"ETag": tag, **reply.headers})


@contextmanager
def tagged(routes: Mapping[str, str | Reply], rules: str = "") -> Iterator[tuple[Site, Tagged]]:
    server = Tagged(dict(routes))
    robots = Reply(rules, type="text/plain")
    with serve({"*": server, "/robots.txt": robots, "/sitemap.xml": Reply("", 404)}) as site:
        yield site, server


def below(site: Site, urls: list[str]) -> list[str]:
    return sorted("/" + url.removeprefix(site.url) for url in urls)


SITE: Mapping[str, str | Reply] = {
    "/": "<p>Home" + links("/a", "/b", "/list.csv"),
    "/a": "<p>Ana" + links("/deep", "/"),
    "/b": "<p>Ben" + links("/a"),
    "/deep": "<p>Deep down",
    "/list.csv": Reply("name,class\nAna,3\n", type="text/csv"),
}


def test_a_site_that_did_not_change_is_not_sent_again_and_every_page_of_it_is_told() -> None:
    with tagged(SITE) as (site, server):
        first = revisit(site.url)
        server.full.clear()
        second = revisit(site.url, first)

        assert (below(site, first.urls), first.same) == (sorted(SITE), [])
        assert (second.documents, second.gaps, second.dead) == ([], [], [])
        assert second.depths == first.depths
        assert second.known == first.known
        assert len(server.full) == PROOFS


def test_a_server_without_validators_is_asked_for_all_of_it_and_nothing_of_it_is_parsed() -> None:
    routes: Mapping[str, Route] = {**SITE, "*": Reply("", 404)}
    with serve(routes) as site:
        first = revisit(site.url)
        second = revisit(site.url, first)

        assert (second.documents, second.depths) == ([], first.depths)
        assert [site.asked(path) for path in SITE] == [2] * len(SITE)


def test_what_changed_is_read_and_what_it_leads_to_as_well() -> None:
    with tagged(SITE) as (site, server):
        first = revisit(site.url)
        server.routes["/b"] = "<p>Ben is gone" + links("/new")
        server.routes["/new"] = "<p>New"
        second = revisit(site.url, first)

        assert below(site, second.urls) == ["/b", "/new"]
        assert below(site, [url for url, _ in second.same]) == ["/", "/a", "/deep", "/list.csv"]


def test_a_page_of_which_no_reader_sees_the_change_is_known_by_its_new_validators() -> None:
    with tagged(SITE) as (site, server):
        first = revisit(site.url)
        server.routes["/a"] = f"<!-- built today -->{SITE['/a']}"
        second = revisit(site.url, first)
        server.full.clear()
        third = revisit(site.url, second)

        assert (second.documents, second.depths) == ([], first.depths)
        assert second.known[site.at("/a")].etag == tag_of(str(server.routes["/a"])) != first.known[site.at("/a")].etag
        assert (third.documents, len(server.full)) == ([], PROOFS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Call Ana at 406-555-0101", "Call Ana at 406-555-9999"),
        ('<img src="/p.png">', '<img src="/p.png" alt="Ana Ortiz">'),
        ('<img src="/p.png" title="Choir">', '<img src="/p.png" title="Ana Ortiz">'),
        ("<a href='/x' title='news'>x</a>", "<a href='/x' title='Ana'>x</a>"),
        ("5 visitors", "6 visitors"),
    ],
)
def test_a_change_that_counters_hide_is_read(one: str, other: str) -> None:
    with tagged({"/": f"<p>{one}"}) as (site, server):
        first = revisit(site.url)
        server.routes["/"] = f"<p>{other}"
        second = revisit(site.url, first)

        assert second.urls == [site.url]


def test_a_file_that_is_written_twice_in_a_second_is_read_again_and_an_old_one_is_not(tmp_path: Path) -> None:
    index, old = tmp_path / "index.html", tmp_path / "old.html"
    old.write_text("<p>Old")
    os.utime(old, (0, time.time() - 3600))

    with serve(tmp_path) as site:
        index.write_text("<p>Ana" + links("/old.html"))
        first = revisit(site.url)
        then = index.stat().st_mtime
        index.write_text("<p>Ben" + links("/old.html"))
        os.utime(index, (then, then))
        second = revisit(site.url, first)

        assert (second.urls, second.same) == ([site.url], [(site.at("/old.html"), 1)])
        assert [known.last_modified != "" for known in first.known.values()] == [False, True]


# ------------------------------------------------------------------------------------------------ what servers say


def test_a_server_that_calls_everything_unchanged_is_found_out_and_everything_is_read() -> None:
    pages = {f"/{n}": f"<p>Page {n}" for n in range(20)}

    def lying(handler: BaseHTTPRequestHandler) -> Reply:
        if "If-None-Match" in handler.headers:
            return Reply("", 304)
        body = content.get(handler.path)
        return Reply(body, headers={"ETag": '"for ever"'}) if body else Reply("", 404)

    content = {"/": links(*pages), **pages}
    with serve({"*": lying}) as site:
        first = revisit(site.url)
        content.update({path: f"{body} names Ana" for path, body in pages.items()})
        second = revisit(site.url, first)

        # The front page did not change: the first page that did speaks against the server.
        assert below(site, second.urls) == sorted(pages)
        assert second.same == [(site.url, 0)]


def test_a_server_whose_pages_differ_in_what_nobody_reads_is_believed() -> None:
    sent = 0

    def fresh(_: BaseHTTPRequestHandler) -> str:
        nonlocal sent
        sent += 1
        return f'<input type="hidden" name="token" value="{sent}">'

    def answer(handler: BaseHTTPRequestHandler) -> Reply:
        if "If-None-Match" in handler.headers:
            return Reply("", 304)
        body = SITE.get(handler.path)
        return Reply(f"{fresh(handler)}{body}", headers={"ETag": 'W/"1"'}) if isinstance(body, str) else Reply("", 404)

    with serve({"*": answer, "/robots.txt": Reply("", 404)}) as site:
        first = revisit(site.url, options=replace(OPTIONS, delay=0.001))
        sent = 0
        second = revisit(site.url, first, options=replace(OPTIONS, delay=0.001))

        assert (second.documents, second.depths) == ([], first.depths)
        assert 0 < sent < len(first.urls)


def test_a_page_that_is_gone_moved_or_refused_now_is_not_called_unchanged() -> None:
    with tagged({**SITE, "/c": "<p>Cai", "/": f"{SITE['/']}{links('/c')}"}) as (site, server):
        first = revisit(site.url)
        server.routes |= {"/a": Reply("", 410), "/b": to("/deep"), "/c": Reply("", 403)}
        second = revisit(site.url, first)

        assert second.dead == [(site.at("/a"), 410)]
        assert second.moves == [(site.at("/b"), site.at("/deep"))]
        assert second.gaps == [
            (site.at("/c"), Blind("it does not let visitors in (error 403)", Reason.LOGIN_WALL)),
        ]
        assert below(site, [url for url, _ in second.same]) == ["/", "/deep", "/list.csv"]


def test_a_login_is_told_each_time_whatever_its_server_says_of_changes() -> None:
    with tagged({"/": links("/a", "/b"), "/a": WALL, "/b": "<p>Ben"}) as (site, server):
        first = revisit(site.url)
        second = revisit(site.url, first)
        server.routes["/b"] = WALL
        third = revisit(site.url, second)

        assert first.gaps == second.gaps == [(site.at("/a"), Blind("it asks visitors to log in", Reason.LOGIN_WALL))]
        assert sorted(url for url, _ in third.gaps) == [site.at("/a"), site.at("/b")]
        assert "If-None-Match" not in site.seen["/a"]


def test_a_page_that_was_not_read_whole_is_asked_for_in_full_again() -> None:
    with tagged({"/": links("/a"), "/a": Reply("%PDF-1.4 broken", type="application/pdf")}) as (site, server):
        first = revisit(site.url)
        server.full.clear()
        second = revisit(site.url, first)

        assert server.full.count("/a") == 1
        assert first.why == second.why != []


def test_another_charset_for_the_same_bytes_is_a_change() -> None:
    routes: dict[str, Route] = {"/": Reply(b"<p>\xc1\xce\xc1", type="text/html; charset=koi8-r")}
    with serve(routes) as site:
        first = revisit(site.url)
        routes["/"] = Reply(b"<p>\xc1\xce\xc1", type="text/html; charset=iso-8859-1")
        second = revisit(site.url, first)

        assert second.urls == [site.url]


def test_a_page_that_becomes_part_of_the_front_page_is_judged_again() -> None:
    with tagged({"/": links("/a"), "/a": "<p>Ana"}) as (site, server):
        first = revisit(site.url)
        server.routes["/"] = '<iframe src="/a"></iframe>'
        second = revisit(site.url, first)
        third = revisit(site.url, second)

        assert (below(site, second.urls), second.depths[site.at("/a")]) == (["/", "/a"], 0)
        assert (third.documents, third.depths) == ([], second.depths)


# ------------------------------------------------------------------------------------------------ browser and traps


class Painter:
    """Stands for a browser: what it shows is given, and what it was asked for is kept."""

    def __init__(self, shown: dict[str, str]) -> None:
        self.shown = shown
        self.asked: list[str] = []

    async def render(self, url: str) -> Rendered:
        path = "/" + url.partition("://")[2].partition("/")[2]
        self.asked.append(path)
        return Rendered(self.shown[path]) if path in self.shown else Rendered(problem="it crashed")


SHELL = '<title>Lincoln</title><div id="root"></div><script src="/app.js"></script>'


@pytest.mark.parametrize("render", ["auto", "always"])
def test_a_page_that_a_browser_shows_is_shown_again_and_what_it_shows_decides(render: str) -> None:
    options = replace(OPTIONS, render=render)
    painter = Painter({"/": f"<p>Ana Ortiz won the fair{links('/a')}", "/a": "<p>Plain"})
    with tagged({"/": SHELL, "/a": "<p>Plain"}) as (site, _):
        first = revisit(site.url, options=options, renderer=painter)
        painter.asked.clear()
        second = revisit(site.url, first, options=options, renderer=painter)
        asked = list(painter.asked)
        painter.shown["/"] = f"<p>Ben Ortiz won the fair{links('/a')}"
        third = revisit(site.url, second, options=options, renderer=painter)

        assert (second.documents, second.depths) == ([], first.depths)
        assert asked == {"auto": ["/"], "always": ["/", "/a"]}[render]
        assert (third.urls, third.documents[0].rendered) == ([site.url], True)


def test_a_seed_lies_as_deep_as_it_did_so_that_what_it_leads_to_does_too() -> None:
    routes = {"/": links("/a"), "/a": links("/b"), "/b": links("/c"), "/c": links("/d"), "/d": "d"}
    with tagged(routes) as (site, _):
        first = revisit(site.url)
        seed = site.at("/c")

        second = revisit(site.url, first, seeds=(seed,), depths={seed: first.depths[seed]})

        assert (second.documents, second.depths) == ([], first.depths)


def test_the_second_visit_goes_into_no_trap_that_the_first_kept_out_of() -> None:
    def calendar(handler: BaseHTTPRequestHandler) -> Reply:
        number = int(handler.path.rpartition("=")[2] or 0) if "=" in handler.path else 0
        body = "<p>The same" + links(*(f"/view?sort={n}" for n in range(number, number + 5)))
        return Reply(body, type=HTML)

    with serve({"*": calendar, "/robots.txt": Reply("", 404), "/sitemap.xml": Reply("", 404)}) as site:
        first = revisit(site.url, options=replace(OPTIONS, delay=0.0001, max_pages=50))
        site.hits.clear()
        second = revisit(site.url, first, options=replace(OPTIONS, delay=0.0001, max_pages=50))

        assert len(second.same) >= len(first.urls) - 1
        assert second.urls == []


# ------------------------------------------------------------------------------------------------ all of it


PATHS = [f"/{n}" for n in range(6)]
PAGES = st.dictionaries(
    st.sampled_from(PATHS),
    st.tuples(st.sampled_from(["Ana", "Ben", "", WALL]), st.lists(st.sampled_from(PATHS), max_size=3)),
)


def written(pages: Mapping[str, tuple[str, list[str]]]) -> dict[str, str | Reply]:
    home = "<p>Home" + links(*PATHS[:2])
    return {"/": home, **{path: f"<p>{words}</p>{links(*targets)}" for path, (words, targets) in pages.items()}}


def state(ledger: Ledger) -> tuple[object, ...]:
    """What is known of the account after a visit, however it was learned."""
    now = ledger.depths
    return (
        now,
        {url: ledger.known[url].content for url in now if url in ledger.known},
        {url: ledger.links[url] for url in now},
        sorted(ledger.gaps),
        sorted(ledger.dead),
        sorted(ledger.moves),
    )


@given(st.lists(PAGES, min_size=2, max_size=4), st.booleans())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_after_any_changes_a_visit_that_remembers_knows_what_one_that_does_not_learns(
    versions: list[Mapping[str, tuple[str, list[str]]]], tags: bool
) -> None:
    # One at a time: which of two pages is read first may decide how deep a third lies.
    with tagged({}, "User-agent: *\nCrawl-delay: 0.001") as (site, server):
        if not tags:
            server.tag = lambda _: ""
        ledger: Ledger | None = None
        for version in versions:
            server.routes = written(version)
            ledger = revisit(site.url, ledger, SLOWLY)
        fresh = revisit(site.url, None, SLOWLY)

        assert ledger is not None
        assert state(ledger) == state(fresh)


# ------------------------------------------------------------------------------------------------ killed, and gone on


FEED = '<rss version="2.0"><channel><item><link>{url}post</link></item></channel></rss>'
LISTED = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{url}lonely</loc></url></urlset>'


def cut_off(body: str) -> Route:
    """A page of which the second half never comes."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {2 * len(body)}\r\n\r\n"
        handler.wfile.write((head + body).encode())

    return answer


@contextmanager
def all_sorts(home: str) -> Iterator[Site]:
    """A small site with one of each thing that a visit may meet; its front page is at `home`."""
    front = (
        '<link rel="alternate" type="application/rss+xml" href="/feed.rss"><iframe src="/frame"></iframe>'
        + links("/a", "/b", "/gone", "/busy", "/private", "/door", "/empty", "/half", "/far")
        + "<p>Home"
    )
    routes: dict[str, Route] = {
        home: front,
        "/frame": links("/framed") + "<p>Frame",
        "/framed": "<p>Framed",
        "/a": links("/deep", "/gone2") + "<p>Ana",
        "/deep": links("/deeper", "/a") + "<p>Deep",
        "/deeper": "<p>Deeper",
        "/b": to("/t"),
        "/t": links("/u") + "<p>There",
        "/u": "<p>Onwards",
        "/busy": Reply("x", 503),
        "/door": to("/login"),
        "/empty": "",
        "/half": cut_off("<p>Half" + links("/whole")),
        "/whole": "<p>Whole",
        "/far": to("http://127.0.0.9/"),
        "/post": "<p>Post",
        "/lonely": links("/friend") + "<p>Lonely",
        "/friend": "<p>Friend",
        "/private": "<p>Private",
        "/robots.txt": Reply("User-agent: *\nDisallow: /private", type="text/plain"),
    }
    if home != "/":
        routes["/"] = to(home)
    with serve(routes) as site:
        routes["/feed.rss"] = Reply(FEED.format(url=site.url), type="application/rss+xml")
        routes["/sitemap.xml"] = Reply(LISTED.format(url=site.url), type="application/xml")
        yield site


def learned(*visits: Ledger) -> tuple[object, ...]:
    """What visits that follow each other learned together: pages and their depths, and what could not be read."""
    depths: dict[str, int] = {}
    missed: dict[str, str] = {}
    for visit in visits:
        depths.update(visit.depths)
        missed.update((document.url, document.problem) for document in visit.documents if document.problem)
        missed.update((url, blind.what) for url, blind in visit.gaps)
    return depths, missed


@pytest.mark.parametrize(("home", "remembered"), [("/", True), ("/start/", False)])
def test_a_visit_that_is_killed_between_any_two_tells_and_gone_on_with_learns_all(home: str, remembered: bool) -> None:
    with all_sorts(home) as site:
        before = revisit(site.url, None, SLOWLY) if remembered else None
        whole = revisit(site.url, before, SLOWLY)
        assert len(whole.depths) == 13

        for cut in range(sys.maxsize - whole.stop_after):
            begun = killed_visit(site.url, before, cut, SLOWLY)
            site.hits.clear()
            rest = revisit(site.url, begun, SLOWLY, done=begun.settled)

            assert learned(begun, rest) == learned(whole)
            assert not {*begun.settled} & {*rest.depths}


def test_what_the_network_kept_from_a_visit_that_was_killed_is_asked_for_again() -> None:
    routes: dict[str, Route] = {"/": links("/busy", "/private"), "/busy": Reply("x", 503), "/private": Reply("", 403)}
    with serve(routes) as site:
        begun = killed_visit(site.url, None, 3, SLOWLY)
        routes["/busy"] = "<p>Now" + links("/a")
        routes["/a"] = "<p>Ana"
        site.hits.clear()
        rest = revisit(site.url, begun, SLOWLY, done=begun.settled)

        assert below(site, [url for url, _ in begun.gaps]) == ["/busy", "/private"]
        assert below(site, rest.urls) == ["/a", "/busy"]
        assert site.asked("/private") == site.asked("/") == 0


@pytest.mark.parametrize("cut", [0, 3, 7])
def test_a_visit_that_is_gone_on_with_reads_no_more_pages_than_one_may(cut: int) -> None:
    few = replace(SLOWLY, max_pages=8)
    pages = {f"/{n}": f"<p>{n}" for n in range(20)}
    with serve({"/": links("/gone", *pages), **pages}) as site:
        begun = killed_visit(site.url, None, cut, few)
        rest = revisit(site.url, begun, few, done=begun.settled)

        assert len(begun.depths) + len(rest.depths) == 8
        assert [blind.reason for _, blind in rest.gaps] == [Reason.LIMIT]
