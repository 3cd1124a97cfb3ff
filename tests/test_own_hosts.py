"""Accounts on hosts of their own: what a front page shows tells which platform it is on, asked once, politely."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model import Account, Kind, Reason
from auditor.outlets.platforms import shown_by
from spiders import signs, website
from spiders.platform import Route
from spiders.platforms import as_shown, plan
from spiders.probe import Look, look
from spiders.reactor import run
from spiders.reading import Assignment
from tests.recordings import recorded
from tests.servers import Reply, Site, serve
from tests.servers import Route as Page
from tests.test_audit import District
from tests.test_wordpress import Book
from tests.visits import OPTIONS, Notes, to

LOOPBACK = ("--allow-network", "127.0.0.0/8")
NO_RULES: dict[str, Page] = {"/robots.txt": Reply(status=404), "/sitemap.xml": Reply(status=404)}
WELCOME = "<title>Room 7</title><p>Welcome to our class.</p>"
FEED = """<rss version='2.0'><channel><title>Room 7</title>
<item><title>The fair</title><link>{0}p/fair</link><description>On Friday in the gym.</description></item>
</channel></rss>"""
FRONTS: dict[str, Page] = {
    "wordpress": f'<meta name="generator" content="WordPress 6.9">{WELCOME}',
    "blogger": f"<meta content='blogger' name='generator'>{WELCOME}",
    "tumblr": Reply(WELCOME, headers={"X-Tumblr-User": "room7"}),
    "substack": Reply(WELCOME, headers={"X-Cluster": "substack"}),
    "medium": f'<meta property="al:ios:app_name" content="Medium">{WELCOME}',
    "weebly": Reply(WELCOME, headers={"X-Host": "grn12.sf2p.intern.weebly.net"}),
    "wix": f'<meta name="generator" content="Wix.com Website Builder">{WELCOME}',
    "googlesites": f'<link rel="stylesheet" href="https://www.gstatic.com/_/atari/_/ss/k=atari.vw.x">{WELCOME}',
}


def looked(site: Site, path: str = "/", memory: Book | None = None) -> Look:
    return run(look(site.at(path), OPTIONS, memory))


# ------------------------------------------------------------------------------------------------ one look


@pytest.mark.parametrize("platform", FRONTS)
def test_a_front_page_shows_the_platform_that_makes_it_and_is_asked_once(platform: str) -> None:
    book = Book()

    with serve({**NO_RULES, "/": FRONTS[platform]}) as site:
        first = looked(site, memory=book)
        again = looked(site, memory=book)

    assert first == again == Look(site.url, platform)
    assert site.asked("/") == 1


def test_a_server_of_the_fediverse_is_asked_for_its_software_where_the_address_looks_like_a_profile() -> None:
    routes: dict[str, Page] = {
        "/@room7": WELCOME,
        "/room7": WELCOME,
        "/nodeinfo/2.0": '{"software": {"name": "Akkoma"}}',
    }

    with serve({**NO_RULES, **routes, "/.well-known/nodeinfo": lambda _: json.dumps(known(site))}) as site:
        profile, another = looked(site, "/@room7"), looked(site, "/room7")

    assert (profile.platform, another.platform) == ("mastodon", "")
    assert site.asked("/nodeinfo/2.0") == 1


def known(site: Site) -> Mapping[str, object]:
    return {"links": [{"href": "http://169.254.1.1/2.0"}, {"href": site.at("/nodeinfo/2.0")}]}


@pytest.mark.parametrize(
    "page",
    [
        WELCOME,
        '<iframe src="https://room7.tumblr.com"></iframe><script src="https://substackcdn.com/embed.js"></script>',
        '<p>Made with <a href="https://www.wix.com">Wix.com</a> and WordPress</p>',
        '<meta name="generator" content="Drupal 11">',
    ],
)
def test_what_a_page_only_mentions_or_embeds_does_not_make_it(page: str) -> None:
    assert shown_by(signs.of("https://room7.example/", lambda _: "", page.encode())) is None


def test_recorded_front_pages_tell_by_themselves_what_makes_them_and_no_other_page_is_taken_for_one() -> None:
    told = {
        page.parent.name: shown_by(signs.of("https://a.example/", lambda _: "", page.read_bytes()))
        for page in recorded("microlinkhq/metascraper", "packages/metascraper/test/integration/*/input.html")
    }

    blogs = {name: platform for name, platform in told.items() if platform not in (None, "wordpress")}
    assert blogs == {"blogger": "blogger", "googleblog": "blogger", "medium": "medium", "substack": "substack"}
    assert sum(platform == "wordpress" for platform in told.values()) >= 15
    assert {"wikipedia", "vimeo", "the-guardian", "linkedin-company"} <= {name for name in told if told[name] is None}


@given(
    st.lists(
        st.sampled_from(["<meta ", "<link ", "<script ", "name=", "rel=", "content=", "href=", "src=", "'", '"', ">"])
    ),
    st.binary(max_size=200),
    st.text(max_size=80),
)
def test_no_page_and_no_header_breaks_the_reader_of_signs(markup: list[str], noise: bytes, header: str) -> None:
    seen = signs.of("https://a.example/", lambda _: header, "http".join(markup).encode() + noise)

    assert all(value and len(value) <= 500 for value in seen.values())


def test_where_signs_speak_of_two_platforms_nobody_can_tell() -> None:
    page = b'<meta name="generator" content="WordPress 6.9">'

    assert shown_by(signs.of("https://a.example/", lambda name: "x" * (name == "x-tumblr-user"), page)) is None


@pytest.mark.parametrize(
    ("routes", "reason"),
    [
        ({"/robots.txt": "User-agent: *\nDisallow: /", "/": FRONTS["wix"]}, Reason.ROBOTS),
        ({"/robots.txt": Reply(status=404), "/": Reply(status=403)}, Reason.LOGIN_WALL),
        ({"/robots.txt": Reply(status=404), "/": to("/login")}, Reason.LOGIN_WALL),
        ({"/robots.txt": Reply(status=404), "/": Reply(status=503)}, Reason.UNREACHABLE),
    ],
)
def test_a_look_that_fails_says_why_and_is_not_remembered(routes: Mapping[str, Page], reason: Reason) -> None:
    book = Book()

    with serve(routes) as site:
        seen = looked(site, memory=book)

    assert (seen.platform, seen.blind and seen.blind.reason) == ("", reason)
    assert book.kept == {}


# ------------------------------------------------------------------------------------------------ an account, read


def read(site: Site, book: Book, path: str = "/") -> Notes:
    """What a visit brings of an account that somebody entered as a website."""
    notes, account = Notes(), Account("room7", Kind.CLASSROOM, "website", site.at(path))
    planned = plan(account, {})
    assert isinstance(planned, Route)
    run(website.read([Assignment(account, route=planned)], OPTIONS, notes, None, book))
    return notes


@pytest.mark.parametrize(("platform", "feed"), [("substack", "/feed"), ("tumblr", "/rss")])
def test_a_blog_on_a_platform_is_read_by_its_feed_and_none_of_its_pages(platform: str, feed: str) -> None:
    front = FRONTS[platform]
    assert isinstance(front, Reply)
    linking = replace(front, body=WELCOME + '<a href="/p/old">Old</a>')
    book, routes = Book(), {**NO_RULES, "/": linking, "/p/old": "<p>Old"}

    with serve({**routes, feed: lambda _: Reply(FEED.format(site.url), type="text/xml")}) as site:
        first = read(site, book)
        before = list(site.hits)
        again = read(site, book)

    assert [one.url.removeprefix(site.url).strip("/") for one in first.documents] == ["", "p/fair"]
    assert [one.url for one in again.documents] == [one.url for one in first.documents]
    assert before == ["GET /robots.txt", "GET /", f"GET {feed}"]
    assert site.hits[len(before) :] == ["GET /robots.txt", f"GET {feed}"]
    assert first.gaps == again.gaps == []
    account = Account("room7", Kind.CLASSROOM, "website", site.url)
    assert as_shown(account, book).platform == platform


def test_a_blog_that_left_its_platform_is_looked_at_again() -> None:
    book, routes = Book(), {**NO_RULES, "/": FRONTS["substack"], "/about": "<p>About us"}

    with serve({**routes, "/feed": Reply(FEED.format("https://a.example/"), type="text/xml")}) as site:
        port = int(site.url.rpartition(":")[2].strip("/"))
        read(site, book)
    with serve({**NO_RULES, "/": WELCOME + '<a href="/about">About</a>', "/about": "<p>About us"}, port=port) as site:
        notes = read(site, book)

    assert [one.url for one in notes.documents] == [site.url, site.at("/about")]
    assert notes.gaps == []
    assert as_shown(Account("room7", Kind.CLASSROOM, "website", site.url), book).platform == "website"


def test_a_feed_that_fails_is_told_and_what_its_front_page_showed_is_not_forgotten() -> None:
    book, routes = Book(), {**NO_RULES, "/": FRONTS["substack"], "/feed": Reply(status=503)}

    with serve(routes) as site:
        notes = read(site, book)
        again = read(site, book)
        routes["/"] = Reply(status=503)
        down = read(site, book)

    assert (notes.documents, notes.reasons) == (again.documents, again.reasons) == ([], [Reason.PLATFORM_OUTAGE])
    assert (down.documents, down.reasons) == ([], [Reason.UNREACHABLE])
    assert as_shown(Account("room7", Kind.CLASSROOM, "website", site.url), book).platform == "substack"


def test_an_account_entered_as_a_website_is_judged_as_what_it_is(tmp_path: Path) -> None:
    district = District(tmp_path)

    with serve(
        {**NO_RULES, "/": FRONTS["tumblr"], "/rss": lambda _: Reply(FEED.format(site.url), type="text/xml")}
    ) as site:
        district.configure(site.url)
        district.auditor("audit", "--account", "lincoln-site")
        coverage = json.loads(district.auditor("coverage", "--format", "jsonl").stdout)
        verdicts = district.auditor("verdicts", "--format", "jsonl").stdout.splitlines()
        report = (tmp_path / "data" / "reports" / "lincoln.html").read_text("utf-8")

    outcomes = {row["rule"]: row["outcome"] for row in map(json.loads, verdicts)}
    assert (coverage["route"], coverage["documents"]) == ("tumblr", 2)
    assert outcomes["underage-audience"] == "review"
    assert "Tumblr, speaks for the school" in report


# ------------------------------------------------------------------------------------------------ accounts add


def add(district: District, *words: str) -> tuple[dict[str, str], str]:
    """The entry that is printed, by its keys, and what is said beside it."""
    done = district.auditor("accounts", "add", *words, *LOOPBACK)
    assert done.returncode == ("nobody could tell" in done.stderr), done.stderr
    lines = [line.split(" = ") for line in done.stdout.splitlines() if " = " in line and not line.startswith("#")]
    return {key: value.strip('"') for key, value in lines}, done.stderr


@pytest.mark.parametrize("platform", ["weebly", "tumblr", "medium"])
def test_add_fills_in_what_the_front_page_shows(platform: str, tmp_path: Path) -> None:
    district = District(tmp_path)
    district.configure("https://lincoln.example/")

    with serve({**NO_RULES, "/": FRONTS[platform]}) as site:
        entry, said = add(district, site.url)

    assert (entry["platform"], entry["url"].rstrip("/")) == (platform, site.url.rstrip("/"))
    assert (
        f"what it shows tells that it is {'made with' if platform == 'weebly' else 'on'} {platform.title()}\n" in said
    )


def test_add_says_where_nobody_could_tell_and_guesses_no_platform(tmp_path: Path) -> None:
    district = District(tmp_path)
    district.configure("https://lincoln.example/")

    with serve({"/robots.txt": Reply(status=404), "/": Reply(status=503)}) as site:
        entry, said = add(district, site.url)
        asked = len(site.hits)
        named, _ = add(district, site.url, "--platform", "Google Sites")
        before = district.config.read_text("utf-8")
        _, unwritten = add(district, site.url, "--write")

    assert "platform" not in entry
    assert "its server failed (error 503), so nobody could tell which platform it is on; say it with --platform" in said
    assert (district.config.read_text("utf-8"), "nothing was written" in unwritten) == (before, True)
    assert (named["platform"], len(site.hits)) == ("googlesites", 2 * asked)


def test_add_enters_what_a_short_address_leads_to(tmp_path: Path) -> None:
    district = District(tmp_path)
    district.configure("https://lincoln.example/")

    with serve({"/robots.txt": Reply(status=404), "/fb": to("https://www.facebook.com/LincolnElem")}) as site:
        entry, said = add(district, site.at("/fb"))

    assert (entry["platform"], entry["url"]) == ("facebook", "https://www.facebook.com/lincolnelem")
    assert f"this is where {site.at('/fb')} leads" in said


def test_add_keeps_the_districts_own_site_a_website_and_refuses_a_post_and_a_bare_server(tmp_path: Path) -> None:
    district = District(tmp_path)

    with serve({**NO_RULES, "*": FRONTS["wordpress"]}) as site:
        district.configure(site.url)
        own, said = add(district, site.at("/library/"))
        district.configure("https://lincoln.example/")
        post = district.auditor("accounts", "add", site.at("/2026/11/18/fair/"), *LOOPBACK)
        server = district.auditor("accounts", "add", site.url, "--platform", "mastodon")

    assert own["platform"] == "website"
    assert "is made with WordPress; as the district's own site, it is entered as a website" in said
    assert (post.returncode, "a single post on WordPress" in post.stderr) == (2, True)
    assert (server.returncode, "this is on Mastodon, but no account there" in server.stderr) == (2, True)


def test_nobody_looks_at_a_personal_page_that_its_owner_did_not_offer(tmp_path: Path) -> None:
    district = District(tmp_path)
    district.configure("https://lincoln.example/")

    with serve({**NO_RULES, "/": FRONTS["tumblr"]}) as site:
        entry, said = add(district, site.url, "--kind", "personal")

    assert (entry["platform"], site.hits) == ("website", [])
    assert "nobody looked, for its owner has to offer it first" in said


def test_a_platform_that_does_not_fit_its_address_is_a_mistake(tmp_path: Path) -> None:
    district = District(tmp_path)
    district.configure("https://lincoln.example/")

    done = district.auditor("accounts", "add", "https://x.com/lincoln", "--platform", "facebook")

    assert (done.returncode, done.stdout) == (2, "")
    assert "https://x.com/lincoln: this is on X (Twitter), not on Facebook" in done.stderr
