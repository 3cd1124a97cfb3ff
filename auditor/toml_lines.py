"""Where in a TOML file each key stands, so that a fault can be told with its line.

`tomllib` says what a file means and forgets where. `positions` walks the same text a second time and keeps only that.
"""

import difflib
import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Mapping

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
    names = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold()[:100], names, n=1, cutoff=0.6)
    return f' (did you mean "{names[near[0]]}"?)' if near else ""


class _Walk:
    """One pass over a text. `at` only ever grows, so the pass ends."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[KeyPath, int] = {}
        self.newlines = [match.start() for match in re.finditer("\n", text)]
        self.elements: dict[KeyPath, int] = {}  # how many tables each array of tables has so far

    def document(self) -> None:
        table: KeyPath = ()
        while self._skip(_GAP) < len(self.text):
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
