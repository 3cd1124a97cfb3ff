"""Words that show that a text speaks of students: the quick look at a text lets every one of them through."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.detect import cues
from auditor.detect.cues import NEAR, Cues

SMALL = re.compile(r"[a-zñáéíóú '’.,:()-]*|.*\d.*", re.DOTALL)


@pytest.mark.parametrize("cue", sorted({cue for kind in ("strong", "weak", "school") for cue in cues._all(kind)}))
def test_no_cue_is_passed_by_because_of_the_quick_look(cue: str) -> None:
    @settings(max_examples=30, deadline=None, database=None)
    @given(st.from_regex(rf"\A(?:{cue})\Z", alphabet=st.characters(codec="latin-1")).filter(SMALL.fullmatch))
    def each_way_to_write_it(written: str) -> None:
        text = f"Jada Holt, {written}, and Kofi."
        assert Cues(text).near(0, len("Jada Holt")), written

    each_way_to_write_it()


@pytest.mark.parametrize("cue", sorted(set(cues._all("among"))))
def test_no_cue_that_only_counts_of_people_is_passed_by(cue: str) -> None:
    bare = cue.removeprefix(r"\A").removesuffix("$")

    @settings(max_examples=30, deadline=None, database=None)
    @given(st.from_regex(rf"\A(?:{bare})\Z", alphabet=st.characters(codec="latin-1")))
    def each_way_to_write_it(written: str) -> None:
        before, behind = ("", written) if cue.startswith(r"\A") else (written, ".")
        text = f"{before}Jada Holt{behind}"
        said = re.compile(rf"(?<!\w)(?:{cue})(?!\w)", re.IGNORECASE)
        if any(map(said.search, (before, behind))):
            assert Cues(text).of_people(len(before), len(before) + len("Jada Holt")), written

    each_way_to_write_it()


def test_a_cue_in_capitals_is_one_too() -> None:
    assert Cues("HONOR ROLL: Jada Holt").surely(12, 21)
    assert Cues("CUADRO DE HONOR: Jada Holt").near(17, 26)


def test_a_text_of_other_things_has_none() -> None:
    text = "Jada Holt sells her old car, a red one, to whoever comes first."
    assert not Cues(text).near(0, 9)
    assert not Cues(text).surely(0, 9)


def test_a_strong_cue_far_away_says_nothing_of_a_name() -> None:
    text = "Jada Holt" + " ." * NEAR + " honor roll"
    assert not Cues(text).surely(0, 9)
