"""Texts in which somebody left the escapes of an address: "Jane%20Doe" is read as "Jane Doe"."""

import re
from dataclasses import dataclass, field, replace
from typing import Final

from auditor.model import Sighting

_RUN: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_LENGTH: Final = len("%20")


@dataclass(frozen=True, slots=True)
class Unescaped:
    """A text without escapes, and where each of its characters began in the original; one place more for its end."""

    text: str = field(repr=False)
    at: tuple[int, ...] = field(repr=False)

    @classmethod
    def of(cls, text: str) -> "Unescaped | None":
        """The text as it was meant; None where nothing in it is escaped. What is no letter stays as it stands."""
        letters: list[str] = []
        at: list[int] = []
        end = 0
        for run in _RUN.finditer(text):
            try:
                meant = bytes.fromhex(run[0].replace("%", "")).decode()
            except UnicodeDecodeError:
                continue
            if not meant.isprintable():
                continue
            letters += text[end : run.start()]
            at += range(end, run.start())
            here = run.start()
            for letter in meant:
                letters.append(letter)
                at.append(here)
                here += _LENGTH * len(letter.encode())
            end = run.end()
        if not end:
            return None
        return cls("".join(letters) + text[end:], (*at, *range(end, len(text) + 1)))

    def back(self, seen: Sighting) -> Sighting:
        """The sighting with the places that it has in the original."""
        return replace(seen, start=self.at[seen.start], end=self.at[seen.end])
