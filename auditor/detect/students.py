"""Texts -> students of the roster named in them, and how certain that is."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final
from unicodedata import category
from urllib.parse import unquote

from auditor.detect.adults import is_students_office, may_be_adult, may_be_officer
from auditor.detect.cues import NEAR, Cues, is_about_students
from auditor.detect.found import apart
from auditor.detect.hints import is_post
from auditor.detect.namesakes import Namesakes
from auditor.detect.roles import Role, is_under_office, role_below
from auditor.masking import mask_name
from auditor.model import Passage, Place, Sighting, Sort, Student
from auditor.roster.book import Match, Roster
from auditor.roster.marks import MarksOf, not_looked_at
from auditor.roster.names import CAMEL, parts, words
from auditor.roster.staffbook import StaffBook, titled
from auditor.vicinity import line

OWN_SCHOOL: Final = 0.98
DISTRICT_WIDE: Final = 0.95
"""On an account of the district itself, whose students all are its own."""

OTHER_SCHOOL: Final = 0.9
"""A student of another school, in a text that speaks of students."""

JOINED: Final = 0.95
"""A hashtag, a file name, a handle: nobody can see where the first name ends."""

LOOSE_WITH_CUE: Final = 0.8
LOOSE: Final = 0.7
"""The name may well be somebody else's: half of a double surname, an unknown name in the middle."""

AMBIGUOUS_WITH_CUE: Final = 0.7
"""Staff or somebody famous has the name too, but the text speaks of students: worth asking."""

UNCERTAIN: Final = 0.5
AMBIGUOUS: Final = 0.4
COMMON_FIRST_NAME: Final = 0.3

_SENIOR: Final = re.compile(r"\b(?:Sr|SR)\.? \Z")
_SHORT: Final = len(" Sr. ")
_YEARS: Final = re.compile(r"\b(?:Jr|JR|So|SO|Fr|FR)\. [^\W\d_]")

_LISTED: Final = re.compile(
    r"(?: ?[,;&] ?(?:and |y )?| and | y |[^\S\n]*\n[\s\d.)•*–-]{0,8}|[^\n]{0,24}\n[\s\d.)•*–-]{0,8})"
)
"""What stands between two names of a list: a comma, a new line, and before it a number or a mark."""

Cue = Callable[[], bool]
"""Tells of a name whether the text speaks of students near it: most names are sure without."""

_TITLES: Final = frozenset({Place.TITLE, Place.DESCRIPTION})
_SLUGS: Final = frozenset({Place.ADDRESS, Place.FILE_NAME})


def students(
    passages: Sequence[Passage],
    roster: Roster,
    staff: StaffBook,
    account_school: str,
    *,
    first_names: bool = True,
    marks_of: MarksOf = not_looked_at,
    namesakes: Namesakes | None = None,
) -> list[Sighting]:
    """Every student of the roster named in these passages of one document, in the order of the passages.

    `account_school` is the id of the school whose account it is, "" for the district's own. A name that students of
    that school bear is theirs; students of other schools are meant only where none of them bears it. Lone first names
    of the school's students have the form "first" and little confidence; `students` is empty where several bear one.
    `marks_of` tells the roster's marks of lines whose words somebody has looked at already; posts are no such.
    `namesakes` chooses among several bearers of one name.
    """
    about_students: bool | None = None
    chosen_by = namesakes or Namesakes(())
    found: list[Sighting] = []
    for number, passage in enumerate(passages):
        marks = not_looked_at if is_post(passage.text) else marks_of
        matches = list(roster.match(passage.text, passage.place, marks))
        lone = first_names and account_school and passage.place not in _SLUGS
        if matches or lone:
            if about_students is None:
                about_students = any(p.place in _TITLES and is_about_students(p.text) for p in passages)
            reader = _PassageReader(number, passage, roster, staff, account_school, about_students, chosen_by)
            named = reader.named(matches)
            found += named
            if lone:
                found += apart(reader.first_names(marks), named)
    return found


class _PassageReader:
    """Reads one passage."""

    def __init__(
        self,
        number: int,
        passage: Passage,
        roster: Roster,
        staff: StaffBook,
        school: str,
        about_students: bool,
        namesakes: Namesakes,
    ) -> None:
        self._number, self._passage, self._text = number, passage, passage.text
        self._roster, self._staff, self._school = roster, staff, school
        self._about_students, self._namesakes = about_students, namesakes
        self._cues = Cues(passage.text)
        self._listed_until = self._among_until = -NEAR - 1

    def named(self, matches: Sequence[Match]) -> list[Sighting]:
        found: list[Sighting] = []
        worded: list[int] = []
        near: list[bool] = []
        for n, match in enumerate(matches):
            told = replace(match, staff=True) if not match.staff and self._is_staff(match) else match
            found.append(self._sighting(told, partial(self._are_near, near, matches, n)))
            worded += [n] if _is_only_worded(told) else []
        for n in worded:
            found[n] = self._in_list(found, n)
        siblings = [sibling for one in found for sibling in self._of_one_family(one)]
        return sorted([*found, *siblings], key=lambda s: s.start) if siblings else found

    def _are_near(self, known: list[bool], matches: Sequence[Match], n: int) -> bool:
        """Whether the text speaks of students near a match, as is `known` of those before it. In a list of names, what
        is said of the first holds for the next.
        """
        for match in matches[len(known) : n + 1]:
            listed = self._about_students or match.start - self._listed_until <= NEAR
            known.append(listed or self._cues.near(match.start, match.end))
            self._listed_until = match.end if known[-1] else self._listed_until
        return known[n]

    def _of_one_family(self, last: Sighting) -> list[Sighting]:
        """Students of the own school whose family name stands behind a brother's or sister's alone: the first of "Jada
        and Kofi Holt".
        """
        found: list[Sighting] = []
        surname = self._text[last.start : last.end].partition(" ")[2]
        if last.form != "full" or last.confidence < OTHER_SCHOOL or not surname:
            return found
        listed = _BEFORE_AND.search(self._text, max(0, last.start - NEAR), last.start)
        for given in _GIVEN.finditer(self._text, *listed.span(1)) if listed else ():
            name = f"{given.group()} {surname}"
            for match in self._roster.match(name):
                own = tuple(student for student in match.students if self._is_own(student))
                if own and match.form == "full" and not (match.loose or match.staff or match.start):
                    placed = replace(match, start=given.start(), end=given.end())
                    found.append(replace(self._as_sighting(placed, own, own, OTHER_SCHOOL), masked=mask_name(name)))
        return found

    def _in_list(self, found: Sequence[Sighting], n: int) -> Sighting:
        """A name that may be plain words, as sure as those before or behind it in a list."""
        one = found[n]
        if AMBIGUOUS < one.confidence < OTHER_SCHOOL:
            for other in (*found[max(0, n - 1) : n], *found[n + 1 : n + 2]):
                first, second = sorted((one, other), key=lambda s: s.start)
                if other.confidence >= OTHER_SCHOOL and _LISTED.fullmatch(self._text, first.end, second.start):
                    return replace(one, confidence=other.confidence)
        return one

    def first_names(self, marks_of: MarksOf) -> list[Sighting]:
        found = []
        for match in self._roster.first_names(self._text, [self._school], marks_of):
            alone = len(match.students) == 1
            who = match.students if alone else ()
            found.append(self._as_sighting(match, who, match.students, UNCERTAIN if alone else COMMON_FIRST_NAME))
        return found

    def _sighting(self, match: Match, cue: Cue) -> Sighting:
        own = tuple(student for student in match.students if self._is_own(student))
        confidence = self._confidence(match, cue, bool(own))
        if confidence > AMBIGUOUS_WITH_CUE and self._may_be_adult(match):
            confidence = AMBIGUOUS_WITH_CUE if own else AMBIGUOUS
        elif confidence > AMBIGUOUS_WITH_CUE and self._may_be_officer(match):
            confidence = AMBIGUOUS_WITH_CUE
        if confidence == OTHER_SCHOOL and not own and not self._is_among_students(match):
            confidence = LOOSE
        who = own or match.students
        if len(who) > 1:
            who = self._namesakes.meant(self._text, match.start, match.end, who)
        return self._as_sighting(match, who, who, confidence)

    def _confidence(self, match: Match, cue: Cue, own: bool) -> float:
        if match.staff:
            return AMBIGUOUS_WITH_CUE if cue() and not self._is_titled(match) else AMBIGUOUS
        if self._is_well_known(match):
            return AMBIGUOUS_WITH_CUE if self._surely_a_students(match) else AMBIGUOUS
        if match.guess:
            return self._of_guess(match, cue) if own else AMBIGUOUS
        if match.form == "single":
            return LOOSE if own and cue() else UNCERTAIN
        if match.everyday or match.place or match.phrase:
            return min(self._as_a_persons(match, cue, own), self._at_most(match, cue))
        return self._as_a_persons(match, cue, own)

    def _is_among_students(self, match: Match) -> bool:
        """Whether the cue near a name speaks of people, and not of what they go to; in a list, near another one."""
        listed = match.start - self._among_until <= NEAR
        among = self._about_students or listed or self._cues.of_people(match.start, match.end)
        self._among_until = match.end if among else self._among_until
        return among

    def _as_a_persons(self, match: Match, cue: Cue, own: bool) -> float:
        """How certain the name is that student's, when it is anybody's."""
        if match.loose and not match.phrase:
            return (LOOSE_WITH_CUE if cue() else LOOSE) if own else (LOOSE if cue() else UNCERTAIN)
        if not own:
            return OTHER_SCHOOL if cue() else UNCERTAIN
        if match.form in ("joined", "handle"):
            return JOINED
        if self._school:
            return OWN_SCHOOL
        # In the whole district, a name that several students bear is common: adults will bear it too.
        return DISTRICT_WIDE if len(match.students) == 1 or cue() else LOOSE

    def _at_most(self, match: Match, cue: Cue) -> float:
        """How certain it can be that words which may name a place, or nothing, are a name."""
        sure = self._surely_a_students(match)
        if self._cues.are_of_a_place(match.start, match.end):
            if self._cues.is_spoken_of(match.start, match.end):
                return LOOSE_WITH_CUE
            if not match.everyday:
                return LOOSE
            return LOOSE if sure else AMBIGUOUS
        if not match.everyday and not match.phrase:
            return 1.0
        if self._passage.place is Place.ADDRESS and not sure:
            return AMBIGUOUS
        if not match.capitalised and self._text[match.start].isupper():
            return AMBIGUOUS  # "Summer field trips": a sentence begins with it
        if not match.capitalised and not sure and self._is_small_among_capitals(match):
            return AMBIGUOUS
        if not match.capitalised or self._text[match.start : match.end].isupper():
            return LOOSE_WITH_CUE if sure else LOOSE
        if sure and self._cues.go_on_as_a_thing(match.end) and not self._cues.is_spoken_of(match.start, match.end):
            return LOOSE_WITH_CUE
        if sure:
            return 1.0
        return LOOSE_WITH_CUE if cue() else LOOSE

    def _is_small_among_capitals(self, match: Match) -> bool:
        """Whether plain words are in small letters in a line that begins with a capital: "We ran by autumn fields"."""
        first = self._text[line(self._text, match.start, match.end).start : match.start].lstrip(" \t\"'“‘(¡¿")
        return match.form == "full" and first[:1].isupper()

    def _surely_a_students(self, match: Match) -> bool:
        return self._cues.surely(match.start, match.end)

    def _of_guess(self, match: Match, cue: Cue) -> float:
        """Many people share a surname and go by the same short name: only a student's cue makes it worth asking."""
        if match.guess == "typo" or self._surely_a_students(match):
            return LOOSE
        return UNCERTAIN if cue() else AMBIGUOUS

    def _is_own(self, student: Student) -> bool:
        return not self._school or not student.schools or self._school in student.schools

    def _is_staff(self, match: Match) -> bool:
        return self._staff.bears(self._written(match)) or self._is_titled(match)

    def _is_titled(self, match: Match) -> bool:
        if not titled(self._text, match.start, match.end) or is_students_office(self._text, match.start):
            return False
        return not self._is_called_senior(match)

    def _is_called_senior(self, match: Match) -> bool:
        """Whether "Sr." stands before a name, and others are freshmen or juniors: that is no Spanish gentleman."""
        before = _SENIOR.search(self._text, max(0, match.start - _SHORT), match.start)
        return before is not None and _YEARS.search(self._text) is not None

    def _may_be_adult(self, match: Match) -> bool:
        """Whether a namesake may be meant: an office stands beside or below, or the name in a list of adults."""
        if self._is_called_senior(match):
            return False
        below = role_below(self._text, match.start, match.end)
        if below is None and is_under_office(self._text, match.start, match.end):
            return True
        return below is Role.ADULT or may_be_adult(self._text, match.start, match.end)

    def _may_be_officer(self, match: Match) -> bool:
        """Whether a parent may be meant, by an office that students hold as well: then it is asked."""
        return not self._about_students and may_be_officer(self._text, match.start, match.end)

    def _is_well_known(self, match: Match) -> bool:
        found = parts(CAMEL.sub(" ", self._written(match)))
        return bool(found) and not words().well_known.isdisjoint({"".join(found), found[0] + found[-1]})

    def _written(self, match: Match) -> str:
        return unquote(self._text[match.start : match.end]).replace("\t", ", ")

    def _as_sighting(
        self, match: Match, who: tuple[Student, ...], bearers: Iterable[Student], confidence: float
    ) -> Sighting:
        return Sighting(
            sort=Sort.STUDENT,
            passage=self._number,
            start=match.start,
            end=_visible_end(self._text, match.start, match.end),
            masked=mask_name(self._written(match)),
            token=self._roster.token(bearers, "first" if match.form == "first" else "full"),
            confidence=confidence,
            form=match.form,
            students=who,
        )


_GIVEN: Final = re.compile(r"[^\W\d_][\w'’-]*\w")
_BEFORE_AND: Final = re.compile(
    rf"(?<![\w'’-])((?:{_GIVEN.pattern}, ){{0,4}}{_GIVEN.pattern}),? (?:and|&|y|e) (?:(?:her|his|su) \w+,? )?\Z"
)
"""First names before the last one of several: "Jada, Theo and "."""


def _is_only_worded(match: Match) -> bool:
    """Whether nothing but the words of a name, which mean something, make it doubtful."""
    worded = match.everyday or match.place or match.phrase
    return worded and match.capitalised and not (match.loose or match.guess or match.staff)


def _visible_end(text: str, start: int, end: int) -> int:
    """The end of a place without the marks behind its last letter that turn the direction of writing, and the like."""
    while end > start and text[end - 1] > "\x7f" and category(text[end - 1]) == "Cf":
        end -= 1
    return end
