"""The tables, in the contract's words.

A change here is a new file in `migrations/versions`; a test watches for drift.
"""

from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
)

from auditor.store.columns import NUMBER, Bytes, Json, Moment, Words

HEAD: Final = "0005"
"""The newest migration: the schema that this code works with."""


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


def _number() -> Column[int]:
    return Column("id", NUMBER, primary_key=True, autoincrement=False)


def _of_page() -> Column[int]:
    return Column("page", NUMBER, ForeignKey("page.id", ondelete="CASCADE"), primary_key=True)


def _bytes(name: str) -> Column[bytes]:
    return Column(name, Bytes, nullable=False)


# What is known of every address of an account. `audit` is the last one that settled it, and `checked_at` when; what an
# audit could not read keeps what an earlier one saw there. `ground` is what its judging depended on. `links`, `images`
# and `anchors` are keyed numbers of 8 bytes, in the page's order; a text is negative where the page had its address
# before. `counted` tells what of it is added up in `link` and `image` (see `Counted`); where it said something else
# then, that stands in `was_depth`, `was_links` and `was_images`.
page = Table(
    "page",
    metadata,
    _number(),
    _words("account"),
    _words("url"),
    Column("audit", Integer, ForeignKey("audit.id"), nullable=False),
    _words("state"),
    Column("depth", Integer, nullable=False),
    _words("problem"),
    Column("blind", Json),
    Column("published_on", Moment),
    Column("checked_at", Moment, nullable=False),
    Column("rendered", Boolean, nullable=False),
    Column("doubtful", Boolean, nullable=False),
    _words("etag"),
    _words("last_modified"),
    _words("echo"),
    _bytes("body"),
    _bytes("content"),
    _bytes("ground"),
    _bytes("links"),
    _bytes("images"),
    _bytes("anchors"),
    Column("counted", Integer, nullable=False, server_default="0"),
    Column("was_depth", Integer, nullable=False, server_default="0"),
    Column("was_links", Bytes),
    Column("was_images", Bytes),
    Index("ix_page_account", "account", "audit"),
)

# What pages say with their links and images, each distinct one of an account once, masked.
link_text = Table(
    "link_text",
    metadata,
    _number(),
    _words("account", index=True),
    _words("url"),
    _words("words"),
    _words("tag"),
    _words("rel"),
)

image_text = Table(
    "image_text",
    metadata,
    _number(),
    _words("account", index=True),
    _words("url"),
    _words("alt"),
    _words("caption"),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
)


def _uses(name: str) -> Table:
    """The distinct addresses of an account's links or images at its last audit: what each says where it stands first,
    and on how many pages it stands."""
    return Table(
        name,
        metadata,
        _words("account", primary_key=True),
        _words("url", primary_key=True),
        Column("text", NUMBER, nullable=False),
        _words("page"),
        Column("depth", Integer, nullable=False),
        Column("places", Integer, nullable=False),
        sqlite_with_rowid=False,
    )


link = _uses("link")
image = _uses("image")

# What checks that judge whole accounts wrote down of a page.
note = Table(
    "note",
    metadata,
    _of_page(),
    _words("rule", primary_key=True),
    Column("facts", Json, nullable=False),
    sqlite_with_rowid=False,
)

# Which findings a page carries, each as it was found there.
sighting = Table(
    "sighting",
    metadata,
    _of_page(),
    _words("fingerprint", primary_key=True),
    _words("rule"),
    _words("outcome"),
    Column("facts", Json, nullable=False),
    sqlite_with_rowid=False,
)

# What checks said of a page beside findings: that they broke down, could not tell, or let something pass.
remark = Table(
    "remark",
    metadata,
    _of_page(),
    _words("rule", primary_key=True),
    _words("aside", primary_key=True),
    _words("reason", primary_key=True),
    Column("times", Integer, nullable=False),
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
    _words("etag", server_default=""),
    _words("last_modified", server_default=""),
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
    Column("content", Bytes, nullable=False),
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
