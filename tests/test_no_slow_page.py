"""No page, however hostile, takes its reader long: what it costs grows with its length, not with the square of it."""

from collections.abc import Callable

import pytest

from auditor.model import Document
from auditor.outlets.calls import called
from benchmarks.hostile_texts import repeated
from spiders import disguise, html, names, shell, traps, walls
from spiders.attributes import css_addresses, of_field, spoken
from spiders.flat import flatten
from spiders.hrefs import Resolver, candidates
from spiders.inner import of_component, of_frame
from spiders.text import clean_markup, decode
from tests.growth import out_of_proportion

SIZE = 100_000
URL = "http://lincoln.example/"

_TAGS = """
<|<a |<a|</a><a |<a href=x>|<p |<p title="|<b>|<div>|<div id=content>|<main>|<main |<table><tr><td>|<td><div><p>|
<table>|<select><option>|<svg><title>|<svg><a href=x>|<form action=x>|<pre>|<pre-x>|<pre-x></pre-x>|<textarea>|
<title>|<title|<meta |<meta charset=|<meta http-equiv=refresh content=|<input type=|<input |<noscript|<noscript>|
<noscript>enable |<noscript>enable javascript|<script>|<script|<style>|<template>|<template shadowrootmode=open>|
<iframe srcdoc='|<iframe srcdoc=x></iframe>|<noframes>|<xmp>|<plaintext>|<!--|<!-- -->|--><|<![CDATA[|<?xml |
<o:p>|<figure><img src=a>|<img src=a>|<img alt=|<span class=caption>|&#|&#x0|&#0;|&amp;|&lt;| id="| name="|
 title="| data-caption="| data-a| style="background:url(|url(|url('|@import '|@font-face{|/*|visit |hits\n|
generated 1|{"headline": "|\\"|/2026/11/|calendar?d=|,|, |x 1x,|http://|%20|../|mailto:a@|data:text/html,
"""
TAGS = _TAGS.strip("\n").replace("|\n", "|").split("|")
STARTS = (
    "",
    "<!--",
    "<p>",
    "<p title='",
    "<a href='",
    "<img srcset='",
    "<meta http-equiv=refresh content='",
    "<script type=application/ld+json>",
    "<style>",
    "<noscript>",
    "<div><div><div><div><img src=a>",
)


def pages() -> list[tuple[str, str]]:
    made = [
        (f"{start} {tag}", start + tag * (SIZE // len(tag))) for start in STARTS for tag in ("a ", " ", "1", *TAGS[::7])
    ]
    return made + [(tag, tag * (SIZE // len(tag))) for tag in TAGS]


def as_an_audit(text: str) -> object:
    """What a visit does with a page that was served."""
    body = text.encode("utf-8", "replace")
    tame = html.is_tame(body)
    document = html.read(body, URL) if tame else Document(URL)
    return walls.stands_before(document, body), shell.needs_browser(document, body), html.title(body)


def in_its_own_process(text: str) -> object:
    """What the process that may be killed does with a page that makes more of itself than was sent."""
    return html.parse(flatten(text.encode()), URL)


PARTS: dict[str, Callable[[str], object]] = {
    "markup": clean_markup,
    "charset": lambda text: decode(text.encode("utf-8", "replace")),
    "attributes": lambda text: spoken(text, ()),
    "fields": lambda text: of_field({"value": text}),
    "style sheets": css_addresses,
    "srcset": candidates,
    "references": Resolver(URL),
    "frames": lambda text: of_frame({"srcdoc": None}, f"data:text/html,{text}"),
    "components": of_component,
    "file names": lambda text: (names.file_words(text), names.page_words(URL + text), names.is_file(text)),
    "mailboxes": lambda text: (called(f"mailto:{text}"), called(f"tel:{text}"), disguise.unprotected(f"#{text}")),
    "traps": lambda text: traps.Traps().admits(f"{URL}{text[:8000]}"),
    "logins": lambda text: walls.is_login(URL + text[:8000]),
    "titles": lambda text: walls.is_bot_check(text),
}


def test_no_hostile_page_takes_a_visit_long() -> None:
    assert out_of_proportion(as_an_audit, pages()) == {}


def test_no_page_that_multiplies_takes_its_own_process_long() -> None:
    texts = [(tag, tag * (SIZE // 2 // len(tag))) for tag in TAGS]
    wild = [(tag, text) for tag, text in texts if html.multiplies(text.encode())]

    assert len(wild) > 5
    assert out_of_proportion(in_its_own_process, wild) == {}


@pytest.mark.parametrize("part", PARTS)
def test_no_hostile_text_takes_a_part_of_the_reader_long(part: str) -> None:
    texts = [*((tag, tag * (SIZE // len(tag))) for tag in TAGS), *list(repeated(SIZE))[::5]]

    assert out_of_proportion(PARTS[part], texts) == {}
