"""Office bytes -> contents: text documents, slides and spreadsheets of Word, PowerPoint, Excel and OpenDocument.

All are zip archives of XML. Archives that unpack to more than they should are refused before anything is unpacked.
"""

import io
import re
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from lxml import etree  # type: ignore[import-untyped]
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from auditor.model import Blind, Reason
from spiders.contents import Contents, Unreadable

MAX_UNPACKED: Final = 100 * 1024 * 1024
MAX_PART: Final = 30 * 1024 * 1024
MAX_PARTS: Final = 5000
MAX_ROWS: Final = 50_000
MAX_COLUMNS: Final = 300
MAX_TEXT: Final = 2_000_000

_DAMAGED: Final = "the file is damaged"
_PARTS: Final = {
    "docx": re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml"),
    "pptx": re.compile(r"ppt/(?:slides|notesSlides)/[^/]+\.xml"),
    "odf": re.compile(r"content\.xml"),
}
_ENDS_LINE: Final = frozenset({"p", "h", "br", "cr", "line-break"})
_ROWS: Final = frozenset({"tr", "table-row"})
_CELLS: Final = frozenset({"tc", "table-cell"})
_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_LINK: Final = re.compile(r"^(?:https?|mailto):", re.IGNORECASE)


def read(body: bytes, kind: str) -> Contents:
    """The contents of a text document or slides. Raises `Unreadable`."""
    with _opened(body) as archive:
        parts = [name for name in archive.namelist() if _PARTS[kind].fullmatch(name)]
        pieces: list[str] = []
        links = list(_relations(archive))
        for name in sorted(parts, key=_natural):
            pieces.extend(_pieces(archive, name, links))
        return Contents(title=_title(archive), text=_lines("".join(pieces)), links=links)


def read_workbook(body: bytes) -> Contents:
    """The contents of a spreadsheet, hidden sheets as well: they are published like the others. Raises `Unreadable`."""
    with _opened(body) as archive:
        links = list(_relations(archive))
        title = _title(archive)
    try:
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
        tables: list[str] = []
        left, wide = MAX_ROWS, False
        for sheet in book.worksheets:
            rows = [sheet.title]
            for row in sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS + 1):
                if left <= 0 or sum(map(len, tables)) > MAX_TEXT:
                    break
                wide = wide or row[MAX_COLUMNS:] not in ((), (None,))
                cells = "\t".join(_cell(value) for value in row[:MAX_COLUMNS]).rstrip("\t")
                if cells.strip():
                    rows.append(cells)
                    left -= 1
            tables.append("\n".join(rows))
    except (InvalidFileException, BadZipFile, KeyError, ValueError, TypeError, OSError, etree.XMLSyntaxError):
        raise Unreadable(_DAMAGED) from None
    read = f"{MAX_ROWS:,} rows" if left <= 0 else f"{MAX_COLUMNS} columns" if wide else ""
    blind = Blind(f"only its first {read} were read", Reason.LIMIT) if read else None
    return Contents(title=title, tables=tables, links=links, blind=blind)


def _opened(body: bytes) -> ZipFile:
    """The archive, once it is clear that it does not unpack to more than a document may hold."""
    if not body.startswith(b"PK"):
        raise Unreadable("it is locked with a password" if body.startswith(b"\xd0\xcf\x11\xe0") else _DAMAGED)
    try:
        archive = ZipFile(io.BytesIO(body))
        parts = archive.infolist()
    except (BadZipFile, ValueError, OSError):
        raise Unreadable(_DAMAGED) from None
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Unreadable("it unpacks to more than a document may hold", reason=Reason.LIMIT)
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("it is locked with a password")
    return archive


def _pieces(archive: ZipFile, name: str, links: list[str]) -> Iterator[str]:
    """The text of one part, with line feeds and tabs where paragraphs and cells end."""
    mixed = name == "content.xml"  # OpenDocument has text everywhere, Office only in its "t" elements
    cells = 0
    for event, element in etree.iterwalk(_tree(archive, name), events=("start", "end")):
        tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if event == "start":
            cells += tag in _CELLS
            if tag == "t" or mixed:
                yield element.text or ""
            if tag == "a" and _LINK.match(element.get(_HREF) or ""):
                links.append(element.get(_HREF) or "")
            continue
        cells -= tag in _CELLS
        if tag in _ROWS or (tag in _ENDS_LINE and not cells):
            yield "\n"
        elif tag in _ENDS_LINE:
            yield " "
        elif tag in _CELLS or tag == "tab":
            yield "\t"
        if mixed:
            yield element.tail or ""


def _tree(archive: ZipFile, name: str) -> Any:
    try:
        if archive.getinfo(name).file_size > MAX_PART:
            raise Unreadable("it unpacks to more than a document may hold", reason=Reason.LIMIT)
        return etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, KeyError, BadZipFile, EOFError, ValueError, OSError, zlib.error, NotImplementedError):
        raise Unreadable(_DAMAGED) from None


def _lines(text: str) -> str:
    lines = ("\t".join(" ".join(cell.split()) for cell in line.split("\t")).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _relations(archive: ZipFile) -> Iterator[str]:
    """Addresses that the parts of an Office document lead to."""
    for name in [name for name in archive.namelist() if name.endswith(".rels")][:500]:
        for element in _tree(archive, name):
            target = element.get("Target") or ""
            if element.get("TargetMode") == "External" and _LINK.match(target):
                yield target


def _title(archive: ZipFile) -> str:
    for name in ("docProps/core.xml", "meta.xml"):
        if name in archive.namelist():
            found = _tree(archive, name).find(".//{http://purl.org/dc/elements/1.1/}title")
            return (found.text or "").strip()[:500] if found is not None else ""
    return ""


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return " ".join(str(value).split())


def _natural(name: str) -> list[tuple[bool, int, str]]:
    """A sort key by which slide 10 comes after slide 9, and the document before its footers."""
    return [(True, int(piece), "") if piece.isdigit() else (False, 0, piece) for piece in re.split(r"(\d+)", name)]
