"""What a unique index refused a row for is gone when it is looked for: then the write goes through."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.database import Database, Overtaken
from app.database.database import ATTEMPTS
from app.domain.vocabulary import AgentKind, Basis, SourceKind
from app.errors import Busy
from app.permissions import Viewer
from app.services import agents, claims, sources
from app.services.agents import AgentChanges, NewAgent, amend_agent, record_agent
from app.services.claims import NewClaim, record_claim
from app.services.inputs import QuoteInput
from app.services.sources import NewSource, SourceChanges, amend_source, record_source
from app.services.withdrawals import withdraw_claim
from tests.factories import make_agent, make_claim, make_source, perform
from tests.services.reading import count_rows, read_row

URL = "https://example.org/a"


def leave_between(
    patch: pytest.MonkeyPatch, room: Any, name: str, leave: Callable[[], Awaitable[None]]
) -> None:
    """Once, after the statement that is refused, and before it is looked for what it was refused for."""
    insert, waits = getattr(room, name), iter([leave])

    async def insert_and_leave(*given: Any) -> Any:
        inserted = await insert(*given)
        for wait in waits:
            await wait()
        return inserted

    patch.setattr(room, name, insert_and_leave)


async def test_a_source(
    committed_database: Database, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = committed_database
    first = await make_source(database, viewer, url=URL)
    moved = SourceChanges(url="https://example.org/b")
    leave_between(
        monkeypatch, sources, "insert_rows", lambda: perform(database, viewer, amend_source, first, 1, moved)
    )
    new = NewSource(kind=SourceKind.ARTICLE, title="Again", url=URL)
    second = await perform(database, viewer, record_source, new)
    assert (await read_row(database, "source", second))["url"] == URL
    assert await count_rows(database, "source") == 2


async def test_a_source_that_is_amended(
    committed_database: Database, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = committed_database
    first, second = await make_source(database, viewer, url=URL), await make_source(database, viewer)
    find, changes = sources._find_duplicate, iter([SourceChanges(url="https://example.org/b")])

    async def leave_and_find(*given: Any) -> Any:
        for moved in changes:
            await perform(database, viewer, amend_source, first, 1, moved)
        return await find(*given)

    monkeypatch.setattr(sources, "_find_duplicate", leave_and_find)
    await perform(database, viewer, amend_source, second, 1, SourceChanges(url=URL))
    assert (await read_row(database, "source", second))["url"] == URL
    assert not list(changes)


async def test_a_claim(committed_database: Database, viewer: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    database = committed_database
    source = await make_source(database, viewer)
    first = await make_claim(database, viewer, source=source, statement="s", quote="q")
    leave_between(
        monkeypatch, claims, "insert_rows", lambda: perform(database, viewer, withdraw_claim, first, "r")
    )
    new = NewClaim(source=source, statement="s", quote=QuoteInput("q"), basis=Basis.FIRSTHAND)
    second = await perform(database, viewer, record_claim, new)
    assert (await read_row(database, "claim", second))["withdrawn_at"] is None
    assert await count_rows(database, "corroboration") == 2


async def test_an_agent(
    committed_database: Database, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = committed_database
    first = await make_agent(database, viewer, wikidata_id="Q1")
    freed = AgentChanges(wikidata_id=None)
    leave_between(
        monkeypatch, agents, "insert_row", lambda: perform(database, viewer, amend_agent, first, 1, freed)
    )
    second = await perform(
        database, viewer, record_agent, NewAgent(kind=AgentKind.PERSON, name="Ann", wikidata_id="Q1")
    )
    assert (await read_row(database, "agent", second))["wikidata_id"] == "Q1"


async def test_who_is_overtaken_each_time_is_told_to_come_again(database: Database, viewer: Viewer) -> None:
    attempts = []

    async def work(_session: object) -> None:
        attempts.append(True)
        raise Overtaken

    with pytest.raises(Busy):
        await database.write(viewer.researcher, work)
    assert len(attempts) == ATTEMPTS
