"""Shards done by processes on this machine, each of which is kept for one shard after the other."""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from auditor.engine.executor import Attention, attentive
from auditor.engine.ledger import Ended, Ledger
from auditor.engine.messages import Said, Setup
from auditor.engine.process import PROGRAM, Outcome, RunnerProcess
from auditor.engine.shard import Shard
from auditor.engine.watch import Limits
from auditor.errors import Mistake, Stopped

MOST_FALSE_STARTS: Final = 3
"""Runners in a row that may die before they are ready; then something is wrong with the machine."""
_LOOK: Final = 0.2

Done = tuple[Shard, Outcome]


class LocalExecutor:
    """So many runners side by side."""

    def __init__(
        self,
        workers: int,
        setup: Setup,
        limits: Limits,
        tell: Callable[[str], None],
        program: Sequence[str] = PROGRAM,
    ) -> None:
        self.workers = workers
        self._setup, self._limits, self._tell, self._program = setup, limits, tell, program
        self._idle: list[RunnerProcess] = []
        self._busy: set[RunnerProcess] = set()
        self._holding = threading.Lock()
        self._closed = False

    def run(self, shards: Iterable[Shard]) -> Iterator[Ended]:
        ledger = Ledger(shards)
        outcomes: queue.SimpleQueue[Done] = queue.SimpleQueue()
        with attentive() as attention:
            while not ledger.is_over:
                while ledger.running < self.workers and (shard := ledger.take()) is not None:
                    threading.Thread(target=self._do, args=(shard, outcomes), daemon=True).start()
                shard, outcome = self._wait(outcomes, attention)
                if ended := settle(ledger, shard, outcome, self._tell):
                    yield ended

    def close(self) -> None:
        """Ends all runners; those that are at work are asked to stop first."""
        with self._holding:
            self._closed = True
            busy, idle = tuple(self._busy), tuple(self._idle)
        for runner in busy:
            runner.stop()
        for runner in idle:
            runner.end()
        with self._holding:
            self._idle.clear()
        for runner in busy:
            runner.wait()

    def _wait(self, outcomes: "queue.SimpleQueue[Done]", attention: Attention) -> Done:
        while True:
            attention.check()
            try:
                return outcomes.get(timeout=_LOOK)
            except queue.Empty:
                continue

    def _do(self, shard: Shard, outcomes: "queue.SimpleQueue[Done]") -> None:
        """One shard, in a thread of its own, by a runner that is idle or a new one."""
        runner: RunnerProcess | None = None
        try:
            runner, outcome = self._ready()
            if runner is not None:
                outcome = runner.do(shard)
        finally:
            self._let_go(runner, still_good=runner is not None and outcome.said is Said.DONE)
        outcomes.put((shard, outcome))
