"""Runs the migrations on the connection that `Records.migrate` brings along."""

from alembic import context

from records.table import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
