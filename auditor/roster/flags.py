"""What families asked for: opt-outs and consents, from the export's own columns or from the district's second file."""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from auditor.errors import Mistake
from auditor.model import OptOut
from auditor.roster.pupil import Flags
from auditor.roster.tables import Notes, Row, Table, day, plain_header, yes_or_no

T = TypeVar("T")

COLUMNS: Final = ("optOut", "photoConsent", "nameConsent", "aupSigned", "nickname", "handles")
DATED: Final = ("from", "to", "source")

EVERYTHING: Final = "A"
"""The level that covers everything: what an opt-out is taken for that nobody can read."""

_NONE: Final = frozenset({"none", "no", "n", "false", "0", "-", "na", "n/a"})
_ALL: Final = frozenset({"all", "yes", "y", "true", "1", "x", "full", "everything"})

# Words that a source may be kept with. It is free text: a parent's name could stand in it.
_SOURCE_WORDS: Final = """
    form forms paper online portal email e-mail letter phone call verbal meeting sis powerschool infinite campus
    skyward synergy aeries schoology registration enrollment enrolment parent guardian family court order request office
    annual fall spring summer winter school year directory information media opt out opt-out permission the of by from
    signed
"""
_SOURCES: Final = frozenset(_SOURCE_WORDS.split())


def read_opt_out_levels(text: str) -> frozenset[str]:
    """ "A;c" -> {"A", "C"}. A `ValueError` where the text says neither levels nor none."""
    found: set[str] = set()
    for word in re.split(r"[;,/|+&\s]+", text.strip().casefold()):
        if word in ("", "level", "levels", "and"):
            continue
        if word in _ALL or not set(word) <= set("abc"):
            if word in _NONE:
                continue
            raise ValueError("not a level")
        found.update(word.upper())
    return frozenset(found)


@dataclass(slots=True)
class FlagReader:
    """Reads the flags in a row. Whatever cannot be read protects the child: an opt-out becomes the widest, a consent
    none. In a file that the district itself writes (`grave`) it has to be put right first.
    """

    file: str
    notes: Notes
    today: date
    prefix: str = ""
    grave: bool = False

    def read(self, row: Row) -> Flags:
        """The flags of one row."""
        start, end = self._cell(row, "from", day), self._cell(row, "to", day)
        if start and end and start > end:
            self._note(row, "to", "the opt-out ends before it begins", "taken as without end")
            start = end = None
        levels = self._levels(row)
        source = _known_words(row[self.prefix + "source"])
        # A consent for another time is no consent now.
        now = (start is None or start <= self.today) and (end is None or self.today <= end)
        consents = [self._cell(row, column, yes_or_no) for column in ("photoConsent", "nameConsent", "aupSigned")]
        photo, name, agreement = (answer if now or not answer else None for answer in consents)
        return Flags(
            opt_outs=(OptOut(levels, start, end, source),) if levels else (),
            photo_consent=photo,
            name_consent=name,
            aup_signed=agreement,
            nicknames=tuple(row.several(self.prefix + "nickname")),
            handles=tuple(row.several(self.prefix + "handles")),
        )

    def _levels(self, row: Row) -> frozenset[str]:
        try:
            return read_opt_out_levels(row[self.prefix + "optOut"])
        except ValueError:
            self._note(row, "optOut", "not A, B, C or none", f"taken as {EVERYTHING}, which covers everything")
            return frozenset({EVERYTHING})

    def _cell(self, row: Row, column: str, read: Callable[[str], T | None]) -> T | None:
        try:
            return read(row[self.prefix + column])
        except ValueError:
            if column in DATED:
                self._note(row, column, "no date; write it like 2026-08-24")
            else:
                self._note(row, column, "neither true nor false", "taken as no answer")
            return None

    def _note(self, row: Row, column: str, what: str, taken: str = "") -> None:
        """`taken` says how it was read all the same; what is grave was not."""
        remedy = taken and ("correct it" if self.grave else taken)
        what = f"{what}; {remedy}" if remedy else what
        self.notes.add(self.file, row.number, self.prefix + column, what, grave=self.grave)


@dataclass(slots=True)
class FlagsFile:
    """The district's second file, by `sourcedId`. `rows` are the lines in which each was first met."""

    name: str = ""
    flags: dict[str, Flags] = field(default_factory=dict, repr=False)
    rows: dict[str, int] = field(default_factory=dict, repr=False)


def read_flags(file: Path, notes: Notes, today: date) -> FlagsFile:
    """The flags in a file. No such file, or no usable column in it, is a `Mistake`."""
    found = FlagsFile(file.name)
    try:
        with file.open("rb") as opened:
            table = Table(file.name, opened, notes, ("sourcedId", *_both(COLUMNS), *_both(DATED)), grave=True)
            _check_columns(file, table, notes)
            reader = FlagReader(file.name, notes, today, _prefix(table), grave=True)
            for row in table.rows():
                _take(found, row, reader.read(row), notes)
    except OSError as problem:
        raise Mistake(f"{file}: cannot be read ({problem.strerror or problem}); check who may read the file") from None
    return found


def _take(found: FlagsFile, row: Row, flags: Flags, notes: Notes) -> None:
    source_id = row["sourcedId"]
    if not source_id:
        notes.add(found.name, row.number, "sourcedId", "empty; write whom the row is about", grave=True)
        return
    found.flags[source_id] = found.flags.get(source_id, Flags()).joined(flags)
    found.rows.setdefault(source_id, row.number)


def _check_columns(file: Path, table: Table, notes: Notes) -> None:
    known = [plain_header(column) for column in ("sourcedId", *COLUMNS, *DATED)]
    for title in table.titles:
        plain = plain_header(title).removeprefix(plain_header(_PREFIX))
        if plain and plain not in known:
            near = difflib.get_close_matches(plain, known, 1, cutoff=0.8)
            meant = next((c for c in ("sourcedId", *COLUMNS, *DATED) if near and plain_header(c) == near[0]), "")
            what = f'not known; correct it (did you mean "{meant}"?)' if meant else "not known; left out"
            notes.add(file.name, 1, title, what, grave=bool(meant))
    faults = []
    if plain_header("sourcedId") not in table.columns:
        faults.append(f"{file}:1: there is no column sourcedId; add it, it says whom a row is about")
    if not table.columns & {plain_header(column) for column in _both(COLUMNS)}:
        faults.append(f"{file}:1: there is none of the columns {', '.join(COLUMNS)}; add those you need")
    if faults:
        raise Mistake(*faults)


_PREFIX: Final = "metadata."


def _both(columns: tuple[str, ...]) -> tuple[str, ...]:
    return (*columns, *(_PREFIX + column for column in columns))


def _prefix(table: Table) -> str:
    """Some write the export's own column titles into the second file as well."""
    plain = {plain_header(column) for column in COLUMNS}
    return "" if table.columns & plain else _PREFIX


def _known_words(source: str) -> str:
    """A source as it may be kept: dates and words that name no person, else only that there is one."""
    if not source:
        return ""
    kept = all(
        word in _SOURCES or not re.search(r"[^\W\d_]", word) for word in re.findall(r"[\w'’-]+", source.casefold())
    )
    return " ".join(source.split())[:60] if kept else "on file"
