"""The account does not say whose it is.

## Why it matters
Families must know who speaks to them. A page without a name could be anybody's, also a stranger's.

## How to fix
Say in the profile or on the front page who runs it, and for which school. Write the real name.

## What it cannot see
A name inside a picture, such as a banner. Whether the name that stands there is the real one.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from auditor.check import PUBLISHING, Answer, Seen, Unknown, check
from auditor.model import AccountFacts, Kind, Place, Reading, Severity, Sort

NAME, EMPLOYER, ROLE = "name", "employer", "role"
_SAID: Final = {NAME: "who runs it", EMPLOYER: "for which school or district", ROLE: "in which role"}
_OWN_WORDS: Final = frozenset({Place.BODY, Place.TITLE, Place.DESCRIPTION, Place.CAPTION, Place.TABLE, Place.ALT})
_ANY_SCHOOL: Final = frozenset(
    {"the", "of", "at", "and", "school", "schools", "elementary", "middle", "high", "junior", "senior", "primary"}
    | {"academy", "district", "public", "unified", "county", "city", "community", "area", "center", "centre", "isd"}
    | {"usd", "csd", "no", "charter", "magnet", "early", "learning"}
)
"""Words in the names of schools that name none by themselves."""
_ROLE: Final = frozenset(
    {"teacher", "teachers", "teaches", "teaching", "taught", "principal", "coach", "coaches", "counselor", "counsellor"}
    | {"librarian", "nurse", "secretary", "director", "directora", "advisor", "adviser", "superintendent", "educator"}
    | {"instructor", "paraeducator", "paraprofessional", "assistant", "staff", "specialist", "custodian", "class"}
    | {"classes", "classroom", "grade", "graders", "room", "band", "choir", "orchestra", "team", "club", "pta", "pto"}
    | {"maestro", "maestra", "profesor", "profesora", "clase", "grado"}
)
_NEAR: Final = 1
"""Clicks from the first page. Posts of a profile are one away."""
_BEGINNING: Final = 3000
_END: Final = 1500
_LONG_ENOUGH: Final = 4
"""Letters of a name that may be looked for inside a handle."""


@check(reads=AccountFacts, severity=Severity.MINOR, kinds=PUBLISHING)
def missing_identity(seen: Seen[AccountFacts]) -> Iterator[Answer]:
    notes = [note.facts for note in seen.subject.notes]
    if not notes:
        yield Unknown(seen.subject.failure or "nothing of it could be read")
        return
    profiles = [facts for facts in notes if facts["profile"]] or notes
    wanted = _wanted(seen)
    at_front = any(facts.get("front", True) for facts in notes)
    missing = [part for part in wanted if not any(facts[part] for facts in profiles)]
    if NAME in missing and not seen.account.owner.strip():
        yield Unknown("the registry does not say who owns the account; add owner to it")
        missing.remove(NAME)
    if missing and not at_front:
        yield Unknown("its first page or profile could not be read")
    elif missing:
        # A role alone ("teacher") says of nobody who it is.
        yield _found(seen, missing, nothing=all(part in missing for part in wanted if part != ROLE))


@missing_identity.notes
def _read(seen: Seen[Reading]) -> Mapping[str, object] | None:
    """What the page says of whose account it is; of other pages than the first only where it says something.

    Who comes to know whose account it is looks at its front, a page of it or a post, and searches no further.
    """
    document = seen.subject.document
    if document.depth > _NEAR:
        return None
    profile = document.profile
    handle = _letters(f"{profile.handle} {profile.name}") if profile else ""
    text = _plain("\n".join(_shown(p.text, document.depth) for p in document.passages if p.place in _OWN_WORDS))
    if profile:
        text = f"{text}\n{_plain(f'{profile.name} {profile.bio}')}"
    said = frozenset(re.findall(r"\w+", text))
    facts = {
        NAME: _names(seen.account.owner, said, handle),
        EMPLOYER: _employer(seen, text, said, handle),
        ROLE: not said.isdisjoint(_ROLE),
    }
    if document.depth and not any(facts.values()):
        return None
    return {"profile": profile is not None, "front": document.depth == 0, **facts}


def _shown(text: str, depth: int) -> str:
    """The text; of a page beyond the first its beginning and end, where a site says whose it is."""
    return text if depth == 0 or len(text) <= _BEGINNING + _END else f"{text[:_BEGINNING]}\n{text[-_END:]}"


def _wanted(seen: Seen[AccountFacts]) -> list[str]:
    """What has to be said: an official account is the school's, and speaks in no person's name."""
    if seen.account.kind is Kind.OFFICIAL:
        return [EMPLOYER]
    return [part for part in _SAID if part in (seen.words("requires") or (NAME,))]


def _found(seen: Seen[AccountFacts], missing: list[str], *, nothing: bool) -> Answer:
    answer = seen.fail if nothing else seen.review
    what = " and ".join(_SAID[part] for part in missing)
    another_owner = " If somebody else runs it now, put the right owner into the registry." if NAME in missing else ""
    return answer(
        "identity",
        excerpt=f"The account does not say {what}.",
        advice=f"Ask whoever runs it to say {what}, in the profile or on the first page.{another_owner}",
        confidence=0.9 if nothing else 0.5,
    )


# ------------------------------------------------------------------------------------------------ reading


def _names(owner: str, said: frozenset[str], handle: str) -> bool:
    """Whether the owner's last name stands there, with or without a title, or in the handle."""
    words = [word for word in re.findall(r"[\w'-]+", _plain(owner)) if len(word) > 1]
    if not words:
        return False
    if said.issuperset(re.findall(r"\w+", words[-1])):
        return True
    last = _letters(words[-1])
    return len(last) >= _LONG_ENOUGH and last in handle


def _employer(seen: Seen[Reading], text: str, said: frozenset[str], handle: str) -> bool:
    """Whether the district or a school of it is named: in words, in the handle, or by an address of its own."""
    names = [seen.district.name, *(school.name for school in seen.district.schools)]
    if any(_is_named(name, text, said, handle) for name in names if name.strip()):
        return True
    if any(s.sort is Sort.EMAIL and s.ours for s in seen.subject.sightings):
        return True
    host = (urlsplit(seen.subject.document.url).hostname or "").casefold()
    own = [d.casefold().strip().lstrip("@.") for d in seen.district.email_domains]
    own += [(urlsplit(school.website).hostname or "").casefold() for school in seen.district.schools]
    own_hosts = [domain for domain in own if domain and not re.fullmatch(r"[\d.:]+|localhost", domain)]
    return any(host == domain or host.endswith(f".{domain}") for domain in own_hosts)


def _is_named(name: str, text: str, said: frozenset[str], handle: str) -> bool:
    plain, own = _parts(name)
    if plain in text or (own and own <= said):
        return True
    short = "".join(word for word in plain.split() if word in own)
    return len(short) >= _LONG_ENOUGH and short in handle


@lru_cache(1024)
def _parts(name: str) -> tuple[str, frozenset[str]]:
    """The name of a school or district, and the words of it that are its own."""
    plain = _plain(name)
    return plain, frozenset(word for word in re.findall(r"\w+", plain) if word not in _ANY_SCHOOL)


def _plain(text: str) -> str:
    """Case, accents, spaces and quotation marks as they never matter."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("’", "'")).translate(_ACCENTS)
    return "\n".join([" ".join(line.split()) for line in text.casefold().splitlines()])


_ACCENTS: Final = dict.fromkeys(range(0x300, 0x370))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", _plain(text))
