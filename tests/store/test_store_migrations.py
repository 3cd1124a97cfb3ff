"""How a store gets its tables, and what happens when that goes wrong."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from auditor import store as stores
from auditor.errors import Mistake
from auditor.store import Store
from auditor.store.database import Database, backups, parse_url, revision
from auditor.store.rows import Frontier
from auditor.store.schema import HEAD, metadata
from auditor.store.upgrade import SCRIPTS, upgrade
from tests.store.story import NAMED, Story

MORE = '''
"""One more migration."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    op.create_table("extra", sa.Column("id", sa.Integer(), primary_key=True))
    with op.batch_alter_table("audit") as table:
        table.add_column(sa.Column("mood", sa.Text(), nullable=False, server_default="calm"))
        table.alter_column("trigger", new_column_name="asked_by")
    op.execute({statement!r})
'''


FIRST = (
    "INSERT INTO audit (id, started_at, state, policy, basis, accounts, trigger)"
    " VALUES (1, '2026-11-16 06:00:04', 'finished', 'mcps', '', '[]', 'command')",
    "INSERT INTO page VALUES (1, 'lincoln-site', 'http://a/', 0, 'read', '', NULL, '', '', '', NULL, NULL)",
    "INSERT INTO note VALUES (1, 'lincoln-site', 'missing-disclaimer', 'http://a/', '{}')",
    "INSERT INTO finding (fingerprint, rule, outcome, severity, policy, clause, account, school, url, subject, excerpt,"
    " advice, confidence, places, status, first_seen, last_seen, first_audit, last_audit, reason, who)"
    " VALUES ('abc', 'broken-link', 'fail', 'moderate', 'site', '', 'lincoln-site', '', 'http://a/', '', '', '', 1, 3,"
    " 'acknowledged', '2026-11-16 06:00:04', '2026-11-16 06:00:04', 1, 1, '', 'dreyes')",
    "INSERT INTO coverage (account, school, route, complete, documents, blind, fetched_at, audit)"
    " VALUES ('lincoln-site', '', 'website', true, 7, '[]', '2026-11-16 06:00:04', 1)",
)
"""A store as the first version of the tables held it."""


@pytest.fixture
def changes_tables() -> bool:
    return True


@pytest.fixture
def scripts(tmp_path: Path) -> Callable[[str], Path]:
    """A copy of the migrations with one more, which ends in the given statement."""

    def with_second(statement: str) -> Path:
        copy = tmp_path / "migrations"
        shutil.copytree(SCRIPTS, copy, dirs_exist_ok=True)
        (copy / "versions" / "9999_more.py").write_text(MORE.format(head=HEAD, statement=statement))
        return copy

    return with_second


@pytest.fixture
def database(address: str, store: Store) -> Iterator[Database]:
    """A store with something in it, as a bare database."""
    Story(store).audit({"news.html": [NAMED]})
    with closing(Database(parse_url(address))) as bare:
        yield bare


def tables(database: Database) -> dict[str, set[str]]:
    with database.reading() as connection:
        found = inspect(connection)
        return {table: {c["name"] for c in found.get_columns(table)} for table in found.get_table_names()}


def test_the_tables_are_those_of_the_schema(store: Store) -> None:
    with store._database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, metadata) == []
        assert revision(connection) == HEAD


def test_head_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(SCRIPTS)).get_heads() == [HEAD]


def test_a_migration_that_fails_half_way_leaves_the_old_store_whole(
    database: Database, store: Store, scripts: Callable[[str], Path]
) -> None:
    before = tables(database)

    with pytest.raises(Exception, match="no_such_table"):
        upgrade(database, scripts("UPDATE no_such_table SET x = 1"))

    assert tables(database) == before
    assert [s.finding for s in store.findings()] == [NAMED]


def test_a_migration_keeps_what_is_stored(database: Database, store: Store, scripts: Callable[[str], Path]) -> None:
    upgrade(database, scripts("SELECT 1"))

    assert {"mood", "asked_by"} <= tables(database)["audit"]
    assert [s.finding for s in store.findings()] == [NAMED]
    with database.reading() as connection:
        assert revision(connection) == "9999"


def test_a_store_of_before_keeps_its_findings_and_its_pages_are_read_anew(
    address: str, store: Store, tmp_path: Path
) -> None:
    first = tmp_path / "first"
    shutil.copytree(SCRIPTS, first, ignore=shutil.ignore_patterns("000[2-9]*"))
    with closing(Database(parse_url(address))) as bare:
        with bare.upgrading() as connection:
            for table in [*tables(bare)]:
                connection.exec_driver_sql(f"DROP TABLE {table} CASCADE" if not bare.file else f"DROP TABLE {table}")
        upgrade(bare, first)
        with bare.writing() as connection:
            for statement in FIRST:
                connection.exec_driver_sql(statement)

    with stores.open_url(address, tmp_path / "data") as store:
        (kept,) = store.findings()
        frontier = store.frontier(1, "lincoln-site")
        coverage = store.coverages()

        assert (kept.id, kept.status, kept.finding.places) == ("f-abc", "acknowledged", 3)
        assert (frontier, coverage[0].documents) == (Frontier(), 7)


def test_a_migration_that_tears_rows_apart_is_refused(
    sqlite_config: SimpleNamespace, scripts: Callable[[str], Path]
) -> None:
    with stores.open(sqlite_config) as store:
        Story(store).audit({"news.html": [NAMED]})

        with pytest.raises(RuntimeError, match="rows that refer to nothing"):
            upgrade(store._database, scripts("DELETE FROM audit"))

        assert len(store.audits()) == 1


def test_an_sqlite_store_is_copied_before_an_upgrade(
    sqlite_config: SimpleNamespace, scripts: Callable[[str], Path]
) -> None:
    with stores.open(sqlite_config) as store:
        Story(store).audit({"news.html": [NAMED]})
        none_for_a_new_one = backups(sqlite_config.data / "auditor.db")
        upgrade(store._database, scripts("SELECT 1"))

    (copy,) = backups(sqlite_config.data / "auditor.db")
    assert none_for_a_new_one == []
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        assert connection.execute("SELECT count(*) FROM finding").fetchall() == [(1,)]
    if os.name == "posix":
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_forgotten_roster_is_forgotten_in_every_copy(
    sqlite_config: SimpleNamespace, scripts: Callable[[str], Path]
) -> None:
    with stores.open(sqlite_config) as store:
        upgrade(store._database, scripts("SELECT 1"))

        store.drop_roster()

    assert backups(sqlite_config.data / "auditor.db") == []


def test_a_store_of_a_newer_version_is_left_alone(
    address: str, database: Database, scripts: Callable[[str], Path], tmp_path: Path
) -> None:
    upgrade(database, scripts("SELECT 1"))
    before = tables(database)

    with pytest.raises(Mistake, match="a newer version of auditor has written this store"):
        stores.open_url(address, tmp_path / "data")

    assert tables(database) == before


def test_a_store_whose_tables_are_another_versions_is_left_alone_and_says_what_to_do(
    sqlite_config: SimpleNamespace,
) -> None:
    file = sqlite_config.data / "auditor.db"
    stores.open(sqlite_config).close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("ALTER TABLE finding DROP COLUMN places")

    with pytest.raises(Mistake) as raised:
        stores.open(sqlite_config)

    assert raised.value.faults == (
        f"{file}: another version of auditor has written this store, and this version cannot use it. Update auditor and"
        " try again; or, to begin anew with an empty store, move it away.",
    )


@pytest.mark.parametrize("version", ["", "CREATE TABLE alembic_version (version_num TEXT);"])
def test_a_database_that_does_not_say_its_version_is_left_alone(sqlite_config: SimpleNamespace, version: str) -> None:
    file = sqlite_config.data / "auditor.db"
    sqlite_config.data.mkdir(exist_ok=True)
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(f"CREATE TABLE recipes (name TEXT); {version}")

    with pytest.raises(Mistake, match="is no store of auditor: it has tables \\(recipes\\)") as raised:
        stores.open(sqlite_config)

    assert str(file) in raised.value.faults[0]
    with closing(sqlite3.connect(file)) as connection:
        assert ("audit",) not in connection.execute("SELECT name FROM sqlite_master").fetchall()
