"""Rows → what the corroboration rule is given. A few statements, however many claims there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.database import WriteSession
from app.domain.answers import Answer, QuantityAnswer
from app.domain.intervals import Interval
from app.domain.moments import Moment
from app.domain.records import Agent, Assessment, Claim, Record, Source
from app.domain.vocabulary import AgentKind, Basis, Modality, Polarity, Stance
from app.services.rows import spell_keys

KEYS = spell_keys("keys")
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
# `hops` says at which hop each of the agents speaks, where that is not one at each. Bounds are as Postgres
# spells them: many claims have the same.
CLAIMS = text("""
SELECT id, source, question_root, basis, polarity, modality, bounds::text AS bounds,
       asserted_text, lower(asserted) AS asserted_from, upper(asserted) AS asserted_to,
       retracted IS NOT NULL AS retracted, withdrawn_at IS NOT NULL AS withdrawn, hidden,
       chain.agents, chain.hops
FROM claim
LEFT JOIN LATERAL (
    SELECT array_agg(agent ORDER BY hop, agent) AS agents,
           CASE WHEN count(*) <> max(hop) THEN array_agg(hop ORDER BY hop, agent) END AS hops
    FROM attribution WHERE attribution.claim = claim.id
) AS chain ON true
WHERE question_root = ANY(:units) OR (id = ANY(:units) AND question_root IS NULL)
""")
# By key, each of them: the planner takes these walks for a hundred times as long as they are, and would read
# through the whole table.
SOURCES = text(f"""
WITH RECURSIVE earlier AS (
    SELECT s.* FROM unnest({KEYS}) AS wanted (id) CROSS JOIN LATERAL (
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
""")  # noqa: S608 - a constant
AGENTS = text(f"""
WITH RECURSIVE above AS (
    SELECT a.* FROM unnest({KEYS}) AS wanted (id) CROSS JOIN LATERAL (
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
""")  # noqa: S608 - a constant


async def load_record(session: WriteSession, units: Collection[UUID]) -> tuple[Record, frozenset[UUID]]:
    """All that the rule needs to evaluate the claims of these units, and the ids of those claims."""
    assessments = (await session.execute(ASSESSMENTS, {"units": list(units)})).all()
    wanted = {*units, *(row.evidence_unit for row in assessments if row.evidence_unit is not None)}
    answers = _Answers()
    claims: dict[UUID, Claim] = {}
    targets = set()
    for row in (await session.execute(CLAIMS, {"units": list(wanted)})).all():
        claims[row.id] = _read_claim(row, answers)
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
    wanted = list(keys)
    if not wanted:
        return {}
    rows = await session.execute(AGENTS, {"keys": wanted})
    return {
        row.id: Agent(row.id, AgentKind(row.kind), row.part_of, row.merged_into, row.name, row.pseudonym)
        for row in rows
    }


async def load_sources(session: WriteSession, keys: Iterable[UUID]) -> dict[UUID, Source]:
    """These sources and what they reprint or revise, all the way back."""
    wanted = list(keys)
    if not wanted:
        return {}
    rows = await session.execute(SOURCES, {"keys": wanted})
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


class _Answers:
    """Answers, each read once however many claims give it."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], QuantityAnswer] = {}

    def read(self, modality: str | None, bounds: str | None, polarity: str | None) -> Answer | None:
        if modality is None or bounds is None:
            return None if polarity is None else Polarity(polarity)
        answer = self._known.get((modality, bounds))
        if answer is None:
            answer = QuantityAnswer(Modality(modality), _read_bounds(bounds))
            self._known[modality, bounds] = answer
        return answer


def _read_claim(row: Any, answers: _Answers) -> Claim:
    (id, source, question, basis, polarity, modality, bounds, *asserted) = row[:10]
    retracted, withdrawn, hidden, agents, hops = row[10:]
    return Claim(
        id=id,
        source=source,
        question=question,
        basis=Basis(basis),
        hops=_read_hops(agents, hops),
        answer=answers.read(modality, bounds, polarity),
        asserted=_read_moment(*asserted),
        retracted=retracted,
        withdrawn=withdrawn,
        hidden=hidden,
    )


def _read_hops(agents: Sequence[UUID] | None, numbers: Sequence[int] | None) -> tuple[tuple[UUID, ...], ...]:
    """The agents by hop, origin first."""
    if agents is None:
        return ()
    if numbers is None:
        return tuple([(agent,) for agent in agents])
    hops: dict[int, list[UUID]] = defaultdict(list)
    for number, agent in zip(numbers, agents, strict=True):
        hops[number].append(agent)
    return tuple(map(tuple, hops.values()))


def _read_bounds(words: str) -> Interval:
    """
    >>> _read_bounds("[25,)") == Interval(Decimal(25), None), _read_bounds("(0,2.5]").lower_inclusive
    (True, False)
    """
    lower, upper = words[1:-1].split(",")
    return Interval(
        Decimal(lower) if lower else None,
        Decimal(upper) if upper else None,
        words[0] == "[",
        words[-1] == "]",
    )


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
