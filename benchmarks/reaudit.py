"""What the next audit of a site costs of which one page in a hundred changed, beside the first: processor time, bytes.

    python -m benchmarks.reaudit [--pages 20000] [--changed 0.01]

The pages are a month old. Each changed page names one more student, and a change counts as found where that is told.
The second audit is one that somebody asked for: no link rests. Bytes are those that the server sent, headers and all.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from benchmarks import process, school_site
from benchmarks.audit import DEADLINE, write_config
from benchmarks.process import Cost

PAGES: Final = 20_000
CHANGED: Final = 0.01
MONTH: Final = 30 * 24 * 3600
HOUR: Final = 3600
"""Seconds by which a change lies back: what changed within the last minute, no server can be asked about."""
OFFSET: Final = 7
"""So that no page is changed which names students as it is."""


def main(words: Sequence[str]) -> int:
    """Audits a site, changes some of its pages, audits it again; prints what each took, and the ratios."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reaudit", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--changed", type=float, default=CHANGED, help="the share of the pages that changes")
    asked = parser.parse_args(words)
    if not school_site.nginx():
        parser.error("it needs nginx: the small server beside it knows no conditional requests")
    with tempfile.TemporaryDirectory() as scratch:
        site, log = Path(scratch) / "site", Path(scratch) / "sent"
        school_site.write_site(site, asked.pages)
        _age(site.rglob("*"), MONTH)
        with school_site.serving(site, log=log) as url:
            config = write_config(Path(scratch), url, asked.pages)
            _auditor("roster", "import", str(Path(scratch) / "roster"), "--config", config)
            first, sent = _audit(config, log)
            before = _named(config)
            changed = _change(site, asked.pages, asked.changed)
            second, sent_again = _audit(config, log)
            named = _named(config)
    found = {urljoin(url, page) for page in changed} & (named - before)
    print(f"{asked.pages:,} pages of {school_site.PAGE_BYTES // 1000} KB, {len(changed):,} of them changed\n")
    print(f"{'audit':<8}{'wall s':>9}{'CPU s':>9}{'ms CPU/page':>13}{'MB sent':>9}{'peak MB':>9}")
    for name, cost, size in (("first", first, sent), ("second", second, sent_again)):
        rate = 1000 * cost.cpu / asked.pages
        print(f"{name:<8}{cost.wall:>9.1f}{cost.cpu:>9.1f}{rate:>13.2f}{size / 1e6:>9.2f}{cost.peak:>9.0f}")
    print(f"\nCPU, second / first: {second.cpu / first.cpu:.3f}")
    print(f"bytes, second / first: {sent_again / sent:.3f}")
    print(f"changes found: {len(found):,} of {len(changed):,}")
    ratios = {"CPU": round(second.cpu / first.cpu, 3), "bytes": round(sent_again / sent, 3)}
    print(json.dumps({**ratios, "found": len(found), "changed": len(changed)}), file=sys.stderr)
    return 0


def _auditor(*words: str) -> Cost:
    return process.run([sys.executable, "-m", "auditor", *words], deadline=DEADLINE)


def _audit(config: str, log: Path) -> tuple[Cost, int]:
    """What an audit cost, and how many bytes the server sent meanwhile."""
    start = log.stat().st_size
    cost = _auditor("audit", "--config", config)
    time.sleep(2 * school_site.LOGGED_AFTER)
    with log.open(encoding="ascii") as lines:
        lines.seek(start)
        return cost, sum(map(int, lines))


def _named(config: str) -> set[str]:
    """The pages on which students are named."""
    told = _auditor("findings", "--config", config, "--format", "jsonl").said.splitlines()
    rows = [json.loads(line) for line in told if line.startswith("{")]
    return {row["url"] for row in rows if row["rule"] == "student-name"}


def _change(site: Path, pages: int, share: float) -> list[str]:
    """Names another student on so many of the pages; gives their addresses below the site's."""
    students = school_site.students()
    changed = []
    for n in range(OFFSET, pages, max(1, round(1 / share))):
        path = school_site.address(n, pages)
        file = site / path.strip("/")
        given, family = students[n % len(students)]
        news = f"<p>{given} {family} won the spelling bee.</p>\n</main>"
        written = site / "written"
        written.write_text(file.read_text(encoding="utf-8").replace("</main>", news, 1), encoding="utf-8")
        _age([written], HOUR)
        shutil.move(written, file)
        changed.append(path)
    return changed


def _age(files: Iterable[Path], seconds: float) -> None:
    """Makes the files look as if they had last been written so long ago."""
    then = time.time() - seconds
    for file in files:
        os.utime(file, (then, then))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
