"""How much memory an audit holds at its peak, with all processes that it starts: a small site beside a large one.

    python -m benchmarks.memory [--sizes 2000,10000]

Every check that is built judges every page (see `audit.py`); no browser is started. Memory that processes share counts
once. It is read from /proc, so this runs on Linux only.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.audit import audit, sites

SIZES: Final = "2000,10000"


def main(words: Sequence[str]) -> int:
    """Audits a site of each size and prints the peaks and the ratio of the last to the first."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default=SIZES, help="pages of each site, split by commas")
    sizes = [int(size) for size in parser.parse_args(words).sizes.split(",")]
    print(f"{'pages':>7}{'peak MB':>9}{'wall s':>9}{'CPU s':>9}{'ms CPU/page':>13}")
    peaks = []
    for pages in sizes:
        with tempfile.TemporaryDirectory() as scratch, sites(Path(scratch), 1, pages) as (urls, _):
            cost = audit(Path(scratch), urls, pages)
        peaks.append(cost.peak)
        print(f"{pages:>7,}{cost.peak:>9.0f}{cost.wall:>9.1f}{cost.cpu:>9.1f}{1000 * cost.cpu / pages:>13.2f}")
    print(f"\npeak memory, {sizes[-1]:,} pages / {sizes[0]:,} pages: {peaks[-1] / peaks[0]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
