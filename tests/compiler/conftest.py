"""Databases full of records, read by both sides. Nothing writes to them once they are there."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest
from hypothesis.strategies import SearchStrategy

from app.database import Database
from app.settings import Settings
from tests.api.canary import plant
from tests.compiler.comparison import Contest, open_contest
from tests.compiler.generated import Case, Values, cases
from tests.compiler.records import record_world, viewer_of
from tests.conftest import NewDatabase, Statements
from tests.services.world import tell_story


@pytest.fixture(scope="session")
async def contest(clone: NewDatabase, statements: Statements) -> AsyncIterator[Contest]:
    async with clone() as dsn:
        await record_world(dsn)
        async with open_contest(dsn, statements, viewer_of("noor_phone")) as contest:
            yield contest


@pytest.fixture(scope="session")
async def outside_contest(clone: NewDatabase, statements: Statements) -> AsyncIterator[Contest]:
    """The same records, many of them restricted and nine agents protected, asked by nobody in particular."""
    async with clone() as dsn:
        await record_world(dsn)
        database, connection = await Database.open(dsn, Settings()), await asyncpg.connect(dsn)
        try:
            await plant(database, connection)
        finally:
            await connection.close()
            await database.close()
        async with open_contest(dsn, statements, viewer_of("nobody")) as contest:
            yield contest


@pytest.fixture(scope="session")
async def told_contest(clone: NewDatabase, statements: Statements) -> AsyncIterator[Contest]:
    """What random changes left that services made."""
    async with clone() as dsn:
        await tell_story(dsn, changes=80, seed=3)
        async with open_contest(dsn, statements) as contest:
            yield contest


@pytest.fixture(scope="session")
def generated_cases(contest: Contest) -> SearchStrategy[Case]:
    return cases(contest.oracle.schema, Values(contest.oracle.rows))
