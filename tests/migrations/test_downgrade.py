"""What a migration made, its downgrade takes away."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from app.services.schema import alembic_config, migrate, run_alembic
from tests.conftest import NewDatabase
from tests.migrations.dumps import dump_schema


def list_revisions() -> list[str]:
    """Every revision, the first one first."""
    scripts = ScriptDirectory.from_config(alembic_config())
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


async def test_upgrade_downgrade_upgrade(empty_database: NewDatabase) -> None:
    async with empty_database() as dsn:
        nothing = dump_schema(dsn)
        await migrate(dsn)
        everything = dump_schema(dsn)
        await run_alembic(dsn, lambda config: command.downgrade(config, "base"))
        assert dump_schema(dsn) == nothing
        assert await migrate(dsn) == list_revisions()
        assert dump_schema(dsn) == everything != nothing


def test_migrations_are_numbered_in_a_row() -> None:
    assert list_revisions() == [f"{n:04}" for n in range(1, len(list_revisions()) + 1)]
    for script in ScriptDirectory.from_config(alembic_config()).walk_revisions():
        assert Path(script.path).name.startswith(f"{script.revision}_")
        assert script.doc
