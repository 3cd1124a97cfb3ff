"""What a page looks like once the handle is taken out of it, and whether two pages look the same. Pure.

Sites show one page for all handles that nobody has, and pages of one make for all that somebody has. What differs from
one to the next is the handle, and numbers, and here and there a line.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import Final
from urllib.parse import quote, urlsplit

from auditor.footprint.handles.site import Answer

LOOKED_AT: Final = 128 * 1024
"""Bytes of a page that are looked at."""
_TITLE: Final = re.compile(rb"<title\b[^>]{0,200}>([^<]{0,400})", re.IGNORECASE)
_NAMED: Final = re.compile(rb"""\b(?:class|id)\s?=\s?["']([^"'<>]{1,200})["']""")
_WORD: Final = re.compile(r"[^\W\d_]+")
_NUMBER: Final = re.compile(r"\d+")
_UNSEEN: Final = (b"script", b"style", b"noscript", b"template", b"svg")
_ALIKE: Final = 0.8
_DIFFERS: Final = 0.02
"""The share of its length by which a page may differ from itself."""
_SHELL: Final = 12
"""Words: a page with fewer that runs scripts is filled in by them."""


@dataclass(frozen=True, slots=True)
class Look:
    """A page without its handle: `words` are what is read, `marks` name its parts, `place` is a redirect's goal.

    `heading` is the title as it stands: some handles are words of the page for nobody ("page", "found").
    """

    status: int
    place: str
    title: str
    heading: str
    words: frozenset[str]
    marks: frozenset[str]
    length: int
    names_handle: bool
    is_shell: bool

    def is_same_as(self, other: "Look") -> bool:
        """Whether both are one page, shown for two handles. An error is the same whatever its page says."""
        return self.status == other.status >= 400 or (
            (self.status, self.place) == (other.status, other.place)
            and (self.title == other.title or self.heading == other.heading)
            and _alike(self.marks, other.marks)
            and (_alike(self.words, other.words) or _as_long(self.length, other.length))
        )

    def is_made_like(self, other: "Look") -> bool:
        """Whether both are pages of one make, though they may tell of two people."""
        return (self.status, bool(self.place)) == (other.status, bool(other.place)) and (
            _alike(self.marks, other.marks) if self.marks or other.marks else self.title == other.title
        )

    def is_kin_of(self, other: "Look") -> bool:
        """Whether both may tell of somebody, though one has more to show than the other."""
        return self.is_made_like(other) or (
            self.status == other.status
            and not self.place
            and not other.place
            and self.names_handle
            and other.names_handle
            and self.title == other.title
        )


def look(answer: Answer, handle: str) -> Look:
    """What an answer for that handle looks like without it."""
    text, title = source_text(answer.body), title_of(answer.body)
    words, said = _without(text, handle), _without(title, handle)
    return Look(
        status=answer.status,
        place=_place(answer.location, handle),
        title=_numberless(said),
        heading=_numberless(title.lower()),
        words=frozenset(_WORD.findall(words)),
        marks=_marks(answer.body, handle),
        length=len(words),
        names_handle=names(title, handle),
        is_shell=len(text.split(None, _SHELL)) < _SHELL and b"<script" in answer.body[:LOOKED_AT].lower(),
    )


def _marks(body: bytes, handle: str) -> frozenset[str]:
    """The names of a page's parts, without those that hold the handle or a number: they change from page to page."""
    named = " ".join(mark.decode("utf-8", "replace") for mark in _NAMED.findall(body[:LOOKED_AT]))
    return frozenset(part for part in _without(named, handle).split() if not _NUMBER.search(part))


def title_of(body: bytes) -> str:
    """The page's title, "" without one."""
    found = _TITLE.search(body[:LOOKED_AT])
    return unescape(found[1].decode("utf-8", "replace")).strip() if found else ""


def source_text(body: bytes) -> str:
    """The text of a page's source, or of an answer that is none, without tags and what scripts are written in.

    In one pass from "<" to "<", so that no page can make it long.
    """
    kept: list[bytes] = []
    hidden = b""
    for piece in body[:LOOKED_AT].split(b"<"):
        tag, _, text = piece.partition(b">")
        name = tag[:10].lower()
        if hidden:
            if name.startswith(b"/" + hidden):
                hidden = b""
                kept.append(text)
            continue
        hidden = next((unseen for unseen in _UNSEEN if name.startswith(unseen) and not tag.endswith(b"/")), b"")
        if not hidden:
            kept.append(text if kept or b">" in piece else tag)
    return unescape(b" ".join(kept).decode("utf-8", "replace"))


def names(text: str, handle: str) -> bool:
    """Whether the handle stands in the text by itself, not as a part of a word."""
    return bool(_alone(handle).search(text.lower()))


def _without(text: str, handle: str) -> str:
    """The text in lower case, without the handle."""
    return _alone(handle).sub(" ", text.lower())


@lru_cache(256)
def _alone(handle: str) -> re.Pattern[str]:
    spelled = {handle.lower(), quote(handle, safe="").lower()}
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, spelled))})(?![^\W_])")


def _numberless(title: str) -> str:
    return " ".join(_NUMBER.sub("0", title).split())


def _place(location: str, handle: str) -> str:
    if not location:
        return ""
    try:
        parts = urlsplit(location)
    except ValueError:
        return ""
    return _NUMBER.sub("0", _without(f"{parts.hostname}{parts.path}?{parts.query}", handle))


def _as_long(one: int, other: int) -> bool:
    return abs(one - other) <= max(16, _DIFFERS * max(one, other))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _ALIKE * len(one | other)
