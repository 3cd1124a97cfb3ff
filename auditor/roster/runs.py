"""Lines of a text, and in them the runs of words that a name could stand in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from auditor.roster.tokens import COMMA, Chunk, Glue, Reader, Token

_WRAPPED: Final = 50
"""A line of at least this many characters may go on in the next one: in files, lines end where the paper does."""


@dataclass(slots=True)
class Line:
    """A line of a text: where it starts, its chunks as written and as read, and which of them begin a table's cell."""

    start: int
    text: str = field(repr=False)
    written: list[str] = field(repr=False)
    chunks: list[Chunk | None] = field(repr=False)
    cells: frozenset[int]
    _begins: list[int] | None = field(default=None, repr=False)

    def begins(self) -> list[int]:
        """Where in the whole text each chunk begins; counted only once somebody asks."""
        if self._begins is None:
            self._begins = []
            at = 0
            for chunk in self.written:
                at = self.text.index(chunk, at)
                self._begins.append(self.start + at)
                at += len(chunk)
        return self._begins


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


def lines(reader: Reader, text: str, *, slug: bool, alone: bool = False) -> Iterator[Line]:
    """The lines of a text that a name could stand in, those joined that only ended at the paper's edge.

    `alone` for names of one word.
    """
    start = begin = 0
    while begin < len(text):
        end = text.find("\n", begin)
        if end < 0:
            end = len(text)
        if not _goes_on(text, begin, end):
            whole = text[start:end]
            if slug or (not reader.is_dull(whole) if alone else reader.may_name(whole)):
                yield _line(reader, start, whole, slug=slug)
            start = end + 1
        begin = end + 1


def _goes_on(text: str, begin: int, end: int) -> bool:
    """Whether the line from `begin` to `end` was cut in the middle of a sentence; a table's row never is."""
    if end - begin < _WRAPPED or text[end + 1 : end + 2] in ("", "\n", "\r"):
        return False
    return text[begin:end].rstrip()[-1:] not in (".", "!", "?", ":", ";", "") and "\t" not in text[begin:end]


def _line(reader: Reader, start: int, text: str, *, slug: bool) -> Line:
    if "\t" not in text:
        written, chunks = reader.chunks(text, slug=slug)
        return Line(start, text, written, chunks, frozenset({0}))
    all_written: list[str] = []
    all_chunks: list[Chunk | None] = []
    cells = set()
    for cell in text.split("\t"):
        cells.add(len(all_written))
        written, chunks = reader.chunks(cell, slug=slug)
        all_written += written
        all_chunks += chunks
    return Line(start, text, all_written, all_chunks, frozenset(cells))


def runs(line: Line) -> Iterator[Run]:  # noqa: C901  in one piece: every word of every page comes by here
    """The runs of a line that somebody's name has a word in.

    A word in lower case that is in no name ends one, as does the end of a sentence.
    """
    tokens: list[Token] = []
    numbers: list[int] = []
    roles = 0
    opens, count = True, len(line.chunks)
    for n, chunk in enumerate(line.chunks):
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
        tokens[-1] = tokens[-1]._replace(glue=Glue.TAB)


def _end_with_comma(tokens: list[Token]) -> None:
    if tokens:
        tokens[-1] = tokens[-1]._replace(glue=Glue.COMMA)
