"""Many rows into one table at a time, by a statement that is compiled once.

A column's values are made storable one after the other, and a row is handed to the driver as it is; the same statement
by the usual way makes a dictionary of each row, and another of what each of its values becomes.
"""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Insert, Table

from auditor.store.schema import names


class Many:
    """An INSERT into every column of a table."""

    def __init__(self, statement: Insert, table: Table, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._statement: Final = str(compiled)
        self._in_order: Final = bool(compiled.positional)
        self._names: Final = names(table)
        kinds = [column.type.dialect_impl(dialect) for column in table.columns]
        self._made: Final = [kind.bind_processor(dialect) for kind in kinds]

    def into(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Adds the rows, each of which has a value for every column."""
        columns = [map(itemgetter(name), rows) for name in self._names]
        made = [map(make, column) if make else column for make, column in zip(self._made, columns, strict=True)]
        stored = zip(*made, strict=True)
        connection.exec_driver_sql(
            self._statement,
            list(stored) if self._in_order else [dict(zip(self._names, row, strict=True)) for row in stored],
        )
