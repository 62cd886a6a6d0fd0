"""What a change reaches: whose corroboration has to be worked out again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from app.database import WriteSession


@dataclass(frozen=True, slots=True)
class Reach:
    """`units` (see locks.py) are evaluated whole, `claims` are evaluated alone.

    `evidence` are claims, and `sources` sources, that may count otherwise than before where researchers put
    them forward: the claims they were put forward for are evaluated too.
    """

    units: frozenset[UUID] = frozenset()
    claims: frozenset[UUID] = frozenset()
    evidence: frozenset[UUID] = frozenset()
    sources: frozenset[UUID] = frozenset()

    def __or__(self, other: Reach) -> Reach:
        return Reach(
            self.units | other.units,
            self.claims | other.claims,
            self.evidence | other.evidence,
            self.sources | other.sources,
        )


# All that goes back to these sources: reprints, revisions, reprints of revisions.
LATER_SOURCES = text("""
WITH RECURSIVE later AS (
    SELECT CAST(unnest(CAST(:sources AS uuid[])) AS uuid) AS id
    UNION
    SELECT s.id FROM later JOIN source s ON s.reprints = later.id OR s.revises = later.id
)
SELECT id FROM later
""")
VERSIONS = text("""
SELECT version.id FROM source s JOIN source version ON version.newest_version = s.newest_version
WHERE s.id = :source
""")
PUBLISHED_BY = text("SELECT id FROM source WHERE publisher = ANY(:agents)")
CLAIMS_OF_SOURCES = text("""
SELECT id, coalesce(question_root, id) AS unit FROM claim WHERE source = ANY(:sources)
""")
CLAIMS_THROUGH = text("""
SELECT DISTINCT claim.id, coalesce(claim.question_root, claim.id) AS unit
FROM attribution JOIN claim ON claim.id = attribution.claim
WHERE attribution.agent = ANY(:agents)
""")
UNITS_NAMING = text("""
SELECT DISTINCT coalesce(claim.question_root, claim.id)
FROM corroboration JOIN claim ON claim.id = corroboration.claim
WHERE corroboration.named @> to_jsonb(CAST(:agent AS text))
""")


async def reach_of_agents(session: WriteSession, agents: Collection[UUID]) -> Reach:
    """What hangs on the parties of these agents: all they said, passed on or published."""
    published = await session.scalars(PUBLISHED_BY, {"agents": list(agents)})
    through = (await session.execute(CLAIMS_THROUGH, {"agents": list(agents)})).all()
    said = Reach(units=frozenset(row.unit for row in through), evidence=frozenset(row.id for row in through))
    return said | await reach_of_sources(session, published.all())


async def reach_of_sources(session: WriteSession, sources: Collection[UUID]) -> Reach:
    """What hangs on the publishers and dates of these sources: the claims of all that goes back to them."""
    later = (await session.scalars(LATER_SOURCES, {"sources": list(sources)})).all()
    rows = (await session.execute(CLAIMS_OF_SOURCES, {"sources": later})).all()
    return Reach(
        units=frozenset(row.unit for row in rows),
        evidence=frozenset(row.id for row in rows),
        sources=frozenset(later),
    )


async def reach_of_versions(session: WriteSession, source: UUID) -> Reach:
    """What hangs on a source in any of its versions, earlier ones too."""
    return await reach_of_sources(session, (await session.scalars(VERSIONS, {"source": source})).all())


async def reach_of_name(session: WriteSession, agent: UUID) -> Reach:
    """The claims whose explanation names this agent."""
    return Reach(units=frozenset(await session.scalars(UNITS_NAMING, {"agent": str(agent)})))
