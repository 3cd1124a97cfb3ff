"""Whether a logo stands there as approved: in its own colours and proportions, whole, and with nothing over it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from auditor.pictures.shape import MARGIN, SIDE, Box, Canvas, Colours, border_colour, content_boxes, filled_from

Mask = NDArray[np.bool_]

STRETCHED: Final = 0.045
"""Change of proportions that counts as one; added to what a pixel and a half is worth, for so well a box is known."""
OUTSIDE: Final = 0.05
"""Share of the logo's side that may lie beyond the picture's edge."""
OFF: Final = 44
"""Steps of 255 by which a colour may differ: JPEG and resizing change so much, a recolouring more."""
TINT: Final = (12, 24)
"""Steps of 255 by which the mean colour may always and may never differ; between, a quarter of what the lines of the
logo make of it. Thin lines mix with their ground, so that only the mean tells of their colour."""
KEPT: Final = 0.91
"""Share of the logo's pixels that must have their colours; thin lines lose theirs when a logo is made small."""
SPOT: Final = 0.004
"""Share of the logo that solid spots of other colours may cover; writing over a logo covers more."""
EMPTIEST: Final = 0.04
"""Share of the raster from which the ground between a logo's parts is looked at."""
SQUARE: Final = 0.06
"""How far the proportions of a square may be off, as a logarithm."""
CUT: Final = 0.35
"""Share of the logo that an avatar's circle may cut off."""

_rim: Final = round(SIDE * MARGIN / (1 + 2 * MARGIN)) + 2
_LOGO: Final[Mask] = np.pad(np.ones((SIDE - 2 * _rim, SIDE - 2 * _rim), np.bool_), _rim)
"""The raster without the margin around the logo."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """One approved look: where the logo lies in its file, its colours there, and where those are its own (`solid`).

    What is see-through, or the even ground of an opaque file, is `empty`: there any colour will do, but only one.
    """

    box: Box
    colours: Colours
    solid: Mask
    empty: Mask

    @classmethod
    def of(cls, pixels: NDArray[np.uint8]) -> Self:
        """From rows x columns x RGBA; ValueError where they show nothing."""
        alpha, colours = pixels[:, :, 3], np.ascontiguousarray(pixels[:, :, :3])
        opaque = bool((alpha > 250).mean() > 0.995)
        box = _box_of(_far(colours) if opaque else alpha > 16)
        taken = _taken(colours, box)
        if opaque:
            rim = np.zeros((SIDE, SIDE), np.bool_)
            rim[0] = rim[-1] = rim[:, 0] = rim[:, -1] = True
            empty = filled_from(rim, ~_far(taken, border_colour(colours)))
            solid = ~empty
        else:
            there = _taken(np.repeat(alpha[:, :, None], 3, axis=2), box)[:, :, 0]
            solid, empty = there > 200, there < 16
        return cls(box, taken, _shrunk(solid), _shrunk(_shrunk(empty)) & _LOGO)


def is_approved(rendition: Rendition, colours: Colours, box: Box) -> bool:
    """Whether the box of that picture, in which the logo's shape was found, holds this look of it."""
    slack = STRETCHED + 1.5 / box.width + 1.5 / box.height
    if abs(math.log(box.aspect / rendition.box.aspect)) > slack or _outside(box, colours) > OUTSIDE:
        return False
    taken = Canvas(colours).take(box)
    if taken is None:
        return False
    copy = _Copy(_as_coarse(rendition.colours, box), taken, _coarseness(box))
    return copy.fits(rendition.solid, rendition.empty) or any(
        _cut_out(taken, rendition, inner, outer) and copy.fits(rendition.solid & inner, rendition.empty & inner)
        for inner, outer in _circles(colours, box)
    )


@dataclass(frozen=True, slots=True)
class _Copy:
    """An approved look beside what was taken from a picture; `coarse` is 1 or, for a small picture, up to 3."""

    approved: Colours
    taken: Colours
    coarse: float

    def fits(self, solid: Mask, empty: Mask) -> bool:
        """Whether the colours are the approved ones where they are the logo's, but for what copying does to them."""
        wrong = self._wrong() & solid
        total = max(int(solid.sum()), 1)
        return bool(
            wrong.sum() <= (1 - KEPT) * total
            and _crowded(wrong).sum() <= SPOT * self.coarse**2 * total
            and not self._tinted(solid)
            and self._clean(empty)
        )

    @property
    def _off(self) -> float:
        return OFF * math.sqrt(self.coarse)

    def _wrong(self) -> Mask:
        """Where a colour lies outside those that the approved look has at that pixel and its neighbours."""
        low, high = _range_around(self.approved.astype(np.int16))
        return np.asarray(np.any((self.taken < low - self._off) | (self.taken > high + self._off), axis=2))

    def _tinted(self, where: Mask) -> bool:
        """Whether many colours moved a little the same way."""
        approved, taken = (plane[where].astype(np.float32) for plane in (self.approved, self.taken))
        if not len(approved):
            return False
        ink = np.abs((approved - np.median(approved, axis=0)).mean(axis=0)).max()
        allowed = min(TINT[1], max(TINT[0] * math.sqrt(self.coarse), ink / 4))
        return bool(np.abs((taken - approved).mean(axis=0)).max() > allowed)

    def _clean(self, where: Mask) -> bool:
        """Whether nothing is written on the even ground between the logo's parts; true of a ground that is uneven."""
        ground = self.taken[where].astype(np.int16)
        if len(ground) < EMPTIEST * where.size:
            return True
        wrong = np.zeros_like(where)
        wrong[where] = np.abs(ground - np.median(ground, axis=0)).max(axis=1) > self._off
        return bool(wrong.sum() > 0.3 * len(ground) or _crowded(wrong).sum() <= SPOT * self.coarse**2 * where.size)


def _coarseness(box: Box) -> float:
    """How many pixels of the raster one of the picture's pixels fills, from 1 up to 3."""
    return min(3.0, max(1.0, SIDE / math.sqrt(box.width * box.height)))


def _cut_out(taken: Colours, rendition: Rendition, inner: Mask, outer: Mask) -> bool:
    """Whether a circle leaves enough of the logo and nothing but ground around it."""
    kept = int((rendition.solid & inner).sum()) >= (1 - CUT) * int(rendition.solid.sum())
    return kept and _even(taken[~outer])


def _range_around(plane: NDArray[np.int16]) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """The lowest and the highest of each pixel and its eight neighbours: a fit may be a pixel off."""
    wide = np.pad(plane, ((1, 1), (1, 1), (0, 0)), "edge")
    shifts = np.stack([wide[i : i + SIDE, j : j + SIDE] for i in range(3) for j in range(3)])
    return shifts.min(axis=0), shifts.max(axis=0)


def _crowded(mask: Mask) -> Mask:
    """Where most of the 3 x 3 around is set as well: strokes and spots, not rims."""
    wide = np.pad(mask, 1).astype(np.int16)
    count = sum(wide[i : i + SIDE, j : j + SIDE] for i in range(3) for j in range(3))
    return np.asarray(mask & (count >= 6))


def _shrunk(mask: Mask) -> Mask:
    """Without its rim, where its colours mix with the ground's."""
    wide = np.pad(mask, 1, "edge")
    return mask & wide[:-2, 1:-1] & wide[2:, 1:-1] & wide[1:-1, :-2] & wide[1:-1, 2:]


def _as_coarse(approved: Colours, box: Box) -> Colours:
    """The approved look with no more detail than the picture can show of it."""
    columns, rows = (max(4, round(side * (1 + 2 * MARGIN))) for side in (box.width, box.height))
    if columns >= SIDE and rows >= SIDE:
        return approved
    small = Image.fromarray(approved).resize((min(columns, SIDE), min(rows, SIDE)), Image.Resampling.BOX)
    return np.asarray(small.resize((SIDE, SIDE), Image.Resampling.BILINEAR))


def _circles(colours: Colours, box: Box) -> Iterator[tuple[Mask, Mask]]:
    """What of the box lies well in, and what at most touches, each circle that the picture may have been cut to.

    Avatars are cut to the circle that touches all four sides of a square picture, or of what is in it.
    """
    rows, columns = (np.mgrid[0:SIDE, 0:SIDE] + 0.5) / SIDE
    wide = box.moved(wider=2 * MARGIN, taller=2 * MARGIN)
    boxes = content_boxes(colours)
    for frame in dict.fromkeys((boxes[0], boxes[-1])):
        if abs(math.log(frame.aspect)) < SQUARE:
            across = wide.left + columns * wide.width - (frame.left + frame.width / 2)
            down = wide.top + rows * wide.height - (frame.top + frame.height / 2)
            far = np.hypot(across, down) / max(frame.width, frame.height)
            yield far < 0.46, far < 0.51


def _even(colours: Colours) -> bool:
    return len(colours) > 0 and bool((np.abs(colours - np.median(colours, axis=0)) <= OFF).all(axis=1).mean() > 0.8)


def _outside(box: Box, colours: Colours) -> float:
    """How far the box reaches beyond the picture, as a share of its own side."""
    rows, columns = colours.shape[:2]
    across = max(-box.left, box.left + box.width - columns) / box.width
    down = max(-box.top, box.top + box.height - rows) / box.height
    return float(max(across, down))


def _far(colours: Colours, ground: NDArray[np.float64] | None = None) -> Mask:
    """Where a colour is not the ground's."""
    even = border_colour(colours) if ground is None else ground
    return np.asarray(np.abs(colours.astype(np.int16) - even).max(axis=2) > 28)


def _box_of(inked: Mask) -> Box:
    down, across = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not len(down):
        raise ValueError("the picture shows nothing but one colour")
    return Box(int(across[0]), int(down[0]), int(across[-1] - across[0] + 1), int(down[-1] - down[0] + 1))


def _taken(colours: Colours, box: Box) -> Colours:
    taken = Canvas(colours).take(box)
    if taken is None:
        raise ValueError("the picture is too small")
    return taken
