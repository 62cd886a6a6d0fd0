"""Merges, and their undoing: what they answer that they change, before it is done and after."""

from __future__ import annotations

from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.permissions import Viewer
from tests.api.conftest import Ask
from tests.api.documents import do
from tests.factories import make_agent, make_claim, make_question


async def test_a_dry_run_of_a_merge_shows_what_it_would_change_and_changes_nothing(
    ask: Ask, database: Database, viewer: Viewer
) -> None:
    one = await make_agent(database, viewer, name="Ministry")
    two = await make_agent(database, viewer, name="The Ministry")
    question = await make_question(database, viewer)
    for agent in (one, two):
        await make_claim(database, viewer, question=question, said_by=[agent], quantity="5")
    fields = """agent { mergedInto { name } } agentEdge { cursor node { id } }
        figureChanges { edges { node {
            claim { statement } before { status linesFor } after { status linesFor } } } }"""
    given = {"agent": encode_id(NodeType.AGENT, one), "into": encode_id(NodeType.AGENT, two), "reason": "one"}
    tried = await do(ask, "mergeAgents", fields, dryRun=True, **given)
    assert tried["agent"]["mergedInto"] is None
    changes = [edge["node"] for edge in tried["figureChanges"]["edges"]]
    assert len(changes) == 2
    for change in changes:
        assert change["before"] == {"status": "CORROBORATED", "linesFor": 2}
        assert change["after"] == {"status": "UNCORROBORATED", "linesFor": 1}
    counted = "{ claims(filter: { status: CORROBORATED }) { totalCount } }"
    assert (await ask(counted))["data"]["claims"]["totalCount"] == 2
    merged = await do(ask, "mergeAgents", fields, **given)
    assert merged["agent"]["mergedInto"] == {"name": "The Ministry"}
    assert merged["agentEdge"] == {"cursor": f"RECORDED.{one}", "node": {"id": given["agent"]}}
    assert merged["figureChanges"] == tried["figureChanges"]
    assert (await ask(counted))["data"]["claims"]["totalCount"] == 0
    undone = await do(ask, "unmergeAgents", fields, agent=given["agent"], reason="two after all")
    assert [edge["node"]["after"]["linesFor"] for edge in undone["figureChanges"]["edges"]] == [2, 2]


async def test_what_a_merge_changes_is_listed_page_after_page(
    ask: Ask, database: Database, viewer: Viewer
) -> None:
    one, two = await make_agent(database, viewer), await make_agent(database, viewer)
    question = await make_question(database, viewer)
    claims = [
        await make_claim(database, viewer, question=question, said_by=[agent], quantity="5")
        for agent in (one, two, one)
    ]
    given = {"agent": encode_id(NodeType.AGENT, one), "into": encode_id(NodeType.AGENT, two), "reason": "one"}
    fields = """agent { version } figureChanges(first: 2%s) {
        totalCount pageInfo { hasNextPage endCursor }
        edges { node { claim { id statement } before { linesFor } after { linesFor status } } } }"""
    for dry_run in (True, False):
        seen, after = [], ""
        for more in (True, False):
            key = f"dry: {dry_run}"
            done = await do(ask, "mergeAgents", fields % after, **given, dryRun=dry_run, idempotencyKey=key)
            assert done["agent"]["version"] == (1 if dry_run else 2), "nothing is done twice"
            page = done["figureChanges"]
            assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (3, more)
            seen += [edge["node"] for edge in page["edges"]]
            after = f', after: "{page["pageInfo"]["endCursor"]}"'
        assert [c["claim"]["id"] for c in seen] == [encode_id(NodeType.CLAIM, c) for c in sorted(claims)]
        assert {(c["before"]["linesFor"], c["after"]["linesFor"]) for c in seen} == {(2, 1)}


async def test_questions_are_merged_and_unmerged(ask: Ask, database: Database, viewer: Viewer) -> None:
    one, two = await make_question(database, viewer), await make_question(database, viewer)
    for question in (one, two):
        agent = await make_agent(database, viewer)
        await make_claim(database, viewer, question=question, said_by=[agent], quantity="5")
    given = {"question": encode_id(NodeType.QUESTION, one), "reason": "the same"}
    fields = """question { claims { totalCount } } questionEdge { node { id } }
        figureChanges { edges { node { after { linesFor } } } }"""
    done = await do(ask, "mergeQuestions", fields, into=encode_id(NodeType.QUESTION, two), **given)
    assert done["question"]["claims"]["totalCount"] == 2
    assert [edge["node"]["after"]["linesFor"] for edge in done["figureChanges"]["edges"]] == [2, 2]
    done = await do(ask, "unmergeQuestions", fields, **given)
    assert done["question"]["claims"]["totalCount"] == 1
