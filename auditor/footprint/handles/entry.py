"""Values out of one entry of a manifest, each fault noted with its place instead of stopping at the first."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from auditor.footprint.handles.site import HANDLE
from auditor.outlets.addresses import web_problem

LONGEST: Final = 5000
"""Characters of one value."""
_MOST_HEADERS: Final = 32
_MOST_VALUES: Final = 50
_MINE: Final = frozenset(
    {"user-agent", "host", "content-length", "transfer-encoding", "connection", "te", "trailer", "upgrade"}
    | {"accept-encoding", "origin", "referer", "keep-alive"}
)
"""Headers by which a program says who it is and whence it comes: ours are true, so a manifest's are left out."""
_LENT: Final = (
    "cookie",
    "authorization",
    "token",
    "api-key",
    "apikey",
    "x-key",
    "secret",
    "session",
    "csrf",
    "anti-abuse",
)
"""Parts of the names of headers that hold what the site gave to somebody else."""

Table = Mapping[str, object]


class Faults:
    """What is wrong with a manifest: the first so many faults, each in one line with its place."""

    MOST: Final = 50

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self._text = text
        self._told: list[str] = []
        self._more = 0

    def add(self, name: str, words: str) -> None:
        """Notes a fault of the entry with that name, "" for the manifest itself."""
        if len(self._told) < self.MOST:
            self._told.append(f"{self.file}{self._line(name)}: {shown(name) + ': ' if name else ''}{words}")
        else:
            self._more += 1

    def told(self) -> tuple[str, ...]:
        """All faults, one a line."""
        more = (f"{self.file}: {self._more} more faults; mend these first",) if self._more else ()
        return (*self._told, *more)

    def _line(self, name: str) -> str:
        for written in (json.dumps(name, ensure_ascii=False), json.dumps(name)) if name else ():
            at = self._text.find(written)
            if at >= 0:
                return f":{self._text.count(chr(10), 0, at) + 1}"
        return ""


class Entry:
    """One site's table. Each method gives what stands for nothing where it notes a fault."""

    def __init__(self, name: str, table: Table, faults: Faults) -> None:
        self.name, self.table, self._faults = name, table, faults

    def fault(self, words: str) -> None:
        """Notes what is wrong with this entry, and what to do about it."""
        self._faults.add(self.name, words)

    def text(self, key: str, *, required: bool = False) -> str:
        value = self.table.get(key)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or len(value) > LONGEST or (required and not value.strip()):
            self.fault(f'"{key}" is missing; add it' if key not in self.table else f'"{key}" wants a text in quotes')
            return ""
        if not _is_storable(value):
            self.fault(f'"{key}" holds a character that is none')
            return ""
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """One text or a list of them."""
        value = self.table.get(key)
        values = [value] if isinstance(value, str) else [] if value is None else value
        if not isinstance(values, list) or len(values) > _MOST_VALUES or not all(_is_text(item) for item in values):
            self.fault(f'"{key}" wants a text or a list of texts')
            return ()
        return tuple(values)

    def statuses(self, key: str, *, required: bool = False) -> frozenset[int]:
        """One status of an answer or a list of them."""
        value = self.table.get(key)
        if value is None and not required:
            return frozenset()
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(item, int) and not isinstance(item, bool) and 100 <= item <= 599 for item in values):
            missing = key not in self.table
            self.fault(f'"{key}" is missing; add it' if missing else f'"{key}" wants a number from 100 to 599')
            return frozenset()
        return frozenset(values[:_MOST_VALUES])

    def truth(self, key: str, *, default: bool) -> bool:
        value = self.table.get(key, default)
        if not isinstance(value, bool):
            self.fault(f'"{key}" wants true or false')
            return default
        return value

    def address(self, key: str, *, required: bool = False, placed: bool = False, mark: str = HANDLE) -> str:
        """A web address in which `mark` may stand for the handle, or must where it is `placed`."""
        value = self.text(key, required=required)
        if not value:
            return ""
        template = value.replace(mark, HANDLE) if mark != HANDLE else value
        problem = web_problem(_tidied(template).replace(HANDLE, "a"))
        if problem:
            self.fault(f'the address in "{key}" {problem}')
            return ""
        place = template.partition("://")[2].partition("/")[0]
        if HANDLE in place and (place.count(HANDLE) > 1 or (HANDLE in place.rpartition(":")[2] and ":" in place)):
            self.fault(f'the address in "{key}" has the handle where its port stands, or twice in its host')
            return ""
        if placed and HANDLE not in template:
            self.fault(f'"{key}" does not say where the handle goes; write {mark} there')
            return ""
        return _tidied(template)

    def headers(self) -> tuple[dict[str, str], str]:
        """Headers to be sent, and why this site is not to be asked where they hold what is somebody else's."""
        value = self.table.get("headers")
        if value is None:
            return {}, ""
        if not isinstance(value, dict) or len(value) > _MOST_HEADERS or not all(map(_is_header, value.items())):
            self.fault('"headers" wants a table of names and texts, each in one line')
            return {}, ""
        lent = next((name for name in value if any(part in name.lower() for part in _LENT)), "")
        sent = {name: text for name, text in value.items() if name.lower() not in _MINE and name != lent}
        return sent, f"it would have to be asked with somebody else's {lent.lower()}" if lent else ""


def tables(value: object, faults: Faults) -> Iterator[tuple[str, Table]]:
    """The entries of a list, each with the name that it gives itself."""
    for number, item in enumerate(value if isinstance(value, list) else [], 1):
        if not isinstance(item, dict):
            faults.add("", f"site {number} is no table")
            continue
        name = item.get("name")
        if isinstance(name, str) and name.strip() and _is_storable(name):
            yield name, item
        else:
            faults.add("", f'site {number} has no "name"; add it')


def shown(text: str) -> str:
    """A text of the manifest in quotes, in one line and not too long."""
    line = "".join(c if c.isprintable() else " " for c in text[:80])
    return f'"{line}"'


def _tidied(url: str) -> str:
    """The address with what browsers write in other letters written so."""
    for character, written in ((" ", "%20"), ('"', "%22"), ("<", "%3C"), (">", "%3E"), ("|", "%7C"), ("\\", "%5C")):
        url = url.replace(character, written)
    return url


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST and _is_storable(value)


def _is_storable(text: str) -> bool:
    """Whether all its characters are some: halves of characters are none, and cannot be sent or printed."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _is_header(item: tuple[object, object]) -> bool:
    name, value = item
    return (
        isinstance(name, str)
        and name.isascii()
        and bool(name)
        and all(c.isalnum() or c in "-_" for c in name)
        and isinstance(value, str)
        and len(value) <= LONGEST
        and all(c.isprintable() and c.isascii() for c in value)
    )
