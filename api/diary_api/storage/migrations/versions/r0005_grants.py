"""Trusted people: what each may see of one child, and what she has looked at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "grants",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("child_id", sa.String(length=255), nullable=False),
        sa.Column("person_id", sa.String(length=255), nullable=True),
        sa.Column("called_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("rights", sa.String(length=255), nullable=False),
        sa.Column("link_hash", sa.String(length=255), nullable=True),
        sa.Column("code_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("invitation_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["children.id"], name="grants_child_id_of", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts.id"], name="grants_person_id_of", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="grants_pk"),
        sa.UniqueConstraint("link_hash", name="grants_link_hash_once"),
    )
    op.create_index("grants_child_id", "grants", ["child_id"], unique=False)
    op.create_index("grants_person_id", "grants", ["person_id"], unique=False)
    running = sa.text("ended_at IS NULL")
    op.create_index(
        "grants_running_once",
        "grants",
        ["child_id", "person_id"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )
    op.create_table(
        "grant_uses",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("grant_id", sa.String(length=255), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("outcome", sa.String(length=255), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["grants.id"], name="grant_uses_grant_id_of", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="grant_uses_pk"),
        sa.UniqueConstraint(
            "grant_id", "hour", "kind", "outcome", name="grant_uses_grant_id_hour_kind_outcome_once"
        ),
    )
    op.create_index("grant_uses_last_at", "grant_uses", ["last_at"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("grant_uses_last_at", table_name="grant_uses")
    op.drop_table("grant_uses")
    op.drop_index("grants_running_once", table_name="grants")
    op.drop_index("grants_person_id", table_name="grants")
    op.drop_index("grants_child_id", table_name="grants")
    op.drop_table("grants")
