"""One import: files in, a roster and what was odd about the files out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path

from auditor.errors import Mistake
from auditor.imported import imported
from auditor.model import School
from auditor.roster.archive import WANTED
from auditor.roster.book import About, Roster
from auditor.roster.digests import Digester, What
from auditor.roster.flags import read_flags
from auditor.roster.oneroster import Export
from auditor.roster.pupil import Diagnostic, Pupil
from auditor.roster.tables import Notes


@dataclass(frozen=True, slots=True)
class Intake:
    """What an import brought: the new roster, how many former students it keeps, and what was odd about the files."""

    roster: Roster
    kept: int
    diagnostics: tuple[Diagnostic, ...]


def take_in(
    source: Path,
    flags: Path | None,
    schools: Sequence[School],
    secret: bytes,
    today: date,
    before: Roster | None = None,
) -> Intake:
    """Reads an export and makes a roster of it; of the roster before, students who left with an opt-out are kept.

    Faults that make the files unreadable, or their flags uncertain, are one `Mistake`; then nothing is changed.
    """
    if found := faults(source, flags, schools, today):
        raise Mistake(*found)
    export = Export(source, schools, flags, today)
    # A roster is seldom read anew, and what makes one takes a tenth of a second to import.
    builder = imported("auditor.roster.build").Builder(secret)
    for person in export.people():
        if isinstance(person, Pupil):
            builder.add(person)
        else:
            builder.add_adult(person)
    kept = builder.keep_former(before, today) if before else 0
    content = fingerprint(source, flags, schools, secret)
    about = About(today, today if export.carries_flags else None, content, origin(source, secret))
    return Intake(builder.finish(about), kept, export.notes.all())


def faults(
    source: Path | None, flags: Path | None, schools: Sequence[School], today: date, *, rows: bool = True
) -> tuple[str, ...]:
    """One line for everything that makes an export or its flags unusable, of both in one pass; none where all is well.

    What is merely odd about a row is no fault: it is understood, and told after the import. A row that is cut off, or
    whose cells may have slipped into other columns, is one: it may hide an opt-out. An export that is known to
    have no such `rows` is not looked through for them.
    """
    return (*_flags_faults(flags, today), *_export_faults(source, schools, today, rows=rows))


def _flags_faults(flags: Path | None, today: date) -> Iterator[str]:
    notes, fatal = Notes(), Mistake()
    if flags is None:
        return
    try:
        read_flags(flags, notes, today)
    except Mistake as mistake:
        fatal = mistake
    yield from fatal.faults
    yield from (diagnostic.fault(flags) for diagnostic in notes.all() if diagnostic.grave)


def _export_faults(source: Path | None, schools: Sequence[School], today: date, *, rows: bool) -> Iterator[str]:
    if source is None:
        return
    export = Export(source, schools, None, today)
    try:
        # One is enough: the others are read by the import, before anything is fetched.
        students = any(isinstance(person, Pupil) and not person.left for person in export.people())
        if rows:
            yield from export.malformed()
    except Mistake as mistake:
        yield from mistake.faults
    else:
        if not students:
            yield f'{source}: users.csv names no student (role "student"); export the students as well'


def fingerprint(source: Path, flags: Path | None, schools: Sequence[School], secret: bytes) -> str:
    """A keyed digest of what an import reads: equal where importing again would bring nothing new."""
    digest = blake2b(digest_size=16, key=secret, person=b"files")
    for school in sorted(schools, key=lambda s: s.id):
        digest.update(f"{school.id}\0{school.name}\0".encode())
    for file in sorted(_files(source)) + ([flags] if flags else []):
        digest.update(f"\0{file.name.casefold()}\0".encode())
        with file.open("rb") as opened:
            while block := opened.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def traces(source: Path) -> Iterator[str]:
    """How the files of an export look from outside, a line each: alike where nobody wrote to any of them."""
    for file in sorted(_files(source)):
        about = file.stat()
        yield f"{file} {about.st_size} {about.st_mtime_ns} {about.st_ctime_ns}"


def origin(source: Path, secret: bytes) -> str:
    """A keyed digest of where an export lies."""
    return Digester(secret).text(What.ORIGIN, str(source.resolve()))


def is_current(kept: Roster, source: Path, flags: Path | None, schools: Sequence[School], secret: bytes) -> bool:
    """Whether a stored roster need not be imported again from the configured files.

    It need not where the files are as they were, nor where somebody imported it from elsewhere: what a person did by
    hand stays until they import again.
    """
    if kept.about.origin != origin(source, secret):
        return True
    return kept.about.source == fingerprint(source, flags, schools, secret)


def _files(source: Path) -> Iterator[Path]:
    if source.name.casefold() == "users.csv":
        source = source.parent
    if source.is_dir():
        yield from (file for file in source.glob("**/*") if file.name.casefold() in WANTED and file.is_file())
    else:
        yield source
