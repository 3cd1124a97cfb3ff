"""One import: files in, a roster and what was odd about the files out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path

from auditor.errors import Mistake
from auditor.model import School
from auditor.roster import key
from auditor.roster.archive import WANTED
from auditor.roster.book import About, Roster
from auditor.roster.build import Builder
from auditor.roster.digests import Digester, What
from auditor.roster.oneroster import Export
from auditor.roster.pupil import Diagnostic, Pupil


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
    export = Export(source, schools, flags, today)
    builder = Builder(secret)
    students = 0
    for person in export.people():
        if isinstance(person, Pupil):
            builder.add(person)
            students += 1
        else:
            builder.add_adult(person)
    diagnostics = export.notes.all()
    if grave := [str(diagnostic) for diagnostic in diagnostics if diagnostic.grave]:
        raise Mistake(*grave)
    if not students:
        raise Mistake(f'{source}: users.csv names no student (role "student"), so nothing was imported.')
    kept = builder.keep_former(before, today) if before else 0
    content = fingerprint(source, flags, schools, secret)
    about = About(today, today if export.carries_flags else None, content, origin(source, secret))
    return Intake(builder.finish(about), kept, diagnostics)


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


def origin(source: Path, secret: bytes) -> str:
    """A keyed digest of where an export lies."""
    return Digester(secret).text(What.ORIGIN, str(source.resolve()))


def up_to_date(
    source: Path | None,
    flags: Path | None,
    schools: Sequence[School],
    data: Path,
    parts: Mapping[str, bytes] | None,
    today: date,
) -> tuple[Roster | None, Intake | None]:
    """The roster for an audit: the stored one (`parts`), or a fresh import where the configured files are newer.

    The second part is that import, to be stored by the caller; None where nothing was imported. A roster that somebody
    imported from elsewhere stays until they import again. (None, None): there is no roster.
    """
    secret = key.load(data)
    stored = Roster.load(parts, secret) if parts and secret else None
    if source is None:
        return stored, None
    secret = secret or key.load_or_create(data)
    if stored and (
        stored.about.origin != origin(source, secret)
        or stored.about.source == fingerprint(source, flags, schools, secret)
    ):
        return stored, None
    intake = take_in(source, flags, schools, secret, today, stored)
    return intake.roster, intake


def _files(source: Path) -> Iterator[Path]:
    if source.name.casefold() == "users.csv":
        source = source.parent
    if source.is_dir():
        yield from (file for file in source.glob("**/*") if file.name.casefold() in WANTED and file.is_file())
    else:
        yield source
