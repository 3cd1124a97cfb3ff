"""Attacks of a page on the browser that shows it, and through it on the network: each costs its deadline at most."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from tempfile import gettempdir

import psutil
import pytest
from playwright.sync_api import sync_playwright

from auditor.model import Reason
from spiders import browser_program
from spiders.browser import GIVEN_UP, Limits, Rendered
from spiders.watch import ProcessTree
from tests.browsing import BROWSER, Browsing, needs_browser
from tests.canary import HOST, LEAVING, NAME, PAGE, TELLING, WORKER, Canary, has_ipv6
from tests.engine.evidence import ended
from tests.servers import Reply, Route, Site, serve
from tests.visits import OPTIONS, explore

pytestmark = needs_browser

SITE = "127.0.0.81"
QUICK = Limits(pages=4, deadline=6.0, quiet=0.2)
PATIENT = Limits(deadline=10.0, settle=3.0, quiet=1.5)
HASTY = Limits(deadline=1.2, quiet=0.1)


@pytest.fixture(scope="module")
def browsing() -> Iterator[Browsing]:
    with Browsing((f"{SITE}/32",), QUICK) as one:
        yield one


# ------------------------------------------------------------------------------------------------ 6: every way out


def hostile_site(canary: Canary) -> dict[str, Route]:
    """Pages that try all channels, and what they need on their own site."""
    script = canary.told(WORKER)
    return {
        "/": canary.told(PAGE),
        **{f"/leave/{name}": f"<p>x<script>{canary.told(way)}</script>" for name, way in LEAVING.items()},
        **{f"/{name}.js": Reply(script, type="text/javascript") for name in ("worker", "shared", "service")},
        "/bounce": onwards(canary, "bounced"),
        "/bounce-fetch": onwards(canary, "fetch-bounced"),
        "/bounce-post": onwards(canary, "post-bounced", 307),
        "/bounce-form": onwards(canary, "form-bounced", 307),
        "/leave/redirect": onwards(canary, "redirect"),
        "/leave/refresh-header": Reply("<p>x", headers={"Refresh": f"0;url={canary.address}/refresh-header"}),
        "/link-header": Reply("<p>x", headers={"Link": f"<{canary.address}/link-header>; rel=preload; as=style"}),
        "/reporting": Reply(
            "<script src=/no></script><img src=/no>",
            headers={"Content-Security-Policy": f"default-src 'none'; report-uri {canary.address}/csp-report"},
        ),
    }


def onwards(canary: Canary, channel: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": f"{canary.address}/{channel}"})


def pages(site: Site) -> list[str]:
    leaving = (*LEAVING, "redirect", "refresh-header")
    return [site.url, *(site.at(f"/leave/{name}") for name in leaving)]


def test_6_a_rendered_page_reaches_nothing_over_any_channel(browsing: Browsing) -> None:
    with Canary() as canary, serve(hostile_site(canary), host=SITE) as site:
        seen = browsing.open(site.url, limits=PATIENT) + browsing.open(*pages(site)[1:], canary.address)

    assert "Spring fair" in seen[0].html
    assert seen[-1].problem == "it is on a private network: not visited"
    assert canary.hits == set()


@pytest.mark.skipif(not has_ipv6(), reason="no IPv6 on this machine")
def test_6_a_rendered_page_reaches_nothing_over_the_newer_internet_protocol(browsing: Browsing) -> None:
    with Canary("::1") as canary, serve(hostile_site(canary), host=SITE) as site:
        browsing.open(site.url, limits=PATIENT)

    assert canary.hits == set()


IN_NO_CELL = TELLING | {"redirect", "refresh-header", "worker-import", "worker-websocket", "connection"} | {"udp:stun"}
EVERY_KIND = {"css", "iframe", "script", "fetch", "websocket", "worker-import", "navigation", "udp:stun"}
NOT_IN_EVERY_BROWSER = 3
"""How many channels one version of the browser may have and another lack; but no kind of channel."""


@pytest.mark.parametrize(
    "host", [HOST, pytest.param("::1", marks=pytest.mark.skipif(not has_ipv6(), reason="no IPv6"))]
)
def test_6_the_canary_notices_the_same_page_where_the_browser_is_in_no_cell(host: str) -> None:
    """Proof that the tests above test something: without our proxy and flags, nearly every channel gets through."""
    assert BROWSER is not None
    with Canary(host) as canary, serve(hostile_site(canary), host=SITE) as site, sync_playwright() as driver:
        # Names lead to the canary, so that this browser, which nothing holds, does not leave the machine either.
        at = canary.place.rpartition(":")[0]
        names = f"--host-resolver-rules=MAP * {canary.place} , EXCLUDE {SITE} , EXCLUDE {at}"
        browser = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", names])
        opened = [browser.new_page() for _ in pages(site)]
        for page, url in zip(opened, pages(site), strict=True):
            page.goto(url, wait_until="commit")
        for _ in range(100):
            if len(IN_NO_CELL - canary.hits) <= NOT_IN_EVERY_BROWSER and canary.hits >= EVERY_KIND:
                break
            opened[0].wait_for_timeout(100)
        browser.close()

    assert len(IN_NO_CELL - canary.hits) <= NOT_IN_EVERY_BROWSER, IN_NO_CELL - canary.hits
    assert canary.hits >= EVERY_KIND


def test_6_no_packet_leaves_and_no_name_is_looked_up_but_by_our_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The browser's own diary of its sockets: only our proxy was dialled, and nobody was asked for an address."""
    diary = tmp_path / "net.json"
    monkeypatch.setattr(browser_program, "ARGUMENTS", (*browser_program.ARGUMENTS, f"--log-net-log={diary}"))
    with (
        Canary() as canary,
        serve(hostile_site(canary), host=SITE) as site,
        Browsing((f"{SITE}/32",), PATIENT) as browsing,
    ):
        browsing.open(site.url)

    noted = json.loads(diary.read_text("utf-8"))
    kinds = {number: name for name, number in noted["constants"]["logEventTypes"].items()}
    events = Counter(kinds[event["type"]] for event in noted["events"])
    dialled = {
        str(event["params"]["address"]).rpartition(":")[0]
        for event in noted["events"]
        if kinds[event["type"]] == "TCP_CONNECT_ATTEMPT" and "address" in event.get("params", {})
    }

    assert events["TCP_CONNECT_ATTEMPT"] > 10
    assert dialled == {"127.0.0.1"}
    assert {
        kind: events[kind] for kind in ("UDP_BYTES_SENT", "HOST_RESOLVER_DNS_TASK", "HOST_RESOLVER_SYSTEM_TASK")
    } == {
        "UDP_BYTES_SENT": 0,
        "HOST_RESOLVER_DNS_TASK": 0,
        "HOST_RESOLVER_SYSTEM_TASK": 0,
    }
    assert NAME in diary.read_text("utf-8")


# ------------------------------------------------------------------------------------------------ 28-33: hostile pages

HOSTILE = {
    "28 spin": "onload = () => { while (true); }",
    "28 spin in a worker": "for (let i = 0; i < 50; i++) new Worker(URL.createObjectURL(new Blob(['for(;;);'])))",
    "28 endless writing": "for (;;) document.write('<p>more')",
    "28 endless history": "for (let i = 0; ; i++) history.pushState(0, '', '/28/' + i)",
    "29 alerts": "while (true) alert(1)",
    "29 questions": "while (true) { confirm(1); prompt(1); print(); }",
    "29 never let go": "onbeforeunload = e => { e.preventDefault(); return 'stay'; }; setInterval(() => alert(1), 1)",
    "30 navigation storm": "setInterval(() => location.href = location.pathname + '?' + Math.random(), 1)",
    "31 windows": "setInterval(() => { for (let i = 0; i < 99; i++) open(location.href) }, 1)",
    "31 windows by links": "setInterval(() => { const a = document.createElement('a'); a.href = '/calm';"
    " a.target = '_blank'; document.body.append(a); a.click(); }, 1)",
    "31 frames": "const more = d => { for (let i = 0; i < 99; i++) { const f = d.createElement('iframe');"
    " d.body.append(f); more(f.contentDocument); } }; onload = () => more(document)",
    "32 memory of objects": "const a = []; while (true) a.push(new Array(1e6).fill(1))",
    "32 memory of text": "let s = 'x'; const a = []; while (true) { a.push(s + a.length); s += s.slice(0, 1e7); }",
}


def path_of(name: str) -> str:
    return "/" + name.replace(" ", "-")


def test_28_to_32_a_hostile_page_costs_its_deadline_and_the_next_page_is_read(browsing: Browsing) -> None:
    routes: dict[str, Route] = {path_of(name): f"<body><script>{script}</script>" for name, script in HOSTILE.items()}
    with serve({**routes, "/calm": "<p>All is well"}, host=SITE) as site:
        stormy = browsing.open(*(site.at(path_of(name)) for name in HOSTILE), limits=HASTY)
        (calm,) = browsing.open(site.at("/calm"))

    assert (calm.problem, "All is well" in calm.html) == ("", True)
    assert all(seen.problem or "<script>" in seen.html for seen in stormy)


def test_32_a_page_that_takes_too_much_memory_is_ended_alone(browsing: Browsing) -> None:
    """Memory that the limit of the script's own heap does not know of. However busy the machine is: it has a minute."""
    hungry = """<script>const a = []; const more = () => { const b = new Uint8Array(2e7).fill(1); a.push(b); };
        onload = () => { for (;;) more(); }</script>"""
    with serve({"/hungry": hungry, "/calm": "<p>All is well"}, host=SITE) as site:
        browsing.open(site.at("/calm"))
        before = pids(browsing)
        hungry_page, calm = browsing.open(site.at("/hungry"), site.at("/calm"), limits=replace(QUICK, deadline=60.0))

    assert hungry_page.problem == "it took more memory than a page may"
    assert "All is well" in calm.html
    assert tree_of(browsing).root.pid == before, "the browser itself went on"
    assert tree_of(browsing).memory() < Limits().most_memory


def test_9_and_10_bodies_without_end_and_bombs_cost_a_browser_no_more_than_their_cap(browsing: Browsing) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _ in range(20_000):
            handler.wfile.write(b"<p>" + b"x" * 65_000)

    with serve({"/endless": endless, "/calm": "<p>All is well"}, host=SITE) as site:
        seen = browsing.open(site.at("/endless"), site.at("/calm"))

    assert seen[0].problem
    assert "All is well" in seen[1].html


def test_a_page_that_fetches_without_end_is_read_and_said_to_be_short(browsing: Browsing) -> None:
    script = "onload = async () => { for (let i = 0; i < 99; i++) try { await fetch('/more?' + i) } catch (e) {} }"
    few = Limits(deadline=6.0, quiet=0.2, most_connections=20)
    with serve({"/": f"<p>Spring fair<script>{script}</script>", "/more": "x"}, host=SITE) as site:
        (seen,) = browsing.open(site.url, limits=few)

    assert (seen.problem, "Spring fair" in seen.html) == ("", True)
    assert seen.missing == "it fetches more than a page may; what it shows may not be all"
    assert len(site.hits) <= 20


def test_33_a_forced_download_writes_no_file(
    browsing: Browsing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "../../../../../../../../../../../../evil-7c1f.sh"
    file = Reply(
        b"#!/bin/sh\n" * 9, type="application/x-sh", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    links = "<a id=a href=/file download='../../evil-7c1f.sh'>x</a><script>a.click(); location.href = '/file'</script>"
    blob = f"""<a id=b download="{name}">x</a><script>
        b.href = URL.createObjectURL(new Blob(['evil-7c1f'])); b.click(); </script>"""
    with serve({"/file": file, "/links": links, "/blob": blob}, host=SITE) as site:
        forced, *_ = browsing.open(site.at("/file"), site.at("/links"), site.at("/blob"))

    assert (forced.html, forced.problem) == ("", "it is a file and no page")
    assert evil() == []


def evil() -> list[Path]:
    """Files of that name wherever a browser that is tricked might write one."""
    places = (Path.cwd(), Path.home(), Path.home() / "Downloads", Path("/"), Path(gettempdir()), *profiles())
    return [file for place in places if place.is_dir() for file in place.glob("*evil-7c1f*")]


def profiles() -> list[Path]:
    return [path for top in Path(gettempdir()).glob("playwright*") for path in (top, *top.glob("*"))]


def test_34_a_drawing_with_a_script_is_no_page_with_words(browsing: Browsing, caplog: pytest.LogCaptureFixture) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>fetch("/ran")</script><text>x</text></svg>'
    routes: dict[str, Route] = {"/": '<p>Fair<img src="/a.svg">', "/a.svg": Reply(svg, type="image/svg+xml")}
    with serve(routes, host=SITE) as site:
        browsing.open(site.url)

    assert "GET /ran" not in site.hits


# ------------------------------------------------------------------------------------------------ 67: it breaks down


def tree_of(browsing: Browsing) -> ProcessTree:
    program = browsing.renderer._program
    assert program is not None
    assert program._tree is not None
    return program._tree


def pids(browsing: Browsing) -> int:
    return tree_of(browsing).root.pid


def breaks_down(handler: BaseHTTPRequestHandler) -> str:
    """A page that brings the browser down: it is killed as it asks."""
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # it ended since
            if any(word.startswith("--auditor-cell=") for word in child.cmdline()):
                child.kill()
    return "x"


def test_67_a_site_over_which_the_browser_breaks_down_three_times_is_given_up_and_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with (
        Browsing(("127.0.0.0/8",), QUICK) as browsing,
        serve({"*": breaks_down}, host="127.0.0.82") as bad,
        serve({"*": "<p>All is well"}, host=SITE) as good,
    ):
        seen = [browsing.open(url)[0] for url in (bad.at("/1"), bad.at("/2"), bad.at("/3"), good.url)]

    assert [page.problem for page in seen] == ["the page brought the browser down", GIVEN_UP, GIVEN_UP, ""]
    assert bad.hits.count("GET /3") == 0
    assert [r.message for r in caplog.records if GIVEN_UP in r.message] == [f"127.0.0.82: {GIVEN_UP}"]


def test_67_a_browser_that_breaks_down_over_three_sites_is_given_up() -> None:
    hosts = ("127.0.0.82", "127.0.0.83", "127.0.0.84", SITE)
    with Browsing(("127.0.0.0/8",), QUICK) as browsing:
        seen = []
        for host in hosts:
            with serve({"*": breaks_down if host != SITE else "<p>x"}, host=host) as site:
                seen += browsing.open(site.url)

    assert seen[-1] == Rendered(final_url=seen[-1].final_url, problem=GIVEN_UP)
    assert len([page for page in seen if page.problem == GIVEN_UP]) >= 2


def test_67_a_browser_that_hangs_is_ended_with_all_its_processes_and_leaves_no_profile(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("t")  # a socket in it may have an address of a hundred letters
    monkeypatch.setenv("TMPDIR", str(folder))
    with Browsing((f"{SITE}/32",), QUICK) as browsing, serve({"/": "<p>x"}, host=SITE) as site:
        browsing.open(site.url)
        members = tree_of(browsing).members()
        members[0].suspend()

        (seen,) = browsing.open(site.url, limits=HASTY)
        (after,) = browsing.open(site.url)

    assert (seen.problem, after.problem) == ("it was not ready within 1.2 seconds", "")
    assert ended([member.pid for member in members], within=0)
    assert list(folder.iterdir()) == []


# ------------------------------------------------------------------------------------------------ 17: walls


class Untouched:
    """A browser that notes whether somebody opened it."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    async def render(self, url: str) -> Rendered:
        self.opened.append(url)
        return Rendered("<p>what is behind the wall", url, 200)


CHALLENGES = {
    "title": Reply("<title>Just a moment...</title><script src=/c.js></script>", 200),
    "refused": Reply("<title>Just a moment...</title><script src=/c.js></script>", 403),
    "header": Reply("<title>x</title><script>x</script>", 403, headers={"cf-mitigated": "challenge"}),
    "overloaded": Reply("<title>Attention Required!</title><div id=root></div><script>x</script>", 503),
    "login": Reply("<form>Log in <input type=password></form><script>x</script>"),
}


@pytest.mark.parametrize("wall", CHALLENGES)
def test_17_a_browser_is_never_started_to_get_round_a_wall(wall: str) -> None:
    renderer = Untouched()

    notes, _ = explore(
        {"/": CHALLENGES[wall], "/robots.txt": ""}, options=replace(OPTIONS, render="always"), renderer=renderer
    )

    assert renderer.opened == []
    assert all(document.is_shell or document.problem for document in notes.documents)
    assert notes.reasons in ([Reason.UNREACHABLE], [Reason.LOGIN_WALL], [Reason.RATE_LIMITED])
