"""The shape of a picture: which way its edges run, whatever their colours.

A field holds one complex number a pixel: its angle is twice the edge's direction, so that dark on light and light on
dark are the same, and its size tells how clear the edge is beside its surroundings. Two fields agree as two vectors
do: 1 the same shape, 0 nothing in common. Recolouring and inverting hardly change a field; another shape does.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Colours = NDArray[np.uint8]
"""Rows x columns x RGB (or RGBA)."""
Field = NDArray[np.complex64]
"""Rows x columns."""

SIDE: Final = 96
"""Shapes are compared on a square raster of so many pixels a side, whatever their proportions."""
MARGIN: Final = 0.06
"""Share of a box by which it is widened on each side before it is looked at, so that its outline is seen too."""
FAINTEST: Final = 0.02
"""Colour step (of 1) below which an edge is noise."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of a picture; it may reach beyond the picture."""

    left: float
    top: float
    width: float
    height: float

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.width / self.height

    def moved(self, right: float = 0.0, down: float = 0.0, wider: float = 0.0, taller: float = 0.0) -> "Box":
        """The box shifted and grown about its middle, all as shares of its own size."""
        width, height = self.width * (1 + wider), self.height * (1 + taller)
        left = self.left + self.width * right - (width - self.width) / 2
        top = self.top + self.height * down - (height - self.height) / 2
        return Box(left, top, width, height)


class Canvas:
    """A picture with room around it, from which boxes are taken out at any size."""

    def __init__(self, colours: Colours) -> None:
        self.colours = colours
        self.picture = Image.fromarray(colours, "RGB")
        self.room = round(0.35 * max(self.picture.size)) + 2
        size = (self.picture.width + 2 * self.room, self.picture.height + 2 * self.room)
        ground = tuple(int(value) for value in border_colour(colours))
        self._wide = Image.new("RGB", size, ground)
        self._wide.paste(self.picture, (self.room, self.room))

    def take(self, box: Box, columns: int = SIDE, rows: int = SIDE) -> Colours | None:
        """The box with its margin as colours; None where it hardly meets the canvas."""
        wide = box.moved(wider=2 * MARGIN, taller=2 * MARGIN)
        left, top = wide.left + self.room, wide.top + self.room
        right, bottom = left + wide.width, top + wide.height
        beyond = left < 0 or top < 0 or right > self._wide.width or bottom > self._wide.height
        if beyond or min(wide.width, wide.height) < 4:
            return None
        return np.asarray(self._wide.resize((columns, rows), Image.Resampling.BILINEAR, box=(left, top, right, bottom)))

    def inside(self, box: Box, columns: int = SIDE, rows: int = SIDE) -> tuple[slice, slice] | None:
        """The rows and columns of a taken box that lie in the picture; None where (all but) the whole logo does."""
        wide = box.moved(wider=2 * MARGIN, taller=2 * MARGIN)
        left, right = max(0.0, -box.left), max(0.0, box.left + box.width - self.picture.width)
        top, bottom = max(0.0, -box.top), max(0.0, box.top + box.height - self.picture.height)
        if max(left, right) <= 0.02 * box.width and max(top, bottom) <= 0.02 * box.height:
            return None
        across = slice(
            _cell(-wide.left / wide.width, columns), _cell((self.picture.width - wide.left) / wide.width, columns)
        )
        down = slice(_cell(-wide.top / wide.height, rows), _cell((self.picture.height - wide.top) / wide.height, rows))
        return down, across


def _cell(share: float, count: int) -> int:
    """The cell of so many in which that share of the way lies."""
    return min(count, max(0, round(share * count)))


def border_colour(colours: Colours) -> NDArray[np.float64]:
    """The middle colour of the outermost pixels."""
    rim = np.concatenate([colours[0], colours[-1], colours[:, 0], colours[:, -1]])
    return np.asarray(np.median(rim, axis=0), np.float64)


def field(colours: Colours, reach: int = 8, soften: int = 1) -> Field:
    """The field of a picture. An edge is weighed against others within `reach` pixels; `soften` blurs the result."""
    plane = colours.astype(np.float32) / 255
    across, down = np.zeros_like(plane), np.zeros_like(plane)
    across[:, 1:-1] = (plane[:, 2:] - plane[:, :-2]) / 2
    down[1:-1] = (plane[2:] - plane[:-2]) / 2
    # The square of (across + i down), over all colours.
    squared = _summed(across, across) - _summed(down, down) + 2j * _summed(across, down)
    power = np.abs(squared)
    step = np.sqrt(power)
    clear = np.minimum(step / (0.7 * _mean_around(step, reach) + FAINTEST), 2.0)
    turned = np.where(power > 1e-12, squared / np.maximum(power, 1e-12), 0) * clear
    for _ in range(soften):
        turned = _softened(turned)
    return np.asarray(turned, np.complex64)


def _summed(one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
    """The product of two planes of colours, summed over the colours."""
    product = one * other
    return np.asarray(product[:, :, 0] + product[:, :, 1] + product[:, :, 2])


def agreement(one: Field, other: Field) -> float:
    """How alike two fields of the same size are: -1 to 1."""
    sizes = math.sqrt(energy(one) * energy(other))
    return float(np.vdot(one, other).real) / sizes if sizes > 0 else 0.0


def energy(part: Field) -> float:
    """How much of edges a field shows."""
    return float(np.vdot(part, part).real)


def mirrored(one: Field) -> Field:
    """The field of the mirrored picture."""
    return np.ascontiguousarray(one[:, ::-1].conj())


def content_boxes(colours: Colours, tolerance: int = 28) -> list[Box]:
    """Boxes in which a logo that fills the picture may lie: the whole, and what is left when even borders are cut off.

    A picture may have a frame around a margin around the logo, so several layers are cut.
    """
    rows, columns = colours.shape[:2]
    left, top, right, bottom = 0, 0, columns, rows
    found = [Box(0, 0, columns, rows)]
    for _ in range(4):
        part = colours[top:bottom, left:right]
        if min(part.shape[:2]) < 12:
            break
        ground = border_colour(part).astype(np.int16)
        # Bytes with bytes, and colour by colour: these are the largest arrays of all.
        least, most = (np.clip(ground + shift, 0, 255).astype(np.uint8) for shift in (-tolerance, tolerance))
        differs = np.zeros(part.shape[:2], np.bool_)
        for n in range(3):
            differs |= (part[:, :, n] > most[n]) | (part[:, :, n] < least[n])
        down, across = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
        if not len(down):
            break
        inside = (left + int(across[0]), top + int(down[0]), left + int(across[-1]) + 1, top + int(down[-1]) + 1)
        if inside == (left, top, right, bottom):
            # Nothing even at this edge: it may be a frame. Look behind it.
            peel = max(1, round(0.015 * max(part.shape[:2])))
            left, top, right, bottom = left + peel, top + peel, right - peel, bottom - peel
            continue
        left, top, right, bottom = inside
        found.append(Box(left, top, right - left, bottom - top))
    return found


def filled_from(start: NDArray[np.bool_], ground: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The part of `ground` that can be reached from `start` without leaving it (four neighbours)."""
    reached = start & ground
    while True:
        grown = reached.copy()
        grown[1:] |= reached[:-1]
        grown[:-1] |= reached[1:]
        grown[:, 1:] |= reached[:, :-1]
        grown[:, :-1] |= reached[:, 1:]
        grown &= ground
        if (grown == reached).all():
            return reached
        reached = grown


def _mean_around(plane: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """The mean over a square of 2 x reach + 1 pixels a side, the picture's edge repeated beyond it."""
    for axis in (0, 1):
        length = plane.shape[axis]
        first, last = plane.take([0], axis), plane.take([-1], axis)
        wide = np.concatenate([first.repeat(reach + 1, axis), plane, last.repeat(reach, axis)], axis)
        sums = np.cumsum(wide, axis=axis, dtype=np.float32)
        ends = _part(sums, axis, 2 * reach + 1, 2 * reach + 1 + length)
        plane = (ends - _part(sums, axis, 0, length)) / np.float32(2 * reach + 1)
    return plane


def _part(plane: NDArray[Any], axis: int, begin: int, end: int) -> NDArray[Any]:
    """The rows (axis 0) or columns of a plane from `begin` to `end`, as they lie there."""
    return plane[begin:end] if axis == 0 else plane[:, begin:end]


def _softened(plane: NDArray[np.complexfloating]) -> NDArray[np.complexfloating]:
    """Each pixel mixed with its neighbours, 1-2-1 both ways."""
    for axis in (0, 1):
        length = plane.shape[axis]
        wide = np.concatenate([plane.take([0], axis), plane, plane.take([-1], axis)], axis)
        plane = (_part(wide, axis, 0, length) + 2 * plane + _part(wide, axis, 2, length + 2)) / 4
    return plane
