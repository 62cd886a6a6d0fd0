"""A migration that takes minutes does not fall to a write that came meanwhile; another says what to do."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from alembic import command

from app.errors import DatabaseUnavailable
from app.services import schema
from app.services.schema import run_alembic
from tests.conftest import NewDatabase
from tests.migrations.dumps import dump_schema

WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'claim'::regclass"


async def test_an_index_is_replaced_while_somebody_writes(empty_database: NewDatabase) -> None:
    async with empty_database() as dsn:
        await run_alembic(dsn, lambda config: command.upgrade(config, "0021"))
        writer, watcher = [await asyncpg.connect(dsn) for _ in range(2)]
        try:
            writes = writer.transaction()
            await writes.start()
            await writer.execute("SELECT FROM claim")
            migration = asyncio.create_task(run_alembic(dsn, lambda config: command.upgrade(config, "0022")))
            while not await watcher.fetchval(WAITS):
                assert not migration.done()
                await asyncio.sleep(0.01)
            await writer.execute("UPDATE claim SET version = version")
            await writes.commit()
            await migration
            assert "stretches_of" in await watcher.fetchval(
                "SELECT pg_get_indexdef('claim_words_idx'::regclass)"
            )
        finally:
            await writer.close()
            await watcher.close()


async def test_a_write_that_waits_for_a_migration_which_waits_for_it_wins(
    empty_database: NewDatabase,
) -> None:
    async with empty_database() as dsn:
        await run_alembic(dsn, lambda config: command.upgrade(config, "0027"))
        writer, watcher = [await asyncpg.connect(dsn) for _ in range(2)]
        try:
            await writer.execute("SET deadlock_timeout = '60s'")  # so that the migration is the one to see it
            writes = writer.transaction()
            await writes.start()
            await writer.execute("UPDATE claim SET version = version")
            migration = asyncio.create_task(run_alembic(dsn, lambda config: command.upgrade(config, "0028")))
            while not await watcher.fetchval(WAITS):
                assert not migration.done()
                await asyncio.sleep(0.01)
            # The migration holds the agents by now.
            await writer.execute("UPDATE agent SET version = version")
            await writes.commit()
            with pytest.raises(DatabaseUnavailable, match="in use") as told:
                await migration
            assert "again" in str(told.value.hint)
            await run_alembic(dsn, lambda config: command.upgrade(config, "0028"))
        finally:
            await writer.close()
            await watcher.close()


async def test_a_downgrade_that_is_cut_off_leaves_no_index_that_refuses_what_may_be_recorded(
    empty_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "LOCK_TIMEOUT", "100ms")
    async with empty_database() as dsn:
        await run_alembic(dsn, lambda config: command.upgrade(config, "0030"))
        before = dump_schema(dsn)
        reader = await asyncpg.connect(dsn)
        try:
            reads = reader.transaction()
            await reads.start()
            await reader.execute("SELECT FROM source")
            with pytest.raises(DatabaseUnavailable, match="in use"):
                await run_alembic(dsn, lambda config: command.downgrade(config, "0029"))
            await reads.rollback()
        finally:
            await reader.close()
        assert dump_schema(dsn) == before
        await run_alembic(dsn, lambda config: command.downgrade(config, "0029"))
