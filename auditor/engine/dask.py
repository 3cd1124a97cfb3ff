"""Shards done on a Dask cluster: each worker has runners of its own, as this machine would.

What travels is the name of a function that is installed on every machine, and shards, which hold names and addresses.
The store is PostgreSQL, to which each runner writes itself; nothing comes back but how a shard ended.
"""

import contextlib
import itertools
import logging
import queue
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from distributed import Client, Future, KilledWorker, Security, Worker, get_worker

from auditor.engine.executor import settled
from auditor.engine.ledger import Ended, Ledger
from auditor.engine.messages import Said, Setup
from auditor.engine.process import PROGRAM, Outcome, Pool
from auditor.engine.shard import Shard
from auditor.engine.watch import Limits
from auditor.errors import Mistake, Stopped
from spiders.reactor import asked_to_stop

ANSWERS: Final = 5.0
"""Seconds in which a scheduler has to answer."""
BEAT: Final = 2.0
"""Seconds between two signs of life that the workers are given."""
SILENCE: Final = 30.0
"""Seconds after the last of them in which the workers end what they do for an audit."""
ALONE: Final = 120.0
"""Seconds that an audit waits for a worker where all of them are gone."""
LOOK: Final = 0.5


class DaskExecutor:
    """The workers of a cluster, each with as many runners as it has threads."""

    def __init__(
        self,
        address: str,
        setup: Setup,
        limits: Limits,
        tell: Callable[[str], None],
        program: Sequence[str] = (),
        answers: float = ANSWERS,
        alone: float = ALONE,
    ) -> None:
        """Raises `Mistake` where the scheduler does not answer, has no workers, or one would judge otherwise."""
        self._address, self._tell, self._alone = address, tell, alone
        self._name = secrets.token_hex(8)
        self._order = (self._name, setup, limits, tuple(program))
        self._numbers = itertools.count()
        self._client = _connected(address, answers)
        self._over = threading.Event()
        self._beating = threading.Thread(target=self._beat, name="engine-beat", daemon=True)
        self._beating.start()
        try:
            self.workers = self._meet()
        except BaseException:
            self.close()
            raise

    def run(self, shards: Iterable[Shard]) -> Iterator[Ended]:
        ledger = Ledger(shards)
        ended: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()
        running: dict[object, tuple[Shard, Future[Any]]] = {}
        with asked_to_stop() as told:
            while not ledger.is_over:
                while len(running) < self.workers and (shard := ledger.take()) is not None:
                    future = self._submit(do_here, shard)
                    running[future.key] = (shard, future)
                    future.add_done_callback(ended.put)
                done = self._wait(ended, told)
                shard, future = running.pop(done.key)
                if end := settled(ledger, shard, self._outcome(future), self._tell):
                    yield end

    def close(self) -> None:
        """Asks the workers to end what they do for this audit, and leaves the cluster as it was."""
        self._over.set()
        with contextlib.suppress(Exception):  # a cluster that is gone needs no goodbye
            if self._client.status == "running":
                self._client.run(end_here, self._name, on_error="ignore")
            self._client.close(timeout=BEAT)

    def _meet(self) -> int:
        """Has a runner ready on each worker; gives how many shards they can do at the same time."""
        threads: Mapping[str, int] = self._client.nthreads()
        if not threads:
            raise Mistake(f"[engine] dask: the scheduler at {self._address} has no workers; start some: dask worker")
        met = [(at, self._submit(greet_here, workers=[at], allow_other_workers=False)) for at in sorted(threads)]
        faults = []
        for at, future in met:
            outcome = self._outcome(future)
            if outcome.said is not Said.READY:
                faults.append(f"the worker at {at} cannot do this audit: {outcome.why}")
        if faults:
            raise Mistake(*faults)
        return sum(threads.values())

    def _submit(self, what: Callable[..., Any], *more: object, **where: Any) -> "Future[Any]":
        key = f"auditor-{self._name}-{next(self._numbers)}"
        return self._client.submit(what, self._order, *more, key=key, pure=False, retries=0, **where)

    def _wait(self, ended: "queue.SimpleQueue[Future[Any]]", told: Sequence[int]) -> "Future[Any]":
        """The next shard that ended. Raises `Stopped` where somebody `told` us to, or nobody is left to do any."""
        alone_since = 0.0
        while True:
            if told:
                raise Stopped
            with contextlib.suppress(queue.Empty):
                return ended.get(timeout=LOOK)
            self._check()
            # Workers may come and go; while there are none, what is left waits.
            self.workers = sum(self._client.nthreads().values()) or self.workers
            if self._client.nthreads():
                alone_since = 0.0
                continue
            alone_since = alone_since or time.monotonic()
            if time.monotonic() - alone_since > self._alone:
                raise Stopped(f"the Dask cluster at {self._address} has no worker left")

    def _check(self) -> None:
        if self._client.status != "running":
            self._tell(f"The Dask scheduler at {self._address} was lost.")
            raise Stopped(f"the Dask scheduler at {self._address} was lost")

    def _outcome(self, future: "Future[Any]") -> Outcome:
        try:
            said, words = future.result(timeout=None)
        except KilledWorker:
            return Outcome(None, ("the workers that did it died, one after the other",))
        except Exception as error:  # noqa: BLE001  whatever the cluster does to a task
            self._check()
            kind = type(error).__name__
            self._tell(f"The Dask cluster at {self._address} did not do a part of the audit ({kind}).")
            raise Stopped(f"the Dask cluster at {self._address} failed ({kind})") from None
        return Outcome(Said(said) if said else None, tuple(words))

    def _beat(self) -> None:
        while not self._over.wait(BEAT):
            with contextlib.suppress(Exception):  # a lost cluster is noticed by whoever waits for it
                self._client.run(hear, self._name, on_error="ignore")


def _connected(address: str, answers: float) -> Client:
    for noisy in ("distributed", "tornado"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    try:
        if address.startswith("tls:") and Security().get_connection_args("client")["ssl_context"] is None:
            raise Mistake(_NO_CERTIFICATE)
        return Client(address, timeout=answers, set_as_default=False, name="auditor")
    except (OSError, ValueError, TimeoutError) as error:
        reason = type(error).__name__ if not str(error) else str(error).splitlines()[0][:200]
        raise Mistake(
            f"[engine] dask: the scheduler at {address} does not answer ({reason}); start it (dask scheduler), "
            "correct the address, or take the key out to audit on this machine alone"
        ) from None


_NO_CERTIFICATE: Final = (
    "[engine] dask: tls:// needs a certificate of its own here; name its files in the environment, as "
    "DASK_DISTRIBUTED__COMM__TLS__CA_FILE, ...__TLS__CLIENT__CERT and ...__TLS__CLIENT__KEY"
)

# ------------------------------------------------------------------------------------------------ on a worker

_LEAVING: Final = ("closing", "closed", "failed")

Order = tuple[str, Setup, Limits, tuple[str, ...]]
"""By what a worker knows an audit's run, and what its runners are started with; no program means the usual one."""

_pools: dict[str, Pool] = {}
_heard: dict[str, float] = {}
_over: set[str] = set()
_holding = threading.Lock()


def greet_here(order: Order) -> tuple[str, tuple[str, ...]]:
    """Has a runner ready on this worker: how that ended."""
    return _plain(_pool(order).greet())


def do_here(order: Order, shard: Shard) -> tuple[str, tuple[str, ...]]:
    """Has the shard done by a runner of this worker: how it ended."""
    if order[0] in _over:
        return _plain(Outcome(Said.STOPPED))
    return _plain(_pool(order).do(shard))


def hear(name: str) -> None:
    """Whoever runs that audit is alive."""
    _heard[name] = time.monotonic()


def end_here(name: str) -> None:
    """Ends what this worker does for that audit; does not wait for it, for the worker has others to listen to."""
    with _holding:
        pool = _pools.pop(name, None)
        _over.add(name)
        _heard.pop(name, None)
    if pool is not None:
        threading.Thread(target=pool.close, name="engine-end", daemon=True).start()


def _pool(order: Order) -> Pool:
    name, setup, limits, program = order
    with _holding:
        if name not in _pools:
            hear(name)
            _pools[name] = Pool(setup, limits, _unheard, program or PROGRAM, partial(_gone, name, get_worker()))
        return _pools[name]


def _gone(name: str, worker: Worker) -> str:
    """Why nobody wants what is done for that audit any more; "" where somebody does."""
    if worker.status.name in _LEAVING:
        return "its worker has left the cluster"
    if name in _over:
        return ""  # its runners have been asked to stop
    silent = time.monotonic() - _heard.get(name, 0.0) > SILENCE
    return "the audit that wanted it is gone" if silent else ""


def _unheard(_words: str) -> None:
    """What a runner tells of its progress stays on its machine."""


def _plain(outcome: Outcome) -> tuple[str, tuple[str, ...]]:
    return outcome.said or "", outcome.words
