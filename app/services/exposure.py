"""What outsiders read of a protected agent in other words, once it is protected; and restricting that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text

from app.database import Database, WriteSession
from app.domain.identifiers import NodeType, decode_id, encode_id
from app.errors import NamedPlace, SaysoError
from app.permissions import Operation, Viewer, permit
from app.services.agents import AgentChanges, NewAgent, amend_agent, record_agent
from app.services.corroboration import recompute
from app.services.idempotency import is_done
from app.services.locks import find_units_of, structure_locked
from app.services.protection import LISTED
from app.services.reach import Reach, reach_of_sources
from app.services.rows import table_of
from app.services.shown import Search, find_standing, search

# All text that is recorded is looked through.
SET_PATIENCE = text("SELECT set_config('statement_timeout', '5min', true)")
RESTRICT_SOURCES = text("""
UPDATE source SET restricted = true, version = version + 1
WHERE NOT restricted
  AND newest_version IN (SELECT s.newest_version FROM source s WHERE s.id = ANY(:keys))
RETURNING id
""")
PROTECTED = text("SELECT id, name, aliases FROM agent WHERE id = ANY(:agents) AND protected ORDER BY id")
# What stands in a source that was just restricted is hidden already.
RESTRICT_CLAIMS = text("""
UPDATE claim SET restricted = true, version = version + 1
WHERE NOT hidden AND id IN (
    SELECT unnest(CAST(:claims AS uuid[]))
    UNION SELECT a.claim FROM assessment a WHERE a.id = ANY(:assessments))
RETURNING id
""")


@dataclass(frozen=True, slots=True)
class Exposure:
    """Where names of an agent stand for outsiders to read: the first `places` of `total`.

    `restricted`: the ids of the sources and claims that were restricted for it.
    """

    total: int
    places: tuple[NamedPlace, ...]
    restricted: tuple[str, ...]


async def record_protected(
    session: WriteSession, viewer: Viewer, new: NewAgent, searched: Search | None
) -> tuple[UUID, Exposure]:
    """The key of a new protected agent, and what outsiders read of it.

    `searched`: see `find_exposure`. Raises what `record_agent` raises.
    """
    # What is found and what is recorded: nobody writes between.
    async with structure_locked(session):
        agent = await record_agent(session, viewer, new)
        exposure = await find_exposure(session, viewer, agent, searched=searched)
    assert exposure is not None, "it is protected"
    return agent, exposure


async def amend_exposed(
    session: WriteSession,
    viewer: Viewer,
    agent: UUID,
    expected_version: int,
    changes: AgentChanges,
    *,
    restrict: bool = False,
    searched: Search | None = None,
) -> Exposure | None:
    """Change an agent, and tell what outsiders read of it then; None if it is not protected.

    `restrict`, `searched`: see `find_exposure`. Raises what that and `amend_agent` raise.
    """
    # Two that hold it shared would wait for each other to have it alone.
    async with structure_locked(session):
        await amend_agent(session, viewer, agent, expected_version, changes)
        return await find_exposure(session, viewer, agent, restrict=restrict, searched=searched)


async def search_ahead(
    database: Database,
    viewer: Viewer,
    idempotency_key: str | None,
    find_names: Callable[[WriteSession], Awaitable[Collection[str]]],
) -> Search | None:
    """Where the names stand by which an agent is to be protected, for whoever protects it then.

    Others write meanwhile, and subscribers are told of it: this is a transaction of its own, which has no
    number, for it writes nothing. None if there are no names; or if they are refused, or the request was done
    before: of that the work tells.
    """

    async def work(session: WriteSession) -> Search | None:
        try:
            names = () if await is_done(session, viewer, idempotency_key) else await find_names(session)
        except SaysoError:
            return None
        if not names:
            return None
        await session.execute(SET_PATIENCE)
        return await search(session, names)

    return await database.write(viewer.researcher, work, patient=True)


async def find_exposure(
    session: WriteSession,
    viewer: Viewer,
    agent: UUID,
    *,
    restrict: bool = False,
    searched: Search | None = None,
) -> Exposure | None:
    """What outsiders read of the agent where it is protected; None if it is not, or not there.

    With `restrict`, the sources and the claims in which it stands are restricted first, and the claims of
    which an assessment names it. What is left stands in agents, events and questions, to amend by hand.

    `searched`: its names, looked for already (`search_ahead`); only what was written since is looked at. Else
    all that is recorded is looked through under the lock.

    Raises NotPermitted: to look needs what recording an agent needs, to restrict what amending one does.
    """
    permit(viewer, Operation.AMEND_AGENT if restrict else Operation.RECORD_AGENT)
    table = table_of(NodeType.AGENT)
    async with structure_locked(session):
        wanted = select(table.c.name, table.c.aliases).where(table.c.id == agent, table.c.protected)
        row = (await session.execute(wanted)).one_or_none()
        if row is None:
            return None
        await session.execute(SET_PATIENCE)
        names = (row.name, *row.aliases)
        places = await find_standing(session, agent, names, searched)
        restricted: list[str] = []
        if restrict and places:
            restricted = await _restrict(session, {place.row for place in places if place.row is not None})
            places = await find_standing(session, agent, names, searched)
    return Exposure(len(places), tuple(places[:LISTED]), tuple(restricted))


async def list_standing(session: WriteSession, viewer: Viewer, agents: Collection[UUID]) -> Exposure:
    """What outsiders read of those of these agents that are protected.

    Nothing is locked: once the protection of an agent is committed, its names come into no other words.
    Raises NotPermitted.
    """
    permit(viewer, Operation.RECORD_AGENT)
    await session.execute(SET_PATIENCE)
    places: list[NamedPlace] = []
    for row in (await session.execute(PROTECTED, {"agents": list(agents)})).all():
        places += await find_standing(session, row.id, (row.name, *row.aliases))
    return Exposure(len(places), tuple(places[:LISTED]), ())


async def _restrict(session: WriteSession, rows: Collection[str]) -> list[str]:
    found: dict[NodeType, list[UUID]] = {node: [] for node in NodeType}
    for row in rows:
        decoded = decode_id(row)
        assert decoded is not None, "an id of our own"
        found[decoded[0]].append(decoded[1])
    sources = (await session.scalars(RESTRICT_SOURCES, {"keys": found[NodeType.SOURCE]})).all()
    named = {"claims": found[NodeType.CLAIM], "assessments": found[NodeType.ASSESSMENT]}
    claims = (await session.scalars(RESTRICT_CLAIMS, named)).all()
    reach = Reach(units=await find_units_of(session, claims), evidence=frozenset(claims))
    await recompute(session, reach | await reach_of_sources(session, sources))
    return [
        *(encode_id(NodeType.SOURCE, key) for key in sorted(sources)),
        *(encode_id(NodeType.CLAIM, key) for key in sorted(claims)),
    ]
