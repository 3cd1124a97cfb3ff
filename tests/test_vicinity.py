"""Lines, rows and sentences around a place, and whom they speak of."""

import pytest

from auditor.vicinity import Stretch, above, line, names_an_organisation, row, sentence, titled


def around(text: str, value: str) -> str:
    start = text.index(value)
    return sentence(text, start, start + len(value)).of(text)


@pytest.mark.parametrize(
    ("text", "value", "found"),
    [
        ("One. Call Dr. J. Roe at 721-0134. Two.", "721-0134", "Call Dr. J. Roe at 721-0134."),
        ("Visit 12 Elm St. Helena today! Bye.", "12 Elm", "Visit 12 Elm St. Helena today!"),
        ("Other line\nNo full stop here 721-0134\nMore", "721-0134", "No full stop here 721-0134"),
        ("Hola. ¡Llame al 721-0134! Gracias.", "721-0134", "¡Llame al 721-0134!"),
        ("See a.b.c. at 8 p.m. Friday. Then go.", "8 p.m", "See a.b.c. at 8 p.m. Friday."),
    ],
)
def test_a_sentence_ends_at_a_full_stop_but_not_at_an_abbreviation(text: str, value: str, found: str) -> None:
    assert around(text, value) == found


def test_a_row_is_a_line_with_cells() -> None:
    text = "Name\tPhone\nJane\t721-0134\nplain"

    assert row(text, 11, 15) == line(text, 11, 15)
    assert line(text, 11, 15).of(text) == "Jane\t721-0134"
    assert row(text, 25, 28) is None


def test_a_line_without_end_is_looked_at_as_far_as_it_matters() -> None:
    text = "word " * 1000

    assert line(text, 2500, 2504) == Stretch(1500, 3504)
    assert sentence(text, 0, 4) == Stretch(0, 1004)


def test_the_lines_above_are_a_card() -> None:
    text = "Sue Smith\n\nTreasurer\nsue@mail.example"

    assert above(text, text.index("sue@")) == "Sue Smith\nTreasurer"
    assert above("x" * 200 + "\nsue@mail.example", 201) == ""
    assert above("sue@mail.example", 0) == ""


@pytest.mark.parametrize("text", ["Ms. Lee", "see Coach Roe", "la maestra Roe", "Sra. Roe", "Jo Lee, Principal"])
def test_a_title_tells_an_adult(text: str) -> None:
    assert titled(text)


@pytest.mark.parametrize("text", ["Jane Doe", "coach of the year", "the teacher said"])
def test_without_a_title_nobody_is_called_an_adult(text: str) -> None:
    assert not titled(text)


def test_organisations_are_known_by_their_words() -> None:
    assert names_an_organisation("the Holter Museum of Art")
    assert names_an_organisation("Biblioteca Lewis")
    assert not names_an_organisation("Jane Doe and her friends")
