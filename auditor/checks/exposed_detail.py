"""A profile shows a number, a birthday, a home or a family to strangers.

## Why it matters
Such details are enough to take over an account, or to find somebody's home. They belong to friends.

## How to fix
Open the privacy settings and hide the detail, or take it out of the text.

## What it cannot see
What friends see. Details inside pictures.
"""

import re
from collections.abc import Iterator

from auditor.check import WORTH_ASKING, Breach, Seen, check
from auditor.lazy_pattern import LazyPattern
from auditor.masking import MASK, Quotes, excerpt
from auditor.model import Kind, Place, Reading, Severity, Sighting, Sort
from auditor.outlets.platforms import name_of, setting
from auditor.vicinity import names_an_organisation, sentence

EVERYTHING = ("phone", "email", "birthday", "address", "family", "friends", "location")
SORTS = {Sort.EMAIL: "email", Sort.PHONE: "phone", Sort.ADDRESS: "address"}
OWN_WORDS = frozenset({Place.BODY, Place.DESCRIPTION, Place.CAPTION, Place.TABLE})

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
)
_YEAR = r"(?:(?:st|nd|rd|th)?,? (?:de )?\d{4}|[/.-]\d{2,4})"
_DAY = rf"(?:{_MONTH}\.? \d{{1,2}}|\d{{1,2}}(?: de)? {_MONTH}|\d{{1,2}}[/.-]\d{{1,2}}){_YEAR}?"
_NAME = r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?"
_RELATIVE = (
    r"(?i:husband|wife|spouse|partner|fianc[eé]e?|sons?|daughters?|kids|children|child|mother|mom|father|dad|brother"
    r"|sister"
    r"|twins|bab(?:y|ies)|esposa?|esposo|marido|hij[oa]s?|mam[aá]|pap[aá]|herman[oa])"
)


_FOND = r"(?i:dear|lovely|beautiful|amazing|wonderful|oldest|youngest|little|two|three|four|twin|late)"

TOLD = {
    "birthday": LazyPattern(
        rf"(?:\b(?:(?:my|mi) (?:birthday|birth date|cumplea[nñ]os|fecha de nacimiento)|i was born|i'm born|nac[ií])"
        rf"|^\W*born|(?:^|[.!?;|•·]\s+)\W*(?:birthday|date of birth|dob|cumplea[nñ]os|fecha de nacimiento))\b"
        rf"[^\n.!?]{{0,12}}?"
        rf"(?P<value>{_DAY})",
        re.IGNORECASE | re.MULTILINE,
    ),
    "family": LazyPattern(
        rf"\b(?i:my|our|mi|mis|nuestr[oa]s?) (?:{_FOND} )*{_RELATIVE}(?:,| is| are|:| named| called| se llaman?)?"
        rf" (?P<value>{_NAME})"
        r"|\b(?i:married to|wife of|husband of|(?:mom|mother|dad|father) (?:of|to)|casad[oa] con|spouse:)"
        rf" (?P<other>{_NAME})"
    ),
    "friends": LazyPattern(
        r"\b(?:friends|amigos) ?\((?P<value>\d[\d,]*)\)|\b\d[\d,]* (?:mutual friends|amigos en com[uú]n)\b"
        r"|^\W*\d[\d,]* (?:friends|amigos)\W*$|^\W*(?:friends list|lista de amigos)\b",
        re.IGNORECASE | re.MULTILINE,
    ),
    "location": LazyPattern(
        r"(?:\b(?i:checked in (?:at|to)|i live (?:in|on|near)|home ?town:?|vivo en)|^\W*(?i:lives in|vive en)|📍)"
        rf" ?(?P<value>{_NAME})",
        re.MULTILINE,
    ),
}
"""How a text tells a detail in words; `value` and `other` are what of it must not be shown again."""
IN_A_BIO = {"birthday": LazyPattern(rf"[.!?;,|•·]\s+\W*born\b[^\n.!?]{{0,12}}?(?P<value>{_DAY})", re.IGNORECASE)}
"""What tells it of the owner where they speak of themselves; elsewhere it may be about anybody."""

_MINE = LazyPattern(
    r"\b(?:my|me|mine|i|mi|m[ií]o|cell|mobile|home|ll[aá]m[ea]me|escr[ií]beme|celular|casa)\b", re.IGNORECASE
)
_OURS = re.compile(r"\b(?:us|our|we|nos|nuestr[oa]s?)\b", re.IGNORECASE)
_AT_HOME = LazyPattern(r"\b(?:home|house|live|address|mail me|send|vivo|casa|domicilio|direcci[oó]n)\b", re.IGNORECASE)


@check(reads=Reading, severity=Severity.MODERATE, kinds=frozenset({Kind.PERSONAL}))
def exposed_detail(seen: Seen[Reading]) -> Iterator[Breach]:
    hidden = frozenset(seen.words("hidden") or EVERYTHING)
    quotes = Quotes(seen.subject, seen.today)
    for contact in seen.subject.sightings:
        if SORTS.get(contact.sort) in hidden and contact.confidence >= WORTH_ASKING:
            yield from _contact(seen, contact, quotes)
    for detail, pattern in TOLD.items():
        if detail in hidden:
            yield from _told(seen, detail, pattern)
    yield from _set(seen, hidden)


def _contact(seen: Seen[Reading], contact: Sighting, quotes: Quotes) -> Iterator[Breach]:
    """The owner's own number or address, by what stands beside it or because it is the profile's only text."""
    document = seen.subject.document
    passage = document.passages[contact.passage]
    if contact.ours or contact.students or contact.form == "toll-free" or passage.place not in OWN_WORDS:
        return
    around = sentence(passage.text, contact.start, contact.end).of(passage.text)
    mine = _MINE.search(around) is not None
    somebody_elses = names_an_organisation(around) or (_OURS.search(around) is not None and not mine)
    if contact.sort is Sort.ADDRESS:
        certain = _AT_HOME.search(around) is not None and not somebody_elses
    else:
        certain = (contact.form == "mailbox" or mine) and not somebody_elses
    if not certain and (somebody_elses or document.depth > 0):
        return
    answer = seen.fail if certain else seen.review
    yield answer(
        contact.masked,
        identity=contact.token,
        excerpt=quotes.of(contact),
        advice=_hide(seen, f"this {SORTS[contact.sort]} from strangers."),
        confidence=min(contact.confidence, 0.9 if certain else 0.5),
    )


def _told(seen: Seen[Reading], detail: str, pattern: LazyPattern) -> Iterator[Breach]:
    """The first place where a page tells the detail."""
    patterns = [pattern]
    if seen.subject.document.profile is not None and detail in IN_A_BIO:
        patterns.append(IN_A_BIO[detail])
    for n, passage in enumerate(seen.subject.document.passages):
        found = (one.search(passage.text) for one in patterns if passage.place in OWN_WORDS)
        match = next(filter(None, found), None)
        if match is None:
            continue
        beside = [s for s in seen.subject.sightings if s.passage == n]
        yield seen.fail(
            detail,
            excerpt=excerpt(passage.text, beside, _sighting(n, match), day=seen.today),
            advice=_hide(seen, f"this from strangers: {detail}."),
            confidence=0.85,
        )
        return


def _hide(seen: Seen[Reading], what: str) -> str:
    """What to do about a text that tells it; of a profile's own, where that is written."""
    where = "" if seen.subject.document.profile is None else setting(seen.account.platform, "details")
    return f"Ask the owner to hide {what} {where}".strip()


def _set(seen: Seen[Reading], hidden: frozenset[str]) -> Iterator[Breach]:
    """What the platform itself tells strangers, by the profile's own settings and fields."""
    profile = seen.subject.document.profile
    if profile is None:
        return
    where = name_of(seen.account.platform)
    if "friends" in hidden and profile.hides_network is False:
        yield seen.fail(
            "friends",
            excerpt=f"{where} shows strangers whom this account follows, and who follows it.",
            advice=f"Ask the owner to hide these lists. {setting(seen.account.platform, 'friends')}".strip(),
            confidence=0.9,
        )
    if "location" in hidden and _is_a_home(seen, profile.location):
        yield seen.review(
            "location",
            excerpt=f"The profile on {where} has a place in its own field for it.",
            advice=f"Ask whether the owner lives there. {setting(seen.account.platform, 'details')}".strip(),
        )


_A_COUNTRY = 3
"""Letters of a country's code, which tells of no home."""


def _is_a_home(seen: Seen[Reading], location: str) -> bool:
    """Whether a place may be somebody's home: it is neither a school's name nor the district's."""
    place = location.casefold().strip()
    names = [seen.district.name, *(school.name for school in seen.district.schools)]
    return len(place) > _A_COUNTRY and not any(place in name.casefold() or name.casefold() in place for name in names)


def _sighting(passage: int, match: re.Match[str]) -> Sighting:
    """What of a told detail must not be shown again."""
    group = next((name for name, value in match.groupdict().items() if value), 0)
    return Sighting(Sort.PERSON, passage, match.start(group), match.end(group), MASK, "")
