"""Reads an export of whatever platform it is from."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol, cast

import auditor.footprint.exports
from auditor.errors import Mistake
from auditor.footprint.exports.archive import Archive, open_archive
from auditor.footprint.exports.export import Export
from auditor.footprint.guide import guide


class Reader(Protocol):
    """A platform's file."""

    PLATFORM: str

    def fits(self, archive: Archive) -> bool:
        """Whether the export is that platform's, by where files lie and what they are called."""

    def read(self, archive: Archive) -> Export:
        """The account as the export tells it; what cannot be read is told, never raised."""


@cache
def readers() -> Mapping[str, Reader]:
    """Every platform whose exports can be read, found by looking."""
    return dict(sorted(_found()))


def _found() -> Iterator[tuple[str, Reader]]:
    for module in pkgutil.iter_modules(auditor.footprint.exports.__path__):
        loaded = importlib.import_module(f"auditor.footprint.exports.{module.name}")
        if hasattr(loaded, "PLATFORM"):
            yield loaded.PLATFORM, cast("Reader", loaded)


def read_export(sources: Sequence[Path]) -> Export:
    """The account of one export: a zip, several zips of one export, a folder, or TikTok's file. Nothing is unpacked.

    Raises `Mistake` where it is no export that is known, or could be two platforms'.
    """
    if not sources:
        raise Mistake("no export was named; give the zip as the platform sent it")
    with open_archive(sources) as archive:
        fitting = [reader for reader in readers().values() if reader.fits(archive)]
        if len(fitting) != 1:
            raise Mistake(_told(sources[0], fitting))
        return fitting[0].read(archive)


def _told(source: Path, fitting: Sequence[Reader]) -> str:
    if fitting:
        names = " and ".join(guide(reader.PLATFORM).name for reader in fitting)
        return f"{source}: holds exports of {names}. Give each by itself."
    known = ", ".join(guide(platform).name for platform in readers())
    return (
        f"{source}: is no export that auditor knows; it reads those of {known}. Ask for JSON where you can choose, "
        "and give the zip as it came."
    )
