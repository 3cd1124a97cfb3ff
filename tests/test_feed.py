"""Feeds in RSS, Atom and JSON are read entry by entry, each part in its place, whatever a stranger's server sends."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model import Account, Image, Kind, Passage, Place, Reason
from spiders.platform import Ask, Parsed, Route
from spiders.platforms import plan
from spiders.platforms.feed import parse
from spiders.reading import Assignment
from tests.servers import Reply, Site, serve
from tests.visits import Ledger, Notes, visit_route

FEED = "https://blog.example/feed"
ASKED = Account("room7", Kind.CLASSROOM, "feed", FEED)
NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)

RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
     xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>Room 7</title><description>News of Grade 3</description><link>https://blog.example/</link>
<item><title>Book fair</title><link>https://blog.example/fair#top</link><pubDate>Thu, 05 Nov 2026 12:00:00 GMT</pubDate>
<dc:creator>Dana Reyes</dc:creator><description>Short.</description>
<content:encoded><![CDATA[<p>Come to <a href="/map">the gym</a>.</p><iframe src="https://shop.example/"></iframe>]]>
</content:encoded>
<media:content url="https://blog.example/1.jpg" type="image/jpeg">
<media:description>A table of books</media:description></media:content>
</item>
<item><guid isPermaLink="false">17</guid><description>No page of its own</description></item>
</channel></rss>"""

ATOM = """
<feed xmlns="http://www.w3.org/2005/Atom"><title>Room 7</title><subtitle>News of Grade 3</subtitle>
<link rel="next" href="/feed?page=2"/>
<entry><title type="html">Book &lt;b&gt;fair&lt;/b&gt;</title><link rel="alternate" href="/fair"/><id>tag:1</id>
<updated>2026-11-09T12:00:00Z</updated>
<published>2026-11-05T12:00:00Z</published><author><name>Dana Reyes</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Come to the gym.</p></div></content>
<link rel="enclosure" type="image/png" href="/2.png"/></entry></feed>"""

JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Room 7",
    "description": "News of Grade 3",
    "next_url": "https://blog.example/feed?page=2",
    "items": [
        {
            "id": "1",
            "url": "https://blog.example/fair",
            "title": "Book fair",
            "content_html": '<p>Come to the gym.</p><img src="/3.png" alt="A poster">',
            "image": "https://blog.example/3.png",
            "date_published": "2026-11-05T12:00:00Z",
            "authors": [{"name": "Dana Reyes"}],
            "attachments": [{"url": "https://blog.example/4.png", "mime_type": "image/png"}],
        }
    ],
}


def entries(body: str, status: int = 200) -> Parsed:
    return parse(ASKED, Ask("feed", FEED), status, body.encode())


def shown(parsed: Parsed) -> list[tuple[str, str, datetime | None, str]]:
    return [(d.url, d.title, d.published_on, d.author) for d in parsed.documents]


def read(pages: Mapping[str, Any], witness: Notes | None = None, **options: Any) -> tuple[Notes, Site]:
    notes = witness if witness is not None else Notes()
    with serve({"/robots.txt": Reply(status=404), **pages}) as site:
        account = Account("room7", Kind.CLASSROOM, "feed", site.at("/feed"))
        planned = plan(account, {})
        assert isinstance(planned, Route)
        visit_route(Assignment(account, route=planned, **options), notes)
    return notes, site


def test_each_part_of_an_entry_in_rss_stands_in_its_place() -> None:
    parsed = entries(RSS)

    assert shown(parsed) == [
        (FEED, "Room 7", None, ""),
        ("https://blog.example/fair", "Book fair", NOON, "Dana Reyes"),
        (f"{FEED}#17", "", None, ""),
    ]
    head, fair, bare = parsed.documents
    assert Passage("News of Grade 3") in head.passages
    assert Passage("Come to the gym.") in fair.passages
    # What describes a picture is never taken for the text of the post.
    assert Passage("A table of books", Place.ALT, "https://blog.example/1.jpg") in fair.passages
    assert fair.images == (Image("https://blog.example/1.jpg", "A table of books"),)
    assert [link.url for link in fair.links] == ["https://blog.example/map", "https://shop.example/"]
    assert Passage("No page of its own") in bare.passages


def test_each_part_of_an_entry_in_atom_stands_in_its_place() -> None:
    parsed = entries(ATOM)

    assert shown(parsed)[1:] == [("https://blog.example/fair", "Book fair", NOON, "Dana Reyes")]
    assert Passage("Come to the gym.") in parsed.documents[1].passages
    assert parsed.documents[1].images == (Image("https://blog.example/2.png"),)
    assert parsed.asks == (Ask("feed", "https://blog.example/feed?page=2", page=2),)


def test_each_part_of_an_entry_in_json_stands_in_its_place() -> None:
    parsed = entries(json.dumps(JSON_FEED))

    assert shown(parsed)[1:] == [("https://blog.example/fair", "Book fair", NOON, "Dana Reyes")]
    fair = parsed.documents[1]
    assert Passage("Come to the gym.") in fair.passages
    # A picture that stands in the text and beside it is one picture, with the words that the text gives it.
    assert [(image.url, image.alt) for image in fair.images] == [
        ("https://blog.example/3.png", "A poster"),
        ("https://blog.example/4.png", ""),
    ]
    assert parsed.asks == (Ask("feed", "https://blog.example/feed?page=2", page=2),)


def test_an_entry_is_its_feeds_writers_and_a_films_words_are_its_text() -> None:
    film = "<media:title>Field day</media:title><media:description>Sam ran.</media:description>"
    entry = f"<entry><id>1</id><title>Field day</title><media:group>{film}</media:group></entry>"
    names = 'xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'

    _, shown = entries(f"<feed {names}><title>T</title><author><name>Room 7</name></author>{entry}</feed>").documents

    assert shown.author == "Room 7"
    assert Passage("Sam ran.") in shown.passages


def test_names_whose_prefix_nobody_explained_are_known_all_the_same() -> None:
    item = "<item><title>A</title><content:encoded>&lt;p&gt;Come!&lt;/p&gt;</content:encoded></item>"

    parsed = entries(f"<rss><channel><title>T</title>{item}</channel></rss>")

    assert (Passage("Come!") in parsed.documents[1].passages, parsed.blind) == (True, ())


def test_a_feed_that_breaks_off_is_told() -> None:
    parsed = entries(RSS.partition("<item><guid")[0])

    assert [document.url for document in parsed.documents] == [FEED, "https://blog.example/fair"]
    assert [blind.reason for blind in parsed.blind] == [Reason.PARTIAL_LISTING]


def test_a_feed_with_small_mistakes_is_whole() -> None:
    parsed = entries(RSS.replace("Short.", "Short & sweet&nbsp;"))

    assert (len(parsed.documents), parsed.blind) == (3, ())


def test_what_is_not_quoted_as_it_should_be_is_read_all_the_same() -> None:
    loose = RSS.replace("Short.", "Jude &nbsp;and <b>Ana</b> won").replace("fair#top", "fair?a=1&b=2")
    quoted = "Bring tea & cake"

    parsed = entries(loose.replace("<p>Come to", f"<p>{quoted}. Come to").replace("content:encoded", "x"))

    assert parsed.documents[1].url == "https://blog.example/fair?a=1&b=2"
    assert "Jude and Ana won" in [passage.text for passage in parsed.documents[1].passages]
    assert entries(RSS.replace("<p>Come to", f"<p>{quoted}: ")).documents[1].passages[1].text.startswith(quoted)


def test_entries_that_share_an_address_or_have_none_are_all_read() -> None:
    item = "<item><title>{}</title>{}</item>"
    site = "<link>https://blog.example/</link>"
    items = [item.format(title, link) for title, link in (("A", site), ("B", site), ("C", ""), ("D", ""))]

    def read(*chosen: str) -> dict[str, str]:
        parsed = entries(f"<rss><channel><title>T</title>{''.join(chosen)}</channel></rss>")
        return {document.title: document.url for document in parsed.documents[1:]}

    whole, later = read(*items), read("<item><title>New</title></item>", *items)
    assert list(whole) == ["A", "B", "C", "D"]
    assert len({url for url in whole.values() if url.startswith(f"{FEED}#")}) == 4
    assert {title: url for title, url in later.items() if title != "New"} == whole


def test_a_feed_that_names_its_type_is_one() -> None:
    kind = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.example/rss-0.91.dtd">'

    parsed = entries(RSS.replace("<rss", f"{kind}<rss", 1))

    assert (len(parsed.documents), parsed.blind) == (3, ())


@pytest.mark.parametrize(
    "last",
    [
        f"<item><description>{'a' * 10_100_000}</description></item><item/></channel></rss>",
        f"<item><description>{'<a>' * 300}</description></item><item/></channel></rss>",
        "<item><description><![CDATA[<p>Unfin",
        "<item><title>Unfinished</ti",
        "<!-- Unfin",
    ],
    ids=["too long", "too deep", "quoted", "a name", "a remark"],
)
def test_a_feed_that_is_given_up_is_told(last: str) -> None:
    parsed = entries(RSS.replace("</channel></rss>", last))

    assert [blind.reason for blind in parsed.blind] == [Reason.PARTIAL_LISTING]


def test_a_feed_never_leads_to_another_server_and_says_so() -> None:
    away = {**JSON_FEED, "next_url": "https://elsewhere.example/feed"}

    for parsed in (entries(json.dumps(away)), entries(ATOM.replace("/feed?page=2", "https://elsewhere.example/"))):
        assert parsed.asks == ()
        assert [blind.reason for blind in parsed.blind] == [Reason.PARTIAL_LISTING]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{}",
        '{"version": "https://jsonfeed.org/version/1.1", "title": "Room 7"}',
        "[]",
        "<html><h1>A page</h1></html>",
        "<rss",
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel>&b;</channel></rss>',
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel>&x;</channel></rss>',
        "<opml><body/></opml>",
    ],
)
def test_what_is_no_feed_is_told_with_what_to_write_instead(body: str) -> None:
    parsed = entries(body)

    assert parsed.documents == ()
    assert [blind.reason for blind in parsed.blind] == [Reason.UNREACHABLE]
    assert 'platform = "website"' in parsed.blind[0].remedy


# ------------------------------------------------------------------------------------------------ over the wire


def test_a_feed_is_read_page_by_page() -> None:
    first = {**JSON_FEED, "next_url": None}

    def page(handler: Any) -> str:
        host = f"http://{handler.headers['Host']}"
        more = f"{host}/feed?page=2" if "page" not in handler.path else ""
        item = {"id": "2", "url": f"{host}/second" if not more else f"{host}/first", "content_text": "Hello"}
        return json.dumps({**first, "next_url": more, "items": [item]})

    notes, site = read({"*": page})

    assert notes.urls == [site.at("/feed"), site.at("/first"), site.at("/second")]
    assert notes.gaps == []


def test_who_asks_for_patience_gets_it() -> None:
    waits = iter([Reply(status=429, headers={"Retry-After": "0"})])

    notes, _ = read({"/feed": lambda _: next(waits, RSS)})

    assert (len(notes.documents), notes.gaps) == (3, [])


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(status=429, headers={"Retry-After": "0"}), Reason.RATE_LIMITED),
        (Reply(status=500), Reason.PLATFORM_OUTAGE),
        (Reply(status=401), Reason.LOGIN_WALL),
        (Reply(status=302, headers={"Location": "/wp-login.php"}), Reason.LOGIN_WALL),
        (Reply("<title>Log in</title><form><input type=password></form>"), Reason.LOGIN_WALL),
        (Reply(status=404), Reason.UNREACHABLE),
        (Reply("<h1>A page</h1>"), Reason.UNREACHABLE),
    ],
)
def test_no_answer_is_never_an_empty_feed(reply: Reply, reason: Reason) -> None:
    notes, _ = read({"/feed": reply})

    assert notes.documents == []
    assert notes.reasons == [reason]


def test_rules_for_programs_are_kept() -> None:
    notes, site = read({"/robots.txt": Reply("User-agent: *\nDisallow: /feed", type="text/plain"), "/feed": RSS})

    assert (notes.documents, notes.reasons, site.asked("/feed")) == ([], [Reason.ROBOTS], 0)


def test_a_feed_that_moved_is_followed() -> None:
    notes, _ = read({"/feed": Reply(status=301, headers={"Location": "/rss.xml"}), "/rss.xml": RSS})

    assert (len(notes.documents), notes.gaps) == (3, [])


def test_an_entry_that_no_longer_stands_in_the_feed_may_still_stand_on_the_site() -> None:
    ledger = Ledger()

    read({"/feed": RSS}, ledger, memory=ledger, seeds=("https://blog.example/older",))

    assert ledger.dead == []


def test_a_feed_without_entries_is_complete() -> None:
    notes, site = read({"/feed": "<rss><channel><title>Room 7</title></channel></rss>"})

    assert (notes.urls, notes.gaps) == ([site.at("/feed")], [])


@settings(deadline=None)
@given(
    st.binary(max_size=60)
    | st.builds("<rss><channel><item>{}</item></channel></rss>".format, st.text(max_size=40)).map(
        lambda text: text.encode("utf-8", "replace")
    )
    | st.builds(
        lambda **item: json.dumps({"version": "jsonfeed", "items": [item]}).encode(),
        url=st.text(max_size=20) | st.integers(),
        content_html=st.text(max_size=20) | st.none(),
        attachments=st.lists(st.none() | st.dictionaries(st.just("url"), st.text(max_size=5)), max_size=2),
    )
)
def test_no_feed_breaks_the_reader(body: bytes) -> None:
    assert isinstance(parse(ASKED, Ask("feed", FEED), 200, body), Parsed)
