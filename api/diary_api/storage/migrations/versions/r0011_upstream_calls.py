"""How many requests were sent to diaries for each link, day by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "upstream_calls",
        sa.Column("connection_id", sa.String(length=255), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name="upstream_calls_connection_id_of", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("connection_id", "day", name="upstream_calls_pk"),
    )
    op.create_index("upstream_calls_day", "upstream_calls", ["day"], unique=False)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("upstream_calls_day", table_name="upstream_calls")
    op.drop_table("upstream_calls")
