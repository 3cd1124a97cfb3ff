"""A runner as whoever started it sees it: a process that is given shards, watched, and ended when it must be."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final

from auditor.engine.messages import STOP, Answer, Said, Setup
from auditor.engine.shard import Shard
from auditor.engine.watch import Limits, Watch

PROGRAM: Final = (sys.executable, "-m", "auditor.engine.runner")
START_SECONDS: Final = 300.0
"""A busy machine may take long to start a process and read a large registry."""
STOP_SECONDS: Final = 5.0
"""How long a runner that was asked to stop may take to keep what it has."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a shard, or a runner's start, ended. `died`: the process is gone, and `words` say by what."""

    said: Said | None
    words: tuple[str, ...] = ()

    @property
    def died(self) -> bool:
        """Whether it brought the process down, by a fault that it told or without a word."""
        return self.said in (None, Said.BROKE)

    @property
    def why(self) -> str:
        """The words, as one."""
        return "; ".join(self.words)


class RunnerProcess:
    """One process. It takes one shard at a time; any thread may ask it to stop or end it."""

    def __init__(
        self,
        setup: Setup,
        limits: Limits,
        tell: Callable[[str], None],
        program: Sequence[str] = PROGRAM,
        gone: Callable[[], str] = lambda: "",
    ) -> None:
        self._limits, self._tell = limits, tell
        # A group of its own: Ctrl-C in a terminal asks us alone, and we ask it.
        apart: dict[str, Any] = (
            {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if sys.platform == "win32" else {"process_group": 0}
        )
        self._process = subprocess.Popen(  # noqa: S603  our own program
            [*program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            **apart,
        )
        self._watch = Watch(self._process.pid, limits, gone)
        self._setup = setup

    def greet(self) -> Outcome:
        """Waits until it is ready for shards: READY, REFUSED, or it died."""
        return self._ask(self._setup.told(), START_SECONDS)

    def do(self, shard: Shard) -> Outcome:
        """Has a shard done: DONE, MISTAKE, STOPPED, or it died."""
        return self._ask(shard.told(), self._limits.seconds(shard.longest))

    def stop(self) -> None:
        """Asks it to stop early; it has a few seconds for that."""
        self._send(STOP)
        self._watch.allow(STOP_SECONDS)

    def end(self) -> None:
        """Ends it at once, with all that it started."""
        with contextlib.suppress(OSError):
            self._stdin.close()
        self._watch.close()
        self._process.wait()
        self._stdout.close()

    @property
    def _stdin(self) -> IO[str]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _stdout(self) -> IO[str]:
        assert self._process.stdout is not None
        return self._process.stdout

    def _ask(self, line: str, seconds: float) -> Outcome:
        self._watch.allow(seconds)
        self._send(line)
        for told in self._stdout:
            try:
                answer = Answer.of(told)
            except ValueError:  # what died in the middle of a word
                continue
            if answer.said is Said.TOLD:
                for words in answer.words:
                    self._tell(words)
                continue
            self._watch.allow(0)
            return Outcome(answer.said, answer.words)
        return Outcome(None, (self._how_it_died(),))

    def _send(self, line: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # it is dead: whoever listens for its answer learns of it
            self._stdin.write(f"{line}\n")
            self._stdin.flush()

    def _how_it_died(self) -> str:
        status = self._process.wait()
        if self._watch.why:
            return self._watch.why
        return f"its process was ended by signal {-status}" if status < 0 else f"its process ended with status {status}"
