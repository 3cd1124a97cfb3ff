"""`auditor probe` on sites of our own that answer in all the ways that real ones do: nobody invented, nobody missed."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from auditor.cli import main
from auditor.footprint.handles.manifest import read
from benchmarks.handle_kinds import HANDLES, NOBODY, Planted
from benchmarks.handle_manifests import sherlock, whatsmyname
from benchmarks.handle_world import World, world
from benchmarks.planted_links import SECURE, TRUSTED, PlantedLinks, page
from spiders import handles
from spiders.reactor import run
from spiders.settings import Manners
from tests.servers import Reply, serve

ALLOWED = ("--allow-network", "127.0.0.0/8", "--delay", "0")
PATIENCE = "3"
"""Seconds that a site is waited for: a busy machine may keep us waiting for any of them."""
Row = dict[str, str]


@pytest.fixture(scope="module", params=["A", "B"])
def sites(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param, share=0.2, patient=False) as made:
        yield made


@pytest.fixture
def probe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., list[Row]]:
    """Runs the command over a manifest and gives its rows."""

    def run(manifest: object, *words: str, status: int = 0, allowed: tuple[str, ...] = ALLOWED) -> list[Row]:
        file = tmp_path / "manifest.json"
        file.write_text(json.dumps(manifest), "utf-8")
        assert main(["probe", "--manifest", str(file), *allowed, *words]) == status
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def asked(*handles: str) -> list[str]:
    return [word for handle in handles for word in ("--handle", handle)]


def entry(site: str, **more: object) -> dict[str, Any]:
    """A site of WhatsMyName's kind at that address."""
    marks = {
        "e_code": 200,
        "e_string": "profile-card",
        "m_code": 404,
        "m_string": "",
        "known": ["lindholm"],
        "cat": "misc",
    }
    return {"name": "Board", "uri_check": f"{site}u/{{account}}", **marks, **more}


def manifest(*entries: Mapping[str, object]) -> dict[str, object]:
    return {"license": [], "authors": [], "categories": [], "sites": list(entries)}


# ------------------------------------------------------------------------------------------------ worlds


@pytest.mark.parametrize("describe", [whatsmyname, sherlock])
def test_every_account_is_found_none_is_invented_and_walls_are_told(
    sites: World,
    probe: Callable[..., list[Row]],
    describe: Callable[[list[Planted]], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("spiders.handles.REST", 0.05)
    sites.start_over()

    rows = probe(describe(list(sites.sites)), *asked(*HANDLES, NOBODY), "--timeout", PATIENCE)

    by_name = {site.name: site for site in sites.sites}
    told = [(by_name[row["site"]], row["handle"], row["verdict"], row["why"]) for row in rows]
    assert [(row["site"], row["handle"]) for row in rows] == [
        (site.name, handle) for site in sites.sites for handle in (*HANDLES, NOBODY)
    ]
    assert [what for what in told if what[2] == "found" and not what[0].has(what[1])] == []
    assert [what for what in told if what[2] == "not found" and what[0].has(what[1])] == []
    assert [what for what in told if what[2] != "could not check" and not what[0].kind.knowable] == []
    there = [what for what in told if what[0].kind.knowable and what[0].has(what[1])]
    missed = [what for what in there if what[2] != "found" and what[0].kind.name not in HARD]
    assert missed == []
    assert len(there) > 20
    undecided = Counter(what[0].kind.name for what in told if what[0].kind.knowable and what[2] == "could not check")
    assert set(undecided) <= HARD
    assert sites.requests <= 1.5 * len(rows)
    assert all(row["why"] for row in rows)


HARD = {"miss is 500", "form of handles", "flaky"}
"""Kinds where one format does not say enough, or chance decides."""


STRANGE = ("page", "user", "not", "found", "profile", "the", "a", "Jimbo Wales", "a.b+c*(d)[e]^$", "josé", "{account}")
"""Handles that nobody has: words of the pages for nobody, and what templates and patterns might stumble over."""


@pytest.mark.parametrize("describe", [whatsmyname, sherlock])
def test_a_handle_that_is_a_word_of_the_page_for_nobody_is_not_found_by_it(
    probe: Callable[..., list[Row]], describe: Callable[[list[Planted]], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spiders.handles.REST", 0.01)
    with world("A", share=0.01, patient=False) as made:
        plain = [site for site in made.sites if site.kind.knowable and site.kind.name not in HARD]
        rows = probe(describe(plain), *asked(*STRANGE, f" @{HANDLES[0]} "), "--timeout", PATIENCE)

    found = {(row["site"], row["handle"]) for row in rows if row["verdict"] == "found"}
    assert found == {(site.name, HANDLES[0]) for site in plain if site.has(HANDLES[0])}
    assert {row["handle"] for row in rows} == {*STRANGE, HANDLES[0]}


# ------------------------------------------------------------------------------------------------ one site


def test_an_account_of_the_manifest_that_is_gone_makes_nothing_up_and_the_next_one_is_asked(
    probe: Callable[..., list[Row]],
) -> None:
    there = ("lindholm", "okafor")

    def board(handler: BaseHTTPRequestHandler) -> Reply | str:
        name = handler.path.rpartition("/")[2]
        return f"<div class='profile-card'>{name}</div>" if name in there else Reply("", 302, headers={"Location": "/"})

    with serve({"*": board}) as site:
        gone = {"m_code": 302, "known": ["left.long.ago"]}
        rows = probe(
            manifest(
                entry(site.url, name="All gone", **gone),
                entry(site.url, name="One gone", **gone | {"known": ["left.long.ago", "lindholm"]}),
            ),
            *asked("rivera"),
        )
        rows += probe(manifest(entry(site.url, name="All gone", **gone)), *asked("okafor"))
        told: list[handles.Tested] = []
        tested = read(json.dumps(manifest(entry(site.url, **gone))).encode(), "m.json").sites
        run(
            handles.self_test(
                tested, handles.ProbeOptions(Manners(delay=0, allow_networks=("127.0.0.0/8",))), told.append
            )
        )

    assert [(row["site"], row["handle"], row["verdict"]) for row in rows] == [
        ("All gone", "rivera", "could not check"),
        ("One gone", "rivera", "not found"),
        ("All gone", "okafor", "found"),
    ]
    assert [(one.works, one.why.partition(":")[0]) for one in told] == [
        (False, "it does not show the account that the manifest says is there")
    ]


def test_controls_are_asked_once_for_all_handles(probe: Callable[..., list[Row]]) -> None:
    with serve({"*": "<div class='profile-card'>Everybody</div>"}) as site:
        rows = probe(manifest(entry(site.url)), *asked("rivera", "delgado", "okafor"), status=1)

    assert [row["why"] for row in rows] == ["it says yes to everybody, to a made-up handle too"] * 3
    assert len(site.hits) == 4


def test_a_run_takes_no_more_than_one_and_a_half_requests_a_site(
    probe: Callable[..., list[Row]],
) -> None:
    def odd(handler: BaseHTTPRequestHandler) -> str:
        return "<p class='profile-card'>L</p>" if "lindholm" in handler.path else "<title>Oh dear</title><p>Hm.</p>"

    with serve({"*": odd}) as site:
        rows = probe(manifest(*(entry(site.url, name=f"Board {number}") for number in range(100))), *asked("rivera"))

    verdicts = Counter(row["verdict"] for row in rows)
    assert len(site.hits) <= 150
    assert verdicts["not found"] >= 20
    assert {row["why"] for row in rows if row["verdict"] == "could not check"} == {
        "its answer says neither yes nor no; nobody asked on, so as to ask no more of all sites than need be"
    }


def test_a_site_is_asked_for_one_thing_at_a_time(probe: Callable[..., list[Row]]) -> None:
    busy, most = threading.Semaphore(1), []

    def route(_: BaseHTTPRequestHandler) -> Reply | str:
        most.append(busy.acquire(blocking=False))
        threading.Event().wait(0.02)
        busy.release()
        return Reply("", 404)

    with serve({"*": route}) as site:
        entries = [entry(site.url, name=f"Board {number}") for number in range(4)]
        probe(manifest(*entries), *asked("rivera", "delgado"))

    assert most == [True] * 8


def test_a_site_that_asks_for_patience_is_asked_once_more_or_left_alone(probe: Callable[..., list[Row]]) -> None:
    soon, late = Reply("", 429, headers={"Retry-After": "0"}), Reply("", 503, headers={"Retry-After": "3600"})

    with serve({"*": soon}) as one, serve({"*": late}) as other:
        rows = probe(
            manifest(entry(one.url, name="Soon"), entry(other.url, name="Late")), *asked("rivera", "delgado"), status=1
        )

    assert [(row["site"], row["why"]) for row in rows] == [
        ("Soon", "it asked us to come back later (error 429)"),
        ("Soon", "it asked us to come back later (error 429)"),
        ("Late", "its server failed (error 503)"),
        ("Late", "its server failed (error 503)"),
    ]
    assert (len(one.hits), len(other.hits)) == (2, 1)


def test_a_site_that_never_answers_is_asked_once_and_holds_nobody_up(probe: Callable[..., list[Row]]) -> None:
    over = threading.Event()

    def silent(_: BaseHTTPRequestHandler) -> Reply | str:
        over.wait(5)
        return ""

    with serve({"*": silent}) as site:
        rows = probe(manifest(entry(site.url)), *asked("rivera", "delgado"), "--timeout", "0.3", status=1)
        over.set()

    assert [row["why"] for row in rows] == ["it did not answer within 0.3 seconds"] * 2
    assert len(site.hits) == 1


def test_an_endless_page_is_read_no_further_than_it_takes(probe: Callable[..., list[Row]]) -> None:
    sent = [0]

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200 if "rivera" in handler.path else 404)
        handler.end_headers()
        try:
            while sent[0] < 64 * 1024 * 1024:
                sent[0] += handler.wfile.write(b"<p>profile-card</p>" * 1000)
        except OSError:
            pass

    with serve({"*": endless}) as site:
        rows = probe(manifest(entry(site.url)), *asked("rivera"))

    assert [row["verdict"] for row in rows] == ["found"]
    assert sent[0] < 32 * 1024 * 1024


def test_redirects_lead_to_no_other_host_and_no_private_network(probe: Callable[..., list[Row]]) -> None:
    with serve({"*": "<div class='profile-card'>secret</div>"}, host="127.0.0.9") as inner:

        def away(handler: BaseHTTPRequestHandler) -> Reply | str:
            return Reply("", 302, headers={"Location": f"{inner.url}u/{handler.path.rsplit('/')[-1]}"})

        with serve({"*": away}) as site:
            rows = probe(manifest(entry(site.url)), *asked("rivera"), status=1)

    assert [row["why"] for row in rows] == ["it sends visitors to another page"]
    assert inner.hits == []


def test_nobody_else_learns_the_handle(probe: Callable[..., list[Row]]) -> None:
    with serve({"*": "profile-card"}, host="127.0.0.9") as mirror:
        rows = probe(
            manifest(
                entry(mirror.url, name="Mirrored", uri_pretty="http://127.0.0.1/{account}"),
                entry("https://mirror.example/", name="Far", uri_pretty="https://board.example/{account}"),
                {
                    **entry(mirror.url, name="About"),
                    "uri_check": "https://old.example/?url=http://board.example/{account}",
                },
                {**entry(mirror.url, name="Pictures"), "uri_check": "https://imginn.com/{account}/"},
                entry(mirror.url, name="Key", headers={"Authorization": "Bearer x"}),
                entry(mirror.url, name="Broken", valid=False),
            ),
            *asked("rivera"),
            status=1,
        )

    assert [(row["site"], row["url"], row["why"]) for row in rows] == [
        (
            "Mirrored",
            "http://127.0.0.1/rivera",
            "it would have to be asked at another site, which would learn the handle",
        ),
        (
            "Far",
            "https://board.example/rivera",
            "it would have to be asked at another site, which would learn the handle",
        ),
        (
            "About",
            "https://old.example/?url=http://board.example/rivera",
            "it would have to be asked at another site, which would learn the handle",
        ),
        (
            "Pictures",
            "https://imginn.com/rivera/",
            "it would have to be asked at another site, which would learn the handle",
        ),
        ("Key", f"{mirror.url}u/rivera", "it would have to be asked with somebody else's authorization"),
        ("Broken", f"{mirror.url}u/rivera", "the manifest says that this site cannot be checked at present"),
    ]
    assert mirror.hits == []


def test_nothing_is_asked_without_encryption_but_on_networks_that_are_named(probe: Callable[..., list[Row]]) -> None:
    with serve({"*": "profile-card"}) as site:
        none = probe(manifest(entry(site.url)), *asked("rivera"), status=1, allowed=())
        other = probe(manifest(entry(site.url)), *asked("rivera"), status=1, allowed=("--allow-network", "10.0.0.0/8"))

    assert [row["why"] for row in none + other] == ["it can only be asked without encryption (http)"] * 2
    assert site.hits == []


def test_private_networks_are_not_visited_with_encryption_either(probe: Callable[..., list[Row]]) -> None:
    rows = probe(manifest(entry("https://127.0.0.1:9/")), *asked("rivera"), status=1, allowed=())

    assert [row["why"] for row in rows] == ["address on a private network: not visited"]


def test_a_handle_that_the_site_does_not_allow_is_not_asked_for(probe: Callable[..., list[Row]]) -> None:
    with serve({"*": "hello"}) as site:
        rows = probe(
            {
                "Chat": {
                    "url": f"{site.url}{{}}",
                    "urlMain": site.url,
                    "errorType": "status_code",
                    "regexCheck": "^(([a-z])+)+$",
                    "username_claimed": "lindholm",
                }
            },
            *asked("rivera_12" + "a" * 60),
        )

    assert [(row["verdict"], row["why"]) for row in rows] == [("not found", "the site has no handles of this form")]
    assert site.hits == []


def test_capitals_do_not_matter_where_the_site_sends_them_on(probe: Callable[..., list[Row]]) -> None:
    def small(handler: BaseHTTPRequestHandler) -> Reply | str:
        if handler.path != handler.path.lower():
            return Reply("", 301, headers={"Location": handler.path.lower()})
        return "<div class='profile-card'>Rivera</div>" if "rivera" in handler.path else Reply("", 404)

    with serve({"*": small}) as site:
        rows = probe(manifest(entry(site.url)), *asked("Rivera"))

    assert [(row["handle"], row["verdict"]) for row in rows] == [("Rivera", "found")]


def test_what_is_posted_is_posted(probe: Callable[..., list[Row]]) -> None:
    with world("A", share=0.01, patient=False) as made:
        posted = [site for site in made.sites if site.kind.name == "posted"]
        rows = probe(whatsmyname(posted), *asked("lindholm", NOBODY))

    assert [row["verdict"] for row in rows] == ["found", "not found"]


def test_only_believed_certificates_are_believed(probe: Callable[..., list[Row]], web: PlantedLinks) -> None:
    web.serve(TRUSTED, "/u/rivera", page("<title>Rivera</title><div class='profile-card'>Rivera</div>"))
    good, bad = f"{web.place(TRUSTED)}/", f"{web.place(SECURE)}/"

    rows = probe(
        manifest(entry(good), entry(bad, name="Own"), entry("https://nowhere.invalid/", name="Gone")), *asked("rivera")
    )

    assert [(row["verdict"], row["why"]) for row in rows] == [
        ("found", "an account with this handle answers here; a made-up handle gets another answer"),
        ("could not check", "its security certificate is not trusted"),
        ("could not check", "its name does not exist on the internet"),
    ]


def test_a_manifest_tests_itself_by_handles_that_are_there_and_made_up_ones() -> None:
    told: list[handles.Tested] = []
    with world("A", share=0.01, patient=False) as made:
        plain = [site for site in made.sites if site.kind.name in SOUND | ROTTEN]
        sites = read(json.dumps(whatsmyname(plain)).encode(), "m.json").sites
        manners = Manners(delay=0, deadline=5, allow_networks=("127.0.0.0/8",))
        run(handles.self_test(sites, handles.ProbeOptions(manners), told.append))

    works = {tested.site.rpartition(" ")[0]: tested.works for tested in told}
    assert works == dict.fromkeys(SOUND, True) | dict.fromkeys(ROTTEN, False)
    assert all(tested.works or tested.why for tested in told)


SOUND = {"clean 404", "message", "to the home page", "interface", "posted", "no words known", "bad request"}
ROTTEN = {"shell for everybody", "yes to everybody", "other layout", "login wall", "captcha", "empty"}


# ------------------------------------------------------------------------------------------------ the command


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["--handle", "x.com/rivera"], '--handle: "x.com/rivera" is more than the handle; write the name alone'),
        (["--handle", "@"], '--handle: "" is empty'),
        (["--handle", "rivera", "--timeout", "0"], "--timeout: 0 is out of bounds; write seconds up to 60"),
        (["--handle", "rivera", "--allow-network", "x"], '--allow-network: "x" is no network'),
        ([], "--handle is missing"),
    ],
)
def test_wrong_words_are_told_and_nothing_is_asked(
    words: list[str], fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve({"*": "profile-card"}) as site:
        file = tmp_path / "m.json"
        file.write_text(json.dumps(manifest(entry(site.url))), "utf-8")

        assert main(["probe", "--manifest", str(file), *words]) == 2

    assert fault in capsys.readouterr().err
    assert site.hits == []


@pytest.mark.skipif(sys.platform == "win32", reason="there a program that is told to end is not asked")
def test_who_stops_it_keeps_what_is_known(tmp_path: Path) -> None:
    over = threading.Event()

    def silent(_: BaseHTTPRequestHandler) -> str:
        over.wait(10)
        return ""

    with serve({"*": silent}) as slow, serve({"*": Reply("", 404)}) as quick:
        file = tmp_path / "m.json"
        file.write_text(json.dumps(manifest(entry(slow.url, name="Slow"), entry(quick.url, name="Quick"))), "utf-8")
        command = [sys.executable, "-m", "auditor", "probe", "--manifest", str(file), *ALLOWED, "--handle", "rivera"]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while not (slow.hits and quick.hits):
            time.sleep(0.02)
        time.sleep(0.3)
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate()
        over.set()

    assert running.returncode == 3
    assert [json.loads(line)["site"] for line in out.splitlines()] == ["Quick"]
    assert "auditor: stopped; the lines printed so far stand\n" in err


def test_progress_stands_on_standard_error_alone_and_holds_no_handle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve({"*": Reply("", 404)}) as site:
        file = tmp_path / "m.json"
        file.write_text(json.dumps(manifest(entry(site.url))), "utf-8")
        main(["probe", "--manifest", str(file), *ALLOWED, "--handle", "rivera"])

    shown = capsys.readouterr()
    assert shown.err == "auditor: asking 1 site for 1 handle\nauditor: found 0, not found 1, could not check 0\n"
    assert json.loads(shown.out) == {
        "site": "Board",
        "handle": "rivera",
        "url": f"{site.url}u/rivera",
        "verdict": "not found",
        "why": "there is no page for it (error 404)",
    }
