"""The first look at a text, with a gate that knows every role there is."""

from itertools import product

from auditor.roster.hits import Role
from auditor.roster.marks import Marks, is_of_nobody, may_name
from auditor.roster.tokens import Reader

WORDS = {f"zo{letter}": role for role, letter in enumerate("abcdefghijklmno", start=1)}
"""A word for each role."""


def marks() -> Marks:
    reader = Reader(lambda word: WORDS.get(word, 0), lambda _handle, _words: True)
    return Marks(reader, lambda _names_somebody, _words: True, lambda _first, _family: True, lambda _word: ())


def chunks() -> list[str]:
    """More kinds of chunks than a byte has numbers."""
    words = [written for word in WORDS for written in (word, word.capitalize())]
    edged = [f"{front}{word}{back}" for front, word, back in product(("", "@", "/", "12:"), words, ("", "!"))]
    paired = [
        f"{front}{one}/{other}{back}"
        for front, one, other, back in product(("", "@", "12:"), words, ("Zoa", "zob", "Unheardof"), ("", "!"))
    ]
    return [*edged, *paired, "the", "The", "Unheardof", ",", "12"]


def test_more_kinds_of_words_than_a_byte_has_numbers_leave_no_name_out() -> None:
    crowded = marks()

    alone = {chunk: marks().of(chunk) for chunk in chunks()}
    together = {chunk: crowded.of(chunk) for chunk in chunks()}

    assert len(set(alone.values())) > 256
    assert not [chunk for chunk in chunks() if may_name(alone[chunk]) and not may_name(together[chunk])]
    assert not [chunk for chunk in chunks() if is_of_nobody(together[chunk]) and not is_of_nobody(alone[chunk])]
    assert crowded.stretches(["the", "Zoa", "Zob", "the"]) == [range(4)]


def test_a_word_that_is_no_misspelled_surname_is_one_as_little_the_next_time() -> None:
    asked = []

    def respelled(word: str) -> list[str]:
        asked.append(word)
        return ["dunmore"] if word == "dunmroe" else []

    look = Marks(
        Reader(lambda word: Role.GIVEN if word == "jada" else 0, lambda *_: False),
        lambda *_: False,
        lambda *_: False,
        respelled,
    )

    found = [
        look.stretches(text.split()) for text in ("Jada Unheardof", "Jada Unheardof", "Jada Dunmroe", "Jada Dunmroe")
    ]

    assert found == [[], [], [range(2)], [range(2)]]
    assert asked == ["unheardof", "dunmroe", "dunmroe"]
