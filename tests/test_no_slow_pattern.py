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
from benchmarks.hostile_texts import mixed, repeated
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
    assert out_of_proportion(finder, [*repeated(SIZE), *mixed(SIZE, count=40, seed=1)]) == {}
