"""A page nested without end, laid flat: the same text and the same links, one level deep. Slow, and never lost.

BeautifulSoup on Python's own parser builds no tree of the browser's kind, so neither depth nor open formatting
elements nor attributes by the thousand cost it more than one step each.
"""

import re
from collections.abc import Iterator
from html import escape
from itertools import islice
from typing import Final

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Script, Stylesheet, Tag

from spiders.text import decode

_INLINE: Final = frozenset(
    re.split(
        r"\s+",
        "a abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd label mark nobr output q rb rp rt "
        "ruby samp small span strike strong sub sup time tt u var wbr img",
    )
)
_KEPT: Final = frozenset(
    re.split(
        r"\s+",
        "a area audio base button embed form frame iframe image img input link meta object script source style track "
        "video",
    )
)
"""Elements that lead or show something; of all others only what they say in attributes is kept, and their ids."""
_ATTRIBUTES: Final = frozenset(
    re.split(
        r"\s+",
        "action alt background content data formaction height href http-equiv id imagesrcset itemprop label name "
        "placeholder poster property rel src srcdoc srcset style summary title type value width xlink:href",
    )
)
_MOST_ATTRIBUTES: Final = 1000
"""Attributes of an element that are looked at, beside those that nobody reads."""
_SAYING: Final = frozenset({"id", "title", "label", "placeholder", "summary", "background", "style"})
_UNSEEN: Final = (PreformattedString, Script, Stylesheet)
"""Comments, declarations, scripts and style sheets: strings that nobody reads."""
_TAG_START: Final = re.compile(r"<[a-zA-Z/!?]")
_RAW: Final = frozenset({"script", "style"})


def flatten(body: bytes, charset: str = "") -> str:
    """HTML with the text, links and pictures of the page in their order, in which nothing is nested."""
    soup = BeautifulSoup(_whole_tags(decode(body, charset)), "html.parser")
    root = soup.find("html")
    language = str(root.get("lang", "")) if isinstance(root, Tag) else ""
    title = soup.find("title")
    name = title.get_text() if isinstance(title, Tag) else ""
    return f'<html lang="{escape(language)}"><title>{escape(name)}</title><body>{"".join(_pieces(soup))}</body></html>'


def _whole_tags(markup: str) -> str:
    """The markup without a last tag that never ends: no browser shows it, and the parser looks for its end for ever."""
    unended = _TAG_START.search(markup, markup.rfind(">") + 1)
    return markup[: unended.start()] if unended else markup


def _pieces(soup: BeautifulSoup) -> Iterator[str]:
    block_of: dict[int, int] = {id(soup): 0}
    templates: set[int] = set()
    last = 0
    for node in soup.descendants:
        within = id(node.parent)
        block = block_of.get(within, 0)
        if isinstance(node, Tag):
            block_of[id(node)] = block if node.name in _INLINE else id(node)
            if within in templates or (node.name == "template" and not _is_component(node)):
                templates.add(id(node))
            elif node.name in ("br", "hr"):
                yield "<br>"
            else:
                yield _mark(node)
        elif isinstance(node, NavigableString) and within not in templates:
            if isinstance(node, _UNSEEN) or (node.parent is not None and node.parent.name in ("title", *_RAW)):
                continue
            if block != last:
                yield "<br>"
                last = block
            yield escape(str(node))


def _is_component(template: Tag) -> bool:
    """Whether browsers show what the template holds."""
    return str(template.get("shadowrootmode", "")).lower() in ("open", "closed")


def _mark(tag: Tag) -> str:
    """An element without its content; "" for one that neither leads nor says anything."""
    kept = tag.name in _KEPT
    written = "".join(
        f' {name}="{escape(value)}"' for name, value in _attributes(tag) if kept or name in _SAYING or "-" in name
    )
    if tag.name in _RAW:
        return f"<{tag.name}{written}>{_content(tag)}</{tag.name}>"
    if not kept:
        return f"<span{written}></span>" if written else ""
    return f"<{tag.name}{written}>" + ("" if tag.is_empty_element else f"</{tag.name}>")


def _attributes(tag: Tag) -> Iterator[tuple[str, str]]:
    known = ((name, value) for name, value in tag.attrs.items() if _is_known(name))
    for name, value in islice(known, _MOST_ATTRIBUTES):
        yield name, " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _is_known(name: str) -> bool:
    return name in _ATTRIBUTES or (name.startswith(("aria-", "data-")) and name.replace("-", "").isalnum())


def _content(tag: Tag) -> str:
    """What stands in a style sheet, or in a script that holds data; it must not end its element."""
    if tag.name == "script" and not str(tag.get("type", "")).lower().startswith("application/ld+json"):
        return ""
    return "".join(str(part) for part in tag.strings if isinstance(part, Script | Stylesheet)).replace("</", "<\\/")
