"""Reads files in a process of its own, which is killed when it takes too long or too much. Nothing of it touches disk.

`python -m spiders.decoder` is that process: questions come on standard input, answers go to standard output, each as
its length in four bytes, a line of JSON and, in a question, the bytes of the file.
"""

import asyncio
import contextlib
import json
import os
import struct
import subprocess
import sys
import threading
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from auditor.model import Blind, Document, Image, Link, Passage, Place, Reason
from spiders import files

try:
    import resource
except ImportError:  # Windows bounds memory by other means; there the sizes in `files` must do
    resource = None  # type: ignore[assignment]

DEADLINE: Final = 20.0
MAX_MEMORY: Final = 1536 * 1024 * 1024
FILES_A_PROCESS: Final = 200
_LENGTH: Final = struct.Struct(">II")
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
        return _document(answer) if answer else _unread(url, kind, file_name)

    def _ask(self, question: dict[str, str], body: bytes) -> dict[str, Any] | None:
        """The answer of the process; None where it died over the question, or was killed for its slowness."""
        process = self._running()
        timer = threading.Timer(self._deadline, process.kill)
        timer.start()
        try:
            _send(process.stdin, question, body)
            received = _receive(process.stdout)
        except (OSError, ValueError):
            received = None
        finally:
            timer.cancel()
        self._read += 1
        if received is None or self._read >= FILES_A_PROCESS:
            self._end()
        return received[0] if received else None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._read = 0
            root = str(Path(__file__).parent.parent)
            self._process = subprocess.Popen(
                [sys.executable, "-m", "spiders.decoder"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])},
                # Ctrl-C is meant for us; we end our helper ourselves.
                start_new_session=os.name == "posix",
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
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


def _unread(url: str, kind: str, file_name: str) -> Decoded:
    blind = Blind(_TOO_LONG, Reason.LIMIT)
    # The name of a file can be read without opening it.
    document, _ = files.read(b"", url, files.OTHER if kind == files.HTML else kind, file_name=file_name)
    return (
        Document(url=document.url, passages=document.passages, media_type=document.media_type, problem=_TOO_LONG),
        blind,
    )


def _send(pipe: IO[bytes] | None, head: dict[str, Any], body: bytes) -> None:
    if pipe is None:
        raise OSError("no pipe")
    line = json.dumps(head).encode("utf-8")
    pipe.write(_LENGTH.pack(len(line), len(body)))
    pipe.write(line)
    pipe.write(body)
    pipe.flush()


def _receive(pipe: IO[bytes] | None) -> tuple[dict[str, Any], bytes] | None:
    """The next message; None at the end of the pipe."""
    if pipe is None:
        return None
    lengths = pipe.read(_LENGTH.size)
    if len(lengths) < _LENGTH.size:
        return None
    head, body = _LENGTH.unpack(lengths)
    line, content = pipe.read(head), pipe.read(body)
    if len(line) < head or len(content) < body:
        return None
    return json.loads(line), content


def _row(document: Document, blind: Blind | None) -> dict[str, Any]:
    row = asdict(document)
    row["anchors"] = sorted(document.anchors)
    row["published_on"] = document.published_on.isoformat() if document.published_on else None
    return {"document": row, "blind": asdict(blind) if blind else None}


def _document(answer: dict[str, Any]) -> Decoded:
    row, blind = answer["document"], answer["blind"]
    document = Document(
        **{
            **row,
            "passages": tuple(Passage(**{**part, "place": Place(part["place"])}) for part in row["passages"]),
            "links": tuple(Link(**{**part, "rel": tuple(part["rel"])}) for part in row["links"]),
            "images": tuple(Image(**part) for part in row["images"]),
            "comments": (),
            "anchors": frozenset(row["anchors"]),
            "published_on": datetime.fromisoformat(row["published_on"]) if row["published_on"] else None,
        }
    )
    return document, Blind(**{**blind, "reason": Reason(blind["reason"])}) if blind else None


def main() -> None:
    """Answers questions until the pipe closes. What a library prints must not get between the answers."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if resource is not None:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while (received := _receive(sys.stdin.buffer)) is not None:
        question, body = received
        document, blind = files.read(
            body,
            question["url"],
            question["kind"],
            charset=question["charset"],
            file_name=question["file_name"],
        )
        _send(answers, _row(document, blind), b"")


if __name__ == "__main__":
    main()
