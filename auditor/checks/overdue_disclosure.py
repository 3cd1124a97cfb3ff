"""This account was last reported over a year ago, or never.

## Why it matters
Once a year, staff tell the district which accounts and groups they take part in. That is how the list stays true.

## How to fix
Ask the account's owner to make this year's statement. Then write the date into the registry.

## What it cannot see
Reports that were made, but that nobody wrote into the registry.
"""

from collections.abc import Iterator
from datetime import timedelta

from auditor.check import Breach, Seen, check, in_words
from auditor.model import AccountFacts, Severity


@check(reads=AccountFacts, severity=Severity.MODERATE, of_record=True)
def overdue_disclosure(seen: Seen[AccountFacts]) -> Iterator[Breach]:
    last, limit = seen.account.disclosed_on, timedelta(days=seen.number("days", 365))
    if last is None:
        what = "The registry has no date of a yearly statement about this account."
    elif last > seen.today:
        what = f"The registry dates the last statement {in_words(last)}. That day has not come yet."
    elif seen.today - last > limit:
        what = f"The last statement was made on {in_words(last)}, {(seen.today - last).days} days ago."
    else:
        return
    to = seen.word("to", "the district")
    yield seen.fail(
        "disclosure",
        excerpt=what,
        advice=f"Ask the account's owner to tell {to} about it again. Then write the date into the registry.",
    )
