"""A connection that is lost, whatever it is doing, is told as a database that is away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress

import asyncpg
import pytest
from sqlalchemy import text

from app.api.execution import Engine
from app.cli.keeping import wait_for_end
from app.cli.places import Place
from app.cli.status import read_database
from app.database import Database, WriteSession, connect
from app.errors import DatabaseUnavailable
from app.permissions import Viewer
from app.services import schema
from app.settings import Settings
from tests.api.schemas import SCHEMA
from tests.database.cutting import NEVER, cutting, end_backend
from tests.factories import make_event

MOST_ANSWERS = 200


async def test_a_connection_that_is_cut_at_any_moment_is_no_bug_of_ours(dsn: str, viewer: Viewer) -> None:
    lost = 0
    async with cutting(dsn) as (cutter, through):
        for answers in range(MOST_ANSWERS):
            cutter.left = NEVER
            database = await Database.open(through, Settings(read_connections=1))
            cutter.left = answers
            try:
                await make_event(database, viewer)
                break
            except DatabaseUnavailable:
                lost += 1
            finally:
                cutter.left = NEVER
                await database.close()
    assert 10 < lost < MOST_ANSWERS - 1


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("patient", [False, True])
async def test_a_connection_that_was_ended_while_idle_is_no_bug_of_ours(
    dsn: str, viewer: Viewer, patient: bool, turns: int
) -> None:
    """The loop has read nothing yet of its end, or the server's last word alone, or that it is closed."""

    async def work(session: WriteSession) -> int:
        pid: int | None = await session.scalar(text("SELECT pg_backend_pid()"))
        assert pid is not None
        return pid

    async def write() -> int:
        return await database.write(viewer.researcher, work, patient=patient)

    async def read() -> int:
        return int(await database.fetch_json("SELECT pg_backend_pid()::varchar", []))

    database = await Database.open(dsn, Settings(read_connections=1))
    for ask in (write, read):
        pid = await ask()
        end_backend(dsn, pid)
        for _ in range(turns):
            await asyncio.sleep(0)
        with suppress(DatabaseUnavailable):
            assert await ask() != pid
    await database.close()


@pytest.mark.parametrize(
    ("key", "told"),
    [("", "Look whether it was before you send it again"), (', idempotencyKey: "k"', "with the same")],
)
async def test_a_client_is_told_how_to_send_it_again(dsn: str, viewer: Viewer, key: str, told: str) -> None:
    mutation = f'mutation {{ recordAgent(input: {{ kind: PERSON, name: "Ann"{key} }}) {{ __typename }} }}'
    async with cutting(dsn) as (cutter, through):
        database = await Database.open(through, Settings())
        engine = Engine(SCHEMA, database)
        cutter.left = 0
        response = await engine.execute(mutation, None, None, viewer)
        cutter.left = NEVER
        await database.close()
    [error] = json.loads(response.body)["errors"]
    assert error["extensions"]["code"] == "DATABASE_UNAVAILABLE"
    assert told in error["extensions"]["hint"]
    assert "idempotencyKey" in error["extensions"]["hint"]


def as_place(dsn: str) -> Place:
    return Place(dsn, dsn, "a database", None)


@pytest.mark.parametrize("ask", [schema.check_schema, lambda dsn: read_database(as_place(dsn))])
async def test_a_command_whose_connection_is_cut_says_so(
    dsn: str, ask: Callable[[str], Awaitable[object]]
) -> None:
    lost = 0
    async with cutting(dsn) as (cutter, through):
        for answers in range(MOST_ANSWERS):
            cutter.left = answers
            try:
                await ask(through)
                break
            except DatabaseUnavailable:
                lost += 1
    assert 10 < lost < MOST_ANSWERS - 1


@pytest.mark.parametrize("turns", range(4))
async def test_a_command_whose_connection_was_ended_says_so(dsn: str, turns: int) -> None:
    async def ask() -> None:
        async with connect(dsn, "sayso test") as connection:
            end_backend(dsn, connection.get_server_pid())
            for _ in range(turns):
                await asyncio.sleep(0)
            await connection.execute("SELECT 1")

    with pytest.raises(DatabaseUnavailable, match="was lost"):
        await ask()


@pytest.mark.parametrize("turns", range(4))
async def test_a_migration_whose_connection_was_ended_says_so(
    dsn: str, turns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its guard is idle for as long as the lock is another's."""
    read_server = schema._read_server

    async def read_and_end(connection: asyncpg.Connection) -> schema.Server:
        server = await read_server(connection)
        end_backend(dsn, connection.get_server_pid())
        for _ in range(turns):
            await asyncio.sleep(0)
        return server

    monkeypatch.setattr(schema, "_read_server", read_and_end)
    with pytest.raises(DatabaseUnavailable, match="was lost"):
        await schema.migrate(dsn)


async def test_who_keeps_a_database_sees_that_it_is_away(dsn: str) -> None:
    async with cutting(dsn) as (cutter, through), asyncio.timeout(20):
        cutter.left = 0
        await wait_for_end(through)


@pytest.mark.parametrize(
    ("state", "told"), [("53100", "its disk is full"), ("53200", "out of memory"), ("25006", "read-only")]
)
async def test_a_server_that_can_do_no_more_is_no_bug_of_ours(
    dsn: str, viewer: Viewer, state: str, told: str
) -> None:
    refuse = f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$"

    async def work(session: WriteSession) -> None:
        await session.execute(text(refuse))

    database = await Database.open(dsn, Settings(read_connections=1))
    with pytest.raises(DatabaseUnavailable, match=f"refused: .*{told}") as refused:
        await database.write(viewer.researcher, work)
    assert refused.value.hint
    await database.close()


async def test_a_server_that_is_only_read_from_takes_no_changes(dsn: str, viewer: Viewer) -> None:
    connection = await asyncpg.connect(dsn)
    name = await connection.fetchval("SELECT current_database()")
    await connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    await connection.close()
    database = await Database.open(dsn, Settings(read_connections=1))
    with pytest.raises(DatabaseUnavailable, match="it is read-only"):
        await make_event(database, viewer)
    await database.close()
