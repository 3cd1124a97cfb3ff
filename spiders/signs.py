"""By what a front page tells which platform makes its site: of all that it shows, the signs that platforms name in
`auditor/outlets/places`. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from auditor.outlets.platforms import PLATFORMS, fits
from spiders import html

NODEINFO: Final = "nodeinfo"
"""A sign that no page shows: its server is asked for it."""
_LONGEST: Final = 500
_NAMED: Final = re.compile(r"<([^<>]*)>[^<>,]*?\brel\s*=\s*\"?(https?://[^\s\",;>]+)", re.IGNORECASE)
"""A link in a header whose relation is an address."""
_WANTED: Final = frozenset(sign for platform in PLATFORMS.values() for sign in platform.signs)
_HEADERS: Final = tuple(sorted(sign for sign in _WANTED if sign.startswith("header ")))


def of(url: str, header: Callable[[str], str], body: bytes) -> Mapping[str, str]:
    """The signs of a page, each with what it says; a link's relation says the whole address that it names."""
    signs: dict[str, str] = {}
    for sign, says in (*_of_headers(header), *_of_page(body)):
        said = _absolute(says, url) if sign.startswith("http") else says
        # A page is built from much that everybody builds from: of that, only what tells is a sign.
        if sign in _WANTED and said and (sign != "loads" or _tells(sign, said)):
            signs.setdefault(sign, said[:_LONGEST])
    return signs


def _tells(sign: str, says: str) -> bool:
    return any(fits(sign, says, platform) for platform in PLATFORMS.values())


def _of_headers(header: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    for match in _NAMED.finditer(header("Link")):
        yield match[2].lower(), match[1].strip()
    for sign in _HEADERS:
        yield sign, header(sign.partition(" ")[2]).strip()


def _of_page(body: bytes) -> Iterator[tuple[str, str]]:
    if not html.is_tame(body):
        return
    for node in LexborHTMLParser(body).css("link[rel][href], meta[content], script[src]"):
        named = {name: (value or "").strip() for name, value in node.attributes.items()}
        rel = named.get("rel", "").lower()
        if node.tag == "meta":
            name = (named.get("name") or named.get("property", "")).lower()
            yield name if name == "generator" else f"meta {name}", named["content"]
        elif node.tag == "script" or rel == "stylesheet":
            yield "loads", named["src" if node.tag == "script" else "href"]
        else:
            yield rel, named["href"]


def _absolute(reference: str, page: str) -> str:
    try:
        return urljoin(page, reference) if reference else ""
    except ValueError:
        return ""
