"""Lines of a text, and in them the runs of words that a name could stand in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from auditor.roster.marks import Marks, MarksOf, may_stand, not_looked_at
from auditor.roster.tokens import COMMA, Chunk, Glue, Reader, Token, split

_WRAPPED: Final = 50
"""A line of at least this many characters may go on in the next one: in files, lines end where the paper does."""
_MOST_LINES: Final = 10_000
LONGEST_SAID_AGAIN: Final = 300
"""A longer line hardly ever stands anywhere again."""
_ONE_CELL: Final = frozenset({0})


@dataclass(slots=True)
class Line:
    """A line of a text: where it starts, its chunks as written, and which of them begin a table's cell.

    `stretches` are the parts in which a name could stand, as numbers of chunks. Only there the chunks are read.
    """

    start: int
    text: str = field(repr=False)
    written: list[str] = field(repr=False)
    chunks: list[Chunk | None] = field(repr=False)
    cells: frozenset[int]
    stretches: Sequence[range]
    _ends: list[int] = field(default_factory=list, repr=False)

    def begin(self, number: int) -> int:
        """Where in the whole text a chunk begins; counted only as far as somebody asks."""
        ends = self._ends
        for chunk in self.written[len(ends) : number + 1]:
            ends.append(self.text.index(chunk, ends[-1] if ends else 0) + len(chunk))
        return self.start + ends[number] - len(self.written[number])


@dataclass(slots=True)
class Run:
    """Words in a row, all of them with a capital or in somebody's name, and the number of each one's chunk.

    `roles` are all the roles of its words. `opens` tells that a sentence, a cell or a line begins with it, `closes`
    that one ends with it, `last` that a cell or a line does. `after` is the word that follows where none ends.
    """

    tokens: list[Token] = field(repr=False)
    chunks: list[int]
    roles: int
    opens: bool
    closes: bool = False
    last: bool = False
    after: str = field(default="", repr=False)


class Lines:
    """Cuts texts into lines. Keeps what it worked out about words, and about lines without names, never whose."""

    def __init__(self, reader: Reader, marks: Marks) -> None:
        self._reader, self._marks = reader, marks
        self._nameless: set[str] = set()

    def mark_of(self, chunk: str) -> int:
        """What a chunk between spaces may be part of."""
        return self._marks.of(chunk)

    def of(self, text: str, *, alone: bool = False, marks_of: MarksOf = not_looked_at) -> Iterator[Line]:
        """The lines of a prose text that a name could stand in, those joined that only ended at the paper's edge.

        `alone` for first names that stand alone. Lines are passed by whose marks say that none could stand there.
        """
        start = begin = 0
        while begin < len(text):
            end = text.find("\n", begin)
            if end < 0:
                end = len(text)
            if not _goes_on(text, begin, end):
                written = text[start:end]
                if may_stand(marks_of(written), alone=alone):
                    line = self._line(start, written, alone=alone)
                    if line is not None:
                        yield line
                start = end + 1
            begin = end + 1

    def joined(self, start: int, text: str) -> Line | None:
        """Several lines as one; `start` is where they begin. None where no name can stand there."""
        return self._line(start, text, alone=False)

    def slug(self, text: str) -> Line:
        """An address or a file name."""
        written = text.split()
        chunks = list(map(self._reader.slug, written))
        return Line(0, text, written, chunks, frozenset({0}), [range(len(chunks))])

    def _line(self, start: int, text: str, *, alone: bool) -> Line | None:
        if not alone and len(text) <= LONGEST_SAID_AGAIN and text in self._nameless:
            return None
        written, cells = _split(text)
        stretches = self._marks.stretches(written, alone=alone)
        if not stretches:
            if not alone and len(text) <= LONGEST_SAID_AGAIN:
                self._remember(text)
            return None
        chunks: list[Chunk | None] = [None] * len(written)
        for stretch in stretches:
            for n in stretch:
                chunks[n] = self._reader.prose(written[n])
        return Line(start, text, written, chunks, cells, stretches)

    def _remember(self, text: str) -> None:
        if len(self._nameless) >= _MOST_LINES:
            self._nameless.clear()
        self._nameless.add(text)


def _split(text: str) -> tuple[list[str], frozenset[int]]:
    """The chunks of a line, and which of them begin a cell."""
    if "\t" not in text:
        return split(text), _ONE_CELL
    written: list[str] = []
    cells = set()
    for cell in text.split("\t"):
        cells.add(len(written))
        written += split(cell)
    return written, frozenset(cells)


def _goes_on(text: str, begin: int, end: int) -> bool:
    """Whether the line from `begin` to `end` was cut in the middle of a sentence; a table's row never is."""
    if end - begin < _WRAPPED or text[end + 1 : end + 2] in ("", "\n", "\r"):
        return False
    return text[begin:end].rstrip()[-1:] not in (".", "!", "?", ":", ";", "") and "\t" not in text[begin:end]


def runs(line: Line) -> Iterator[Run]:
    """The runs of a line that somebody's name has a word in.

    A word in lower case that is in no name ends one, as does the end of a sentence.
    """
    for stretch in line.stretches:
        yield from _runs(line, stretch)


def _runs(line: Line, stretch: range) -> Iterator[Run]:  # noqa: C901  in one piece: all that may be a name comes by here
    tokens: list[Token] = []
    numbers: list[int] = []
    roles = 0
    opens, count = True, len(line.chunks)
    for n in stretch:
        chunk = line.chunks[n]
        if chunk is None:
            if roles:
                ends = n in line.cells
                yield Run(tokens, numbers, roles, opens, ends, ends, line.written[n])
            if tokens:
                tokens, numbers, roles = [], [], 0
            opens = False
            continue
        if n in line.cells:
            opens = opens or not tokens
            _end_cell(tokens)
        if chunk is COMMA:
            _end_with_comma(tokens)
            continue
        if chunk.opens:
            if roles:
                yield Run(tokens, numbers, roles, opens, closes=True, last=n in line.cells)
            tokens, numbers, roles, opens = [], [], 0, True
        for token in chunk.tokens:
            tokens.append(token)
            numbers.append(n)
            roles |= token.role
            if token.glue == Glue.BREAK:
                if roles:
                    yield Run(tokens, numbers, roles, opens, closes=True, last=n + 1 in line.cells or n + 1 == count)
                tokens, numbers, roles, opens = [], [], 0, True
    if roles:
        yield Run(tokens, numbers, roles, opens, closes=True, last=True)


def begins_cell(run: Run, at: int) -> bool:
    """Whether a table's cell, a sentence or a line begins with that word."""
    return run.tokens[at - 1].glue == Glue.TAB if at else run.opens


def fills_cell(run: Run, first: int, last: int) -> bool:
    """Whether nothing else stands in the cell or line than these words, and perhaps numbers."""
    ends = run.tokens[last].glue == Glue.TAB if last + 1 < len(run.tokens) else run.closes
    return ends and begins_cell(run, first)


def _end_cell(tokens: list[Token]) -> None:
    if tokens and tokens[-1].glue in (Glue.SPACE, Glue.HYPHEN):
        tokens[-1] = tokens[-1].with_glue(Glue.TAB)


def _end_with_comma(tokens: list[Token]) -> None:
    if tokens:
        tokens[-1] = tokens[-1].with_glue(Glue.COMMA)
