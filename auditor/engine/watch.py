"""Watches over one process and all that it started, from outside: what it takes of memory and time, and its end."""

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import psutil

from auditor.engine.shard import Shard, Stage
from spiders.watch import ProcessTree

EVERY: Final = 0.25
"""Seconds between two looks at the process itself."""
ALL_OF_THEM: Final = 4
"""Every so many looks also what it started is weighed, which takes longer."""
MB: Final = 2**20
ADDRESS: Final = 60
"""Seconds that one more address may take, with all the patience that its server is owed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may take: `memory` in MB with all that it started, `minutes` for an account."""

    memory: int = 2000
    minutes: float = 120.0

    def seconds(self, shard: Shard) -> float:
        """The time for a shard: it grows with what waits for one host."""
        if shard.stage in (Stage.LINKS, Stage.PICTURES):
            return self.minutes * 60 + ADDRESS * shard.longest
        return self.minutes * 60 * max(shard.longest, 1)


class Watch:
    """Ends the process and all that it started where it takes too much, or where `gone` says that nobody wants it any
    more. `why` then says so; it is "" while all is well."""

    def __init__(self, pid: int, limits: Limits, gone: Callable[[], str] = lambda: "") -> None:
        self.why = ""
        self._limits = limits
        self._gone = gone
        self._until = 0.0
        self._over = threading.Event()
        self._tree: ProcessTree | None = None
        with contextlib.suppress(psutil.Error):  # it may have died at once
            self._tree = ProcessTree(psutil.Process(pid))
        self._thread = threading.Thread(target=self._look, name="engine-watch", daemon=True)
        self._thread.start()

    def allow(self, seconds: float) -> None:
        """From now on it may take so long; 0: as long as it likes."""
        self._until = time.monotonic() + seconds if seconds else 0.0

    def end(self, why: str = "") -> None:
        """Ends the process and all that it started, at once."""
        self.why = self.why or why
        if self._tree is not None:
            self._tree.end()

    def close(self) -> None:
        """Stops watching; what is left of the process is ended."""
        self._over.set()
        self._thread.join()
        self.end()

    def _look(self) -> None:
        looks = 0
        while not self._over.wait(EVERY):
            looks += 1
            if why := self._gone() or self._too_long() or self._too_much(everything=looks % ALL_OF_THEM == 0):
                self.end(why)
                return

    def _too_long(self) -> str:
        return "it took too long" if self._until and time.monotonic() > self._until else ""

    def _too_much(self, *, everything: bool) -> str:
        if self._tree is None:
            return ""
        try:
            taken = self._tree.memory() if everything else int(self._tree.root.memory_info().rss)
        except psutil.Error:
            return ""
        return f"it took more than {self._limits.memory:,} MB of memory" if taken > self._limits.memory * MB else ""
