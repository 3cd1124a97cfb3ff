"""PDF bytes -> contents: the text of the pages in reading order, and where their links lead."""

import ctypes
from collections.abc import Iterator
from typing import Final

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from auditor.model import Blind, Reason
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
        lines = (" ".join(line.split()) for line in text_page.get_text_bounded().splitlines())
        texts.append("\n".join(line for line in lines if line))
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
