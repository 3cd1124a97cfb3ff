"""Which addresses are an account's, and when two of them are one page."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.pace import host_of
from spiders.scope import Scope, page_key, registrable, sites_of, visitable
from spiders.traps import CALENDAR_PAGES, QUERY_PAGES, SAME_PAGES, Traps

SITE = "https://lincoln.riverbend.k12.mt.us"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://l.example/a", "https://www.l.example/a/"),
        ("http://l.example", "http://l.example:80/index.html"),
        ("http://l.example/a/", "http://l.example/a/default.aspx"),
        ("http://l.example/a?b=1&a=2", "http://l.example/a?a=2&b=1"),
        ("http://l.example/a?id=1", "http://l.example/a?utm_source=x&id=1&fbclid=y&PHPSESSID=z#top"),
        ("http://l.example/a", "http://l.example/a;jsessionid=0A1B"),
        ("http://l.example/a", "http://l.example/a?replytocom=4"),
        ("http://l.example/a", "http://l.example/a?sort=name&order=asc"),
        ("http://l.example/a/", "http://l.example/a/?C=N;O=D"),
        ("http://l.example/a%20b", "http://l.example/a%20b/"),
        ("http://l.example/%7Eana", "http://l.example/~ana"),
        ("http://l.example//a//b", "http://l.example/a/b"),
        ("http://L.Example/a", "http://l.example/a"),
        ("http://l.example/schön", "http://l.example/sch%C3%B6n/"),
        ("http://l.example/sch%c3%b6n", "http://l.example/sch%C3%B6n"),
    ],
)
def test_addresses_of_one_page_have_one_key(one: str, other: str) -> None:
    assert page_key(one) == page_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://l.example/a", "http://l.example/A"),
        ("http://l.example/a", "http://l.example/a?id=1"),
        ("http://l.example/a?id=1", "http://l.example/a?id=2"),
        ("http://l.example/a?page=1", "http://l.example/a?page=2"),
        ("http://l.example/a", "http://l.example:8080/a"),
        ("http://l.example/a", "http://m.l.example/a"),
        ("http://l.example/a%2Fb", "http://l.example/a"),
    ],
)
def test_addresses_of_two_pages_have_two_keys(one: str, other: str) -> None:
    assert page_key(one) != page_key(other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "mailto:a@b.example",
        "http://",
        "http://[::1",
        "http://a\\@b.example/",
        "http://a b.example/",
        "http://user:pw@b.example/",
        "javascript:x",
        "file:///etc/passwd",
        "http://b.example:99999/",
        "http://b.example/\n",
    ],
)
def test_what_is_no_web_address_or_is_read_in_two_ways_is_never_visited(text: str) -> None:
    assert (page_key(text), visitable(text)) == ("", "")


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_addresses(text: str) -> None:
    for url in (text, f"http://{text}", f"http://l.example/{text}", f"http://l.example/?{text}"):
        asked = visitable(url)
        assert not asked or page_key(asked) == page_key(url)
        assert isinstance(Scope("http://l.example/a/").holds(url), bool)


@pytest.mark.parametrize(
    ("account", "inside", "outside"),
    [
        (
            "http://l.example/",
            ["http://l.example/a/b?c=1", "https://www.l.example/x", "http://l.example"],
            ["http://m.example/", "http://l.example:8080/", "http://sub.l.example/", "ftp://l.example/"],
        ),
        ("http://l.example:8001/", ["http://l.example:8001/a"], ["http://l.example/a", "http://l.example:8002/a"]),
        (
            "http://l.example/classes/rivera/",
            [
                "http://l.example/classes/rivera/",
                "http://l.example/classes/rivera",
                "http://l.example/classes/rivera/a.html",
            ],
            ["http://l.example/classes/", "http://l.example/classes/riverax/", "http://l.example/"],
        ),
        (
            "http://l.example/classes/rivera",
            ["http://l.example/classes/rivera/a", "http://l.example/classes/rivera"],
            ["http://l.example/classes/cole"],
        ),
        (
            "http://l.example/classes/rivera.html",
            ["http://l.example/classes/rivera.html", "http://l.example/classes/fair.html"],
            ["http://l.example/fair.html"],
        ),
        ("http://l.example/home", ["http://l.example/news"], ["http://m.example/"]),
        ("http://l.example/index.php", ["http://l.example/news"], ["http://m.example/"]),
        (
            "http://l.example/site.php?class=rivera",
            ["http://l.example/site.php?class=rivera&page=2"],
            ["http://l.example/site.php?class=cole", "http://l.example/site.php", "http://l.example/"],
        ),
    ],
)
def test_an_account_is_its_host_or_the_directory_of_its_address(
    account: str, inside: list[str], outside: list[str]
) -> None:
    scope = Scope(account)

    assert [url for url in inside if not scope.holds(url)] == []
    assert [url for url in outside if scope.holds(url)] == []


@pytest.mark.parametrize("account", ["schön/", "sch%C3%B6n/", "sch%c3%b6n/index.html"])
@pytest.mark.parametrize("page", ["schön/a.html", "sch%C3%B6n/seite%201.html", "sch%c3%b6n/", "schön/über/uns"])
def test_letters_of_any_language_in_the_address_of_an_account_may_be_written_in_either_way(
    account: str, page: str
) -> None:
    assert Scope(f"{SITE}/{account}").holds(f"{SITE}/{page}")


def test_an_account_does_not_hold_what_only_begins_like_it_in_letters_of_another_language() -> None:
    scope = Scope(f"{SITE}/año/", (f"{SITE}/a%C3%B1o/clase/",))

    held = [scope.holds(f"{SITE}/{page}") for page in ("a%C3%B1o/x", "año2/x", "ano/x", "año/clase/x")]

    assert held == [True, False, False, False]


def test_what_belongs_to_a_deeper_account_is_not_read_twice() -> None:
    district = Scope("http://d.example/", ("http://d.example/lincoln/", "http://d.example/teachers/cole.html"))
    lincoln = Scope("http://d.example/lincoln/", ("http://d.example/", "http://d.example/lincoln/blog"))

    held = {
        url: (district.holds(url), lincoln.holds(url))
        for url in (
            "http://d.example/news",
            "http://d.example/lincoln/news",
            "http://d.example/lincoln/blog/1",
            "http://d.example/teachers/cole.html",
            "http://d.example/teachers/rivera.html",
        )
    }

    assert held == {
        "http://d.example/news": (True, False),
        "http://d.example/lincoln/news": (False, True),
        "http://d.example/lincoln/blog/1": (False, False),
        "http://d.example/teachers/cole.html": (False, False),
        "http://d.example/teachers/rivera.html": (True, False),
    }


def test_files_belong_to_the_site_that_links_them_wherever_its_system_keeps_them() -> None:
    scope = Scope(f"{SITE}/classes/rivera/", (f"{SITE}/classes/rivera/cole/",))

    held = [
        url
        for url in (
            f"{SITE}/files/roster.pdf",
            "https://files.riverbend.k12.mt.us/roster.docx",
            "https://resources.finalsite.net/images/v1/riverbend/roster.pdf",
            f"{SITE}/fs/resource-manager/view/12ab",
            f"{SITE}/files/page.html",
            "https://other.example/roster.pdf",
            "https://other.k12.mt.us/roster.pdf",
            f"{SITE}/classes/rivera/cole/roster.pdf",
        )
        if scope.holds_file(url)
    ]

    assert held == [
        f"{SITE}/files/roster.pdf",
        "https://files.riverbend.k12.mt.us/roster.docx",
        "https://resources.finalsite.net/images/v1/riverbend/roster.pdf",
        f"{SITE}/fs/resource-manager/view/12ab",
    ]


def test_frames_of_the_same_site_and_published_documents_are_part_of_the_page() -> None:
    scope = Scope(f"{SITE}/a/")

    assert scope.holds_frame(f"{SITE}/frame.html")
    assert scope.holds_frame("https://docs.google.com/spreadsheets/d/e/2PACX-1/pubhtml?widget=true")
    assert not scope.holds_frame("https://docs.google.com/forms/d/e/1FA/viewform")
    assert not scope.holds_frame("https://www.youtube.com/embed/x")


def test_an_account_that_moved_within_its_domain_takes_its_new_place_along() -> None:
    scope = Scope("http://lincoln.riverbend.example/")

    assert scope.adopt("https://www.riverbend.example/lincoln")
    assert scope.holds("https://www.riverbend.example/lincoln/news")
    assert not scope.holds("https://www.riverbend.example/jefferson/")
    assert not scope.adopt("https://casino.example/")


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.lincoln.k12.mt.us", "lincoln.k12.mt.us"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
    ],
)
def test_a_registrable_domain_is_what_somebody_registered(host: str, domain: str) -> None:
    assert registrable(host) == domain


def admitted(*urls: str) -> int:
    traps = Traps()
    return sum(traps.admits(url) for url in urls)


def test_a_calendar_without_end_is_cut_and_told() -> None:
    traps = Traps()

    months = [f"http://l.example/calendar/{2000 + n // 12}-{n % 12 + 1:02}" for n in range(300)]

    assert sum(traps.admits(url) for url in months) == CALENDAR_PAGES
    assert traps.left_out == {"calendar pages": 300 - CALENDAR_PAGES}


@pytest.mark.parametrize(
    "shape",
    [
        "http://l.example/events?month={0}&year=2026",
        "http://l.example/apps/events/2026/{0}/",
        "http://l.example/calendar.aspx?date=2026-1-{0}",
        "http://l.example/agenda?start={0}",
    ],
)
def test_calendars_of_many_systems_are_known(shape: str) -> None:
    assert admitted(*(shape.format(n) for n in range(200))) == CALENDAR_PAGES


def test_pages_that_their_query_names_are_all_read() -> None:
    assert admitted(*(f"http://l.example/page.php?id={n}" for n in range(1000))) == 1000
    assert admitted(*(f"http://l.example/Page/{n}" for n in range(1000))) == 1000
    assert admitted(*(f"http://l.example/2026/11/{n:02}/post" for n in range(1, 31))) == 30


def test_filters_that_name_no_page_are_cut() -> None:
    assert admitted(*(f"http://l.example/list?color={n}" for n in range(1000))) == QUERY_PAGES


def test_queries_that_change_nothing_are_found_out() -> None:
    traps = Traps()
    for n in range(SAME_PAGES):
        traps.saw(f"http://l.example/a?token={n}", "same")
        traps.saw(f"http://l.example/b?token={n}", f"other {n}")

    assert not traps.admits("http://l.example/a?token=99")
    assert traps.admits("http://l.example/b?token=99")


@pytest.mark.parametrize(
    "path",
    [
        "/a/b" * 11,
        "/news" * 8,
        "/" + "x" * 3000,
        "/wp-login.php",
        "/wp-admin/x",
        "/cdn-cgi/l/email-protection",
        "/user/login",
    ],
)
def test_paths_that_grow_and_doors_of_systems_are_left_alone(path: str) -> None:
    assert admitted(f"http://l.example{path}") == 0


def test_pages_about_signing_up_are_pages() -> None:
    assert admitted("http://l.example/logs", "http://l.example/signs", "http://l.example/sign-up-for-choir") == 3


@given(st.from_regex(r"https?://[\w.:@%\[\]-]{0,12}[/?#]?.{0,5}", fullmatch=True) | st.text(max_size=20))
def test_the_host_of_an_address_is_what_its_parts_say(url: str) -> None:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""

    assert host_of(url) == host


def test_the_sites_of_an_address_are_all_spellings_of_its_host() -> None:
    spelled = ("http://l.example:81", "http://www.l.example:81", "https://l.example:81", "https://www.l.example:81")

    assert sites_of("http://www.L.example:81/a/b?c") == spelled
    assert sites_of("mailto:office@l.example") == ()
