"""Attacks of a page on its reader: text that hides, bytes that break, markup that multiplies. Each is read or told."""

import base64
import json
from collections.abc import Callable
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model import Blind, Document, Link, Passage, Place, Reason
from spiders import sitemap
from spiders.elements import MAX_IMAGES, MAX_LINKS
from spiders.files import read as read_file
from spiders.hrefs import LONGEST, Resolver
from spiders.html import is_tame, multiplies, parse, read
from spiders.scope import Scope
from spiders.text import clean
from tests.servers import Reply, Route
from tests.visits import explore

URL = "http://lincoln.example/news/fair.html"
NAME = "Ana Ortiz"


def page(markup: str | bytes) -> Document:
    """The page as an audit reads it: in its own process where it is not tame."""
    raw = markup.encode("utf-8", "surrogatepass") if isinstance(markup, str) else markup
    return read(raw, URL) if is_tame(raw) else read_file(raw, URL, "html")[0]


def words(document: Document) -> str:
    return "\n".join(passage.text for passage in document.passages)


def urls(document: Document) -> list[str]:
    return [link.url for link in document.links]


# ------------------------------------------------------------------------------------------------ 19: deep and hidden


DEEP = "<div>" * 50_000


HIDDEN = [
    "<p>{}",
    "<p title='{}'>x",
    "<p aria-label='{}'>x",
    "<img alt='{}' data-src=/a.jpg>",
    "<input value='{}'>",
    "<select><optgroup label='{}'></select>",
    "<a data-caption='{}'>x</a>",
    "<iframe srcdoc='<p>{}'></iframe>",
    "<template shadowrootmode=open><b>{}</b></template>",
    '<script type="application/ld+json">{{"@type": "Article", "headline": "{}"}}</script>',
]


def test_a_name_50_000_levels_deep_is_found_in_text_and_in_attributes() -> None:
    named = {way: f"Ana Ortiz{'abcdefghij'[n] * 3}" for n, way in enumerate(HIDDEN)}

    document = page(DEEP + "".join(way.format(name) for way, name in named.items()))

    assert [way for way, name in named.items() if name not in words(document)] == []
    assert document.problem == ""


def test_a_page_50_000_levels_deep_keeps_its_links_places_and_pictures() -> None:
    document = page(
        DEEP + "<a href=/a>x</a><h2 id=team>y</h2><img data-src=/b.jpg><style>p{background:url(/c.png)}</style>"
    )

    assert urls(document) == [
        "http://lincoln.example/a",
        "http://lincoln.example/b.jpg",
        "http://lincoln.example/c.png",
    ]
    assert document.anchors == {"team"}


def test_a_tag_that_never_ends_hides_nothing_before_it_however_deep() -> None:
    for markup in (f"<p>{NAME} < x", f"<p>{NAME}<main <main ", f"<p>{NAME}<main " * 2000):
        assert NAME in words(page(markup))
    assert NAME in words(page(f"{DEEP}<p>{NAME}" + "<main " * 2000))


def test_what_a_template_holds_back_is_no_part_of_a_page_however_deep() -> None:
    template = f"<template><a href=/no>{NAME}</a></template><p>x"

    for markup in (template, DEEP + template):
        document = page(markup)
        assert NAME not in words(document)
        assert document.links == ()


DATA = base64.b64encode(f"<p>{NAME}".encode()).decode()


@pytest.mark.parametrize(
    "markup",
    [
        f"<div><template shadowrootmode=open><p>{NAME}</template></div>",
        f"<div><template SHADOWROOTMODE=Closed><i><template shadowrootmode=open>{NAME}</template></i></template></div>",
        f"<iframe srcdoc='&lt;p&gt;{NAME}&lt;/p&gt;'></iframe>",
        f"<iframe srcdoc='<iframe srcdoc=&quot;<p>{NAME}&quot;></iframe>'></iframe>",
        f"<iframe src='data:text/html,<p>{NAME}'></iframe>",
        f"<iframe src='data:text/html;base64,{DATA}'></iframe>",
        f"<object data='data:text/html;charset=utf-8,%3Cp%3E{NAME}'></object>",
        f"<embed src='DATA:text/plain,{NAME}'>",
        f"<xmp><!-- </xmp><p>{NAME}</p><xmp>--></xmp>",
        f"<plaintext>{NAME}",
        f"<noembed><p>{NAME}</p></noembed>",
        f"<frameset><frame src=/a><noframes><p>{NAME}</noframes></frameset>",
        f"<p><![CDATA[{NAME}]]>",
        f"<p title='{'x ' * 300}{NAME}'>x",
        f"<p aria-label='{'x ' * 300}{NAME}'>x",
        f"<p aria-description='{NAME}'>x",
        f"<input value='{NAME}'>",
        f"<input type=submit value='{NAME}'>",
        f"<input type=image src=/a.png alt='{NAME}'>",
        f"<textarea placeholder='{NAME}'></textarea>",
        f"<select><option label='{NAME}'></select>",
        f"<datalist><option value='{NAME}'></datalist>",
        f"<table summary='{NAME}'></table>",
        f"<map><area alt='{NAME}'></map>",
        "<a data-image-caption='&lt;p&gt;Ana &lt;b&gt;Ortiz&lt;/b&gt;'></a>",
        "<img src=/a.png>" * MAX_IMAGES + f"<img src=/z.png alt='{NAME}'>",
        "<a href=/p>x</a>" * (MAX_LINKS + 1) + f"<img src=/z.png alt='{NAME}'>",
        "<meta name=description content=x><meta name=description content='" + NAME + "'>",
        f"<meta property=og:image:alt content='{NAME}'>",
        "<script type=application/ld+json>{}</script>" * 9
        + f'<script type="application/LD+JSON; charset=utf-8">{{"@type": "Article", "headline": "{NAME}"}}</script>',
        '<script type="application/ld+json">{"@type": "Article", "articleBody": "'
        + "x" * 250_000
        + NAME
        + '"}</script>',
        f'<script type="application/ld+json">{{"@type": "Article", "headline": "{NAME}",}}</script>',
        f'<script type=application/ld+json>{{"a": [{{"b": {{"@type": "Event", "description": "{NAME}"}}}}]}}</script>',
    ],
)
def test_text_that_hides_in_corners_of_html_is_read(markup: str) -> None:
    assert "Ana Ortiz" in " ".join(words(page(f"{markup}<p>x")).split())


@pytest.mark.parametrize(
    "markup",
    [
        "<input type=hidden value='Token Of Form'>",
        "<input type=checkbox value='Token Of Form'>",
        "<input value='a81f6bd0c93e4f7aa81f6bd0c93e4f7a'>",
        "<div data-title='{&quot;Token&quot;: &quot;Of Form&quot;}'>",
        "<div data-caption='https://cdn.example/token-of-form.js'>",
        "<script>var a = 'Token Of Form'</script>",
        "<style>p:after{content:'Token Of Form'}</style>",
        "<!-- Token Of Form -->",
        "<template>Token Of Form</template>",
        '<script type=\'application/json\'>{"headline": "Token Of Form"}</script>',
    ],
)
def test_what_is_meant_for_machines_is_no_text_of_a_page(markup: str) -> None:
    document = page(f"{markup}<p>Welcome")

    assert [p.text for p in document.passages if p.place is not Place.ADDRESS] == ["Welcome"]


def test_what_a_frame_carries_is_read_like_the_page_itself() -> None:
    inner = (
        "<title>Map</title><a href=/a>Way</a><img src=/b.png alt=Gym><iframe src=/c></iframe><p style='display:none'>x"
    )

    document = page(f'<p>School<iframe srcdoc="{escape(inner)}"></iframe>')

    site = "http://lincoln.example"
    assert document.passages[:4] == (
        Passage("School"),
        Passage("Map", Place.DESCRIPTION),
        Passage("Way\nx"),
        Passage("Gym", Place.ALT, f"{site}/b.png"),
    )
    assert document.links == (
        Link(f"{site}/a", "Way"),
        Link(f"{site}/b.png", "Gym", "img"),
        Link(f"{site}/c", "", "iframe"),
    )
    assert [(image.url, image.alt) for image in document.images] == [(f"{site}/b.png", "Gym")]


def test_what_only_stands_in_for_a_frame_leads_nowhere() -> None:
    document = page("<frameset><frame src=/a><noframes><a href=/old>Old menu</a></noframes></frameset>")

    assert urls(document) == ["http://lincoln.example/a"]
    assert "Old menu" in words(document)


# ------------------------------------------------------------------------------------------------ what is cut is told


def frame(size: int) -> str:
    return f"<iframe srcdoc='{'x' * size}'></iframe>"


@pytest.mark.parametrize(
    ("markup", "problem"),
    [
        ("<img src=/a.png>" * (MAX_IMAGES + 1), "only the first 500 pictures of the page were looked at"),
        ("<a href=/p>x</a>" * (MAX_LINKS + 1), "only the first 2,000 links of the page were read"),
        ("word " * 500_000, "only the first 2 million characters of the page were read"),
        (f"<p title='{'word ' * 500_000}'>", "only the first 2 million characters of the page were read"),
        (frame(1_000_001), "a part that the page carries in a frame was not read, because it is too large"),
        (frame(600_000) * 2, "a part that the page carries in a frame was not read, because it is too large"),
        (
            f"<iframe src='data:text/html,{'x' * 1_100_000}'></iframe>",
            "a part that the page carries in a frame was not read, because it is too large",
        ),
        (frame(9) * 101, "only the first 100 parts that the page carries in frames were read"),
        (
            f"<iframe srcdoc='{'&lt;b>' * 9000}'></iframe>",
            "a part that the page carries in a frame was not read, because it is nested without end",
        ),
        (f"<a href='/{'a' * LONGEST}'>x", "an address of more than 8,000 characters on the page was not read"),
        (
            "<script type=application/ld+json>" + "[" * 100_000 + "</script>",
            "data for search engines was not read whole, because it is nested without end",
        ),
        (
            "<script type=application/ld+json>" + json.dumps([{}] * 110_000) + "</script>",
            "data for search engines was not read whole, because there is too much of it",
        ),
    ],
)
def test_every_cut_is_told_in_words(markup: str, problem: str) -> None:
    assert page(markup).problem == problem


@pytest.mark.parametrize(
    "markup",
    [
        "<img src=/a.png>" * MAX_IMAGES,
        "<a href=/p>x</a>" * MAX_LINKS,
        f"<img src='data:image/png;base64,{'A' * 20_000}'>",
        f"<a href='javascript:{'a()' * 9000}'>x",
        '<script type="application/ld+json">{"a": ' + "9" * 5000 + "}</script>",
        '<script type="application/ld+json">{"a": 1,}</script>',
        "<iframe src='data:image/png;base64,AAAA'></iframe><iframe src='data:'></iframe><iframe srcdoc></iframe>",
    ],
)
def test_a_page_that_is_read_whole_says_nothing(markup: str) -> None:
    assert page(markup).problem == ""


def test_a_frame_does_not_make_room_for_more_links_or_pictures_than_a_page_may_have() -> None:
    some = "<a href=/p>x</a>" * (MAX_LINKS - MAX_IMAGES - 1) + "<img src=/a.png alt=Gym>" * (MAX_IMAGES - 1)

    document = page(f"{some}<iframe srcdoc='{some}'></iframe>")

    assert (len(document.links), len(document.images)) == (MAX_LINKS, MAX_IMAGES)
    assert document.problem == (
        "only the first 2,000 links of the page were read; only the first 500 pictures of the page were looked at"
    )


# ------------------------------------------------------------------------------------------------ links of every kind


@pytest.mark.parametrize(
    ("markup", "tag", "address"),
    [
        ("<script src=/x.js></script>", "script", "/x.js"),
        ("<div style='background: url(/x.png)'>", "style", "/x.png"),
        ("<a style=\"background:url( '/x.png' )\">y</a>", "style", "/x.png"),
        ('<style>p { background: url("/x.png") }</style>', "style", "/x.png"),
        ("<style>@import '/x.css';</style>", "style", "/x.css"),
        ("<style>@import url(/x.css);</style>", "style", "/x.css"),
        ("<input type=image src=/x.png>", "img", "/x.png"),
        ("<body background=/x.png>", "img", "/x.png"),
        ("<table><tr><td background=/x.png>", "img", "/x.png"),
        ("<link rel=preload imagesrcset='/x.png 1x'>", "link", "/x.png"),
        ("<svg><a xlink:href=/x>y</a></svg>", "a", "/x"),
        ("<svg><image href=/x.png /></svg>", "img", "/x.png"),
        ("<a href=/x style='color: red; background: url(#y)'>y</a>", "a", "/x"),
        ("<iframe data-src=/x></iframe>", "iframe", "/x"),
        ("<picture><source data-srcset='/x.png 2x'></picture>", "img", "/x.png"),
        ("<button formaction=/x>y</button>", "form", "/x"),
    ],
)
def test_whatever_a_page_loads_or_leads_to_is_a_link(markup: str, tag: str, address: str) -> None:
    assert [(link.tag, link.url) for link in page(markup).links] == [(tag, f"http://lincoln.example{address}")]


@pytest.mark.parametrize(
    "markup",
    [
        "<style>/* p { background: url(/old.png) } */</style>",
        "<style>@font-face { font-family: x; src: url(/x.eot?#iefix), url(/x.woff) }</style>",
        "<p style='fill: url(#gradient)'>",
        "<p style='background: url(data:image/png;base64,AA)'>",
        "<p style='background: url({{ picture }})'>",
        '<p>style="background: url(/x.png)"',
        "<!-- <div style='background: url(/x.png)'><script src=/x.js></script> -->",
        "<template><script src=/x.js></script></template>",
        "<a ping=/x>y</a>",
        "<script>load('/x.js')</script>",
    ],
)
def test_what_nobody_is_led_to_and_nothing_needs_is_no_link(markup: str) -> None:
    assert page(markup).links == ()


def test_scripts_and_style_sheets_do_not_make_a_page_say_something_else() -> None:
    plain, built = (
        page("<p>Welcome"),
        page("<script src=/x.js?v=7></script><style>p{background:url(/y.png)}</style><p>Welcome"),
    )

    assert plain.digest == built.digest


# ------------------------------------------------------------------------------------------------ 20-22: bytes


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"<meta charset=utf-7><p>+ADw-script+AD4-alert(1) Ana Ortiz", "+ADw-script+AD4-alert(1) Ana Ortiz"),
        ("<meta charset=utf-16><p>José".encode(), "José"),
        ("<meta charset=windows-1252><p>José".encode(), "José"),
        ("<p>José".encode("utf-16"), "José"),
        ("<p>José".encode("utf-32"), "José"),
        (b"<p>Jos\xe9 \xff\xfe\x81", "José ÿþ\ufffd"),
        (b"<meta charset=no-such-thing><p>Ana", "Ana"),
        (b"A\0n\0a\0 \0O\0r\0t\0i\0z\0", "Ana Ortiz"),
    ],
)
def test_no_charset_keeps_a_page_from_being_read(raw: bytes, text: str) -> None:
    assert [p.text for p in page(raw).passages if p.place is Place.BODY] == [text]


DIRT = ["\0", "\x08", "\x7f", "\x85", "\u202e", "\u2066", "\ufdd0", "\ufffe", "\U0001ffff", "\U000afffe"]
NUMBERED = ["&#0;", "&#x202e;", "&#x0000000000202E;", "&#8238", "&#00000008238;", "&#xFFFE;", "&#1;", "&#x81;"]
PLACES: list[Callable[[str], str]] = [
    lambda dirt: f"<p>A{dirt}na",
    lambda dirt: f"<p title='A{dirt}na'>",
    lambda dirt: f"<img alt='A{dirt}na'>",
    lambda dirt: f"<input value='A{dirt}na'>",
    lambda dirt: f"<iframe srcdoc='A{dirt}na'></iframe>",
    lambda dirt: f"<iframe srcdoc='{escape(f'A{dirt}na')}'></iframe>",
    lambda dirt: f"<meta name=description content='A{dirt}na'>",
    lambda dirt: f"<p data-caption='{escape(f'A{dirt}na')}'>",
]


@pytest.mark.parametrize("dirt", [*DIRT, *NUMBERED], ids=ascii)
def test_nul_surrogates_noncharacters_and_turned_writing_end_at_the_door(dirt: str) -> None:
    for place in PLACES:
        assert "Ana" in words(page(place(dirt))), place(dirt)
        assert all(clean(p.text) == p.text for p in page(place(dirt)).passages), place(dirt)


def test_half_a_character_that_a_browser_hands_over_is_gone() -> None:
    for place in PLACES:
        document = parse(place("\ud800"), URL, rendered=True)
        assert "Ana" in words(document), place("-")
        assert words(document).encode("utf-8")


def test_dirt_in_linked_data_and_in_mailboxes_ends_at_the_door() -> None:
    data = json.dumps({"@type": "Article", "headline": "A\u202en\0a\ud800"})

    document = page(
        f'<script type="application/ld+json">{data}</script><a href="mailto:a%00n%E2%80%AEa@l.example">x</a>'
    )

    assert "Ana" in words(document)
    assert "ana@l.example" in words(document)


def test_a_long_number_of_a_letter_hides_no_letter() -> None:
    assert "Ana Ortiz" in words(page("&#x00000000000041;na &#0000000000079;rtiz"))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.sampled_from(PLACES))
def test_whatever_stands_anywhere_comes_out_clean(text: str, place: Callable[[str], str]) -> None:
    for passage in page(place(text)).passages:
        assert clean(passage.text) == passage.text


@pytest.mark.parametrize(
    "other",
    [
        "http://l\u0456ncoln.example/a",  # a Cyrillic letter
        "http://lincoln.example\u2024evil.example/a",
        "http://lincoln.example@evil.example/a",
        "http://evil.example\\@lincoln.example/a",
        "http://lincoln.example%E2%80%AE.evil.example/a",
    ],
)
def test_an_address_that_looks_like_our_own_is_not_our_own(other: str) -> None:
    scope = Scope("http://lincoln.example/")

    assert scope.holds("http://lincoln.example/a")
    assert not scope.holds(Resolver("http://lincoln.example/")(other))


def test_turned_writing_in_a_link_does_not_turn_the_address() -> None:
    assert urls(page("<a href='/a\u202egpj.exe'>x</a>")) == ["http://lincoln.example/agpj.exe"]


# ------------------------------------------------------------------------------------------------ 23: what multiplies


def test_thousands_of_attributes_in_one_element_are_told_apart_and_read() -> None:
    attributes = " ".join(f"a{n}" for n in range(50_000))
    markup = f"<p {attributes}>{NAME}<a {attributes} href=/a title=Fair>x</a>"

    assert multiplies(markup.encode())
    document = page(markup)
    assert NAME in words(document)
    assert urls(document) == ["http://lincoln.example/a"]


@pytest.mark.parametrize(
    "markup",
    [
        f"<img src='data:image/png;base64,{'Ab/' * 200_000}'>",
        f"<div data-settings='{'{&quot;a&quot;: 1}, ' * 20_000}'>",
        f"<p>{'word ' * 100_000}",
        f"<script>{'a b c/' * 50_000}</script>",
    ],
)
def test_one_long_value_or_a_long_text_is_no_such_element(markup: str) -> None:
    assert not multiplies(markup.encode())


# ------------------------------------------------------------------------------------------------ 24: numbers, depth


@pytest.mark.parametrize(
    "around",
    [
        '{"@type": "Article", "n": ' + "9" * 5000 + ', "headline": "Ana Ortiz"}',
        '{"@type": "Article", "headline": "Ana Ortiz", "deep": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"@type": "Article", "headline": "Ana Ortiz", "deep": ' + '{"a":' * 100_000,
    ],
)
def test_linked_data_of_endless_numbers_or_depth_hides_no_name(around: str) -> None:
    assert NAME in words(page(f'<script type="application/ld+json">{around}</script><p>x'))


# ------------------------------------------------------------------------------------------------ 25-26: lists in XML


LIST = "<urlset><url><loc>http://l.example/a</loc></url></urlset>"
BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
THIEF = '<!DOCTYPE x [<!ENTITY b SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "start", [BOMB, THIEF, f"<!-- {'x' * 5000} -->{BOMB}", f"<?xml version='1.0'?>{' ' * 70_000}{THIEF}"]
)
def test_an_xml_bomb_or_a_thief_of_files_is_refused_wherever_it_starts_and_in_every_charset(
    start: str, charset: str
) -> None:
    evil = f"{start}<urlset><url><loc>http://l.example/&b;</loc></url></urlset>"

    assert sitemap.read(evil.encode(charset)) == sitemap.Listing()
    assert sitemap.read(LIST.encode(charset)) == sitemap.Listing(pages=("http://l.example/a",))


def test_a_sitemap_that_is_cut_is_told() -> None:
    listed = "".join(f"<url><loc>http://elsewhere.example/{n}</loc></url>" for n in range(sitemap.MAX_ADDRESSES + 1))
    pages: dict[str, Route] = {
        "/": "<p>Welcome to our school",
        "/sitemap.xml": Reply(f"<urlset>{listed}</urlset>", type="text/xml"),
    }

    notes, _ = explore(pages)

    told = Blind("The site's own list of its pages is too long; the rest of it was not read.", Reason.LIMIT)
    assert ("", told) in notes.gaps


def test_a_page_of_xhtml_is_a_page_whatever_it_is_called() -> None:
    xhtml = f"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body><p>{NAME}</p></body></html>"

    notes, _ = explore({"/": Reply(xhtml, type="text/xml")})

    assert [NAME in words(document) for document in notes.documents] == [True]
