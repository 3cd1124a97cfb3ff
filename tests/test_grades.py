"""Grades are read as schools write them, and never guessed."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.grades import EVERY_GRADE, grade, grades
from auditor.model import Grades

ONEROSTER = {
    "IT": -1,
    "PR": -1,
    "PK": -1,
    "TK": 0,
    "KG": 0,
    "13": 13,
    "PS": 13,
    **{f"{number:02}": number for number in range(1, 13)},
}


@pytest.mark.parametrize(("code", "number"), ONEROSTER.items())
def test_every_oneroster_code_is_a_grade(code: str, number: int) -> None:
    assert grade(code) == grade(code.lower()) == grade(f" {code} ") == number


@pytest.mark.parametrize("code", ["UG", "Other", "", "99", "0", "-1", "K-5", "grade"])
def test_a_code_that_names_no_single_grade_is_none(code: str) -> None:
    assert grade(code) is None


@pytest.mark.parametrize("word", ["3", "03", "3rd", "Grade 3", "grade 03", "3rd grade", "Gr. 3"])
def test_third_grade_is_read_in_every_way_it_is_written(word: str) -> None:
    assert grade(word) == 3


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("K-5", Grades(0, 5)),
        ("9-12", Grades(9, 12)),
        ("PK-2", Grades(-1, 2)),
        ("6", Grades(6, 6)),
        ("K", Grades(0, 0)),
        ("03", Grades(3, 3)),
        ("KG-05", Grades(0, 5)),
        ("7,8", Grades(7, 8)),
        ("7;8", Grades(7, 8)),
        ("PK", Grades(-1, -1)),
        ("Pre-K – 2", Grades(-1, 2)),
        ("Pre-K through Grade 5", Grades(-1, 5)),
        ("6th to 8th", Grades(6, 8)),
        ("KG;01;02", Grades(0, 2)),
        ("8;6", Grades(6, 8)),
    ],
)
def test_a_span_is_read_as_schools_write_it(text: str, span: Grades) -> None:
    assert grades(text) == span


@pytest.mark.parametrize("text", ["UG", "Other", "K;UG", "ungraded", "all"])
def test_ungraded_students_may_be_in_any_grade(text: str) -> None:
    assert grades(text) == EVERY_GRADE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 'no grade is named; write them like "K-5", "9-12" or "6"'),
        ("5-K", 'the grades "5-K" run backwards; write the lower one first'),
        ("banana", '"banana" cannot be read as grades; write them like "K-5", "9-12" or "6"'),
        ("K5", '"K5" cannot be read as grades; write them like "K-5", "9-12" or "6"'),
        ("1-2-3", '"1-2-3" cannot be read as grades; write them like "K-5", "9-12" or "6"'),
        ("8-Jun", 'a spreadsheet has made the date "8-Jun" of the grades; format the column as text, write "K-5"'),
    ],
)
def test_what_cannot_be_read_is_told_with_the_remedy(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        grades(text)


@settings(deadline=None)
@given(st.text())
def test_any_text_is_grades_or_a_plain_refusal(text: str) -> None:
    try:
        span = grades(text)
    except ValueError as refusal:
        told = str(refusal)
    else:
        told = ""
        assert -1 <= span.lowest <= span.highest <= 13
    assert told == "" or told.isprintable()


@settings(deadline=None)
@given(st.integers(-1, 13), st.integers(-1, 13))
def test_what_a_span_prints_reads_back_as_itself(one: int, other: int) -> None:
    span = Grades(min(one, other), max(one, other))

    assert grades(str(span)) == span
