"""The page asks for a vote, or takes sides for a candidate, a party or a ballot measure.

## Why it matters
Public schools must not take sides in an election. Public money and time pay for this page.

## How to fix
Take the sentence off. To tell families when and where to vote is fine.

## What it cannot see
Signs and buttons in pictures. Support that names no election, office, party or measure.
"""

from collections.abc import Iterator
from typing import Final

from auditor.check import PUBLISHING, Breach, Seen, check
from auditor.masking import Quotes
from auditor.model import Reading, Severity, Sort
from auditor.vicinity import said_by_the_page

SORTS: Final = frozenset({Sort.POLITICAL})


@check(reads=Reading, severity=Severity.SERIOUS, kinds=PUBLISHING, looks_for=SORTS)
def political_content(seen: Seen[Reading]) -> Iterator[Breach]:
    quotes = Quotes(seen.subject, seen.today)
    for said in said_by_the_page(seen.subject, SORTS):
        yield seen.review(
            said.masked,
            identity=said.token,
            excerpt=quotes.of(said),
            advice="Read the sentence. If it takes sides in a public election, take it off.",
            confidence=said.confidence,
        )
