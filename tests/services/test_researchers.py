"""The researcher that the settings name."""

from __future__ import annotations

import asyncio

import pytest

from app.database import Database
from app.domain.vocabulary import Role
from app.errors import InvalidInput
from app.services.events import NewEvent, record_event
from app.services.researchers import NOBODY, ensure_researcher
from tests.factories import make_viewer
from tests.services.reading import read_revisions, read_row, read_rows


async def test_a_researcher_is_recorded_once_and_by_themself(database: Database) -> None:
    first = await make_viewer(database, Role.ADMIN, "Nadia")
    again = await make_viewer(database, Role.READER, "Nadia")
    # The role they have is kept.
    assert again == first
    row = await read_row(database, "researcher", first.researcher)
    assert (row["name"], row["role"], row["version"]) == ("Nadia", "ADMIN", 1)
    (revision,) = await read_revisions(database, first.researcher)
    assert revision["actor"] == str(first.researcher)


async def test_the_rest_of_the_transaction_is_theirs(database: Database) -> None:
    async def work(session):  # type: ignore[no-untyped-def]
        viewer = await ensure_researcher(session, "Nadia", Role.RESEARCHER)
        return viewer, await record_event(session, viewer, NewEvent(title="t"))

    viewer, event = await database.write(NOBODY, work)
    (revision,) = await read_revisions(database, event)
    assert revision["actor"] == str(viewer.researcher)


async def test_twenty_at_once_are_one(committed_database: Database) -> None:
    viewers = await asyncio.gather(
        *(make_viewer(committed_database, Role.RESEARCHER, "Nadia") for _ in range(20))
    )
    assert len(set(viewers)) == 1
    rows = await read_rows(committed_database, "SELECT id FROM researcher WHERE name = 'Nadia'")
    assert rows == [{"id": str(viewers[0].researcher)}]


@pytest.mark.parametrize("name", ["", " ", "\0", "\ud800", "x" * 1_001, "é" * 1_000 + "€" * 20])
async def test_a_name_that_cannot_be_kept_is_refused(database: Database, name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await make_viewer(database, Role.RESEARCHER, name or "")
    assert [problem.path for problem in caught.value.problems] == [("name",)]
