"""What has to look at everything may take its time; nothing else may."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text

from app.api.execution import Engine
from app.database import Database, WriteSession
from app.domain.identifiers import NodeType, encode_id
from app.errors import Busy, InvalidInput
from app.exchange.exporting import export_bundle
from app.exchange.importing import import_bundle
from app.permissions import Viewer
from app.services.locks import STRUCTURE
from app.services.recomputation import recompute_everything
from app.settings import Settings
from tests.api.conftest import Ask, asking
from tests.api.schemas import SCHEMA
from tests.exchange.bundles import SMALL, write_bundle
from tests.factories import make_agent, make_event
from tests.waiting import until

LIMIT_MS = 250
PROTECT = """mutation ($input: AmendAgentInput!) { amendAgent(input: $input) {
    ... on AgentPayload { agent { protected } standing { total } } ... on Error { code message } } }"""
ALONE = f"SELECT pg_advisory_xact_lock({STRUCTURE})"
WAITING = """SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE NOT l.granted AND a.datname = current_database()"""


@pytest.fixture
async def hasty(dsn: str) -> AsyncIterator[Database]:
    """A database with one connection to write, on which a change may take a quarter of a second."""
    database = await Database.open(dsn, Settings(transaction_timeout_ms=LIMIT_MS, write_connections=1))
    yield database
    await database.close()


@asynccontextmanager
async def held(dsn: str, lock: str) -> AsyncIterator[Callable[[int], Awaitable[None]]]:
    """Within the block somebody holds the lock; what it gives waits until so many wait for one."""
    holder, watcher = await asyncpg.connect(dsn), await asyncpg.connect(dsn)

    async def awaited(number: int) -> None:
        async def enough() -> bool:
            return bool(await watcher.fetchval(WAITING) >= number)

        await until(enough)

    try:
        async with holder.transaction():
            await holder.execute(lock)
            yield awaited
    finally:
        await holder.close()
        await watcher.close()


async def do_late(dsn: str, lock: str, work: Awaitable[object]) -> None:
    """Do the work, which meets the lock, and is kept waiting for it longer than a change may take."""
    async with held(dsn, lock) as awaited:
        task = asyncio.ensure_future(work)
        waiting = asyncio.ensure_future(awaited(1))
        await asyncio.wait((task, waiting), return_when=asyncio.FIRST_COMPLETED)
        met = waiting.done()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert met, "the work met no lock"
        await asyncio.sleep(2 * LIMIT_MS / 1000)
    await task


async def sleep(session: WriteSession) -> None:
    await session.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": 2 * LIMIT_MS / 1000})


async def check_limit(database: Database, viewer: Viewer) -> None:
    with pytest.raises(Busy):
        await database.write(viewer.researcher, sleep)


async def test_an_import_takes_its_time(dsn: str, hasty: Database, viewer: Viewer, tmp_path: Path) -> None:
    await do_late(dsn, ALONE, import_bundle(hasty, viewer, write_bundle(tmp_path, SMALL)))
    await check_limit(hasty, viewer)


async def test_an_export_takes_its_time(dsn: str, hasty: Database, viewer: Viewer) -> None:
    await do_late(dsn, "LOCK TABLE agent", export_bundle(hasty, viewer, io.StringIO()))
    await check_limit(hasty, viewer)


@pytest.mark.parametrize("lock", [ALONE, "LOCK TABLE agent"])
async def test_recomputing_takes_its_time(dsn: str, hasty: Database, viewer: Viewer, lock: str) -> None:
    await do_late(dsn, lock, recompute_everything(hasty, check=False))
    await check_limit(hasty, viewer)


def ask_of(database: Database, viewer: Viewer) -> Ask:
    return asking(Engine(SCHEMA, database), viewer)


async def test_protecting_takes_its_time(
    dsn: str, committed_database: Database, hasty: Database, viewer: Viewer
) -> None:
    agent = await make_agent(committed_database, viewer, name="Ann Lee")
    await make_event(committed_database, viewer, title="Ann Lee goes")
    protect = {"agent": encode_id(NodeType.AGENT, agent), "expectedVersion": 1}
    protect |= {"protected": True, "pseudonym": "an aide"}
    ask = ask_of(hasty, viewer)

    async def protect_her() -> None:
        answer = await ask(PROTECT, input=protect)
        done = {"agent": {"protected": True}, "standing": {"total": 1}}
        assert answer == {"data": {"amendAgent": done}}

    await do_late(dsn, "LOCK TABLE event", protect_her())
    await check_limit(hasty, viewer)


async def test_two_who_restrict_what_stands_do_not_wait_for_each_other(
    dsn: str, committed_database: Database, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.database.database.ATTEMPTS", 1)
    ask = ask_of(committed_database, viewer)
    given = [
        {
            "agent": encode_id(NodeType.AGENT, await make_agent(committed_database, viewer)),
            "expectedVersion": 1,
            "restrictStanding": True,
        }
        for _ in range(2)
    ]
    # Each has what it takes first before either goes on.
    async with held(dsn, "SELECT FROM agent FOR UPDATE") as awaited:
        both = asyncio.gather(*(ask(PROTECT, input=one) for one in given))
        await awaited(2)
    done = {"data": {"amendAgent": {"agent": {"protected": False}, "standing": None}}}
    assert await both == [done, done]


async def test_the_limit_is_back_however_a_patient_write_ended(hasty: Database, viewer: Viewer) -> None:
    async def fail(session: WriteSession) -> None:
        await sleep(session)
        raise InvalidInput.at("x", message="no")

    async def lose(session: WriteSession) -> None:
        await session.execute(text("SET LOCAL ROLE NONE"))
        await session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    async def wait(session: WriteSession) -> None:
        await session.execute(text("SELECT 1"))
        begun.set()
        await asyncio.sleep(60)

    await hasty.write(viewer.researcher, sleep, patient=True)
    await check_limit(hasty, viewer)
    with pytest.raises(InvalidInput):
        await hasty.write(viewer.researcher, fail, patient=True)
    await check_limit(hasty, viewer)
    with pytest.raises(Exception, match="lost in the middle"):
        await hasty.write(viewer.researcher, lose, patient=True)
    await check_limit(hasty, viewer)
    begun = asyncio.Event()
    task = asyncio.create_task(hasty.write(viewer.researcher, wait, patient=True))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await check_limit(hasty, viewer)
