"""Pinterest without a token is read by the profile's feed, which says that it shows the newest pins only."""

import json
from datetime import date

import pytest

from auditor.config import PlatformSettings
from auditor.model import Account, Kind, Reason
from spiders.platform import Ask, Refusal, Route
from spiders.platforms import plan
from spiders.platforms.pinterest import parse
from spiders.reading import Assignment
from tests.servers import Reply, serve
from tests.visits import Notes, visit_route

URL = "https://www.pinterest.com/lincolnelem"
ASKED = Account("lincoln-pinterest", Kind.OFFICIAL, "pinterest", URL)


def feed(pins: int) -> str:
    item = "<item><link>https://www.pinterest.com/pin/{0}/</link><description>Pin {0}</description></item>"
    entries = "".join(item.format(number) for number in range(pins))
    return f"<rss version='2.0'><channel><title>Lincoln</title>{entries}</channel></rss>"


@pytest.mark.parametrize(("pins", "reasons"), [(2, []), (25, [Reason.PARTIAL_LISTING])])
def test_a_full_feed_says_that_there_may_be_more(pins: int, reasons: list[Reason]) -> None:
    notes = Notes()
    pages = {"/robots.txt": Reply(status=404), "/lincolnelem/feed.rss": Reply(feed(pins), type="application/rss+xml")}
    with serve(pages) as site:
        planned = plan(ASKED, {"pinterest": PlatformSettings(site.url)})
        assert isinstance(planned, Route)
        visit_route(Assignment(ASKED, route=planned), notes)

    assert notes.urls == [URL, *(f"https://www.pinterest.com/pin/{number}/" for number in range(pins))]
    assert notes.reasons == reasons


def test_where_no_token_is_named_the_feed_is_read() -> None:
    planned = plan(ASKED, {})

    assert isinstance(planned, Route)
    assert planned.asks == (Ask("feed", f"{URL}/feed.rss"),)


def test_a_token_that_is_named_and_not_there_is_told_instead_of_reading_less() -> None:
    planned = plan(ASKED, {"pinterest": PlatformSettings(token_env="EXAMPLE_TOKEN_THAT_IS_NOT_SET")})

    assert isinstance(planned, Refusal)
    assert "EXAMPLE_TOKEN_THAT_IS_NOT_SET is not set" in planned.blind.what


def test_somebodys_own_profile_is_not_read_at_all() -> None:
    planned = plan(Account("own", Kind.PERSONAL, "pinterest", URL, consent_on=date(2026, 9, 1)), {})

    assert isinstance(planned, Refusal)
    assert planned.blind.reason is Reason.TERMS


@pytest.mark.parametrize(
    ("first", "second", "reasons"),
    [(0, 0, [Reason.PARTIAL_LISTING]), (20, 9, [Reason.PARTIAL_LISTING]), (20, 18, [])],
)
def test_a_board_that_shows_fewer_pins_than_are_counted_on_it_is_told(
    first: int, second: int, reasons: list[Reason]
) -> None:
    listed = {"items": [{"id": "81", "name": "Fair", "privacy": "PUBLIC", "pin_count": 40}]}
    boards = parse(ASKED, Ask("boards", "https://x.example/v5/boards"), 200, json.dumps(listed).encode())

    gaps: list[Reason] = []
    todo, told = list(boards.asks), iter([first, second])
    while todo:
        pins = [{"id": f"{len(gaps)}{number}"} for number in range(next(told))]
        answer = {"items": pins, "bookmark": "next" if len(pins) == 20 else None}
        parsed = parse(ASKED, todo.pop(), 200, json.dumps(answer).encode())
        gaps += [blind.reason for blind in parsed.blind]
        todo += parsed.asks

    assert gaps == reasons
