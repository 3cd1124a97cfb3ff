"""Escapes that somebody left in a text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.detect.escapes import Unescaped
from auditor.model import Sighting, Sort


def place(text: str, start: int, end: int) -> str:
    """What a sighting in the text without escapes covers in the original."""
    unescaped = Unescaped.of(text)
    assert unescaped is not None
    seen = unescaped.back(Sighting(Sort.STUDENT, 0, start, end, "J*** D***", "token"))
    return text[seen.start : seen.end]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("see Jane%20Doe here", "see Jane Doe here"),
        ("Jos%C3%A9%20Garc%C3%ADa", "José García"),
        ("100%25 of %7Bus%7D", "100% of {us}"),
    ],
)
def test_escaped_letters_are_read_as_meant(text: str, meant: str) -> None:
    unescaped = Unescaped.of(text)

    assert unescaped is not None
    assert unescaped.text == meant


@pytest.mark.parametrize("text", ["100% of us", "%", "%zz", "%FF is no letter", "a%0Ab", ""])
def test_what_is_no_escaped_letter_stays(text: str) -> None:
    assert Unescaped.of(text) is None


def test_places_are_those_of_the_original() -> None:
    assert place("see Jane%20Doe here", 4, 12) == "Jane%20Doe"
    assert place("%C3%89lan%20B. won", 0, 7) == "%C3%89lan%20B."


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_found_again_where_it_stood(before: str, after: str) -> None:
    text = f"{before}Jane%20Doe{after}"
    unescaped = Unescaped.of(text)

    assert unescaped is not None
    starts = (m.start() for m in re.finditer("Jane Doe", unescaped.text))
    assert "Jane%20Doe" in {place(text, start, start + len("Jane Doe")) for start in starts}
