"""By what a page tells which system runs its site: relations of links that systems name by an address of their own, and
the generator that it names. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from spiders import html

GENERATOR: Final = "generator"
MOST: Final = 20
"""Signs of one page that are kept."""
_LONGEST: Final = 500
_NAMED: Final = re.compile(r"<([^<>]*)>[^<>,]*?\brel\s*=\s*\"?(https?://[^\s\",;>]+)", re.IGNORECASE)
"""A link in a header whose relation is an address."""


def of(url: str, header: Callable[[str], str], body: bytes) -> Mapping[str, str]:
    """The signs of a page: by "generator" what it names so, by the relation of a link the address that it names."""
    found = [*_of_header(header("Link")), *_of_page(body)]
    signs: dict[str, str] = {}
    for key, value in found:
        whole = value if key == GENERATOR else _absolute(value, url)
        if whole and len(signs) < MOST:
            signs.setdefault(key, whole[:_LONGEST])
    return signs


def _of_header(link: str) -> Iterator[tuple[str, str]]:
    for match in _NAMED.finditer(link):
        yield match[2].lower(), match[1].strip()


def _of_page(body: bytes) -> Iterator[tuple[str, str]]:
    if not html.is_tame(body):
        return
    for node in LexborHTMLParser(body).css('link[rel^="http"][href], meta[name="generator" i][content]'):
        named = node.attributes
        if node.tag == "meta":
            yield GENERATOR, (named.get("content") or "").strip()
        else:
            yield (named.get("rel") or "").strip().lower(), (named.get("href") or "").strip()


def _absolute(reference: str, page: str) -> str:
    try:
        return urljoin(page, reference) if reference else ""
    except ValueError:
        return ""
