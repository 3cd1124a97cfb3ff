"""Compiles what looks at every word of a text, from the same source that is run where there is no C compiler.

mypyc does it, by the types that the source has anyway. The rest is not compiled: it waits for servers and for disks.
Without a compiler the program finds the same and says the same; it only takes longer to read.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

BUILDS = {"bdist_wheel", "build_ext", "editable_wheel"}
"""What setuptools is asked for when it is to compile; it runs this file for other reasons as well."""
WHOLE = ("auditor/detect", "auditor/detect/words", "auditor/roster")
SINGLE = ("auditor/masking.py", "auditor/vicinity.py")
NOT_WORTH_IT = {"archive", "build", "intake", "models", "oneroster", "tables"}
"""What loads a detector that a district installed, or reads the files of a roster once a term."""


def sources() -> Iterator[str]:
    """The files that are compiled."""
    for folder in WHOLE:
        yield from (file.as_posix() for file in sorted(Path(folder).glob("*.py")) if file.stem not in NOT_WORTH_IT)
    yield from SINGLE


def extensions() -> list[Extension]:
    """What is to be built. It may fail: nothing but time is lost."""
    try:
        from mypyc.build import mypycify
    except ImportError:
        return []
    options = ["--ignore-missing-imports", "--no-warn-unused-ignores"]
    try:
        # One file of C for each of ours, and -O1: half the time to compile, and hardly slower.
        found = mypycify([*options, *sources()], opt_level="1", debug_level="0", multi_file=True, group_name="auditor")
    except SystemExit:
        print("not compiled: mypy finds faults in what would be")
        return []
    for extension in found:
        extension.optional = True
    return found


class Build(build_ext):
    """Leaves nothing in the tree that was compiled from another source than stands there."""

    failed = False

    def build_extension(self, ext: Any) -> None:
        try:
            super().build_extension(ext)
        except BaseException:
            self.failed = True
            raise

    def copy_extensions_to_source(self) -> None:
        if not self.failed:
            super().copy_extensions_to_source()
        for extension in self.extensions:
            file = Path(self._get_inplace_equivalent(self.get_finalized_command("build_py"), extension)[0])
            if self.failed:
                file.unlink(missing_ok=True)
            else:
                os.utime(file)  # newer than its source, though a remark there changed nothing: see auditor/compiled.py


setup(ext_modules=extensions() if BUILDS & set(sys.argv) else [], cmdclass={"build_ext": Build})
