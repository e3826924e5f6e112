"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("email_index", sa.String(length=255), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("password_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="accounts_pk"),
        sa.UniqueConstraint("email_index", name="accounts_email_index_once"),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="meta_pk"),
    )
    op.create_table(
        "access_keys",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=255), nullable=False),
        sa.Column("secret_hash", sa.String(length=255), nullable=False),
        sa.Column("scopes", sa.String(length=255), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="access_keys_account_id_of", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="access_keys_pk"),
        sa.UniqueConstraint("secret_hash", name="access_keys_secret_hash_once"),
    )
    op.create_index("access_keys_account_id", "access_keys", ["account_id"], unique=False)
    op.create_table(
        "connections",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.String(length=255), nullable=False),
        sa.Column("provider", sa.String(length=255), nullable=False),
        sa.Column("instance", sa.String(length=255), nullable=False),
        sa.Column("region", sa.String(length=255), nullable=True),
        sa.Column("method", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=255), nullable=False),
        sa.Column("outcome", sa.String(length=255), nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sign_ins", sa.Integer(), nullable=False),
        sa.Column("credentials_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("lease_holder", sa.String(length=255), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="connections_account_id_of", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="connections_pk"),
    )
    op.create_index("connections_account_id", "connections", ["account_id"], unique=False)
    op.create_table(
        "replays",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.String(length=255), nullable=True),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="replays_account_id_of", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="replays_pk"),
    )
    op.create_index("replays_account_id", "replays", ["account_id"], unique=False)
    op.create_index("replays_expires_at", "replays", ["expires_at"], unique=False)
    op.create_table(
        "children",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.String(length=255), nullable=False),
        sa.Column("connection_id", sa.String(length=255), nullable=False),
        sa.Column("upstream_hash", sa.String(length=255), nullable=False),
        sa.Column("profile_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="children_account_id_of", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name="children_connection_id_of", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="children_pk"),
        sa.UniqueConstraint(
            "connection_id", "upstream_hash", name="children_connection_id_upstream_hash_once"
        ),
    )
    op.create_index("children_account_id", "children", ["account_id"], unique=False)
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("connection_id", sa.String(length=255), nullable=False),
        sa.Column("method", sa.String(length=255), nullable=False),
        sa.Column("phase", sa.String(length=255), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("step_kind", sa.String(length=255), nullable=False),
        sa.Column("flow_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ticket_hash", sa.String(length=255), nullable=False),
        sa.Column("state_hash", sa.String(length=255), nullable=False),
        sa.Column("browser_hash", sa.String(length=255), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name="sign_ins_connection_id_of", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="sign_ins_pk"),
        sa.UniqueConstraint("state_hash", name="sign_ins_state_hash_once"),
        sa.UniqueConstraint("ticket_hash", name="sign_ins_ticket_hash_once"),
    )
    op.create_index("sign_ins_connection_id", "sign_ins", ["connection_id"], unique=False)
    op.create_table(
        "enrolments",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("child_id", sa.String(length=255), nullable=False),
        sa.Column("upstream_hash", sa.String(length=255), nullable=False),
        sa.Column("profile_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"], ["children.id"], name="enrolments_child_id_of", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="enrolments_pk"),
        sa.UniqueConstraint("child_id", "upstream_hash", name="enrolments_child_id_upstream_hash_once"),
    )
    op.create_table(
        "answers",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("enrolment_id", sa.String(length=255), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name="answers_enrolment_id_of", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="answers_pk"),
    )
    op.create_index("answers_enrolment_id", "answers", ["enrolment_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("answers_enrolment_id", table_name="answers")
    op.drop_table("answers")
    op.drop_table("enrolments")
    op.drop_index("sign_ins_connection_id", table_name="sign_ins")
    op.drop_table("sign_ins")
    op.drop_index("children_account_id", table_name="children")
    op.drop_table("children")
    op.drop_index("replays_expires_at", table_name="replays")
    op.drop_index("replays_account_id", table_name="replays")
    op.drop_table("replays")
    op.drop_index("connections_account_id", table_name="connections")
    op.drop_table("connections")
    op.drop_index("access_keys_account_id", table_name="access_keys")
    op.drop_table("access_keys")
    op.drop_table("meta")
    op.drop_table("accounts")
