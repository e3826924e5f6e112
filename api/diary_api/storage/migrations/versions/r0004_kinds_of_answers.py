"""What each known answer is an answer to, so that it can be taken along."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; answers kept before do not tell."""
    op.add_column("answers", sa.Column("kind", sa.String(length=255), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("answers", "kind")
