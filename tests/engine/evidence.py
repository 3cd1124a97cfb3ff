"""What the runners of a test wrote down, and whether they are still there."""

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

PATIENCE = 20.0


class Evidence:
    """The notes of all runners of a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def lines(self) -> list[str]:
        notes = self.folder / "notes.txt"
        return notes.read_text().splitlines() if notes.exists() else []

    @property
    def processes(self) -> list[int]:
        """The runners that began, by process."""
        return [int(line.split()[-1]) for line in self.lines if line.startswith("began the process")]

    def times(self, beginning: str) -> int:
        """How many notes begin so."""
        return sum(f"{line} ".startswith(f"{beginning} ") for line in self.lines)


def alive(pid: int) -> bool:
    """Whether the process runs."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def ended(processes: Iterable[int], within: float) -> bool:
    """Whether all of them are gone by then."""
    left, until_then = list(processes), time.monotonic() + within
    while any(map(alive, left)) and time.monotonic() < until_then:
        time.sleep(0.02)
    return not any(map(alive, left))


def until(happened: Callable[[], bool], then: Callable[[], object] = lambda: None) -> threading.Thread:
    """Waits in a thread of its own until that has happened, then does the other."""

    def wait() -> None:
        patience = time.monotonic() + PATIENCE
        while not happened() and time.monotonic() < patience:
            time.sleep(0.02)
        then()

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread
