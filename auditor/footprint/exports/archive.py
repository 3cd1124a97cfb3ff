"""The files of a data export, read where they lie: in zips, in a folder. Nothing is unpacked onto the disk.

An export comes from the person, but what is in it was written by others. So every size is bounded, paths that lead out
of it are left out, and message files are never opened, whoever asks for them.
"""

import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Final

from auditor.errors import Mistake

LARGEST_FILE: Final = 64 * 2**20
"""Bytes of one file that are read at most. Ten years of posts take a tenth of it."""
LARGEST_SUM: Final = 512 * 2**20
"""Bytes that are read of one export, over all its files."""
MOST_FILES: Final = 500_000
MOST_SQUEEZED: Final = 250
"""How many times smaller a zip may make a file; lists come down to a twentieth, bombs to a thousandth."""
_SMALL: Final = 2**20

MESSAGES: Final = re.compile(
    r"(?:^|/)(?:messages?|inbox|archived_threads|filtered_threads|message_requests|e2ee_cutover|direct|chats?|mail"
    r"|google chat|hangouts|voice|your_chat_\w+)/"
    r"|(?:^|/)(?:messages?(?:_\d+)?\.(?:json|html|csv)|guide_messages\.csv|learning_[\w ]*messages\.csv"
    r"|(?:deleted-)?direct-messages?[\w-]*\.js|secret_(?:conversations|groups)\.json|chat_history\.\w+|[^/]+\.mbox)$",
    re.IGNORECASE,
)
"""Files of private messages: other people wrote half of them, and nobody outside sees them."""

_SHOWN: Final = 120


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file of the export that was not read, and why. The name is as the export has it, without control characters."""

    name: str
    why: str


@dataclass
class Archive:
    """What an export holds. `names` are paths with "/" between their parts, sorted; `read` gives a file's bytes."""

    names: tuple[str, ...]
    _files: dict[str, tuple[int, Callable[[], IO[bytes]]]] = field(repr=False)
    left_out: list[LeftOut] = field(default_factory=list)
    messages: int = 0
    opened: list[str] = field(default_factory=list)
    _read: int = 0

    def read(self, name: str) -> bytes:
        """The file's bytes; b"" where it is not there, too large or broken, which `left_out` then tells."""
        if name not in self._files or MESSAGES.search(name):
            return b""
        try:
            return self._bytes(name)
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError, OSError):
            self.leave(name, "is damaged or locked")
            return b""

    def ending(self, *paths: str) -> tuple[str, ...]:
        """The files whose last parts are those of one of the paths, whatever folder they lie in; case never matters."""
        wanted = [tuple(path.casefold().split("/")) for path in paths]
        return tuple(
            name for name in self.names if any(tuple(name.casefold().split("/"))[-len(w) :] == w for w in wanted)
        )

    def called(self, pattern: str, folders: Iterable[str] = ()) -> tuple[str, ...]:
        """The files whose whole name fits the pattern, and that lie directly in a folder so called, where any is."""
        sign, places = re.compile(pattern, re.IGNORECASE), {folder.casefold() for folder in folders}
        return tuple(
            name
            for name in self.names
            if sign.fullmatch(PurePosixPath(name).name)
            and (not places or PurePosixPath(name).parent.name.casefold() in places)
        )

    def _bytes(self, name: str) -> bytes:
        size, opener = self._files[name]
        if size > LARGEST_FILE:
            self.leave(name, f"is larger than {LARGEST_FILE >> 20} MB")
            return b""
        room = min(LARGEST_FILE, LARGEST_SUM - self._read)
        if room <= 0:
            self.leave(name, "was not read: the export is too large")
            return b""
        with opener() as opened:
            self.opened.append(name)
            content = opened.read(room + 1)
        self._read += len(content)
        if len(content) > room:
            self.leave(name, "is larger than it says")
            return b""
        return content

    def leave(self, name: str, why: str) -> None:
        """Notes that a file was not read, and why."""
        word = LeftOut(shown(name), why)
        if word not in self.left_out:
            self.left_out.append(word)


@contextmanager
def open_archive(sources: Sequence[Path]) -> Iterator[Archive]:
    """The export in these zips, folders or single files, as one. A source that cannot be read is a `Mistake`."""
    files: dict[str, tuple[int, Callable[[], IO[bytes]]]] = {}
    left_out: list[LeftOut] = []
    with ExitStack() as stack:
        for source in sources:
            for name, size, opener in _listed(source, stack, left_out):
                files.setdefault(name, (size, opener))
        if len(files) > MOST_FILES:
            raise Mistake(f"{sources[0]}: holds over {MOST_FILES:,} files. Give a smaller export.")
        messages = {name for name in files if MESSAGES.search(name)}
        yield Archive(
            tuple(sorted(files.keys() - messages)),
            {name: entry for name, entry in files.items() if name not in messages},
            left_out,
            len(messages),
        )


def shown(name: str) -> str:
    """A file's name fit to be told: no control characters, not endless."""
    plain = "".join(c if c.isprintable() else "?" for c in name)
    return plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN // 2]} … {plain[-_SHOWN // 2 :]}"


_Entry = tuple[str, int, Callable[[], IO[bytes]]]


def _listed(source: Path, stack: ExitStack, left_out: list[LeftOut]) -> Iterator[_Entry]:
    try:
        if source.is_dir():
            yield from _folder(source, left_out)
        elif not source.is_file():
            raise Mistake(f"{source}: there is no such file or folder. Give the zip as the platform sent it.")
        elif zipfile.is_zipfile(source):
            yield from _zip(stack.enter_context(zipfile.ZipFile(source)), left_out)
        elif source.suffix.casefold() in (".json", ".csv", ".js"):
            yield source.name, source.stat().st_size, partial(_open, source)
        else:
            raise Mistake(f"{source}: is no zip that can be read. Give the zip as the platform sent it.")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
        raise Mistake(f"{source}: is no zip that can be read. Ask the platform for it once more.") from None
    except OSError as problem:
        raise Mistake(f"{source}: cannot be read ({problem.strerror or 'no reason given'}).") from None


def _folder(source: Path, left_out: list[LeftOut]) -> Iterator[_Entry]:
    root = source.resolve()
    for file in sorted(source.rglob("*")):
        name = file.relative_to(source).as_posix()
        if file.is_dir():
            continue
        if not file.resolve().is_relative_to(root) or file.is_symlink():
            left_out.append(LeftOut(shown(name), "leads out of the folder"))
        elif file.is_file():
            yield name, file.stat().st_size, partial(_open, file)


def _open(file: Path) -> IO[bytes]:
    return file.open("rb")


def _zip(opened: zipfile.ZipFile, left_out: list[LeftOut]) -> Iterator[_Entry]:
    for member in opened.infolist():
        name = member.filename.replace("\\", "/")
        path = PurePosixPath(name)
        if member.is_dir() or "__MACOSX" in path.parts or path.name.startswith("._"):
            continue
        why = _refused(member, path)
        if why:
            left_out.append(LeftOut(shown(name), why))
        else:
            yield path.as_posix(), member.file_size, partial(opened.open, member)


def _refused(member: zipfile.ZipInfo, path: PurePosixPath) -> str:
    """Why that entry of a zip is never opened; "" where it may be."""
    if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", path.as_posix()) or "\0" in member.filename:
        return "leads out of the zip"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "is a link, not a file"
    if member.flag_bits & 1:
        return "is locked with a password"
    if member.file_size > _SMALL and member.file_size > MOST_SQUEEZED * max(1, member.compress_size):
        return f"would swell to over {MOST_SQUEEZED} times its size"
    return ""
