"""Patterns that most runs never ask for: to compile all of them takes a tenth of a second."""

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any


class LazyPattern:
    """A regular expression that is compiled when it is first used.

    Its methods are those of `re.Pattern` itself, kept when they are first asked for: from then on a call costs what it
    always does. A pattern that every run uses is better compiled at once, where a slip in it shows at once.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern, self._flags = pattern, flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, self._flags)

    @cached_property
    def search(self) -> Callable[..., re.Match[str] | None]:
        """Where it is first found."""
        return self._compiled.search

    @cached_property
    def match(self) -> Callable[..., re.Match[str] | None]:
        """Whether a text begins with it."""
        return self._compiled.match

    @cached_property
    def fullmatch(self) -> Callable[..., re.Match[str] | None]:
        """Whether it is a whole text."""
        return self._compiled.fullmatch

    @cached_property
    def finditer(self) -> Callable[..., Iterator[re.Match[str]]]:
        """Wherever it is found."""
        return self._compiled.finditer

    @cached_property
    def findall(self) -> Callable[..., list[Any]]:
        """What is found wherever it is."""
        return self._compiled.findall

    @cached_property
    def sub(self) -> Callable[..., str]:
        """A text with something else in its place."""
        return self._compiled.sub

    @cached_property
    def split(self) -> Callable[..., list[Any]]:
        """What stands between."""
        return self._compiled.split
