"""TOML as people write it: where each key stands, and every fault of a file in one pass, each with its line.

`tomllib` says what a file means, forgets where, and stops at the first fault. `positions` walks the same text a second
time and keeps only where; `read` goes on after a fault with what can still be read.
"""

import difflib
import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from auditor.errors import Mistake

KeyPath = tuple[str | int, ...]
"""The way to a value: keys of tables, and the index where a table or value stands in an array."""

DEEPEST = 100
"""Levels of arrays, inline tables and dotted keys that are followed; no file that a person wrote has as many."""

_SPACE = re.compile(r"[ \t]*+")
_GAP = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_KEY = re.compile(r"""[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'""")
_STRING = re.compile(
    r'''"""(?:[^"\\]|\\.|"{1,2}(?!"))*+"{3,5}'''
    r"""|'''(?:[^']|'{1,2}(?!'))*+'{3,5}"""
    r"""|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'""",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^\n,\]}#]*+")
_REST_OF_LINE = re.compile(r"[^\n]*+\n?")


def positions(text: str) -> Mapping[KeyPath, int]:
    """The line, counted from 1, of every table, array element and key in the text.

    A table stands where its header does, an element of an array of tables at its own `[[header]]`, the array at its
    first one, a table that only dotted keys name at the first of them. Never fails: of a text that is not TOML it
    tells what it can.
    """
    walk = _Walk(text)
    walk.document()
    return walk.found


def line_of(found: Mapping[KeyPath, int], path: KeyPath) -> int:
    """The line of that key; of what contains it where the key itself is missing; at last the file's first line."""
    for length in range(len(path), 0, -1):
        if path[:length] in found:
            return found[path[:length]]
    return 1


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean "platform"?)`, to be put at the end of a fault; "" where no known word is near."""
    meant = nearest(word, known)
    return f' (did you mean "{meant}"?)' if meant else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that a misspelt one was probably meant to be; "" where none is near."""
    names = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold()[:100], names, n=1, cutoff=0.6)
    return names[near[0]] if near else ""


def statements(text: str) -> tuple[int, ...]:
    """The lines on which the headers and `key = value` statements of the text begin, in order."""
    walk = _Walk(text)
    walk.document()
    return tuple(walk.starts)


def shown(value: object) -> str:
    """The value in double quotes, fit for one line of a message: short, and without what would move the cursor."""
    text = "".join(c if c.isprintable() else "?" for c in str(value)[:61])
    return f'"{text[:60]}..."' if len(text) > 60 else f'"{text}"'


# ------------------------------------------------------------------------------------------------ faults


class Faults:
    """Collects every fault of a configuration, and remarks that stop nothing (`notes`)."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._found: dict[tuple[int, int, str], None] = {}
        self._files: dict[str, int] = {}

    def add(self, file: str, line: int, words: str) -> None:
        """Notes a fault once. `line` counts from 1; 0 where the file as a whole is meant."""
        place = f"{file}:{line}" if line else file
        self._found[self._files.setdefault(file, len(self._files)), line, f"{place}: {words}"] = None

    def take(self, mistake: Mistake) -> None:
        """Takes over the faults of a file that was read elsewhere, as they stand."""
        file = self._files.setdefault(mistake.faults[0], len(self._files))
        for number, words in enumerate(mistake.faults):
            self._found[file, number, words] = None

    def told(self) -> tuple[str, ...]:
        """One line a fault, in the order of files and lines."""
        return tuple(words for _, _, words in sorted(self._found))

    def settle(self) -> None:
        """Raises all faults as one `Mistake`; does nothing where there is none."""
        if self._found:
            raise Mistake(*self.told())


# ------------------------------------------------------------------------------------------------ reading a file


@dataclass(frozen=True)
class TomlFile:
    """A file that was read. `unread` are the keys whose values could not be read, already told and left out."""

    name: str
    table: Mapping[str, Any]
    text: str
    unread: frozenset[KeyPath] = frozenset()

    @cached_property
    def lines(self) -> Mapping[KeyPath, int]:
        """Where everything stands. Looked for once somebody asks: a file without faults is read in half the time."""
        return positions(self.text)


MOST_FAULTS: Final = 50
"""Broken lines of one file that are told before reading gives up."""

_PLAIN: Final = (
    (r"Invalid date", "no day of the calendar; write it like 2026-08-15"),
    (r"Unescaped '\\'|Invalid hex|Escaped character", "a \\ in double quotes; write paths with / instead"),
    (r"Cannot overwrite|Duplicate inline", "the second of this name; keep one of the two"),
    (r"Cannot declare .* twice", "a table that stands above already; put the two together"),
    (r"Cannot mutate immutable", "more of a list that is closed above; write all of it in one way"),
    (r"Illegal character '\\n'|Unterminated string|Expected .\"", "a text that is not closed; put a quote at its end"),
    (r"Unclosed array", "a list that is not closed; put a ] at its end"),
    (r"Unclosed inline table", "a table that is not closed; put a } at its end"),
    (r"Illegal character|Found invalid character", "a character that cannot be seen; delete it and type it again"),
    (r"Expected '\]", "a header that is not closed; write it like [district] or [[schools]]"),
    (
        r"Expected '='|Invalid (initial character|statement)",
        'no "key = value", no [header] and no # comment; correct it',
    ),
    (r"Expected newline", "something after the value; one key a line, and a text needs quotes around it"),
)
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_STATEMENT = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"\\]*"|'[^']*')(?:[ \t]*\.[ \t]*[A-Za-z0-9_-]+)*)[ \t]*=(.*)""")
_DATE_LIKE = re.compile(r"\s*(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})\s*(?:#.*)?")


def read(path: Path, name: str, faults: Faults) -> TomlFile | None:
    """Reads a TOML file; `name` is how faults call it. None where nothing of it could be read, or only a part of it
    whose meaning is unsure; the reason is then among the faults.

    Raises `OSError` where the file cannot be opened.
    """
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        utf16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
        line = 0 if utf16 else raw.count(b"\n", 0, error.start) + 1
        faults.add(name, line, "this is not UTF-8 text; save the file again with the encoding UTF-8")
        return None
    return _mended(text, name, faults)


def _mended(text: str, name: str, faults: Faults) -> TomlFile | None:
    """Parses the text; a line that cannot be read is told, and read again as if its value were 0."""
    zeroed: set[int] = set()
    for _ in range(MOST_FAULTS):
        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            begin, end = _extent(text, str(error))
            lines = text.split("\n")
            faults.add(name, begin, _explained(str(error), lines[begin - 1], end if end > begin else 0))
            match = _STATEMENT.fullmatch(lines[begin - 1].rstrip("\r"))
            if not match or end > begin:
                return None
            # A name that stands twice has a readable value above; anything else is put to 0 and taken out below.
            again = begin in zeroed or "Cannot" in str(error)
            zeroed = zeroed - {begin} if again else zeroed | {begin}
            lines[begin - 1] = "" if again else f"{match[1]} = 0"
            text = "\n".join(lines)
        except (ValueError, RecursionError):
            faults.add(name, 0, "holds a number or a nesting that is too large; this is not a file for auditor")
            return None
        else:
            found = positions(text) if zeroed else {}
            unread = {max((p for p in found if found[p] == line), key=len) for line in zeroed}
            for key in unread:
                _take_out(table, key)
            return TomlFile(name, table, text, frozenset(unread))
    return None


def _extent(text: str, error: str) -> tuple[int, int]:
    """The line on which the refused statement begins, and the one on which it was refused."""
    match = _AT_LINE.search(error)
    last = text.rstrip().count("\n") + 1
    end = min(int(match[1]), last) if match else last
    return max((line for line in statements(text) if line <= end), default=end), end


def _explained(error: str, line: str, refused: int) -> str:
    """What is wrong in plain words. `refused` is the later line that could not be read, 0 where it is the same."""
    statement = _STATEMENT.fullmatch(line.rstrip("\r"))
    key = "".join(c if c.isprintable() else "?" for c in statement[1]) if statement else ""
    what = f"the value of {key}" if statement else "this line"
    value = statement[2] if statement else ""
    if statement and "Cannot overwrite" in error:
        what = key
    words = next((words for sign, words in _PLAIN if re.search(sign, error)), "nothing that can be read")
    if refused:
        return f"{what} begins here and cannot be read at line {refused}; is a quote or a ] missing?"
    if _DATE_LIKE.fullmatch(value):
        words = "no day of the calendar; write it like 2026-08-15"
    elif re.search("[\u201c-\u201f\u2018-\u201b]", line):
        words = 'in curly quotes; type straight ones: "'
    elif re.fullmatch(r"(?i)\s*(true|yes|on|false|no|off)\s*(#.*)?", value):
        words = "no true and no false; write one of the two, in small letters"
    elif "Invalid value" in error:
        words = "nothing that can be read; a text needs quotes around it"
    return f"{what} is {words}"


def _take_out(table: Any, key: KeyPath) -> None:
    for step in key[:-1]:
        table = table[step]
    del table[key[-1]]


# ------------------------------------------------------------------------------------------------ where keys stand


class _Walk:
    """One pass over a text. `at` only ever grows, so the pass ends."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[KeyPath, int] = {}
        self.newlines = [match.start() for match in re.finditer("\n", text)]
        self.starts: list[int] = []
        self.elements: dict[KeyPath, int] = {}  # how many tables each array of tables has so far

    def document(self) -> None:
        table: KeyPath = ()
        while self._skip(_GAP) < len(self.text):
            self.starts.append(self._line(self.at))
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table, 0)
            self._skip(_REST_OF_LINE)

    def _header(self) -> KeyPath:
        start = self.at
        brackets = 2 if self.text.startswith("[[", start) else 1
        self.at += brackets
        *parents, name = self._keys() or [""]
        path: KeyPath = ()
        for key in parents:
            path = self._newest((*path, key))
            self._note(path, start)
        path = (*path, name)
        if brackets == 1:
            # A header is a better place than the first dotted key or sub-table that implied it.
            self.found[self._newest(path)] = self._line(start)
            return self._newest(path)
        self._note(path, start)
        index = self.elements.get(path, 0)
        self.elements[path] = index + 1
        self._note((*path, index), start)
        return (*path, index)

    def _newest(self, path: KeyPath) -> KeyPath:
        """The last table so far, where the path is an array of tables; else the path itself."""
        return (*path, self.elements[path] - 1) if path in self.elements else path

    def _pair(self, table: KeyPath, depth: int) -> None:
        start = self.at
        path = table
        for key in self._keys():
            path = (*path, key)
            self._note(path, start)
        if self.text.startswith("=", self.at) and path != table:
            self.at += 1
            self._skip(_SPACE)
            self._value(path, depth)

    def _keys(self) -> list[str]:
        """The parts of a dotted key; stops in front of whatever is none."""
        keys: list[str] = []
        while True:
            self._skip(_SPACE)
            match = _KEY.match(self.text, self.at)
            if not match:
                return keys
            keys.append(_unquoted(match.group()))
            self.at = match.end()
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at) or len(keys) == DEEPEST:
                return keys
            self.at += 1

    def _value(self, path: KeyPath, depth: int) -> None:
        if depth > DEEPEST:
            self.at = len(self.text)
        elif self.text.startswith("[", self.at):
            self._array(path, depth)
        elif self.text.startswith("{", self.at):
            self._inline_table(path, depth)
        elif not self._skipped(_STRING):
            self._skip(_SCALAR)

    def _array(self, path: KeyPath, depth: int) -> None:
        self.at += 1
        index = 0
        while self._skip(_GAP) < len(self.text) and self.text[self.at] != "]":
            before = self.at
            self._note((*path, index), before)
            self._value((*path, index), depth + 1)
            if not self._comma() and self.at == before:
                return
            index += 1
        self.at += 1

    def _inline_table(self, path: KeyPath, depth: int) -> None:
        self.at += 1
        while self._skip(_GAP) < len(self.text) and self.text[self.at] != "}":
            before = self.at
            self._pair(path, depth + 1)
            if not self._comma() and self.at == before:
                return
        self.at += 1

    def _comma(self) -> bool:
        self._skip(_GAP)
        comma = self.text.startswith(",", self.at)
        self.at += comma
        return comma

    def _skip(self, pattern: re.Pattern[str]) -> int:
        self._skipped(pattern)
        return self.at

    def _skipped(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return match is not None

    def _note(self, path: KeyPath, start: int) -> None:
        self.found.setdefault(path, self._line(start))

    def _line(self, start: int) -> int:
        return bisect_left(self.newlines, start) + 1


def _unquoted(key: str) -> str:
    if key[0] not in "\"'":
        return key
    try:
        return str(tomllib.loads(f"key = {key}")["key"])
    except tomllib.TOMLDecodeError:
        return key
