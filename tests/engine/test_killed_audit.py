"""An audit that is killed again and again, at whatever moment, comes to what one comes to that nobody disturbs."""

import contextlib
import os
import random
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, redirect_stderr
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import psutil
import pytest

from auditor.cli import main
from tests.engine.evidence import PATIENCE, ended, until
from tests.engine.town import Office, Town, town
from tests.postgresql import run_statement

HOSTS = 3


@pytest.fixture(scope="module")
def sites() -> Iterator[Town]:
    with town(HOSTS, net=82) as made:
        yield made


@pytest.fixture(scope="module")
def expected(sites: Town, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What one undisturbed audit says."""
    office = sites.district(tmp_path_factory.mktemp("undisturbed"), "workers = 1")
    status, _, said = office.run("audit")
    assert status == 0, said
    return office.told()


@pytest.fixture
def database(server: str) -> Iterator[str]:
    """The address of an empty database on a real PostgreSQL server."""
    run_statement(server, "CREATE DATABASE killed")
    yield f"{server}/killed"
    run_statement(server, "DROP DATABASE killed WITH (FORCE)")


Begin = Callable[[Office], BaseProcess]


@pytest.fixture(scope="module")
def begin() -> Begin:
    """Begins an audit in a process of its own that has the whole program in it from the start, where the system can."""
    if sys.platform == "win32":
        process = get_context("spawn").Process
    else:
        ready = get_context("forkserver")
        ready.set_forkserver_preload(["auditor.commands.audit", __name__])
        process = ready.Process

    def begin(office: Office) -> BaseProcess:
        audit = process(target=_audit, args=(office,))
        audit.start()
        return audit

    return begin


def _audit(office: Office) -> None:
    with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):
        main(["audit", "--config", str(office.folder / "config.toml")])


def kill(sites: Town, running: BaseProcess, after: float) -> None:
    """Kills the audit so many seconds after it asked for the first thing; less than none: after it began."""
    if after >= 0:
        until(lambda: any(site.hits for site in sites.sites) or not running.is_alive()).join()
    running.join(abs(after))
    below: list[int] = []
    with contextlib.suppress(psutil.NoSuchProcess):
        below = [one.pid for one in psutil.Process(running.pid).children(recursive=True)]
    running.kill()
    running.join()
    assert ended(below, within=PATIENCE)


def moments(seed: int, number: int) -> list[float]:
    """So many seconds at which to kill, from before the first thing is asked for to the end; always the same."""
    chance = random.Random(seed)  # noqa: S311  nothing secret
    return [chance.uniform(-0.3, 0.6) for _ in range(number)]


def settled(office: Office) -> tuple[int, set[str]]:
    """The newest audit, and the pages that it has settled."""
    with office.store() as store:
        newest = store.last_audit()
        return (newest.id, office.pages(newest.id)) if newest is not None else (0, set())


def test_an_audit_that_is_killed_ten_times_says_what_an_undisturbed_one_says(
    sites: Town, expected: dict[str, list[str]], begin: Begin, tmp_path: Path
) -> None:
    """Attack 59."""
    office, file = sites.district(tmp_path / "killed", "workers = 1"), tmp_path / "killed" / "data" / "auditor.db"
    sites.slowness = 0.15
    newest, kept = 0, set[str]()

    for after in moments(seed=59, number=9):
        sites.forget()
        kill(sites, begin(office), after)
        if file.exists():
            with closing(sqlite3.connect(file)) as database:
                assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            (before, lost), (newest, kept) = (newest, kept), settled(office)
            assert before != newest or lost <= kept, after
    audit = begin(office)
    until(lambda: bool(file.exists() and settled(office)[1]) or not audit.is_alive()).join()
    kill(sites, audit, 0.0)
    _, kept = settled(office)
    sites.slowness = 0.0
    status, _, said = office.run("audit")

    assert status == 0, said
    assert office.told() == expected
    assert kept


def test_an_audit_into_a_server_s_store_that_is_killed_with_its_processes_says_the_same(
    sites: Town, expected: dict[str, list[str]], begin: Begin, database: str, tmp_path: Path
) -> None:
    office = sites.district(tmp_path / "killed", "workers = 2", database)
    sites.slowness = 0.15

    for after in moments(seed=67, number=2):
        sites.forget()
        kill(sites, begin(office), after)
    sites.slowness = 0.0
    office.alone()
    status, _, said = office.run("audit")

    assert status == 0, said
    assert office.told() == expected
