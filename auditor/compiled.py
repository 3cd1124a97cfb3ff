"""Some of the program is compiled, where a C compiler was at hand (see setup.py). What was changed since is run as it
is written, and all that was compiled with it: the source that stands there is always what is run.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from importlib.machinery import EXTENSION_SUFFIXES, SOURCE_SUFFIXES, FileFinder, ModuleSpec, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Final

AS_WRITTEN: Final = "AUDITOR_AS_WRITTEN"
"""An environment variable: where it is set, nothing compiled is run."""

_HERE: Final = Path(__file__).parent
_FOLDERS: Final = (".", "detect", "detect/words", "roster")
_ENDING: Final = EXTENSION_SUFFIXES[0]
_LIBRARY: Final = "auditor__mypyc"
"""What was compiled is all in one library, which stands beside the program: the files in it only name their part."""


def run_what_is_written() -> None:
    """Has everything run from its source where what was compiled is not fit to run. Called before any is imported."""
    if os.environ.get(AS_WRITTEN) or _is_outdated() or _lacks_its_library():
        sys.meta_path.insert(0, _Sources())


def is_compiled() -> bool:
    """Whether texts are read by what was compiled."""
    return not any(isinstance(finder, _Sources) for finder in sys.meta_path) and any(_compiled("roster"))


def _compiled(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(_HERE / folder) as entries:
        yield from (entry for entry in entries if entry.name.endswith(_ENDING))


def _is_outdated() -> bool:
    if not (_HERE.parent / "pyproject.toml").is_file():
        return False  # installed: there both are what they were packed as, whenever they were unpacked
    for folder in _FOLDERS:
        for entry in _compiled(folder):
            source = _HERE / folder / (entry.name.removesuffix(_ENDING) + SOURCE_SUFFIXES[0])
            if not source.is_file() or source.stat().st_mtime_ns > entry.stat().st_mtime_ns:
                return True
    return False


def _lacks_its_library() -> bool:
    """Whether something was compiled, and what it needs is out of reach: the program was set up without it."""
    return any(_compiled("roster")) and not any(finder.find_spec(_LIBRARY, None) for finder in sys.meta_path)


class _Sources:
    """Finds the program's modules where they are written, and nowhere else."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, _target: ModuleType | None = None) -> ModuleSpec | None:
        if path is None or not name.startswith("auditor."):
            return None
        sources = (FileFinder(folder, (SourceFileLoader, SOURCE_SUFFIXES)).find_spec(name) for folder in path)
        return next((found for found in sources if found is not None), None)
