"""A page in a browser costs its deadline at most, and reaches nothing that it may not reach."""

import asyncio
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.planted_links import HONEST, OTHER, PlantedLinks, moved, page
from spiders.browser import BrowserRenderer, Limits, Rendered
from spiders.browser_search import find
from spiders.reactor import run
from spiders.settings import Manners

BROWSER = find()
needs_browser = pytest.mark.skipif(BROWSER is None, reason="no browser on this machine: nothing to render with")
CANARY = "127.77.0.99"
PATIENT = Limits(deadline=10.0, settle=4.0, quiet=1.5)
ALLOWED = (f"{HONEST}/32", f"{OTHER}/32")

CHANNELS = """
<!doctype html><title>Spring fair</title><h1>Spring fair</h1>
<link rel=stylesheet href="{canary}/css"><link rel=prefetch href="{canary}/prefetch">
<link rel=preconnect href="{canary}/"><link rel=icon href="{canary}/icon">
<link rel=preload as=font crossorigin href="{canary}/font">
<img src="{canary}/img"><iframe src="{canary}/iframe"></iframe><iframe src="/bounce"></iframe>
<object data="{canary}/object"></object><video src="{canary}/video" preload=auto></video>
<script src="{canary}/script"></script>
<form id=f action="{canary}/form" target=frame></form><iframe name=frame></iframe>
<script>
  const canary = "{canary}", bare = canary.replace("http:", "");
  const tried = [
    () => fetch(canary + "/fetch", {{mode: "no-cors"}}),
    () => fetch("/bounce", {{mode: "no-cors"}}),
    () => navigator.sendBeacon(canary + "/beacon", "x"),
    () => new EventSource(canary + "/eventsource"),
    () => new WebSocket("ws:" + bare + "/websocket"),
    () => new Worker("/worker.js"),
    () => navigator.serviceWorker.register("/service.js"),
    () => document.getElementById("f").submit(),
    () => window.open(canary + "/popup"),
    () => import(canary + "/module"),
    () => {{
      const p = new RTCPeerConnection({{iceServers: [
        {{urls: "turn:" + bare.slice(2) + "?transport=tcp", username: "u", credential: "c"}},
        {{urls: "stun:" + bare.slice(2)}}]}});
      p.createDataChannel("x"); p.createOffer().then(o => p.setLocalDescription(o));
    }},
  ];
  for (const channel of tried) try {{ Promise.resolve(channel()).catch(() => 0); }} catch (e) {{}}
  setTimeout(() => location.href = canary + "/navigation", 300);
</script>
"""
WORKER = """
fetch("{canary}/worker", {{mode: "no-cors"}}).catch(() => 0);
new WebSocket("ws:" + "{canary}".replace("http:", "") + "/worker-websocket");
"""


class Canary:
    """Listens where nobody may go, and remembers who came: the path asked for, or "connection" where none was."""

    def __init__(self) -> None:
        self.hits: set[str] = set()
        self._tcp = socket.create_server((CANARY, 0), backlog=64)
        self.address = f"http://{CANARY}:{self._tcp.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                visitor, _ = self._tcp.accept()
            except OSError:
                return
            threading.Thread(target=self._greet, args=(visitor,), daemon=True).start()

    def _greet(self, visitor: socket.socket) -> None:
        with visitor:
            visitor.settimeout(1)
            try:
                said = visitor.recv(4096).split(b" ")
            except OSError:
                said = []
            path = said[1].decode("latin-1") if len(said) > 2 and said[0].isalpha() else "connection"
            self.hits.add(path)
            visitor.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def close(self) -> None:
        self._tcp.close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    listening = Canary()
    yield listening
    listening.close()


@pytest.fixture(scope="module")
def web() -> Iterator[PlantedLinks]:
    with PlantedLinks() as planted:
        yield planted


def open_pages(*urls: str, allow: tuple[str, ...] = ALLOWED, limits: Limits | None = None) -> list[Rendered]:
    """The pages, one after the other in one browser."""
    assert BROWSER is not None

    async def all_of_them() -> list[Rendered]:
        manners = Manners(delay=0, allow_networks=allow)
        async with BrowserRenderer(BROWSER, manners, limits or Limits(deadline=6.0, quiet=0.4)) as browser:
            return [await browser.render(url) for url in urls]

    return run(all_of_them())


@needs_browser
def test_a_page_built_by_scripts_is_read_with_what_it_fetches_late_and_hides_in_shadow_trees(web: PlantedLinks) -> None:
    script = """onload = () => setTimeout(() => fetch('/words').then(r => r.text()).then(t => {
        document.body.append(t);
        const host = document.body.appendChild(document.createElement('div'));
        host.attachShadow({mode: 'closed'}).innerHTML = '<p>behind a closed door</p>';
    }), 300)"""
    web.serve(HONEST, "/words", page("Beans and sunflowers", media_type="text/plain"))
    web.serve(HONEST, "/app", page(f"<title>Garden</title><div id=root></div><script>{script}</script>"))
    url = f"{web.place(HONEST)}/app"

    (seen,) = open_pages(url)

    assert (seen.final_url, seen.status, seen.problem) == (url, 200, "")
    assert "Beans and sunflowers" in seen.html
    assert "behind a closed door" in seen.html


@needs_browser
def test_hostile_pages_cost_their_deadline_and_the_next_page_is_read(web: PlantedLinks) -> None:
    hostile = {
        "/spin": "onload = () => { while (true); }",
        "/alerts": "while (true) alert(1)",
        "/storm": "setInterval(() => location.href = '/storm?' + Math.random(), 1)",
        "/windows": "setInterval(() => window.open('/windows'), 1)",
        "/bomb": "const a = []; while (true) a.push(new Array(1e6).fill(1))",
    }
    for path, script in hostile.items():
        web.serve(HONEST, path, page(f"<title>x</title><script>{script}</script>"))
    web.serve(HONEST, "/calm", page("<title>Calm</title><p>All is well"))
    at = web.place(HONEST)

    *stormy, calm = open_pages(
        *(f"{at}{path}" for path in hostile), f"{at}/calm", limits=Limits(deadline=1.5, quiet=0.1)
    )

    assert [bool(seen.problem) for seen in stormy] == [True, True, True, False, True]
    assert "All is well" in calm.html


@needs_browser
def test_a_hostile_page_reaches_nothing_over_any_channel(web: PlantedLinks, canary: Canary) -> None:
    plant_channels(web, canary)

    open_pages(f"{web.place(HONEST)}/fair", f"{web.place(HONEST)}/to-canary", canary.address, limits=PATIENT)

    assert canary.hits == set()


@needs_browser
def test_the_same_page_reaches_the_canary_over_many_channels_where_that_is_allowed(
    web: PlantedLinks, canary: Canary
) -> None:
    """Proof that the test above tests something."""
    plant_channels(web, canary)

    open_pages(f"{web.place(HONEST)}/fair", allow=("127.77.0.0/16",), limits=PATIENT)

    assert canary.hits >= {"/css", "/iframe", "/script", "/fetch", "/beacon", "/worker", "/bounced", "/navigation"}


def plant_channels(web: PlantedLinks, canary: Canary) -> None:
    script = "text/javascript"
    web.serve(HONEST, "/fair", page(CHANNELS.format(canary=canary.address)))
    web.serve(HONEST, "/worker.js", page(WORKER.format(canary=canary.address), media_type=script))
    web.serve(HONEST, "/service.js", page(WORKER.format(canary=canary.address), media_type=script))
    web.serve(HONEST, "/bounce", moved(f"{canary.address}/bounced"))
    web.serve(HONEST, "/to-canary", moved(f"{canary.address}/followed"))


@needs_browser
@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/challenge-503", "it wants to see a human before it answers"),
        ("/picture.bin", "it is a file and no page"),
        ("/loop-self", "it forwards in a circle"),
    ],
)
def test_what_cannot_be_read_says_why(web: PlantedLinks, path: str, problem: str) -> None:
    web.serve(HONEST, "/picture.bin", page("x" * 99, media_type="application/octet-stream"))

    (seen,) = open_pages(f"{web.place(HONEST)}{path}")

    assert (seen.html, seen.problem) == ("", problem)


@needs_browser
def test_a_page_on_a_private_network_says_so(web: PlantedLinks, canary: Canary) -> None:
    (seen,) = open_pages(f"{canary.address}/")

    assert (seen.html, seen.problem) == ("", "it is on a private network: not visited")


@needs_browser
@pytest.mark.parametrize(
    "url", ["file:///etc/hostname", "view-source:http://127.0.0.1/", "chrome://version", "javascript:1"]
)
def test_only_web_addresses_are_opened(url: str) -> None:
    (seen,) = open_pages(url)

    assert (seen.html, seen.problem) == ("", "it is no web address")


@needs_browser
def test_a_worn_browser_is_replaced(web: PlantedLinks) -> None:
    url = f"{web.place(HONEST)}/plain"

    seen = open_pages(url, url, url, limits=Limits(recycle=1, quiet=0.05))

    assert [s.problem for s in seen] == ["", "", ""]


def test_a_browser_that_is_not_one_is_given_up_after_three_starts(tmp_path: Path) -> None:
    async def ask() -> list[str]:
        manners = Manners(allow_networks=ALLOWED)
        async with BrowserRenderer(Path(sys.executable), manners, Limits(deadline=20)) as browser:
            return [(await browser.render("http://riverbend.example/")).problem for _ in range(4)]

    assert run(ask()) == ["the browser could not be started"] * 4


def test_many_pages_share_the_browser_two_at_a_time(web: PlantedLinks) -> None:
    if BROWSER is None:
        pytest.skip("no browser on this machine: nothing to render with")
    url = f"{web.place(HONEST)}/plain"

    async def at_once() -> list[Rendered]:
        async with BrowserRenderer(BROWSER, Manners(allow_networks=ALLOWED), Limits(quiet=0.05)) as browser:
            return await asyncio.gather(*(browser.render(url) for _ in range(4)))

    assert [s.problem for s in run(at_once())] == [""] * 4


def test_a_named_browser_comes_before_the_systems_own(tmp_path: Path) -> None:
    mine = tmp_path / "my-browser"
    mine.touch()

    assert find(str(mine), {"AUDITOR_BROWSER": "/elsewhere"}) == mine
    assert find("", {"AUDITOR_BROWSER": str(mine)}) == mine
    assert find(str(tmp_path / "gone"), {}) is None


def test_a_browser_of_playwrights_own_is_found_last(tmp_path: Path) -> None:
    folder = {"win32": "chromium-9/chrome-win/chrome.exe", "darwin": "chromium-9/chrome-mac/C.app/Contents/MacOS/C"}
    kept = tmp_path / folder.get(sys.platform, "chromium-9/chrome-linux/chrome")
    kept.parent.mkdir(parents=True)
    kept.touch()

    found = find("", {"PATH": "", "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)})

    assert found == kept or (sys.platform != "linux" and found is not None)
