"""How the store reaches its database: one file of SQLite, or PostgreSQL. Transactions, and what can go wrong.

On SQLite every write begins with BEGIN IMMEDIATE: a transaction that reads first and writes later would lose to any
other writer, however long it is willing to wait. Deleted rows are overwritten with zeros (`secure_delete`).
"""

import glob
import importlib
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, func, inspect, make_url, select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)

from auditor.errors import Busy, Mistake

PATIENCE: Final = 30
"""Seconds that a write waits for another program's write."""

_PAUSE: Final = 0.02
"""Seconds between two tries where SQLite itself does not wait."""

ROWS: Final = 16
"""Rows of one INSERT that answers, at most: what is compiled is kept, three KB a row, for each number of rows."""

_TURN: Final = 7_241_996  # PostgreSQL's lock for upgrades: any number that is always the same

_RUN: Final = 7_241_997  # and for runs that write to the store

_PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "secure_delete=ON",
    "foreign_keys=ON",
    "temp_store=MEMORY",  # nothing of ours in a temporary file
    "cache_size=-4000",  # KB: what one transaction changes all over the file, which else is written more than once
    f"busy_timeout={PATIENCE * 1000}",
)


class Database:
    """An engine, and the three kinds of transaction. Close it when done."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.file = sqlite_file(url)
        self.engine = _sqlite_engine(url) if self.file else _postgresql_engine(url)
        self._reader = self.engine.execution_options(
            **({"begin": "BEGIN"} if self.file else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
        )

    @property
    def name(self) -> str:
        """Where the store is, for a person to read; never with a password."""
        return str(self.file) if self.file else self.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A view of the store as it is at one moment; waits for nobody and keeps nobody waiting."""
        with self.faults_explained(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Everything or nothing. Survives the death of the program; a power cut may take the last moments."""
        with self.faults_explained(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def deciding(self) -> Iterator[Connection]:
        """As `writing`, for what a person decided: on the disk itself before it is called done."""
        with self._writing_under("synchronous", "FULL", "NORMAL") as connection:
            yield connection

    @contextmanager
    def upgrading(self) -> Iterator[Connection]:
        """As `writing`, for changing the schema: one program at a time, and tables may be made anew under their names.

        On SQLite the references between rows are looked through at the end, not at every step.
        """
        with self._writing_under("foreign_keys", "OFF", "ON") as connection:
            if not self.file:
                connection.execute(select(func.pg_advisory_xact_lock(_TURN)))
            yield connection
            if self.file:
                torn = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if torn:
                    raise RuntimeError(f"rows that refer to nothing are left in {sorted({t[0] for t in torn})}")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While the block runs, no other program that asks for the same gets it; raises `Busy` where one has it.

        For a server, which programs on several machines reach: a file of SQLite is guarded by the district's lock file.
        """
        if self.file:
            yield
            return
        with self.faults_explained(), self.engine.connect() as connection:
            held = connection.execution_options(isolation_level="AUTOCOMMIT")
            if not held.execute(select(func.pg_try_advisory_lock(_RUN))).scalar():
                raise Busy(f"another machine audits into {self.name}; wait until it is done, then try again")
            try:
                yield
            finally:
                # The lock goes with the connection, whatever became of that; but the server takes a moment for it.
                with suppress(SQLAlchemyError):
                    held.execute(select(func.pg_advisory_unlock(_RUN)))
                connection.invalidate()

    def insert(self, table: Table) -> Any:
        """An INSERT that knows ON CONFLICT, in the database's own dialect (both spell it alike)."""
        if self.file:
            return sqlite.insert(table)
        # Only who has a server needs its dialect, and that takes as long to import as ten pages to read.
        return importlib.import_module("sqlalchemy.dialects.postgresql").insert(table)

    def wipe(self, *tables: Table) -> bool:
        """Makes sure that what was deleted from the tables is not on the disk any more.

        False where another program was just reading, so that SQLite has to keep its log. PostgreSQL keeps deleted rows
        until VACUUM FULL writes the table anew; its write-ahead log is the server's to recycle.
        """
        with self.faults_explained():
            if self.file:
                with self.driver() as connection:
                    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                    return not busy
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for table in tables:
                    connection.exec_driver_sql(f"VACUUM FULL {table.name}")
        return True

    def close(self) -> None:
        """Lets go of every connection."""
        self.engine.dispose()

    @contextmanager
    def driver(self) -> Iterator[Any]:
        """The driver's own connection, outside of any transaction."""
        borrowed = self.engine.raw_connection()
        try:
            yield borrowed.driver_connection
        finally:
            borrowed.close()

    @contextmanager
    def _writing_under(self, pragma: str, value: str, usual: str) -> Iterator[Connection]:
        """A write while one of SQLite's switches stands otherwise; SQLite listens only outside of a transaction."""
        with self.faults_explained(), self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            if not self.file:
                with connection.begin():
                    yield connection
                return
            driver.execute(f"PRAGMA {pragma}={value}")
            try:
                with connection.begin():
                    yield connection
            finally:
                driver.execute(f"PRAGMA {pragma}={usual}")

    @contextmanager
    def faults_explained(self) -> Iterator[None]:
        """What a person can mend becomes a `Mistake`; everything else stays what it is."""
        try:
            yield
        except (OperationalError, DatabaseError, InterfaceError, sqlite3.Error) as error:
            # What the driver raises by itself, outside of SQLAlchemy, is its own fault.
            explained = _explained(str(getattr(error, "orig", error)), self.name)
            if explained is None:
                raise
            raise Mistake(explained) from None


def revision(connection: Connection) -> str | None:
    """The migration that the database is at; None where it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def lacks(connection: Connection, tables: Mapping[str, Table]) -> tuple[str, ...]:
    """Tables and columns of ours ("audit", "finding.places") that the database does not have, by name."""
    there = {
        name: {column["name"] for column in columns}
        for (_, name), columns in inspect(connection).get_multi_columns(filter_names=list(tables)).items()
    }
    lacking = {name for name in tables if name not in there}
    columns = {f"{name}.{column.name}" for name in there for column in tables[name].c if column.name not in there[name]}
    return tuple(sorted(lacking | columns))


def strangers(connection: Connection, tables: Mapping[str, Table]) -> tuple[str, ...]:
    """Tables that stand in the way of a new store: any in a file of SQLite; on a server, those called like ours."""
    there = set(inspect(connection).get_table_names()) - {"alembic_version"}
    return tuple(sorted(there if connection.dialect.name == "sqlite" else there & set(tables)))


def parse_url(address: str) -> URL:
    """The address of a store; `Mistake` where it is none that we can use."""
    try:
        url = make_url(address)
        backend = url.get_backend_name()
    except (ArgumentError, NoSuchModuleError):
        raise Mistake(f"store.url: this is no address of a database. {_EXAMPLES}") from None
    if backend == "sqlite":
        if url.database in (None, "", ":memory:") or (url.database or "").startswith("file:"):
            raise Mistake(f"store.url: the store has to be a file. {_EXAMPLES}")
        return URL.create("sqlite", database=str(Path(url.database or "").absolute()))
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    raise Mistake(f'store.url: "{backend}" is not a database that the store can use. {_EXAMPLES}')


def sqlite_file(url: URL) -> Path | None:
    """The file that holds the store; None where a server does."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def make_private_folder(folder: Path) -> None:
    """Makes the folder where it is missing, for its owner alone; one that is there already stays as it is."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def make_private(file: Path) -> None:
    """Makes the file where it is missing, and lets only its owner read it, where the system has such modes."""
    try:
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise Mistake(f"{file}: the store cannot be written ({error.strerror}). Check the folder's rights.") from None
    if os.name == "posix":
        with suppress(PermissionError):  # somebody else's file that we may write: its owner decides
            file.chmod(0o600)


def backup_name(file: Path, mark: str) -> Path:
    """What a copy of an SQLite file is called: it lies beside it."""
    return file.with_name(f"{file.name}.before-upgrade-{mark}")


def backups(file: Path) -> list[Path]:
    """The copies that upgrades left beside the file, by name."""
    return sorted(file.parent.glob(f"{glob.escape(file.name)}.before-upgrade-*"))


_EXAMPLES = 'Use "sqlite:///data/auditor.db" or "postgresql+psycopg://user@host/database".'


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        insertmanyvalues_page_size=ROWS,
        connect_args={"timeout": PATIENCE, "cached_statements": 256},
    )

    @event.listens_for(engine, "connect")
    def prepare(driver: Any, _record: object) -> None:
        driver.isolation_level = None  # sqlite3 must not begin transactions of its own
        for pragma in _PRAGMAS:
            _set(driver, pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))

    return engine


def _set(driver: Any, pragma: str) -> None:
    """Sets one of SQLite's switches. To change its journal's mode, SQLite waits for readers but not for a writer: of
    programs that begin a store at once, one would be told that it is locked.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            driver.execute(f"PRAGMA {pragma}").close()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _postgresql_engine(url: URL) -> Engine:
    try:
        return create_engine(
            url,
            hide_parameters=True,
            insertmanyvalues_page_size=ROWS,
            pool_pre_ping=True,
            connect_args={"application_name": "auditor", "connect_timeout": 10, "options": "-c timezone=UTC"},
        )
    except ModuleNotFoundError:
        raise Mistake('store.url: PostgreSQL needs the driver "psycopg": pip install "auditor[postgresql]"') from None


OTHER_VERSION: Final = (
    "another version of auditor has written this store, and this version cannot use it. Update auditor and try again; "
    "or, to begin anew with an empty store, move it away."
)


def _explained(fault: str, name: str) -> str | None:
    """What to tell the person about a database's fault; None where it is none of theirs."""
    for sign, words in _FAULTS.items():
        if sign in fault:
            return f"{name}: {words}"
    return None


_FAULTS: Final = {
    "database is locked": f"another program has kept the store locked for {PATIENCE} seconds. "
    "Close it (a database viewer, perhaps) and run the command again.",
    "disk is full": "the disk is full. What was stored is safe; make room and run the command again.",
    "disk I/O error": "the disk is full or cannot be read or written. "
    "Make room or check the disk, and run the command again.",
    "No space left": "the server's disk is full. What was stored is safe; make room and run the command again.",
    "readonly database": "the store may not be written. Check who owns the file.",
    "read-only": "the store may not be written. Check the user's rights.",
    "unable to open": "the store cannot be opened. Check that the folder is there and yours to write.",
    "file is not a database": "this file is not a store. Check store.url, or copy a backup back.",
    "malformed": "the store is damaged. Copy a backup back.",
    "connection failed": "the database server does not answer or does not know us. "
    "Check that it runs, and the user, password and database in store.url.",
    "connection is bad": "the connection to the database server was lost. Run the command again.",
    "server closed the connection": "the connection to the database server was lost. Run the command again.",
    "permission denied": "the database user may not do that. Make it the owner of the database.",
}
