"""Gravatar: the public profile that hangs on an email address. It is asked by a SHA-256 hash, never by the address."""

import hashlib
from collections.abc import Iterator
from typing import Final

from auditor.footprint.exports.values import loaded, rows, table, text
from auditor.footprint.exposure import Exposure, Reach, Topic
from auditor.footprint.person import Person
from auditor.footprint.shown import Name
from auditor.footprint.sources.source import NotUnderstood, Question, Source, Told
from auditor.masking import mask_email

_ID: Final = "gravatar"


def _questions(person: Person) -> Iterator[Question]:
    for address in person.proved("email"):
        hashed = hashlib.sha256(address.strip().lower().encode()).hexdigest()
        yield Question(f"/v3/profiles/{hashed}", f"Gravatar for {mask_email(address)}", address)


def _read(question: Question, body: bytes, name: Name) -> Told:
    profile = table(loaded(body))
    if not text(profile.get("hash")) and not text(profile.get("profile_url")):
        raise NotUnderstood
    url = text(profile.get("profile_url"))

    def exposure(topic: Topic, told: str, count: int = 1) -> Exposure:
        key = name(_ID, question.value, topic)
        return Exposure(key, _ID, _ID, topic, told, Reach.EVERYBODY, question.what, url, count=count)

    shown = [
        key for key in ("display_name", "description", "job_title", "company", "avatar_url") if text(profile.get(key))
    ]
    found = [exposure(Topic.PROFILE, f"A public Gravatar profile hangs on your email address: {_listed(shown)}.")]
    if text(profile.get("location")):
        found.append(exposure(Topic.TOWN, "Your Gravatar profile tells where you live."))
    accounts = rows(profile.get("verified_accounts"))
    if accounts:
        found.append(exposure(Topic.ACCOUNT, "Your Gravatar profile links to other accounts of yours.", len(accounts)))
    if rows(profile.get("contact_info")) or table(profile.get("contact_info")):
        found.append(exposure(Topic.EMAIL, "Your Gravatar profile shows contact data."))
    return Told(tuple(found), "A public profile is there.")


_WORDS: Final = {
    "display_name": "name",
    "description": "text",
    "job_title": "job",
    "company": "employer",
    "avatar_url": "picture",
}


def _listed(shown: list[str]) -> str:
    return ", ".join(_WORDS[key] for key in shown) or "nothing filled in"


SOURCE: Final = Source(
    _ID, "https://api.gravatar.com", _questions, _read, none="No public profile hangs on this address."
)
