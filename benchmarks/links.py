"""Link verdicts and their cost: ours beside linkchecker, on planted links of known truth, in one run.

    python -m benchmarks.links            both tables
    python -m benchmarks.links 500        the second one with 500 addresses

The first table counts, over all planted links, what each tool makes of those that are broken or only seem to be there
(to be flagged), of healthy ones (not to be flagged), and of those that turn programs away (to be told apart: neither
broken nor fine). The second gives time and CPU seconds for many healthy addresses on ten hosts.
"""

import csv
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.planted_links import HONEST, Planted, PlantedLinks, page

PATIENCE: Final = 5
"""Seconds that each tool waits for an answer; ours is told so by `--deadline`."""
MANY: Final = 2000
HOSTS: Final = tuple(f"127.77.1.{n}" for n in range(1, 11))

FLAGGED, FINE, APART = "flagged", "fine", "apart"
CONFIG: Final = f"""\
[checking]
timeout={PATIENCE}
threads=20
maxrequestspersecond=10000
[filtering]
checkextern=1
[AnchorCheck]
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What one tool said of each address, and what it cost."""

    said: Mapping[str, str]
    wall: float
    cpu: float


def main(words: Sequence[str]) -> int:
    """Runs both tools and prints both tables."""
    tools = {"auditor links": ours}
    if shutil.which("linkchecker"):
        tools["linkchecker"] = linkchecker
    with PlantedLinks() as web:
        index = f"{web.place(HONEST)}/"
        print(f"{len(web.links)} planted links\n")
        print(row("tool", "precision", "recall", "flagged", "false alarms", "told apart", "wall s", "CPU s"))
        for name, tool in tools.items():
            web.start_over()
            run = tool(index)
            print(row(name, *verdicts(web.links, run), f"{run.wall:.1f}", f"{run.cpu:.1f}"))
    count = int(words[0]) if words else MANY
    with PlantedLinks(extra=HOSTS) as web:
        index = plant_many(web, count)
        print(f"\n{count} healthy addresses on {len(HOSTS)} hosts\n")
        print(row("tool", "found fine", "links/s", "wall s", "CPU s", "CPU ms/link"))
        for name, tool in tools.items():
            run = tool(index)
            fine = sum(said == FINE for said in run.said.values())
            cost = (f"{count / run.wall:.0f}", f"{run.wall:.1f}", f"{run.cpu:.1f}", f"{1000 * run.cpu / count:.2f}")
            print(row(name, str(fine), *cost))
    return 0


def verdicts(links: Iterable[Planted], run: Run) -> tuple[str, ...]:
    """Precision and recall of what was flagged, and the counts behind them."""
    bad = [link for link in links if link.truth in ("broken", "suspicious")]
    good = [link for link in links if link.truth in ("fine", "none", "blocked")]
    blocked = [link for link in links if link.truth == "blocked"]
    found = sum(run.said.get(link.url) == FLAGGED for link in bad)
    false = sum(run.said.get(link.url) == FLAGGED for link in good)
    apart = sum(run.said.get(link.url) == APART for link in blocked)
    precision = found / (found + false) if found + false else 0.0
    return (
        f"{precision:.2f}",
        f"{found / len(bad):.2f}",
        f"{found}/{len(bad)}",
        f"{false}/{len(good)}",
        f"{apart}/{len(blocked)}",
    )


def ours(index: str) -> Run:
    """`auditor links --page`."""
    options = ["--allow-network", "127.77.0.0/16", "--delay", "0", "--deadline", str(PATIENCE), "--no-browser"]
    out, wall, cpu = measured([sys.executable, "-m", "auditor", "links", *options, "--page", index])
    kinds = {"broken": FLAGGED, "suspicious": FLAGGED, "blocked": APART}
    return Run({(r := json.loads(line))["url"]: kinds.get(r["verdict"], FINE) for line in out.splitlines()}, wall, cpu)


def linkchecker(index: str) -> Run:
    """LinkChecker with every flag that helps it: extern links, anchors, all links told. Its warnings count as flags."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "rc"
        config.write_text(CONFIG)
        for path in (Path(folder), config):
            path.chmod(0o755)  # run by root it becomes somebody else
        command = ["linkchecker", "-f", str(config), "--check-extern", "-r1", "-v", "-o", "csv", "--no-status", index]
        out, wall, cpu = measured(command)
    lines = (line for line in io.StringIO(out) if not line.startswith("#"))
    said: dict[str, str] = {}
    for entry in csv.DictReader(lines, delimiter=";"):
        flagged = entry.get("valid") == "False" or bool((entry.get("warningstring") or "").strip())
        said[entry["urlname"]] = FLAGGED if flagged else FINE
    return Run(said, wall, cpu)


def measured(command: Sequence[str]) -> tuple[str, float, float]:
    """The output of a command, its seconds, and its CPU seconds with those of all its children."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"})
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout, wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def plant_many(web: PlantedLinks, count: int) -> str:
    """Serves so many pages and one that links to them all; the address of the latter."""
    article = page("<title>Page</title><h1>Page</h1><p>" + "The garden club watered the beans again. " * 100)
    for n in range(count):
        web.serve(HOSTS[n % len(HOSTS)], f"/page/{n}", article)
    links = (f"<a href='{web.place(HOSTS[n % len(HOSTS)])}/page/{n}'>{n}</a>" for n in range(count))
    web.serve(HONEST, "/many", page("<title>Many</title>" + " ".join(links)))
    return f"{web.place(HONEST)}/many"


def row(*cells: str) -> str:
    """One line of a table."""
    return "  ".join(f"{cell:<14}" for cell in cells).rstrip()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
