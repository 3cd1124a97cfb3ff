"""What is remembered of a person between two scans, and how it becomes the content of the sealed file and comes back.

Findings are kept for 30 days. After that only their keyed names are left: enough to say what is new, nothing to read.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from auditor.errors import Mistake
from auditor.footprint.exposure import Account, Credit, Exposure, Looked, Mine, PolicyItem, Reach, Scan, Topic, Verdict

KEPT: Final = timedelta(days=30)
VERSION: Final = 2
_NAME: Final = 20


@dataclass(frozen=True, slots=True)
class Consent:
    """A yes to one source: which text was agreed to, and when."""

    source: str
    text: str
    at: str


@dataclass(frozen=True, slots=True)
class Proof:
    """That an identifier is the person's. `how` is "code", "token" or "export"; `at` is when it was proved."""

    kind: str
    value: str = field(repr=False)
    how: str
    at: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A proof that was begun: a code that was mailed, or a token that is to stand in a profile.

    `digest` is what is kept of a code, `token` the token itself, which is no secret. `tries` counts wrong codes.
    """

    kind: str
    value: str = field(repr=False)
    digest: str = field(default="", repr=False)
    token: str = ""
    until: str = ""
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Employment:
    """Whom the person works for, as they named it on the command line: it holds until they name another one."""

    policy: str
    district: str = ""
    email_domains: tuple[str, ...] = ()


@dataclass(frozen=True)
class Person:
    """Who is looked for, what was proved and agreed to, and what the last scan found. All of it is sealed.

    `judged_by` is the name of the policy that the accounts were last held against.
    """

    key: str = field(repr=False)
    names: tuple[str, ...] = field(default=(), repr=False)
    emails: tuple[str, ...] = field(default=(), repr=False)
    handles: tuple[str, ...] = field(default=(), repr=False)
    school: str = ""
    asked: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()
    pending: tuple[Pending, ...] = ()
    consents: tuple[Consent, ...] = ()
    answers: Mapping[str, Mine] = field(default_factory=dict)
    last: Scan | None = None
    known: tuple[str, ...] = ()
    known_at: str = ""
    log: tuple[str, ...] = ()
    employment: Employment | None = None
    judged_by: str = ""

    def name(self, *parts: object) -> str:
        """The keyed name of something: equal parts, equal name; nobody without the sealed file can try one out."""
        text = "\x1f".join(map(str, parts)).encode()
        return hmac.new(bytes.fromhex(self.key), text, hashlib.sha256).hexdigest()[:_NAME]

    def proved(self, kind: str) -> tuple[str, ...]:
        """The identifiers of that kind that are surely the person's."""
        return tuple(proof.value for proof in self.proofs if proof.kind == kind)

    def agreed(self, source: str) -> bool:
        """Whether that source was agreed to."""
        return any(consent.source == source for consent in self.consents)

    def noted(self, words: str, now: datetime) -> "Person":
        """With one more line in the log that the person can read: what was done, and when."""
        return replace(self, log=(*self.log[-199:], f"{now:%Y-%m-%d %H:%M} {words}"))

    def scanned(self, scan: Scan) -> "Person":
        """With the scan as the last one, after the one before; of that one, the names of what it found."""
        earlier = self.last
        if earlier is None:
            return replace(self, last=scan.after(None))
        known = tuple(sorted(earlier.ids))
        return replace(self, last=scan.after(earlier), known=known, known_at=earlier.at.isoformat())

    def aged(self, now: datetime) -> "Person":
        """Without findings that are older than they may be kept."""
        if self.last is None:
            return self
        if now - self.last.at > KEPT:
            return replace(self, last=None, known=tuple(sorted(self.last.ids)), known_at=self.last.at.isoformat())
        return replace(self, last=self.last.since(now - KEPT))


def new() -> Person:
    """Nobody yet, with a key of their own."""
    return Person(secrets.token_hex(32))


# ------------------------------------------------------------------------------------------------ to and fro


def dumped(person: Person) -> Mapping[str, Any]:
    """The person as plain JSON values."""
    return {"version": VERSION, **_plain(asdict(person))}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def read(kept: Mapping[str, Any]) -> Person:
    """The person that `dumped` wrote. A `Mistake` where another version of the program did."""
    if kept.get("version") != VERSION:
        raise Mistake("what is kept of you was written by another version of auditor; delete it and begin anew")
    return Person(
        key=kept["key"],
        names=tuple(kept["names"]),
        emails=tuple(kept["emails"]),
        handles=tuple(kept["handles"]),
        school=kept["school"],
        asked=tuple(kept["asked"]),
        proofs=tuple(Proof(**row) for row in kept["proofs"]),
        pending=tuple(Pending(**row) for row in kept["pending"]),
        consents=tuple(Consent(**row) for row in kept["consents"]),
        answers={key: Mine(value) for key, value in kept["answers"].items()},
        last=_scan(kept["last"]) if kept["last"] else None,
        known=tuple(kept["known"]),
        known_at=kept["known_at"],
        log=tuple(kept["log"]),
        employment=_employment(kept["employment"]),
        judged_by=kept["judged_by"],
    )


def _employment(row: Mapping[str, Any] | None) -> Employment | None:
    return Employment(row["policy"], row["district"], tuple(row["email_domains"])) if row else None


def _scan(row: Mapping[str, Any]) -> Scan:
    return Scan(
        at=datetime.fromisoformat(row["at"]),
        exposures=tuple(_exposure(one) for one in row["exposures"]),
        looked=tuple(Looked(**{**one, "verdict": Verdict(one["verdict"])}) for one in row["looked"]),
        policy=tuple(PolicyItem(**one) for one in row["policy"]),
        accounts=tuple(Account(**one) for one in row["accounts"]),
        credits=tuple(Credit(**one) for one in row["credits"]),
        dates={place: datetime.fromisoformat(at) for place, at in row["dates"].items()},
    )


def _exposure(row: Mapping[str, Any]) -> Exposure:
    since = date.fromisoformat(row["since"]) if row["since"] else None
    return Exposure(**{**row, "topic": Topic(row["topic"]), "reach": Reach(row["reach"]), "since": since})
