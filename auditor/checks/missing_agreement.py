"""A student takes part in a class page, and no signed agreement is on file.

## Why it matters
The agreement tells families what their child may do online, and says who helps when something goes wrong.

## How to fix
Ask the family to sign the agreement. Until then, leave this student's name and work off the page.

## What it cannot see
Students who take part without being named. Agreements that the roster does not record.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.check import A_WHOLE_LIST, A_WHOLE_TABLE, CERTAIN, WORTH_ASKING, Breach, Seen, check
from auditor.masking import Quotes, shown
from auditor.model import Kind, Reading, Severity, Sighting, Sort, Student
from auditor.vicinity import in_a_table


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A student named without an agreement on file; `certain` where the record says no, and it is this student."""

    sighting: Sighting
    certain: bool


@check(
    reads=Reading,
    severity=Severity.MODERATE,
    kinds=frozenset({Kind.CLASSROOM}),
    needs=frozenset({"roster", "agreements"}),
)
def missing_agreement(seen: Seen[Reading]) -> Iterator[Breach]:
    found: dict[str, Unsigned] = {}
    for sighting in seen.subject.sightings:
        unsigned = _unsigned(seen, sighting)
        if unsigned is None:
            continue
        key = " ".join(sorted(s.pseudonym for s in sighting.students))
        if key not in found or unsigned.certain > found[key].certain:
            found[key] = unsigned
    quotes = Quotes(seen.subject, seen.today)
    for certain in (True, False):
        alike = {key: u for key, u in found.items() if u.certain is certain}
        listed, others = in_a_table(seen.subject, ((key, u.sighting) for key, u in alike.items()), A_WHOLE_TABLE)
        if len(alike) > A_WHOLE_LIST:
            listed, others = list(alike), []
        if listed:
            yield _list(seen, [alike[key] for key in listed], quotes)
        yield from (_breach(seen, alike[key], quotes, key) for key in others)


def _unsigned(seen: Seen[Reading], sighting: Sighting) -> Unsigned | None:
    if sighting.sort is not Sort.STUDENT or sighting.form == "first" or sighting.confidence < WORTH_ASKING:
        return None
    asked = [s for s in sighting.students if not s.left and seen.concerns(s) is not False]
    if not asked or any(s.aup_signed for s in asked):
        return None
    return Unsigned(sighting, certain=sighting.confidence >= CERTAIN and all(map(_refused, asked)))


def _refused(student: Student) -> bool:
    """Whether the record says that there is no agreement; a blank leaves it open."""
    return student.aup_signed is False


def _breach(seen: Seen[Reading], unsigned: Unsigned, quotes: Quotes, identity: str) -> Breach:
    answer = seen.fail if unsigned.certain else seen.review
    return answer(
        shown(unsigned.sighting, seen.today),
        identity=identity,
        excerpt=quotes.of(unsigned.sighting),
        advice=(
            "Ask the family to sign the agreement, or take the student's name and work off this page."
            if unsigned.certain
            else "The roster shows no agreement for this student. Look whether one is on file."
        ),
        confidence=unsigned.sighting.confidence if unsigned.certain else min(unsigned.sighting.confidence, 0.6),
    )


def _list(seen: Seen[Reading], found: list[Unsigned], quotes: Quotes) -> Breach:
    certain = found[0].certain
    answer = seen.fail if certain else seen.review
    first = min((u.sighting for u in found), key=lambda s: (s.passage, s.start))
    return answer(
        f"{len(found)} students",
        identity="a list of students" if certain else "a list of blanks",
        excerpt=quotes.of(first),
        advice="Ask these families to sign the agreement. Look first whether the roster is up to date.",
        confidence=min(u.sighting.confidence for u in found),
    )
