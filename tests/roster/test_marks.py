"""The first look at a text."""

from auditor.roster.hits import Role
from auditor.roster.marks import _CLOSES, Marks
from auditor.roster.tokens import Reader


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


def test_no_name_goes_on_behind_the_end_of_a_sentence_whatever_its_last_word_is_made_of() -> None:
    look = Marks(Reader(lambda _: Role.FAMILY, lambda *_: False), lambda *_: False, lambda *_: False, lambda _: ())

    assert [look.of(word) & _CLOSES for word in ("Dunmore!", "Dünmore!", "O'Dunmore!", "Dünmore")] == [
        _CLOSES,
        _CLOSES,
        _CLOSES,
        0,
    ]
