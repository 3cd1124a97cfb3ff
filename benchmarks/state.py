"""A state's audit by simulation: every account is planned, read from memory, judged, stored and concluded.

    python -m benchmarks.state [--sizes 10000,100000] [--pages 3]

Only the web is made up: what a crawl would fetch comes from a few sentences. Registry, clock, plan, shards, judge and
store are the real ones, in one process. What counts is that memory does not grow with the number of accounts as pages
do, and that the plan is made within a minute.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Final

import psutil

import auditor.audit
from auditor import store, weekly
from auditor.desk import Desk
from auditor.engine.executor import Executor, InProcess
from auditor.engine.ledger import Ended
from auditor.engine.runner import tidied
from auditor.engine.shard import Shard
from auditor.engine.stages import Stages
from auditor.enrolment import current
from auditor.model import Account, Document, Link, Passage
from auditor.preflight import load_for_audit
from auditor.store.rows import Audit as AuditRow
from auditor.terms import Terms
from benchmarks import process
from spiders.reading import Assignment, Trace

MB: Final = 1 << 20
DEADLINE: Final = 7_200
WORKERS: Final = 4
"""Processes that the plan is made for."""
WANTED_PLAN: Final = 60
MEGABYTES: Final = ("ready MB", "work MB", "store MB")
"""Memory when the plan is made, most of it the registry; what the work takes beyond that; and the store."""
ACCOUNTS_A_SCHOOL: Final = 20
CONFIG: Final = """
[district]
name = "State of Riverbend"
policy = "mcps"
timezone = "America/Denver"
data = "data/"
registry = "accounts.csv"

[crawl]
contact = "tech@riverbend.example"
render = "never"
"""
SCHOOL: Final = """
[[schools]]
id = "s{n}"
name = "School {n}"
grades = "6-8"
website = "https://a{first}.example/"
"""
NEWS: Final = (
    "The garden club meets on Tuesday after school in room 12. Bring gloves and a hat.",
    "Lunch menus for the week are on the board beside the office. Questions: office@riverbend.example.",
    "Our spring concert begins at seven. Doors open half an hour earlier, and parking is behind the gym.",
    "Call Ms. Reyes on 406-721-0144 about the bus, or write to dreyes@mail.example by Friday.",
)


def main(words: Sequence[str]) -> int:
    """Simulates each size in a process of its own, and prints what it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.state", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="10000,100000", help="accounts of each state, split by commas")
    parser.add_argument("--pages", type=int, default=3, help="pages of each account")
    parser.add_argument("--simulate", metavar="FOLDER", help=argparse.SUPPRESS)
    asked = parser.parse_args(words)
    if asked.simulate:
        print(json.dumps(simulate(Path(asked.simulate), asked.pages)))
        return 0
    print("".join(f"{head:>10}" for head in ("accounts", "ready s", "plan s", "shards", "CPU s", *MEGABYTES)))
    grown = []
    for size in map(int, asked.sizes.split(",")):
        with tempfile.TemporaryDirectory() as scratch:
            write_state(Path(scratch), size)
            command = [sys.executable, "-m", "benchmarks.state", "--simulate", scratch, "--pages", str(asked.pages)]
            cost = process.run(command, deadline=DEADLINE)
        told = json.loads(cost.said.splitlines()[-1])
        grown.append(told["work_mb"])
        row = f"{size:>10,}{told['ready']:>10.1f}{told['plan']:>10.1f}{told['shards']:>10,}{cost.cpu:>10.0f}"
        print(f"{row}{told['ready_mb']:>10.0f}{told['work_mb']:>10.0f}{told['store_mb']:>10.0f}")
    print(
        f"\nmemory that the work itself takes, last / first: {grown[-1] / grown[0]:.2f}; plan: at most {WANTED_PLAN} s"
    )
    return 0


def write_state(folder: Path, accounts: int) -> None:
    """A state whose every school has twenty accounts, each on a host of its own."""
    several = range(-(-accounts // ACCOUNTS_A_SCHOOL))
    schools = "".join(SCHOOL.format(n=n, first=n * ACCOUNTS_A_SCHOOL) for n in several)
    (folder / "config.toml").write_text(CONFIG + schools, "utf-8")
    rows = (
        f"a{n},s{n // ACCOUNTS_A_SCHOOL},official,website,https://a{n}.example/,Dana Reyes,Superintendent,2026-08-15\n"
        for n in range(accounts)
    )
    head = "id,school,kind,platform,url,owner,approved_by,approved_on\n"
    (folder / "accounts.csv").write_text(head + "".join(rows), "utf-8")


def simulate(folder: Path, pages: int) -> dict[str, float]:
    """One weekly audit of that state, from its slot to its conclusion."""
    begin = time.perf_counter()
    config = load_for_audit(folder / "config.toml")
    with store.open(config) as memory:
        now = datetime.now(UTC)
        slot = weekly.claim(memory, weekly.Rhythm.of(config), now)
        assert slot is not None
        roster = current(config, memory, now.date(), now, _silent)
        audit = _Audit(config, memory, roster, _silent)
        _Stages.pages = pages
        begun = time.perf_counter()
        with weekly.running(memory, slot):
            result = audit.run(config.district.accounts, auditor.audit.SCHEDULE)
        assert result.accounts == len(config.district.accounts)
        assert result.documents == pages * result.accounts
    size = sum(file.stat().st_size for file in (folder / "data").rglob("*") if file.is_file())
    executor = audit.executor
    return {
        "ready": begun - begin,
        "plan": executor.planned - begun,
        "shards": executor.shards,
        "ready_mb": executor.ready / MB,
        "work_mb": (executor.most - executor.ready) / MB,
        "store_mb": size / MB,
    }


class _Audit(auditor.audit.Audit):
    """An audit whose shards are done here, one after the other, in pieces as processes would get them."""

    executor: "_Here"

    def _executor(self, terms: Terms, audit: AuditRow, _left: Sequence[Account], *, asked: bool) -> Executor:
        assert not asked, "the weekly audit is asked for by nobody"
        stages = _Stages(self.config, self.store, self.roster, terms, audit, self.now, self.tell, asked=asked)
        self.executor = _Here(tidied(stages.do))
        return self.executor


class _Stages(Stages):
    """Stages whose pages are made up."""

    pages = 0

    async def _read(self, assignments: Sequence[Assignment], desk: Desk) -> None:
        for assignment in assignments:
            for n in range(self.pages):
                document = _page(assignment.account, n)
                content = blake2b(document.url.encode(), digest_size=16).digest()
                desk.saw(assignment.account.id, document, Trace(body=content, content=content))
        await asyncio.sleep(0)


def _page(account: Account, number: int) -> Document:
    """One of an account's pages: every account's third one tells a private number."""
    url = account.url if not number else f"{account.url}news-{number}.html"
    links = tuple(Link(f"{account.url}news-{n}.html", "older news", "a") for n in range(1, number))
    text = f"{NEWS[number % len(NEWS)]} This is page {number} of {account.id}."
    return Document(url, (Passage(text),), links, title=f"News {number}", depth=min(number, 1))


class _Here(InProcess):
    workers = WORKERS
    planned = 0.0
    ready = 0
    most = 0
    shards = 0

    def run(self, shards: Iterable[Shard]) -> Iterator[Ended]:
        several = list(shards)
        self.shards += len(several)
        if not self.planned:
            self.planned = time.perf_counter()
            self.ready = psutil.Process().memory_info().rss
        for end in super().run(several):
            self.most = max(self.most, psutil.Process().memory_info().rss)
            yield end


def _silent(_words: str) -> None:
    """Nobody listens."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
