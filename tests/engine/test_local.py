"""Shards in processes on this machine: real processes, killed, starved, stuck and orphaned."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from auditor.config_engine import Engine
from auditor.engine.local import LocalExecutor, started_early
from auditor.engine.messages import Setup
from auditor.engine.shard import Part, Shard, Stage
from auditor.engine.watch import Limits
from auditor.errors import Mistake, Stopped
from auditor.model import Account, Kind
from tests.engine.evidence import PATIENCE, Evidence, alive, ended, until

ROGUE = (sys.executable, "-m", "tests.engine.rogue")
ROOT = Path(__file__).parents[2]
USUAL = Limits()
CLUSTER = Engine(dask="tcp://127.0.0.1:9")


@pytest.fixture
def evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Evidence]:
    """What the runners wrote down; none of them outlives its test."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("ROGUE_CHILD", str(tmp_path / "child.pid"))
    found = Evidence(tmp_path)
    yield found
    assert ended(found.processes, within=2), "a runner outlived its executor"


def shard(*names: str) -> Shard:
    """A shard in which each thing has a host of its own."""
    return Shard(1, Stage.CRAWL, tuple(Part(name, (name,)) for name in names))


def executor(
    evidence: Evidence, workers: int = 1, limits: Limits = USUAL, basis: str = "", told: list[str] | None = None
) -> LocalExecutor:
    tell = (told if told is not None else []).append
    return LocalExecutor(workers, Setup(str(evidence.folder), 1, basis=basis), limits, tell, ROGUE)


def sites(several: int) -> list[Account]:
    """Accounts on as many hosts."""
    return [Account(f"a{n}", Kind.OFFICIAL, "website", f"https://a{n}.example/") for n in range(several)]


def did(evidence: Evidence, *shards: Shard, workers: int = 1, limits: Limits = USUAL) -> dict[tuple[str, ...], str]:
    """What came of the things in the shards: "" where they were done, else by what they ended processes."""
    with closing(executor(evidence, workers, limits)) as engine:
        return {end.shard.things: end.why for end in engine.run(shards)}


# ------------------------------------------------------------------------------------------------ work


def test_all_shards_are_done_by_as_many_processes_as_were_asked_for(evidence: Evidence) -> None:
    told: list[str] = []

    with closing(executor(evidence, workers=2, told=told)) as engine:
        first = [end.shard.things for end in engine.run([shard("nap-1"), shard("nap-2"), shard("ok-3"), shard("ok-4")])]
        then = [end.shard.things for end in engine.run([shard("ok-5", "ok-6")])]

    assert Counter(first) == Counter([("nap-1",), ("nap-2",), ("ok-3",), ("ok-4",)])
    assert then == [("ok-5", "ok-6")]
    assert Counter(told) == Counter(f"{name} is done" for name in ("nap-1", "nap-2", "ok-3", "ok-4", "ok-5", "ok-6"))
    assert len(set(evidence.processes)) == 2


def test_two_shards_of_one_host_wait_for_each_other(evidence: Evidence) -> None:
    one, two = (Shard(1, Stage.CRAWL, (Part("host", (name,)),)) for name in ("nap-1", "nap-2"))

    did(evidence, one, two, workers=2)

    assert [line.split()[0] for line in evidence.lines if "nap" in line] == ["began", "did", "began", "did"]


def test_processes_that_were_started_early_are_the_first_to_be_given_something(evidence: Evidence) -> None:
    with started_early(Engine(workers=2), sites(3), print, ROGUE) as early:
        setup = Setup(str(evidence.folder), 1)
        with closing(LocalExecutor(1, setup, USUAL, print, ROGUE, early)) as engine:
            came = [end.why for end in engine.run([shard("ok-1"), shard("die-2"), shard("ok-3")])]

    assert came == ["", "its process was ended by signal 9", ""]
    assert evidence.processes[:2] == [runner.pid for runner in early]
    assert len(evidence.processes) == 2 + 2
    assert not any(alive(runner.pid) for runner in early)


def test_processes_that_were_started_early_for_nothing_end(evidence: Evidence) -> None:
    with pytest.raises(Mistake), started_early(Engine(workers=2), sites(3), print, ROGUE) as early:
        raise Mistake("the roster cannot be read")

    assert len(early) == 2
    assert not any(alive(runner.pid) for runner in early)


def test_none_is_started_early_where_others_do_the_work(evidence: Evidence) -> None:
    with started_early(Engine(), sites(1), print, ROGUE) as few, started_early(CLUSTER, sites(99), print, ROGUE) as far:
        assert few == far == ()


# ------------------------------------------------------------------------------------------------ death


def test_a_process_that_is_killed_costs_only_what_killed_it(evidence: Evidence) -> None:
    came = did(evidence, shard("ok-1", "ok-2", "die-3", "ok-4"))

    assert {things: why for things, why in came.items() if why} == {("die-3",): "its process was ended by signal 9"}
    assert {thing for things, why in came.items() if not why for thing in things} == {"ok-1", "ok-2", "ok-4"}
    assert evidence.times("began die-3") == 2 + 2
    assert evidence.times("did ok-4") == 1


def test_a_process_that_is_killed_from_outside_once_loses_nothing(evidence: Evidence) -> None:
    with closing(executor(evidence)) as engine:
        ends = engine.run([shard("nap-1", "ok-2")])
        killer = until(lambda: evidence.times("began nap-1") == 1, lambda: os.kill(evidence.processes[0], 9))
        came = {end.shard.things: end.why for end in ends}
        killer.join()

    assert came == {("nap-1",): "", ("ok-2",): ""}


def test_a_process_that_takes_too_much_memory_is_ended(evidence: Evidence) -> None:
    came = did(evidence, shard("eat-1"), shard("ok-2"), limits=Limits(memory=300))

    assert came == {("eat-1",): "it took more than 300 MB of memory", ("ok-2",): ""}
    assert evidence.times("began eat-1") == 3


def test_what_it_started_counts_as_its_own_memory(evidence: Evidence) -> None:
    came = did(evidence, shard("browse-1"), limits=Limits(memory=600))

    assert came == {("browse-1",): "it took more than 600 MB of memory"}


def test_a_process_that_takes_too_long_is_ended_even_where_it_never_listens(evidence: Evidence) -> None:
    came = did(evidence, shard("spin-1"), shard("ok-2"), limits=Limits(minutes=0.01))

    assert came == {("spin-1",): "it took too long", ("ok-2",): ""}


def test_a_fault_of_the_program_is_told_by_its_kind_and_place_alone(evidence: Evidence) -> None:
    came = did(evidence, shard("fault-1"), shard("ok-2"))

    why = came[("fault-1",)]
    assert why.startswith("KeyError at ")
    assert why.rpartition(":")[0].endswith("rogue.py")
    assert "Ana" not in why
    assert came[("ok-2",)] == ""


# ------------------------------------------------------------------------------------------------ the end of all


def test_what_a_person_can_put_right_ends_the_audit(evidence: Evidence) -> None:
    with closing(executor(evidence)) as engine, pytest.raises(Mistake, match="the disk is full"):
        list(engine.run([shard("mistake-1"), shard("ok-2")]))


def test_a_process_that_would_judge_otherwise_is_given_nothing(evidence: Evidence) -> None:
    with closing(executor(evidence, basis="foreign")) as engine, pytest.raises(Mistake, match="another roster"):
        list(engine.run([shard("ok-1")]))

    assert evidence.lines == []


def test_processes_that_do_not_even_start_end_the_audit(evidence: Evidence) -> None:
    with closing(executor(evidence, basis="stillborn")) as engine, pytest.raises(Mistake) as told:
        list(engine.run([shard("ok-1")]))

    assert str(told.value) == "the audit's processes do not start: its process ended with status 9"


@pytest.mark.parametrize("name", ["visit-1", "sleep-1", "spin-1"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_whoever_asks_to_stop_is_heard_in_seconds(evidence: Evidence, name: str, number: signal.Signals) -> None:
    with closing(executor(evidence)) as engine:
        asker = until(lambda: evidence.times(f"began {name}") == 1, lambda: os.kill(os.getpid(), number))
        with pytest.raises(Stopped):
            list(engine.run([shard(name)]))
        begun = time.monotonic()
    asker.join()

    assert time.monotonic() - begun < 8
    assert ended(evidence.processes, within=0.5)


AUDIT = """
import sys
from auditor.engine.local import LocalExecutor
from auditor.engine.messages import Setup
from auditor.engine.shard import Part, Shard, Stage
from auditor.engine.watch import Limits

engine = LocalExecutor(1, Setup(sys.argv[1], 1), Limits(), print, (sys.executable, "-m", "tests.engine.rogue"))
list(engine.run([Shard(1, Stage.CRAWL, (Part("host", (sys.argv[2],)),))]))
"""


@pytest.mark.parametrize("name", ["sleep-1", "visit-1", "spin-1", "child-1"])
def test_a_dead_audit_leaves_no_orphans(evidence: Evidence, name: str) -> None:
    audit = subprocess.Popen([sys.executable, "-c", AUDIT, str(evidence.folder), name], cwd=ROOT)
    until(lambda: evidence.times(f"began {name}") == 1).join()
    (runner,) = set(evidence.processes)
    started = psutil.Process(runner).children(recursive=True) if alive(runner) else []
    if name == "child-1":
        until(lambda: bool(psutil.Process(runner).children())).join()
        started = psutil.Process(runner).children(recursive=True)

    audit.send_signal(signal.SIGKILL)
    audit.wait()

    assert ended([runner, *(one.pid for one in started)], within=PATIENCE)
    assert len(started) == (name == "child-1")
