"""What the links and pictures of pages say: each distinct one of an account once, known by a keyed number.

A page keeps the numbers of its texts in their order. One whose address stood on the page before is kept negative, so
that a link counts once a page.
"""

import re
import sys
from array import array
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from operator import attrgetter
from typing import Any, Final

from auditor.model import Image, Link
from auditor.outlets.calls import is_call, without_user
from auditor.store.columns import clean, storable

Mask = Callable[[str], str]
"""Makes a text showable: whatever of a person was recognised in it comes out masked."""

Number = Callable[..., int]
"""Makes the keyed number of its string arguments; the key's."""

Rows = dict[str, dict[int, dict[str, Any]]]
"""Rows of texts, by table and number."""

LONGEST_TEXT: Final = 300
"""Characters kept of the words around a link or an image."""

_REMEMBERED: Final = 50_000
"""Texts that are known to be stored; beyond it all of them are forgotten, and stored once more."""

_UNSTORABLE: Final = 0

_LINK: Final[Callable[[Any], Hashable]] = attrgetter("url", "words", "tag", "rel")
_IMAGE: Final[Callable[[Any], Hashable]] = attrgetter("url", "alt", "caption", "width", "height")
"""What of a link and of an image is kept."""

_PAGES: Final = ("http:", "https:", "ftp:", "file:")
_MAILBOX_OR_NUMBER: Final = re.compile(r"@|(?:\d\D?){7}")
_NO_ADDRESSES: Final = ("javascript:", "vbscript:", "data:", "about:", "blob:")


class Texts:
    """Numbers the texts of pages. Remembers which of them it has given out to be stored, so that a menu costs once.

    The number is made of the text as it was masked: where more people are known than before, it is another text.
    """

    def __init__(self, number: Number) -> None:
        self._number = number
        self._known: dict[int, int] = {}  # by a hash of 64 bits: all that they say takes ten times as much
        self._fresh: Rows = {}
        self.left_out: Counter[str] = Counter()
        """How many links and images of an account had an address too long to keep."""

    def links(self, account: str, links: Iterable[Link], mask: Mask) -> bytes:
        """The numbers of a page's links: of those to pages and files, and of those that were meant to be.

        A mailbox or a number to call is nobody's page, and may be a child's, also where a chat's site leads to it; a
        script may say anything.
        """
        web = (link for link in links if _leads_to_a_page(link.url))
        return self._numbers("link_text", _LINK, _link_row, account, web, mask)

    def images(self, account: str, images: Iterable[Image], mask: Mask) -> bytes:
        """The numbers of a page's pictures."""
        return self._numbers("image_text", _IMAGE, _image_row, account, images, mask)

    def taken(self) -> Rows:
        """What was numbered since the last call, to be stored."""
        fresh, self._fresh = self._fresh, {}
        return fresh

    def _numbers(
        self,
        table: str,
        kept_of: Callable[[Any], Hashable],
        row_of: Callable[[Any, Mask], dict[str, Any]],
        account: str,
        things: Iterable[Link] | Iterable[Image],
        mask: Mask,
    ) -> bytes:
        numbers = array("q")
        texts, urls = set(), set()
        for thing in things:
            known_by = hash((table, account, kept_of(thing)))
            number = self._known.get(known_by)
            if number is None:
                number = self._known[known_by] = self._remember(table, account, row_of(thing, mask))
            if number == _UNSTORABLE:
                self.left_out[account] += 1
            elif number not in texts:
                texts.add(number)
                numbers.append(-number if thing.url in urls else number)
                urls.add(thing.url)
        return packed(numbers)

    def _remember(self, table: str, account: str, row: dict[str, Any]) -> int:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        if not storable(row["url"]):
            return _UNSTORABLE
        number = self._number(table, account, *map(str, row.values()))
        self._fresh.setdefault(table, {})[number] = {"id": number, "account": account, **row}
        return number


def packed(numbers: "array[int]") -> bytes:
    """Numbers as a page keeps them."""
    if sys.byteorder == "big":
        numbers = array("q", numbers)
        numbers.byteswap()
    return numbers.tobytes()


def unpacked(content: bytes) -> "array[int]":
    """The numbers that a page keeps."""
    numbers = array("q")
    numbers.frombytes(content)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _leads_to_a_page(url: str) -> bool:
    """Whether a link leads to a page or a file, or was meant to."""
    if is_call(url) and not url.endswith(":"):
        return False
    return url.startswith(_PAGES) or not _says_something(url)


def _says_something(url: str) -> bool:
    """Whether what is no address of a page may hold somebody's data."""
    return _MAILBOX_OR_NUMBER.search(url) is not None or url[:12].lower().startswith(_NO_ADDRESSES)


def _link_row(link: Link, mask: Mask) -> dict[str, Any]:
    return {
        "url": clean(without_user(link.url)),
        "words": _masked(link.words, mask),
        "tag": clean(link.tag),
        "rel": clean(" ".join(link.rel)),
    }


def _image_row(image: Image, mask: Mask) -> dict[str, Any]:
    # What stands beside it is judged with its page, and not kept.
    return {
        "url": clean(without_user(image.url)),
        "alt": _masked(image.alt, mask),
        "caption": _masked(image.caption, mask),
        "width": image.width,
        "height": image.height,
    }


def _masked(text: str, mask: Mask) -> str:
    return clean(mask(text)[:LONGEST_TEXT]) if text else ""
