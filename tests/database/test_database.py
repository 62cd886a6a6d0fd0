"""Reads come back as bytes, writes are tried again where Postgres asks for it, and both have their limits."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.database import Database, WriteSession, constraint_name, sqlstate
from app.database.database import ATTEMPTS
from app.errors import Busy, DatabaseUnavailable, QueryTimeout
from app.permissions import Viewer
from app.settings import Settings
from tests.factories import make_agent


async def test_a_read_gives_the_text_as_bytes(committed_database: Database) -> None:
    body = await committed_database.fetch_json("SELECT concat('{\"é\":', $1::integer, '}')::varchar", [7])
    assert body == '{"é":7}'.encode()


async def test_a_read_cannot_write(committed_database: Database) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await committed_database.fetch_json("SELECT nextval('seal_id_seq')::varchar", [])


async def test_a_read_that_takes_too_long_is_ended(dsn: str) -> None:
    database = await Database.open(dsn, Settings(statement_timeout_ms=500))
    with pytest.raises(QueryTimeout):
        await database.fetch_json("SELECT pg_sleep(60)::varchar", [])
    assert await database.fetch_json("SELECT 'still here'::varchar", []) == b"still here"
    await database.close()


async def test_a_database_that_is_not_there_says_so(settings: Settings) -> None:
    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        await Database.open("postgresql://nobody@127.0.0.1:1/nowhere", settings)


async def test_a_write_names_its_actor_and_reason(committed_database: Database, viewer: Viewer) -> None:
    async def look(session: WriteSession) -> tuple[str, str]:
        row = await session.execute(
            text("SELECT current_setting('sayso.actor'), current_setting('sayso.reason')")
        )
        actor, reason = row.one()
        return actor, reason

    seen = await committed_database.write(viewer.researcher, look, reason="because")
    assert seen == (str(viewer.researcher), "because")


async def test_a_deadlock_is_tried_again(committed_database: Database, viewer: Viewer) -> None:
    one, two = [await make_agent(committed_database, viewer) for _ in range(2)]
    met = asyncio.Barrier(2)
    attempts = 0

    async def update(session: WriteSession, *agents: UUID) -> None:
        nonlocal attempts
        attempts += 1
        for place, agent in enumerate(agents):
            await session.execute(text("UPDATE agent SET description = 'x' WHERE id = :id"), {"id": agent})
            if place == 0 and attempts <= 2:
                await met.wait()

    await asyncio.gather(
        committed_database.write(viewer.researcher, lambda s: update(s, one, two)),
        committed_database.write(viewer.researcher, lambda s: update(s, two, one)),
    )
    assert attempts >= 3  # on a busy machine Postgres may end both


async def test_a_write_that_waits_too_long_says_so_and_writes_nothing(dsn: str, viewer: Viewer) -> None:
    database = await Database.open(dsn, Settings(lock_timeout_ms=50))
    agent = await make_agent(database, viewer)
    change = text("UPDATE agent SET description = :words WHERE id = :id")
    held, waiting = asyncio.Event(), asyncio.Event()

    async def hold(session: WriteSession) -> None:
        await session.execute(change, {"id": agent, "words": "first"})
        held.set()
        await waiting.wait()

    async def wait(session: WriteSession) -> None:
        await session.execute(change, {"id": agent, "words": "second"})

    holding = asyncio.create_task(database.write(viewer.researcher, hold))
    await held.wait()
    with pytest.raises(Busy):
        await database.write(viewer.researcher, wait)
    waiting.set()
    await holding
    body = await database.fetch_json("SELECT description::varchar FROM agent WHERE id = $1", [agent])
    assert body == b"first"
    await database.close()


@pytest.mark.parametrize("state", ["40001", "40P01"])
async def test_what_postgres_cannot_serialize_is_tried_again_and_not_for_ever(
    committed_database: Database, viewer: Viewer, state: str
) -> None:
    attempts = 0
    refuse = text(f"DO $$ BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '{state}'; END $$")

    async def work(session: WriteSession, refused: int) -> str:
        nonlocal attempts
        attempts += 1
        await session.execute(text("INSERT INTO event (title, recorded_by) VALUES (:state, :by)"), given)
        if attempts <= refused:
            await session.execute(refuse)
        return "done"

    given = {"state": state, "by": viewer.researcher}
    assert await committed_database.write(viewer.researcher, lambda s: work(s, 2)) == "done"
    assert attempts == 3
    attempts = 0
    with pytest.raises(Busy):
        await committed_database.write(viewer.researcher, lambda s: work(s, 99))
    assert attempts == ATTEMPTS
    count = "SELECT count(*)::varchar FROM event"
    assert await committed_database.fetch_json(count, []) == b"1"


@pytest.mark.parametrize("limits", [{"statement_timeout_ms": 500}, {"transaction_timeout_ms": 500}])
async def test_a_write_that_takes_too_long_is_undone(
    dsn: str, viewer: Viewer, limits: dict[str, int]
) -> None:
    database = await Database.open(dsn, Settings.model_validate(limits))

    async def work(session: WriteSession) -> None:
        await session.execute(
            text("INSERT INTO event (title, recorded_by) VALUES ('e', :by)"), {"by": viewer.researcher}
        )
        await session.execute(text("SELECT pg_sleep(20)"))

    for _ in range(2):
        with pytest.raises(Busy):
            await database.write(viewer.researcher, work)
    assert await database.fetch_json("SELECT count(*)::varchar FROM event", []) == b"0"
    await database.close()


async def test_a_failure_that_is_no_matter_of_timing_is_not_tried_again(
    committed_database: Database, viewer: Viewer
) -> None:
    attempts = 0

    async def insert(session: WriteSession) -> None:
        nonlocal attempts
        attempts += 1
        await session.execute(text("INSERT INTO researcher (name) VALUES ('local')"))

    with pytest.raises(IntegrityError) as caught:
        await committed_database.write(viewer.researcher, insert)
    assert attempts == 1
    assert sqlstate(caught.value) == "23505"
    assert constraint_name(caught.value) == "researcher_name_key"
