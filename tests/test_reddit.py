"""Reddit is asked with a token that the district's own app gets for each visit; a community is read as a profile is."""

import base64
import json
from typing import Any

import pytest

from auditor.config import PlatformSettings
from auditor.model import Account, CommentState, Kind, Reason
from spiders.platform import Ask, Route
from spiders.platforms import plan
from spiders.platforms.reddit import parse
from spiders.reading import Assignment
from tests.servers import Reply, Site, serve
from tests.token_routes.reddit import POSTS, comment, listing, post
from tests.visits import Notes, visit_route

URL = "https://www.reddit.com/r/riverbend"
ASKED = Account("riverbend", Kind.OFFICIAL, "reddit", URL)
APP = "EXAMPLE-APP:EXAMPLE-SECRET-0123456789"
TOKEN = "EXAMPLE-TOKEN-of-one-visit"
ABOUT = {
    "kind": "t5",
    "data": {"id": "2q", "display_name": "riverbend", "title": "Riverbend", "subreddit_type": "public"},
}


def read(monkeypatch: pytest.MonkeyPatch, about: object = ABOUT, app: str = APP) -> tuple[Notes, Site]:
    monkeypatch.setenv("EXAMPLE_APP", app)
    known = base64.b64encode(APP.encode()).decode()

    def answer(handler: Any) -> Any:
        path, shown = handler.path.partition("?")[0], handler.headers["Authorization"]
        if path == "/api/v1/access_token":
            is_ours = (handler.command, shown) == ("POST", f"Basic {known}")
            return json.dumps({"access_token": TOKEN}) if is_ours else Reply('{"error": 401}', 401)
        if shown != f"Bearer {TOKEN}":
            return Reply('{"error": 401}', 401)
        if path == "/r/riverbend/about":
            return about if isinstance(about, Reply) else json.dumps(about)
        return json.dumps(listing(post(1, "Book fair"))) if path == "/r/riverbend/new" else Reply(status=404)

    notes = Notes()
    with serve({"*": answer}) as site:
        planned = plan(ASKED, {"reddit": PlatformSettings(site.url, "EXAMPLE_APP")})
        assert isinstance(planned, Route), planned
        visit_route(Assignment(ASKED, route=planned), notes)
    return notes, site


def test_the_apps_secret_becomes_a_token_that_goes_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    notes, _ = read(monkeypatch)

    assert (notes.urls, notes.gaps) == ([URL, f"{POSTS}/p1/x/"], [])
    profile = notes.documents[0].profile
    assert profile is not None
    assert (profile.name, profile.is_private, profile.comment_state) == ("Riverbend", False, CommentState.OPEN)
    assert not any(secret in repr(notes) for secret in (TOKEN, *APP.split(":")))


def test_an_app_that_is_not_known_is_a_wrong_token(monkeypatch: pytest.MonkeyPatch) -> None:
    notes, _ = read(monkeypatch, app="ANOTHER-APP:ANOTHER-SECRET")

    assert (notes.documents, notes.reasons) == ([], [Reason.NO_TOKEN])


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        (Reply('{"reason": "private", "error": 403}', 403), Reason.LOGIN_WALL),
        (Reply('{"message": "Not Found", "error": 404}', 404), Reason.UNREACHABLE),
        (listing(), Reason.UNREACHABLE),
        ({}, Reason.PLATFORM_OUTAGE),
    ],
)
def test_a_community_that_cannot_be_seen_is_told(
    about: object, reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes, _ = read(monkeypatch, about)

    assert (notes.documents, notes.reasons) == ([], [reason])


def test_answers_that_are_left_out_are_told() -> None:
    listed = listing(post(1, "Book fair", num_comments=900))
    (ask,) = parse(ASKED, Ask("posts", "https://x.example/r/riverbend/new"), 200, json.dumps(listed).encode()).asks
    more: dict[str, object] = {"kind": "more", "data": {"count": 9, "children": ["c4"]}}

    parsed = parse(ASKED, ask, 200, json.dumps([listing(), listing(comment(1, "Hello"), more)]).encode())

    assert [said.text for said in parsed.documents[0].comments] == ["Hello"]
    assert parsed.documents[0].comments_whole is False
    assert [blind.reason for _, blind in parsed.missed] == [Reason.PARTIAL_LISTING]


def test_a_post_of_which_nobody_says_how_many_answers_it_has_is_asked_for_them() -> None:
    untold: dict[str, object] = {
        "kind": "t3",
        "data": {"id": "p1", "title": "Book fair", "permalink": "/r/riverbend/comments/p1/x/"},
    }

    parsed = parse(ASKED, Ask("posts", POSTS), 200, json.dumps(listing(untold)).encode())

    assert [ask.what for ask in parsed.asks] == ["comments"]


@pytest.mark.parametrize(("karma", "reasons"), [(1, []), (240, [Reason.PARTIAL_LISTING])])
def test_a_profile_whose_history_is_hidden_is_no_empty_one(karma: int, reasons: list[Reason]) -> None:
    account = Account("a", Kind.OFFICIAL, "reddit", "https://www.reddit.com/user/lincolnelem")
    about = {"kind": "t2", "data": {"id": "1", "name": "lincolnelem", "link_karma": karma, "comment_karma": 1}}
    profile = parse(account, Ask("profile", "https://x.example/user/x/about"), 200, json.dumps(about).encode())

    told = [parse(account, ask, 200, json.dumps(listing()).encode()).blind for ask in profile.asks]

    assert [blind.reason for blinds in told for blind in blinds] == reasons


def test_a_post_that_is_locked_takes_no_comments() -> None:
    listed = listing(post(1, "Book fair", locked=True), post(2, "Old", archived=True), post(3, "New"))

    parsed = parse(ASKED, Ask("posts", "https://x.example/r/riverbend/new"), 200, json.dumps(listed).encode())

    assert [document.comment_state for document in parsed.documents] == [
        CommentState.CLOSED,
        CommentState.CLOSED,
        None,
    ]


def test_a_list_that_reached_its_length_says_so() -> None:
    last = Ask("posts", "https://x.example/r/riverbend/new", page=10)

    parsed = parse(ASKED, last, 200, json.dumps(listing(post(1, "Book fair"))).encode())

    assert [blind.reason for blind in parsed.blind] == [Reason.PARTIAL_LISTING]
