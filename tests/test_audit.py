"""An audit from the outside: the command, a real web server, and what the store and the reports say afterwards."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import within
from tests.servers import Reply, Route, Site, serve

ROSTER = Path(__file__).parent / "district" / "oneroster"
CONFIG = """
[district]
name = "Riverbend School District"
policy = "{policy}"
timezone = "America/Denver"
email_domains = ["riverbend.example"]
phones = ["406-555"]
policy_reviewed_on = 2026-03-09
{roster}

[crawl]
contact = "webmaster@riverbend.example"
delay = 0
allow_networks = ["127.0.0.0/8"]
render = "never"

[[schools]]
id = "lincoln"
name = "Lincoln Elementary"
grades = "K-5"
website = "{site}"
principal = "Dana Reyes"

[[accounts]]
id = "lincoln-site"
school = "lincoln"
kind = "official"
platform = "website"
url = "{site}"
owner = "Dana Reyes"
admins = ["dreyes@riverbend.example"]
approved_by = "Superintendent"
approved_on = 2026-08-15
disclosed_on = 2026-08-15
reviewed_on = 2026-11-13
{more}
"""


class District:
    """A district in a folder of its own, and the command run on it.

    `auditor` runs the command within the test; `start` begins a process as people do, for what only a process shows.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "config.toml"

    def configure(self, site: str, *, policy: str = "mcps", roster: str = "", more: str = "") -> None:
        self.config.write_text(CONFIG.format(site=site, policy=policy, roster=roster, more=more), "utf-8")

    def auditor(self, *words: str) -> subprocess.CompletedProcess[str]:
        return within.auditor(*words, "--config", str(self.config))

    def start(self, *words: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "auditor", *words, "--config", str(self.config)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def lines(self, command: str) -> list[dict[str, Any]]:
        done = self.auditor(command, "--format", "jsonl")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def open_findings(self, rule: str) -> list[dict[str, Any]]:
        return [f for f in self.lines("findings") if f["rule"] == rule and f["status"] == "open"]

    def verdict(self, account: str, rule: str) -> str:
        (found,) = (v["outcome"] for v in self.lines("verdicts") if (v["account"], v["rule"]) == (account, rule))
        return str(found)


@pytest.fixture
def district(tmp_path: Path) -> District:
    return District(tmp_path)


def page(body: str, title: str = "Lincoln") -> str:
    return f"<!DOCTYPE html><html lang=en><title>{title}</title><main>{body}</main></html>"


@pytest.fixture
def broken_site() -> Iterator[tuple[Site, dict[str, Route]]]:
    """A site with one dead link; its pages may be changed while it is served."""
    pages: dict[str, Route] = {
        "/": page('<a href="/news.html">News</a>'),
        "/news.html": page('<p>Our <a href="/gone.html">menu</a>.</p>'),
    }
    with serve(pages) as site:
        yield site, pages


def test_a_finding_is_new_then_known_then_fixed_then_back(
    district: District, broken_site: tuple[Site, dict[str, Route]]
) -> None:
    site, pages = broken_site
    district.configure(site.url)

    first = district.auditor("audit")
    (found,) = district.open_findings("broken-link")
    assert first.returncode == 0, first.stderr
    assert (found["subject"], found["url"]) == (site.at("/gone.html"), site.at("/news.html"))
    assert (found["policy"], found["clause"], found["school"]) == ("site", "", "lincoln")

    district.auditor("audit")
    (again,) = district.open_findings("broken-link")
    assert again["id"] == found["id"]
    assert again["first_seen"] == found["first_seen"]

    broken, pages["/news.html"] = pages["/news.html"], page("<p>No links here.</p>")
    district.auditor("audit")
    assert [f["status"] for f in district.lines("findings") if f["id"] == found["id"]] == ["fixed"]
    assert "Fixed" in (district.folder / "data" / "reports" / "lincoln.html").read_text("utf-8")

    pages["/news.html"] = broken
    district.auditor("audit")
    assert [f["id"] for f in district.open_findings("broken-link")] == [found["id"]]
    assert "Came back" in (district.folder / "data" / "reports" / "lincoln.html").read_text("utf-8")


def test_a_link_that_nobody_could_visit_keeps_no_other_from_being_fixed(
    district: District, broken_site: tuple[Site, dict[str, Route]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_internet(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_internet)
    site, pages = broken_site
    club = '<a href="https://www.chess-club-of-riverbend.org/">Chess club</a>'
    pages["/news.html"] = page(f'<p>Our <a href="/gone.html">menu</a>, our {club}.</p>')
    district.configure(site.url)
    district.auditor("audit")
    (found,) = district.open_findings("broken-link")

    pages["/news.html"] = page(f'<p>Our <a href="/">menu</a>, our {club}.</p>')
    district.auditor("audit")

    assert [f["status"] for f in district.lines("findings") if f["id"] == found["id"]] == ["fixed"]
    assert district.verdict("lincoln-site", "broken-link") == "not-checked"


def test_a_page_that_cannot_be_read_fixes_nothing(
    district: District, broken_site: tuple[Site, dict[str, Route]]
) -> None:
    site, pages = broken_site
    district.configure(site.url)
    district.auditor("audit")
    (known,) = district.open_findings("broken-link")

    pages["/news.html"] = Reply("busy", status=500)
    district.auditor("audit")

    assert known["id"] in [f["id"] for f in district.open_findings("broken-link")]
    (coverage,) = district.lines("coverage")
    assert (coverage["complete"], coverage["blind"][0]["reason"]) == (False, "unreachable")


def test_an_account_that_does_not_answer_is_named_and_the_rest_goes_on(
    district: District, broken_site: tuple[Site, dict[str, Route]]
) -> None:
    site, _ = broken_site
    dead = (
        '[[accounts]]\nid = "lincoln-blog"\nschool = "lincoln"\nkind = "classroom"\nplatform = "website"\n'
        'url = "http://127.0.0.1:9/blog/"\n'
    )
    district.configure(site.url, more=dead)

    done = district.auditor("audit")

    assert done.returncode == 1
    assert "lincoln-blog" in done.stderr
    assert {c["account"]: c["documents"] for c in district.lines("coverage")} == {"lincoln-blog": 0, "lincoln-site": 2}
    assert district.verdict("lincoln-blog", "student-name") == "not-checked"
    assert district.verdict("lincoln-blog", "unreachable-account") == "fail"
    assert "Nothing found" not in (district.folder / "data" / "reports" / "lincoln.html").read_text("utf-8")


def test_a_page_that_is_empty_without_a_browser_is_no_page_that_was_read(district: District) -> None:
    shell = page('<div id="root"></div><a href="http://127.0.0.1:9/x">Lunch menu</a><script src="/app.js"></script>')

    with serve({"/": shell, "/app.js": Reply("start()", type="text/javascript")}) as site:
        district.configure(site.url)
        done = district.auditor("audit")

    (coverage,) = district.lines("coverage")
    assert (coverage["documents"], coverage["complete"]) == (0, False)
    assert [(b["reason"], b["remedy"]) for b in coverage["blind"]] == [
        ("not_in_route", 'Write render = "auto" under [crawl] in config.toml.')
    ]
    outcomes = {v["rule"]: v["outcome"] for v in district.lines("verdicts")}
    assert {outcomes[rule] for rule in ("unreachable-account", "inactive-account", "student-name")} == {"not-checked"}
    # What stands around the page is looked at all the same.
    assert [f["subject"] for f in district.open_findings("broken-link")] == ["http://127.0.0.1:9/x"]
    assert done.returncode == 1
    assert "it is empty without a browser" in done.stderr


def test_a_private_address_that_we_refuse_is_not_checked_and_no_finding(district: District) -> None:
    with serve({"/": page("<p>Hello")}) as site:
        district.configure(site.url)
        text = district.config.read_text("utf-8")
        district.config.write_text(text.replace('["127.0.0.0/8"]', "[]"), "utf-8")
        done = district.auditor("audit")
        hits = list(site.hits)

    (verdict,) = (v for v in district.lines("verdicts") if v["rule"] == "unreachable-account")
    assert verdict["outcome"] == "not-checked"
    assert "private network" in verdict["reason"]
    assert "allow_networks" in verdict["reason"]
    assert (hits, done.returncode) == ([], 1)
    assert "private network" in done.stderr


def test_without_a_roster_no_page_is_clean_of_students(
    district: District, broken_site: tuple[Site, dict[str, Route]]
) -> None:
    district.configure(broken_site[0].url)

    district.auditor("audit")

    assert district.verdict("lincoln-site", "student-name") == "not-checked"
    assert district.verdict("lincoln-site", "commercial-link") == "pass"


def test_a_rule_that_the_policy_does_not_ask_for_never_fires(
    district: District, broken_site: tuple[Site, dict[str, Route]]
) -> None:
    site, pages = broken_site
    pages["/news.html"] = page('<a href="https://www.amazon.com/dp/B000000001?tag=club-20">our shop</a>')
    district.configure(site.url, policy="mmsd")

    district.auditor("audit")

    assert district.open_findings("commercial-link") == []
    assert district.verdict("lincoln-site", "commercial-link") == "not-applicable"


def test_a_named_student_is_found_and_nowhere_told(district: District) -> None:
    users = (ROSTER / "users.csv").read_text("utf-8").splitlines()
    columns = users[0].split(",")
    rows = [dict(zip(columns, line.split(","), strict=False)) for line in users[1:]]
    student = next(
        r for r in rows if r["orgSourcedIds"] == "lincoln" and r["givenName"].isascii() and "03" in r["grades"]
    )
    name = f"{student['givenName']} {student['familyName']}"
    shutil.copytree(ROSTER, district.folder / "oneroster")
    with serve({"/": page(f"<p>Congratulations to {name}, grade 3, for a fine poem!</p>")}) as site:
        district.configure(site.url, roster='roster = "oneroster/"')
        done = district.auditor("audit")

    assert done.returncode == 0, done.stderr
    (found,) = district.open_findings("student-name")
    assert found["outcome"] == "fail"
    assert found["clause"] == "mcps-60"
    assert re.fullmatch(r"\w\*\*\* \w\*\*\*", found["subject"])
    told = done.stdout + done.stderr + json.dumps(found)
    kept = b"".join(f.read_bytes() for f in (district.folder / "data").rglob("*") if f.is_file())
    for word in name.split():
        assert word not in told
        assert word.encode() not in kept


def test_ctrl_c_keeps_what_was_done_and_the_next_run_goes_on(district: District) -> None:
    def slowly(body: str) -> Any:
        def answer(_: object) -> str:
            time.sleep(0.15)
            return body

        return answer

    links = "".join(f'<a href="/{n}.html">{n}</a>' for n in range(40))
    routes: Mapping[str, Route] = {
        "/": page(links),
        **{f"/{n}.html": slowly(page(f"<p>Page {n}</p>")) for n in range(40)},
    }
    with serve(routes) as site:
        district.configure(site.url)
        with district.start("audit") as running:
            deadline = time.monotonic() + 60
            while len(site.hits) < 30 and time.monotonic() < deadline:
                time.sleep(0.05)
            running.send_signal(signal.SIGINT)
            running.communicate(timeout=60)
        asked_before = set(site.hits)
        done = district.auditor("audit")

    assert running.returncode == 3
    assert done.returncode == 0, done.stderr
    assert "Going on" in done.stderr
    assert {c["documents"] for c in district.lines("coverage")} == {41}
    pages_again = [hit for hit in site.hits if hit in asked_before and site.hits.count(hit) > 1 and ".html" in hit]
    # What was under way when the person stopped is read again, and nothing else: eight at a time is all there is.
    assert len(set(pages_again)) <= 8 < len(asked_before) / 2


def test_two_audits_at_once_are_one_too_many(district: District) -> None:
    over = threading.Event()

    def slow(_: object) -> str:
        over.wait(60)
        return page("slow")

    with serve({"/": slow}) as site:
        district.configure(site.url)
        with district.start("audit") as first:
            deadline = time.monotonic() + 60
            while not site.hits and time.monotonic() < deadline:
                time.sleep(0.05)
            second = district.auditor("audit")
            over.set()
            first.communicate(timeout=60)

    assert second.returncode == 75
    assert str(first.pid) in second.stderr


def test_a_wrong_configuration_fetches_nothing(district: District, broken_site: tuple[Site, dict[str, Route]]) -> None:
    site, _ = broken_site
    district.configure(
        site.url, more='[[accounts]]\nid = "x"\nkind = "oficial"\nplatfrom = "website"\nurl = "ftp://x/"\n'
    )

    done = district.auditor("audit")

    assert done.returncode == 2
    assert 'did you mean "official"' in done.stderr
    assert 'did you mean "platform"' in done.stderr
    assert site.hits == []
    assert not (district.folder / "data").exists()


@pytest.mark.skipif(os.name != "posix", reason="this system keeps its rights elsewhere")
def test_what_is_kept_is_the_owners_alone(district: District, broken_site: tuple[Site, dict[str, Route]]) -> None:
    district.configure(broken_site[0].url)
    with district.start("audit") as process:
        process.communicate(timeout=120)

    data = district.folder / "data"
    modes = {f.name: f.stat().st_mode & 0o777 for f in [data, *data.rglob("*")]}

    assert process.returncode == 0
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}


def test_what_is_due_runs_once(district: District, broken_site: tuple[Site, dict[str, Route]]) -> None:
    site, _ = broken_site
    district.configure(site.url)

    first = district.auditor("audit", "--due")
    asked = len(site.hits)
    second = district.auditor("audit", "--due")

    assert (first.returncode, second.returncode) == (0, 0)
    assert asked > 0
    assert len(site.hits) == asked
    assert "Nothing is due" in second.stderr


def test_what_a_person_shares_with_nobody_is_told_to_nobody_else(district: District) -> None:
    with serve(
        {"/": page("<p>Welcome</p>"), "/me/": page("<p>I teach at Lincoln Elementary. Trails are my thing.</p>", "Me")}
    ) as site:
        blog = (
            '[[accounts]]\nid = "hike-blog"\nschool = "lincoln"\nkind = "personal"\nplatform = "website"\n'
            f'url = "{site.at("/me/")}"\nconsent_on = 2026-09-01\nshare_with = "self"\n'
        )
        district.configure(site.url, policy="mmsd", more=blog)
        done = district.auditor("audit")

    assert done.returncode == 0, done.stderr
    own = district.auditor("findings", "--format", "jsonl", "--account", "hike-blog")
    assert [json.loads(line)["rule"] for line in own.stdout.splitlines()][:1] == ["missing-disclaimer"]
    told = district.lines("findings")
    assert not [finding for finding in told if finding["account"] == "hike-blog"]
    assert f"{len(told)} findings are open." in done.stderr
    reports = [f.read_text("utf-8") for f in (district.folder / "data" / "reports").glob("*.html")]
    assert not [report for report in reports if "hike-blog" in report or "/me/" in report]


def test_an_account_that_its_owner_has_not_offered_is_named_and_left_alone(district: District) -> None:
    with serve({"/": page("<p>Welcome</p>"), "/me/": page("<p>Trails are my thing.</p>", "Me")}) as site:
        blog = (
            '[[accounts]]\nid = "hike-blog"\nschool = "lincoln"\nkind = "personal"\nplatform = "website"\n'
            f'url = "{site.at("/me/")}"\n'
        )
        district.configure(site.url, more=blog)

        done = district.auditor("audit")

        asked_for = [path for path in site.hits if path.startswith("/me")]
    assert done.returncode == 0, done.stderr
    assert f"Not read: hike-blog ({site.at('/me/')}): its owner has not offered it, so it was left alone" in done.stderr
    assert asked_for == []
