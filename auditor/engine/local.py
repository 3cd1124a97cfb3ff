"""Shards done by processes on this machine, each of which is kept for one shard after the other."""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from auditor.engine.executor import settled
from auditor.engine.ledger import Ended, Ledger
from auditor.engine.messages import Setup
from auditor.engine.process import PROGRAM, Outcome, Pool
from auditor.engine.shard import Shard
from auditor.engine.watch import Limits
from auditor.errors import Stopped
from spiders.reactor import asked_to_stop

LOOK: Final = 0.2
"""Seconds after which we look whether somebody asked us to stop."""


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
        self._tell = tell
        self._pool = Pool(setup, limits, tell, program)

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
