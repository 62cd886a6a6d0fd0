"""Agents and questions merged, unmerged, and tried without being."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import AgentKind, QuestionKind, Role, Status
from app.errors import Duplicate, InvalidInput, NotFound, NotPermitted
from app.permissions import Viewer
from app.services.agents import AgentChanges, amend_agent
from app.services.merges import (
    MergeOutcome,
    merge_agents,
    merge_questions,
    unmerge_agents,
    unmerge_questions,
)
from app.services.outcomes import Figures, StatusDifference
from app.services.recomputation import recompute_everything
from tests.factories import make_agent, make_claim, make_question, make_source, make_viewer, perform
from tests.services.reading import (
    count_rows,
    read_corroboration,
    read_revisions,
    read_row,
    read_rows,
    read_status,
)

CORROBORATED = Figures(Status.CORROBORATED, 2, 0, 2, 0)
UNCORROBORATED = Figures(Status.UNCORROBORATED, 1, 0, 2, 0)


async def ask_two(database: Database, viewer: Viewer) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """Two agents, and the claims of each and of a part of the second, on one question."""
    question = await make_question(database, viewer)
    agents = [await make_agent(database, viewer) for _ in range(2)]
    part = await make_agent(database, viewer, part_of=agents[1])
    claims = [
        await make_claim(database, viewer, question=question, quantity="25", said_by=[agent])
        for agent in (agents[0], part)
    ]
    return agents, claims


async def read_derived(database: Database) -> list[Any]:
    """Every derived column there is."""
    return [
        await read_corroboration(database),
        await read_rows(database, "SELECT id, party FROM agent ORDER BY id"),
        await read_rows(database, "SELECT id, publishers, newest_version FROM source ORDER BY id"),
        await read_rows(database, "SELECT id, root FROM question ORDER BY id"),
        await read_rows(database, "SELECT id, question_root, quote_status FROM claim ORDER BY id"),
    ]


async def test_merged_agents_are_one_party(database: Database, viewer: Viewer) -> None:
    (one, two), claims = await ask_two(database, viewer)
    paper = await make_source(database, viewer, publisher=two)
    assert await read_status(database, claims[0]) == "CORROBORATED 2:0"
    outcome = await perform(database, viewer, merge_agents, two, one, "one and the same")
    assert outcome.differences == tuple(
        StatusDifference(claim, CORROBORATED, UNCORROBORATED) for claim in sorted(claims)
    )
    row = await read_row(database, "agent", two)
    assert (row["merged_into"], row["party"], row["version"]) == (str(one), str(one), 2)
    assert (await read_row(database, "source", paper))["publishers"] == [str(one)]
    _, merge = await read_revisions(database, two)
    assert (merge["actor"], merge["reason"]) == (str(viewer.researcher), "one and the same")


async def test_unmerging_agents_puts_everything_back(database: Database, viewer: Viewer) -> None:
    (one, two), _ = await ask_two(database, viewer)
    await make_source(database, viewer, publisher=two)
    before = await read_derived(database)
    await perform(database, viewer, merge_agents, two, one, "one and the same")
    assert await read_derived(database) != before
    outcome = await perform(database, viewer, unmerge_agents, two, "they are not")
    assert [difference.after for difference in outcome.differences] == [CORROBORATED] * 2
    assert await read_derived(database) == before
    assert (await read_row(database, "agent", two))["version"] == 3


@pytest.mark.parametrize("undo", [False, True])
async def test_a_dry_run_says_what_would_change_and_changes_nothing(
    database: Database, viewer: Viewer, undo: bool
) -> None:
    (one, two), claims = await ask_two(database, viewer)
    if undo:
        await perform(database, viewer, merge_agents, two, one, "r")
    before = await read_derived(database)
    revisions = await count_rows(database, "revision")
    changes = await count_rows(database, "status_change")
    if undo:
        tried = await perform(database, viewer, unmerge_agents, two, "r", dry_run=True)
    else:
        tried = await perform(database, viewer, merge_agents, two, one, "r", dry_run=True)
    assert {difference.claim for difference in tried.differences} == set(claims)
    assert await read_derived(database) == before
    assert await count_rows(database, "revision") == revisions
    assert await count_rows(database, "status_change") == changes
    if undo:
        assert await perform(database, viewer, unmerge_agents, two, "r") == tried
    else:
        assert await perform(database, viewer, merge_agents, two, one, "r") == tried


async def test_a_voice_that_gets_a_name_replaces_what_its_party_said(
    database: Database, viewer: Viewer
) -> None:
    """Though the party is the same before and after."""
    militia = await make_agent(database, viewer)
    voice = await make_agent(database, viewer, kind=AgentKind.UNNAMED, part_of=militia)
    spokesman = await make_agent(database, viewer, kind=AgentKind.PERSON, part_of=militia)
    question = await make_question(database, viewer)
    claims = [
        await make_claim(database, viewer, question=question, quantity=words, said_by=[who], asserted=day)
        for words, who, day in (("19", spokesman, "2019-12-29"), ("25", voice, "2019-12-30"))
    ]
    assert await read_status(database, claims[0]) == "DISPUTED 1:1"
    tried = await perform(database, viewer, merge_agents, voice, spokesman, "it was he", dry_run=True)
    assert await perform(database, viewer, merge_agents, voice, spokesman, "it was he") == tried
    assert [difference.claim for difference in tried.differences] == sorted(claims)
    assert await read_status(database, claims[0]) == "OUTDATED 1:1"
    assert await recompute_everything(database, check=True) == []
    await perform(database, viewer, unmerge_agents, voice, "it was not")
    assert await read_status(database, claims[0]) == "DISPUTED 1:1"
    assert await recompute_everything(database, check=True) == []


async def test_agents_that_cannot_be_merged(database: Database, viewer: Viewer) -> None:
    one, two, three = [await make_agent(database, viewer) for _ in range(3)]
    part = await make_agent(database, viewer, part_of=one)
    await perform(database, viewer, merge_agents, two, three, "r")
    for agent, into, path in (
        (one, one, "into"),
        (one, part, "into"),
        (two, one, "agent"),
        (one, two, "into"),
    ):
        with pytest.raises(InvalidInput) as caught:
            await perform(database, viewer, merge_agents, agent, into, "r")
        assert [problem.path for problem in caught.value.problems] == [(path,)]
    with pytest.raises(InvalidInput) as caught:
        await perform(database, viewer, merge_agents, one, three, "")
    assert [problem.path for problem in caught.value.problems] == [("reason",)]
    with pytest.raises(NotFound) as missing:
        await perform(database, viewer, merge_agents, one, uuid.uuid4(), "r")
    assert missing.value.path == ("into",)
    with pytest.raises(InvalidInput):
        await perform(database, viewer, unmerge_agents, one, "r")
    # A part may be merged into what it is part of, and a target merged on.
    await perform(database, viewer, merge_agents, part, one, "r")
    await perform(database, viewer, merge_agents, three, one, "r")
    assert (await read_row(database, "agent", two))["party"] == str(one)


async def test_every_merge_and_its_undoing_says_why(database: Database, viewer: Viewer) -> None:
    one, two = [await make_agent(database, viewer) for _ in range(2)]
    three, four = [await make_question(database, viewer) for _ in range(2)]
    works: list[tuple[uuid.UUID, Callable[[str], Awaitable[MergeOutcome]]]] = [
        (one, lambda reason: perform(database, viewer, merge_agents, one, two, reason)),
        (one, lambda reason: perform(database, viewer, unmerge_agents, one, reason)),
        (three, lambda reason: perform(database, viewer, merge_questions, three, four, reason)),
        (three, lambda reason: perform(database, viewer, unmerge_questions, three, reason)),
    ]
    for changed, work in works:
        with pytest.raises(InvalidInput) as caught:
            await work(" ")
        assert [problem.path for problem in caught.value.problems] == [("reason",)]
        await work("r")
        assert (await read_revisions(database, changed))[-1]["reason"] == "r"


async def test_unmerging_never_closes_a_circle(database: Database, viewer: Viewer) -> None:
    one, two, three = [await make_agent(database, viewer) for _ in range(3)]
    await perform(database, viewer, amend_agent, one, 1, AgentChanges(part_of=two))
    await perform(database, viewer, merge_agents, one, three, "r")
    with pytest.raises(InvalidInput):
        await perform(database, viewer, amend_agent, two, 1, AgentChanges(part_of=one))
    await perform(database, viewer, unmerge_agents, one, "r")
    assert (await read_row(database, "agent", one))["party"] == str(two)


async def test_a_merged_agents_own_parent_has_no_effect(database: Database, viewer: Viewer) -> None:
    old, new, target = [await make_agent(database, viewer) for _ in range(3)]
    department = await make_agent(database, viewer, part_of=old)
    merged = await make_agent(database, viewer, part_of=department)
    below = await make_agent(database, viewer, part_of=merged)
    await perform(database, viewer, merge_agents, merged, target, "r")
    await perform(database, viewer, amend_agent, department, 1, AgentChanges(part_of=new))
    for agent in (merged, below):
        assert (await read_row(database, "agent", agent))["party"] == str(target)
    await perform(database, viewer, unmerge_agents, merged, "r")
    for agent in (merged, below):
        assert (await read_row(database, "agent", agent))["party"] == str(new)


async def test_a_wikidata_id_is_free_while_its_agent_is_merged(database: Database, viewer: Viewer) -> None:
    one = await make_agent(database, viewer)
    two = await make_agent(database, viewer, wikidata_id="Q42")
    await perform(database, viewer, merge_agents, two, one, "r")
    await perform(database, viewer, amend_agent, one, 1, AgentChanges(wikidata_id="Q42"))
    with pytest.raises(Duplicate) as caught:
        await perform(database, viewer, unmerge_agents, two, "r")
    assert caught.value.id == encode_id(NodeType.AGENT, one)
    assert (await read_row(database, "agent", two))["merged_into"] == str(one)


async def test_merged_questions_are_compared_as_one_and_apart_again(
    database: Database, viewer: Viewer
) -> None:
    one, two, three = [await make_question(database, viewer) for _ in range(3)]
    claims = [
        await make_claim(database, viewer, question=question, quantity=words)
        for question, words in ((one, "25"), (two, "25"), (three, "30"))
    ]
    before = await read_derived(database)
    tried = await perform(database, viewer, merge_questions, one, two, "the same", dry_run=True)
    assert await read_derived(database) == before
    outcome = await perform(database, viewer, merge_questions, one, two, "the same")
    assert outcome == tried
    assert {difference.claim for difference in outcome.differences} == {claims[0], claims[1]}
    assert await read_status(database, claims[0]) == "CORROBORATED 2:0"
    merged = await read_derived(database)
    await perform(database, viewer, merge_questions, two, three, "the same")
    # The claim came under the root of the roots.
    assert (await read_row(database, "claim", claims[0]))["question_root"] == str(three)
    assert (await read_row(database, "claim", claims[0]))["question"] == str(one)
    assert await read_status(database, claims[2]) == "CONTRADICTED 1:2"
    late = await make_claim(database, viewer, question=one, quantity="30")
    assert await read_status(database, claims[2]) == "DISPUTED 2:2"
    await perform(database, viewer, unmerge_questions, two, "not the same")
    assert await read_status(database, late) == "CONTRADICTED 1:2"
    assert await read_status(database, claims[2]) == "UNCORROBORATED 1:0"
    assert merged[3] == (await read_derived(database))[3]
    await perform(database, viewer, unmerge_questions, one, "not the same")
    assert await read_status(database, claims[1]) == "UNCORROBORATED 1:0"


async def test_questions_that_cannot_be_merged(database: Database, viewer: Viewer) -> None:
    one, two = [await make_question(database, viewer) for _ in range(2)]
    other = await make_question(database, viewer, kind=QuestionKind.YES_NO)
    with pytest.raises(InvalidInput) as caught:
        await perform(database, viewer, merge_questions, one, other, "r")
    assert [problem.path for problem in caught.value.problems] == [("into",)]
    await perform(database, viewer, merge_questions, one, two, "r")
    for question, into, path in ((two, two, "into"), (one, two, "question"), (two, one, "into")):
        with pytest.raises(InvalidInput) as caught:
            await perform(database, viewer, merge_questions, question, into, "r")
        assert [problem.path for problem in caught.value.problems] == [(path,)]
    with pytest.raises(InvalidInput):
        await perform(database, viewer, unmerge_questions, two, "r")


async def test_editors_merge(database: Database, viewer: Viewer) -> None:
    researcher = await make_viewer(database, Role.RESEARCHER)
    nothing = uuid.uuid4()
    for merge in (merge_agents, merge_questions):
        with pytest.raises(NotPermitted):
            await perform(database, researcher, merge, nothing, nothing, "r")
    for unmerge in (unmerge_agents, unmerge_questions):
        with pytest.raises(NotPermitted):
            await perform(database, researcher, unmerge, nothing, "r")


async def test_a_reason_stays_with_its_own_merge(database: Database, viewer: Viewer) -> None:
    """In one transaction: a bundle's other entries do not get the reason of one of them."""
    one, two = [await make_agent(database, viewer) for _ in range(2)]

    async def work(session: Any) -> None:
        with pytest.raises(InvalidInput):
            await merge_agents(session, viewer, one, one, "refused")
        await amend_agent(session, viewer, one, 1, AgentChanges(description="d"))
        await merge_agents(session, viewer, two, one, "merged")
        await amend_agent(session, viewer, two, 2, AgentChanges(description="d"))

    await database.write(viewer.researcher, work, reason="the bundle's")
    assert [r["reason"] for r in (await read_revisions(database, one))[1:]] == ["the bundle's"]
    assert [r["reason"] for r in (await read_revisions(database, two))[1:]] == ["merged", "the bundle's"]
