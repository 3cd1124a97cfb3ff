"""People whom no list knows: full names in texts, and whether a text speaks of them as of students.

They matter twice. Who is on no roster may still be a student: a new one, or another district's. And an excerpt must
not show the bystander beside the student.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

from auditor.detect.cues import NEAR, is_about_students, speaks_of_students
from auditor.detect.found import Found
from auditor.detect.persons import Persons
from auditor.masking import mask_name
from auditor.model import Passage, Place, Sighting, Sort
from auditor.roster.names import joined
from auditor.roster.staffbook import StaffBook
from auditor.roster.staffbook import titled as adult

LIKE_A_STUDENT: Final = 0.7
"""Somebody full named in a text that speaks of students, and nothing tells that they are none."""
SOMEBODY: Final = 0.3
"""Anybody else: worth a mask, no question."""

_WRITTEN: Final = frozenset(
    {Place.BODY, Place.TITLE, Place.DESCRIPTION, Place.ALT, Place.CAPTION, Place.TABLE, Place.COMMENT}
)
_TITLES: Final = frozenset({Place.TITLE, Place.DESCRIPTION})
_REMEMBERED: Final = 20_000


class Strangers:
    """Finds people in the passages of documents, and remembers the lines that it has read, never whose they were.

    `names` finds full names in a text. `digest` makes tokens. Names of the district's own staff and schools are known
    to be no students'. `everybody`: every line is read, and a sighting's confidence tells how sure it is that this is
    somebody's name; without, only lines that speak of students or in which something else was recognised are read, and
    it tells how sure it is that this is a student.
    """

    def __init__(
        self, names: Persons, staff: StaffBook, digest: Callable[[str], str], *, everybody: bool = False
    ) -> None:
        self._names, self._staff, self._digest, self._everybody = names, staff, digest, everybody
        self._lines: dict[str, tuple[Found, ...]] = {}

    def sightings(self, passages: Sequence[Passage], seen: Collection[Sighting]) -> Iterator[Sighting]:
        """Everybody named whom none of the sightings names already, in the order of the passages."""
        of_students = any(p.place in _TITLES and is_about_students(p.text) for p in passages)
        for number, passage in enumerate(passages):
            if passage.place in _WRITTEN:
                yield from self._in_passage(number, passage.text, [s for s in seen if s.passage == number], of_students)

    def _in_passage(self, number: int, text: str, seen: Sequence[Sighting], of_students: bool) -> Iterator[Sighting]:
        taken = sorted((s.start, s.end) for s in seen if s.sort is Sort.STUDENT and s.form != "first")
        told = sorted(s.start for s in seen)
        begin = 0
        listed_until = -NEAR - 1
        for line in text.split("\n"):
            end = begin + len(line)
            found = self._found(line)
            if found:
                # What is said in a line may be quoted with the line above it.
                beside = bisect_right(told, end + NEAR) > bisect_right(told, begin - NEAR)
                for name in found:
                    start, close = begin + name.start, begin + name.end
                    if any(s < close and start < e for s, e in taken):
                        continue
                    cue = of_students or start - listed_until <= NEAR or _speaks_of_students(text, start, close)
                    pupil = cue and not self._is_adult(text, start, close)
                    listed_until = close if pupil else listed_until
                    if self._everybody or pupil or beside:
                        yield self._sighting(number, text[start:close], start, close, name, pupil)
            begin = end + 1

    def _found(self, line: str) -> tuple[Found, ...]:
        known = self._lines.get(line)
        if known is None:
            if len(self._lines) >= _REMEMBERED:
                self._lines.clear()
            known = self._lines[line] = tuple(self._names(line))
        return known

    def _is_adult(self, text: str, start: int, end: int) -> bool:
        return self._staff.bears(text[start:end]) or adult(text, start, end)

    def _sighting(self, number: int, written: str, start: int, end: int, name: Found, pupil: bool) -> Sighting:
        likely = LIKE_A_STUDENT if pupil else SOMEBODY
        return Sighting(
            sort=Sort.PERSON,
            passage=number,
            start=start,
            end=end,
            masked=mask_name(written),
            token=self._digest(f"{Sort.PERSON}:{joined(written)}"),
            confidence=name.confidence if self._everybody else min(likely, name.confidence),
            form=name.form,
        )


def _speaks_of_students(text: str, start: int, end: int) -> bool:
    """Whether students are spoken of close by, in the same line or the one above: the cue of a page is none."""
    first = max(0, start - NEAR, text.rfind("\n", 0, max(0, text.rfind("\n", 0, start))) + 1)
    last = text.find("\n", end, end + NEAR)
    close = end + NEAR if last < 0 else last
    return speaks_of_students(text[first:close], start - first, end - first)
