"""Runs migrations on the connection the gateway hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from diary_api.storage.call_counts import UpstreamCallsRow

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=UpstreamCallsRow.metadata,  # of all tables: this one stands on the others
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
