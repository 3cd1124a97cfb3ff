"""Student numbers and user names on record are known again without a word that calls them so, and never shown."""

import base64
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.check import WORTH_ASKING
from auditor.detect.identifiers import NOBODYS_HERE, Identifiers
from auditor.detect.reading import Recogniser
from auditor.masking import masked
from auditor.model import Account, District, Document, Kind, OptOut, Passage, Reading, Sort
from auditor.roster.book import Roster
from tests.roster.rosters import pupil, roster_of

ACCOUNT = Account("site", Kind.OFFICIAL, "website", "http://x.example/", school="lincoln")
JADA = "Jada Dunmore"


def roster() -> Roster:
    own = [(Sort.STUDENT_ID, value) for value in ("58216", "s07user", "jdunmo")]
    return roster_of(
        pupil(JADA, contacts=own),
        pupil("Theo Brightwater", contacts=[(Sort.STUDENT_ID, "2026"), (Sort.STUDENT_ID, "tiger")]),
        pupil("Linh Nguyen", contacts=[(Sort.STUDENT_ID, "1204")]),
    )


def read(text: str, *, everybody: bool = False) -> Reading:
    recogniser = Recogniser(District("", ""), lambda _value: "t", roster(), everybody=everybody)
    return recogniser.read(Document("", (Passage(text),)), ACCOUNT)


def asked(text: str) -> list[str]:
    """The numbers and user names in a text that a check would ask about."""
    found = (s for s in read(text).sightings if s.sort is Sort.STUDENT_ID and s.confidence >= WORTH_ASKING)
    return [text[s.start : s.end] for s in found]


def shown(text: str) -> str:
    return masked(text, read(text).sightings)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It was Jada Dunmore, 58216, who won.", "58216"),
        ("Jada Dunmore (s07user)", "s07user"),
        ("Jada Dunmore (S07USER)", "S07USER"),
        ("58216: Jada Dunmore", "58216"),
        ("58216\tDunmore, Jada\t3", "58216"),
        ("Jada Dunmore\n58216", "58216"),
        ("Jada Dunmore, no. 5-8216.", "5-8216"),
        ("Jada Dunmore has jdunmo for the library.", "jdunmo"),
        ("Jada Dunmore https://x.example/?student=58216&page=2", "58216"),
        ("Jada Dunmore @s07user!", "s07user"),
        ("Jada_58216.pdf is by Jada Dunmore", "58216"),
        ("JadaDunmore58216", "58216"),
        ("Jada, 58216, won.", "58216"),
        ("Linh Nguyen 1204", "1204"),
        ("user name: s07user", "s07user"),
        ("Theo Brightwater, students 58216", "58216"),
        ("Usuario: s07user", "s07user"),
    ],
)
def test_a_number_or_user_name_beside_its_owner_or_a_cue_is_asked_about(text: str, value: str) -> None:
    assert asked(text) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "Missoula MT 58216",
        "The stadium holds 58216 people.",
        "Theo Brightwater, class of 2026",
        "Theo Brightwater is our tiger.",
        "Theo Brightwater, 58216",
        "Jada Dunmore sold her bike for $58216.",
        "Room 1204 is open.",
        "s07user won.",
        "Theo Brightwater\t58216\nLinh Nguyen\t7",
    ],
)
def test_a_number_that_stands_beside_nobody_or_somebody_else_is_not_asked_about(text: str) -> None:
    assert asked(text) == []


@pytest.mark.parametrize(
    ("text", "shown_as"),
    [
        ("It was Jada Dunmore, 58216, who won.", "It was J*** D***, ***, who won."),
        ("s07user won 58216 points.", "*** won *** points."),
        ("Theo Brightwater, class of 2026", "T*** B***, class of ***"),
        ("The class of 2026 in room 1204", "The class of 2026 in room 1204"),
        ("Our tiger won.", "Our tiger won."),
        ("https://x.example/?id=%35%38216&n=s07user", "https://x.example/?id=***&n=***"),
        ("s07\u200buser and ５８２１６", "*** and ***"),
        (f"Jada Dunmore {base64.b64encode(b'58216').decode()}", "J*** D*** ***"),
        (f"Jada Dunmore {base64.b64encode(b'id=s07user').decode()}", "J*** D*** ***"),
    ],
)
def test_whatever_is_on_record_is_masked_wherever_it_stands(text: str, shown_as: str) -> None:
    assert shown(text) == shown_as


def test_four_figures_are_masked_only_where_an_excerpt_could_show_their_owner() -> None:
    far = "The concert was long. " * 40

    assert "1204" not in shown("Linh Nguyen sang. Room 1204.")
    assert "1204" in shown(f"Linh Nguyen sang. {far} Room 1204.")


def test_words_in_which_something_is_coded_stay_where_nobody_can_read_it() -> None:
    text = "BulldogPride Football2026 calendar TBKHkuZGFtc2=="

    assert shown(text) == text


def test_pieces_of_a_user_name_are_not_hidden_elsewhere() -> None:
    assert shown("s07user is a user.") == "*** is a user."


def test_for_anybody_only_what_is_proven_is_told() -> None:
    def told(text: str) -> list[str]:
        found = read(text, everybody=True).sightings
        return [text[s.start : s.end] for s in found if s.sort is Sort.STUDENT_ID]

    assert told("Missoula MT 58216, s07user") == []
    assert told("Jada Dunmore (58216)") == ["58216"]


def test_a_page_of_lines_and_a_post_tell_the_same() -> None:
    lines = [
        "Menu",
        "Jada Dunmore, 58216",
        "A long line about nothing at all. " * 3,
        "Missoula MT 58216",
        "s07user",
        "Room 1204",
    ]

    page = [s.confidence for s in read("\n".join(lines)).sightings if s.sort is Sort.STUDENT_ID]

    assert page == [0.9, NOBODYS_HERE, NOBODYS_HERE]


def test_an_opted_out_students_number_does_not_undo_the_pseudonym() -> None:
    day = date(2026, 11, 20)
    text = "It was Jada Dunmore, 58216, who won."
    out = OptOut(frozenset("A"), day, None, "paper")
    seen = [
        replace(s, students=tuple(replace(student, opt_outs=(out,)) for student in s.students))
        for s in read(text).sightings
    ]

    assert "58216" not in masked(text, seen, day)
    assert "student S-" in masked(text, seen, day)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("58216s07user -_.,;$@#/\n\t\u200b５Áé"), max_size=60))
def test_any_text_can_be_read_and_what_is_found_is_on_record(text: str) -> None:
    known = {"58216", "s07user"}

    for found in Identifiers(known.__contains__).find(text):
        assert 0 <= found.start < found.end <= len(text)
        assert found.value in known
