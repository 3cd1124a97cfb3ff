"""File names and addresses read as words: a name in a file name is as public as one in a heading. Pure."""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from auditor.lazy_pattern import LazyPattern
from spiders.text import clean

_MARKS: Final = re.compile(r"[-_+.,;~?%&=/\\()\[\]\s]+")
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")
_HEX: Final = LazyPattern(r"^[0-9a-f]{16,}$|^[0-9a-f]{8}(?: [0-9a-f]{4}){3} [0-9a-f]{12}$", re.IGNORECASE)
_ENDINGS: Final = frozenset(
    re.split(
        r"\s+",
        "pdf doc docx xls xlsx ppt pptx csv tsv txt rtf odt ods odp ics vcf zip jpg jpeg png gif webp avif bmp tif "
        "tiff svg heic mp3 mp4 m4a m4v mov wav webm avi epub pub pages numbers key mdb accdb wpd wps pps ppsx",
    )
)
_PAGE_ENDING: Final = re.compile(r"\.(?:html?|php|aspx?|jsp)\b", re.IGNORECASE)
_ORDINARY: Final = re.compile(r"(?:index|default|home|main|page)(?: [a-z]{2,5})?", re.IGNORECASE)
_ASKED_FOR: Final = LazyPattern(
    r"[?&](?:url|src|source|image|img|file|path|name)=([^&]{1,300}\.(?:jpe?g|png|gif|webp|avif|heic|pdf|docx?))(?![^&%?])",
    re.IGNORECASE,
)
_SEVERAL: Final = ("-", "_", "%20", "+")
_SLUG: Final = re.compile(r"(?:\d+ )*[^\W\d_]{2,} (?:[^\W_]+ )*?[^\W\d_]{2,}")
"""Two words of letters at least."""
_HANDLE: Final = re.compile(r"(?=.*[A-Za-z])[\w.-]{5,40}")
LONGEST: Final = 300


@lru_cache(4096)  # menus lead to the same places on every page
def is_file(url: str) -> bool:
    """Whether an address names a file rather than a page, by its ending."""
    return _ending(url) in _ENDINGS


@lru_cache(4096)
def file_words(url: str) -> str:
    """The words of the file that an address names, without its ending; "" where there are none.

    Where its path names none, it may ask another program for one: "/image?url=%2Fimg%2Fparade.jpg&w=640".
    """
    asked = None if is_file(url) else _ASKED_FOR.search(url.partition("#")[0])
    path = unquote(asked[1]) if asked else _path(url)
    name = path.rstrip("/").rpartition("/")[2]
    return _words(name.rpartition(".")[0] if asked or is_file(url) else name)


@lru_cache(4096)
def slug_words(url: str, *, elsewhere: bool = False) -> str:
    """The words of the last part of a page's address, where it has several or is a handle; else "".

    `elsewhere`: the address is on another host, where what stands alone behind it may be somebody's handle.
    """
    path = _path(url).partition("://")[2].partition("/")[2].rstrip("/")
    if "@" in path:
        return next((part[:LONGEST] for part in path.split("/") if part.startswith("@")), "")
    if elsewhere and _HANDLE.fullmatch(path):
        return f"@{path}"
    slug = path.rpartition("/")[2]
    if not any(map(slug.__contains__, _SEVERAL)):
        return ""
    words = _words(_PAGE_ENDING.sub("", slug))
    return words if _SLUG.match(words) else ""


def _ending(url: str) -> str:
    return _path(url).rpartition(".")[2].lower()


def _path(url: str) -> str:
    return url.partition("?")[0].partition("#")[0]


def page_words(url: str) -> str:
    """The words of a page's address, without its host; "" where there are none that tell anything."""
    path = url.partition("#")[0].partition("://")[2].partition("/")[2]
    words = _words(_PAGE_ENDING.sub("", path))
    return "" if _ORDINARY.fullmatch(words) else words


def _words(written: str) -> str:
    words = _MARKS.sub(" ", clean(unquote(written[:LONGEST]))).strip()
    return words if _LETTERS.search(words) and not _HEX.match(words) else ""
