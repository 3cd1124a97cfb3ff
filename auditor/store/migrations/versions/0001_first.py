"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes every table."""
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("policy", TEXT, nullable=False),
        sa.Column("basis", TEXT, nullable=False),
        sa.Column("accounts", TEXT, nullable=False),
        sa.Column("trigger", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_table(
        "heartbeat",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeat"),
    )
    op.create_table(
        "host",
        sa.Column("host", TEXT, nullable=False),
        sa.Column("facts", TEXT, nullable=False),
        sa.Column("learned_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_host"),
    )
    op.create_table(
        "link_state",
        sa.Column("url", TEXT, nullable=False),
        sa.Column("verdict", TEXT, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("final_url", TEXT, nullable=False),
        sa.Column("hops", TEXT, nullable=False),
        sa.Column("link_class", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("sure", sa.Boolean(), nullable=False),
        sa.Column("outlet", TEXT, nullable=False),
        sa.Column("outlet_why", TEXT, nullable=False),
        sa.Column("outlet_sure", sa.Boolean(), nullable=False),
        sa.Column("visited_at", MOMENT, nullable=False),
        sa.Column("fail_streak", sa.Integer(), nullable=False),
        sa.Column("first_failed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("url", name="pk_link_state"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "meta",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_meta"),
    )
    op.create_table(
        "picture",
        sa.Column("url", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("logos", TEXT, nullable=False),
        sa.Column("problem", TEXT, nullable=False),
        sa.Column("looked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("url", name="pk_picture"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_picture_sha256", "picture", ["sha256"], unique=False)
    op.create_table(
        "roster",
        sa.Column("part", TEXT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("part", name="pk_roster"),
    )
    op.create_table(
        "slot",
        sa.Column("job", TEXT, nullable=False),
        sa.Column("slot_utc", MOMENT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=True),
        sa.Column("claimed_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("why", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("job", "slot_utc", name="pk_slot"),
    )
    op.create_table(
        "concluded",
        sa.Column("audit", sa.Integer(), nullable=False),
        sa.Column("account", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["audit"], ["audit.id"], name="fk_concluded_audit"),
        sa.PrimaryKeyConstraint("audit", "account", name="pk_concluded"),
    )
    op.create_table(
        "coverage",
        sa.Column("account", TEXT, nullable=False),
        sa.Column("school", TEXT, nullable=False),
        sa.Column("route", TEXT, nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("oldest", MOMENT, nullable=True),
        sa.Column("blind", TEXT, nullable=False),
        sa.Column("fetched_at", MOMENT, nullable=False),
        sa.Column("audit", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit"], ["audit.id"], name="fk_coverage_audit"),
        sa.PrimaryKeyConstraint("account", name="pk_coverage"),
    )
    op.create_table(
        "finding",
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("outcome", TEXT, nullable=False),
        sa.Column("severity", TEXT, nullable=False),
        sa.Column("policy", TEXT, nullable=False),
        sa.Column("clause", TEXT, nullable=False),
        sa.Column("account", TEXT, nullable=False),
        sa.Column("school", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("excerpt", TEXT, nullable=False),
        sa.Column("advice", TEXT, nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("last_seen", MOMENT, nullable=False),
        sa.Column("first_audit", sa.Integer(), nullable=False),
        sa.Column("last_audit", sa.Integer(), nullable=False),
        sa.Column("fixed_at", MOMENT, nullable=True),
        sa.Column("fixed_audit", sa.Integer(), nullable=True),
        sa.Column("came_back_at", MOMENT, nullable=True),
        sa.Column("came_back_audit", sa.Integer(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["came_back_audit"], ["audit.id"], name="fk_finding_came_back_audit"),
        sa.ForeignKeyConstraint(["first_audit"], ["audit.id"], name="fk_finding_first_audit"),
        sa.ForeignKeyConstraint(["fixed_audit"], ["audit.id"], name="fk_finding_fixed_audit"),
        sa.ForeignKeyConstraint(["last_audit"], ["audit.id"], name="fk_finding_last_audit"),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_finding"),
    )
    op.create_index("ix_finding_account", "finding", ["account", "status"], unique=False)
    op.create_table(
        "image",
        sa.Column("audit", sa.Integer(), nullable=False),
        sa.Column("account", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("alt", TEXT, nullable=False),
        sa.Column("caption", TEXT, nullable=False),
        sa.Column("near", TEXT, nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("page", TEXT, nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit"], ["audit.id"], name="fk_image_audit"),
        sa.PrimaryKeyConstraint("audit", "account", "url", name="pk_image"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "link",
        sa.Column("audit", sa.Integer(), nullable=False),
        sa.Column("account", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("words", TEXT, nullable=False),
        sa.Column("tag", TEXT, nullable=False),
        sa.Column("rel", TEXT, nullable=False),
        sa.Column("page", TEXT, nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit"], ["audit.id"], name="fk_link_audit"),
        sa.PrimaryKeyConstraint("audit", "account", "url", name="pk_link"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "note",
        sa.Column("audit", sa.Integer(), nullable=False),
        sa.Column("account", TEXT, nullable=False),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("facts", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["audit"], ["audit.id"], name="fk_note_audit"),
        sa.PrimaryKeyConstraint("audit", "account", "rule", "url", name="pk_note"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "page",
        sa.Column("audit", sa.Integer(), nullable=False),
        sa.Column("account", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("problem", TEXT, nullable=False),
        sa.Column("blind", TEXT, nullable=True),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("etag", TEXT, nullable=False),
        sa.Column("last_modified", TEXT, nullable=False),
        sa.Column("published_on", MOMENT, nullable=True),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["audit"], ["audit.id"], name="fk_page_audit"),
        sa.PrimaryKeyConstraint("audit", "account", "url", name="pk_page"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tally",
        sa.Column("audit", sa.Integer(), nullable=False),
        sa.Column("school", TEXT, nullable=False),
        sa.Column("policy", TEXT, nullable=False),
        sa.Column("severity", TEXT, nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit"], ["audit.id"], name="fk_tally_audit"),
        sa.PrimaryKeyConstraint("audit", "school", "policy", "severity", name="pk_tally"),
    )
    op.create_table(
        "verdict",
        sa.Column("account", TEXT, nullable=False),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("outcome", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("audit", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit"], ["audit.id"], name="fk_verdict_audit"),
        sa.PrimaryKeyConstraint("account", "rule", name="pk_verdict"),
    )
    op.create_table(
        "finding_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["finding"], ["finding.fingerprint"], name="fk_finding_event_finding", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_finding_event"),
    )
    op.create_index("ix_finding_event_finding", "finding_event", ["finding"], unique=False)
