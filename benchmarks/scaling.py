"""A whole audit by one process and by two, on a district of 20 hosts: what the second one gains.

    python -m benchmarks.scaling [--hosts 20] [--pages 250] [--rounds 2] [--workers 1,2]

Every check that is built judges every page, against a roster of 10,000 invented students, with no delay and without a
browser. The numbers of processes take turns, and of each the best round counts. The machine must have two cores to
itself: the website's server takes a little of them, too.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.audit import audit, sites
from benchmarks.process import Cost


def main(words: Sequence[str]) -> int:
    """Runs them in turns and prints what each took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--pages", type=int, default=250)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--workers", default="1,2")
    asked = parser.parse_args(words)
    numbers = [int(number) for number in asked.workers.split(",")]
    costs: dict[int, list[Cost]] = {number: [] for number in numbers}
    with tempfile.TemporaryDirectory() as scratch, sites(Path(scratch), asked.hosts, asked.pages) as (urls, _):
        for _round in range(asked.rounds):
            for number in numbers:
                costs[number].append(audit(Path(scratch), urls, asked.pages, number))
    _tell(costs, asked.hosts * asked.pages)
    return 0


def _tell(costs: dict[int, list[Cost]], pages: int) -> None:
    first = min(cost.wall for cost in next(iter(costs.values())))
    print(f"{pages:,} pages\n\n| processes | seconds | pages/s | against the first | CPU ms/page | peak MB |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    for number, found in costs.items():
        wall, cpu = min(cost.wall for cost in found), min(cost.cpu for cost in found)
        peak = max(cost.peak for cost in found)
        told = (
            f"{wall:.1f}",
            f"{pages / wall:,.0f}",
            f"{first / wall:.2f}",
            f"{cpu / pages * 1000:.2f}",
            f"{peak:,.0f}",
        )
        print(f"| {number} | {' | '.join(told)} |")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
