"""Shards done by processes on this machine, each of which is kept for one shard after the other."""

import contextlib
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from auditor.config_engine import Engine
from auditor.engine.executor import settled
from auditor.engine.ledger import Ended, Ledger
from auditor.engine.messages import Setup
from auditor.engine.plan import by_host, processes
from auditor.engine.process import PROGRAM, Outcome, Pool, RunnerProcess
from auditor.engine.shard import Shard
from auditor.engine.watch import Limits
from auditor.errors import Stopped
from auditor.model import Account
from spiders.reactor import asked_to_stop

LOOK: Final = 0.2
"""Seconds after which we look whether somebody asked us to stop."""


@contextlib.contextmanager
def started_early(
    engine: Engine, accounts: Iterable[Account], tell: Callable[[str], None], program: Sequence[str] = PROGRAM
) -> Iterator[tuple[RunnerProcess, ...]]:
    """As many runners as an audit of those accounts will want here, started while it makes ready itself: each takes a
    second of a core. Whatever they do then is over with the block."""
    several = 0 if engine.dask else processes(engine, len(by_host(accounts)))
    with contextlib.ExitStack() as over:
        runners: list[RunnerProcess] = []
        for _ in range(several):
            runners.append(RunnerProcess(Limits(engine.memory, engine.minutes), tell, program))
            over.callback(runners[-1].end)
        yield tuple(runners)


class LocalExecutor:
    """So many runners side by side; those that were started `early` begin."""

    def __init__(
        self,
        workers: int,
        setup: Setup,
        limits: Limits,
        tell: Callable[[str], None],
        program: Sequence[str] = PROGRAM,
        early: Iterable[RunnerProcess] = (),
    ) -> None:
        self.workers = workers
        self._tell = tell
        self._pool = Pool(setup, limits, tell, program, early=early)

    def run(self, shards: Iterable[Shard]) -> Iterator[Ended]:
        ledger = Ledger(shards)
        outcomes: queue.SimpleQueue[tuple[Shard, Outcome]] = queue.SimpleQueue()
        with asked_to_stop() as told:
            while not ledger.is_over:
                while ledger.running < self.workers and (shard := ledger.take()) is not None:
                    threading.Thread(target=self._do, args=(shard, outcomes), daemon=True).start()
                if told:
                    raise Stopped
                try:
                    shard, outcome = outcomes.get(timeout=LOOK)
                except queue.Empty:
                    continue
                if ended := settled(ledger, shard, outcome, self._tell):
                    yield ended

    def close(self) -> None:
        self._pool.close()

    def _do(self, shard: Shard, outcomes: "queue.SimpleQueue[tuple[Shard, Outcome]]") -> None:
        outcome = Outcome(None, ("no process could be started for it",))
        try:
            outcome = self._pool.do(shard)
        finally:
            outcomes.put((shard, outcome))
