"""What is compiled does what its source says; and where the source was changed since, the source is what runs."""

import os
import shutil
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Final

import pytest

from auditor.commands.doctor import machine
from auditor.compiled import _FOLDERS, AS_WRITTEN, is_compiled

ROOT: Final = Path(__file__).parent.parent
needs_compiler = pytest.mark.skipif(not is_compiled(), reason="nothing is compiled here: there was no C compiler")

WHICH: Final = """
from auditor.compiled import is_compiled
from auditor.detect import reading
from auditor.roster import marks
print(is_compiled(), reading.__file__.endswith(".py"), marks.__file__.endswith(".py"))
"""

ALONE: Final = """
import sys
sys.meta_path[:] = [finder for finder in sys.meta_path if "Editable" not in repr(finder)]
"""
"""Hides this machine's own auditor."""

READ: Final = """
from auditor.compiled import is_compiled
from auditor.model import Account, Document, Kind, Passage, Place
from auditor.roster.book import Roster
from benchmarks.detect import posts, recogniser
from benchmarks.roster import KEY, People, build

people = People()
roster = Roster.load(build(people, 500)[0], KEY)
texts = list(posts(600, people, 500, seed=11))
texts += ["\\n".join(texts[n : n + 5]) for n in range(0, 100, 5)]
texts += [text.upper() for text in texts[:100]] + [text.replace(" ", "\\t", 9) for text in texts[:100]]
texts += [text.replace("a", "\\u0430").replace("o", "\\u00f6") for text in texts[:100]]
read = recogniser(roster).read
print(is_compiled())
for text in texts:
    for place in (Place.BODY, Place.FILE_NAME):
        print(read(Document("", (Passage(text, place),)), Account("posts", Kind.OFFICIAL, "website", "")).sightings)
"""


def said(program: str, folder: Path = ROOT, *, as_written: bool = False) -> list[str]:
    """What a program prints, in a process of its own that holds sets to one order."""
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(folder)}
        | ({AS_WRITTEN: "1"} if as_written else {}),
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.splitlines()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the program with what was compiled of it, each file as old as it is."""
    left_out = shutil.ignore_patterns("__pycache__", "demo")
    shutil.copytree(ROOT / "auditor", tmp_path / "auditor", ignore=left_out)
    for file in (ROOT / "pyproject.toml", *ROOT.glob("auditor__mypyc*")):
        shutil.copy2(file, tmp_path / file.name)
    return tmp_path


@needs_compiler
def test_what_is_compiled_finds_in_a_thousand_texts_what_its_source_finds() -> None:
    compiled, written = said(READ), said(READ, as_written=True)

    assert (compiled[0], written[0]) == ("True", "False")
    assert sum(line != "()" for line in compiled) > 60, "the texts hold too little to tell"
    assert compiled[1:] == written[1:]


@needs_compiler
def test_what_was_compiled_runs_where_nothing_was_changed_since(tree: Path) -> None:
    assert said(WHICH, tree) == ["True False False"]


@needs_compiler
@pytest.mark.parametrize(
    "changed", ["auditor/roster/marks.py", "auditor/detect/words/letters.py", "auditor/masking.py"]
)
def test_where_a_source_was_changed_since_all_sources_run(tree: Path, changed: str) -> None:
    (tree / changed).touch()

    assert said(WHICH, tree) == ["False True True"]


@needs_compiler
def test_whatever_is_compiled_is_held_to_its_source() -> None:
    compiled = {file.parent for file in (ROOT / "auditor").rglob(f"*{EXTENSION_SUFFIXES[0]}")}

    assert compiled == {(ROOT / "auditor" / folder).resolve() for folder in _FOLDERS}


@needs_compiler
def test_without_the_library_that_it_is_in_nothing_compiled_runs(tree: Path) -> None:
    for library in tree.glob("auditor__mypyc*"):
        library.unlink()

    assert said(ALONE + WHICH, tree) == ["False True True"]


def test_the_doctor_tells_whether_texts_are_read_by_what_was_compiled() -> None:
    (reading,) = [line for line in machine() if line.what == "reading"]

    assert reading.well
    assert reading.found.startswith("compiled" if is_compiled() else "as it is written")
    assert bool(reading.remedy) is not is_compiled()
