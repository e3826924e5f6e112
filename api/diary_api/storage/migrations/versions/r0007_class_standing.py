"""Whether a child is compared with the class: a choice of its parent, off until it is made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it."""
    op.add_column(
        "children",
        sa.Column("class_standing_shown", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_column("children", "class_standing_shown")
