"""In which hours of the week each account reads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "habits",
        sa.Column("account_id", sa.String(255), nullable=False),
        sa.Column("hours_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="habits_account_id_of", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name="habits_pk"),
    )
    op.create_index("habits_counted_at", "habits", ["counted_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("habits")
