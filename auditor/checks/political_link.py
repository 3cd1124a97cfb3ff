"""A link leads to a campaign, a party, a candidate, or a page that collects money for them.

## Why it matters
Public schools must not take sides in an election. A link on a school page looks like support.

## How to fix
Take the link off. To tell families how to vote, link to the county's or the state's own election office.

## What it cannot see
Campaign pages that do not say who paid for them. Posts that share a campaign without a link.
"""

from collections.abc import Iterator

from auditor.check import PUBLISHING, Breach, Seen, check
from auditor.model import LinkUse, Severity
from auditor.outlets.links import CLICKED
from auditor.outlets.own import is_own


@check(reads=LinkUse, severity=Severity.SERIOUS, kinds=PUBLISHING)
def political_link(seen: Seen[LinkUse]) -> Iterator[Breach]:
    link, state = seen.subject.link, seen.subject.state
    if state.link_class != "political" or link.tag not in CLICKED or is_own(link.url, seen.district):
        return
    says = f"It leads to {state.outlet_why or 'a political page'}."
    if state.outlet_sure:
        yield seen.fail(link.url, excerpt=says, confidence=0.95)
    else:
        yield seen.review(link.url, excerpt=says, advice="Open the link. If it is a campaign, take it off.")


@political_link.silence
def _on_any_site(_: Seen[str]) -> bool:
    """Only a visit tells of politics."""
    return True
