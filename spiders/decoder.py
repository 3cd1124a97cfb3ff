"""Reads files in a process of its own (`spiders.decoding`), which is killed when it takes too long."""

import asyncio
import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

from auditor.model import Blind, Document, Passage, Place, Reason
from auditor.secret import environment
from spiders.kinds import HTML, MEDIA_TYPES
from spiders.messages import document_of, receive, send
from spiders.names import file_words

DEADLINE: Final = 20.0
START_SECONDS: Final = 60.0
"""A busy machine may take long to start a process; that is not the file's fault."""
FILES_A_PROCESS: Final = 200
_TOO_LONG: Final = "it took too long to read"

Decoded = tuple[Document, Blind | None]


class Decoder:
    """A reader of files, one at a time. Use it as an asynchronous context; leaving ends its process."""

    def __init__(self, deadline: float = DEADLINE) -> None:
        self._deadline = deadline
        self._turn = asyncio.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._read = 0

    async def __aenter__(self) -> "Decoder":
        return self

    async def __aexit__(self, *_: object) -> None:
        self._end()

    async def read(self, body: bytes, url: str, kind: str, *, charset: str = "", file_name: str = "") -> Decoded:
        """The document in a file, and what of it could not be read. See `files.read`; never raises for a bad file."""
        question = {"url": url, "kind": kind, "charset": charset, "file_name": file_name}
        async with self._turn:
            answer = await asyncio.to_thread(self._ask, question, body)
        return document_of(answer) if answer else _unread(url, kind, file_name)

    def _ask(self, question: dict[str, str], body: bytes) -> dict[str, Any] | None:
        """The answer of the process; None where it died over the question, or was killed for its slowness."""
        process = self._running()
        received = _exchange(process, question, body, self._deadline)
        self._read += 1
        if received is None or self._read >= FILES_A_PROCESS:
            self._end()
        return received

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self._read = 0
            self._process = _started()
            _exchange(self._process, None, b"", START_SECONDS)
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    if pipe is not None:
                        pipe.close()
            process.wait()


def _started() -> "subprocess.Popen[bytes]":
    root = str(Path(__file__).parent.parent)
    return subprocess.Popen(
        [sys.executable, "-m", "spiders.decoding"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**environment(), "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])},
        # Ctrl-C is meant for us; we end our helper ourselves.
        start_new_session=os.name == "posix",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _exchange(
    process: "subprocess.Popen[bytes]", question: dict[str, str] | None, body: bytes, seconds: float
) -> dict[str, Any] | None:
    """Asks, and waits for what comes back; kills the process at the deadline, and gives None where nothing came."""
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        if question is not None:
            send(process.stdin, question, body)
        received = receive(process.stdout)
    except (OSError, ValueError):
        received = None
    finally:
        timer.cancel()
    return received[0] if received else None


def _unread(url: str, kind: str, file_name: str) -> Decoded:
    """What can be told of a file without opening it: its name."""
    names = () if kind == HTML else tuple(filter(None, dict.fromkeys((file_words(url), file_words(file_name)))))
    document = Document(
        url=url.partition("#")[0],
        passages=tuple(Passage(words, Place.FILE_NAME, url) for words in names),
        media_type=MEDIA_TYPES.get(kind, "application/octet-stream"),
        problem=_TOO_LONG,
    )
    return document, Blind(_TOO_LONG, Reason.LIMIT)
