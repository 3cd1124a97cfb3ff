"""Too few people can run this account, or none of them is the district's own.

## Why it matters
When the only person with the password leaves, nobody can take a post down. The district must be able to step in.

## How to fix
Add the missing person in the account's own settings. Then add the address to the registry.

## What it cannot see
Who can truly log in. It compares the registry with what the policy asks for.
"""

from collections.abc import Iterator

from auditor.check import PUBLISHING, Answer, Seen, Unknown, check
from auditor.model import AccountFacts, Severity


@check(reads=AccountFacts, severity=Severity.MODERATE, kinds=PUBLISHING, of_record=True)
def missing_administrator(seen: Seen[AccountFacts]) -> Iterator[Answer]:
    administrators = {admin.strip().casefold() for admin in seen.account.admins} - {""}
    designee = seen.asks("designee")
    minimum = seen.number("minimum", 0 if designee else 1)
    preferred = seen.number("preferred", minimum)
    if len(administrators) < minimum:
        yield seen.fail("administrators", excerpt=_count(administrators, minimum, "asks for at least"))
    elif len(administrators) < preferred:
        yield seen.fail(
            "administrators",
            excerpt=_count(administrators, preferred, "would rather see"),
            severity=seen.severity.milder(),
        )
    if designee:
        yield from _designee(seen, administrators)


def _count(administrators: set[str], wanted: int, how: str) -> str:
    return f"The registry names {len(administrators)} as administrator. The policy {how} {wanted}."


def _designee(seen: Seen[AccountFacts], administrators: set[str]) -> Iterator[Answer]:
    designees = {name.strip().casefold() for name in seen.district.designees} - {""}
    if administrators and not designees:
        yield Unknown("the district has not said who its designees are; list them as designees in config.toml")
    elif not administrators & designees:
        yield seen.fail(
            "designee",
            excerpt="None of the account's administrators in the registry is a designee of the district.",
            advice="Make a designee of the district an administrator. Then add the address to the registry.",
        )
