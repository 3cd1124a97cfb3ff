"""Whether a handle fits a pattern that somebody else wrote, in a time that no pattern can stretch.

Python's own matcher tries one way after the other, and a pattern can make it try for years. Here every part of the
pattern is asked once for each place of the handle; what it costs is the product of both lengths, at worst its square.
"""

import re
import warnings
from collections.abc import Callable, Iterable
from functools import cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Final

LONGEST: Final = 500
"""Characters of a pattern; sites get along with fifty."""

DEEPEST: Final = 30
"""Groups in groups."""

Ends = frozenset[int]
"""Where a part of the pattern may end, having begun at one place."""


class Unusable(ValueError):
    """A pattern that is none; the text says why."""


class Unfollowed(ValueError):
    """A pattern that Python would follow and this matcher does not: a reference to an earlier group, say."""


def fits(pattern: str, handle: str) -> bool:
    """Whether a pattern that is followed is found in the handle, as `re.search` would. Else raises as that would."""
    matcher = _Matcher(_parsed(pattern), handle)
    return any(matcher.ends(start) for start in range(len(handle) + 1))


def is_followed(pattern: str) -> bool:
    """Whether the pattern is understood here in all its parts. Raises `Unusable`."""
    try:
        _look_through(_parsed(pattern)[0], 0)
    except Unfollowed:
        return False
    return True


def _look_through(parts: Any, depth: int) -> None:
    """Raises `Unfollowed` where any part of the pattern is not understood, `Unusable` where it is too deep."""
    if depth > DEEPEST:
        raise Unusable("is nested too deeply")
    if isinstance(parts, _parser.SubPattern):
        for code, value in parts:
            if code not in _STEPS:
                raise Unfollowed
            _look_through(value, depth + 1)
    elif isinstance(parts, list | tuple):
        for part in parts:
            _look_through(part, depth)


@cache
def _parsed(pattern: str) -> tuple[Any, int]:
    if len(pattern) > LONGEST:
        raise Unusable(f"is longer than {LONGEST} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python may read in another way one day, its author can hear of
            tree = _parser.parse(pattern)
    except (re.error, OverflowError) as error:
        raise Unusable(f"is no regular expression ({getattr(error, 'msg', 'a number in it is too large')})") from None
    except RecursionError:
        raise Unusable("is nested too deeply") from None
    return tree, tree.state.flags


class _Matcher:
    """One pattern over one handle. Every part of the pattern remembers what it found at each place."""

    def __init__(self, parsed: tuple[Any, int], handle: str) -> None:
        self._text = handle
        self._seen: dict[tuple[int, int], Ends] = {}
        self._tree, self._flags = parsed

    def ends(self, start: int) -> Ends:
        return self._sequence(self._tree, start)

    def _sequence(self, parts: Iterable[tuple[Any, Any]], start: int) -> Ends:
        key = (id(parts), start)
        if key not in self._seen:
            places: Ends = frozenset({start})
            for code, value in parts:
                places = frozenset(end for place in places for end in self._part(code, value, place))
                if not places:
                    break
            self._seen[key] = places
        return self._seen[key]

    def _part(self, code: Any, value: Any, at: int) -> Ends:
        step = _STEPS.get(code)
        if step is None:
            raise Unfollowed
        return step(self, value, at)

    def _one(self, at: int, fitting: Callable[[str], bool]) -> Ends:
        return frozenset({at + 1}) if at < len(self._text) and fitting(self._text[at]) else frozenset()

    def _literal(self, value: int, at: int) -> Ends:
        return self._one(at, lambda character: self._same(character, chr(value)))

    def _other(self, value: int, at: int) -> Ends:
        return self._one(at, lambda character: not self._same(character, chr(value)))

    def _same(self, one: str, other: str) -> bool:
        return one == other or (bool(self._flags & re.IGNORECASE) and one.lower() == other.lower())

    def _any(self, _value: None, at: int) -> Ends:
        return self._one(at, lambda character: character != "\n" or bool(self._flags & re.DOTALL))

    def _of_class(self, members: list[tuple[Any, Any]], at: int) -> Ends:
        return self._one(at, lambda character: self._in_class(members, character))

    def _in_class(self, members: list[tuple[Any, Any]], character: str) -> bool:
        negated = bool(members) and members[0][0] is op.NEGATE
        spellings = {character, character.lower(), character.upper()} if self._flags & re.IGNORECASE else {character}
        return negated != any(self._is_member(*member, one) for member in members for one in spellings)

    def _is_member(self, code: Any, value: Any, character: str) -> bool:
        if code is op.LITERAL:
            return ord(character) == value if len(character) == 1 else False
        if code is op.RANGE:
            return len(character) == 1 and value[0] <= ord(character) <= value[1]
        return code is op.CATEGORY and self._in_category(value, character)

    def _in_category(self, category: Any, character: str) -> bool:
        letter = _CATEGORIES.get(category)
        if letter is None:
            raise Unfollowed
        return re.fullmatch(letter, character, self._flags & re.ASCII) is not None

    def _is_word(self, character: str) -> bool:
        return self._in_category(op.CATEGORY_WORD, character)

    def _branch(self, value: tuple[None, list[Any]], at: int) -> Ends:
        return frozenset(end for parts in value[1] for end in self._sequence(parts, at))

    def _group(self, value: tuple[Any, int, int, Any], at: int) -> Ends:
        _, on, off, parts = value
        before, self._flags = self._flags, (self._flags | on) & ~off
        try:
            return self._sequence(parts, at)
        finally:
            self._flags = before

    def _repeat(self, value: tuple[int, Any, Any], at: int) -> Ends:
        least, most, parts = value
        # More rounds than characters find nothing new: a round that takes none may be left out.
        least, most = min(int(least), len(self._text) + 1), min(int(most), len(self._text) + 1)
        places, found = frozenset({at}), set[int]()
        for turn in range(most + 1):
            if turn >= least:
                if places <= found:
                    break
                found |= places
            places = frozenset(end for place in places for end in self._sequence(parts, place))
            if not places:
                break
        return frozenset(found)

    def _look(self, value: tuple[int, Any], at: int) -> Ends:
        direction, parts = value
        if direction > 0:
            return frozenset({at}) if self._sequence(parts, at) else frozenset()
        behind = any(at in self._sequence(parts, start) for start in range(at + 1))
        return frozenset({at}) if behind else frozenset()

    def _look_for_none(self, value: tuple[int, Any], at: int) -> Ends:
        return frozenset() if self._look(value, at) else frozenset({at})

    def _at(self, where: Any, at: int) -> Ends:
        text, lines = self._text, bool(self._flags & re.MULTILINE)
        if where in (op.AT_BEGINNING, op.AT_BEGINNING_STRING):
            holds = at == 0 or (lines and where is op.AT_BEGINNING and text[at - 1] == "\n")
        elif where in (op.AT_END, op.AT_END_STRING):
            last = where is op.AT_END and (text[at:] == "\n" or (lines and text[at : at + 1] == "\n"))
            holds = at == len(text) or last
        elif where in (op.AT_BOUNDARY, op.AT_NON_BOUNDARY):
            left, right = (bool(side) and self._is_word(side) for side in (text[:at][-1:], text[at:][:1]))
            holds = (left != right) == (where is op.AT_BOUNDARY)
        else:
            raise Unfollowed
        return frozenset({at}) if holds else frozenset()


_CATEGORIES: Final = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_WORD: r"\W",
}
_STEPS: Final[dict[Any, Callable[[_Matcher, Any, int], Ends]]] = {
    op.LITERAL: _Matcher._literal,
    op.NOT_LITERAL: _Matcher._other,
    op.ANY: _Matcher._any,
    op.IN: _Matcher._of_class,
    op.BRANCH: _Matcher._branch,
    op.SUBPATTERN: _Matcher._group,
    op.MAX_REPEAT: _Matcher._repeat,
    op.MIN_REPEAT: _Matcher._repeat,
    op.ASSERT: _Matcher._look,
    op.ASSERT_NOT: _Matcher._look_for_none,
    op.AT: _Matcher._at,
}
