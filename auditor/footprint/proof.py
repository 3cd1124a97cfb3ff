"""That an identifier is surely the person's. Nothing is asked of anybody about an identifier that is not proved.

An address: a code of six digits is mailed to it, good for ten minutes and five tries; only its digest is kept. A
handle: a token stands in the text of a profile with that handle, or in a `rel="me"` link of it. Either: the account's
own data export carries it.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import unquote, urlsplit

from auditor.footprint.exports.export import Export, Sort
from auditor.footprint.person import Pending, Person, Proof
from auditor.model import Document

EMAIL: Final = "email"
HANDLE: Final = "handle"

GOOD_FOR: Final = timedelta(minutes=10)
TRIES: Final = 5
PAUSE: Final = timedelta(minutes=1)
"""Between two codes to one address."""

SUBJECT: Final = "Your code"
LETTER: Final = """\
Your code is {code}

Type it where you began your private self-scan. It is good for ten minutes.

You did not begin one? Then somebody typed your address by mistake. Do nothing: without the code nothing happens.
"""
NOTICE_SUBJECT: Final = "Your self-scan ran"
NOTICE: Final = """\
A private self-scan that knows this address as yours ran just now.

The result lies on the computer where it was begun, sealed with your passphrase. It was sent to nobody.

That was not you? Then change the password of this mailbox, and tell your technology director.
"""


def has_code(person: Person, address: str, now: datetime) -> bool:
    """Whether a code was mailed to that address that is good still: it may take a while to come."""
    pending = _pending(person, EMAIL, address)
    return pending is not None and pending.tries < TRIES and now <= datetime.fromisoformat(pending.until)


def is_soon(person: Person, address: str, now: datetime) -> bool:
    """Whether the last code was mailed to that address so short a time ago that no other one is mailed yet."""
    pending = _pending(person, EMAIL, address)
    return pending is not None and datetime.fromisoformat(pending.until) - GOOD_FOR + PAUSE > now


def begin_code(person: Person, address: str, now: datetime) -> tuple[Person, str]:
    """The person with a code pending for that address, and the code, to be mailed and forgotten."""
    code = f"{secrets.randbelow(10**6):06}"
    until = (now + GOOD_FOR).isoformat(timespec="seconds")
    return _with(person, Pending(EMAIL, address, digest=_digest(person, address, code), until=until)), code


def enter_code(person: Person, address: str, typed: str, now: datetime) -> tuple[Person, str]:
    """The person with the address proved, or with one try less; and what was wrong, "" when it was right."""
    pending = _pending(person, EMAIL, address)
    if pending is None or pending.tries >= TRIES or now > datetime.fromisoformat(pending.until):
        return person, "That code is no longer good. Ask for a new one."
    digits = "".join(c for c in typed if c.isdigit())
    if hmac.compare_digest(pending.digest, _digest(person, address, digits)):
        return proved(person, EMAIL, address, "code", now), ""
    left = TRIES - pending.tries - 1
    spent = _with(person, replace(pending, tries=pending.tries + 1))
    return spent, f"That is not the code. {left} {'try is' if left == 1 else 'tries are'} left."


def begin_token(person: Person, handle: str) -> tuple[Person, str]:
    """The person with a token pending for that handle, and the token: the same one each time it is asked for."""
    pending = _pending(person, HANDLE, handle)
    token = pending.token if pending else f"auditor-{secrets.token_hex(8)}"
    return _with(person, Pending(HANDLE, handle, token=token)), token


def find_token(person: Person, handle: str, page: Document, now: datetime) -> tuple[Person, str]:
    """The person with the handle proved, where the page is of that handle and carries its token; else why not."""
    pending = _pending(person, HANDLE, handle)
    if pending is None:
        return person, "There is no token for this handle yet."
    if not _names(handle, page.url):
        return person, "The address of that page does not carry the handle."
    in_text = any(pending.token in passage.text for passage in page.passages)
    in_link = any(pending.token in link.url and "me" in link.rel for link in page.links)
    if not (in_text or in_link):
        return person, "The token is not there yet, or only people who are logged in can see it."
    return proved(person, HANDLE, handle, "token", now), ""


def by_export(person: Person, export: Export, now: datetime) -> Person:
    """The person with what this export proves: addresses and handles of theirs that it carries."""
    for address in carried(person.emails, export.recorded(Sort.EMAIL)):
        person = proved(person, EMAIL, address, "export", now)
    for handle in carried(person.handles, export.handles):
        person = proved(person, HANDLE, handle, "export", now)
    return person


def is_theirs(person: Person, export: Export) -> bool:
    """Whether the export is of an account of this person: it carries an address, a handle or a name of theirs.

    One that carries none at all cannot be told from anybody's, and is taken for what its owner says it is.
    """
    there = (*export.recorded(Sort.EMAIL), *export.handles, *export.names)
    return not there or bool(carried((*person.emails, *person.handles, *person.names), there))


def carried(own: Iterable[str], there: Iterable[str]) -> list[str]:
    """Those of the first that are among the second; case, spaces and a leading @ never matter."""
    known = {_plain(value) for value in there}
    return [value for value in own if _plain(value) in known]


def proved(person: Person, kind: str, value: str, how: str, now: datetime) -> Person:
    """The person with that identifier proved; nothing is pending for it any more."""
    if value in person.proved(kind):
        return person
    pending = tuple(one for one in person.pending if (one.kind, one.value) != (kind, value))
    given = Proof(kind, value, how, now.isoformat(timespec="seconds"))
    return replace(person, pending=pending, proofs=(*person.proofs, given))


def _pending(person: Person, kind: str, value: str) -> Pending | None:
    return next((one for one in person.pending if (one.kind, one.value) == (kind, value)), None)


def _with(person: Person, pending: Pending) -> Person:
    others = tuple(one for one in person.pending if (one.kind, one.value) != (pending.kind, pending.value))
    return replace(person, pending=(*others, pending))


def _digest(person: Person, address: str, code: str) -> str:
    return hashlib.scrypt(code.encode(), salt=bytes.fromhex(person.key) + address.encode(), n=2**12, r=8, p=1).hex()


def _names(handle: str, url: str) -> bool:
    """Whether host or path of the address carry the handle as a word of its own. What stands behind a "?" or "#"
    anybody may write there, and the page stays the same."""
    parts = urlsplit(url)
    place = f"{parts.hostname or ''}{unquote(parts.path)}"
    return re.search(rf"(?<![\w.-]){re.escape(_plain(handle))}(?![\w-])", place.casefold()) is not None


def _plain(value: str) -> str:
    return " ".join(value.casefold().lstrip("@").split())
