"""The account speaks well of alcohol, drugs, tobacco or sex.

## Why it matters
Children look up to the adults of their school. What an adult enjoys in public looks like advice.

## How to fix
Take the post down. Lessons about staying safe are welcome and may stay.

## What it cannot see
Bottles and cigarettes in pictures. Hints and jokes in other words.
"""

from collections.abc import Iterator
from typing import Final

from auditor.check import Breach, Seen, check
from auditor.masking import Quotes
from auditor.model import Reading, Severity, Sort
from auditor.vicinity import said_by_the_page

SORTS: Final = frozenset({Sort.SUBSTANCE})
SUBJECTS: Final = ("alcohol", "drugs", "tobacco", "sexual")
_SPEAKS_OF: Final = {"alcohol": "alcohol", "drugs": "drugs", "tobacco": "tobacco", "sexual": "sex"}


@check(reads=Reading, severity=Severity.MODERATE, looks_for=SORTS)
def substance_content(seen: Seen[Reading]) -> Iterator[Breach]:
    wanted = seen.words("subjects") or SUBJECTS
    quotes = Quotes(seen.subject, seen.today)
    for said in said_by_the_page(seen.subject, SORTS):
        if said.form not in wanted:
            continue
        yield seen.review(
            f"{_SPEAKS_OF[said.form]}: {said.masked}",
            identity=said.token,
            excerpt=quotes.of(said),
            advice="Read the sentence. If it makes this look good, take it off. Lessons about safety may stay.",
            confidence=said.confidence,
        )
