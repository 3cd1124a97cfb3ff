"""The principal has not looked at this account for too long.

## Why it matters
The policy asks principals to look at class and school pages now and then. It is the same as visiting a classroom.

## How to fix
Open the account and look through what is new. Then write today's date into the registry.

## What it cannot see
Visits that nobody wrote down.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from auditor.check import PUBLISHING, Breach, Seen, check, in_words
from auditor.model import AccountFacts, Severity

MONTH: Final = 31
"""Days between two looks where the policy says "periodically" and no number."""


@check(reads=AccountFacts, severity=Severity.MODERATE, kinds=PUBLISHING, of_record=True)
def overdue_review(seen: Seen[AccountFacts]) -> Iterator[Breach]:
    last, days = seen.account.reviewed_on, seen.number("days", MONTH)
    if last is None:
        what = "The registry has no date on which the principal looked at this account."
    elif last > seen.today:
        what = f"The registry dates the principal's last look {in_words(last)}. That day has not come yet."
    elif seen.today - last > timedelta(days=days):
        what = f"The principal last looked on {in_words(last)}, {(seen.today - last).days} days ago."
    else:
        return
    yield seen.fail(
        "review",
        excerpt=what,
        advice="Ask the principal to look through the account and write the date into the registry."
        f" The next look is due within {days} days.",
    )
