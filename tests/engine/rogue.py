"""A runner whose shards do what they are called, for tests of what stands around it. A real process of its own.

    ok            is done at once              eat            takes memory without end
    nap           takes half a second          spin           never ends, and hardly lets another thread of its own work
    sleep         never ends                   die            is killed
    child         starts a process and sleeps  fault          breaks by a fault of the program's own
    browse        a child takes the memory     mistake        tells what a person can put right

What it did is written to the folder that its setup calls the configuration: a line a thing, "began X pid" and "did X".
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from auditor.engine.messages import Setup
from auditor.engine.runner import Work, serve
from auditor.engine.shard import Shard
from auditor.errors import Mistake
from spiders.reactor import run

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
EATER = [sys.executable, "-c", "import time; held = bytearray(900 << 20); time.sleep(600)"]


@contextlib.contextmanager
def begin(setup: Setup, tell: Callable[[str], None]) -> Iterator[Work]:
    folder = Path(setup.config)
    if setup.basis == "foreign":
        raise Mistake("this machine has another roster")
    if setup.basis == "stillborn":
        os._exit(9)

    def note(words: str) -> None:
        with (folder / "notes.txt").open("a") as notes:
            notes.write(f"{words}\n")

    def work(shard: Shard) -> None:
        for thing in shard.things:
            note(f"began {thing} {os.getpid()}")
            DEEDS[thing.partition("-")[0]]()
            note(f"did {thing}")
            tell(f"{thing} is done")

    note(f"began the process {os.getpid()}")
    yield work


def eat() -> None:
    held = []
    while True:
        held.append(bytearray(50 << 20))
        time.sleep(0.05)


def spin() -> None:
    while True:
        sum(range(1_000_000))


def child() -> None:
    started = subprocess.Popen(SLEEPER)
    with Path(os.environ["ROGUE_CHILD"]).open("w") as file:
        file.write(str(started.pid))
    time.sleep(600)


def browse() -> None:
    subprocess.Popen(EATER)
    time.sleep(600)


def visit() -> None:
    """Waits as a crawl does, in the loop that crawls share."""

    async def wait() -> None:
        await asyncio.sleep(600)

    run(wait())


def mistake() -> None:
    raise Mistake("the disk is full")


def fault() -> None:
    raise KeyError("Ana Example, 406-555-0101")


DEEDS: dict[str, Callable[[], object]] = {
    "ok": lambda: None,
    "nap": lambda: time.sleep(0.5),
    "sleep": lambda: time.sleep(600),
    "eat": eat,
    "spin": spin,
    "die": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "child": child,
    "browse": browse,
    "visit": visit,
    "mistake": mistake,
    "fault": fault,
}

if __name__ == "__main__":
    sys.exit(serve(begin))
