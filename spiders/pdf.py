"""PDF bytes -> contents: the text of the pages in reading order, and where their links lead."""

import ctypes
import itertools
import re
from collections.abc import Iterator
from typing import Final

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from auditor.model import Blind, Reason
from spiders import columns
from spiders.contents import Contents, Unreadable
from spiders.elements import MAX_LINKS

MAX_PAGES: Final = 300
MAX_TEXT: Final = 2_000_000
_PASSWORD: Final = 4
"""PDFium's error for a file that asks for a password."""


def read(body: bytes) -> Contents:
    """The contents of a PDF. Raises `Unreadable` for a damaged or locked file, and for one that is pictures only."""
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", 0) == _PASSWORD:
            raise Unreadable("it is locked with a password") from None
        raise Unreadable("the file is damaged", remedy="Open it, save it again and publish the new copy.") from None
    try:
        return _contents(document)
    finally:
        document.close()


def _contents(document: pypdfium2.PdfDocument) -> Contents:
    pages = len(document)
    texts: list[str] = []
    links: list[str] = []
    for number in range(min(pages, MAX_PAGES)):
        page = document[number]
        text_page = page.get_textpage()
        texts.append(_text(text_page))
        if len(links) <= MAX_LINKS:
            links.extend(_targets(document, page))
        text_page.close()
        page.close()
        if sum(map(len, texts)) > MAX_TEXT:
            break
    text = "\n".join(filter(None, texts))
    if pages and not text:
        raise Unreadable(
            "it holds pictures of pages and no text",
            remedy="Publish the original document, or a copy with recognised text.",
        )
    blind = None
    if len(texts) < pages:
        blind = Blind(f"only its first {len(texts)} pages were read", Reason.LIMIT)
    return Contents(title=document.get_metadata_value("Title"), text=text, links=links, blind=blind)


def _text(page: pypdfium2.PdfTextPage) -> str:
    """The lines of a page; the cells of its tables end in tabs."""
    text = page.get_text_range()
    if _may_hold_a_table(page, text):
        lines = list(columns.text_of(list(_lines(page, text))))
    else:
        lines = [" ".join(line.split()) for line in page.get_text_bounded().splitlines()]
    return "\n".join(line for line in lines if line)


_WORD: Final = re.compile(r"\S+")
_PARTED: Final = re.compile(r"\S {2,}(?=\S)")
_BEYOND: Final = re.compile(r"[\U00010000-\U0010ffff]")
"""Letters that PDFium counts as two."""
_LEAST_PARTED: Final = 3
"""Rows of a table, or of its columns side by side."""
_GAP: Final = 0.7
"""Of the height of words; those of one sentence stand closer together."""


def _may_hold_a_table(page: pypdfium2.PdfTextPage, text: str) -> bool:
    """Whether words stand far apart on some lines. Where each word stands is asked for only then: it takes long."""
    if _BEYOND.search(text):
        return False
    parted = sum(1 for _ in itertools.islice(_PARTED.finditer(text), _LEAST_PARTED))
    before = (0.0, 0.0, 0.0, 0.0)
    for number in range(page.count_rects()):
        if parted >= _LEAST_PARTED:
            break
        left, bottom, right, top = page.get_rect(number)
        height = top - bottom
        on_line = min(top, before[3]) - max(bottom, before[1]) > min(height, before[3] - before[1]) / 2
        parted += on_line and left - before[2] > _GAP * height
        before = (left, bottom, right, top)
    return parted >= _LEAST_PARTED


def _lines(page: pypdfium2.PdfTextPage, text: str) -> Iterator[columns.Line]:
    """The words of a page by their lines. PDFium begins a new line with some cells: those go on with the one before."""
    place, box = _Box(page, text), raw.FS_RECTF()
    words: list[columns.Word] = []
    breaks: list[int] = []
    low = high = 0.0
    begun = 0
    for match in _WORD.finditer(text):
        first, last = place.of(match.start()), place.of(match.end() - 1)
        left, right = place.left(first), place.right(last)
        parted = "\n" in text[begun : match.start()]
        if not words or parted or left < words[-1].left:
            raw.FPDFText_GetLooseCharBox(page.raw, first, box)
            on_line = min(high, box.top) - max(low, box.bottom) > (box.top - box.bottom) / 2
            if words and on_line and left >= words[-1].right:
                breaks.append(len(words))
            elif words:
                yield columns.Line(words, high - low, breaks)
                words, breaks = [], []
            if not words:
                low, high = box.bottom, box.top
        begun = match.end()
        words.append(columns.Word(match.group(), left, max(left, right)))
    if words:
        yield columns.Line(words, high - low, breaks)


class _Box:
    """Where the letters of a page stand. Asked for with each word of it, so it keeps what the answers are put into."""

    def __init__(self, page: pypdfium2.PdfTextPage, text: str) -> None:
        self._page = page.raw
        self._alike = page.count_chars() == len(text)
        self._sides = tuple(ctypes.c_double() for _ in range(4))
        self._pointers = tuple(map(ctypes.byref, self._sides))

    def of(self, place: int) -> int:
        """The number of the letter at a place in the text."""
        return place if self._alike else int(raw.FPDFText_GetCharIndexFromTextIndex(self._page, place))

    def left(self, letter: int) -> float:
        """Where a letter begins."""
        raw.FPDFText_GetCharBox(self._page, letter, *self._pointers)
        return self._sides[0].value

    def right(self, letter: int) -> float:
        """Where it ends."""
        raw.FPDFText_GetCharBox(self._page, letter, *self._pointers)
        return self._sides[1].value


def _targets(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> Iterator[str]:
    """Web addresses that the page's link areas lead to."""
    position, link = ctypes.c_int(0), raw.FPDF_LINK()
    for _ in range(MAX_LINKS + 1):
        if not raw.FPDFLink_Enumerate(page.raw, position, link):
            return
        action = raw.FPDFLink_GetAction(link)
        if not action:
            continue
        size = raw.FPDFAction_GetURIPath(document.raw, action, None, 0)
        if 1 < size <= 4096:
            buffer = ctypes.create_string_buffer(size)
            raw.FPDFAction_GetURIPath(document.raw, action, buffer, size)
            yield buffer.value.decode("utf-8", "replace")
