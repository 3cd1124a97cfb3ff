"""The tables of `config.toml`, and which keys belong where. Every fault is noted with its line; reading goes on."""

import math
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final

from auditor.model import Logo, School
from auditor.registry import ACCOUNT_KEYS, NO_PASSWORDS, Entry, looks_secret
from auditor.toml_lines import KeyPath, did_you_mean, nearest, shown
from auditor.toml_table import Table, TableReader

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "district": (
        *("name", "policy", "timezone", "email_domains", "phones", "registry", "roster", "designees", "staff"),
        *("roster_flags", "policy_reviewed_on", "blocked_hosts", "data"),
    ),
    "store": ("url",),
    "crawl": ("contact", "max_pages", "delay", "allow_networks", "render", "browser"),
    "schedule": ("weekday", "time"),
    "detect": ("names",),
    "engine": ("workers", "dask", "memory", "minutes"),
    "platforms": ("base", "token_env", "token_file"),
    "schools": tuple(key.name for key in fields(School)),
    "logos": tuple(key.name for key in fields(Logo)),
    "accounts": ACCOUNT_KEYS,
}
"""The tables of the file and the keys of each; those of `platforms` are one level deeper."""

SINGLE: Final = ("district", "store", "crawl", "schedule", "detect", "engine")
"""Tables in single brackets, under which a key may have been forgotten to stand."""

NO_SECRETS: Final = "secrets come from the environment or a 0600 file; take it out, and change what stood there"
_NAMES: Final = 1000
"""How many names of a folder are compared with one that is not there."""
_REMEDIES: Final[Mapping[str | int, str]] = {
    "platforms": "name an environment variable in token_env or a 0600 file in token_file, and change the secret",
    "accounts": NO_PASSWORDS,
}


class ConfigFile(TableReader):
    """The file, and the faults of all files that it names."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.folder = path.parent

    @property
    def notes(self) -> list[str]:
        """Remarks that stop nothing."""
        return self.faults.notes

    def place(self, at: KeyPath) -> str:
        return f"{self.name}:{self.line(at)}"

    def tell_secrets(self) -> None:
        """Notes every key, at any depth, that looks like a password; never what stands there."""
        paths = {*_key_paths((), self.table), *self._unread}
        for at in sorted(paths, key=str):
            key = at[-1] if at else 0
            if isinstance(key, str) and is_secret(key):
                self.fault(at, f"{shown(key)} looks like a secret: {_REMEDIES.get(at[0], NO_SECRETS)}")


def is_secret(key: str) -> bool:
    """Whether such a key would hold a secret; those that only say where one stands do not."""
    return key not in KEYS["platforms"] and looks_secret(key)


def _key_paths(at: KeyPath, value: object) -> Iterator[KeyPath]:
    yield at
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _key_paths((*at, key), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _key_paths((*at, index), inner)


class TomlEntry(Entry):
    """One table of the file; `where` is how faults call it: "[district]"."""

    def __init__(self, file: ConfigFile, at: KeyPath, values: Table, where: str) -> None:
        self.file = file
        self.at = at
        self.values = values
        self.where = where
        self.base = file.folder.absolute()

    @property
    def place(self) -> str:
        return self.file.place(self.at)

    def fault(self, key: str, words: str, element: int | None = None) -> None:
        at = (*self.at, key) if element is None else (*self.at, key, element)
        self.file.fault(at, f"{key} {words}")

    def missing(self, key: str, example: str) -> None:
        if self.file.lacks(self.at, self.values, key):
            self.file.fault(self.at, f'{self.where} has no {key}; add {key} = "{example}"')
        elif (value := self.values.get(key)) == [] or (isinstance(value, str) and not value.strip()):
            self.fault(key, f'is empty; write what belongs there, such as "{example}"')

    def only(self, known: Iterable[str]) -> None:
        """Notes the keys that do not belong here, and where they do."""
        names = tuple(known)
        for key in self.values:
            if key in names or is_secret(key):
                continue
            home = next((table for table in SINGLE if key in KEYS[table] and len(self.at) <= 1), "")
            remedy = f"it belongs under [{home}]" if home else "correct it or take it out"
            self.file.fault(
                (*self.at, key), f"{shown(key)} is no key of {self.where}; {remedy}{did_you_mean(key, names)}"
            )

    # -------------------------------------------------------------------------------------------- values

    def raw_text(self, key: str) -> str:
        value = self.values.get(key, "")
        if isinstance(value, str):
            return value.strip()
        self.fault(key, f"must be a text in quotes{_as_text(value)}")
        return ""

    def raw_texts(self, key: str) -> Sequence[str]:
        value = self.values.get(key, [])
        if isinstance(value, list) and all(isinstance(text, str) for text in value):
            return [text.strip() for text in value]
        example = f"; write {key} = [{_toml(value)}]" if isinstance(value, str) else ', such as ["one", "two"]'
        self.fault(key, f"must be a list of texts{example}")
        return []

    def day(self, key: str) -> date | None:
        value = self.values.get(key)
        if value is None or type(value) is date:
            return value
        self.fault(key, "must be a date without quotes and without a time, such as 2026-08-15")
        return None

    def word(self, text: str) -> str:
        return text

    def number(self, key: str, default: float, least: int, *, whole: bool = False) -> float:
        value = self.values.get(key, default)
        kinds = (int,) if whole else (int, float)
        if isinstance(value, kinds) and not isinstance(value, bool) and math.isfinite(value) and least <= value < 1e9:
            return value
        self.fault(key, f"must be a {'whole ' if whole else ''}number of at least {least}, such as {default}")
        return default

    def table(self, key: str) -> "TomlEntry":
        """The table [key] of this one; an empty one where it is missing."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.file.fault((*self.at, key), f"{key} must be a table; write its name in single brackets, [{key}]")
            value = {}
        found = TomlEntry(self.file, (*self.at, key), value, f"[{key}]")
        if key != "platforms":
            found.only(KEYS.get(key, KEYS["platforms"]))
        return found

    def tables(self, key: str) -> list["TomlEntry"]:
        """The tables [[key]] of this one."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.file.fault((key,), f"{key} must be a list of tables; write the name in double brackets, [[{key}]]")
            return []
        found = [TomlEntry(self.file, (key, index), item, f"[[{key}]]") for index, item in enumerate(value)]
        for entry in found:
            entry.only(KEYS[key])
        return found

    # -------------------------------------------------------------------------------------------- files

    def path(
        self,
        key: str,
        default: str = "",
        *,
        folder: bool | None = False,
        there: bool = True,
        element: int | None = None,
    ) -> Path | None:
        """The absolute path that the text names. `folder`: must it be one, or (None) may it; `there`: must it exist."""
        text = self.texts(key)[element] if element is not None else self.text(key) or default
        if not text:
            return None
        path = self.placed(text)
        found = mode_of(path)
        if found is None and there:
            near = _meant(path)
            self.fault(key, f"{shown(text)} is not there; put the file at {path} or correct the name{near}", element)
        elif found is not None and folder is not None and stat.S_ISDIR(found) is not folder:
            self.fault(key, f"{shown(text)} is {'no' if folder else 'a'} folder; name a {_what(folder)}", element)
        else:
            return path
        return None

    def placed(self, text: str) -> Path:
        """Where a path of this file leads. One written on Windows, with turned slashes, leads there everywhere."""
        path = self.base / text
        return path if "\\" not in text or mode_of(path) is not None else self.base / text.replace("\\", "/")

    def file_name(self, key: str) -> str:
        """How faults call the file that the text names."""
        return str(self.file.folder / self.text(key))


def _meant(path: Path) -> str:
    """Which file of that folder was probably meant: one of the same kind, with a name that is near."""
    try:
        around = list(islice(path.parent.iterdir(), _NAMES))
    except (OSError, ValueError):
        return ""
    beside = {entry.stem: entry.name for entry in around if entry.suffix == path.suffix}
    stem = nearest(path.stem, beside)
    return f' (did you mean "{beside[stem]}"?)' if stem else ""


def _what(folder: bool) -> str:
    return "folder" if folder else "file"


def _as_text(value: object) -> str:
    simple = isinstance(value, int | float | date) and not isinstance(value, bool)
    return f', such as "{value}"' if simple else ""


def _toml(text: str) -> str:
    return '"..."' if len(text) > 60 or not text.isprintable() or '"' in text or "\\" in text else f'"{text}"'


def mode_of(path: Path) -> int | None:
    """What lies at the path; None where nothing does, or nothing that we may look at."""
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return None
