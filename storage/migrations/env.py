"""Alembic's entry: runs the scripts on the connection that `storage.migrate` hands in."""

from __future__ import annotations

from alembic import context

from storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    # One transaction around all of it, opened by the caller, so that a failure changes nothing.
    transaction_per_migration=False,
    compare_type=True,
)
context.run_migrations()
