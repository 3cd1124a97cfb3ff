"""Whose a detail is that a page tells: of the student in its row, in its sentence, on its card, or a few words away."""

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise

from auditor.check import CERTAIN, WORTH_ASKING
from auditor.lazy_pattern import LazyPattern
from auditor.model import Reading, Sighting, Sort
from auditor.vicinity import Stretch, adults, line, row, sentence

SURE_OF_A_DETAIL = 0.8
"""Its own words call it so, or the heading of its column."""
LAST_NAME = "last"
"""The form of a last name that stands alone: it is nobody's in particular."""
NEAR = 60
"""So many characters away a name still stands beside a detail."""
FAR = 200
"""In a sentence that does not end, what stands further away says nothing of a name."""
_A_CARD_LINE = 70
_LINES_OF_A_CARD = 8
_LONGEST_LIST = 2_000
_ONE_AFTER_ANOTHER = 8
"""So many characters may stand between the names of a list: ", and "."""

_ANYBODYS = frozenset({Sort.SSN, Sort.BIRTH_DATE, Sort.HEALTH})
"""What adults have as well; marks, student numbers and discipline are students'."""
_RELATIVE = LazyPattern(
    r"\b(?:mother|father|mom|mum|dad|parents?|guardian|grand\w+|aunt|uncle|brother|sister|sibling|cousin|famil(?:y|ies)"
    r"|madre|padre|mam[aá]|pap[aá]|padres|abuel[oa]|t[ií][oa]|herman[oa]|familia)\b",
    re.IGNORECASE,
)
_ANY_STUDENT = LazyPattern(
    r"^\W*(?:(?:all|every|any|each|no|our|most|some|todos los|todas las|los|las) )?(?:(?:\w+ )?(?:students?|pupils"
    r"|children|kids|graders?|seniors|juniors|sophomores|freshmen|athletes|players|families|estudiantes|alumn[oa]s)|anyone|everyone"
    r"|everybody|whoever|those)\b(?-i:[^A-ZÀ-ÖØ-Þ]){0,60}$",
    re.IGNORECASE,
)
"""How a sentence begins that speaks of anybody; no name stands in it so far."""
_GOOD_CAUSE = LazyPattern(
    r"\b(?:awareness|fund[- ]?rais\w+|fund drive|donat\w+|research|foundation|charity|(?:walk|run|race|ride) for"
    r"|walk-?a-?thon|a cure|raised? \$?\d|presented on|essay (?:on|about)|speech (?:on|about)|project (?:on|about)"
    r"|concientizaci[oó]n|recaud\w+|fundaci[oó]n|proyecto sobre)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person named in a text: with a sighting, or an adult by title alone."""

    start: int
    end: int
    sighting: Sighting | None = None

    @property
    def may_be_a_student(self) -> bool:
        """Whether the name is worth asking about: on the roster, or a stranger's beside words about students."""
        s = self.sighting
        if s is None:
            return False
        return (s.form == "first" and len(s.students) == 1) or s.confidence >= WORTH_ASKING

    @property
    def is_certain(self) -> bool:
        """Whether it is a student of ours for sure."""
        s = self.sighting
        return s is not None and s.sort is Sort.STUDENT and s.form != "first" and s.confidence >= CERTAIN


class People:
    """Everybody named in a document, by place, be it a student, a stranger or an adult by title."""

    def __init__(self, reading: Reading) -> None:
        self._texts = [passage.text for passage in reading.document.passages]
        self._sighted: defaultdict[int, list[Somebody]] = defaultdict(list)
        for s in reading.sightings:
            if s.sort in (Sort.STUDENT, Sort.PERSON) and s.form != LAST_NAME:
                self._sighted[s.passage].append(Somebody(s.start, s.end, s))
        self._known: dict[int, list[Somebody]] = {}

    def text(self, passage: int) -> str:
        """The text of a passage."""
        return self._texts[passage]

    def within(self, passage: int, around: Stretch) -> list[Somebody]:
        """Those in a stretch of a passage, in the order of the text."""
        named = self._of(passage)
        first = bisect_left(named, around.start, key=lambda p: p.start)
        last = bisect_left(named, around.end, key=lambda p: p.start)
        return [p for p in named[first:last] if p.end <= around.end]

    def _of(self, passage: int) -> list[Somebody]:
        if passage not in self._known:
            sighted = _without_echoes(self._sighted[passage])
            text = self._texts[passage]
            starts = [p.start for p in sighted]
            known = list(sighted)
            for adult in adults(text, Stretch(0, len(text))):
                at = bisect_left(starts, adult.end)
                if at == 0 or sighted[at - 1].end <= adult.start:
                    known.append(Somebody(adult.start, adult.end))
            self._known[passage] = sorted(known, key=lambda p: p.start)
        return self._known[passage]


def _without_echoes(named: list[Somebody]) -> list[Somebody]:
    """One for each place: a student of the roster before a stranger, the longer name before the shorter."""

    def worth(p: Somebody) -> tuple[bool, int]:
        return p.sighting is not None and p.sighting.sort is Sort.STUDENT, p.end - p.start

    kept: list[Somebody] = []
    for p in sorted(named, key=lambda p: (p.start, -p.end)):
        if kept and p.start < kept[-1].end:
            kept[-1] = max(kept[-1], p, key=worth)
        else:
            kept.append(p)
    return kept


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose a detail is; no `students` where it is an adult's. `certain` as far as the place tells."""

    students: tuple[Somebody, ...] = ()
    certain: bool = False


_NOBODYS_HERE = Whose()


def whose(detail: Sighting, people: People) -> Whose | None:
    """Whose a detail is; None where nobody stands near enough."""
    text = people.text(detail.passage)
    cells = row(text, detail.start, detail.end)
    found = _in_row(detail, cells, people) if cells else None
    found = found or _in_sentence(detail, text, people) or _on_card(detail, text, people) or _near(detail, text, people)
    if found is not None and cells is None and detail.sort not in (Sort.SSN, Sort.BIRTH_DATE):
        return _of_whom_else(found, detail, text)
    return found


def _in_row(detail: Sighting, cells: Stretch, people: People) -> Whose | None:
    """A row about a student holds the student's own data; the student named last before the detail, else the first."""
    named = people.within(detail.passage, cells)
    students = [p for p in named if p.may_be_a_student]
    if not students:
        return _NOBODYS_HERE if named else None
    who = next((p for p in reversed(students) if p.end <= detail.start), students[0])
    between = Stretch(min(who.end, detail.end), max(who.start, detail.start))
    others = [p for p in people.within(detail.passage, between) if p is not who]
    return Whose((who,), certain=not (others and detail.sort in _ANYBODYS))


def _in_sentence(detail: Sighting, text: str, people: People) -> Whose | None:
    around = sentence(text, detail.start, detail.end)
    around = Stretch(max(around.start, detail.start - FAR), min(around.end, detail.end + FAR))
    named = people.within(detail.passage, around)
    if not named:
        return None
    nearest = min(named, key=lambda p: (gap(p, detail), p.start > detail.start))
    if not nearest.may_be_a_student:
        return _NOBODYS_HERE
    if detail.sort is Sort.HEALTH and _GOOD_CAUSE.search(around.of(text)):
        return _NOBODYS_HERE
    between = text[min(nearest.end, detail.end) : max(nearest.start, detail.start)]
    relative = detail.sort in _ANYBODYS and _RELATIVE.search(between) is not None
    return Whose(tuple(_list_around(nearest, named)), certain=not relative)


def gap(somebody: Somebody, detail: Sighting) -> int:
    """How many characters stand between a name and a detail."""
    return max(somebody.start - detail.end, detail.start - somebody.end, 0)


def _list_around(who: Somebody, named: list[Somebody]) -> list[Somebody]:
    """The students named one after another with this one: what is said of one is said of all."""
    runs: list[list[Somebody]] = [[named[0]]]
    for before, after in pairwise(named):
        if after.start - before.end > _ONE_AFTER_ANOTHER or not (before.may_be_a_student and after.may_be_a_student):
            runs.append([])
        runs[-1].append(after)
    return next(run for run in runs if who in run)


def _on_card(detail: Sighting, text: str, people: People) -> Whose | None:
    """The student at the head of the short lines that a detail is one of: name, number, birth date, a line each."""
    own = line(text, detail.start, detail.end)
    for _ in range(_LINES_OF_A_CARD):
        if own.end - own.start > _A_CARD_LINE or own.start == 0:
            return None
        own = line(text, own.start - 1, own.start - 1)
        named = people.within(detail.passage, own)
        if named:
            who = named[-1]
            heads = (who.end - who.start) * 2 >= own.end - own.start
            return Whose((who,), certain=True) if heads and who.may_be_a_student else None
    return None


def _of_whom_else(whose: Whose, detail: Sighting, text: str) -> Whose | None:
    """Whose it is in a sentence about "all students": nobody's who is named in the next one, perhaps those listed."""
    around = sentence(text, detail.start, detail.end)
    if _ANY_STUDENT.search(text[max(around.start, detail.start - FAR) : detail.start]) is None:
        return whose
    listed = any(around.start <= who.start < around.end for who in whose.students)
    return replace(whose, certain=False) if listed else None


def _near(detail: Sighting, text: str, people: People) -> Whose | None:
    """A student named in the sentence before or behind, and nobody nearer: worth asking.

    What is nothing but a line of its own, as "Counseling" in a menu, is said of nobody who stands in another.
    """
    own = line(text, detail.start, detail.end)
    if detail.confidence < SURE_OF_A_DETAIL and own.of(text).strip() == text[detail.start : detail.end]:
        return None
    named = people.within(detail.passage, Stretch(max(0, detail.start - NEAR), detail.end + NEAR))
    if not named:
        return None
    nearest = min(named, key=lambda p: (gap(p, detail), p.start > detail.start))
    if not nearest.may_be_a_student:
        return _NOBODYS_HERE
    if nearest.start < detail.end:
        return Whose((nearest,))
    # A heading is said of everybody in the list below it.
    below = people.within(detail.passage, Stretch(detail.end, detail.end + _LONGEST_LIST))
    return Whose(tuple(_list_around(nearest, below)))
