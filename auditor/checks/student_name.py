"""A student is named in a way that the policy does not allow here.

## Why it matters
A full name lets a stranger find a child. Together with a school, it says where the child is every day.

## How to fix
Use the first name only, or an alias. Where the policy asks for consent, take the name out until it is on file.

## What it cannot see
Students who are not on the roster. Names inside pictures and videos. A lone first name is at most
a question.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.check import Breach, Seen, check
from auditor.masking import Quotes, quote, shown
from auditor.model import Grades, Kind, Passage, Place, Reading, Severity, Sighting, Sort, Student
from auditor.vicinity import line, row

CERTAIN = 0.9
WORTH_ASKING = 0.6
A_WHOLE_LIST = 20
A_WHOLE_TABLE = 10
"""A page with more names than this, or a table with more rows, is a list of students: one finding."""


@dataclass(frozen=True, slots=True)
class Named:
    """A student named where the policy does not allow it; `certain` where nothing about it is in doubt."""

    sighting: Sighting
    certain: bool

    @property
    def identity(self) -> str:
        """Equal for every way of writing the same student's name."""
        students = self.sighting.students
        return " ".join(sorted(s.pseudonym for s in students)) if students else self.sighting.token


@check(reads=Reading, severity=Severity.SERIOUS, needs=frozenset({"roster"}))
def student_name(seen: Seen[Reading]) -> Iterator[Breach]:
    found: dict[str, Named] = {}
    for sighting in seen.subject.sightings:
        named = _named(seen, sighting)
        if named is not None and (named.identity not in found or named.certain > found[named.identity].certain):
            found[named.identity] = named
    certain = [n for n in found.values() if n.certain]
    quotes = Quotes(seen.subject, seen.today)
    in_rows = [n for n in certain if _stands_in_a_row(seen.subject, n.sighting)]
    if len(certain) > A_WHOLE_LIST or len(in_rows) > A_WHOLE_TABLE:
        yield _list(seen, certain)
    else:
        yield from (_breach(seen, n, quotes) for n in certain)
    yield from (_breach(seen, n, quotes) for n in found.values() if not n.certain)


def _named(seen: Seen[Reading], sighting: Sighting) -> Named | None:
    if sighting.sort is not Sort.STUDENT:
        return None
    if sighting.form == "first":
        if seen.word("allow") == "first-name" or not _is_meant(seen.subject, sighting):
            return None
    elif sighting.confidence < WORTH_ASKING:
        return None
    if seen.word("author") == "student" and not _signs(seen.subject, sighting):
        return None
    answers = [_forbids(seen, student) for student in sighting.students] or [None]
    if all(answer is False for answer in answers):
        return None
    return Named(sighting, certain=sighting.confidence >= CERTAIN and all(answer is True for answer in answers))


def _is_meant(reading: Reading, sighting: Sighting) -> bool:
    """Whether a lone first name is worth asking about: one student has it, a line about students, and a picture."""
    text = reading.document.passages[sighting.passage].text
    around = line(text, sighting.start, sighting.end).of(text)
    return len(sighting.students) == 1 and bool(reading.document.images) and _OF_STUDENTS.search(around) is not None


_OF_STUDENTS = re.compile(
    r"\b(?:students?|pupils?|grades?|(?:first|second|third|fourth|fifth|sixth|seventh|\d{1,2}th)[- ]graders?|class"
    r"|classmates?|alumn[oa]s?|estudiantes?|grado|clase)\b",
    re.IGNORECASE,
)


def _forbids(seen: Seen[Reading], student: Student) -> bool | None:
    """Whether the clause forbids to name this student here; None where the records do not say."""
    if student.left:
        return False
    if seen.word("consent") == "opt-in" and student.name_consent:
        return False
    band = seen.options.get("grades")
    if not isinstance(band, Grades):
        return True
    if student.grade is not None:
        return student.grade in band
    audience = seen.account.grades or (seen.school.grades if seen.school else None)
    if audience is None:
        return None
    if not band.overlaps(audience):
        return False
    return True if audience.lowest in band and audience.highest in band else None


def _signs(reading: Reading, sighting: Sighting) -> bool:
    """Whether the text is written by the student named: "By Jane Doe", or the name alone on a line at its end."""
    passage: Passage = reading.document.passages[sighting.passage]
    text = passage.text
    value = text[sighting.start : sighting.end].casefold()
    if reading.document.author and value in reading.document.author.casefold():
        return True
    around = line(text, sighting.start, sighting.end)
    before = text[around.start : sighting.start].casefold().rstrip(" :\t-–—")
    if before.endswith(_BYLINES):
        return True
    if _stands_in_a_row(reading, sighting) or _stands_in_a_list(reading, sighting):
        return False
    nothing_before = not before.strip(" -–—*•~")
    last_words = len(text[sighting.end :].split()) <= _MOST_AFTER_SIGNATURE
    return nothing_before and last_words and around.start > 0


_BYLINES = ("by", "author", "escrito por", "por", "autor", "autora", "written by", "posted by")
_MOST_AFTER_SIGNATURE = 8


def _stands_in_a_row(reading: Reading, sighting: Sighting) -> bool:
    passage = reading.document.passages[sighting.passage]
    return passage.place is Place.TABLE or row(passage.text, sighting.start, sighting.end) is not None


def _stands_in_a_list(reading: Reading, sighting: Sighting) -> bool:
    """Whether another student's name begins a line of the same passage: a roster, not a signature."""
    text = reading.document.passages[sighting.passage].text
    beside = (s for s in reading.sightings if s.sort is Sort.STUDENT and s.passage == sighting.passage)
    others = (s for s in beside if s.students != sighting.students)
    return any(not text[line(text, s.start, s.end).start : s.start].strip(" \t-–—*•~") for s in others)


def _breach(seen: Seen[Reading], named: Named, quotes: Quotes) -> Breach:
    sighting = named.sighting
    answer = seen.fail if named.certain else seen.review
    return answer(
        shown(sighting, seen.today),
        identity=named.identity,
        excerpt=quotes.of(sighting),
        advice=_advice(seen, certain=named.certain),
        confidence=sighting.confidence,
    )


def _list(seen: Seen[Reading], named: list[Named]) -> Breach:
    first = min((n.sighting for n in named), key=lambda s: (s.passage, s.start))
    return seen.fail(
        f"{len(named)} students",
        identity="a list of students",
        excerpt=quote(seen.subject, first, seen.today),
        advice="Take the list down. Put it where only families of the class can read it, or use first names.",
        confidence=min(n.sighting.confidence for n in named),
    )


def _advice(seen: Seen[Reading], *, certain: bool) -> str:
    if not certain:
        return "Look whether this is one of our students. If so, change the name as the policy asks."
    if seen.account.kind is Kind.PERSONAL:
        return "Ask the owner to take the student's name off this personal account."
    if seen.word("consent") == "opt-in":
        return "Take the name out until the family's written consent is on file."
    return "Use the first name only, or an alias."
