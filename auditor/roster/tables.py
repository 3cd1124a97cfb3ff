"""CSV as it comes: byte-order marks, Windows letters, odd line ends, ragged rows, unclosed quotation marks."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Final

from auditor.errors import Mistake
from auditor.roster.pupil import Diagnostic

_LONGEST_LINE: Final = 131_072
"""No cell may be longer, for `csv`."""
_MOST_LINES_OF_A_ROW: Final = 8
_MOST_OF_A_KIND: Final = 20

_MISSPELLED: Final = {
    "prefferedgivenname": "preferredgivenname",
    "preferedgivenname": "preferredgivenname",
    "prefferedfamilyname": "preferredfamilyname",
    "preferedfamilyname": "preferredfamilyname",
    "preferredfirstname": "preferredgivenname",
    "preferredlastname": "preferredfamilyname",
    "firstname": "givenname",
    "lastname": "familyname",
}


class Notes:
    """Collects diagnostics; of one kind in one column, the first twenty and a count of the rest."""

    def __init__(self) -> None:
        self._notes: list[Diagnostic] = []
        self._counts: dict[tuple[str, str, str, bool], int] = {}

    def add(self, file: str, row: int, column: str, what: str, *, grave: bool = False) -> None:
        """Notes something. `what` must not repeat anything that stands in the file."""
        kind = (file, column, what, grave)
        self._counts[kind] = self._counts.get(kind, 0) + 1
        if self._counts[kind] <= _MOST_OF_A_KIND:
            self._notes.append(Diagnostic(file, row, column, what, grave))

    def extend(self, notes: Sequence[Diagnostic]) -> None:
        """Takes over what somebody else noted."""
        self._notes.extend(notes)

    def all(self) -> tuple[Diagnostic, ...]:
        """Everything noted, in the order in which it was met."""
        more = (
            Diagnostic(file, 0, column, f"and {count - _MOST_OF_A_KIND} more rows like this: {what}", grave)
            for (file, column, what, grave), count in self._counts.items()
            if count > _MOST_OF_A_KIND
        )
        return (*self._notes, *more)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number as a spreadsheet counts lines, and its cells by column."""

    number: int
    cells: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Row({self.number})"

    def __getitem__(self, column: str) -> str:
        """The cell in a column, in whatever case it is asked for; "" where the table has no such column."""
        return self.cells.get(plain_header(column), "")

    def several(self, column: str) -> list[str]:
        """A cell that holds a list, split by comma or semicolon."""
        return [item for part in re.split("[,;]", self[column]) if (item := part.strip())]


class Table:
    """A CSV file: its columns at once, its rows as they are asked for. Of a row only wanted columns are looked at.

    `grave` rows have to be put right where their cells may have slipped into other columns; of a table that is written
    by hand only the last ones may be left out: in one that is `whole`, they must not be missing.
    """

    def __init__(
        self,
        name: str,
        opened: IO[bytes],
        notes: Notes,
        wanted: Iterable[str],
        *,
        grave: bool = False,
        whole: bool = False,
    ) -> None:
        self.name, self._notes, self._grave, self._whole = name, notes, grave, whole
        self._lines = _lines(name, opened, notes)
        first = next(self._lines, (1, ""))[1]
        self._delimiter = next((mark for mark in ",;\t" if mark in first), ",")
        self.titles = _split(first, self._delimiter)
        header = [plain_header(title) for title in self.titles]
        self._width = max((n for n, column in enumerate(header, 1) if column), default=0)
        self._wanted = [(n, column) for n, column in enumerate(header) if column in set(map(plain_header, wanted))]
        self.columns = frozenset(column for _, column in self._wanted)
        for column in sorted(self.columns):
            if header.count(column) > 1:
                notes.add(name, 1, column, "the column is there more than once; the first that is not empty counts")

    def rows(self) -> Iterator[Row]:
        """The rows that have anything in them."""
        for number, cells in self._rows():
            if not any(cells):
                continue
            self._note_width(number, cells)
            found: dict[str, str] = {}
            for n, column in self._wanted:
                if n < len(cells) and cells[n] and column not in found:
                    found[column] = cells[n]
            yield Row(number, found)

    def look_through(self) -> None:
        """Notes what is odd about the rows, and gives none of them."""
        for number, cells in self._rows():
            if len(cells) != self._width and any(cells):
                self._note_width(number, cells)

    def _note_width(self, number: int, cells: list[str]) -> None:
        if len(cells) < self._width:
            lost = self._whole and any(n >= len(cells) for n, _ in self._wanted)
            what = "too few cells; " + ("is the row cut off?" if lost else "the missing ones are taken as empty")
            self._notes.add(self.name, number, "", what, grave=lost)
        elif any(cells[self._width :]):
            what = "more cells than columns; is a comma not in quotation marks?"
            self._notes.add(self.name, number, "", what, grave=self._grave)

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Rows as cells, each with the number of its first line: a cell in quotation marks may hold line breaks."""
        held: list[tuple[int, str]] = []
        for numbered in self._lines:
            held.append(numbered)
            while held:
                rows = self._first_row(held)
                if rows is None:
                    break
                yield from rows
        for number, line in held:
            yield self._unclosed(number, line)

    def _first_row(self, held: list[tuple[int, str]]) -> list[tuple[int, list[str]]] | None:
        """The row that the held lines begin with, taken off them; None where its last line is still to come."""
        number, line = held[0]
        if line.count('"') % 2 == 0:
            del held[0]
            return [(number, _split(line, self._delimiter))]
        whole = " ".join(text for _, text in held)
        if len(whole) <= _LONGEST_LINE and whole.count('"') % 2 == 0:
            cells = _split(whole, self._delimiter)
            if len(cells) <= self._width:
                held.clear()
                return [(number, cells)]
        if len(held) < _MOST_LINES_OF_A_ROW:
            return None
        del held[0]
        return [self._unclosed(number, line)]

    def _unclosed(self, number: int, line: str) -> tuple[int, list[str]]:
        if line.count('"') % 2:
            what = "a quotation mark opens and never closes" + ("; close it, or delete it" if self._grave else "")
            self._notes.add(self.name, number, "", what, grave=self._grave)
            line = line.replace('"', "")
        return number, _split(line, self._delimiter)


def _split(line: str, delimiter: str) -> list[str]:
    if line and '"' not in line:
        return [cell.strip() for cell in line.split(delimiter)]
    for row in csv.reader([line], delimiter=delimiter, skipinitialspace=True):
        return [cell.strip() for cell in row]
    return []


def plain_header(title: str) -> str:
    """A column's title as it is compared: "Given_Name " -> "givenname"."""
    plain = re.sub(r"[\s_-]", "", title.strip("\ufeff").casefold())
    return _MISSPELLED.get(plain, plain)


def _lines(name: str, opened: IO[bytes], notes: Notes) -> Iterator[tuple[int, str]]:
    """The lines of a file as text, each with its number. Bytes that are no UTF-8 are read as Windows-1252."""
    start = opened.read(2)
    wide = start in (b"\xff\xfe", b"\xfe\xff")
    # Latin-1 gives each byte back as it was, so that every line can be decoded by itself.
    encoding = ("utf-16-le" if start == b"\xff\xfe" else "utf-16-be") if wide else "latin-1"
    rest = io.BufferedReader(_Rest(b"" if wide else start, opened), buffer_size=1 << 16)
    reader = io.TextIOWrapper(rest, encoding=encoding, errors="replace", newline=None)
    number = 0
    while line := reader.readline(_LONGEST_LINE):
        number += 1
        if len(line) == _LONGEST_LINE and not line.endswith("\n"):
            raise Mistake(f"{name}, row {number}: a line of over {_LONGEST_LINE:,} characters. Is it the right file?")
        line = line.rstrip("\n").replace("\0", "")
        if not wide and not line.isascii():
            raw = line.encode("latin-1")
            try:
                line = raw.decode("utf-8")
            except UnicodeDecodeError:
                line = raw.decode("cp1252", "replace")
                notes.add(name, number, "", "not UTF-8; read as Windows letters")
        yield number, line.lstrip("\ufeff") if number == 1 else line


class _Rest(io.RawIOBase):
    """A stream whose first bytes were looked at already."""

    def __init__(self, start: bytes, opened: IO[bytes]) -> None:
        self._start, self._opened = start, opened

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        data = self._start or self._opened.read(len(buffer))
        self._start = b""
        buffer[: len(data)] = data
        return len(data)


_YES: Final = frozenset({"true", "yes", "y", "t", "1", "on", "x"})
_NO: Final = frozenset({"false", "no", "n", "f", "0", "off"})


def yes_or_no(text: str) -> bool | None:
    """The answer in a cell; None where it is empty. A `ValueError` where it is neither."""
    word = text.strip().casefold()
    if word in _YES or word in _NO:
        return word in _YES
    if word:
        raise ValueError("neither true nor false")
    return None


def day(text: str) -> date | None:
    """The date in a cell, as 2026-08-24, as 8/24/2026 or with a time behind it; None where it is empty.

    A `ValueError` where it is no date.
    """
    text = text.strip()
    if not text:
        return None
    if slashed := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s.*)?", text):
        month, day_of_month, year = map(int, slashed.groups())
        return date(year, month, day_of_month)
    if not re.match(r"\d{4}-?\d{2}-?\d{2}", text):
        raise ValueError("no date")
    return datetime.fromisoformat(text).date()
