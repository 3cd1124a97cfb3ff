"""A page on LinkedIn is read with all that its interface tells apart: posts, pictures, who may comment, comments."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.config import PlatformSettings
from auditor.model import Account, CommentState, Image, Kind, Link, Passage, Place, Reason
from spiders.platform import Ask, Parsed, Refusal, Route
from spiders.platforms import plan
from spiders.platforms.linkedin import VERSION, Batch, parse, requests
from spiders.reading import Assignment
from tests.servers import Reply
from tests.token_routes import said, speaking
from tests.token_routes.linkedin import API, MEDIA, ORGANISATION, SAMPLE, SHARE, UGC, UPDATE, listed, post
from tests.visits import Notes, visit_route

ACCOUNT = SAMPLE.account
HOST = "https://api.linkedin.com"
POSTS = Ask("posts", f"{HOST}{API}/posts?author=urn%3Ali%3Aorganization%3A1&q=author&count=20&start=0")
REFUSED = said({"status": 403, "code": "ACCESS_DENIED"}, 403)
IMAGES = f"{API}/images?ids=List(urn:li:image:A1,urn:li:image:A2,urn:li:image:A3)"
STATES = f"{API}/socialMetadata?ids=List({SHARE}11,{UGC}12)"


def told(ask: Ask, value: object, status: int = 200) -> Parsed:
    return parse(ACCOUNT, ask, status, json.dumps(value).encode())


def shown(content: dict[str, object]) -> Parsed:
    """What a page of one post is in the end, where nothing is known of its pictures and comments."""
    parsed = told(POSTS, listed(content, total=1))
    while any(isinstance(ask, Batch) for ask in parsed.asks):
        parsed = told(parsed.asks[0], {"results": {}})
    return parsed


def read(pages: dict[str, Any]) -> tuple[Notes, dict[str, dict[str, str]]]:
    with pytest.MonkeyPatch.context() as patch, speaking(SAMPLE, pages) as (_, site):
        patch.setenv("LINKEDIN_TOKEN", SAMPLE.token)
        planned = plan(ACCOUNT, {"linkedin": PlatformSettings(site.url, "LINKEDIN_TOKEN")})
        assert isinstance(planned, Route)
        notes = Notes()
        visit_route(Assignment(ACCOUNT, route=planned), notes)
        return notes, site.seen


# ------------------------------------------------------------------------------------------------ the plan


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://www.linkedin.com/company/2414183/posts/", "organizations/2414183"),
        ("https://www.linkedin.com/showcase/lincoln", "organizations?q=vanityName&vanityName=lincoln"),
    ],
)
def test_a_page_is_asked_for_by_its_number_or_its_name(url: str, asked: str) -> None:
    account = Account("a", Kind.OFFICIAL, "linkedin", url)

    assert requests(account, HOST) == (Ask("organisation", f"{HOST}{API}/{asked}"),)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_persons_profile_is_never_read(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKEDIN_TOKEN", SAMPLE.token)
    own = Account("own", kind, "linkedin", "https://www.linkedin.com/in/dana-reyes", consent_on=date(2026, 9, 1))

    planned = plan(own, {"linkedin": PlatformSettings(token_env="LINKEDIN_TOKEN")})

    assert isinstance(planned, Refusal)
    assert planned.blind.reason is Reason.TERMS


def test_the_edition_of_the_interface_goes_with_each_request() -> None:
    _, seen = read({})

    asked = {(headers["LinkedIn-Version"], headers["X-Restli-Protocol-Version"]) for headers in seen.values()}
    assert asked == {(VERSION, "2.0.0")}


# ------------------------------------------------------------------------------------------------ what is seen


def test_each_part_of_a_page_stands_in_its_place() -> None:
    notes, _ = read({})

    front = notes.documents[0]
    assert front.profile is not None
    assert (front.profile.id, front.profile.handle, front.profile.name) == ("2414183", "lincoln", "Lincoln Elementary")
    assert (front.title, front.images) == ("Lincoln Elementary", (Image(f"{MEDIA}/LOGO1?e=1&t=x", "Logo"),))
    assert [link.url for link in front.links] == ["https://lincoln.riverbend.example/"]


def test_each_part_of_a_post_stands_in_its_place() -> None:
    notes, _ = read({})

    fair = next(document for document in notes.documents if document.url == f"{UPDATE}{SHARE}11")
    lunch = next(document for document in notes.documents if document.url == f"{UPDATE}{UGC}12")
    assert fair.passages[:2] == (
        Passage("Our fair with Riverbend Schools (all day) #Reading"),
        Passage("A table of books", Place.ALT, f"{MEDIA}/A1?e=1&t=x"),
    )
    assert fair.images == (Image(f"{MEDIA}/A1?e=1&t=x", "A table of books"), Image(f"{MEDIA}/A2?e=1&t=x"))
    assert (fair.comment_state, fair.comments_whole, str(fair.published_on)[:10]) == ("open", True, "2026-11-07")
    assert lunch.links == (Link("https://menus.example/lunch", "Lunch in November"),)
    assert (lunch.comment_state, lunch.comments_whole) == (CommentState.CLOSED, True)


def test_names_in_other_languages_are_read_where_there_is_no_other() -> None:
    bare = {"id": 7, "name": {"localized": {"en_US": "Lincoln"}}, "description": {"localized": {"en_US": "Our school"}}}

    (front,) = told(requests(ACCOUNT, HOST)[0], bare).documents

    assert [passage.text for passage in front.passages] == ["Lincoln", "Our school"]


def test_what_is_shared_of_others_is_a_link_to_it() -> None:
    parsed = shown(post(f"{SHARE}9", "Look!", reshareContext={"parent": f"{UGC}1", "root": f"{UGC}1"}))

    (ask,) = parsed.asks
    assert ask.about is not None
    assert ask.about.links == (Link(f"{UPDATE}{UGC}1"),)


@pytest.mark.parametrize("more", [{"lifecycleState": "DRAFT"}, {"visibility": "CONNECTIONS"}, {"id": ""}])
def test_what_is_not_for_everybody_is_left_out(more: dict[str, str]) -> None:
    assert told(POSTS, listed(post(f"{SHARE}9", "Hello", **more), total=1)) == Parsed()


# ------------------------------------------------------------------------------------------------ what is not seen


def test_pictures_without_an_address_are_told_and_their_words_are_read() -> None:
    notes, _ = read({IMAGES: REFUSED})

    fair = next(document for document in notes.documents if document.url == f"{UPDATE}{SHARE}11")
    assert (fair.images, fair.problem) == ((), "its pictures could not be looked at")
    assert Passage("A table of books", Place.ALT) in fair.passages
    assert [comment.text for comment in fair.comments] == ["What a fine fair!", "See you there.", "It was."]


def test_a_file_in_a_post_is_told_as_not_read() -> None:
    parsed = shown(post(f"{UGC}9", "Slides", {"media": {"title": "Our year", "id": "urn:li:document:D1"}}))

    (ask,) = parsed.asks
    assert ask.about is not None
    assert ask.about.problem == "the file that it shows is not read on LinkedIn"
    assert Passage("Our year") in ask.about.passages


def test_comments_are_asked_for_where_nobody_tells_whether_there_are_any() -> None:
    notes, _ = read({STATES: REFUSED})

    states = {document.url: (document.comment_state, len(document.comments)) for document in notes.documents[1:]}
    assert states[f"{UPDATE}{SHARE}11"] == (None, 3)
    assert [url for url, _ in notes.gaps] == [f"{UPDATE}{UGC}12"]


def test_a_list_that_ends_before_its_count_is_no_whole_one() -> None:
    notes, _ = read({f"{API}/posts?author=urn:li:organization:2414183&start=3": listed(total=4, start=3)})

    assert notes.reasons == [Reason.PARTIAL_LISTING]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply('{"status":426,"code":"NONEXISTENT_VERSION"}', status=426), Reason.NOT_IN_ROUTE),
        (Reply('{"status":404,"code":"RESOURCE_NOT_FOUND"}', status=404), Reason.UNREACHABLE),
        (said(listed(total=0)), Reason.UNREACHABLE),
        (REFUSED, Reason.TOKEN_SCOPE),
    ],
)
def test_why_a_page_cannot_be_read_is_told(reply: Reply, reason: Reason) -> None:
    notes, _ = read({f"{API}/organizations?q=vanityName&vanityName=lincoln": reply})

    assert (notes.documents, notes.reasons) == ([], [reason])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*SAMPLE.keys, f"{SHARE}11", "downloadUrl"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(deadline=None, max_examples=60)
@given(VALUES, st.lists(st.dictionaries(st.sampled_from(SAMPLE.keys), VALUES, max_size=4), max_size=2), st.data())
def test_no_answer_about_many_things_breaks_the_reader(
    value: object, things: list[dict[str, object]], data: st.DataObject
) -> None:
    what = data.draw(st.sampled_from(["logo", "pictures", "states"]))
    ask = Batch(what, f"{HOST}{API}/images?ids=List()", things=(ORGANISATION, *things))

    assert isinstance(told(ask, {"results": value}), Parsed)
