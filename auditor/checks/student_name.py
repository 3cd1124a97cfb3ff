"""A student is named in a way that the policy does not allow here.

## Why it matters
A full name lets a stranger find a child. Together with a school, it says where the child is every day.

## How to fix
Use the first name only, or an alias. Where the policy asks for consent, take the name out until it is on file.

## What it cannot see
Names inside pictures and videos. We ask about a full name that is not on the roster, where the words are about
students. A lone first name counts only beside a picture.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
from auditor.lazy_pattern import LazyPattern
from auditor.masking import Quotes, shown
from auditor.model import Grades, Kind, Reading, Severity, Sighting, Sort, Student
from auditor.vicinity import Signed, in_a_table, line, sentence, signs

MANY_STRANGERS = 5
"""More names than this that are not on the roster are one question."""


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

    @property
    def is_stranger(self) -> bool:
        """Whether no roster knows the name."""
        return self.sighting.sort is Sort.PERSON


@check(reads=Reading, severity=Severity.SERIOUS)
def student_name(seen: Seen[Reading]) -> Iterator[Answer]:
    if "roster" not in seen.known:
        yield Unknown(NO_ROSTER)
    found: dict[str, Named] = {}
    for sighting in seen.subject.sightings:
        named = _named(seen, sighting)
        if named is not None and (named.identity not in found or named.certain > found[named.identity].certain):
            found[named.identity] = named
    certain = [n for n in found.values() if n.certain]
    asked = [n for n in found.values() if not n.certain and not n.is_stranger]
    strangers = [n for n in found.values() if n.is_stranger]
    quotes = Quotes(seen.subject, seen.today)
    for alike in (certain, asked):
        listed, others = in_a_table(seen.subject, ((n, n.sighting) for n in alike), A_WHOLE_TABLE)
        if len(alike) > A_WHOLE_LIST:
            listed, others = alike, []
        if listed:
            yield _list(seen, listed, quotes)
        yield from (_breach(seen, n, quotes) for n in others)
    if len(strangers) > MANY_STRANGERS:
        yield _strangers(seen, strangers, quotes)
    else:
        yield from (_breach(seen, n, quotes) for n in strangers)


def _named(seen: Seen[Reading], sighting: Sighting) -> Named | None:
    if sighting.sort is Sort.PERSON:
        return _stranger(seen, sighting)
    if sighting.sort is not Sort.STUDENT:
        return None
    sure = sighting.confidence >= CERTAIN
    if sighting.form == "first":
        meant = None if seen.word("allow") == "first-name" else _is_meant(seen, sighting)
        if meant is None:
            return None
        sure = meant
    elif sighting.confidence < WORTH_ASKING:
        return None
    if seen.word("author") == "student":
        signed = signs(seen.subject, sighting)
        if signed is Signed.NOT:
            return None
        sure = sure and signed is Signed.SURELY
    answers = [_forbids(seen, student) for student in sighting.students] or [None]
    if all(answer is False for answer in answers):
        return None
    return Named(sighting, certain=sure and all(answer is True for answer in answers))


def _stranger(seen: Seen[Reading], sighting: Sighting) -> Named | None:
    """Somebody with a full name, of whom the words beside it say that it is a student: never more than a question."""
    if sighting.confidence < WORTH_ASKING:
        return None
    if seen.word("author") == "student" and signs(seen.subject, sighting) is Signed.NOT:
        return None
    band, audience = seen.options.get("grades"), seen.audience
    if isinstance(band, Grades):
        if audience is not None and not band.overlaps(audience):
            return None
        text = seen.subject.document.passages[sighting.passage].text
        around = sentence(text, sighting.start, sighting.end).of(text)
        told = _grades_told(around) | {_BY_YEAR[word[1].casefold()[:4]] for word in _YEAR.finditer(around)}
        # A freshman on the page of an elementary school is perhaps none.
        if told and not any(grade in band or (audience and grade not in audience) for grade in told):
            return None
    return Named(sighting, certain=False)


def _is_meant(seen: Seen[Reading], sighting: Sighting) -> bool | None:
    """Whether a lone first name is that of the one student who bears it: False where only a person can tell.

    None where it is not worth asking: it needs a line about students, and a picture on the page. It is certain where
    the student's own grade is told by the line, or by the words of the only picture or of one beside it, and nobody on
    the staff is called so.
    """
    reading = seen.subject
    text = reading.document.passages[sighting.passage].text
    around = line(text, sighting.start, sighting.end).of(text)
    if len(sighting.students) != 1 or not reading.document.images or not _OF_STUDENTS.search(around):
        return None
    adults = (seen.account.owner, *(s.principal for s in seen.district.schools), *(s.name for s in seen.district.staff))
    name = text[sighting.start : sighting.end].casefold()
    if any(name in adult.casefold().split() for adult in adults):
        return False
    named, images = text[sighting.start : sighting.end], reading.document.images
    beside = [f"{image.alt}\n{image.caption}" for image in images if len(images) == 1 or named in image.near]
    return any(sighting.students[0].grade in _grades_told(words) for words in (around, *beside))


def _grades_told(text: str) -> set[int]:
    """The grades that a line speaks of."""
    told = {int(number) for match in _IN_DIGITS.finditer(text) for number in match.groups() if number}
    told |= {_IN_LETTERS[word.casefold()[:4]] for match in _SPELT_OUT.finditer(text) for word in match.groups() if word}
    return told | ({0} if _KINDERGARTEN.search(text) else set())


_IN_DIGITS = LazyPattern(
    r"\bgrades? (\d{1,2})\b|\b(\d{1,2})(?:st|nd|rd|th)[- ]grade|\bgrado (\d{1,2})\b|\b(\d{1,2})[.º°]?[oº°]? grado\b",
    re.IGNORECASE,
)
_SPELT_OUT = LazyPattern(
    r"\b(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)[- ]grade"
    r"|\b(primer|segundo|tercer|cuarto|quinto|sexto|s[eé]ptimo|octavo|noveno|d[eé]cimo)o? grado\b",
    re.IGNORECASE,
)
_IN_LETTERS = {
    word: 1 + n % 12
    for n, word in enumerate(
        [
            *("firs", "seco", "thir", "four", "fift", "sixt", "seve", "eigh", "nint", "tent", "elev", "twel"),
            *("prim", "segu", "terc", "cuar", "quin", "sext", "sépt", "octa", "nove", "déci"),
        ]
    )
} | {"sept": 7, "deci": 10}
_YEAR = LazyPattern(
    r"\b(freshm[ae]n|sophomore|junior|senior)s?\b"
    r"(?! (?:high|varsity|trip|prom|night|day|play|project|class|citizens?|centers?|living|leagues?|olympics))",
    re.IGNORECASE,
)
"""Years of a high school, as a person's."""
_BY_YEAR = {"fres": 9, "soph": 10, "juni": 11, "seni": 12}
_KINDERGARTEN = LazyPattern(r"\bkindergart|\bk[ií]nder\b", re.IGNORECASE)
_OF_STUDENTS = LazyPattern(
    r"\b(?:students?|pupils?|grades?|(?:first|second|third|fourth|fifth|sixth|seventh|\d{1,2}th)[- ]graders?|class"
    r"|classmates?|alumn[oa]s?|estudiantes?|grado|clase)\b",
    re.IGNORECASE,
)


def _forbids(seen: Seen[Reading], student: Student) -> bool | None:
    """Whether the clause forbids to name this student here; None where the records do not say."""
    if student.left or (seen.word("consent") == "opt-in" and student.name_consent):
        return False
    return seen.concerns(student)


def _breach(seen: Seen[Reading], named: Named, quotes: Quotes) -> Breach:
    sighting = named.sighting
    answer = seen.fail if named.certain else seen.review
    return answer(
        shown(sighting, seen.today),
        identity=named.identity,
        excerpt=quotes.of(sighting),
        advice=_advice(seen, certain=named.certain),
        confidence=max(sighting.confidence, CERTAIN) if named.certain else sighting.confidence,
    )


def _list(seen: Seen[Reading], named: list[Named], quotes: Quotes) -> Breach:
    certain = named[0].certain
    answer = seen.fail if certain else seen.review
    return answer(
        f"{len(named)} students",
        identity="a list of students" if certain else "a list of possible students",
        excerpt=quotes.of(_first(named)),
        advice=(
            "Take the list down. Put it where only families of the class can read it, or use first names."
            if certain
            else "Look whether these are our students. If so, put the list where only their families can read it."
        ),
        confidence=min(n.sighting.confidence for n in named),
    )


def _strangers(seen: Seen[Reading], named: list[Named], quotes: Quotes) -> Breach:
    return seen.review(
        f"{len(named)} people",
        identity="a list of people",
        excerpt=quotes.of(_first(named)),
        advice="The roster does not know these names. Look whether they are students of ours, and change them if so.",
        confidence=min(n.sighting.confidence for n in named),
    )


def _first(named: list[Named]) -> Sighting:
    return min((n.sighting for n in named), key=lambda s: (s.passage, s.start))


def _advice(seen: Seen[Reading], *, certain: bool) -> str:
    if not certain:
        return "Look whether this is one of our students. If so, change the name as the policy asks."
    if seen.account.kind is Kind.PERSONAL:
        return "Ask the owner to take the student's name off this personal account."
    if seen.word("consent") == "opt-in":
        return "Take the name out until the family's written consent is on file."
    return "Use the first name only, or an alias."
