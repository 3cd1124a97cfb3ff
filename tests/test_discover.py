"""`auditor accounts discover`: a school's site that links to accounts in all the ways in which sites do, audited on
loopback, and what is told of it."""

import json
from pathlib import Path

import pytest

from auditor.outlets import unregistered
from auditor.outlets.links import group_of
from spiders import visit
from spiders.browser import Rendered
from spiders.link_in_bio import links_on
from spiders.reactor import run
from spiders.scope import of_one_service
from tests import within
from tests.servers import Reply, Route, serve
from tests.test_audit import District, page
from tests.test_website import SHELL, Painter
from tests.visits import OPTIONS, to

HOME = """
<link rel="me" href="https://social.example/@lincoln">
<script type="application/ld+json">
{"@context": "https://schema.org", "@type": "ElementarySchool", "name": "Lincoln",
 "sameAs": ["https://www.linkedin.com/school/lincoln-elementary/", "https://lincoln.example/"],
 "employee": {"@type": "Person", "name": "Dana Reyes", "sameAs": "https://x.com/danareyes"}}
</script>
<header><a href="https://www.facebook.com/LincolnElem/"><img src="/f.png" alt="Facebook"></a></header>
<main><p>Welcome to our school.</p>
<iframe src="https://www.facebook.com/plugins/page.php?href=https%3A%2F%2Fwww.facebook.com%2FLincolnLibrary"></iframe>
<div class="fb-page" data-href="https://www.facebook.com/LincolnBand/"></div>
<a class="twitter-timeline" href="https://twitter.com/LincolnElem?ref_src=twsrc">Tweets by LincolnElem</a>
<a href="/go/photos">Photos</a> <a href="/bio">All our pages</a> <a href="/news.html">News</a>
<a href="https://www.facebook.com/sharer.php?u=http://127.0.0.1/">Share</a>
<a href="https://www.instagram.com/p/Cx1/">A picture</a></main>
<footer><a href="https://facebook.com/lincolnelem?ref=1" aria-label="Facebook"></a>
<a href="https://www.youtube.com/@LincolnElem"><svg></svg></a></footer>"""
NEWS = """<main><p>News</p></main><footer><a href="https://m.facebook.com/lincolnelem">Facebook</a></footer>"""
BIO = """<a href="https://www.tiktok.com/@lincoln.elem">TikTok</a> <a href="https://twitter.com/lincolnelem">X</a>
<a href="http://127.0.0.1:9/two/levels/deep">More</a>"""
REGISTERED = """
[[accounts]]
id = "lincoln-youtube"
school = "lincoln"
kind = "official"
platform = "youtube"
url = "https://www.youtube.com/@lincolnelem"
"""


def pages(bio: Route) -> dict[str, Route]:
    photos = to("https://www.flickr.com/photos/lincolnelem/")
    return {"/": page(HOME), "/news.html": page(NEWS), "/go/photos": photos, "/bio": bio, "/f.png": Reply(status=404)}


@pytest.fixture
def links_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of the school's own addresses stands for a page of links, which on loopback has no host of its own."""
    monkeypatch.setattr(unregistered, "group_of", lambda url: "link-in-bio" if url.endswith("/bio") else group_of(url))


@pytest.mark.usefixtures("links_page")
def test_every_way_to_link_to_an_account_is_found_and_each_account_told_once(tmp_path: Path) -> None:
    district = District(tmp_path)

    with serve(pages(Reply(page(BIO)))) as site:
        district.configure(site.url, more=REGISTERED)
        district.auditor("audit", "--account", "lincoln-site")
        done = district.auditor("accounts", "discover", "--format", "jsonl")
        shown = district.auditor("accounts", "discover")

    found = [json.loads(line) for line in done.stdout.splitlines()]
    told = {row["url"]: (row["platform"], row["page"].removeprefix(site.url), row["places"]) for row in found}
    assert len(found) == len(told)
    assert told == {
        "https://www.facebook.com/lincolnelem": ("facebook", "", 1),
        "https://www.facebook.com/lincolnband": ("facebook", "", 1),
        "https://www.facebook.com/lincolnlibrary": ("facebook", "", 1),
        "https://www.flickr.com/photos/lincolnelem": ("flickr", "", 1),
        "https://www.linkedin.com/school/lincoln-elementary": ("linkedin", "", 1),
        "https://www.tiktok.com/@lincoln.elem": ("tiktok", "bio", 1),
        "https://x.com/lincolnelem": ("x", "", 1),
        "https://social.example/@lincoln": ("mastodon", "", 1),
    }
    assert (done.returncode, done.stderr.splitlines()[-1][:28]) == (0, "auditor: 8 linked accounts i")
    for row in found:
        assert row["add"] in shown.stdout.splitlines()


@pytest.mark.usefixtures("links_page")
def test_the_line_that_is_told_registers_the_account(tmp_path: Path) -> None:
    district = District(tmp_path)

    with serve(pages(Reply(page(BIO)))) as site:
        district.configure(site.url, more=REGISTERED)
        district.auditor("audit", "--account", "lincoln-site")
        before = [
            json.loads(line)
            for line in district.auditor("accounts", "discover", "--format", "jsonl").stdout.splitlines()
        ]
        for row in before:
            program, *words = row["add"].replace('"', "").split(" ")
            done = within.auditor(*words, "--write")
            assert (program, done.returncode) == ("auditor", 0), done.stderr
        after = district.auditor("accounts", "discover", "--format", "jsonl")

    listed = district.auditor("accounts", "list", "--format", "jsonl")
    rows = {row["url"]: row for row in map(json.loads, listed.stdout.splitlines())}
    assert {rows[row["url"]]["school"] for row in before} == {"lincoln"}
    assert (after.stdout, after.returncode) == ("", 0)


@pytest.mark.usefixtures("links_page")
def test_a_page_of_links_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    district = District(tmp_path)

    with serve(pages(Reply(status=500))) as site:
        district.configure(site.url)
        district.auditor("audit", "--account", "lincoln-site")
        done = district.auditor("accounts", "discover", "--format", "jsonl")

    assert done.returncode == 1
    assert f"{site.at('/bio')}: its server failed (error 500); look yourself" in done.stderr
    assert "https://www.facebook.com/lincolnelem" in done.stdout


# ------------------------------------------------------------------------------------------------ pages of links


def test_a_page_of_links_that_is_empty_without_a_browser_is_opened_in_one() -> None:
    painter = Painter({"/bio": Rendered(BIO)})

    with serve({"/bio": SHELL}) as site:
        seen = run(links_on([site.at("/bio")], OPTIONS, painter))[site.at("/bio")]

    assert painter.asked == ["/bio"]
    assert [link.url for link in seen.links][:2] == [
        "https://www.tiktok.com/@lincoln.elem",
        "https://twitter.com/lincolnelem",
    ]
    assert seen.blind is None


@pytest.mark.parametrize(
    ("served", "why"),
    [
        (SHELL, "it is empty without a browser"),
        (
            "<h1>Lincoln</h1><p>All our pages</p><a href='/login'>Log in</a>",
            "no link that leads elsewhere was seen on it",
        ),
        (to("https://elsewhere.example/"), "it sends visitors to another site: https://elsewhere.example/"),
        (Reply(status=403), "it does not let visitors in (error 403)"),
    ],
)
def test_a_page_of_links_on_which_none_is_seen_is_never_an_empty_one(served: Route, why: str) -> None:
    with serve({"/bio": served}) as site:
        seen = run(links_on([site.at("/bio")], OPTIONS))[site.at("/bio")]

    assert seen.blind is not None
    assert seen.blind.what == why


def test_a_short_address_is_followed_where_its_own_service_sends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        serve({"/join": page(BIO)}) as service,
        serve({"*": to(service.at("/join"))}, host="127.0.0.2") as short,
    ):
        # On loopback no service has a host of its own.
        monkeypatch.setattr(visit, "of_one_service", lambda url, _: url.endswith("/x"))
        seen = run(links_on([short.at("/x"), short.at("/y")], OPTIONS))

    assert len(seen[short.at("/x")].links) == 3
    assert seen[short.at("/y")].links == ()
    assert of_one_service("https://dojo.me/room7", "https://www.classdojo.com/join/room7")
    assert not of_one_service("https://dojo.me/room7", "https://elsewhere.example/room7")
