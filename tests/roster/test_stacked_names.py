"""A first name on a line of its own and the last name on the next one are one name; lists of either are none."""

import pytest

from tests.roster.rosters import asked, found, roster_of

ROSTER = roster_of(
    "Jada Dunmore",
    "Theo Brightwater",
    "Jordan Kelly",
    "Kelly Mason",
    "Mason Jordan",
    "Ximena de la Cruz",
    "Mary-Ann Holt",
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Jada\nDunmore", ["Jada\nDunmore"]),
        ("JADA\nDUNMORE", ["JADA\nDUNMORE"]),
        ("Our team\nJada\nDunmore\nGrade 9\nTheo\nBrightwater\nGrade 10", ["Jada\nDunmore", "Theo\nBrightwater"]),
        ("Jada\nDunmore\nTheo\nBrightwater", ["Jada\nDunmore", "Theo\nBrightwater"]),
        ("Jada\nDunmore\nSenior\nTheo\nBrightwater\nJunior", ["Jada\nDunmore", "Theo\nBrightwater"]),
        ("Ximena\nde la Cruz", ["Ximena\nde la Cruz"]),
        ("Ximena\nDe La Cruz", ["Ximena\nDe La Cruz"]),
        ("Mary-Ann\nHolt", ["Mary-Ann\nHolt"]),
        ("Jada \n Dunmore", ["Jada \n Dunmore"]),
    ],
)
def test_a_first_name_over_a_last_name_is_a_name(text: str, names: list[str]) -> None:
    assert found(ROSTER, text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Jordan\nKelly", ["Jordan\nKelly"]),
        ("the team:\nJordan\nKelly\nJada\nDunmore", ["Jordan\nKelly"]),
        ("Dunmore\nJada", ["Dunmore\nJada"]),
    ],
)
def test_names_that_may_be_two_people_are_asked_about(text: str, names: list[str]) -> None:
    assert asked(ROSTER, text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Mia\nJordan\nKelly\nTheo",
        "Jada\nJordan\nKelly\nTheo",
        "Dunmore\nJordan\nKelly\nBrightwater",
        "Theo\nJada\nDunmore\nBrightwater",
        "Jordan\nKelly\nMason\nJada",
        "Brightwater\nDunmore\nJada\nTheo",
        "Jada\nBrightwater",
        "Jada sang\nDunmore",
        "Jada\nDunmore Street",
        "Jada\nDunmore Elementary",
        "Jada.\nDunmore",
        "Jada\n\nDunmore",
        "Jada\n3\nDunmore",
        "jada\ndunmore",
    ],
)
def test_two_lines_of_a_list_are_two_people(text: str) -> None:
    assert found(ROSTER, text) == asked(ROSTER, text) == []
