"""A private profile shows an email address or phone number of the district.

## Why it matters
Readers take such a profile for the district speaking. Who gets into that mailbox gets into the profile, too.

## How to fix
Use your own address for your own accounts. Take the district's off the page.

## What it cannot see
With which address the account was opened. What stands inside pictures.
"""

import re
from collections.abc import Iterator
from typing import Final

from auditor.check import Answer, Seen, Unknown, check
from auditor.lazy_pattern import LazyPattern
from auditor.masking import Quotes
from auditor.model import Kind, Place, Reading, Severity, Sighting, Sort
from auditor.vicinity import sentence

_SORTS: Final = {"email": Sort.EMAIL, "phone": Sort.PHONE}
_CALLED: Final = {Sort.EMAIL: "email address", Sort.PHONE: "telephone number"}
_MINE: Final = LazyPattern(r"\b(?:my|me|mine|i|mi|m[ií]o|ll[aá]m[ea]me|escr[ií]beme)\b", re.IGNORECASE)
_AREA: Final = 3
_LOCAL: Final = 7
_LONG: Final = 10


@check(reads=Reading, severity=Severity.MODERATE, kinds=frozenset({Kind.PERSONAL}))
def district_contact(seen: Seen[Reading]) -> Iterator[Answer]:
    wanted = [word for word in _SORTS if word in (seen.words("forbids") or _SORTS)]
    known = {"email": seen.district.email_domains, "phone": seen.district.phones}
    for word in wanted:
        if not known[word] and any(s.sort is _SORTS[word] for s in seen.subject.sightings):
            yield Unknown(f"the configuration does not say {_UNKNOWN[word]} under [district]")
    quotes = Quotes(seen.subject, seen.today)
    sorts = {_SORTS[word] for word in wanted}
    for contact in seen.subject.sightings:
        passage = seen.subject.document.passages[contact.passage]
        if contact.sort in sorts and passage.place is not Place.COMMENT and _is_districts(seen, contact):
            yield _shown(seen, contact, quotes)


_UNKNOWN: Final = {
    "email": "which email addresses are the district's; add email_domains",
    "phone": "which telephone numbers are the district's; add phones",
}


def _value(seen: Seen[Reading], contact: Sighting) -> str:
    return seen.subject.document.passages[contact.passage].text[contact.start : contact.end].casefold()


def _is_districts(seen: Seen[Reading], contact: Sighting) -> bool:
    """Whether it is the district's by its domain or leading digits: an owner's private address is on record as well."""
    if not contact.ours:
        return False
    value = _value(seen, contact)
    if contact.sort is Sort.EMAIL:
        plain = re.sub(r"[\s()\[\]{}<>]|%20", "", value).replace("dot", ".")
        domains = (domain.casefold().strip().lstrip("@.").replace("dot", ".") for domain in seen.district.email_domains)
        return any(domain and plain.endswith(domain) for domain in domains)
    digits = re.sub(r"\D", "", value)[-_LONG:]
    starts = [start for phone in seen.district.phones if (start := re.sub(r"\D", "", phone.removeprefix("+1")))]
    if len(digits) < _LONG:
        return any(digits.startswith((start, start[_AREA:] or "-")) for start in starts)
    return any(
        digits.startswith(start) or (len(start) == _LOCAL and digits[_AREA:].startswith(start)) for start in starts
    )


def _shown(seen: Seen[Reading], contact: Sighting, quotes: Quotes) -> Answer:
    """Certain on the profile itself, and wherever it is called the owner's; a post may give the office's for others."""
    document = seen.subject.document
    text = document.passages[contact.passage].text
    around = sentence(text, contact.start, contact.end).of(text)
    own = _value(seen, contact) == seen.account.owner_email.casefold() or _MINE.search(around) is not None
    certain = own or (document.depth == 0 and contact.form != "toll-free")
    answer = seen.fail if certain else seen.review
    return answer(
        contact.masked,
        identity=contact.token,
        excerpt=quotes.of(contact),
        advice=f"Ask the owner to take the district's {_CALLED[contact.sort]} off and use a private one.",
        confidence=min(contact.confidence, 0.95 if certain else 0.5),
    )
