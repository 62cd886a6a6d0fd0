"""The hops of a claim, as they are recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from app.database import WriteSession
from app.domain.vocabulary import Basis, Channel, Mode
from app.models import metadata
from app.services.inputs import MAX_HOPS, MAX_LINE, MAX_SPEAKERS, Hop, Problems, find_repeated

ATTRIBUTION = metadata.tables["attribution"]


def check_hops(problems: Problems, basis: Basis, hops: Sequence[Hop]) -> None:
    """ATTRIBUTED claims have hops, others none. An agent stands once in a hop, and may stand in several."""
    if basis is Basis.ATTRIBUTED and not hops:
        problems.add("hops", message="is required: an ATTRIBUTED claim is somebody's word; name whose")
    if basis is not Basis.ATTRIBUTED and hops:
        problems.add("hops", message=f"must be empty: {basis} claims passed through nobody that is named")
    if len(hops) > MAX_HOPS:
        problems.add("hops", message=f"has {len(hops):,} hops; at most {MAX_HOPS} are kept")
        return
    for place, hop in enumerate(hops):
        path = ("hops", str(place))
        problems.check_text(hop.cue, *path, "cue", max_length=MAX_LINE)
        if not hop.agents:
            problems.add(*path, "agents", message="is required: somebody said it")
        if len(hop.agents) > MAX_SPEAKERS:
            problems.add(
                *path, "agents", message=f"has {len(hop.agents):,} agents; at most {MAX_SPEAKERS} are kept"
            )
        for repeated in find_repeated(hop.agents):
            problems.add(*path, "agents", str(repeated), message="stands in this hop twice")


def refer_to_agents(hops: Sequence[Hop]) -> list[tuple[UUID, tuple[str, ...]]]:
    """Each agent named, with the path at which it is named."""
    return [
        (agent, ("hops", str(place), "agents", str(speaker)))
        for place, hop in enumerate(hops[:MAX_HOPS])
        for speaker, agent in enumerate(hop.agents[:MAX_SPEAKERS])
    ]


async def load_hops(session: WriteSession, claim: UUID) -> tuple[Hop, ...]:
    """The hops of a claim as they stand, origin first; joint speakers in the order they were recorded."""
    table = ATTRIBUTION
    wanted = select(table).where(table.c.claim == claim).order_by(table.c.hop, table.c.id)
    speakers: dict[int, list[Any]] = defaultdict(list)
    for row in await session.execute(wanted):
        speakers[row.hop].append(row)
    return tuple(
        Hop(
            agents=tuple(row.agent for row in rows),
            cue=rows[0].cue,
            mode=None if rows[0].mode is None else Mode(rows[0].mode),
            channel=Channel(rows[0].channel),
        )
        for rows in speakers.values()
    )


async def replace_hops(
    session: WriteSession,
    claim: UUID,
    hops: Sequence[Hop],
    recorded_by: UUID,
    *,
    standing: Sequence[Hop],
) -> None:
    """Make these the hops of a claim that has those that stand.

    Whoever speaks at the same hop before and after keeps their row.
    """
    before, after = _spell(standing), _spell(hops)
    table = ATTRIBUTION
    for hop, agent in before.keys() - after.keys():
        await session.execute(
            delete(table).where(table.c.claim == claim, table.c.hop == hop, table.c.agent == agent)
        )
    for (hop, agent), words in after.items():
        if (hop, agent) in before and before[hop, agent] != words:
            await session.execute(
                update(table)
                .where(table.c.claim == claim, table.c.hop == hop, table.c.agent == agent)
                .values(**words, version=table.c.version + 1)
            )
    new = {at: words for at, words in after.items() if at not in before}
    await _insert(session, _spell_rows(claim, new, recorded_by))


async def record_hops(session: WriteSession, hops: Mapping[UUID, Sequence[Hop]], recorded_by: UUID) -> None:
    """Give new claims their hops."""
    await _insert(
        session,
        [row for claim, each in hops.items() for row in _spell_rows(claim, _spell(each), recorded_by)],
    )


async def _insert(session: WriteSession, rows: list[dict[str, Any]]) -> None:
    if rows:
        # As parameters: a statement with the values in it would be made anew for every claim.
        await session.execute(insert(ATTRIBUTION), rows)


def _spell_rows(
    claim: UUID, words: Mapping[tuple[int, UUID], dict[str, Any]], recorded_by: UUID
) -> list[dict[str, Any]]:
    return [
        {"claim": claim, "hop": hop, "agent": agent, "recorded_by": recorded_by, **each}
        for (hop, agent), each in words.items()
    ]


def _spell(hops: Sequence[Hop]) -> Mapping[tuple[int, UUID], dict[str, Any]]:
    """The rows of hops, by number and agent."""
    return {
        (number, agent): {"cue": hop.cue, "mode": hop.mode, "channel": hop.channel}
        for number, hop in enumerate(hops, start=1)
        for agent in hop.agents
    }
