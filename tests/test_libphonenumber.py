"""What is told sooner than libphonenumber tells it is what libphonenumber tells."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.detect.libphonenumber import Matcher, numbers, valid

AREAS = ("406", "212", "808", "684", "671", "787", "876", "604", "800", "900", "456", "500", "133", "911")
SIGNS = (
    " ",
    "-",
    ".",
    "/",
    "- ",
    " -",
    ". ",
    ", ",
    "x",
    "~",
    "*",
    "(",
    ")",
    " ext ",
    "#",
    "--",
    ":",
    "",
    "a",
    "é",
    "$",
    "%",
)
FIGURES = st.text("0123456789", min_size=1, max_size=11)
NATIONAL = st.builds(
    "{}{}{}{}{:04}".format,
    st.sampled_from(AREAS),
    st.sampled_from(("", "-", " ", ".", ") ", "/")),
    st.integers(200, 999),
    st.sampled_from(("", "-", " ", ".")),
    st.integers(0, 9999),
)
BEFORE = st.sampled_from(("", "", "", "(", "+", "1", "011", "1-", "11 1-", "+1 ", "+44 ", "0"))
PIECES = st.lists(
    st.builds("{}{}{}".format, BEFORE, NATIONAL | FIGURES, st.sampled_from(SIGNS)), min_size=1, max_size=5
).map("".join)


def seen(matcher: type[phonenumbers.PhoneNumberMatcher], text: str) -> list[tuple[int, str, str]]:
    return [(m.start, m.raw_string, str(m.number)) for m in matcher(text, "US", phonenumbers.Leniency.VALID)]


@settings(max_examples=1500, deadline=None)
@given(PIECES)
def test_the_same_numbers_are_found_at_the_same_places(piece: str) -> None:
    assert seen(Matcher, piece) == seen(phonenumbers.PhoneNumberMatcher, piece)


@pytest.mark.parametrize(
    ("piece", "number"),
    [
        ("4064479661.1-", "+14064479661"),
        ("1-1 406 447 9661", "+14064479661"),
        ("011 39 06 698 83712", "+390669883712"),
        ("(406) 447.9661/2", "+14064479661"),
    ],
)
def test_a_number_is_told_with_its_country(piece: str, number: str) -> None:
    assert [value for _, _, value, _ in numbers(piece)] == [number]


@settings(max_examples=1500, deadline=None)
@given(NATIONAL)
def test_a_number_can_be_assigned_where_libphonenumber_says_so(written: str) -> None:
    digits = "".join(filter(str.isdigit, written))
    number = phonenumbers.PhoneNumber(country_code=1, national_number=int(digits))

    assert valid(digits) == phonenumbers.is_valid_number(number)
