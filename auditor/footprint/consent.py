"""What a person agrees to, source by source. The texts are data with a version; a yes to an older text is no yes."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib.resources import files

from auditor.footprint.person import Consent, Person


@dataclass(frozen=True, slots=True)
class Source:
    """Something that a scan may do. `asks` is the question, `sends` what leaves the computer, in words.

    `default` is what an empty answer means. Sensitive things are "no". `needs` is the environment variable of a key
    without which nobody is asked; "" where there is none. `within` is the source that it is a part of.
    """

    id: str
    version: str
    title: str
    asks: str
    sends: str
    default: str = "yes"
    needs: str = ""
    within: str = ""

    @property
    def is_at_hand(self) -> bool:
        """Whether it can be used here, so that the question makes sense."""
        return not self.needs or bool(os.environ.get(self.needs) or os.environ.get(f"{self.needs}_FILE"))


@cache
def sources() -> Mapping[str, Source]:
    """Every source by its id, in the order in which they are asked about."""
    rows = tomllib.loads(files("auditor.footprint").joinpath("consent.toml").read_text("utf-8"))["sources"]
    return {row["id"]: Source(**row) for row in rows}


def agree(person: Person, source: str, now: datetime) -> Person:
    """With a yes to that source as it is worded today."""
    given = Consent(source, sources()[source].version, now.isoformat(timespec="seconds"))
    others = tuple(consent for consent in person.consents if consent.source != source)
    return replace(person, consents=(*others, given))


def current(person: Person, source: str) -> bool:
    """Whether that source is agreed to, in the words of today."""
    known = sources().get(source)
    return known is not None and any(c.source == source and c.text == known.version for c in person.consents)


def withdraw(person: Person, source: str) -> Person:
    """Without the yes to that source and to its parts, and without all that came of them."""
    for part in sources().values():
        if part.within == source and person.agreed(part.id):
            person = withdraw(person, part.id)
    left = tuple(consent for consent in person.consents if consent.source != source)
    last, known, answers = person.last, person.known, person.answers
    if last is not None:
        kept = last.without(source)
        gone = last.ids - kept.ids
        known = tuple(name for name in known if name not in gone)
        answers = {name: answer for name, answer in answers.items() if name not in gone}
        last = kept
    asked = tuple(one for one in person.asked if one != source)
    proofs = tuple(p for p in person.proofs if not (source == "export" and p.how == "export"))
    person = replace(person, consents=left, last=last, known=known, answers=answers, proofs=proofs)
    if source == "policy":
        person = replace(person, employment=None, judged_by="")
    return replace(person, asked=(*asked, source))
