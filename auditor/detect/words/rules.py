"""Rules of grammar: words that offend, threaten, promote, sell or take sides only in some company."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from auditor.detect.found import Found
from auditor.detect.words.letters import Spelling, only_letters
from auditor.model import Sort

_BEFORE: Final = 70
_AFTER: Final = 110
_AROUND: Final = 250
_BEGINS: Final = r"\b"
_MINDS_CAPITALS: Final = "(?-i:"
_CASELESS: Final = int(re.IGNORECASE)  # a plain number: the member of an enum takes ten times as long
_PART: Final = re.compile(r"<<(\w+)>>")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; what its fields mean is told on top of `parts.toml`."""

    sort: Sort
    words: tuple[str, ...]
    confidence: float
    form: str
    before: str = field(repr=False)
    after: str = field(repr=False)
    unless: tuple[str, ...] = field(repr=False)
    both: bool
    names: bool
    beside: frozenset[bytes] = frozenset()

    def found(self, text: str, lowered: str, start: int, end: int, seen: Spelling) -> Found | None:
        """What is found where one of its words stands from `start` to `end` of a folded text, whose small letters are
        `lowered`, and which is spelled so.
        """
        reach = end
        tail = None
        if self.after:
            after = _compiled(self.after)
            tail = after.match(_as_asked(after, text, lowered), end, _end_of_line(text, end, _AFTER))
            if tail is not None:
                reach = max([end, *(tail.end(group) for group in after.groupindex.values())])
            elif self.both or not self.before:
                return None
        head = _sentence_before(text, start) if self.names or self.before else start
        if self.names and text[start:end].istitle() and (head < start or not (self.before or self.after)):
            return None
        if self.before and (tail is None or self.both):
            before = _compiled(self.before)
            if before.search(_as_asked(before, text, lowered)[head:start]) is None:
                return None
        if self.unless and (veto := _veto(self.unless)).may_hold(seen) and veto.holds_near(text, start, reach):
            return None
        return Found(self.sort, start, reach, lowered[start:reach], self.confidence, self.form)


class Veto:
    """Words and phrases that make harmless whatever stands near them."""

    def __init__(self, told: Iterable[str]) -> None:
        said = [" ".join(words.split()).encode("latin-1") for veto in told for words in veto.split(",")]
        self._stems = tuple(b" " + words[:-1] for words in said if words.endswith(b"*"))
        self._words = frozenset(words for words in said if b" " not in words and not words.endswith(b"*"))
        self._phrases: dict[bytes, list[bytes]] = {}
        for words in said:
            if b" " in words and not words.endswith(b"*"):
                self._phrases.setdefault(max(words.split(), key=len), []).append(b" %b " % words)
        self._in_phrases = frozenset(self._phrases)

    def holds_near(self, text: str, start: int, end: int) -> bool:
        """Whether one of them stands not far from the place from `start` to `end` of a folded text, in the same line.
        Lines are read beside others than they stand beside: those say nothing of them.
        """
        begin = max(text.rfind("\n", max(0, start - _AROUND), start) + 1, start - _AROUND, 0)
        near = text[begin : _end_of_line(text, end, _AROUND)]
        letters = only_letters(near.encode("latin-1", "replace"))
        return self._is_in(letters, frozenset(letters.split()))

    def may_hold(self, seen: Spelling) -> bool:
        """Whether a part of a text that is written so may hold one of them; of a long one nobody looks at all parts."""
        return len(seen.letters) > 2 * _AROUND or self._is_in(seen.letters, seen.tokens)

    def _is_in(self, letters: bytes, tokens: frozenset[bytes]) -> bool:
        if not self._words.isdisjoint(tokens):
            return True
        for word in self._in_phrases & tokens:
            if any(map(letters.__contains__, self._phrases[word])):
                return True
        return any(map(letters.__contains__, self._stems))


def _as_asked(pattern: re.Pattern[str], text: str, lowered: str) -> str:
    """The text in which a pattern is looked for: in small letters, unless it minds capitals."""
    return text if pattern.flags & _CASELESS else lowered


def _sentence_before(text: str, start: int) -> int:
    """Where the sentence begins that goes on at `start`, behind blanks; as far as anybody looks."""
    head = text[max(0, start - _BEFORE) : start]
    return start - len(head[_last_end(head) :].lstrip())


def _last_end(head: str) -> int:
    """Behind the last end of a sentence; 0 where there is none."""
    return 1 + max(head.rfind(". "), head.rfind("! "), head.rfind("? "), head.rfind("\n"))


def _end_of_line(text: str, start: int, most: int) -> int:
    """Where the line ends that goes on at `start`, or so many characters of it."""
    end = text.find("\n", start, start + most)
    return end if end >= 0 else min(start + most, len(text))


def read_rules(files: Iterable[Mapping[str, Any]], shared: Mapping[str, Any]) -> Iterator[Rule]:
    """The rules of these files. A part or veto that `shared` lacks is our own mistake and raises `KeyError`."""
    parts: dict[str, str] = {}
    for name, part in shared["parts"].items():
        parts[name] = f"(?:{_filled(part, parts)})"
    vetoes: Mapping[str, str] = shared["vetoes"]
    for file in files:
        for told in file["phrases"]:
            yield Rule(
                sort=Sort(told["sort"]),
                words=tuple(told["words"].split()),
                confidence=told["confidence"],
                form=told.get("form", ""),
                before=_ending(told.get("before", ()), parts),
                after=_joined(told.get("after", ()), parts),
                unless=tuple(vetoes[name] for name in told.get("unless", ())),
                both=told.get("needs") == "both",
                names=told.get("names", False),
                beside=frozenset(word.encode("latin-1") for word in told.get("beside", "").split()),
            )


def _ending(patterns: Iterable[str], parts: Mapping[str, str]) -> str:
    """One pattern for all of them, right before the word; "" for none. Most begin where words do: asked once."""
    ways = [_filled(p, parts) for p in patterns]
    words = [f"(?:{way[2:]})$" for way in ways if way.startswith(_BEGINS)]
    signs = [f"(?:{way})$" for way in ways if not way.startswith(_BEGINS)]
    return "|".join([*([rf"{_BEGINS}(?:{'|'.join(words)})"] if words else ()), *signs])


def _filled(pattern: str, parts: Mapping[str, str]) -> str:
    return _PART.sub(lambda match: parts[match[1]], pattern)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiled when a text first asks for it: most texts ask for few of them. What minds no capitals is for small
    letters: to compare without regard to case takes several times as long.
    """
    return re.compile(pattern, _CASELESS if _MINDS_CAPITALS in pattern else 0)


@cache
def _veto(told: tuple[str, ...]) -> Veto:
    """Read when a text first asks for it, as patterns are."""
    return Veto(told)


def _joined(patterns: Iterable[str], parts: Mapping[str, str]) -> str:
    """One pattern for all of them; "" for none."""
    ways = [_filled(p, parts) for p in patterns]
    ways = [way.replace("(?P<too>", f"(?P<too{n}>") for n, way in enumerate(ways)]
    return "|".join(f"(?:{way})" for way in ways)
