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
from dataclasses import dataclass

from auditor.check import Breach, Seen, check
from auditor.masking import Quotes
from auditor.model import Reading, Severity, Sighting, Sort
from auditor.vicinity import Named, Stretch, line, names_an_organisation, row, sentence, titled

CERTAIN = 0.9
WORTH_ASKING = 0.6
SORTS = {"email": Sort.EMAIL, "phone": Sort.PHONE, "address": Sort.ADDRESS}
_A_CARD = 70
"""A line of at most so many characters may belong to the name on the line above it."""
_A_LABEL = 3
"""So many words may stand before it: "Home phone:"."""
_NEAR = 60
A_WHOLE_TABLE = 10
"""From more rows than this on, a table of students is one finding."""

_HOME = re.compile(
    r"\b(?:address|liv(?:es?|ing)|home|house|resid(?:es?|ing)|mail|send|write to|vive|domicilio|direcci[oó]n|casa)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reachable:
    """Contact data that is a student's, or may be; `certain` where nothing about it is in doubt."""

    contact: Sighting
    confidence: float
    certain: bool
    in_a_row: bool = False


@check(reads=Reading, severity=Severity.CRITICAL, needs=frozenset({"roster"}))
def student_contact(seen: Seen[Reading]) -> Iterator[Breach]:
    forbidden = {SORTS[word] for word in seen.words("forbids") or SORTS if word in SORTS}
    named = Named(seen.subject, WORTH_ASKING)
    found = [
        reachable
        for s in seen.subject.sightings
        if s.sort in forbidden and s.confidence >= WORTH_ASKING and (reachable := _reachable(seen, s, named))
    ]
    quotes = Quotes(seen.subject, seen.today)
    rows = [r for r in found if r.certain and r.in_a_row]
    if len(rows) > A_WHOLE_TABLE:
        yield _table(seen, rows, quotes)
        found = [r for r in found if not (r.certain and r.in_a_row)]
    yield from (_breach(seen, r, quotes) for r in found)


def _reachable(seen: Seen[Reading], contact: Sighting, named: Named) -> Reachable | None:
    text = seen.subject.document.passages[contact.passage].text
    cells = row(text, contact.start, contact.end)
    if contact.students:
        sure = contact.confidence >= CERTAIN
        return Reachable(contact, contact.confidence, sure, in_a_row=cells is not None)
    if contact.ours or contact.form == "toll-free":
        return None
    where = cells or sentence(text, contact.start, contact.end)
    beside = named.within(contact.passage, where)
    if not beside:
        return Reachable(contact, WORTH_ASKING, certain=False) if _on_a_card(text, contact, named) else None
    confidence = min(contact.confidence, max(s.confidence for s in beside))
    # A row about a student holds the student's own data, unless it also names a teacher.
    sure = not titled(where.of(text)) and (cells is not None or _of_sentence(seen, text, contact, beside, where))
    return Reachable(contact, confidence, sure and confidence >= CERTAIN, in_a_row=cells is not None)


def _of_sentence(seen: Seen[Reading], text: str, contact: Sighting, beside: list[Sighting], where: Stretch) -> bool:
    """Whether nothing but students stands in the sentence that the data could belong to."""
    nearest = min(beside, key=lambda s: abs(s.start - contact.start))
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


def _on_a_card(text: str, contact: Sighting, named: Named) -> bool:
    """Whether the line above is a student's name and hardly more."""
    own = line(text, contact.start, contact.end)
    if own.end - own.start > _A_CARD or own.start == 0 or text[own.start : contact.start].strip().count(" ") > _A_LABEL:
        return False
    card = line(text, own.start - 1, own.start - 1)
    return any((s.end - s.start) * 2 >= card.end - card.start for s in named.within(contact.passage, card))


def _breach(seen: Seen[Reading], reachable: Reachable, quotes: Quotes) -> Breach:
    answer = seen.fail if reachable.certain else seen.review
    return answer(
        reachable.contact.masked,
        identity=reachable.contact.token,
        excerpt=quotes.of(reachable.contact),
        advice=(
            "Take it down today. Give the school's own number or address instead."
            if reachable.certain
            else "Look whether this belongs to the student named beside it. If so, take it down today."
        ),
        confidence=reachable.confidence,
    )


def _table(seen: Seen[Reading], rows: list[Reachable], quotes: Quotes) -> Breach:
    return seen.fail(
        f"{len(rows)} entries of students",
        identity="a table of students",
        excerpt=quotes.of(rows[0].contact),
        advice="Take the whole list down today. Share it where only the right people can read it.",
        confidence=min(r.confidence for r in rows),
    )
