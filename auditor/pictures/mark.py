"""One look of a registered logo, and how well it agrees with a part of a picture."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from auditor.pictures.search import Stencil
from auditor.pictures.shape import MARGIN, SIDE, Box, Canvas, Colours, Field, agreement, energy, field, mirrored

SURE: Final = 0.65
"""Agreement from which a logo counts as seen; `docs/pictures.md` tells what other crests and photographs reach."""
LEVELS: Final = (24, 32, 44, 64, SIDE)
"""Pixels a side at which a look is kept, so that a small picture is compared with as much detail as it can show."""
FEWEST: Final = 20
"""Pixels on its longest side below which a box of a picture tells nothing."""
CUT: Final = 0.5
"""Share of a logo's edges that must lie in the picture for it to be judged."""
STEPS: Final = (0.03, 0.015, 0.0075)
"""How far a box is nudged, as a share of its side."""
CLOSE: Final = 0.9
"""Agreement from which a box is so near that only the smallest steps are worth trying."""
HOPELESS: Final = 0.7
"""Share of what would be sure below which a box is given up after its first nudges: each brings a little only."""
INNER: Final = 0.72
"""Radius of the middle, of the half side: seals share their rings, so the middle must agree for itself."""

_rows, _columns = np.mgrid[0:SIDE, 0:SIDE] / (SIDE - 1) * 2 - 1
_MIDDLE: Final[NDArray[np.bool_]] = np.hypot(_rows, _columns) < INNER


@dataclass(frozen=True, slots=True)
class Fit:
    """Where a mark was laid on a picture, and how well it agrees there: up to 1."""

    score: float
    box: Box
    flipped: bool = False

    @property
    def rank(self) -> float:
        """For choosing between fits: a mark that is nearly its own mirror image counts as upright."""
        return self.score - 0.03 * self.flipped


class Mark:
    """A look of a logo: what lies in that box of that canvas. ValueError where hardly an edge is to be seen there.

    `sure` is the agreement from which it counts as seen: more for a plain mark, which others resemble by chance.
    """

    def __init__(self, logo: str, canvas: Canvas, box: Box) -> None:
        self.logo = logo
        self._canvas = canvas
        self._box = box
        self._fields: dict[tuple[int, int, bool], Field] = {}
        whole = self.field()
        if (np.abs(whole) > 0.5).mean() < 0.01:
            raise ValueError("the picture shows nothing but one colour")
        self.sure = min(0.9, max(SURE, 0.2 + max(agreement(whole, plain) for plain in _PLAIN)))
        self.stencil = Stencil(canvas, box)

    def field(self, columns: int = SIDE, rows: int = SIDE, flipped: bool = False) -> Field:
        """Its field with the detail of so many pixels, perhaps mirrored."""
        key = (columns, rows, flipped)
        if key not in self._fields:
            if flipped:
                self._fields[key] = mirrored(self.field(columns, rows))
            else:
                colours = self._canvas.take(self._box, columns, rows)
                if colours is None:
                    raise ValueError("the picture is too small")
                if (columns, rows) != (SIDE, SIDE):
                    grown = Image.fromarray(colours).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
                    colours = np.asarray(grown)
                self._fields[key] = field(colours)
        return self._fields[key]

    def score(self, seen: Field, box: Box, canvas: Canvas, flipped: bool = False, strict: bool = True) -> float:
        """How well it agrees with `seen`, the field of that box: where `strict`, the middle for itself as well.

        What lies beyond the picture's edge is left out, and lowers the score.
        """
        wanted = self.field(_level(box.width), _level(box.height), flipped)
        middle = _MIDDLE
        share = 1.0
        if (inside := canvas.inside(box)) is not None:
            share = energy(wanted[inside]) / max(energy(wanted), 1e-6)
            wanted, seen, middle = wanted[inside], seen[inside], middle[inside]
        if share < CUT:
            return 0.0
        whole = agreement(wanted, seen)
        if strict and energy(wanted[middle]) > 0.1 * energy(wanted):
            whole = min(whole, agreement(wanted[middle], seen[middle]))
        return float(whole * share**0.25)

    def at(self, box: Box, canvas: Canvas, flipped: bool = False, strict: bool = True) -> float:
        """How well it agrees with that box of the canvas; -1 where the box is too small to tell, or beyond it."""
        taken = canvas.take(box) if max(box.width, box.height) >= FEWEST else None
        return -1.0 if taken is None else self.score(field(taken), box, canvas, flipped, strict)

    def closest(self, canvas: Canvas, box: Box, flipped: bool = False) -> Fit:
        """The best fit near that box: it is nudged and resized while that helps, in ever smaller steps."""
        best = self.at(box, canvas, flipped, strict=False)
        for step in STEPS if best < CLOSE else STEPS[-1:]:
            for _ in range(4):
                tried = [(self.at(near, canvas, flipped, strict=False), near) for near in _near(box, step)]
                score, near = max(tried, key=lambda pair: pair[0])
                if score <= best + 1e-4:
                    break
                best, box = score, near
            if best < HOPELESS * self.sure:
                break
        return Fit(self.at(box, canvas, flipped), box, flipped)


def _level(side: float) -> int:
    """The level nearest to what a box of that side shows."""
    shown = math.log(max(side * (1 + 2 * MARGIN), 1))
    return min(LEVELS, key=lambda level: abs(math.log(level) - shown))


def _near(box: Box, step: float) -> list[Box]:
    zoom = 1.3 * step
    return [
        *(box.moved(right=sign * step) for sign in (1, -1)),
        *(box.moved(down=sign * step) for sign in (1, -1)),
        *(box.moved(wider=sign * zoom, taller=sign * zoom) for sign in (1, -1)),
        *(box.moved(wider=sign * zoom) for sign in (1, -1)),
    ]


def _plain() -> Iterator[Colours]:
    """What many marks are: a disc, a square, a ring, a frame."""
    edge = 1 / (1 + 2 * MARGIN)
    disc, square = np.hypot(_rows, _columns) < edge, np.maximum(abs(_rows), abs(_columns)) < edge
    ring = disc & (np.hypot(_rows, _columns) > 0.85 * edge)
    frame = square & (np.maximum(abs(_rows), abs(_columns)) > 0.9 * edge)
    for mask in (disc, square, ring, frame):
        yield np.repeat(np.where(mask, 255, 0).astype(np.uint8)[:, :, None], 3, axis=2)


_PLAIN: Final = tuple(field(colours) for colours in _plain())
