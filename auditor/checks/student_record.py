"""A student's private record can be read here: a birth date, a number, a mark, discipline or health.

## Why it matters
The law keeps these facts between school and family. A birth date and a number let a thief borrow in a child's name.

## How to fix
Take it down today. Tell the family and your records office what was shown, and for how long.

## What it cannot see
Records inside pictures. Facts told far away from the name. Facts told in words that we do not know.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

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
from auditor.vicinity import Stretch, in_a_table, row, sentence
from auditor.whose import FAR, NEAR, SURE_OF_A_DETAIL, People, Somebody, gap, whose

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
ONLY_A_DATE = frozenset({"no heading", "behind a name"})
"""The forms of a date beside a name that no word and no heading calls one of birth: it is asked about where a student
of that grade may be born then."""
AGES = range(4, 9)
"""How much older than the number of a grade its students are."""
HIGH_SCHOOL = 9
"""From this grade on, a birth date is asked about; below, it is a breach."""
EVERYTHING_IS_PRIVATE = "A"


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
    people = People(seen.subject)
    found: defaultdict[str, list[Disclosed]] = defaultdict(list)
    for detail in details:
        for disclosed in _disclosed(seen, detail, people):
            found[disclosed.identity].append(disclosed)
    yield from _breaches(seen, list(found.values()))


def _is_worth_asking(detail: Sighting) -> bool:
    known = bool(detail.students) and detail.form != ON_RECORD
    return detail.confidence >= WORTH_ASKING or known or detail.form in ONLY_A_DATE


# ------------------------------------------------------------------------------------------------ whose it is


def _disclosed(seen: Seen[Reading], detail: Sighting, people: People) -> Iterator[Disclosed]:
    sure = detail.confidence >= SURE_OF_A_DETAIL
    text = people.text(detail.passage)
    cells = row(text, detail.start, detail.end)
    if detail.students and detail.sort is Sort.STUDENT_ID:
        beside = _owner_beside(detail, cells, people)
        if detail.form != ON_RECORD:
            proven = sure or (beside is not None and beside.is_certain)
            yield Disclosed(detail, None, proven, in_a_row=cells is not None)
        elif beside is not None and beside.sighting is not None:
            certain = _concerns(seen, detail, beside.sighting)
            if certain is not None:
                yield Disclosed(detail, beside.sighting, certain and sure and beside.is_certain, cells is not None)
        return
    owner = whose(detail, people)
    if owner is None:
        if detail.sort is Sort.SSN:
            nobody = seen.account.kind is not Kind.PERSONAL
            yield Disclosed(detail, None, detail.confidence >= CERTAIN and nobody, in_a_row=cells is not None)
        return
    for who in owner.students:
        if detail.form in ONLY_A_DATE and not _may_be_born(seen, who, detail, text):
            continue
        if who.sighting is not None and (certain := _concerns(seen, detail, who.sighting)) is not None:
            told = sure or _is_owned(text, who, detail)
            certain = certain and told and owner.certain and who.is_certain
            yield Disclosed(detail, who.sighting, certain, in_a_row=cells is not None)
    if not owner.students and detail.sort is Sort.SSN:
        # An adult's: no less a matter for today, but not for this rule to be sure of.
        yield Disclosed(detail, None, certain=False, in_a_row=cells is not None)


def _owner_beside(detail: Sighting, cells: Stretch | None, people: People) -> Somebody | None:
    """The student whose number it is, named in the same row, or else in the sentence or a few words away."""
    around = cells or sentence(people.text(detail.passage), detail.start, detail.end)
    if cells is None:
        first, last = max(around.start, detail.start - FAR), min(around.end, detail.end + FAR)
        around = Stretch(max(0, min(first, detail.start - NEAR)), max(last, detail.end + NEAR))
    owners = [
        replace(p, sighting=replace(p.sighting, students=theirs))
        for p in people.within(detail.passage, around)
        if p.sighting is not None and (theirs := tuple(s for s in p.sighting.students if s in detail.students))
    ]
    return min(owners, key=lambda p: gap(p, detail), default=None)


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


# ------------------------------------------------------------------------------------------------ telling


def _breaches(seen: Seen[Reading], found: list[list[Disclosed]]) -> Iterator[Breach]:
    """A finding for each student; a table or a long list is one."""
    quotes = Quotes(seen.subject, seen.today)
    for certain in (True, False):
        alike = [told for told in found if any(d.certain for d in told) is certain]
        listed, others = in_a_table(seen.subject, ((told, _place(told)) for told in alike), A_WHOLE_TABLE)
        if len(alike) > A_WHOLE_LIST:
            listed, others = alike, []
        if listed:
            yield _list(seen, listed, quotes, certain=certain)
        yield from (_breach(seen, told, quotes) for told in others)


def _place(told: list[Disclosed]) -> Sighting:
    """Where something is told of a student: in a row, where some of it is told in one."""
    first = next((d for d in told if d.in_a_row), told[0])
    return first.detail if first.in_a_row or first.who is None else first.who


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
