"""The tables, in the contract's words.

A change here is a new file in `migrations/versions`; a test watches for drift.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

HEAD: Final = "0001"
"""The newest migration: the schema that this code works with."""

LONGEST_URL: Final = 2600
"""Bytes of an address that a table can be keyed by; PostgreSQL's indexes end there. Scrapy stops at 2,083 anyway."""

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


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; one without a zone is taken as UTC, one beyond the calendar's end loses its zone."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # a page may claim to be from the year 1 in Tokyo
        return moment.replace(tzinfo=UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def names(table: Table) -> tuple[str, ...]:
    """The columns of a table, in order."""
    return tuple(column.name for column in table.columns)


def _words(name: str, **options: Any) -> Column[str]:
    return Column(name, Words, nullable=False, **options)


def _of_audit() -> Column[int]:
    return Column("audit", Integer, ForeignKey("audit.id"), primary_key=True)


audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    _words("state"),
    _words("policy"),
    _words("basis"),
    Column("accounts", Json, nullable=False),
    _words("trigger"),
)

WHOLE_ACCOUNT: Final = "blind:"
"""Begins the `page.url` of what could not be seen of an account as a whole, which has no address of its own."""

# The frontier of a crawl: what an audit knows of every address of an account.
page = Table(
    "page",
    metadata,
    _of_audit(),
    _words("account", primary_key=True),
    _words("url", primary_key=True),
    Column("depth", Integer, nullable=False),
    _words("state"),
    _words("problem"),
    Column("blind", Json),
    _words("digest"),
    _words("etag"),
    _words("last_modified"),
    Column("published_on", Moment),
    Column("read_at", Moment),
    sqlite_with_rowid=False,
)

link = Table(
    "link",
    metadata,
    _of_audit(),
    _words("account", primary_key=True),
    _words("url", primary_key=True),
    _words("words"),
    _words("tag"),
    _words("rel"),
    _words("page"),
    Column("depth", Integer, nullable=False),
    Column("places", Integer, nullable=False),
    sqlite_with_rowid=False,
)

image = Table(
    "image",
    metadata,
    _of_audit(),
    _words("account", primary_key=True),
    _words("url", primary_key=True),
    _words("alt"),
    _words("caption"),
    _words("near"),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    _words("page"),
    Column("depth", Integer, nullable=False),
    Column("places", Integer, nullable=False),
    sqlite_with_rowid=False,
)

note = Table(
    "note",
    metadata,
    _of_audit(),
    _words("account", primary_key=True),
    _words("rule", primary_key=True),
    _words("url", primary_key=True),
    Column("facts", Json, nullable=False),
    sqlite_with_rowid=False,
)

# What came of visiting an address, over all accounts and audits.
link_state = Table(
    "link_state",
    metadata,
    _words("url", primary_key=True),
    _words("verdict"),
    _words("why"),
    Column("status", Integer, nullable=False),
    _words("final_url"),
    Column("hops", Json, nullable=False),
    _words("link_class"),
    _words("kind"),
    Column("sure", Boolean, nullable=False),
    _words("outlet"),
    _words("outlet_why"),
    Column("outlet_sure", Boolean, nullable=False),
    Column("visited_at", Moment, nullable=False),
    Column("fail_streak", Integer, nullable=False),
    Column("first_failed_at", Moment),
    sqlite_with_rowid=False,
)

# What was seen in an image. `version` names the logos and the code it was looked at with.
picture = Table(
    "picture",
    metadata,
    _words("url", primary_key=True),
    _words("version"),
    _words("sha256", index=True),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("logos", Json, nullable=False),
    _words("problem"),
    Column("looked_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

# What is worth remembering of a host, such as that its pages are empty without a browser.
host = Table(
    "host",
    metadata,
    _words("host", primary_key=True),
    Column("facts", Json, nullable=False),
    Column("learned_at", Moment, nullable=False),
)

finding = Table(
    "finding",
    metadata,
    _words("fingerprint", primary_key=True),
    _words("rule"),
    _words("outcome"),
    _words("severity"),
    _words("policy"),
    _words("clause"),
    _words("account"),
    _words("school"),
    _words("url"),
    _words("subject"),
    _words("excerpt"),
    _words("advice"),
    Column("confidence", Float, nullable=False),
    Column("places", Integer, nullable=False),
    _words("status"),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("first_audit", Integer, ForeignKey("audit.id"), nullable=False),
    Column("last_audit", Integer, ForeignKey("audit.id"), nullable=False),
    Column("fixed_at", Moment),
    Column("fixed_audit", Integer, ForeignKey("audit.id")),
    Column("came_back_at", Moment),
    Column("came_back_audit", Integer, ForeignKey("audit.id")),
    Column("until", Date),
    _words("reason"),
    _words("who"),
    Index("ix_finding_account", "account", "status"),
)

finding_event = Table(
    "finding_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("finding", Words, ForeignKey("finding.fingerprint", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    _words("who"),
    _words("what"),
    _words("reason"),
    Column("until", Date),
)

# What needed somebody when an audit ended; kept when the findings themselves are long gone.
tally = Table(
    "tally",
    metadata,
    _of_audit(),
    _words("school", primary_key=True),
    _words("policy", primary_key=True),
    _words("severity", primary_key=True),
    Column("open", Integer, nullable=False),
)

verdict = Table(
    "verdict",
    metadata,
    _words("account", primary_key=True),
    _words("rule", primary_key=True),
    _words("outcome"),
    _words("reason"),
    Column("audit", Integer, ForeignKey("audit.id"), nullable=False),
)

coverage = Table(
    "coverage",
    metadata,
    _words("account", primary_key=True),
    _words("school"),
    _words("route"),
    Column("complete", Boolean, nullable=False),
    Column("documents", Integer, nullable=False),
    Column("oldest", Moment),
    Column("blind", Json, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("audit", Integer, ForeignKey("audit.id"), nullable=False),
)

# Which accounts an audit has brought to an end, so that a resumed one does not begin them again.
concluded = Table(
    "concluded",
    metadata,
    _of_audit(),
    _words("account", primary_key=True),
)

# The roster as keyed digests, in named parts that only `auditor.roster` can read.
roster = Table(
    "roster",
    metadata,
    _words("part", primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("kept_at", Moment, nullable=False),
)

meta = Table(
    "meta",
    metadata,
    _words("name", primary_key=True),
    _words("value"),
)

slot = Table(
    "slot",
    metadata,
    _words("job", primary_key=True),
    Column("slot_utc", Moment, primary_key=True),
    _words("state"),
    Column("attempt", Integer, nullable=False),
    Column("pid", Integer),
    Column("claimed_at", Moment),
    Column("finished_at", Moment),
    _words("why"),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    _words("name", primary_key=True),
    Column("at", Moment, nullable=False),
    Column("pid", Integer, nullable=False),
)
