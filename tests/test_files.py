"""Files that a site links: read in a process of their own, and told apart where they cannot be read."""

import ctypes
import io
import textwrap
import zipfile
from collections.abc import Callable, Iterable

import docx
import openpyxl
import pypdfium2  # type: ignore[import-untyped]
import pytest
from pypdfium2 import raw

from auditor.model import Blind, Document, Link, Passage, Place, Reason
from spiders import files, kinds, office
from spiders.decoder import Decoder
from spiders.reactor import run

URL = "http://lincoln.example/files/ana-ortiz.bin"
NAME = Passage("ana ortiz bin", Place.FILE_NAME, URL)


def word() -> bytes:
    document = docx.Document()
    document.core_properties.title = "Honor roll"
    document.add_heading("Honor roll", 0)
    paragraph = document.add_paragraph("Congratulations, An")
    paragraph.add_run("a Ortiz").bold = True
    table = document.add_table(2, 2)
    for cell, text in zip((c for row in table.rows for c in row.cells), ("Ortiz", "Ana", "Cole", "Ben"), strict=True):
        cell.text = text
    document.sections[0].header.paragraphs[0].text = "Lincoln Elementary"
    document.part.relate_to("https://pta.example/", "http://x.example/hyperlink", is_external=True)
    return saved(document.save)


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Roster"
    sheet.append(["Name", "ID", "Grade"])
    sheet.append(["Ana Ortiz", 100234, 3.0])
    sheet.append([None, None, None])
    sheet["A2"].hyperlink = "https://pta.example/"
    hidden = book.create_sheet("Secret")
    hidden.append(["Ben Cole"])
    hidden.sheet_state = "hidden"
    return saved(book.save)


def saved(save: Callable[[io.BytesIO], object]) -> bytes:
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()


def pdf(lines: list[str], pages: int = 1, links: tuple[str, ...] = ()) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        page = document.new_page(300, 300)
        write(document, page, [(20, 250 - 20 * number, line) for number, line in enumerate(lines)])
        for link in links:
            area = raw.FPDFPage_CreateAnnot(page.raw, raw.FPDF_ANNOT_LINK)
            raw.FPDFAnnot_SetURI(area, link.encode())
            raw.FPDFPage_CloseAnnot(area)
        page.gen_content()
    return saved(document.save)


def sheet(*lines: dict[int, str]) -> bytes:
    """A PDF of one page on which words begin at these places of each line."""
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(600, 800)
    pieces = [(x, 750 - 16 * number, text) for number, line in enumerate(lines) for x, text in line.items()]
    write(document, page, pieces)
    page.gen_content()
    return saved(document.save)


def write(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, pieces: Iterable[tuple[int, int, str]]) -> None:
    font = raw.FPDFText_LoadStandardFont(document.raw, b"Helvetica")
    for x, y, piece in pieces:
        text = raw.FPDFPageObj_CreateTextObj(document.raw, font, 12)
        encoded = (piece + "\0").encode("utf-16-le")
        raw.FPDFText_SetText(text, ctypes.cast(ctypes.create_string_buffer(encoded), raw.FPDF_WIDESTRING))
        raw.FPDFPageObj_Transform(text, 1, 0, 0, 1, x, y)
        raw.FPDFPage_InsertObject(page.raw, text)


def archive(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


OPEN_DOCUMENT = b"""<office:document-content xmlns:office="urn:o" xmlns:text="urn:t" xmlns:table="urn:b"
  xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><text:h>Honor <text:span>roll</text:span></text:h>
  <text:p>See <text:a xlink:href="https://pta.example/">the PTA</text:a>.</text:p><table:table><table:table-row>
  <table:table-cell><text:p>Ortiz</text:p></table:table-cell><table:table-cell><text:p>Ana</text:p></table:table-cell>
  </table:table-row></table:table></office:body></office:document-content>"""

SLIDE = b"""<p:sld xmlns:p="urn:p" xmlns:a="urn:a"><a:p><a:r><a:t>An</a:t></a:r><a:r><a:t>a Ortiz</a:t></a:r></a:p>
  <a:p><a:r><a:t>Grade 3</a:t></a:r></a:p></p:sld>"""


def read(body: bytes, kind: str, url: str = URL) -> tuple[Document, Blind | None]:
    return files.read(body, url, kind)


def test_a_word_document_is_read_with_its_header_tables_and_links() -> None:
    document, blind = read(word(), kinds.DOCX)

    assert blind is None
    assert document.title == "Honor roll"
    assert document.passages == (
        Passage("Honor roll", Place.TITLE),
        Passage("Honor roll\nCongratulations, Ana Ortiz\nOrtiz\tAna\nCole\tBen\nLincoln Elementary"),
        NAME,
    )
    assert document.links == (Link("https://pta.example/"),)


def test_a_workbook_is_read_row_by_row_with_its_hidden_sheets() -> None:
    document, blind = read(workbook(), kinds.XLSX)

    assert blind is None
    assert document.passages == (
        Passage("Roster\nName\tID\tGrade\nAna Ortiz\t100234\t3", Place.TABLE),
        Passage("Secret\nBen Cole", Place.TABLE),
        NAME,
    )
    assert document.links == (Link("https://pta.example/"),)


def test_a_pdf_is_read_line_by_line() -> None:
    document, blind = read(pdf(["Honor roll", "Ana Ortiz, grade 3"], pages=2), kinds.PDF)

    assert blind is None
    assert document.passages == (Passage("Honor roll\nAna Ortiz, grade 3\nHonor roll\nAna Ortiz, grade 3"), NAME)
    assert document.media_type == "application/pdf"


PROSE = (
    "The fourth grade went to the river with Ms. Lee to look for frogs, and Ana Ortiz found the first one under a log. "
    "Everybody was excited when Ben Cole counted eleven tadpoles in a bucket. The bus left at nine and came at two."
)


def text_of(body: bytes) -> list[str]:
    document, blind = read(body, kinds.PDF)
    assert blind is None
    return document.passages[0].text.split("\n")


def in_lines(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width)


def test_a_table_of_a_pdf_is_read_cell_by_cell() -> None:
    rows = [("Ortiz", "Ana", "4"), ("Featherstonehaugh", "Ben", "4"), ("Li", "Jo", "3")]

    body = sheet(
        {20: "Class list"}, {20: "Last", 180: "First", 300: "Grade"}, *({20: a, 180: b, 300: c} for a, b, c in rows)
    )

    assert text_of(body) == ["Class list", "Last\tFirst\tGrade", *map("\t".join, rows)]


def test_headings_in_the_middle_of_their_columns_are_those_of_their_columns() -> None:
    names = [("Ana Ortiz", "3.9"), ("Ben Cole", "3.1"), ("Jo Li", "2.7"), ("Désirée Beaulieu", "3.4")]

    body = sheet({130: "Student", 330: "GPA"}, *({20: name, 290: mark} for name, mark in names))

    assert text_of(body) == ["Student\tGPA", *map("\t".join, names)]


def test_a_heading_of_two_words_is_one_cell_over_short_ones() -> None:
    body = sheet({20: "Student ID", 150: "Student Name"}, *({20: f"10{n}", 150: "Jo Li"} for n in range(3)))

    assert text_of(body) == ["Student ID\tStudent Name", *(f"10{n}\tJo Li" for n in range(3))]


def test_a_cell_that_reaches_nearly_to_the_next_and_an_empty_one_are_cells() -> None:
    body = sheet(
        {20: "Student", 122: "Allergy", 200: "Grade"},
        {20: "Ana Ortiz", 200: "3"},
        {20: "Ben Cole", 122: "Peanuts", 200: "4"},
        {20: "Jo Li", 122: "Eggs", 200: "4"},
        {20: "Quillfeather, Ines", 122: "Milk", 200: "5"},
    )

    assert text_of(body) == [
        "Student\tAllergy\tGrade",
        "Ana Ortiz\t\t3",
        "Ben Cole\tPeanuts\t4",
        "Jo Li\tEggs\t4",
        "Quillfeather, Ines\tMilk\t5",
    ]


def test_what_stands_over_and_below_a_table_is_no_part_of_it() -> None:
    rows = [{20: "Ana Ortiz", 200: "4/2/2016"}, {20: "Ben Cole", 200: "4/9/2016"}, {20: "Jo Li", 200: "5/1/2016"}]
    below = in_lines(PROSE, 80)

    told = text_of(
        sheet({20: "Birthdays of Ms. Lee's class in the fourth grade"}, *rows, *({20: line} for line in below))
    )

    assert told[1:4] == ["Ana Ortiz\t4/2/2016", "Ben Cole\t4/9/2016", "Jo Li\t5/1/2016"]
    assert told[0] == "Birthdays of Ms. Lee's class in the fourth grade"
    assert told[4:] == below


@pytest.mark.parametrize("width", [22, 30, 38])
def test_text_in_two_columns_is_no_table(width: int) -> None:
    left, right = in_lines(PROSE, width), in_lines(PROSE[40:], width)

    told = text_of(sheet(*({20: a, 40 + 7 * width: b} for a, b in zip(left, right, strict=False))))

    assert "\t" not in "".join(told)
    assert [line[: len(a)] for line, a in zip(told, left, strict=False)] == left[: len(told)]


def test_lines_that_are_stretched_to_the_margin_are_no_table() -> None:
    lines = [line.split() for line in in_lines(PROSE, 40)]

    told = text_of(sheet(*({20 + 65 * n: word for n, word in enumerate(words)} for words in lines)))

    assert "\t" not in "".join(told)


def test_a_list_with_points_keeps_its_sentences() -> None:
    lines = in_lines(PROSE, 60)
    points = [{20: "1."}, {}, {20: "2."}, {}]

    told = text_of(sheet(*(point | {40: line} for point, line in zip(points, lines, strict=True))))

    assert told == [f"1. {lines[0]}", lines[1], f"2. {lines[2]}", lines[3]]


def test_links_of_a_pdf_lead_where_a_reader_is_led() -> None:
    targets = ("https://pta.example/", "courses", "../menu.pdf", "www.pta.example/news", "mailto:pta@pta.example")

    document, _ = read(pdf(["Questions"], links=targets), kinds.PDF, "http://lincoln.example/files/faq.pdf")

    assert [link.url for link in document.links] == [
        "https://pta.example/",
        "http://lincoln.example/files/courses",
        "http://lincoln.example/menu.pdf",
        "http://www.pta.example/news",
        "mailto:pta@pta.example",
    ]


def test_slides_are_read_in_their_order() -> None:
    slides = {f"ppt__slides__slide{n}_xml": SLIDE.replace(b"3<", b"%d<" % n) for n in (10, 9)}

    document, blind = read(archive(ppt__presentation_xml=b"<x/>", **slides), kinds.PPTX)

    assert blind is None
    assert document.passages[0] == Passage("Ana Ortiz\nGrade 9\nAna Ortiz\nGrade 10")


def test_an_open_document_is_read_with_its_tables_and_links() -> None:
    document, blind = read(archive(mimetype=b"x", content_xml=OPEN_DOCUMENT), kinds.ODF)

    assert blind is None
    assert document.passages == (Passage("Honor roll\nSee the PTA.\nOrtiz\tAna"), NAME)
    assert document.links == (Link("https://pta.example/"),)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_in_a_text_file_keeps_its_cells_apart(delimiter: str) -> None:
    text = f'Name{delimiter}Note\r\n"Ortiz{delimiter} Ana"{delimiter}"two\nlines http://pta.example/x"\r\n'

    document, _ = read(text.encode(), kinds.CSV)

    # A delimiter inside quotes belongs to the cell; were it a tab, it is white space like any other.
    inside = " " if delimiter == "\t" else f"{delimiter} "
    assert document.passages[0] == Passage(f"Name\tNote\nOrtiz{inside}Ana\ttwo lines http://pta.example/x", Place.TABLE)
    assert document.links == (Link("http://pta.example/x"),)


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
@pytest.mark.parametrize("fold", [b" ", b"\t"])
def test_folded_lines_of_a_calendar_are_put_together_before_anything_is_read(end: bytes, fold: bytes) -> None:
    half_a_letter = "Piñ".encode()[:-1]
    lines = [b"BEGIN:VCALENDAR", b"SUMMARY:Science fair of Ana Or", fold + b"tiz and Leo " + half_a_letter]
    lines += [fold + "ñ".encode()[1:] + b"ata", b"DESCRIPTION:Lincoln\\, room 7\\nBen Cole", b"END:VCALENDAR"]

    document, blind = files.read(end.join(lines), URL, kinds.TEXT)

    assert document.passages[0].text.splitlines()[1:4] == [
        "SUMMARY:Science fair of Ana Ortiz and Leo Piñata",
        "DESCRIPTION:Lincoln, room 7",
        "Ben Cole",
    ]
    assert blind is None


def test_indented_lines_of_other_texts_stay_lines() -> None:
    document, _ = files.read(b"Honor roll\n Ana Ortiz\n Ben Cole", URL, kinds.TEXT)

    assert document.passages[0].text == "Honor roll\nAna Ortiz\nBen Cole"


def test_plain_text_is_read_in_its_charset() -> None:
    document, blind = read("José  Peña\n\n\nGrade 3".encode("cp1252"), kinds.TEXT)

    assert (document.passages[0], blind) == (Passage("José Peña\nGrade 3"), None)


def test_a_page_nested_without_end_is_read_whole() -> None:
    markup = (
        b"<html lang=es><title>Fair</title><body>"
        + b"<div>" * 50_000
        + b"<p>An<b>a</b> Ortiz<a href=/x>more</a><img src=a.jpg alt=Ana></p>"
        + b"</div>" * 50_000
        + b"<script>hidden</script><p>Ben Cole</p>"
    )

    document, blind = read(markup, kinds.HTML, "http://lincoln.example/p")

    assert blind is None
    assert (document.title, document.language) == ("Fair", "es")
    assert Passage("Ana Ortiz more\nBen Cole".replace(" more", "more")) in document.passages
    assert [link.url for link in document.links] == ["http://lincoln.example/x", "http://lincoln.example/a.jpg"]


LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("body", "kind", "what", "reason"),
    [
        (b"%PDF-1.7 nonsense", kinds.PDF, "the file is damaged", Reason.NOT_IN_ROUTE),
        (word()[:2000], kinds.DOCX, "the file is damaged", Reason.NOT_IN_ROUTE),
        (archive(word__document_xml=b"<w:p>"), kinds.DOCX, "the file is damaged", Reason.NOT_IN_ROUTE),
        (archive(xl__workbook_xml=b"<x/>"), kinds.XLSX, "the file is damaged", Reason.NOT_IN_ROUTE),
        (LOCKED, kinds.DOCX, "it is locked with a password", Reason.NOT_IN_ROUTE),
        (pdf([]), kinds.PDF, "it holds pictures of pages and no text", Reason.NOT_IN_ROUTE),
        (b"x", kinds.OLD_OFFICE, "it is in an old Office format that cannot be read here", Reason.NOT_IN_ROUTE),
        (b"x", kinds.OTHER, "it is of a kind that cannot be read here", Reason.NOT_IN_ROUTE),
        (
            archive(word__document_xml=b"<w>" + b" " * (office.MAX_PART + 1) + b"</w>"),
            kinds.DOCX,
            "it unpacks to more than a document may hold",
            Reason.LIMIT,
        ),
        (
            archive(
                **{f"word__x{n}_xml": b"\0" * (office.MAX_UNPACKED // 4 + 1) for n in range(4)},
                word__document_xml=b"<x/>",
            ),
            kinds.DOCX,
            "it unpacks to more than a document may hold",
            Reason.LIMIT,
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_keeps_its_name(
    body: bytes, kind: str, what: str, reason: Reason
) -> None:
    document, blind = read(body, kind)

    assert blind is not None
    assert (blind.what, blind.reason) == (what, reason)
    assert (document.problem, document.passages) == (what, (NAME,))


def test_entities_of_a_document_are_never_followed() -> None:
    bomb = b'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "boom">]><w><t>Ana&a;&b; Ortiz</t></w>'

    document, _ = read(archive(word__document_xml=bomb), kinds.DOCX)

    assert "root" not in str([p.text for p in document.passages])
    assert "boom" not in str([p.text for p in document.passages])


def test_a_long_table_is_cut_and_says_so() -> None:
    document, blind = read(b"a,b\n" * (files.MAX_ROWS + 5), kinds.CSV)

    assert blind == Blind("only its first 50,000 rows were read", Reason.LIMIT)
    assert document.problem == "only its first 50,000 rows were read"


def test_the_reading_process_gives_the_same_document() -> None:
    asked = [(word(), kinds.DOCX), (workbook(), kinds.XLSX), (pdf(["Ana Ortiz"]), kinds.PDF), (b"x", kinds.OTHER)]

    async def ask() -> list[tuple[Document, Blind | None]]:
        async with Decoder() as decoder:
            return [await decoder.read(body, URL, kind) for body, kind in asked]

    assert run(ask()) == [read(body, kind) for body, kind in asked]


def test_a_file_that_takes_too_long_costs_its_deadline_and_nothing_else() -> None:
    slow = b"<div>" * 2_000_000

    async def ask() -> list[tuple[Document, Blind | None]]:
        async with Decoder(deadline=1.5) as decoder:
            return [
                await decoder.read(slow, URL, kinds.HTML),
                await decoder.read(b"Ana", URL, kinds.TEXT),
            ]

    (slow_document, slow_blind), (quick_document, quick_blind) = run(ask())

    assert slow_blind == Blind("it took too long to read", Reason.LIMIT)
    assert slow_document.problem == "it took too long to read"
    assert (quick_document.passages, quick_blind) == ((Passage("Ana"), NAME), None)


@pytest.mark.parametrize(
    ("body", "url", "media_type", "kind"),
    [
        (b"%PDF-1.4", "http://l.example/x", "text/html", kinds.PDF),
        (word(), "http://l.example/download?id=3", "application/octet-stream", kinds.DOCX),
        (workbook(), "http://l.example/x.zip", "application/zip", kinds.XLSX),
        (b"PK\x03\x04broken", "http://l.example/x.docx", "", kinds.DOCX),
        (archive(a=b"x"), "http://l.example/x.zip", "application/zip", kinds.OTHER),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "http://l.example/x", "application/msword", kinds.OLD_OFFICE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "http://l.example/x.xls", "", kinds.OLD_OFFICE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "http://l.example/Thumbs.db", "", kinds.OTHER),
        (LOCKED, "http://l.example/x.xlsx", "", kinds.XLSX),
        (b"<!DOCTYPE html><p>x", "http://l.example/x.pdf", "text/plain", kinds.HTML),
        (b"<p>x", "http://l.example/x", "text/html", kinds.HTML),
        (b"a,b", "http://l.example/x.csv", "text/plain", kinds.CSV),
        (b"a,b", "http://l.example/x", "text/csv", kinds.CSV),
        (b"Ana", "http://l.example/x", "text/plain", kinds.TEXT),
        (b"BEGIN:VCALENDAR", "http://l.example/x.ics", "text/calendar", kinds.TEXT),
        (b"<?xml version='1.0'?><rss/>", "http://l.example/feed", "text/html; x", kinds.LIST),
        (b"<rss/>", "http://l.example/feed", "application/rss+xml", kinds.LIST),
        (b"\x89PNG", "http://l.example/x.png", "image/png", kinds.MEDIA),
        (b"{}", "http://l.example/x", "application/json", kinds.MEDIA),
        (b"p{}", "http://l.example/x", "text/css", kinds.MEDIA),
        (b"\0\1", "http://l.example/x", "", kinds.OTHER),
        (b"Ana", "http://l.example/x", "", kinds.TEXT),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_bytes_before_its_name(
    body: bytes, url: str, media_type: str, kind: str
) -> None:
    assert kinds.kind_of(body, url, media_type) == kind
