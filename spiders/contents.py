"""What a file holds, before it becomes a document; and why one cannot be read."""

from dataclasses import dataclass, field

from auditor.model import Blind, Reason


@dataclass(frozen=True, slots=True)
class Contents:
    """Text, tables (rows in lines, cells set apart by tabs) and links of a file; `blind` says what was not read."""

    title: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    tables: list[str] = field(default_factory=list, repr=False)
    links: list[str] = field(default_factory=list)
    blind: Blind | None = None


class Unreadable(Exception):
    """A file of which nothing can be read; `blind` says why."""

    def __init__(self, why: str, *, remedy: str = "", reason: Reason = Reason.NOT_IN_ROUTE) -> None:
        super().__init__(why)
        self.blind = Blind(why, reason, remedy)
