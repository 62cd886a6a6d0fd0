"""Who belongs together: the derived parties of agents and publishers of sources, kept as links change."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from app.database import WriteSession
from app.domain.parties import find_party, find_publishers
from app.domain.records import Agent, Source
from app.services.reach import Reach, reach_of_agents
from app.services.records import load_agents, load_sources

# What stands for an agent or under it: what was merged into it, and its parts, all the way down.
PARTS = text("""
WITH RECURSIVE below AS (
    SELECT CAST(:agent AS uuid) AS id
    UNION
    SELECT a.id FROM below
    JOIN agent a ON a.merged_into = below.id OR (a.part_of = below.id AND a.merged_into IS NULL)
)
SELECT id FROM below
""")
SET_PARTY = text("""
UPDATE agent SET party = :party WHERE id = ANY(:agents) AND party <> :party RETURNING id
""")


STORED_PUBLISHERS = text("SELECT id, publishers FROM source WHERE id = ANY(:keys)")
SET_PUBLISHERS = text("""
UPDATE source SET publishers = computed.publishers
FROM jsonb_to_recordset(CAST(:computed AS jsonb)) AS computed (id uuid, publishers uuid[])
WHERE source.id = computed.id
""")

Parties = tuple[UUID, ...]


async def find_parts(session: WriteSession, agent: UUID) -> Sequence[UUID]:
    """An agent and all whose chain leads through it."""
    return (await session.scalars(PARTS, {"agent": agent})).all()


async def settle_parties(session: WriteSession, agent: UUID) -> Reach:
    """Give an agent that was moved, and all below it, the party they have now, and what they published its
    publishers; the reach of what changed comes back.

    The lock of the structure must be held alone, and the links be free of circles.
    """
    party = find_party(agent, await load_agents(session, [agent]))
    parts = await find_parts(session, agent)
    moved = (await session.scalars(SET_PARTY, {"agents": parts, "party": party})).all()
    if not moved:
        return Reach()
    reach = await reach_of_agents(session, moved)
    await settle_publishers(session, reach.sources)
    return reach


@dataclass(frozen=True, slots=True)
class Links:
    """Sources and agents that are there, with all that they go back to."""

    sources: Mapping[UUID, Source]
    agents: Mapping[UUID, Agent]

    def find_publishers(self, source: Source) -> Parties:
        """The publishers of a source that is about to be recorded, and goes back to these."""
        return find_publishers(source.id, {**self.sources, source.id: source}, self.agents)


async def load_links(
    session: WriteSession, sources: Iterable[UUID | None], publishers: Iterable[UUID | None]
) -> Links:
    """What is there of these sources, and of these agents."""
    earlier = await load_sources(session, {key for key in sources if key is not None})
    wanted = {*publishers, *(source.publisher for source in earlier.values())}
    return Links(earlier, await load_agents(session, {key for key in wanted if key is not None}))


async def find_stale_publishers(
    session: WriteSession, keys: Collection[UUID]
) -> dict[UUID, tuple[Parties, Parties]]:
    """Of these sources, those whose publishers are not what their links make them: as stored, as computed."""
    sources = await load_sources(session, keys)
    agents = await load_agents(session, {s.publisher for s in sources.values() if s.publisher is not None})
    rows = (await session.execute(STORED_PUBLISHERS, {"keys": list(keys)})).all()
    return {
        id: (tuple(stored), computed)
        for id, stored in rows
        if (computed := find_publishers(id, sources, agents)) != tuple(stored)
    }


async def save_publishers(session: WriteSession, stale: Mapping[UUID, tuple[Parties, Parties]]) -> None:
    rows = [{"id": str(id), "publishers": list(map(str, computed))} for id, (_, computed) in stale.items()]
    if rows:
        await session.execute(SET_PUBLISHERS, {"computed": json.dumps(rows)})


async def settle_publishers(session: WriteSession, sources: Collection[UUID]) -> None:
    """Give these sources the publishers that follow from their links now."""
    await save_publishers(session, await find_stale_publishers(session, sources))
