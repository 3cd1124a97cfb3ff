"""Flickr is read by its open feed, which says that it shows the newest photos only, or with the district's own key."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.config import PlatformSettings
from auditor.model import Account, Comment, Image, Kind, Passage, Reason
from spiders.platform import Ask, Parsed, Refusal, Route
from spiders.platforms import plan
from spiders.platforms.flickr import parse
from spiders.reading import Assignment
from tests.servers import Reply, Site, serve
from tests.visits import Notes, visit_route

NUMBER = "12345678@N00"
URL = f"https://www.flickr.com/photos/{NUMBER}"
KEY = "EXAMPLE-KEY-0123456789"
NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)
FEED = "/services/feeds/photos_public.gne"
REST = "/services/rest/"
ITEM = {
    "title": "Book fair",
    "link": f"{URL}/1/",
    "media": {"m": "https://live.staticflickr.example/1_m.jpg"},
    "description": '<p><a href="https://www.flickr.com/people/x/">Lincoln</a> posted a photo:</p>'
    f'<p><a href="{URL}/1/"><img src="https://live.staticflickr.example/1_m.jpg" alt="Book fair"></a></p>'
    "<p>A table of books</p>",
    "published": "2026-11-05T12:00:00Z",
    "author": 'nobody@flickr.com ("Lincoln Elementary")',
    "tags": "fair books",
}
PHOTO = {
    "id": "1",
    "owner": NUMBER,
    "pathalias": None,
    "title": "Book fair",
    "description": {"_content": "A table of books"},
    "dateupload": "1793880000",
    "ownername": "Lincoln Elementary",
    "tags": "fair books",
    "url_l": "https://live.staticflickr.example/1_b.jpg",
    "count_comments": "1",
}
PERSON = {
    "stat": "ok",
    "person": {
        "nsid": NUMBER,
        "path_alias": "lincoln",
        "username": {"_content": "lincoln-photos"},
        "realname": {"_content": "Lincoln Elementary"},
        "location": {"_content": "Riverbend, USA"},
        "description": {"_content": 'See <a href="https://lincoln.example/">us</a>'},
        "photos": {"count": {"_content": 2}},
    },
}
SAID = {
    "_content": "Lovely!",
    "realname": "",
    "authorname": "Sam",
    "datecreate": "1793880000",
    "permalink": f"{URL}/1/#comment7",
}


def read(pages: Mapping[str, Any], url: str = URL, token: str = "") -> tuple[Notes, Site]:
    """Reads the account where an interface answers each path, or each of its methods, with what is given."""
    notes = Notes()

    def answer(handler: Any) -> Any:
        query = dict(parse_qsl(urlsplit(handler.path).query))
        asked = query.get("method", handler.path.partition("?")[0])
        page = pages.get(f"{asked} {query.get('page')}", pages.get(asked, Reply(status=404)))
        return page if isinstance(page, Reply) else json.dumps(page)

    with serve({"/robots.txt": Reply(status=404), "*": answer}) as site:
        account = Account("lincoln-flickr", Kind.OFFICIAL, "flickr", url)
        planned = plan(account, {"flickr": PlatformSettings(site.url, token)})
        assert isinstance(planned, Route), planned
        visit_route(Assignment(account, route=planned), notes)
    return notes, site


# ------------------------------------------------------------------------------------------------ the feed


def test_each_part_of_a_photo_in_the_feed_stands_in_its_place() -> None:
    notes, _ = read({FEED: {"title": "Uploads from Lincoln", "items": [ITEM]}})

    head, shown = notes.documents
    assert (head.url, head.title, head.depth) == (URL, "Uploads from Lincoln", 0)
    assert (shown.url, shown.title, shown.author, shown.published_on) == (
        f"{URL}/1/",
        "Book fair",
        "Lincoln Elementary",
        NOON,
    )
    assert Passage("fair books") in shown.passages
    assert any("A table of books" in passage.text for passage in shown.passages)
    assert [(image.url, image.alt) for image in shown.images] == [
        ("https://live.staticflickr.example/1_m.jpg", "Book fair")
    ]
    assert notes.gaps == []


def test_a_full_feed_says_that_there_may_be_more() -> None:
    items = [{**ITEM, "link": f"{URL}/{number}/"} for number in range(20)]

    notes, _ = read({FEED: {"title": "Uploads", "items": items}})

    assert len(notes.documents) == 21
    assert notes.reasons == [Reason.PARTIAL_LISTING]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(status=429, headers={"Retry-After": "0"}), Reason.RATE_LIMITED),
        (Reply(status=503, headers={"Retry-After": "0"}), Reason.PLATFORM_OUTAGE),
        (Reply(status=403), Reason.LOGIN_WALL),
        (Reply("<title>Log in</title><form><input type=password></form>"), Reason.LOGIN_WALL),
        (Reply(status=404), Reason.UNREACHABLE),
        (Reply("{}"), Reason.PLATFORM_OUTAGE),
        (Reply("jsonFlickrFeed("), Reason.PLATFORM_OUTAGE),
    ],
)
def test_no_answer_is_never_an_empty_account(reply: Reply, reason: Reason) -> None:
    notes, _ = read({FEED: reply})

    assert (notes.documents, notes.reasons) == ([], [reason])


def test_a_key_that_is_named_and_not_there_is_told_instead_of_reading_less() -> None:
    planned = plan(
        Account("a", Kind.OFFICIAL, "flickr", URL),
        {"flickr": PlatformSettings(token_env="EXAMPLE_KEY_THAT_IS_NOT_SET")},
    )

    assert isinstance(planned, Refusal)
    assert planned.blind.reason is Reason.NO_TOKEN
    assert "the environment variable EXAMPLE_KEY_THAT_IS_NOT_SET is not set" in planned.blind.what


def test_without_a_key_an_account_is_known_by_its_number_only() -> None:
    account = Account("a", Kind.OFFICIAL, "flickr", "https://www.flickr.com/photos/lincoln")

    planned = plan(account, {})

    assert isinstance(planned, Refusal)
    assert planned.blind.reason is Reason.NO_TOKEN
    assert "12345678@N00" in planned.blind.remedy


# ------------------------------------------------------------------------------------------------ with a key


def test_with_a_key_all_photos_and_comments_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_KEY", KEY)
    shown = {
        "flickr.urls.lookupUser": {"stat": "ok", "user": {"id": NUMBER}},
        "flickr.people.getInfo": PERSON,
        "flickr.people.getPublicPhotos 1": {"stat": "ok", "photos": {"pages": 2, "photo": [PHOTO]}},
        "flickr.people.getPublicPhotos 2": {
            "stat": "ok",
            "photos": {"pages": 2, "photo": [{**PHOTO, "id": "2", "count_comments": "0"}]},
        },
        "flickr.photos.comments.getList": {"stat": "ok", "comments": {"comment": [SAID]}},
    }

    notes, site = read(shown, "https://www.flickr.com/photos/lincoln", "EXAMPLE_KEY")

    assert (notes.urls, notes.gaps) == (["https://www.flickr.com/photos/lincoln", f"{URL}/1/", f"{URL}/2/"], [])
    head, first, _ = notes.documents
    assert head.profile is not None
    assert (head.profile.name, head.profile.location, head.profile.posts) == (
        "Lincoln Elementary",
        "Riverbend, USA",
        2,
    )
    assert first.images == (Image("https://live.staticflickr.example/1_b.jpg", "Book fair"),)
    assert first.published_on == NOON
    assert first.comments == (Comment("Lovely!", "Sam", f"{URL}/1/#comment7", NOON),)
    assert all(f"api_key={KEY}" in hit for hit in site.hits)
    assert KEY not in repr(notes)


@pytest.mark.parametrize(
    ("code", "reason"), [(1, Reason.UNREACHABLE), (100, Reason.NO_TOKEN), (105, Reason.PLATFORM_OUTAGE)]
)
def test_an_answer_that_says_of_itself_that_it_is_an_error_is_told(
    code: int, reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXAMPLE_KEY", KEY)

    notes, _ = read({"flickr.people.getInfo": {"stat": "fail", "code": code, "message": "No"}}, token="EXAMPLE_KEY")

    assert (notes.documents, notes.reasons) == ([], [reason])


def test_a_persons_own_photos_are_never_read_with_the_districts_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_KEY", KEY)
    own = Account("own", Kind.PERSONAL, "flickr", URL, consent_on=NOON.date())

    planned = plan(own, {"flickr": PlatformSettings(token_env="EXAMPLE_KEY")})

    assert isinstance(planned, Route)
    assert [(ask.what, ask.signed) for ask in planned.asks] == [("feed", None)]


@settings(deadline=None)
@given(
    st.sampled_from(["feed", "user", "person", "photos", "comments"]),
    st.recursive(
        st.none() | st.integers() | st.text(max_size=8) | st.just("ok"),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["stat", "items", "link", "media", "person", "nsid", "_content", "photos", "photo", "pages"]
                ),
                inner,
            )
        ),
        max_leaves=12,
    ),
)
def test_no_answer_breaks_the_reader(what: str, value: object) -> None:
    account = Account("a", Kind.OFFICIAL, "flickr", URL)

    assert isinstance(parse(account, Ask(what, f"https://x.example{REST}"), 200, json.dumps(value).encode()), Parsed)
