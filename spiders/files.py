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
from spiders.elements import MAX_LINKS
from spiders.flat import flatten
from spiders.hrefs import Resolver
from spiders.kinds import HTML, MEDIA_TYPES
from spiders.names import file_words
from spiders.text import clean, decode

MAX_ROWS: Final = 50_000
MAX_TEXT: Final = 2_000_000
_URL: Final = re.compile(r"https?://[^\s<>\"')\]}]{3,500}")
_CARD: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*+BEGIN:V(?:CALENDAR|CARD)\b", re.IGNORECASE)
_FOLD: Final = re.compile(rb"\r?\n[ \t]")
_ESCAPED: Final = re.compile(r"\\([nN,;\\])")
"""A line break, comma or semicolon in a text of a calendar (RFC 5545, 3.3.11)."""
_DELIMITERS: Final = ",;\t|"


def read(body: bytes, url: str, kind: str, *, charset: str = "", file_name: str = "") -> tuple[Document, Blind | None]:
    """The document in a file, and what of it could not be read; a damaged or locked one is a document with a problem.

    With `kind` HTML it reads a page that is not tame.
    """
    if kind == HTML:
        document = html.parse(flatten(body, charset) if html.multiplies(body) else decode(body, charset), url)
        return document, Blind(document.problem, Reason.LIMIT) if document.problem else None
    try:
        contents = _contents(body, kind, charset)
    except Unreadable as trouble:
        contents = Contents(blind=trouble.blind)
    document = _document(contents, url, kind, file_name)
    return document, contents.blind or (Blind(document.problem, Reason.LIMIT) if document.problem else None)


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
        case "text" if _CARD.match(body):
            return _card(body, charset)
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
    return Contents(tables=["\n".join(rows)], links=_URL.findall(text), blind=blind)


def _card(body: bytes, charset: str) -> Contents:
    """A calendar or a visiting card. Its lines are folded at a number of bytes, be it within a word or a letter."""
    text = decode(_FOLD.sub(b"", body), charset)
    return _plain(_ESCAPED.sub(lambda escaped: "\n" if escaped[1] in "nN" else escaped[1], text))


def _plain(text: str) -> Contents:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return Contents(text="\n".join(line for line in lines if line), links=_URL.findall(text))


def _document(contents: Contents, url: str, kind: str, file_name: str) -> Document:
    passages, cut = _within(tuple(_passages(contents, url, file_name)))
    addresses = _addresses(contents.links, url)
    links = tuple(map(Link, addresses[:MAX_LINKS]))
    problems = [contents.blind.what] if contents.blind else []
    if len(addresses) > MAX_LINKS:
        problems.append(f"only its first {MAX_LINKS:,} links were read")
    if cut:
        problems.append(f"only its first {MAX_TEXT // 1_000_000} million characters were read")
    content = "\n".join([passage.text for passage in passages] + [link.url for link in links])
    return Document(
        url=url.partition("#")[0],
        passages=passages,
        links=links,
        title=clean(contents.title),
        media_type=MEDIA_TYPES.get(kind, "application/octet-stream"),
        published_on=metadata.published_in_address(url),
        digest=blake2b(content.encode("utf-8", "replace"), digest_size=16).hexdigest(),
        problem="; ".join(problems),
    )


def _addresses(references: Iterable[str], url: str) -> list[str]:
    """Where the links of a file lead, each once. Programs that show files take what begins with "www." for a site, and
    what has no scheme for a neighbour of the file."""
    resolve = Resolver(url)
    found = (clean(reference).strip() for reference in references)
    absolute = (resolve(f"http://{one}" if one.lower().startswith("www.") else one) for one in found)
    return list(dict.fromkeys(filter(None, absolute)))


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
