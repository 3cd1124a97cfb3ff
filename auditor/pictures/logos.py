"""Recognises a district's registered logos in pictures: as approved, or altered.

A logo is found by its shape (see `shape`), so that recolouring does not hide it; whether it stands there as approved is
then seen from its colours, its proportions and what is missing or written over it. Two looks, the cheap one first: at
the boxes that a logo filling the picture would have, and, where that finds nothing, the shape slid over the picture.
"""

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import product
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from auditor.errors import Mistake
from auditor.model import LogoSighting, Picture
from auditor.pictures.decode import Decoder, Raster
from auditor.pictures.mark import Fit, Mark
from auditor.pictures.rendition import Rendition, is_approved
from auditor.pictures.search import scenes
from auditor.pictures.shape import Canvas, Colours, agreement, content_boxes, field

VERSION: Final = 1
"""Raised when the same picture may be judged differently than before."""
READ: Final = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".avif", ".ico"})
"""Endings of the files that can serve as references."""
SMALLEST: Final = 24
"""Pixels a side below which no logo can be told from another: such a picture is never a sighting."""
PROMISING: Final = 0.25
"""Agreement from which a box is worth a closer look."""
TRIED: Final = 3
"""Boxes of a logo that get that closer look, and the agreement at which no other can be better."""
EXACT: Final = 0.9
SEARCHED: Final = 40
"""Pixels on the longest side from which a picture is searched beyond the boxes."""
SMALL: Final = 48
"""Pixels below which what the search found is doubted, and by how much: little detail, and many places to find it."""
DOUBT: Final = 0.1
KEPT_SPECTRA: Final = 6
"""Marks up to which what the search computes of each is kept: 15 MB each, for half the time."""


class LogoBook:
    """The registered logos, ready to be recognised. Close it, or use it in a `with`: it holds a process.

    `references` are the approved renditions of each logo as image files or their bytes. Raises `Mistake` naming every
    one that cannot be used. `edition` changes when the logos or the way of looking change: what was seen under another
    edition is stale.
    """

    def __init__(self, references: Mapping[str, Sequence[bytes | Path]], decoder: Decoder | None = None) -> None:
        self._decoder = decoder or Decoder()
        self._renditions: dict[str, list[Rendition]] = {}
        self._marks: list[Mark] = []
        faults: list[str] = []
        digest = hashlib.sha256(str(VERSION).encode())
        for logo, images in references.items():
            for number, image in enumerate(images, 1):
                where = str(image) if isinstance(image, Path) else f'image {number} of logo "{logo}"'
                try:
                    data = image.read_bytes() if isinstance(image, Path) else image
                    self._learn(logo, self._decoder.decode(data))
                    digest.update(logo.encode() + b"\0" + hashlib.sha256(data).digest())
                except (OSError, ValueError) as error:
                    why = (error.strerror or "cannot be read") if isinstance(error, OSError) else str(error)
                    faults.append(f"{where}: {why}; give a PNG, JPEG, GIF or WebP file that shows the logo")
        if faults:
            self.close()
            raise Mistake(*faults)
        self.edition = digest.hexdigest()

    def look(self, data: bytes) -> Picture:
        """What logos the picture in these bytes shows, each at most once, the surest first. `url` is left empty."""
        raster = self._decoder.decode(data)
        sightings = () if raster.problem else self._sightings(raster)
        return Picture("", hashlib.sha256(data).hexdigest(), raster.width, raster.height, sightings, raster.problem)

    def close(self) -> None:
        """Ends the process that opens pictures."""
        self._decoder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _learn(self, logo: str, raster: Raster) -> None:
        """Takes in one approved rendition; ValueError says why it cannot serve."""
        if raster.problem:
            raise ValueError(raster.problem)
        if min(raster.width, raster.height) < SMALLEST:
            raise ValueError(f"the picture is smaller than {SMALLEST} pixels")
        rendition = Rendition.of(raster.pixels)
        marks = list(_marks(logo, raster.pixels, rendition))
        if not marks:
            raise ValueError("the picture shows nothing but one colour")
        self._renditions.setdefault(logo, []).append(rendition)
        for mark in marks:
            known = (agreement(other.field(), mark.field()) for other in self._marks if other.logo == logo)
            if max(known, default=0.0) < 0.9:
                self._marks.append(mark)

    def _sightings(self, raster: Raster) -> tuple[LogoSighting, ...]:
        if min(raster.width, raster.height) < SMALLEST:
            return ()
        best: dict[str, tuple[Fit, Colours]] = {}
        for colours in _grounds(raster.pixels):
            for logo, fit in self._fits(colours, frozenset(best)).items():
                if logo not in best or fit.rank > best[logo][0].rank:
                    best[logo] = (fit, colours)
        found = [self._sighting(logo, fit, colours) for logo, (fit, colours) in best.items()]
        return tuple(sorted(found, key=lambda sighting: -sighting.score))

    def _sighting(self, logo: str, fit: Fit, colours: Colours) -> LogoSighting:
        looks = self._renditions[logo]
        approved = not fit.flipped and any(is_approved(look, colours, fit.box) for look in looks)
        return LogoSighting(logo, "approved" if approved else "altered", round(min(1.0, fit.score), 3))

    def _fits(self, colours: Colours, known: frozenset[str]) -> dict[str, Fit]:
        """Each logo that is surely there; those `known` from another ground are not searched for again."""
        canvas = Canvas(colours)
        found: dict[str, Fit] = {}
        for mark, fit in self._fits_of_boxes(canvas):
            if mark.logo not in found or fit.rank > found[mark.logo].rank:
                found[mark.logo] = fit
        if max(colours.shape[:2]) < SEARCHED:
            return found
        for mark, fit in self._fits_by_search(canvas, found.keys() | known):
            if mark.logo not in found or fit.rank > found[mark.logo].rank:
                found[mark.logo] = fit
        return found

    def _fits_of_boxes(self, canvas: Canvas) -> Iterator[tuple[Mark, Fit]]:
        """The sure ones, each from the few most promising boxes of its logo."""
        first: dict[str, list[tuple[Mark, Fit]]] = defaultdict(list)
        for box in content_boxes(canvas.colours):
            if (taken := canvas.take(box)) is not None:
                seen = field(taken)
                for mark, flipped in product(self._marks, (False, True)):
                    fit = Fit(mark.score(seen, box, canvas, flipped), box, flipped)
                    if fit.score >= PROMISING:
                        first[mark.logo].append((mark, fit))
        for fits in first.values():
            for mark, fit in sorted(fits, key=lambda pair: -pair[1].rank)[:TRIED]:
                close = mark.closest(canvas, fit.box, fit.flipped)
                if close.score >= mark.sure:
                    yield mark, close
                if close.score >= EXACT:
                    break

    def _fits_by_search(self, canvas: Canvas, known: Set[str]) -> Iterator[tuple[Mark, Fit]]:
        sought = [mark for mark in self._marks if mark.logo not in known]
        for scene in scenes(canvas) if sought else ():
            for mark in sought:
                for place in mark.stencil.places(scene, keep=len(self._marks) <= KEPT_SPECTRA)[:2]:
                    if mark.at(place.box, canvas) >= PROMISING:
                        fit = mark.closest(canvas, place.box)
                        small = math.sqrt(fit.box.width * fit.box.height) < SMALL
                        if fit.score >= mark.sure + DOUBT * small:
                            yield mark, fit


def references_in(folder: Path) -> dict[str, list[Path]]:
    """The references of a folder with a sub-folder for each logo, in which lie its approved renditions.

    Files that are no pictures are passed over. Raises `Mistake` where there is no logo, or a logo without pictures.
    """
    if not folder.is_dir():
        raise Mistake(f"{folder} is no folder; name one with a sub-folder for each logo")
    inside = sorted(entry for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    found = {logo.name: sorted(file for file in logo.iterdir() if file.suffix.casefold() in READ) for logo in inside}
    if not found:
        raise Mistake(f"{folder} has no sub-folder; put the approved pictures of each logo into one of its own")
    empty = [folder / logo for logo, files in found.items() if not files]
    if empty:
        raise Mistake(*(f"{logo} has no picture; put a PNG, JPEG, GIF or WebP file there" for logo in empty))
    return found


def _marks(logo: str, pixels: NDArray[np.uint8], rendition: Rendition) -> Iterator[Mark]:
    """The looks of one rendition: on white and on black where it is see-through, if anything is seen there."""
    for colours in _grounds(pixels):
        try:
            yield Mark(logo, Canvas(colours), rendition.box)
        except ValueError:
            continue  # white on white: the other ground will do


def _grounds(pixels: NDArray[np.uint8]) -> Iterator[Colours]:
    """The picture as colours: on white and on black where it is see-through."""
    alpha = pixels[:, :, 3:].astype(np.float32) / 255
    colours = pixels[:, :, :3]
    if (alpha > 0.98).mean() > 0.995:
        yield np.ascontiguousarray(colours)
        return
    for ground in (255, 0):
        yield np.clip(colours * alpha + ground * (1 - alpha) + 0.5, 0, 255).astype(np.uint8)
