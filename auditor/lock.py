"""One run a district at a time: whoever holds the lock may write its store."""

import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from auditor.errors import Busy, Mistake


@contextlib.contextmanager
def held(data: Path, what: str, name: str = "audit") -> Iterator[None]:
    """Holds the district's lock of that name while the block runs.

    Raises `Busy` where another run has it, saying which and since when; `Mistake` where nothing can be written there.
    """
    lock = FileLock(data / f"{name}.lock", timeout=0, mode=0o600)
    note = data / f"{name}.lock.txt"
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock.acquire()
    except Timeout:
        try:
            who = note.read_text("utf-8").strip()
        except OSError:
            who = "another program"
        raise Busy(f"{who} holds the lock of {data}; wait until it is done, then try again") from None
    except OSError as error:
        why = (error.strerror or "unknown fault").lower()
        raise Mistake(f"{data}: nothing can be written there ({why}); check the disk and the folder's rights") from None
    try:
        with contextlib.suppress(OSError):  # on a full disk the others only do not learn who has the lock
            note.write_text(f"{what} (process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M} UTC)", "utf-8")
        yield
    finally:
        with contextlib.suppress(OSError):  # on Windows somebody may just be reading it
            note.unlink(missing_ok=True)
        lock.release()
