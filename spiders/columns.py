"""Lines of words with their places on a page -> text in which the cells of tables end in tabs.

A PDF has no tables, only words at places. Where the lines one after another leave the same stretch of paper free, and
most of them more of it than words are apart, columns begin there. Text set in columns leaves it free as well: so at
least one column has to hold few words, and none that go on from the line above.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

_LEAST_ROWS: Final = 3
_LONGEST_ROW: Final = 80
"""Words on a line with more of them stand in no table."""
_WIDE: Final = 0.7
"""Of a line's height: words further apart than this are not words of one sentence, unless a line is stretched."""
_FAR: Final = 2.5
_UNEVEN: Final = 1.7
_A_SENTENCE: Final = 3
"""So many gaps of nearly the same width, and none of them wider than so much of the height, are a stretched line."""
_LEAST_GUTTER: Final = 1.0
"""Points that all rows of a table leave free between two columns; the longest cell reaches nearly to the next."""
_ALIGNED: Final = 1.5
"""Points that letters begin apart which are set one below the other."""
_LEAST_SEEN: Final = 2
_MOST_WITHIN: Final = 2
"""So many lines with a single cell one after another do not end a table: a cell over two lines, empty ones beside."""
_HEADINGS: Final = 2
"""So many of the first rows may be headings, which stand in the middle of their columns and not over what is below."""
_FEW_WORDS: Final = 4
_POINT: Final = re.compile(r"\W{1,3}|\(?[\da-zA-Z]{1,3}(?:\.\d{1,2})*[.)]?")
"""What stands before a point of a list."""
_NOWHERE: Final = float("inf")


class Word(NamedTuple):
    """A word, and from where to where it stands on its line."""

    text: str
    left: float
    right: float


class Line(NamedTuple):
    """Words of one height, from left to right; `breaks` are the numbers of those that begin a line anew outside of
    tables.
    """

    words: Sequence[Word]
    height: float
    breaks: Sequence[int] = ()


class _Gutter(NamedTuple):
    """A stretch that all rows so far leave free; how many have words right before and behind it, in how many it is
    wide.
    """

    left: float
    right: float
    seen: int = 0
    wide: int = 0

    @property
    def is_wide(self) -> bool:
        """Whether it is wide in most of the rows that tell."""
        return self.wide * 5 >= self.seen * 3 > 0

    @property
    def parts_columns(self) -> bool:
        """Whether a column begins behind it, as far as its rows tell."""
        return self.seen >= _LEAST_SEEN and self.is_wide


def text_of(lines: Sequence[Line]) -> Iterator[str]:
    """The lines as text: those of tables with a tab between their cells."""
    at = 0
    while at < len(lines):
        end, gutters = _table(lines, at)
        rows = _rows(lines[at:end], gutters) if gutters else []
        if _is_a_table(rows):
            yield from ("\t".join(row).rstrip("\t") for row in rows)
        else:
            for line in lines[at:end]:
                starts = [0, *line.breaks, len(line.words)]
                yield from (_said(line.words[begin:close]) for begin, close in pairwise(starts))
        at = end


# ------------------------------------------------------------------------------------------------ where columns begin


def _table(lines: Sequence[Line], at: int) -> tuple[int, list[_Gutter]]:
    """How far the lines from here on share columns, and what parts these; nothing, where too few lines share any."""
    free = _free(lines[at])
    if not any(gutter.wide for gutter in free):
        return at + 1, []
    rows, within, end = 1, 0, at + 1
    first, last = lines[at].words[0].left, lines[at].words[-1].right
    for n in range(at + 1, len(lines)):
        gaps = _free(lines[n])
        shared = _shared(free, gaps)
        kept = sum(gutter.parts_columns for gutter in shared)
        columns = sum(gutter.parts_columns for gutter in free)
        if not any(gap.wide for gap in gaps):
            within += 1
            if within > _MOST_WITHIN or kept < max(1, columns):
                break
            if rows >= _LEAST_ROWS and _fits_in(lines[n], first - _ALIGNED, last + _ALIGNED, free):
                free, end = shared, n + 1
            continue
        if kept < (columns if rows >= _LEAST_ROWS else 1) and (kept or rows >= _LEAST_SEEN):
            break
        free, rows, within, end = shared, rows + 1, 0, n + 1
        first, last = min(first, lines[n].words[0].left), max(last, lines[n].words[-1].right)
    return (end, [g for g in free if g.parts_columns]) if rows >= _LEAST_ROWS else (at + 1, [])


def _free(line: Line) -> list[_Gutter]:
    """What a line leaves free: between its words, before the first and behind the last."""
    words = line.words
    if len(words) > _LONGEST_ROW:
        return []
    gaps = [(a.right, b.left) for a, b in pairwise(words) if b.left > a.right]
    wide = _WIDE * line.height
    widths = [right - left for left, right in gaps]
    if len(gaps) >= _A_SENTENCE and max(widths) < min(_UNEVEN * min(widths), _FAR * line.height):
        wide = _NOWHERE
    between = [_Gutter(left, right, 1, int(right - left >= wide)) for left, right in gaps]
    return [_Gutter(-_NOWHERE, words[0].left), *between, _Gutter(words[-1].right, _NOWHERE)]


def _shared(free: Sequence[_Gutter], gaps: Sequence[_Gutter]) -> list[_Gutter]:
    """What both leave free, in their order."""
    found: list[_Gutter] = []
    one = 0
    for gap in gaps:
        pieces: list[_Gutter] = []
        while one < len(free):
            whole = free[one]
            left, right = max(whole.left, gap.left), min(whole.right, gap.right)
            if right - left >= _LEAST_GUTTER:
                # Two words of a long cell part nothing: what is behind the last of them does.
                within = right < whole.right - _ALIGNED and gap.seen > gap.wide
                pieces.append(_Gutter(left, right) if within else _Gutter(left, right, whole.seen, whole.wide))
            if whole.right > gap.right:
                break
            one += 1
        found += _counted(pieces, gap)
    return found


def _counted(pieces: Sequence[_Gutter], gap: _Gutter) -> Sequence[_Gutter]:
    """What a row leaves free, with this row among those that tell: beside an empty cell it does not, and a heading's
    words stand further apart than those below only by chance.
    """
    telling = pieces if len(pieces) == 1 else [piece for piece in pieces if piece.is_wide]
    if len(telling) != 1:
        return pieces
    return [p._replace(seen=p.seen + gap.seen, wide=p.wide + gap.wide) if p is telling[0] else p for p in pieces]


def _fits_in(line: Line, leftmost: float, rightmost: float, free: Sequence[_Gutter]) -> bool:
    """Whether a line whose words stand close together is a row all the same: its cells begin where others do."""
    first, last = line.words[0], line.words[-1]
    if first.left < leftmost or last.right > rightmost:
        return False
    parting = [gutter.right for gutter in free if gutter.parts_columns]
    begun = [
        min((word.left for word in line.words if word.left >= right - _ALIGNED), default=right) for right in parting
    ]
    return first.right < parting[-1] and all(
        left - right <= _ALIGNED for left, right in zip(begun, parting, strict=True)
    )


# ------------------------------------------------------------------------------------------------ what stands in them


def _rows(lines: Sequence[Line], gutters: list[_Gutter]) -> list[list[str]]:
    """The cells of each line. A column with words in nothing but headings is none: they stand beside their own."""
    placed = [_placed(line, gutters) for line in lines]
    filled = {n for row in placed[_HEADINGS:] for n, words in enumerate(row) if words}
    if len(placed) <= _HEADINGS or len(filled) > len(gutters):
        return [[_said(words) for words in row] for row in placed]
    columns = [
        (min(w[n][0].left for w in placed[_HEADINGS:] if w[n]), max(w[n][-1].right for w in placed[_HEADINGS:] if w[n]))
        for n in sorted(filled)
    ]
    heads = [_headings(line, columns) for line in lines[:_HEADINGS]]
    return heads + [[_said(row[n]) for n in sorted(filled)] for row in placed[_HEADINGS:]]


def _placed(line: Line, gutters: Sequence[_Gutter]) -> list[list[Word]]:
    cells: list[list[Word]] = [[] for _ in range(len(gutters) + 1)]
    n = 0
    for word in line.words:
        while n < len(gutters) and word.left >= gutters[n].right - _LEAST_GUTTER / 2:
            n += 1
        cells[n].append(word)
    return cells


def _headings(line: Line, columns: Sequence[tuple[float, float]]) -> list[str]:
    """The cells of a line over these columns: one each where there are as many, else the one that is nearest."""
    parts: list[list[Word]] = [[line.words[0]]]
    for before, word in pairwise(line.words):
        if word.left - before.right >= _WIDE * line.height:
            parts.append([])
        parts[-1].append(word)
    if len(parts) == len(columns):
        return [_said(part) for part in parts]
    cells: list[list[Word]] = [[] for _ in columns]
    for part in parts:
        middle = (part[0].left + part[-1].right) / 2
        nearest = min(range(len(columns)), key=lambda n: max(columns[n][0] - middle, middle - columns[n][1]))
        cells[nearest] += part
    return [_said(cell) for cell in cells]


def _said(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _is_a_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether there are columns beside what the points of a list begin with, and one says little in each of its cells,
    as names, numbers and marks do, and no sentence over them.
    """
    columns = [[row[n] for row in rows if row[n]] for n in range(len(rows[0]))] if rows else []
    if columns and all(map(_POINT.fullmatch, columns[0])):
        del columns[0]
    return len(columns) > 1 and any(map(_says_little, columns))


def _says_little(cells: Sequence[str]) -> bool:
    short = sum(cell.count(" ") < _FEW_WORDS for cell in cells)
    going_on = sum(cell[0].islower() for cell in cells)
    return len(cells) >= _LEAST_ROWS and short * 5 >= len(cells) * 4 and going_on * 4 <= len(cells)
