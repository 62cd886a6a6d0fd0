"""What was read for a slow subscriber, and is shown no more before it is sent, is not sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from app.api.documents import Operation
from app.api.execution import Engine, Response
from app.api.feeds import Event, Review, logs, subscribers
from app.database import Database
from app.domain.identifiers import NodeType
from app.domain.vocabulary import Role
from app.permissions import Viewer
from app.services.agents import AgentChanges, amend_agent
from app.services.claims import ClaimChanges, amend_claim
from app.services.redaction import redact
from tests.api.schemas import SCHEMA
from tests.factories import Within, make_agent, make_claim, make_source
from tests.waiting import until

CLAIMS = """subscription($after: String) {
  claimRecorded(after: $after) { statement attribution { agents { name } } }
}"""
NAME, PSEUDONYM, SECRET = b"Canarybird", b"a clerk", b"An unbearable word"


@pytest.fixture
async def engine(committed_database: Database) -> AsyncIterator[Engine]:
    async with committed_database.listening():
        await until(lambda: committed_database.changes.version is not None)
        yield Engine(SCHEMA, committed_database)


async def subscribe(
    engine: Engine,
    viewer: Viewer,
    role: Role = Role.READER,
    review: Review | None = None,
    **variables: Any,
) -> AsyncGenerator[Event, None]:
    operation = engine.operation(CLAIMS, None)
    assert isinstance(operation, Operation)
    reader = Viewer(viewer.researcher, role)
    events = await engine.subscribe(operation, variables, reader, review=review)
    assert not isinstance(events, Response), events
    return events


async def take(events: AsyncGenerator[Event, None], count: int) -> list[Event]:
    async with asyncio.timeout(20):
        return [await anext(events) for _ in range(count)]


async def hear(database: Database, hide: Callable[[], Any]) -> None:
    """Hide something, and wait until the server has heard of it."""
    before = database.changes.hidings
    await hide()
    await until(lambda: database.changes.hidings > before)


async def protect(database: Database, viewer: Viewer, agent: UUID) -> None:
    changes = AgentChanges(protected=True, pseudonym=PSEUDONYM.decode())
    await database.write(viewer.researcher, lambda s: amend_agent(s, viewer, agent, 1, changes))


async def record(database: Database, viewer: Viewer, agent: UUID, count: int) -> None:
    for n in range(count):
        await make_claim(database, viewer, said_by=[agent], statement=f"Number {n}")


async def record_at_once(database: Database, viewer: Viewer, agent: UUID, count: int) -> None:
    await database.write(viewer.researcher, lambda s: record(Within(s), viewer, agent, count))


def numbers_of(events: list[Event]) -> list[int]:
    return [int(event.body.split(b"Number ")[1][:1]) for event in events]


async def test_what_waits_for_a_slow_reader_loses_the_name(
    engine: Engine, committed_database: Database, viewer: Viewer
) -> None:
    database = committed_database
    agent = await make_agent(database, viewer, name=NAME.decode())
    async with (
        aclosing(await subscribe(engine, viewer)) as slow,
        aclosing(await subscribe(engine, viewer)) as quick,
        aclosing(await subscribe(engine, viewer, Role.RESEARCHER)) as insider,
    ):
        first = [asyncio.ensure_future(take(events, 1)) for events in (slow, insider)]
        coming = asyncio.ensure_future(take(quick, 5))
        await record(database, viewer, agent, 5)
        read_in_time = await coming  # and with them all are read that wait for the slow one
        assert all(NAME in event.body for event in read_in_time)
        await hear(database, partial(protect, database, viewer, agent))

        [seen], [known] = await asyncio.gather(*first)
        late = await take(slow, 4)
        assert not any(NAME in event.body for event in late)
        assert all(PSEUDONYM in event.body for event in late)
        assert numbers_of([seen, *late]) == [0, 1, 2, 3, 4]
        told = [known, *await take(insider, 4)]
        assert numbers_of(told) == [0, 1, 2, 3, 4]
        assert all(NAME in event.body for event in told)
        # Who was quick is told nothing twice.
        await make_claim(database, viewer, statement="Number 9")
        assert numbers_of(await take(quick, 1) + await take(slow, 1)) == [9, 9]


async def test_who_goes_on_slowly_from_long_ago_neither(
    engine: Engine, committed_database: Database, viewer: Viewer
) -> None:
    database = committed_database
    agent = await make_agent(database, viewer, name=NAME.decode())
    async with aclosing(await subscribe(engine, viewer)) as events:
        coming = asyncio.ensure_future(take(events, 1))
        await record(database, viewer, agent, 5)
        [seen] = await coming
    async with aclosing(await subscribe(engine, viewer, after=seen.cursor)) as events:
        [second] = await take(events, 1)
        assert NAME in second.body
        await hear(database, partial(protect, database, viewer, agent))
        late = await take(events, 3)
    assert numbers_of([second, *late]) == [1, 2, 3, 4]
    assert not any(NAME in event.body for event in late)


async def test_what_is_being_read_meanwhile_is_read_again(
    engine: Engine, committed_database: Database, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = committed_database
    agent = await make_agent(database, viewer, name=NAME.decode())
    read = subscribers.Group.read
    was_read, go_on = asyncio.Event(), asyncio.Event()

    async def read_slowly(group: subscribers.Group, *given: Any) -> Any:
        told = await read(group, *given)
        was_read.set()
        await go_on.wait()
        return told

    monkeypatch.setattr(subscribers.Group, "read", read_slowly)
    async with aclosing(await subscribe(engine, viewer)) as events:
        coming = asyncio.ensure_future(take(events, 1))
        await record(database, viewer, agent, 1)
        async with asyncio.timeout(20):
            await was_read.wait()
        await hear(database, partial(protect, database, viewer, agent))
        go_on.set()
        [event] = await coming
    assert NAME not in event.body
    assert PSEUDONYM in event.body


@pytest.mark.parametrize("resumed", [False, True], ids=["to come", "after a cursor"])
async def test_what_is_hidden_while_the_viewer_is_looked_at_is_read_again(
    engine: Engine, committed_database: Database, viewer: Viewer, resumed: bool
) -> None:
    database = committed_database
    agent = await make_agent(database, viewer, name=NAME.decode())
    looked, go_on = asyncio.Event(), asyncio.Event()

    async def look() -> Viewer:
        looked.set()
        await go_on.wait()
        return Viewer(viewer.researcher, Role.READER)

    given = {"after": "claimRecorded.0.0"} if resumed else {}
    if resumed:
        await record(database, viewer, agent, 1)
    async with aclosing(await subscribe(engine, viewer, Role.READER, look, **given)) as events:
        coming = asyncio.ensure_future(take(events, 1))
        if not resumed:
            await record(database, viewer, agent, 1)
        async with asyncio.timeout(20):
            await looked.wait()
        await hear(database, partial(protect, database, viewer, agent))
        go_on.set()
        [event] = await coming
    assert NAME not in event.body
    assert PSEUDONYM in event.body


@pytest.mark.parametrize("resumed", [False, True], ids=["to come", "after a cursor"])
async def test_what_is_hidden_again_and_again_holds_up_nobody(
    engine: Engine,
    committed_database: Database,
    viewer: Viewer,
    monkeypatch: pytest.MonkeyPatch,
    resumed: bool,
) -> None:
    """So often that no more than one event is read between one time and the next."""
    database = committed_database
    read = subscribers.Group.read

    async def read_slowly(group: subscribers.Group, over: Database, events: Any) -> Any:
        told = await read(group, over, events)
        if len(events) > 1:
            database.changes.hide()
        return told

    monkeypatch.setattr(subscribers.Group, "read", read_slowly)
    agent = await make_agent(database, viewer)
    given: dict[str, Any] = {"after": "claimRecorded.0.0"} if resumed else {}
    if resumed:
        await record(database, viewer, agent, 5)
    async with aclosing(await subscribe(engine, viewer, **given)) as events:
        coming = asyncio.ensure_future(take(events, 5))
        if not resumed:
            await asyncio.sleep(0)
            await record_at_once(database, viewer, agent, 5)
        assert numbers_of(await coming) == [0, 1, 2, 3, 4]


async def test_nor_does_who_is_slow_while_much_is_hidden(
    engine: Engine, committed_database: Database, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits for the slow one is read again each time, and never all of it."""
    database = committed_database
    monkeypatch.setattr(logs, "PAGE", 2)
    look, hiding = logs.Log.look, False

    async def look_and_hide(log: logs.Log, *given: Any) -> logs.Page:
        if hiding:
            database.changes.hide()
        return await look(log, *given)

    monkeypatch.setattr(logs.Log, "look", look_and_hide)
    agent = await make_agent(database, viewer)
    async with (
        aclosing(await subscribe(engine, viewer)) as slow,
        aclosing(await subscribe(engine, viewer)) as quick,
    ):
        first, coming = asyncio.ensure_future(take(slow, 1)), asyncio.ensure_future(take(quick, 6))
        await record(database, viewer, agent, 6)
        assert numbers_of(await coming) == [0, 1, 2, 3, 4, 5]
        assert numbers_of(await first) == [0]
        hiding = True
        await make_claim(database, viewer, statement="Number 6")
        assert numbers_of(await take(quick, 1)) == [6]
        hiding = False
        assert numbers_of(await take(slow, 6)) == [1, 2, 3, 4, 5, 6]


async def test_what_is_restricted_or_redacted_meanwhile_is_not_sent(
    engine: Engine, committed_database: Database, owned_database: Database, viewer: Viewer
) -> None:
    database = committed_database
    source = await make_source(database, viewer)
    async with (
        aclosing(await subscribe(engine, viewer)) as slow,
        aclosing(await subscribe(engine, viewer, Role.RESEARCHER)) as insider,
        aclosing(await subscribe(engine, viewer)) as quick,
    ):
        first = [asyncio.ensure_future(take(events, 1)) for events in (slow, insider)]
        coming = asyncio.ensure_future(take(quick, 4))
        await make_claim(database, viewer, statement="Number 0")
        restricted = await make_claim(database, viewer, source=source, statement="Number 1")
        redacted = await make_claim(database, viewer, statement=SECRET.decode())
        await make_claim(database, viewer, statement="Number 3")
        assert sum(SECRET in event.body for event in await coming) == 1
        await asyncio.gather(*first)

        changes = ClaimChanges(restricted=True)
        await hear(
            database,
            lambda: database.write(
                viewer.researcher, lambda s: amend_claim(s, viewer, restricted, 1, changes)
            ),
        )
        await hear(
            database,
            lambda: owned_database.write(
                viewer.researcher,
                lambda s: redact(s, viewer, NodeType.CLAIM, redacted, ["statement"], "A court's order"),
            ),
        )
        [erased, last] = await take(slow, 2)
        assert b"[redacted]" in erased.body
        assert numbers_of([last]) == [3]
        [second, erased, last] = await take(insider, 3)
        assert numbers_of([second, last]) == [1, 3]
        assert b"[redacted]" in erased.body
