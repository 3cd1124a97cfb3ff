"""Opens what an audit reads beside `config.toml`, so that its faults are told together with those of the configuration.

Other commands need none of it and are spared the time: opt-outs, the roster and the logos are read here from beginning
to end, before anything is fetched; a statistical model, where one is named, is loaded.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from auditor.config import Config, load
from auditor.config_file import TomlEntry
from auditor.detect import models
from auditor.errors import Mistake
from auditor.imported import imported
from auditor.roster.intake import faults
from auditor.toml_lines import shown


def load_for_audit(path: Path) -> Config:
    """The configuration, fit for an audit: a `Mistake` tells every fault of every file that it will read."""
    return load(path, datetime.now(UTC).date(), inspect)


def inspect(top: TomlEntry, config: Config, today: date, *, logos: bool = True, rows: bool = True) -> None:
    """Notes the faults of the roster, its flags, the logos' pictures, and the detector of persons.

    Without `logos` the pictures are not opened, and without `rows` the roster is not read to its end: they are known to
    be fit.
    """
    entry = top.table("district")
    there = {"roster": entry.path("roster", folder=None), "roster_flags": entry.path("roster_flags")}
    # Called as the configuration calls them, as all other files are in faults.
    roster, flags = (Path(entry.file_name(key)) if path else None for key, path in there.items())
    if found := faults(roster, flags, config.district.schools, today, rows=rows):
        entry.file.faults.take(Mistake(*found))
    if logos:
        _inspect_logos(top)
    detect = top.table("detect")
    try:
        models.load(detect.text("names") or models.BUILT_IN)
    except Mistake as mistake:
        detect.fault("names", mistake.faults[0])


def _inspect_logos(top: TomlEntry) -> None:
    pictures = list(_pictures(top))
    if not pictures:
        return
    # What looks at pictures takes as long to import as all that reads the configuration.
    found = imported("auditor.pictures.unusable").unusable([path for _, _, path in pictures])
    for (entry, number, _), why in zip(pictures, found, strict=True):
        if why:
            entry.fault("images", f"{shown(entry.texts('images')[number])} cannot be used: {why}", number)


def _pictures(top: TomlEntry) -> Iterator[tuple[TomlEntry, int, Path]]:
    """Every picture of a logo that is there: its table, its number in the list, its place."""
    for entry in top.tables("logos"):
        for number in range(len(entry.texts("images"))):
            if path := entry.path("images", element=number):
                yield entry, number, path
