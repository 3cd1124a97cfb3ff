"""The school's website does not link to this account.

## Why it matters
Families trust an account that they find on the school's own site. Without that link they cannot tell it from a fake.

## How to fix
Ask whoever runs the school's website to add a link to the account.

## What it cannot see
Links in a picture, in a letter, or behind a login.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from auditor.check import PUBLISHING, Answer, Seen, Unknown, check
from auditor.model import Account, AccountFacts, Kind, School, Severity


@check(reads=AccountFacts, severity=Severity.MINOR, kinds=PUBLISHING, of_record=True)
def unlinked_account(seen: Seen[AccountFacts]) -> Iterator[Answer]:
    if _is_the_site(seen.account, seen.school):
        return
    linked_from = seen.subject.linked_from
    if linked_from is None:
        yield Unknown("the school's website was not read, so nobody can tell whether it links here")
    elif not linked_from:
        where = seen.school.website if seen.school and seen.school.website else "the district's website"
        yield seen.fail("no link", excerpt=f"We found no link to this account on {where}.")


def _is_the_site(account: Account, school: School | None) -> bool:
    """Whether the account is the very website that should link to the others, or a part of it.

    Where no address of a site is on record, an official website is that site.
    """
    if school is not None and school.website:
        return _host(account.url) == _host(school.website)
    return account.kind is Kind.OFFICIAL and account.platform == "website"


def _host(url: str) -> str:
    return urlsplit(url).netloc.casefold().removeprefix("www.")
