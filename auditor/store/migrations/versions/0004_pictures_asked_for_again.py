"""What a picture may be asked for again by is kept with what was seen in it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Adds the columns; of pictures that were looked at before, nothing is known."""
    for name in ("etag", "last_modified"):
        op.add_column("picture", sa.Column(name, TEXT, nullable=False, server_default=""))
