"""On a page of several lines everything is found that a finder finds when it is asked about the line alone."""

import re
from collections.abc import Callable, Iterable, Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditor.detect import contacts, records
from auditor.detect import hints as looks
from auditor.detect.addresses import WORDS
from auditor.detect.contacts import Contacts, OwnContacts
from auditor.detect.found import Found
from auditor.detect.hints import IDENTIFIER, LANGUAGE, PERSON, SURNAME, Hints
from auditor.detect.identifiers import Identifiers
from auditor.detect.lines import Lines
from auditor.detect.persons import full_names
from auditor.detect.phones import NO_CUE
from auditor.detect.reading import Recogniser
from auditor.detect.surnames import Surnames
from auditor.detect.words import words
from auditor.model import Account, District, Document, Kind, Passage, Place, Sighting, Sort
from auditor.roster.book import Roster
from auditor.roster.names import Naming
from tests.roster.rosters import KEY, pupil, roster_of

ABOVE, BELOW = "Welcome to our page\n", "\nThe doors open soon"
ACCOUNT = Account("site", Kind.OFFICIAL, "website", "http://x.example/")
ALONE = frozenset({Sort.SSN, Sort.BIRTH_DATE, Sort.STUDENT_ID})
Seen = list[tuple[str, int, int]]


def asked_directly(line: str) -> Seen:
    """What the finders tell of a line, in the order of sort and place."""
    found: list[Found] = [f for f in contacts.find(line) if f.confidence > NO_CUE]
    found += records.find(line, alone=True)
    found += [*words(line), *full_names(line)]
    return sorted((str(f.sort), f.start, f.end) for f in found)


def found_on_a_page(line: str) -> Seen:
    """What is found of it where it stands between two lines that say nothing."""
    text = ABOVE + line + BELOW
    hints = Hints()
    seen: list[Found | Sighting] = [*Lines(words, hints, LANGUAGE).find(text)]
    seen += Lines(full_names, hints, PERSON).find(text)
    seen += Contacts(OwnContacts(), str, None, hints).sightings(0, text, Place.BODY)
    reading = Recogniser(District("", ""), str).read(Document("", (Passage(text),)), ACCOUNT)
    seen += [s for s in reading.sightings if s.sort in ALONE]
    return sorted((str(s.sort), s.start - len(ABOVE), s.end - len(ABOVE)) for s in seen)


@pytest.mark.parametrize(
    "line",
    [
        '"123-45-6789"',
        "123-45-6789!",
        "on file: 123-45-6789;",
        "123–45–6789",
        "123‑45‑6789",
        "«123-45-6789»",
        "¡123-45-6789!",
        "１２３－４５－６７８９",
        "123\xa045\xa06789",
        "fax 4067210144, 123 45 6789",
        "Ｄ.Ｏ.Ｂ 5/4/2012",
        "jo ( at ) mail.example",
        "jo（at）mail.example",
        "Ｅｍｉｌｙ Larson",
        "12 Elm Ridge, Helena MT 59\u200b601",
        "f-u c-k",
        "go-s h i t-on",
        "I know where you live",
        "go back to your country",
        "I am so baked right now",
    ],
)
def test_what_is_hard_to_see_is_found_on_a_page(line: str) -> None:
    assert asked_directly(line)
    assert found_on_a_page(line) == asked_directly(line)


HITS = [
    "123-45-6789",
    "123.45.6789",
    "123 45 6789",
    "SSN 123456789",
    "seguro social: 123-45-6789",
    "DOB: 5/4/2012",
    "D.O.B. 5/4/2012",
    "b-day: May 4, 2012",
    "nació el 4 de mayo de 2012",
    "student ID: 884213",
    "matrícula A88421",
    "student #884213",
    "student # 884213",
    "student#884213",
    "406-721-0144",
    "(406) 721-0144",
    "+1 406 721 0144 x12",
    "tel. 721-0144",
    "jo@mail.example",
    "jo [at] mail [dot] example",
    "jo ( at ) mail.example",
    "jo arroba mail punto com",
    "1204 Alder Street",
    "4140 West 5415 South",
    "12 N.W. Elm Rd., Helena, MT 59601",
    "PO Box 114",
    "Calle Roble 12",
    "Emily Larson",
    "EMILY LARSON",
    "Larson, Emily",
    "José García",
    "shit",
    "s.h.i.t",
    "s h i t",
    "x-s h i t-x",
    "b*tch",
    "We know where you live",
    "Vote for me this November",
    "Free beer tonight",
]
DISGUISES = [
    lambda hit: hit,
    lambda hit: hit.replace("-", "–"),
    lambda hit: hit.replace("-", "‑").replace(" ", "\xa0"),
    lambda hit: re.sub(r"[!-~]", lambda sign: chr(ord(sign[0]) + 0xFEE0), hit),
    lambda hit: re.sub(r"\d", lambda digit: chr(ord(digit[0]) + 0xFEE0), hit),
    lambda hit: "\u200b".join(hit),
    lambda hit: hit[:2] + "\xad" + hit[2:],
    str.upper,
    lambda hit: hit.replace(" ", "\u2009").replace("(", "（").replace(")", "）"),
]
AROUND = [*"\"'()[]{}<>!?;:,./*~|-–—«»“”’¡¿…•#", " ", "\xa0", "\t", "\u200b", "and ", " to", " 12 ", "x ", "（", "。"]

disguised = st.builds(lambda hit, disguise: disguise(hit), st.sampled_from(HITS), st.sampled_from(DISGUISES))
around = st.lists(st.sampled_from(AROUND), max_size=3).map("".join)


@given(st.lists(st.tuples(around, disguised, around), min_size=1, max_size=2))
@settings(max_examples=1500, deadline=None)
def test_punctuation_around_a_value_hides_it_on_no_page(parts: list[tuple[str, str, str]]) -> None:
    line = "".join(map("".join, parts))

    assert found_on_a_page(line) == asked_directly(line)


PIECES = ["123", "45", "6789", "406", "721", "0144", "12", "59601", "3/4/2012", "@", "mail.example", "Emily", "Larson"]
PIECES += ["at", "dot", "com", "jo", "N", "W", "South", "Elm", "St", "Box", "PO", "MT", "born", "SSN", "ID", "day", "b"]
PIECES += ["f", "u", "c", "k", "x", "ss", "Ｄ", "Ｏ", "Ｂ", "４", "²", "é"]
GLUE = [
    " ",
    " ",
    " ",
    "-",
    ".",
    "",
    ", ",
    "/",
    "(",
    ")",
    "[",
    "]",
    "~~",
    "**",
    "–",
    "‑",
    "\xa0",
    "\u200b",
    "'",
    "!",
    ": ",
]


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(GLUE)), min_size=2, max_size=9))
@example([("123", " ~~ "), ("45", " "), ("6789", "")])
@settings(max_examples=3000, deadline=None)
def test_pieces_of_values_in_any_order_are_read_the_same_on_a_page(pieces: list[tuple[str, str]]) -> None:
    line = "".join(map("".join, pieces))

    assert found_on_a_page(line) == asked_directly(line)


ROSTER = roster_of(
    *("Jada Dunmore", "Theo O'Hanlon", "Ximena de la Cruz", "Bao Vu", "Zoë Ruiz-Holt", "Lou Hill"),
    Naming("Elizabeth", "Quill", nicknames=("Liz",), handles=("lizzieq",)),
    pupil("Kofi Thackleby", contacts=((Sort.STUDENT_ID, "884213"), (Sort.STUDENT_ID, "kthack7"))),
)
AGAIN = Roster.load(ROSTER.dump(), KEY)
"""The same; a roster remembers what it has found in a text."""
OF_STUDENTS = ["Jada", "Dunmore", "JADA", "dunmore", "Dunmroe", "J.", "Theo", "O’Hanlon", "O'Hanlon", "Ximena", "de la"]
OF_STUDENTS += ["Cruz", "Bao", "Vu", "Zoe", "Zoë", "Ruiz", "Holt", "Lou", "Hill", "Liz", "Elizabeth", "Quill", "Betty"]
OF_STUDENTS += ["#JadaDunmore", "@lizzieq", "dunmore_jada.jpg", "JadaDunmore", "Ｊａｄａ", "M.", "and", "Mr.", "Kofi"]
OF_STUDENTS += ["884213", "88-4213", "#884213", "kthack7", "KTHACK7", "2014", "8842131", "Thackleby's", "the", "Jr."]
OF_STUDENTS += ["First name:", "LAST NAME:", "Apellidos:", "nombre=", "Surname", "preferred\tname"]
names_and_marks = st.lists(st.tuples(st.sampled_from(OF_STUDENTS), st.sampled_from(GLUE)), min_size=2, max_size=7)
lines_of_names = st.lists(names_and_marks.map(lambda pieces: "".join(map("".join, pieces))), min_size=1, max_size=4)


@given(lines_of_names.map("\n".join))
@example("Jada\tDunmore")
@example("Jada Dun-\nmore")
@settings(max_examples=1500, deadline=None)
def test_students_on_a_page_are_the_same_whether_or_not_its_words_were_looked_at(lines: str) -> None:
    hints, surnames, identifiers = Hints(ROSTER), Surnames(ROSTER.is_surname), Identifiers(ROSTER.is_identifier)
    hints.watch(SURNAME, surnames.may_hold)
    hints.watch(IDENTIFIER, identifiers.may_hold)
    page = ABOVE + lines + BELOW

    named = list(AGAIN.match(page, marks_of=hints.marks_of))
    first = list(AGAIN.first_names(page, ["lincoln"], hints.marks_of))
    last = [f.start for f in Lines(surnames.find, hints, SURNAME).find(page)]
    numbers = [(f.start, f.value) for f in Lines(identifiers.find, hints, IDENTIFIER).find(page)]

    assert named == list(ROSTER.match(page))
    assert first == list(ROSTER.first_names(page, ["lincoln"]))
    assert last == [f.start for f in by_line(Surnames(ROSTER.is_surname).find, page)]
    assert numbers == [(f.start, f.value) for f in by_line(Identifiers(ROSTER.is_identifier).find, page)]


def by_line(find: Callable[[str], Iterable[Found]], page: str) -> Iterator[Found]:
    """What is found in each line of a page by itself."""
    begin = 0
    for line in page.split("\n"):
        yield from (found.moved(found.start + begin, found.end + begin) for found in find(line))
        begin += len(line) + 1


READER = Recogniser(District("", ""), str, AGAIN)
EVERYTHING = [*HITS, *PIECES, *OF_STUDENTS, "News", "of", "the", "week", "Read more", "12", "page"]
EVERYTHING += ["Zorblax", "Qwertz", "Z.", "Qwertz-Zorblax"]


@given(st.lists(st.tuples(st.sampled_from(EVERYTHING), st.sampled_from(GLUE)), min_size=1, max_size=4))
@example([("News", " "), ("of", " "), ("the", " "), ("week", "")])
@settings(max_examples=2000, deadline=None)
def test_in_a_line_that_is_silent_nothing_is_recognised(pieces: list[tuple[str, str]]) -> None:
    line = "".join(map("".join, pieces))

    silent = READER.is_silent(line)
    reading = READER.read(Document("", (Passage(line),)), ACCOUNT, bystanders=True)

    assert not (silent and reading.sightings)


def test_words_around_most_links_are_silent_and_a_name_or_number_is_not() -> None:
    lines = ["Read more", "News of the week", "Lunch, page 2", "Ask Qwertz"]
    named = [
        "Jada's painting",
        "SSN 123456789",
        "Dunmore",
        "a%20b",
        "Zorblax Qwertz",
        "Qwertz, Zorblax",
        "Zorblax J. Qwertz",
    ]

    assert [READER.is_silent(line) for line in lines] == [True] * len(lines)
    assert [READER.is_silent(line) for line in named] == [False] * len(named)


LETTERS_ALONE = sorted(
    {*map(bytes.decode, WORDS), "at", "dot", "dob", "security", "a", "i", "x", "Jane", "fuuuck", "Vía"}
)


@example("SHIIIT")
@example("A")
@settings(max_examples=500, deadline=None)
@given(st.one_of(st.sampled_from(LETTERS_ALONE), st.from_regex(r"[A-Za-z]{1,9}", fullmatch=True)))
def test_a_word_of_letters_alone_hints_at_what_it_does_as_any_other(word: str) -> None:
    for written in (word, word.capitalize(), word.upper(), f"{word},", f'"{word}.', f"{word}:?"):
        assert looks._of_word(written) == looks._of_signs(written)
