"""What a column may hold: text out of the wild, moments, plain JSON, and the keyed numbers that rows are known by."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    Text,
    TypeDecorator,
    literal_column,
)

LONGEST_URL: Final = 2600
"""Bytes of an address that a table can be keyed by; PostgreSQL's indexes end there."""

NUMBER: Final = BigInteger().with_variant(Integer(), "sqlite")
"""A keyed number of 63 bits, as `Key.number` makes it. On SQLite it names the row itself."""

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")

_TEXT = Text().with_variant(Text(collation="C"), "postgresql")  # sorts as Python does, on every machine alike


def clean(text: str) -> str:
    """The text as every database can hold it: NUL and lone surrogates become U+FFFD."""
    return text.replace("\0", "\ufffd") if text.isascii() else _UNSTORABLE.sub("\ufffd", text)


def _storable(value: str | None) -> str | None:
    if value is None:
        return None
    text = str(value)  # an Enum's own text, whatever the driver makes of it
    return text if text.isascii() and "\0" not in text else clean(text)


class Words(TypeDecorator[str]):
    """Text out of the wild, made storable on its way in."""

    impl = _TEXT
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:  # noqa: ARG002
        """What is done to every single value that is stored, so it takes no detour."""
        return _storable


class Moment(TypeDecorator[datetime]):
    """A point in time, kept in UTC. A moment without a time zone is taken as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else in_utc(value)


class Json(TypeDecorator[Any]):
    """Plain JSON values, written in ASCII so that no text in them can be unstorable."""

    impl = _TEXT
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else json.dumps(value, ensure_ascii=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else json.loads(value)


class Bytes(LargeBinary):
    """Bytes, which drivers take as they are: the usual way wraps each in an object of its own."""

    def bind_processor(self, dialect: Dialect) -> None:
        """Nothing is done to what is stored."""


def written(constant: str | int) -> ColumnElement[Any]:
    """A word or number as it is written in a statement: as a parameter it would be bound anew for each of its rows."""
    return literal_column(f"'{constant}'" if isinstance(constant, str) else str(constant))


def storable(url: str) -> bool:
    """Whether a table can be keyed by the address."""
    return len(url) <= LONGEST_URL and len(url.encode("utf-8", "surrogatepass")) <= LONGEST_URL


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; one without a zone is taken as UTC, one beyond the calendar's end loses its zone."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # a page may claim to be from the year 1 in Tokyo
        return moment.replace(tzinfo=UTC)
