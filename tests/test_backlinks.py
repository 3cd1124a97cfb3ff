"""An account is linked from a school's site, is not, or nobody can tell."""

from datetime import UTC, datetime

from auditor.backlinks import leads_to, linked, linked_from, may_hold, sites_for
from auditor.model import Account, Coverage, Kind, Link, LinkState, LinkUse, LinkVerdict

SITE = Account("lincoln-site", Kind.OFFICIAL, "website", "http://lincoln.example/", school="lincoln")
OFFICE = Account("office-site", Kind.OFFICIAL, "website", "http://riverbend.example/")
PAGE = Account("lincoln-page", Kind.OFFICIAL, "facebook", "https://www.facebook.com/LincolnLynx", school="lincoln")
BLOG = Account("oak-blog", Kind.CLASSROOM, "website", "http://blogs.example/oak/", school="oak")


def read(account: Account, *, complete: bool) -> Coverage:
    return Coverage(account.id, account.school, "website", complete, 3, datetime(2026, 11, 16, tzinfo=UTC))


def test_a_school_without_a_site_is_linked_from_the_districts_own() -> None:
    assert sites_for(PAGE, [SITE, OFFICE, PAGE, BLOG]) == (SITE,)
    assert sites_for(BLOG, [SITE, OFFICE, PAGE, BLOG]) == (OFFICE,)


def use(url: str, page: str, *hops: str) -> LinkUse:
    return LinkUse(Link(url), page, 1, LinkState(url, LinkVerdict.ALIVE, hops=hops))


def test_every_spelling_of_a_profile_counts_as_a_link_to_it() -> None:
    links = linked([use("https://m.facebook.com/LincolnLynx/?ref=page", "http://lincoln.example/about")], [PAGE, BLOG])

    assert linked_from(PAGE, [SITE], {SITE.id: links}, {}) == ("http://lincoln.example/about",)
    assert linked_from(BLOG, [SITE], {SITE.id: links}, {}) is None


def test_a_short_address_that_forwards_to_a_profile_counts_as_a_link_to_it() -> None:
    short = use("http://lincoln.example/go", "http://lincoln.example/about", "https://www.facebook.com/lincolnlynx/")

    assert linked([short], [PAGE]) == {PAGE.id: "http://lincoln.example/about"}


def test_of_many_links_to_an_account_the_first_is_proof_enough() -> None:
    uses = [use(f"{BLOG.url}{page}", f"http://riverbend.example/{page}") for page in ("maps", "rivers")]

    assert linked(uses, [PAGE, BLOG]) == {BLOG.id: "http://riverbend.example/maps"}


def test_no_link_on_a_site_that_was_read_completely_means_unlinked() -> None:
    assert linked_from(PAGE, [SITE], {SITE.id: {}}, {SITE.id: read(SITE, complete=True)}) == ()


def test_no_link_on_a_site_that_was_read_in_part_means_that_nobody_can_tell() -> None:
    assert linked_from(PAGE, [SITE], {SITE.id: {}}, {SITE.id: read(SITE, complete=False)}) is None
    assert linked_from(PAGE, [SITE], {}, {}) is None
    assert linked_from(PAGE, [], {}, {}) is None


def test_a_page_below_a_class_blog_leads_to_it_and_a_neighbour_does_not() -> None:
    assert leads_to("https://www.blogs.example/oak/maps#top", BLOG.url)
    assert leads_to("http://blogs.example/oak", BLOG.url)
    assert not leads_to("http://blogs.example/oakland/", BLOG.url)
    assert not leads_to("http://blogs.example:8080/oak/", BLOG.url)
    assert leads_to("http://blogs.example/ni%C3%B1os/fotos", "http://blogs.example/niños/")


def test_a_site_may_hold_an_account_that_lies_on_its_host_or_on_a_platform() -> None:
    assert may_hold("https://www.blogs.example", [PAGE, BLOG])
    assert may_hold("https://m.facebook.com", [BLOG])
    assert not may_hold("http://lincoln.example", [PAGE, BLOG])
    assert not may_hold("http://blogs.example:8080", [PAGE, BLOG])
