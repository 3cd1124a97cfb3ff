"""Words for people that stand in attributes, and addresses that style sheets name. Pure.

Works on HTML as the parser writes it out again: names in small letters, values in double quotes, no bracket in them.
"""

import html
import re
from collections.abc import Iterable, Mapping
from typing import Final

from auditor.lazy_pattern import LazyPattern
from spiders.markup import unescape
from spiders.text import clean, clean_markup

_SPOKEN: Final = re.compile(
    r" (title|aria-(?:label|description|placeholder|valuetext)|placeholder|label|summary"
    r'|data-[a-z-]*(?:caption|title|description|tooltip))="([^"<>]{2,})"'
)
"""Titles pop up under the mouse, screen readers speak labels, galleries show captions when a picture is opened."""
_FIELDS: Final = frozenset({"", "text", "search", "button", "submit", "reset", "email", "tel", "url"})
"""Kinds of fields that show their value as it stands; a value of any other is meant for machines."""
_WORDS: Final = re.compile(r"[^\W\d_]{2}|\d{3}|@")
_MACHINE: Final = re.compile(r"[{}\\]|^(?:https?:)?//|^\S{24,}$")
"""Settings, addresses and tokens, in attributes that other programs fill with words."""
_TAG: Final = re.compile(r"<[^<>]*>")

_CSS_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_FONT_FACE: Final = re.compile(r"@font-face\s*+\{[^{}]*+\}?", re.IGNORECASE)
_CSS_ADDRESS: Final = LazyPattern(
    r"""url\(\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'()]*+))\s*+\)|@import\s++(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE
)
_WRITTEN_BY_PROGRAM: Final = re.compile(r"[{}<>$\\]")


def spoken(markup: str, more: Iterable[str]) -> str:
    """What the attributes of serialised HTML say to people, and `more` such words: a line each, every line once."""
    said = [text if not name.startswith("data-") else _shown_later(text) for name, text in _SPOKEN.findall(markup)]
    return "\n".join(filter(None, dict.fromkeys([*unescape("\n".join(said)).split("\n"), *more])))


def _shown_later(text: str) -> str:
    """The words of an attribute that a script shows, escaped as it was; "" where it holds settings and the like."""
    plain = unescape(text)
    if "<" in plain or "&" in plain:
        plain = clean(html.unescape(clean_markup(_TAG.sub(" ", plain))))
    plain = " ".join(plain.split())
    if not _says_something(plain):
        return ""
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _says_something(text: str) -> bool:
    return _WORDS.search(text) is not None and _MACHINE.search(text) is None


def of_field(attributes: Mapping[str, str | None]) -> str:
    """The words that a field of a form shows as its value; "" where it shows none."""
    value = " ".join((attributes.get("value") or "").split())
    kind = (attributes.get("type") or "").strip().lower()
    return value if kind in _FIELDS and len(value) > 1 and _says_something(value) else ""


def css_addresses(css: str) -> list[str]:
    """The references of a style sheet or a `style` attribute, without those to fonts and to places on the page."""
    # One character is found in a hundredth of the time that several take.
    loads = "(" in css and ("url(" in css or "URL(" in css)
    if not loads and ("@" not in css or "@import" not in css):
        return []
    css = _FONT_FACE.sub("", _CSS_COMMENT.sub("", css))
    found = ("".join(groups).strip() for groups in _CSS_ADDRESS.findall(css))
    return [one for one in found if one and not one.startswith("#") and not _WRITTEN_BY_PROGRAM.search(one)]
