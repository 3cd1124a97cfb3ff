"""The roster as it is kept: nothing readable in it, everything findable, those who left with an opt-out still there."""

import json
from array import array
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import Mistake
from auditor.model import OptOut, Sort, Student
from auditor.roster.book import About, Roster
from auditor.roster.build import Builder
from auditor.roster.digests import ROLE_BITS, Digester, Gate, Postings, What
from auditor.roster.names import Naming
from auditor.roster.pupil import Adult, Flags, Pupil
from auditor.roster.sorted_digests import postings
from tests.roster.rosters import KEY, NO_END, TODAY, found, pupil, roster_of

OTHER_KEY = bytes(32)


def only(roster: Roster, text: str) -> Student:
    (match,) = roster.match(text)
    (student,) = match.students
    return student


# ------------------------------------------------------------------------------------------------ what is known


def test_a_match_tells_all_that_is_known_of_a_student_but_not_who_it_is() -> None:
    flags = Flags((NO_END,), photo_consent=False, name_consent=True)
    roster = roster_of(pupil("Jada Dunmore", schools=("lincoln", "roosevelt"), grade=5, flags=flags))

    student = only(roster, "Jada Dunmore")

    assert student == Student(
        pseudonym=student.pseudonym,
        schools=frozenset({"lincoln", "roosevelt"}),
        grade=5,
        opt_outs=(NO_END,),
        photo_consent=False,
        name_consent=True,
        aup_signed=None,
        left=False,
    )
    assert student.pseudonym[:2] == "S-"
    assert len(student.pseudonym) == 10


def test_two_students_of_one_name_are_both_meant() -> None:
    roster = roster_of(
        pupil("Liam Novak", source_id="1", grade=3),
        pupil("Liam Novak", source_id="2", grade=7),
        pupil(naming=Naming("Liam", "Novak Reed"), source_id="3", grade=9),
    )

    (match,) = roster.match("Liam Novak")

    assert sorted(s.grade or 0 for s in match.students) == [3, 7, 9]


def test_whoever_bears_a_name_whole_goes_before_whoever_bears_it_in_part() -> None:
    roster = roster_of(
        pupil(naming=Naming("Maria", "Holt-Reed"), source_id="1", grade=1), pupil("Maria Reed", source_id="2", grade=2)
    )

    (match,) = roster.match("Maria Reed")

    assert [s.grade for s in match.students] == [2]
    assert not match.loose


def test_a_name_that_staff_bear_as_well_is_marked_and_one_that_only_staff_bear_is_none() -> None:
    roster = roster_of(
        "Elena Rivera",
        "Owen Whitlow",
        "Priya Takeda",
        Adult(Naming("Elena", "Rivera")),
        Adult(Naming("Owen", "Takeda")),
    )

    assert [(m.staff, len(m.students)) for m in roster.match("Elena Rivera, Owen Whitlow, Owen Takeda")] == [
        (True, 1),
        (False, 1),
    ]


def test_rows_of_one_student_are_put_together_and_the_stricter_answer_holds() -> None:
    one = pupil("Jada Dunmore", source_id="1", grade=None, flags=Flags(photo_consent=True, aup_signed=True))
    other = pupil(
        "Jay Dunmore", source_id="1", grade=4, schools=("roosevelt",), flags=Flags((NO_END,), photo_consent=False)
    )
    roster = roster_of(one, other)

    assert len(roster) == 1
    assert only(roster, "Jada Dunmore") == only(roster, "Jay Dunmore")
    assert replace(only(roster, "Jada Dunmore"), pseudonym="") == Student(
        "", frozenset({"lincoln", "roosevelt"}), 4, (NO_END,), photo_consent=False, aup_signed=True
    )


def test_contact_values_lead_to_their_owner_however_they_are_written() -> None:
    contacts = (
        (Sort.EMAIL, "Jada@Students.example"),
        (Sort.PHONE, "(406) 728-0187"),
        (Sort.STUDENT_ID, "870-001"),
        (Sort.PHONE, "n/a"),
    )
    roster = roster_of(pupil("Jada Dunmore", contacts=contacts), "Kofi Holt")
    jada = only(roster, "Jada Dunmore")

    for sort, value in (
        (Sort.EMAIL, "jada@students.example"),
        (Sort.PHONE, "+14067280187"),
        (Sort.PHONE, "406.728.0187 ext. 5"),
        (Sort.PHONE, "728-0187"),
        (Sort.STUDENT_ID, "870001"),
    ):
        assert roster.owners(sort, value) == (jada,)
    for sort, value in ((Sort.EMAIL, ""), (Sort.PHONE, "208-728-0187"), (Sort.STUDENT_ID, "87"), (Sort.PHONE, "n/a")):
        assert roster.owners(sort, value) == ()


def test_counts_are_by_school_and_grade_and_without_those_who_left() -> None:
    before = roster_of(pupil("Gone Holt", flags=Flags((NO_END,))))
    builder = Builder(KEY)
    for person in (
        pupil("Jada Dunmore"),
        pupil("Kofi Holt"),
        pupil("Linh Reed", schools=(), grade=None),
        pupil("Ana Ruiz", schools=("roosevelt",), grade=7, flags=Flags((OptOut(frozenset("BC"), date(2027, 1, 1)),))),
    ):
        builder.add(person)
    assert builder.keep_former(before, TODAY) == 1

    roster = builder.finish(About())

    assert roster.counts() == {("lincoln", 3): 2, ("", None): 1, ("roosevelt", 7): 1}
    assert (len(roster), len(list(roster.students()))) == (4, 5)
    assert roster.opt_outs(TODAY) == {"A": 1}
    assert roster.opt_outs(date(2027, 2, 1)) == {"A": 1, "B": 1, "C": 1}


def test_tokens_are_equal_for_equal_persons_whatever_the_spelling() -> None:
    roster = roster_of(Naming("José", "García López"), "Kofi Holt")
    jose, other, kofi = (
        m.students for m in roster.match("José García; LOPEZ, JOSE; Kofi Holt".replace("LOPEZ", "GARCIA LOPEZ"))
    )

    assert roster.token(jose, "full") == roster.token(other, "full")
    assert len({roster.token(jose, "full"), roster.token(kofi, "full"), roster.token(jose, "first")}) == 3


# ------------------------------------------------------------------------------------------------ keeping


def test_a_roster_comes_back_from_the_store_as_it_was() -> None:
    flags = Flags(
        (OptOut(frozenset("AC"), date(2026, 8, 24), date(2027, 6, 30), "form"),), True, False, None, (), ("@jd",)
    )
    roster = roster_of(
        pupil("Jada Dunmore", contacts=((Sort.EMAIL, "jd@x.example"),), flags=flags),
        pupil("Kofi Holt", grade=None, schools=()),
        Naming("Suharto"),
        Adult(Naming("Kofi", "Holt")),
    )
    text = "Jada Dunmore, Kofi Holt, @jd and Suharto"

    again = Roster.load(roster.dump(), KEY)

    assert list(again.match(text)) == list(roster.match(text))
    assert list(again.first_names("Jada and Kofi", ["lincoln"])) == list(
        roster.first_names("Jada and Kofi", ["lincoln"])
    )
    assert again.owners(Sort.EMAIL, "jd@x.example") == roster.owners(Sort.EMAIL, "jd@x.example") != ()
    assert again.about == About(TODAY, TODAY, "files", "place")
    assert again.dump() == roster.dump()


def test_the_same_students_make_the_same_bytes_in_whatever_order_they_come() -> None:
    people = [pupil(f"Jada{n} Holt{n}", contacts=((Sort.EMAIL, f"{n}@x.example"),)) for n in "abcdefgh"]

    assert roster_of(*people).dump() == roster_of(*reversed(people)).dump()


def test_nothing_is_found_and_no_pseudonym_agrees_under_another_key() -> None:
    here, there = roster_of("Jada Dunmore"), roster_of("Jada Dunmore", key=OTHER_KEY)

    assert only(here, "Jada Dunmore").pseudonym != only(there, "Jada Dunmore").pseudonym
    with pytest.raises(Mistake, match=r"made with another key than roster\.key"):
        Roster.load(here.dump(), OTHER_KEY)


def test_damaged_and_foreign_bytes_are_mistakes() -> None:
    parts = roster_of("Jada Dunmore").dump()
    about = json.loads(parts["about"])

    for broken in (
        {},
        parts | {"about": b"{"},
        {name: content for name, content in parts.items() if name != "gate"},
        parts | {"gate": b"123"},
        parts | {"about": json.dumps(about | {"version": 99}).encode()},
    ):
        with pytest.raises(Mistake, match='Run "auditor roster import" once more'):
            Roster.load(broken, KEY)


def test_an_empty_roster_finds_nobody() -> None:
    roster = Roster.load(Roster.empty(KEY).dump(), KEY)

    assert (len(roster), list(roster.match("Jada Dunmore")), roster.owners(Sort.EMAIL, "a@b.example")) == (0, [], ())


# ------------------------------------------------------------------------------------------------ those who left


def next_year(before: Roster, *people: Pupil, today: date = TODAY) -> Roster:
    builder = Builder(KEY)
    for person in people:
        builder.add(person)
    builder.keep_former(before, today)
    return builder.finish(About(today, today))


def test_students_who_left_with_an_opt_out_are_still_known_by_everything() -> None:
    leaving = pupil(
        naming=Naming("Ximena", "de la Cruz", handles=("@xime",)),
        contacts=((Sort.EMAIL, "x@students.example"),),
        flags=Flags((NO_END,), handles=("@xime",)),
    )
    first = roster_of(leaving, "Kofi Holt")

    roster = next_year(next_year(first, pupil("Jada Dunmore")), pupil("Jada Dunmore"))

    kept = only(roster, "XIMENA DELACRUZ")
    assert kept == replace(only(first, "Ximena de la Cruz"), left=True)
    assert only(roster, "see @xime") == kept
    assert roster.owners(Sort.EMAIL, "x@students.example") == (kept,)
    assert [m.students for m in roster.first_names("and Ximena too", ["lincoln"])] == [(kept,)]
    assert found(roster, "Kofi Holt and Jada Dunmore") == ["Jada Dunmore"]


def test_whoever_the_export_itself_calls_former_is_kept_and_not_counted() -> None:
    former = replace(pupil("Jada Dunmore", flags=Flags((NO_END,))), left=True)

    roster = roster_of(former, "Kofi Holt")
    both = roster_of(former, pupil("Jada Dunmore"))

    assert (only(roster, "Jada Dunmore").left, len(roster)) == (True, 1)
    assert (only(both, "Jada Dunmore").left, len(both)) == (False, 1)


def test_whoever_comes_back_is_a_student_again_and_whose_opt_out_is_over_is_forgotten() -> None:
    over = OptOut(frozenset("A"), None, date(2026, 6, 30))
    first = roster_of(pupil("Jada Dunmore", flags=Flags((NO_END,))), pupil("Kofi Holt", flags=Flags((over,))))
    gone = next_year(first)

    back = next_year(gone, pupil("Jada Dunmore", grade=4))

    assert (only(gone, "Jada Dunmore").left, list(gone.match("Kofi Holt"))) == (True, [])
    assert (only(back, "Jada Dunmore").left, only(back, "Jada Dunmore").grade) == (False, 4)


# ------------------------------------------------------------------------------------------------ privacy

WORD = st.text(st.sampled_from("abcdefghijklmnoprstuvwyzáéñøł"), min_size=5, max_size=9).map("Zq{}".format)
PUPIL = st.builds(
    lambda given, family, middle, nickname, handle, number, opted_out: Pupil(
        source_id=f"id-{family}-{number}",
        naming=Naming(given, family, middle, nicknames=(nickname,), handles=(handle,)),
        contacts=(
            (Sort.EMAIL, f"{given}@{family}.example"),
            (Sort.STUDENT_ID, str(number)),
            (Sort.PHONE, f"406{number}"),
        ),
        flags=Flags((NO_END,) if opted_out else (), nicknames=(nickname,), handles=(handle,)),
    ),
    *(WORD,) * 5,
    st.integers(1_000_000, 9_999_999),
    st.booleans(),
)


def secrets(person: Pupil) -> Iterator[str]:
    naming = person.naming
    yield from (naming.given, naming.family, naming.middle, *naming.nicknames, *naming.handles)
    yield from (value for _, value in person.contacts)
    yield person.source_id


@given(st.lists(PUPIL, min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_no_name_and_no_number_of_a_student_is_in_what_is_kept_or_shown(people: list[Pupil]) -> None:
    roster = roster_of(*people)
    naming = people[0].naming
    matches = list(roster.match(f"{naming.given} {naming.family}"))
    kept = b"\0".join(name.encode() + content for name, content in roster.dump().items()).lower()
    printed = repr((roster, roster.records, roster.keepsakes, people, matches, [m.students for m in matches])).lower()

    assert matches
    for secret in (secret for person in people for secret in secrets(person)):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            assert secret.lower().encode(encoding) not in kept
        assert secret.lower() not in printed


def test_digests_of_one_word_differ_by_what_they_stand_for() -> None:
    digester = Digester(KEY)

    assert len({digester.digest(what, "jada") for what in What}) == len(What)
    assert digester.digest(What.NAME, "ab", "c") != digester.digest(What.NAME, "a", "bc")


@given(st.lists(st.tuples(st.text(), st.integers(0, 2**30)), max_size=200), st.text())
@settings(max_examples=100, deadline=None)
def test_a_table_finds_what_was_put_in_and_nothing_else(pairs: list[tuple[str, int]], stranger: str) -> None:
    digest = partial(Digester(KEY).digest, What.NAME)
    written = postings(array("Q", [digest(word) for word, _ in pairs]), array("I", [number for _, number in pairs]))

    table = Postings.load("names", written.dump("names"))

    for word in {word for word, _ in pairs} | {stranger}:
        assert sorted(table.find(digest(word))) == sorted({number for w, number in pairs if w == word})


@given(st.dictionaries(st.text(), st.integers(1, ROLE_BITS), max_size=200), st.text())
@settings(max_examples=100, deadline=None)
def test_the_gate_knows_the_roles_of_the_words_that_were_put_in_and_of_no_other(
    roles: dict[str, int], stranger: str
) -> None:
    digest = Digester(KEY).word

    numbers = {word: int.from_bytes(digest(word), "little") & ~ROLE_BITS for word in roles}
    gate = Gate(array("Q", sorted(numbers[word] | role for word, role in roles.items())))

    assert {word: gate.role(digest(word)) for word in {*roles, stranger}} == {stranger: 0} | roles
