"""Two records of the same thing, made one and taken apart again.

Nothing is moved: a merged agent or question stands for the one it was merged into, wherever it is named.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping, text

from app.database import WriteSession
from app.domain.identifiers import NodeType, encode_id
from app.domain.parties import check_merge, is_unnamed
from app.domain.records import Agent
from app.errors import Duplicate, InvalidInput
from app.permissions import Operation, Viewer, permit
from app.services.agents import find_wikidata_duplicate
from app.services.corroboration import recompute
from app.services.inputs import check_reason
from app.services.locks import structure_locked
from app.services.outcomes import StatusDifference
from app.services.parties import find_parts, settle_parties
from app.services.reach import Reach, reach_of_agents
from app.services.records import load_agents
from app.services.rows import because, lock_row, tried, update_row

# A question, and all that were merged into it, all the way down.
SET_ROOT = text("""
WITH RECURSIVE below AS (
    SELECT CAST(:question AS uuid) AS id
    UNION
    SELECT q.id FROM below JOIN question q ON q.merged_into = below.id
), questions AS (
    UPDATE question SET root = :root FROM below WHERE question.id = below.id
)
UPDATE claim SET question_root = :root FROM below WHERE claim.question = below.id
""")


@dataclass(frozen=True, slots=True)
class MergeOutcome:
    """The claims whose figures a merge, or its undoing, changes; by the id of the claim."""

    differences: tuple[StatusDifference, ...]


async def merge_agents(
    session: WriteSession, viewer: Viewer, agent: UUID, into: UUID, reason: str, *, dry_run: bool = False
) -> MergeOutcome:
    """From now on `agent` stands for `into`. A dry run says what would change, and changes nothing.

    Raises InvalidInput (either is merged already; one is part of the other; `into` alone is protected),
    NotFound, NotPermitted.
    """
    permit(viewer, Operation.MERGE_AGENTS)
    check_reason(reason)
    async with structure_locked(session), _tried(session, reason, dry_run=dry_run):
        row, target = await _lock_pair(session, NodeType.AGENT, agent, into)
        _check_unmerged(NodeType.AGENT, row, target)
        if target["protected"] and not row["protected"]:
            # Its name would say who that is.
            raise InvalidInput.at("agent", message="is not protected, as `into` is: protect it first")
        agents = await load_agents(session, [agent, into])
        check_merge(agent, into, agents)
        await update_row(session, NodeType.AGENT, row, {"merged_into": into})
        return await _finish(session, await _settle_agent(session, agent, agents))


async def unmerge_agents(
    session: WriteSession, viewer: Viewer, agent: UUID, reason: str, *, dry_run: bool = False
) -> MergeOutcome:
    """From now on `agent` stands for itself again, as it was recorded.

    Raises Duplicate (its Wikidata id is another agent's by now), InvalidInput (it is not merged), NotFound,
    NotPermitted.
    """
    permit(viewer, Operation.UNMERGE_AGENTS)
    check_reason(reason)
    async with structure_locked(session), _tried(session, reason, dry_run=dry_run):
        row = await lock_row(session, NodeType.AGENT, agent)
        _check_merged(NodeType.AGENT, row)

        async def find_duplicate() -> Duplicate:
            return await find_wikidata_duplicate(session, row["wikidata_id"])

        agents = await load_agents(session, [agent])
        await update_row(session, NodeType.AGENT, row, {"merged_into": None}, find_duplicate)
        return await _finish(session, await _settle_agent(session, agent, agents))


async def merge_questions(
    session: WriteSession, viewer: Viewer, question: UUID, into: UUID, reason: str, *, dry_run: bool = False
) -> MergeOutcome:
    """From now on the claims on `question` are compared with those on `into`, which asks for the same kind.

    Raises InvalidInput (either is merged already; the kinds differ), NotFound, NotPermitted.
    """
    permit(viewer, Operation.MERGE_QUESTIONS)
    check_reason(reason)
    async with structure_locked(session), _tried(session, reason, dry_run=dry_run):
        row, target = await _lock_pair(session, NodeType.QUESTION, question, into)
        _check_unmerged(NodeType.QUESTION, row, target)
        if row["kind"] != target["kind"]:
            message = f"asks for {target['kind']}; the question to be merged asks for {row['kind']}"
            raise InvalidInput.at("into", message=message)
        await update_row(session, NodeType.QUESTION, row, {"merged_into": into})
        return await _finish(session, await _settle_root(session, row, into))


async def unmerge_questions(
    session: WriteSession, viewer: Viewer, question: UUID, reason: str, *, dry_run: bool = False
) -> MergeOutcome:
    """From now on the claims on `question` are compared among themselves again.

    Raises InvalidInput (it is not merged), NotFound, NotPermitted.
    """
    permit(viewer, Operation.UNMERGE_QUESTIONS)
    check_reason(reason)
    async with structure_locked(session), _tried(session, reason, dry_run=dry_run):
        row = await lock_row(session, NodeType.QUESTION, question)
        _check_merged(NodeType.QUESTION, row)
        await update_row(session, NodeType.QUESTION, row, {"merged_into": None})
        return await _finish(session, await _settle_root(session, row, question))


async def _settle_agent(session: WriteSession, agent: UUID, before: Mapping[UUID, Agent]) -> Reach:
    """The reach of an agent that was merged or unmerged; `before` is as things were."""
    reach = await settle_parties(session, agent)
    # Of the same party still, it may be named now, or nameless again: that says whose words it replaces.
    if is_unnamed(agent, before) != is_unnamed(agent, await load_agents(session, [agent])):
        reach |= await reach_of_agents(session, await find_parts(session, agent))
    return reach


async def _settle_root(session: WriteSession, row: RowMapping, root: UUID) -> Reach:
    await session.execute(SET_ROOT, {"question": row["id"], "root": root})
    return Reach(units=frozenset({row["root"], root}))


async def _finish(session: WriteSession, reach: Reach) -> MergeOutcome:
    differences = await recompute(session, reach)
    return MergeOutcome(tuple(sorted(differences, key=lambda difference: difference.claim)))


@asynccontextmanager
async def _tried(session: WriteSession, reason: str, *, dry_run: bool) -> AsyncIterator[None]:
    async with because(session, reason), tried(session, dry_run=dry_run):
        yield


async def _lock_pair(
    session: WriteSession, node: NodeType, one: UUID, into: UUID
) -> tuple[RowMapping, RowMapping]:
    return await lock_row(session, node, one), await lock_row(session, node, into, "into")


def _check_unmerged(node: NodeType, row: RowMapping, target: RowMapping) -> None:
    if row["id"] == target["id"]:
        raise InvalidInput.at("into", message=f"is the same {node.table}")
    if row["merged_into"] is not None:
        at = encode_id(node, row["merged_into"])
        raise InvalidInput.at(node.table, message=f"is merged into {at} already; unmerge it first")
    if target["merged_into"] is not None:
        at = encode_id(node, target["merged_into"])
        raise InvalidInput.at("into", message=f"is merged into {at} itself; merge into that")


def _check_merged(node: NodeType, row: RowMapping) -> None:
    if row["merged_into"] is None:
        raise InvalidInput.at(node.table, message="is not merged")
