"""The log of changes, and what it is made from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "watches",
        sa.Column("enrolment_id", sa.String(length=255), nullable=False),
        sa.Column("reading", sa.String(length=255), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name="watches_enrolment_id_of", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "reading", name="watches_pk"),
    )
    op.create_table(
        "seen_days",
        sa.Column("enrolment_id", sa.String(length=255), nullable=False),
        sa.Column("reading", sa.String(length=255), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("things_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name="seen_days_enrolment_id_of", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "reading", "day", name="seen_days_pk"),
    )
    op.create_table(
        "changes",
        sa.Column("account_id", sa.String(length=255), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("child_id", sa.String(length=255), nullable=False),
        sa.Column("enrolment_id", sa.String(length=255), nullable=False),
        sa.Column("thing", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="changes_account_id_of", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name="changes_child_id_of", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name="changes_enrolment_id_of", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "number", name="changes_pk"),
    )
    op.create_index("changes_enrolment_id", "changes", ["enrolment_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("changes")
    op.drop_table("seen_days")
    op.drop_table("watches")
