"""Recording and amending events; what all amendments share is tested here once."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest

from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import Role
from app.errors import InvalidInput, NotFound, NotPermitted, StaleVersion
from app.permissions import Viewer
from app.services.events import EventChanges, NewEvent, amend_event, record_event
from tests.factories import make_event, make_viewer, perform
from tests.services.reading import count_rows, read_revisions, read_row


async def test_an_event_is_recorded_as_it_is_given(database: Database, viewer: Viewer) -> None:
    new = NewEvent(
        title="US airstrikes",
        description=" as it came \n",
        starts_on=date(2019, 12, 29),
        ends_on=date(2019, 12, 29),
        place="Al-Qaim",
        latitude=34.37,
        longitude=41.09,
    )
    key = await perform(database, viewer, record_event, new)
    row = await read_row(database, "event", key)
    assert row.pop("recorded_at")
    assert row == {
        "id": str(key),
        "version": 1,
        "recorded_by": str(viewer.researcher),
        "title": "US airstrikes",
        "description": " as it came \n",
        "starts_on": "2019-12-29",
        "ends_on": "2019-12-29",
        "place": "Al-Qaim",
        "latitude": 34.37,
        "longitude": 41.09,
    }


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"title": "  "}, [("title",)]),
        ({"starts_on": date(2020, 1, 2), "ends_on": date(2020, 1, 1)}, [("endsOn",)]),
        ({"latitude": 90.5, "longitude": -181.0}, [("latitude",), ("longitude",)]),
        ({"latitude": float("nan"), "longitude": 0.0}, [("latitude",)]),
        ({"latitude": 1.0}, [("longitude",)]),
        (
            {"title": "\0", "place": "\ud800", "description": "x" * 10_001},
            [("title",), ("description",), ("place",)],
        ),
    ],
)
async def test_everything_that_is_wrong_is_said_at_once(
    database: Database, viewer: Viewer, fields: dict[str, Any], paths: list[tuple[str, ...]]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        await make_event(database, viewer, **fields)
    assert [problem.path for problem in caught.value.problems] == paths
    assert await count_rows(database, "event") == 0


async def test_an_amendment_counts_the_version_up_and_leaves_a_revision(
    database: Database, viewer: Viewer
) -> None:
    event = await make_event(database, viewer, title="before", place="Baghdad")
    editor = await make_viewer(database, Role.EDITOR)
    changes = EventChanges(title="after", place=None)
    await database.write(
        editor.researcher, lambda session: amend_event(session, editor, event, 1, changes), reason="a slip"
    )
    row = await read_row(database, "event", event)
    assert (row["title"], row["place"], row["version"]) == ("after", None, 2)
    recorded, amended = await read_revisions(database, event)
    assert (recorded["operation"], recorded["actor"], recorded["before"]) == (
        "INSERT",
        str(viewer.researcher),
        None,
    )
    assert (amended["operation"], amended["actor"], amended["reason"]) == (
        "UPDATE",
        str(editor.researcher),
        "a slip",
    )
    assert (amended["before"]["title"], amended["after"]["title"]) == ("before", "after")


async def test_an_amendment_that_changes_nothing_leaves_nothing(database: Database, viewer: Viewer) -> None:
    event = await make_event(database, viewer, title="same", place="Baghdad")
    for changes in (EventChanges(), EventChanges(title="same", place="Baghdad")):
        await perform(database, viewer, amend_event, event, 1, changes)
    assert (await read_row(database, "event", event))["version"] == 1
    assert len(await read_revisions(database, event)) == 1


async def test_a_stale_version_is_refused_and_nothing_is_lost(database: Database, viewer: Viewer) -> None:
    event = await make_event(database, viewer, title="one")

    async def rename(expected: int, title: str) -> None:
        changes = EventChanges(title=title)
        await perform(database, viewer, amend_event, event, expected, changes)

    await rename(1, "two")
    with pytest.raises(StaleVersion) as caught:
        await rename(1, "three")
    assert (caught.value.expected, caught.value.current) == (1, 2)
    assert caught.value.id == encode_id(NodeType.EVENT, event)
    assert (await read_row(database, "event", event))["title"] == "two"


async def test_a_null_title_and_a_date_before_the_standing_one_are_refused(
    database: Database, viewer: Viewer
) -> None:
    event = await make_event(database, viewer, starts_on=date(2020, 1, 2))
    changes: dict[str, Any] = {"title": None, "ends_on": date(2020, 1, 1)}
    with pytest.raises(InvalidInput) as caught:
        await perform(database, viewer, amend_event, event, 1, EventChanges(**changes))
    assert [problem.path for problem in caught.value.problems] == [("title",), ("endsOn",)]


async def test_what_is_not_there_is_not_found(database: Database, viewer: Viewer) -> None:
    nowhere = uuid.uuid4()
    with pytest.raises(NotFound) as caught:
        await perform(database, viewer, amend_event, nowhere, 1, EventChanges())
    assert (caught.value.kind, caught.value.id) == ("Event", f"event_{nowhere}")
    assert caught.value.path == ("event",)


async def test_readers_record_nothing_and_researchers_amend_nothing(
    database: Database, viewer: Viewer
) -> None:
    reader = await make_viewer(database, Role.READER)
    with pytest.raises(NotPermitted):
        await make_event(database, reader)
    researcher = await make_viewer(database, Role.RESEARCHER)
    event = await make_event(database, researcher)
    with pytest.raises(NotPermitted):
        await perform(database, researcher, amend_event, event, 1, EventChanges(title="mine"))
