"""`auditor links`: addresses in, one JSON object a line out."""

import io
import json
import signal
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from auditor.cli import main
from benchmarks.planted_links import HONEST, PlantedLinks, after, hang_up, page
from spiders.browser_search import find
from tests.servers import Reply, serve
from tests.within import without_rests

ALLOWED = ["--allow-network", "127.77.0.0/16", "--delay", "0"]


@pytest.fixture(scope="module")
def web() -> Iterator[PlantedLinks]:
    with PlantedLinks() as planted:
        yield planted


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    with without_rests():
        yield


def test_each_address_gives_one_line_in_the_order_given(web: PlantedLinks, capsys: pytest.CaptureFixture[str]) -> None:
    at = web.place(HONEST)
    urls = [f"{at}/status-404", f"{at}/moved-301", f"{at}/status-403", "mailto:office@riverbend.example"]

    status = main(["links", *ALLOWED, *urls])

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 0
    assert lines == [
        {
            "url": f"{at}/status-404",
            "verdict": "broken",
            "why": "The page is not there (404).",
            "status": 404,
            "final_url": f"{at}/status-404",
            "class": None,
        },
        {
            "url": f"{at}/moved-301",
            "verdict": "alive",
            "why": "",
            "status": 200,
            "final_url": f"{at}/plain",
            "class": None,
        },
        {
            "url": f"{at}/status-403",
            "verdict": "blocked",
            "why": "The site does not let programs in (403).",
            "status": 403,
            "final_url": f"{at}/status-403",
            "class": None,
        },
        {
            "url": "mailto:office@riverbend.example",
            "verdict": "skipped",
            "why": "It is an email address.",
            "status": None,
            "final_url": None,
            "class": None,
        },
    ]


def test_addresses_may_come_on_standard_input(
    web: PlantedLinks, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = web.place(HONEST)
    web.serve(HONEST, "/mug", page("<h1>Mug</h1><p>$9.00 <button>Add to cart</button>"))
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{at}/plain\n\n{at}/mug\n{at}/plain\n"))

    main(["links", *ALLOWED])

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["url"], line["class"]) for line in lines] == [(f"{at}/plain", None), (f"{at}/mug", "commercial")]


def test_all_links_of_a_page_are_visited_and_the_page_itself_once(
    web: PlantedLinks, capsys: pytest.CaptureFixture[str]
) -> None:
    at = web.place(HONEST)
    static = "<a href=/plain#news>News</a> <a href=/status-410>Old</a> <a href='#end'>End</a> <img src=/gone.png>"
    web.serve(HONEST, "/menu", page(f"<title>Menu</title><link rel=preconnect href=/hint>{static}<h2 id=end>End</h2>"))

    status = main(["links", *ALLOWED, "--no-browser", "--page", f"{at}/menu"])

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 0
    assert {line["url"]: line["verdict"] for line in lines} == {
        f"{at}/plain#news": "alive",
        f"{at}/status-410": "broken",
        f"{at}/menu#end": "alive",
        f"{at}/gone.png": "broken",
    }
    assert web.hits[f"{HONEST}/menu"] == 1


def test_whoever_stops_early_keeps_what_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    def gone(_: BaseHTTPRequestHandler) -> Reply:
        if site.asked("/gone") == 2:  # the second look: by now the first one at the others is over
            signal.raise_signal(signal.SIGINT)
        return Reply("", 404)

    with serve({"/gone": gone, "/fine": "x"}) as site:
        status = main(["links", "--allow-network", "127.0.0.0/8", "--delay", "0", site.at("/gone"), site.at("/fine")])

    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (status, [(row["url"], row["verdict"]) for row in rows]) == (3, [(site.at("/fine"), "alive")])


def test_scripts_behind_the_links_of_a_page_are_told_as_skipped(
    web: PlantedLinks, capsys: pytest.CaptureFixture[str]
) -> None:
    static = "<a href='javascript:show(1)'>Menu</a> <a href='/plain'>News</a> <a href='javascript:show(1)'>Again</a>"
    web.serve(HONEST, "/scripted", page(f"<title>Scripted</title>{static}"))

    main(["links", *ALLOWED, "--no-browser", "--page", f"{web.place(HONEST)}/scripted"])

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["url"], line["verdict"], line["why"]) for line in lines] == [
        ("javascript:show(1)", "skipped", "It runs a script and is no address of a page."),
        (f"{web.place(HONEST)}/plain", "alive", ""),
    ]


@pytest.mark.parametrize(("path", "why"), [("/status-404", "error 404"), ("/a.jpg", "a picture")])
def test_a_page_that_cannot_be_read_is_named_and_the_status_says_so(
    web: PlantedLinks, capsys: pytest.CaptureFixture[str], path: str, why: str
) -> None:
    web.serve(HONEST, "/a.jpg", page("\xff\xd8\xff", media_type="image/jpeg"))

    status = main(["links", *ALLOWED, "--page", f"{web.place(HONEST)}{path}"])

    said = capsys.readouterr()
    assert (status, said.out) == (1, "")
    assert f"{path}: could not be read: " in said.err
    assert why in said.err


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["--allow-network", "the office"], "--allow-network"),
        (["--page", "file:///etc/hostname"], "--page"),
        (["--delay", "-1", "https://a.example/"], "--delay"),
        ([], "no address was given"),
    ],
)
def test_wrong_usage_is_told_in_one_line_and_nothing_is_visited(
    words: list[str], fault: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    status = main(["links", *words])

    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    assert fault in said.err
    assert said.err.count("\n") == 1


def test_a_private_network_is_not_visited_unless_it_is_named(
    web: PlantedLinks, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"{web.place(HONEST)}/never"

    main(["links", url])

    assert json.loads(capsys.readouterr().out)["verdict"] == "broken"
    assert web.hits[f"{HONEST}/never"] == 0


BROWSER = find()


@pytest.mark.skipif(BROWSER is None, reason="no browser on this machine")
def test_a_page_is_opened_in_a_browser_and_no_link_is_lost(
    web: PlantedLinks, capsys: pytest.CaptureFixture[str]
) -> None:
    at = web.place(HONEST)
    words = "<p>" + "The garden club watered the beans again and wrote down what grew there. " * 10
    late = f"<a href='{at}/status-404'>Menu</a><h2 id=late>Late</h2>"
    script = f'<script>const box = document.getElementById("box"); box.innerHTML = "{late}";</script>'
    served = "<div id=box><a href=/status-410>Old</a></div><a href=#late>Late</a><a href=#never>Never</a>"
    web.serve(HONEST, "/late", page(f"<title>Late</title><h1>Late</h1>{words}{served}{script}"))

    status = main(["links", *ALLOWED, "--page", f"{at}/late"])

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 0
    assert {line["url"]: line["verdict"] for line in lines} == {
        f"{at}/status-410": "broken",
        f"{at}/late#late": "alive",
        f"{at}/late#never": "suspicious",
        f"{at}/status-404": "broken",
    }


@pytest.mark.skipif(BROWSER is None, reason="no browser on this machine")
def test_what_a_browser_cannot_show_is_said_and_what_was_served_is_visited(
    web: PlantedLinks, capsys: pytest.CaptureFixture[str]
) -> None:
    at = web.place(HONEST)
    words = "<p>" + "The garden club watered the beans again and wrote down what grew there. " * 10
    web.serve(HONEST, "/once", after(1, page(f"<title>Once</title>{words}<a href=/plain>News</a>"), hang_up))

    status = main(["links", *ALLOWED, "--page", f"{at}/once"])

    said = capsys.readouterr()
    assert status == 0
    assert [json.loads(line)["url"] for line in said.out.splitlines()] == [f"{at}/plain"]
    assert "a browser could not show it" in said.err


def test_every_link_of_a_page_is_visited_wherever_it_stands_and_nothing_else(
    web: PlantedLinks, capsys: pytest.CaptureFixture[str]
) -> None:
    inside = [link for link in web.links if "/missing/" in link.url and "/again" not in link.name]
    on_page = " ".join(link.markup for link in inside if link.seen_by != "browser")
    web.serve(HONEST, "/elements", page(f"<title>Elements</title><h1>Elements</h1>{on_page}"))

    main(["links", *ALLOWED, "--no-browser", "--page", f"{web.place(HONEST)}/elements"])

    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    broken = {row["url"] for row in rows if row["verdict"] == "broken"}
    assert {link.name for link in inside if link.url in broken} == {
        link.name for link in inside if link.seen_by == "readers"
    }
    assert len(broken) == sum(link.seen_by == "readers" for link in inside)


def test_a_list_and_a_page_give_the_same_verdicts(web: PlantedLinks, capsys: pytest.CaptureFixture[str]) -> None:
    quick = [*ALLOWED, "--deadline", "1", "--no-browser"]
    once = [link.markup for link in web.links if link.core and "/again" not in link.name]
    web.serve(HONEST, "/one-of-each", page(f"<title>One of each</title>{' '.join(once)}"))
    web.start_over()
    main(["links", *quick, "--page", f"{web.place(HONEST)}/one-of-each"])
    of_page = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    web.start_over()
    main(["links", *quick, *(row["url"] for row in of_page)])
    of_list = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert len(of_page) > 70
    assert of_list == of_page
