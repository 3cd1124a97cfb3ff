"""The last names of other students that stand alone beside what a finding quotes are masked; plain English is not."""

import pytest

from auditor.check import WORTH_ASKING
from auditor.detect.reading import Recogniser
from auditor.masking import masked, quote
from auditor.model import Account, District, Document, Kind, Passage, Reading, School, Sort
from tests.roster.rosters import roster_of

ACCOUNT = Account("site", Kind.OFFICIAL, "website", "http://x.example/", school="lincoln")
DISTRICT = District("Riverbend", "mcps", schools=(School("lincoln", "Lincoln Elementary"),))
ROSTER = roster_of(
    *("Jada Dunmore", "Theo Thackleby", "Ana Hill", "Zoe Young", "Mia Lincoln", "Kai Houston", "Lou O'Hanlon"),
    *("Ximena de la Cruz", "Bao Vu"),
)


def read(text: str, *, everybody: bool = False, bystanders: bool = False) -> Reading:
    recogniser = Recogniser(DISTRICT, lambda _value: "t", ROSTER, everybody=everybody)
    return recogniser.read(Document("", (Passage(text),)), ACCOUNT, bystanders=bystanders)


def shown(text: str) -> str:
    return masked(text, read(text).sightings)


@pytest.mark.parametrize(
    ("text", "shown_as"),
    [
        ("Box score of Dunmore, Thackleby: Jada Dunmore 9.", "Box score of D***, T***: J*** D*** 9."),
        ("Jada Dunmore passed to Thackleby.", "J*** D*** passed to T***."),
        ("THACKLEBY and Jada Dunmore", "T*** and J*** D***"),
        ("Thackleby's goal, with Jada Dunmore", "T***'s goal, with J*** D***"),
        ("O’Hanlon and Jada Dunmore", "O*** and J*** D***"),
        ("Jada Dunmore, Hill, Thackleby and Young", "J*** D***, H***, T*** and Y***"),
        ("Jada Dunmore; Houston / Thackleby", "J*** D***; H*** / T***"),
        ("J. Thackleby, Jada Dunmore", "J. T***, J*** D***"),
    ],
)
def test_a_last_name_alone_is_masked_beside_what_is_quoted(text: str, shown_as: str) -> None:
    assert shown(text) == shown_as


@pytest.mark.parametrize(
    ("text", "shown_as"),
    [
        ("Jada Dunmore and Xylo Thackleby won.", "J*** D*** and X*** T*** won."),
        ("Xylo M. Thackleby and Jada Dunmore", "X*** M. T*** and J*** D***"),
        ("Jada Dunmore beat Xylo Roe-Thackleby", "J*** D*** beat X*** R***-T***"),
        ("Jada Dunmore, Princess Thackleby", "J*** D***, P*** T***"),
        ("Thackleby, Xylo; Dunmore, Jada", "T***, X***; D***, J***"),
        ("Xylo\tThackleby\t4\nThackleby\tXylo\t4\nJada Dunmore", "X*** T*** 4 T*** X*** 4 J*** D***"),
        ("Jada Dunmore, Xylo & Brixton Hill", "J*** D***, X*** & B*** H***"),
        ("Xylo and Jada Dunmore sang.", "X*** and J*** D*** sang."),
        ("Ximena de la Cruz Pérez ganó.", "X*** D*** L*** C*** P*** ganó."),
        ("Jada Dunmore de Xylander won.", "J*** D*** de X*** won."),
        ("Jada Dunmore met Zebulon Quackenbush-Roe.", "J*** D*** met Z*** Q***-R***."),
        ("Jada Dunmore (seated) beside Quackenbush, Zebulon", "J*** D*** (seated) beside Q***, Z***"),
    ],
)
def test_a_name_on_no_list_is_masked_in_one_breath_with_others(text: str, shown_as: str) -> None:
    assert shown(text) == shown_as


@pytest.mark.parametrize(
    "text",
    [
        "Jada Dunmore, Friday and Monday",
        "Jada Dunmore, Lincoln Elementary",
        "Jada Dunmore and Coach Roe",
        "Jada Dunmore, Grade 4 and Math",
        "Poetry, by Jada Dunmore",
    ],
)
def test_words_that_anybody_knows_stay_beside_a_name(text: str) -> None:
    assert shown(text) == text.replace("Jada Dunmore", "J*** D***")


@pytest.mark.parametrize(
    "rest",
    [
        "ran up the Hill.",
        "went to Houston.",
        "is Young, and Hill is a word.",
        "is in Lincoln.",
        "saw Mr. Thackleby.",
        "saw Coach Thackleby.",
        "ran in Thackleby Park.",
        "ran at Thackleby Middle School.",
        "saw Vu.",
        "sat in De la mar.",
        "was thackleby.",
    ],
)
def test_words_of_every_day_places_schools_and_adults_stay(rest: str) -> None:
    assert shown(f"Jada Dunmore {rest}") == f"J*** D*** {rest}"


def test_a_last_name_alone_asks_nothing_and_hides_nothing_elsewhere() -> None:
    reading = read("Jada Dunmore, Hill, Thackleby. The hill was steep.")

    lone = [s for s in reading.sightings if s.form == "last"]
    assert len(lone) == 2
    assert all(s.confidence < WORTH_ASKING and s.sort is Sort.PERSON for s in lone)
    assert quote(reading, reading.sightings[0]) == "J*** D***, H***, T***. The hill was steep."


def test_without_a_roster_names_that_no_list_has_are_masked_beside_what_is_quoted() -> None:
    text = "Zebulon Quackenbush, SSN 212-09-4471, met Principal Xylo Wimbleford at Lincoln Elementary. Zebulon sang."
    reading = Recogniser(DISTRICT, lambda _value: "t").read(Document("", (Passage(text),)), ACCOUNT)

    shown_as = masked(text, reading.sightings)

    assert shown_as == "Z*** Q***, SSN ***-**-****, met Principal Xylo Wimbleford at Lincoln Elementary. Z*** sang."


def test_where_nothing_is_quoted_nobody_is_looked_for() -> None:
    far = "The concert was long.\n" * 60

    assert not read("Thackleby scored.").sightings
    assert not [s for s in read(f"Jada Dunmore sang. {far} Thackleby scored.").sightings if s.form == "last"]
    assert [s.form for s in read("Thackleby scored.", bystanders=True).sightings] == ["last"]
    assert [s.form for s in read("Jada Dunmore, Thackleby", everybody=True).sightings] == ["full"]
