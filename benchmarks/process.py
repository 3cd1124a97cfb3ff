"""What a program costs: time, processor time and peak memory, with all processes that it starts."""

import contextlib
import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_EVERY = 0.1


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took: seconds, processor seconds of all its processes, and the most memory they held together."""

    wall: float
    cpu: float
    peak: float
    """MB; what processes share counts once. 0 where nobody can tell."""
    said: str = ""


def run(
    command: Sequence[str], *, fine: Sequence[int] = (0,), environment: Mapping[str, str] | None = None, deadline: float
) -> Cost:
    """Runs the program to its end. `fine` are the exit statuses that mean success; any other raises."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    program = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**_surroundings(), **(environment or {})},
    )
    gauge = _Gauge(program.pid)
    gauge.start()
    try:
        said, _ = program.communicate(timeout=deadline)
    finally:
        program.kill()
        program.wait()
        gauge.over.set()
        gauge.join()
    wall = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if program.returncode not in fine:
        raise RuntimeError(f"{command[0]} ended with {program.returncode}:\n{said[-3000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, gauge.peak / 1024, said)


def _surroundings() -> dict[str, str]:
    """The environment, as a person has it: modules are compiled once, not at every start."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class _Gauge(threading.Thread):
    """Watches how much memory a process and all that it starts hold."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.peak = 0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(_EVERY):
            self.peak = max(self.peak, sum(map(_held, _family(self._pid))))


def _family(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        for listing in _PROC.glob(f"{one}/task/*/children"):
            with contextlib.suppress(OSError):
                found += [int(child) for child in listing.read_text().split()]
    return found


def _held(pid: int) -> int:
    """KB of memory of one process, what it shares with others in proportion."""
    try:
        rows = (_PROC / f"{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(row.split()[1]) for row in rows if row.startswith("Pss:")), 0)
