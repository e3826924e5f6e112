"""When each diary is looked into and its credentials are renewed, though nobody reads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; credentials that are there are renewed when they are used, and known from then on."""
    for name in ("look_at", "renew_at"):
        op.add_column("connections", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        op.create_index(f"connections_{name}", "connections", [name])


def downgrade() -> None:
    """Drop them."""
    for name in ("renew_at", "look_at"):
        op.drop_index(f"connections_{name}", "connections")
        op.drop_column("connections", name)
