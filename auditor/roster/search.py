"""Finds names in a text: words in a row that may be one, tried against the roster's digests.

Nothing here knows a name. A word is worth a look-up where the gate says that it stands in somebody's name; what a
look-up returns are entries of `book.Roster`, opaque numbers.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from auditor.roster.doubts import (
    Candidate,
    cut_at_hyphen,
    first_name_before,
    is_item,
    is_listed,
    is_name,
    is_two_names,
    may_be_phrase,
    sounds_like_place,
    speaks_of_things,
    stands_alone,
    with_middle,
)
from auditor.roster.hits import Bearing, Hit, Index, Role
from auditor.roster.labelled import label_of, labelled, may_be_labelled
from auditor.roster.marks import Marks, MarksOf, may_name, not_looked_at
from auditor.roster.names import called, joined, parts, words
from auditor.roster.runs import Line, Lines, Run, begins_cell, fills_cell, runs
from auditor.roster.stacked import Pair, Stacked
from auditor.roster.tokens import FLOWING, Chunk, Glue, Reader, Token, may_be_misspelled, words_without_gap

_MOST_GIVEN: Final = 4
_MOST_FAMILY: Final = 5
_MOST_MIDDLE: Final = 2
_FIRST_AND_LAST: Final = 2
_MOST_INITIALS: Final = 3
_MOST_BESIDE: Final = 1
"""With no more other capitals beside it, an unknown word between first and last name is a middle name."""

_NICKNAME: Final = "nickname"
_TYPO: Final = "typo"

_SHORTEST_TOGETHER: Final = 6
_LONGEST_TOGETHER: Final = 40
_SHORT_HALF: Final = 7
_MOST_HALVES: Final = 65_536
_NAMED: Final = Role.GIVEN | Role.FAMILY
_MOST_REMEMBERED: Final = 20_000


class Search:
    """Looks through texts for names. Keeps what it worked out about words, never a text."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._reader = reader = Reader(index.gate, self._names_somebody)
        self._lines = Lines(reader, Marks(reader, self._names_somebody, self._is_borne, self._respelled))
        self._stacked = Stacked(reader)
        self._spellings: dict[str, Sequence[str]] = {}
        self._together: dict[str, tuple[int, ...]] = {}
        self._short_halves: dict[str, int] = {}
        self._known: dict[tuple[str, str], tuple[Sequence[int], Bearing]] = {}

    def mark_of(self, chunk: str) -> int:
        """What a chunk between spaces may be part of; see `marks.may_name` and `labelled.may_be_labelled`."""
        return self._lines.mark_of(chunk) | label_of(chunk)

    def hits(self, text: str, *, slug: bool = False, marks_of: MarksOf = not_looked_at) -> Iterator[Hit]:
        """Every name in the text, in its order. `slug` for addresses and file names.

        `marks_of` tells the marks of its lines.
        """
        if slug:
            # A space stands for a mark that whoever read the name took out: in file names any order is usual.
            yield from self._in_line(self._lines.slug(text.replace(" ", "_")))
            return
        marks = marks_of(text)
        by_labels = tuple(self._labelled(text)) if may_be_labelled(marks) else ()
        if not may_name(marks):
            yield from sorted(_apart(by_labels))
            return
        over_two = _apart((*by_labels, *self._over_two_lines(text)))
        hits = (hit for line in self._lines.of(text, marks_of=marks_of) for hit in self._in_line(line))
        if not over_two:
            yield from hits
            return
        yield from sorted([*over_two, *(hit for hit in hits if not any(_overlap(hit, other) for other in over_two))])

    def lone(
        self, text: str, known: Callable[[str], Sequence[int]], marks_of: MarksOf = not_looked_at
    ) -> Iterator[Hit]:
        """First names that stand alone, with a capital, as `known` looks them up."""
        for line in self._lines.of(text, alone=True, marks_of=marks_of):
            for run in runs(line):
                if not run.roles & Role.GIVEN:
                    continue
                for n, token in enumerate(run.tokens):
                    if token.role & Role.GIVEN and stands_alone(run, n) and (entries := known(token.norm)):
                        yield _hit(line, run, Candidate(n, n, entries, True, (token,)), "first")

    def _labelled(self, text: str) -> Iterator[Hit]:
        """Names whose parts have labels. Their place reaches from the first part to the end of the last."""
        for given, family in labelled(text):
            surname = joined(family.written)
            firsts = parts(given.written)
            for first in dict.fromkeys(("".join(firsts), *firsts[:1])):
                entries, bearing = self._name(first, surname) if first and surname else ((), Bearing.WHOLE)
                if entries:
                    yield Hit(
                        start=min(given.start, family.start),
                        end=max(given.end, family.end),
                        form="full",
                        entries=tuple(entries),
                        capitalised=given.written[0].isupper() and family.written[0].isupper(),
                        loose=bearing is Bearing.PART,
                        guess=_guess(bearing),
                    )
                    break

    def _over_two_lines(self, text: str) -> Iterator[Hit]:
        """Names whose first and last name stand on a line each; of two that share a line, the one that is surer."""
        found: list[Hit] = []
        for pair in self._stacked.pairs(text):
            line = self._lines.joined(pair.start, text[pair.start : pair.end])
            for hit in self._in_line(line) if line else ():
                if "\n" not in text[hit.start : hit.end] or not _is_whole(text, hit, pair):
                    continue
                rivals = [other for other in found if _overlap(hit, other)]
                if not rivals or (not pair.loose and all(other.loose for other in rivals)):
                    found = [other for other in found if other not in rivals]
                    found.append(hit._replace(loose=hit.loose or pair.loose))
        yield from found

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

    def _names(self, run: Run) -> Iterator[tuple[Candidate, str]]:
        taken: set[int] = set()
        if run.roles & Role.GIVEN and run.roles & Role.FAMILY and len(run.tokens) > 1:
            for candidate in self._chosen(run, taken):
                stuck = all(token.stuck for token in run.tokens[candidate.first : candidate.last])
                yield candidate, "joined" if stuck else "full"
        if run.roles & (Role.GIVEN | Role.NICKNAME) and len(run.tokens) > 1:
            for candidate in (*self._nicknamed(run), *self._misspelled(run)):
                span = range(candidate.first, candidate.last + 1)
                if taken.isdisjoint(span) and is_name(run, candidate):
                    taken.update(span)
                    yield candidate, "full"
        if run.roles & Role.SINGLE:
            for n, token in enumerate(run.tokens):
                if token.role & Role.SINGLE and n not in taken and stands_alone(run, n):
                    yield Candidate(n, n, self._index.single(token.norm), True, (token,)), "single"

    def _chosen(self, run: Run, taken: set[int]) -> Iterator[Candidate]:
        """The names of a run, none of which overlap: what is certain and stands together first.

        Otherwise "Jada Smith Mark Dunmore" would be read as Jada Dunmore.
        """
        doubtful: list[Candidate] = []
        # Two words have none in their middle.
        for middle in (0, _MOST_MIDDLE) if len(run.tokens) > _FIRST_AND_LAST else (0,):
            doubtful.clear()
            for at, token in enumerate(run.tokens):
                if at in taken or not token.role & (Role.GIVEN | Role.FAMILY):
                    continue
                candidates = [
                    c._replace(phrase=may_be_phrase(run, c))
                    for c in (*self._forward(run, at, middle), *self._reversed(run, at, middle))
                    if is_name(run, c)
                ]
                certain = [c for c in candidates if not c.doubtful and taken.isdisjoint(range(c.first, c.last + 1))]
                if certain:
                    best = max(certain, key=lambda c: c.last)
                    taken.update(range(best.first, best.last + 1))
                    yield best
                elif candidates:
                    doubtful.append(max(candidates, key=lambda c: c.last))
        for candidate in doubtful:
            if taken.isdisjoint(range(candidate.first, candidate.last + 1)):
                taken.update(range(candidate.first, candidate.last + 1))
                yield candidate

    def _forward(self, run: Run, at: int, middle: int) -> Iterator[Candidate]:
        """First name, perhaps middle names, family name."""
        tokens = run.tokens
        first = ""
        for n in range(at, min(at + _MOST_GIVEN, len(tokens))):
            if not _goes_on(tokens[n], Role.GIVEN, n == at):
                return
            first += tokens[n].norm
            yield from self._with_family(run, at, n, first, middle)
            if tokens[n].glue not in FLOWING:
                return

    def _with_family(self, run: Run, at: int, given: int, first: str, middle: int) -> Iterator[Candidate]:
        tokens = run.tokens
        glue = tokens[given].glue
        if glue == Glue.TAB and not begins_cell(run, at):
            return
        doubtful = (glue == Glue.HYPHEN and tokens[given].upper) or first_name_before(run, at)
        initials = unknown = 0
        begin = given + 1
        while begin < len(tokens) and (glue in FLOWING or glue == Glue.TAB):
            for last, entries, bearing in self._families(tokens, begin, first):
                unsure = unknown > 0 and len(tokens) - (last + 1 - at) > _MOST_BESIDE
                loose = doubtful or bearing is Bearing.PART or unsure or cut_at_hyphen(run, at, last)
                heart = (*tokens[at : given + 1], *tokens[begin : last + 1])
                yield Candidate(at, last, entries, loose, heart, guess=_guess(bearing))
            passed = tokens[begin]
            if passed.initial and (passed.upper or passed.norm not in "aeiouy") and initials < _MOST_INITIALS:
                initials += 1
            elif middle and (passed.upper or passed.role) and passed.norm not in words().institutions:
                middle -= 1
                unknown += not passed.role & Role.GIVEN
            else:
                return
            glue = passed.glue
            begin += 1

    def _families(self, tokens: list[Token], begin: int, first: str) -> Iterator[tuple[int, Sequence[int], Bearing]]:
        """The family names of somebody called `first` that begin at a token: where each ends, and how they bear it."""
        family = ""
        for n in range(begin, min(begin + _MOST_FAMILY, len(tokens))):
            if not _goes_on(tokens[n], Role.FAMILY, n == begin):
                return
            family += tokens[n].norm
            entries, bearing = self._name(first, family)
            if entries:
                yield n, entries, bearing
            if tokens[n].glue not in FLOWING:
                return

    def _reversed(self, run: Run, at: int, middle: int) -> Iterator[Candidate]:
        """Family name, comma, first name; without the comma where that is how the name is written."""
        tokens = run.tokens
        family = ""
        for n in range(at, min(at + _MOST_FAMILY, len(tokens))):
            if not _goes_on(tokens[n], Role.FAMILY, n == at):
                return
            family += tokens[n].norm
            yield from self._with_given(run, at, n, family, middle)
            if tokens[n].glue not in FLOWING:
                return

    def _with_given(self, run: Run, at: int, surname: int, family: str, middle: int) -> Iterator[Candidate]:
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
            for last, entries, bearing in self._givens(tokens, begin, family):
                if bare and not _is_file_name(tokens, surname):
                    # In small letters nothing tells it from other words: "long grace".
                    capitals = tokens[surname].upper and tokens[begin].upper
                    if not capitals or not (fills_cell(run, at, last) or is_item(run, at, last)):
                        continue
                if glue == Glue.COMMA and is_two_names(run, at, last):
                    continue
                listed = glue == Glue.COMMA and is_listed(run, at, last)
                loose = bare or bearing is Bearing.PART or listed or cut_at_hyphen(run, at, last)
                heart = (*tokens[at : surname + 1], *tokens[begin : last + 1])
                yield Candidate(at, with_middle(run, last), entries, loose, heart, guess=_guess(bearing))
            glue = tokens[begin].glue if family_first else Glue.BREAK
            begin += 1

    def _givens(self, tokens: list[Token], begin: int, family: str) -> Iterator[tuple[int, Sequence[int], Bearing]]:
        """The first names of somebody called `family` that begin at a token: where each ends, and how they bear it."""
        first = ""
        for n in range(begin, min(begin + _MOST_GIVEN, len(tokens))):
            if not _goes_on(tokens[n], Role.GIVEN, n == begin):
                return
            first += tokens[n].norm
            entries, bearing = self._name(first, family)
            if entries:
                yield n, entries, bearing
            if tokens[n].glue not in FLOWING:
                return

    def _nicknamed(self, run: Run) -> Iterator[Candidate]:
        """Names with another first name than the one on record, which the same person may go by: "Bill" for William."""
        tokens = run.tokens
        for at, token in enumerate(tokens):
            others = called(token.norm) if token.upper and token.role & (Role.GIVEN | Role.NICKNAME) else ()
            begin = _after_initials(tokens, at + 1) if others and token.glue in FLOWING else len(tokens)
            if begin < len(tokens):
                for last, first in self._borne_by(tokens, begin, others):
                    yield Candidate(at, last, first, False, (token, *tokens[begin : last + 1]), guess=_NICKNAME)
            elif others and at and tokens[at - 1].glue == Glue.COMMA and _parted_from_before(tokens, at - 1):
                family = tokens[at - 1]
                if family.role & Role.FAMILY and (entries := self._whole(others, family.norm)):
                    yield Candidate(at - 1, at, entries, False, (family, token), guess=_NICKNAME)

    def _borne_by(self, tokens: list[Token], begin: int, firsts: Sequence[str]) -> Iterator[tuple[int, Sequence[int]]]:
        """Where a family name of somebody with one of these first names ends, and whose it is."""
        for first in firsts:
            for last, entries, bearing in self._families(tokens, begin, first):
                if bearing is Bearing.WHOLE:
                    yield last, entries

    def _misspelled(self, run: Run) -> Iterator[Candidate]:
        """Names whose surname has one letter wrong."""
        tokens = run.tokens
        for at, token in enumerate(tokens):
            if not token.role & Role.GIVEN or not token.upper or token.stuck:
                continue
            begin = _after_initials(tokens, at + 1)
            if begin < len(tokens) and tokens[begin - 1].glue in FLOWING and may_be_misspelled(tokens[begin]):
                for first, begins in _first_names_up_to(tokens, at):
                    for family in self._respelled(tokens[begin].norm):
                        if entries := self._whole((first,), family):
                            heart = (*tokens[begins : at + 1], tokens[begin])
                            yield Candidate(begins, begin, entries, False, heart, guess=_TYPO)
            before = tokens[at - 1] if at and tokens[at - 1].glue == Glue.COMMA else None
            if before and may_be_misspelled(before) and _parted_from_before(tokens, at - 1):
                for family in self._respelled(before.norm):
                    if entries := self._whole((token.norm,), family):
                        yield Candidate(at - 1, with_middle(run, at), entries, False, (before, token), guess=_TYPO)

    def _respelled(self, word: str) -> Sequence[str]:
        found = self._spellings.get(word)
        if found is None:
            if len(self._spellings) > _MOST_REMEMBERED:
                self._spellings.clear()
            found = self._spellings[word] = self._index.respelled(word)
        return found

    def _whole(self, firsts: Sequence[str], family: str) -> Sequence[int]:
        """Who bears one of these first names with the family name, whole."""
        found = (self._name(first, family) for first in firsts)
        return [entry for entries, bearing in found if bearing is Bearing.WHOLE for entry in entries]

    def _is_borne(self, first: str, family: str) -> bool:
        return bool(self._name(first, family)[0])

    def _name(self, first: str, family: str) -> tuple[Sequence[int], Bearing]:
        """Who bears a name, and how; asked for once."""
        found = self._known.get((first, family))
        if found is None:
            if len(self._known) > _MOST_REMEMBERED:
                self._known.clear()
            found = self._known[first, family] = self._index.name(first, family)
        return found

    # ------------------------------------------------------------------------------------------ tagged words

    def _tagged(self, line: Line, number: int, chunk: Chunk) -> Iterator[Hit]:
        run = Run(list(chunk.tokens), [number] * len(chunk.tokens), chunk.role, opens=False)
        yield from (_hit(line, run, candidate, form) for candidate, form in self._in_tag(chunk))

    def _in_tag(self, chunk: Chunk) -> Iterator[tuple[Candidate, str]]:
        """The names that are written as one word in an address, a handle or a hashtag."""
        tokens = chunk.tokens
        if chunk.handle and (entries := self._index.handle(chunk.handle)):
            begin = next((n for n, token in enumerate(tokens) if chunk.handle.startswith(token.norm)), 0)
            yield Candidate(begin, len(tokens) - 1, entries, False, tokens[begin:]), "handle"
            return
        for first, end in words_without_gap(tokens):
            word = "".join(token.norm for token in tokens[first:end])
            if entries := self._run_together(word):
                yield Candidate(first, end - 1, entries, False, tokens[first:end]), "joined"

    def _names_somebody(self, handle: str, words_in_it: Sequence[str]) -> bool:
        """Whether a handle, or one of the words of an address, a handle or a hashtag, is somebody's."""
        if handle and self._index.handle(handle):
            return True
        return any(self._run_together(word) for word in words_in_it)

    def _run_together(self, word: str) -> Sequence[int]:
        """Who is meant by a word like "jadadunmore" or "dunmorejada"."""
        if not _SHORTEST_TOGETHER <= len(word) <= _LONGEST_TOGETHER or word in words().everyday:
            return ()
        if word not in self._together:
            if len(self._together) > _MOST_REMEMBERED:
                self._together.clear()
            self._together[word] = tuple(self._halves(word))
        return self._together[word]

    def _halves(self, word: str) -> list[int]:
        """Who is meant by a word, wherever the first or the last name may end in it."""
        found: list[int] = []
        size, known = len(word), self._short_halves
        for cut in range(2, size - 1):
            begins = 2 * cut <= size
            short = word[:cut] if begins else word[cut:]
            role = known.get(short)
            if role is None:
                role = self._role_of_half(short)
            if role & _NAMED:
                long = word[cut:] if begins else word[:cut]
                other = self._index.gate(long)
                if role & Role.GIVEN and other & Role.FAMILY:
                    found += self._whole((short,), long)
                if role & Role.FAMILY and other & Role.GIVEN:
                    found += self._whole((long,), short)
        return found

    def _role_of_half(self, half: str) -> int:
        """The role of the shorter half of a word. Few words are short and many texts begin with them: they are known by
        heart, and asked for first.
        """
        role = self._reader.known_role(half)
        if role is None:
            role = self._index.gate(half)
        if len(half) <= _SHORT_HALF:
            if len(self._short_halves) > _MOST_HALVES:
                self._short_halves.clear()
            self._short_halves[half] = role
        return role


def _goes_on(token: Token, role: int, begins: bool) -> bool:
    """Whether a name in that role may begin with the word, or go on with it."""
    return bool(token.role & role) and (begins or bool(token.role & Role.LATER))


def _after_initials(tokens: Sequence[Token], at: int) -> int:
    """The place of the first word from `at` on that is no initial."""
    end = min(len(tokens), at + _MOST_INITIALS)
    while at < end and tokens[at].initial and tokens[at].upper and tokens[at].glue in FLOWING:
        at += 1
    return at


def _is_file_name(tokens: Sequence[Token], at: int) -> bool:
    """Whether a mark, and no space, stands behind the word: in file names and addresses any order is usual."""
    return tokens[at].stuck and tokens[at].end < tokens[at + 1].start


def _parted_from_before(tokens: Sequence[Token], at: int) -> bool:
    """Whether no other word of a name can stand directly in front."""
    return at == 0 or tokens[at - 1].glue not in FLOWING


def _first_names_up_to(tokens: Sequence[Token], last: int) -> Iterator[tuple[str, int]]:
    """The first names that end with a token, and where each begins: "jose maria" and "maria"."""
    first, begin = "", last
    while begin >= 0 and last - begin < _MOST_GIVEN and tokens[begin].role & Role.GIVEN:
        first = tokens[begin].norm + first
        yield first, begin
        if begin and tokens[begin - 1].glue not in FLOWING:
            return
        begin -= 1


def _guess(bearing: Bearing) -> str:
    return bearing.value if bearing is Bearing.MIDDLE else ""


def _hit(line: Line, run: Run, candidate: Candidate, form: str) -> Hit:
    """The candidate with its place in the whole text."""
    return Hit(
        start=line.begin(run.chunks[candidate.first]) + run.tokens[candidate.first].start,
        end=line.begin(run.chunks[candidate.last]) + run.tokens[candidate.last].end,
        form=form,
        entries=tuple(candidate.entries),
        capitalised=candidate.heart[0].upper and candidate.heart[-1].upper,
        loose=candidate.doubtful,
        phrase=candidate.phrase and not (candidate.loose or candidate.guess),
        everyday=speaks_of_things(candidate),
        place=sounds_like_place(candidate),
        guess=candidate.guess,
    )


def _is_whole(text: str, hit: Hit, pair: Pair) -> bool:
    """Whether nothing else stands in the two lines."""
    return not text[pair.start : hit.start].strip() and not text[hit.end : pair.end].strip(" .,!*")


def _apart(hits: Iterable[Hit]) -> list[Hit]:
    """The hits without those that overlap with one before them."""
    apart: list[Hit] = []
    for hit in hits:
        if not any(_overlap(hit, other) for other in apart):
            apart.append(hit)
    return apart


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end
