"""Nobody wrote down when families were told of this class account.

## Why it matters
Families should know where their child's work and picture may appear. They need to hear it before it happens.

## How to fix
Ask the teacher to send families a short note about the account. Then write the date into the registry.

## What it cannot see
What the note said, and who read it.
"""

from collections.abc import Iterator

from auditor.check import Breach, Seen, check, in_words
from auditor.model import AccountFacts, Kind, Severity


@check(reads=AccountFacts, severity=Severity.MODERATE, kinds=frozenset({Kind.CLASSROOM}), of_record=True)
def missing_notice(seen: Seen[AccountFacts]) -> Iterator[Breach]:
    told = seen.account.notice_on
    if told is None:
        what = "The registry has no date on which families were told about this account."
    elif told > seen.today:
        what = f"The registry says families will be told on {in_words(told)}. The account is there already."
    else:
        return
    items = seen.words("items")
    about = f" It should tell: {', '.join(items)}." if items else ""
    yield seen.fail(
        "notice",
        excerpt=what,
        advice=f"Ask the teacher to tell families, and write the date into the registry.{about}",
    )
