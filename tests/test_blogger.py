"""Blogger is read page by page, and what its feeds tell beside the pages is joined to them."""

import json
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model import Account, Comment, Kind, Passage, Place, Reason
from spiders.platform import Ask, Parsed, Route
from spiders.platforms import plan
from spiders.platforms.blogger import parse
from spiders.reading import Assignment
from tests.servers import Reply, Site, serve
from tests.visits import Notes, visit_route

BLOG = "https://room7.blogspot.com"
ASKED = Account("room7", Kind.CLASSROOM, "blogger", BLOG)
NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)
POST = {
    "id": {"$t": "tag:blogger.com,1999:blog-1.post-4"},
    "published": {"$t": "2026-11-05T05:00:00.000-07:00"},
    "title": {"type": "text", "$t": "Book fair"},
    "content": {
        "type": "html",
        "$t": '<p>Come to <a href="/p/map.html">the gym</a>.</p><img src="/1.png" alt="Books">',
    },
    "link": [{"rel": "replies", "href": f"{BLOG}/x"}, {"rel": "alternate", "href": f"{BLOG}/2026/11/fair.html"}],
    "author": [{"name": {"$t": "Dana Reyes"}, "email": {"$t": "noreply@blogger.com"}}],
    "thr$total": {"$t": "1"},
}
COMMENT = {
    "id": {"$t": "tag:blogger.com,1999:blog-1.post-77"},
    "published": {"$t": "2026-11-05T12:00:00.000Z"},
    "content": {"type": "html", "$t": "See you <b>there</b>!"},
    "author": [{"name": {"$t": "Sam"}}],
    "thr$in-reply-to": {"href": f"{BLOG}/2026/11/fair.html", "ref": "tag:blogger.com,1999:blog-1.post-4"},
    "link": [{"rel": "alternate", "href": f"{BLOG}/2026/11/fair.html?showComment=1#c77"}],
}


def feed(entries: list[Any], total: int | None = None) -> dict[str, Any]:
    shown = len(entries) if total is None else total
    return {"version": "1.0", "feed": {"openSearch$totalResults": {"$t": str(shown)}, "entry": entries}}


def said(what: str, value: object, status: int = 200, start: int = 1) -> Parsed:
    url = f"{BLOG}/feeds/{what}/default?alt=json&start-index={start}"
    return parse(ASKED, Ask(what, url, page=start), status, json.dumps(value).encode())


def test_each_part_of_a_post_stands_in_its_place() -> None:
    (shown,) = said("posts", feed([POST])).documents

    assert (shown.url, shown.title, shown.author, shown.published_on) == (
        f"{BLOG}/2026/11/fair.html",
        "Book fair",
        "Dana Reyes",
        NOON,
    )
    assert Passage("Come to the gym.") in shown.passages
    assert [(image.url, image.alt) for image in shown.images] == [(f"{BLOG}/1.png", "Books")]
    assert [link.url for link in shown.links if link.tag == "a"] == [f"{BLOG}/p/map.html"]


def test_a_comment_is_a_part_of_the_post_to_which_it_answers() -> None:
    (shown,) = said("comments", feed([COMMENT])).documents

    assert shown.comments == (Comment("See you there!", "Sam", f"{BLOG}/2026/11/fair.html#c77", NOON),)
    assert shown.passages == (Passage("See you there!", Place.COMMENT),)


@pytest.mark.parametrize(
    ("given", "start", "total", "more"),
    [(2, 1, 5, "start-index=3"), (2, 3, 5, "start-index=5"), (1, 5, 5, ""), (0, 3, 5, ""), (2, 1, 2, "")],
)
def test_a_feed_is_read_to_the_end_of_what_it_says_to_hold(given: int, start: int, total: int, more: str) -> None:
    parsed = said("posts", feed([POST] * given, total), start=start)

    assert [ask.url.rpartition("&")[2] for ask in parsed.asks] == ([more] if more else [])


@pytest.mark.parametrize(
    ("what", "value", "status", "told"),
    [
        ("posts", feed([], 5), 200, [Reason.PARTIAL_LISTING]),
        ("comments", feed([], 5), 200, []),
        ("posts", "<html>", 200, [Reason.PARTIAL_LISTING]),
        ("pages", {}, 404, [Reason.PARTIAL_LISTING]),
    ],
)
def test_a_feed_that_begins_and_does_not_go_on_is_told(
    what: str, value: object, status: int, told: list[Reason]
) -> None:
    parsed = said(what, value, status, start=3)

    assert ([blind.reason for blind in parsed.blind], parsed.asks) == (told, ())


@settings(deadline=None)
@given(
    st.sampled_from(["posts", "comments"]),
    st.recursive(
        st.none() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["entry", "link", "content", "$t", "thr$in-reply-to", "href", "author"]), inner
            )
        ),
        max_leaves=12,
    ),
)
def test_no_feed_breaks_the_reader(what: str, value: object) -> None:
    assert isinstance(said(what, {"feed": value}), Parsed)


# ------------------------------------------------------------------------------------------------ over the wire


def read(instead: dict[str, Reply], platform: str = "blogger") -> tuple[Notes, Site]:
    """A blog whose front page links one of its three posts; a feed gives two entries at a time."""
    notes = Notes()

    def blog(handler: BaseHTTPRequestHandler) -> Any:
        path, query = handler.path.partition("?")[0], parse_qs(urlsplit(handler.path).query)
        if path in instead:
            return instead[path]
        if path.startswith("/feeds/"):
            what, start = path.split("/")[2], int(query["start-index"][0]) - 1
            rows = [posted(number) for number in (1, 2, 3)] if what == "posts" else []
            rows = [commented(2)] if what == "comments" else rows
            return Reply(json.dumps(feed(rows[start : start + 2], len(rows))), type="application/json")
        head, menu = '<meta content="blogger" name="generator">', '<nav><a href="/2026/11/1.html">One</a></nav>'
        return f"{head}{menu}<p>Words of {path}.</p><footer>My own views.</footer>"

    def posted(number: int) -> dict[str, Any]:
        return {**POST, "link": [{"rel": "alternate", "href": site.at(f"/2026/11/{number}.html")}]}

    def commented(number: int) -> dict[str, Any]:
        return {**COMMENT, "thr$in-reply-to": {"href": site.at(f"/2026/11/{number}.html")}}

    with serve({"/robots.txt": Reply(status=404), "/sitemap.xml": Reply(status=404), "*": blog}) as site:
        account = Account("room7", Kind.CLASSROOM, platform, site.url)
        planned = plan(account, {})
        assert isinstance(planned, Route)
        visit_route(Assignment(account, route=planned), notes)
    return notes, site


@pytest.mark.parametrize("platform", ["blogger", "website"])
def test_posts_that_no_page_links_and_comments_are_read_with_the_pages(platform: str) -> None:
    notes, site = read({}, platform)

    shown = {"/" + document.url.removeprefix(site.url): document for document in notes.documents}
    assert sorted(shown) == ["/", "/2026/11/1.html", "/2026/11/2.html", "/2026/11/3.html"]
    assert [comment.author for comment in shown["/2026/11/2.html"].comments] == ["Sam"]
    assert any("My own views." in passage.text for passage in shown["/2026/11/3.html"].passages)
    assert notes.gaps == []


@pytest.mark.parametrize(
    ("reply", "reasons"),
    [
        (Reply(status=404), []),
        (Reply(status=302, headers={"Location": "https://accounts.google.com/ServiceLogin"}), []),
        (Reply("<h1>A page</h1>"), []),
        (Reply(status=429, headers={"Retry-After": "0"}), [Reason.RATE_LIMITED]),
        (Reply(status=503), [Reason.PLATFORM_OUTAGE]),
    ],
)
def test_a_feed_that_is_switched_off_lacks_nothing_and_one_that_fails_is_told(
    reply: Reply, reasons: list[Reason]
) -> None:
    notes, _ = read({"/feeds/posts/default": reply})

    assert notes.reasons == reasons
    assert len(notes.documents) >= 2
