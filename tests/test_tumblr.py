"""Tumblr is read by the blog's feed, which says that it shows the newest posts only, or with the district's own key."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.config import PlatformSettings
from auditor.model import Account, Comment, Image, Kind, Passage, Place, Reason
from spiders.platform import Ask, Parsed, Refusal, Route
from spiders.platforms import plan
from spiders.platforms.tumblr import parse
from spiders.reading import Assignment
from tests.servers import Reply, Site, serve
from tests.visits import Notes, visit_route

URL = "https://lincoln.tumblr.com"
API = "/v2/blog/lincoln.tumblr.com"
KEY = "EXAMPLE-KEY-0123456789"
NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)
MEDIA = "https://64.media.tumblr.example"
BLOG = {
    "name": "lincoln",
    "title": "Lincoln Elementary",
    "description": 'News. <a href="https://lincoln.example/">Our site</a>',
    "posts": 2,
    "uuid": "t:abc",
    "avatar": [{"width": 512, "url": f"{MEDIA}/a.png"}],
}
POST = {
    "id_string": "1",
    "post_url": f"{URL}/post/1",
    "blog_name": "lincoln",
    "timestamp": 1793880000,
    "tags": ["fair", "books"],
    "note_count": 0,
    "trail": [{"blog": {"name": "library"}, "content": [{"type": "text", "text": "Read more!"}]}],
    "content": [
        {
            "type": "text",
            "text": "See the gym",
            "formatting": [{"start": 4, "end": 11, "type": "link", "url": f"{URL}/m"}],
        },
        {"type": "image", "media": [{"url": f"{MEDIA}/1.png"}], "alt_text": "Books", "caption": "In the gym"},
        {"type": "link", "url": "https://lincoln.example/fair", "title": "The fair", "description": "On Friday"},
        {"type": "video", "url": "https://film.example/1", "poster": [{"url": f"{MEDIA}/2.png"}]},
    ],
}


def feed(items: int) -> str:
    entries = "".join(f"<item><title>Post {n}</title><link>{URL}/post/{n}</link></item>" for n in range(items))
    return f"<rss version='2.0'><channel><title>Lincoln</title>{entries}</channel></rss>"


def read(pages: Mapping[str, Any], token: str = "") -> tuple[Notes, Site]:
    """Reads the blog where a server answers each path, and each beginning of its posts, with what is given."""
    notes = Notes()

    def answer(handler: Any) -> Any:
        path, query = handler.path.partition("?")[0], dict(parse_qsl(urlsplit(handler.path).query))
        page = pages.get(
            f"{path} {query.get('offset') or query.get('before_timestamp')}", pages.get(path, Reply("", 404))
        )
        return page if isinstance(page, Reply | str) else json.dumps({"meta": {"status": 200}, "response": page})

    with serve({"/robots.txt": Reply(status=404), "*": answer}) as site:
        account = Account("lincoln-tumblr", Kind.OFFICIAL, "tumblr", URL)
        planned = plan(account, {"tumblr": PlatformSettings(site.url, token)})
        assert isinstance(planned, Route), planned
        visit_route(Assignment(account, route=planned), notes)
    return notes, site


# ------------------------------------------------------------------------------------------------ the feed


@pytest.mark.parametrize(("items", "reasons"), [(3, []), (20, [Reason.PARTIAL_LISTING])])
def test_a_full_feed_says_that_there_may_be_more(items: int, reasons: list[Reason]) -> None:
    notes, _ = read({"/rss": Reply(feed(items), type="application/rss+xml")})

    assert notes.urls == [URL, *(f"{URL}/post/{number}" for number in range(items))]
    assert notes.reasons == reasons


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(status=429, headers={"Retry-After": "0"}), Reason.RATE_LIMITED),
        (Reply(status=503, headers={"Retry-After": "0"}), Reason.PLATFORM_OUTAGE),
        (
            Reply(status=302, headers={"Location": "https://www.tumblr.com/login?redirect_to=/lincoln"}),
            Reason.LOGIN_WALL,
        ),
        (Reply(status=404), Reason.UNREACHABLE),
        (Reply("<h1>A page</h1>"), Reason.UNREACHABLE),
    ],
)
def test_no_answer_is_never_an_empty_blog(reply: Reply, reason: Reason) -> None:
    notes, _ = read({"/rss": reply})

    assert (notes.documents, notes.reasons) == ([], [reason])


def test_an_address_that_is_no_blog_is_refused_with_what_to_write() -> None:
    planned = plan(Account("a", Kind.OFFICIAL, "tumblr", f"{URL}/post/1"), {})

    assert isinstance(planned, Refusal)
    assert planned.blind.remedy.endswith("like https://lincoln.tumblr.com.")


# ------------------------------------------------------------------------------------------------ with a key


def test_each_part_of_a_post_stands_in_its_place() -> None:
    account = Account("a", Kind.OFFICIAL, "tumblr", URL)

    body = json.dumps({"response": {"posts": [POST], "total_posts": 1}}).encode()
    (shown,) = parse(account, Ask("posts", f"https://x.example{API}/posts?offset=0"), 200, body).documents

    assert (shown.url, shown.author, shown.published_on) == (f"{URL}/post/1", "lincoln", NOON)
    assert [p for p in shown.passages if p.place in (Place.BODY, Place.CAPTION, Place.ALT)] == [
        Passage("Read more!"),
        Passage("See the gym"),
        Passage("In the gym", Place.CAPTION, f"{MEDIA}/1.png"),
        Passage("The fair"),
        Passage("On Friday"),
        Passage("#fair #books"),
        Passage("Books", Place.ALT, f"{MEDIA}/1.png"),
    ]
    assert [(link.url, link.words) for link in shown.links] == [
        (f"{URL}/m", "the gym"),
        ("https://lincoln.example/fair", "The fair"),
        ("https://film.example/1", ""),
    ]
    assert shown.images == (Image(f"{MEDIA}/1.png", "Books", "In the gym"), Image(f"{MEDIA}/2.png"))


def test_with_a_key_all_posts_and_answers_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_KEY", KEY)
    reply = {"type": "reply", "timestamp": 1793880000, "blog_name": "sam", "reply_text": "Lovely!"}
    following = {"next": {"query_params": {"before_timestamp": "17", "id": "1", "mode": "conversation"}}}

    notes, site = read(
        {
            f"{API}/info": {"blog": BLOG},
            f"{API}/posts 0": {"posts": [{**POST, "note_count": 3}], "total_posts": 2},
            f"{API}/posts 1": {"posts": [{**POST, "id_string": "2", "post_url": f"{URL}/post/2"}], "total_posts": 2},
            f"{API}/notes None": {"notes": [reply, {"type": "like", "blog_name": "lee"}], "_links": following},
            f"{API}/notes 17": {"notes": [{**reply, "reply_text": "Indeed!"}]},
        },
        "EXAMPLE_KEY",
    )

    assert (notes.urls, notes.gaps) == ([URL, f"{URL}/post/1", f"{URL}/post/2"], [])
    head, first, _ = notes.documents
    assert head.profile is not None
    assert (head.profile.id, head.profile.name, head.profile.posts) == ("t:abc", "Lincoln Elementary", 2)
    assert first.comments == (Comment("Lovely!", "sam", "", NOON), Comment("Indeed!", "sam", "", NOON))
    assert all(f"api_key={KEY}" in hit for hit in site.hits)
    assert KEY not in repr(notes)


def test_a_list_that_ends_before_its_count_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_KEY", KEY)
    pages = {
        f"{API}/info": {"blog": BLOG},
        f"{API}/posts 0": {"posts": [POST], "total_posts": 2},
        f"{API}/posts 1": {"posts": [], "total_posts": 2},
    }

    notes, _ = read(pages, "EXAMPLE_KEY")

    assert notes.reasons == [Reason.PARTIAL_LISTING]


def test_a_key_that_is_named_and_not_there_is_told_instead_of_reading_less() -> None:
    account = Account("lincoln-tumblr", Kind.OFFICIAL, "tumblr", URL)

    planned = plan(account, {"tumblr": PlatformSettings(token_env="EXAMPLE_KEY_THAT_IS_NOT_SET")})

    assert isinstance(planned, Refusal)
    assert planned.blind.reason is Reason.NO_TOKEN


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(status=401), Reason.NO_TOKEN),
        (Reply(status=404), Reason.UNREACHABLE),
        (Reply(status=429, headers={"Retry-After": "0"}), Reason.RATE_LIMITED),
        (Reply("{}"), Reason.PLATFORM_OUTAGE),
    ],
)
def test_an_interface_that_refuses_is_told(reply: Reply, reason: Reason, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_KEY", KEY)

    notes, _ = read({f"{API}/info": reply}, "EXAMPLE_KEY")

    assert (notes.documents, notes.reasons) == ([], [reason])


@settings(deadline=None)
@given(
    st.sampled_from(["blog", "posts", "comments"]),
    st.recursive(
        st.none() | st.integers() | st.text(max_size=8) | st.just("https://a.example/x"),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["blog", "name", "posts", "post_url", "content", "media", "url", "text", "formatting"]),
                inner,
            )
        ),
        max_leaves=12,
    ),
)
def test_no_answer_breaks_the_reader(what: str, value: object) -> None:
    account, ask = Account("a", Kind.OFFICIAL, "tumblr", URL), Ask(what, f"https://x.example{API}/posts?offset=0")

    assert isinstance(parse(account, ask, 200, json.dumps({"response": value}).encode()), Parsed)
