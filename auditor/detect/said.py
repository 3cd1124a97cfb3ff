"""What a text says of those whom it names: that they are students, that they are adults, neither."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import Final

from auditor.detect.adults import adult, is_about_adults
from auditor.detect.cues import NEAR, speaks_of_students
from auditor.detect.found import Placed
from auditor.detect.roles import Role, role_below, role_beside, role_of
from auditor.roster.staffbook import StaffBook

_LINES_OF_A_CARD: Final = 3
_LONGEST_LIST: Final = 40
_LONGEST_HEADING: Final = 60
_LONGEST_CARD: Final = 400
_LONGEST_LINE: Final = 1_000
_GRADE_COLUMN: Final = re.compile(r"grades?|gr\.?|grade level|class of|class year|grado", re.IGNORECASE)
_A_GRADE: Final = re.compile(r"pk|k|\d{1,2}(?:st|nd|rd|th|[.º°]?o?)?|fr|so|jr|sr|(?:20)?\d\d", re.IGNORECASE)
_STUDENT_COLUMN: Final = re.compile(
    r"\b(?:students?|pupils?|players?|athletes?|performers?|winners?|finalists?|estudiantes?|alumn[oa]s?)\b(?! (?:"
    r"teacher|advis[eo]r|services))",
    re.IGNORECASE,
)
_STAFF_COLUMN: Final = re.compile(
    r"\b(?:teacher|staff|instructor|position|title|role|e-?mail|phone|ext|room|subject|department|office|maestr[oa]"
    r"|docente|correo|tel[eé]fono|sal[oó]n|puesto)\b",
    re.IGNORECASE,
)
_MORE_THAN_A_GRADE: Final = re.compile(
    r"\b(?:students?|pupils?|scholars?|graders?|freshm[ae]n|sophomores?|juniors?|seniors?|estudiantes?|alumn[oa]s?"
    r"|honou?r roll|dean.s list|of the (?:week|month|year)|winners?|finalists?|champions?|place|congrat\w*|felici\w+"
    r"|spelling bee|science fair|perfect attendance|rosters?|class of 20\d\d|cuadro de honor|ganador\w*)\b"
    r"(?! (?:services|teachers?|council advisor|support))",
    re.IGNORECASE,
)
"""What calls somebody a student of whom a grade alone may as well say whom they teach."""
_OF_A_CARD: Final = re.compile(r"\S+@\S+|(?:room|rm\.?|ext\.?|sal[oó]n) ?#?\d\w*|[\d() .+-]{7,30}", re.IGNORECASE)
"""A line that is nothing but a room, a number or a mailbox."""
_LISTED: Final = re.compile(r" (?:and|&|y|e) |, (?:(?:and|y) )?")
_OF_SEVERAL: Final = re.compile(r"\b(?:by|por|\w{3,}s):? \Z")
"""What stands before several who have done a thing, or are what the word says: "music by", "parents"."""


class Said:
    """What one passage says of the `names` in it, to be asked in their order.

    `colleagues` are those of whom the page says by a mailbox of the district that they work there, if any.
    """

    def __init__(self, text: str, names: Sequence[Placed], colleagues: StaffBook | None = None) -> None:
        self._text, self._names, self._colleagues = text, names, colleagues
        self._starts = [name.start for name in names]
        self._carded: Placed | None = None  # the last one whose own line below says who that is
        self._adult: Placed | None = None
        self._below: dict[int, Role | None] = {}
        self._beside: dict[int, Role | None] = {}
        self._roles: dict[str, Role | None] = {}
        self._headings: dict[int, str] = {}

    def of_a_student(self, name: Placed) -> bool:
        """Whether students are spoken of close by: in the same line, the one above, or one that says what somebody is.

        The cue of a page is none.
        """
        text = self._text
        role = self._role_below(name)
        if role is not None:
            self._carded = name
            return role is Role.STUDENT or (role is Role.GRADE and not self._shows_staff)
        if self._role_beside(name) is Role.GRADE and self._shows_staff:
            return False
        if self._is_in_a_table_of_students(name):
            return True
        begin = _line_begins(text, name.start)
        above = _line_begins(text, max(0, begin - 1))
        line_above = text[above:begin]
        role_above = self._role_of(line_above) if "\t" not in line_above else None
        of_another = self._is_on_last_card(name)
        if role_above is Role.STUDENT and not of_another:
            return True
        first = max(begin if of_another or role_above is Role.ADULT else above, name.start - NEAR)
        last = text.find("\n", name.end, name.end + NEAR)
        close = name.end + NEAR if last < 0 else last
        return speaks_of_students(text[first:close], name.start - first, name.end - first)

    def _is_on_last_card(self, name: Placed) -> bool:
        """Whether the lines above a name belong to the last one whose own line below says who that is."""
        card = self._carded
        if card is None or name.start - card.end > _LONGEST_CARD:
            return False
        return self._text.count("\n", card.end, name.start) <= _LINES_OF_A_CARD

    def of_an_adult(self, name: Placed) -> bool:
        """Whether it is hardly a student of today, by what stands beside, below and over the list of names."""
        text, before = self._text, self._adult
        found = adult(text, name.start, name.end) or self._holds_office(name) or self._stands_under_adults(name)
        found = found or self._is_a_colleague(name)
        if not found and before is not None and _LISTED.fullmatch(text, before.end, name.start):
            found = _OF_SEVERAL.search(text, max(0, before.start - NEAR), before.start) is not None
        self._adult = name if found else None
        return found

    def _is_a_colleague(self, name: Placed) -> bool:
        """Whether the page shows a mailbox of the district that is called like that person, and it is that of somebody
        who works there: a student may have one, but then more tells so than the grade.
        """
        text = self._text
        if self._colleagues is None or not self._colleagues.bears(text[name.start : name.end]):
            return False
        if self._role_below(name) is Role.STUDENT or self._role_beside(name) is Role.STUDENT:
            return False
        begin = _line_begins(text, name.start)
        close = text.find("\n", name.end, name.end + NEAR)
        around = text[_line_begins(text, max(0, begin - 1)) : close if close >= 0 else name.end + NEAR]
        heads, column = self._heading_over(name).split("\t"), self._column(name)
        if column < len(heads) and _STUDENT_COLUMN.search(heads[column]):
            return False
        return _MORE_THAN_A_GRADE.search(around) is None

    @cached_property
    def _shows_staff(self) -> bool:
        """Whether the passage tells of an adult's office: then the grades beside names are those they teach."""
        return any(map(self._holds_office, self._names))

    def _holds_office(self, name: Placed) -> bool:
        return self._role_below(name) is Role.ADULT or self._role_beside(name) is Role.ADULT

    def _role_beside(self, name: Placed) -> Role | None:
        if name.end not in self._beside:
            self._beside[name.end] = role_beside(self._text, name.end)
        return self._beside[name.end]

    def _role_of(self, line: str) -> Role | None:
        if line not in self._roles:
            self._roles[line] = role_of(line)
        return self._roles[line]

    def _role_below(self, name: Placed) -> Role | None:
        if name.start not in self._below:
            self._below[name.start] = role_below(self._text, name.start, name.end)
        return self._below[name.start]

    def _stands_under_adults(self, name: Placed) -> bool:
        """Whether the heading over the list of names, or over a table's column, is one of adults: "Our teachers"."""
        cells = self._heading_over(name).split("\t")
        column = self._column(name)
        heading = cells[column] if column < len(cells) else " ".join(cells)
        told = len(heading) <= _LONGEST_HEADING and (is_about_adults(heading) or self._role_of(heading) is Role.ADULT)
        return told and self._role_below(name) is not Role.STUDENT

    def _is_in_a_table_of_students(self, name: Placed) -> bool:
        """Whether the heading of a column says so, or the row tells a grade where no staff is meant."""
        text = self._text
        close = text.find("\n", name.end, name.end + NEAR)
        row = text[_line_begins(text, name.start) : close if close >= 0 else name.end + NEAR]
        heads, cells, column = self._heading_over(name).split("\t"), row.split("\t"), self._column(name)
        if len(heads) == 1 or len(cells) == 1:
            return False
        if column < len(heads) and _STUDENT_COLUMN.search(heads[column]):
            return True
        if "@" in row or any(map(_STAFF_COLUMN.search, heads)) or self._shows_staff:
            return False
        both = zip(heads, cells, strict=False)
        return any(_GRADE_COLUMN.fullmatch(head.strip()) and _A_GRADE.fullmatch(cell.strip()) for head, cell in both)

    def _column(self, name: Placed) -> int:
        return self._text.count("\t", _line_begins(self._text, name.start), name.start)

    def _heading_over(self, name: Placed) -> str:
        """The line over a list of names or the rows of a table, which names nobody; "" where there is none near."""
        begin = _line_begins(self._text, name.start)
        if begin not in self._headings:
            self._headings[begin] = self._heading_above(begin, name.end)
        return self._headings[begin]

    def _heading_above(self, begin: int, end: int) -> str:
        """The same, over the line that begins there; a name in it ends at `end`."""
        text, of_a_grade = self._text, False
        for _ in range(_LONGEST_LIST):
            if begin == 0 or text[begin - 1] != "\n":
                break  # a line so long is no row of a list
            below, end, begin = end, begin - 1, _line_begins(text, begin - 1)
            if self._names_in(begin, end):
                of_a_grade = False
                continue
            above = _line_begins(text, max(0, begin - 1))
            line = text[begin:end]
            role = self._role_of(line)
            over_a_grade, of_a_grade = of_a_grade, role is Role.GRADE and "\t" not in line
            # One grade after another is a menu: "Our teachers" in it is no heading of what stands below.
            if (of_a_grade and not over_a_grade) or _is_of_a_card(line):
                continue
            of_a_card = role is not None and self._names_in(above, begin)
            if not of_a_card or (role is Role.STUDENT and not self._names_in(end, below)):
                return line
        return ""

    def _names_in(self, begin: int, end: int) -> bool:
        at = bisect_left(self._starts, begin)
        return at < len(self._starts) and self._starts[at] < end


def _is_of_a_card(line: str) -> bool:
    return len(line) <= _LONGEST_HEADING and _OF_A_CARD.fullmatch(line.strip(" *•|–—")) is not None


def _line_begins(text: str, at: int) -> int:
    """Where the line around a place begins, as far as it matters."""
    first = max(0, at - _LONGEST_LINE)
    return max(first, text.rfind("\n", first, at) + 1)
