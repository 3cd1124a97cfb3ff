"""Links that were visited already: what rests from one audit to the next, and what a stopped audit does not repeat."""

import signal
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from auditor import store
from auditor.audit import SCHEDULE
from auditor.conduct import conduct
from auditor.config import load
from auditor.model import LinkState, LinkVerdict
from auditor.store import open_url
from spiders.link_judgement import GONE
from spiders.links import Before
from tests.servers import Reply, Route, serve
from tests.test_audit import District, page

ELSEWHERE = "127.0.0.9"


@pytest.fixture
def district(tmp_path: Path) -> District:
    return District(tmp_path)


def test_on_schedule_a_link_that_was_alive_rests_and_one_that_was_broken_is_asked_again(district: District) -> None:
    with serve({"/fine": page("fine")}, host=ELSEWHERE) as other:
        routes: dict[str, Route] = {
            "/": page(f'<a href="{other.at("/fine")}">fine</a> <a href="{other.at("/gone")}">gone</a>')
        }
        with serve(routes) as site:
            district.configure(site.url)
            district.auditor("audit")
            asked = (other.asked("/fine"), other.asked("/gone"))

            on_schedule(district)

            assert other.asked("/fine") == asked[0] == 1
            assert (asked[1], other.asked("/gone")) == (2, 3), "a new failure is asked for twice, a known one once"
            assert [f["subject"] for f in district.open_findings("broken-link")] == [other.at("/gone")]


def test_who_asks_for_an_audit_is_told_of_a_link_that_broke_a_minute_ago(district: District) -> None:
    elsewhere: dict[str, Route] = {"/fine": page("fine")}
    with serve(elsewhere, host=ELSEWHERE) as other, serve({"/": page(f'<a href="{other.at("/fine")}">x</a>')}) as site:
        district.configure(site.url)
        district.auditor("audit")
        assert district.open_findings("broken-link") == []

        del elsewhere["/fine"]
        district.auditor("audit")

        assert [f["subject"] for f in district.open_findings("broken-link")] == [other.at("/fine")]


def on_schedule(district: District) -> None:
    """An audit that nobody asked for just now."""
    config = load(district.config, datetime.now(UTC).date())
    with store.open(config) as memory:
        conduct(config, memory, config.district.accounts, SCHEDULE, lambda _: None)


def test_a_page_of_the_account_that_went_since_the_last_audit_is_a_dead_end_at_once(district: District) -> None:
    routes: dict[str, Route] = {
        "/": page(
            '<a href="/menu">Menu</a> <a href="/staff?utm_source=x">Staff</a> <a href="/news#trip">Trip</a>'
            '<a href="/club">Club</a>'
        ),
        "/club": page("Chess"),
        "/menu": page("Soup"),
        "/staff": page("Staff"),
        "/news": page("<h2 id=trip>Trip</h2>"),
    }
    with serve(routes) as site:
        district.configure(site.url)
        district.auditor("audit")
        assert district.open_findings("broken-link") == []

        del routes["/menu"], routes["/staff"]
        routes["/news"] = page("<h2 id=lunch>Lunch</h2>")
        routes["/club"] = page("<h1>Page not found</h1><p>Sorry, we could not find the page.", "Page not found")
        district.auditor("audit")

        subjects = sorted(f["subject"] for f in district.open_findings("broken-link"))
        assert subjects == [site.at("/club"), site.at("/menu"), site.at("/news#trip"), site.at("/staff?utm_source=x")]


def test_a_page_that_stays_gone_is_asked_for_by_the_crawl_alone_and_told_as_before(district: District) -> None:
    with serve({"/": page('<a href="/gone">Old</a>')}) as site:
        district.configure(site.url)
        district.auditor("audit")
        before = told_of(district, site.at("/gone"))
        assert site.asked("/gone") == 2, "by the crawl, and once more as a new failure"

        district.auditor("audit")

        assert site.asked("/gone") == 3
        (state, streak), (was, first) = told_of(district, site.at("/gone")), before
        assert (state, first, streak) == (was, 1, 2)
        assert [f["subject"] for f in district.open_findings("broken-link")] == [site.at("/gone")]


def test_what_the_crawl_found_gone_is_asked_for_once_more_a_while_later(district: District) -> None:
    with serve({"/": page('<a href="/gone">Old</a> <a href="/back">New</a>'), "/back": back_again()}) as site:
        district.configure(site.url)

        district.auditor("audit")

        assert (site.asked("/gone"), site.asked("/back")) == (2, 2), "by the crawl, and by the visit to the link"
        state, streak = told_of(district, site.at("/gone"))
        assert (state.verdict, state.status, state.why, streak) == (LinkVerdict.BROKEN, 404, GONE[404], 1)
        assert [f["subject"] for f in district.open_findings("broken-link")] == [site.at("/gone")]


def back_again() -> Route:
    """A page that is not there the first time."""
    answers = iter([Reply("Nothing here", status=404)])
    return lambda _: next(answers, page("<p>Here it is again, with the menu and the news of the week.</p>"))


def told_of(district: District, url: str) -> tuple[LinkState, int]:
    """What the last visit to a link told, and for how many audits in a row it has been broken."""
    with store.open(load(district.config, datetime.now(UTC).date())) as memory:
        visited = memory.link_states([url])[url]
    return visited.state, visited.fail_streak


def test_an_audit_that_goes_on_visits_no_link_again(district: District) -> None:
    def slowly(_: object) -> Any:
        time.sleep(0.1)
        return Reply("no programs here", status=403)

    links = "".join(f'<a href="http://{ELSEWHERE}:{{port}}/{n}">{n}</a> ' for n in range(60))
    with serve({"*": slowly}, host=ELSEWHERE) as other:
        body = links.replace("{port}", other.url.rstrip("/").rpartition(":")[2])
        with serve({"/": page(body)}) as site:
            district.configure(site.url)
            words = [sys.executable, "-m", "auditor", "audit", "--config", str(district.config)]
            with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as running:
                deadline = time.monotonic() + 60
                while len(other.hits) < 30 and time.monotonic() < deadline:
                    time.sleep(0.02)
                running.send_signal(signal.SIGINT)
                running.communicate(timeout=60)
            asked_before = {hit for hit in other.hits if "robots" not in hit}

            done = district.auditor("audit")

    assert running.returncode == 3
    assert done.returncode == 0, done.stderr
    assert "Going on" in done.stderr
    again = [hit for hit in asked_before if other.hits.count(hit) > 1]
    assert len({hit for hit in other.hits if "robots" not in hit}) == 60
    # What was under way when the person stopped is asked again, and nothing else: eight at a time is all there is.
    assert len(again) <= 8 < len(asked_before) / 2


def test_a_week_later_the_headers_are_enough_in_three_weeks_of_four(district: District) -> None:
    """What is served as found may meanwhile say that it is not there; the headers alone do not show that."""
    club = page("<p>" + "The garden club watered the beans again. " * 20)
    gone = page("<h1>Page not found</h1><p>Sorry, we could not find the page.", "Page not found")
    routes: dict[str, Route] = {f"/club/{n}": club for n in range(8)}
    with serve(routes, host=ELSEWHERE) as other:
        urls = [other.at(f"/club/{n}") for n in range(8)]
        with serve({"/": page(" ".join(f'<a href="{url}">club</a>' for url in urls))}) as site:
            district.configure(site.url)
            district.auditor("audit")
            week_ago = datetime.now(UTC) - timedelta(days=7)
            with closing(open_url(f"sqlite:///{district.folder}/data/auditor.db", district.folder / "data")) as store:
                states = [visited.state for visited in store.link_states(urls).values()]
                store.keep_link_states(states, week_ago)
            assert {state.verdict for state in states} == {LinkVerdict.ALIVE}

            routes |= dict.fromkeys(routes, gone)
            district.auditor("audit")

    due = {state.url for state in states if not Before(state, week_ago).may_be_glanced_at(datetime.now(UTC))}
    assert {f["subject"] for f in district.open_findings("broken-link")} == due
    assert len(due) < len(urls)
    assert all(other.asked(f"/club/{n}") >= 2 for n in range(8))
