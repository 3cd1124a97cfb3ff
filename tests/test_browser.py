"""A page in a browser costs its deadline at most, and reaches nothing that it may not reach."""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.planted_links import HONEST, OTHER, PlantedLinks, page
from spiders import browser_program
from spiders.browser import BrowserRenderer, Limits, Rendered
from spiders.browser_search import find, starts_inside_its_sandbox
from spiders.reactor import run
from spiders.settings import Manners
from tests.browsing import BROWSER, Browsing, needs_browser
from tests.canary import Canary

ALLOWED = (f"{HONEST}/32", f"{OTHER}/32")


@pytest.fixture(scope="module")
def web() -> Iterator[PlantedLinks]:
    with PlantedLinks() as planted:
        yield planted


@pytest.fixture(scope="module")
def browsing() -> Iterator[Browsing]:
    with Browsing(ALLOWED, Limits(deadline=6.0, quiet=0.4)) as one:
        yield one


@needs_browser
def test_a_page_built_by_scripts_is_read_with_what_it_fetches_late_and_hides_in_shadow_trees(
    web: PlantedLinks, browsing: Browsing
) -> None:
    script = """onload = () => setTimeout(() => fetch('/words').then(r => r.text()).then(t => {
        document.body.append(t);
        const host = document.body.appendChild(document.createElement('div'));
        host.attachShadow({mode: 'closed'}).innerHTML = '<p>behind a closed door</p>';
    }), 300)"""
    web.serve(HONEST, "/words", page("Beans and sunflowers", media_type="text/plain"))
    web.serve(HONEST, "/app", page(f"<title>Garden</title><div id=root></div><script>{script}</script>"))
    url = f"{web.place(HONEST)}/app"

    (seen,) = browsing.open(url)

    assert (seen.final_url, seen.status, seen.problem) == (url, 200, "")
    assert "Beans and sunflowers" in seen.html
    assert "behind a closed door" in seen.html


@needs_browser
@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/challenge-503", "it wants to see a human before it answers"),
        ("/picture.bin", "it is a file and no page"),
        ("/loop-self", "it forwards in a circle"),
    ],
)
def test_what_cannot_be_read_says_why(web: PlantedLinks, path: str, problem: str, browsing: Browsing) -> None:
    web.serve(HONEST, "/picture.bin", page("x" * 99, media_type="application/octet-stream"))

    (seen,) = browsing.open(f"{web.place(HONEST)}{path}")

    assert (seen.html, seen.problem) == ("", problem)


@needs_browser
def test_a_page_on_a_private_network_says_so(browsing: Browsing) -> None:
    with Canary() as canary:
        (seen,) = browsing.open(f"{canary.address}/")

    assert (seen.html, seen.problem) == ("", "it is on a private network: not visited")


@needs_browser
@pytest.mark.parametrize(
    "url", ["file:///etc/hostname", "view-source:http://127.0.0.1/", "chrome://version", "javascript:1"]
)
def test_only_web_addresses_are_opened(browsing: Browsing, url: str) -> None:
    (seen,) = browsing.open(url)

    assert (seen.html, seen.problem) == ("", "it is no web address")


@needs_browser
def test_a_worn_browser_is_replaced(web: PlantedLinks, browsing: Browsing) -> None:
    url = f"{web.place(HONEST)}/plain"

    seen = browsing.open(url, url, url, limits=Limits(recycle=1, quiet=0.05))

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


@needs_browser
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root's browser refuses its sandbox")
def test_a_browser_that_cannot_shut_itself_in_runs_all_the_same_and_that_is_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, web: PlantedLinks
) -> None:
    """Root's browser refuses to start inside its sandbox, as any does on a machine that has none."""
    assert BROWSER is not None
    monkeypatch.setattr(browser_program, "_is_root", lambda: False)

    with Browsing(ALLOWED, Limits(recycle=1, quiet=0.05)) as browsing:
        seen = [*browsing.open(f"{web.place(HONEST)}/plain"), *browsing.open(f"{web.place(HONEST)}/plain")]

    assert [page.problem for page in seen] == ["", ""]
    assert [r.message for r in caplog.records if "sandbox" in r.message] == [
        "the browser runs without its sandbox: it does not start with its sandbox on this machine"
    ]
    assert not starts_inside_its_sandbox(BROWSER)


@needs_browser
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="not root")
def test_root_is_warned_once_that_the_browser_runs_without_its_sandbox(
    caplog: pytest.LogCaptureFixture, web: PlantedLinks
) -> None:
    with Browsing(ALLOWED, Limits(recycle=1, quiet=0.05)) as browsing:
        for _ in range(2):
            browsing.open(f"{web.place(HONEST)}/plain")

    assert [r.message for r in caplog.records if "sandbox" in r.message] == [
        "the browser runs without its sandbox: audits run as root; an ordinary user is safer"
    ]
