"""The files of an export, in a folder or a zip, read where they are: nothing is ever unpacked onto the disk."""

import lzma
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Final

from auditor.errors import Mistake
from auditor.roster.pupil import Diagnostic

WANTED: Final = ("users.csv", "roles.csv", "orgs.csv", "enrollments.csv", "classes.csv")
"""What is read of an export. Passwords, demographics and profiles are never opened."""

LARGEST_FILE: Final = 4 * 2**30
MOST_FILES: Final = 10_000
MOST_SQUEEZED: Final = 250
"""How many times smaller a zip may make a file; name lists come down to a tenth, bombs to a thousandth."""

_SMALL: Final = 10 * 2**20

_HOW: Final = "Export OneRoster 1.1 or 1.2 CSV from the student information system and give that folder or zip."

Opener = Callable[[], AbstractContextManager[IO[bytes]]]


@dataclass(frozen=True, slots=True)
class Archive:
    """The files that are wanted, by name, each with a way to open it, and what was odd about the rest."""

    files: Mapping[str, Opener]
    diagnostics: tuple[Diagnostic, ...] = ()


@contextmanager
def open_archive(source: Path) -> Iterator[Archive]:
    """The export in a folder or a zip, its files at the root or one folder deep. Faults are one `Mistake`."""
    if source.is_dir():
        yield _folder(source)
    elif source.is_file() and source.name.casefold() == "users.csv":
        yield _folder(source.parent)
    elif source.is_file():
        try:
            with zipfile.ZipFile(source) as opened:
                yield _zip(source, opened)
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, EOFError) as problem:
            raise Mistake(f"{source}: not a zip that can be read ({problem}). {_HOW}") from None
        except OSError as problem:
            raise Mistake(f"{source}: cannot be read ({problem.strerror or problem}).") from None
    else:
        raise Mistake(f"{source}: there is no such folder or zip. {_HOW}")


def _folder(source: Path) -> Archive:
    try:
        found = [*source.iterdir(), *(f for inner in source.iterdir() if inner.is_dir() for f in inner.iterdir())]
    except OSError as problem:
        raise Mistake(f"{source}: cannot be read ({problem.strerror or problem}).") from None
    root = source.resolve()
    diagnostics = []
    places: dict[str, list[tuple[PurePosixPath, Opener]]] = {}
    for file in sorted(found):
        name = file.name.casefold()
        if name not in WANTED:
            continue
        shown = PurePosixPath(file.relative_to(source).as_posix())
        if not file.resolve().is_relative_to(root):
            diagnostics.append(Diagnostic(str(shown), 0, "", "leads out of the folder; left out"))
        elif not file.is_file():
            diagnostics.append(Diagnostic(str(shown), 0, "", "is not a file; left out"))
        else:
            places.setdefault(name, []).append((shown, partial(_open, file)))
    return Archive(_chosen(source, places), tuple(diagnostics))


def _open(file: Path) -> IO[bytes]:
    return file.open("rb")


def _zip(source: Path, opened: zipfile.ZipFile) -> Archive:
    members = opened.infolist()
    if len(members) > MOST_FILES:
        raise Mistake(f"{source}: holds {len(members):,} files; a OneRoster export has a dozen. {_HOW}")
    diagnostics = []
    places: dict[str, list[tuple[PurePosixPath, Opener]]] = {}
    faults: list[str] = []
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        name = path.name.casefold()
        if name not in WANTED or member.is_dir() or "__MACOSX" in path.parts:
            continue
        if path.is_absolute() or ".." in path.parts or ":" in member.filename:
            diagnostics.append(Diagnostic(name, 0, "", "stands in the zip under a path that leads out of it; left out"))
        elif stat.S_ISLNK(member.external_attr >> 16):
            diagnostics.append(Diagnostic(str(path), 0, "", "is a link, not a file; left out"))
        elif len(path.parts) <= 2:
            faults += _member_faults(source, path, member)
            places.setdefault(name, []).append((path, partial(opened.open, member)))
    if faults:
        raise Mistake(*faults)
    return Archive(_chosen(source, places), tuple(diagnostics))


def _member_faults(source: Path, path: PurePosixPath, member: zipfile.ZipInfo) -> Iterator[str]:
    if member.flag_bits & 1:
        yield f"{source}: {path} is locked with a password. Export it without one."
    if member.file_size > LARGEST_FILE:
        yield f"{source}: {path} would be over {LARGEST_FILE >> 30} GiB large, which is more than is read. {_HOW}"
    elif member.file_size > _SMALL and member.file_size > MOST_SQUEEZED * max(1, member.compress_size):
        yield f"{source}: {path} would swell to over {MOST_SQUEEZED} times its size; no list does that. {_HOW}"


def _chosen(source: Path, places: Mapping[str, list[tuple[PurePosixPath, Opener]]]) -> dict[str, Opener]:
    """One file a name, all from the folder where `users.csv` stands."""
    users = places.get("users.csv", [])
    homes = {path.parent for path, _ in users}
    home = PurePosixPath() if PurePosixPath() in homes else next(iter(homes), None)
    if home is None:
        raise Mistake(f"{source}: there is no users.csv in it. {_HOW}")
    if home != PurePosixPath() and len(homes) > 1:
        raise Mistake(f"{source}: several folders in it have a users.csv. Give one of them.")
    here = {name: [opener for path, opener in found if path.parent == home] for name, found in places.items()}
    doubled = [name for name, openers in here.items() if len(openers) > 1]
    if doubled:
        raise Mistake(*(f"{source}: {name} is in it more than once. {_HOW}" for name in doubled))
    return {name: openers[0] for name, openers in here.items() if openers}
