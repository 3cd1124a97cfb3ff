"""What an import reads: people as the export tells of them, for the moment only, and what was wrong with the files."""

from dataclasses import dataclass
from pathlib import Path

from auditor.model import OptOut, Sort
from auditor.roster.names import Naming


@dataclass(frozen=True, slots=True)
class Flags:
    """What is on record about publishing somebody. Consents are None where nothing is."""

    opt_outs: tuple[OptOut, ...] = ()
    photo_consent: bool | None = None
    name_consent: bool | None = None
    aup_signed: bool | None = None
    nicknames: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Flags(...)"

    def joined(self, other: "Flags") -> "Flags":
        """Both together; where the two disagree on a consent, the answer is no."""
        return Flags(
            opt_outs=tuple(dict.fromkeys((*self.opt_outs, *other.opt_outs))),
            photo_consent=stricter(self.photo_consent, other.photo_consent),
            name_consent=stricter(self.name_consent, other.name_consent),
            aup_signed=stricter(self.aup_signed, other.aup_signed),
            nicknames=tuple(dict.fromkeys((*self.nicknames, *other.nicknames))),
            handles=tuple(dict.fromkeys((*self.handles, *other.handles))),
        )


def stricter(one: bool | None, other: bool | None) -> bool | None:
    """Two answers as one: no, if either says no; None if neither says anything."""
    answers = [answer for answer in (one, other) if answer is not None]
    return all(answers) if answers else None


@dataclass(frozen=True, slots=True)
class Pupil:
    """A student as an export tells of one. Never stored, never printed; lives from the file's row to its digests.

    `source_id` is the export's `sourcedId`, "" where it has none. `schools` are our own school ids, empty where the
    student belongs to the district at large. `contacts` are e-mail addresses, telephone and student numbers.
    `left` students go to school elsewhere; an export still names them as deleted.
    """

    source_id: str
    naming: Naming
    grade: int | None = None
    schools: frozenset[str] = frozenset()
    contacts: tuple[tuple[Sort, str], ...] = ()
    flags: Flags = Flags()
    left: bool = False

    def __repr__(self) -> str:
        return "Pupil(...)"


@dataclass(frozen=True, slots=True)
class Adult:
    """Somebody whom the export lists as staff: so that a teacher is not taken for a student of the same name."""

    naming: Naming

    def __repr__(self) -> str:
        return "Adult(...)"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something odd in a file: which file, which row (as a spreadsheet counts, the header is 1; 0: the whole file),
    which column, what. Never a name or value of a student. `grave` marks what somebody has to put right first.
    """

    file: str
    row: int
    column: str
    what: str
    grave: bool = False

    def __str__(self) -> str:
        place = ", ".join(
            filter(None, (f"row {self.row}" if self.row else "", f'"{self.column}"' if self.column else ""))
        )
        return f"{self.file}, {place}: {self.what}" if place else f"{self.file}: {self.what}"

    def fault(self, file: Path) -> str:
        """The same as a fault of a configuration is told, with where the file lies."""
        place = f"{file}:{self.row}" if self.row else str(file)
        return f"{place}: column {self.column}: {self.what}" if self.column else f"{place}: {self.what}"
