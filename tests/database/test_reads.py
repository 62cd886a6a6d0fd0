"""The read pool: few connections, statements that stay prepared, and nothing that a failure leaves behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import asyncpg
import pytest

from app.database import Database
from app.database.connections import ReadConnection
from app.database.reads import ReadPool
from app.errors import DatabaseUnavailable
from app.settings import Settings

PID = "SELECT pg_backend_pid()::varchar"
PREPARED = "SELECT count(*)::varchar FROM pg_prepared_statements"
SLEEP = "SELECT pg_sleep(30)::varchar"
RUNNING = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query = $1 AND state = 'active'"
)

Open = Callable[[int], AbstractAsyncContextManager[Database]]


@pytest.fixture
def open_with(dsn: str) -> Open:
    """A database with so many connections that read."""

    @asynccontextmanager
    async def open_database(connections: int) -> AsyncIterator[Database]:
        database = await Database.open(dsn, Settings(read_connections=connections))
        yield database
        await database.close()

    return open_database


async def started(onlooker: asyncpg.Connection, sql: str, times: int = 1) -> list[int]:
    """The processes that run a statement, once there are so many."""
    while True:
        found = [row["pid"] for row in await onlooker.fetch(RUNNING, sql)]
        if len(found) >= times:
            return found
        await asyncio.sleep(0.01)


async def test_the_connection_used_last_is_used_next(open_with: Open) -> None:
    async with open_with(3) as database:
        both = await asyncio.gather(*(database.fetch_json(PID, []) for _ in range(2)))
        assert len(set(both)) == 2
        assert {await database.fetch_json(PID, []) for _ in range(5)} <= {both[0], both[1]}
        assert len({await database.fetch_json(PID, []) for _ in range(5)}) == 1


async def test_no_more_connections_are_opened_than_were_allowed(open_with: Open) -> None:
    async with open_with(2) as database:
        found = await asyncio.gather(*(database.fetch_json(PID, []) for _ in range(20)))
        assert len(set(found)) == 2


async def test_a_statement_is_prepared_once(open_with: Open) -> None:
    async with open_with(1) as database:
        for number in range(5):
            sql = "SELECT ($1::integer + 1)::varchar"
            assert await database.fetch_json(sql, [number]) == str(number + 1).encode()
        assert await database.fetch_json(PREPARED, []) == b"2"


async def test_what_is_kept_prepared_is_bounded(open_with: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.database.connections.MAX_PREPARED", 3)
    async with open_with(1) as database:
        for number in range(20):
            await database.fetch_json(f"SELECT {number}::varchar", [])
        # The one that fell out last is closed before the next is prepared.
        assert int(await database.fetch_json(PREPARED, [])) <= 4


async def test_a_statement_that_is_too_long_to_keep_is_answered(
    open_with: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.database.connections.MAX_PREPARED_SQL", 60)
    sql = f"SELECT '{'x' * 100}'::varchar"
    async with open_with(1) as database:
        assert [await database.fetch_json(sql, []) for _ in range(2)] == [b"x" * 100] * 2


async def test_a_connection_that_was_lost_is_replaced(open_with: Open, onlooker: asyncpg.Connection) -> None:
    async with open_with(2) as database:
        running = [asyncio.create_task(database.fetch_json(SLEEP, [])) for _ in range(2)]
        waiting = [asyncio.create_task(database.fetch_json(PID, [])) for _ in range(5)]
        for pid in await started(onlooker, SLEEP, 2):
            await onlooker.execute("SELECT pg_terminate_backend($1)", pid)
        for task in running:
            with pytest.raises(DatabaseUnavailable):
                await task
        assert len(set(await asyncio.gather(*waiting))) <= 2
        pid = int(await database.fetch_json(PID, []))
        await onlooker.execute("SELECT pg_terminate_backend($1, 5000)", pid)
        await asyncio.sleep(0.05)  # the driver hears of it
        assert int(await database.fetch_json(PID, [])) != pid


async def test_a_reader_that_goes_away_ends_its_statement_and_harms_no_other(
    open_with: Open, onlooker: asyncpg.Connection
) -> None:
    async with open_with(1) as database:
        task = asyncio.create_task(database.fetch_json(SLEEP, []))
        [pid] = await started(onlooker, SLEEP)
        others = [asyncio.create_task(database.fetch_json(PID, [])) for _ in range(3)]
        others[1].cancel()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await others[0] == await others[2] == str(pid).encode()
        assert others[1].cancelled()


async def test_a_reader_that_goes_away_while_it_waits_leaves_its_turn_to_others(open_with: Open) -> None:
    async with open_with(1) as database:
        for turns in range(6):
            tasks = [asyncio.create_task(database.fetch_json(PID, [])) for _ in range(6)]
            for _ in range(turns):
                await asyncio.sleep(0)
            for task in tasks[1::2]:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            assert all(not task.cancelled() for task in tasks[::2])
        assert len(await database.fetch_json(PID, [])) > 0


async def test_closing_waits_for_what_was_begun_and_takes_nothing_on(open_with: Open) -> None:
    sql = "SELECT concat(pg_sleep(0.2), 'done')::varchar"
    async with open_with(1) as database:
        running = asyncio.create_task(database.fetch_json(sql, []))
        await asyncio.sleep(0)
        waiting = asyncio.create_task(database.fetch_json(PID, []))
        await asyncio.sleep(0)
        closing = asyncio.create_task(database.close())
        await asyncio.sleep(0)
        with pytest.raises(DatabaseUnavailable):
            await database.fetch_json(PID, [])
        await closing
        assert await running == b"done"
        assert await waiting


async def test_a_first_connection_that_cannot_be_opened_takes_no_place(dsn: str) -> None:
    ways = ["postgresql://sayso@127.0.0.1:1/nowhere"]
    pool = ReadPool(lambda: ReadConnection.open(ways[-1], {}), 1)
    with pytest.raises(ConnectionRefusedError):
        await pool.warm()
    assert pool.open == 0
    ways.append(dsn)
    assert await asyncio.wait_for(pool.fetch_value("SELECT 'here'::varchar", []), 20) == b"here"
    await pool.close()


async def test_who_waits_is_told_that_the_database_is_gone(dsn: str, onlooker: asyncpg.Connection) -> None:
    gone = False

    async def connect() -> ReadConnection:
        if gone:
            raise ConnectionRefusedError
        return await ReadConnection.open(dsn, {})

    pool = ReadPool(connect, 1)
    running = asyncio.create_task(pool.fetch_value(SLEEP, []))
    waiting = [asyncio.create_task(pool.fetch_value(PID, [])) for _ in range(3)]
    [pid] = await started(onlooker, SLEEP)
    gone = True
    await onlooker.execute("SELECT pg_terminate_backend($1)", pid)
    with pytest.raises(asyncpg.PostgresError):
        await running
    for task in waiting:
        with pytest.raises(ConnectionRefusedError):
            await task
    gone = False
    assert int(await pool.fetch_value(PID, [])) != pid
    await pool.close()


async def test_a_connection_settles_after_a_statement_that_was_given_up(dsn: str) -> None:
    connection = await ReadConnection.open(dsn, {})
    reading = asyncio.ensure_future(connection.fetch("SELECT pg_sleep(20)::text::varchar", []))
    await asyncio.sleep(0.1)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    async with asyncio.timeout(10):
        await connection.settle()
        assert (await connection.fetch("SELECT 'alive'::varchar", []))[0][0] == b"alive"
    await connection.close()
