"""One run a district at a time: whoever holds the lock may write its store."""

import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from auditor.errors import Busy


@contextlib.contextmanager
def held(data: Path, what: str, name: str = "audit") -> Iterator[None]:
    """Holds the district's lock of that name while the block runs.

    Raises `Busy` where another run has it, saying which and since when.
    """
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = FileLock(data / f"{name}.lock", timeout=0, mode=0o600)
    note = data / f"{name}.lock.txt"
    try:
        lock.acquire()
    except Timeout:
        try:
            who = note.read_text("utf-8").strip()
        except OSError:
            who = "another program"
        raise Busy(f"{who} holds the lock of {data}; wait until it is done, then try again") from None
    try:
        note.write_text(f"{what} (process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M} UTC)", "utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()
