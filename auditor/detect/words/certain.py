"""Words that are obscene or a slur wherever they stand, in whatever way they are written."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Final

from auditor.detect.found import Found
from auditor.detect.words.letters import (
    Signs,
    Spelling,
    Stretched,
    are_apart,
    are_stretched,
    plays_tricks,
    stretches,
)
from auditor.detect.words.rules import Veto
from auditor.model import Sort

PLAIN: Final = 0.95
VEILED: Final = 0.9
SELF_CENSORED: Final = 0.8
"""The writer left out letters: most likely it is that word."""

INSULT: Final = "insult"
"""The form of a word that is called at somebody."""

_LONGEST: Final = 40
_BEFORE: Final = 60


class Certain:
    """The words of `certain.toml`."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._sorts: dict[str, Sort] = {}
        self._hurled: set[str] = set()
        self._unless: dict[str, Veto] = {}
        signs: set[str] = set()
        anywhere: dict[bytes, Sort] = {}
        spelled: dict[bytes, str] = {}
        doubled: dict[str, str] = {}
        for sort in (Sort.PROFANITY, Sort.SLUR):
            lists = told[sort]
            words = [*lists["english"].split(), *lists["spanish"].split()]
            hidden = lists["masked"].split()
            self._sorts |= dict.fromkeys([*words, *hidden], sort)
            self._hurled.update(lists["hurled"].split())
            signs.update(hidden)
            anywhere |= {word.encode(): sort for word in lists["anywhere"].split()}
            spelled |= {f" {' '.join(word)} ".encode(): word for word in lists["spelled"].split()}
            doubled |= {twice: word for word in lists["doubled"].split() for twice in _doubled(word)}
            for some, veto in lists["unless"].items():
                self._unless |= dict.fromkeys(some.split(), Veto([veto]))
            self._known = frozenset([*getattr(self, "_known", ()), *words])
        self._doubled = {twice: word for twice, word in doubled.items() if twice not in self._sorts}
        self.tokens = frozenset(w.encode("latin-1") for w in chain(self._known, self._doubled))
        self._anywhere, self._spelled = anywhere, spelled
        self._roots = tuple(root.encode() for root in told["roots"].split())
        self._rooted = [re.compile(root) for root in self._roots]  # sooner found than by `in`: a root's letter is rare
        self._signs, self._stretched = Signs(frozenset(signs)), Stretched(self._known)
        insult = told["insult"]
        self._before, self._after = re.compile(insult["before"]), re.compile(insult["after"])
        self._wishes = set(insult["after_words"].split())

    def may_be_veiled(self, seen: Spelling) -> bool:
        """Whether the text may hold such a word in another way than as a token of its own."""
        return self.may_be_stretched(seen.letters) or plays_tricks(seen)

    def may_be_stretched(self, letters: bytes) -> bool:
        """The same without a sign among the letters: with letters twice or before and behind it."""
        for root in self._rooted:
            if root.search(letters):
                return True
        return are_stretched(letters)

    def found(self, lowered: str, start: int, end: int, token: str, seen: Spelling) -> Found | None:
        """A token that is such a word, in the small letters of a folded text."""
        return self._as(lowered, start, end, self._doubled.get(token, token), PLAIN, seen)

    def veiled(self, text: str, lowered: str, seen: Spelling) -> Iterator[Found]:
        """Those that are written in another way in a folded text, whose small letters are `lowered`."""
        letters = seen.letters
        for root in self._roots:
            for start, end in _tokens_around(letters, root):
                yield from self._inside(start, letters[start:end])
        for start, token in stretches(letters):
            word = self._stretched.word(token)
            if word:
                yield from self._maybe(lowered, start - 1, start - 1 + len(token), word, VEILED, seen)
        if not plays_tricks(seen):
            return
        for spaced, word in self._spelled.items() if are_apart(letters) else ():
            at = letters.find(spaced)
            while at >= 0:
                yield from self._maybe(lowered, at, at + len(spaced) - 2, word, VEILED, seen)
                at = letters.find(spaced, at + 1)
        for start, end, word in self._signs.within(text, seen.shapes):
            cut = any(sign in text[start:end] for sign in "*#_")
            yield from self._maybe(lowered, start, end, word, SELF_CENSORED if cut else VEILED, seen)

    def _inside(self, start: int, token: bytes) -> Iterator[Found]:
        if len(token) > _LONGEST or token in self.tokens:
            return
        for part, sort in self._anywhere.items():
            if part in token:
                yield Found(sort, start - 1, start - 1 + len(token), part.decode(), PLAIN)
                return

    def _maybe(self, text: str, start: int, end: int, word: str, confidence: float, seen: Spelling) -> Iterator[Found]:
        found = self._as(text, start, end, word, confidence, seen)
        if found is not None:
            yield found

    def _as(self, text: str, start: int, end: int, word: str, confidence: float, seen: Spelling) -> Found | None:
        veto = self._unless.get(word)
        if veto and veto.may_hold(seen) and veto.holds_near(text, start, end):
            return None
        form = INSULT if self._is_at_somebody(text, start, end, word) else ""
        return Found(self._sorts[word], start, end, word, confidence, form)

    def _is_at_somebody(self, text: str, start: int, end: int, word: str) -> bool:
        if word in self._wishes and self._after.match(text, end):
            return True
        return word in self._hurled and self._before.search(text[max(0, start - _BEFORE) : start]) is not None


def _tokens_around(letters: bytes, root: bytes) -> Iterator[tuple[int, int]]:
    """Where tokens with this root in them begin and end."""
    at = letters.find(root)
    while at >= 0:
        start, end = letters.rfind(b" ", 0, at) + 1, letters.find(b" ", at)
        yield start, end
        at = letters.find(root, end)


def _doubled(word: str) -> Iterator[str]:
    return (word[: n + 1] + word[n:] for n in range(len(word)))
