"""A student's private record can be read here: a birth date, a number, a mark, discipline or health.

## Why it matters
The law keeps these facts between school and family. A birth date and a number let a thief borrow in a child's name.

## How to fix
Take it down today. Tell the family and your records office what was shown, and for how long.

## What it cannot see
Records inside pictures. Facts told far away from the name. Facts told in words that we do not know.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from auditor.check import (
    A_WHOLE_LIST,
    A_WHOLE_TABLE,
    CERTAIN,
    NO_ROSTER,
    WORTH_ASKING,
    Answer,
    Breach,
    Seen,
    Unknown,
    check,
)
from auditor.masking import Quotes, shown
from auditor.model import Kind, Reading, Severity, Sighting, Sort
from auditor.vicinity import Stretch, adults, line, row, sentence

SURE_OF_A_DETAIL = 0.8
"""Its own words call it so, or the heading of its column."""
SORTS = {
    "ssn": Sort.SSN,
    "student-id": Sort.STUDENT_ID,
    "birth-date": Sort.BIRTH_DATE,
    "health": Sort.HEALTH,
    "discipline": Sort.DISCIPLINE,
    "grade": Sort.GRADE,
}
"""The words of the option `details`, the gravest first."""
IN_WORDS = {
    Sort.SSN: "social security number",
    Sort.STUDENT_ID: "student number",
    Sort.BIRTH_DATE: "birth date",
    Sort.HEALTH: "health detail",
    Sort.DISCIPLINE: "discipline detail",
    Sort.GRADE: "mark",
}
ON_RECORD = "on record"
"""The form of a number that nothing but the roster tells to be one."""
NO_HEADING = "no heading"
"""The form of a date beside a name in a table without headings: it is asked about where a student of that grade may be
born then."""
AGES = range(4, 9)
"""How much older than the number of a grade its students are."""
LAST_NAME = "last"
"""The form of a last name that stands alone: it is nobody's in particular."""
NEAR = 60
HIGH_SCHOOL = 9
"""From this grade on, a birth date is asked about; below, it is a breach."""
EVERYTHING_IS_PRIVATE = "A"
_FAR = 200
"""In a sentence that does not end, what stands further away says nothing of a name."""
_A_CARD_LINE = 70
_LINES_OF_A_CARD = 8
_ONE_AFTER_ANOTHER = 8
"""So many characters may stand between the names of a list: ", and "."""

_ANYBODYS = frozenset({Sort.SSN, Sort.BIRTH_DATE, Sort.HEALTH})
"""What adults have as well; marks, student numbers and discipline are students'."""
_RELATIVE = re.compile(
    r"\b(?:mother|father|mom|mum|dad|parents?|guardian|grand\w+|aunt|uncle|brother|sister|sibling|cousin|famil(?:y|ies)"
    r"|madre|padre|mam[aá]|pap[aá]|padres|abuel[oa]|t[ií][oa]|herman[oa]|familia)\b",
    re.IGNORECASE,
)
_ANY_STUDENT = re.compile(
    r"^\W*(?:(?:all|every|any|each|no|our|most|some|todos los|todas las|los|las) )?(?:(?:\w+ )?(?:students?|pupils"
    r"|children|kids|graders?|seniors|juniors|sophomores|freshmen|athletes|players|families|estudiantes|alumn[oa]s)|anyone|everyone"
    r"|everybody|whoever|those)\b(?-i:[^A-ZÀ-ÖØ-Þ]){0,60}$",
    re.IGNORECASE,
)
"""How a sentence begins that speaks of anybody; no name stands in it so far."""
_GOOD_CAUSE = re.compile(
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


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A detail, and the student whose it is; no `who` where a number alone stands for a student."""

    detail: Sighting
    who: Sighting | None
    certain: bool
    in_a_row: bool = False

    @property
    def identity(self) -> str:
        """Equal for everything that is told of one student."""
        students = self.who.students if self.who else self.detail.students
        if students:
            return " ".join(sorted(s.pseudonym for s in students))
        return self.who.token if self.who else self.detail.token

    @property
    def confidence(self) -> float:
        """As sure as the less sure of name and detail."""
        return min(self.detail.confidence, self.who.confidence) if self.who else self.detail.confidence


@check(reads=Reading, severity=Severity.CRITICAL)
def student_record(seen: Seen[Reading]) -> Iterator[Answer]:
    if "roster" not in seen.known:
        yield Unknown(NO_ROSTER)
    told = [SORTS[word] for word in seen.words("details") or SORTS if word in SORTS]
    details = [s for s in seen.subject.sightings if s.sort in told and _is_worth_asking(s)]
    if not details:
        return
    people = _People(seen.subject)
    found: defaultdict[str, list[Disclosed]] = defaultdict(list)
    for detail in details:
        for disclosed in _disclosed(seen, detail, people):
            found[disclosed.identity].append(disclosed)
    yield from _breaches(seen, list(found.values()))


def _is_worth_asking(detail: Sighting) -> bool:
    known = bool(detail.students) and detail.form != ON_RECORD
    return detail.confidence >= WORTH_ASKING or known or detail.form == NO_HEADING


# ------------------------------------------------------------------------------------------------ whose it is


class _People:
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


def _disclosed(seen: Seen[Reading], detail: Sighting, people: _People) -> Iterator[Disclosed]:
    sure = detail.confidence >= SURE_OF_A_DETAIL
    text = people.text(detail.passage)
    cells = row(text, detail.start, detail.end)
    if detail.students and detail.sort is Sort.STUDENT_ID:
        owner = _owner_beside(detail, cells, people)
        if detail.form != ON_RECORD:
            proven = sure or (owner is not None and owner.is_certain)
            yield Disclosed(detail, None, proven, in_a_row=cells is not None)
        elif owner is not None and owner.sighting is not None:
            certain = _concerns(seen, detail, owner.sighting)
            if certain is not None:
                yield Disclosed(detail, owner.sighting, certain and sure and owner.is_certain, cells is not None)
        return
    whose = _in_row(detail, cells, people) if cells else None
    whose = whose or _in_sentence(detail, text, people) or _on_card(detail, text, people) or _near(detail, text, people)
    if whose is not None and cells is None and detail.sort not in (Sort.SSN, Sort.BIRTH_DATE):
        whose = _of_whom_else(whose, detail, text)
    if whose is None:
        if detail.sort is Sort.SSN:
            nobody = seen.account.kind is not Kind.PERSONAL
            yield Disclosed(detail, None, detail.confidence >= CERTAIN and nobody, in_a_row=cells is not None)
        return
    for who in whose.students:
        if detail.form == NO_HEADING and not _may_be_born(seen, who, detail, text):
            continue
        if who.sighting is not None and (certain := _concerns(seen, detail, who.sighting)) is not None:
            told = sure or _is_owned(text, who, detail)
            certain = certain and told and whose.certain and who.is_certain
            yield Disclosed(detail, who.sighting, certain, in_a_row=cells is not None)
    if not whose.students and detail.sort is Sort.SSN:
        # An adult's: no less a matter for today, but not for this rule to be sure of.
        yield Disclosed(detail, None, certain=False, in_a_row=cells is not None)


def _owner_beside(detail: Sighting, cells: Stretch | None, people: _People) -> Somebody | None:
    """The student whose number it is, named in the same row, or else in the sentence or a few words away."""
    around = cells or sentence(people.text(detail.passage), detail.start, detail.end)
    if cells is None:
        first, last = max(around.start, detail.start - _FAR), min(around.end, detail.end + _FAR)
        around = Stretch(max(0, min(first, detail.start - NEAR)), max(last, detail.end + NEAR))
    owners = [
        replace(p, sighting=replace(p.sighting, students=whose))
        for p in people.within(detail.passage, around)
        if p.sighting is not None and (whose := tuple(s for s in p.sighting.students if s in detail.students))
    ]
    return min(owners, key=lambda p: _gap(p, detail), default=None)


def _is_owned(text: str, who: Somebody, detail: Sighting) -> bool:
    """Whether the text says whose it is: "Jane's diagnosis", "the expulsion of Jane Doe"."""
    before, behind = text[who.end : detail.start].replace("’", "'").strip(), text[detail.end : who.start]
    return detail.confidence >= WORTH_ASKING and (before == "'s" or behind.strip() in ("of", "de"))


def _concerns(seen: Seen[Reading], detail: Sighting, who: Sighting) -> bool | None:
    """Whether the policy forbids to tell this of this student, for sure or perhaps; None where it does not."""
    answers = [seen.concerns(student) for student in who.students if not student.left] if who.students else [True]
    if not answers or all(answer is False for answer in answers):
        return None
    older = detail.sort is Sort.BIRTH_DATE and all(
        s.grade is not None and s.grade >= HIGH_SCHOOL and EVERYTHING_IS_PRIVATE not in s.opted_out(seen.today)
        for s in who.students
    )
    return all(answers) and not older


def _may_be_born(seen: Seen[Reading], who: Somebody, detail: Sighting, text: str) -> bool:
    """Whether a student named here is of a grade whose students are born in the year of a date."""
    day = text[detail.start : detail.end]
    year = next((int(y) for y in re.findall(r"\d{4}", day)), 2000 + int(day[-2:]) if day[-2:].isdigit() else 0)
    bearers = who.sighting.students if who.sighting else ()
    return any(s.grade is not None and seen.today.year - year - s.grade in AGES for s in bearers)


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose a detail is; no `students` where it is an adult's. `certain` as far as the place tells."""

    students: tuple[Somebody, ...] = ()
    certain: bool = False


_NOBODYS_HERE = _Whose()


def _in_row(detail: Sighting, cells: Stretch, people: _People) -> _Whose | None:
    """A row about a student holds the student's own data; the student named last before the detail, else the first."""
    named = people.within(detail.passage, cells)
    students = [p for p in named if p.may_be_a_student]
    if not students:
        return _NOBODYS_HERE if named else None
    who = next((p for p in reversed(students) if p.end <= detail.start), students[0])
    between = Stretch(min(who.end, detail.end), max(who.start, detail.start))
    others = [p for p in people.within(detail.passage, between) if p is not who]
    return _Whose((who,), certain=not (others and detail.sort in _ANYBODYS))


def _in_sentence(detail: Sighting, text: str, people: _People) -> _Whose | None:
    around = sentence(text, detail.start, detail.end)
    around = Stretch(max(around.start, detail.start - _FAR), min(around.end, detail.end + _FAR))
    named = people.within(detail.passage, around)
    if not named:
        return None
    nearest = min(named, key=lambda p: (_gap(p, detail), p.start > detail.start))
    if not nearest.may_be_a_student:
        return _NOBODYS_HERE
    if detail.sort is Sort.HEALTH and _GOOD_CAUSE.search(around.of(text)):
        return _NOBODYS_HERE
    between = text[min(nearest.end, detail.end) : max(nearest.start, detail.start)]
    relative = detail.sort in _ANYBODYS and _RELATIVE.search(between) is not None
    return _Whose(tuple(_list_around(nearest, named)), certain=not relative)


def _gap(somebody: Somebody, detail: Sighting) -> int:
    return max(somebody.start - detail.end, detail.start - somebody.end, 0)


def _list_around(who: Somebody, named: list[Somebody]) -> list[Somebody]:
    """The students named one after another with this one: what is said of one is said of all."""
    runs: list[list[Somebody]] = [[named[0]]]
    for before, after in pairwise(named):
        if after.start - before.end > _ONE_AFTER_ANOTHER or not (before.may_be_a_student and after.may_be_a_student):
            runs.append([])
        runs[-1].append(after)
    return next(run for run in runs if who in run)


def _on_card(detail: Sighting, text: str, people: _People) -> _Whose | None:
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
            return _Whose((who,), certain=True) if heads and who.may_be_a_student else None
    return None


def _of_whom_else(whose: _Whose, detail: Sighting, text: str) -> _Whose | None:
    """Whose it is in a sentence about "all students": nobody's who is named in the next one, perhaps those listed."""
    around = sentence(text, detail.start, detail.end)
    if _ANY_STUDENT.search(text[max(around.start, detail.start - _FAR) : detail.start]) is None:
        return whose
    listed = any(around.start <= who.start < around.end for who in whose.students)
    return replace(whose, certain=False) if listed else None


def _near(detail: Sighting, text: str, people: _People) -> _Whose | None:
    """A student named in the sentence before or behind, and nobody nearer: worth asking.

    What is nothing but a line of its own, as "Counseling" in a menu, is said of nobody who stands in another.
    """
    own = line(text, detail.start, detail.end)
    if detail.confidence < SURE_OF_A_DETAIL and own.of(text).strip() == text[detail.start : detail.end]:
        return None
    named = people.within(detail.passage, Stretch(max(0, detail.start - NEAR), detail.end + NEAR))
    if not named:
        return None
    nearest = min(named, key=lambda p: (_gap(p, detail), p.start > detail.start))
    return _Whose((nearest,)) if nearest.may_be_a_student else _NOBODYS_HERE


# ------------------------------------------------------------------------------------------------ telling


def _breaches(seen: Seen[Reading], found: list[list[Disclosed]]) -> Iterator[Breach]:
    """A finding for each student; a table or a long list is one."""
    quotes = Quotes(seen.subject, seen.today)
    for certain in (True, False):
        alike = [told for told in found if any(d.certain for d in told) is certain]
        rows = [told for told in alike if any(d.in_a_row for d in told)]
        if len(rows) > A_WHOLE_TABLE or len(alike) > A_WHOLE_LIST:
            yield _list(seen, alike, quotes, certain=certain)
        else:
            yield from (_breach(seen, told, quotes) for told in alike)


def _breach(seen: Seen[Reading], told: list[Disclosed], quotes: Quotes) -> Breach:
    certain = any(d.certain for d in told)
    counted = [d for d in told if d.certain is certain]
    gravest = min(counted, key=lambda d: (_rank(d), d.detail.passage, d.detail.start))
    what = _in_words(counted)
    answer = seen.fail if certain else seen.review
    who = gravest.who
    if certain:
        advice = f"Take the {what} down today. Tell the family and your records office."
    elif gravest.detail.sort is Sort.SSN and who is None:
        advice = "Look whose number this is. Nobody's should be public: take it down today."
    else:
        advice = f"Look whether the {what} is this student's. If so, take it down today."
    return answer(
        shown(who, seen.today) if who else gravest.detail.masked,
        identity=gravest.identity,
        excerpt=quotes.of(gravest.detail),
        advice=advice,
        confidence=gravest.confidence if certain else min(gravest.confidence, 0.6),
    )


def _list(seen: Seen[Reading], found: list[list[Disclosed]], quotes: Quotes, *, certain: bool) -> Breach:
    every = [d for told in found for d in told]
    first = min((d.detail for d in every), key=lambda s: (s.passage, s.start))
    answer = seen.fail if certain else seen.review
    do = "Take the whole list down today." if certain else "Look whether these are our students. If so, take it down."
    return answer(
        f"{len(found)} students",
        identity="a list of students" if certain else "a list of names",
        excerpt=quotes.of(first),
        advice=f"{do} It shows a {_in_words(every)} of each. Keep such lists where only the right people can read.",
        confidence=min(d.confidence for d in every),
    )


def _in_words(found: Iterable[Disclosed]) -> str:
    """What is told, the gravest first: "birth date, health detail and mark"."""
    sorts = {d.detail.sort for d in found}
    words = [IN_WORDS[sort] for sort in SORTS.values() if sort in sorts]
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def _rank(disclosed: Disclosed) -> int:
    return list(SORTS.values()).index(disclosed.detail.sort)
