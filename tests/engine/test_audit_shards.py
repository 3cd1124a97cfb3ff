"""Whole audits, spread: the same comes of them however many processes and machines take part, and whatever dies."""

import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from auditor.engine import dask
from tests.engine.cluster import cluster, kill
from tests.engine.evidence import ended, until
from tests.engine.town import PAGES, Office, Town, town
from tests.postgresql import run_statement

HOSTS = 6


@pytest.fixture(scope="module")
def sites() -> Iterator[Town]:
    with town(HOSTS) as made:
        yield made


@pytest.fixture(scope="module")
def alone(sites: Town, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The district after one audit by one process: what all others must come to."""
    office = sites.district(tmp_path_factory.mktemp("alone"), "workers = 1")
    status, _, said = office.run("audit")
    assert status == 0, said
    return office


@pytest.fixture(autouse=True)
def harmless(sites: Town) -> None:
    sites.forget()
    sites.slowness, sites.deadly = 0.0, ""


def test_two_processes_come_to_what_one_comes_to(sites: Town, alone: Office, tmp_path: Path) -> None:
    expected = alone.told()
    sites.forget()
    office = sites.district(tmp_path / "two", "workers = 2")
    sites.slowness = 0.02

    status, _, said = office.run("audit")

    assert status == 0, said
    assert office.told() == expected
    assert len(expected["findings"]) >= 3 * HOSTS
    assert f"Reading: {HOSTS} of {HOSTS} done." in said
    assert sites.together == set()
    assert [len(found) for found in sites.visitors.values()] == [1] * HOSTS
    assert len(set().union(*sites.visitors.values())) == 2
    assert all(sites.asked[f"{site.url}p{i}.html"] >= 1 for site in sites.sites for i in range(PAGES))


def test_a_process_that_is_killed_in_the_middle_changes_nothing(sites: Town, alone: Office, tmp_path: Path) -> None:
    expected = alone.told()
    sites.forget()
    office = sites.district(tmp_path / "killed", "workers = 2")
    sites.slowness = 0.1
    killer = until(
        lambda: sum(sites.asked.values()) > 3 * HOSTS,
        lambda: psutil.Process(min(set().union(*sites.visitors.values()))).kill(),
    )

    status, _, said = office.run("audit")
    killer.join()

    assert status == 0, said
    assert "is tried again: its process was ended by signal 9" in said
    assert office.told() == expected
    assert sites.together == set()


def test_an_audit_that_is_killed_leaves_no_process_and_is_gone_on_with(
    sites: Town, alone: Office, tmp_path: Path
) -> None:
    expected = alone.told()
    sites.forget()
    office = sites.district(tmp_path / "dead", "workers = 2")
    sites.slowness = 0.1
    audit = office.start("audit")
    until(lambda: sum(sites.asked.values()) > 3 * HOSTS).join()
    below = [one.pid for one in psutil.Process(audit.pid).children(recursive=True)]

    audit.kill()
    audit.communicate()

    assert ended(below, within=2)
    assert len(below) >= 2
    sites.slowness = 0.0
    office.alone()
    status, _, said = office.run("audit")
    assert status == 0, said
    assert "Going on with the audit that was stopped." in said
    assert office.told() == expected


def test_an_audit_that_is_asked_to_stop_keeps_what_it_has(sites: Town, tmp_path: Path) -> None:
    office = sites.district(tmp_path / "stopped", "workers = 2")
    sites.slowness = 0.1
    audit = office.start("audit")
    until(lambda: sum(sites.asked.values()) > 3 * HOSTS).join()
    below = [one.pid for one in psutil.Process(audit.pid).children(recursive=True)]

    audit.send_signal(signal.SIGTERM)
    _, said = audit.communicate(timeout=30)

    assert audit.returncode == 3, said
    assert ended(below, within=0.5)
    read = {page for page in office.pages(audit=1) if page.endswith(".html")}
    asked, sites.slowness = sites.asked, 0.0
    office.alone()
    status, _, said = office.run("audit")
    assert status == 0, said
    assert len(read) >= HOSTS
    assert {page: sites.asked[page] for page in read} == {page: asked[page] for page in read}
    assert len(office.pages(audit=1)) == HOSTS * (PAGES + 1)


@pytest.fixture
def database(server: str) -> Iterator[str]:
    """The address of an empty database on a real PostgreSQL server."""
    run_statement(server, "CREATE DATABASE state")
    yield f"{server}/state"
    run_statement(server, "DROP DATABASE state WITH (FORCE)")


def test_a_cluster_that_loses_a_machine_comes_to_what_one_process_comes_to(
    sites: Town, alone: Office, database: str, tmp_path: Path
) -> None:
    expected = alone.told()
    sites.forget()
    sites.slowness = 0.1
    with cluster(tmp_path / "dask") as two:
        office = sites.district(tmp_path / "cluster", f'dask = "{two.address}"', database)
        left_with_it: list[bool] = []

        def lose_a_machine() -> None:
            below = [one.pid for one in psutil.Process(two.workers[0].pid).children(recursive=True)]
            kill(two.workers[0])
            left_with_it.append(len(below) >= 1 and ended(below, within=2))
            sites.slowness = 0.0

        loss = until(lambda: sum(sites.asked.values()) > 3 * HOSTS, lose_a_machine)

        status, _, said = office.run("audit")
        loss.join()

        assert status == 0, said
        assert left_with_it == [True]
        assert office.told() == expected
        assert sites.together == set()
        again, _, said = office.run("audit")
        assert again == 0, said
        assert office.told() == expected


def test_a_cluster_that_does_not_answer_is_told_before_anything_is_fetched(
    sites: Town, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask, "DaskExecutor", partial(dask.DaskExecutor, answers=0.5))
    office = sites.district(tmp_path / "nobody", 'dask = "tcp://127.0.0.1:9"', database)

    status, _, said = office.run("audit")

    assert status == 2
    assert "the scheduler at tcp://127.0.0.1:9 does not answer" in said
    assert sum(sites.asked.values()) == 0


def test_an_account_that_brings_the_program_down_is_named_and_all_others_are_read(
    sites: Town, alone: Office, tmp_path: Path
) -> None:
    expected = alone.told()
    sites.forget()
    office = sites.district(tmp_path / "deadly", "workers = 2")
    sites.deadly = "127.81.0.2"

    status, _, said = office.run("audit")

    why = "reading it brought the program down again and again; it was left out (its process was ended by signal 9)"
    assert status == 1
    assert f"Could not be read: site-1 ({sites.sites[1].url}): {why}" in said
    told = office.told()
    assert [line for line in told["findings"] if "site-1" not in line and "127.81.0.2" not in line] == [
        line for line in expected["findings"] if "site-1" not in line and "127.81.0.2" not in line
    ]
    (seen,) = [line for line in told["coverage"] if "'site-1'" in line]
    assert "complete=False" in seen
    assert "Reason.LIMIT" in seen
    assert not [line for line in told["verdicts"] if "'site-1'" in line and "broken-link" in line and "PASS" in line]

    sites.deadly = ""
    office.alone()
    status, _, said = office.run("audit")
    assert status == 0, said
    assert office.told()["coverage"] == expected["coverage"]
