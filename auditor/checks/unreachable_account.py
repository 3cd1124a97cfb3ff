"""This account could not be reached.

## Why it matters
Families who follow the link find nothing. And nobody can check a page that does not open.

## How to fix
Open the address in a browser. If it fails there too, ask the owner to mend it or to correct the registry.

## What it cannot see
Whether the fault lay with the site or with the network on that day.
"""

from collections.abc import Iterator
from typing import Final

from auditor.check import Answer, Seen, Unknown, check
from auditor.model import AccountFacts, Kind, Reason, Severity
from auditor.outlets.phrases import BOT_CHECK, NOBODY_LIVES

FAILURES: Final = frozenset({Reason.UNREACHABLE, Reason.PLATFORM_OUTAGE, Reason.LIMIT})
"""Reasons that are the far side's failure to answer. An account that asks for a login was reached; one that we may
not or cannot ask (robots, terms, tokens, consent, our own guard, no browser) was not tried, so nobody can tell."""
WEBSITE: Final = "website"
REFUSED: Final = (
    "Open the address in a browser. If it opens there, all is well with it: the site turned away our program alone."
    " Ask whoever runs the site to let auditor in, and look at it yourself until then."
)
"""For what a machine was refused and a person may see: too many questions, or a bot check."""
DESERTED: Final = (
    "Open the address in a browser. If the account is there, all is well. If the address is for sale or empty, take all"
    " links to it off, and correct the registry."
)
"""For an address that was given up, or sold: its page says so, but only a person can tell whose page it is."""
CLOSED_SITE: Final = (
    "Open the address in a browser where you are not logged in. If families cannot see it there either, ask whoever"
    " runs the site to open it. If they can, ask for auditor to be let in too."
)
"""For a school's own website that turns our visit away: it is made for everybody, so somebody must look."""


@check(reads=AccountFacts, severity=Severity.MODERATE)
def unreachable_account(seen: Seen[AccountFacts]) -> Iterator[Answer]:
    facts = seen.subject
    if facts.coverage.documents:
        return
    blind = facts.coverage.blind
    reasons = {one.reason for one in blind}
    words = facts.failure or "; ".join(dict.fromkeys(one.what for one in blind)) or "it answered with nothing to read"
    refused = Reason.RATE_LIMITED in reasons or BOT_CHECK in words
    failed = bool(reasons & FAILURES) or (bool(facts.failure) and not reasons)
    if refused and Reason.NOT_IN_ROUTE not in reasons:
        yield seen.review("unreachable", excerpt=words, confidence=0.5, advice=REFUSED)
    elif NOBODY_LIVES in words:
        yield seen.review("unreachable", excerpt=words, confidence=0.5, advice=DESERTED)
    elif failed and Reason.NOT_IN_ROUTE not in reasons:
        yield seen.fail("unreachable", excerpt=words)
    elif Reason.LOGIN_WALL not in reasons:
        yield Unknown(" ".join(dict.fromkeys((words, *(one.remedy for one in blind if one.remedy)))))
    elif seen.account.kind is Kind.OFFICIAL and facts.coverage.route == WEBSITE:
        yield seen.review("unreachable", excerpt=words, confidence=0.5, advice=CLOSED_SITE)
