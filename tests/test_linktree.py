"""Linktree: a page of links is read without a browser, whatever of it stands in the data alone."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.config import PlatformSettings
from auditor.model import Account, Kind, Reason
from spiders.platform import Ask, Route
from spiders.platforms import plan
from spiders.platforms.linktree import parse
from spiders.reading import Assignment
from tests.servers import Reply, serve
from tests.visits import Notes, visit_route

URL = "https://linktr.ee/room7"
ACCOUNT = Account("room7", Kind.CLASSROOM, "linktree", URL)
DATA = {
    "username": "room7",
    "pageTitle": "Room 7",
    "description": "All that we do in grade 3.",
    "account": {
        "id": 7,
        "links": [{"url": "https://books.example/fair", "title": "Book fair"}, {"title": "Old"}],
    },
    "socialLinks": [
        {"type": "INSTAGRAM", "url": "https://www.instagram.com/room7"},
        {"type": "EMAIL_ADDRESS", "url": "mailto:room7@mail.example?subject=hi"},
    ],
}


def page(shown: str, data: object = DATA) -> str:
    built_from = json.dumps({"props": {"pageProps": data}})
    script = f'<script id="__NEXT_DATA__" type="application/json">{built_from}</script>'
    return f'<title>Room 7 | Linktree</title><div id="__next">{shown}</div>{script}'


def read(answer: str | Reply) -> Notes:
    notes = Notes()
    with serve({"/robots.txt": Reply(status=404), "/room7": answer}) as site:
        planned = plan(ACCOUNT, {"linktree": PlatformSettings(site.url)})
        assert isinstance(planned, Route)
        visit_route(Assignment(ACCOUNT, route=planned), notes)
    return notes


@pytest.mark.parametrize(
    "shown",
    ["", '<h1>@room7</h1><p>All that we do in grade 3.</p><a href="https://books.example/fair">Book fair</a>'],
    ids=["nothing without scripts", "served whole"],
)
def test_links_and_words_are_read_from_the_page_and_from_the_data_that_it_is_built_from(shown: str) -> None:
    notes = read(page(shown))

    (document,) = notes.documents
    words = [passage.text for passage in document.passages]
    assert {link.url for link in document.links} == {"https://books.example/fair", "https://www.instagram.com/room7"}
    assert sum("All that we do in grade 3." in said for said in words) == 1
    assert "room7@mail.example" in words
    assert document.profile is not None
    assert (document.profile.handle, document.profile.name) == ("room7", "Room 7")
    assert notes.gaps == []


def test_a_page_without_the_data_is_read_as_it_is_shown() -> None:
    notes = read('<title>Room 7</title><h1>Room 7</h1><a href="https://books.example/fair">Book fair</a>')

    assert [link.url for document in notes.documents for link in document.links] == ["https://books.example/fair"]
    assert notes.gaps == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (page("", {}), Reason.NOT_IN_ROUTE),
        (page("", {"isProfileVerified": False}), Reason.NOT_IN_ROUTE),
        (Reply(status=404), Reason.UNREACHABLE),
        (Reply(status=503), Reason.PLATFORM_OUTAGE),
        (Reply(status=403), Reason.LOGIN_WALL),
        (Reply(status=429, headers={"Retry-After": "0"}), Reason.RATE_LIMITED),
        ("<title>Log in</title><form><input type=password></form>", Reason.LOGIN_WALL),
    ],
)
def test_no_answer_is_never_an_empty_page(answer: str | Reply, reason: Reason) -> None:
    notes = read(answer)

    assert (notes.documents, notes.reasons) == ([], [reason])


@pytest.mark.parametrize(
    ("platform", "url", "asked"),
    [
        ("website", "https://www.linktr.ee/Room7?utm_source=x", URL),
        ("linktree", "https://links.school.example/room7", "https://links.school.example/room7"),
    ],
    ids=["entered as a website", "on a host of its own"],
)
def test_a_page_of_links_is_asked_for_where_it_stands(platform: str, url: str, asked: str) -> None:
    planned = plan(Account("room7", Kind.CLASSROOM, platform, url), {})

    assert planned == Route("linktree", (Ask("page", asked),), parse)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["https://a.example/", "mailto:a"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["account", "links", "socialLinks", "url", "title", "id"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_no_data_breaks_the_reader(data: object) -> None:
    parse(ACCOUNT, Ask("page", URL), 200, page("", data).encode())
