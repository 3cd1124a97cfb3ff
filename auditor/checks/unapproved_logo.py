"""A picture shows the district's logo where it may not, or in the wrong form.

## Why it matters
People take a page with the logo for the district's own. Only pages that have leave to carry it may do so.

## How to fix
Take the picture off. Or ask for permission, and write the logo into the account's line in the registry.

## What it cannot see
Logos that are very small, turned, or on cloth and walls. Drawings in the SVG format.
"""

from collections.abc import Iterator
from typing import Final

from auditor.check import Answer, Seen, Unknown, check
from auditor.model import LogoSighting, PictureUse, Severity

CERTAIN: Final = 0.72
"""Score of a sighting below which a person should look."""


@check(reads=PictureUse, severity=Severity.SERIOUS, needs=frozenset({"logos"}))
def unapproved_logo(seen: Seen[PictureUse]) -> Iterator[Answer]:
    picture = seen.subject.picture
    if picture.problem:
        yield Unknown(f"a picture could not be looked at: {picture.problem}")
    for logo in picture.logos:
        permitted = logo.logo in seen.account.logos
        if not permitted or logo.rendition == "altered":
            yield _breach(seen, logo, permitted)


def _breach(seen: Seen[PictureUse], logo: LogoSighting, permitted: bool) -> Answer:
    altered = ", altered" if logo.rendition == "altered" else ""
    may = "may use it only as it was approved" if permitted else "has no permission for it"
    approver = seen.word("approver", "the district")
    tell = seen.fail if logo.score >= CERTAIN else seen.review
    return tell(
        seen.subject.image.url,
        excerpt=f'The picture shows the logo "{logo.logo}"{altered}. This account {may}.',
        advice="Put an approved version of the logo in its place. The district office has them."
        if permitted
        else f"Take the picture off, or ask {approver} for permission. Then write the logo into the registry.",
        confidence=logo.score,
    )
