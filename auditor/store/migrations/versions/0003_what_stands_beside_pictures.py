"""What stands beside a picture is not kept any more: it is judged with its page, and nobody asks for it later."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Drops the column, with what is in it."""
    op.drop_column("image_text", "near")
