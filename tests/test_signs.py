"""A post that shows no sign of what a finder looks for holds nothing of it."""

import random
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditor.detect import contacts, records
from auditor.detect.found import Found
from auditor.detect.hints import CONTACT, LANGUAGE, RECORD, shown
from auditor.detect.signs import FIGURE, Signs, said
from auditor.detect.words import words
from benchmarks.hostile_texts import mixed, repeated
from tests.growth import out_of_proportion


def alone(text: str) -> list[Found]:
    return records.find(text, alone=True)


FINDERS: dict[int, Callable[[str], list[Found]]] = {CONTACT: contacts.find, RECORD: alone, LANGUAGE: words}

TELLING = """
jada@mail.example|anna(at)mail(dot)example|write to anna [ at ] mail dot example|Anna at mail dot example|( @ )|x@y.com
(406) 555-0134|555.0134|406–555–0134|call 5550134|4 0 6 5 5 5 0 1 3 4|+1 406 555 0134|406\u00a0555\u00a00134
５５５０１３４
12 Oak Street|14 W Birch Ln|P.O. Box 12|Apartado 40|Calle Luna 5|4140 West 5415 South|9 Elm, Bozeman, MT 59715|3 of the
123-45-6789|123 45 6789|123–45–6789|SSN 123456789|social security 123 45 6789|D.O.B. 4/5/2009|born on 4/5/2009|seguro
student id 48213|pin: 4821|Number 99812|turned 9 on May 3|5th b-day May 3 2010|número 77231|o|day|social|ecurity|at|dot
shit|$hit|5hit|sh!t|s h i t|s.h.i.t|sh*t|f**k|f*ck|fuuuck|shiiiit|bullshitting|@ss|a$$|dumb4ss|f\u200duck|f\ufe0fuck
fück
cocaine|smoke some weed|vote for|hate you|kill yourself|you are so stupid|beer|drunk|buy now|discount|coño|puta|mierda
’|“|…|—|\u00a0|\u200b|é|ñ|😀|👩‍👩‍👧|❤️|\t|.|,|!|?|*|#|@|$|-|/|(|)|[|]|:|'|"|%| |  |a|I|of|the|to|is|1|0|7|12|2009|we
"""
PIECES = TELLING.strip("\n").replace("\n", "|").split("|")
TEXTS = st.lists(st.sampled_from(PIECES) | st.text("abcdeiou stk$@1!*3 ’é.-", max_size=6), max_size=12)


def holds(text: str) -> dict[int, list[Found]]:
    """What each finder finds by itself, of those that find anything."""
    return {bit: found for bit, find in FINDERS.items() if (found := find(text))}


@settings(max_examples=600)
@given(TEXTS, st.sampled_from([" ", "", "\n", ". ", "\u00a0"]))
@example(["anna", "[ at ]", "mail", "dot", "example"], " ")
@example(["s’h’i’t"], " ")
@example(["SSN", "123", "45", "6789"], "\u2003")
def test_what_is_found_shows_its_signs(pieces: list[str], between: str) -> None:
    text = between.join(pieces)

    assert [bit for bit in holds(text) if not shown(text) & bit] == []


@pytest.mark.parametrize("piece", PIECES)
def test_what_tells_something_shows_it_wherever_it_stands(piece: str) -> None:
    texts = (piece, f"{piece} ", f" {piece}", f"Look: {piece}!", f"“{piece}” is what he said…", f"x{piece}y 5 {piece}")

    assert [(text, bit) for text in texts for bit in holds(text) if not shown(text) & bit] == []


@pytest.mark.parametrize(
    ("text", "finder"),
    [
        ("Reach me at jada@mail.example today", CONTACT),
        ("Call (406) 555-0134 any time", CONTACT),
        ("We meet at 12 Oak Street, at noon", CONTACT),
        ("Her birthday is on 4/5/2009", RECORD),
        ("It says 123-45-6789 there", RECORD),
        ("This is bullshit", LANGUAGE),
    ],
)
def test_each_finder_is_asked_by_its_own_signs(text: str, finder: int) -> None:
    assert list(holds(text)) == [finder]
    assert shown(text) & finder


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The third graders planted tulips in front of the library, and “Ms. Finch” brought the cocoa…",
        "Great game on Friday! Our 12 seniors played their last one at home ❤️",
        "@lincoln_elementary #gobears",
    ],
)
def test_most_posts_show_nothing(text: str) -> None:
    assert shown(text) == 0


def test_a_finder_is_asked_where_one_of_its_signs_is_shown_and_what_it_needs_besides() -> None:
    signs = Signs({1: [said([b"room"])], 2: ["x+y", said([b"hall", b"gym"])], 4: [FIGURE]}, {1: 4}, "’".__eq__)

    told = [signs.of(text) for text in ("room", "7", "Room 7", "rooms 7", "xxy", "GYM’s 7 room", "gymnast", "é")]

    assert told == [0, 4, 5, 4, 2, 7, 0, 7]


def test_no_hostile_text_is_looked_over_long() -> None:
    chance = random.Random(4)  # noqa: S311
    figures = "".join(chance.choice("0123456789 -.x") for _ in range(100_000))

    assert out_of_proportion(shown, [("figures", figures), *repeated(100_000), *mixed(100_000, count=40, seed=7)]) == {}
