"""Claims retracted by their source, and claims withdrawn and restored by their recorder."""

from __future__ import annotations

import uuid

import pytest

from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import Role
from app.errors import Duplicate, InvalidInput, NotFound, NotPermitted, StaleVersion, UnknownMoment
from app.permissions import Viewer
from app.services.withdrawals import (
    RETRACTION,
    reinstate_claim,
    restore_claim,
    retract_claim,
    withdraw_claim,
)
from tests.factories import (
    make_agent,
    make_assessment,
    make_claim,
    make_question,
    make_source,
    make_viewer,
    perform,
)
from tests.services.reading import read_corroboration, read_revisions, read_row, read_status


async def test_a_retraction_says_when_why_and_where(database: Database, viewer: Viewer) -> None:
    question = await make_question(database, viewer)
    claim = await make_claim(database, viewer, question=question, quantity="19")
    other = await make_claim(database, viewer, question=question, quantity="25")
    await perform(
        database,
        viewer,
        retract_claim,
        claim,
        when="2020-01-02",
        reason="a misprint",
        url="https://example.org/corrections",
    )
    assert await read_status(database, claim) == "RETRACTED 1:1"
    assert await read_status(database, other) == "UNCORROBORATED 1:0"
    row = await read_row(database, "claim", claim)
    assert (row["retracted_text"], row["retracted"]) == (
        "2020-01-02",
        '["2020-01-02 00:00:00+00","2020-01-03 00:00:00+00")',
    )
    assert (row["retraction_reason"], row["retraction_url"], row["version"]) == (
        "a misprint",
        "https://example.org/corrections",
        2,
    )
    assert row["retraction_recorded_by"] == str(viewer.researcher)
    assert row["retraction_recorded_at"] is not None
    assert (await read_revisions(database, claim))[-1]["reason"] == "a misprint"


async def test_a_retraction_is_refused_with_all_that_is_wrong(database: Database, viewer: Viewer) -> None:
    claim = await make_claim(database, viewer)
    with pytest.raises(InvalidInput) as caught:
        await perform(database, viewer, retract_claim, claim, when="2020", reason="", url="x")
    assert [problem.path for problem in caught.value.problems] == [("reason",), ("url",)]
    with pytest.raises(UnknownMoment):
        await perform(database, viewer, retract_claim, claim, when="soon", reason="r")
    with pytest.raises(NotFound):
        await perform(database, viewer, retract_claim, uuid.uuid4(), when="2020", reason="r")
    await perform(database, viewer, retract_claim, claim, when="2020", reason="r")
    with pytest.raises(InvalidInput):
        await perform(database, viewer, retract_claim, claim, when="2021", reason="r")
    withdrawn = await make_claim(database, viewer)
    await perform(database, viewer, withdraw_claim, withdrawn, "a mistake")
    with pytest.raises(InvalidInput):
        await perform(database, viewer, retract_claim, withdrawn, when="2020", reason="r")
    researcher = await make_viewer(database, Role.RESEARCHER)
    with pytest.raises(NotPermitted):
        await perform(database, researcher, retract_claim, claim, when="2020", reason="r")


async def test_reinstating_leaves_every_status_as_it_was(database: Database, viewer: Viewer) -> None:
    question = await make_question(database, viewer)
    agents = [await make_agent(database, viewer) for _ in range(2)]
    claims = [
        await make_claim(database, viewer, question=question, quantity=words, said_by=[agent])
        for words, agent in zip(["25", "at least 25", "28"], [*agents, agents[0]], strict=True)
    ]
    before = await read_corroboration(database)
    for claim in claims:
        await perform(
            database, viewer, retract_claim, claim, when="2020", reason="r", url="https://x.example"
        )
        assert (await read_corroboration(database))[str(claim)]["status"] == "RETRACTED"
        await perform(database, viewer, reinstate_claim, claim, 2, "another story's")
        assert await read_corroboration(database) == before
        row = await read_row(database, "claim", claim)
        assert {row[column] for column in RETRACTION} == {None}
        told = [revision["reason"] for revision in await read_revisions(database, claim)]
        assert told[-2:] == ["r", "another story's"]
    # It can be retracted again.
    await perform(database, viewer, retract_claim, claims[0], when="2021", reason="r")


async def test_what_cannot_be_reinstated(database: Database, viewer: Viewer) -> None:
    claim = await make_claim(database, viewer)
    with pytest.raises(InvalidInput, match="is not retracted"):
        await perform(database, viewer, reinstate_claim, claim, 1, "r")
    await perform(database, viewer, retract_claim, claim, when="2020", reason="r")
    with pytest.raises(StaleVersion):
        await perform(database, viewer, reinstate_claim, claim, 1, "r")
    with pytest.raises(InvalidInput) as caught:
        await perform(database, viewer, reinstate_claim, claim, 2, " ")
    assert [problem.path for problem in caught.value.problems] == [("reason",)]
    researcher = await make_viewer(database, Role.RESEARCHER)
    with pytest.raises(NotPermitted):
        await perform(database, researcher, reinstate_claim, claim, 2, "r")
    with pytest.raises(NotFound):
        await perform(database, viewer, reinstate_claim, uuid.uuid4(), 1, "r")
    await perform(database, viewer, withdraw_claim, claim, "a mistake")
    with pytest.raises(InvalidInput, match="restore it first"):
        await perform(database, viewer, reinstate_claim, claim, 3, "r")


async def test_withdrawing_and_restoring_leaves_every_status_as_it_was(
    database: Database, viewer: Viewer
) -> None:
    question = await make_question(database, viewer)
    agents = [await make_agent(database, viewer) for _ in range(3)]
    claims = [
        await make_claim(
            database, viewer, question=question, quantity=words, said_by=[agent], asserted=f"2019-12-{day}"
        )
        for day, (words, agent) in enumerate(
            zip(["19", "25", "at least 25", "28", "dozens", "19"], agents * 2, strict=True), start=10
        )
    ]
    lone = await make_claim(database, viewer)
    await make_assessment(database, viewer, claim=lone, evidence_claim=claims[1])
    before = await read_corroboration(database)
    for claim in claims:
        await perform(database, viewer, withdraw_claim, claim, "a mistake")
        withdrawn = await read_corroboration(database)
        assert withdrawn != before
        assert not withdrawn[str(claim)]["live"]
        await perform(database, viewer, restore_claim, claim)
        assert await read_corroboration(database) == before
    row = await read_row(database, "claim", claims[0])
    assert (row["withdrawn_at"], row["withdrawn_by"], row["withdrawal_reason"], row["version"]) == (
        None,
        None,
        None,
        3,
    )
    assert [r["reason"] for r in await read_revisions(database, claims[0])] == [None, None, "a mistake", None]


async def test_a_claim_is_withdrawn_by_its_own_or_an_editor(database: Database, viewer: Viewer) -> None:
    own, other = [await make_viewer(database, Role.RESEARCHER) for _ in range(2)]
    editor = await make_viewer(database, Role.EDITOR)
    claim = await make_claim(database, own)
    with pytest.raises(NotPermitted):
        await perform(database, other, withdraw_claim, claim, "not mine")
    await perform(database, own, withdraw_claim, claim, "mine")
    with pytest.raises(NotPermitted):
        await perform(database, other, restore_claim, claim)
    await perform(database, editor, restore_claim, claim)
    reader = await make_viewer(database, Role.READER)
    with pytest.raises(NotPermitted):
        await perform(database, reader, withdraw_claim, uuid.uuid4(), "mine")


async def test_a_claim_is_withdrawn_once_and_restored_once(database: Database, viewer: Viewer) -> None:
    claim = await make_claim(database, viewer)
    with pytest.raises(InvalidInput):
        await perform(database, viewer, restore_claim, claim)
    with pytest.raises(InvalidInput) as caught:
        await perform(database, viewer, withdraw_claim, claim, "\0")
    assert [problem.path for problem in caught.value.problems] == [("reason",)]
    await perform(database, viewer, withdraw_claim, claim, "a mistake")
    with pytest.raises(InvalidInput):
        await perform(database, viewer, withdraw_claim, claim, "again")
    with pytest.raises(NotFound):
        await perform(database, viewer, withdraw_claim, uuid.uuid4(), "nothing")
    with pytest.raises(NotFound):
        await perform(database, viewer, restore_claim, uuid.uuid4())


async def test_a_claim_recorded_anew_is_not_restored_beside_itself(
    database: Database, viewer: Viewer
) -> None:
    source = await make_source(database, viewer)
    first = await make_claim(database, viewer, source=source, statement="s", quote="q")
    await perform(database, viewer, withdraw_claim, first, "a mistake")
    second = await make_claim(database, viewer, source=source, statement="s", quote="q")
    with pytest.raises(Duplicate) as caught:
        await perform(database, viewer, restore_claim, first)
    assert caught.value.id == encode_id(NodeType.CLAIM, second)
    assert (await read_row(database, "claim", first))["withdrawn_at"] is not None
