"""The roster as it is kept: keyed digests, and what is known of each student without knowing who it is."""

import json
from array import array
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from hashlib import blake2b
from typing import Any, Final

from auditor.errors import Mistake
from auditor.model import OptOut, Place, Sort, Student
from auditor.roster.contacts import normal_contacts
from auditor.roster.digests import Digester, Gate, Postings, Sieve, What, packed, unpacked
from auditor.roster.hits import Bearing, Hit, Index, Role
from auditor.roster.marks import MarksOf, may_name, may_stand, not_looked_at
from auditor.roster.names import SHORTEST_MISSPELLED, respelled
from auditor.roster.runs import LONGEST_SAID_AGAIN
from auditor.roster.search import Search

VERSION: Final = 1

PARTIAL: Final = 1 << 30
"""Set in an entry of the names' table where the name is borne only in part."""

MIDDLE: Final = 1 << 31
"""Set beside `PARTIAL` where a middle name stands for the first one: few go by it."""

NUMBER: Final = (1 << 30) - 1
"""The bits of an entry that number a record."""

ADULT: Final = NUMBER
"""The record number of whoever the student information system lists as staff."""

_LONGEST_REMEMBERED: Final = 20_000
_MOST_REMEMBERED: Final = 8192
_SLUGS: Final = frozenset({Place.ADDRESS, Place.FILE_NAME})
_STUDENT_ID: Final = Sort.STUDENT_ID.value


@dataclass(frozen=True, slots=True)
class Match:
    """A name in a text, and the students whom it fits.

    `form`: "full", "joined" (a slug, a hashtag, a file name), "handle" (one on record), "single" (a one-word name) or
    "first" (a first name alone). `loose` tells that it may well be somebody else; `staff` that somebody on the staff
    bears the name too. `everyday` tells that all of it are words of every day or names of places ("Grace Park"),
    `place` that it ends as the names of places do, `phrase` that nothing else makes it loose. `guess` tells that it is
    somebody's only if they go by a "nickname" or a "middle name", or if there is a "typo"; such a name is loose.
    """

    start: int
    end: int
    form: str
    students: tuple[Student, ...] = field(repr=False)
    capitalised: bool = True
    loose: bool = False
    staff: bool = False
    phrase: bool = False
    everyday: bool = False
    place: bool = False
    guess: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What a roster knows of itself. `source` and `origin` are keyed digests of the files it came from, and where."""

    loaded_on: date | None = None
    flags_loaded_on: date | None = None
    source: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Records:
    """The students in columns, in the order of their identities, which is no order anyone knows.

    `school_sets` and `opt_out_sets` are what the columns `schools` and `opt_outs` number. `flags` holds two bits each
    for photo, name and agreement (0 not on record, 1 no, 2 yes) and one for having left.
    """

    identities: "array[int]"
    grades: "array[int]"
    schools: "array[int]"
    opt_outs: "array[int]"
    flags: "array[int]"
    school_sets: tuple[frozenset[str], ...]
    opt_out_sets: tuple[tuple[OptOut, ...], ...]

    def __repr__(self) -> str:
        return f"Records({len(self.identities)})"


NO_GRADE: Final = -128
LEFT: Final = 64


@dataclass(frozen=True, slots=True)
class Keepsakes:
    """Every digest of the students with an opt-out, whole: what is needed to keep them when they leave.

    `tables` says which table an entry belongs to (an index into `TABLES`), `entries` holds record numbers as there.
    """

    digests: "array[int]"
    entries: "array[int]"
    tables: "array[int]"

    def __repr__(self) -> str:
        return f"Keepsakes({len(self.digests)})"


TABLES: Final = ("names", "firsts", "handles", "contacts", "gate")


class Roster:
    """The students of a district, to be matched against texts. Made by `build.Builder`, or by `load`.

    Matching costs the same for a hundred students and for a million. Nothing in it is readable without the key, and
    with the key nothing but guesses can be tested.
    """

    def __init__(
        self,
        digester: Digester,
        about: About,
        records: Records,
        tables: Mapping[str, Postings],
        gate: "array[int]",
        keepsakes: Keepsakes,
        misspelled: Sieve | None = None,
    ) -> None:
        self.misspelled = misspelled or Sieve(b"")
        self.digester, self.about, self.records, self.keepsakes = digester, about, records, keepsakes
        self.tables, self._gate = tables, Gate(gate)
        self._matches: OrderedDict[bytes, tuple[Match, ...]] = OrderedDict()
        self._student: Callable[[int], Student] = lru_cache(maxsize=8192)(self._make_student)
        index = Index(
            name=self._find_name,
            single=self._find_single,
            handle=self._find_handle,
            gate=self._role,
            respelled=self._respelled,
        )
        self._search = Search(index)

    @classmethod
    def empty(cls, key: bytes) -> "Roster":
        """A roster of nobody."""
        none = Postings.none()
        records = Records(array("Q"), array("b"), array("H"), array("I"), array("B"), (), ())
        keepsakes = Keepsakes(array("Q"), array("I"), array("B"))
        return cls(Digester(key), About(), records, dict.fromkeys(TABLES[:-1], none), array("Q"), keepsakes)

    def __repr__(self) -> str:
        return f"Roster({len(self)} students)"

    def __len__(self) -> int:
        """How many students go to school now; those who left are not counted."""
        return sum(not flags & LEFT for flags in self.records.flags)

    @property
    def loaded_on(self) -> date | None:
        """The day of the import."""
        return self.about.loaded_on

    @property
    def flags_loaded_on(self) -> date | None:
        """The day when opt-outs were last loaded; None where the import had none."""
        return self.about.flags_loaded_on

    # -------------------------------------------------------------------------------------------- matching

    def match(self, text: str, place: Place = Place.BODY, marks_of: MarksOf = not_looked_at) -> Iterator[Match]:
        """Every student's name in the text, in the order of the text. `start` and `end` count its characters.

        A text seen lately (a menu, a footer) is not searched again. `marks_of` tells what `mark_of` does of the words
        of its lines, where somebody has looked at them already.
        """
        if place in _SLUGS:
            yield from self._remembered("slug", text, lambda: self._search.hits(text, slug=True))
        elif may_name(marks_of(text)):
            yield from self._remembered("prose", text, lambda: self._search.hits(text, marks_of=marks_of))
        else:  # what is left to look for takes no longer than to remember it
            yield from map(self._match, self._search.hits(text, marks_of=marks_of))

    def mark_of(self, word: str) -> int:
        """What a word between spaces may be part of; the marks of a line put together tell, by `marks.may_name`,
        whether a student's name may stand in it.
        """
        return self._search.mark_of(word)

    def first_names(self, text: str, schools: Iterable[str], marks_of: MarksOf = not_looked_at) -> Iterator[Match]:
        """First names that stand alone in a text and that students of these schools bear. A word, not a finding."""
        if not may_stand(marks_of(text), alone=True):
            return
        there = ("", *schools)
        known = partial(self._find_first, schools=there)
        yield from self._remembered(
            "first names " + "\0".join(there), text, lambda: self._search.lone(text, known, marks_of)
        )

    def owners(self, sort: Sort, value: str) -> tuple[Student, ...]:
        """The students whose e-mail address, telephone number or student number this is."""
        normal = next(normal_contacts(sort, value), "")
        digest = self.digester.digest(What.CONTACT, sort.value, normal)
        return tuple(map(self._student, sorted(self.tables["contacts"].find(digest)))) if normal else ()

    def is_identifier(self, value: str) -> bool:
        """Whether a normalised value is some student's number or user name; quicker than to ask whose."""
        return bool(self.tables["contacts"].find(self.digester.digest(What.CONTACT, _STUDENT_ID, value)))

    def is_surname(self, word: str) -> bool:
        """Whether a normalised word is a student's family name, or a part of one."""
        return bool(self._role(word) & Role.FAMILY)

    def token(self, students: Iterable[Student], form: str) -> str:
        """A keyed digest of these students and the form of name: equal for equal persons, whatever the spelling."""
        return self.digester.text(What.SIGHTING, form, *sorted({student.pseudonym for student in students}))

    def _remembered(self, kind: str, text: str, search: Callable[[], Iterator[Hit]]) -> tuple[Match, ...]:
        """What a search of that kind finds in a text, by the text's digest: the text itself is not kept."""
        if len(text) > (_LONGEST_REMEMBERED if "\n" in text else LONGEST_SAID_AGAIN):
            return tuple(map(self._match, search()))
        seen = blake2b(f"{kind}\0{text}".encode("utf-8", "surrogatepass"), digest_size=16).digest()
        known = self._matches.get(seen)
        if known is None:
            known = self._matches[seen] = tuple(map(self._match, search()))
            if len(self._matches) > _MOST_REMEMBERED:
                self._matches.popitem(last=False)
        else:
            self._matches.move_to_end(seen)
        return known

    def _match(self, hit: Hit) -> Match:
        numbers = sorted({entry & NUMBER for entry in hit.entries} - {ADULT})
        return Match(
            start=hit.start,
            end=hit.end,
            form=hit.form,
            students=tuple(map(self._student, numbers)),
            capitalised=hit.capitalised,
            loose=hit.loose,
            phrase=hit.phrase,
            everyday=hit.everyday,
            place=hit.place,
            guess=hit.guess,
            staff=ADULT in hit.entries,
        )

    def _find_name(self, first: str, family: str) -> tuple[Sequence[int], Bearing]:
        """Who bears the name; those who bear it in part only where nobody bears it whole. Staff never alone."""
        entries = self.tables["names"].find(self.digester.digest(What.NAME, first, family))
        if not entries:
            return (), Bearing.WHOLE
        adults = [entry for entry in entries if entry == ADULT]
        for bearing, bits in _BEARINGS:
            borne = [entry for entry in entries if entry & ~NUMBER == bits and entry != ADULT]
            if borne:
                return borne + adults, bearing
        return (), Bearing.WHOLE

    def _find_single(self, name: str) -> Sequence[int]:
        return self.tables["names"].find(self.digester.digest(What.NAME, name))

    def _find_handle(self, handle: str) -> Sequence[int]:
        handles = self.tables["handles"]
        return handles.find(self.digester.digest(What.HANDLE, handle)) if len(handles) else ()

    def _find_first(self, first: str, schools: Iterable[str]) -> Sequence[int]:
        find, digest = self.tables["firsts"].find, self.digester.digest
        return [entry for school in schools for entry in find(digest(What.FIRST, school, first))]

    def _respelled(self, word: str) -> Sequence[str]:
        def is_known(spelling: str) -> bool:
            return self.digester.digest(What.MISSPELLED, spelling) in self.misspelled

        def is_surname(spelling: str) -> bool:
            return len(spelling) >= SHORTEST_MISSPELLED and bool(self._role(spelling) & Role.FAMILY)

        return tuple(dict.fromkeys(respelled(word, is_known, is_surname)))

    def _role(self, word: str) -> int:
        return self._gate.role(self.digester.word(word))

    # -------------------------------------------------------------------------------------------- students

    def students(self) -> Iterator[Student]:
        """Every student on record, those who left included."""
        return map(self._make_student, range(len(self.records.identities)))

    def counts(self) -> Mapping[tuple[str, int | None], int]:
        """How many students there are now by school ("" where it is not known) and grade."""
        counted: Counter[tuple[str, int | None]] = Counter()
        for student in self.students():
            if not student.left:
                counted.update((school, student.grade) for school in student.schools or ("",))
        return counted

    def on_record(self) -> frozenset[str]:
        """Which answers of families it holds at all: "agreements", "photo consents". A blank then means "none".

        And "photo consents at " each school where a family agreed.
        """
        answered, agreed = 0, set[str]()
        for flags, schools in zip(self.records.flags, self.records.schools, strict=True):
            answered |= flags
            if _ANSWERS[flags & 3] and not flags & LEFT:
                agreed |= self.records.school_sets[schools]
        said = {"photo consents": answered & 3, "agreements": answered >> 4 & 3}
        told = {what for what, answers in said.items() if answers}
        return frozenset(told | {f"photo consents at {school}" for school in agreed})

    def opt_outs(self, day: date) -> Mapping[str, int]:
        """How many students have an opt-out of each level in force on that day, those who left included."""
        return Counter(level for student in self.students() for level in student.opted_out(day))

    def _make_student(self, number: int) -> Student:
        records = self.records
        grade, flags = records.grades[number], records.flags[number]
        photo, name, agreement = (_ANSWERS[flags >> shift & 3] for shift in (0, 2, 4))
        return Student(
            pseudonym=self.digester.pseudonym(records.identities[number]),
            schools=records.school_sets[records.schools[number]],
            grade=None if grade == NO_GRADE else grade,
            opt_outs=records.opt_out_sets[records.opt_outs[number]],
            photo_consent=photo,
            name_consent=name,
            aup_signed=agreement,
            left=bool(flags & LEFT),
        )

    # -------------------------------------------------------------------------------------------- keeping

    def dump(self) -> dict[str, bytes]:
        """The roster as named bytes for the store: digests, numbers, school ids, dates; nobody is named in them."""
        records, keepsakes = self.records, self.keepsakes
        about = {
            "version": VERSION,
            "key": self.digester.text(What.KEY),
            "loaded_on": _iso(self.about.loaded_on),
            "flags_loaded_on": _iso(self.about.flags_loaded_on),
            "source": self.about.source,
            "origin": self.about.origin,
            "school_sets": [sorted(schools) for schools in records.school_sets],
            "opt_out_sets": [[_plain_opt_out(opt_out) for opt_out in several] for several in records.opt_out_sets],
        }
        columns = {
            **{f"records.{name}": getattr(records, name) for name in _RECORD_COLUMNS},
            **{f"keepsakes.{name}": getattr(keepsakes, name) for name in _KEEPSAKE_COLUMNS},
        }
        parts = {"about": json.dumps(about, sort_keys=True).encode()}
        parts |= {name: packed(column) for name, column in columns.items()}
        parts["gate"], parts["misspelled"] = self._gate.dump(), self.misspelled.dump()
        for name, table in self.tables.items():
            parts |= table.dump(name)
        return parts

    @classmethod
    def load(cls, parts: Mapping[str, bytes], key: bytes) -> "Roster":
        """The roster that `dump` wrote. Bytes of another version or under another key are a `Mistake`."""
        digester = Digester(key)
        try:
            about = json.loads(parts["about"])
            if about["version"] != VERSION:
                raise Mistake(f"The stored roster was written by another version of auditor. {_AGAIN}")
            if about["key"] != digester.text(What.KEY):
                raise Mistake(f"The stored roster was made with another key than roster.key. {_AGAIN}")
            records = Records(
                **{name: unpacked(typecode, parts[f"records.{name}"]) for name, typecode in _RECORD_COLUMNS.items()},
                school_sets=tuple(map(frozenset, about["school_sets"])),
                opt_out_sets=tuple(tuple(map(_read_opt_out, several)) for several in about["opt_out_sets"]),
            )
            columns = {
                name: unpacked(typecode, parts[f"keepsakes.{name}"]) for name, typecode in _KEEPSAKE_COLUMNS.items()
            }
            return cls(
                digester,
                About(_date(about["loaded_on"]), _date(about["flags_loaded_on"]), about["source"], about["origin"]),
                records,
                {name: Postings.load(name, parts) for name in TABLES[:-1]},
                unpacked("Q", parts["gate"]),
                Keepsakes(**columns),
                Sieve(parts.get("misspelled", b"")),
            )
        except (KeyError, ValueError, TypeError) as damage:
            raise Mistake(f"The stored roster is damaged ({type(damage).__name__}). {_AGAIN}") from None


_BEARINGS: Final = ((Bearing.WHOLE, 0), (Bearing.PART, PARTIAL), (Bearing.MIDDLE, PARTIAL | MIDDLE))
_ANSWERS: Final = (None, False, True, None)

_AGAIN: Final = 'Run "auditor roster import" once more.'
_RECORD_COLUMNS: Final = {"identities": "Q", "grades": "b", "schools": "H", "opt_outs": "I", "flags": "B"}
_KEEPSAKE_COLUMNS: Final = {"digests": "Q", "entries": "I", "tables": "B"}


def _plain_opt_out(opt_out: OptOut) -> dict[str, Any]:
    return {
        "levels": sorted(opt_out.levels),
        "start": _iso(opt_out.start),
        "end": _iso(opt_out.end),
        "source": opt_out.source,
    }


def _read_opt_out(written: Mapping[str, Any]) -> OptOut:
    return OptOut(frozenset(written["levels"]), _date(written["start"]), _date(written["end"]), str(written["source"]))


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
