"""A runner as whoever started it sees it: a process that is given shards, watched, and ended when it must be."""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import IO, Any, Final

from auditor.engine.messages import STOP, Answer, Said, Setup
from auditor.engine.shard import Shard
from auditor.engine.watch import Limits, Watch

PROGRAM: Final = (sys.executable, "-m", "auditor.engine")
START_SECONDS: Final = 300.0
"""A busy machine may take long to start a process and to read a large registry."""
STOP_SECONDS: Final = 5.0
"""How long a runner that was asked to stop may take to keep what it has."""
FALSE_STARTS: Final = 3
"""How many runners in a row may die before they are ready for anything."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a shard ended, or a runner's start. Without a word said the process is gone, and `words` tell by what."""

    said: Said | None
    words: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        """The words, as one."""
        return "; ".join(self.words) or "its process was asked to stop"


class RunnerProcess:
    """One process. It takes one shard at a time; any thread may ask it to stop.

    It may be started before it is known what it is to do: it then makes ready for any audit.
    """

    def __init__(
        self,
        limits: Limits,
        tell: Tell,
        program: Sequence[str] = PROGRAM,
        gone: Callable[[], str] = lambda: "",
    ) -> None:
        self._limits, self._tell = limits, tell
        self._sending = threading.Lock()
        self._process = subprocess.Popen(  # noqa: S603  our own program
            [*program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONUTF8": "1"},
            **_apart(),
        )
        self._watch = Watch(self._process.pid, limits, gone)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None

    def greet(self, setup: Setup) -> Outcome:
        """Tells it of the audit, and waits until it is ready for shards: READY, REFUSED, or it died."""
        return self._ask(setup.told(), START_SECONDS)

    def do(self, shard: Shard) -> Outcome:
        """Has a shard done: DONE, MISTAKE, STOPPED, BROKE, or it died."""
        return self._ask(shard.told(), self._limits.seconds(shard))

    def stop(self) -> None:
        """Asks it to stop early; it has a few seconds for that."""
        self._send(STOP)
        self._watch.allow(STOP_SECONDS)

    def leave(self) -> None:
        """Listens and talks to it no more: it ends by itself, while others do."""
        with contextlib.suppress(OSError):
            self._stdin.close()

    def end(self) -> None:
        """Ends it at once, with all that it started. May be said again."""
        self._watch.close()
        self._process.wait()
        for pipe in (self._stdin, self._stdout):
            with contextlib.suppress(OSError):
                pipe.close()

    @property
    def _stdin(self) -> IO[str]:
        assert self._process.stdin is not None  # noqa: S101  it was started with a pipe
        return self._process.stdin

    @property
    def _stdout(self) -> IO[str]:
        assert self._process.stdout is not None  # noqa: S101  it was started with a pipe
        return self._process.stdout

    def _ask(self, line: str, seconds: float) -> Outcome:
        self._watch.allow(seconds)
        self._send(line)
        for told in self._stdout:
            try:
                answer = Answer.of(told)
            except ValueError:  # it died in the middle of a line
                continue
            if answer.said is not Said.TOLD:
                self._watch.allow(0)
                return Outcome(answer.said, answer.words)
            self._tell(" ".join(answer.words))
        return Outcome(None, (self._how_it_died(),))

    def _send(self, line: str) -> None:
        with self._sending, contextlib.suppress(OSError, ValueError):  # where it is dead, its answer tells
            self._stdin.write(f"{line}\n")
            self._stdin.flush()

    def _how_it_died(self) -> str:
        status = self._process.wait()
        if self._watch.why:
            return self._watch.why
        return f"its process was ended by signal {-status}" if status < 0 else f"its process ended with status {status}"


def _apart() -> dict[str, Any]:
    """In a group of its own: Ctrl-C in a terminal asks us alone, and we ask it."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"process_group": 0}


class Pool:
    """The runners of one audit on one machine. What is idle is kept for the next shard. Safe for several threads.

    `early` are runners that were started before there was anything to do: they are the first to be given some.
    """

    def __init__(
        self,
        setup: Setup,
        limits: Limits,
        tell: Tell,
        program: Sequence[str] = PROGRAM,
        gone: Callable[[], str] = lambda: "",
        early: Iterable[RunnerProcess] = (),
    ) -> None:
        self._setup = setup
        self._start = partial(RunnerProcess, limits, tell, program, gone)
        self._early = list(early)
        self._idle: list[RunnerProcess] = []
        self._busy: set[RunnerProcess] = set()
        self._changed = threading.Condition()
        self._closed = False

    def greet(self) -> Outcome:
        """Has a runner ready: READY, or REFUSED and why."""
        runner, outcome = self._borrow()
        if runner is not None:
            self._give_back(runner)
        return outcome

    def do(self, shard: Shard) -> Outcome:
        """Has a shard done, by an idle runner or a new one: what `RunnerProcess.do` says, or REFUSED."""
        runner, outcome = self._borrow()
        if runner is None:
            return outcome
        try:
            outcome = runner.do(shard)
        finally:
            if outcome.said is Said.DONE:
                self._give_back(runner)
            else:
                self._drop(runner)
        return outcome

    def close(self) -> None:
        """Ends all runners; those at work are asked first, and waited for a few seconds."""
        with self._changed:
            self._closed = True
            idle, self._idle, self._early = [*self._idle, *self._early], [], []
            for runner in self._busy:
                runner.stop()
        for runner in idle:
            runner.leave()
        for runner in idle:
            runner.end()
        with self._changed:
            self._changed.wait_for(lambda: not self._busy, timeout=2 * STOP_SECONDS)
            left = tuple(self._busy)
        for runner in left:
            runner.end()

    def _borrow(self) -> tuple[RunnerProcess | None, Outcome]:
        """A runner that is ready; or none, and why."""
        why = ""
        for _ in range(FALSE_STARTS):
            with self._changed:
                if self._closed:
                    return None, Outcome(Said.STOPPED)
                while self._idle:
                    runner = self._idle.pop()
                    if runner.runs:
                        self._busy.add(runner)
                        return runner, Outcome(Said.READY)
                    runner.end()
                runner = self._early.pop(0) if self._early else self._start()
                self._busy.add(runner)
            outcome = runner.greet(self._setup)
            if outcome.said is Said.READY:
                return runner, outcome
            self._drop(runner)
            if outcome.said in (Said.REFUSED, Said.STOPPED):
                return None, outcome
            why = outcome.why
        return None, Outcome(Said.REFUSED, (f"the audit's processes do not start: {why}",))

    def _give_back(self, runner: RunnerProcess) -> None:
        with self._changed:
            if not self._closed:
                self._busy.discard(runner)
                self._idle.append(runner)
                return
        self._drop(runner)

    def _drop(self, runner: RunnerProcess) -> None:
        runner.end()
        with self._changed:
            self._busy.discard(runner)
            self._changed.notify_all()
