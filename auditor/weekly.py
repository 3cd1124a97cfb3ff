"""The clock: which audit is due, and the daemon that runs it. Every week has one slot, and the store remembers it.

The library `schedule` only ticks here. Alone it forgets everything at a restart and loses whatever fell into a pause,
so what is due is decided by the slot table: a slot that was missed is caught up once, older ones are let go.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time as clock
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from types import FrameType
from typing import Final
from zoneinfo import ZoneInfo

import schedule

from auditor.config import Config
from auditor.errors import Stopped
from auditor.slots import newest_slot, next_slot
from auditor.store import Store
from auditor.store.rows import Slot, SlotState

JOB: Final = "audit"
TICK: Final = 20
"""Seconds between two looks at the slot table."""
JUMP: Final = 5.0
"""Seconds by which the wall clock may drift from the steady one before it counts as set by somebody."""
GRACE: Final = 30.0
"""Seconds that a running audit gets to stop by itself."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When the weekly audit is due, in the district's own time. `weekday` counts from Monday, 0."""

    zone: ZoneInfo
    weekday: int = 0
    at: time = time(6)

    @classmethod
    def of(cls, config: Config) -> "Rhythm":
        """The district's own."""
        return cls(ZoneInfo(config.district.timezone), config.schedule.weekday, config.schedule.at)

    def next(self, now: datetime) -> datetime:
        """The next slot, in the district's own time."""
        return next_slot(now, self.weekday, self.at, self.zone).astimezone(self.zone)


def offer(store: Store, rhythm: Rhythm, now: datetime) -> bool:
    """Puts the newest slot into the table; whether a run is due now."""
    store.slots.offer(JOB, newest_slot(now, rhythm.weekday, rhythm.at, rhythm.zone))
    return any(slot.state is SlotState.DUE and slot.slot_utc <= now for slot in store.slots.all(JOB, limit=10))


def claim(store: Store, rhythm: Rhythm, now: datetime) -> Slot | None:
    """Takes the due run, if there is one. Call it only while holding the district's lock."""
    store.slots.recover(now)
    offer(store, rhythm, now)
    return store.slots.claim(JOB, now, os.getpid())


@contextlib.contextmanager
def running(store: Store, slot: Slot) -> Iterator[None]:
    """Sees a claimed run to its end: done, due again because it was stopped, or failed and tried again."""
    try:
        yield
    except (Stopped, KeyboardInterrupt):
        store.slots.release(slot)
        raise
    except BaseException as fault:
        store.slots.fail(slot, datetime.now(UTC), type(fault).__name__)
        raise
    store.slots.finish(slot, datetime.now(UTC))


class Daemon:
    """Runs what is due, each audit in a process of its own, until it is told to stop."""

    def __init__(self, store: Store, rhythm: Rhythm, config: Path, tell: Callable[[str], None]) -> None:
        self._store, self._rhythm, self._config, self._tell = store, rhythm, config, tell
        self._stopped = False
        self._ticker = schedule.Scheduler()

    def run(self) -> None:
        """Ticks until SIGTERM or Ctrl-C; then a running audit is asked to stop, and `Stopped` is raised."""
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            self._tell(f"Waiting. The next audit is due on {self._rhythm.next(datetime.now(UTC)):%A %d %B, %H:%M %Z}.")
            self._arm()
            self.tick()
            steady = clock.monotonic() - clock.time()
            while not self._stopped:
                clock.sleep(0.5)
                if abs(clock.monotonic() - clock.time() - steady) > JUMP:
                    steady = clock.monotonic() - clock.time()
                    self._arm()
                self._ticker.run_pending()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        raise Stopped

    def tick(self) -> None:
        """One look at the table: runs what is due, says that we are alive."""
        now = datetime.now(UTC)
        self._store.slots.beat("schedule", now, os.getpid())
        if not self._stopped and offer(self._store, self._rhythm, now):
            self._tell("An audit is due and begins now.")
            status = self._audit()
            self._tell(f"The audit ended with status {status}.")

    def _arm(self) -> None:
        """Starts the ticker anew: its next tick counts from the clock as it is now."""
        self._ticker.clear()
        self._ticker.every(TICK).seconds.do(self.tick)

    def _audit(self) -> int:
        words = [sys.executable, "-m", "auditor", "audit", "--due", "--config", str(self._config)]
        with subprocess.Popen(words) as audit:  # noqa: S603  our own program and our own words
            while audit.poll() is None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    audit.wait(1)
                self._store.slots.beat("schedule", datetime.now(UTC), os.getpid())
                if self._stopped:
                    audit.terminate()
                    try:
                        audit.wait(GRACE)
                    except subprocess.TimeoutExpired:
                        audit.kill()
            return audit.returncode

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopped = True
