"""The roster's key: 32 random bytes in a file of their own. Without it the stored roster is noise, for good."""

import os
import secrets
import stat
from pathlib import Path
from typing import Final

from filelock import FileLock

from auditor.errors import Mistake
from auditor.roster.digests import KEY_LENGTH

FILE: Final = "roster.key"


def load(data: Path) -> bytes | None:
    """The key in the district's data folder, or None where no roster was ever imported.

    A file that others may read is closed to them first. A file of another length is a `Mistake`.
    """
    file = data / FILE
    try:
        key = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise Mistake(f"{file}: the roster's key cannot be read ({problem.strerror or problem}).") from None
    if len(key) != KEY_LENGTH:
        raise Mistake(
            f"{file}: a roster key has {KEY_LENGTH} bytes, this file has {len(key)}. Copy it back from a backup, or "
            'run "auditor roster forget" and import the roster again.'
        )
    _close_to_others(file)
    return key


def load_or_create(data: Path) -> bytes:
    """The key in the district's data folder; makes one where there is none. Two imports at once get the same key."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with FileLock(data / f"{FILE}.lock", timeout=30, mode=0o600):
        return load(data) or _create(data / FILE)


def destroy(data: Path) -> bool:
    """Overwrites and deletes the key; tells whether there was one. What was stored under it can never be read again."""
    file = data / FILE
    try:
        with file.open("r+b") as opened:
            opened.write(secrets.token_bytes(max(KEY_LENGTH, file.stat().st_size)))
            opened.flush()
            os.fsync(opened.fileno())
        file.unlink()
    except FileNotFoundError:
        return False
    (data / f"{FILE}.lock").unlink(missing_ok=True)
    return True


def _create(file: Path) -> bytes:
    key = secrets.token_bytes(KEY_LENGTH)
    fresh = file.with_name(f"{FILE}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(key)
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)
    return key


def _close_to_others(file: Path) -> None:
    """Windows keeps its rights elsewhere: a file in a user's own folder is the user's own there."""
    if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
        file.chmod(0o600)
