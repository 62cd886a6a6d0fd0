"""Runs migrations on the connection that `app.services.schema` opened, each in a transaction of its own.

Alembic runs this file for every command that needs a database. There is no alembic.ini: the connection comes
in `config.attributes`, with the lock held and the timeouts set.
"""

from alembic import context
from alembic.util import CommandError

connection = context.config.attributes.get("connection")
if connection is None:
    raise CommandError("Run `sayso migrate`: it holds the lock that keeps two migrations apart.")

context.configure(
    connection=connection,
    transaction_per_migration=True,
    version_table_schema="public",
    on_version_apply=context.config.attributes.get("on_version_apply"),
)
with context.begin_transaction():
    context.run_migrations()
