"""Where a handle answers, and what it costs: ours beside sherlock and maigret, on the same sites, in one run.

    python -m benchmarks.footprint             worlds A and B
    python -m benchmarks.footprint B           the second one only
    python -m benchmarks.footprint --missed    after each table what each tool got wrong, by kind of site
    python -m benchmarks.footprint --self-test  the manifests under AUDITOR_BENCH_DATA load, and their sites answer as
                                                they say, on loopback

Each tool is asked for a handle that a third of all sites has, and for one that nobody has, a run for each; ours once
more for both in one run. All wait for an answer for as long, and use what else they have as it comes. `sherlock` and
`maigret` are looked for on the PATH; which is not there is left out.
"""

import asyncio
import csv
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from auditor.footprint.handles.manifest import load
from auditor.footprint.handles.site import HANDLE, Marks, Site
from benchmarks import handle_manifests
from benchmarks.handle_kinds import HANDLES, NOBODY, Planted
from benchmarks.handle_world import World, world
from spiders.handles import ProbeOptions, Tested, self_test
from spiders.settings import Manners

PATIENCE: Final = 10
ASKED: Final = (HANDLES[0], NOBODY)
FOUND: Final = "found"
REAL: Final = ("WhatsMyName/wmn-data.json", "sherlock/data.json")

Said = Mapping[tuple[str, str], str]
"""What a tool said of a site and handle: "found", "not found", or anything else."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a tool said, and what it took for each handle: seconds, CPU seconds, requests."""

    said: Said
    wall: float
    cpu: float
    requests: float


Tool = Callable[[Path, Sequence[str], Path], Said]
"""Asks for handles, given a folder with all manifests and one of its own."""


def main(words: Sequence[str]) -> int:
    """Prints a table for each world."""
    if "--self-test" in words:
        return _real()
    names = [word for word in words if word in ("A", "B")] or ["A", "B"]
    for name in names:
        with world(name) as sites, tempfile.TemporaryDirectory() as folder:
            _write(Path(folder), sites.sites)
            runs = {tool: _measured(sites, ask, Path(folder), handles) for tool, ask, handles in _tools()}
        print(f"\nworld {name}: {len(sites.sites)} sites\n")
        _print(sites.sites, runs)
        if "--missed" in words:
            for tool, run in runs.items():
                print(f"\n{tool}: {', '.join(_wrong(sites.sites, run)) or 'nothing'}")
    return 0


def _tools() -> Iterator[tuple[str, Tool, Sequence[Sequence[str]]]]:
    singly = [(handle,) for handle in ASKED]
    yield "auditor probe", ours, singly
    yield "… both in one run", ours, [ASKED]
    yield "… sherlock's manifest", ours_by_sherlock, singly
    if shutil.which("sherlock"):
        yield "sherlock", sherlock, singly
    if shutil.which("maigret"):
        yield "maigret", maigret, singly


def ours(folder: Path, handles: Sequence[str], _: Path) -> Said:
    """`auditor probe`."""
    return _probe(folder / "whatsmyname.json", handles)


def ours_by_sherlock(folder: Path, handles: Sequence[str], _: Path) -> Said:
    """`auditor probe` with sherlock's manifest, which says less."""
    return _probe(folder / "sherlock.json", handles)


def _probe(manifest: Path, handles: Sequence[str]) -> Said:
    asked = [word for handle in handles for word in ("--handle", handle)]
    options = ["--manifest", str(manifest), "--allow-network", "127.0.0.0/8", "--timeout", str(PATIENCE)]
    out = _run([sys.executable, "-m", "auditor", "probe", *options, *asked])
    return {(row["site"], row["handle"]): row["verdict"] for row in map(json.loads, out.splitlines())}


def sherlock(folder: Path, handles: Sequence[str], own: Path) -> Said:
    """sherlock, with all that keeps it off the network."""
    options = ["--json", str(folder / "sherlock.json"), "--ignore-exclusions", "--timeout", str(PATIENCE)]
    said: dict[tuple[str, str], str] = {}
    for handle in handles:
        _run(["sherlock", *options, "--csv", "--print-all", "--no-color", handle], own)
        with (own / f"{handle}.csv").open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                said[row["name"], handle] = {"Claimed": FOUND, "Available": "not found"}.get(row["exists"], "")
    return said


def maigret(folder: Path, handles: Sequence[str], own: Path) -> Said:
    """maigret, with all that keeps it off the network. What it finds alone is told."""
    options = ["--db", str(folder / "maigret.json"), "--no-autoupdate", "--all-sites", "--timeout", str(PATIENCE)]
    quiet = ["--no-progressbar", "--no-color", "--no-recursion", "--no-extracting", "-J", "ndjson", "-fo", str(own)]
    said: dict[tuple[str, str], str] = {}
    for handle in handles:
        _run(["maigret", *options, *quiet, handle], own)
        for file in own.glob("report_*_ndjson.json"):
            for line in file.read_text("utf-8").splitlines():
                row = json.loads(line)
                said[row["sitename"], handle] = FOUND if row["status"]["status"] == "Claimed" else ""
    return said


def _run(command: Sequence[str], folder: Path | None = None) -> str:
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=folder)
    return done.stdout


def _write(folder: Path, sites: Sequence[Planted]) -> None:
    for name in ("whatsmyname", "sherlock", "maigret"):
        described = getattr(handle_manifests, name)(sites)
        (folder / f"{name}.json").write_text(json.dumps(described), "utf-8")


def _measured(sites: World, ask: Tool, folder: Path, runs: Sequence[Sequence[str]]) -> Run:
    """The tool's runs, each on sites that forgot the one before."""
    said: dict[tuple[str, str], str] = {}
    requests, count = 0, sum(map(len, runs))
    before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), 0.0
    for handles in runs:
        sites.start_over()
        with tempfile.TemporaryDirectory() as own:
            started = time.monotonic()
            said |= ask(folder, handles, Path(own))
            wall += time.monotonic() - started
        requests += sites.requests
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(said, wall / count, cpu / count, requests / count)


def _print(sites: Sequence[Planted], runs: Mapping[str, Run]) -> None:
    print(_row("tool", "precision", "recall", "ghosts", "missed", "requests/site", "wall s", "CPU s"))
    for tool, run in runs.items():
        found = [(site, handle) for site in sites for handle in ASKED if run.said.get((site.name, handle)) == FOUND]
        right = [site for site, handle in found if site.has(handle)]
        there = [site for site in sites if site.kind.knowable and site.has(ASKED[0])]
        seen = sum(run.said.get((site.name, ASKED[0])) == FOUND for site in there)
        silent = sum(run.said.get((site.name, ASKED[0])) == "not found" for site in sites if site.has(ASKED[0]))
        ghosts = sum(handle == NOBODY for _, handle in found)
        judged = (f"{len(right) / max(1, len(found)):.3f}", f"{seen / len(there):.3f}", str(ghosts), str(silent))
        cost = (f"{run.requests / len(sites):.2f}", f"{run.wall:.1f}", f"{run.cpu:.2f}")
        print(_row(tool, *judged, *cost))
    one = runs["auditor probe"]
    for peer, what in (("sherlock", "wall"), ("maigret", "CPU")):
        if peer in runs:
            other = runs[peer]
            ratio = one.wall / other.wall if what == "wall" else one.cpu / other.cpu
            print(f"{what} of ours to {peer}'s: {ratio:.2f}")


def _wrong(sites: Sequence[Planted], run: Run) -> Iterator[str]:
    wrong = Counter[str]()
    for site in sites:
        for handle in ASKED:
            found = run.said.get((site.name, handle)) == FOUND
            if found and not site.has(handle):
                wrong[f"invented: {site.kind.name}"] += 1
            elif site.has(handle) and site.kind.knowable and not found:
                wrong[f"missed: {site.kind.name}"] += 1
    return (f"{count} {what}" for what, count in wrong.most_common())


def _row(*cells: str) -> str:
    return f"{cells[0]:<22}" + "".join(f"{cell:>14}" for cell in cells[1:])


# ------------------------------------------------------------------------------------------------ real manifests


def _real() -> int:
    """Loads the real manifests, and tests their sites on a server that answers as each of them says."""
    data = Path(os.environ.get("AUDITOR_BENCH_DATA", ""))
    for name in REAL:
        file = data / name
        if not file.is_file():
            print(f"{name}: not there")
            continue
        started = time.process_time()
        sites = load(file).sites
        loaded = time.process_time() - started
        told = asyncio.run(_tested([site for site in sites if not site.refused]))
        good = sum(tested.works for tested in told)
        print(f"{name}: {len(sites)} sites load in {loaded:.2f} s of CPU; {good} of {len(told)} pass their self-test")
        for why, count in Counter(tested.why for tested in told if not tested.works).most_common():
            print(f"  {count}: {why}")
    return 0


async def _tested(sites: Sequence[Site]) -> list[Tested]:
    told: list[Tested] = []
    obedient = _Obedient()
    async with await asyncio.start_server(obedient.connected, "127.0.0.1", 0, backlog=512) as server:
        home = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        obedient.sites = [_moved(site, f"{home}/{number}") for number, site in enumerate(sites)]
        options = ProbeOptions(Manners(delay=0, deadline=PATIENCE, allow_networks=("127.0.0.0/8",)))
        await self_test(obedient.sites, options, told.append)
    return told


def _moved(site: Site, home: str) -> Site:
    """The site at another address. What it is told apart by stays as it is."""
    place = site.marks.no_place and f"{home}/nobody"
    return replace(
        site,
        url=home if site.body and HANDLE not in site.url else f"{home}/{HANDLE}",
        shown=f"{home}/{HANDLE}",
        marks=replace(site.marks, no_place=place),
    )


class _Obedient:
    """Answers for every site exactly as its manifest says: one way for known handles, another for all others."""

    def __init__(self) -> None:
        self.sites: Sequence[Site] = ()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(EOFError, OSError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                length = re.search(r"content-length: *(\d+)", head, re.IGNORECASE)
                body = (await reader.readexactly(int(length[1]))).decode() if length else ""
                path = head.split(" ", 2)[1]
                writer.write(_answer(self.sites[int(path.split("/")[1])], unquote(path + body)))
                await writer.drain()
        writer.close()


def _answer(site: Site, asked: str) -> bytes:
    marks = site.marks
    spelled = ("".join(c for c in known if c not in site.dropped) for known in site.known)
    if (somebody := next((known for known in spelled if known in asked), None)) is not None:
        page = f"<title>{somebody}</title>{marks.yes_text or 'somebody'}"
        return _http(_first(marks.yes_codes, 200), page, "/1")
    return _nobody(marks)


def _nobody(marks: Marks) -> bytes:
    if marks.no_place:
        return _http(302, "", marks.no_place)
    status = _first(marks.no_codes, 200 if marks.no_texts or marks.yes_text else 404)
    return _http(status, f"<p>{marks.no_texts[0] if marks.no_texts else '-'}</p>", "/")


def _first(codes: Iterable[int] | None, other: int) -> int:
    return min(codes or (), default=other)


def _http(status: int, text: str, place: str) -> bytes:
    body = b"" if status in (204, 304) else text.encode()
    where = f"Location: {place}\r\n" if 300 <= status < 400 else ""
    return f"HTTP/1.1 {status} -\r\n{where}Content-Length: {len(body)}\r\n\r\n".encode() + body


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
