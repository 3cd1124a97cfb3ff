"""Reads the site that is named, and prints what became of its pages, and the most memory that it took, in MiB."""

import sys
from dataclasses import replace
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.visits import OPTIONS, visit


def peak() -> int:
    """The most that this process ever took, in bytes."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    status = Path("/proc/self/status")
    if status.is_file():
        # Not what `getrusage` says: there the process that started this one counts, too.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


if __name__ == "__main__":
    # Two at a time, as whoever crawls with good manners asks for them.
    notes = visit(sys.argv[1], replace(OPTIONS, delay=0.01, page_deadline=10.0))
    for url, blind in sorted(notes.gaps):
        print(f"/{url.removeprefix(sys.argv[1])}: {blind.what}")
    print(peak() // 1024**2)
