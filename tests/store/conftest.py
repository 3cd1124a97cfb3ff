"""Stores to test with: a real SQLite file, and a real PostgreSQL server where one is installed."""

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from types import SimpleNamespace

import pytest

from auditor import store as stores
from auditor.store import Store
from auditor.store.database import make_private_folder
from auditor.store.schema import metadata
from tests.postgresql import run_statement

BACKENDS = ["sqlite", "postgresql"]
EMPTIED = "\n".join(
    (
        "DO $$ BEGIN",
        "SET LOCAL session_replication_role = replica;",
        *(f"{table.delete()};" for table in metadata.tables.values()),
        "PERFORM setval(oid::regclass, 1, false) FROM pg_class",
        "WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace;",
        "END $$",
    )
)
"""Every table without rows, and numbered anew; TRUNCATE would make some hundred files for that."""


@pytest.fixture(scope="session")
def pattern(server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty database with the tables made, for others to be copied from."""
    run_statement(server, "CREATE DATABASE pattern")
    stores.open_url(f"{server}/pattern", tmp_path_factory.mktemp("pattern")).close()
    return "pattern"


@pytest.fixture(scope="session")
def shared(server: str, pattern: str) -> str:
    """A database for all tests that leave its tables alone; each empties it first."""
    run_statement(server, f"CREATE DATABASE shared TEMPLATE {pattern}")
    return "shared"


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite with the tables made, for others to be copied from."""
    folder = tmp_path_factory.mktemp("blank")
    stores.open_url(f"sqlite:///{folder}/auditor.db", folder).close()
    return folder / "auditor.db"


@pytest.fixture
def changes_tables() -> bool:
    """Whether the test changes the tables themselves, and so needs a database of its own."""
    return False


@pytest.fixture(params=BACKENDS)
def address(request: pytest.FixtureRequest, tmp_path: Path, changes_tables: bool) -> Iterator[str]:
    """The address of an empty store, on each kind of database in turn."""
    if request.param == "sqlite":
        if not changes_tables:
            make_private_folder(tmp_path / "data")
            shutil.copy(request.getfixturevalue("blank"), tmp_path / "data" / "auditor.db")
        yield f"sqlite:///{tmp_path}/data/auditor.db"
        return
    server = request.getfixturevalue("server")
    if not changes_tables:
        shared = request.getfixturevalue("shared")
        run_statement(server, EMPTIED, shared)
        yield f"{server}/{shared}"
        return
    name = f"test_{time.time_ns()}"
    run_statement(server, f"CREATE DATABASE {name} TEMPLATE {request.getfixturevalue('pattern')}")
    yield f"{server}/{name}"
    run_statement(server, f"DROP DATABASE {name} WITH (FORCE)")


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
