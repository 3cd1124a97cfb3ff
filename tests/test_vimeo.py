"""Vimeo is read as strangers see it, though the token of an account shows more."""

import json
from typing import Any

import pytest

from auditor.config import PlatformSettings
from auditor.model import Account, CommentState, Image, Kind, Passage, Place, Reason
from spiders.platform import Ask, Parsed, Refusal, Route
from spiders.platforms import plan
from spiders.platforms.vimeo import parse, requests
from spiders.reading import Assignment
from tests.token_routes import said, speaking
from tests.token_routes.vimeo import FILMS, HOME, SAMPLE, USER, comment, listed, video
from tests.visits import Notes, visit_route

ACCOUNT = SAMPLE.account
LIST = Ask("videos", "https://api.vimeo.com/users/lincoln/videos?per_page=100")


def told(ask: Ask, value: object, status: int = 200) -> Parsed:
    return parse(ACCOUNT, ask, status, json.dumps(value).encode())


def read(pages: dict[str, Any]) -> tuple[Notes, dict[str, dict[str, str]]]:
    with pytest.MonkeyPatch.context() as patch, speaking(SAMPLE, pages) as (_, site):
        patch.setenv("VIMEO_TOKEN", SAMPLE.token)
        planned = plan(ACCOUNT, {"vimeo": PlatformSettings(site.url, "VIMEO_TOKEN")})
        assert isinstance(planned, Route)
        notes = Notes()
        visit_route(Assignment(ACCOUNT, route=planned), notes)
        return notes, site.seen


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (HOME, "users/lincoln"),
        ("https://vimeo.com/user8251314/videos", "users/user8251314"),
        ("https://vimeo.com/channels/lincolnfilms", "channels/lincolnfilms"),
        ("https://vimeo.com/groups/lincoln/videos", "groups/lincoln"),
    ],
)
def test_members_channels_and_groups_are_asked_for_by_their_names(url: str, path: str) -> None:
    (ask,) = requests(Account("a", Kind.OFFICIAL, "vimeo", url), "https://api.vimeo.com/")

    assert ask == Ask("profile", f"https://api.vimeo.com/{path}")


def test_the_edition_of_the_interface_is_asked_for_with_each_request() -> None:
    _, seen = read({})

    assert {headers["Accept"] for headers in seen.values()} == {"application/vnd.vimeo.*+json;version=3.4"}


def test_each_part_of_a_profile_stands_in_its_place() -> None:
    parsed = told(requests(ACCOUNT, "https://api.vimeo.com")[0], USER)

    profile, (shown,) = parsed.profile, parsed.documents
    assert profile is not None
    assert (profile.id, profile.handle, profile.posts, profile.location) == ("77", "lincoln", 4, "Riverbend, MT")
    assert [link.url for link in shown.links] == [
        "https://lincoln.riverbend.example/",
        "https://lincoln.riverbend.example/films",
    ]
    assert shown.images == (Image(f"{FILMS}/seal_300", "Profile picture", width=300, height=300),)


def test_each_part_of_a_video_stands_in_its_place() -> None:
    (shown,) = told(LIST, listed(video(1, "The play"), total=1)).documents

    assert shown.passages == (
        Passage("The play", Place.TITLE),
        Passage("The play, filmed by the parents. https://riverbend.example/1"),
        Passage("choir, winter", Place.DESCRIPTION),
    )
    assert shown.images == (Image(f"{FILMS}/1_640", caption="The play", width=640, height=360),)
    assert (shown.author, shown.language, str(shown.published_on)[:10]) == ("Lincoln Elementary", "en", "2026-11-05")


def test_who_may_comment_is_told_of_each_video() -> None:
    videos = [video(number, "Film", comments=who) for number, who in enumerate(("anybody", "contacts", "nobody", ""))]

    found = told(LIST, listed(*videos, total=4)).documents

    assert [document.comment_state for document in found] == [*CommentState, None]


@pytest.mark.parametrize("view", ["nobody", "contacts", "users", "password", "disable"])
def test_a_video_that_strangers_do_not_see_is_left_out(view: str) -> None:
    assert told(LIST, listed(video(1, "Staff", view=view), total=1)) == Parsed()


def test_a_list_that_ends_before_its_count_is_no_whole_one() -> None:
    notes, _ = read({"/users/77/videos?page=2": listed(total=4, page=2)})

    assert notes.reasons == [Reason.PARTIAL_LISTING]
    assert notes.dead == []


def test_comments_that_are_refused_are_told_with_their_video() -> None:
    notes, _ = read({"/videos/1/comments?page=2": said({"error": "no"}, 403)})

    assert [(url, blind.reason) for url, blind in notes.gaps] == [("https://vimeo.com/1", Reason.TOKEN_SCOPE)]
    assert [one.text for one in notes.documents[1].comments] == ["What a fine choir!"]
    assert len(notes.documents) == 4


def test_comments_in_a_circle_end_with_what_was_read() -> None:
    around = listed(comment(1, "Hello"), total=9, following="/videos/1/comments?per_page=100")

    notes, _ = read({"/videos/1/comments": around})

    assert [one.text for one in notes.documents[1].comments] == ["Hello"]
    assert notes.documents[1].comments_whole is False
    assert [(url, blind.reason) for url, blind in notes.gaps] == [("https://vimeo.com/1", Reason.PARTIAL_LISTING)]


def test_an_address_that_is_no_profile_is_refused_with_what_to_write() -> None:
    planned = plan(Account("a", Kind.OFFICIAL, "vimeo", "https://vimeo.com/592018875"), {})

    assert isinstance(planned, Refusal)
    assert planned.blind.remedy.endswith("https://vimeo.com/lincoln.")
