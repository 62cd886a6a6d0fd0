"""An agent is protected while others write its name."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from app.database import Database, WriteSession
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import AgentKind, Role, SourceKind
from app.errors import ProtectedName
from app.permissions import Viewer
from app.services.agents import AgentChanges, NewAgent, amend_agent, record_agent
from app.services.claims import ClaimChanges, amend_claim
from app.services.exposure import Exposure, amend_exposed, find_exposure
from app.services.locks import lock_structure
from app.services.recomputation import recompute_everything
from app.services.shown import search
from app.services.sources import NewSource, SourceChanges, amend_source, record_source
from tests.factories import make_agent, make_claim, make_source, make_viewer, perform
from tests.services.reading import read_row

WAITING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted")


async def test_no_name_slips_in_while_a_protected_agent_is_recorded(
    busy_database: Database, viewer: Viewer
) -> None:
    database = busy_database
    new = NewAgent(kind=AgentKind.PERSON, name="Ali Hassan", protected=True, pseudonym="a clerk")
    before = await make_source(database, viewer, title="By Ali Hassan.")
    recorded = asyncio.Event()

    async def protect(session: WriteSession) -> Exposure | None:
        agent = await record_agent(session, viewer, new)
        recorded.set()
        for _ in range(2000):
            if await session.scalar(WAITING):
                return await find_exposure(session, viewer, agent)
            await asyncio.sleep(0.01)
        raise AssertionError("who writes the name does not wait")

    async def write_name() -> None:
        await recorded.wait()
        with pytest.raises(ProtectedName):
            await make_source(database, viewer, title="Of Ali Hassan.")

    exposure, _ = await asyncio.gather(database.write(viewer.researcher, protect), write_name())
    assert exposure is not None
    assert [place.row for place in exposure.places] == [encode_id(NodeType.SOURCE, before)]


async def test_what_is_written_during_the_search_is_restricted(busy_database: Database) -> None:
    """The search holds no lock; what came after it, or was under way, is found when the lock is taken."""
    database, named = busy_database, "So said Ali Hassan."
    editor = await make_viewer(database, Role.EDITOR)
    agent = await make_agent(database, editor, name="Ali Hassan")
    stood = await make_claim(database, editor, statement=named)
    reworded = await make_claim(database, editor, statement=named)
    worded = await make_claim(database, editor, statement="So said somebody.")
    shown = await make_source(database, editor, title=named, restricted=True)
    inside = await make_claim(database, editor, source=shown, statement=named)
    away = await make_source(database, editor, title=named)
    begun, searched, written = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def write_slowly(session: WriteSession) -> UUID:
        """Under way before the search, committed after it."""
        key = await record_source(session, editor, NewSource(kind=SourceKind.POST, title=named))
        begun.set()
        await searched.wait()
        return key

    async def write_meanwhile() -> UUID:
        await searched.wait()
        late = await make_claim(database, editor, statement=named)
        await perform(database, editor, amend_claim, reworded, 1, ClaimChanges(statement="So said a clerk."))
        await perform(database, editor, amend_claim, worded, 1, ClaimChanges(statement=named))
        await perform(database, editor, amend_source, shown, 1, SourceChanges(restricted=False))
        await perform(database, editor, amend_source, away, 1, SourceChanges(restricted=True))
        written.set()
        return late

    async def protect(session: WriteSession) -> Exposure | None:
        await begun.wait()
        ahead = await search(session, ("Ali Hassan",))
        searched.set()
        await written.wait()
        await lock_structure(session)
        changes = AgentChanges(protected=True, pseudonym="a clerk")
        await amend_agent(session, editor, agent, 1, changes)
        return await find_exposure(session, editor, agent, restrict=True, searched=ahead)

    slow, late, exposure = await asyncio.wait_for(
        asyncio.gather(
            database.write(editor.researcher, write_slowly),
            write_meanwhile(),
            database.write(editor.researcher, protect),
        ),
        timeout=60,
    )
    assert exposure is not None
    assert exposure.places == ()
    assert set(exposure.restricted) == {
        *(encode_id(NodeType.SOURCE, key) for key in (slow, shown)),
        *(encode_id(NodeType.CLAIM, key) for key in (stood, worded, late)),
    }
    for table, key in (("source", slow), ("claim", late), ("claim", worded), ("claim", inside)):
        assert (await read_row(database, table, key))["hidden"]
    assert await recompute_everything(database, check=True) == []


async def test_who_began_after_the_last_that_ended_is_found(busy_database: Database) -> None:
    """Postgres counts such a transaction among those to come, though its revision may be before the last."""
    database, named = busy_database, "So said Ali Hassan."
    editor = await make_viewer(database, Role.EDITOR)
    agent = await make_agent(database, editor, name="Ali Hassan")
    begun, recorded, searched = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def write_last(session: WriteSession) -> None:
        """First in the count of transactions, last in the log."""
        await session.execute(text("SELECT pg_current_xact_id()"))
        begun.set()
        await recorded.wait()
        await record_source(session, editor, NewSource(kind=SourceKind.POST, title="So said somebody."))

    async def write_slowly(session: WriteSession) -> UUID:
        await begun.wait()
        key = await record_source(session, editor, NewSource(kind=SourceKind.POST, title=named))
        recorded.set()
        await searched.wait()
        return key

    async def protect(session: WriteSession) -> Exposure | None:
        await last
        ahead = await search(session, ("Ali Hassan",))
        searched.set()
        await lock_structure(session)
        changes = AgentChanges(protected=True, pseudonym="a clerk")
        await amend_agent(session, editor, agent, 1, changes)
        return await find_exposure(session, editor, agent, restrict=True, searched=ahead)

    last = asyncio.create_task(database.write(editor.researcher, write_last))
    slow, exposure = await asyncio.wait_for(
        asyncio.gather(
            database.write(editor.researcher, write_slowly), database.write(editor.researcher, protect)
        ),
        timeout=60,
    )
    assert exposure is not None
    assert exposure.restricted == (encode_id(NodeType.SOURCE, slow),)


async def test_of_a_log_of_billions_the_last_are_looked_through(busy_database: Database, dsn: str) -> None:
    owner = await asyncpg.connect(dsn)
    await owner.execute("SELECT setval('public.revision_id_seq', 3000000000)")
    await owner.close()
    editor = await make_viewer(busy_database, Role.EDITOR)
    agent = await make_agent(busy_database, editor, name="Ali Hassan")
    source = await make_source(busy_database, editor, title="Of Ali Hassan.")
    changes = AgentChanges(protected=True, pseudonym="a clerk")

    async def protect(session: WriteSession) -> Exposure | None:
        searched = await search(session, ("Ali Hassan",))
        return await amend_exposed(session, editor, agent, 1, changes, searched=searched)

    exposure = await busy_database.write(editor.researcher, protect)
    assert exposure is not None
    assert [place.row for place in exposure.places] == [encode_id(NodeType.SOURCE, source)]


async def test_who_protects_waits_for_what_is_under_way(busy_database: Database) -> None:
    database, named = busy_database, "Of Ali Hassan."
    editor = await make_viewer(database, Role.EDITOR)
    agent = await make_agent(database, editor, name="Ali Hassan")
    begun = asyncio.Event()

    async def write(session: WriteSession) -> UUID:
        key = await record_source(session, editor, NewSource(kind=SourceKind.POST, title=named))
        begun.set()
        for _ in range(2000):
            if await session.scalar(WAITING):
                return key
            await asyncio.sleep(0.01)
        raise AssertionError("who protects does not wait")

    async def protect() -> Exposure | None:
        await begun.wait()
        changes = AgentChanges(protected=True, pseudonym="a clerk")
        return await perform(database, editor, amend_exposed, agent, 1, changes, restrict=True)

    source, exposure = await asyncio.gather(database.write(editor.researcher, write), protect())
    assert exposure is not None
    assert exposure.restricted == (encode_id(NodeType.SOURCE, source),)
