"""What an audit is cut into: pieces that one process does from beginning to end."""

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any


class Stage(StrEnum):
    """What is done, in this order; each begins when the one before it is over."""

    CRAWL = "crawl"
    PICTURES = "pictures"
    LINKS = "links"
    CONCLUDE = "conclude"


@dataclass(frozen=True, slots=True)
class Part:
    """What goes one after the other, because it asks one host: `key` names that host, or the domain or platform that
    it belongs to. `things` are accounts by id, or addresses of links or pictures."""

    key: str
    things: tuple[str, ...]


@dataclass(frozen=True)
class Shard:
    """A piece of an audit. It holds names and addresses, never a secret; `deaths` counts the processes it has cost."""

    audit: int
    stage: Stage
    parts: tuple[Part, ...]
    deaths: int = 0

    @cached_property
    def keys(self) -> frozenset[str]:
        """The hosts that it asks."""
        return frozenset(part.key for part in self.parts)

    @property
    def things(self) -> tuple[str, ...]:
        """Everything in it."""
        return tuple(thing for part in self.parts for thing in part.things)

    @property
    def longest(self) -> int:
        """How many things wait for one host at most: what it may take grows with that."""
        return max((len(part.things) for part in self.parts), default=0)

    def halves(self) -> tuple["Shard", ...]:
        """Two shards instead of this one, host by host where there are several; none where it cannot be cut.

        Both have cost one process: what is innocent in a shard is not held against it for ever.
        """
        if len(self.parts) > 1:
            middle = len(self.parts) // 2
            cuts: tuple[tuple[Part, ...], ...] = (self.parts[:middle], self.parts[middle:])
        elif self.longest > 1:
            (part,) = self.parts
            middle = len(part.things) // 2
            cuts = ((replace(part, things=part.things[:middle]),), (replace(part, things=part.things[middle:]),))
        else:
            return ()
        return tuple(replace(self, parts=cut, deaths=1) for cut in cuts)

    def told(self) -> str:
        """The shard as one line of JSON."""
        parts = [[part.key, *part.things] for part in self.parts]
        return json.dumps({"audit": self.audit, "stage": self.stage, "parts": parts, "deaths": self.deaths})

    @classmethod
    def of(cls, told: str) -> "Shard":
        """The shard that the line tells of."""
        row: dict[str, Any] = json.loads(told)
        parts = tuple(Part(key, tuple(things)) for key, *things in row["parts"])
        return cls(int(row["audit"]), Stage(row["stage"]), parts, int(row["deaths"]))
