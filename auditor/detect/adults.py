"""What speaks against a student where a full name is found: a title, an office, a book, a memorial, a famous name."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

from auditor.lazy_pattern import LazyPattern
from auditor.roster.names import parts, words

_BEFORE: Final = 60
_BEHIND: Final = 90
_LONGEST_LIST: Final = 400
_STOP: Final = re.compile(r"(?<![A-Z])(?<!\b[DM]r)(?<!\bMrs)(?<!\bMs)[.!?]\s|[|•·;]")
_ASIDE: Final = re.compile(r"\([^()]*\)")
_TIES: Final = frozenset({"and", "or", "of", "de", "del", "la", "van", "von", "y", "e", "with"})
_SPANISH: Final = re.compile(
    r"\b(?:el|la|los|las|del?|en|con|para|por|su|que|una?|y|al|nuestra|esta|mejor|fue|es|gan[oó]|obtuvo|felicidades|grado|escuela)\b"
)
_OTHER: Final = (
    "with|and|her|his|their|my|who|whose|from|by|to|in|at|con|su|y|future|aspiring|young|daughter|son|hij[oa]"
)
"""Words that begin another statement: "Jane Doe, with her teacher" is no teacher."""
_NAMED_NEXT: Final = re.compile(
    r"s?(?: | ?[:–—-]+ ?)(?!(?:Elementary|Middle|High|School|District|Emeritus)\b)([A-Z][a-z'’-]+)(?! [A-Z])"
)

_BOOK: Final = re.compile(
    r",? Age \d{1,2},? ?\((?:by )?(?!(?:Grade|Room|Class|Age)\b)"
    r"[A-Z][\w.'’-]*(?: (?!Elementary|School|Middle|High|Academy)[A-Z][\w.'’-]*){1,3}\)"
)
"""How a list of books goes on behind one that is called like who it is about: ", Age 8 (Jane Doe)"."""


def adult(text: str, start: int, end: int) -> bool:
    """Whether the person named from `start` to `end` is hardly a student of today, by the words beside the name.

    In English and Spanish: "Coach Jane Doe", "Jane Doe, principal", "a novel by Jane Doe", "in memory of Jane Doe",
    "Jane Doe, class of 1987", and whoever is well known. "Jane Doe, sophomore", "poem by Jane Doe" and "class senator
    Jane Doe" are not.
    """
    if is_well_known(text[start:end]):
        return True
    before, behind = _beside(text, start, end)
    cues = _cues()
    if _is_in_office(text, start, end) or cues.namesakes.match(behind):
        return True
    if cues.thanked.search(before) and cues.given.match(behind):
        return True
    spoken_of = cues.before.search(before) or cues.surely.search(before) or cues.in_bodies.search(before)
    if _BOOK.match(text, end):
        return True
    return spoken_of is not None and not cues.student.match(behind)


def may_be_adult(text: str, start: int, end: int) -> bool:
    """Whether words beside a name are an adult's: somebody may be called as a student is. "Jane Doe, PTA president"."""
    before, behind = _beside(text, start, end)
    cues = _cues()
    if cues.student.match(behind):
        return False
    if cues.surely.search(before) or cues.in_bodies.search(before):
        return True
    return _is_in_office(text, start, end)


def may_be_officer(text: str, start: int, end: int) -> bool:
    """Whether an office stands beside a name that parents hold and students too, and nothing near says which of them:
    "Treasurer: Jane Doe". "Class treasurer Jane Doe" is a student.
    """
    before, behind = _beside(text, start, end)
    cues = _cues()
    held = cues.officer_behind.match(behind)
    if held is None and not cues.officer_before.search(before):
        return False
    around = text[max(0, start - _BEFORE) : start].lower() + (behind if held else "")
    return cues.officers_of_students.search(around) is None


def is_students_office(text: str, start: int) -> bool:
    """Whether the title before a name is one that students hold: "class representative", "student senator"."""
    before, _ = _beside(text, start, start)
    title = _cues().title.search(before)
    return title is not None and _cues().of_students.search(before, 0, title.start()) is not None


def _beside(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind a name in its line, in small letters."""
    begin = text.rfind("\n", max(0, start - _BEFORE), start) + 1
    close = text.find("\n", end, end + _BEHIND)
    before = text[max(begin, start - _BEFORE) : start].lower()
    return before, text[end : close if close >= 0 else end + _BEHIND].lower()


def _is_in_office(text: str, start: int, end: int) -> bool:
    """Whether a title, an office or the like stands beside a name, or the name in a list of adults."""
    before, behind = _beside(text, start, end)
    cues = _cues()
    title = cues.title.search(before)
    if title and not cues.of_students.search(before, 0, title.start()) and not _is_spanish(title, behind):
        return True
    if cues.behind.match(behind) or _holds_office(text, end, behind):
        return True
    return _is_listed_with_adults(text, start)


def _is_spanish(title: re.Match[str], behind: str) -> bool:
    """Whether a title is the Spanish word for a girl at school, and no English word for a woman who was at one."""
    around = title.string[: title.start()] + behind
    return title.group().strip() == "alumna" and _SPANISH.search(around) is not None


def _holds_office(text: str, end: int, behind: str) -> bool:
    """Whether an office stands behind a name, and is not the title of whoever is named next: "Jane Doe, Coach Roe"."""
    cues = _cues()
    office = cues.office.match(behind)
    if office is None:
        return False
    named = _NAMED_NEXT.match(text, end + office.end())
    # "Jane Doe, Volunteer Coordinator" is one office.
    return named is None or cues.an_office.match(named.group(1).lower()) is not None


def _is_listed_with_adults(text: str, start: int) -> bool:
    """Whether the name stands in a list whose heading says that these are adults: "PTA officers: Jane Doe, Ann Roe"."""
    first = max(0, start - _LONGEST_LIST)
    begin = max(first, text.rfind("\n", first, start) + 1)
    *headings, listed = text[begin:start].split(":")
    if not headings or _STOP.search(listed) or not all(map(_is_of_a_list, _ASIDE.sub(" ", listed).split())):
        return False
    heading = _STOP.split(headings[-1])[-1].lower()
    cues = _cues()
    return cues.heading.search(heading) is not None and not cues.heading_of_students.search(heading)


def _is_of_a_list(word: str) -> bool:
    """Whether a word may stand in a list of names: one with a capital, a sign, or what ties names together."""
    return not word[0].islower() or word in _TIES


def is_about_adults(title: str) -> bool:
    """Whether a title says that the whole page is about grown-ups: "PTSA officers", "School board", "Our staff"."""
    return _cues().bodies.search(title) is not None


def is_well_known(name: str) -> bool:
    """Whether somebody whom schools write about has this name, with or without what stands in its middle."""
    found = parts(name)
    return len(found) > 1 and not {"".join(found), found[0] + found[-1]}.isdisjoint(_well_known())


class _Cues:
    """What the words beside a name say."""

    def __init__(self) -> None:
        # A "student director" is no director either.
        students = rf"(?:student|peer|class|team|club) {_any_of('of_students_too')}"
        passing = rf"(?:(?!(?:{_OTHER})\b|{students})[\w&./'’-]+ ){{0,4}}?"
        self.title = LazyPattern(rf"(?<![\w'’-]){_any_of('title')}(?:(?<!\w{{5}})\.)?[ \t]+(?:[a-z]\. ?)?$")
        self.of_students = LazyPattern(rf"(?<!\w){_any_of('of_students')}(?:['’]?s['’]?)? +$")
        self.before = LazyPattern(rf"(?<!\w){_any_of('before')}\s*[\"“'‘]?$")
        self.in_bodies = LazyPattern(rf"(?<!\w){_any_of('in_bodies')}\s*[\"“'‘]?$")
        self.behind = LazyPattern(_any_of("behind"))
        self.namesakes = LazyPattern(_any_of("namesakes"))
        self.surely = LazyPattern(rf"(?<![\w'’-]){_any_of('surely')}\s*$")
        self.office = LazyPattern(rf"(?: ?[,(\t|–—-]+ *|,? (?:is|was|es|era) ){passing}{_any_of('office')}(?!\w|['’]s)")
        self.an_office = LazyPattern(rf"{_any_of('office')}s?$")
        self.officer_before = LazyPattern(
            rf"(?<![\w'’-]){_any_of('officer')}(?: ?[:–—-]+)?\s+$|(?<![\w'’-]){_any_of('presides')} ?[:–—-]+\s*$"
        )
        self.officer_behind = LazyPattern(
            rf"(?: ?[,(\t|:–—-]+ *)(?:the |our |la |el )?(?:{_any_of('officer')}|{_any_of('presides')})(?!\w|['’]s)"
        )
        self.officers_of_students = LazyPattern(rf"(?<!\w){_any_of('officers_of_students')}(?!\w)")
        self.thanked = LazyPattern(rf"(?<!\w){_any_of('thanked')} $")
        self.given = LazyPattern(_any_of("given"))
        self.student = LazyPattern(rf"[ ,(\t–—-]*(?:is |was |an? |our |the |un |una )*{_any_of('student')}")
        self.heading = LazyPattern(rf"(?<![\w-]){_any_of('heading')}(?![\w'’])")
        self.heading_of_students = LazyPattern(rf"(?<!\w){_any_of('heading_of_students')}(?!\w)")
        self.bodies = LazyPattern(rf"(?<!\w){_any_of('bodies')}(?!\w)", re.IGNORECASE)


def _any_of(name: str) -> str:
    return f"(?:{'|'.join(_lists()[name])})"


@cache
def _cues() -> _Cues:
    return _Cues()


@cache
def _well_known() -> frozenset[str]:
    return words().well_known | frozenset("".join(parts(name)) for name in _lists()["well_known"])


@cache
def _lists() -> dict[str, list[str]]:
    return tomllib.loads(files("auditor.detect").joinpath("adults.toml").read_text("utf-8"))
