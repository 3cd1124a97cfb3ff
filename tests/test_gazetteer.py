"""Which words are listed names: those of the list from its first to its last, and nothing between them."""

import pytest
from probablepeople import ratios  # type: ignore[import-untyped]

from auditor.detect.gazetteer import FIRST, gazetteer


def test_all_names_that_are_anybodys_family_name_are_known() -> None:
    listed = {name.lower() for name, share in ratios.items() if share < 1}

    unknown = {name for name in listed if not gazetteer().is_family(name)}

    assert len(listed) > 100_000
    assert not unknown


@pytest.mark.parametrize("word", ["", "a", "smithx", "aarhus smith", "zzzzzz", "é", "\n"])
def test_what_is_only_a_piece_of_the_list_is_no_name(word: str) -> None:
    assert not gazetteer().is_family(word)


def test_all_names_that_are_seldom_a_family_name_are_first_names_but_for_words() -> None:
    listed = [name.capitalize() for name, share in ratios.items() if share >= 0.1]

    words = [name for name in listed if not gazetteer().part(name) & FIRST]

    assert len(listed) > 4_000
    assert len(words) < len(listed) / 20
    assert "Sunday" in words
