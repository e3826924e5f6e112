"""Notices of absence: the outbox, and answers that a write of ours has overtaken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and the column."""
    op.add_column("answers", sa.Column("outdated", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "absence_notices",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("child_id", sa.String(length=255), nullable=False),
        sa.Column("enrolment_id", sa.String(length=255), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=255), nullable=True),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("receipts_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("key_hash", sa.String(length=255), nullable=True),
        sa.Column("fingerprint", sa.String(length=255), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name="absence_notices_child_id_of", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name="absence_notices_enrolment_id_of", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="absence_notices_pk"),
        sa.UniqueConstraint("key_hash", "day", name="absence_notices_key_hash_day_once"),
    )
    for column in ("child_id", "enrolment_id", "next_at"):
        op.create_index(f"absence_notices_{column}", "absence_notices", [column], unique=False)


def downgrade() -> None:
    """Drop both."""
    op.drop_table("absence_notices")
    op.drop_column("answers", "outdated")
