"""Nothing new has been posted here for a long time.

## Why it matters
A page that nobody tends goes wrong unseen. Links die, dates pass, and others may take it over.

## How to fix
Ask the owner to post again. Or close the account, and take it off the registry.

## What it cannot see
Posts without a date, and posts that only people with a login can see.
"""

from collections.abc import Iterator

from auditor.check import PUBLISHING, Answer, Seen, Unknown, check, in_words
from auditor.model import AccountFacts, Reason, Severity


@check(reads=AccountFacts, severity=Severity.MINOR, kinds=PUBLISHING)
def inactive_account(seen: Seen[AccountFacts]) -> Iterator[Answer]:
    facts = seen.subject
    if not facts.coverage.documents:
        yield Unknown(facts.failure or "nothing of it could be read")
        return
    if facts.newest is None:
        if not facts.coverage.complete:
            yield Unknown("not all of it could be read, and nothing that could be carries a date")
        return
    last = facts.newest.date()
    idle = (seen.today - last).days
    if idle <= seen.number("days", 180):
        return
    tell = seen.fail if _newest_is_certain(facts) else seen.review
    yield tell("inactive", excerpt=f"The newest post that we could read is of {in_words(last)}, {idle} days ago.")


def _newest_is_certain(facts: AccountFacts) -> bool:
    """Whether nothing newer can have been missed.

    A listing cut short still shows the newest first. Where pages went unread, or where a website of many pages carries
    a single date, the newest may well be another.
    """
    coverage = facts.coverage
    missed = not coverage.complete and any(blind.reason is not Reason.PARTIAL_LISTING for blind in coverage.blind)
    one_date = facts.account.platform == "website" and coverage.documents > 2 and coverage.oldest == facts.newest
    return not missed and not one_date
