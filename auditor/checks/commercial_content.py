"""The page sells something, or advertises a business, for somebody's own gain.

## Why it matters
Families trust what a school page says. Its good name must not earn money for one person.

## How to fix
Take the offer off. What the school or its parent group sells for students may stay.

## What it cannot see
Advertising inside pictures. Praise for a business without price, shop or order.
"""

from collections.abc import Iterator
from typing import Final

from auditor.check import PUBLISHING, Breach, Seen, check
from auditor.masking import Quotes
from auditor.model import Reading, Severity, Sort
from auditor.vicinity import said_by_the_page

SORTS: Final = frozenset({Sort.SELLING})


@check(reads=Reading, severity=Severity.MODERATE, kinds=PUBLISHING, looks_for=SORTS)
def commercial_content(seen: Seen[Reading]) -> Iterator[Breach]:
    quotes = Quotes(seen.subject, seen.today)
    for said in said_by_the_page(seen.subject, SORTS):
        yield seen.review(
            said.masked,
            identity=said.token,
            excerpt=quotes.of(said),
            advice="Ask: who earns from this? If it is not the school or its students, take it off.",
            confidence=said.confidence,
        )
