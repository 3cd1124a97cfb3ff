"""What a source is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from auditor.footprint.exposure import Exposure
from auditor.footprint.person import Person
from auditor.footprint.shown import Name


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask. `path` is put behind the source's base; `what` names it on the page, masked.

    `value` is the identifier that is asked about: compared here, never shown.
    """

    path: str
    what: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer tells. Nothing exposed: `why` says so in a sentence."""

    exposures: tuple[Exposure, ...] = ()
    why: str = ""
    credit: str = ""


class NotUnderstood(Exception):
    """An answer of a form that nobody here knows: no answer at all."""


Read = Callable[[Question, bytes, Name], Told]


@dataclass(frozen=True, slots=True)
class Source:
    """A source. `nothing` are the statuses by which it says that there is nothing.

    `key` names the environment variable of the key that it wants, and `header` where that is sent; both "" where it is
    open to all.
    """

    id: str
    base: str
    questions: Callable[[Person], Iterator[Question]]
    read: Read
    nothing: Sequence[int] = (404,)
    none: str = "It has nothing under this."
    key: str = ""
    header: str = ""


MOST: Final = 20
"""Questions to one source in one scan."""
