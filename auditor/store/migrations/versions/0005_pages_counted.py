"""Each page tells what of it is added up, so that the next audit adds up only what changed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds the columns. No page is counted yet: the next audit of each account adds up all of it."""
    for name in ("counted", "was_depth"):
        op.add_column("page", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for name in ("was_links", "was_images"):
        op.add_column("page", sa.Column(name, sa.LargeBinary(), nullable=True))
