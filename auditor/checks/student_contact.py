"""A student's home address, phone number or e-mail can be read here.

## Why it matters
A stranger can use it to reach a child with no adult in between. No family wants to find it online.

## How to fix
Take it down today. Give the school's own number or address where people need one.

## What it cannot see
Contact data inside pictures. Data that stands far away from the student's name and is not in the roster.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.check import A_WHOLE_TABLE, CERTAIN, NO_ROSTER, WORTH_ASKING, Answer, Breach, Seen, Unknown, check
from auditor.lazy_pattern import LazyPattern
from auditor.masking import Quotes
from auditor.model import Reading, Severity, Sighting, Sort
from auditor.vicinity import (
    Named,
    Stretch,
    above,
    adults,
    in_a_table,
    line,
    names_an_organisation,
    row,
    sentence,
    titled,
)

SORTS = {"email": Sort.EMAIL, "phone": Sort.PHONE, "address": Sort.ADDRESS}
_A_CARD = 70
"""A line of at most so many characters may belong to the name on the line above it."""
_AN_ENTRY = 200
_LINES_OF_AN_ENTRY = 3
"""What is longer is no entry of a list of addresses."""
_A_LABEL = 3
"""So many words may stand before it: "Home phone:"."""
_NEAR = 60
_WHOLE_NUMBER = 10
"""So many digits a telephone number has with its area code."""
_VERY_NEAR = 30
"""So near a lone first name is worth asking about."""

_HOME = LazyPattern(
    r"\b(?:address|liv(?:es?|ing)|home|house|resid(?:es?|ing)|mail|send|write to|vive|domicilio|direcci[oó]n|casa)\b",
    re.IGNORECASE,
)
_AT_HOME = LazyPattern(r"\bat home\b|\bhome (?:phone|number)\b|\b(?:a|en) (?:su )?casa\b", re.IGNORECASE)
"""Where nobody is reached who is asked about a school's affairs."""
_FAMILY = LazyPattern(
    r"\b(?:mother|father|mom|mum|dad|parents?|guardians?|grand\w+|aunt|uncle|brother|sister|famil(?:y|ies)"
    r"|madre|padre|mam[aá]|pap[aá]|padres|abuel[oa]|t[ií][oa]|herman[oa]|familia|tutor[a]?)\b",
    re.IGNORECASE,
)
_TO_BE_ASKED = LazyPattern(
    r"\b(?:contact|call|e-?mail|text|see|ask|reach|message|write(?: to)?|rsvp to|questions\?"
    r"|llam[ea]n? a|contacten? a|escrib[ae]n? a)\s*:?\s*$",
    re.IGNORECASE,
)
"""Whom readers are told to turn to is hardly ever a student."""
_LABELS = LazyPattern(
    r"(?:\b(?:home|cell|mobile|phone|tel|telephone|e-?mail|address|lives at|student|name|parents?|grade \d{1,2}|casa"
    r"|tel[eé]fono|correo|direcci[oó]n|domicilio)\b|[\W\d_]|\b[hcmpt]\b)*",
    re.IGNORECASE,
)
"""What else stands in an entry of a list of addresses."""
_EVENT = LazyPattern(
    r"\b(?:recitals?|concerts?|part(?:y|ies)|games?|sales?|fund-?raisers?|shows?|open house|events?|join us|when|where"
    r"|performances?|exhibits?|exhibitions?|ceremony|lessons?|studio|noon|\d{1,2}(?::\d\d)? ?[ap]\.?m"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|fiesta|concierto|venta|lunes|martes|mi[eé]rcoles|jueves|viernes"
    r"|s[aá]bado|domingo)\b",
    re.IGNORECASE,
)
"""Words of an event that may take place where a line beside them says."""

_SURNAME_FIRST = LazyPattern(r"(?<!\w)([^\W\d_][\w'’-]{3,24}),\s*$")


@dataclass(frozen=True, slots=True)
class Reachable:
    """Contact data that is a student's, or may be; `certain` where nothing about it is in doubt."""

    contact: Sighting
    confidence: float
    certain: bool
    in_a_row: bool = False


@check(reads=Reading, severity=Severity.CRITICAL)
def student_contact(seen: Seen[Reading]) -> Iterator[Answer]:
    if "roster" not in seen.known:
        yield Unknown(NO_ROSTER)
    forbidden = {SORTS[word] for word in seen.words("forbids") or SORTS if word in SORTS}
    contacts = [s for s in seen.subject.sightings if s.sort in forbidden and s.confidence >= WORTH_ASKING]
    if not contacts:
        return
    people = _People(seen)
    found = [reachable for s in contacts if (reachable := _reachable(seen, s, people))]
    quotes = Quotes(seen.subject, seen.today)
    for certain in (True, False):
        alike = [r for r in found if r.certain is certain]
        once = {r.contact.token: r for r in alike if r.in_a_row}
        rows, _ = in_a_table(seen.subject, ((r, r.contact) for r in once.values()), A_WHOLE_TABLE)
        if rows:
            yield _table(seen, rows, quotes)
            alike = [r for r in alike if not r.in_a_row]
        yield from (_breach(seen, r, quotes) for r in alike)


class _People:
    """Who is named in a document: students of the roster, strangers who may be students, lone first names."""

    def __init__(self, seen: Seen[Reading]) -> None:
        self.likely = Named(seen.subject, WORTH_ASKING, (Sort.STUDENT, Sort.PERSON))
        self._any = Named(seen.subject, 0.0)
        self._full = Named(seen.subject, 0.0, (Sort.STUDENT, *SORTS.values()))
        owners = (seen.account.owner, *(school.principal for school in seen.district.schools))
        adults_here = (*owners, *(person.name for person in seen.district.staff))
        self._adults = {word for name in adults_here for word in name.casefold().split()}
        self._texts = [passage.text for passage in seen.subject.document.passages]

    def beside(self, contact: Sighting, where: Stretch, *, in_a_row: bool) -> list[Sighting]:
        """Those whose the contact may be, out of its row or sentence."""
        named = [s for s in self.likely.within(contact.passage, where) if self._is_possible(s)]
        return named or [
            s
            for s in self._any.within(contact.passage, where)
            if s.form == "first"
            and len(s.students) == 1
            and (in_a_row or _gap(s, contact) <= _VERY_NEAR)
            and self._text(s).casefold() not in self._adults
            and (not self._is_to_be_asked(s) or _AT_HOME.search(where.of(self._texts[s.passage])))
            and not self._is_of_another_family(s, contact)
        ]

    def standing_in(self, passage: int, around: Stretch) -> list[Sighting]:
        """Full names of students and contact data in a stretch."""
        return [s for s in self._full.within(passage, around) if s.form != "first"]

    def _is_possible(self, named: Sighting) -> bool:
        return named.sort is Sort.STUDENT or not self._is_to_be_asked(named)

    def _is_to_be_asked(self, named: Sighting) -> bool:
        return _TO_BE_ASKED.search(self._texts[named.passage][max(0, named.start - 20) : named.start]) is not None

    def _is_of_another_family(self, named: Sighting, contact: Sighting) -> bool:
        """Whether a last name that is not the student's stands before it, and in the mailbox: "Roe, Jane jroe@..."."""
        surname = _SURNAME_FIRST.search(self._texts[named.passage][max(0, named.start - _LONG_NAME) : named.start])
        mailbox = self._text(contact).partition("@")[0].casefold()
        return surname is not None and surname[1].casefold() in mailbox

    def _text(self, named: Sighting) -> str:
        return self._texts[named.passage][named.start : named.end]


def _reachable(seen: Seen[Reading], contact: Sighting, people: _People) -> Reachable | None:
    text = seen.subject.document.passages[contact.passage].text
    cells = row(text, contact.start, contact.end)
    if contact.students and not _is_somebody_elses(seen, contact, text):
        # A whole number on record is the student's, however it is written.
        whole = contact.sort is Sort.PHONE and _digits(text[contact.start : contact.end]) >= _WHOLE_NUMBER
        sure = whole or contact.confidence >= CERTAIN
        return Reachable(contact, CERTAIN if whole else contact.confidence, sure, in_a_row=cells is not None)
    if contact.ours or contact.form == "toll-free":
        return None
    where = cells or sentence(text, contact.start, contact.end)
    if cells is None and contact.sort is Sort.ADDRESS and _is_a_venues(text, contact, where):
        return None
    beside = people.beside(contact, where, in_a_row=cells is not None)
    if not beside:
        if _owner_of_entry(text, contact, people) is not None:
            return Reachable(contact, CERTAIN, certain=True)
        on_card = _on_a_card(text, contact, people.likely)
        return Reachable(contact, WORTH_ASKING, certain=False) if on_card else None
    known = [s for s in beside if s.sort is Sort.STUDENT and s.confidence >= CERTAIN]
    confidence = min(contact.confidence, max((s.confidence for s in known), default=WORTH_ASKING))
    # A row about a student holds the student's own data, unless it also names a teacher.
    sure = bool(known) and not titled(where.of(text))
    sure = sure and (
        cells is not None
        or _of_sentence(seen, text, contact, beside, where)
        or _owner_of_entry(text, contact, people) is not None
    )
    return Reachable(contact, confidence, sure and confidence >= CERTAIN, in_a_row=cells is not None)


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def _is_a_venues(text: str, contact: Sighting, where: Stretch) -> bool:
    """Whether a sentence speaks of where something takes place: "at the Civic Theater, 110 Center Street"."""
    before = text[max(where.start, contact.start - _NEAR) : contact.start]
    return names_an_organisation(before) and not _HOME.search(where.of(text))


def _is_somebody_elses(seen: Seen[Reading], contact: Sighting, text: str) -> bool:
    """Whether what the roster records for a student is the school's or somebody's at school all the same.

    A mailbox of the district's own may be a student's; its numbers are not, nor what was approved for this page.
    """
    if not contact.ours:
        return False
    value = text[contact.start : contact.end].casefold().strip()
    account = seen.account
    given = (account.owner_email, *account.admins, *account.contacts, *(p.email for p in seen.district.staff))
    return contact.sort is not Sort.EMAIL or value in {one.casefold().strip() for one in given}


def _of_sentence(seen: Seen[Reading], text: str, contact: Sighting, beside: list[Sighting], where: Stretch) -> bool:
    """Whether nothing but students stands in the sentence that the data could belong to."""
    nearest = min(beside, key=lambda s: _gap(s, contact))
    first, second = sorted((nearest, contact), key=lambda s: s.start)
    between = _without_our_names(seen, text[first.end : second.start])
    if nearest.sort is not Sort.STUDENT or nearest.confidence < CERTAIN:
        return False
    if contact.sort is Sort.ADDRESS and not _HOME.search(where.of(text)):
        return False
    if len(between) > _NEAR or names_an_organisation(between) or _FAMILY.search(between):
        return False
    return not _OTHER_NAME.search(between) and not _somebody_nearer(seen, text, contact, nearest, where)


def _owner_of_entry(text: str, contact: Sighting, people: _People) -> Sighting | None:
    """The student whose entry the data stands in: a full name, addresses and numbers in one line, or an address below
    the name, and nothing else. What is said of an event beside it may say where that is.
    """
    own = line(text, contact.start, contact.end)
    lines = [own]
    here = people.standing_in(contact.passage, own)
    while lines[0].start and len(lines) < _LINES_OF_AN_ENTRY and not any(s.sort is Sort.STUDENT for s in here):
        lines.insert(0, line(text, lines[0].start - 1, lines[0].start - 1))
        here = [*people.standing_in(contact.passage, lines[0]), *here]
    owners = [s for s in here if s.sort is Sort.STUDENT]
    if len(owners) != 1 or owners[0].confidence < CERTAIN or own.end - lines[0].start > _AN_ENTRY:
        return None
    if len(lines) > 1 and not any(s.sort is Sort.ADDRESS for s in here):
        return None
    if not all(_LABELS.fullmatch(_without(text, around, here)) for around in lines):
        return None
    over = above(text, lines[0].start)
    below = line(text, own.end + 1, own.end + 1).of(text) if own.end + 1 < len(text) else ""
    return None if _EVENT.search(over) or _EVENT.search(below) else owners[0]


def _without(text: str, around: Stretch, known: list[Sighting]) -> str:
    """A line without these."""
    kept, at = "", around.start
    for s in sorted(known, key=lambda s: s.start):
        if around.holds(s.start, s.end) and s.end > at:
            kept += text[at : max(at, s.start)] + " "
            at = s.end
    return kept + text[at : around.end]


def _somebody_nearer(seen: Seen[Reading], text: str, contact: Sighting, who: Sighting, where: Stretch) -> bool:
    """Whether another name stands nearer on the other side: "Call Ann Roe at ... about Jane Doe"."""
    gap = _gap(who, contact)
    if who.start < contact.start:
        other = text[contact.end : min(where.end, contact.end + gap)]
    else:
        other = text[max(where.start, contact.start - gap - _LONG_NAME) : contact.start]
    return _OTHER_NAME.search(_without_our_names(seen, other)) is not None


_LONG_NAME = 25
# Two capitalised words are a name of somebody or something; "Grade Four" and the like are not.
_OTHER_NAME = LazyPattern(r"\b(?!Grade\b|Class\b|Call\b|Contact\b|Email\b|Phone\b)[A-Z][\w'’-]+ [A-Z][\w'’-]+")


def _gap(one: Sighting, other: Sighting) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


def _without_our_names(seen: Seen[Reading], text: str) -> str:
    for name in (seen.district.name, *(school.name for school in seen.district.schools)):
        text = text.replace(name, "")
    return text


def _on_a_card(text: str, contact: Sighting, named: Named) -> bool:
    """Whether the line above is a student's name and hardly more."""
    own = line(text, contact.start, contact.end)
    if own.end - own.start > _A_CARD or own.start == 0 or text[own.start : contact.start].strip().count(" ") > _A_LABEL:
        return False
    card = line(text, own.start - 1, own.start - 1)
    if any(True for _ in adults(text, card)):
        return False
    return any((s.end - s.start) * 2 >= card.end - card.start for s in named.within(contact.passage, card))


def _breach(seen: Seen[Reading], reachable: Reachable, quotes: Quotes) -> Breach:
    answer = seen.fail if reachable.certain else seen.review
    return answer(
        reachable.contact.masked,
        identity=reachable.contact.token,
        excerpt=quotes.of(reachable.contact),
        advice=(
            "Take it down today. Give the school's own number or address instead."
            if reachable.certain
            else "Look whether this belongs to the student named beside it, or to the family. If so, take it down."
        ),
        confidence=reachable.confidence,
    )


def _table(seen: Seen[Reading], rows: list[Reachable], quotes: Quotes) -> Breach:
    certain = rows[0].certain
    answer = seen.fail if certain else seen.review
    return answer(
        f"{len(rows)} entries of students" if certain else f"{len(rows)} entries",
        identity="a table of students" if certain else "a table of names",
        excerpt=quotes.of(rows[0].contact),
        advice=(
            "Take the whole list down today. Share it where only the right people can read it."
            if certain
            else "Look whether these are students. If so, take the whole list down today."
        ),
        confidence=min(r.confidence for r in rows),
    )
