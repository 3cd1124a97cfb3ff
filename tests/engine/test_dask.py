"""Shards on a Dask cluster: a real one of two workers, whose processes are killed while they work."""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import dask
import pytest

from auditor.engine.dask import DaskExecutor
from auditor.engine.messages import Setup
from auditor.engine.shard import Part, Shard, Stage
from auditor.engine.watch import Limits
from auditor.errors import Mistake, Stopped
from benchmarks.planted_certificates import self_signed_pem
from tests.engine.cluster import Cluster, cluster, kill
from tests.engine.evidence import Evidence, ended, until

PARTS = ("cert", "key")
TLS = "DASK_DISTRIBUTED__COMM__TLS__"
ROGUE = (sys.executable, "-m", "tests.engine.rogue")


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One cluster for all tests; who kills a worker of it starts another."""
    with cluster(tmp_path_factory.mktemp("cluster")) as made:
        yield made


@pytest.fixture
def evidence(tmp_path: Path) -> Iterator[Evidence]:
    """What the runners wrote down; none of them outlives its audit for long."""
    found = Evidence(tmp_path)
    yield found
    assert ended(found.processes, within=8), "a runner outlived its audit"


def shard(*names: str) -> Shard:
    return Shard(1, Stage.CRAWL, tuple(Part(name, (name,)) for name in names))


def executor(
    evidence: Evidence, address: str, basis: str = "", limits: Limits | None = None, answers: float = 10.0
) -> DaskExecutor:
    setup = Setup(str(evidence.folder), 1, basis=basis)
    told: list[str] = []
    return DaskExecutor(address, setup, limits or Limits(), told.append, ROGUE, answers=answers, alone=1.0)


def test_the_workers_of_a_cluster_share_the_shards(two_workers: Cluster, evidence: Evidence) -> None:
    with closing(executor(evidence, two_workers.address)) as engine:
        assert engine.workers == 2
        came = [end.shard.things for end in engine.run([shard("nap-1"), shard("nap-2"), shard("ok-3"), shard("ok-4")])]

    assert Counter(came) == Counter([("nap-1",), ("nap-2",), ("ok-3",), ("ok-4",)])
    assert {evidence.times(f"did {name}") for name in ("nap-1", "nap-2", "ok-3", "ok-4")} == {1}
    assert len(evidence.processes) == 2


def test_what_brings_a_runner_down_is_left_out_and_the_rest_goes_on(two_workers: Cluster, evidence: Evidence) -> None:
    with closing(executor(evidence, two_workers.address, limits=Limits(memory=300))) as engine:
        came = {end.shard.things: end.why for end in engine.run([shard("ok-1", "die-2"), shard("eat-3")])}

    assert came == {
        ("ok-1",): "",
        ("die-2",): "its process was ended by signal 9",
        ("eat-3",): "it took more than 300 MB of memory",
    }


def test_a_worker_that_is_lost_takes_its_runner_with_it_and_nothing_else(
    two_workers: Cluster, evidence: Evidence
) -> None:
    with closing(executor(evidence, two_workers.address)) as engine:
        ends = engine.run([shard("nap-1"), shard("nap-2"), shard("nap-3"), shard("nap-4")])
        first = next(ends)
        lost = two_workers.workers.pop(0)
        kill(lost)
        came = Counter([first.shard.things, *(end.shard.things for end in ends)])
    two_workers.add_worker()
    two_workers.wait_for(2)

    assert came == Counter({(f"nap-{n}",): 1 for n in (1, 2, 3, 4)})


def test_a_scheduler_that_does_not_answer_is_told_before_anything_is_done(evidence: Evidence) -> None:
    with pytest.raises(Mistake, match=r"the scheduler at tcp://127\.0\.0\.1:9 does not answer"):
        executor(evidence, "tcp://127.0.0.1:9", answers=1.0)


def test_a_worker_that_would_judge_otherwise_is_told_before_anything_is_done(
    two_workers: Cluster, evidence: Evidence
) -> None:
    with pytest.raises(Mistake) as told:
        executor(evidence, two_workers.address, basis="foreign")

    assert [fault.partition(" cannot do this audit: ")[2] for fault in told.value.faults] == [
        "this machine has another roster"
    ] * 2


def test_an_audit_that_is_asked_to_stop_stops_its_runners(two_workers: Cluster, evidence: Evidence) -> None:
    with closing(executor(evidence, two_workers.address)) as engine:
        asker = until(lambda: evidence.times("began visit-1") == 1, lambda: os.kill(os.getpid(), 15))
        with pytest.raises(Stopped):
            list(engine.run([shard("visit-1")]))
        asker.join()


def test_a_cluster_without_workers_is_told(tmp_path: Path, evidence: Evidence) -> None:
    with cluster(tmp_path / "dask", workers=0) as none, pytest.raises(Mistake, match="has no workers; start some"):
        executor(evidence, none.address)


def test_a_cluster_that_goes_down_stops_the_audit_and_its_runners(two_workers: Cluster, evidence: Evidence) -> None:
    """The last one: the cluster of all the others is gone after it."""
    with closing(executor(evidence, two_workers.address)) as engine:
        ends = engine.run([shard("ok-1"), shard("sleep-2")])
        assert next(ends).shard.things == ("ok-1",)
        killer = until(lambda: evidence.times("began sleep-2") == 1, lambda: kill(two_workers.scheduler))
        with pytest.raises(Stopped, match=r"the Dask (cluster|scheduler) at .* (failed|was lost|has no worker left)"):
            list(ends)
        killer.join()


def test_a_cluster_may_speak_tls_and_who_has_no_certificate_for_it_is_told(tmp_path: Path, evidence: Evidence) -> None:
    pem = tmp_path / "cluster.pem"
    pem.write_bytes(self_signed_pem("127.0.0.1"))
    files = {"ca-file": pem, **{f"{who}.{what}": pem for who in ("scheduler", "worker", "client") for what in PARTS}}
    around = {f"{TLS}{name.replace('-', '_').replace('.', '__').upper()}": str(file) for name, file in files.items()}

    with (
        dask.config.set({f"distributed.comm.tls.{name}": str(file) for name, file in files.items()}),
        cluster(tmp_path, workers=1, protocol="tls", settings=around) as made,
        closing(executor(evidence, made.address)) as engine,
    ):
        came = [end.shard.things for end in engine.run([shard("ok-1"), shard("ok-2")])]

    assert sorted(came) == [("ok-1",), ("ok-2",)]
    with pytest.raises(Mistake, match=r"tls:// needs a certificate .*TLS__CLIENT__KEY"):
        executor(evidence, made.address)
