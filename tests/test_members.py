"""Platforms that show a class to its members only: the one look at the registered address, and what it may tell.

The pages are made up as such platforms write theirs; nobody in them exists.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from auditor.model import Account, Document, Kind, Passage, Reason
from spiders import closed, html
from spiders.platform import Refusal, Route
from spiders.platforms import PLATFORMS, members, plan
from spiders.reading import Assignment
from tests.growth import out_of_proportion
from tests.servers import Reply, serve
from tests.servers import Route as ServedAs
from tests.test_audit import ROSTER, District
from tests.visits import Notes, to, visit_route

URL = "https://app.seesaw.me/blog/room7"

PAGES = Path(__file__).parent / "members"
OPEN, INVITING, NOTHING = (sorted(PAGES.joinpath(kind).glob("*.html")) for kind in ("open", "inviting", "nothing"))
INVITATION = PAGES.joinpath("inviting", "an-invitation-to-a-class.html").read_text("utf-8")
ADVERTISING = PAGES.joinpath("nothing", "a-landing-page.html").read_text("utf-8")
POSTS = """<!DOCTYPE html><title>Room 7 Blog</title><img src="/static/logo.png" alt="Seesaw"><a href="/login">Log in</a>
<h1>Room 7</h1><p>Nov 12, 2026</p><p>Jada drew a whale. Write to rb1001@students.riverbend.example</p>
<a href="http://127.0.0.1:9/zoo">The zoo</a>
<img src="/media/9.png" alt="a drawing of a whale"><a href="/blog/room7/mia">Mia</a>
<a href="https://apps.apple.com/app/id1"><img src="/static/app-store.png" alt="Download on the App Store"></a>"""


def named(files: list[Path]) -> list[str]:
    return [file.stem for file in files]


def page(file: Path) -> Document:
    return html.read(file.read_bytes(), URL)


def account(platform: str = "seesaw", kind: Kind = Kind.CLASSROOM, url: str = URL) -> Account:
    return Account("room7", kind, platform, url, school="lincoln")


@pytest.mark.parametrize("file", OPEN, ids=named(OPEN))
def test_what_a_class_says_is_open_where_strangers_can_read_it(file: Path) -> None:
    assert members.is_open(page(file))


@pytest.mark.parametrize("file", [*INVITING, *NOTHING], ids=named([*INVITING, *NOTHING]))
def test_invitations_advertising_and_notices_show_nothing_of_a_class(file: Path) -> None:
    assert not members.is_open(page(file))


@pytest.mark.parametrize("file", INVITING, ids=named(INVITING))
def test_a_page_that_asks_to_join_or_log_in_is_a_login(file: Path) -> None:
    assert members.asks_in(page(file))


@pytest.mark.parametrize("file", NOTHING, ids=named(NOTHING))
def test_a_page_of_the_platforms_own_is_no_login(file: Path) -> None:
    assert not members.asks_in(page(file))


@pytest.mark.parametrize("name", members.IDS)
def test_only_accounts_of_the_district_and_its_classes_are_looked_at(name: str) -> None:
    official, classroom = (plan(account(name, kind), {}) for kind in (Kind.OFFICIAL, Kind.CLASSROOM))
    persons = plan(account(name, Kind.PERSONAL), {})

    assert all(isinstance(how, Route) and how.name == "one page" for how in (official, classroom))
    assert isinstance(persons, Refusal)
    assert PLATFORMS[name].identify(URL) == PLATFORMS["seesaw"].identify(URL)


def test_the_platforms_own_home_page_is_nobodys_account() -> None:
    home = account("classdojo", url="https://www.classdojo.com/")
    refusal = closed.refuse("classdojo", home, {}).blind

    seen = members.glance(refusal, home, page(OPEN[0]), None)

    assert (seen.document, seen.blind.reason, seen.hidden) == (None, Reason.NOT_IN_ROUTE, False)


@pytest.mark.parametrize(
    "word", ["cookies ", "join ", "We ", "Mia B. ", "esta clase ", "bring ", "Nov 1 2 h ", "hoy ", "\n1 "]
)
def test_a_page_that_repeats_itself_without_end_takes_no_longer_than_its_length_asks_for(word: str) -> None:
    def judged(text: str) -> object:
        endless = Document(URL, (Passage(text),))
        return members.is_open(endless), members.asks_in(endless)

    assert out_of_proportion(judged, [(word, word * 200_000)]) == {}


ROOM = """
[[accounts]]
id = "room7"
school = "lincoln"
kind = "classroom"
platform = "{platform}"
url = "{url}"
owner = "Dana Reyes"
"""


def test_a_page_of_a_class_that_strangers_can_read_is_judged_and_said_to_be_open_until_it_asks_to_join(
    tmp_path: Path,
) -> None:
    pages: dict[str, ServedAs] = {"/blog/room7": POSTS, "/robots.txt": Reply(status=404)}
    district = District(tmp_path)

    with serve(pages) as site:
        more = ROOM.format(platform="seesaw", url=site.at("/blog/room7"))
        roster = f'roster = "{ROSTER.as_posix()}"'
        district.configure("http://127.0.0.1:9/", policy="mmsd", roster=roster, more=more)
        district.auditor("audit", "--account", "room7")
        asked = set(site.hits)
        (seen,) = district.lines("coverage")
        (opened,) = district.open_findings("open-classroom")
        contact = district.open_findings("student-contact")
        told = (tmp_path / "data" / "reports" / "lincoln.html").read_text("utf-8")

        pages["/blog/room7"] = INVITATION
        district.auditor("audit", "--account", "room7")
        (closed,) = district.lines("coverage")
        left = {finding["rule"] for finding in district.lines("findings") if finding["status"] == "open"}

    assert asked == {"GET /robots.txt", "GET /blog/room7", "GET /media/9.png"}
    assert (seen["route"], seen["complete"], seen["documents"]) == ("one page", False, 1)
    assert [(blind["reason"], blind["remedy"][:26]) for blind in seen["blind"]] == [
        ("not_in_route", "Ask the teacher to close t")
    ]
    assert opened["excerpt"] == "We could read this class's page without any login."
    assert [finding["url"] for finding in contact] == [site.at("/blog/room7")]
    assert "Nothing found" not in told
    assert (closed["complete"], closed["documents"]) == (False, 0)
    assert [blind["reason"] for blind in closed["blind"]] == ["login_wall"]
    assert left.isdisjoint({"open-classroom", "student-contact"})


def looked_at(routes: Mapping[str, ServedAs], url: str = "", platform: str = "classdojo") -> tuple[Notes, list[str]]:
    """What one look brings, and what was asked for."""
    with serve(routes) as site:
        here = account(platform, url=url or site.at("/join/room7"))
        route = plan(here, {})
        assert isinstance(route, Route)
        notes = Notes()
        visit_route(Assignment(here, route=route), notes)
    return notes, site.hits


@pytest.mark.parametrize(
    ("served", "reason", "words"),
    [
        (INVITATION, Reason.LOGIN_WALL, "Its page asks visitors to join or to log in."),
        (to("/login"), Reason.LOGIN_WALL, "Its page asks visitors to join or to log in."),
        (Reply(status=401), Reason.LOGIN_WALL, "Its page asks visitors to join or to log in."),
        (
            ADVERTISING,
            Reason.NOT_IN_ROUTE,
            "Its page shows strangers nothing of the account that a program could tell.",
        ),
        (
            Reply(status=403),
            Reason.NOT_IN_ROUTE,
            "We could not look at its page: it does not let visitors in (error 403).",
        ),
        (
            Reply(status=404),
            Reason.NOT_IN_ROUTE,
            "We could not look at its page: there is no page at this address (error 404).",
        ),
        (
            '<title>ClassDojo</title><div id="root"></div><script src="/app.js"></script>',
            Reason.NOT_IN_ROUTE,
            "We could not look at its page: it is empty without a browser.",
        ),
    ],
)
def test_what_shows_nothing_is_never_clean_and_says_what_a_person_can_look_at(
    served: ServedAs, reason: Reason, words: str
) -> None:
    notes, asked = looked_at({"/join/room7": served, "/robots.txt": Reply(status=404)})

    (blind,) = (blind for _, blind in notes.gaps)
    assert notes.documents == []
    assert blind.what == f"ClassDojo shows its content to members only. {words}"
    assert blind.reason is reason
    assert blind.remedy.startswith("Open the class's link in a private window, without logging in.")
    assert asked == ["GET /robots.txt", "GET /join/room7"]


def test_who_keeps_programs_away_is_not_looked_at() -> None:
    notes, asked = looked_at({"/join/room7": POSTS, "/robots.txt": "User-agent: *\nDisallow: /"})

    (blind,) = (blind for _, blind in notes.gaps)
    assert (notes.documents, blind.reason) == ([], Reason.NOT_IN_ROUTE)
    assert blind.what.endswith("We could not look at its page: its robots.txt asks programs to stay away.")
    assert asked == ["GET /robots.txt"]
