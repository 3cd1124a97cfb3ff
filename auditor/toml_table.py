"""Reads values out of a TOML file that a person wrote, noting every fault with its line instead of stopping at one."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

from auditor.errors import Mistake
from auditor.toml_lines import Faults, KeyPath, did_you_mean, line_of, read, shown

Table = Mapping[str, object]


class TableReader:
    """The values of one file. Each method returns what stands for nothing where it notes a fault.

    `at` is the key path of the table that is read, () for the file itself.
    """

    def __init__(self, file: Path) -> None:
        """Raises `Mistake` where the file cannot be read at all."""
        self.name = str(file)
        self.faults = Faults()
        try:
            content = read(file, self.name, self.faults)
        except OSError as error:
            raise Mistake(f"{file}: cannot be read ({error.strerror}); check its name and who may read it") from None
        if content is None:
            raise Mistake(*self.faults.told())
        self.table: Table = content.table
        self._content = content
        self._unread = content.unread

    def line(self, at: KeyPath) -> int:
        """On which line that stands."""
        return line_of(self._content.lines, at)

    def fault(self, at: KeyPath, words: str) -> None:
        """Notes what is wrong there and what to do about it."""
        self.faults.add(self.name, self.line(at), words)

    def lacks(self, at: KeyPath, table: Table, key: str) -> bool:
        """Whether the key is not there; one whose value could not be read is, and was told already."""
        return key not in table and (*at, key) not in self._unread

    def only(self, at: KeyPath, table: Table, known: Iterable[str], where: str) -> None:
        """Notes every key that is none of the known ones. `where` says of what, to be put after "is no key of"."""
        names = tuple(known)
        for key in table:
            if key not in names:
                guess = did_you_mean(key, names)
                self.fault(
                    (*at, key), f"{shown(key)} is no key of {where}{guess}{_choice('it may have', guess, names)}"
                )

    def text(self, at: KeyPath, table: Table, key: str, *, required: bool = False) -> str:
        value = table.get(key)
        if isinstance(value, str) and value.strip():
            return value
        if key in table:
            self.fault((*at, key), f'"{key}" wants a text in quotes')
        elif required and self.lacks(at, table, key):
            self.fault(at, f'"{key}" is missing; add {key} = "..."')
        return ""

    def texts(self, at: KeyPath, table: Table, key: str, words: Iterable[str] = ()) -> tuple[str, ...]:
        """A list of texts; only of those words where any are given."""
        value, allowed = table.get(key, []), tuple(words)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fault((*at, key), f'"{key}" wants a list of texts, such as ["{allowed[0] if allowed else "..."}"]')
            return ()
        for index, item in enumerate(value):
            if allowed and item not in allowed:
                self._no_such_word((*at, key, index), key, item, allowed)
        return tuple(value)

    def word(self, at: KeyPath, table: Table, key: str, words: Iterable[str]) -> str:
        """One of those words, or ""."""
        value, allowed = self.text(at, table, key), tuple(words)
        if value and value not in allowed:
            self._no_such_word((*at, key), key, value, allowed)
            return ""
        return value

    def date(self, at: KeyPath, table: Table, key: str) -> date | None:
        value = table.get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if key in table:
            self.fault((*at, key), f'"{key}" wants a date without quotes, such as 2026-08-15')
        return None

    def tables(self, at: KeyPath, table: Table, key: str) -> list[tuple[KeyPath, Table]]:
        """The tables written `[[key]]`, each with its key path."""
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fault((*at, key), f'"{key}" wants tables, each under a line [[{key}]]')
            return []
        return [((*at, key, index), item) for index, item in enumerate(value)]

    def _no_such_word(self, at: KeyPath, key: str, value: str, allowed: tuple[str, ...]) -> None:
        guess = did_you_mean(value, allowed)
        self.fault(at, f'{shown(value)} is no value for "{key}"{guess}{_choice("it is one of", guess, allowed)}')


def _choice(lead: str, guess: str, words: tuple[str, ...]) -> str:
    """What may be written instead, where a guess does not say it already."""
    return "" if guess else f"; {lead} {', '.join(words)}"
