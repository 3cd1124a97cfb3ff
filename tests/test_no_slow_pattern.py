"""No text, however hostile, takes a finder long: what it costs grows with its length and with what is found in it.

The limit is far above what is wanted, so that a busy machine breaks no test; a pattern that tries again from every
place takes many times as long. `python -m benchmarks.patterns` tells the real figures.
"""

import time
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

SIZE = 20_000
LIMIT = 1.0


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
    slow = {}
    for name, text in [*repeated(SIZE), *mixed(SIZE, count=40, seed=1)]:
        begin = time.process_time()
        finder(text)
        spent = time.process_time() - begin
        if spent > LIMIT:
            slow[name] = spent

    assert slow == {}
