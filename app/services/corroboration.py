"""The rule over what is recorded: which claims are evaluated again, and their rows.

A write ends in `recompute`, in its own transaction, with the locks of locks.py held. Only rows that come out
otherwise than they stand are written.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy import text

from app.database import WriteSession
from app.domain.chains import Tracer
from app.domain.corroboration import corroborate
from app.domain.records import Record
from app.services.differences import Change, save
from app.services.locks import structure_locked
from app.services.outcomes import LARGE, Outcome, StatusDifference
from app.services.reach import Reach
from app.services.records import load_record

# Claims that are held in memory at once, give or take one unit.
BATCH = 5_000
_LATER = "sayso.recomputed_later"

# Outside these units: the claims named, and those judged in the light of what may count otherwise now.
OUTSIDE = text("""
SELECT claim.id, coalesce(claim.question_root, claim.id) AS unit
FROM claim
WHERE claim.id IN (
    SELECT unnest(CAST(:claims AS uuid[]))
    UNION ALL
    SELECT a.claim FROM assessment a WHERE a.evidence_claim = ANY(:evidence) AND a.withdrawn_at IS NULL
    UNION ALL
    SELECT a.claim FROM assessment a WHERE a.evidence_source = ANY(:sources) AND a.withdrawn_at IS NULL
) AND coalesce(claim.question_root, claim.id) <> ALL(:units)
""")
SIZES = text("""
SELECT coalesce(question_root, id) AS unit, count(*) AS claims
FROM claim
WHERE question_root = ANY(:units) OR (id = ANY(:units) AND question_root IS NULL)
GROUP BY 1 ORDER BY 1
""")


async def recompute(session: WriteSession, reach: Reach) -> list[StatusDifference]:
    """Work out again what a change reaches, and write what differs. The differences of figures come back.

    Within `recomputed_later` it is only noted down, and nothing comes back.
    """
    noted: list[Reach] | None = session.info.get(_LATER)
    if noted is not None:
        noted.append(reach)
        return []
    changes = await _evaluate(session, reach.units)
    # What counts no more, or counts again, does so where researchers put it forward too.
    evidence = reach.evidence | {c.difference.claim for c in changes if c.was_live not in (None, c.is_live)}
    if reach.claims or evidence or reach.sources:
        outside = await session.execute(
            OUTSIDE,
            {
                "claims": list(reach.claims),
                "evidence": list(evidence),
                "sources": list(reach.sources),
                "units": list(reach.units),
            },
        )
        unit_of = {row.id: row.unit for row in outside}
        changes += await _evaluate(session, set(unit_of.values()), unit_of.keys())
    return [c.difference for c in changes if c.difference.before != c.difference.after]


@asynccontextmanager
async def recomputed_later(session: WriteSession) -> AsyncIterator[None]:
    """Put off all recomputing to the end of the block: for many writes in one transaction.

    No other write gets in between. The statuses are stale within the block; parties, versions, roots and
    quotes are not. After an error nothing is recomputed: the transaction must be rolled back.
    """
    async with structure_locked(session):
        noted: list[Reach] = []
        session.info[_LATER] = noted
        try:
            yield
        finally:
            del session.info[_LATER]
        reach = Reach()
        for one in noted:
            reach |= one
        await recompute(session, reach)


def evaluate(record: Record, targets: Iterable[UUID]) -> dict[UUID, Outcome]:
    tracer = Tracer(record)
    outcomes = {}
    for id, result in corroborate(record, targets, tracer=tracer).items():
        voice = tracer.voice_of(record.claims[id])
        # Parties are numbered in the order of their ids.
        origins = tracer.name_parties(tuple(sorted(voice.origins)))
        said = tracer.moment_of(record.claims[id])
        path = tracer.name_parties(voice.path)
        outcomes[id] = Outcome(result, path, origins, said, record.claims[id].hidden)
    return outcomes


async def evaluate_aside(record: Record, targets: Iterable[UUID]) -> dict[UUID, Outcome]:
    """A large record is left to a thread, so that whoever reads meanwhile is answered meanwhile."""
    if len(record.claims) < LARGE:
        return evaluate(record, targets)
    return await asyncio.to_thread(evaluate, record, targets)


async def batch_units(session: WriteSession, units: Collection[UUID]) -> list[list[UUID]]:
    """The units that have claims, in batches of about BATCH claims."""
    batches: list[list[UUID]] = []
    room = 0
    for unit, claims in (await session.execute(SIZES, {"units": list(units)})).all():
        if claims > room:
            batches.append([])
            room = BATCH
        batches[-1].append(unit)
        room -= claims
    return batches


async def _evaluate(
    session: WriteSession, units: Collection[UUID], only: Collection[UUID] | None = None
) -> list[Change]:
    """Evaluate the claims of these units, or only some of them, and write what differs."""
    if not units:
        return []
    changes = []
    batches = [list(units)] if len(units) == 1 else await batch_units(session, units)
    for batch in batches:
        record, targets = await load_record(session, batch)
        chosen = targets if only is None else targets.intersection(only)
        changes += await save(session, await evaluate_aside(record, chosen))
    return changes
