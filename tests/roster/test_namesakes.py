"""Which of several students with one name is meant. All of them are invented."""

import pytest

from auditor.detect.namesakes import Namesakes
from auditor.detect.students import students
from auditor.model import Grades, Passage, School
from auditor.roster.staffbook import StaffBook
from tests.growth import NOTICED, spent
from tests.roster.rosters import pupil, roster_of

SCHOOLS = (
    School("juniper", "Juniper Elementary", Grades(0, 5)),
    School("oak", "Oak Hollow Elementary School", Grades(0, 5)),
    School("larkspur", "Larkspur High School", Grades(9, 12)),
)
ROSTER = roster_of(
    pupil("Jordan Holt", source_id="1", schools=("juniper",), grade=4),
    pupil("Jordan Holt", source_id="2", schools=("larkspur",), grade=11),
    pupil("Liam Novak", source_id="3", schools=("juniper",), grade=3),
    pupil("Liam Novak", source_id="4", schools=("oak",), grade=3),
    pupil("Ximena Whitlow", source_id="5", schools=("larkspur",), grade=11),
    pupil("Ximena Whitlow", source_id="6", schools=("juniper",), grade=None),
)
NAMESAKES = Namesakes(SCHOOLS)


def grades(text: str, school: str = "") -> list[int | None]:
    """The grades of those who may be meant by the only name in a text on an account of that school."""
    (seen,) = students([Passage(text)], ROSTER, StaffBook(()), school, first_names=False, namesakes=NAMESAKES)
    return sorted((one.grade for one in seen.students), key=str)


@pytest.mark.parametrize(
    "text",
    [
        "Jordan Holt, grade 4, won.",
        "Jordan Holt (4th grade)",
        "fourth grader Jordan Holt",
        "Congratulations, 4th graders Jordan Holt and Ann!",
        "Grade 4: Ann Roe, Jordan Holt",
        "Grade 4\tJordan Holt",
        "Jordan Holt\tGrade 4\t9 points",
        "Jordan Holt, estudiante de cuarto grado",
        "La alumna de 4.º grado Jordan Holt",
        "Juniper Elementary student Jordan Holt",
        "Jordan Holt of Juniper Elementary won",
    ],
)
def test_the_younger_one_is_meant_where_the_grade_or_the_school_beside_the_name_says_so(text: str) -> None:
    assert grades(text) == [4]


@pytest.mark.parametrize(
    "text",
    [
        "Larkspur High junior Jordan Holt won.",
        "Jordan Holt, a junior at Larkspur High, won",
        "Jordan Holt, junior",
        "Jordan Holt, grade 11, won",
        "juniors Jordan Holt and Ann",
        "Jordan Holt, Larkspur High School",
    ],
)
def test_the_older_one_is_meant_where_the_words_say_so(text: str) -> None:
    assert grades(text) == [11]


@pytest.mark.parametrize(
    "text",
    [
        "Jordan Holt won.",
        "Jordan Holt and Ann Roe, grade 11",
        "Jordan Holt thanked a junior, Ann Roe",
        "Jordan Holt, junior varsity captain",
        "Jordan Holt, Junior Ranger",
        "Jordan Holt won at Larkspur High",
        "See Jordan Holt at Larkspur High on Friday",
        "Jordan Holt, Larkspur High junior Ann Roe",
        "Ann Roe, grade 11 Jordan Holt",
        "Ann Roe, grade 11, Jordan Holt",
        "Grade 11: Ann Roe, grade 4, and Jordan Holt",
        "Jordan Holt, Grade 11: Ann Roe",
        "Juniors wrote to Jordan Holt",
        "Jordan Holt, grades 9-12",
        "Jordan Holt, grade 11 and 12",
        "junior Jordan Holt of Juniper Elementary",
        "4th grader Jordan Holt, junior",
        "Jordan Holt, grade 7",
    ],
)
def test_where_the_words_are_not_clear_everybody_may_be_meant(text: str) -> None:
    assert grades(text) == [11, 4]


def test_several_who_are_left_are_all_meant_and_a_school_parts_them() -> None:
    assert grades("Liam Novak, grade 3, won") == [3, 3]
    (seen,) = students(
        [Passage("Oak Hollow Elementary student Liam Novak")], ROSTER, StaffBook(()), "", namesakes=NAMESAKES
    )
    assert [one.schools for one in seen.students] == [frozenset({"oak"})]


def test_whose_grade_nobody_knows_is_never_left_out() -> None:
    assert grades("Ximena Whitlow, junior") == [11, None]
    assert grades("Larkspur High junior Ximena Whitlow") == [11]


def test_on_a_schools_account_its_own_student_is_meant_whatever_is_said() -> None:
    assert grades("Larkspur High junior Jordan Holt", school="juniper") == [4]


def test_without_schools_grades_still_tell_who_is_meant() -> None:
    (bearers,) = {one.students for one in ROSTER.match("Jordan Holt")}

    assert [one.grade for one in Namesakes(()).meant("Jordan Holt, grade 4", 0, 11, bearers)] == [4]
    assert Namesakes(()).meant("Jordan Holt of Juniper Elementary", 0, 11, bearers) == bearers


@pytest.mark.parametrize(
    "piece",
    ["Grade 4: Ann Roe, ", "grade ", "Ann ", "A", ", ", "- ", "and Ann, ", "4th ", "juniper elementary ", "\t", "4 "],
)
def test_no_text_beside_a_name_takes_long(piece: str) -> None:
    (bearers,) = {one.students for one in ROSTER.match("Jordan Holt")}
    text = piece * 2_000

    assert spent(lambda whole: NAMESAKES.meant(whole, len(whole) // 2, len(whole) // 2 + 11, bearers), text) < NOTICED
