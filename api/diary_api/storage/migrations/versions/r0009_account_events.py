"""The log of what was done with an account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "account_events",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("about_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="account_events_account_id_of", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="account_events_pk"),
        sa.UniqueConstraint("account_id", "kind", "hour", name="account_events_account_id_kind_hour_once"),
    )
    op.create_index("account_events_at", "account_events", ["at"])
    op.create_index("account_events_listed", "account_events", ["account_id", "at", "id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("account_events")
