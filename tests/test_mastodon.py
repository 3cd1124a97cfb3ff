"""Mastodon and its kin are read by the interface of the account's own server, as a stranger would be shown them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model import Account, Blind, CommentState, Image, Kind, Link, Passage, Place, Reason
from spiders.platform import Ask, Parsed, Refusal, Route
from spiders.platforms import plan
from spiders.platforms.mastodon import parse
from spiders.reading import Assignment
from tests.servers import Reply, Site, serve
from tests.visits import Ledger, Notes, visit_route

ASKED = Account("room7", Kind.CLASSROOM, "mastodon", "https://social.example/@room7")
MEDIA = "https://media.social.example"

PROFILE = {
    "id": "77",
    "username": "room7",
    "acct": "room7",
    "display_name": "Room 7",
    "note": "<p>Grade 3 at Lincoln.<br>See <a href='https://lincoln.riverbend.example/room7'>our page</a></p>",
    "avatar": f"{MEDIA}/avatar.png",
    "avatar_description": "An apple",
    "header": "https://social.example/headers/original/missing.png",
    "locked": True,
    "noindex": False,
    "indexable": False,
    "fields": [{"name": "Site", "value": '<a href="https://lincoln.riverbend.example/">lincoln.riverbend.example</a>'}],
    "statuses_count": 2,
    "created_at": "2025-08-20T00:00:00.000Z",
}


def status(number: int, markup: str = "<p>Hello</p>", **more: object) -> dict[str, object]:
    return {
        "id": str(number),
        "url": f"https://social.example/@room7/{number}",
        "created_at": "2026-11-05T15:00:00.000Z",
        "visibility": "public",
        "content": markup,
        "language": "en",
        "account": {"display_name": "Room 7", "acct": "room7"},
        **more,
    }


def read(pages: Mapping[str, Any], witness: Notes | None = None, **options: Any) -> tuple[Notes, Site]:
    """Reads the account from a server that answers each path with what is given; lists end by themselves."""

    def answer(handler: BaseHTTPRequestHandler) -> Any:
        page = pages.get(handler.path)
        if page is None and "max_id=" in handler.path:
            return "[]"
        page = Reply('{"error":"Record not found"}', status=404) if page is None else page
        return page(handler) if callable(page) else page if isinstance(page, Reply) else json.dumps(page)

    notes = witness if witness is not None else Notes()
    with serve({"*": answer, "/robots.txt": Reply(status=404)}, port=options.pop("port", 0)) as site:
        account = Account("room7", Kind.CLASSROOM, "mastodon", site.at("/@room7"))
        planned = plan(account, {})
        assert isinstance(planned, Route)
        visit_route(Assignment(account, route=planned, **options), notes)
    return notes, site


LOOKUP = "/api/v1/accounts/lookup?acct=room7"
STATUSES = "/api/v1/accounts/77/statuses?limit=40"


# ------------------------------------------------------------------------------------------------ the plan


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://social.example/@Room7", "https://social.example/api/v1/accounts/lookup?acct=room7"),
        ("https://social.example/users/room7", "https://social.example/api/v1/accounts/lookup?acct=room7"),
        ("https://other.example/@room7@social.example", "https://social.example/api/v1/accounts/lookup?acct=room7"),
        ("http://127.0.0.2:8009/@room7", "http://127.0.0.2:8009/api/v1/accounts/lookup?acct=room7"),
    ],
)
def test_the_accounts_own_server_is_asked_who_it_is(url: str, asked: str) -> None:
    planned = plan(Account("a", Kind.OFFICIAL, "mastodon", url), {})

    assert planned == Route("mastodon", (Ask("profile", asked),), parse)


def test_an_address_that_is_no_profile_is_refused_with_what_to_write() -> None:
    planned = plan(Account("a", Kind.OFFICIAL, "mastodon", "https://social.example/explore"), {})

    assert isinstance(planned, Refusal)
    assert planned.blind.remedy.endswith("https://social.example/@lincoln.")


# ------------------------------------------------------------------------------------------------ what is seen


def test_the_profile_and_all_posts_are_read_page_by_page() -> None:
    notes, site = read(
        {
            LOOKUP: PROFILE,
            STATUSES: [status(9), status(8)],
            f"{STATUSES}&max_id=8": [status(7, "<p>First day!</p>")],
        }
    )

    posts = [f"https://social.example/@room7/{number}" for number in (9, 8, 7)]
    assert notes.urls == [site.at("/@room7"), *posts]
    assert notes.gaps == []
    assert site.hits[-1] == f"GET {STATUSES}&max_id=7"
    assert notes.documents[-1].published_on == datetime(2026, 11, 5, 15, tzinfo=UTC)


def test_a_profile_is_read_with_its_table_and_pictures() -> None:
    parsed = parse(
        ASKED, Ask("profile", "https://social.example/api/v1/accounts/lookup"), 200, json.dumps(PROFILE).encode()
    )

    (shown,) = parsed.documents
    body = [passage.text for passage in shown.passages if passage.place is Place.BODY]
    assert body == ["Grade 3 at Lincoln.\nSee our page\nSite: lincoln.riverbend.example"]
    assert Passage("An apple", Place.ALT, f"{MEDIA}/avatar.png") in shown.passages
    assert shown.images == (Image(f"{MEDIA}/avatar.png", "An apple"),)
    assert [link.url for link in shown.links] == [
        "https://lincoln.riverbend.example/room7",
        "https://lincoln.riverbend.example/",
    ]
    assert (shown.url, shown.title, shown.depth) == (ASKED.url, "Room 7", 0)
    profile = parsed.profile
    assert profile is not None
    # Who locks an account lets strangers read on: that is no private profile.
    assert (profile.is_private, profile.hides_from_search, profile.posts) == (None, False, 2)


def test_each_part_of_a_post_stands_in_its_place() -> None:
    post = status(
        9,
        '<p>Look at <a href="https://lincoln.riverbend.example/fair">our fair</a></p>',
        spoiler_text="School news",
        poll={"options": [{"title": "Friday"}, {"title": "Monday"}]},
        media_attachments=[
            {
                "type": "image",
                "url": f"{MEDIA}/1.png",
                "preview_url": f"{MEDIA}/1s.png",
                "description": "A table of books",
            },
            {"type": "video", "url": f"{MEDIA}/2.mp4", "preview_url": f"{MEDIA}/2.png", "description": None},
        ],
    )

    parsed = parse(ASKED, Ask("posts", "https://social.example" + STATUSES), 200, json.dumps([post]).encode())

    (shown,) = parsed.documents
    assert [p for p in shown.passages if p.place in (Place.BODY, Place.ALT)] == [
        Passage("School news"),
        Passage("Friday\nMonday"),
        Passage("Look at our fair"),
        Passage("A table of books", Place.ALT, f"{MEDIA}/1.png"),
    ]
    assert shown.links == (Link("https://lincoln.riverbend.example/fair", "our fair"),)
    assert shown.images == (Image(f"{MEDIA}/1.png", "A table of books"), Image(f"{MEDIA}/2.png"))


def test_answers_to_a_post_are_its_comments() -> None:
    reply = {**status(10, "<p>Nice!</p>"), "url": "https://other.example/@sam/1", "account": {"display_name": "Sam"}}
    notes, _ = read(
        {
            LOOKUP: PROFILE,
            STATUSES: [status(9, replies_count=1)],
            "/api/v1/statuses/9/context": {"ancestors": [], "descendants": [reply, {**reply, "visibility": "private"}]},
        }
    )

    (comment,) = notes.documents[1].comments
    assert (comment.text, comment.author, comment.url) == ("Nice!", "Sam", "https://other.example/@sam/1")
    assert Passage("Nice!", Place.COMMENT) in notes.documents[1].passages
    assert notes.gaps == []


def test_what_is_shared_of_others_is_read_and_what_is_not_for_strangers_is_not() -> None:
    theirs = {"url": "https://other.example/@sam/1", "account": {"display_name": "Sam"}, "created_at": "2015-01-01"}
    shared = status(8, reblog={**status(1), **theirs})
    private = status(7, visibility="private")

    parsed = parse(
        ASKED, Ask("posts", "https://social.example" + STATUSES), 200, json.dumps([shared, private]).encode()
    )

    assert [(document.url, document.author, document.published_on) for document in parsed.documents] == [
        ("https://other.example/@sam/1", "Sam", datetime.fromisoformat(str(shared["created_at"])))
    ]


# ------------------------------------------------------------------------------------------------ what is not seen


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply('{"error":"This API requires an authenticated user"}', status=401), Reason.LOGIN_WALL),
        (Reply('{"error":"Not allowed"}', status=403), Reason.LOGIN_WALL),
        (Reply(status=302, headers={"Location": "/auth/sign_in"}), Reason.LOGIN_WALL),
        (Reply('{"error":"Record not found"}', status=404), Reason.UNREACHABLE),
        (Reply(status=410), Reason.UNREACHABLE),
        (Reply(status=429, headers={"Retry-After": "0"}), Reason.RATE_LIMITED),
        (Reply(status=502), Reason.PLATFORM_OUTAGE),
        (Reply("<h1>Another program</h1>"), Reason.PLATFORM_OUTAGE),
    ],
)
@pytest.mark.parametrize("at", [LOOKUP, STATUSES])
def test_no_answer_is_never_an_empty_account(at: str, reply: Reply, reason: Reason) -> None:
    notes, _ = read({LOOKUP: PROFILE, STATUSES: [], at: reply})

    assert len(notes.documents) == (at == STATUSES)
    assert notes.reasons == [reason]


def test_no_post_where_the_server_counts_some_is_told() -> None:
    notes, _ = read({LOOKUP: PROFILE, STATUSES: []})

    assert notes.why == ["Its platform counts 2 posts and shows none of them to visitors."]
    assert notes.reasons == [Reason.PARTIAL_LISTING]


def test_a_server_that_hides_how_many_posts_there_are_is_believed() -> None:
    notes, _ = read({LOOKUP: {**PROFILE, "statuses_count": -1}, STATUSES: []})

    assert notes.gaps == []


def test_a_suspended_account_and_one_that_moved_are_told() -> None:
    moved = {**PROFILE, "moved": {"url": "https://new.example/@room7"}}

    stopped, _ = read({LOOKUP: {**PROFILE, "suspended": True}})
    left, _ = read({LOOKUP: moved, STATUSES: [status(9)]})

    assert (stopped.documents, stopped.why) == ([], ["Its server has suspended the account."])
    assert left.why == ["Its owner has moved to another account: https://new.example/@room7"]
    assert len(left.documents) == 2


def test_answers_that_a_server_keeps_back_are_told_with_their_post() -> None:
    notes, _ = read(
        {LOOKUP: PROFILE, STATUSES: [status(9, replies_count=1)], "/api/v1/statuses/9/context": Reply(status=401)}
    )

    post = "https://social.example/@room7/9"
    assert notes.documents[1].url == post
    assert notes.gaps == [(post, Blind("the answers to it could not be read", Reason.LOGIN_WALL))]


def test_answers_that_a_server_counts_and_does_not_show_are_told() -> None:
    none: dict[str, object] = {"ancestors": [], "descendants": []}
    notes, _ = read({LOOKUP: PROFILE, STATUSES: [status(9, replies_count=1)], "/api/v1/statuses/9/context": none})

    assert [why.what for _, why in notes.gaps] == ["answers to it are counted, and none of them is shown"]


def test_an_account_whose_numbers_are_no_texts_is_read_to_its_end() -> None:
    notes, _ = read(
        {
            LOOKUP: {**PROFILE, "id": 77},
            STATUSES: [{**status(9), "id": 9}],
            f"{STATUSES}&max_id=9": [{**status(8), "id": 8}],
        }
    )

    assert [url.rpartition("/")[2] for url in notes.urls] == ["@room7", "9", "8"]


def test_a_thread_of_more_answers_than_a_server_shows_is_told() -> None:
    replies = [{**status(100 + n), "url": f"https://social.example/@sam/{n}"} for n in range(60)]

    notes, _ = read(
        {
            LOOKUP: PROFILE,
            STATUSES: [status(9, replies_count=99)],
            "/api/v1/statuses/9/context": {"descendants": replies},
        }
    )

    assert len(notes.documents[1].comments) == 60
    assert notes.reasons == [Reason.PARTIAL_LISTING]


def test_a_server_that_shows_the_same_page_for_ever_is_left() -> None:
    notes, site = read({LOOKUP: PROFILE, STATUSES: [status(9)], f"{STATUSES}&max_id=9": [status(9)]})

    assert len(notes.documents) == 2
    assert notes.reasons == [Reason.PARTIAL_LISTING]
    assert len(site.hits) == 4


def test_an_audit_that_was_stopped_does_not_tell_twice() -> None:
    ledger = Ledger()
    pages = {LOOKUP: PROFILE, STATUSES: [status(9), status(8)]}

    notes, _ = read(pages, ledger, done={"https://social.example/@room7/9": 1, "https://social.example/@room7/5": 1})

    assert [url for url in notes.urls if url.startswith("https://social")] == ["https://social.example/@room7/8"]
    assert notes.dead == [("https://social.example/@room7/5", 404)]


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("<p>x</p>"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "url",
                    "content",
                    "reblog",
                    "account",
                    "media_attachments",
                    "type",
                    "description",
                    "poll",
                    "options",
                    "title",
                    "visibility",
                    "note",
                    "fields",
                    "name",
                    "value",
                    "replies_count",
                    "created_at",
                    "descendants",
                    "moved",
                    "preview_url",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.binary(max_size=30) | ANY.map(lambda value: json.dumps(value).encode()), st.sampled_from([200, 404]))
def test_no_answer_breaks_the_reader(body: bytes, code: int) -> None:
    for what in ("profile", "posts"):
        assert isinstance(parse(ASKED, Ask(what, f"https://social.example{STATUSES}"), code, body), Parsed)


def test_what_a_server_tells_of_a_profiles_settings_is_kept_and_what_it_does_not_stays_unknown() -> None:
    told = {**PROFILE, "hide_collections": False, "locked": True, "indexable": False, "noindex": False}
    silent = {name: value for name, value in PROFILE.items() if name not in ("indexable", "noindex", "locked")}

    known = read({LOOKUP: told, STATUSES: [{**status(9), "replies_count": 0}]})[0].documents
    unknown = read({LOOKUP: {**silent, "hide_collections": None}, STATUSES: []})[0].documents

    assert known[1].comment_state is CommentState.OPEN
    assert known[1].comments_whole is True
    assert [
        (p.hides_network, p.approves_followers, p.hides_from_search)
        for document in (known[0], unknown[0])
        if (p := document.profile) is not None
    ] == [(False, True, False), (None, None, None)]
