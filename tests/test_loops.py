"""Loops over letters find what a pattern would, which says it more plainly and takes longer."""

import re
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.detect.found import beyond_ascii
from auditor.detect.persons import _LINK, _REST, _UPPER, _WORD, _runs
from auditor.detect.words.letters import _three_in_a_row, plays_tricks, spelling
from auditor.roster.marks import _KIND, _go_together

RUN: Final = re.compile(
    rf"[{_UPPER}](?<![\w@#][{_UPPER}])(?<!\w['’&-][{_UPPER}]){_REST}(?:[ \xa0]{{1,2}}(?:{_LINK} ){{0,3}}{_WORD})+"
)
TRICKS: Final = [re.compile(p) for p in (rb"a\*(?:\*|!*a)", rb"a!\**a", rb" a a a ")]
SIGNS_BEFORE: Final = [re.compile(p) for p in (rb"[@4]ss", rb"[$5][A-Za-z]{2}")]
TOGETHER: Final = re.compile(r"!|[gGbB][^egGbBF]*[FbB]|[FbB][^egGbBF]*[gGbB]|[GB][^e]?u|u[GB]")
KINDS: Final = "enuFgGbB!"

pieces = st.sampled_from(
    [*"AÉØİǅ²x_é1.-'’&@# \xa0\n", "Jo", "Smith", " de ", " la ", " y ", "von ", "   ", "J.", " J.R.R. ", "O'", "Mc"]
)
signs = st.sampled_from([*"ast $5@4*!1. ñé’😀", "ss", " a ", "aaa", "shit"])


@settings(max_examples=3_000)
@given(st.lists(pieces, max_size=16).map("".join))
def test_runs_of_words_with_capitals(text: str) -> None:
    assert _runs(text) == [run.span() for run in RUN.finditer(text)]


@settings(max_examples=3_000)
@given(st.lists(signs, max_size=16).map("".join))
def test_signs_among_letters(text: str) -> None:
    seen = spelling(text)

    assert plays_tricks(seen) == any(
        [*(p.search(seen.shapes) for p in TRICKS), *(p.search(seen.raw) for p in SIGNS_BEFORE)]
    )


@given(st.lists(st.sampled_from(["a", "b", " ", "\xf1", "ccc"]), max_size=20).map("".join))
def test_three_equal_letters_in_a_row(text: str) -> None:
    letters = f" {text} ".encode("latin-1")
    ends = {n for run in re.finditer(rb"([a-z\xf1])\1{2,}", letters) for n in range(run.start() + 2, run.end())}

    assert set(_three_in_a_row(letters)) == ends


@settings(max_examples=3_000)
@given(st.text(KINDS.replace("e", ""), max_size=12))
def test_names_of_two_words_by_the_kinds_of_words(kinds: str) -> None:
    marks = [KINDS.index(kind) << _KIND for kind in kinds]

    assert _go_together(marks, 0, len(marks)) == (TOGETHER.search(kinds) is not None)


@given(st.text())
def test_what_is_beyond_ascii(text: str) -> None:
    assert beyond_ascii(text) == "".join(c for c in text if not c.isascii())
