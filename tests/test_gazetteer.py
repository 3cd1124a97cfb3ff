"""Which words are listed family names: those of the list from its first to its last, and nothing between them."""

import pytest
from probablepeople import ratios  # type: ignore[import-untyped]

from auditor.detect.gazetteer import gazetteer


def test_all_names_that_are_anybodys_family_name_are_known() -> None:
    listed = {name.lower() for name, share in ratios.items() if share < 1}

    unknown = {name for name in listed if not gazetteer().is_family(name)}

    assert len(listed) > 100_000
    assert not unknown


@pytest.mark.parametrize("word", ["", "a", "smithx", "aarhus smith", "zzzzzz", "é", "\n"])
def test_what_is_only_a_piece_of_the_list_is_no_name(word: str) -> None:
    assert not gazetteer().is_family(word)
