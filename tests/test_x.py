"""X is read in its old words and its new ones, and what it does not tell is said."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from auditor.config import PlatformSettings
from auditor.model import Account, CommentState, Image, Kind, Link, Passage, Place, Reason
from spiders.platform import Ask, Parsed, Refusal, Route
from spiders.platforms import plan
from spiders.platforms.x import parse, requests
from spiders.reading import Assignment
from tests.servers import Reply
from tests.token_routes import said, speaking
from tests.token_routes.x import (
    ANSWERS,
    API,
    HOME,
    INCLUDES,
    LIST,
    LONG,
    MEDIA,
    POLL,
    QUOTING,
    SAMPLE,
    SHARED,
    USER,
    post,
)
from tests.visits import Notes, visit_route

ACCOUNT = SAMPLE.account
PROFILE = requests(ACCOUNT, "https://api.x.com")[0]
NEW = {
    "tweets": "posts",
    "note_tweet": "note_post",
    "referenced_tweets": "referenced_posts",
    "tweet_count": "post_count",
    "retweet_count": "repost_count",
}


def told(ask: Ask, value: object, status: int = 200) -> Parsed:
    return parse(ACCOUNT, ask, status, json.dumps(value).encode())


def listing() -> Ask:
    (ask,) = told(PROFILE, {"data": USER}).asks
    return ask


def renamed(value: Any) -> Any:
    """An answer in the interface's new words."""
    if isinstance(value, dict):
        return {NEW.get(key, key): renamed(one) for key, one in value.items()}
    return [renamed(one) for one in value] if isinstance(value, list) else value


def read(pages: dict[str, Any]) -> tuple[Notes, list[str]]:
    with pytest.MonkeyPatch.context() as patch, speaking(SAMPLE, pages) as (_, site):
        patch.setenv("X_TOKEN", SAMPLE.token)
        planned = plan(ACCOUNT, {"x": PlatformSettings(site.url, "X_TOKEN")})
        assert isinstance(planned, Route)
        notes = Notes()
        visit_route(Assignment(ACCOUNT, route=planned), notes)
        return notes, site.hits


# ------------------------------------------------------------------------------------------------ what is seen


def test_each_part_of_a_profile_stands_in_its_place() -> None:
    parsed = told(PROFILE, {"data": USER})

    profile, (shown,) = parsed.profile, parsed.documents
    assert profile is not None
    assert (profile.id, profile.handle, profile.name, profile.posts) == ("77", "Lincoln", "Lincoln Elementary", 4)
    assert (profile.is_private, profile.location, profile.created_on is not None) == (False, "Riverbend", True)
    assert [link.url for link in shown.links] == [
        "https://lincoln.riverbend.example/news",
        "https://lincoln.riverbend.example/",
    ]
    assert shown.images == (
        Image(f"{MEDIA}/seal_400x400.png", "Profile picture"),
        Image(f"{MEDIA}/banner", "Banner"),
    )


def test_each_part_of_a_post_stands_in_its_place() -> None:
    quiet = {**LONG, "public_metrics": {"reply_count": 0}}

    long, poll = told(listing(), {"data": [quiet, POLL], "includes": INCLUDES, "meta": {}}).documents

    assert long.passages == (
        Passage("Everything about our fair, from the first table to the last book."),
        Passage("Riverbend, MT"),
        Passage("A table", Place.ALT, f"{MEDIA}/1.jpg"),
    )
    assert long.images == (Image(f"{MEDIA}/1.jpg", "A table", width=9, height=6), Image(f"{MEDIA}/2.jpg"))
    assert (long.url, long.author, long.language) == (f"{HOME}/status/14", "@lincoln", "en")
    assert poll.links == (Link("https://riverbend.example/days", "School days"),)
    assert (long.comment_state, poll.comment_state) == (CommentState.OPEN, CommentState.MODERATED)
    assert (long.comments_whole, long.links) == (True, ())


def test_what_is_shared_and_quoted_of_others_is_read_whole_under_the_accounts_own_address() -> None:
    shared, quoting = told(listing(), {"data": [SHARED, QUOTING], "includes": INCLUDES, "meta": {}}).documents

    assert [passage.text for passage in shared.passages] == ["Snow day tomorrow: all schools are closed."]
    assert (shared.url, shared.author, shared.comment_state) == (f"{HOME}/status/12", "@riverbend", None)
    assert [passage.text for passage in quoting.passages] == ["So true!", "Reading makes the day longer."]


def test_an_account_that_is_registered_by_its_number_is_asked_for_by_that() -> None:
    account = Account("a", Kind.OFFICIAL, "x", "https://x.com/i/user/77")

    (ask,) = requests(account, "https://api.x.com/")
    (shown,) = parse(account, listing(), 200, json.dumps({"data": [post(9, "Hello")], "meta": {}}).encode()).documents

    assert ask.url.startswith("https://api.x.com/2/users/77?")
    assert (shown.url, shown.author) == ("https://x.com/i/status/9", "")


# ------------------------------------------------------------------------------------------------ two spellings


def test_the_new_words_say_the_same_as_the_old_ones() -> None:
    page = {"data": [LONG, POLL, SHARED, QUOTING], "includes": INCLUDES, "meta": {"next_token": "P2"}}

    assert told(PROFILE, renamed({"data": USER})) == told(PROFILE, {"data": USER})
    assert told(listing(), renamed(page)) == told(listing(), page)


def test_an_interface_that_knows_the_new_words_only_is_asked_in_them() -> None:
    asked = []

    def strict(handler: Any) -> Reply:
        query = parse_qs(urlsplit(handler.path).query)
        asked.append(sorted(key for key in query if key.endswith(("t.fields", "expansions"))))
        if "tweet.fields" in query:
            return said({"title": "Invalid Request", "detail": "The query parameter [tweet.fields] is unknown."}, 400)
        assert "referenced_posts" in query["expansions"][0]
        return said(renamed({"data": [LONG, POLL, SHARED, QUOTING], "includes": INCLUDES, "meta": {}}))

    notes, _ = read({LIST: strict})

    assert asked == [["expansions", "tweet.fields"], ["expansions", "post.fields"]]
    assert notes.gaps == []
    assert sorted(notes.urls) == sorted(SAMPLE.documents)


def test_fields_that_are_left_out_without_a_word_are_asked_for_in_the_new_words() -> None:
    bare = {"data": [{"id": "9", "text": "Hello"}], "meta": {}}

    parsed = told(listing(), bare)

    assert parsed.documents == ()
    (ask,) = parsed.asks
    assert "post.fields=" in ask.url
    assert [document.url for document in told(ask, bare).documents] == [f"{HOME}/status/9"]


# ------------------------------------------------------------------------------------------------ what is not seen


def test_a_protected_account_is_told_and_its_posts_are_not_asked_for() -> None:
    notes, hits = read({f"{API}/users/by/username/lincoln": {"data": {**USER, "protected": True}}})

    (shown,) = notes.documents
    assert shown.profile is not None
    assert shown.profile.is_private is True
    assert notes.reasons == [Reason.LOGIN_WALL]
    assert len(hits) == 1


def test_answers_that_may_not_be_searched_for_are_told_with_their_post() -> None:
    notes, _ = read({ANSWERS: said({"title": "Client Forbidden"}, 403)})

    assert [(url, blind.reason) for url, blind in notes.gaps] == [(f"{HOME}/status/14", Reason.TOKEN_SCOPE)]
    assert sorted(notes.urls) == sorted(SAMPLE.documents)
    wholes = {document.url[-2:]: document.comments_whole for document in notes.documents[1:]}
    assert wholes == {"14": False, "13": True, "12": None, "11": True}


def test_answers_that_x_counts_and_does_not_show_are_no_sign_that_there_are_none() -> None:
    notes, _ = read({ANSWERS: {"meta": {"result_count": 0}}})

    shown = next(document for document in notes.documents if document.url == f"{HOME}/status/14")
    assert (shown.comments, shown.comments_whole, shown.problem) == ((), None, "")


def test_answers_to_older_posts_are_told_as_not_read() -> None:
    old = replace(listing(), page=3)

    parsed = told(old, {"data": [LONG, POLL], "meta": {}})

    assert [(url, blind.reason) for url, blind in parsed.missed] == [(f"{HOME}/status/14", Reason.LIMIT)]
    assert len(parsed.documents) == 2


def test_what_was_answered_to_an_answer_of_its_own_is_asked_for_apart() -> None:
    inner = post(15, "Yes!", public_metrics={"reply_count": 1}, conversation_id="3")

    (ask,) = told(listing(), {"data": [inner], "meta": {}}).asks

    assert parse_qs(urlsplit(ask.url).query)["query"] == ["in_reply_to_tweet_id:15 -from:lincoln"]


def test_a_list_that_is_shorter_than_the_count_is_no_whole_one() -> None:
    notes, _ = read({LIST: {"data": [post(14, "Hello")], "meta": {"result_count": 1}}})

    assert notes.why == ["Its platform counts 4 posts and shows 1 of them to visitors."]
    assert notes.reasons == [Reason.PARTIAL_LISTING]


@pytest.mark.parametrize(("shown", "gaps"), [(96, []), (94, [Reason.PARTIAL_LISTING])])
def test_a_few_posts_that_x_counts_too_many_are_no_gap(shown: int, gaps: list[Reason]) -> None:
    user = {"data": {**USER, "public_metrics": {"tweet_count": 100}}}
    posts = {"data": [post(number, "Hello") for number in range(shown)], "meta": {"result_count": shown}}

    notes, _ = read({f"{API}/users/by/username/lincoln": user, LIST: posts})

    assert notes.reasons == gaps


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        (200, {"errors": [{"type": "https://api.x.com/2/problems/resource-not-found"}]}, Reason.UNREACHABLE),
        (200, {"errors": [{"detail": "User has been suspended: [lincoln]."}]}, Reason.UNREACHABLE),
        (404, {"title": "Not Found Error"}, Reason.UNREACHABLE),
        (402, {"title": "CreditsDepleted", "type": "about:blank"}, Reason.RATE_LIMITED),
        (403, {"title": "UsageCapExceeded", "type": "https://api.x.com/2/problems/usage-capped"}, Reason.RATE_LIMITED),
        (403, {"title": "Unsupported Authentication"}, Reason.TOKEN_SCOPE),
    ],
)
def test_why_an_account_cannot_be_read_is_told(status: int, answer: object, reason: Reason) -> None:
    parsed = told(PROFILE, answer, status)

    assert [blind.reason for blind in parsed.blind] == [reason]
    assert parsed.stop


def test_an_address_that_is_no_profile_is_refused_with_what_to_write() -> None:
    planned = plan(Account("a", Kind.OFFICIAL, "x", "https://x.com/lincoln/status/9"), {})

    assert isinstance(planned, Refusal)
    assert planned.blind.remedy.endswith("https://x.com/lincoln.")
