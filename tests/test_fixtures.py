"""What other tests rely on: a rolled-back database refuses what a commit would, and every read is heard."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.database import Database, WriteSession, constraint_name
from app.permissions import Viewer
from tests.conftest import Statements

CLAIM_WITHOUT_CORROBORATION = text(
    "WITH s AS (INSERT INTO source (id, newest_version, recorded_by, kind, title)"
    " SELECT id, id, :researcher, 'POST', 'A post' FROM uuidv7() AS id RETURNING id)"
    " INSERT INTO claim (recorded_by, source, statement, quote_exact, basis)"
    " SELECT :researcher, id, 'So', 'So.', 'UNATTRIBUTED' FROM s"
)
# A parameter of a type that the driver has to ask about first.
READ = "SELECT ($1::numrange)::varchar"


@pytest.fixture(params=["database", "committed_database"])
def any_database(request: pytest.FixtureRequest) -> Database:
    database: Database = request.getfixturevalue(request.param)
    return database


async def test_what_a_commit_would_refuse_is_refused(any_database: Database, viewer: Viewer) -> None:
    async def record(session: WriteSession) -> None:
        await session.execute(CLAIM_WITHOUT_CORROBORATION, {"researcher": viewer.researcher})

    with pytest.raises(IntegrityError) as refused:
        await any_database.write(viewer.researcher, record)
    assert constraint_name(refused.value) == "claim_corroboration_fkey"
    assert await any_database.fetch_json("SELECT count(*)::varchar FROM claim", []) == b"0"


async def test_every_read_is_heard(any_database: Database, statements: Statements) -> None:
    async with statements(any_database) as sent:
        await any_database.fetch_json(READ, [asyncpg.Range(1, 2)])
        await asyncio.gather(*(any_database.fetch_json("SELECT '2'::varchar", []) for _ in range(5)))
    assert sent == [READ] + ["SELECT '2'::varchar"] * 5
    await any_database.fetch_json(READ, [asyncpg.Range(1, 2)])
    assert len(sent) == 6


async def test_a_read_that_fails_is_heard(any_database: Database, statements: Statements) -> None:
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with statements(any_database) as sent:
            await any_database.fetch_json("SELECT (1 / 0)::varchar", [])
    assert sent == ["SELECT (1 / 0)::varchar"]


@pytest.mark.parametrize("attempt", ["first", "second"])
async def test_what_one_test_records_the_next_does_not_see(
    any_database: Database, viewer: Viewer, attempt: str
) -> None:
    async def record(session: WriteSession) -> None:
        statement = "INSERT INTO event (recorded_by, title) VALUES (:researcher, :title)"
        await session.execute(text(statement), {"researcher": viewer.researcher, "title": attempt})

    await any_database.write(viewer.researcher, record)
    titles = "SELECT json_agg(title)::varchar FROM event"
    assert await any_database.fetch_json(titles, []) == f'["{attempt}"]'.encode()
