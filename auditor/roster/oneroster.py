"""Reads OneRoster 1.1 and 1.2 CSV as student information systems really write it.

What can be understood is taken, and what was odd about it is noted: file, row, column, never a value. Only what is
needed is looked at: no password, no birth date, no race, no parent.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from auditor.errors import Mistake
from auditor.grades import grade
from auditor.model import School, Sort
from auditor.roster.archive import Archive, open_archive
from auditor.roster.flags import COLUMNS, FlagReader, FlagsFile, read_flags
from auditor.roster.names import Naming, parts
from auditor.roster.pupil import Adult, Flags, Pupil
from auditor.roster.schools import SchoolFinder
from auditor.roster.tables import Notes, Row, Table, plain_header

_USERS: Final = "users.csv"
_NAMES: Final = ("givenName", "familyName")
_USER_COLUMNS: Final = (
    *("sourcedId", "status", "role", "orgSourcedIds", "primaryOrgSourcedId", "grades", *_NAMES, "middleName"),
    *("preferredGivenName", "preferredFamilyName", "email", "phone", "sms", "username", "identifier"),
    *(f"metadata.{column}" for column in COLUMNS),
)
_ENROLLMENTS: Final = "enrollments.csv"
_ROLES: Final = "roles.csv"
_ROLE_COLUMNS: Final = ("status", "userSourcedId", "role", "orgSourcedId")
_ADMINISTRATORS: Final = ("administrator", "siteadministrator", "districtadministrator", "systemadministrator")
_STAFF: Final = frozenset({"teacher", "aide", "counselor", "principal", "proctor", *_ADMINISTRATORS})
_UNGRADED: Final = frozenset({"ug", "other", "ungraded"})


class Export:
    """One OneRoster export, with the district's flags where they are kept apart, to be read once.

    `notes` fills while `people` is read; `carries_flags` is known after that.
    """

    def __init__(self, source: Path, schools: Sequence[School], flags: Path | None, today: date) -> None:
        self.source, self.notes = source, Notes()
        self._schools, self._flags_file, self._today = schools, flags, today
        self.carries_flags = flags is not None

    def _named(self, file: str) -> str:
        """How faults call a file of the export, which may be a zip."""
        return str(self.source / file) if self.source.is_dir() else f"{self.source}: {file}"

    def people(self) -> Iterator[Pupil | Adult]:
        """Every student of the export, and its staff. Whatever makes it unreadable is a `Mistake` with all faults."""
        with open_archive(self.source) as archive:
            self.notes.extend(archive.diagnostics)
            given = read_flags(self._flags_file, self.notes, self._today) if self._flags_file else FlagsFile()
            finder = SchoolFinder(archive, self._schools, self.notes)
            with _table(archive, _USERS, self.notes, _USER_COLUMNS) as users:
                roles = self._roles(archive, users)
                yield from _Users(users, roles, finder, given, self).people()

    def malformed(self) -> Iterator[str]:
        """A line for each row whose cells are cut off or may have slipped: nobody can tell what such a row says."""
        notes = Notes()
        with open_archive(self.source) as archive:
            if _USERS in archive.files:
                with _table(archive, _USERS, notes, _USER_COLUMNS, whole=True) as table:
                    table.look_through()
                    in_users = "role" in table.columns
                for file in _role_files(archive, in_users=in_users):
                    with _table(archive, file, notes, _ROLE_COLUMNS, whole=True) as table:
                        table.look_through()
        yield from (note.fault(Path(self._named(note.file))) for note in notes.all() if note.grave)

    def _roles(self, archive: Archive, users: Table) -> "_Roles":
        faults = [
            f"{self._named(_USERS)}:1: there is no column {column}; export it as well"
            for column in ("sourcedId", *_NAMES)
            if plain_header(column) not in users.columns
        ]
        roles = _Roles(archive, self.notes, in_users="role" in users.columns)
        if not roles.known:
            faults.append(
                f"{self._named(_USERS)}:1: there is no column role, nor a roles.csv or enrollments.csv beside it:"
                " students cannot be told from staff; export one of them as well"
            )
        if faults:
            raise Mistake(*faults)
        self.carries_flags |= plain_header("metadata.optOut") in users.columns
        return roles


def _role_files(archive: Archive, *, in_users: bool) -> list[str]:
    """The files beside users.csv that tell who is a student: roles.csv; where nothing else does, enrollments.csv."""
    asked = [_ROLES, *([] if in_users or _ROLES in archive.files else [_ENROLLMENTS])]
    return [file for file in asked if file in archive.files]


class _Roles:
    """Who is a student: the role in users.csv (1.1), in roles.csv (1.2), else in enrollments.csv."""

    def __init__(self, archive: Archive, notes: Notes, *, in_users: bool) -> None:
        self.known = in_users
        self._roles: dict[str, set[str]] = {}
        self.orgs: dict[str, set[str]] = {}
        for file in _role_files(archive, in_users=in_users):
            with _table(archive, file, notes, _ROLE_COLUMNS) as table:
                self.known |= {"usersourcedid", "role"} <= table.columns
                for row in table.rows():
                    if not _deleted(row):
                        self._take(row)

    def _take(self, row: Row) -> None:
        user, role = row["userSourcedId"], row["role"].casefold()
        if role == "student" or role in _STAFF:
            self._roles.setdefault(user, set()).add(role)
        if role == "student" and row["orgSourcedId"]:
            self.orgs.setdefault(user, set()).add(row["orgSourcedId"])

    def of(self, row: Row) -> set[str]:
        """The roles of a user, in lower case."""
        return {row["role"].casefold(), *self._roles.get(row["sourcedId"], ())}


class _Users:
    """The rows of users.csv as people."""

    def __init__(self, users: Table, roles: _Roles, finder: SchoolFinder, given: FlagsFile, export: Export) -> None:
        self._users, self._roles, self._finder, self._given = users, roles, finder, given
        self._notes = export.notes
        self._own_flags = FlagReader(_USERS, export.notes, export._today, "metadata.")

    def people(self) -> Iterator[Pupil | Adult]:
        seen: set[str] = set()
        for row in self._users.rows():
            roles = self._roles.of(row)
            if _deleted(row):
                if former := self._former(row, roles):
                    seen.add(row["sourcedId"])
                    yield former
            elif "student" in roles:
                self._note_identity(row, seen)
                if pupil := self._pupil(row, self._flags(row)):
                    yield pupil
            elif roles & _STAFF:
                yield Adult(_naming(row, Flags()))
        for source_id, number in self._given.rows.items():
            if source_id not in seen:
                self._notes.add(self._given.name, number, "sourcedId", "no student of users.csv has this sourcedId")

    def _former(self, row: Row, roles: set[str]) -> Pupil | None:
        """A student who left and whose family said no: the no still holds. Nobody else who left is looked for."""
        flags = self._flags(row)
        if roles & _STAFF or not flags.opt_outs:
            return None
        pupil = self._pupil(row, flags)
        return replace(pupil, left=True) if pupil else None

    def _flags(self, row: Row) -> Flags:
        return self._own_flags.read(row).joined(self._given.flags.get(row["sourcedId"], Flags()))

    def _note_identity(self, row: Row, seen: set[str]) -> None:
        source_id = row["sourcedId"]
        if not source_id:
            self._note(row, "sourcedId", "empty; the student is kept, but no flag can be given to them")
        elif source_id in seen:
            self._note(row, "sourcedId", "an earlier row has the same; both are taken as one student")
        seen.add(source_id)

    def _pupil(self, row: Row, flags: Flags) -> Pupil | None:
        naming = _naming(row, flags)
        if not any(map(parts, (naming.given, naming.family, naming.preferred_given, naming.preferred_family))):
            self._note(row, "familyName", "a student without a name; nobody can be looked for")
            return None
        orgs = {*row.several("orgSourcedIds"), row["primaryOrgSourcedId"], *self._roles.orgs.get(row["sourcedId"], ())}
        return Pupil(
            source_id=row["sourcedId"],
            naming=naming,
            grade=self._grade(row),
            schools=self._finder.schools(orgs - {""}, row),
            contacts=tuple(_contacts(row)),
            flags=flags,
        )

    def _grade(self, row: Row) -> int | None:
        """The lowest of the grades in a row: where a student has several, the younger's rules protect."""
        codes = row.several("grades")
        if not codes:
            self._note(row, "grades", "empty; the strictest rules hold for this student")
        known = [number for code in codes if (number := grade(code)) is not None]
        if len(known) < len([code for code in codes if code.casefold() not in _UNGRADED]):
            self._note(row, "grades", "not a grade code (PK, KG, 01 to 12, PS, UG); left out")
        return min(known, default=None)

    def _note(self, row: Row, column: str, what: str) -> None:
        self._notes.add(_USERS, row.number, column, what)


def _naming(row: Row, flags: Flags) -> Naming:
    return Naming(
        given=row["givenName"],
        family=row["familyName"],
        middle=row["middleName"],
        preferred_given=row["preferredGivenName"],
        preferred_family=row["preferredFamilyName"],
        nicknames=flags.nicknames,
        handles=flags.handles,
    )


def _contacts(row: Row) -> Iterator[tuple[Sort, str]]:
    """What would reach or number the student. A user name that is the whole e-mail address adds nothing."""
    for address in row.several("email"):
        yield Sort.EMAIL, address
    for number in dict.fromkeys((*row.several("phone"), *row.several("sms"))):
        yield Sort.PHONE, number
    known = {row["email"].casefold(), ""}
    for number in dict.fromkeys((row["identifier"], row["username"])):
        if number.casefold() not in known:
            yield (Sort.EMAIL if "@" in number else Sort.STUDENT_ID), number
    if re.fullmatch(r"\d{5,}", row["sourcedId"]) and row["sourcedId"] != row["identifier"]:
        yield Sort.STUDENT_ID, row["sourcedId"]


def _deleted(row: Row) -> bool:
    return row["status"].casefold() == "tobedeleted"


@contextmanager
def _table(archive: Archive, name: str, notes: Notes, wanted: Iterable[str], *, whole: bool = False) -> Iterator[Table]:
    with archive.files[name]() as opened:
        yield Table(name, opened, notes, wanted, grave=whole, whole=whole)
