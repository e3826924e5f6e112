"""Proven identities, and sign-ins that prove one.

Only `sign_ins` is made anew, to which no table refers: on SQLite a table that others refer to must not be,
since dropping the old one would take their rows along.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "identities",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.String(length=255), nullable=False),
        sa.Column("provider", sa.String(length=255), nullable=False),
        sa.Column("subject_index", sa.String(length=255), nullable=False),
        sa.Column("snils_index", sa.String(length=255), nullable=True),
        sa.Column("level", sa.String(length=255), nullable=False),
        sa.Column("profile_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="identities_account_id_of", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="identities_pk"),
        sa.UniqueConstraint("subject_index", name="identities_subject_index_once"),
        sa.UniqueConstraint("account_id", "provider", name="identities_account_id_provider_once"),
    )
    op.create_index("identities_snils_index", "identities", ["snils_index"], unique=False)
    op.add_column(
        "connections",
        sa.Column("identity", sa.String(length=255), nullable=False, server_default="unproven"),
    )
    op.add_column("connections", sa.Column("identity_id", sa.String(length=255), nullable=True))
    with op.batch_alter_table("sign_ins") as table:
        table.add_column(sa.Column("purpose", sa.String(length=255), nullable=False, server_default="link"))
        table.alter_column("connection_id", existing_type=sa.String(length=255), nullable=True)
        table.add_column(sa.Column("account_id", sa.String(length=255), nullable=True))
        table.add_column(sa.Column("key_hash", sa.String(length=255), nullable=True))
        table.add_column(sa.Column("result_sealed", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
        table.create_foreign_key(
            "sign_ins_account_id_of", "accounts", ["account_id"], ["id"], ondelete="CASCADE"
        )
        table.create_unique_constraint("sign_ins_key_hash_once", ["key_hash"])
        table.create_index("sign_ins_account_id", ["account_id"], unique=False)


def downgrade() -> None:
    """Drop them, and the sign-ins that only they could finish."""
    op.execute("DELETE FROM sign_ins WHERE connection_id IS NULL")
    with op.batch_alter_table("sign_ins") as table:
        table.drop_index("sign_ins_account_id")
        table.drop_constraint("sign_ins_key_hash_once", type_="unique")
        table.drop_constraint("sign_ins_account_id_of", type_="foreignkey")
        for column in ("tries", "result_sealed", "key_hash", "account_id", "purpose"):
            table.drop_column(column)
        table.alter_column("connection_id", existing_type=sa.String(length=255), nullable=False)
    op.drop_column("connections", "identity_id")
    op.drop_column("connections", "identity")
    op.drop_index("identities_snils_index", table_name="identities")
    op.drop_table("identities")
