"""Texts -> e-mail addresses, telephone numbers and postal addresses, and whose business they are."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

from auditor.detect.addresses import HEADING as ADDRESSES_FOLLOW
from auditor.detect.addresses import HEADING_STEMS as ADDRESS_STEMS
from auditor.detect.addresses import addresses, is_town, may_hold_address, shortened
from auditor.detect.emails import emails, may_hold_email
from auditor.detect.found import Found, apart, plain, squeezed
from auditor.detect.glance import glance
from auditor.detect.hints import CONTACT, PLACE, Hints, is_post
from auditor.detect.phones import HEADING as NUMBERS_FOLLOW
from auditor.detect.phones import HEADING_STEMS as NUMBER_STEMS
from auditor.detect.phones import NO_CUE, may_hold_number, phones
from auditor.masking import mask_value
from auditor.model import Account, District, Passage, Place, Sighting, Sort, Student

Digest = Callable[[str], str]
"""A keyed digest of a normalised value, as text; the same value always has the same one."""

Whose = Callable[[Sort, str], tuple[Student, ...]]
"""The students whose recorded contact data this normalised value is."""

_A_FIGURE: Final = re.compile(r"\d")
# The name of a file or the address of a page is full of numbers that nobody can ring.
_NUMBERS_MEAN_NOTHING: Final = frozenset({Place.ADDRESS, Place.FILE_NAME})
_LAST_OF_LINE_ABOVE: Final = 40


@dataclass(frozen=True, slots=True)
class OwnContacts:
    """The contact data that an account may show: the district's, its staff's, and what the principal approved there.

    `domains` are e-mail domains, subdomains included; `numbers` the leading digits of telephone numbers; `values` are
    single normalised values.
    """

    domains: frozenset[str] = frozenset()
    numbers: tuple[str, ...] = ()
    values: frozenset[str] = frozenset()

    @classmethod
    def of(cls, district: District) -> "OwnContacts":
        """What every account of the district may show."""
        given = [person.email for person in district.staff]
        given += [school.principal_email for school in district.schools]
        return cls(
            domains=frozenset(d.casefold().strip().lstrip("@.") for d in district.email_domains if d.strip()),
            numbers=tuple(n for n in (_digits(p) for p in district.phones) if n),
            values=_all_values(given),
        )

    def and_of(self, account: Account) -> "OwnContacts":
        """With what this account may show besides."""
        given = _all_values([*account.contacts, account.owner_email, *account.admins])
        return replace(self, values=self.values | given) if given - self.values else self

    def include(self, sort: Sort, value: str) -> bool:
        """Whether a normalised value is one of them."""
        if value in self.values:
            return True
        if sort is Sort.EMAIL:
            host = value.rpartition("@")[2]
            return any(host == domain or host.endswith(f".{domain}") for domain in self.domains)
        if sort is Sort.PHONE:
            number = value.removeprefix("+1")
            return any(_leads(prefix, number) for prefix in self.numbers) or any(
                value[-7:] == own[-7:] for own in self.values if own.startswith("+1") and len(number) == _LOCAL_DIGITS
            )
        return False


_LOCAL_DIGITS: Final = 7
_AREA_DIGITS: Final = 3


def _leads(prefix: str, number: str) -> bool:
    """Whether a number begins with these digits, with or without its area code."""
    if len(number) == _LOCAL_DIGITS:
        local = prefix[_AREA_DIGITS:] if len(prefix) > _AREA_DIGITS else ""
        return number.startswith(prefix) or bool(local and number.startswith(local))
    return number.startswith(prefix) or (len(prefix) == _LOCAL_DIGITS and number[_AREA_DIGITS:].startswith(prefix))


def _digits(prefix: str) -> str:
    digits = re.sub(r"\D", "", prefix.removeprefix("+1"))
    return digits[1:] if len(digits) > _LOCAL_DIGITS and digits.startswith("1") else digits


def _all_values(given: Iterable[str]) -> frozenset[str]:
    return frozenset(value for text in given if text for value in _values(text))


def _values(text: str) -> Iterator[str]:
    """The normalised values of a registry entry; a street that the grammar does not know is compared as it stands."""
    found = [f.value for f in find(text, Announced(numbers=True, addresses=True))]
    yield from found
    if not found:
        yield shortened(text)


class Announced(NamedTuple):
    """What the line above a line, or the heading of its table, says that it holds."""

    numbers: bool = False
    addresses: bool = False

    @classmethod
    @lru_cache(maxsize=1024)
    def by(cls, heading: str) -> "Announced":
        """What these words say of what follows them."""
        lowered = heading.lower()
        return cls(
            any(stem in lowered for stem in NUMBER_STEMS) and NUMBERS_FOLLOW.search(heading) is not None,
            any(stem in lowered for stem in ADDRESS_STEMS) and ADDRESSES_FOLLOW.search(heading) is not None,
        )

    def __or__(self, other: object) -> "Announced":
        """What either of them says."""
        if not isinstance(other, Announced):
            return NotImplemented
        return Announced(self.numbers or other.numbers, self.addresses or other.addresses)


NOTHING: Final = Announced()


def find(line: str, announced: Announced = NOTHING, place: Place = Place.BODY) -> list[Found]:
    """The contact data in one line of text, in the order of the line; offsets in its characters.

    Seven digits without a cue are among them, with `phones.NO_CUE` as confidence.
    """
    seen = glance(line)
    text, at = squeezed(*plain(line))
    found = list(emails(text)) if may_hold_email(seen) else []
    if place not in _NUMBERS_MEAN_NOTHING:
        # What was found before goes first: the house number of an address is no telephone number.
        if may_hold_number(seen):
            found += apart(phones(text, announced=announced.numbers), found)
        if may_hold_address(seen):
            found += apart(addresses(text, announced=announced.addresses), found)
    if at is not None:
        found = [f.moved(at[f.start], at[f.end - 1] + 1) for f in found]
    return sorted(found, key=lambda f: f.start)


def find_above(line: str, town: str, announced: Announced = NOTHING, place: Place = Place.BODY) -> list[Found]:
    """The contact data in a line below which a town stands: on an envelope, the town has a line of its own."""
    whole = f"{line.rstrip(' ,')}, {town.lstrip()}"
    found = find(whole, announced, place)
    return [f.moved(f.start, min(f.end, len(line))) for f in found if f.start < len(line.rstrip(" ,"))]


def may_hold(text: str) -> bool:
    """Whether a text is worth the finders' time; quickly told. A timetable is not."""
    seen = glance(text)
    return may_hold_email(seen) or may_hold_number(seen) or may_hold_address(seen)


class _Heard:
    """What the lines before a line announce; asked for line after line, and worked out only where it is asked."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._read, self._table = 0, NOTHING

    def before(self, n: int) -> Announced:
        """What the last line that says anything above line `n` announces, and the headings of its table."""
        if "\t" not in self._lines[n]:
            self._table = NOTHING
        else:
            self._table = self._headings(n)
        self._read = n
        above = next((self._lines[k] for k in range(n - 1, -1, -1) if self._lines[k]), "")
        return self._table | Announced.by(above[-_LAST_OF_LINE_ABOVE:]) if above else self._table

    def _headings(self, n: int) -> Announced:
        """What the rows of the table above row `n` announce: those without figures are its headings."""
        said = NOTHING
        for k in range(n - 1, self._read - 1, -1):
            if "\t" not in self._lines[k]:
                return said
            if _A_FIGURE.search(self._lines[k]) is None:
                said |= Announced.by(self._lines[k])
        return said | self._table


class Contacts:
    """Finds contact data in the passages of one account's documents, and remembers the lines that it has read.

    `digest` makes tokens; `whose` tells whose recorded contact data a value is; `hints` which lines may hold any.
    """

    def __init__(
        self, own: OwnContacts, digest: Digest, whose: Whose | None = None, hints: Hints | None = None
    ) -> None:
        self._hints = hints or Hints()
        self.own = own
        self.digest = digest
        self.whose = whose
        self._lines: dict[tuple[str, Announced, Place, str], tuple[Sighting, ...]] = {}

    def sightings(self, passage: int, text: str, place: Place) -> Iterable[Sighting]:
        """What one passage holds, as sightings of the passage of that number."""
        if not is_post(text):
            return self._in_lines(passage, text, place)
        if not may_hold(text):
            return ()
        found = self._line(text, NOTHING, place)
        return [replace(seen, passage=passage) for seen in found] if passage else found

    def _in_lines(self, passage: int, text: str, place: Place) -> Iterator[Sighting]:
        look = self._hints.look(text)
        if not look.all & (CONTACT | PLACE):
            return
        lines, heard = look.lines, _Heard(look.lines)
        towns = (
            {n for n, hint in enumerate(look.hints) if hint & PLACE and is_town(lines[n])} if len(lines) > 1 else set()
        )
        begins = [0, *accumulate(len(line) + 1 for line in lines)]
        for n in [n for n, hint in enumerate(look.hints) if hint & CONTACT or n + 1 in towns]:
            if found := self._line(lines[n], heard.before(n), place, lines[n + 1] if n + 1 in towns else ""):
                at = begins[n]
                for seen in found:
                    yield replace(seen, passage=passage, start=seen.start + at, end=seen.end + at)

    def _line(self, line: str, announced: Announced, place: Place, town: str = "") -> tuple[Sighting, ...]:
        key = (line, announced, place, town)
        known = self._lines.get(key)
        if known is None:
            if len(self._lines) >= _REMEMBERED:
                self._lines.clear()
            known = tuple(self._sightings(line, announced, place, town))
            self._lines[key] = known
        return known

    def _sightings(self, line: str, announced: Announced, place: Place, town: str) -> Iterator[Sighting]:
        for found in find_above(line, town, announced, place) if town else find(line, announced, place):
            ours = self.own.include(found.sort, found.value)
            if found.confidence <= NO_CUE and not ours:
                continue
            yield Sighting(
                sort=found.sort,
                passage=0,
                start=found.start,
                end=found.end,
                masked=mask_value(
                    found.sort, found.value if found.sort is Sort.EMAIL else line[found.start : found.end]
                ),
                token=self.digest(f"{found.sort}:{found.value}"),
                confidence=found.confidence,
                form=found.form,
                students=self.whose(found.sort, found.value) if self.whose else (),
                ours=ours,
            )


_REMEMBERED: Final = 20_000


def contacts(
    passages: Iterable[Passage], own: OwnContacts, digest: Digest, whose: Whose | None = None
) -> list[Sighting]:
    """All contact data of these passages."""
    finder = Contacts(own, digest, whose)
    return [s for n, p in enumerate(passages) for s in finder.sightings(n, p.text, p.place)]
