"""Watches over a program and all that it started: what they take of the machine's memory, and that all of them end."""

import contextlib
import logging
import threading
import time
from collections.abc import Sequence
from typing import Final, Self

import psutil

log = logging.getLogger(__name__)

EVERY: Final = 0.2
"""Seconds between two looks."""
END_SECONDS: Final = 3.0
PAUSE: Final = 0.01


class ProcessTree:
    """A program and its children, as they are now and as they ever were: what was orphaned still belongs to it."""

    def __init__(self, root: psutil.Process, parent: "ProcessTree | None" = None) -> None:
        self.root = root
        self.parent = parent
        """What stands between us and the program, such as its driver."""
        self._seen: dict[int, psutil.Process] = {root.pid: root}

    @classmethod
    def started_with(cls, mark: str) -> Self | None:
        """The program below this one that was started with that argument; None where there is none."""
        below = {child.pid: child for child in psutil.Process().children(recursive=True)}
        marked = {pid: child for pid, child in below.items() if mark in _arguments(child)}
        root = next((child for child in marked.values() if _parent(child) not in marked), None)
        if root is None:
            return None
        between = below.get(_parent(root))
        return cls(root, ProcessTree(between) if between else None)

    @property
    def stands(self) -> bool:
        """Whether the program itself runs, whatever became of its children."""
        return _runs(self.root)

    def arguments(self) -> list[str]:
        """With what the program was started; nothing where it is gone."""
        return _arguments(self.root)

    def members(self) -> list[psutil.Process]:
        """All of them that run."""
        for member in list(self._seen.values()):
            with contextlib.suppress(psutil.Error):
                self._seen.update((child.pid, child) for child in member.children(recursive=True))
        # A number that another program has by now is not theirs: psutil compares when each was started.
        self._seen = {pid: member for pid, member in self._seen.items() if _runs(member)}
        return list(self._seen.values())

    def memory(self) -> int:
        """Bytes that they take; what they share counts once."""
        taken = [_memory(member) for member in self.members()]
        return sum(own for own, _ in taken) + max((shared for _, shared in taken), default=0)

    def end_heaviest(self) -> None:
        """Ends the one that takes most, and waits for it: until then its memory still counts. Ends all of them where
        that is the first."""
        heaviest = max(self.members(), key=lambda member: sum(_memory(member)), default=None)
        if heaviest is None or heaviest == self.root:
            self.end()
            return
        _end([heaviest])

    def end(self) -> None:
        """Ends all of them at once, and waits until none runs. What only waits for its parent to hear of its end does
        not: some systems' first process, to which orphans fall, takes seconds to listen."""
        _end(self.members())


class Watch:
    """Looks at a program's memory from a thread of its own while `busy` is set: nothing that we do delays it.

    Where they take more than `most` bytes together, the heaviest is ended: in a browser that is one page. `ended`
    counts how often that was needed.
    """

    def __init__(self, tree: ProcessTree, most: int) -> None:
        self.busy = threading.Event()
        self.ended = 0
        self._tree = tree
        self._most = most
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops watching."""
        self._over.set()
        self.busy.set()
        self._thread.join()

    def _look(self) -> None:
        while self.busy.wait() and not self._over.wait(EVERY):
            if self._tree.memory() > self._most:
                self.ended += 1
                log.debug("a browser took more memory than it may")
                self._tree.end_heaviest()


def _end(members: Sequence[psutil.Process]) -> None:
    for member in members:
        with contextlib.suppress(psutil.Error):
            member.kill()
    until = time.monotonic() + END_SECONDS
    while any(map(_runs, members)) and time.monotonic() < until:
        time.sleep(PAUSE)


def _memory(process: psutil.Process) -> tuple[int, int]:
    """Bytes that are its own, and that others may use as well."""
    try:
        info = process.memory_info()
    except psutil.Error:
        return 0, 0
    shared = int(getattr(info, "shared", 0))
    return int(getattr(info, "private", info.rss - shared)), shared


def _arguments(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except (psutil.Error, OSError):
        return []


def _parent(process: psutil.Process) -> int:
    try:
        return process.ppid()
    except psutil.Error:
        return 0


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
