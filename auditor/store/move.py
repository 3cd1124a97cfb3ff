"""Takes everything that one store holds into another, empty one: from SQLite to PostgreSQL, or back."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Table, func, insert, select, text

from auditor.errors import Mistake
from auditor.store import Store
from auditor.store.schema import metadata

STRIDE: Final = 5_000
"""Rows that are in memory at a time."""


def move(source: Store, target: Store) -> Mapping[str, int]:
    """Copies every row, in one transaction: all of it is there afterwards, or nothing. Rows by table, as counted there.

    The source stays as it is. Raises `Mistake` where the target holds something already. Call it while nobody else
    writes to either: the district's lock sees to that.
    """
    here, there = source._database, target._database
    if here.name == there.name:
        raise Mistake(f"{there.name}: this is the store that is used already; name another one")
    with here.reading() as reading, there.writing() as writing:
        filled = [table.name for table in metadata.sorted_tables if _count(writing, table)]
        if filled:
            raise Mistake(f"{there.name}: this store holds something already ({', '.join(filled)}); name an empty one")
        moved = {table.name: _copy(reading, writing, table) for table in metadata.sorted_tables}
        for table in metadata.sorted_tables:
            arrived = _count(writing, table)
            if arrived != moved[table.name]:
                raise RuntimeError(f"{arrived} of {moved[table.name]} rows of {table.name} arrived")
            if not there.file:
                _count_on(writing, table)
    return moved


def without_password(url: URL) -> str:
    """The address as it belongs into a configuration, with slashes on every system."""
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{Path(url.database or '').as_posix()}"
    plain = URL.create(url.drivername, url.username, None, url.host, url.port, url.database, url.query)
    return plain.render_as_string()


def _copy(reading: Connection, writing: Connection, table: Table) -> int:
    """Copies one table; gives the number of its rows."""
    rows = reading.execution_options(yield_per=STRIDE).execute(select(table).order_by(*table.primary_key.columns))
    count = 0
    for some in rows.mappings().partitions():
        writing.execute(insert(table), [dict(row) for row in some])
        count += len(some)
    return count


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _count_on(writing: Connection, table: Table) -> None:
    """PostgreSQL gives out numbers by a counter, which knows nothing of numbers that came with their rows."""
    column = table.autoincrement_column
    if column is None:
        return
    highest = writing.execute(select(func.max(column))).scalar()
    if highest is not None:
        counter = func.pg_get_serial_sequence(text(f"'{table.name}'"), text(f"'{column.name}'"))
        writing.execute(select(func.setval(counter, highest)))
