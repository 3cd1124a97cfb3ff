"""What a runner and whoever started it tell each other: one JSON object a line.

To the runner: its setup first, then shards, one at a time; `STOP` asks it to stop early and keep what was done. The end
of its input means that nobody listens any more. From the runner: `Answer`s.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

STOP: Final = '{"stop": true}'


class Said(StrEnum):
    """What a runner says. READY for shards; REFUSED: it cannot do this audit, and why; TOLD: words for a person; DONE
    with the shard; MISTAKE: something that a person can put right; BROKE: a fault of the program's own, its type and
    place; STOPPED early, as it was asked to."""

    READY = "ready"
    REFUSED = "refused"
    TOLD = "told"
    DONE = "done"
    MISTAKE = "mistake"
    BROKE = "broke"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of a runner's."""

    said: Said
    words: tuple[str, ...] = ()

    def told(self) -> str:
        """The line."""
        return json.dumps({"said": self.said, "words": self.words})

    @classmethod
    def of(cls, line: str) -> "Answer":
        """What the line says; raises `ValueError` for what is no line of a runner's."""
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError("no answer")
        return cls(Said(row.get("said", "")), tuple(map(str, row.get("words", ()))))


@dataclass(frozen=True, slots=True)
class Setup:
    """What a runner must know before its first shard. No secret: those stand in the files that `config` names, and in
    the data folder, on each machine.

    `networks` are all that may be visited beside the public ones. `basis` is the ground on which the audit judges: a
    runner that would judge on another refuses. `asked` tells that a person asked for the audit. `now` is the moment by
    which it concludes (ISO 8601), and `memory` what a runner may take, in MB.
    """

    config: str
    audit: int
    networks: tuple[str, ...] = ()
    basis: str = ""
    now: str = ""
    memory: int = 0
    asked: bool = True

    def told(self) -> str:
        """The setup as one line."""
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, line: str) -> "Setup":
        """The setup that the line tells of."""
        row: dict[str, Any] = json.loads(line)
        return cls(**{**row, "networks": tuple(row["networks"])})
