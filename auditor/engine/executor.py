"""Who has shards done: this process, others on this machine, or a cluster. The audit does not know which."""

import contextlib
import signal
from collections.abc import Callable, Iterable, Iterator
from types import FrameType
from typing import Final, Protocol

from auditor.engine.ledger import Ended, Ledger
from auditor.engine.messages import Said
from auditor.engine.process import Outcome
from auditor.engine.shard import Shard
from auditor.errors import Mistake, Stopped

STOPPED: Final = "stopped early: what was done is kept, and the next run goes on from there"


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


class Attention:
    """Whether a person or the system has asked to stop."""

    def __init__(self) -> None:
        self.told = False

    def check(self) -> None:
        """Raises `Stopped` where it was asked."""
        if self.told:
            raise Stopped(STOPPED)


@contextlib.contextmanager
def attentive() -> Iterator[Attention]:
    """While the block runs, Ctrl-C and SIGTERM only ask to stop. A second Ctrl-C does not wait."""
    attention = Attention()

    def tell(number: int, _frame: FrameType | None) -> None:
        if attention.told and number == signal.SIGINT:
            raise KeyboardInterrupt
        attention.told = True

    before = {}
    with contextlib.suppress(ValueError):  # not in the main thread: signals go to whoever runs there
        for name in (signal.SIGINT, signal.SIGTERM):
            before[name] = signal.signal(name, tell)
    try:
        yield attention
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


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
