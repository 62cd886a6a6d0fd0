"""Accounts; and the researcher that the settings name."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from app.database import Database, WriteSession
from app.domain.vocabulary import Role
from app.errors import Duplicate, InvalidInput, NotPermitted
from app.permissions import NOBODY, Viewer
from app.services.events import NewEvent, record_event
from app.services.researchers import (
    NewResearcher,
    add_researcher,
    change_role,
    disable_researcher,
    enable_researcher,
    ensure_researcher,
)
from tests.factories import make_viewer, perform
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
    async def work(session: WriteSession) -> tuple[Viewer, UUID]:
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


async def test_an_account_is_added_changed_disabled_and_enabled(database: Database, viewer: Viewer) -> None:
    new = NewResearcher("Nadia", Role.READER, "nadia@example.org")
    nadia = await perform(database, viewer, add_researcher, new)
    await perform(database, viewer, change_role, nadia, Role.EDITOR)
    await perform(database, viewer, change_role, nadia, Role.EDITOR)  # which changes nothing
    await perform(database, viewer, disable_researcher, nadia)
    with pytest.raises(InvalidInput, match="disabled already"):
        await perform(database, viewer, disable_researcher, nadia)
    await perform(database, viewer, enable_researcher, nadia)
    with pytest.raises(InvalidInput, match="not disabled"):
        await perform(database, viewer, enable_researcher, nadia)
    row = await read_row(database, "researcher", nadia)
    assert (row["role"], row["email"], row["disabled_at"], row["version"]) == (
        *("EDITOR", "nadia@example.org", None),
        4,
    )
    revisions = await read_revisions(database, nadia)
    assert [each["operation"] for each in revisions] == ["INSERT", "UPDATE", "UPDATE", "UPDATE"]
    assert {each["actor"] for each in revisions} == {str(viewer.researcher)}


@pytest.mark.parametrize(
    "new",
    [
        NewResearcher(" "),
        NewResearcher("Nadia", email="nadia"),
        NewResearcher("Nadia", email="na dia@example.org"),
        NewResearcher("Nadia", email="n@" + "e" * 320),
        NewResearcher("Nadia", email="n\0@example.org"),
    ],
)
async def test_what_is_no_account_is_refused(database: Database, viewer: Viewer, new: NewResearcher) -> None:
    with pytest.raises(InvalidInput):
        await perform(database, viewer, add_researcher, new)


@pytest.mark.parametrize("new", [NewResearcher("Nadia"), NewResearcher("Omar", email="NADIA@example.org")])
async def test_a_name_and_an_email_are_one_researchers(
    database: Database, viewer: Viewer, new: NewResearcher
) -> None:
    await perform(database, viewer, add_researcher, NewResearcher("Nadia", email="nadia@example.org"))
    with pytest.raises(Duplicate):
        await perform(database, viewer, add_researcher, new)


async def test_accounts_are_an_admins_to_change(database: Database) -> None:
    nadia = await make_viewer(database, Role.EDITOR)
    for work in (
        perform(database, nadia, add_researcher, NewResearcher("Omar")),
        perform(database, nadia, change_role, nadia.researcher, Role.ADMIN),
        perform(database, nadia, disable_researcher, nadia.researcher),
        perform(database, nadia, enable_researcher, nadia.researcher),
    ):
        with pytest.raises(NotPermitted):
            await work


async def test_one_admin_always_stays(committed_database: Database, viewer: Viewer) -> None:
    database = committed_database
    with pytest.raises(InvalidInput, match="last ADMIN"):
        await perform(database, viewer, change_role, viewer.researcher, Role.EDITOR)
    with pytest.raises(InvalidInput, match="last ADMIN"):
        await perform(database, viewer, disable_researcher, viewer.researcher)
    other = await make_viewer(database, Role.ADMIN)
    # Both leave at once, each by the other's hand: one of them stays.
    answers = await asyncio.gather(
        perform(database, viewer, change_role, other.researcher, Role.READER),
        perform(database, other, disable_researcher, viewer.researcher),
        return_exceptions=True,
    )
    assert sum(isinstance(each, InvalidInput) for each in answers) == 1
