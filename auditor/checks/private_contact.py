"""A private e-mail, phone number or home address of someone who works or helps here.

## Why it matters
Mail sent to a private address leaves no trace. A number that was once online stays known.

## How to fix
Use the district's address or number. If the principal says yes to this one, write that into the registry.

## What it cannot see
Whose a number is when nothing beside it says so. Numbers in pictures.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.check import PUBLISHING, WORTH_ASKING, Breach, Seen, check
from auditor.masking import Quotes
from auditor.model import Kind, Passage, Place, Reading, Severity, Sighting, Sort
from auditor.vicinity import Named, above, line, names_an_organisation, row, sentence, titled

SORTS = {"email": Sort.EMAIL, "phone": Sort.PHONE, "address": Sort.ADDRESS}
KNOWN_TO_BE_A_STUDENT = 0.6
_A_SHORT_LINE = 60
_A_LONG_LINE = 250

_VOLUNTEER = re.compile(
    r"\b(?:PTA|PTO|PTSA|PTSO|PTC|boosters?|volunteers?|room (?:parent|mom|dad)s?|parent (?:liaison|representative|club)"
    r"|officers?|treasurer|(?:co-?)?chair(?:person|man|woman|s)?|(?:vice[ -]?)?president|den leader"
    r"|asociaci[oó]n de padres|voluntari[oa]s?|tesorer[oa]|president[ea])\b",
    re.IGNORECASE,
)
_STAFF = re.compile(
    r"\b(?:teachers?|coach(?:es)?|principal|counselors?|librarian|nurse|custodian|aide|para(?:educator)?s?|advis[eo]r"
    r"|sponsor|director|secretary|instructor|maestr[oa]s?|profesor(?:a|es)?|entrenador(?:a)?|consejer[oa]|secretari[oa])\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-Z][\w'’-]+ (?:[A-Z]\.? )?[A-Z][\w'’-]+")
_FIRST_PERSON = re.compile(
    r"\b(?:call|text|e-?mail|reach|contact|message|write|ll[aá]m[ea]n?|escr[ií]ban?|m[aá]nd[ea]n?)\w*\b"
    r"[^.!?\n]{0,20}\b(?:me|m[ií])\b|\bmy (?:cell|phone|number|e-?mail|home|personal)\b"
    r"|\bmi (?:celular|tel[eé]fono|n[uú]mero|correo)\b|\b(?:ll[aá]m|escr[ií]b)[ae]n?me\b",
    re.IGNORECASE,
)
_HOME = re.compile(
    r"\b(?:my house|home address|at (?:my|her|his|their) (?:home|house)|lives? (?:at|on)|mi casa)\b", re.IGNORECASE
)
_PUBLIC_PLACE = re.compile(
    r"\b(?:school|elementary|middle|high|academy|campus|gym(?:nasium)?|hall|cent(?:er|re)|field|office|escuela|oficina)\b",
    re.IGNORECASE,
)
_PLACES_NAME = re.compile(
    r"\b(?:school|elementary|academy|campus|district|cent(?:er|re)|office|escuela|distrito)\W*$", re.IGNORECASE
)
"""How the line ends that names a public place, on top of its address."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a contact: signs of whose it is."""

    volunteer: bool
    staff: bool
    first_person: bool
    organisation: bool

    @property
    def somebody(self) -> bool:
        """Whether it is said to be a person's who works or helps here."""
        return self.volunteer or self.staff or self.first_person


@check(reads=Reading, severity=Severity.MODERATE, kinds=PUBLISHING, looks_for=SORTS.values())
def private_contact(seen: Seen[Reading]) -> Iterator[Breach]:
    forbidden = {SORTS[word] for word in seen.words("forbids") or SORTS if word in SORTS}
    quotes = Quotes(seen.subject, seen.today)
    named = Named(seen.subject, KNOWN_TO_BE_A_STUDENT)
    for contact in seen.subject.sightings:
        passage = seen.subject.document.passages[contact.passage]
        if contact.sort not in forbidden or contact.confidence < WORTH_ASKING or passage.place is Place.COMMENT:
            continue
        if contact.ours or contact.students or contact.form == "toll-free":
            continue
        certain = None if _is_a_students(named, contact, passage) else _certain(seen, contact, passage)
        if certain is not None:
            yield _breach(seen, contact, quotes, certain=certain)


def _certain(seen: Seen[Reading], contact: Sighting, passage: Passage) -> bool | None:
    """True for what is surely private, False for what a person must look at, None for what is no concern."""
    beside = _beside(seen, contact, passage)
    if seen.word("whose") == "staff":
        return _certain_of_staff(seen, contact, beside)
    if contact.sort is Sort.ADDRESS:
        return _certain_address(contact, passage, beside)
    if contact.form == "mailbox":
        return not (beside.organisation and not beside.somebody)
    if not beside.somebody:
        return None
    return not beside.organisation and (contact.sort is Sort.EMAIL or bool(seen.district.phones))


def _certain_of_staff(seen: Seen[Reading], contact: Sighting, beside: Beside) -> bool | None:
    own = beside.first_person and seen.account.kind is Kind.CLASSROOM
    if beside.volunteer or contact.sort is Sort.ADDRESS:
        return None
    if beside.staff or own:
        return not beside.organisation and (contact.sort is Sort.EMAIL or bool(seen.district.phones))
    return False if contact.form == "mailbox" and seen.account.kind is Kind.CLASSROOM else None


def _certain_address(contact: Sighting, passage: Passage, beside: Beside) -> bool | None:
    around = sentence(passage.text, contact.start, contact.end)
    if _HOME.search(around.of(passage.text)) and beside.somebody:
        return True
    before = passage.text[around.start : contact.start]
    over = above(passage.text, around.start, lines=1)
    if _PLACES_NAME.search(over) and not _VOLUNTEER.search(over):
        return None
    if not beside.somebody or beside.organisation or _PUBLIC_PLACE.search(before):
        return None
    return False


def _beside(seen: Seen[Reading], contact: Sighting, passage: Passage) -> Beside:
    text = passage.text
    around = row(text, contact.start, contact.end) or line(text, contact.start, contact.end)
    if around.end - around.start > _A_LONG_LINE:
        around = sentence(text, contact.start, contact.end)
    zone = f"{text[around.start : contact.start]} {text[contact.end : around.end]}"
    if len(zone) <= _A_SHORT_LINE:
        zone = f"{above(text, around.start)}\n{zone}"
    named = any(name and name.casefold() in zone.casefold() for name in _our_people(seen))
    return Beside(
        volunteer=_VOLUNTEER.search(zone) is not None,
        staff=named or titled(zone) or (_STAFF.search(zone) is not None and _NAME.search(zone) is not None),
        first_person=_FIRST_PERSON.search(zone) is not None,
        organisation=names_an_organisation(sentence(text, contact.start, contact.end).of(text)),
    )


def _our_people(seen: Seen[Reading]) -> Iterator[str]:
    yield seen.account.owner
    yield from (person.name for person in seen.district.staff)
    yield from (school.principal for school in seen.district.schools)


def _is_a_students(named: Named, contact: Sighting, passage: Passage) -> bool:
    """Whether a student is named beside it: that is another rule's business."""
    text = passage.text
    around = row(text, contact.start, contact.end) or sentence(text, contact.start, contact.end)
    return bool(named.within(contact.passage, around))


def _breach(seen: Seen[Reading], contact: Sighting, quotes: Quotes, *, certain: bool) -> Breach:
    answer = seen.fail if certain else seen.review
    return answer(
        contact.masked,
        identity=contact.token,
        excerpt=quotes.of(contact),
        advice=(
            "Put the district's own address or number there, or record the principal's approval."
            if certain
            else "Look whether this belongs to staff or a volunteer. If so, replace it or record the approval."
        ),
        confidence=contact.confidence if certain else min(contact.confidence, 0.6),
    )
