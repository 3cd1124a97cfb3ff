"""A document becomes a reading: students, contact data and what only links know, the same whatever was read before."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from auditor.config import load
from auditor.detect.reading import Recogniser
from auditor.model import Account, District, Document, Kind, Link, Passage, Place, Reading, Sort
from auditor.roster.book import Roster
from auditor.roster.intake import take_in
from spiders import html

HERE = Path(__file__).parent / "district"
TODAY = date(2026, 11, 16)
KEY = b"a key that only the tests know.."
ACCOUNT = Account("site", Kind.OFFICIAL, "website", "http://x.example/", school="lincoln")


@cache
def district() -> District:
    return load(HERE / "config.toml", TODAY).district


@cache
def roster() -> Roster:
    return take_in(HERE / "oneroster", HERE / "optouts.csv", district().schools, KEY, TODAY).roster


def recogniser() -> Recogniser:
    return Recogniser(district(), lambda text: f"<{len(text)}>", roster())


def document(*texts: str, links: tuple[Link, ...] = ()) -> Document:
    return Document("http://x.example/", tuple(Passage(text) for text in texts), links)


def told(reading: Reading, *sorts: Sort) -> list[tuple[str, str, str]]:
    """Sort, text and form of each sighting."""
    passages = reading.document.passages
    return [
        (s.sort.value, passages[s.passage].text[s.start : s.end], s.form)
        for s in reading.sightings
        if not sorts or s.sort in sorts
    ]


def test_students_and_contact_data_stand_in_the_order_of_the_text() -> None:
    reading = recogniser().read(document("Jada Dunmore: 406-721-0144\nhome: jd@mail.example", "12 Elm Street"), ACCOUNT)

    assert told(reading) == [
        ("STUDENT", "Jada Dunmore", "full"),
        ("PHONE", "406-721-0144", "phone"),
        ("EMAIL", "jd@mail.example", "email"),
        ("ADDRESS", "12 Elm Street", "street"),
    ]


def test_nothing_recognised_can_be_read_in_a_printed_reading() -> None:
    reading = recogniser().read(document("Jada Dunmore: 406-721-0144, jada@mail.example, 12 Elm Street"), ACCOUNT)

    assert len(reading.sightings) == 4
    for value in ("Jada", "Dunmore", "0144", "jada@", "Elm"):
        assert value not in repr(reading)


def test_without_a_roster_contact_data_is_found_all_the_same_and_names_are_people() -> None:
    reading = Recogniser(district(), str).read(document("Jada Dunmore: 406-721-0144"), ACCOUNT)

    assert told(reading) == [("PERSON", "Jada Dunmore", "full"), ("PHONE", "406-721-0144", "phone")]


def people(*texts: str) -> list[str]:
    recogniser = Recogniser(district(), lambda text: f"<{len(text)}>", everybody=True)
    return [text for _, text, _ in told(recogniser.read(document(*texts), ACCOUNT), Sort.PERSON)]


def test_what_a_page_calls_a_school_is_nobodys_name_on_it() -> None:
    assert people("Emma Roebuck and Tyler Dunmore meet at noon.") == ["Emma Roebuck", "Tyler Dunmore"]
    assert people("Emma Roebuck PTA", "We love Emma Roebuck!\nTyler Dunmore does.") == ["Tyler Dunmore"]
    assert people("Go to Emma Roebuck with Tyler Dunmore. Emma Roebuck Middle School is open.") == ["Tyler Dunmore"]


def test_honours_offices_and_other_schools_of_the_same_family_make_no_name_a_schools() -> None:
    assert people("Emma Roebuck High Honors", "Emma Roebuck sang.") == ["Emma Roebuck"]
    assert people("Emma Roebuck PTA President", "Emma Roebuck spoke.") == ["Emma Roebuck"]
    assert people("Emma Roebuck's School", "Emma Roebuck Street", "Emma Roebuck sang.") == ["Emma Roebuck"] * 2
    assert people("Tyler Roebuck Elementary", "Emma Roebuck sang.") == ["Emma Roebuck"]


def test_a_number_on_record_is_the_students_also_without_its_area_code() -> None:
    reading = recogniser().read(document("Call 728-0187 or (406) 728-0187, or 728-0188"), ACCOUNT)

    assert [bool(s.students) for s in reading.sightings] == [True, True, False]


def test_a_mailbox_with_a_students_name_is_a_question() -> None:
    reading = recogniser().read(document("anneliese.vandermeer@mail.example, teacher@mail.example"), ACCOUNT)

    assert [(len(s.students), s.confidence) for s in reading.sightings] == [(1, 0.75), (0, 0.98)]


def test_the_mailbox_of_a_teacher_is_not_taken_for_a_students() -> None:
    reading = recogniser().read(document("elena.rivera@mail.example"), replace(ACCOUNT, school="roosevelt"))

    assert [s.students for s in reading.sightings] == [()]


def test_what_only_a_link_knows_stands_beside_its_sentence() -> None:
    links = (
        Link("http://x.example/a.html", "here"),
        Link("mailto:jo%40mail.example?subject=Hi", "write to Jo"),
        Link("tel:+1-406-721-0144", "call us"),
    )
    page = document("Our PTA president is new. Please write to Jo. Or call us\nthe end", links=links)

    reading = recogniser().read(page, ACCOUNT)

    assert [p.text for p in reading.document.passages[1:]] == [
        "Please write to Jo jo@mail.example",
        "Or call us tel: +1-406-721-0144",
    ]
    assert told(reading, Sort.EMAIL, Sort.PHONE) == [
        ("EMAIL", "jo@mail.example", "email"),
        ("PHONE", "+1-406-721-0144", "phone"),
    ]


def test_copies_of_a_mail_and_chats_with_a_number_are_read_as_calls() -> None:
    links = (
        Link("MAILTO:jo@mail.example?cc=ann@mail.example", "write"),
        Link("https://wa.me/14067210144", "chat"),
        Link("facetime:jo@mail.example", "see us"),
    )

    reading = recogniser().read(document("Please write or chat or see us", links=links), ACCOUNT)

    assert told(reading, Sort.EMAIL, Sort.PHONE) == [
        ("EMAIL", "jo@mail.example", "email"),
        ("EMAIL", "ann@mail.example", "email"),
        ("PHONE", "14067210144", "phone"),
    ]


def test_alike_links_of_a_table_stand_beside_their_own_rows() -> None:
    links = (Link("mailto:a@mail.example", "Email"), Link("mailto:b@mail.example", "Email"))
    page = document("Jada Dunmore\tEmail\nMs. Rivera\tEmail", links=links)

    reading = recogniser().read(page, ACCOUNT)

    assert [p.text for p in reading.document.passages[1:]] == [
        "Jada Dunmore\tEmail\ta@mail.example",
        "Ms. Rivera\tEmail\tb@mail.example",
    ]


def test_a_row_of_a_table_is_read_as_a_row() -> None:
    page = html.parse(
        "<table><tr><th>Name</th><th>Home</th></tr>\n<tr><td><p>Dunmore, <b>Jada</b></p></td><td>12 Elm Way</td></tr>"
        "<tr><td>\n  <div><p>Roe</p></div></td><td></td><td>7 Canyon Court</td></tr></table>",
        "http://x.example/",
    )

    reading = recogniser().read(page, ACCOUNT)

    assert reading.document.passages[0].text == "Name\tHome\nDunmore, Jada\t12 Elm Way\nRoe\t\t7 Canyon Court"
    assert told(reading, Sort.STUDENT, Sort.ADDRESS) == [
        ("STUDENT", "Dunmore, Jada", "full"),
        ("ADDRESS", "12 Elm Way", "street"),
        ("ADDRESS", "7 Canyon Court", "street"),
    ]


def test_an_address_that_the_text_shows_too_is_read_once() -> None:
    links = (Link("mailto:Jo@mail.example", "Jo@mail.example"), Link("mailto:jo@mail.example", "Jo"))

    reading = recogniser().read(document("Write to Jo@mail.example", links=links), ACCOUNT)

    assert len(reading.document.passages) == 1
    assert told(reading) == [("EMAIL", "Jo@mail.example", "email")]


def test_a_spiders_own_passage_for_a_link_is_replaced() -> None:
    link = Link("tel:4067210144", "Coach Lindqvist")
    page = Document("http://x.example/", (Passage("News"), Passage("4067210144", Place.ADDRESS, link.url)), (link,))

    reading = recogniser().read(page, ACCOUNT)

    assert [p.text for p in reading.document.passages] == ["News", "Coach Lindqvist\ttel: 4067210144"]
    assert told(reading, Sort.PHONE) == [("PHONE", "4067210144", "phone")]


def test_first_names_are_told_where_they_may_matter() -> None:
    reads = recogniser()

    song = "The concert was long. " * 20
    quiet = document(song + "Jada sang.")
    beside_a_name = document(song + "Jada sang with Anneliese Vandermeer.")
    pictured = Document("http://x.example/", (Passage(song), Passage("Jada", Place.CAPTION, "http://x.example/p")))

    assert told(reads.read(quiet, ACCOUNT)) == []
    assert told(reads.read(beside_a_name, ACCOUNT)) == [
        ("STUDENT", "Jada", "first"),
        ("STUDENT", "Anneliese Vandermeer", "full"),
    ]
    assert told(reads.read(pictured, ACCOUNT)) == [("STUDENT", "Jada", "first")]
    assert told(reads.read(quiet, replace(ACCOUNT, kind=Kind.PERSONAL))) == [("STUDENT", "Jada", "first")]
    assert told(reads.read(document("Jada sang."), ACCOUNT)) == [("STUDENT", "Jada", "first")]


def test_what_was_read_before_changes_nothing() -> None:
    pages = [
        document("Phone\n721-0144\nJada Dunmore"),
        document("721-0144", "Jada Dunmore 721-0144"),
        document("News\n721-0144"),
    ]
    alone = [recogniser().read(page, ACCOUNT) for page in pages]
    reads = recogniser()

    assert [reads.read(page, ACCOUNT) for page in pages] == alone
    assert [reads.read(page, ACCOUNT) for page in reversed(pages)] == alone[::-1]


def test_each_account_has_its_own_approved_contacts() -> None:
    reads = recogniser()
    other = replace(ACCOUNT, id="other", contacts=("jo@mail.example",))

    assert [s.ours for s in reads.read(document("jo@mail.example"), ACCOUNT).sightings] == [False]
    assert [s.ours for s in reads.read(document("jo@mail.example"), other).sightings] == [True]
    assert [s.ours for s in reads.read(document("jo@mail.example"), ACCOUNT).sightings] == [False]
