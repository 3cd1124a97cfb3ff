"""What is peculiar to Meta's platforms: whose token it is, fields that were renamed, what a token may not see."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from auditor.config import PlatformSettings
from auditor.model import Account, CommentState, Document, Image, Kind, Link, Passage, Place, Reason
from spiders import graph
from spiders.platform import Ask, Parsed, Refusal, Route
from spiders.platforms import facebook, instagram, plan, threads
from spiders.reading import Assignment
from tests.servers import Reply
from tests.token_routes import Page, Sample, said, speaking
from tests.token_routes.facebook import PAGES_OWN, comment, picture, post
from tests.token_routes.facebook import SAMPLE as PAGE
from tests.token_routes.instagram import SAMPLE as INSTAGRAM
from tests.token_routes.threads import SAMPLE as THREADS
from tests.visits import Notes, visit_route

API = "https://graph.facebook.com/v26.0"
POSTS = Ask("posts", f"{API}/946/published_posts?fields=id,comments.limit(2){{id}}&limit=25")
NARROW = said({"error": {"message": "(#10) needs pages_read_user_content", "code": 10}}, 403)


def read(sample: Sample, pages: Mapping[str, Page], monkeypatch: pytest.MonkeyPatch) -> tuple[Notes, list[str]]:
    """Reads the sample's account from a server that answers as the sample does, but for what `pages` say."""
    monkeypatch.setenv("EXAMPLE_TOKEN", sample.token)
    notes = Notes()
    with speaking(sample, pages) as (interface, site):
        planned = plan(sample.account, {sample.platform: PlatformSettings(site.url, "EXAMPLE_TOKEN")})
        assert isinstance(planned, Route)
        visit_route(Assignment(sample.account, route=planned), notes)
    return notes, interface.asked


def posts(*found: object, about: Account = PAGE.account) -> Parsed:
    """What an answer with these posts means."""
    return facebook.parse(about, POSTS, 200, json.dumps({"data": found}).encode())


def only_post(*found: object) -> Document:
    (document,) = posts(*found).documents
    return document


# ------------------------------------------------------------------------------------------------ Facebook


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://www.facebook.com/LincolnPage", "lincolnpage"),
        ("https://m.facebook.com/profile.php?id=123456", "123456"),
        ("https://www.facebook.com/Lincoln-Elementary-100064123456", "100064123456"),
        ("https://www.facebook.com/people/Lincoln/100064123456/", "100064123456"),
    ],
)
def test_a_page_is_asked_for_by_its_name_or_number(url: str, asked: str) -> None:
    (ask,) = facebook.requests(Account("a", Kind.OFFICIAL, "facebook", url), "")

    assert urlsplit(ask.url).path == f"/v26.0/{asked}"


@pytest.mark.parametrize(
    ("platform", "url", "told"),
    [
        ("facebook", "https://www.facebook.com/groups/lincolnparents", "Facebook lets no program read groups."),
        ("facebook", "https://www.facebook.com/events/1", "The address names no Page on Facebook."),
        ("instagram", "https://www.instagram.com/p/abc/", "The address names no account on Instagram."),
        ("threads", "https://www.threads.com/login", "The address names no account on Threads."),
    ],
)
def test_what_is_no_profile_is_refused(platform: str, url: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_TOKEN", PAGE.token)

    planned = plan(Account("a", Kind.OFFICIAL, platform, url), {platform: PlatformSettings(token_env="EXAMPLE_TOKEN")})

    assert isinstance(planned, Refusal)
    assert planned.blind.what == told


def test_a_token_of_somebody_who_manages_the_page_gets_the_pages_own(monkeypatch: pytest.MonkeyPatch) -> None:
    profile = PAGE.pages["/v26.0/lincolnpage"]
    assert isinstance(profile, dict)

    def lists(handler: Any) -> Reply:
        shown = parse_qs(urlsplit(handler.path).query).get("access_token")
        return said({"data": [post(15, "First day!")]} if shown == [PAGES_OWN] else {"data": []})

    pages = {
        "/v26.0/lincolnpage": profile | {"access_token": PAGES_OWN},
        "/v26.0/946/published_posts": lists,
    }
    notes, _ = read(replace(PAGE, free=("/v26.0/946/published_posts", "/v26.0/946/video_reels")), pages, monkeypatch)

    assert [document.url for document in notes.documents[1:2]] == ["https://www.facebook.com/lincolnpage/posts/15"]
    assert PAGES_OWN not in repr(notes)


def test_a_field_that_the_interface_no_longer_has_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    profile = PAGE.pages["/v26.0/lincolnpage"]

    def renamed(handler: Any) -> Reply:
        (fields,) = parse_qs(urlsplit(handler.path).query)["fields"]
        if ",bio," in fields:
            why = "(#100) Tried accessing nonexisting field (bio) on node type (Page)"
            return said({"error": {"message": why, "code": 100}}, 400)
        return said(profile)

    notes, _ = read(PAGE, {"/v26.0/lincolnpage": renamed}, monkeypatch)

    assert notes.why == []
    assert sorted(notes.urls) == sorted(PAGE.documents)


def test_posts_are_read_without_comments_where_the_token_may_not_see_them(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = PAGE.pages["/v26.0/946/published_posts"]

    def narrow(handler: Any) -> Reply:
        return NARROW if "comments." in handler.path else said({**listed, "paging": {}})  # type: ignore[dict-item]

    notes, _ = read(PAGE, {"/v26.0/946/published_posts": narrow}, monkeypatch)

    assert notes.reasons == [Reason.TOKEN_SCOPE]
    assert notes.why[0].startswith("The comments on its posts could not be read.")
    assert "https://www.facebook.com/lincolnpage/posts/12" in notes.urls


def test_reels_that_cannot_be_read_are_told_and_posts_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    notes, _ = read(PAGE, {"/v26.0/946/video_reels": NARROW}, monkeypatch)

    assert notes.reasons == [Reason.TOKEN_SCOPE]
    assert notes.why[0].startswith("Its reels could not be read.")
    assert len(notes.documents) == len(PAGE.documents) - 1


@pytest.mark.parametrize(("counted", "reasons"), [(6, []), (40, [Reason.PARTIAL_LISTING])])
def test_a_list_that_ends_before_its_time_is_told(
    counted: int, reasons: list[Reason], monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = PAGE.pages["/v26.0/lincolnpage"]
    assert isinstance(profile, dict)
    told = {"published_posts": {"summary": {"total_count": counted}}}

    notes, _ = read(PAGE, {"/v26.0/lincolnpage": profile | told}, monkeypatch)

    # Five were given out, two of them not for strangers.
    assert notes.reasons == reasons
    assert len(notes.documents) == len(PAGE.documents)


def test_a_page_that_is_not_published_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    profile = PAGE.pages["/v26.0/lincolnpage"]
    assert isinstance(profile, dict)

    notes, _ = read(PAGE, {"/v26.0/lincolnpage": profile | {"is_published": False}}, monkeypatch)

    assert (notes.documents, notes.reasons) == ([], [Reason.UNREACHABLE])


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ({"code": 190, "error_subcode": 460, "message": "x"}, Reason.NO_TOKEN),
        ({"code": 190, "message": "This method must be called with a Page Access Token"}, Reason.TOKEN_SCOPE),
        ({"code": 200, "message": "Provide valid permission"}, Reason.TOKEN_SCOPE),
        ({"code": 100, "error_subcode": 33, "message": "Object does not exist"}, Reason.UNREACHABLE),
        ({"code": 803, "message": "Some of the aliases do not exist"}, Reason.UNREACHABLE),
        ({"code": 100, "message": "Object does not exist. Requires 'pages_read_engagement'"}, Reason.TOKEN_SCOPE),
        ({"code": 100, "message": "Pages Public Content Access requires an app token"}, Reason.TOKEN_SCOPE),
        ({"code": 4, "message": "Application request limit reached"}, Reason.RATE_LIMITED),
        ({"code": 80001, "message": "There have been too many calls"}, Reason.RATE_LIMITED),
        ({"code": 2, "message": "An unexpected error has occurred"}, Reason.PLATFORM_OUTAGE),
        ({"code": 99, "is_transient": True, "message": "x"}, Reason.PLATFORM_OUTAGE),
    ],
)
def test_what_an_error_means_is_told(error: dict[str, object], reason: Reason) -> None:
    ask = Ask("profile", f"{API}/lincolnpage?fields=id")

    parsed = facebook.parse(PAGE.account, ask, 400, json.dumps({"error": error}).encode())

    assert ([blind.reason for blind in parsed.blind], parsed.stop) == ([reason], True)


def test_a_link_in_a_post_leads_where_it_leads_and_its_card_is_read() -> None:
    card = {
        "media_type": "link",
        "title": "Lunch",
        "description": "All meals",
        "url": "https://l.facebook.com/l.php?u=https%3A%2F%2Fmenus.example%2Flunch%3Fday%3D1&h=AT0",
    }

    shown = only_post(post(12, "Our menu", attachments={"data": [card]}))

    assert shown.links == (Link("https://menus.example/lunch?day=1", "Lunch"),)
    assert Passage("Lunch\nAll meals", Place.DESCRIPTION) in shown.passages


def test_words_about_photographs_come_to_the_right_one() -> None:
    card = {"media_type": "link", "url": "https://a.example/", "media": {"image": {"src": "https://cdn.example/c.jpg"}}}
    album = post(11, "Fair", attachments={"data": [card, picture(501), picture(502)]})
    (ask,) = posts(album).asks
    told = {"502": {"alt_text": "A tent"}, "501": {"alt_text_custom": "Books"}}

    (shown,) = facebook.parse(PAGE.account, ask, 200, json.dumps(told).encode()).documents

    by_name = {image.url.rpartition("/")[2].partition("_")[0]: image.alt for image in shown.images}
    assert by_name == {"501": "Books", "502": "A tent", "c.jpg": ""}


def test_older_posts_without_attachments_show_their_picture() -> None:
    shown = only_post(post(12, "", story="Lincoln added a photo.", full_picture="https://cdn.example/1.jpg"))

    assert (shown.images, shown.passages) == (
        (Image("https://cdn.example/1.jpg"),),
        (Passage("Lincoln added a photo."),),
    )


def test_an_address_that_is_made_anew_for_each_who_asks_is_not_kept() -> None:
    shown = only_post(post(12, "x", permalink_url="https://www.facebook.com/lincolnpage/posts/pfbid02abc"))

    assert shown.url == "https://www.facebook.com/946/posts/12"


@pytest.mark.parametrize(
    ("comments", "state", "whole"),
    [
        ({"data": [], "summary": {"can_comment": False}}, CommentState.CLOSED, True),
        ({"data": [comment(1, "Hi")], "summary": {"can_comment": True}}, CommentState.OPEN, True),
        ({"data": [comment(1, "Hi", **{"from": {"name": "Lincoln Elementary"}})]}, None, True),
        ({"data": [comment(1, "Hi", is_hidden=True)]}, None, True),
    ],
)
def test_who_may_comment_is_told_as_far_as_the_interface_shows_it(
    comments: object, state: CommentState | None, whole: bool
) -> None:
    shown = only_post(post(12, "x", comments=comments))

    assert (shown.comment_state, shown.comments_whole) == (state, whole)


def test_comments_that_are_counted_and_none_of_them_given_out_are_told() -> None:
    silent = {"data": [], "summary": {"total_count": 4}}
    photo = {"media_type": "photo", "target": {"id": "77"}, "media": {"image": {"src": "https://x.example/77.jpg"}}}
    parsed = posts(post(12, "x", comments=silent), post(13, "y", comments=silent, attachments={"data": [photo]}))
    (todo,) = parsed.asks
    after = facebook.parse(PAGE.account, todo, 200, b'{"77": {"alt_text": "Books"}}')

    for found in (parsed, after):
        assert [(why.what, why.reason) for _, why in found.missed] == [
            ("answers to it are counted, and none of them is shown", Reason.PARTIAL_LISTING)
        ]
        assert [shown.comments_whole for shown in found.documents] == [False]


# ------------------------------------------------------------------------------------------------ Instagram, Threads


@pytest.mark.parametrize("sample", [INSTAGRAM, THREADS], ids=lambda sample: sample.platform)
def test_a_token_of_another_account_reads_nothing(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    me = next(key for key in sample.pages if key.endswith("/me"))

    notes, _ = read(sample, {me: {"id": "9", "username": "hillelem"}}, monkeypatch)

    assert (notes.documents, notes.reasons) == ([], [Reason.TOKEN_SCOPE])
    assert "belongs to another account (@hillelem)." in notes.why[0]


def test_a_token_of_facebook_reads_the_account_that_is_linked_to_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    linked = {"data": [{"id": "1"}, {"instagram_business_account": {"id": "178", "username": "lincolnelem"}}]}
    pages = {
        "/v26.0/me/accounts": {
            "data": [],
            "paging": {"cursors": {"after": "A2"}, "next": "https://x.example/?after=A2"},
        },
        "/v26.0/me/accounts?after=A2": linked,
        "/v26.0/178": INSTAGRAM.pages["/v26.0/me"],
        **{key.replace("/me/media", "/178/media"): page for key, page in INSTAGRAM.pages.items()},
    }

    notes, asked = read(replace(INSTAGRAM, token="EAAB-example-token-of-a-person"), pages, monkeypatch)

    assert notes.why == []
    assert sorted(notes.urls) == sorted(INSTAGRAM.documents)
    assert "/v26.0/me" not in asked


def test_a_pages_own_token_names_the_account_that_is_linked_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    why = "(#100) Tried accessing nonexisting field (accounts) on node type (Page)"
    pages = {
        "/v26.0/me/accounts": said({"error": {"message": why, "code": 100}}, 400),
        "/v26.0/me": {"instagram_business_account": {"id": "9", "username": "hillelem"}, "id": "1"},
    }

    notes, _ = read(replace(INSTAGRAM, token="EAAB-example-token-of-a-page"), pages, monkeypatch)

    assert (notes.documents, notes.reasons) == ([], [Reason.TOKEN_SCOPE])
    assert "reaches no professional account of that name" in notes.why[0]


def test_pictures_and_comments_that_are_kept_back_are_told() -> None:
    found = [
        {"id": "1", "media_type": "IMAGE", "permalink": "https://www.instagram.com/p/A/", "comments_count": 0},
        {
            "id": "2",
            "media_type": "IMAGE",
            "media_url": "https://cdn.example/2.jpg",
            "permalink": "https://www.instagram.com/p/B/",
            "comments_count": 3,
        },
    ]
    ask = Ask("posts", "https://graph.instagram.com/v26.0/me/media?fields=id,comments.limit(5){id}")

    parsed = instagram.parse(INSTAGRAM.account, ask, 200, json.dumps({"data": found}).encode())

    assert [(url, blind.reason) for url, blind in parsed.missed] == [
        ("https://www.instagram.com/p/A/", Reason.NOT_IN_ROUTE),
        ("https://www.instagram.com/p/B/", Reason.PARTIAL_LISTING),
    ]


def test_answers_of_an_account_that_cannot_be_read_take_nothing_from_its_posts(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = said({"error": {"message": "(#10) requires threads_read_replies", "code": 10}}, 403)

    notes, _ = read(THREADS, {"/v1.0/me/replies": narrow}, monkeypatch)

    assert notes.reasons == [Reason.TOKEN_SCOPE]
    assert "threads_read_replies" in notes.why[0]
    assert len(notes.documents) == len(THREADS.documents) - 1


@pytest.mark.parametrize(
    ("audience", "state"),
    [("EVERYONE", CommentState.OPEN), ("MENTIONED_ONLY", CommentState.MODERATED), ("", None)],
)
def test_who_may_answer_on_threads_is_told(audience: str, state: CommentState | None) -> None:
    row = {"id": "1", "text": "x", "permalink": "https://www.threads.com/@a/post/1", "reply_audience": audience}
    ask = Ask("posts", "https://graph.threads.com/v1.0/me/threads?fields=id")

    (shown,) = threads.parse(THREADS.account, ask, 200, json.dumps({"data": [row]}).encode()).documents

    assert shown.comment_state is state


# ------------------------------------------------------------------------------------------------ what they share


@pytest.mark.parametrize(
    ("base", "root"),
    [
        ("", API),
        ("https://proxy.example/", "https://proxy.example/v26.0"),
        ("https://proxy.example/graph/v25.0", "https://proxy.example/graph/v25.0"),
    ],
)
def test_an_interface_is_asked_where_the_configuration_says(base: str, root: str) -> None:
    assert graph.root(base, API) == root


def test_the_next_page_is_asked_for_without_the_address_that_holds_the_token() -> None:
    url = f"{API}/1/feed?fields=id&limit=25&after=OLD"
    old = {"paging": {"next": f"{API}/1/feed?access_token=SECRET-TOKEN&limit=25&until=1600&__paging_token=enc"}}
    cursors = {"paging": {"cursors": {"after": "NEW"}, "next": f"{API}/1/feed?access_token=SECRET-TOKEN&after=NEW"}}

    assert graph.more(old, url) == f"{API}/1/feed?fields=id&limit=25&until=1600&__paging_token=enc"
    assert graph.more(cursors, url) == f"{API}/1/feed?fields=id&limit=25&after=NEW"
    assert graph.more({"paging": {"cursors": {"after": "END"}}}, url) == ""
    assert graph.more({"data": [{}], "paging": {"cursors": {"after": "END"}}}, url, sure=False).endswith("after=END")


def test_a_field_is_left_out_wherever_it_stands() -> None:
    fields = "a,b.limit(2){c,d{a}},e"

    found = [graph.without_field(f"{API}/1?fields={fields}", name).partition("fields=")[2] for name in "abce"]

    assert [parse_qs(f"x={words}")["x"] for words in found] == [
        ["b.limit(2){c,d},e"],
        ["a,e"],
        ["a,b.limit(2){d{a}},e"],
        ["a,b.limit(2){c,d{a}}"],
    ]
