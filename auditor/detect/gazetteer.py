"""What a capitalised word may be in a name: a first name, a family name, a word that is none."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path
from typing import Final

from auditor.errors import Mistake
from auditor.roster.names import plain, words

_MOST_REMEMBERED: Final = 30_000
_LONGEST: Final = 24
_LISTED_FIRST: Final = 0.8
"""Of the Americans who have a listed name, the share whose first name it is: from here on it is one."""

_SELDOM_FIRST: Final = 0.1


class Part:
    """What a word may be, as bits: a word may be several of these; 0 is a word that no list has.

    Plain numbers: the members of an enum take ten times as long to compare.
    """

    SURE: Final = 1  # a first name and little else
    UNSURE: Final = 2  # a first name, and a word or place or family name as well
    FAMILY: Final = 4  # a listed family name
    COMMON: Final = 8  # one of the commonest
    SPANISH: Final = 16  # one that goes in pairs
    FAMILY_WORD: Final = 32  # one that is a word as well
    WORD: Final = 64  # no part of any name
    PLACE: Final = 128
    BEHIND: Final = 256  # behind a name: a school, a street, a prize
    BEFORE: Final = 512  # in front of a name: the same
    INITIAL: Final = 1024
    SUFFIX: Final = 2048
    PARTICLE: Final = 4096
    SHOUTED: Final = 8192  # in capitals throughout
    KIND: Final = 16384  # between a name and what stands behind it: "Lincoln Middle School"
    TITLE: Final = 32768
    OF_PLACES: Final = 65536  # a first name that names of places begin with: "Isla Mujeres"
    ONLY_SPANISH: Final = 131072  # a first name, and a people: "German Shepherd"
    NICKNAME: Final = 262144  # in quotes or brackets
    SCHOOL: Final = 524288  # behind a name: a school, or its parents' association


FIRST: Final = Part.SURE | Part.UNSURE


class Gazetteer:
    """Knows about words. One for a process: `gazetteer()`."""

    def __init__(self) -> None:
        lists = tomllib.loads(files("auditor.detect").joinpath("persons.toml").read_text("utf-8"))
        self.things: Final = frozenset("".join(thing.split()) for thing in lists.pop("things").split(";"))
        """Makes, places and figures that look like a person's name, written as one word."""
        lists = {name: frozenset(text.split()) for name, text in lists.items()}
        self._americans = _americans()
        no_first = words().grammar | words().calendar | lists["words"] | lists["no_first"]
        self._not_sure, self._not_unsure = no_first | lists["unsure"], no_first | lists["given"]
        self._parts: dict[str, int] = {}
        self._add(lists["given"], Part.SURE)
        self._add(lists["unsure"], Part.UNSURE)
        self._add(lists["of_places"], Part.OF_PLACES)
        self._add(lists["only_spanish"], Part.ONLY_SPANISH)
        behind = words().institutions | lists["behind"]
        everyday = filter(self.is_family, words().everyday - behind)
        self._add(lists["family"], Part.COMMON | Part.FAMILY)
        self._add(lists["spanish"], Part.SPANISH | Part.FAMILY)
        self._add(lists["family_words"], Part.FAMILY_WORD | Part.FAMILY)
        self._add(everyday, Part.FAMILY_WORD)
        self._add(lists["words"] | words().grammar | words().calendar | words().titles, Part.WORD)
        self._add(words().titles, Part.TITLE)
        self._add(lists["places"], Part.PLACE)
        self._add(behind, Part.BEHIND)
        self._add(lists["schools"], Part.SCHOOL)
        self._add(lists["before"] | words().institutions_before, Part.BEFORE)
        self._add(lists["kinds"] | words().institution_kinds, Part.KIND)
        self._add(words().suffixes, Part.SUFFIX)
        self._add(words().particles, Part.PARTICLE)
        self._known: dict[str, int] = {}

    def part(self, word: str) -> int:
        """What a word, as it is written, may be: the bits of `Part`."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) > _MOST_REMEMBERED:
                self._known.clear()
            known = self._known[word] = self._look_up(without_possessive(word))
        return known

    def parts(self, written: list[str]) -> list[int]:
        """The same for each word of a run; particles in small letters are that and nothing else."""
        known = self._known
        try:
            return [known[word] for word in written]
        except KeyError:
            return [self.part(word) for word in written]

    def is_family(self, name: str) -> bool:
        """Whether a name in small plain letters is a listed family name."""
        share = self._americans.share(name)
        return share is not None and share < 1

    def _add(self, names: Iterable[str], part: int) -> None:
        for name in names:
            self._parts[name] = self._parts.get(name, 0) | part

    def _look_up(self, word: str) -> int:
        if not word:
            return 0
        if word[0].islower():
            return Part.PARTICLE
        if (len(word) < _INITIAL or word[1] == ".") and _INITIALS.match(word):
            return Part.INITIAL
        if not word[0].isalpha():
            return Part.NICKNAME
        word = word.removesuffix(".")
        if len(word) <= _LONGEST and word.isascii() and word.isalpha():
            if word[1:].islower():
                return self._of(word.lower())
            if word.isupper():
                return self._of(word.lower()) | Part.SHOUTED
        if len(word) > _LONGEST or not _WRITTEN.fullmatch(word):
            return Part.WORD
        bare = plain(word)
        shouted = Part.SHOUTED if len(bare) > 1 and bare.isupper() else 0
        if not shouted and _INNER_CAPITAL.search(_COMPOUND.sub("", bare)):
            return Part.WORD
        pieces = [piece for piece in bare.lower().replace("'", "").split("-") if piece]
        if not pieces:
            return Part.WORD
        found = self._of("".join(pieces)) if len(pieces) < 3 else 0
        if len(pieces) > 1:
            found = found or self._of_pieces([self._of(piece) for piece in pieces])
        # Accents make "Germán" a first name and nothing else.
        return (found | shouted) & ~Part.ONLY_SPANISH

    def _of(self, name: str) -> int:
        found = self._parts.get(name, 0) | self._listed(name)
        if not found and is_english(name):
            found = Part.WORD
        return found

    def _listed(self, name: str) -> int:
        """What the list of American names makes of it, where nothing speaks against that."""
        share = self._americans.share(name)
        if share is None:
            return 0
        found = Part.FAMILY if share < 1 else 0
        if share >= _LISTED_FIRST:
            return found if name in self._not_sure else found | Part.SURE
        return found | Part.UNSURE if share >= _SELDOM_FIRST and name not in self._not_unsure else found

    @staticmethod
    def _of_pieces(parts: list[int]) -> int:
        """A name with hyphens is what its pieces are: "Jean-Luc" a first name, "Smith-Jones" a family name."""
        if any(part & (Part.WORD | Part.BEHIND) and not part & (FIRST | Part.FAMILY_WORD) for part in parts):
            return Part.WORD
        found = parts[0] & FIRST
        if any(part & Part.FAMILY for part in parts):
            found |= Part.FAMILY
        return found


def without_possessive(word: str) -> str:
    """ "Doe's" -> "Doe", and without what else hangs on it."""
    if word[-1:] in _PLURAL:
        return word[:-2] if len(word) > 1 and word[-2] in _APOSTROPHES else word
    return word.rstrip(_HANGING)


_PLURAL: Final = ("s", "S")
_APOSTROPHES: Final = "'’"
_HANGING: Final = "_-" + _APOSTROPHES


@cache
def gazetteer() -> Gazetteer:
    """The lists, read when a name is first looked for."""
    return Gazetteer()


_INITIALS: Final = re.compile(r"[^\W\d_](?:\.-?[^\W\d_])*\.?$")
_WRITTEN: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_INNER_CAPITAL: Final = re.compile(r"[a-z][A-Z]")
_COMPOUND: Final = re.compile(
    r"(?:^|-)(?:Mc|Mac|De|Di|Da|Du|Del|Dela|Della|La|Le|Les|Lo|Van|Vander|Von|Fitz|O|D|L|St|Al|El|Ja|Ra|Sha|Ka|Ma|Ta"
    r"|Mary|Anna|Jo|Ann|Lee|Bo|Dr)'?(?=[A-Z])"
)
_INITIAL: Final = 3
"""A shorter word may be initials without a full stop behind the first."""
_ENGLISH: Final = """
ing ings tion tions sion sions ment ments ness ously fully ably ally less ship ships ism isms ist ists ology ities able
ible eer eers edly ied ces ful ways wide day days time line ware tech soft land town ville burg burgh shire istan
"""
_ENDINGS: Final[tuple[str, ...]] = tuple(_ENGLISH.split())
_WRITINGS: Final[tuple[str, ...]] = ("ography", "ographs", "ographi")
_PAST: Final = "ed"


def is_english(name: str) -> bool:
    """Whether a word in small plain letters that no list has ends as English words do, and hardly any name does."""
    if name.endswith(_ENDINGS):
        return True
    if name.endswith(_PAST) and len(name) > len(_PAST) and name[-1 - len(_PAST)] not in "aeiou":
        return True
    return any(writing in name for writing in _WRITINGS)


class _Americans:
    """The names of a table in Python, as it is written: a line each, in the order of the alphabet. Each is looked for
    where it stands; to take the table apart would take as long as to read twenty pages.
    """

    def __init__(self, table: str) -> None:
        self._table = table
        self._begins, self._names = list[int](), list[str]()
        at = table.find(_LINE)
        while at >= 0:
            begin = at + len(_LINE)
            self._begins.append(at)
            self._names.append(table[begin : table.index(_ENDS, begin)])
            at = table.find(_LINE, at + _STRETCH)
        self._begins.append(len(table))
        if not self._names or self._names != sorted(self._names):
            raise ValueError("no table of names in the order of the alphabet")

    def share(self, name: str) -> float | None:
        """Of those who have a name (in small plain letters), the share whose first name it is; None for one that is not
        listed."""
        listed = name.upper()
        after = self._stretches_up_to(listed)
        if not after or not name.isascii():
            return None
        entry = f"{_LINE}{listed}{_ENDS}"
        place = self._table.find(entry, self._begins[after - 1], self._begins[after])
        if place < 0:
            return None
        return float(self._table[place + len(entry) : self._table.index(",", place)])

    def _stretches_up_to(self, listed: str) -> int:
        """How many stretches begin with a name or one before it: as `bisect` counts, in a fraction of its time."""
        first, end = 0, len(self._names)
        while first < end:
            middle = (first + end) >> 1
            if listed < self._names[middle]:
                end = middle
            else:
                first = middle + 1
        return first


_LINE: Final = '\n    "'
_ENDS: Final = '": '
_STRETCH: Final = 1024
"""Characters of the table, some fifty names, of which the first one is known by heart."""


def _americans() -> _Americans:
    """The names that the `probablepeople` package lists.

    Its table is read as text: to import it would build a tagger and take ten times the memory.
    """
    try:
        table = distribution("probablepeople").locate_file("probablepeople/ratios.py")
        return _Americans(Path(str(table)).read_text("utf-8"))
    except (PackageNotFoundError, OSError) as problem:
        raise Mistake("Names cannot be looked for: install probablepeople (pip install probablepeople).") from problem
    except ValueError as problem:
        raise Mistake(f"{table}: holds no names that can be read. Install probablepeople 0.5.6.") from problem
