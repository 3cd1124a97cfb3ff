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
from functools import cached_property, lru_cache

from auditor.check import PUBLISHING, WORTH_ASKING, Breach, Seen, check
from auditor.lazy_pattern import LazyPattern
from auditor.masking import Quotes
from auditor.model import Kind, Passage, Place, Reading, Severity, Sighting, Sort
from auditor.vicinity import Named, Stretch, above, line, names_an_organisation, row, sentence, titled

SORTS = {"email": Sort.EMAIL, "phone": Sort.PHONE, "address": Sort.ADDRESS}
KNOWN_TO_BE_A_STUDENT = 0.6
_A_SHORT_LINE = 60
_A_LONG_LINE = 250

_VOLUNTEER = re.compile(
    r"\b(?:PTA|PTO|PTSA|PTSO|PTC|boosters?|volunteers?"
    r"|(?:room|class(?:room)?|team|grade) ?(?:parent|mother|father|mom|dad)s?"
    r"|room (?:rep(?:resentative)?|coordinator)s?|parent (?:liaison|representative|club)"
    r"|officers?|treasurer|(?:co-?)?chair(?:person|man|woman|s)?|(?:vice[ -]?)?president|den leader"
    r"|asociaci[oó]n de padres|(?:madre|padre) de (?:sal[oó]n|clase|grupo)|voluntari[oa]s?|tesorer[oa]"
    r"|president[ea])\b",
    re.IGNORECASE,
)
_STAFF = LazyPattern(
    r"\b(?:teachers?|coach(?:es)?|principal|counselors?|librarian|nurse|custodian|aide|para(?:educator)?s?|advis[eo]r"
    r"|sponsor|director|secretary|instructor|superintendent|maestr[oa]s?|profesor(?:a|es)?|entrenador(?:a)?|consejer[oa]|secretari[oa])\b",
    re.IGNORECASE,
)
_NAME = LazyPattern(r"\b[A-Z][\w'’-]+ (?:[A-Z]\.? )?[A-Z][\w'’-]+")
_FIRST_PERSON = LazyPattern(
    r"\b(?:call|text|e-?mail|reach|contact|message|write|ll[aá]m[ea]n?|escr[ií]ban?|m[aá]nd[ea]n?)\w*\b"
    r"[^.!?\n]{0,20}\b(?:me|m[ií])\b|\bmy (?:cell|phone|number|e-?mail|home|personal)\b"
    r"|\bmi (?:celular|tel[eé]fono|n[uú]mero|correo)\b|\b(?:ll[aá]m|escr[ií]b)[ae]n?me\b",
    re.IGNORECASE,
)
_HOME = re.compile(
    r"\b(?:my house|home address|at (?:my|her|his|their) (?:home|house)|lives? (?:at|on)|mi casa)\b", re.IGNORECASE
)
_PUBLIC_PLACE = LazyPattern(
    r"\b(?:school|elementary|middle|high|academy|campus|gym(?:nasium)?|hall|cent(?:er|re)|field|office|escuela|oficina)\b",
    re.IGNORECASE,
)
_PLACES_NAME = re.compile(
    r"\b(?:school|elementary|academy|campus|district|cent(?:er|re)|office|escuela|distrito)\W*$", re.IGNORECASE
)
"""How the line ends that names a public place, on top of its address."""


_SCHOOL_TITLE = LazyPattern(
    r"\b(?:Coach|Principal|Teacher|Counselor|Nurse|Librarian|Superintendent|Custodian"
    r"|[Mm]aestr[oa]|[Pp]rofesora?|[Ee]ntrenadora?|[Dd]irectora?)\.? [A-ZÀ-ÖØ-Þ][\w'’-]+"
)
"""A title that only the staff of a school bear, with a name."""
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Coach|Principal|Sra?|Srta|Señora?|[Mm]aestr[oa]|[Ee]ntrenadora?)"
_WORD = rf"(?!{_TITLE}\b)[A-ZÀ-ÖØ-Þ][\w'’-]+"
_SOMEBODY = LazyPattern(rf"\b{_TITLE}\.? {_WORD}(?: {_WORD}){{0,2}}|\b{_WORD}(?: (?:[A-Z]\.|{_WORD})){{1,4}}")
_NOBODY = frozenset(
    re.split(
        r"\s+",
        "school elementary middle high academy district unified county city campus office center pta pto ptsa ptso"
        " president vice treasurer secretary chair coach head assistant varsity principal teacher counselor nurse"
        " librarian director phone cell home email mail fax tel contact call text write questions room grade the our"
        " for or and field club boosters booster volunteer volunteers advisor adviser sponsor instructor custodian aide"
        " superintendent chairperson parent mother father mom dad class speaker team"
        " track chess questions google voice mobile remind whatsapp venmo zelle paypal cash app",
    )
)
"""Words in capitals that are no part of a person's name."""
_NEXT_PERSON = LazyPattern(r"[;|•·]|(?<!\b[A-Z])(?<!\b[MDS][rsx])(?<!\bMrs)(?<!\bSra)\. |,? (?:and|or|y|o) ")
"""What parts one person from the next on a line."""
_LEAD = re.compile(r"[^:]{2,60}:")


class Beside:
    """What stands beside a contact: signs of whose it is, each looked for when it is asked about."""

    def __init__(self, seen: Seen[Reading], contact: Sighting, passage: Passage, values: Named) -> None:
        self._seen, self._contact, self._text, self._values = seen, contact, passage.text, values

    @cached_property
    def _words(self) -> str:
        return _zone(self._values, self._contact, self._text)

    @property
    def somebody(self) -> bool:
        """Whether it is said to be a person's who works or helps here."""
        return self.volunteer or self.staff or self.first_person

    @property
    def volunteer(self) -> bool:
        """Whether somebody who helps here is spoken of."""
        return _VOLUNTEER.search(self._words) is not None

    @property
    def staff(self) -> bool:
        """Whether somebody who works here is named, or anybody by what such people do."""
        words = self._words
        if _is_ours(self._seen, words) or _SCHOOL_TITLE.search(words):
            return True
        return _STAFF.search(words) is not None and _NAME.search(words) is not None

    @property
    def addressed(self) -> bool:
        """Whether somebody is named with "Ms." or the like, of whom nothing else may be known."""
        return titled(self._words)

    @property
    def first_person(self) -> bool:
        """Whether a writer speaks of himself."""
        return _FIRST_PERSON.search(self._words) is not None

    @property
    def organisation(self) -> bool:
        """Whether the sentence names a business, an agency or a place for the public."""
        around = sentence(self._text, self._contact.start, self._contact.end)
        return names_an_organisation(around.of(self._text))


@check(reads=Reading, severity=Severity.MODERATE, kinds=PUBLISHING, looks_for=SORTS.values())
def private_contact(seen: Seen[Reading]) -> Iterator[Breach]:
    forbidden = {SORTS[word] for word in seen.words("forbids") or SORTS if word in SORTS}
    quotes = Quotes(seen.subject, seen.today)
    named = Named(seen.subject, KNOWN_TO_BE_A_STUDENT)
    values = Named(seen.subject, 0, SORTS.values())
    for contact in seen.subject.sightings:
        passage = seen.subject.document.passages[contact.passage]
        if contact.sort not in forbidden or contact.confidence < WORTH_ASKING or passage.place is Place.COMMENT:
            continue
        if contact.ours or contact.students or contact.form == "toll-free":
            continue
        certain = None if _is_a_students(named, contact, passage) else _certain(seen, contact, passage, values)
        if certain is not None:
            yield _breach(seen, contact, quotes, certain=certain)


def _certain(seen: Seen[Reading], contact: Sighting, passage: Passage, values: Named) -> bool | None:
    """True for what is surely private, False for what a person must look at, None for what is no concern."""
    beside = Beside(seen, contact, passage, values)
    if seen.word("whose") == "staff":
        return _certain_of_staff(seen, contact, beside)
    if contact.sort is Sort.ADDRESS:
        return _certain_address(contact, passage, beside)
    if contact.form == "mailbox":
        return not (beside.organisation and not beside.somebody)
    if not beside.somebody:
        return False if beside.addressed and not beside.organisation else None
    return not beside.organisation and (contact.sort is Sort.EMAIL or bool(seen.district.phones))


def _certain_of_staff(seen: Seen[Reading], contact: Sighting, beside: Beside) -> bool | None:
    own = beside.first_person and seen.account.kind is Kind.CLASSROOM
    if beside.volunteer or contact.sort is Sort.ADDRESS:
        return None
    if beside.staff or own:
        return not beside.organisation and (contact.sort is Sort.EMAIL or bool(seen.district.phones))
    if beside.addressed and not seen.district.staff and not beside.organisation:
        return False
    return False if contact.form == "mailbox" and seen.account.kind is Kind.CLASSROOM else None


def _certain_address(contact: Sighting, passage: Passage, beside: Beside) -> bool | None:
    around = sentence(passage.text, contact.start, contact.end)
    if _HOME.search(around.of(passage.text)) and beside.somebody:
        return True
    before = passage.text[around.start : contact.start]
    over = above(passage.text, around.start, lines=1)
    if _PLACES_NAME.search(over) and not _VOLUNTEER.search(over):
        return None
    if _PUBLIC_PLACE.search(before) or beside.organisation or not beside.somebody:
        return None
    return False


def _zone(values: Named, contact: Sighting, text: str) -> str:
    """The words that tell whose a contact is: those of the nearest name, without any address or number.

    In a table that is the row. Elsewhere it is the part of the line that speaks of the same person, what leads the
    line in ("PTA officers:"), and where that is short, what stands over it like on a card.
    """
    cells = row(text, contact.start, contact.end)
    around = cells or line(text, contact.start, contact.end)
    if around.end - around.start > _A_LONG_LINE:
        around = sentence(text, contact.start, contact.end)
    here = [Stretch(one.start - around.start, one.end - around.start) for one in values.within(contact.passage, around)]
    words = around.of(text)
    for value in here:
        words = words[: value.start] + " " * (value.end - value.start) + words[value.end :]
    at = Stretch(contact.start - around.start, contact.end - around.start)
    zone = words if cells else _of_the_same(words, at, here)
    return f"{_over(text, around.start, zone)}\n{zone}" if len(zone.strip()) <= _A_SHORT_LINE else zone


def _of_the_same(words: str, contact: Stretch, contacts: list[Stretch]) -> str:
    """The part of a line that speaks of the person whose name stands nearest before a contact.

    Where the line begins with a contact, it is the name behind it.
    """
    names = list(_names(words))
    if not names:
        return words
    ends = [one.end for one in contacts if one.end <= contact.start]
    following = min((one.start for one in contacts if one.start >= contact.end), default=len(words))
    behind = [name for name in names if contact.end <= name.start < following]
    before = [name for name in names if name.end <= contact.start]
    if behind and (not before or min(one.start for one in contacts) < names[0].start):
        return words[contact.start if before else 0 : following]
    if not before:
        return words
    floor = max([end for end in ends if end <= before[-1].start] + [name.end for name in before[:-1]] + [0])
    start = max((stop.end() for stop in _NEXT_PERSON.finditer(words, floor, before[-1].start)), default=floor)
    after = next((name.start for name in names if name.start >= contact.end), len(words))
    stop = _NEXT_PERSON.search(words, contact.end, after) if after < len(words) else None
    lead = _LEAD.match(words)
    leading = lead[0] if lead and lead.end() <= min(names[0].start, start) else ""
    return f"{leading} {words[start : stop.start() if stop else after]}"


def _names(words: str) -> Iterator[Stretch]:
    """Where people, or what has a name like people, are named."""
    for found in _SOMEBODY.finditer(words):
        own = [word for word in re.split(r"[^\w'’-]+", found[0]) if word and word.casefold() not in _NOBODY]
        if (len(own) >= 2 or (own and titled(found[0]))) and not names_an_organisation(found[0]):
            yield Stretch(found.start(), found.end())


def _over(text: str, start: int, zone: str) -> str:
    """The short lines over a place, up to the next one that names somebody; below a name they are headings."""
    named = any(True for _ in _names(zone))
    kept: list[str] = []
    for words in reversed(above(text, start).split("\n")):
        names_somebody = any(True for _ in _names(words))
        if named and (names_somebody or words.rstrip().endswith((".", "!", "?"))):
            break
        kept.insert(0, words)
        named = named or names_somebody
    return "\n".join(kept)


def _is_ours(seen: Seen[Reading], zone: str) -> bool:
    """Whether somebody who works here is named: in full, or by family name after "Ms." and the like."""
    people, families = _called(tuple(_our_people(seen)))
    if people.search(zone.casefold()):
        return True
    return any(one[1].casefold() in families for one in _BY_FAMILY_NAME.finditer(zone))


@lru_cache(64)
def _called(people: tuple[str, ...]) -> tuple[re.Pattern[str], frozenset[str]]:
    """What finds the people by their full names in text without capitals, and their family names."""
    names = [name.casefold() for name in people if name]
    some = "|".join(map(re.escape, names)) or r"(?!)"
    return re.compile(rf"(?<!\w)(?:{some})(?!\w)"), frozenset(name.split()[-1] for name in names)


_BY_FAMILY_NAME = LazyPattern(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Coach|Sra?|Srta|Señora?|[Mm]aestr[oa]|[Pp]rofesora?)\.? "
    r"([A-ZÀ-ÖØ-Þ][\w’'-]*\w)(?<!['’]s)"
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
