"""A link leads to a host that the district's web filter blocks.

## Why it matters
Students cannot open it at school. And the district blocked the site for a reason.

## How to fix
Take the link off, or link to a site that opens at school. If the block is a mistake, ask the technology office.

## What it cannot see
Sites that the filter blocks by topic and that are not on the district's list.
"""

from collections.abc import Iterator

from auditor.check import PUBLISHING, Breach, Seen, check
from auditor.model import LinkUse, Severity
from auditor.outlets.links import BUILT_FROM, hosts_of


@check(reads=LinkUse, severity=Severity.MODERATE, kinds=PUBLISHING)
def blocked_link(seen: Seen[LinkUse]) -> Iterator[Breach]:
    link, hops = seen.subject.link, seen.subject.state.hops
    blocked = seen.district.blocked_hosts
    if not blocked or link.tag in BUILT_FROM:
        return
    if blocked & hosts_of([link.url]):
        yield seen.fail(link.url, excerpt="The web filter blocks this site.")
    elif blocked & hosts_of(hops):
        yield seen.fail(link.url, excerpt="It forwards to a site that the web filter blocks.")


@blocked_link.silence
def _on_open_sites(seen: Seen[str]) -> bool:
    """A site is blocked as a whole."""
    return not seen.district.blocked_hosts & hosts_of([seen.subject])
