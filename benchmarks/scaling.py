"""A whole audit by one process and by two, on a district of 20 hosts: what the second one gains.

    python -m benchmarks.scaling [--hosts 20] [--pages 250] [--rounds 2] [--workers 1,2]

Every check that is built judges every page, against a roster of 10,000 invented students, with no delay and without a
browser. Each host has pages of its own: what two hosts say alike, one process need understand only once. The numbers of
processes take turns, and of each the best round counts. The machine must have two cores to itself: the website's server
takes a little of them, too.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks import process, school_site
from benchmarks.audit import DEADLINE, write_config
from benchmarks.process import Cost

NET: Final = "127.93.0"
ACCOUNT: Final = """
[[schools]]
id = "school-{n}"
name = "School {n}"
grades = "6-11"
website = "{url}"

[[accounts]]
id = "site-{n}"
school = "school-{n}"
kind = "official"
platform = "website"
url = "{url}"
owner = "Dana Reyes"
logos = ["seal"]
"""


def main(words: Sequence[str]) -> int:
    """Runs them in turns and prints what each took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--pages", type=int, default=250)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--workers", default="1,2")
    asked = parser.parse_args(words)
    hosts = [f"{NET}.{n + 1}" for n in range(asked.hosts)]
    numbers = [int(number) for number in asked.workers.split(",")]
    costs: dict[int, list[Cost]] = {number: [] for number in numbers}
    with tempfile.TemporaryDirectory() as scratch:
        site = Path(scratch) / "site"
        for n, host in enumerate(hosts):
            school_site.write_site(site / host, asked.pages, n)
        with school_site.serving(site, hosts) as url:
            for _ in range(asked.rounds):
                for number in numbers:
                    costs[number].append(audit(Path(scratch), [url.replace(hosts[0], host) for host in hosts], number))
    _tell(costs, asked.hosts * asked.pages)
    return 0


def audit(scratch: Path, urls: Sequence[str], workers: int) -> Cost:
    """One whole audit in a new folder by so many processes, the roster loaded beforehand."""
    folder = Path(tempfile.mkdtemp(dir=scratch))
    config = Path(write_config(folder, urls[0], 1_000))
    more = "".join(ACCOUNT.format(n=n, url=url) for n, url in enumerate(urls[1:], 1))
    config.write_text(f"{config.read_text('utf-8')}{more}\n[engine]\nworkers = {workers}\n", "utf-8")
    auditor = [sys.executable, "-m", "auditor"]
    process.run([*auditor, "roster", "import", str(folder / "roster"), "--config", str(config)], deadline=DEADLINE)
    cost = process.run([*auditor, "audit", "--config", str(config)], deadline=DEADLINE)
    shutil.rmtree(folder)
    return cost


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
