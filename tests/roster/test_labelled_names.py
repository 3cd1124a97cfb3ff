"""A first and a last name in fields or columns of their own are one name, whatever stands between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.roster.labelled import labelled
from tests.roster.rosters import found, roster_of

ROSTER = roster_of("Jada Dunmore", "Theo Brightwater", "Ximena de la Cruz", "Mary-Ann Holt")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("First name: Jada\nLast name: Dunmore", ["Jada\nLast name: Dunmore"]),
        ("First name: Jada Last name: Dunmore", ["Jada Last name: Dunmore"]),
        ("FIRST NAME: JADA\nLAST NAME: DUNMORE", ["JADA\nLAST NAME: DUNMORE"]),
        (
            "Student's First Name*: Jada\nM.I.: L\nStudent's Last Name*: Dunmore\nGrade: 7",
            ["Jada\nM.I.: L\nStudent's Last Name*: Dunmore"],
        ),
        ("Last: Dunmore\nFirst: Jada", ["Dunmore\nFirst: Jada"]),
        ("Last: Dunmore; First: Jada Lynn", ["Dunmore; First: Jada Lynn"]),
        ("First Name\tJada\nLast Name\tDunmore", ["Jada\nLast Name\tDunmore"]),
        ("first_name = Jada\nlast_name = Dunmore", ["Jada\nlast_name = Dunmore"]),
        ("Nombre: Ximena\nApellidos: de la Cruz", ["Ximena\nApellidos: de la Cruz"]),
        ("Given name: Mary-Ann\nSurname: Holt", ["Mary-Ann\nSurname: Holt"]),
        (
            "First name: Jada\nLast name: Dunmore\nFirst name: Theo\nLast name: Brightwater",
            ["Jada\nLast name: Dunmore", "Theo\nLast name: Brightwater"],
        ),
    ],
)
def test_fields_of_a_form_are_put_together(text: str, names: list[str]) -> None:
    assert found(ROSTER, text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Last Name\tGrade\tFirst Name\nDunmore\t7\tJada\nBrightwater\t8\tTheo",
            ["Dunmore\t7\tJada", "Brightwater\t8\tTheo"],
        ),
        ("No.\tFirst Name\tHome room\tLast Name\tBus\n1\tJada\tB12\tDunmore\t4", ["Jada\tB12\tDunmore"]),
        ("Apellido\tGrado\tNombre\nde la Cruz\t7\tXimena", ["de la Cruz\t7\tXimena"]),
        ("First Name\tBus\tLast Name\nJada\t4\tDunmore\n\nTheo\t4\tBrightwater", ["Jada\t4\tDunmore"]),
    ],
)
def test_columns_of_a_table_are_put_together_though_others_stand_between(text: str, names: list[str]) -> None:
    assert found(ROSTER, text) == names


@pytest.mark.parametrize(
    "text",
    [
        "First name: Jada\nLast name: Brightwater",
        "First name: Jada\n\n\n\n\nLast name: Dunmore",
        "First: we sing.\nLast: Dunmore",
        "First name\nLast name",
        "First Name\tGrade\tLast Name\nJada\t7\tBrightwater",
        "First Name\tGrade\tLast Name\nJada\t7",
    ],
)
def test_what_is_nobodys_name_stays_apart(text: str) -> None:
    assert found(ROSTER, text) == []


@given(
    st.lists(
        st.sampled_from(
            ["First name: ", "last\t", "Jada", "Dunmore", "\n", "\t", ":", " ", "first", "Nombre=", "İ", "x, "]
        )
    )
)
def test_every_part_stands_where_it_is_said_to_stand(pieces: list[str]) -> None:
    text = "".join(pieces)

    for pair in labelled(text):
        for part in pair:
            assert text[part.start : part.end] == part.written
