"""Substack is read by a publication's feed, and never page by page, which its terms forbid."""

import pytest

from auditor.config import PlatformSettings
from auditor.model import Account, Kind, Reason
from spiders.platform import Ask, Refusal, Route
from spiders.platforms import plan
from spiders.platforms.substack import parse
from spiders.reading import Assignment
from tests.servers import Reply, serve
from tests.visits import Notes, visit_route

URL = "https://room7.substack.com"


def feed(posts: int) -> Reply:
    item = f"<item><title>Post {{0}}</title><link>{URL}/p/post-{{0}}</link></item>"
    entries = "".join(item.format(number) for number in range(posts))
    return Reply(f"<rss version='2.0'><channel><title>Room 7</title>{entries}</channel></rss>", type="text/xml")


@pytest.mark.parametrize(("posts", "reasons"), [(3, []), (20, [Reason.PARTIAL_LISTING])])
def test_a_full_feed_says_that_there_may_be_more(posts: int, reasons: list[Reason]) -> None:
    notes = Notes()
    account = Account("room7", Kind.CLASSROOM, "substack", URL)

    with serve({"/robots.txt": Reply(status=404), "/feed": feed(posts)}) as site:
        planned = plan(account, {"substack": PlatformSettings(site.url)})
        assert isinstance(planned, Route)
        visit_route(Assignment(account, route=planned), notes)

    assert notes.urls == [URL, *(f"{URL}/p/post-{number}" for number in range(posts))]
    assert notes.reasons == reasons
    assert site.hits == ["GET /robots.txt", "GET /feed"]


@pytest.mark.parametrize("platform", ["substack", "website"])
def test_the_feed_is_asked_for_whatever_the_registry_calls_it(platform: str) -> None:
    planned = plan(Account("room7", Kind.CLASSROOM, platform, f"{URL}/archive"), {})

    assert planned == Route("substack", (Ask("feed", f"{URL}/feed"),), parse, lists_all=False)


def test_who_writes_is_no_publication() -> None:
    planned = plan(Account("room7", Kind.CLASSROOM, "substack", "https://substack.com/@danareyes"), {})

    assert isinstance(planned, Refusal)
    assert planned.blind.reason is Reason.NOT_IN_ROUTE
