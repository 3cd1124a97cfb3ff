"""Recordings of real answers that nobody here wrote. They lie outside the tree: `tests/README.md` says where each comes
from, and where to put it."""

import json
import os
from pathlib import Path
from typing import Any, Final

import pytest

VARIABLE: Final = "AUDITOR_TEST_RECORDINGS"


def recorded(repository: str, pattern: str) -> list[Path]:
    """The files of that repository ("owner/name") that fit the pattern; the test is skipped where there are none."""
    folder = os.environ.get(VARIABLE, "")
    if not folder:
        pytest.skip(f"{VARIABLE} names no folder of recordings")
    found = sorted(Path(folder, repository.replace("/", "+")).glob(pattern))
    if not found:
        pytest.skip(f"no recordings of {repository} lie in {folder}")
    return found


def value_after(file: Path, marker: str) -> Any:
    """The first JSON value that stands after those words in a file."""
    text = file.read_text("utf-8")
    rest = text[text.index(marker) + len(marker) :].lstrip()
    return json.JSONDecoder().raw_decode(rest)[0]
