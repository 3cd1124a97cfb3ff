"""Link verdicts and their cost: ours beside linkchecker and linkinator, on planted links of known truth, in one run.

    python -m benchmarks.links            both tables
    python -m benchmarks.links 500        the second one with 500 addresses
    python -m benchmarks.links --missed   after the first table what each tool got wrong

The first table counts over 178 planted links of 89 kinds: those that are broken (to be found), those that are fine or
no links at all (not to be flagged), and those that are neither: pages that only seem to be there (to be flagged) and
pages that turn programs away (to be told apart from both). The second gives time and CPU seconds for many healthy
addresses on ten hosts.
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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.planted_links import HONEST, Planted, PlantedLinks, page
from spiders.browser_search import find

PATIENCE: Final = 5
"""Seconds that each tool waits for an answer; ours is told so by `--deadline`."""
MANY: Final = 2000
HOSTS: Final = tuple(f"127.77.1.{n}" for n in range(1, 11))

FLAGGED, FINE, APART = "flagged", "fine", "apart"
CONFIG: Final = """\
[checking]
timeout={patience}
threads=20
maxrequestspersecond=10000
sslverify={authority}
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


Tool = Callable[[str, Path], Run]
"""Looks at all links of the page with that address; the file holds the authority to believe in."""


def main(words: Sequence[str]) -> int:
    """Runs all tools that are there and prints both tables."""
    count = next((int(word) for word in words if word.isdigit()), MANY)
    tools = dict(_tools())
    with PlantedLinks() as web, tempfile.TemporaryDirectory() as folder:
        links = [link for link in web.links if link.core]
        authority = _readable(Path(folder), "authority.pem", web.authority.pem())
        runs = {}
        print(f"{len(links)} planted links\n")
        print(row("tool", "broken found", "false alarms", "no links", "seeming", "told apart", "wall s", "CPU s"))
        for name, tool in tools.items():
            web.start_over()
            runs[name] = run = tool(f"{web.place(HONEST)}/core", authority)
            print(row(name, *verdicts(links, run), f"{run.wall:.1f}", f"{run.cpu:.1f}"))
        if "--missed" in words:
            for name, run in runs.items():
                print(f"\n{name}: {', '.join(missed(links, run)) or 'nothing'}")
    with PlantedLinks(extra=HOSTS) as web, tempfile.TemporaryDirectory() as folder:
        authority = _readable(Path(folder), "authority.pem", web.authority.pem())
        index = plant_many(web, count)
        print(f"\n{count} healthy addresses on {len(HOSTS)} hosts\n")
        print(row("tool", "found fine", "links/s", "wall s", "CPU s", "CPU ms/link"))
        for name, tool in tools.items():
            run = tool(index, authority)
            fine = sum(said == FINE for said in run.said.values())
            cost = (f"{count / run.wall:.0f}", f"{run.wall:.1f}", f"{run.cpu:.1f}", f"{1000 * run.cpu / count:.2f}")
            print(row(name, str(fine), *cost))
    return 0


def _tools() -> Iterator[tuple[str, Tool]]:
    yield "auditor links", partial(ours, browser=False)
    if find() is not None:
        yield "… with browser", partial(ours, browser=True)
    if shutil.which("linkchecker"):
        yield "linkchecker", linkchecker
    if shutil.which("linkinator"):
        yield "linkinator", linkinator


def verdicts(links: Iterable[Planted], run: Run) -> tuple[str, ...]:
    """How many of each truth came out as they should not or should: as counts of all."""

    def share(truth: str, *said: str) -> str:
        of = [link for link in links if link.truth == truth]
        return f"{sum(run.said.get(link.url) in said for link in of)}/{len(of)}"

    return (
        share("broken", FLAGGED),
        share("fine", FLAGGED, APART),
        share("none", FLAGGED),
        share("suspicious", FLAGGED),
        share("blocked", APART),
    )


def missed(links: Iterable[Planted], run: Run) -> Iterator[str]:
    """What the tool got wrong, by name."""
    right: Mapping[str, set[str | None]] = {
        "broken": {FLAGGED},
        "suspicious": {FLAGGED},
        "fine": {FINE, None},
        "none": {FINE, APART, None},
        "blocked": {APART},
    }
    for link in links:
        said = run.said.get(link.url)
        if said not in right[link.truth]:
            yield f"{link.name} ({link.truth}: {said or 'not seen'})"


def ours(index: str, authority: Path, *, browser: bool) -> Run:
    """`auditor links --page`."""
    options = ["--allow-network", "127.77.0.0/16", "--delay", "0", "--deadline", str(PATIENCE)]
    options += [] if browser else ["--no-browser"]
    command = [sys.executable, "-m", "auditor", "links", *options, "--page", index]
    out, wall, cpu = measured(command, SSL_CERT_FILE=str(authority))
    kinds = {"broken": FLAGGED, "suspicious": FLAGGED, "blocked": APART}
    return Run({(r := json.loads(line))["url"]: kinds.get(r["verdict"], FINE) for line in out.splitlines()}, wall, cpu)


def linkchecker(index: str, authority: Path) -> Run:
    """LinkChecker with every flag that helps it: extern links, anchors, all links told. Its warnings count as flags."""
    with tempfile.TemporaryDirectory() as folder:
        config = _readable(Path(folder), "rc", CONFIG.format(patience=PATIENCE, authority=authority).encode())
        command = ["linkchecker", "-f", str(config), "--check-extern", "-r1", "-v", "-o", "csv", "--no-status", index]
        out, wall, cpu = measured(command)
    lines = (line for line in io.StringIO(out) if not line.startswith("#"))
    said: dict[str, str] = {}
    for entry in csv.DictReader(lines, delimiter=";"):
        flagged = entry.get("valid") == "False" or bool((entry.get("warningstring") or "").strip())
        # As it is written, and as it was understood: what is written may be relative.
        for url in (entry["urlname"], entry.get("url") or ""):
            said.setdefault(url, FLAGGED if flagged else FINE)
    return Run(said, wall, cpu)


def linkinator(index: str, authority: Path) -> Run:
    """linkinator with every flag that helps it: style sheets and anchors. What it skips is not flagged."""
    command = ["linkinator", index, "--format", "json", "--check-css", "--check-fragments", "--concurrency", "20"]
    out, wall, cpu = measured([*command, "--timeout", str(PATIENCE * 1000)], NODE_EXTRA_CA_CERTS=str(authority))
    try:
        links = json.loads(out[out.index("{") :])["links"]
    except (ValueError, KeyError):
        links = []  # it ended without a report
    return Run({link["url"]: FLAGGED if link["state"] == "BROKEN" else FINE for link in links}, wall, cpu)


def measured(command: Sequence[str], **more: str) -> tuple[str, float, float]:
    """The output of a command, its seconds, and its CPU seconds with those of all its children."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", **more}
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout, wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _readable(folder: Path, name: str, content: bytes) -> Path:
    """A file for a tool that, run by root, becomes somebody else."""
    file = folder / name
    file.write_bytes(content)
    folder.chmod(0o755)
    file.chmod(0o644)
    return file


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
