"""It is time to read the policy again.

## Why it matters
Platforms and laws change. A policy that nobody reads again stops fitting what schools do.

## How to fix
Put the policy on the agenda of the team that owns it. Then write the date of the review into config.toml.

## What it cannot see
Reviews that nobody wrote down.
"""

from collections.abc import Iterator
from datetime import timedelta

from auditor.check import Breach, Seen, check, in_words
from auditor.model import DistrictFacts, Severity


@check(reads=DistrictFacts, severity=Severity.MINOR)
def stale_policy(seen: Seen[DistrictFacts]) -> Iterator[Breach]:
    reviewed, revised = seen.subject.policy_reviewed_on, seen.subject.policy_revised_on
    last, did = (reviewed, "reviewed") if reviewed else (revised, "changed")
    days = seen.number("days", 365)
    if last is None:
        what = "There is no date on which the policy was last reviewed."
    elif last > seen.today:
        what = f"The policy's last review is dated {in_words(last)}. That day has not come yet."
    elif seen.today - last > timedelta(days=days):
        what = f"The policy was last {did} on {in_words(last)}, {(seen.today - last).days} days ago."
    else:
        return
    yield seen.fail("policy", excerpt=what)
