from __future__ import annotations

import json
from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.conftest import NewDatabase
from tests.models.rows import SEED


@pytest.fixture(scope="session")
async def seeded(clone: NewDatabase) -> AsyncIterator[asyncpg.Connection]:
    async with clone() as dsn:
        connection = await connect(dsn)
        yield connection
        await connection.close()


@pytest.fixture
async def raw(seeded: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    """A connection past every service, with a row in each table; what a test does is rolled back."""
    transaction = seeded.transaction()
    await transaction.start()
    yield seeded
    await transaction.rollback()


@pytest.fixture
async def committed(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """The same on a database of its own, for tests that need commits."""
    connection = await connect(dsn)
    yield connection
    await connection.close()


async def connect(dsn: str) -> asyncpg.Connection:
    connection = await asyncpg.connect(dsn)
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
    await connection.execute(f"BEGIN; {SEED} COMMIT")
    return connection
