"""Which shards are left, which are being done, and what becomes of those that brought a process down. Pure."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from auditor.engine.shard import Shard

MOST_DEATHS: Final = 3
"""Processes that one shard may bring down before it is left out."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A shard that nobody has to do any more. `why` is "" where it was done, else what it brought processes down by."""

    shard: Shard
    why: str = ""


class Ledger:
    """The shards of one stage. No two that ask one host are ever given out at the same time."""

    def __init__(self, shards: Iterable[Shard]) -> None:
        self._due = deque(shards)
        self._busy: set[str] = set()
        self.running = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing is left and nothing is being done."""
        return not self._due and not self.running

    def take(self) -> Shard | None:
        """The next shard that may begin; None where all that are left wait for a host that is being asked."""
        for _ in range(len(self._due)):
            shard = self._due.popleft()
            if self._busy.isdisjoint(shard.keys):
                self._busy |= shard.keys
                self.running += 1
                return shard
            self._due.append(shard)
        return None

    def done(self, shard: Shard) -> Ended:
        """The shard was done."""
        self._free(shard)
        return Ended(shard)

    def died(self, shard: Shard, why: str) -> Ended | None:
        """The shard's process died over it: it is tried again in halves, or, where it is down to one thing, as it is.

        None while it will be tried again; else it is left out.
        """
        self._free(shard)
        halves = shard.halves()
        if halves:
            self._due.extendleft(reversed(halves))
            return None
        if shard.deaths + 1 < MOST_DEATHS:
            self._due.appendleft(replace(shard, deaths=shard.deaths + 1))
            return None
        return Ended(shard, why)

    def _free(self, shard: Shard) -> None:
        self._busy -= shard.keys
        self.running -= 1
