"""Makes a roster: names go in one by one, digests come out. No name outlives the call that brings it."""

from array import array
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Final, Generic, TypeVar

import numpy as np

from auditor.model import OptOut
from auditor.roster.book import (
    ADULT,
    LEFT,
    MIDDLE,
    NO_GRADE,
    NUMBER,
    PARTIAL,
    TABLES,
    About,
    Keepsakes,
    Records,
    Roster,
)
from auditor.roster.contacts import normal_contacts
from auditor.roster.digests import ROLE_BITS, Digester, What
from auditor.roster.hits import Role
from auditor.roster.names import Forms, forms, misspellings, parts
from auditor.roster.pupil import Adult, Pupil, stricter
from auditor.roster.sorted_digests import postings, sieve

_NUMBERS: Final[dict[str, int]] = {name: number for number, name in enumerate(TABLES)}
_GATE: Final = _NUMBERS["gate"]


T = TypeVar("T")


class _Numbered(Generic[T]):
    """Values, each one once, and the number of each."""

    def __init__(self) -> None:
        self.values: list[T] = []
        self._numbers: dict[T, int] = {}

    def number(self, value: T) -> int:
        number = self._numbers.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number


class Builder:
    """Collects students, then makes the roster of them.

    Rows with the same `sourcedId` are one student with all the names, schools and opt-outs of these rows.
    """

    def __init__(self, key: bytes) -> None:
        self._digester = Digester(key)
        self._numbers: dict[int, int] = {}
        self._identities = array("Q")
        self._grades = array("b")
        self._flags = array("B")
        self._schools = array("H")
        self._opt_outs = array("I")
        self._school_sets = _Numbered[frozenset[str]]()
        self._opt_out_sets = _Numbered[tuple[OptOut, ...]]()
        self._pairs = {name: (array("Q"), array("I")) for name in TABLES[:-1]}
        self._gate: dict[int, int] = {}
        self._misspelled = array("Q")
        self._kept = (array("Q"), array("I"), array("B"))
        self._word = lru_cache(maxsize=65536)(self._digest_of_word)

    def add(self, pupil: Pupil) -> None:
        """Takes one row of the export."""
        found = forms(pupil.naming)
        number = self._record(pupil)
        keep = bool(self._opt_outs_of(number))
        digest = self._digester.digest
        for first, family in found.full:
            self._put("names", digest(What.NAME, first, family), number, keep)
        for first, family in found.partial:
            self._put("names", digest(What.NAME, first, family), number | PARTIAL, keep)
        for first, family in found.middle:
            self._put("names", digest(What.NAME, first, family), number | PARTIAL | MIDDLE, keep)
        for single in found.single:
            self._put("names", digest(What.NAME, single), number, keep)
        for school in pupil.schools or ("",):
            for first in found.first:
                self._put("firsts", digest(What.FIRST, school, first), number, keep)
        for handle in found.handles:
            self._put("handles", digest(What.HANDLE, handle), number, keep)
        for sort, value in pupil.contacts:
            for normal in normal_contacts(sort, value):
                self._put("contacts", digest(What.CONTACT, sort.value, normal), number, keep)
        self._open_gate(found, number, keep)

    def add_adult(self, adult: Adult) -> None:
        """Takes somebody on the staff, whose name alone then proves nothing."""
        for first, family in forms(adult.naming).full:
            self._put("names", self._digester.digest(What.NAME, first, family), ADULT, keep=False)

    def keep_former(self, old: Roster, today: date) -> int:
        """Takes over the students of the roster before who are gone and whose opt-out is not over. Tells how many."""
        records = old.records
        former: dict[int, int] = {}
        for number, identity in enumerate(records.identities):
            opt_outs = records.opt_out_sets[records.opt_outs[number]]
            if identity in self._numbers or all(o.end is not None and o.end < today for o in opt_outs):
                continue
            former[number] = self._numbers[identity] = len(self._identities)
            self._identities.append(identity)
            self._grades.append(records.grades[number])
            self._flags.append(records.flags[number] | LEFT)
            self._schools.append(self._school_sets.number(records.school_sets[records.schools[number]]))
            self._opt_outs.append(self._opt_out_sets.number(opt_outs))
        kept = old.keepsakes
        for digest, entry, table in zip(kept.digests, kept.entries, kept.tables, strict=True):
            if (entry & NUMBER) not in former:
                continue
            number = former[entry & NUMBER] | (entry & ~NUMBER)
            if table == _GATE:
                self._gate[digest & ~ROLE_BITS] = self._gate.get(digest & ~ROLE_BITS, 0) | digest & ROLE_BITS
                self._keep(digest, number, _GATE)
            else:
                self._put(TABLES[table], digest, number, keep=True)
        return len(former)

    def finish(self, about: About) -> Roster:
        """The roster of everybody taken so far. Students stand in it in the order of their identities: no file's."""
        order = np.argsort(np.frombuffer(self._identities, np.uint64)) if self._identities else np.empty(0, np.int64)
        rank = np.empty(len(order), np.uint32)
        rank[order] = np.arange(len(order), dtype=np.uint32)

        def sorted_column(column: "array[int]") -> "array[int]":
            return array(column.typecode, np.array(column, column.typecode)[order].tobytes())

        def renumbered(entries: "array[int]") -> "array[int]":
            numbers = np.array(entries, np.uint32)
            records = numbers & np.uint32(NUMBER)
            students = records != ADULT
            numbers[students] += rank[records[students]] - records[students]
            return array("I", numbers.tobytes())

        records = Records(
            identities=sorted_column(self._identities),
            grades=sorted_column(self._grades),
            schools=sorted_column(self._schools),
            opt_outs=sorted_column(self._opt_outs),
            flags=sorted_column(self._flags),
            school_sets=tuple(self._school_sets.values),
            opt_out_sets=tuple(self._opt_out_sets.values),
        )
        digests, entries, tables = self._kept
        return Roster(
            self._digester,
            about,
            records,
            {name: postings(keys, renumbered(values)) for name, (keys, values) in self._pairs.items()},
            array("Q", sorted(digest | roles for digest, roles in self._gate.items())),
            _sorted_keepsakes(digests, renumbered(entries), tables),
            sieve(self._misspelled),
        )

    # -------------------------------------------------------------------------------------------- one student

    def _record(self, pupil: Pupil) -> int:
        identity = self._digester.digest(What.IDENTITY, *_identity(pupil))
        number = self._numbers.get(identity)
        flags = pupil.flags
        answers = (flags.photo_consent, flags.name_consent, flags.aup_signed)
        grade = NO_GRADE if pupil.grade is None else pupil.grade
        left = LEFT if pupil.left and (number is None or self._flags[number] & LEFT) else 0
        if number is None:
            number = self._numbers[identity] = len(self._identities)
            self._identities.append(identity)
            self._grades.append(grade)
            self._flags.append(_packed(answers) | left)
            self._schools.append(self._school_sets.number(pupil.schools))
            self._opt_outs.append(self._opt_out_sets.number(flags.opt_outs))
            return number
        if self._grades[number] == NO_GRADE:
            self._grades[number] = grade
        both = zip(_unpacked(self._flags[number]), answers, strict=True)
        self._flags[number] = _packed(stricter(one, other) for one, other in both) | left
        schools = self._school_sets.values[self._schools[number]] | pupil.schools
        self._schools[number] = self._school_sets.number(schools)
        opt_outs = tuple(dict.fromkeys((*self._opt_outs_of(number), *flags.opt_outs)))
        self._opt_outs[number] = self._opt_out_sets.number(opt_outs)
        return number

    def _opt_outs_of(self, number: int) -> tuple[OptOut, ...]:
        return self._opt_out_sets.values[self._opt_outs[number]]

    def _open_gate(self, found: Forms, number: int, keep: bool) -> None:
        roles: dict[str, int] = {}
        role: int
        groups = (
            (found.given, Role.GIVEN),
            (found.family, Role.FAMILY),
            (found.single, Role.SINGLE),
            (found.later, Role.LATER),
        )
        for group, role in groups:
            for word in group:
                roles[word] = roles.get(word, 0) | role
        for word, role in roles.items():
            digest = self._word(word)
            known = self._gate.get(digest, 0)
            if role & ~known & Role.FAMILY:
                self._misspelled.extend(self._digester.digest(What.MISSPELLED, m) for m in misspellings(word))
            self._gate[digest] = known | role
            if keep:
                self._keep(digest | role, number, _GATE)

    def _put(self, table: str, digest: int, entry: int, keep: bool) -> None:
        digests, entries = self._pairs[table]
        digests.append(digest)
        entries.append(entry)
        if keep:
            self._keep(digest, entry, _NUMBERS[table])

    def _keep(self, digest: int, entry: int, table: int) -> None:
        for column, value in zip(self._kept, (digest, entry, table), strict=True):
            column.append(value)

    def _digest_of_word(self, word: str) -> int:
        return int.from_bytes(self._digester.word(word), "little") & ~ROLE_BITS


def _identity(pupil: Pupil) -> tuple[str, ...]:
    """What makes a student the same one in the next export: the `sourcedId`, or name and grade where there is none."""
    if pupil.source_id:
        return (pupil.source_id,)
    return ("", *parts(pupil.naming.given), *parts(pupil.naming.family), str(pupil.grade))


def _packed(answers: Iterable[bool | None]) -> int:
    """Answers as two bits each: 0 not on record, 1 no, 2 yes."""
    return sum((0 if answer is None else 1 + answer) << 2 * n for n, answer in enumerate(answers))


def _unpacked(flags: int) -> tuple[bool | None, ...]:
    return tuple((None, False, True)[flags >> shift & 3] for shift in (0, 2, 4))


def _sorted_keepsakes(digests: "array[int]", entries: "array[int]", tables: "array[int]") -> Keepsakes:
    order = sorted(range(len(digests)), key=lambda n: (digests[n], entries[n], tables[n]))
    return Keepsakes(*(array(c.typecode, [c[n] for n in order]) for c in (digests, entries, tables)))
