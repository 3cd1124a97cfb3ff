"""The registry: every account with its owner, approvals and dates, and the staff, one field at a time.

An account is read the same way from a table of `config.toml` and from a row of a CSV file: both are an `Entry`. A
fault is noted with its place, and reading goes on with what stands for nothing, so that every fault of every file is
told in one pass. The registry never holds a password.
"""

import csv
import io
import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Final

from auditor.grades import grades as read_grades
from auditor.model import Account, Grades, Kind, Staff
from auditor.outlets.addresses import email_problem, web_problem
from auditor.outlets.platforms import PLATFORMS, named
from auditor.toml_lines import Faults, did_you_mean, nearest, shown

ACCOUNT_KEYS: Final = tuple(field.name for field in fields(Account))
STAFF_KEYS: Final = tuple(field.name for field in fields(Staff))

COMMENTS: Final = ("off", "moderated", "open")
SHARE_WITH: Final = ("principal", "self")

LONGEST_ID: Final = 64
RESERVED: Final = frozenset({"district"})
"""Ids that stand for something else wherever accounts and schools are named."""

NO_PASSWORDS: Final = "the registry never holds passwords; take it out, and change what stood there"

_SECRET = re.compile(
    r"pass?w|passphrase|passcode|secret|token|api_?key|access_?key|private_?key|credential|(^|_)(pass|pwd|pw|pin)(_|$)"
)
_SLASH_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def looks_secret(key: str) -> bool:
    """Whether a key or column of that name would hold a password or another secret."""
    return _SECRET.search(column_name(key)) is not None


# ------------------------------------------------------------------------------------------------ one entry


class Entry(ABC):
    """One table or row, read field by field. What is missing or wrong reads as "", () or None."""

    @property
    @abstractmethod
    def place(self) -> str:
        """Where the entry stands, for faults of other entries: `accounts.csv:4`."""

    @abstractmethod
    def fault(self, key: str, words: str, element: int | None = None) -> None:
        """Notes a fault of that field; `words` go on after its name ("is ..."). `element`: of its list, from 0."""

    @abstractmethod
    def missing(self, key: str, example: str) -> None:
        """Notes that a field is not there; `example` is a value it could have."""

    @abstractmethod
    def raw_text(self, key: str) -> str:
        """The field's text, without spaces around it."""

    @abstractmethod
    def raw_texts(self, key: str) -> Sequence[str]:
        """The texts of a list, in order."""

    @abstractmethod
    def day(self, key: str) -> date | None:
        """A day of the calendar."""

    @abstractmethod
    def word(self, text: str) -> str:
        """A word as it is compared with the words that a field allows."""

    def text(self, key: str, example: str = "") -> str:
        """A text of one line; one that must be there where there is an `example`."""
        text = self.raw_text(key)
        if not text and example:
            self.missing(key, example)
        return text if self._prints(key, text) else ""

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts of one line."""
        return tuple(text for index, text in enumerate(self.raw_texts(key)) if self._prints(key, text, index))

    def id(self, example: str, reserved: Collection[str] = ()) -> str:
        """The entry's own id."""
        text = self.text("id", example)
        if len(text) > LONGEST_ID:
            self.fault("id", f"is longer than {LONGEST_ID} characters; choose a short one, such as {example}")
        elif text.casefold() in reserved:
            self.fault("id", f"{shown(text)} is a name that the reports or the system need; choose another")
        return text

    def choice(self, key: str, words: Collection[str], example: str = "") -> str:
        """One of the words, or ""; one that must be there where there is an `example`."""
        text = self.text(key, example)
        word = self.word(text)
        if not word or word in words:
            return word
        self.fault(key, f"{shown(text)} is none of {', '.join(words)}; write one of these{did_you_mean(word, words)}")
        return ""

    def web(self, key: str, example: str = "") -> str:
        """The address of a web page that may be visited."""
        url = self.raw_text(key)
        problem = web_problem(url) if url else ""
        if problem:
            self.fault(key, problem)
        elif not url and example:
            self.missing(key, example)
        return "" if problem else url

    def email(self, key: str) -> str:
        """An e-mail address."""
        text = self.text(key)
        problem = email_problem(text) if text else ""
        if problem:
            self.fault(key, f"{shown(text)} {problem}")
        return "" if problem else text

    def people(self, key: str) -> tuple[str, ...]:
        """E-mail addresses of people; a name stands for somebody without one."""
        found = self.texts(key)
        for index, text in enumerate(found):
            # "dana.reyes" without its "@" would silently never be the designee.
            slip = "@" in text or (" " not in text and "." in text)
            if slip and email_problem(text):
                self.fault(key, f"{shown(text)} {email_problem(text)}", index)
        return found

    def grades(self, key: str) -> Grades | None:
        """A span of grades."""
        text = self.text(key)
        try:
            return read_grades(text) if text else None
        except ValueError as refusal:
            self.fault(key, f"cannot be used: {refusal}")
            return None

    def one_of(self, key: str, ids: Collection[str], what: str, text: str, element: int | None = None) -> None:
        """Notes a fault where the text is no id of those that were registered; `what` says of what: "[[schools]]"."""
        if text not in ids:
            near = did_you_mean(text, ids)
            self.fault(key, f"{shown(text)} is no id of {what}; add it there or correct it here{near}", element)

    def _prints(self, key: str, text: str, element: int | None = None) -> bool:
        # A line break in a name would become a second header line of a mail.
        good = all(c.isprintable() for c in text)
        if not good:
            self.fault(key, "has a line break or a character that cannot be seen; type it again", element)
        return good


# ------------------------------------------------------------------------------------------------ account and staff


@dataclass(frozen=True, slots=True)
class Known:
    """The ids that an account may name."""

    schools: Collection[str]
    logos: Collection[str]


def account(entry: Entry, known: Known) -> Account:
    """The account of that entry. Where faults were noted it is not fit for use."""
    school = entry.text("school")
    if school:
        entry.one_of("school", known.schools, "[[schools]]", school)
    logos = entry.texts("logos")
    for index, logo in enumerate(logos):
        entry.one_of("logos", known.logos, "[[logos]]", logo, index)
    return Account(
        id=entry.id("lincoln-site", RESERVED),
        kind=Kind(entry.choice("kind", list(Kind), "official") or Kind.OFFICIAL),
        platform=platform(entry),
        url=entry.web("url", "https://lincoln.riverbend.example/"),
        school=school,
        owner=entry.text("owner"),
        owner_email=entry.email("owner_email"),
        admins=entry.people("admins"),
        grades=entry.grades("grades"),
        approved_by=entry.text("approved_by"),
        approved_on=entry.day("approved_on"),
        disclosed_on=entry.day("disclosed_on"),
        notice_on=entry.day("notice_on"),
        comments=entry.choice("comments", COMMENTS),
        logos=logos,
        contacts=entry.texts("contacts"),
        reviewed_on=entry.day("reviewed_on"),
        consent_on=entry.day("consent_on"),
        share_with=entry.choice("share_with", SHARE_WITH) or SHARE_WITH[0],
        purpose=entry.text("purpose"),
        opened_on=entry.day("opened_on"),
        open_reason=entry.text("open_reason"),
    )


def platform(entry: Entry) -> str:
    """The id of the platform that the entry names by any of its names."""
    text = entry.text("platform", "website")
    found = named(text)
    if text and not found:
        words = ", ".join(sorted(PLATFORMS))
        near = did_you_mean(text, PLATFORMS)
        entry.fault(
            "platform",
            f'{shown(text)} is no platform auditor knows; write one of {words}, or "website" where none fits{near}',
        )
    return found or "website"


def distinct(entries: Iterable[tuple[Entry, str]], what: str) -> None:
    """Notes a fault for every id that another entry has already. Capitals do not tell two apart."""
    places: dict[str, str] = {}
    for entry, name in entries:
        first = places.setdefault(name.casefold(), entry.place)
        if name and first != entry.place:
            entry.fault("id", f"{shown(name)} is taken by the {what} at {first}; give each its own")


def staff(entry: Entry, schools: Mapping[str, str]) -> Staff:
    """The person of that entry. `schools` are the ids by id and by name; any other place of work is kept as written."""
    school = entry.text("school")
    return Staff(
        name=entry.text("name", "Dana Reyes"),
        title=entry.text("title"),
        email=entry.email("email"),
        school=schools.get(school.casefold(), school),
    )


# ------------------------------------------------------------------------------------------------ CSV


class CsvEntry(Entry):
    """One row of a CSV file, lists split by ";"."""

    def __init__(self, file: str, line: int, cells: Mapping[str, str], faults: Faults) -> None:
        self.file = file
        self.line = line
        self.cells = cells
        self.faults = faults

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"

    def fault(self, key: str, words: str, element: int | None = None) -> None:
        number = "" if element is None else f" (number {element + 1})"
        self.faults.add(self.file, self.line, f"column {key}{number}: {words}")

    def missing(self, key: str, example: str) -> None:
        if key in self.cells:  # where the whole column is missing, that was said once
            self.fault(key, f"is empty; write what belongs there, such as {example}")

    def raw_text(self, key: str) -> str:
        return self.cells.get(key, "").strip()

    def raw_texts(self, key: str) -> Sequence[str]:
        return [part.strip() for part in self.cells.get(key, "").split(";") if part.strip()]

    def word(self, text: str) -> str:
        # Spreadsheets put a capital at the beginning of a cell.
        return text.casefold()

    def day(self, key: str) -> date | None:
        text = self.text(key)
        found = _day(text)
        if text and not found:
            # Spreadsheets turn dates around on saving; we say what this one was, but do not guess.
            slashes = _SLASH_DATE.fullmatch(text)
            meant = _day(f"{slashes[3]}-{slashes[1]:0>2}-{slashes[2]:0>2}") if slashes else None
            self.fault(key, f"{shown(text)} is no date; write year, month and day like {meant or '2026-08-15'}")
        return found


def rows(
    path: Path, file: str, columns: Sequence[str], required: Collection[str], faults: Faults
) -> Iterator[CsvEntry]:
    """The rows of a CSV file that has those columns, in any order; `file` is how faults call it.

    Tolerates a byte order mark, any line ends, blank lines, capitals and spaces in the header, and Windows-1252 (with
    a note). Raises `OSError` where the file cannot be opened.
    """
    lines = _lines(path, file, faults)
    header: list[str] | None = None
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = _header(cells, file, line, columns, required, faults)
            if not header:
                return
        elif any(cell.strip() for cell in cells[len(header) :]):
            faults.add(
                file, line, f"more cells than the {len(header)} columns; a text with a comma needs quotes around it"
            )
        else:
            yield CsvEntry(file, line, {**dict.fromkeys(header, ""), **dict(zip(header, cells, strict=False))}, faults)
    if header is None:
        faults.add(file, 0, f"is empty; its first line names the columns: {', '.join(columns)}")


def _lines(path: Path, file: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Each row and the line on which it begins; a quoted cell may go over several."""
    text = _decoded(path.read_bytes(), file, faults)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begin = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            faults.add(file, begin, 'a quote is not closed, or stands inside a text; double it there: ""')
            return
        yield begin, cells
        begin = reader.line_num + 1


def _decoded(raw: bytes, file: str, faults: Faults) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw:
        faults.add(file, 0, 'is no CSV file in UTF-8; save it again as "CSV UTF-8 (comma delimited)"')
        return "\n"
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    faults.notes.append(f'{file}: is not UTF-8, read as Windows-1252; save it as "CSV UTF-8" to be sure of the accents')
    return text


def _header(
    cells: Sequence[str], file: str, line: int, columns: Sequence[str], required: Collection[str], faults: Faults
) -> list[str]:
    """The names of the columns as we write them; empty where the rows cannot be read by them.

    A misspelt column is read as the one that was meant, so that the faults below it are told as well.
    """
    names = [column_name(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) == 1 and re.search("[;\t]", cells[0]):
        faults.add(file, line, "the columns are not split by commas; save it again as CSV with commas")
        return []
    for index, name in enumerate(names):
        if looks_secret(name):
            faults.add(file, line, f"column {shown(cells[index].strip())}: {NO_PASSWORDS}")
        elif name not in columns:
            what = f"unknown column {shown(cells[index].strip())}" if name else f"column {index + 1} has no name"
            faults.add(file, line, f"{what}; correct it or take it out{did_you_mean(name, columns)}")
            names[index] = _meant(name, columns, names)
        elif name in names[:index]:
            faults.add(file, line, f"column {name} stands twice; keep one")
    for name in required:
        if name not in names:
            faults.add(file, line, f"there is no column {name}; add it")
    return names


def _meant(name: str, columns: Sequence[str], names: Sequence[str]) -> str:
    """The column that a misspelt one was meant to be, if no other of the header is that one."""
    meant = nearest(name, columns)
    return meant if meant and meant not in names else name


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else None
    except ValueError:
        return None


def column_name(cell: str) -> str:
    """A header's cell as keys are written: "Owner Email " is `owner_email`."""
    return re.sub(r"[\W_]+", "_", cell.casefold()).strip("_")
