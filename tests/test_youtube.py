"""A channel on YouTube is read video by video, with what its interface says of comments and children."""

import json
from typing import Any

import pytest

from auditor.config import PlatformSettings
from auditor.model import Account, Comment, CommentState, Document, Image, Kind, Link, Passage, Place, Reason
from auditor.secret import Secret
from spiders.credential import bearer
from spiders.platform import Ask, Parsed, Refusal, Route
from spiders.platforms import plan
from spiders.platforms.youtube import parse, requests
from spiders.reading import Assignment
from tests.token_routes import said, speaking
from tests.token_routes.youtube import (
    API,
    CHANNEL,
    FILMS,
    HOME,
    NUMBER,
    SAMPLE,
    WATCH,
    comment,
    failed,
    thread,
    video,
)
from tests.visits import Notes, visit_route

ACCOUNT = SAMPLE.account
HOST = "https://www.googleapis.com"
VIDEOS = Ask("videos", f"{HOST}{API}/videos?part=snippet,status,statistics&id=1")
SHOWN = Document(f"{WATCH}1")
COMMENTS = Ask("comments", f"{HOST}{API}/commentThreads?part=snippet,replies&videoId=1", SHOWN)


def told(ask: Ask, value: object, status: int = 200) -> Parsed:
    return parse(ACCOUNT, ask, status, json.dumps(value).encode())


def read(pages: dict[str, Any]) -> tuple[Notes, list[str]]:
    with pytest.MonkeyPatch.context() as patch, speaking(SAMPLE, pages) as (_, site):
        patch.setenv("YOUTUBE_KEY", SAMPLE.token)
        planned = plan(ACCOUNT, {"youtube": PlatformSettings(site.url, "YOUTUBE_KEY")})
        assert isinstance(planned, Route)
        notes = Notes()
        visit_route(Assignment(ACCOUNT, route=planned), notes)
        return notes, site.hits


# ------------------------------------------------------------------------------------------------ the plan


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (f"https://m.youtube.com/channel/{NUMBER}/videos", f"id={NUMBER}"),
        ("https://www.youtube.com/@Lincoln/shorts", "forHandle=@lincoln"),
        ("https://www.youtube.com/user/LincolnElem", "forUsername=lincolnelem"),
    ],
)
def test_a_channel_is_asked_for_by_what_its_address_says(url: str, asked: str) -> None:
    (ask,) = requests(Account("a", Kind.OFFICIAL, "youtube", url), HOST)

    assert ask.url.startswith(f"{HOST}/youtube/v3/channels?part=")
    assert ask.url.endswith(f"&{asked}")


@pytest.mark.parametrize("url", ["https://www.youtube.com/c/LincolnElem", "https://www.youtube.com/lincolnelem", WATCH])
def test_an_address_that_cannot_be_looked_up_is_refused_with_what_to_write(url: str) -> None:
    planned = plan(Account("a", Kind.OFFICIAL, "youtube", url), {})

    assert isinstance(planned, Refusal)
    assert planned.blind.remedy.endswith("https://www.youtube.com/@lincoln.")


def test_a_token_that_a_person_gave_goes_where_it_belongs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YOUTUBE_KEY", "ya29.a-token-of-the-owner")

    planned = plan(ACCOUNT, {"youtube": PlatformSettings(token_env="YOUTUBE_KEY")})

    assert isinstance(planned, Route)
    assert planned.asks[0].signed == bearer(Secret("ya29.a-token-of-the-owner"))


# ------------------------------------------------------------------------------------------------ what is seen


def test_each_part_of_a_channel_stands_in_its_place() -> None:
    parsed = told(requests(ACCOUNT, HOST)[0], {"items": [CHANNEL]})

    profile, (shown,) = parsed.profile, parsed.documents
    assert profile is not None
    assert (profile.id, profile.handle, profile.name, profile.posts) == (NUMBER, "@lincoln", "Lincoln Elementary", 3)
    assert (profile.is_private, profile.hides_from_search, profile.made_for_kids) == (False, False, False)
    assert (profile.location, str(profile.created_on)[:10]) == ("US", "2021-08-20")
    assert shown.images == (
        Image(f"{FILMS}/channel=s800", "Profile picture", width=800, height=800),
        Image(f"{FILMS}/banner", "Banner"),
    )
    assert [link.url for link in shown.links] == [
        "https://lincoln.riverbend.example/films",
        f"{WATCH}aaaaaaaaaa1",
    ]
    assert parsed.asks[0].url.endswith("playlistId=UULincolnElementary00001&maxResults=50")


def test_each_part_of_a_video_stands_in_its_place() -> None:
    (shown,) = told(VIDEOS, {"items": [video("1", "The play", "0", madeForKids=True)]}).documents

    assert shown.passages == (
        Passage("The play", Place.TITLE),
        Passage("The play, filmed by the parents. https://riverbend.example/1"),
        Passage("choir, winter", Place.DESCRIPTION),
    )
    assert shown.links == (Link("https://riverbend.example/1", "https://riverbend.example/1"),)
    assert shown.images == (Image(f"{FILMS}/1/hq.jpg", caption="The play", width=480, height=360),)
    assert (shown.author, shown.language, shown.made_for_kids) == ("Lincoln Elementary", "en", True)
    assert (shown.comment_state, shown.comments_whole) == (CommentState.OPEN, True)


def test_comments_that_are_off_are_told_and_those_that_nobody_counts_are_asked_for() -> None:
    notes, _ = read({})

    states = [(document.comment_state, document.comments_whole, len(document.comments)) for document in notes.documents]
    assert states[1:] == [(CommentState.OPEN, True, 4), (CommentState.CLOSED, True, 0), (CommentState.OPEN, True, 0)]


def test_a_comment_that_visitors_do_not_see_is_no_comment() -> None:
    held = comment("c1.1", "Held back", moderationStatus="heldForReview")
    hidden = thread("c2", "Hidden")
    hidden["snippet"] = {**hidden["snippet"], "isPublic": False}  # type: ignore[dict-item]

    (shown,) = told(COMMENTS, {"items": [thread("c1", "Hello", held, answered=1), hidden]}).documents

    (seen,) = shown.comments
    assert seen == Comment("Hello", "@sam-rivers", f"{WATCH}1&lc=c1", seen.published_on)


def test_a_private_video_is_left_out_and_an_unlisted_one_is_read() -> None:
    rows = [video("1", "Staff", "0", privacyStatus="private"), video("2", "Families", "0", privacyStatus="unlisted")]

    parsed = told(VIDEOS, {"items": rows})

    assert [document.url for document in parsed.documents] == [f"{WATCH}2"]


def test_a_channel_without_videos_is_read_whole() -> None:
    empty = {**CHANNEL, "statistics": {"videoCount": "0"}}

    notes, hits = read({f"{API}/channels?forHandle=@lincoln": {"items": [empty]}})

    assert (notes.urls, notes.gaps, len(hits)) == ([HOME], [], 1)


# ------------------------------------------------------------------------------------------------ what is not seen


def test_a_list_that_is_shorter_than_the_count_is_no_whole_one() -> None:
    notes, _ = read({f"{API}/playlistItems?pageToken=P2": {"items": []}})

    assert notes.why == ["Its platform counts 3 posts and shows 2 of them to visitors."]
    assert (notes.reasons, notes.dead) == ([Reason.PARTIAL_LISTING], [])


def test_a_private_channel_is_told() -> None:
    parsed = told(requests(ACCOUNT, HOST)[0], {"items": [{**CHANNEL, "status": {"privacyStatus": "private"}}]})

    assert parsed.profile is not None
    assert (parsed.profile.is_private, parsed.documents, parsed.stop) == (True, (), True)
    assert [blind.reason for blind in parsed.blind] == [Reason.LOGIN_WALL]


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        (403, failed(403, "quotaExceeded"), Reason.RATE_LIMITED),
        (403, failed(403, "dailyLimitExceeded"), Reason.RATE_LIMITED),
        (400, failed(400, "keyInvalid"), Reason.NO_TOKEN),
        (401, failed(401, "authError"), Reason.NO_TOKEN),
        (403, failed(403, "ipRefererBlocked"), Reason.TOKEN_SCOPE),
        (404, failed(404, "channelNotFound"), Reason.UNREACHABLE),
        (200, {"pageInfo": {"totalResults": 0}}, Reason.UNREACHABLE),
        (200, "nothing", Reason.PLATFORM_OUTAGE),
    ],
)
def test_why_a_channel_cannot_be_read_is_told(status: int, answer: object, reason: Reason) -> None:
    parsed = told(requests(ACCOUNT, HOST)[0], answer, status)

    assert [blind.reason for blind in parsed.blind] == [reason]
    assert parsed.stop


def test_a_key_that_is_used_up_in_the_middle_keeps_what_was_read() -> None:
    notes, _ = read({f"{API}/commentThreads?videoId=aaaaaaaaaa1": said(failed(403, "quotaExceeded"), 403)})

    assert notes.urls == [HOME, f"{WATCH}aaaaaaaaaa1"]
    assert notes.reasons == [Reason.RATE_LIMITED, Reason.RATE_LIMITED]
    assert notes.dead == []


def test_comments_that_cannot_be_read_are_told_with_their_video_and_the_rest_is_read() -> None:
    notes, _ = read({f"{API}/commentThreads?videoId=aaaaaaaaaa1": said(failed(404, "videoNotFound"), 404)})

    assert [(url, blind.reason) for url, blind in notes.gaps] == [(f"{WATCH}aaaaaaaaaa1", Reason.UNREACHABLE)]
    assert tuple(notes.urls) == SAMPLE.documents


def test_no_more_comments_are_asked_for_than_a_visit_has_time_for() -> None:
    turns = iter(range(1000))

    def endless(_: object) -> str:
        turn = next(turns)
        return json.dumps({"items": [thread(f"c{turn}", f"Hello {turn}")], "nextPageToken": f"T{turn}"})

    notes, hits = read({f"{API}/commentThreads?videoId=aaaaaaaaaa1": endless})

    assert len(notes.documents[1].comments) == 20
    assert notes.documents[1].comments_whole is False
    assert notes.reasons == [Reason.PARTIAL_LISTING]
    assert len(hits) < 40


def test_a_video_is_told_once_when_the_list_shifts_meanwhile() -> None:
    shifted = {"items": [video("aaaaaaaaaa1", "Winter concert", "4"), video("aaaaaaaaaa3", "First day", "0")]}
    again = f"{API}/videos?id=aaaaaaaaaa1,aaaaaaaaaa3"
    rows = [{"contentDetails": {"videoId": number}} for number in ("aaaaaaaaaa1", "aaaaaaaaaa3")]

    notes, _ = read({f"{API}/playlistItems?pageToken=P2": {"items": rows}, again: shifted})

    assert tuple(notes.urls) == SAMPLE.documents
