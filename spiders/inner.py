"""Pages within a page, which it carries itself: frames with their content, and parts of components. Pure.

A frame that only names an address is no such page: that address is visited.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Final
from urllib.parse import unquote_to_bytes

from spiders.text import decode

MAX_CHARACTERS: Final = 1_000_000
"""Characters of all inner pages of one page that are read."""
MAX_PAGES: Final = 100

TOO_LARGE: Final = "a part that the page carries in a frame was not read, because it is too large"
TOO_MANY: Final = f"only the first {MAX_PAGES} parts that the page carries in frames were read"
UNREADABLE: Final = "a part that the page carries in a frame was not read, because it is nested without end"

_MARKUP: Final = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml"})
_TEXT: Final = frozenset({"", "text/plain"})
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w:.-]{1,40})", re.IGNORECASE)
_TEMPLATE: Final = re.compile(r"<(/?)template(?: ([^<>]*+))?>")
_SHADOW: Final = re.compile(r'(?:^| )shadowrootmode="(?:open|closed)"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Inner:
    """A page within a page. Where it is not `shown`, it stands in for what no browser of today shows in its place."""

    markup: str = field(repr=False)
    shown: bool = True


def of_frame(attributes: Mapping[str, str | None], source: str | None) -> Inner | None:
    """The page that a frame or object holds in an attribute, not at an address; None where it holds none."""
    written = attributes.get("srcdoc")
    if written:
        return Inner(written)
    if source and source.lstrip()[:5].lower() == "data:":
        return _of_data(source.strip()[5:])
    return None


def _of_data(data: str) -> Inner | None:
    told, comma, content = data.partition(",")
    kind = told.partition(";")[0].strip().lower()
    if not comma or (kind not in _MARKUP and kind not in _TEXT):
        return None
    if len(content) > 3 * MAX_CHARACTERS:
        return Inner(content)  # which is too large to be read, and that is told
    charset = _CHARSET.search(told)
    text = decode(_unpacked(told, content), charset[1] if charset else "")
    return Inner(text) if kind in _MARKUP else plain(text)


def _unpacked(told: str, content: str) -> bytes:
    raw = unquote_to_bytes(content)
    if not told.rstrip().lower().endswith(";base64"):
        return raw
    try:
        packed = bytes(raw.translate(None, b" \t\r\n")).rstrip(b"=")
        return base64.b64decode(packed + b"=" * (-len(packed) % 4))
    except (binascii.Error, ValueError):
        return b""


def plain(text: str) -> Inner:
    """A text that a browser shows letter for letter."""
    return Inner(f"<pre>{escape(text)}</pre>")


def of_component(template: str) -> Inner | None:
    """What a serialised template element adds to the page: its content where it is a part of a component, else None.

    Components within it are part of it; templates within it that are mere templates stay templates.
    """
    opened: list[bool] = []

    def turned(match: re.Match[str]) -> str:
        if match[1]:
            return "</div>" if opened and opened.pop() else match[0]
        opened.append(_SHADOW.search(match[2] or "") is not None)
        return "<div>" if opened[-1] else match[0]

    markup = _TEMPLATE.sub(turned, template)
    return Inner(markup) if markup.startswith("<div>") else None
