"""This class account is open to the wrong people, or closed to the right ones.

## Why it matters
The policy says who should see what a class publishes. Some ask for a password for families, some for an open page.

## How to fix
Ask the teacher to change who can see the account. Where it is open for a reason, write the reason into the registry.

## What it cannot see
How strong a password is, and who was given it. Of ClassDojo, Seesaw and the like it sees the registered page alone.
"""

from collections.abc import Iterator

from auditor.check import Answer, Seen, Unknown, check
from auditor.model import Account, AccountFacts, Kind, Reason, Severity
from auditor.outlets.phrases import TURNED_AWAY
from auditor.outlets.platforms import MEMBERS, PLATFORMS, of


@check(reads=AccountFacts, severity=Severity.MODERATE, kinds=frozenset({Kind.CLASSROOM}))
def open_classroom(seen: Seen[AccountFacts]) -> Iterator[Answer]:
    read = seen.subject.coverage.documents
    walled = any(blind.reason is Reason.LOGIN_WALL for blind in seen.subject.coverage.blind)
    if not read and not walled:
        yield Unknown(seen.subject.failure or "nothing of it could be read, so nobody can tell who can see it")
    elif seen.word("visibility", "families") == "public":
        if not read:
            yield _closed(seen)
    elif read and not seen.account.open_reason:
        yield from _open(seen, read, walled)


def _open(seen: Seen[AccountFacts], read: int, walled: bool) -> Iterator[Answer]:
    advice = "Ask the teacher to put the account behind a password for families, or to record why it is open."
    if _is_members(seen.account):
        # Only its front page was looked at, and on such a platform not even that is meant for strangers.
        yield seen.fail("open", excerpt="We could read this class's page without any login.", advice=advice)
    elif read == 1 and walled:
        # A front door that anyone may see is no breach when all rooms behind it are locked.
        yield seen.review("open", excerpt="One page is open to anyone. Others ask for a login.", advice=advice)
    else:
        pages = "1 page" if read == 1 else f"{read} pages"
        yield seen.fail("open", excerpt=f"We read {pages} without any password.", advice=advice)


def _is_members(account: Account) -> bool:
    """Whether its platform is one that shows what a class says to members only."""
    names = (of(account.url) or "", account.platform)
    return any(PLATFORMS[name].closed == MEMBERS for name in names if name in PLATFORMS)


def _closed(seen: Seen[AccountFacts]) -> Answer:
    if _is_members(seen.account):
        # Such a platform cannot be opened, and what stands there is better not: a page beside it may be what is meant.
        return seen.review(
            "closed",
            excerpt="This class uses a tool that shows its posts to members only.",
            advice="Decide with the teacher whether the class also needs a page that anyone can read.",
        )
    walls = [blind.what for blind in seen.subject.coverage.blind if blind.reason is Reason.LOGIN_WALL]
    if all(TURNED_AWAY in what for what in walls):
        # Such a server turns programs away, and may well let people in.
        return seen.review(
            "closed",
            excerpt="The account's server did not let us in. It may let people in.",
            advice="Open it in a browser, logged out. If it asks for a login there, ask the teacher to open it.",
        )
    return seen.fail(
        "closed",
        excerpt="The account asks for a login before it shows anything.",
        advice="Ask the teacher to open the account, or to move the class to a page that anyone can read.",
    )
