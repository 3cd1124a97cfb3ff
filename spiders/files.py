"""File bytes -> Document: PDF, DOCX, PPTX, XLSX, ODF, CSV and text. Pure, but not safe: run it in `spiders.decoder`.

Files come from strangers, and the libraries that read them are large. So every size is bounded here, and the decoder
bounds time and memory around it.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Final

from auditor.model import Blind, Document, Link, Passage, Place, Reason
from spiders import html, metadata, office, pdf
from spiders.contents import Contents, Unreadable
from spiders.flat import flatten
from spiders.names import file_words
from spiders.text import clean, decode

MAX_ROWS: Final = 50_000
MAX_TEXT: Final = 2_000_000
_URL: Final = re.compile(r"https?://[^\s<>\"')\]}]{3,500}")
_DELIMITERS: Final = ",;\t|"

PDF, DOCX, PPTX, XLSX, ODF, CSV, TEXT, HTML = "pdf", "docx", "pptx", "xlsx", "odf", "csv", "text", "html"
LIST, OLD_OFFICE, MEDIA, OTHER = "list", "old office", "media", "other"
READABLE: Final = frozenset({PDF, DOCX, PPTX, XLSX, ODF, CSV, TEXT})

_BY_TYPE: Final = {
    "application/pdf": PDF,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": DOCX,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": PPTX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": XLSX,
    "application/vnd.oasis.opendocument.text": ODF,
    "application/vnd.oasis.opendocument.spreadsheet": ODF,
    "application/vnd.oasis.opendocument.presentation": ODF,
    "application/msword": OLD_OFFICE,
    "application/vnd.ms-excel": OLD_OFFICE,
    "application/vnd.ms-powerpoint": OLD_OFFICE,
    "text/csv": CSV,
    "text/tab-separated-values": CSV,
    "text/html": HTML,
    "application/xhtml+xml": HTML,
}
_BY_ENDING: Final = {
    "pdf": PDF,
    "pptx": PPTX,
    **dict.fromkeys(("docx", "docm"), DOCX),
    **dict.fromkeys(("xlsx", "xlsm"), XLSX),
    **dict.fromkeys(("csv", "tsv"), CSV),
    **dict.fromkeys(("odt", "ods", "odp"), ODF),
    **dict.fromkeys(("doc", "xls", "ppt", "pub"), OLD_OFFICE),
    **dict.fromkeys(("txt", "ics", "vcf", "md"), TEXT),
    **dict.fromkeys(("htm", "html", "xhtml", "php", "asp", "aspx", "jsp"), HTML),
}
_OTHER_DOCUMENTS: Final = frozenset({"rtf", "zip", "epub", "pages", "numbers", "key"})
_MACHINERY: Final = re.compile(r"javascript|ecmascript|json|css|wasm|font")
_VAGUE: Final = frozenset({"", "text/plain", "application/octet-stream", "application/zip", "binary/octet-stream"})
"""Media types that servers give when they know nothing better."""


def kind_of(body: bytes, url: str, media_type: str, file_name: str = "") -> str:
    """What sort of file those bytes are, from the bytes themselves where they tell, else from type and name."""
    named = _BY_ENDING.get(_ending(file_name) or _ending(url.partition("?")[0]), "")
    if body.startswith(b"%PDF-"):
        return PDF
    if body.startswith(b"PK\x03\x04"):
        return office.kind(body) or _BY_TYPE.get(media_type) or named or OTHER
    if body.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        # An encrypted modern file lies in the same container as an old one.
        return _BY_TYPE.get(media_type, named) if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a" in body[:200_000] else OLD_OFFICE
    start = body[:1024].lstrip(b"\xef\xbb\xbf\t\r\n \0").lower()
    if media_type in ("text/html", "application/xhtml+xml") or start.startswith((b"<!doctype html", b"<html")):
        return HTML
    if media_type.endswith(("/xml", "+xml")) or start.startswith(b"<?xml"):
        return MEDIA if media_type == "image/svg+xml" else LIST
    if media_type not in _VAGUE:
        return _BY_TYPE.get(media_type) or _by_family(media_type)
    if named:
        return named
    return TEXT if media_type == "text/plain" or _looks_like_text(body) else OTHER


def read(body: bytes, url: str, kind: str, *, charset: str = "", file_name: str = "") -> tuple[Document, Blind | None]:
    """The document in a file, and what of it could not be read; a damaged or locked one is a document with a problem.

    With `kind` HTML it reads a page that is not tame.
    """
    if kind == HTML:
        return html.parse(flatten(body, charset), url), None
    try:
        contents = _contents(body, kind, charset)
    except Unreadable as trouble:
        contents = Contents(blind=trouble.blind)
    return _document(contents, url, kind, file_name), contents.blind


def _contents(body: bytes, kind: str, charset: str) -> Contents:
    match kind:
        case "pdf":
            return pdf.read(body)
        case "docx" | "pptx" | "odf":
            return office.read(body, kind)
        case "xlsx":
            return office.read_workbook(body)
        case "csv":
            return _table(decode(body, charset))
        case "text":
            return _plain(decode(body, charset))
        case "old office":
            raise Unreadable(
                "it is in an old Office format that cannot be read here",
                remedy="Save it as PDF, DOCX or XLSX and publish that instead.",
            )
        case _:
            raise Unreadable("it is of a kind that cannot be read here")


def _table(text: str) -> Contents:
    sample = text[:4000]
    delimiter = max(_DELIMITERS, key=sample.count)
    csv.field_size_limit(1_000_000)
    rows: list[str] = []
    blind = None
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            if len(rows) >= MAX_ROWS:
                blind = Blind(f"only its first {MAX_ROWS:,} rows were read", Reason.LIMIT)
                break
            rows.append("\t".join(" ".join(cell.split()) for cell in row))
    except csv.Error:
        return _plain(text)
    return Contents(tables=["\n".join(rows)], links=_URL.findall(text)[: html.MAX_LINKS], blind=blind)


def _plain(text: str) -> Contents:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return Contents(text="\n".join(line for line in lines if line), links=_URL.findall(text)[: html.MAX_LINKS])


def _document(contents: Contents, url: str, kind: str, file_name: str) -> Document:
    passages, cut = _within(tuple(_passages(contents, url, file_name)))
    links = tuple(Link(clean(link)) for link in dict.fromkeys(contents.links[: html.MAX_LINKS]))
    problems = [contents.blind.what] if contents.blind else []
    if cut:
        problems.append(f"only its first {MAX_TEXT // 1_000_000} million characters were read")
    content = "\n".join([passage.text for passage in passages] + [link.url for link in links])
    return Document(
        url=url.partition("#")[0],
        passages=passages,
        links=links,
        title=clean(contents.title),
        media_type=_MEDIA_TYPES.get(kind, "application/octet-stream"),
        published_on=metadata.published_in_address(url),
        digest=blake2b(content.encode("utf-8", "replace"), digest_size=16).hexdigest(),
        problem="; ".join(problems),
    )


_MEDIA_TYPES: Final = {**{kind: name for name, kind in reversed(_BY_TYPE.items())}, TEXT: "text/plain"}


def _passages(contents: Contents, url: str, file_name: str) -> Iterator[Passage]:
    if contents.title:
        yield Passage(clean(contents.title), Place.TITLE)
    if contents.text:
        yield Passage(clean(contents.text))
    for table in contents.tables:
        if table:
            yield Passage(clean(table), Place.TABLE)
    for words in dict.fromkeys((file_words(url), file_words(file_name))):
        if words:
            yield Passage(words, Place.FILE_NAME, url)


def _within(passages: Iterable[Passage]) -> tuple[tuple[Passage, ...], bool]:
    """The passages up to the most text that is read, and whether some was left."""
    kept: list[Passage] = []
    left = MAX_TEXT
    for passage in passages:
        if len(passage.text) > left:
            return (*kept, Passage(passage.text[:left], passage.place, passage.about)), True
        kept.append(passage)
        left -= len(passage.text)
    return tuple(kept), False


def is_document(url: str) -> bool:
    """Whether an address names a file that holds text, in whatever format, by its ending."""
    ending = _ending(url.partition("#")[0].partition("?")[0])
    return ending in _BY_ENDING or ending in _OTHER_DOCUMENTS


def _ending(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[2].lower() if "." in name.rpartition("/")[2] else ""


def _by_family(media_type: str) -> str:
    family = media_type.partition("/")[0]
    if family in ("image", "audio", "video", "font") or _MACHINERY.search(media_type):
        return MEDIA
    return TEXT if family == "text" else OTHER


def _looks_like_text(body: bytes) -> bool:
    return bool(body) and b"\0" not in body[:4096]
