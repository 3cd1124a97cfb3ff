"""Loops over letters find what a pattern would, which says it more plainly and takes longer."""

import re
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.detect.emails import _AROUND_AT, _has_sign
from auditor.detect.found import _KINDS, beyond_ascii, kinds_beyond_ascii
from auditor.detect.gazetteer import is_english, without_possessive
from auditor.detect.persons import _LINK, _REST, _UPPER, _WORD, _runs
from auditor.detect.record_numbers import DATE, _may_hold_date
from auditor.detect.words.letters import _three_in_a_row, are_stretched, plays_tricks, spelling
from auditor.roster.labelled import _FAMILY, _GIVEN, _may_have_both
from auditor.roster.marks import _KIND, _go_together
from auditor.roster.names import (
    BESIDE_HANDLES,
    CAMEL,
    WORD,
    cut_at_capitals,
    handle,
    has_letter,
    in_small_letters,
    words_in,
)
from auditor.roster.tokens import _is_hard, _is_tag, is_address

NICKNAME: Final = "|".join(
    rf"{opening}[{_UPPER}][{inside}]{{0,13}}{closing} "
    for opening, inside, closing in [
        ('"', r"\w'’.-", '"'),
        ("“", r"\w'’.-", "”"),
        (r"\(", r"\w'’.-", r"\)"),
        ("'", r"\w’.-", "'"),
        ("‘", r"\w'.-", "’"),
    ]
)
RUN: Final = re.compile(
    rf"[{_UPPER}](?<![\w@#][{_UPPER}])(?<!\w['’&-][{_UPPER}]){_REST}"
    rf"(?:[ \xa0]{{1,2}}(?:{NICKNAME})?(?:{_LINK} ){{0,3}}{_WORD})+"
)
TRICKS: Final = [re.compile(p) for p in (rb"a\*(?:\*|!*a)", rb"a!\**a", rb" a a a ")]
SIGNS_BEFORE: Final = [re.compile(p) for p in (rb"[@4]ss", rb"[$5][A-Za-z]{2}")]
TOGETHER: Final = re.compile(r"!|[gGbB][^egGbBF]*[FbB]|[FbB][^egGbBF]*[gGbB]|[GB][^e]?u|u[GB]")
KINDS: Final = "enuFgGbB!"
ADDRESS: Final = re.compile(
    r"://|^www\.|[^\W\d]_[^\W\d]|\.(?:jpe?g|png|gif|pdf|docx?|xlsx?|html?|mp4|webp|csv)\b", re.IGNORECASE
)
HARD: Final = re.compile(r"[;:!?/|&<>=•…\\]|--|—|―")
TAG: Final = re.compile(r"\W{0,3}[@#]")
ENGLISH: Final = re.compile(
    r"(?:ings?|tions?|sions?|ments?|ness|ously|fully|ably|ally|less|ships?|isms?|ists?|ology|ograph[ysi]\w*|ities|able"
    r"|ible|eers?|edly|[^aeiou]ed|ied|ces|ful|ways|wide|days?|time|line|ware|tech|soft|land|town|ville|burgh?|shire"
    r"|istan)$"
)
SIGN: Final = re.compile(rb"@(?:(?<=a@)a|(?<=\(@) ?\)|(?<=\( @) ?\))")
SPACED_SIGN: Final = re.compile(rb"(?:(?<= )@(?=[a ])|(?<=a)@(?= ))\s*[^\s@]*\.[^\s@]*[^\s@.,!?]")
POSSESSIVE: Final = re.compile(r"(?:['’][sS]?|[_'’-]+)$")
LABELS: Final = [
    re.compile(rf"(?:{'|'.join(words)})(?:[ _-]?name)?s?(?:\(s\))?[ *]{{0,3}}[:=\t\n]", re.IGNORECASE)
    for words in (_GIVEN, _FAMILY)
]

pieces = st.sampled_from(
    [
        *"AÉØİǅ²x_é1.-'’&@# \xa0\n()“”‘\"",
        "Jo",
        "Smith",
        " de ",
        " la ",
        " y ",
        "von ",
        "   ",
        "J.",
        " J.R.R. ",
        "O'",
        "Mc",
        "St.",
        " St. ",
        ' "Jo" ',
        " “Jo” ",
        " (J.R.) ",
        " 'Jo' ",
        " ‘Jo’ ",
    ]
)
marks = st.text(st.sampled_from("aZé1²٣½_'-.,;:!?/#@& …•\\"), max_size=8)
endings = st.sampled_from(
    [*"abdegnosy", "ing", "tion", "ment", "ograph", "ist", "ed", "burg", "h", "day", "able", "time", "e", "r", "istan"]
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
    assert are_stretched(letters) == any(letters[end] in b"aciu" for end in ends)


@settings(max_examples=3_000)
@given(st.text(KINDS.replace("e", ""), max_size=12))
def test_names_of_two_words_by_the_kinds_of_words(kinds: str) -> None:
    marks = [KINDS.index(kind) << _KIND for kind in kinds]

    assert _go_together(marks, 0, len(marks)) == (TOGETHER.search(kinds) is not None)


@given(st.text())
def test_what_is_beyond_ascii(text: str) -> None:
    odd = "".join(c for c in text if not c.isascii())

    assert beyond_ascii(text) == odd
    assert kinds_beyond_ascii(text) == sum(kind for kind, pattern in _KINDS.items() if pattern.search(odd))


@given(st.text(st.sampled_from("aZé1²٣½_'-. "), max_size=12))
def test_words_of_a_plain_text(text: str) -> None:
    assert words_in(text) == [word.span() for word in WORD.finditer(text)]
    assert has_letter(text) == (re.search("[A-Za-z]", text) is not None)


@given(st.text(st.sampled_from("abYZÉé1'"), max_size=12))
def test_words_are_cut_at_capitals(word: str) -> None:
    assert cut_at_capitals(word) == CAMEL.split(word)


@settings(max_examples=2_000)
@given(st.lists(st.sampled_from([*"a1_.:/wWé ", "://", "www.", ".jpg", ".DOCX", ".m", "p4"]), max_size=8).map("".join))
def test_addresses_and_names_of_files(chunk: str) -> None:
    assert is_address(chunk) == (ADDRESS.search(chunk) is not None)


@given(marks)
def test_signs_that_part_two_words(mark: str) -> None:
    assert _is_hard(mark) == (HARD.search(mark) is not None or any(map(str.isdigit, mark)))
    assert _is_tag(mark) == (TAG.match(mark) is not None)


@given(
    st.sampled_from("@#"),
    st.sampled_from(["jada", "JadaD"]),
    st.text(st.sampled_from(BESIDE_HANDLES + "…"), max_size=6),
)
def test_signs_behind_a_handle_are_no_part_of_it(sign: str, word: str, behind: str) -> None:
    assert handle(sign + word + behind) == word.lower()


@settings(max_examples=2_000)
@given(st.lists(endings, max_size=5).map("".join))
def test_endings_of_english_words(word: str) -> None:
    assert is_english(word) == (ENGLISH.search(word) is not None)


@settings(max_examples=2_000)
@given(st.text(st.sampled_from("@@a( )[]<é.9"), max_size=10))
def test_signs_of_mailboxes(text: str) -> None:
    raw = text.encode()
    flat = raw.translate(_AROUND_AT)

    assert _has_sign(raw) == (SIGN.search(flat) is not None or SPACED_SIGN.search(flat) is not None)


@given(st.text(st.sampled_from("oesS'’-_"), max_size=8))
def test_what_hangs_on_a_name(word: str) -> None:
    assert without_possessive(word) == POSSESSIVE.sub("", word)


@settings(max_examples=2_000)
@given(
    st.lists(
        st.sampled_from([*" s*:=\nx", "First", "LAST", "preferred", "apellido", "_name", "(s)"]),
        max_size=12,
    ).map("".join)
)
def test_labels_of_both_parts_of_a_name(text: str) -> None:
    assert _may_have_both(text) or not all(labels.search(text) for labels in LABELS)


@given(
    st.lists(st.sampled_from([*"1٣4/.- ,", "Sept", "SETIEMBRE", "Aug", "mayo", "2015", "of"]), max_size=8).map("".join)
)
def test_dates(text: str) -> None:
    small = in_small_letters(text)

    assert _may_hold_date(small) or re.search(DATE, small) is None
