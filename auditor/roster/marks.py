"""The first look at a text: where in it a name of the roster could stand. In nearly every text that is nowhere.

Each chunk between spaces has a mark of a few bits, worked out once and remembered; only chunks that stand where a name
could are read whole.
"""

from collections.abc import Callable, Sequence
from typing import Final, cast

from auditor.roster.hits import Role
from auditor.roster.names import (
    BESIDE_HANDLES,
    SHORTEST_MISSPELLED,
    called,
    cut_at_capitals,
    handle,
    has_letter,
    norm,
    words,
    words_in,
)
from auditor.roster.tokens import (
    FLOWING,
    LONGEST_WORD,
    Chunk,
    Glue,
    Reader,
    Token,
    breaks,
    glue_of,
    is_address,
    may_be_misspelled,
    without_possessive,
)

_MOST_REMEMBERED: Final = 524_288
_MOST_PAIRS: Final = 65_536
_REACH: Final = 8
"""Words that stand so far apart are not of one name: two middle names, three initials, a comma and a suffix between."""

_ROLES: Final = Role.GIVEN | Role.FAMILY | Role.SINGLE | Role.LATER | Role.NICKNAME
_FIRST: Final = Role.GIVEN | Role.NICKNAME
_TAGGED: Final = 32
"""An address, a handle or a hashtag that names somebody by itself."""
_PAIR: Final = 64
"""More words than one, and by two of them somebody may be called."""
_ENDS: Final = 128
"""No name reaches over it: a number, a word in lower case that is in no name."""
_OPENS: Final = 256
_CLOSES: Final = 512
"""A name may begin with it, or end with it, but not reach over its front or its end."""
_CAPITAL: Final = 1024
_UNKNOWN: Final = 2048
"""A word with a capital that may be a surname with a letter wrong."""

MARKS: Final = 0x3FFF
"""All bits of a mark, and those of labels (see `labelled`)."""

MarksOf = Callable[[str], int]
"""Tells the marks of a line, or of several that are read as one, put together, where somebody has looked already."""


def not_looked_at(_text: str) -> int:
    """The marks of a text at which nobody has looked: all names may stand there."""
    return MARKS


_BY_ITSELF: Final = _TAGGED | _PAIR | Role.SINGLE
_MAY_NAME: Final = _ROLES | _TAGGED
_ANYTHING: Final = MARKS & ~(_ENDS | _OPENS | _CLOSES)
_KIND: Final = 14
"""Above so many bits of a mark stands its kind."""

_FRONT: Final = "\"'([{*~"
_BACK: Final = ".,!?:;)]}\"'*~"
_SIMPLER: Final = {"'": "’‘‛", '"': "“”„«»", "!": "…—―", "-": "–"}
_PLAIN_MARKS: Final = {odd: plain for plain, several in _SIMPLER.items() for odd in several}
"""Marks to others in ASCII that mean the same for a name: a dash parts it as "!" does."""
_READ_WHOLE: Final[tuple[str, ...]] = ("@", "#", "\n")
"""Handles and hashtags, and words that the paper's edge cuts: what they are made of does not tell what they are."""
_TAG_SIGNS: Final = "@#"


_END: Final = 0
_NEUTRAL: Final = 1
_ODD: Final = 2
_FAMILY: Final = 3
_GIVEN: Final = 4
_GIVEN_SHOWN: Final = 5
_BOTH: Final = 6
_BOTH_SHOWN: Final = 7
_ITSELF: Final = 8
"""Kinds of chunks. ODD: it may be a surname with a letter wrong; SHOWN: with a capital; ITSELF: it is enough alone."""


class Marks:
    """Marks of chunks.

    `names_somebody` tells of a handle and of words written as one whether they do so, `is_borne` of a first and a
    family name whether somebody is called so; `respelled` gives the surnames that a word may be with one letter wrong.
    """

    def __init__(
        self,
        reader: Reader,
        names_somebody: Callable[[str, Sequence[str]], bool],
        is_borne: Callable[[str, str], bool],
        respelled: Callable[[str], Sequence[str]],
    ) -> None:
        self._reader, self._names_somebody = reader, names_somebody
        self._is_borne, self._respelled = is_borne, respelled
        self._known: dict[str, int] = {}
        self._same: dict[int, int] = {}
        self._called: dict[tuple[str, str], bool] = {}

    def of(self, chunk: str) -> int:
        """The mark of one chunk. Those of a text, put together, tell whether it `may_name` somebody."""
        return self._marked(chunk) & MARKS

    def _marked(self, chunk: str) -> int:
        """The mark of one chunk, and above its bits the kind that goes with it."""
        marked = self._known.get(chunk)
        return self._met(chunk, self._mark(chunk)) if marked is None else marked

    def _met(self, chunk: str, mark: int) -> int:
        """Remembers the mark of a chunk: chunks are many and marks few, so each is kept once."""
        if len(self._known) > _MOST_REMEMBERED:
            self._known.clear()
        marked = mark | _kind(mark) << _KIND
        self._known[chunk] = same = self._same.setdefault(marked, marked)
        return same

    def stretches(self, written: Sequence[str], *, alone: bool = False) -> list[range]:
        """The parts of a text, as numbers of its chunks, in which a name could stand; `alone`: a lone first name.

        Each part reaches from one chunk that ends every name to the next one, both included.
        """
        # Nearly all of them are known; this is the quickest way to ask for many, and to look a word up takes the most.
        known = list(map(self._known.get, written))
        n = -1
        for _ in range(known.count(None)):
            n = known.index(None, n + 1)
            known[n] = self._marked(written[n])
        marks = cast("list[int]", known)
        found: list[range] = []
        begin, size = 0, len(marks)
        while begin < size:
            end = begin
            while end < size and marks[end] >> _KIND != _END:
                end += 1
            if end > begin and self._may_stand(written, marks, begin, end, alone=alone):
                found.append(range(max(begin - 1, 0), min(end + 1, size)))
            begin = end + 1
        return found

    def _may_stand(self, written: Sequence[str], marks: list[int], begin: int, end: int, *, alone: bool) -> bool:
        """Whether a name could stand in these chunks, of which none ends every name."""
        if alone:
            return any(marks[n] & Role.GIVEN for n in range(begin, end))
        return _go_together(marks, begin, end) and self._is_in_part(written[begin:end], marks[begin:end])

    def _is_in_part(self, written: Sequence[str], marks: list[int]) -> bool:
        """Whether there are words near enough to each other, of the right roles, by which somebody may be called."""
        before: list[int] = []
        roles = 0
        for n, mark in enumerate(marks):
            if not mark & _MAY_NAME:
                continue
            if before and _is_apart(marks, before[-1], n):
                before, roles = [], 0
            if (
                mark & _BY_ITSELF
                or (roles and _both(roles | mark) and self._are_a_name(written, before, n))
                or self._is_beside_misspelled(written, marks, n)
            ):
                return True
            before.append(n)
            roles |= mark & _ROLES
        return False

    def _are_a_name(self, written: Sequence[str], before: Sequence[int], n: int) -> bool:
        """Whether somebody is called by a word of the last chunk and one of those before, or may be by several."""
        return len(before) > _REACH or any(self._are_called(written[other], written[n]) for other in before)

    def _are_called(self, one: str, other: str) -> bool:
        """Whether somebody is called by words of two chunks, or may be by several."""
        known = self._called.get((one, other))
        if known is None:
            if len(self._called) > _MOST_PAIRS:
                self._called.clear()
            known = self._called[one, other] = self._may_call(self._tokens(one), self._tokens(other))
        return known

    def _may_call(self, some: Sequence[Token], others: Sequence[Token]) -> bool:
        """Whether somebody is called by one of some words and one of others, or may be by several."""
        for token in (*some, *others):
            if token.role & Role.LATER:
                return True
        for one in some:
            for other in others:
                if self._is_called(one, other):
                    return True
        return False

    def _tokens(self, chunk: str) -> tuple[Token, ...]:
        read = self._reader.prose(chunk)
        return () if read is None else read.tokens

    def _is_called(self, one: Token, other: Token) -> bool:
        """Whether somebody is called by the two, in any order, or goes by the short name that one of them is."""
        for first, family in ((one, other), (other, one)):
            if family.role & Role.FAMILY:
                if first.role & Role.GIVEN and self._is_borne(first.norm, family.norm):
                    return True
                if first.upper:
                    for name in called(first.norm):
                        if self._is_borne(name, family.norm):
                            return True
        return False

    def _is_beside_misspelled(self, written: Sequence[str], marks: list[int], n: int) -> bool:
        """Whether it is a first name, and what stands beside it may be a surname with a letter wrong: in front of it
        with a comma, right behind it, or behind an initial.
        """
        if not (marks[n] & Role.GIVEN and marks[n] & _CAPITAL):
            return False
        near: list[int] = []
        if n and marks[n - 1] & _UNKNOWN and self._glue_behind(written[n - 1]) == Glue.COMMA:
            near.append(n - 1)
        if n + 1 < len(marks) and marks[n + 1] & _UNKNOWN:
            flows = self._glue_behind(written[n]) in FLOWING
            near += [n + 1] if flows or self._begins_with_initial(written[n + 1]) else []
        if n + 2 < len(marks) and marks[n + 2] & _UNKNOWN:
            near += [n + 2] if all(token.initial for token in self._tokens(written[n + 1])) else []
        return any(self._is_misspelled(written[beside], marks[beside]) for beside in near)

    def _glue_behind(self, chunk: str) -> int:
        tokens = self._tokens(chunk)
        return tokens[-1].glue if tokens else Glue.BREAK

    def _begins_with_initial(self, chunk: str) -> bool:
        tokens = self._tokens(chunk)
        return bool(tokens) and tokens[0].initial

    def _is_misspelled(self, chunk: str, mark: int) -> bool:
        """Whether what may be a surname with a letter wrong is one. If not, its mark no longer says that it may be."""
        if any(may_be_misspelled(token) and self._respelled(token.norm) for token in self._tokens(chunk)):
            return True
        self._met(chunk, mark & MARKS & ~_UNKNOWN)
        return False

    # ------------------------------------------------------------------------------------------ one chunk

    def _mark(self, chunk: str) -> int:
        """The mark of a chunk, in a short way for nearly all that there are."""
        text = chunk if chunk.isascii() or len(chunk) > LONGEST_WORD else _in_plain_marks(chunk)
        if text.isascii() and len(text) <= LONGEST_WORD:
            bare = text.lstrip(_FRONT).rstrip(_BACK)
            if bare.isalpha():
                if bare[1:].islower() or bare.isupper() or len(bare) == 1:
                    return self._of_word(bare, text)
            elif bare and bare[0] in _TAG_SIGNS and bare[1:].isalpha() and bare[0] == text[0]:
                return self._of_tag(bare[1:], chunk)
            elif not has_letter(text):
                return 0 if text == "," else _ENDS
            elif not (any(sign in text for sign in _READ_WHOLE) or is_address(text)):
                written = [text[begin:end] for begin, end in words_in(text)]
                if not self._have_role(written):
                    return self._of_nobodys(text, written)
        return self._of_chunk(self._reader.prose(chunk))

    def _of_word(self, word: str, text: str) -> int:
        """A word in one case, but for its first letter, with marks around it."""
        normal = word.lower()
        role = self._reader.role(normal)
        if not word[0].isupper():
            role &= ~Role.NICKNAME
            if not role:
                return 0 if len(word) == 1 or normal in words().suffixes else _ENDS
            return role if word == text else role | _edges(word, text)
        if not role:
            may_be = len(normal) >= SHORTEST_MISSPELLED - 1 and normal not in words().everyday
            return _CAPITAL | _UNKNOWN if may_be else _CAPITAL
        return role | _CAPITAL if word == text else role | _CAPITAL | _edges(word, text)

    def _of_tag(self, word: str, chunk: str) -> int:
        """A hashtag or a handle of nothing but letters."""
        mark = 0
        normal = word.lower()
        pieces = [word] if word.islower() or self._reader.role(normal) & ~Role.NICKNAME else cut_at_capitals(word)
        for piece in pieces:
            known = self._reader.role(piece.lower())
            mark |= known | _CAPITAL if piece[0].isupper() else known & ~Role.NICKNAME
        if len(pieces) > 1 and _both(mark):
            return self._of_chunk(self._reader.prose(chunk))
        whole = handle(chunk) if chunk[len(word) + 1 :].strip(BESIDE_HANDLES) else normal
        return mark | _TAGGED if self._names_somebody(whole, [normal]) else mark

    def _have_role(self, written: list[str]) -> bool:
        """Whether one of these words is in somebody's name, or a part of one that begins with a capital."""
        for word in written:
            bare = without_possessive(word)
            if self._reader.role(norm(bare)):
                return True
            pieces = cut_at_capitals(bare)
            if len(pieces) > 1 and any(self._reader.role(norm(piece)) for piece in pieces):
                return True
        return False

    @staticmethod
    def _of_nobodys(text: str, written: list[str]) -> int:
        """Words with other signs among them, none of which is in a name."""
        only = written[0]
        if len(written) == 1 and len(norm(only)) > 1 and not only[0].isupper() and len(cut_at_capitals(only)) == 1:
            return _ENDS
        longest = max(map(len, written))
        return _CAPITAL | _UNKNOWN if longest >= SHORTEST_MISSPELLED - 1 and not text.islower() else 0

    def _of_chunk(self, chunk: Chunk | None) -> int:
        """The mark of a chunk that was read whole."""
        if chunk is None or (chunk.opens and not chunk.tokens):
            return _ENDS
        tokens = chunk.tokens
        mark = chunk.role | (_TAGGED if chunk.tagged else 0) | (_OPENS if chunk.opens else 0)
        if any(map(may_be_misspelled, tokens)):
            mark |= _UNKNOWN
        if len(tokens) > 1 and _both(chunk.role) and (mark & _UNKNOWN or self._may_call(tokens, tokens)):
            mark |= _PAIR
        if tokens and tokens[-1].glue == Glue.BREAK:
            mark |= _CLOSES
        return mark | _CAPITAL if any(token.upper for token in tokens) else mark


def _in_plain_marks(chunk: str) -> str:
    """A short chunk with marks of ASCII for others that mean the same."""
    text = chunk
    for sign in chunk:
        if sign in _PLAIN_MARKS:
            text = text.replace(sign, _PLAIN_MARKS[sign])
    return text


def _edges(word: str, text: str) -> int:
    """What the marks around a word keep from a name that may reach over it."""
    at = text.index(word)
    closes = text[at + len(word) :] and glue_of(word, text[at + len(word) :], last=True, slug=False) == Glue.BREAK
    return (_OPENS if breaks(text[:at], slug=False) else 0) | (_CLOSES if closes else 0)


def _kind(mark: int) -> int:
    """Of what kind a chunk with that mark is: all that the first look at its neighbours asks."""
    if mark & _BY_ITSELF or (mark & _ROLES and mark & _UNKNOWN):
        return _ITSELF
    if mark & _ENDS:
        return _END
    if not mark & _FIRST:
        return _FAMILY if mark & Role.FAMILY else _ODD if mark & _UNKNOWN else _NEUTRAL
    shown = mark & Role.GIVEN and mark & _CAPITAL
    if mark & Role.FAMILY:
        return _BOTH_SHOWN if shown else _BOTH
    return _GIVEN_SHOWN if shown else _GIVEN


def _go_together(marks: list[int], begin: int, end: int) -> bool:
    """Whether by the kinds of these chunks a name could stand there: a first and a family name with no other between
    them, or beside a first name with a capital what may be a surname with a letter wrong.
    """
    last = before = before_last = _NEUTRAL  # the last one of a first or family name; the last two of any kind
    for n in range(begin, end):
        kind = marks[n] >> _KIND
        if kind == _ITSELF:
            return True
        if kind >= _FAMILY:
            if _are_both(last, kind) or (before == _ODD and _is_shown(kind)):
                return True
            last = kind
        elif kind == _ODD and (_is_shown(before) or _is_shown(before_last)):
            return True
        before_last, before = before, kind
    return False


def _are_both(one: int, other: int) -> bool:
    """Whether of two chunks one may be a first and the other a family name."""
    if one < _FAMILY:
        return False
    return one >= _BOTH or other >= _BOTH or (one == _FAMILY) != (other == _FAMILY)


def _is_shown(kind: int) -> bool:
    return kind in (_GIVEN_SHOWN, _BOTH_SHOWN)


def _is_apart(marks: list[int], one: int, other: int) -> bool:
    """Whether no name can hold both of two chunks, between which none ends every name."""
    return other - one >= _REACH or bool(marks[one] & _CLOSES or marks[other] & _OPENS)


def may_name(marks: int) -> bool:
    """Whether there is all that a name is made of among the marks of a text, however they stand."""
    return bool(marks & _BY_ITSELF) or _both(marks) or bool(marks & Role.GIVEN and marks & _UNKNOWN)


def may_stand(marks: int, *, alone: bool) -> bool:
    """Whether a name may stand in a text with these marks; `alone`: a lone first name."""
    return bool(marks & Role.GIVEN) if alone else may_name(marks)


def is_of_nobody(marks: int) -> bool:
    """Whether there is nothing that a name is made of, not even a lone first name, among the marks of a text."""
    return not marks & _MAY_NAME


def _both(roles: int) -> bool:
    """Whether there is a first name, and a family name."""
    return bool(roles & _FIRST and roles & Role.FAMILY)
