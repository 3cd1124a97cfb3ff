"""Finds names in a text: words in a row that may be one, tried against the roster's digests.

Nothing here knows a name. A word is worth a look-up where the gate says that it stands in somebody's name; what a
look-up returns are entries of `book.Roster`, opaque numbers.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from auditor.roster.names import words
from auditor.roster.runs import Line, Run, begins_cell, fills_cell, lines, runs
from auditor.roster.tokens import Chunk, Glue, Reader, Role, Token

_MOST_GIVEN: Final = 4
_MOST_FAMILY: Final = 5
_MOST_MIDDLE: Final = 2
_MOST_INITIALS: Final = 3
_ALONE: Final = 5
"""Up to this many capitals in a row, an unknown word between first and last name is a middle name."""

_SHORTEST_TOGETHER: Final = 6
_LONGEST_TOGETHER: Final = 40
_MOST_REMEMBERED: Final = 20_000

_FLOWING: Final = (Glue.SPACE, Glue.HYPHEN)
_AND: Final = frozenset({"and", "y", "e", "or", "o"})


@dataclass(frozen=True, slots=True)
class Index:
    """How names are looked up; empty where unknown.

    `name` takes a first and a family name and tells with the entries whether they bear it only in part.
    """

    name: Callable[[str, str], tuple[Sequence[int], bool]]
    single: Callable[[str], Sequence[int]]
    handle: Callable[[str], Sequence[int]]
    gate: Callable[[str], int]


class Hit(NamedTuple):
    """A name in a text, from `start` to `end`, and the roster's entries that it fits.

    `form` is "full", "joined" (written without spaces: a slug, a hashtag, a file name), "handle" (one on record),
    "single" (a one-word name) or "first". `loose` tells that it may well be somebody else: a part of a double surname,
    an unknown word in the middle, a list of first names.
    """

    start: int
    end: int
    form: str
    entries: tuple[int, ...]
    capitalised: bool
    loose: bool


class _Candidate(NamedTuple):
    """Tokens `first` to `last` of a run. `heart` are the words that make the name, without what was passed over."""

    first: int
    last: int
    entries: Sequence[int]
    loose: bool
    heart: tuple[Token, ...]


class Search:
    """Looks through texts for names. Keeps what it worked out about words, never a text."""

    def __init__(self, reader: Reader, index: Index) -> None:
        self._reader, self._index = reader, index
        self._together: dict[str, tuple[int, ...]] = {}

    def hits(self, text: str, *, slug: bool = False) -> Iterator[Hit]:
        """Every name in the text, in its order. `slug` for addresses and file names."""
        for line in lines(self._reader, text, slug=slug):
            if any(chunk is not None and (chunk.role or chunk.tagged) for chunk in line.chunks):
                yield from self._in_line(line)

    def lone(self, text: str, known: Callable[[str], Sequence[int]]) -> Iterator[Hit]:
        """First names that stand alone, with a capital, as `known` looks them up."""
        for line in lines(self._reader, text, slug=False):
            for run in runs(line):
                for n, token in enumerate(run.tokens):
                    if token.role & Role.GIVEN and _stands_alone(run, n) and (entries := known(token.norm)):
                        yield _hit(line, run, _Candidate(n, n, entries, True, (token,)), "first")

    def _in_line(self, line: Line) -> Iterator[Hit]:
        found = [_hit(line, run, candidate, form) for run in runs(line) for candidate, form in self._names(run)]
        for n, chunk in enumerate(line.chunks):
            if chunk is not None and chunk.tagged:
                for hit in self._tagged(line, n, chunk):
                    rivals = [other for other in found if _overlap(hit, other)]
                    if all(other.loose for other in rivals):
                        found = [*(other for other in found if other not in rivals), hit]
        yield from sorted(found)

    # ------------------------------------------------------------------------------------------ names in a run

    def _names(self, run: Run) -> Iterator[tuple[_Candidate, str]]:
        roles = 0
        for token in run.tokens:
            roles |= token.role
        taken: set[int] = set()
        if roles & Role.GIVEN and roles & Role.FAMILY and len(run.tokens) > 1:
            # First what is certain and stands together, or "Jada Smith Mark Dunmore" would be read as Jada Dunmore.
            for middle, doubtful in ((0, False), (_MOST_MIDDLE, False), (_MOST_MIDDLE, True)):
                for candidate in self._pass(run, middle, taken, doubtful):
                    taken.update(range(candidate.first, candidate.last + 1))
                    stuck = all(token.stuck for token in run.tokens[candidate.first : candidate.last])
                    yield candidate, "joined" if stuck else "full"
        if roles & Role.SINGLE:
            for n, token in enumerate(run.tokens):
                if token.role & Role.SINGLE and n not in taken and _stands_alone(run, n):
                    yield _Candidate(n, n, self._index.single(token.norm), True, (token,)), "single"

    def _pass(self, run: Run, middle: int, taken: set[int], doubtful: bool) -> Iterator[_Candidate]:
        at = 0
        while at < len(run.tokens):
            candidates = [
                candidate
                for candidate in (*self._forward(run, at, middle), *self._reversed(run, at, middle))
                if (doubtful or not candidate.loose)
                and taken.isdisjoint(range(candidate.first, candidate.last + 1))
                and not _is_institution(run, candidate)
                and not _is_phrase(candidate)
            ]
            if not candidates:
                at += 1
                continue
            best = max(candidates, key=lambda c: (not c.loose, c.last))
            yield best._replace(loose=best.loose or _may_be_phrase(run, best))
            at = best.last + 1

    def _forward(self, run: Run, at: int, middle: int) -> Iterator[_Candidate]:
        """First name, perhaps middle names, family name."""
        tokens = run.tokens
        first = ""
        for n in range(at, min(at + _MOST_GIVEN, len(tokens))):
            if not tokens[n].role & Role.GIVEN:
                return
            first += tokens[n].norm
            yield from self._with_family(run, at, n, first, middle)
            if tokens[n].glue not in _FLOWING:
                return

    def _with_family(self, run: Run, at: int, given: int, first: str, middle: int) -> Iterator[_Candidate]:
        tokens = run.tokens
        glue = tokens[given].glue
        if glue == Glue.TAB and not begins_cell(run, at):
            return
        doubtful = (glue == Glue.HYPHEN and tokens[given].upper) or _first_name_before(run, at)
        initials = unsure = 0
        begin = given + 1
        while begin < len(tokens) and (glue in _FLOWING or glue == Glue.TAB):
            for last, entries, in_part in self._families(tokens, begin, first):
                loose = doubtful or in_part or unsure > 0 or _cut_at_hyphen(run, at, last)
                yield _Candidate(at, last, entries, loose, (*tokens[at : given + 1], *tokens[begin : last + 1]))
            passed = tokens[begin]
            if passed.initial and (passed.upper or passed.norm not in "aeiouy") and initials < _MOST_INITIALS:
                initials += 1
            elif middle and (passed.upper or passed.role) and passed.norm not in words().institutions:
                middle -= 1
                unsure += not (passed.role & Role.GIVEN or len(tokens) <= _ALONE)
            else:
                return
            glue = passed.glue
            begin += 1

    def _families(self, tokens: list[Token], begin: int, first: str) -> Iterator[tuple[int, Sequence[int], bool]]:
        """The family names of somebody called `first` that begin at a token: where each ends, and if only in part."""
        family = ""
        for n in range(begin, min(begin + _MOST_FAMILY, len(tokens))):
            if not tokens[n].role & Role.FAMILY:
                return
            family += tokens[n].norm
            entries, in_part = self._index.name(first, family)
            if entries:
                yield n, entries, in_part
            if tokens[n].glue not in _FLOWING:
                return

    def _reversed(self, run: Run, at: int, middle: int) -> Iterator[_Candidate]:
        """Family name, comma, first name; without the comma where that is how the name is written."""
        tokens = run.tokens
        family = ""
        for n in range(at, min(at + _MOST_FAMILY, len(tokens))):
            if not tokens[n].role & Role.FAMILY:
                return
            family += tokens[n].norm
            yield from self._with_given(run, at, n, family, middle)
            if tokens[n].glue not in _FLOWING:
                return

    def _with_given(self, run: Run, at: int, surname: int, family: str, middle: int) -> Iterator[_Candidate]:
        tokens = run.tokens
        begin, glue = surname + 1, tokens[surname].glue
        while begin < len(tokens) and glue in (Glue.SPACE, Glue.COMMA) and tokens[begin].norm in words().suffixes:
            glue = tokens[begin].glue
            begin += 1
        if glue == Glue.TAB and not begins_cell(run, at):
            return
        family_first = glue == Glue.SPACE and family in words().family_first
        for _ in range(1 + (middle if family_first else 0)):
            if begin >= len(tokens) or glue in (Glue.HYPHEN, Glue.BREAK):
                return
            bare = glue == Glue.SPACE and not family_first
            for last, entries, in_part in self._givens(tokens, begin, family):
                if bare and not fills_cell(run, at, last):
                    continue
                listed = glue == Glue.COMMA and _is_listed(run, last)
                loose = bare or in_part or listed or _cut_at_hyphen(run, at, last)
                heart = (*tokens[at : surname + 1], *tokens[begin : last + 1])
                yield _Candidate(at, _with_middle(run, last), entries, loose, heart)
            glue = tokens[begin].glue if family_first else Glue.BREAK
            begin += 1

    def _givens(self, tokens: list[Token], begin: int, family: str) -> Iterator[tuple[int, Sequence[int], bool]]:
        """The first names of somebody called `family` that begin at a token: where each ends, and if only in part."""
        first = ""
        for n in range(begin, min(begin + _MOST_GIVEN, len(tokens))):
            if not tokens[n].role & Role.GIVEN:
                return
            first += tokens[n].norm
            entries, in_part = self._index.name(first, family)
            if entries:
                yield n, entries, in_part
            if tokens[n].glue not in _FLOWING:
                return

    # ------------------------------------------------------------------------------------------ tagged words

    def _tagged(self, line: Line, number: int, chunk: Chunk) -> Iterator[Hit]:
        run = Run(list(chunk.tokens), [number] * len(chunk.tokens), opens=False)
        last = len(chunk.tokens) - 1
        if chunk.handle and last >= 0 and (entries := self._index.handle(chunk.handle)):
            begin = next((n for n, token in enumerate(chunk.tokens) if chunk.handle.startswith(token.norm)), 0)
            yield _hit(line, run, _Candidate(begin, last, entries, False, chunk.tokens[begin:]), "handle")
            return
        for first, end in _words_without_gap(chunk.tokens):
            word = "".join(token.norm for token in chunk.tokens[first:end])
            if entries := self._run_together(word):
                yield _hit(line, run, _Candidate(first, end - 1, entries, False, chunk.tokens[first:end]), "joined")

    def _run_together(self, word: str) -> Sequence[int]:
        """Who is meant by a word like "jadadunmore" or "dunmorejada"."""
        if not _SHORTEST_TOGETHER <= len(word) <= _LONGEST_TOGETHER or word in words().everyday:
            return ()
        if word not in self._together:
            if len(self._together) > _MOST_REMEMBERED:
                self._together.clear()
            self._together[word] = tuple(self._halves(word))
        return self._together[word]

    def _halves(self, word: str) -> Iterator[int]:
        for cut in range(2, len(word) - 1):
            for first, family in ((word[:cut], word[cut:]), (word[cut:], word[:cut])):
                if self._index.gate(first) & Role.GIVEN and self._index.gate(family) & Role.FAMILY:
                    entries, in_part = self._index.name(first, family)
                    if not in_part:
                        yield from entries


# ------------------------------------------------------------------------------------------------ doubts


def _first_name_before(run: Run, at: int) -> bool:
    """Whether another first name stands in front: "Mary Jada Dunmore" need not be Jada Dunmore."""
    before = run.tokens[at - 1] if at else None
    return (
        before is not None
        and before.glue == Glue.SPACE
        and before.upper
        and not (before.shouted or before.initial or before.stuck)
        and before.role & (Role.GIVEN | Role.FAMILY) == Role.GIVEN
    )


def _cut_at_hyphen(run: Run, first: int, last: int) -> bool:
    """Whether a hyphen ties the name to another one: "Jada Dunmore-Smith" need not be Jada Dunmore."""
    tokens = run.tokens
    before = first > 0 and tokens[first - 1].glue == Glue.HYPHEN and tokens[first - 1].upper
    behind = tokens[last].glue == Glue.HYPHEN and last + 1 < len(tokens) and tokens[last + 1].upper
    return before or behind


def _is_listed(run: Run, last: int) -> bool:
    """Whether a turned-round name may be two of a list of first names: "Kelly, Jordan and Mason"."""
    tokens = run.tokens
    if last + 1 == len(tokens):
        return run.after.casefold() in _AND
    behind = tokens[last + 1]
    return tokens[last].glue == Glue.COMMA and behind.role & (Role.GIVEN | Role.FAMILY) == Role.GIVEN


def _with_middle(run: Run, last: int) -> int:
    """The last word of a turned-round name with its middle names: all of "Dunmore, Jada Marie" is to be masked."""
    tokens = run.tokens
    for _ in range(_MOST_MIDDLE):
        behind = tokens[last + 1] if last + 1 < len(tokens) and tokens[last].glue == Glue.SPACE else None
        if not behind or not behind.upper or not (behind.initial or behind.role & Role.GIVEN):
            break
        last += 1
    return last


def _is_institution(run: Run, candidate: _Candidate) -> bool:
    """Whether the name goes on as an institution's: "Jada Dunmore Memorial Scholarship", "Calle Rosa Parks"."""
    tokens, lists = run.tokens, words()
    before = tokens[candidate.first - 1] if candidate.first else None
    if (
        before
        and before.glue == Glue.SPACE
        and before.norm in lists.institutions_before
        and (before.upper or before.stuck)
    ):
        return True
    at = candidate.last + 1
    while at < len(tokens) and tokens[at - 1].glue == Glue.SPACE and tokens[at].norm in lists.suffixes:
        at += 1
    while at < len(tokens) and tokens[at - 1].glue == Glue.SPACE and tokens[at].norm in lists.institution_kinds:
        at += 1
    if at >= len(tokens) or tokens[at - 1].glue != Glue.SPACE:
        return False
    return tokens[at].norm in lists.institutions and (tokens[at].upper or tokens[at].stuck)


def _is_everyday(candidate: _Candidate) -> bool:
    return all(len(token.norm) < 3 or token.norm in words().everyday for token in candidate.heart)


def _is_written_as_name(candidate: _Candidate) -> bool:
    return candidate.heart[0].upper and candidate.heart[-1].upper


def _is_phrase(candidate: _Candidate) -> bool:
    """Whether it is words that hold sentences together, and not written as a name: "we will grant"."""
    if _is_written_as_name(candidate) or not _is_everyday(candidate):
        return False
    return any(len(token.norm) < 3 or token.norm in words().grammar for token in candidate.heart)


def _may_be_phrase(run: Run, candidate: _Candidate) -> bool:
    """Whether it is words of every day, perhaps with capitals from a heading or the sentence's beginning."""
    if not _is_everyday(candidate):
        return False
    if not _is_written_as_name(candidate) or any(token.shouted for token in candidate.heart):
        return True
    length = candidate.last - candidate.first + 1
    return (len(run.tokens) > length or run.opens) and not fills_cell(run, candidate.first, candidate.last)


def _stands_alone(run: Run, n: int) -> bool:
    """Whether a word is a name of its own: no surname beside it, and a capital that no heading or sentence gave it."""
    tokens = run.tokens
    token = tokens[n]
    if not token.upper or token.initial or token.stuck:
        return False
    everyday = token.norm in words().everyday
    if token.norm in words().calendar or (everyday and (token.shouted or (n == 0 and run.opens))):
        return False
    before = tokens[n - 1] if n else None
    behind = tokens[n + 1] if n + 1 < len(tokens) else None
    if before and before.glue in _FLOWING and before.upper and before.role:
        return False
    return not (behind and token.glue in _FLOWING and behind.upper and not behind.initial)


def _hit(line: Line, run: Run, candidate: _Candidate, form: str) -> Hit:
    """The candidate with its place in the whole text."""
    begins = line.begins()
    return Hit(
        start=begins[run.chunks[candidate.first]] + run.tokens[candidate.first].start,
        end=begins[run.chunks[candidate.last]] + run.tokens[candidate.last].end,
        form=form,
        entries=tuple(candidate.entries),
        capitalised=candidate.heart[0].upper and candidate.heart[-1].upper,
        loose=candidate.loose,
    )


def _words_without_gap(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Where words begin and end that capitals had cut: "#XimenaDelaCruz" is one again."""
    first = 0
    for end in range(1, len(tokens) + 1):
        if end == len(tokens) or tokens[end].start != tokens[end - 1].end:
            yield first, end
            first = end


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end
