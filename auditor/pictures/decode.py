"""Opens image files in a process of their own, with limits on time, memory and size."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

LONGEST: Final = 512
"""Longest side of the pixels handed back: enough to see a logo that fills a twentieth of a photograph."""
MAX_BYTES: Final = 20 * 2**20
MAX_PIXELS: Final = 50_000_000
MAX_MEMORY: Final = 2**30
MAX_SECONDS: Final = 10.0
MAX_PICTURES: Final = 1_000
"""A worker is replaced after so many pictures, so that no leak of a decoder adds up."""

WORKER: Final = Path(__file__).with_name("worker.py")


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture's first frame, upright: rows x columns x RGBA bytes, at most `LONGEST` a side.

    `width` and `height` are those of the file. `problem` says why there are no pixels ("" when there are).
    """

    width: int = 0
    height: int = 0
    pixels: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, 0, 4), np.uint8), repr=False)
    problem: str = ""


class Decoder:
    """Opens pictures one at a time; safe to call from several threads. Close it, or use it in a `with`.

    The process starts with the first picture, and anew after one that had to be stopped.
    """

    def __init__(self, seconds: float = MAX_SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._opened = 0
        self._lock = threading.Lock()

    def decode(self, data: bytes) -> Raster:
        """The picture in these bytes; never raises for what the bytes hold."""
        if problem := _refused(data):
            return Raster(problem=problem)
        with self._lock:
            return self._ask(data)

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, data: bytes) -> Raster:
        process = self._running()
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            process.kill()

        alarm = threading.Timer(self._seconds, expire)
        alarm.daemon = True
        alarm.start()
        try:
            raster = _exchange(process, data)
        except (OSError, EOFError):
            raster = None
        finally:
            alarm.cancel()
        if raster is not None and not expired.is_set():
            self._opened += 1
            return raster
        self._end()
        if expired.is_set():
            return Raster(problem=f"the picture took longer than {self._seconds:g} seconds to open")
        return Raster(problem="the picture could not be opened safely")

    def _running(self) -> "subprocess.Popen[bytes]":
        """The worker, a fresh one where there is none or the old one has done its share."""
        if self._process is not None and (self._process.poll() is not None or self._opened >= MAX_PICTURES):
            self._end()
        if self._process is None:
            limits = (LONGEST, MAX_PIXELS, MAX_MEMORY)
            self._process = subprocess.Popen(  # noqa: S603  our own script under our own interpreter
                [sys.executable, "-P", str(WORKER), *map(str, limits)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            self._opened = 0
        return self._process

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # what it still held is of no use to a process that is gone
        self._process.wait()
        self._process = None


def _refused(data: bytes) -> str:
    """Why a file is not even handed to the worker; "" when it is."""
    if not data:
        return "the file is empty"
    if len(data) > MAX_BYTES:
        return f"the file is larger than {MAX_BYTES // 2**20} MB"
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<svg") or (start.startswith((b"<?xml", b"<!--", b"<!doctype svg")) and b"<svg" in start):
        return "SVG pictures are not looked at yet"
    return ""


def _exchange(process: "subprocess.Popen[bytes]", data: bytes) -> Raster:
    """Hands one file to the worker and reads its answer; OSError or EOFError when it is gone."""
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018  both were asked for
    process.stdin.write(len(data).to_bytes(8, "big"))
    process.stdin.write(data)
    process.stdin.flush()
    head = json.loads(_exactly(process, int.from_bytes(_exactly(process, 8), "big")))
    if "problem" in head:
        return Raster(problem=head["problem"])
    rows, columns = head["rows"], head["columns"]
    if not (0 < rows <= LONGEST and 0 < columns <= LONGEST):
        raise EOFError
    pixels = np.frombuffer(_exactly(process, rows * columns * 4), np.uint8).reshape(rows, columns, 4)
    return Raster(head["width"], head["height"], pixels)


def _exactly(process: "subprocess.Popen[bytes]", size: int) -> bytes:
    assert process.stdout is not None  # noqa: S101  it was asked for
    data = process.stdout.read(size)
    if len(data) != size:
        raise EOFError
    return data
