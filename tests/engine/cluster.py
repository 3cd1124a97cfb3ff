"""A Dask cluster of our own on loopback: a scheduler and workers, each a process that a test may kill."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from distributed import Client

ROOT = Path(__file__).parents[2]


class Cluster:
    """The running processes. `workers` are in the order in which they were started."""

    def __init__(self, folder: Path, protocol: str, settings: Mapping[str, str]) -> None:
        self.address = f"{protocol}://127.0.0.1:{_free_port()}"
        self._folder, self._protocol, self._settings = folder, protocol, settings
        self.workers: list[subprocess.Popen[bytes]] = []
        port = self.address.rpartition(":")[2]
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard", *self._spoken
        )

    def add_worker(self) -> "subprocess.Popen[bytes]":
        """One more worker, with one thread."""
        here = ("--host", "127.0.0.1", "--no-dashboard", "--no-nanny", "--nthreads", "1", *self._spoken)
        self.workers.append(self._start("worker", self.address, *here, "--local-directory", str(self._folder)))
        return self.workers[-1]

    def wait_for(self, workers: int) -> None:
        """Waits until so many workers have come."""
        with Client(self.address, timeout=30, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=30)

    def close(self) -> None:
        """Ends all of them."""
        for one in (*self.workers, self.scheduler):
            kill(one)

    @property
    def _spoken(self) -> tuple[str, str]:
        return "--protocol", self._protocol

    def _start(self, what: str, *words: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "dask", what, *words],
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "3",
                **self._settings,
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kills the process and its group, as the loss of a machine would."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextlib.contextmanager
def cluster(
    folder: Path, workers: int = 2, protocol: str = "tcp", settings: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Cluster]:
    """A cluster with so many workers, ready; `settings` are those of Dask, as its processes find them around them."""
    made = Cluster(folder, protocol, settings)
    try:
        for _ in range(workers):
            made.add_worker()
        if workers:
            made.wait_for(workers)
        yield made
    finally:
        made.close()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
