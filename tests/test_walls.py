"""What stands before a page, whether it is an empty shell, what a host allows and lists, and which platform is read."""

import gzip
from datetime import UTC, date, datetime

import pytest

from auditor.model import Account, Blind, Coverage, Document, Kind, Passage, Reason
from auditor.outlets import platforms as outlets
from auditor.outlets.phrases import BOT_CHECK
from spiders import robots, sitemap, walls
from spiders.coverage import Tally, refused
from spiders.fetch import Answer
from spiders.html import read
from spiders.platform import Refusal, Route
from spiders.platforms import PLATFORMS, plan
from spiders.shell import needs_browser

URL = "http://lincoln.example/"
WORDS = "<p>" + "The science fair was a great day for all of us. " * 20 + "</p>"
MENU = "<nav>" + "".join(f"<a href=/{n}>Menu entry {n}</a> " for n in range(200)) + "</nav>"


# ------------------------------------------------------------------------------------------------ shells


@pytest.mark.parametrize(
    "markup",
    [
        '<div id="root"></div><script src="/app.js"></script>',
        '<div id="app"><p>Loading...</p></div><script src="/app.js"></script>',
        "<body><noscript>You need to enable JavaScript to run this app.</noscript><script src=x></script>",
        '<app-root></app-root><script src="main.js"></script>',
        '<title>Lincoln</title><script>var a = 1;</script><div class="loader"></div>',
        f'{MENU}<div id="pageContentWrapper"></div><footer>x</footer><script src="x"></script>',
        f'{MENU}<main id="maincontent"> <!-- later --> <div class="x"></div></main><footer>x</footer><script></script>',
    ],
)
def test_an_empty_shell_is_told_by_what_it_lacks(markup: str) -> None:
    body = markup.encode()

    assert needs_browser(read(body, URL), body)


@pytest.mark.parametrize(
    "markup",
    [
        WORDS,
        f"{WORDS}<script src=x></script>",
        "<p>Closed today.</p>",
        f'<div id="__next"><main>{WORDS}</main></div><script>hydrate()</script>',
        "<p>Pictures</p><img src=a.jpg><img src=b.jpg><script src=x></script>",
        '<iframe src="/calendar"></iframe><script src=x></script>',
        f'{MENU}<div id="pageContentWrapper">{WORDS}</div><script></script>',
        f"{MENU}<main><h1>Staff</h1><p>Dana Reyes, principal, teaches grade 5</p></main><script></script>",
        f"<noscript>Please enable JavaScript</noscript>{WORDS}<script></script>",
        "<a href=1>One</a> <a href=2>Two</a> <a href=3>Three</a><script></script>",
        "<meta http-equiv=refresh content='0;url=/home'><p>Redirecting<script src=x></script>",
        "<p>Room 12 is closed today because of the science fair. Please come to the office in the main building "
        "instead, and bring your slip.</p><script src=x></script>",
        "",
    ],
)
def test_a_page_that_shows_something_needs_no_browser(markup: str) -> None:
    body = markup.encode()

    assert not needs_browser(read(body, URL), body)


# ------------------------------------------------------------------------------------------------ walls


@pytest.mark.parametrize(
    ("status", "title", "reason", "words"),
    [
        (401, "", Reason.LOGIN_WALL, "it asks visitors to log in (error 401)"),
        (403, "Forbidden", Reason.LOGIN_WALL, "it does not let visitors in (error 403)"),
        (999, "", Reason.LOGIN_WALL, "it does not let visitors in (error 999)"),
        (403, "Just a moment...", Reason.UNREACHABLE, "the site showed a bot check instead of the page"),
        (503, "Client Challenge", Reason.UNREACHABLE, "the site showed a bot check instead of the page"),
        (429, "", Reason.RATE_LIMITED, "it asked us to come back later (error 429)"),
        (404, "", Reason.UNREACHABLE, "there is no page at this address (error 404)"),
        (500, "", Reason.UNREACHABLE, "its server failed (error 500)"),
        (406, "", Reason.UNREACHABLE, "its server would not show the page (error 406)"),
        (302, "", Reason.UNREACHABLE, "it sends visitors on without saying where"),
    ],
)
def test_a_refusal_says_what_happened(status: int, title: str, reason: Reason, words: str) -> None:
    assert walls.refusal(status, title) == Blind(words, reason)


def test_a_page_is_no_refusal() -> None:
    assert walls.refusal(200, "Just a moment...") is None


@pytest.mark.parametrize(
    ("markup", "blind"),
    [
        ("<title>Just a moment...</title><p>Checking", Blind(BOT_CHECK, Reason.UNREACHABLE)),
        ("<title>Client Challenge</title>", Blind(BOT_CHECK, Reason.UNREACHABLE)),
        ("<h1>Log in</h1><form><input name=p type=password></form>", Blind(walls.LOGIN, Reason.LOGIN_WALL)),
        (f"<title>Just a moment for science</title>{WORDS * 10}", None),
        (f"{WORDS}{WORDS}<form><input type='password'></form>", None),
        ("<p>What is a password?", None),
        (f"<table><tr><td>{WORDS}{WORDS}</table><form><input type=password></form>", None),
        ("<form>Name <input name=n> Grade <input type=radio> 3 <input type='password'></form>", None),
    ],
)
def test_a_page_served_in_place_of_another_is_told(markup: str, blind: Blind | None) -> None:
    body = markup.encode()

    assert walls.stands_before(read(body, URL), body) == blind


@pytest.mark.parametrize(
    ("url", "login"),
    [
        ("https://accounts.google.com/v3/signin", True),
        ("https://login.microsoftonline.com/x", True),
        ("https://riverbend.okta.com/app", True),
        ("http://l.example/wp-login.php?redirect_to=x", True),
        ("http://l.example/users/sign_in/", False),
        ("http://l.example/login", True),
        ("http://l.example/Account/Login.aspx", True),
        ("http://l.example/blog-in-spring", False),
        ("http://l.example/authors/", False),
        ("http://[::1", False),
    ],
)
def test_a_login_is_known_by_its_address(url: str, login: bool) -> None:
    assert walls.is_login(url) is login


# ------------------------------------------------------------------------------------------------ robots and lists


def rules(text: str | bytes, status: int = 200) -> robots.Robots:
    body = text if isinstance(text, bytes) else text.encode()
    return robots.read(Answer(f"{URL}robots.txt", status=status, media_type="text/plain", body=body))


def test_rules_for_everyone_and_for_us_are_obeyed() -> None:
    everyone = rules("User-agent: *\nDisallow: /private\nCrawl-delay: 7\nSitemap: http://lincoln.example/map.xml")
    ours = rules("User-agent: *\nDisallow: /\n\nUser-agent: auditor\nDisallow: /no")

    assert (everyone.allows(f"{URL}private/x"), everyone.allows(f"{URL}x")) == (False, True)
    assert (everyone.delay, everyone.sitemaps) == (7.0, ("http://lincoln.example/map.xml",))
    assert (ours.allows(f"{URL}no"), ours.allows(f"{URL}x"), ours.delay) == (False, True, 0.0)


@pytest.mark.parametrize(
    ("text", "status"),
    [("", 200), ("x", 404), ("x", 403), ("<html>not found", 200), (b"\xff\xfe\0junk", 200), ("Disallow /", 410)],
)
def test_without_rules_everything_is_allowed(text: str | bytes, status: int) -> None:
    found = rules(text, status)

    assert (found.allows(f"{URL}x"), found.blind) == (True, None)


def test_a_host_that_cannot_tell_its_rules_is_left_alone() -> None:
    silent = Blind("it did not answer within 15 seconds", Reason.UNREACHABLE)

    assert rules("", 429).blind == Blind("it asked us to come back later (error 429)", Reason.RATE_LIMITED)
    assert rules("", 503).blind is not None
    assert robots.read(Answer(URL, blind=silent)).blind == silent


def test_hostile_rules_are_read_in_no_time() -> None:
    found = rules("User-agent: *\nDisallow: /" + "a*" * 5000 + "$\n" + "Disallow: /x\n" * 200_000)

    assert found.allows(URL + "a" * 2000 + "b")


@pytest.mark.parametrize(
    ("text", "listing"),
    [
        (
            "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc> http://l.example/a </loc></url>"
            "<url><loc>http://l.example/b</loc></url><url><loc>ftp://x</loc></url></urlset>",
            sitemap.Listing(pages=("http://l.example/a", "http://l.example/b")),
        ),
        (
            "<sitemapindex><sitemap><loc>http://l.example/s.xml</loc></sitemap></sitemapindex>",
            sitemap.Listing(sitemaps=("http://l.example/s.xml",)),
        ),
        (
            "<rss><channel><link>http://l.example/</link><item><link>http://l.example/p</link></item></channel></rss>",
            sitemap.Listing(pages=("http://l.example/", "http://l.example/p")),
        ),
        (
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='http://l.example/p'/></entry></feed>",
            sitemap.Listing(pages=("http://l.example/p",)),
        ),
        ("<urlset><url><loc>http://l.example/a</loc></url><url><lo", sitemap.Listing(pages=("http://l.example/a",))),
        ("<html><loc>http://l.example/a</loc></html>", sitemap.Listing()),
        ("not xml", sitemap.Listing()),
        ("", sitemap.Listing()),
        (
            '<!DOCTYPE x [<!ENTITY a "b">]><urlset><url><loc>http://l.example/&a;</loc></url></urlset>',
            sitemap.Listing(),
        ),
    ],
)
def test_lists_of_pages_are_read_and_anything_else_is_not(text: str, listing: sitemap.Listing) -> None:
    assert sitemap.read(text.encode()) == listing
    assert sitemap.read(gzip.compress(text.encode())) == listing


def test_bombs_in_lists_are_refused() -> None:
    laughs = '<!DOCTYPE l [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "&a;" * 10}">' for n in range(12)
    )
    zeros = gzip.compress(b"<urlset>" + b" " * 200_000_000)

    assert (
        sitemap.read(f"{laughs}]><urlset><url><loc>http://l.example/&a11;</loc></url></urlset>".encode())
        == sitemap.Listing()
    )
    assert sitemap.read(zeros) == sitemap.Listing(cut=True)
    assert sitemap.read(b"\x1f\x8bbroken") == sitemap.Listing()


@pytest.mark.parametrize("more", [0, 1])
def test_a_list_of_a_million_pages_is_cut_and_says_so(more: int) -> None:
    count = sitemap.MAX_ADDRESSES + more
    pages = b"".join(b"<url><loc>http://l.example/%d</loc></url>" % n for n in range(count))

    listing = sitemap.read(b"<urlset>" + pages + b"</urlset>")

    assert (len(listing.pages), listing.cut) == (sitemap.MAX_ADDRESSES, bool(more))


# ------------------------------------------------------------------------------------------------ platforms, coverage


def account(platform: str, kind: Kind = Kind.OFFICIAL, url: str = URL, consent: bool = True) -> Account:
    return Account("a", kind, platform, url, school="lincoln", consent_on=date(2026, 9, 1) if consent else None)


def refusal(asked: Account) -> Reason | str:
    planned = plan(asked, {})
    return planned.blind.reason if isinstance(planned, Refusal) else planned.name


@pytest.mark.parametrize(
    ("platform", "url", "official", "personal"),
    [
        ("website", URL, "website", "website"),
        ("wordpress", "http://lincoln.wordpress.com/", "website", "website"),
        ("googlesites", "https://sites.google.com/view/x", "website", "website"),
        ("facebook", "https://www.facebook.com/lincoln", Reason.NO_TOKEN, Reason.TERMS),
        ("x", "https://x.com/lincoln", Reason.NO_TOKEN, Reason.TERMS),
        ("classdojo", "https://www.classdojo.com/x", "one page", Reason.NOT_IN_ROUTE),
        ("bluesky", "https://bsky.app/profile/x", "bluesky", "bluesky"),
        ("mastodon", "https://social.example/@x", "mastodon", "mastodon"),
        ("flickr", "https://www.flickr.com/photos/x", Reason.NO_TOKEN, Reason.NO_TOKEN),
        ("website", "https://bsky.app/profile/x", "bluesky", "bluesky"),
        ("website", "https://www.facebook.com/lincoln", Reason.NO_TOKEN, Reason.TERMS),
        ("myspace", "https://myspace.example/x", Reason.NOT_IN_ROUTE, Reason.NOT_IN_ROUTE),
    ],
)
def test_each_platform_says_how_its_accounts_are_read_or_why_not(
    platform: str, url: str, official: str, personal: str
) -> None:
    assert refusal(account(platform, url=url)) == official
    assert refusal(account(platform, Kind.PERSONAL, url)) == personal


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_a_personal_account_that_was_not_offered_is_never_read(platform: str) -> None:
    assert refusal(account(platform, Kind.PERSONAL, consent=False)) == Reason.NO_CONSENT


def test_every_refusal_speaks_in_whole_sentences_and_says_what_to_do() -> None:
    for platform in PLATFORMS:
        for kind in (Kind.OFFICIAL, Kind.PERSONAL):
            planned = plan(account(platform, kind), {})
            assert isinstance(planned, Route | Refusal)
            if isinstance(planned, Refusal):
                assert planned.blind.what[0].isupper()
                assert planned.blind.what.endswith(".")
                assert planned.blind.remedy


@pytest.mark.parametrize("platform", [p for p in outlets.PLATFORMS.values() if p.closed == "token"], ids=lambda p: p.id)
def test_who_offers_a_profile_that_no_program_may_read_is_told_what_to_look_at(platform: outlets.Platform) -> None:
    planned = plan(account(platform.id, Kind.PERSONAL), {})

    assert isinstance(planned, Refusal)
    assert platform.self_check
    assert planned.blind.remedy.endswith(" ".join(platform.self_check))
    assert all(step[0].isupper() and step.endswith(".") for step in platform.self_check)


NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_an_account_read_whole_is_complete() -> None:
    tally = Tally(account("website"))
    tally.saw(Document(URL, (Passage("x"),), published_on=datetime(2026, 11, 5, tzinfo=UTC)))
    tally.saw(Document(f"{URL}old", published_on=datetime(2025, 1, 5, tzinfo=UTC)))
    tally.saw(Document(f"{URL}undated"))

    oldest = datetime(2025, 1, 5, tzinfo=UTC)
    assert tally.coverage(NOON) == Coverage("a", "lincoln", "website", True, 3, NOON, oldest)
    assert (tally.newest, tally.failure) == (datetime(2026, 11, 5, tzinfo=UTC), "")


def test_gaps_of_one_kind_are_told_once_with_their_number_and_a_remedy() -> None:
    tally = Tally(account("website"))
    tally.saw(Document(URL))
    for n in range(1200):
        tally.missed(f"{URL}{n}", Blind("it asks visitors to log in (error 401)", Reason.LOGIN_WALL))
    tally.missed(f"{URL}x.doc", Blind("it is old", Reason.NOT_IN_ROUTE, "Save it as PDF."))
    tally.missed("", Blind("The visit stopped after 500 pages; 9 addresses were not visited.", Reason.LIMIT))

    coverage = tally.coverage(NOON)

    assert not coverage.complete
    assert [(b.what, b.reason) for b in coverage.blind] == [
        (f"1,200 pages, such as {URL}0: it asks visitors to log in (error 401)", Reason.LOGIN_WALL),
        (f"{URL}x.doc: it is old", Reason.NOT_IN_ROUTE),
        ("The visit stopped after 500 pages; 9 addresses were not visited.", Reason.LIMIT),
    ]
    assert coverage.blind[1].remedy == "Save it as PDF."
    assert all(b.remedy for b in coverage.blind)


def test_an_account_of_which_nothing_was_read_says_why_in_a_sentence() -> None:
    tally = Tally(account("website"))
    tally.missed(URL, Blind("its name does not exist on the internet", Reason.UNREACHABLE))

    assert tally.failure == "The account could not be read: its name does not exist on the internet."
    assert not tally.coverage(NOON).complete
    assert Tally(account("website")).failure == "The account could not be read: nothing was found there."

    asked = Tally(account("bluesky"))
    asked.missed("", Blind("api.example: its server failed (error 500).", Reason.PLATFORM_OUTAGE))
    assert asked.failure == "The account could not be read: api.example: its server failed (error 500)."
    assert [blind.remedy for blind in asked.coverage(NOON).blind] == [
        "The next audit tries again. Look at the account yourself until then."
    ]


def test_a_refused_account_is_not_complete() -> None:
    blind = Blind("Facebook can be read with a token only.", Reason.NO_TOKEN, "Look yourself.")

    assert refused(account("facebook"), blind, NOON) == Coverage("a", "lincoln", "none", False, 0, NOON, None, (blind,))
