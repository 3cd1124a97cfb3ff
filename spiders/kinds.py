"""What sort of file some bytes are, told by the bytes before the name. Pure, and light: the readers are in `files`."""

import io
import re
from typing import Final
from zipfile import BadZipFile, ZipFile

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
    **dict.fromkeys(("pptx", "ppsx"), PPTX),
    **dict.fromkeys(("docx", "docm"), DOCX),
    **dict.fromkeys(("xlsx", "xlsm"), XLSX),
    **dict.fromkeys(("csv", "tsv"), CSV),
    **dict.fromkeys(("odt", "ods", "odp"), ODF),
    **dict.fromkeys(("doc", "xls", "ppt", "pps", "pub"), OLD_OFFICE),
    **dict.fromkeys(("txt", "ics", "vcf", "md"), TEXT),
    **dict.fromkeys(("htm", "html", "xhtml", "php", "asp", "aspx", "jsp"), HTML),
}
_OTHER_DOCUMENTS: Final = frozenset({"rtf", "zip", "epub", "pages", "numbers", "key", "mdb", "accdb", "wpd", "wps"})
_MACHINERY: Final = re.compile(r"javascript|ecmascript|json|css|wasm|font")
_VAGUE: Final = frozenset({"", "text/plain", "application/octet-stream", "application/zip", "binary/octet-stream"})
"""Media types that servers give when they know nothing better."""


def kind_of(body: bytes, url: str, media_type: str, file_name: str = "") -> str:
    """What sort of file those bytes are, from the bytes themselves where they tell, else from type and name."""
    named = _BY_ENDING.get(_ending(file_name) or _ending(url.partition("?")[0]), "")
    if body.startswith(b"%PDF-"):
        return PDF
    if body.startswith(b"PK\x03\x04"):
        return _packed(body) or _BY_TYPE.get(media_type) or named or OTHER
    if body.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        # An encrypted modern file lies in the same container as an old one, and so do files that hold no text.
        return _BY_TYPE.get(media_type) or named or OTHER
    start = body[:1024].lstrip(b"\xef\xbb\xbf\t\r\n \0").lower()
    if media_type in ("text/html", "application/xhtml+xml") or start.startswith((b"<!doctype html", b"<html")):
        return HTML
    if media_type.endswith(("/xml", "+xml")) or start.startswith(b"<?xml"):
        if b"<html" in start:
            return HTML
        return MEDIA if media_type == "image/svg+xml" else LIST
    if media_type not in _VAGUE:
        return _BY_TYPE.get(media_type) or _by_family(media_type)
    if named:
        return named
    return TEXT if media_type == "text/plain" or _looks_like_text(body) else OTHER


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


_SIGNS: Final = {"word/document.xml": DOCX, "ppt/presentation.xml": PPTX, "xl/workbook.xml": XLSX}


def _packed(body: bytes) -> str:
    """The kind of document that an archive is; "" for any other archive."""
    try:
        with ZipFile(io.BytesIO(body)) as archive:
            names = set(archive.namelist()[:5000])
    except (BadZipFile, ValueError, OSError):
        return ""
    found = next((kind for name, kind in _SIGNS.items() if name in names), "")
    return found or (ODF if {"content.xml", "mimetype"} <= names else "")


MEDIA_TYPES: Final = {**{kind: name for name, kind in reversed(_BY_TYPE.items())}, TEXT: "text/plain"}
"""A media type for each kind."""
