"""Reports as people meet them: in a real browser, on paper, on a telephone, with hostile words in them."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, UndefinedError
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import reports
from auditor.model import Blind, Reason, Severity
from reports.page import (
    CAPS,
    LIMIT,
    POLICY,
    STYLE,
    Compiled,
    clickable,
    compile_templates,
    environment,
    fitted,
    href,
    render,
)
from spiders import browser_search
from tests import stories
from tests.stories import ATTACKS, HOSTILE_NAMES, RIVERBEND, finding, memory, read, stored

BROWSER = browser_search.find()
needs_browser = pytest.mark.skipif(
    BROWSER is None, reason="no browser on this machine: auditor doctor says how to get one"
)

NU = os.environ.get("AUDITOR_TEST_NU") if shutil.which("java") else None
"""The Nu HTML checker's `vnu.jar`, where there is one. Its remark that the header blocks our style is no error: the
checker knows no hashes."""

HOSTILE_LINCOLN = HOSTILE_NAMES.schools[0]

PAGES = {
    "everything": stories.school_page(stories.everything()),
    "nothing": stories.school_page(stories.clean()),
    "never audited": stories.school_page(memory(accounts=())),
    "hostile": stories.school_page(stories.hostile(), HOSTILE_LINCOLN, HOSTILE_NAMES),
    "district": stories.district_page(stories.everything()),
    "hostile district": stories.district_page(stories.hostile(), HOSTILE_NAMES),
}

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1100, "height": 800}},
    "dark": {"viewport": {"width": 1100, "height": 800}, "color_scheme": "dark"},
    "telephone": {"viewport": {"width": 320, "height": 700}},
    "own colors": {"viewport": {"width": 1100, "height": 800}, "forced_colors": "active"},
}

UNFOLD = "document.querySelectorAll('details').forEach(one => one.open = true)"

every_page = pytest.mark.parametrize("name", PAGES)


@dataclass
class Seen:
    """What happened while a page was open."""

    page: Page
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    dialogs: int = 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=BROWSER, chromium_sandbox=False)
        yield started
        started.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages as files, as somebody opens them."""
    folder = tmp_path_factory.mktemp("reports")
    for name, page in PAGES.items():
        (folder / f"{name}.html").write_bytes(page.encode())
    return {name: folder / f"{name}.html" for name in PAGES}


def opened(context: BrowserContext, file: Path) -> Seen:
    """The page, opened from the disk, with eyes on everything it does."""
    seen = Seen(context.new_page())

    def dialog(shown: Any) -> None:
        seen.dialogs += 1
        shown.dismiss()

    seen.page.on("request", lambda request: seen.requests.append(request.url))
    seen.page.on("console", lambda message: seen.said.append(message.text))
    seen.page.on("pageerror", lambda error: seen.said.append(str(error)))
    seen.page.on("dialog", dialog)
    seen.page.goto(file.as_uri())
    return seen


def complaints(page: Page) -> list[str]:
    """What axe-core finds wrong, and what it could not decide."""
    told = Axe().run(page).response
    return [
        f"{sort}: {one['id']} {one['nodes'][0]['html']}" for sort in ("violations", "incomplete") for one in told[sort]
    ]


class Tags(HTMLParser):
    """The elements of a page, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


# ------------------------------------------------------------------------------------------------ in a browser


@needs_browser
@pytest.mark.parametrize("name", ["everything", "nothing", "hostile", "district"])
@pytest.mark.parametrize("look", LOOKS)
def test_nobody_is_shut_out(browser: Browser, files: dict[str, Path], name: str, look: str) -> None:
    with browser.new_context(**LOOKS[look]) as context:
        seen = opened(context, files[name])
        folded = complaints(seen.page) if look == "light" else []
        seen.page.evaluate(UNFOLD)

        assert folded == []
        assert complaints(seen.page) == []
        assert seen.page.evaluate("document.scrollingElement.scrollWidth") <= LOOKS[look]["viewport"]["width"]


@needs_browser
@every_page
def test_a_report_asks_nobody_for_anything_and_says_nothing(
    browser: Browser, files: dict[str, Path], name: str
) -> None:
    with browser.new_context() as context:
        seen = opened(context, files[name])
        seen.page.evaluate(UNFOLD)

        assert seen.requests == [files[name].as_uri()]
        assert (seen.said, seen.dialogs) == ([], 0)


@needs_browser
@every_page
def test_a_report_says_the_same_without_javascript(browser: Browser, files: dict[str, Path], name: str) -> None:
    told = []
    for on in (True, False):
        with browser.new_context(java_script_enabled=on, offline=not on) as context:
            told.append(opened(context, files[name]).page.locator("body").inner_text())

    assert told[0] == told[1]
    assert len(told[0]) > 200


@needs_browser
def test_the_policy_in_the_header_lets_our_style_in_and_nothing_else(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    attack = "<script>document.title='run'</script><style>h1{color:rgb(1,2,3)}</style><p style='color:rgb(1,2,3)'>x</p>"
    page.write_bytes(PAGES["nothing"].replace("<main", f"{attack}<main").encode())

    with browser.new_context() as context:
        seen = opened(context, page)

        assert seen.page.title() != "run"
        colors = "[...document.querySelectorAll('h1, p')].map(e => getComputedStyle(e).color)"
        assert "rgb(1, 2, 3)" not in seen.page.evaluate(colors)
        assert seen.page.evaluate("getComputedStyle(document.querySelector('.headline')).fontWeight") == "700"


@needs_browser
def test_the_first_screen_says_what_to_do(browser: Browser, files: dict[str, Path]) -> None:
    with browser.new_context(viewport={"width": 1100, "height": 700}) as context:
        seen = opened(context, files["everything"])

        bottom = seen.page.locator(".start").bounding_box()

        assert bottom is not None
        assert bottom["y"] + bottom["height"] < 700
        seen.page.locator(".start a").first.click()
        assert seen.page.evaluate("location.hash") == "#task-1"


# ------------------------------------------------------------------------------------------------ as HTML


@every_page
def test_a_report_is_valid_html_of_one_file(name: str) -> None:
    page = PAGES[name]

    html5lib.HTMLParser(strict=True).parse(page)

    tags = Tags(page).found
    names = {tag for tag, _ in tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "audio", "video"}
    assert not [a for _, attributes in tags for a in attributes if a == "style" or a.startswith("on") or a == "src"]
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    (policy,) = [a["content"] for _, a in tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy == POLICY
    assert page.count(STYLE) == 1
    assert len(page.encode()) <= LIMIT


@every_page
def test_no_character_that_html_forbids_reaches_a_report(name: str) -> None:
    assert not re.search("[\0-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]", PAGES[name])


def test_what_comes_from_the_web_is_text_in_every_place() -> None:
    for page in (PAGES["hostile"], PAGES["hostile district"]):
        assert not [a for a in ATTACKS if "<" in a and a in page]
        assert "49" not in re.sub(r"<style>.*?</style>|sha256-\S+|<code>.*?</code>", "", page, flags=re.DOTALL)
    assert "{{7*7}} {% for x in y %}" in PAGES["hostile"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in PAGES["hostile"]
    assert "&lt;/style&gt;" in PAGES["hostile"]


def test_only_plain_web_addresses_can_be_clicked() -> None:
    links = [a["href"] or "" for tag, a in Tags(PAGES["hostile"]).found if tag == "a"]

    outward = {link for link in links if not link.startswith("#")}
    assert {link[:20] for link in outward} == {"https://x.example/%2", "https://x.example/a&"}
    assert all(clickable(link) for link in outward)


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/",
        "https://a.example/b?c=d#e",
        "HTTPS://A.EXAMPLE",
        "http://[::1]:8001/",
        "http://127.0.0.2:8001/x",
    ],
)
def test_a_plain_web_address_can_be_clicked(url: str) -> None:
    assert clickable(url)
    assert href(url) == url


@pytest.mark.parametrize(
    "url",
    [
        *stories.ADDRESSES[:7],
        "",
        "//a.example",
        " http://a.example/",
        "http://a.example/\n",
        "http://a.example/b c",
        "http://a..example/",
        "http://999.1.1.1/",
        "http://0x7f.1/",
        "http://a.example:0/",
        "http://a.example:99999/",
        "http://ex%41mple.example/",
    ],
)
def test_any_other_address_cannot(url: str) -> None:
    assert not clickable(url)


def test_an_address_is_written_as_html_wants_it() -> None:
    assert href("http://a.example/{b}?c[]=|%zz%20#d#\u202e\ud800") == (
        "http://a.example/%7Bb%7D?c%5B%5D=%7C%25zz%20#d%23%E2%80%AE%3F"
    )
    assert href("https://straße.example/ñ?ü=1") == "https://straße.example/ñ?ü=1"


def test_links_to_the_web_tell_it_nothing_about_the_report() -> None:
    tags = Tags(PAGES["everything"]).found

    assert ("meta", {"name": "referrer", "content": "no-referrer"}) in tags
    rels = {a.get("rel") for tag, a in tags if tag == "a" and (a["href"] or "").startswith("http")}
    assert rels == {"noreferrer noopener"}


@pytest.mark.parametrize("template", ["report.html.j2", "mail.txt", "bare"])
def test_every_template_escapes_whatever_its_file_is_called(template: str) -> None:
    overlay = environment.overlay(loader=DictLoader({template: "{{ crawled }}"}))

    assert overlay.get_template(template).render(crawled="<b>") == "&lt;b&gt;"


def test_a_word_that_a_template_lacks_is_an_error_and_no_silent_gap() -> None:
    with pytest.raises(UndefinedError):
        render("school.html")


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_whatever_is_found_the_report_stays_valid_and_its_frame_the_same(subject: str, url: str) -> None:
    def frame(words: str, address: str) -> list[str]:
        found = [stored(finding(subject=words, excerpt=words, advice=words, url=address))]
        seen = [read(stories.SITE_OF_LINCOLN, Blind(words, Reason.ROBOTS, words))]
        page = stories.school_page(memory(found, seen))
        html5lib.HTMLParser(strict=True).parse(page)
        return [tag for tag, _ in Tags(page).found if tag not in ("a", "br")]

    assert frame(f"x{subject}", f"x{url}") == frame("x", "x")


@pytest.mark.skipif(NU is None, reason="the Nu HTML checker is not here: docs/reports.md says how to get it")
def test_the_nu_html_checker_is_content(files: dict[str, Path]) -> None:
    assert NU is not None

    told = subprocess.run(
        ["java", "-jar", NU, "--errors-only", *files.values()], capture_output=True, text=True, check=False
    )

    assert (told.returncode, told.stderr) == (0, "")


# ------------------------------------------------------------------------------------------------ long lists


def test_twenty_five_things_are_told_in_full_and_the_others_a_line_each() -> None:
    names = [f"A{n:03}***" for n in range(60)]
    page = stories.school_page(memory([stored(finding(subject=name)) for name in names]))

    in_full, rest = page.split("And 35 more things, a line each")

    assert [name for name in names if name in in_full.partition("<main")[2]] == names[:25]
    assert [name for name in names if name in rest] == names[25:]


def test_what_is_the_same_of_many_lines_is_said_once_above_them() -> None:
    students = [stored(finding(subject=f"A{n:03}***")) for n in range(29)]
    account = stored(finding("unregistered-account", subject="http://x.example/", severity=Severity.MODERATE))
    page = stories.school_page(memory([*students, account]))

    _, rest = page.split("And 5 more things, a line each")

    lines = re.findall(r"<li[^>]*>(.*?)(?=</?li|</?ul)", rest, re.DOTALL)[:6]
    assert [re.sub(r"<[^>]+>", "", line).strip().partition(",")[0] for line in lines] == [
        "Act today: A student is named in a way that the policy does not allow here",
        *(f"A{n:03}***" for n in range(25, 29)),
        "Act this week: A school site links to an account that nobody registered: http://x.example/",
    ]


def test_a_list_without_end_is_cut_and_says_where_the_rest_is() -> None:
    names = [f"A{n:03}***" for n in range(300)]
    page = stories.school_page(memory([stored(finding(subject=name)) for name in names]))

    assert [name for name in names if name in page] == names[:225]
    assert "And 75 more. See them all with <code>auditor findings --school lincoln</code>." in page


def test_thousands_of_dead_links_are_one_short_card_beside_the_other_site_quality() -> None:
    dead = [
        stored(
            finding("broken-link", subject=f"http://x.example/{n}", page=f"{n % 40}.html", severity=Severity.MODERATE)
        )
        for n in range(3000)
    ]
    unread = stored(finding("unreachable-account", subject="http://y.example/", severity=Severity.MODERATE))

    page = stories.school_page(memory([*dead, unread]))
    quality = page.partition('id="quality"')[2]

    assert quality.count("<li><bdi>http://x.example/") == 5
    assert "And 2,995 more of this kind. The pages with the most:" in quality
    assert quality.count(": 75</li>") + quality.count(": 74</li>") == 15
    assert "The others stand on 25 more pages." in quality
    assert "<code>auditor findings --school lincoln --rule broken-link</code>" in quality
    assert "http://y.example/" in quality


def test_a_report_stays_small_whatever_is_found() -> None:
    longest = "https://x.example/" + "'&" * 1030
    items = [
        stored(finding(subject=f"{n}{'&' * 2000}", page="", url=f"{longest}{m}", excerpt="'" * 3000, advice="&" * 900))
        for n in range(40)
        for m in range(5)
    ]
    blind = [Blind(f"{n}{'&' * 2000}", reason, f"{n}{'&' * 2000}") for n in range(3) for reason in Reason]
    accounts = tuple(replace(stories.SITE_OF_LINCOLN, id=f"a{n}", url=f"{longest}{n}") for n in range(100))
    district = replace(RIVERBEND, accounts=(stories.SITE_OF_LINCOLN, *accounts))

    page = stories.school_page(memory(items, [read(a, *blind) for a in accounts]), district=district)

    assert len(page.encode()) <= LIMIT
    assert "40 things need you today." in page


def test_the_longest_lists_that_fit_are_taken() -> None:
    def drawn(caps: Any) -> str:
        return "x" * (LIMIT + 1 if caps.lines > 25 else caps.lines)

    assert fitted(drawn) == "x" * 25
    assert fitted(lambda caps: f"{caps.full}") == "25"
    assert len(fitted(lambda caps: "x" * (LIMIT + caps.full))) == LIMIT + CAPS[-1].full


@pytest.mark.parametrize(("folder", "kept"), [("kept", 1), ("a file/below", 0)])
def test_a_template_is_compiled_once_where_it_may_be_kept_and_says_the_same_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, kept: int
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    (tmp_path / "a file").touch()
    cache, loader = Compiled(str(tmp_path / folder)), DictLoader({"page": "Hello {{ name }}"})

    ways = [Environment(loader=loader, bytecode_cache=cache, autoescape=True) for _ in range(2)]
    pages = [way.get_template("page").render(name=name) for way, name in zip(ways, "ab", strict=True)]

    assert pages == ["Hello a", "Hello b"]
    assert len([*tmp_path.glob(f"{folder}/*")]) == kept


def test_all_templates_are_compiled_when_the_program_is_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr(environment, "bytecode_cache", Compiled(str(tmp_path)))
    monkeypatch.setattr(environment, "cache", {})

    compile_templates()

    assert len([*tmp_path.iterdir()]) == len([*(Path(reports.__file__).parent / "templates").glob("*.html")])
