"""A document becomes a `Reading`: everything that is recognised in it, in one pass."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from auditor.detect import records
from auditor.detect.contacts import Contacts, Digest, OwnContacts
from auditor.detect.escapes import Unescaped
from auditor.detect.found import Found
from auditor.detect.hints import LANGUAGE, PERSON, RECORD, Hints, is_post
from auditor.detect.identifiers import OnRecord
from auditor.detect.lines import Lines
from auditor.detect.namesakes import Namesakes
from auditor.detect.persons import Persons, full_names, perhaps_full_names
from auditor.detect.record_numbers import BEHIND_A_NAME
from auditor.detect.record_tables import cells
from auditor.detect.records import OF_SOMEBODY
from auditor.detect.strangers import SOMEBODY, Strangers
from auditor.detect.students import students
from auditor.detect.surnames import LastNames
from auditor.detect.words import words
from auditor.masking import mask_value
from auditor.model import Account, District, Document, Kind, Link, Passage, Place, Reading, Sighting, Sort, Student
from auditor.outlets.calls import called, is_call
from auditor.roster.book import Roster
from auditor.roster.staffbook import StaffBook
from auditor.vicinity import row, sentence

_LOCAL_DIGITS: Final = 7
_NO_SENTENCES: Final = frozenset({Place.ADDRESS, Place.FILE_NAME})
_PEOPLE: Final = frozenset({Sort.STUDENT, Sort.PERSON})
_OF_PICTURES: Final = frozenset({Place.ALT, Place.CAPTION})
_A_FEW_WORDS: Final = 300
_LONGEST_SENTENCE: Final = 300
_MOST_ACCOUNTS: Final = 64
"""So many accounts are read side by side at most."""
_NAMED_IN_ADDRESS: Final = 0.75
"""How sure it is that an e-mail address with a student's name in it is that student's: a person must look."""


class Recogniser:
    """Reads documents. Made once for an audit; remembers the lines that it has read, never whose page they were on.

    `digest` makes the tokens of contact data. Without a roster no students are recognised. `names` finds the
    full names of people (see `models`). `everybody`: names of people
    are looked for in every line, not only where a text speaks of students or tells something of somebody.
    """

    def __init__(
        self,
        district: District,
        digest: Digest,
        roster: Roster | None = None,
        *,
        names: Persons = full_names,
        everybody: bool = False,
    ) -> None:
        self._district, self._digest, self._roster, self._everybody = district, digest, roster, everybody
        self._staff = StaffBook.of(district)
        self._namesakes = Namesakes(district.schools)
        self._hints = Hints(roster)
        self._on_record = OnRecord(roster, digest, self._hints) if roster is not None else None
        is_surname = roster.is_surname if roster is not None else _is_nobodys
        self._last_names = LastNames(is_surname, district, digest, self._hints)
        self._words = Lines(words, self._hints, LANGUAGE)
        # Only of its own grammar is it known which words no name has.
        own = names is full_names
        self._by_hints = own
        people = Lines(perhaps_full_names if own else names, self._hints, PERSON if own else 0)
        self._strangers = Strangers(people, self._staff, digest, everybody=everybody)
        self._own = OwnContacts.of(district)
        self._contacts: dict[str, tuple[Account, Contacts]] = {}
        self._area_codes = {code for phone in district.phones if (code := _area_code(phone))}

    def read(self, document: Document, account: Account, *, bystanders: bool = False) -> Reading:
        """The document with all that was recognised in it, in the order of its passages and texts.

        `bystanders`: everybody named is told, not only who stands where a finding may quote the text; for words that
        are kept. On a private profile they always are: what is found there may be quoted from anywhere.
        """
        document = _with_calls(document)
        escaped = {n: Unescaped.of(p.text) for n, p in enumerate(document.passages) if "%" in p.text}
        plain = document
        if any(escaped.values()):
            passages = (
                replace(p, text=e.text) if (e := escaped.get(n)) else p for n, p in enumerate(document.passages)
            )
            plain = replace(document, passages=tuple(passages))
        seen = self._recognise(plain, account, bystanders=bystanders or account.kind is Kind.PERSONAL)
        if escaped:
            seen = [e.back(s) if (e := escaped.get(s.passage)) else s for s in seen]
        return Reading(document, tuple(seen))

    def is_silent(self, line: str) -> bool:
        """Whether surely nothing is recognised in a line, whoever's it is; quicker than to read it."""
        return self._by_hints and "\n" not in line and "%" not in line and self._hints.is_silent(line)

    def _recognise(self, document: Document, account: Account, *, bystanders: bool) -> list[Sighting]:
        passages = document.passages
        contacts = self._contacts_of(account)
        seen: list[Sighting] = []
        told: list[Sighting] = []
        said: list[Sighting] = []
        for n, passage in enumerate(passages):
            seen += contacts.sightings(n, passage.text, passage.place)
            told += self._records(n, passage, alone=True)
            said += self._said(n, passage)
        seen = [self._with_named_student(s, document) for s in seen]
        noticed = self._everybody or bystanders or bool(told) or any(map(_is_somebodys, seen))
        noticed = noticed or sum(len(p.text) for p in passages) <= _A_FEW_WORDS
        named, looked = self._students(document, account, first_names=noticed or bool(said))
        lone: list[Sighting] = []
        if (
            named
            and not noticed
            and all(s.form == "first" for s in named)
            and not self._pictures_name(document, account.school)
        ):
            # First names that are looked for only because an excerpt may show them hide no staff beside them.
            named, lone = lone, named
        strangers = self._strangers.sightings(passages, [*seen, *named, *told], [*said, *lone], everywhere=bystanders)
        if named or lone or strangers:
            # Marks and conditions mean something only where somebody is named. Nearly every page names nobody.
            told = [record for n, passage in enumerate(passages) for record in self._records(n, passage)]
            of_somebody = any(record.sort in OF_SOMEBODY for record in told)
            if not looked and (of_somebody or any(s.confidence > SOMEBODY for s in strangers)):
                lone = self._students(document, account, first_names=True)[0]
            if not self._everybody and (of_somebody or lone):
                strangers = self._strangers.sightings(
                    passages, [*seen, *named, *told], [*said, *lone], everywhere=bystanders
                )
        seen += [*named, *lone, *strangers]
        if self._on_record is not None and (named or not self._everybody):
            beside = [*seen, *told, *said]
            seen += self._on_record.sightings(passages, beside, masks=not self._everybody, everywhere=bystanders)
        seen += self._of_somebody(told, document, seen) if told else ()
        seen += said
        if not self._everybody and (seen or bystanders):
            seen += self._last_names.sightings(passages, seen, everywhere=bystanders)
        seen.sort(key=lambda s: (s.passage, s.start, s.end))
        return seen

    def _records(self, number: int, passage: Passage, *, alone: bool = False) -> Iterable[Sighting]:
        """Marks, dates, numbers and conditions of anybody; a number that the roster knows is its student's."""
        if passage.place in _NO_SENTENCES:
            return ()
        # A post has words of its own: there the finder's own look is the quickest.
        silent = alone and not is_post(passage.text) and not self._hints.look(passage.text).all & RECORD
        found = cells(passage.text) if silent else records.find(passage.text, alone=alone)
        return [self._sighting(number, passage, one, self._whose(one)) for one in found]

    def _whose(self, record: Found) -> tuple[Student, ...]:
        return self._owners(record.sort, record.value) if record.sort is Sort.STUDENT_ID else ()

    def _of_somebody(
        self, told: Sequence[Sighting], document: Document, seen: Sequence[Sighting]
    ) -> Iterator[Sighting]:
        """The records that may be somebody's: those that mean something by themselves, and the others where somebody is
        named on the page; for `everybody`, beside them.
        """
        people: dict[int, list[tuple[int, int]]] = {}
        for s in seen:
            if s.sort in _PEOPLE:
                people.setdefault(s.passage, []).append((s.start, s.end))
        for somebody in people.values():
            somebody.sort()
        for record in told:
            if record.form == BEHIND_A_NAME and self._everybody:
                continue
            if record.sort not in OF_SOMEBODY or (people and not self._everybody):
                yield record
            elif self._everybody and (near := people.get(record.passage)):
                where = Found(record.sort, record.start, record.end, "")
                if records.beside(document.passages[record.passage].text, where, near):
                    yield record

    def _said(self, number: int, passage: Passage) -> Iterable[Sighting]:
        """Language that a policy may forbid."""
        if passage.place in _NO_SENTENCES:
            return ()
        return [self._sighting(number, passage, found) for found in self._words.find(passage.text)]

    def _sighting(self, number: int, passage: Passage, found: Found, students: tuple[Student, ...] = ()) -> Sighting:
        return Sighting(
            sort=found.sort,
            passage=number,
            start=found.start,
            end=found.end,
            masked=mask_value(found.sort, passage.text[found.start : found.end]),
            token=self._digest(f"{found.sort}:{found.value}"),
            confidence=found.confidence,
            form=found.form,
            students=students,
        )

    def _students(self, document: Document, account: Account, *, first_names: bool) -> tuple[list[Sighting], bool]:
        """The students named, and whether lone first names were looked for: that is where they may matter, where a
        finding may quote the text, or a picture's words may name somebody, or a few words are to be masked. Most pages
        name nobody, and need no second look.
        """
        if self._roster is None:
            return [], True
        first_names = first_names and not self._everybody
        named = self._named(self._roster, document, account, first_names=first_names)
        if self._everybody:
            return named, True
        if first_names or not (named or self._pictures_name(document, account.school)):
            return named, first_names
        return self._named(self._roster, document, account, first_names=True), True

    def _named(self, roster: Roster, document: Document, account: Account, *, first_names: bool) -> list[Sighting]:
        return students(
            document.passages,
            roster,
            self._staff,
            account.school,
            first_names=first_names,
            marks_of=self._hints.marks_of,
            namesakes=self._namesakes,
        )

    def _pictures_name(self, document: Document, school: str) -> bool:
        """Whether the words of a picture have a first name of one of the school's students."""
        roster = self._roster
        about = (p.text for p in document.passages if p.place in _OF_PICTURES)
        return roster is not None and any(True for text in about for _ in roster.first_names(text, [school]))

    def _contacts_of(self, account: Account) -> Contacts:
        known = self._contacts.get(account.id)
        if known is None or (known[0] is not account and known[0] != account):
            if len(self._contacts) >= _MOST_ACCOUNTS:
                self._contacts.clear()
            own = self._own.and_of(account)
            known = account, Contacts(own, self._digest, self._owners if self._roster else None, self._hints)
            self._contacts[account.id] = known
        return known[1]

    def _owners(self, sort: Sort, value: str) -> tuple[Student, ...]:
        """Whose recorded contact data this is; a local number is tried with the district's area codes."""
        if self._roster is None:
            return ()
        if sort is Sort.PHONE and len(value) == _LOCAL_DIGITS:
            tries = [value, *(code + value for code in sorted(self._area_codes))]
        else:
            tries = [value]
        return next((found for t in tries if (found := self._roster.owners(sort, t))), ())

    def _with_named_student(self, seen: Sighting, document: Document) -> Sighting:
        """An e-mail address from elsewhere whose name is a student's: "jane.doe@mail.example"."""
        if self._roster is None or seen.sort is not Sort.EMAIL or seen.students or seen.ours:
            return seen
        local = document.passages[seen.passage].text[seen.start : seen.end].partition("@")[0]
        for match in self._roster.match(local, Place.FILE_NAME):
            if not match.loose and not match.staff:
                return replace(seen, students=match.students, confidence=_NAMED_IN_ADDRESS)
        return seen


def _is_nobodys(_word: str) -> bool:
    """Without a roster no word is known to be a student's last name."""
    return False


def _is_somebodys(contact: Sighting) -> bool:
    """Whether contact data may be a private person's. Every page's footer has an address: that alone tells nothing."""
    return bool(contact.students) or (not contact.ours and contact.sort is not Sort.ADDRESS)


def _area_code(phone: str) -> str:
    """The area code in the leading digits of a district's number; "" where they have none."""
    digits = re.sub(r"\D", "", phone.removeprefix("+1"))
    return digits[:3] if len(digits) != _LOCAL_DIGITS and len(digits) >= len("406") else ""


def _with_calls(document: Document) -> Document:
    """The document with a passage for each mailbox and number that only a link knows, beside the link's words.

    Without the words beside it nobody could tell whose the address is.
    """
    targets = {link.url for link in document.links if is_call(link.url)}
    if not targets:
        return document
    kept = tuple(p for p in document.passages if p.about not in targets)
    return replace(document, passages=(*kept, *_call_passages(document.links, kept)))


def _call_passages(links: Sequence[Link], passages: Sequence[Passage]) -> Iterator[Passage]:
    text = "\n".join(p.text for p in passages if p.place is Place.BODY)
    plain = text.casefold()
    places = _Places(text, links)
    done: set[str] = set()
    for link in links:
        place = places.next(link)
        values = called(link.url) if is_call(link.url) else ()
        new = [value for value in values if value.casefold() not in plain and value.casefold() not in done]
        if not new:
            continue
        done.update(map(str.casefold, new))
        told = ", ".join(value if "@" in value else f"tel: {value}" for value in new)
        yield Passage(f"{_beside(link, text, place)}{told}", Place.BODY, link.url)


class _Places:
    """Where in a text the words of links stand: known where they stand there as often as there are such links."""

    def __init__(self, text: str, links: Sequence[Link]) -> None:
        self._text = text
        calling = {link.words for link in links if is_call(link.url)}
        self._links = Counter(link.words for link in links if link.tag == "a" and link.words in calling)
        self._found: dict[str, Iterator[int]] = {}

    def next(self, link: Link) -> int | None:
        """The place of the next link with these words."""
        if not link.words or link.tag != "a" or link.words not in self._links:
            return None
        if link.words not in self._found:
            places = [m.start() for m in re.finditer(rf"(?<!\w){re.escape(link.words)}(?!\w)", self._text)]
            self._found[link.words] = iter(places if len(places) == self._links[link.words] else ())
        return next(self._found[link.words], None)


def _beside(link: Link, text: str, place: int | None) -> str:
    """The table row or sentence that a link stands in, to be put before its address; else its own words."""
    words = " ".join(link.words.split())
    if place is None:
        return f"{words}\t" if words else ""
    cells = row(text, place, place + len(link.words))
    if cells is not None:
        return f"{cells.of(text)}\t"
    around = sentence(text, place, place + len(link.words))
    if around.end - around.start > _LONGEST_SENTENCE:
        return f"{words}\t"
    return f"{around.of(text).strip().rstrip('.!?')} "
