"""Medium: what an account's feed tells is joined to its pages, which show the newest posts only."""

import pytest

from auditor.config import PlatformSettings
from auditor.model import Account, Kind, Reason
from spiders.platform import Ask, Front, Route
from spiders.platforms import plan
from spiders.platforms.medium import parse
from spiders.reading import Assignment
from tests.servers import Reply, Site, serve
from tests.servers import Route as Page
from tests.visits import Notes, visit_route


def read(path: str, pages: dict[str, Page], platform: str = "medium") -> tuple[Notes, Site]:
    """A visit of the account at that path of a server."""
    notes = Notes()
    with serve({"/robots.txt": Reply(status=404), "/sitemap.xml": Reply(status=404), **pages}) as site:
        account = Account("room7", Kind.CLASSROOM, platform, site.at(path))
        planned = plan(account, {})
        assert isinstance(planned, Route)
        visit_route(Assignment(account, route=planned), notes)
    return notes, site


def feed(*paths: str) -> Page:
    def said(handler: object) -> Reply:
        host = handler.headers["Host"]  # type: ignore[attr-defined]
        items = "".join(
            f"<item><title>{path}</title><link>http://{host}{path}?source=rss-7a------2</link>"
            f"<pubDate>Thu, 05 Nov 2026 15:00:00 GMT</pubDate><description>Words of {path}.</description></item>"
            for path in paths
        )
        return Reply(f"<rss version='2.0'><channel><title>Room 7</title>{items}</channel></rss>", type="text/xml")

    return said


@pytest.mark.parametrize(
    ("path", "at", "platform"),
    [("/@room7", "/feed/@room7", "medium"), ("/", "/feed", "medium"), ("/", "/feed", "website")],
)
def test_posts_that_no_page_shows_are_read_from_the_feed_beside_the_pages(path: str, at: str, platform: str) -> None:
    home = path.rstrip("/")
    front = Reply(
        f'<a href="{home}/fair-0123456789ab">Fair</a><p>All about us.</p>', headers={"X-Powered-By": "Medium"}
    )
    pages: dict[str, Page] = {
        path: front,
        f"{home}/fair-0123456789ab": "<p>Words of the page.</p>",
        at: feed(f"{home}/fair-0123456789ab", f"{home}/trip-0123456789ac"),
    }

    notes, site = read(path, pages, platform)

    assert sorted(notes.urls) == sorted(
        [site.at(path), site.at(f"{home}/fair-0123456789ab"), site.at(f"{home}/trip-0123456789ac")]
    )
    assert all(document.published_on for document in notes.documents if document.depth)
    assert notes.gaps == []


@pytest.mark.parametrize(
    ("reply", "reasons"),
    [
        (feed(*(f"/@room7/post-0123456789{number:02x}" for number in range(10))), [Reason.PARTIAL_LISTING]),
        (feed("/@room7/fair-0123456789ab", "/news/trip-0123456789ac"), [Reason.PARTIAL_LISTING]),
        (Reply(status=404), []),
        (Reply(status=503), [Reason.PLATFORM_OUTAGE]),
        (Reply(status=429, headers={"Retry-After": "0"}), [Reason.RATE_LIMITED]),
    ],
    ids=["a full feed", "a post elsewhere", "no feed", "an outage", "too many requests"],
)
def test_what_the_feed_does_not_show_is_told(reply: Page, reasons: list[Reason]) -> None:
    notes, site = read("/@room7", {"/@room7": "<p>All about us.</p>", "/feed/@room7": reply})

    assert notes.reasons == reasons
    assert site.at("/@room7") in notes.urls
    assert site.at("/news/trip-0123456789ac") not in notes.urls


def test_the_feed_is_asked_for_where_the_configuration_says() -> None:
    account = Account("room7", Kind.CLASSROOM, "medium", "https://medium.com/@room7")
    planned = plan(account, {"medium": PlatformSettings("http://127.0.0.9:8000/")})

    assert isinstance(planned, Route)
    assert planned.beside is not None
    front = planned.beside(Front("https://room7.medium.com/", {}))
    away = planned.beside(Front("https://medium.com/@room7", {}))

    assert front == Route("website", (Ask("feed", "http://127.0.0.9:8000/feed"),), parse, lists_all=False)
    assert away == Route("website", (Ask("feed", "http://127.0.0.9:8000/feed/@room7"),), parse, lists_all=False)
