"""What a page holds beside its text: links, pictures, names of files, dates, hidden addresses."""

import base64
from datetime import UTC, datetime

import pytest

from auditor.model import Document, Image, Link, Passage, Place
from spiders.elements import MAX_LINKS
from spiders.hrefs import Resolver
from spiders.html import parse, read
from spiders.names import file_words, page_words

URL = "http://lincoln.example/news/fair.html?x=1#top"
PAGE = "http://lincoln.example/news/fair.html?x=1"


def page(markup: str, url: str = URL) -> Document:
    return parse(markup, url)


def of(document: Document, place: Place) -> list[Passage]:
    return [p for p in document.passages if p.place is place]


def addresses(markup: str) -> list[str]:
    return [link.url for link in page(markup).links]


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("/a b.html", "http://lincoln.example/a%20b.html"),
        ("a.html", "http://lincoln.example/news/a.html"),
        ("../a.html", "http://lincoln.example/a.html"),
        ("./a/../b.html#c", "http://lincoln.example/news/b.html#c"),
        ("?p=2", "http://lincoln.example/news/fair.html?p=2"),
        ("#team", PAGE + "#team"),
        ("//cdn.example/x.js", "http://cdn.example/x.js"),
        ("  https://other.example/\n", "https://other.example/"),
        ("HTTP://Other.example/A", "HTTP://Other.example/A"),
        ("mailto:ana@lincoln.example?subject=Hi", "mailto:ana@lincoln.example?subject=Hi"),
        ("tel:+1-406-555-0100", "tel:+1-406-555-0100"),
        ("http:///other.example/a", "http://other.example/a"),
        ("///other.example/a", "http://other.example/a"),
        ("https:\\\\other.example\\a?b=\\", "https://other.example/a?b=\\"),
        ("forms\\fair.doc", "http://lincoln.example/news/forms/fair.doc"),
        ("..\\fair.doc", "http://lincoln.example/fair.doc"),
        ("\\fair.doc", "http://lincoln.example/fair.doc"),
        ("https://other.example/../a/./b/../c.html?d=/../e", "https://other.example/a/c.html?d=/../e"),
        ("https://other.example/a/..", "https://other.example/"),
        ("https://other.example/.well-known/a..b/...", "https://other.example/.well-known/a..b/..."),
        ("http://[::1", "http://[::1"),
        ("http//lincoln.example", "http://lincoln.example/news/http//lincoln.example"),
        ("htp://lincoln.example", "htp://lincoln.example"),
        ("C:\\Users\\fair.doc", "C:\\Users\\fair.doc"),
        ("\\\\server\\fair.doc", "\\\\server\\fair.doc"),
        ("file:///C:/fair.doc", "file:///C:/fair.doc"),
    ],
)
def test_a_reference_becomes_absolute_and_a_malformed_one_stays_as_it_is(reference: str, address: str) -> None:
    assert Resolver(URL)(reference) == address


@pytest.mark.parametrize("reference", ["", "  "])
def test_a_reference_to_nothing_is_no_link(reference: str) -> None:
    assert addresses(f'<a href="{reference}">x</a>') == []


@pytest.mark.parametrize(
    "reference", ["javascript:void(0)", " JavaScript:x() ", "java\nscript:y()", "data:text/html,x", "about:blank"]
)
def test_a_script_behind_a_link_is_part_of_the_page_and_leads_nowhere(reference: str) -> None:
    document = page(f'<a href="{reference}">Show it</a><area href="{reference}"><a href="/b">B</a>')

    script = Link(reference.strip().replace("\n", ""), "Show it", "script")
    assert document.links == (script, Link("http://lincoln.example/b", "B"))


@pytest.mark.parametrize("markup", ['<img src="{}">', '<iframe src="{}"></iframe>', '<link rel=icon href="{}">'])
def test_what_a_page_is_built_from_is_no_script_behind_a_link(markup: str) -> None:
    assert addresses(markup.format("javascript:x()")) == []


def test_links_of_every_kind_are_found_in_their_order_with_words_and_relation() -> None:
    markup = """
      <link rel="alternate stylesheet" href="/s.css"><meta http-equiv=refresh content="5; URL='/moved.html'">
      <a href="/a" rel="nofollow Sponsored">Read <b>mo</b>re</a>
      <map><area href="/b" alt="Gym"></map><iframe src="/c" title="Calendar"></iframe>
      <form action="/d"></form><video src="/e.mp4" poster="/e.jpg"><source src="/f.mp4"><track src="/g.vtt"></video>
      <audio src="/h.mp3"></audio><embed src="/i.pdf"><object data="/j.pdf"></object>
      <picture><source srcset="/k1.webp 1x, /k2.webp 2x"><img src="/k.jpg" alt="Fair"></picture>
      <button data-resource-uuid="12ab">Handbook</button>
      <!-- <a href="/comment"> --><template><a href="/template"></a></template><a>no link</a>
    """

    links = page(f"<base href='/base/'>{markup}").links

    site = "http://lincoln.example"
    assert links == (
        Link(f"{site}/s.css", tag="link", rel=("alternate", "stylesheet")),
        Link(f"{site}/moved.html", tag="meta"),
        Link(f"{site}/a", "Read mo re", "a", ("nofollow", "sponsored")),
        Link(f"{site}/b", "Gym", "area"),
        Link(f"{site}/c", "Calendar", "iframe"),
        Link(f"{site}/d", tag="form"),
        Link(f"{site}/e.mp4", tag="video"),
        Link(f"{site}/e.jpg", tag="img"),
        Link(f"{site}/f.mp4", tag="source"),
        Link(f"{site}/g.vtt", tag="track"),
        Link(f"{site}/h.mp3", tag="audio"),
        Link(f"{site}/i.pdf", tag="embed"),
        Link(f"{site}/j.pdf", tag="object"),
        Link(f"{site}/k1.webp", tag="img"),
        Link(f"{site}/k2.webp", tag="img"),
        Link(f"{site}/k.jpg", "Fair", "img"),
        Link(f"{site}/fs/resource-manager/view/12ab", "Handbook", "button"),
    )


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ("http://cdn.example/x/", "http://cdn.example/x/a"),
        ("/y/", "http://lincoln.example/y/a"),
        ("http://[", "http://lincoln.example/news/a"),
        ("javascript:x", "http://lincoln.example/news/a"),
        ("", "http://lincoln.example/news/a"),
    ],
)
def test_a_base_moves_references_if_it_is_an_address(base: str, address: str) -> None:
    assert addresses(f'<base href="{base}"><a href="a">x</a>') == [address]


def test_a_page_with_a_million_links_is_cut_and_says_so() -> None:
    document = page("<a href=/p>x</a>" * (MAX_LINKS + 500))

    assert len(document.links) == MAX_LINKS
    assert document.problem == "only the first 2,000 links of the page were read"


def test_a_page_with_too_much_text_is_cut_and_says_so() -> None:
    document = page("word " * 500_000)

    assert sum(len(p.text) for p in document.passages if p.place is Place.BODY) == 2_000_000
    assert document.problem == "only the first 2 million characters of the page were read"


def test_a_picture_knows_its_words_caption_and_surroundings() -> None:
    document = page(
        """<div><p>Winners of the fair:</p><figure><img src="/img/ana-ortiz_grade-3.JPG" alt="Ana
        Ortiz" width="300" height=200px><figcaption>Ana and her <i>volcano</i></figcaption></figure></div>"""
    )

    picture = "http://lincoln.example/img/ana-ortiz_grade-3.JPG"
    assert document.images == (
        Image(picture, "Ana Ortiz", "Ana and her volcano", "Ana and her volcano", width=300, height=200),
    )
    assert of(document, Place.ALT) == [Passage("Ana Ortiz", Place.ALT, picture)]
    assert of(document, Place.CAPTION) == [Passage("Ana and her volcano", Place.CAPTION, picture)]
    assert of(document, Place.FILE_NAME) == [Passage("ana ortiz grade 3", Place.FILE_NAME, picture)]


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="wp-caption"><img src=a.jpg><p class="wp-caption-text">Ana</p></div>',
        '<a href=big.jpg><img src=a.jpg></a> <span class="img-caption">Ana</span>',
        '<img src=a.jpg>\n<div class="caption">Ana</div>',
        "<figure><a href=big.jpg><img src=a.jpg></a><figcaption>Ana</figcaption></figure>",
    ],
)
def test_captions_of_many_systems_are_found(markup: str) -> None:
    assert [image.caption for image in page(markup).images] == ["Ana"]


def test_the_text_around_a_picture_is_near_and_short() -> None:
    document = page(f"<p>{'far ' * 2000}</p><div><p><img src=a.jpg> Ana Ortiz at the fair</p></div>")

    assert [image.near for image in document.images] == ["Ana Ortiz at the fair"]


def test_a_lazy_picture_is_the_one_that_it_stands_for() -> None:
    document = page('<img src="data:image/gif;base64,R0" data-src="/real.jpg" alt="Fair">')

    assert [image.url for image in document.images] == ["http://lincoln.example/real.jpg"]


def test_words_that_only_screen_readers_or_the_mouse_show_are_read() -> None:
    document = page(
        '<a href=x title="Page of Ana Ortiz">Read</a><div aria-label="Ben Cole &amp; team">x</div><i title="x y">'
    )

    assert of(document, Place.ALT) == [Passage("Page of Ana Ortiz\nBen Cole & team\nx y", Place.ALT)]


def test_title_descriptions_author_language_and_date_are_read() -> None:
    document = page(
        """<html lang="es-MX"><head><title> Science
        fair </title><meta name=description content="Ana won"><meta property=og:title content="Science fair">
        <meta property=og:description content="Ana Ortiz won"><meta name=author content="Mr. Cole">
        <meta property="article:published_time" content="2026-11-05T08:00:00-07:00"><body>x"""
    )

    assert document.title == "Science fair"
    assert [p.text for p in of(document, Place.DESCRIPTION)] == ["Ana won", "Ana Ortiz won", "By Mr. Cole"]
    assert document.language == "es-MX"
    assert document.author == "Mr. Cole"
    assert document.published_on == datetime(2026, 11, 5, 15, tzinfo=UTC)


def test_linked_data_tells_what_the_page_leaves_out() -> None:
    document = page(
        """<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "Ana Ortiz wins",
        "author": [{"@type": "Person", "name": "Mr. Cole"}], "datePublished": "2026-11-05", "articleBody": "At
        the\\u202e fair\\ud800"}, {"@type": "Organization", "name": "Lincoln"}]}</script><p>x"""
    )

    assert [p.text for p in of(document, Place.DESCRIPTION)] == ["Ana Ortiz wins", "At the fair", "By Mr. Cole"]
    assert document.author == "Mr. Cole"
    assert document.published_on == datetime(2026, 11, 5, tzinfo=UTC)


def test_people_and_events_of_linked_data_and_keywords_are_told() -> None:
    document = page(
        """<meta name="keywords" content="garden, Ana Ortiz"><script type="application/ld+json">[
        {"@type": "Person", "name": "Bo Lind"}, {"@type": ["Person"], "givenName": "Cy", "familyName": "Moor"},
        {"@type": "MusicEvent", "name": "Recital", "performer": {"@type": "Person", "name": "Di Nash"}},
        {"@type": "Organization", "name": "Lincoln"}]</script><p>x"""
    )

    told = ["garden, Ana Ortiz", "Bo Lind; Cy Moor; Recital; Di Nash"]
    assert [p.text for p in of(document, Place.DESCRIPTION)] == told


@pytest.mark.parametrize(
    "data", ["[" * 100_000, '{"a": ' + "9" * 5000 + "}", "{}", "null", '[1, "x", {"@type": 5}]', "<"]
)
def test_linked_data_built_to_break_readers_is_passed_over(data: str) -> None:
    assert of(page(f'<script type="application/ld+json">{data}</script><p>Ana'), Place.BODY) == [Passage("Ana")]


@pytest.mark.parametrize(
    ("url", "markup", "day"),
    [
        ("http://l.example/2026/11/05/fair/", "", (2026, 11, 5)),
        ("http://l.example/2026/11/science-fair.html", "", (2026, 11, 1)),
        ("http://l.example/2026/11/", "", None),
        ("http://l.example/2026/13/40/x", "", None),
        ("http://l.example/x", '<article><time datetime="2026-10-01">Oct 1</time></article>', (2026, 10, 1)),
        ("http://l.example/x", '<p>Concert on <time datetime="2027-05-01">May 1</time>', None),
        ("http://l.example/x", '<time class="entry-date" datetime="2026-09-30T10:00:00">x</time>', (2026, 9, 30)),
        ("http://l.example/x", '<meta property="article:published_time" content="soon">', None),
        ("http://l.example/x", '<meta name="date" content="0001-01-01">', None),
    ],
)
def test_the_day_of_publication_is_taken_from_what_says_so(
    url: str, markup: str, day: tuple[int, int, int] | None
) -> None:
    published = page(markup, url).published_on

    assert (published.date().timetuple()[:3] if published else None) == day


def masked(mailbox: str, mask: int = 0x5A) -> str:
    return bytes([mask, *(b ^ mask for b in mailbox.encode())]).hex()


def test_protected_mailboxes_are_read_and_are_never_links_to_the_protection() -> None:
    code = masked("ana@lincoln.example")
    document = page(
        f'<p>Write to <a href="/cdn-cgi/l/email-protection" data-cfemail="{code}">[email&#160;protected]</a>'
        f' or <a href="/cdn-cgi/l/email-protection#{masked("ben@lincoln.example")}">Ben</a>'
    )

    assert of(document, Place.BODY) == [Passage("Write to ana@lincoln.example or Ben")]
    assert [link.url for link in document.links] == ["mailto:ben@lincoln.example", "mailto:ana@lincoln.example"]
    assert Passage("ben@lincoln.example", Place.ADDRESS, "mailto:ben@lincoln.example") in document.passages


@pytest.mark.parametrize("code", ["", "zz", "5a", masked("no mailbox"), "5a" + "ff" * 2000])
def test_a_broken_protection_code_changes_nothing(code: str) -> None:
    document = page(f'<p>Write <span data-cfemail="{code}">[protected]</span>')

    assert of(document, Place.BODY) == [Passage("Write [protected]")]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            f'<i data-staff-email="{base64.b64encode(b"ana@l.example").decode()}">Ana Ortiz</i>',
            "Ana Ortiz ana@l.example",
        ),
        ('<i data-email="ana@l.example">Ana</i>', "Ana ana@l.example"),
        ('<i data-email="ana@l.example">ana@l.example</i>', "ana@l.example"),
        ('<i data-email="hidden">Ana</i>', "Ana"),
        ('<i data-email="%%%">Ana</i>', "Ana"),
    ],
)
def test_mailboxes_in_attributes_are_written_where_people_see_them(markup: str, text: str) -> None:
    assert of(page(markup), Place.BODY) == [Passage(text)]


def test_a_mailbox_that_only_a_link_knows_is_a_passage() -> None:
    document = page('<a href="mailto:ana%40home.example?subject=x">Write to Ana</a><a href="tel:406-555-0100">call</a>')

    assert of(document, Place.ADDRESS)[1:] == [
        Passage("ana@home.example", Place.ADDRESS, "mailto:ana%40home.example?subject=x"),
        Passage("406-555-0100", Place.ADDRESS, "tel:406-555-0100"),
    ]


@pytest.mark.parametrize(
    ("link", "value"),
    [
        ("MAILTO:ana@home.example", "ana@home.example"),
        ("mailto:office@lincoln.example?cc=ana@home.example", "office@lincoln.example, ana@home.example"),
        ("TEL:4065550131", "4065550131"),
        ("callto:+14065550131", "+14065550131"),
        ("https://wa.me/14065550131", "14065550131"),
    ],
)
def test_whom_a_link_calls_is_read_however_it_is_written(link: str, value: str) -> None:
    document = page(f'<a href="{link}">write</a>')

    assert of(document, Place.ADDRESS)[1:] == [Passage(value, Place.ADDRESS, link)]


def test_anchors_are_what_a_fragment_may_name() -> None:
    document = page('<h2 id="team">x</h2><a class=x name="staff &amp; board">y</a><p id=3>z')

    assert document.anchors == {"team", "staff & board", "3"}


def test_what_a_text_quotes_of_markup_names_no_anchor_and_says_nothing_twice() -> None:
    document = page('<pre id="code">&lt;p id="sample" title="Two  spaces"&gt;</pre>')

    assert document.anchors == {"code"}
    assert document.passages[0] == Passage('<p id="sample" title="Two spaces">')
    assert of(document, Place.ALT) == []


def test_linked_data_is_known_by_its_type_however_that_is_written() -> None:
    document = page('<script type="Application/LD&#x2B;json">{"@type": "Article", "headline": "Science fair"}</script>')
    assert of(document, Place.DESCRIPTION) == [Passage("Science fair", Place.DESCRIPTION)]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://l.example/students/ana-ortiz_wins.html", "students ana ortiz wins"),
        ("http://l.example/p.php?name=Ana+Ortiz", "p name Ana Ortiz"),
        ("http://l.example/Jos%C3%A9", "José"),
        ("http://l.example/index.html", ""),
        ("http://l.example/", ""),
        ("http://l.example/12/34", ""),
    ],
)
def test_an_address_reads_as_words(url: str, words: str) -> None:
    assert page_words(url) == words


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://l.example/f/Ana%20Ortiz-IEP.pdf?v=2", "Ana Ortiz IEP"),
        ("http://l.example/f/AnaOrtiz.jpeg", "AnaOrtiz"),
        ("http://l.example/f/0a1b2c3d4e5f60718293.jpg", ""),
        ("http://l.example/f/12ab34cd-0000-4000-8000-123456789abc.png", ""),
        ("http://l.example/f/IMG_1234.png", "IMG 1234"),
        ("http://l.example/_next/image?url=%2Fimg%2Fana-ortiz.png&w=640", "ana ortiz"),
        ("http://l.example/resize?w=9&src=https://c.example/f/Ana%20Ortiz.jpg", "Ana Ortiz"),
        ("http://l.example/resize?url=%2Fimg&w=640", "resize"),
    ],
)
def test_a_file_name_reads_as_words(url: str, words: str) -> None:
    assert file_words(url) == words


def test_where_links_lead_is_read_where_their_words_do_not_say_it() -> None:
    document = page(
        """<a href="/news/jada-dunmore-wins">Read more</a> <a href="/our-chess-club.html">Our Chess Club</a>
        <a href="/a-b/">x</a> <a href="/2026-11-05">y</a> <a href="/forms/field_trip.php?id=4">Form</a>
        <a href="https://pictures.example/jada.draws/">x</a> <a href="https://clips.example/@jadadunmore/4">y</a>
        <a href="https://maps.example/">z</a> <a href="/contact">w</a>"""
    )

    slugs = [p.text for p in of(document, Place.ADDRESS)][-4:]
    assert slugs == ["jada dunmore wins", "field trip", "@jada.draws", "@jadadunmore"]


def test_the_address_of_a_document_has_no_fragment() -> None:
    assert page("x").url == PAGE


def digest_of(markup: str) -> str:
    return read(markup.encode(), URL).digest


@pytest.mark.parametrize(
    "other",
    [
        "<script nonce=b>2</script><p class=y>Ana <b>won</b></p><p>You are visitor 4,712</p><img src=a.jpg?v=2>",
        "<p>Ana won</p>\n\n<p>You are visitor 9</p><img src=a.jpg?v=1 width=9><!-- built at 12:00 -->",
    ],
)
def test_counters_nonces_and_styles_do_not_change_a_digest(other: str) -> None:
    page = "<script nonce=a>1</script><p>Ana won</p><p>You are visitor 4,711</p><img src=a.jpg?v=1>"

    assert digest_of(other) == digest_of(page)


@pytest.mark.parametrize(
    "other",
    [
        "<p>Ben won <a href=x>y</a>",
        "<p>Ana won <a href=z>y</a>",
        "<title>x</title><p>Ana won <a href=x>y</a>",
        "<p>406-555-0101",
    ],
)
def test_words_links_and_numbers_change_a_digest(other: str) -> None:
    assert len({digest_of(other), digest_of("<p>Ana won <a href=x>y</a>"), digest_of("<p>406-555-0100")}) == 3


def test_frames_keep_their_names_and_titles() -> None:
    page = read(b"<iframe id=map src=/m title='Map of our school'></iframe><iframe src=/n title='Menu'></iframe>", URL)

    assert "map" in page.anchors
    assert [p.text for p in page.passages if p.place is Place.ALT] == ["Map of our school\nMenu"]
