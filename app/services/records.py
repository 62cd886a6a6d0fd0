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
       retracted IS NOT NULL AS retracted, withdrawn_at IS NOT NULL AS withdrawn, hidden
FROM claim
WHERE question_root = ANY(:units) OR (id = ANY(:units) AND question_root IS NULL)
""")
HOPS = text("""
SELECT attribution.claim, attribution.hop, attribution.agent
FROM claim
JOIN attribution ON attribution.claim = claim.id
WHERE claim.question_root = ANY(:units) OR (claim.id = ANY(:units) AND claim.question_root IS NULL)
ORDER BY attribution.claim, attribution.hop, attribution.agent
""")
SOURCES = text("""
WITH RECURSIVE earlier AS (
    SELECT CAST(unnest(CAST(:keys AS uuid[])) AS uuid) AS id
    UNION
    SELECT link.id
    FROM earlier
    JOIN source s ON s.id = earlier.id
    CROSS JOIN LATERAL (VALUES (s.reprints), (s.revises)) AS link (id)
    WHERE link.id IS NOT NULL
)
SELECT s.id, s.publisher, s.published_text, lower(s.published) AS published_from,
       upper(s.published) AS published_to, s.reprints, s.revises, s.hidden
FROM earlier JOIN source s ON s.id = earlier.id
""")
AGENTS = text("""
WITH RECURSIVE above AS (
    SELECT CAST(unnest(CAST(:keys AS uuid[])) AS uuid) AS id
    UNION
    SELECT link.id
    FROM above
    JOIN agent a ON a.id = above.id
    CROSS JOIN LATERAL (VALUES (a.merged_into), (a.part_of)) AS link (id)
    WHERE link.id IS NOT NULL
)
SELECT a.id, a.kind, a.part_of, a.merged_into, a.name,
       CASE WHEN a.protected THEN a.pseudonym END AS pseudonym
FROM above JOIN agent a ON a.id = above.id
""")


async def load_record(session: WriteSession, units: Collection[UUID]) -> tuple[Record, frozenset[UUID]]:
    """All that the rule needs to evaluate the claims of these units, and the ids of those claims."""
    assessments = (await session.execute(ASSESSMENTS, {"units": list(units)})).all()
    wanted = {*units, *(row.evidence_unit for row in assessments if row.evidence_unit is not None)}
    chains = await _load_chains(session, wanted)
    claims: dict[UUID, Claim] = {}
    targets = set()
    for row in (await session.execute(CLAIMS, {"units": list(wanted)})).all():
        claims[row.id] = _read_claim(row, chains.get(row.id, ()))
        if (row.question_root or row.id) in units:
            targets.add(row.id)
    sources = await load_sources(
        session,
        {claim.source for claim in claims.values()}
        | {row.evidence_source for row in assessments if row.evidence_source is not None},
    )
    agents = await load_agents(
        session,
        {agent for hops in chains.values() for hop in hops for agent in hop}
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


async def _load_chains(
    session: WriteSession, units: Collection[UUID]
) -> dict[UUID, tuple[tuple[UUID, ...], ...]]:
    """The hops of every claim of the units that has any, origin first."""
    chains: dict[UUID, dict[int, list[UUID]]] = defaultdict(lambda: defaultdict(list))
    for claim, hop, agent in (await session.execute(HOPS, {"units": list(units)})).all():
        chains[claim][hop].append(agent)
    return {claim: tuple(map(tuple, hops.values())) for claim, hops in chains.items()}


def _read_claim(row: Any, hops: Sequence[tuple[UUID, ...]]) -> Claim:
    return Claim(
        id=row.id,
        source=row.source,
        question=row.question_root,
        basis=Basis(row.basis),
        hops=tuple(hops),
        answer=_read_answer(row),
        asserted=_read_moment(row.asserted_text, row.asserted_from, row.asserted_to),
        retracted=row.retracted,
        withdrawn=row.withdrawn,
        hidden=row.hidden,
    )


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
