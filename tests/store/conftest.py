"""Stores to test with: a real SQLite file, and a real PostgreSQL server where one is installed."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from auditor import store as stores
from auditor.store import Store
from auditor.store.schema import metadata

BACKENDS = ["sqlite", "postgresql"]


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server of our own on loopback; gives the address of its first database, without a name."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="auditor-pg-"))
    # A database server refuses to run as root: then it runs as the user that its package made for it.
    user = "postgres" if hasattr(os, "geteuid") and os.geteuid() == 0 else None
    if user:
        try:
            shutil.chown(folder, user)
        except LookupError:
            pytest.skip('PostgreSQL does not run as root, and there is no user "postgres"')
    port = _free_port()
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "user": user, "cwd": folder}
    made: list[Any] = [
        programs / "initdb",
        "-D",
        folder / "data",
        "-U",
        "auditor",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    subprocess.run(made, check=True, **quiet)
    settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off"}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    running = subprocess.Popen([programs / "postgres", "-D", folder / "data", *options], **quiet)
    address = f"postgresql+psycopg://auditor@127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/postgres", running)
        yield address
    finally:
        running.send_signal(3 if os.name == "posix" else 15)  # "immediate": nothing in it is worth saving
        running.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def pattern(server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty database with the tables made, for others to be copied from."""
    _run(server, "CREATE DATABASE pattern")
    stores.open_url(f"{server}/pattern", tmp_path_factory.mktemp("pattern")).close()
    return "pattern"


@pytest.fixture(scope="session")
def shared(server: str, pattern: str) -> str:
    """A database for all tests that leave its tables alone; each empties it first."""
    _run(server, f"CREATE DATABASE shared TEMPLATE {pattern}")
    return "shared"


@pytest.fixture
def changes_tables() -> bool:
    """Whether the test changes the tables themselves, and so needs a database of its own."""
    return False


@pytest.fixture(params=BACKENDS)
def address(request: pytest.FixtureRequest, tmp_path: Path, changes_tables: bool) -> Iterator[str]:
    """The address of an empty store, on each kind of database in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/data/auditor.db"
        return
    server = request.getfixturevalue("server")
    if not changes_tables:
        shared = request.getfixturevalue("shared")
        _run(server, f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY CASCADE", shared)
        yield f"{server}/{shared}"
        return
    name = f"test_{time.time_ns()}"
    _run(server, f"CREATE DATABASE {name} TEMPLATE {request.getfixturevalue('pattern')}")
    yield f"{server}/{name}"
    _run(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def opened(address: str, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Opens the store, as often as wanted; all are closed at the end."""
    all_of_them: list[Store] = []

    def opened() -> Store:
        all_of_them.append(stores.open_url(address, tmp_path / "data"))
        return all_of_them[-1]

    yield opened
    for one in all_of_them:
        one.close()


@pytest.fixture
def store(opened: Callable[[], Store]) -> Store:
    return opened()


@pytest.fixture
def sqlite_config(tmp_path: Path) -> SimpleNamespace:
    """What `store.open` needs to know of a configuration."""
    return SimpleNamespace(store_url=f"sqlite:///{tmp_path}/data/auditor.db", data=tmp_path / "data", zone=UTC)


def _programs() -> Path | None:
    on_path = shutil.which("initdb")
    places = [Path(on_path).parent] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((p for p in places if (p / "initdb").exists() and (p / "postgres").exists()), None)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_for(address: str, running: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if running.poll() is not None:
            break
        try:
            _run(address.rpartition("/")[0], "SELECT 1")
        except Exception:  # noqa: BLE001  not up yet
            time.sleep(0.05)
        else:
            return
    pytest.fail("the test's own PostgreSQL server did not come up")


def _run(server: str, statement: str, database: str = "postgres") -> None:
    engine = create_engine(f"{server}/{database}", isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()
