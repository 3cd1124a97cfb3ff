"""The record does not show who allowed this account.

## Why it matters
An account that speaks for a school needs a yes from the right person first. The record shows who gave it, and when.

## How to fix
Ask the right person to approve the account. Then write the name and the date into the registry.

## What it cannot see
Whether the person named was the right one to ask, or a yes that was never written down.
"""

from collections.abc import Iterator

from auditor.check import PUBLISHING, Breach, Seen, check, in_words
from auditor.model import AccountFacts, Severity


@check(reads=AccountFacts, severity=Severity.SERIOUS, kinds=PUBLISHING, of_record=True)
def unapproved_account(seen: Seen[AccountFacts]) -> Iterator[Breach]:
    sanctioned = seen.words("platforms")
    if seen.word("approver") or not sanctioned:
        yield from _approval(seen)
    if sanctioned and seen.account.platform.casefold() not in {name.casefold() for name in sanctioned}:
        yield seen.fail(
            "platform",
            excerpt=f"The account is on {seen.account.platform}. The policy allows: {', '.join(sanctioned)}.",
            advice="Move the account to an allowed platform, or ask the district to allow this one.",
        )


def _approval(seen: Seen[AccountFacts]) -> Iterator[Breach]:
    """An approval counts when the registry says who gave it and on which day, and that day has come."""
    by, on = seen.account.approved_by, seen.account.approved_on
    if by and on and on <= seen.today:
        return
    if by and on:
        what = f"The registry dates the approval {in_words(on)}. That day has not come yet."
    elif by:
        what = f"The registry says that {by} approved the account, but not when."
    elif on:
        what = f"The registry dates the approval {in_words(on)}, but does not say who gave it."
    else:
        what = "The registry names nobody who approved the account."
    approver = seen.word("approver", "the person who may approve it")
    yield seen.fail(
        "approval",
        excerpt=what,
        advice=f"Ask {approver} to approve the account. Then write the name and the date into the registry.",
    )
