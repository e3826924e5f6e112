"""Runs migrations on the connection the gateway hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from diary_api.storage.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
