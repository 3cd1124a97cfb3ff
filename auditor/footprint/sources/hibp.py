"""Have I Been Pwned: which data leaks held an address. It gets the first six characters of the address's SHA-1, which
thousands of addresses share, and answers with all of them; the right one is picked out here.
"""

import hashlib
from collections.abc import Iterator
from typing import Final

from auditor.footprint.exports.values import loaded, text
from auditor.footprint.exposure import Exposure, Reach, Topic
from auditor.footprint.person import Person
from auditor.footprint.shown import Name
from auditor.footprint.sources.source import NotUnderstood, Question, Source, Told
from auditor.masking import mask_email

_ID: Final = "hibp"
_PREFIX: Final = 6
_MOST_NAMES: Final = 20


def _hashed(address: str) -> str:
    return hashlib.sha1(address.strip().lower().encode(), usedforsecurity=False).hexdigest().upper()


def _questions(person: Person) -> Iterator[Question]:
    for address in person.proved("email"):
        prefix = _hashed(address)[:_PREFIX]
        yield Question(f"/api/v3/breachedaccount/range/{prefix}", f"Data leaks with {mask_email(address)}", address)


def _read(question: Question, body: bytes, name: Name) -> Told:
    entries = loaded(body)
    if not isinstance(entries, list):
        raise NotUnderstood
    suffix = _hashed(question.value)[_PREFIX:]
    names: list[str] = []
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("hashSuffix"), str):
            raise NotUnderstood
        if entry["hashSuffix"].upper() == suffix:
            sites = entry.get("websites")
            names = [text(site) for site in sites if text(site)] if isinstance(sites, list) else []
    if not names:
        return Told(why="No leak that it knows of held this address.")
    leaks = f"{len(names)} data leak{'s' if len(names) > 1 else ''}"
    listed = ", ".join(sorted(names)[:_MOST_NAMES])
    told = f"An email address of yours was in {leaks}."
    key = name(_ID, question.value)
    found = Exposure(
        key, _ID, _ID, Topic.BREACH, told, Reach.EVERYBODY, listed, "https://haveibeenpwned.com/", count=len(names)
    )
    return Told((found,), f"It was in {leaks}.", "Data leaks: Have I Been Pwned, haveibeenpwned.com, CC BY 4.0.")


SOURCE: Final = Source(
    _ID,
    "https://haveibeenpwned.com",
    _questions,
    _read,
    none="No leak that it knows of held this address.",
    key="AUDITOR_HIBP_KEY",
    header="hibp-api-key",
)
