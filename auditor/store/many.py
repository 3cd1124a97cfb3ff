"""Many rows at a time, into a table or out of it, by a statement that is compiled once.

A column's values are made storable one after the other, and a row is handed to the driver as it is; the same statement
by the usual way makes a dictionary of each row, and another of what each of its values becomes. And where rows are
asked for by their numbers, the usual way writes the statement anew each time, and looks at each value that comes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Column, Connection, Dialect, Insert, Select, Table, bindparam

from auditor.store.lifecycle import batches
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


class Numbered:
    """A SELECT of the rows that are known by some numbers, without parameters of its own. What it gives is as the
    driver gives it: words, numbers and bytes, and truth as SQLite has it (0 or 1)."""

    def __init__(self, query: Select[Any], number: Column[int], dialect: Dialect) -> None:
        self._query, self._number, self._dialect = query, number, dialect
        self._statements: Final[dict[int, tuple[str, Sequence[str] | None]]] = {}

    def rows(self, connection: Connection, numbers: Iterable[int]) -> Iterator[Sequence[Any]]:
        """The rows of those of the numbers that are there, in whatever order."""
        for some in batches(numbers):
            # Of a few lengths only, so that few statements are compiled: who asks twice for a row gets it once.
            length = 1 << (len(some) - 1).bit_length()
            asked = (*some, *repeat(some[0], length - len(some)))
            statement, names = self._compiled(length)
            values = asked if names is None else dict(zip(names, asked, strict=True))
            yield from connection.exec_driver_sql(statement, values).all()

    def _compiled(self, length: int) -> tuple[str, Sequence[str] | None]:
        """The statement for so many numbers, and the names of its parameters where it has them by name."""
        if length not in self._statements:
            names = [f"number_{place}" for place in range(length)]
            query = self._query.where(self._number.in_([bindparam(name) for name in names]))
            compiled = query.compile(dialect=self._dialect)
            self._statements[length] = str(compiled), None if compiled.positional else names
        return self._statements[length]
