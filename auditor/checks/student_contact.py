"""A student's home address, phone number or e-mail can be read here.

## Why it matters
A stranger can use it to reach a child with no adult in between. No family wants to find it online.

## How to fix
Take it down today. Give the school's own number or address where people need one.

## What it cannot see
Contact data inside pictures. Data that stands far away from the student's name and is not in the roster.
"""

import re
from collections.abc import Iterator

from auditor.check import Breach, Seen, check
from auditor.masking import quote
from auditor.model import Passage, Reading, Severity, Sighting, Sort
from auditor.vicinity import Stretch, line, names_an_organisation, row, sentence, titled

CERTAIN = 0.9
WORTH_ASKING = 0.6
SORTS = {"email": Sort.EMAIL, "phone": Sort.PHONE, "address": Sort.ADDRESS}
_A_CARD = 70
"""A line of at most so many characters may belong to the name on the line above it."""
_NEAR = 60

_HOME = re.compile(
    r"\b(?:address|liv(?:es?|ing)|home|house|resid(?:es?|ing)|mail|send|write to|vive|domicilio|direcci[oó]n|casa)\b",
    re.IGNORECASE,
)


@check(reads=Reading, severity=Severity.CRITICAL, needs=frozenset({"roster"}))
def student_contact(seen: Seen[Reading]) -> Iterator[Breach]:
    forbidden = {SORTS[word] for word in seen.words("forbids") or SORTS if word in SORTS}
    for sighting in seen.subject.sightings:
        if sighting.sort in forbidden and sighting.confidence >= WORTH_ASKING:
            yield from _judge(seen, sighting)


def _judge(seen: Seen[Reading], contact: Sighting) -> Iterator[Breach]:
    if contact.students:
        yield _breach(seen, contact, contact.confidence, certain=contact.confidence >= CERTAIN)
        return
    if contact.ours or contact.form == "toll-free":
        return
    passage = seen.subject.document.passages[contact.passage]
    cells = row(passage.text, contact.start, contact.end)
    where = cells or sentence(passage.text, contact.start, contact.end)
    named = _students(seen, contact, where)
    if named:
        sure = _of_row(passage, where) if cells else _of_sentence(seen, passage, contact, named, where)
        confidence = min(contact.confidence, max(s.confidence for s in named))
        yield _breach(seen, contact, confidence, certain=sure and confidence >= CERTAIN)
    elif _stands_under_a_student(seen, passage, contact):
        yield _breach(seen, contact, WORTH_ASKING, certain=False)


def _students(seen: Seen[Reading], contact: Sighting, where: Stretch) -> list[Sighting]:
    """The students named in a stretch of the contact's passage."""
    return [
        s
        for s in seen.subject.sightings
        if s.sort is Sort.STUDENT
        and s.passage == contact.passage
        and s.confidence >= WORTH_ASKING
        and where.holds(s.start, s.end)
    ]


def _of_row(passage: Passage, where: Stretch) -> bool:
    """A row about a student holds the student's own data, unless it also names a teacher."""
    return not titled(where.of(passage.text))


def _of_sentence(
    seen: Seen[Reading], passage: Passage, contact: Sighting, named: list[Sighting], where: Stretch
) -> bool:
    """Whether nobody but students is named in the sentence, and nothing else that the data could belong to."""
    text = passage.text
    if titled(where.of(text)):
        return False
    nearest = min(named, key=lambda s: abs(s.start - contact.start))
    first, second = sorted((nearest, contact), key=lambda s: s.start)
    between = _without_our_names(seen, text[first.end : second.start])
    if contact.sort is Sort.ADDRESS and not _HOME.search(where.of(text)):
        return False
    return len(between) <= _NEAR and not names_an_organisation(between) and not _OTHER_NAME.search(between)


# Two capitalised words are a name of somebody or something; "Grade Four" and the like are not.
_OTHER_NAME = re.compile(r"\b(?!Grade\b|Class\b)[A-Z][\w'’-]+ [A-Z][\w'’-]+")


def _without_our_names(seen: Seen[Reading], text: str) -> str:
    for name in (seen.district.name, *(school.name for school in seen.district.schools)):
        text = text.replace(name, "")
    return text


def _stands_under_a_student(seen: Seen[Reading], passage: Passage, contact: Sighting) -> bool:
    """Whether the line above is a student's name and hardly more, as on a card."""
    text = passage.text
    own = line(text, contact.start, contact.end)
    if (
        own.end - own.start > _A_CARD
        or own.start == 0
        or passage.text[own.start : contact.start].strip().count(" ") > 3
    ):
        return False
    name = line(text, own.start - 1, own.start - 1)
    held = _students(seen, contact, name)
    return any((s.end - s.start) * 2 >= name.end - name.start for s in held)


def _breach(seen: Seen[Reading], contact: Sighting, confidence: float, *, certain: bool) -> Breach:
    answer = seen.fail if certain else seen.review
    return answer(
        contact.masked,
        identity=contact.token,
        excerpt=quote(seen.subject, contact, seen.today),
        advice=(
            "Take it down today. Give the school's own number or address instead."
            if certain
            else "Look whether this belongs to the student named beside it. If so, take it down today."
        ),
        confidence=confidence,
    )
