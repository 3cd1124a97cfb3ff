"""No text, however hostile, takes a finder long: what it costs grows with its length and with what is found in it.

`python -m benchmarks.patterns` tells how long the slowest take.
"""

from collections.abc import Callable

import pytest

from auditor.detect.addresses import addresses
from auditor.detect.companions import Companions
from auditor.detect.contacts import Contacts, OwnContacts
from auditor.detect.emails import emails
from auditor.detect.found import plain
from auditor.detect.hints import Hints
from auditor.detect.persons import full_names
from auditor.detect.phones import phones
from auditor.detect.records import find
from auditor.detect.words import words
from auditor.model import Passage, Place
from auditor.roster.book import Roster
from benchmarks.hostile_texts import drawn, mixed, repeated
from tests.growth import out_of_proportion

SIZE = 20_000


def sightings(text: str) -> list[object]:
    return list(Contacts(OwnContacts(), str).sightings(0, text, Place.BODY))


def companions() -> Companions:
    return Companions(str, (), lambda _name: False, Hints())


FINDERS: list[Callable[[str], object]] = [
    sightings,
    find,
    lambda text: list(emails(plain(text)[0])),
    lambda text: list(phones(plain(text)[0])),
    lambda text: list(addresses(plain(text)[0])),
    lambda text: list(full_names(text)),
    lambda text: list(words(text)),
    lambda text: list(companions().strangers((Passage(text),), (), everywhere=True)),
]
NAMES = ["contacts", "records", "emails", "phones", "addresses", "persons", "words", "companions"]


@pytest.mark.parametrize("finder", FINDERS, ids=NAMES)
def test_no_hostile_text_takes_a_finder_long(finder: Callable[[str], object]) -> None:
    assert out_of_proportion(finder, [*repeated(SIZE), *mixed(SIZE, count=40, seed=1), *drawn(SIZE, 40, 1)]) == {}


def test_figures_without_end_and_a_number_of_a_law_among_them_take_no_longer_than_their_length() -> None:
    """504 is a plan for a child's health, and these figures are one word of a third of a million letters."""
    figures = "".join(f"5{n}504" for n in range(40_000))

    assert out_of_proportion(find, [("figures", figures)]) == {}


def test_a_line_of_words_that_nobody_has_seen_before_takes_no_longer_than_its_length() -> None:
    """Each is looked up under the roster's key once; those before it are not gone through again."""
    letters = str.maketrans("0123456789", "abcdefghij")
    line = " ".join(f"w{n}".translate(letters) for n in range(100_000))

    assert out_of_proportion(lambda text: list(Roster.empty(bytes(32)).match(text)), [("words", line)]) == {}
