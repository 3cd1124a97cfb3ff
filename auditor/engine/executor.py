"""Who has shards done: this process, others on this machine, or a cluster. The audit does not know which."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from auditor.engine.ledger import Ended, Ledger
from auditor.engine.messages import Said
from auditor.engine.process import Outcome
from auditor.engine.shard import Shard
from auditor.errors import Mistake


class Executor(Protocol):
    """Does shards. Close it when all stages are over."""

    @property
    def workers(self) -> int:
        """How many processes do shards side by side; 0 where this one does, for which nothing need be cut."""

    def run(self, shards: Iterable[Shard]) -> Iterator[Ended]:
        """Has all of them done, and tells of each as it ends, in any order.

        Raises `Stopped` on Ctrl-C and SIGTERM, and where the engine is lost; `Mistake` for what a person can put right.
        What was done by then is kept.
        """

    def close(self) -> None:
        """Ends what was started."""


class InProcess:
    """Does shards in this process, one after the other. There is nobody to try again what fails: it raises."""

    workers = 0

    def __init__(self, work: Callable[[Shard], None]) -> None:
        self._work = work

    def run(self, shards: Iterable[Shard]) -> Iterator[Ended]:
        for shard in shards:
            self._work(shard)
            yield Ended(shard)

    def close(self) -> None:
        """Nothing was started."""


def settled(ledger: Ledger, shard: Shard, outcome: Outcome, tell: Callable[[str], None]) -> Ended | None:
    """Writes down how a shard ended; None where it will be tried again. Raises what ends the whole audit."""
    if outcome.said is Said.DONE:
        return ledger.done(shard)
    if outcome.said in (Said.MISTAKE, Said.REFUSED):
        raise Mistake(*outcome.words)
    ended = ledger.died(shard, outcome.why)
    if ended is None:
        tell(f"A part of the audit did not end well and is tried again: {outcome.why}.")
    return ended
