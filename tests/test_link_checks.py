"""The link rules, where a page cannot show the case: what a visit told of a link, and what it could not tell."""

from datetime import date
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.check import Breach, Check, Seen, built
from auditor.checks.broken_link import broken_link
from auditor.checks.commercial_link import commercial_link
from auditor.checks.political_link import political_link
from auditor.model import Account, District, Kind, Link, LinkState, LinkUse, LinkVerdict, Severity

T = TypeVar("T")

ACCOUNT = Account("lincoln-site", Kind.OFFICIAL, "website", "http://127.0.0.2:8001/")
DISTRICT = District("Riverbend School District", "mcps", accounts=(ACCOUNT,))
ALIVE, BROKEN, SUSPICIOUS, SKIPPED = (
    LinkVerdict.ALIVE,
    LinkVerdict.BROKEN,
    LinkVerdict.SUSPICIOUS,
    LinkVerdict.SKIPPED,
)
PAGE = "http://127.0.0.2:8001/news.html"


def seen(state: LinkState, link: Link | None = None, **options: object) -> Seen[LinkUse]:
    use = LinkUse(link or Link(state.url, "a link"), PAGE, 1, state)
    return Seen(use, ACCOUNT, None, DISTRICT, options, date(2026, 11, 16), Severity.MODERATE)


def outcomes(check: object, state: LinkState, link: Link | None = None, **options: object) -> list[str]:
    return [answer.outcome.value for answer in check.judge(seen(state, link, **options))]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (LinkState("https://a.example/", BROKEN, "It is gone.", 404, kind="404"), ["fail"]),
        (LinkState("https://a.example/", BROKEN, "It broke off.", kind="broke-off", sure=False), ["review"]),
        (LinkState("https://a.example/", SUSPICIOUS, "It says so.", 200, kind="soft-404"), ["fail"]),
        (LinkState("https://a.example/", SUSPICIOUS, "It may say so.", 200, kind="soft-404", sure=False), ["review"]),
        (LinkState("https://a.example/#x", SUSPICIOUS, "No such place.", 200, kind="fragment", sure=False), ["review"]),
        (LinkState(f"{PAGE}#tab", SUSPICIOUS, "No such place.", 200, kind="fragment", sure=False), []),
        (LinkState(f"{PAGE}#recipes", SUSPICIOUS, "No such place.", 200, kind="fragment"), ["fail"]),
        (LinkState(f"{PAGE}#content", SUSPICIOUS, "It says so.", 200, kind="soft-404"), []),
        (LinkState(f"{PAGE}#", SUSPICIOUS, "It may say so.", 200, kind="soft-404", sure=False), []),
        (LinkState(PAGE, SUSPICIOUS, "It says so.", 200, kind="soft-404"), ["fail"]),
        (LinkState("https://a.example/x", SUSPICIOUS, "Front page.", 200, kind="home"), ["review"]),
        (LinkState("https://a.example/x", SUSPICIOUS, "Front page.", 200, kind="home", sure=False), []),
        (LinkState("https://a.example/x", SUSPICIOUS, "A login.", 200, kind="login", sure=False), []),
        (LinkState("https://a.example/x", SUSPICIOUS, "Unreadable.", 0, kind="garbled", sure=False), []),
    ],
)
def test_a_link_is_broken_for_certain_or_a_question_or_fine(state: LinkState, expected: list[str]) -> None:
    assert outcomes(broken_link, state) == expected


@pytest.mark.parametrize(
    "link",
    [
        Link("https://fonts.example/", tag="link", rel=("preconnect",)),
        Link("https://a.example/xmlrpc.php", tag="link", rel=("pingback",)),
        Link("https://a.example/send", tag="form"),
    ],
)
def test_what_nobody_opens_like_a_page_is_no_broken_link(link: Link) -> None:
    state = LinkState(link.url, BROKEN, "The page is not there (404).", 404, kind="404")

    assert outcomes(broken_link, state, link) == []


@pytest.mark.parametrize(
    ("outlet", "sure", "options", "expected"),
    [
        ("shop page", True, {}, ["fail"]),
        ("shop page", False, {}, ["review"]),
        ("shop page", True, {"hosts": ["b.example"]}, []),
    ],
)
def test_a_shop_by_its_page_is_certain_as_far_as_the_visit_was(
    outlet: str, sure: bool, options: dict[str, object], expected: list[str]
) -> None:
    url = "https://shop.b.example/product/1"
    state = LinkState(
        url, ALIVE, link_class="commercial", outlet=outlet, outlet_why="a page that sells", outlet_sure=sure
    )

    assert outcomes(commercial_link, state, None, **options) == expected


def test_a_shop_that_nobody_visited_is_known_by_its_address() -> None:
    assert outcomes(commercial_link, LinkState("https://www.etsy.com/shop/x", SKIPPED)) == ["fail"]


@pytest.mark.parametrize(("allow", "expected"), [(["connected"], []), ([], ["review"])])
def test_a_camp_for_children_is_fine_where_the_policy_says_so(allow: list[str], expected: list[str]) -> None:
    state = LinkState("https://camp.example/", ALIVE, outlet="youth", outlet_why="an activity for children")

    assert outcomes(commercial_link, state, allow=allow) == expected


def test_a_picture_from_a_shop_is_no_link_to_it() -> None:
    link = Link("https://www.etsy.com/pixel.gif", tag="img")

    assert outcomes(commercial_link, LinkState(link.url, ALIVE, link_class="commercial"), link) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Quill & Sons Plumbing, LLC", "The words of the link name a company."),
        ("Photos by Dana Reyes", "The words of the link say who made the pictures or the page."),
    ],
)
def test_who_made_the_pictures_is_not_called_a_company(words: str, told: str) -> None:
    link = Link("https://a.example/", words)

    (answer,) = commercial_link.judge(seen(LinkState(link.url, ALIVE), link))

    assert isinstance(answer, Breach)
    assert (answer.outcome.value, answer.excerpt) == ("review", told)


def test_a_campaign_by_its_name_only_is_a_question() -> None:
    by_name = LinkState("https://alderforsenate.example/", ALIVE, link_class="political", outlet_sure=False)

    assert outcomes(political_link, by_name) == ["review"]


def test_no_excerpt_repeats_the_words_of_a_link() -> None:
    """Link words may name a child."""
    link = Link("https://a.example/gone", "Photos of Quentin Alderbrook")
    state = LinkState(link.url, BROKEN, "The page is not there (404).", 404, kind="404")

    (breach,) = broken_link.judge(seen(state, link))

    assert "Quentin" not in repr(breach)


LINK_CHECKS = [check for check in built().values() if check.reads is LinkUse]


def test_every_check_of_links_tells_which_it_has_nothing_to_say_of() -> None:
    assert [check.id for check in LINK_CHECKS if check.is_silent is None] == []


@pytest.mark.parametrize("check", LINK_CHECKS, ids=lambda check: check.id)
@given(
    site=st.sampled_from(
        ["http://127.0.0.2:8001", "https://lincoln.example", "https://shop.example", "http://ünï.example"]
    ),
    path=st.text(max_size=20)
    | st.sampled_from(["cart?tag=school-20", "buy#now", "%", "a/../shop/?utm_medium=affiliate"]),
    words=st.text(max_size=20) | st.sampled_from(["Photo by Acme LLC", "Soccer camp"]),
    tag=st.sampled_from(["a", "img", "form", "link", "script", "iframe"]),
    rel=st.lists(st.sampled_from(["sponsored", "stylesheet", "me", "nofollow"])),
    places=st.integers(1, 5000),
)
def test_a_check_that_is_silent_on_a_site_says_nothing_of_a_link_to_a_page_that_is_there(
    check: Check, site: str, path: str, words: str, tag: str, rel: list[str], places: int
) -> None:
    domains, blocked = ("lincoln.example",), frozenset({"shop.example"})
    district = District("Riverbend", "mcps", email_domains=domains, accounts=(ACCOUNT,), blocked_hosts=blocked)
    url = f"{site}/{path}"
    use = LinkUse(Link(url, words, tag, tuple(rel)), PAGE, places, LinkState(url, ALIVE, status=200, final_url=url))

    def shown(subject: T) -> Seen[T]:
        return Seen(subject, ACCOUNT, None, district, {}, date(2026, 11, 16), Severity.MODERATE)

    assert check.is_silent is not None
    if check.is_silent(shown(site)):
        assert list(check.judge(shown(use))) == []


def test_a_check_of_shops_is_silent_on_the_districts_own_sites_only() -> None:
    asked = Seen("http://127.0.0.2:8001", ACCOUNT, None, DISTRICT, {}, date(2026, 11, 16), Severity.MODERATE)

    assert commercial_link.is_silent is not None
    assert commercial_link.is_silent(asked)
    assert not commercial_link.is_silent(asked._replace(subject="https://shop.example"))
