"""GitHub: what the public profile of a handle shows, by its open interface."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from auditor.footprint.exports.values import loaded, moment, table, text
from auditor.footprint.exposure import Exposure, Reach, Topic
from auditor.footprint.person import Person
from auditor.footprint.shown import Name
from auditor.footprint.sources.source import NotUnderstood, Question, Source, Told
from auditor.masking import mask_email

_ID: Final = "github"


def _questions(person: Person) -> Iterator[Question]:
    for handle in person.proved("handle"):
        yield Question(f"/users/{quote(handle, safe='')}", f"GitHub profile of {handle}", handle)


def _read(question: Question, body: bytes, name: Name) -> Told:
    profile = table(loaded(body))
    if text(profile.get("login")).casefold() != question.value.casefold():
        raise NotUnderstood
    url, made = text(profile.get("html_url")), moment(profile.get("created_at"))

    def exposure(topic: Topic, told: str, evidence: str = "") -> Exposure:
        since = made.date() if made and topic is Topic.ACCOUNT else None
        # A handle that is proved somewhere else may be somebody else's here.
        key = name(_ID, question.value, topic)
        return Exposure(key, _ID, _ID, topic, told, Reach.EVERYBODY, evidence, url, since, proved=False)

    shown = [word for key, word in _SHOWN.items() if text(profile.get(key))]
    found = [exposure(Topic.ACCOUNT, f"An account with your handle answers at GitHub. It shows: {_listed(shown)}.")]
    if address := text(profile.get("email")):
        found.append(exposure(Topic.EMAIL, "That GitHub profile shows an email address.", mask_email(address)))
    if text(profile.get("location")):
        found.append(exposure(Topic.TOWN, "That GitHub profile tells where its owner lives."))
    return Told(tuple(found), "An account with this handle is there.")


_SHOWN: Final = {
    "name": "name",
    "bio": "text",
    "company": "employer",
    "blog": "website",
    "twitter_username": "X handle",
}


def _listed(shown: list[str]) -> str:
    return ", ".join(shown) or "the handle alone"


SOURCE: Final = Source(_ID, "https://api.github.com", _questions, _read, none="No account has this handle.")
