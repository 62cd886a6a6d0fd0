"""The gate: migrations, models and the checked-in schema.sql say the same."""

from __future__ import annotations

from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from app.models import metadata
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
