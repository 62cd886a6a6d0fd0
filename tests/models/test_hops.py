"""The bounds of a hop are its claim's, whatever is written past every service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.models.rows import NEW, QUANTITY, VALID, A, C, D, R, insert

ANSWER = ", ".join(f"{column} = {value}" for column, value in QUANTITY.items())
NO_ANSWER = ", ".join(f"{column} = NULL" for column in QUANTITY)
HOP = {"id": NEW, "claim": C, "hop": "2", "agent": A, "recorded_by": R}
WRONG = """SELECT count(*) FROM attribution a JOIN claim c ON c.id = a.claim
WHERE a.bounds IS DISTINCT FROM c.bounds"""
BOUNDS = f"SELECT bounds::text FROM attribution WHERE claim = {C} ORDER BY hop"
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock'"


async def read_bounds(connection: asyncpg.Connection) -> list[str | None]:
    return [row[0] for row in await connection.fetch(BOUNDS)]


async def test_a_hop_has_the_bounds_of_its_claim(raw: asyncpg.Connection) -> None:
    assert await read_bounds(raw) == [None]
    await raw.execute(f"UPDATE claim SET {ANSWER} WHERE id = {C}")
    await raw.execute(insert("attribution", HOP | {"bounds": "'[1,2]'"}))
    assert await read_bounds(raw) == ["[25,)", "[25,)"]
    await raw.execute(f"UPDATE claim SET bounds = '[30,40]' WHERE id = {C}")
    assert await read_bounds(raw) == ["[30,40]", "[30,40]"]
    await raw.execute("UPDATE attribution SET bounds = '[1,2]'")
    assert await read_bounds(raw) == ["[30,40]", "[30,40]"]
    await raw.execute(f"UPDATE claim SET {NO_ANSWER} WHERE id = {C}")
    assert await read_bounds(raw) == [None, None]


async def test_a_hop_that_moves_takes_the_bounds_of_its_new_claim(raw: asyncpg.Connection) -> None:
    await raw.execute(f"UPDATE claim SET {ANSWER} WHERE id = {D}")
    await raw.execute(f"UPDATE attribution SET claim = {D} WHERE claim = {C}")
    assert await raw.fetchval(f"SELECT bounds::text FROM attribution WHERE claim = {D}") == "[25,)"
    assert await raw.fetchval(WRONG) == 0


async def test_a_claim_and_its_hops_come_in_one_statement(raw: asyncpg.Connection) -> None:
    row = VALID["claim"] | QUANTITY | {"id": NEW, "basis": "'ATTRIBUTED'"}
    await raw.execute(
        f"WITH new AS ({insert('claim', row)} RETURNING id)"
        f" INSERT INTO attribution (claim, hop, agent, recorded_by) SELECT id, 1, {A}, {R} FROM new"
    )
    assert await raw.fetchval("SELECT count(*) FROM attribution WHERE bounds = '[25,)'") == 1


async def test_a_hop_of_no_claim_is_refused(raw: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="after its claim"):
        async with raw.transaction():
            await raw.execute(insert("attribution", HOP | {"claim": NEW}))


@pytest.fixture
async def other(committed: asyncpg.Connection, dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


CHANGES = (f"UPDATE claim SET {ANSWER} WHERE id = {C}", f"UPDATE claim SET {NO_ANSWER} WHERE id = {C}")
OTHERS = (insert("attribution", HOP), f"UPDATE attribution SET bounds = NULL, cue = 'said' WHERE claim = {C}")


@pytest.mark.parametrize("change", CHANGES, ids=["some", "none"])
@pytest.mark.parametrize("other_change", OTHERS, ids=["a hop comes", "a hop changes"])
@pytest.mark.parametrize("claim_first", [True, False])
async def test_who_writes_at_once_leaves_the_same(
    committed: asyncpg.Connection,
    other: asyncpg.Connection,
    change: str,
    other_change: str,
    claim_first: bool,
) -> None:
    if change == CHANGES[1]:
        await committed.execute(CHANGES[0])
    first, second = (change, other_change) if claim_first else (other_change, change)
    began = committed.transaction()
    await began.start()
    await committed.execute(first)
    waiting = asyncio.create_task(other.execute(second))
    pid = other.get_server_pid()
    while not await committed.fetchval(WAITS, pid):
        assert not waiting.done(), "it waits for the first"
        await asyncio.sleep(0.01)
    await began.commit()
    await waiting
    assert await committed.fetchval(WRONG) == 0
    assert set(await read_bounds(committed)) == {"[25,)" if change == CHANGES[0] else None}


async def test_what_hops_carry_is_not_logged(raw: asyncpg.Connection) -> None:
    before = await raw.fetchval("SELECT count(*) FROM revision WHERE table_name = 'attribution'")
    await raw.execute(f"UPDATE claim SET {ANSWER} WHERE id = {C}")
    assert await read_bounds(raw) == ["[25,)"]
    assert await raw.fetchval("SELECT count(*) FROM revision WHERE table_name = 'attribution'") == before
