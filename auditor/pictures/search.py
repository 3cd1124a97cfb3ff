"""Finds where in a picture a shape may lie: the shape is slid over the picture at many sizes, all places at once."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from auditor.pictures.shape import MARGIN, Box, Canvas, Colours, Field, field

LONGEST: Final = 108
"""Pictures are searched at so many pixels on their longest side."""
SIZES: Final = tuple(18 * 1.09**step for step in range(25))
"""Longest sides, in those pixels, at which a shape is tried: from a sixth of the picture to four thirds of it."""
SOFTEN: Final = 2
"""The sizes tried lie 9 % apart, so fields are blurred to meet in between."""
ROOM: Final = 270
"""Side of the square on which both are laid; the picture in its last corner, so that a shape may begin before it."""
START: Final = ROOM - LONGEST
FEWEST_EDGES: Final = 0.03
"""Edges that a place counts as holding, of a pixel: where hardly any lie, chance alone would fit well."""

LONG: Final = 1.8
"""Proportions from which a picture is searched in pieces: a logo in a banner is small beside the banner's length."""
MOST_PIECES: Final = 6


@dataclass(frozen=True, slots=True)
class Place:
    """Where a shape may lie, and how well it fits there before a closer look: -1 to 1."""

    fit: float
    box: Box


class Scene:
    """A part of a picture made ready for the search. `scale` leads from the pixels searched to the picture's own."""

    def __init__(self, canvas: Canvas, part: Box) -> None:
        self.part = part
        right, bottom = round(part.left + part.width), round(part.top + part.height)
        picture = canvas.picture.crop((round(part.left), round(part.top), right, bottom))
        self.scale = max(picture.size) / LONGEST
        self.columns, self.rows = (max(8, round(side / self.scale)) for side in picture.size)
        small: Colours = np.asarray(picture.resize((self.columns, self.rows), Image.Resampling.BILINEAR))
        plane = np.zeros((ROOM, ROOM), np.complex64)
        plane[START : START + self.rows, START : START + self.columns] = field(small, soften=SOFTEN)
        self.spectra = _spectra(plane)
        power = np.zeros((ROOM + 1, ROOM + 1))
        power[1:, 1:] = (np.abs(plane) ** 2).cumsum(axis=0).cumsum(axis=1)
        self._sums = np.pad(power, (0, ROOM), "edge")

    def power(self, top: int, left: int, rows: int, columns: int) -> NDArray[np.float64]:
        """The edges in each window of so many rows and columns: one that begins at `top`, `left`, and the next ones."""
        down, across = slice(top, top + self.rows), slice(left, left + self.columns)
        low, right = slice(top + rows, top + rows + self.rows), slice(left + columns, left + columns + self.columns)
        sums = self._sums
        return np.asarray(sums[low, right] - sums[low, across] - sums[down, right] + sums[down, across])


class Stencil:
    """A shape at all the sizes that are tried."""

    def __init__(self, canvas: Canvas, box: Box) -> None:
        self._patches: list[Field] = []
        for size in SIZES:
            width, height = (size, size / box.aspect) if box.aspect >= 1 else (size * box.aspect, size)
            columns, rows = round(width * (1 + 2 * MARGIN)), round(height * (1 + 2 * MARGIN))
            colours = canvas.take(box, columns, rows) if min(columns, rows) >= 12 else None
            if colours is not None:
                patch = field(colours, reach=max(3, round(size / 12)), soften=SOFTEN)
                self._patches.append((patch / np.sqrt((np.abs(patch) ** 2).sum())).astype(np.complex64))
        self._kept: NDArray[np.complex64] | None = None

    def places(self, scene: Scene, keep: bool) -> list[Place]:
        """The best place at each size, best first. `keep`: what was computed of the shape serves the next picture."""
        spectra = self._kept
        if spectra is None:
            spectra = np.stack([_spectra(patch) for patch in self._patches]).conj()
            self._kept = spectra if keep else None
        # Fields agree by the real part of their product: by that of the real parts and that of the imaginary ones.
        product = spectra[:, 0] * scene.spectra[0]
        product += spectra[:, 1] * scene.spectra[1]
        fits = np.fft.irfft2(product, (ROOM, ROOM))
        found = [self._best(scene, patch.shape, fit) for patch, fit in zip(self._patches, fits, strict=True)]
        return sorted(found, key=lambda place: -place.fit)

    @staticmethod
    def _best(scene: Scene, size: tuple[int, ...], fit: NDArray[np.float32]) -> Place:
        """The best of the places at which the shape's middle lies in the picture."""
        rows, columns = size
        top, left = START - rows // 2, START - columns // 2
        edges = np.maximum(scene.power(top, left, rows, columns), FEWEST_EDGES * rows * columns)
        even = fit[top : top + scene.rows, left : left + scene.columns] / np.sqrt(edges)
        row, column = divmod(int(even.argmax()), even.shape[1])
        width, height = columns / (1 + 2 * MARGIN), rows / (1 + 2 * MARGIN)
        across, down = column + left - START + width * MARGIN, row + top - START + height * MARGIN
        part, scale = scene.part, scene.scale
        box = Box(part.left + scale * across, part.top + scale * down, scale * width, scale * height)
        return Place(float(even[row, column]), box)


def scenes(canvas: Canvas) -> Iterator[Scene]:
    """The picture made ready: whole, or, where it is a wide banner or a tall column, piece by overlapping piece."""
    width, height = canvas.picture.size
    long, short = max(width, height), min(width, height)
    if long <= LONG * short:
        yield Scene(canvas, Box(0, 0, width, height))
        return
    pieces = min(MOST_PIECES, math.ceil((long / short - 1) / 0.6) + 1)
    for piece in range(pieces):
        start = (long - short) * piece / (pieces - 1)
        yield Scene(canvas, Box(start, 0, short, short) if width > height else Box(0, start, short, short))


def _spectra(plane: Field) -> NDArray[np.complex64]:
    """Of the real and of the imaginary part: 2 x ROOM x about half of ROOM."""
    return np.stack([np.fft.rfft2(part, (ROOM, ROOM)) for part in (plane.real, plane.imag)]).astype(np.complex64)
