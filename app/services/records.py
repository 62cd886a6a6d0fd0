"""Rows → what the corroboration rule is given. A few statements, however many claims there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.database import WriteSession
from app.domain.answers import Answer, QuantityAnswer
from app.domain.intervals import Interval
from app.domain.moments import Moment
from app.domain.records import Agent, Assessment, Claim, Record, Source
from app.domain.vocabulary import AgentKind, Basis, Modality, Polarity, Stance

# Units are named by a root question, or by a claim that has none: the keys never meet.
ASSESSMENTS = text("""
SELECT a.id, a.claim, a.evidence_claim, a.evidence_source, a.stance, a.recorded_by,
       coalesce(evidence.question_root, evidence.id) AS evidence_unit
FROM claim
JOIN assessment a ON a.claim = claim.id
LEFT JOIN claim evidence ON evidence.id = a.evidence_claim
WHERE (claim.question_root = ANY(:units) OR (claim.id = ANY(:units) AND claim.question_root IS NULL))
  AND a.withdrawn_at IS NULL
""")
CLAIMS = text("""
SELECT id, source, question_root, basis, polarity, modality,
       lower(bounds) AS lower, upper(bounds) AS upper,
       lower_inc(bounds) AS lower_inclusive, upper_inc(bounds) AS upper_inclusive,
       asserted_text, lower(asserted) AS asserted_from, upper(asserted) AS asserted_to,
       retracted IS NOT NULL AS retracted, withdrawn_at IS NOT NULL AS withdrawn, hidden,
       ARRAY(SELECT hop FROM attribution a WHERE a.claim = claim.id ORDER BY hop, agent) AS hops,
       ARRAY(SELECT agent FROM attribution a WHERE a.claim = claim.id ORDER BY hop, agent) AS agents
FROM claim
WHERE question_root = ANY(:units) OR (id = ANY(:units) AND question_root IS NULL)
""")
# By key, each of them: the planner takes these walks for a hundred times as long as they are, and would read
# through the whole table.
SOURCES = text("""
WITH RECURSIVE earlier AS (
    SELECT s.* FROM unnest(CAST(:keys AS uuid[])) AS wanted (id) CROSS JOIN LATERAL (
        SELECT id, publisher, published_text, lower(published) AS published_from,
               upper(published) AS published_to, reprints, revises, hidden
        FROM source WHERE source.id = wanted.id LIMIT 1
    ) AS s
    UNION
    SELECT s.* FROM earlier CROSS JOIN LATERAL (
        SELECT id, publisher, published_text, lower(published), upper(published), reprints, revises, hidden
        FROM source WHERE source.id IN (earlier.reprints, earlier.revises) LIMIT 2
    ) AS s
)
SELECT * FROM earlier
""")
AGENTS = text("""
WITH RECURSIVE above AS (
    SELECT a.* FROM unnest(CAST(:keys AS uuid[])) AS wanted (id) CROSS JOIN LATERAL (
        SELECT id, kind, part_of, merged_into, name, CASE WHEN protected THEN pseudonym END AS pseudonym
        FROM agent WHERE agent.id = wanted.id LIMIT 1
    ) AS a
    UNION
    SELECT a.* FROM above CROSS JOIN LATERAL (
        SELECT id, kind, part_of, merged_into, name, CASE WHEN protected THEN pseudonym END
        FROM agent WHERE agent.id IN (above.merged_into, above.part_of) LIMIT 2
    ) AS a
)
SELECT * FROM above
""")


async def load_record(session: WriteSession, units: Collection[UUID]) -> tuple[Record, frozenset[UUID]]:
    """All that the rule needs to evaluate the claims of these units, and the ids of those claims."""
    assessments = (await session.execute(ASSESSMENTS, {"units": list(units)})).all()
    wanted = {*units, *(row.evidence_unit for row in assessments if row.evidence_unit is not None)}
    claims: dict[UUID, Claim] = {}
    targets = set()
    for row in (await session.execute(CLAIMS, {"units": list(wanted)})).all():
        claims[row.id] = _read_claim(row)
        if (row.question_root or row.id) in units:
            targets.add(row.id)
    sources = await load_sources(
        session,
        {claim.source for claim in claims.values()}
        | {row.evidence_source for row in assessments if row.evidence_source is not None},
    )
    agents = await load_agents(
        session,
        {agent for claim in claims.values() for hop in claim.hops for agent in hop}
        | {source.publisher for source in sources.values() if source.publisher is not None},
    )
    record = Record(agents, sources, claims, [_read_assessment(row) for row in assessments])
    return record, frozenset(targets)


async def load_agents(session: WriteSession, keys: Iterable[UUID]) -> dict[UUID, Agent]:
    """These agents and what they are part of or merged into, all the way up."""
    rows = await session.execute(AGENTS, {"keys": list(keys)})
    return {
        row.id: Agent(row.id, AgentKind(row.kind), row.part_of, row.merged_into, row.name, row.pseudonym)
        for row in rows
    }


async def load_sources(session: WriteSession, keys: Iterable[UUID]) -> dict[UUID, Source]:
    """These sources and what they reprint or revise, all the way back."""
    rows = await session.execute(SOURCES, {"keys": list(keys)})
    return {
        row.id: Source(
            row.id,
            row.publisher,
            _read_moment(row.published_text, row.published_from, row.published_to),
            row.reprints,
            row.revises,
            row.hidden,
        )
        for row in rows
    }


def _read_claim(row: Any) -> Claim:
    return Claim(
        id=row.id,
        source=row.source,
        question=row.question_root,
        basis=Basis(row.basis),
        hops=_read_hops(row.hops, row.agents),
        answer=_read_answer(row),
        asserted=_read_moment(row.asserted_text, row.asserted_from, row.asserted_to),
        retracted=row.retracted,
        withdrawn=row.withdrawn,
        hidden=row.hidden,
    )


def _read_hops(numbers: Sequence[int], agents: Sequence[UUID]) -> tuple[tuple[UUID, ...], ...]:
    """The agents by the number of their hop, origin first."""
    if len(set(numbers)) == len(numbers):
        return tuple((agent,) for agent in agents)
    hops: dict[int, list[UUID]] = defaultdict(list)
    for number, agent in zip(numbers, agents, strict=True):
        hops[number].append(agent)
    return tuple(map(tuple, hops.values()))


def _read_answer(row: Any) -> Answer | None:
    if row.modality is not None:
        bounds = Interval(row.lower, row.upper, row.lower_inclusive, row.upper_inclusive)
        return QuantityAnswer(Modality(row.modality), bounds)
    return None if row.polarity is None else Polarity(row.polarity)


def _read_moment(words: str | None, start: datetime | None, end: datetime | None) -> Moment | None:
    if words is None or start is None or end is None:
        return None
    return Moment(words, start, end)


def _read_assessment(row: Any) -> Assessment:
    return Assessment(
        id=row.id,
        claim=row.claim,
        evidence_claim=row.evidence_claim,
        evidence_source=row.evidence_source,
        stance=Stance(row.stance),
        recorded_by=row.recorded_by,
        withdrawn=False,
    )
