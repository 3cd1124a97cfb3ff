"""When a link is asked for once more before it is told, and when its headers are enough."""

import asyncio
import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model import LinkState, LinkVerdict
from benchmarks.planted_links import (
    FINE,
    HONEST,
    LYING,
    NOT_FOUND,
    OTHER,
    PlantedLinks,
    Reply,
    after,
    hang_up,
    moved,
    page,
    silent,
)
from spiders import link_walk
from spiders.engine import downloading
from spiders.link_step import Look
from spiders.link_walk import REMEMBERED, Patience, Walker
from spiders.links import FULL_LOOK, Before, LinkAsk, LinkOptions, visit
from spiders.reactor import run
from spiders.settings import Manners

MANNERS = Manners(delay=0, deadline=3.0, allow_networks=("127.77.0.0/16",))
QUICK = LinkOptions(manners=MANNERS, patience=Patience(pause=0.02, longest=2), second_look=0.05)
MONDAY = datetime(2026, 11, 16, 6, tzinfo=UTC)
SHOP = page("<title>Mug</title><h1>Mug</h1><p>$12.99 <button>Add to cart</button>")


@pytest.fixture(scope="module")
def web() -> Iterator[PlantedLinks]:
    with PlantedLinks() as planted:
        yield planted


def look(*urls: str, options: LinkOptions = QUICK) -> dict[str, LinkState]:
    told: list[LinkState] = []
    run(visit([LinkAsk(url, fragment=True) for url in urls], options, told.append))
    assert len(told) == len({state.url for state in told}), "every address is told once"
    return {state.url: state for state in told}


def remembering(*states: LinkState, now: datetime = MONDAY, last: datetime = MONDAY) -> LinkOptions:
    """What an audit knows: those states, from its last visit."""
    known = {state.url: Before(state, last) for state in states}

    def before(urls: Sequence[str]) -> Mapping[str, Before]:
        return {url: known[url] for url in urls if url in known}

    return replace(QUICK, before=before, now=now)


# ------------------------------------------------------------------------------------------------ a second time


@pytest.mark.parametrize(
    ("name", "failure", "times"),
    [
        ("404", page(NOT_FOUND, "404 Not Found"), 1),
        ("410", page("", "410 Gone"), 1),
        ("400", page("", "400 Bad Request"), 1),
        ("500", page("", "500 Internal Server Error"), 2),
        ("503", page("", "503 Service Unavailable"), 2),
        ("soft-404", page(NOT_FOUND), 1),
        ("database", page("<title>Database Error</title><h1>Error establishing a database connection</h1>"), 1),
        ("empty", page(""), 1),
        ("hangs-up", hang_up, 1),
        ("silent", silent, 1),
        ("nowhere", moved(None), 1),
        ("garbled", page("this is not gzip", "200 OK", "Content-Encoding: gzip"), 1),
    ],
)
def test_a_failure_that_is_over_a_moment_later_is_none(
    web: PlantedLinks, name: str, failure: Reply, times: int
) -> None:
    web.serve(HONEST, f"/for-a-moment/{name}", after(times, failure))
    url = f"{web.place(HONEST)}/for-a-moment/{name}"

    assert look(url)[url].verdict is LinkVerdict.ALIVE
    assert web.hits[f"{HONEST}/for-a-moment/{name}"] == times + 1


def test_a_failure_behind_a_redirect_is_asked_for_from_the_beginning(web: PlantedLinks) -> None:
    web.serve(HONEST, "/leads-on", moved("/gone-for-a-moment"))
    web.serve(HONEST, "/gone-for-a-moment", after(1, page(NOT_FOUND, "404 Not Found")))
    url = f"{web.place(HONEST)}/leads-on"

    assert look(url)[url].verdict is LinkVerdict.ALIVE
    assert (web.hits[f"{HONEST}/leads-on"], web.hits[f"{HONEST}/gone-for-a-moment"]) == (2, 2)


def test_a_failure_that_stays_is_told_once_and_was_asked_for_twice(web: PlantedLinks) -> None:
    url = f"{web.place(HONEST)}/never-was"

    assert look(url)[url].kind == "404"
    assert web.hits[f"{HONEST}/never-was"] == 2


@pytest.mark.parametrize("verdict", [LinkVerdict.BROKEN, LinkVerdict.SUSPICIOUS])
def test_what_failed_the_last_time_too_is_asked_for_once(web: PlantedLinks, verdict: LinkVerdict) -> None:
    url = f"{web.place(HONEST)}/long-gone/{verdict}"
    known = LinkState(url, verdict, "The page is not there (404).", 404, url, kind="404")

    told = look(url, options=remembering(known))

    assert (told[url].verdict, told[url].kind) == (LinkVerdict.BROKEN, "404")
    assert web.hits[f"{HONEST}/long-gone/{verdict}"] == 1


def test_what_was_fine_or_untold_the_last_time_is_asked_for_twice(web: PlantedLinks) -> None:
    urls = [f"{web.place(HONEST)}/lately-gone/{n}" for n in range(2)]
    known = (LinkState(urls[0], LinkVerdict.ALIVE, "", 200, urls[0]), LinkState(urls[1], LinkVerdict.BLOCKED))

    told = look(*urls, options=remembering(*known, now=MONDAY + timedelta(weeks=FULL_LOOK)))

    assert {state.kind for state in told.values()} == {"404"}
    assert [web.hits[f"{HONEST}/lately-gone/{n}"] for n in range(2)] == [2, 2]


def test_a_server_that_falls_silent_takes_nothing_back_of_what_it_said(web: PlantedLinks) -> None:
    web.serve(HONEST, "/then-silent", after(1, page("", "404 Not Found"), silent))
    url = f"{web.place(HONEST)}/then-silent"

    assert look(url)[url].kind == "404"


def test_a_place_that_a_page_lacks_needs_no_second_look(web: PlantedLinks) -> None:
    web.serve(HONEST, "/one-place", page("<title>News</title><h1 id=news>News</h1><p>All of the news of the week."))
    url = f"{web.place(HONEST)}/one-place#recipes"

    assert look(url)[url].kind == "fragment"
    assert web.hits[f"{HONEST}/one-place"] == 1


def test_slow_pages_do_not_make_their_server_dead(web: PlantedLinks) -> None:
    for n in range(4):
        web.serve(OTHER, f"/slow/{n}", silent)
    for n in range(30):
        web.serve(OTHER, f"/quick/{n}", FINE)
    slow = [f"{web.place(OTHER)}/slow/{n}" for n in range(4)]
    quick = [f"{web.place(OTHER)}/quick/{n}" for n in range(30)]

    told = look(*slow, *quick)

    assert {told[url].kind for url in slow} == {"timeout"}
    assert {told[url].verdict for url in quick} == {LinkVerdict.ALIVE}


# ------------------------------------------------------------------------------------------------ headers only


def test_the_headers_are_enough_where_a_link_was_alive(web: PlantedLinks) -> None:
    web.serve(OTHER, "/mug", SHOP)
    url = f"{web.place(OTHER)}/mug"
    (first,) = look(url).values()
    assert (first.verdict, first.link_class) == (LinkVerdict.ALIVE, "commercial")

    web.serve(OTHER, "/mug", page(NOT_FOUND))
    glanced = look(url, options=remembering(first))
    looked = look(url, options=remembering(first, now=MONDAY + timedelta(weeks=FULL_LOOK)))

    assert glanced == {url: first}, "what the page shows is taken from the last visit"
    assert looked[url].kind == "soft-404"


def test_headers_that_changed_call_for_a_full_look(web: PlantedLinks) -> None:
    at = web.place(OTHER)
    web.serve(OTHER, "/", page("<title>Home</title><h1>Home</h1>"))
    for path, reply in {
        "/taken-off": page("", "404 Not Found"),
        "/sent-home": moved("/"),
        "/walled": page("", "403 No"),
    }.items():
        web.serve(OTHER, path, reply)
    urls = [f"{at}{path}" for path in ("/taken-off", "/sent-home", "/walled")]

    told = look(*urls, options=remembering(*(LinkState(url, LinkVerdict.ALIVE, "", 200, url) for url in urls)))

    assert [(told[url].verdict, told[url].kind) for url in urls] == [
        (LinkVerdict.BROKEN, "404"),
        (LinkVerdict.SUSPICIOUS, "home"),
        (LinkVerdict.BLOCKED, "403"),
    ]
    assert (web.hits[f"{OTHER}/taken-off"], web.hits[f"{OTHER}/walled"]) == (2, 1)


def test_a_place_on_a_page_is_looked_for_each_time(web: PlantedLinks) -> None:
    web.serve(OTHER, "/places", page("<title>Places</title><h1 id=lunch>Lunch</h1>"))
    url = f"{web.place(OTHER)}/places#dinner"

    told = look(url, options=remembering(LinkState(url, LinkVerdict.ALIVE, "", 200, url.partition("#")[0])))

    assert told[url].kind == "fragment"


@given(st.text(max_size=40), st.integers(1, 3), st.integers(0, 700))
def test_each_link_is_read_whole_every_fourth_week_however_often_an_audit_runs(
    path: str, every: int, start: int
) -> None:
    state = LinkState(f"https://school.example/{path}", LinkVerdict.ALIVE)
    visits = [MONDAY + timedelta(days=start, weeks=every * n) for n in range(FULL_LOOK + 1)]

    glances = [Before(state, a).may_be_glanced_at(b) for a, b in itertools.pairwise(visits)]

    assert not all(glances)
    assert not Before(replace(state, verdict=LinkVerdict.BROKEN), visits[0]).may_be_glanced_at(visits[0])


@given(st.text(max_size=40), st.integers(0, 24 * 7 * 8), st.integers(-12, 12), st.integers(-12, 12))
def test_which_week_it_is_depends_on_no_zone(path: str, hour: int, visited_in: int, audited_in: int) -> None:
    state = LinkState(f"https://school.example/{path}", LinkVerdict.ALIVE)
    before, now = MONDAY + timedelta(hours=hour), MONDAY + timedelta(hours=hour, days=7)
    there, here = (timezone(timedelta(hours=hours)) for hours in (visited_in, audited_in))

    told = Before(state, before.astimezone(there)).may_be_glanced_at(now.astimezone(here))

    assert told == Before(state, before).may_be_glanced_at(now)


# ------------------------------------------------------------------------------------------------ memory


def test_a_walk_over_many_pages_remembers_the_last_ones_only(
    web: PlantedLinks, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert REMEMBERED >= 100
    monkeypatch.setattr(link_walk, "REMEMBERED", 10)
    web.serve(OTHER, "/landing", FINE)
    for n in range(60):
        web.serve(OTHER, f"/walk/{n}", moved("/landing"))

    async def walked() -> int:
        async with downloading(MANNERS) as download:
            walker = Walker(download, MANNERS, Patience(), obey=True, budget=10**8)
            trails = [await walker.walk(f"{web.place(OTHER)}/walk/{n}", Look.PAGE) for n in range(60)]
            assert all(trail.step.ok for trail in trails)
            walker.close()
            await asyncio.sleep(0)
            return len(walker._steps)

    assert run(walked()) <= 11
    assert web.hits[f"{OTHER}/landing"] == 1, "what many links forward to is asked for once"


# ------------------------------------------------------------------------------------------------ too many visitors


def test_a_server_that_asks_for_a_rest_is_left_alone_by_all(web: PlantedLinks) -> None:
    asked: list[float] = []

    async def limited(_: object, writer: asyncio.StreamWriter) -> None:
        now = asyncio.get_running_loop().time()
        asked.append(now)
        too_soon = len(asked) > 4 and now < asked[4] + 1
        writer.write(page("", "429 Too Many Requests", "Retry-After: 1") if too_soon else FINE)

    for n in range(30):
        web.serve(LYING, f"/limited/{n}", limited)

    told = look(*(f"{web.place(LYING)}/limited/{n}" for n in range(30)))

    during = [at for at in asked if asked[4] < at < asked[4] + 0.9]
    assert {state.verdict for state in told.values()} == {LinkVerdict.ALIVE}
    assert len(during) <= 8, "only what was under way already"


def test_a_server_that_asks_for_rest_after_rest_lets_nobody_in(web: PlantedLinks) -> None:
    for n in range(20):
        web.serve(LYING, f"/closed/{n}", page("", "429 Too Many Requests", "Retry-After: 1"))
    quick = replace(QUICK, patience=Patience(pause=0.02, longest=1))

    begin = time.monotonic()
    told = look(*(f"{web.place(LYING)}/closed/{n}" for n in range(20)), options=quick)

    assert {state.kind for state in told.values()} == {"429"}
    assert time.monotonic() - begin < 15
