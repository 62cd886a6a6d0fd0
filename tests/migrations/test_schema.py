"""The gate: migrations, models and the checked-in schema.sql say the same."""

from __future__ import annotations

from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from app.database import connect
from app.models import metadata
from app.services.schema import migrate
from tests.conftest import NewDatabase
from tests.migrations.dumps import SCHEMA_SQL, dump_schema

STALE = "migrations/schema.sql is not what the migrations build: python -m tests.migrations.write_schema"


async def test_migrations_build_what_the_models_describe(dsn: str, empty_database: NewDatabase) -> None:
    async with empty_database() as other:
        engine = create_async_engine(make_url(other).set(drivername="postgresql+asyncpg"))
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        await engine.dispose()
        assert dump_schema(dsn) == dump_schema(other)


def test_schema_sql_is_what_the_migrations_build(dsn: str) -> None:
    assert SCHEMA_SQL.read_text(encoding="utf-8") == dump_schema(dsn), STALE


async def test_no_table_was_counted_while_it_was_empty(empty_database: NewDatabase) -> None:
    """Postgres would plan to read it as a whole, and whoever then records much in one transaction does so by
    that plan."""
    async with empty_database() as new:
        await migrate(new, on_progress=lambda _: None)
        async with connect(new, "pytest") as connection:
            counted = await connection.fetch(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples = 0"
                " AND relnamespace = 'public'::regnamespace"
            )
        assert counted == []
