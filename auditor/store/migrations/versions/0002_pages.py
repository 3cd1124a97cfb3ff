"""What was read is kept by page, not by audit, and what checks say beside findings is remembered.

Readings of before are dropped: the next audit makes them anew. Findings, verdicts, coverage and the rest stay.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes the tables of readings anew."""
    for table in ("page", "link", "image", "note"):
        op.drop_table(table)
    _make_pages()
    _make_texts()
    for table in ("link", "image"):
        _make_uses(table)
    _make_what_hangs_on_pages()


def _make_pages() -> None:
    op.create_table(
        "page",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("account", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("audit", sa.Integer(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("problem", TEXT, nullable=False),
        sa.Column("blind", TEXT, nullable=True),
        sa.Column("published_on", MOMENT, nullable=True),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.Column("rendered", sa.Boolean(), nullable=False),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column("etag", TEXT, nullable=False),
        sa.Column("last_modified", TEXT, nullable=False),
        sa.Column("echo", TEXT, nullable=False),
        *(
            sa.Column(name, sa.LargeBinary(), nullable=False)
            for name in ("body", "content", "ground", "links", "images", "anchors")
        ),
        sa.ForeignKeyConstraint(["audit"], ["audit.id"], name="fk_page_audit"),
        sa.PrimaryKeyConstraint("id", name="pk_page"),
    )
    op.create_index("ix_page_account", "page", ["account", "audit"], unique=False)


def _make_texts() -> None:
    op.create_table(
        "link_text",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("account", "url", "words", "tag", "rel")),
        sa.PrimaryKeyConstraint("id", name="pk_link_text"),
    )
    op.create_index("ix_link_text_account", "link_text", ["account"], unique=False)
    op.create_table(
        "image_text",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("account", "url", "alt", "caption", "near")),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_image_text"),
    )
    op.create_index("ix_image_text_account", "image_text", ["account"], unique=False)


def _make_uses(table: str) -> None:
    op.create_table(
        table,
        sa.Column("account", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("text", NUMBER, nullable=False),
        sa.Column("page", TEXT, nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account", "url", name=f"pk_{table}"),
        sqlite_with_rowid=False,
    )


def _make_what_hangs_on_pages() -> None:
    tables: dict[str, list[sa.Column[Any]]] = {
        "note": [sa.Column("rule", TEXT, nullable=False), sa.Column("facts", TEXT, nullable=False)],
        "sighting": [
            *(sa.Column(name, TEXT, nullable=False) for name in ("fingerprint", "rule", "outcome", "facts")),
        ],
        "remark": [
            *(sa.Column(name, TEXT, nullable=False) for name in ("rule", "aside", "reason")),
            sa.Column("times", sa.Integer(), nullable=False),
        ],
    }
    keys: dict[str, tuple[str, ...]] = {
        "note": ("rule",),
        "sighting": ("fingerprint",),
        "remark": ("rule", "aside", "reason"),
    }
    for name, columns in tables.items():
        op.create_table(
            name,
            sa.Column("page", NUMBER, nullable=False),
            *columns,
            sa.ForeignKeyConstraint(["page"], ["page.id"], name=f"fk_{name}_page", ondelete="CASCADE"),
            sa.PrimaryKeyConstraint("page", *keys[name], name=f"pk_{name}"),
            sqlite_with_rowid=False,
        )
