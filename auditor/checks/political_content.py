"""The page asks for a vote, or takes sides for a candidate, a party or a ballot measure.

## Why it matters
Public schools must not take sides in an election. Public money and time pay for this page.

## How to fix
Take the sentence off. To tell families when and where to vote is fine.

## What it cannot see
Signs and buttons in pictures. Support that names no election, office, party or measure.
"""

from collections.abc import Iterator

from auditor.check import PUBLISHING, Breach, Seen, check
from auditor.masking import Quotes
from auditor.model import Place, Reading, Severity, Sort


@check(reads=Reading, severity=Severity.SERIOUS, kinds=PUBLISHING)
def political_content(seen: Seen[Reading]) -> Iterator[Breach]:
    quotes = Quotes(seen.subject, seen.today)
    passages = seen.subject.document.passages
    for said in seen.subject.sightings:
        if said.sort is Sort.POLITICAL and passages[said.passage].place is not Place.COMMENT:
            yield seen.review(
                said.masked,
                identity=said.token,
                excerpt=quotes.of(said),
                advice="Read the sentence. If it takes sides in a public election, take it off.",
                confidence=said.confidence,
            )
