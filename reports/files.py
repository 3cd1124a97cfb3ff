"""Writes reports to disk, whole or not at all, for their owner alone."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

INDEX = "index.html"


def write(file: Path, content: bytes) -> None:
    """Puts the content into the file in one step: whoever opens it sees the old one or the new one, never a half.

    Makes the folder where it is missing, for its owner alone. Raises `OSError`; the old file is intact then.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Only its owner may read what `mkstemp` makes.
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(content)
            new.flush()
            os.fsync(new.fileno())
        Path(name).replace(file)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
