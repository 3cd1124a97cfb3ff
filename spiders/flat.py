"""A page nested without end, laid flat: the same text and the same links, one level deep. Slow, and never lost.

BeautifulSoup on Python's own parser builds no tree of the browser's kind, so neither depth nor open formatting
elements cost it more than one step each.
"""

import re
from collections.abc import Iterator
from html import escape
from typing import Final

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Script, Stylesheet, Tag, TemplateString

from spiders.text import decode

_INLINE: Final = frozenset(
    re.split(
        r"\s+",
        "a b i q s u abbr acronym bdi bdo big blink cite code data del dfn em font ins kbd label mark nobr output rb "
        "rp rt ruby samp small span strike strong sub sup time tt var wbr img",
    )
)
_KEPT: Final = frozenset(
    {"a", "area", "base", "embed", "form", "frame", "iframe", "img", "link", "meta", "object", "source"}
)
_UNSEEN: Final = (PreformattedString, Script, Stylesheet, TemplateString)
"""Comments, declarations, scripts and style sheets: strings that nobody reads."""


def flatten(body: bytes, charset: str = "") -> str:
    """HTML with the text, links and pictures of the page in their order, in which nothing is nested."""
    soup = BeautifulSoup(decode(body, charset), "html.parser")
    root = soup.find("html")
    language = str(root.get("lang", "")) if isinstance(root, Tag) else ""
    title = soup.find("title")
    name = title.get_text() if isinstance(title, Tag) else ""
    return f'<html lang="{escape(language)}"><title>{escape(name)}</title><body>{"".join(_pieces(soup))}</body></html>'


def _pieces(soup: BeautifulSoup) -> Iterator[str]:
    block_of: dict[int, int] = {id(soup): 0}
    last = 0
    for node in soup.descendants:
        block = block_of.get(id(node.parent), 0)
        if isinstance(node, Tag):
            block_of[id(node)] = block if node.name in _INLINE else id(node)
            if node.name in _KEPT:
                yield _mark(node)
            elif node.name in ("br", "hr"):
                yield "<br>"
        elif isinstance(node, NavigableString) and not isinstance(node, _UNSEEN):
            if node.parent is not None and node.parent.name == "title":
                continue
            if block != last:
                yield "<br>"
                last = block
            yield escape(str(node))


def _mark(tag: Tag) -> str:
    written = "".join(f' {name}="{escape(_value(value))}"' for name, value in tag.attrs.items() if name.isidentifier())
    return f"<{tag.name}{written}>" + ("" if tag.is_empty_element else f"</{tag.name}>")


def _value(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
