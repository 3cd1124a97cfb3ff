"""What a search for names asks the roster, and what it answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple


class Role:
    """What the gate knows of a word, as bits: it stands in first names, in family names, or is a whole name.

    LATER tells that it stands behind another word of the same name, like "Cruz" in "de la Cruz". NICKNAME, which the
    gate does not keep, tells of a word with a capital that whoever has some first name may go by it. Plain numbers: an
    enum's arithmetic would cost more than the rest of the search.
    """

    GIVEN: Final = 1
    FAMILY: Final = 2
    SINGLE: Final = 4
    LATER: Final = 8
    NICKNAME: Final = 16


class Bearing(Enum):
    """How somebody bears a name: whole, in part ("Cruz" for "de la Cruz"), or with a middle name for the first one."""

    WHOLE = ""
    PART = "part"
    MIDDLE = "middle name"


@dataclass(frozen=True, slots=True)
class Index:
    """How names are looked up; empty where unknown.

    `name` takes a first and a family name and tells with the entries how they bear it. `respelled` gives the surnames
    that a word may be with one letter wrong.
    """

    name: Callable[[str, str], tuple[Sequence[int], Bearing]]
    single: Callable[[str], Sequence[int]]
    handle: Callable[[str], Sequence[int]]
    gate: Callable[[str], int]
    respelled: Callable[[str], Sequence[str]]


class Hit(NamedTuple):
    """A name in a text, from `start` to `end`, and the roster's entries that it fits.

    `form` is "full", "joined" (written without spaces: a slug, a hashtag, a file name), "handle" (one on record),
    "single" (a one-word name) or "first". `loose` tells that it may well be somebody else: a part of a double surname,
    an unknown word in the middle, a list of first names. `phrase` tells that nothing but its being words of every day
    makes it so; `everyday` that it is such words, or names of places, however it stands there; `place` that it ends as
    the names of places do; `guess` that it is somebody's only if they go by a "nickname" or a "middle name", or if
    there is a "typo" in it.
    """

    start: int
    end: int
    form: str
    entries: tuple[int, ...]
    capitalised: bool
    loose: bool
    phrase: bool = False
    everyday: bool = False
    place: bool = False
    guess: str = ""
