"""Records in tables: the heading of a column says what its cells are."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

from auditor.common_words import OFFICES
from auditor.detect.found import Found, plain
from auditor.detect.record_words import record_lists
from auditor.model import Sort

_LONGEST_HEADING: Final = 40
_LONGEST_CELL: Final = 200
_SURE: Final = 0.95
_LIKELY: Final = 0.85
_SHIFTED: Final = 0.15
"""Taken off where a row has another number of cells than the headings: it may stand under another one."""

NO_HEADING: Final = "no heading"
"""The form of a date beside a name in a table that has no headings: whether it is a birth date, the year tells."""
_PERHAPS: Final = 0.4

_Columns = dict[int, tuple[Sort, re.Pattern[str] | None]]
"""By the number of a column, what its cells are, and what in them may as well be something else."""

_SHAPES: Final = {
    Sort.SSN: re.compile(r"(?!000|666)\d{3}[ .\-]?\d{2}[ .\-]?\d{4}"),
    Sort.BIRTH_DATE: re.compile(
        r"\d{1,2}[/.\-]\d{1,2}(?:[/.\-]\d{2,4})?|\d{4}[/.\-]\d{1,2}[/.\-]\d{1,2}"
        r"|[^\W\d]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?(?:,? \d{2,4})?"
        r"|\d{1,2}[ \-](?:de )?[^\W\d]{3,10}(?:[ \-,]{1,2}(?:del? )?\d{2,4})?",
        re.IGNORECASE,
    ),
    Sort.STUDENT_ID: re.compile(r"(?=[A-Z\-]{0,6}\d)(?=(?:[^\d]{0,4}\d){3})[A-Z0-9][A-Z0-9\-]{2,14}", re.IGNORECASE),
    Sort.GRADE: re.compile(
        r"[A-DF][+\-]?|\d{1,4}(?:\.\d{1,4})? ?%?|\d{1,3}(?:\.\d+)? ?/ ?\d{2,4}|(?:pass|fail|failing|incomplete)",
        re.IGNORECASE,
    ),
}
_FIGURE: Final = re.compile(r"\d")
_LEVEL: Final = re.compile(r"(?:k|pk|pre-?k|[1-9]|1[0-3]|0[1-9])", re.IGNORECASE)
_NO_MARK: Final = re.compile(r"[1-3]?\d|(?!100$)[1-9]\d{2,3}")
_OF_NAMES: Final = re.compile(
    r"(?:(?:first|last|full|student|child)(?:['’]s)? )?names?|students?|pupils?|first|last|nombres?|apellidos?"
    r"|alumn[oa]s?|estudiantes?",
    re.IGNORECASE,
)
"""Over a column of names; subjects beside it have marks below them, in a row by themselves they are what is taught."""
_OF_LEVELS: Final = re.compile(r"(?:current |student )?(?:grades?|grado)(?: level)?", re.IGNORECASE)


def headings(text: str) -> Iterator[tuple[int, int]]:
    """Where the rows of headings begin and end: what stands there is said of nobody."""
    at = 0
    above = False
    for line in text.split("\n"):
        if "\t" not in line:
            above = False
        elif _columns(line, above=above):
            above = True
            yield at, at + len(line)
        at += len(line) + 1


def cells(text: str) -> Iterator[Found]:
    """Every cell of the tables in a text whose heading calls it a record, in the order of the text.

    Rows are lines, cells end in tabs; a line without tabs ends a table. Later headings take the place of earlier ones.
    """
    if "\t" not in text:
        return
    columns: _Columns = {}
    dated: frozenset[int] | None = None
    width = 0
    at = 0
    for line in text.split("\n"):
        if "\t" not in line:
            columns, dated = {}, None
        elif (headings := _columns(line, above=bool(columns))) is not None:
            columns, width = headings, line.count("\t")
        elif columns:
            yield from _row(line, at, columns, shifted=line.rstrip("\t").count("\t") > width)
        else:
            dated = _dated(line) if dated is None else dated
            days = _dates(line, at, dated) if dated else ()
            plans = _row(line, at, {}, shifted=False) if _PLAN.search(line) is not None else ()
            yield from sorted([*days, *plans], key=lambda f: f.start)
        at += len(line) + 1


def _row(line: str, at: int, columns: _Columns, *, shifted: bool) -> Iterator[Found]:
    plans = _PLAN.search(line) is not None
    for n, cell in enumerate(line.split("\t")):
        found = None
        if n in columns:
            sort, never = columns[n]
            found = None if never is not None and never.fullmatch(cell.strip()) else _record(sort, cell, at)
            if found is not None:
                yield _less_sure(found) if shifted else found
        if plans and found is None:
            yield from _plan(cell, at)
        at += len(cell) + 1


def _plan(cell: str, at: int) -> Iterator[Found]:
    """A cell that is nothing but the name of a plan for one student, whatever its heading."""
    written = cell.strip()
    if _PLAN.fullmatch(written):
        start = at + cell.index(written)
        yield Found(Sort.HEALTH, start, start + len(written), written.casefold(), _LIKELY, "cell")


_PLAN: Final = re.compile(
    r"(?:has (?:an? )?|on (?:an? )?)?(?:\biep\b(?: ?/ ?504)?|\b504(?: plan)?\b|\bbip\b|\bsped\b"
    r"|\bspecial ed(?:ucation)?\b|\bbehaviou?r intervention plan\b)",
    re.IGNORECASE,
)


def _dated(first: str) -> frozenset[int]:
    """The columns of a table without headings in whose first row a date stands, with its year and beside a name."""
    if _YEAR.search(first) is None:
        return frozenset()
    cells = [cell.strip() for cell in first.split("\t")]
    if not any(map(_NAME.fullmatch, cells)):
        return frozenset()
    return frozenset(n for n, cell in enumerate(cells) if _WHOLE_DATE.fullmatch(cell))


def _dates(line: str, at: int, dated: frozenset[int]) -> Iterator[Found]:
    for n, cell in enumerate(line.split("\t")):
        written = cell.strip()
        if n in dated and _WHOLE_DATE.fullmatch(written):
            start = at + cell.index(written)
            value = " ".join(written.casefold().split())
            yield Found(Sort.BIRTH_DATE, start, start + len(written), value, _PERHAPS, NO_HEADING)
        at += len(cell) + 1


_YEAR: Final = re.compile(r"(?<!\d)(?:19[89]|20[0-3])\d(?!\d)|/\d\d(?!\d)")
_WHOLE_DATE: Final = re.compile(
    r"\d{1,2}[/.\-]\d{1,2}[/.\-](?:(?:19|20)\d\d|\d\d)|(?:19|20)\d\d[/.\-]\d{1,2}[/.\-]\d{1,2}"
    r"|[^\W\d]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d|\d{1,2}(?: de)? [^\W\d]{3,10}(?: del?)? (?:19|20)\d\d"
)
_NAME: Final = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w'’-]*,?(?: [^\W\d_][\w'’.-]*){0,4}")


def _less_sure(found: Found) -> Found:
    return Found(found.sort, found.start, found.end, found.value, found.confidence - _SHIFTED, found.form)


def _record(sort: Sort, cell: str, at: int) -> Found | None:
    written = cell.strip()
    if not written or len(cell) > _LONGEST_CELL:
        return None
    flat = " ".join(plain(written)[0].split())
    shape = _SHAPES.get(sort)
    if shape is not None and shape.fullmatch(flat) is None:
        return None
    if _nothing().fullmatch(flat) and not (sort is Sort.GRADE and flat == "0"):
        return None
    start = at + cell.index(written)
    value = re.sub(r"[\s.\-]", "", flat).casefold() if sort in (Sort.SSN, Sort.STUDENT_ID) else flat.casefold()
    confidence = _LIKELY if sort in (Sort.GRADE, Sort.DISCIPLINE, Sort.HEALTH) else _SURE
    return Found(sort, start, start + len(written), value, confidence, "cell")


def _columns(line: str, *, above: bool = False) -> _Columns | None:
    """What the cells under these headings are, by their number; None where the line is no row of headings.

    Where headings stand above, a row with "IEP" or "Detention" in it is one of these headings' own.
    """
    if _FIGURE.search(line):
        line = _NUMBERED.sub(r"\1", line)
        if _FIGURE.search(line.replace("504", "")):
            return None
    called = _called(line)
    if called is None or called.names:
        return called.columns if called else None
    return None if above or called.somebody else called.columns


_NUMBERED: Final = re.compile(
    r"\b(quiz|test|exam|unit|chapter|lesson|midterm|prueba|examen|unidad) ?#?\d{1,2}(?![\w./%])", re.IGNORECASE
)
"""A heading with the number of a test: "Quiz 2", "Unit 3 test"."""


class _Headings(NamedTuple):
    """What the cells under these headings are; whether a column of names is among them, and a name itself."""

    columns: _Columns
    names: bool
    somebody: bool


@lru_cache(maxsize=4096)
def _called(line: str) -> _Headings | None:
    """What a line without figures says of the cells below it."""
    names = [" ".join(plain(cell)[0].split()).strip(" *:") for cell in line.split("\t")]
    found = {n: sort for n, name in enumerate(names) if (sort := _sort(name)) is not None}
    of_names = any(map(_OF_NAMES.fullmatch, names))
    if of_names:
        found |= {n: Sort.GRADE for n, name in enumerate(names) if _subjects().fullmatch(name)}
    if not found:
        return None
    somebody = any(_names_somebody(name) for n, name in enumerate(names) if n not in found)
    if any(_games().fullmatch(name) for name in names):
        found = {n: sort for n, sort in found.items() if sort is not Sort.GRADE}
    return _Headings({n: (sort, _never(names[n])) for n, sort in found.items()}, of_names, somebody)


def _names_somebody(cell: str) -> bool:
    """Whether a cell is a full name, and no heading of two words."""
    if _FULL_NAME.fullmatch(cell) is None:
        return False
    return not any(word.strip(".,").casefold() in _HEADS or word.casefold() in OFFICES for word in cell.split())


_FULL_NAME: Final = re.compile(r"[A-ZÀ-ÖØ-Þ][\w'’-]+,?(?: [A-ZÀ-ÖØ-Þ][\w'’.-]*){1,3}")
_HEADED: Final = """
    address age birth birthday case category code comments course data date day description due guardian homeroom id
    kind last level list location mentor name notes number parent period plan program reason room section service
    services size sport status subject time title type year
"""
_HEADS: Final = frozenset(_HEADED.split())
"""Words of headings that no name is made of."""


def _never(heading: str) -> re.Pattern[str] | None:
    """What below a heading is no mark: grade levels, and the rooms, hours and minutes of a subject."""
    if _OF_LEVELS.fullmatch(heading):
        return _LEVEL
    return _NO_MARK if _subjects().fullmatch(heading) else None


def _sort(heading: str) -> Sort | None:
    if not heading or len(heading) > _LONGEST_HEADING:
        return None
    return next((sort for sort, pattern in _headings().items() if pattern.fullmatch(heading)), None)


@cache
def _headings() -> dict[Sort, re.Pattern[str]]:
    sorts = (Sort.SSN, Sort.BIRTH_DATE, Sort.STUDENT_ID, Sort.GRADE, Sort.DISCIPLINE, Sort.HEALTH)
    return {sort: _any_of(record_lists()["headings"][str(sort).lower()]) for sort in sorts}


@cache
def _subjects() -> re.Pattern[str]:
    return _any_of(record_lists()["headings"]["subjects"])


@cache
def _games() -> re.Pattern[str]:
    return _any_of(record_lists()["headings"]["never_grade"])


@cache
def _nothing() -> re.Pattern[str]:
    return _any_of(record_lists()["headings"]["nothing"])


def _any_of(parts: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{part})" for part in parts), re.IGNORECASE)
