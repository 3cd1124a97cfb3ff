"""People whom no list knows: full names in texts, and whether a text speaks of them as of students.

They matter twice. Who is on no roster may still be a student: a new one, or another district's. And an excerpt must
not show the bystander beside the student.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from auditor.detect.adults import is_about_adults
from auditor.detect.cues import NEAR, is_about_students
from auditor.detect.found import Found
from auditor.detect.lines import Lines
from auditor.detect.persons import LEAST, SCHOOL
from auditor.detect.said import Said
from auditor.masking import WIDTH, mask_name
from auditor.model import Passage, Place, Sighting, Sort
from auditor.roster.names import joined, parts
from auditor.roster.staffbook import StaffBook

LIKE_A_STUDENT: Final = 0.7
"""Somebody full named in a text that speaks of students, and nothing tells that they are none."""
SOMEBODY: Final = 0.3
"""Anybody else: worth a mask, no question."""

EVEN: Final = 0.5
"""From here on, it is rather that student than another."""

QUOTED: Final = 2 * WIDTH
"""So many characters from something recognised, an excerpt about it hardly ever reaches."""
FARTHEST: Final = 3 * WIDTH + 40
"""An excerpt never reaches so far, whatever it leaves out of what stands between."""

_BESIDE_A_MAILBOX: Final = 200
_SHORTEST_SURNAME: Final = 2
_SHORTEST_CUT: Final = 6
_OF_STUDENTS: Final = re.compile(r"(?:^|[.-])(?:stu\w*|pupils?|alumn\w*|kids|learn\w*|scholars?)[.-]", re.IGNORECASE)
"""Domains of students: "stu.district.example"."""

_WRITTEN: Final = frozenset(
    {Place.BODY, Place.TITLE, Place.DESCRIPTION, Place.ALT, Place.CAPTION, Place.TABLE, Place.COMMENT}
)
_TITLES: Final = frozenset({Place.TITLE, Place.DESCRIPTION})


class Strangers:
    """Finds people in the passages of documents.

    `names` finds full names in a text. `digest` makes tokens. Names of the district's own staff and schools are known
    to be no students'. `everybody`: a sighting's confidence tells how sure it is that this is somebody's name; without,
    only those are told who stand where students are spoken of or something else was recognised, and it tells how sure
    it is that this is a student.
    """

    def __init__(
        self, names: Lines, staff: StaffBook, digest: Callable[[str], str], *, everybody: bool = False
    ) -> None:
        self._names, self._staff, self._digest, self._everybody = names, staff, digest, everybody

    def sightings(
        self,
        passages: Sequence[Passage],
        seen: Collection[Sighting],
        said: Iterable[Sighting] = (),
        *,
        everywhere: bool = False,
    ) -> list[Sighting]:
        """Everybody named whom none of the sightings names already, in the order of the passages.

        Beside what was `seen`, whoever it is; beside language that was `said`, and `everywhere`, all but the district's
        own staff and those who are adults by the words beside them: a school may show these.
        """
        named = {n: names for n, p in enumerate(passages) if p.place in _WRITTEN and (names := self._named(p.text))}
        named = _without_schools(named)
        if not named:
            return []
        found: list[Sighting] = []
        seen_in = by_passage(seen)
        if self._everybody:
            for number, names in named.items():
                found += self._all(number, passages[number].text, names, seen_in.get(number, []))
            return found
        titles = [p.text for p in passages if p.place in _TITLES]
        of_students = any(map(is_about_students, titles))
        of_adults = not of_students and any(map(is_about_adults, titles))
        with_mailbox = () if of_students else _with_mailbox(passages, named, seen_in)
        colleagues = StaffBook(with_mailbox) if with_mailbox else None
        said_in = by_passage(said)
        for number, names in named.items():
            text, here = passages[number].text, seen_in.get(number, [])
            known = list(filter(_is_name, here))
            strangers = _apart(names, known, len(text))
            quotable = _Quotable(here, said_in.get(number, []), everywhere=everywhere)
            told = Said(text, names, colleagues)
            found += self._of_interest(number, text, strangers, known, told, quotable, of_students, of_adults)
        return found

    def _named(self, text: str) -> list[Found]:
        return list(self._names.find(text))

    def _all(self, number: int, text: str, names: list[Found], seen: list[Sighting]) -> Iterator[Sighting]:
        """Everybody of those names; who is hardly the student of that name may be somebody else."""
        known = [s for s in seen if _is_name(s) and s.confidence >= EVEN]
        for name in _apart(names, known, len(text)):
            if name.confidence >= LEAST:
                yield self._sighting(number, text, name, name.confidence)

    def _of_interest(
        self,
        number: int,
        text: str,
        found: Iterator[Found],
        students: Iterable[Sighting],
        told: Said,
        quotable: "_Quotable",
        of_students: bool,
        of_adults: bool,
    ) -> Iterator[Sighting]:
        """Those who may be students, and those who stand where something may be quoted."""
        known = sorted(students, key=lambda s: s.start, reverse=True)
        listed_until = -NEAR - 1
        for name in found:
            # In a list of names, what is said of the first holds for the next.
            while known and known[-1].start < name.start:
                one = known.pop()
                if one.start - listed_until <= NEAR or told.of_a_student(one):
                    listed_until = one.end
            listed = name.start - listed_until <= NEAR
            sure = name.confidence >= LEAST and not of_adults
            asked = sure and (of_students or listed or told.of_a_student(name))
            for_anybody = quotable.surely(name)
            if not (asked or for_anybody or quotable.perhaps(name)):
                continue
            shown = (asked or not for_anybody) and (self._is_ours(text, name) or told.of_an_adult(name))
            if asked and not shown:
                listed_until = name.end
                yield self._sighting(number, text, name, min(LIKE_A_STUDENT, name.confidence))
            elif for_anybody or not shown:
                yield self._sighting(number, text, name, min(SOMEBODY, name.confidence))

    def _is_ours(self, text: str, name: Found) -> bool:
        """Whether it is one of the district's own staff."""
        return self._staff.bears(text[name.start : name.end])

    def _sighting(self, number: int, text: str, name: Found, confidence: float) -> Sighting:
        written = text[name.start : name.end]
        return Sighting(
            sort=Sort.PERSON,
            passage=number,
            start=name.start,
            end=name.end,
            masked=mask_name(written),
            token=self._digest(f"{Sort.PERSON}:{joined(written)}"),
            confidence=confidence,
            form=name.form,
        )


def _without_schools(named: dict[int, list[Found]]) -> dict[int, list[Found]]:
    """The names in each passage without those that are a school's anywhere: "Dunmore" is, beside "Dunmore PTA"."""
    schools = {name.value for names in named.values() for name in names if name.form == SCHOOL}
    if not schools:
        return named
    apart_from_them = ((n, [name for name in names if name.value not in schools]) for n, names in named.items())
    return {n: names for n, names in apart_from_them if names}


def _with_mailbox(
    passages: Sequence[Passage], named: Mapping[int, list[Found]], seen_in: Mapping[int, list[Sighting]]
) -> set[str]:
    """The names beside which a mailbox of the district's own stands that is called like them: of people who work there.

    What may be a student's mailbox says nothing.
    """
    found: set[str] = set()
    for number, here in seen_in.items():
        names = named.get(number)
        boxes = [s for s in here if s.sort is Sort.EMAIL and s.ours and not s.students] if names else ()
        if not names or not boxes:
            continue
        text, starts = passages[number].text, [name.start for name in names]
        written = [text[name.start : name.end] for name in names]
        called = list(map(_words, written))
        for box in boxes:
            local, _, domain = text[box.start : box.end].partition("@")
            words = parts(local)
            if not words or any(map(str.isdigit, local)) or _OF_STUDENTS.search(domain):
                continue
            first = bisect_right(starts, box.start - _BESIDE_A_MAILBOX)
            for n in range(first, bisect_right(starts, box.end + _BESIDE_A_MAILBOX)):
                if _is_called(called[n], words):
                    found.add(written[n])
    return found


def _words(name: str) -> tuple[str, ...]:
    """The words of a name, the first name first."""
    family, _, given = name.partition(",")
    return tuple(filter(None, parts(f"{given} {family}" if given else name)))


def _is_called(name: tuple[str, ...], local: tuple[str, ...]) -> bool:
    """Whether a mailbox is called like a person: "jdoe", "jane.doe", "doej", "jane.d", "doe", "j.m.doe", and "jdo"
    cut short.
    """
    first, box = name[0] if name else "", "".join(local)
    for last in (*name[1:], "".join(name[1:])):
        if len(last) < _SHORTEST_SURNAME:
            continue
        if box in (last, first + last, last + first, first[0] + last, last + first[0], first + last[0]):
            return True
        if box[0] == first[0] and len(box) >= _SHORTEST_CUT and last.startswith(box[1:]):
            return True
        if box[0] == first[0] and len(local) > 1 and box.endswith(last):
            return True
    return False


def _apart(names: Iterable[Found], known: Sequence[Sighting], length: int) -> Iterator[Found]:
    """Every name in a text of that length but those that are known already."""
    taken = sorted((s.start, s.end) for s in known)
    for name in names:
        before = bisect_right(taken, (name.end - 1, length)) - 1
        if before < 0 or taken[before][1] <= name.start:
            yield name


class _Quotable:
    """The places of one passage that a finding may quote."""

    def __init__(self, seen: Sequence[Sighting], said: Sequence[Sighting], *, everywhere: bool) -> None:
        self._seen = sorted(s.start for s in seen)
        self._all = sorted([*self._seen, *(s.start for s in said)])
        self._said = {(s.start, s.end) for s in said}
        self._everywhere = everywhere

    def surely(self, name: Found) -> bool:
        """Whether an excerpt about something that was seen may show the name."""
        return _is_near(name, self._seen, QUOTED)

    def perhaps(self, name: Found) -> bool:
        """Whether an excerpt about anything may, and the name is not itself what was said: some drinks have names."""
        near = self._everywhere or _is_near(name, self._all, FARTHEST)
        return near and (name.start, name.end) not in self._said


def _is_near(name: Found, places: Sequence[int], reach: int) -> bool:
    return bisect_right(places, name.end + reach) > bisect_right(places, name.start - reach)


def by_passage(sightings: Iterable[Sighting]) -> dict[int, list[Sighting]]:
    """The sightings of each passage, by its number, in their order."""
    found: defaultdict[int, list[Sighting]] = defaultdict(list)
    for s in sightings:
        found[s.passage].append(s)
    return found


def _is_name(seen: Sighting) -> bool:
    return seen.sort is Sort.STUDENT and seen.form != "first"
