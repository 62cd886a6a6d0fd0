"""Anyone who can say or publish something."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select

from app.database import WriteSession
from app.domain.identifiers import NodeType, encode_id
from app.domain.parties import check_part_of
from app.domain.vocabulary import AgentKind
from app.errors import Duplicate
from app.permissions import Operation, Viewer, permit
from app.services.corroboration import recompute
from app.services.inputs import (
    MAX_ALIASES,
    MAX_NAME,
    MAX_NOTE,
    UNSET,
    Problems,
    Unset,
    find_repeated,
)
from app.services.locks import lock_structure_shared, structure_locked
from app.services.parties import find_parts, settle_parties
from app.services.protection import (
    AGENT_WORDS,
    PSEUDONYM,
    forget_names,
    read_words,
    refuse_names,
)
from app.services.reach import Reach, reach_of_agents, reach_of_name
from app.services.records import load_agents
from app.services.rows import (
    apply_changes,
    check_references,
    check_version,
    find_refusing,
    find_row,
    insert_row,
    lock_row,
    new_key,
    table_of,
    update_row,
)

_WIKIDATA_ID = re.compile(r"Q[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAgent:
    """`part_of` is the agent on whose behalf this one speaks. A protected agent is shown by its pseudonym."""

    kind: AgentKind
    name: str
    aliases: tuple[str, ...] = ()
    description: str | None = None
    part_of: UUID | None = None
    wikidata_id: str | None = None
    protected: bool = False
    pseudonym: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentChanges:
    kind: AgentKind | Unset = UNSET
    name: str | Unset = UNSET
    aliases: tuple[str, ...] | Unset = UNSET
    description: str | Unset | None = UNSET
    part_of: UUID | Unset | None = UNSET
    wikidata_id: str | Unset | None = UNSET
    protected: bool | Unset = UNSET
    pseudonym: str | Unset | None = UNSET


async def record_agent(session: WriteSession, viewer: Viewer, new: NewAgent) -> UUID:
    """The key of the new agent.

    Raises Duplicate (the Wikidata id is another agent's), InvalidInput, NotFound (`part_of`), NotPermitted,
    ProtectedName.
    """
    permit(viewer, Operation.RECORD_AGENT)
    if new.protected:
        # As when it is protected later: no name may come into other words meanwhile.
        async with structure_locked(session):
            return await _record(session, viewer, new)
    await lock_structure_shared(session)
    return await _record(session, viewer, new)


async def _record(session: WriteSession, viewer: Viewer, new: NewAgent) -> UUID:
    values = asdict(new) | {"aliases": list(new.aliases)}
    problems = check_agent(values)
    await check_references(session, problems, NodeType.AGENT, _parent_of(values))
    problems.raise_any()
    key = await new_key(session)
    await _refuse_names(session, key, values, values)
    party = key
    if new.part_of is not None:
        agent = table_of(NodeType.AGENT)
        party = (await session.execute(select(agent.c.party).where(agent.c.id == new.part_of))).scalar_one()
    values |= {"id": key, "party": party, "recorded_by": viewer.researcher}
    if await insert_row(session, NodeType.AGENT, values) is None:
        raise await find_wikidata_duplicate(session, values["wikidata_id"])
    forget_names(session)
    return key


def name_new(viewer: Viewer, new: NewAgent) -> tuple[str, ...]:
    """The names of an agent to be recorded. Raises NotPermitted, and InvalidInput for its own fields."""
    permit(viewer, Operation.RECORD_AGENT)
    check_agent(asdict(new)).raise_any()
    return (new.name, *new.aliases)


async def name_amended(
    session: WriteSession, viewer: Viewer, agent: UUID, expected_version: int, changes: AgentChanges
) -> tuple[str, ...]:
    """The names by which an agent is protected once it is amended; none if it is not.

    Nothing is locked. Raises NotPermitted, and of what `amend_agent` raises NotFound, StaleVersion and
    InvalidInput, for its own fields, as they stand now.
    """
    permit(viewer, Operation.AMEND_AGENT)
    row = await find_row(session, NodeType.AGENT, agent)
    check_version(NodeType.AGENT, row, expected_version)
    values = {**row, **apply_changes(row, _spell_changes(changes))}
    check_agent(values).raise_any()
    return (values["name"], *values["aliases"]) if values["protected"] else ()


async def amend_agent(
    session: WriteSession, viewer: Viewer, agent: UUID, expected_version: int, changes: AgentChanges
) -> None:
    """Change an agent, and the status of every claim that this reaches.

    Raises Duplicate (the Wikidata id is another agent's), InvalidInput (also if the agent would become part
    of itself), NotFound, NotPermitted, ProtectedName, StaleVersion.
    """
    permit(viewer, Operation.AMEND_AGENT)
    # An alias too: while it is recorded, it may come into no words that outsiders read.
    structural = (
        changes.part_of,
        changes.kind,
        changes.name,
        changes.aliases,
        changes.protected,
        changes.pseudonym,
    )
    if all(change is UNSET for change in structural):
        await lock_structure_shared(session)
        await _amend(session, agent, expected_version, changes)
        return
    async with structure_locked(session):
        changed = await _amend(session, agent, expected_version, changes)
        reach = Reach()
        if "part_of" in changed:
            reach |= await settle_parties(session, agent)
        if "kind" in changed:
            # Whether somebody is an unnamed voice decides what their words can replace.
            reach |= await reach_of_agents(session, await find_parts(session, agent))
        if not changed.keys().isdisjoint(("name", "protected", "pseudonym")):
            reach |= await reach_of_name(session, agent)
        await recompute(session, reach)


async def _amend(
    session: WriteSession, agent: UUID, expected_version: int, changes: AgentChanges
) -> dict[str, Any]:
    row = await lock_row(session, NodeType.AGENT, agent)
    check_version(NodeType.AGENT, row, expected_version)
    changed = apply_changes(row, _spell_changes(changes))
    problems = check_agent({**row, **changed})
    if "part_of" in changed:
        await check_references(session, problems, NodeType.AGENT, _parent_of(changed))
    if "protected" in changed:
        await _check_protection(session, problems, row, protected=changed["protected"])
    problems.raise_any()
    if changed.get("part_of") is not None:
        check_part_of(agent, changed["part_of"], await load_agents(session, [agent, changed["part_of"]]))
    # What was kept from outsiders may be read by them from now on.
    await _refuse_names(session, agent, changed if "protected" not in changed else row, {**row, **changed})
    if changed:
        await update_row(
            session,
            NodeType.AGENT,
            row,
            changed,
            lambda: find_wikidata_duplicate(session, changed["wikidata_id"]),
        )
        forget_names(session)
    return changed


def _spell_changes(changes: AgentChanges) -> dict[str, Any]:
    values = asdict(changes)
    if not isinstance(changes.aliases, Unset):
        values["aliases"] = list(changes.aliases)
    return values


async def _refuse_names(
    session: WriteSession, agent: UUID, changed: Mapping[str, Any] | RowMapping, values: Mapping[str, Any]
) -> None:
    """Raise ProtectedName if outsiders would read a name in what changes; not that of the agent by itself."""
    words = PSEUDONYM if values["protected"] else AGENT_WORDS
    if values["protected"] and not changed.keys().isdisjoint(("name", "aliases")):
        changed = {**changed, "pseudonym": values["pseudonym"]}
    names = (values["name"], *values["aliases"]) if values["protected"] else ()
    shown = {name: values[name] for name in words if name in changed}
    await refuse_names(session, read_words(shown, words), own=(agent, names))


async def _check_protection(
    session: WriteSession, problems: Problems, row: RowMapping, *, protected: bool
) -> None:
    """Who is merged into a protected agent is that agent under another name, and protected as well."""
    agent = table_of(NodeType.AGENT)
    if protected:
        merged = select(agent.c.id).where(agent.c.merged_into == row["id"], ~agent.c.protected)
        found = (await session.execute(merged.order_by(agent.c.id).limit(1))).scalar()
        if found is not None:
            at = encode_id(NodeType.AGENT, found)
            problems.add("protected", message=f"{at} is merged into this agent: protect it first")
    elif row["merged_into"] is not None:
        into = select(agent.c.protected).where(agent.c.id == row["merged_into"])
        if (await session.execute(into)).scalar_one():
            problems.add("protected", message="it is merged into a protected agent: unmerge it first")


def check_agent(agent: Mapping[str, Any]) -> Problems:
    """What is wrong with its fields by themselves; what they refer to is looked up elsewhere."""
    problems = Problems()
    problems.check_name(agent["name"], "name")
    problems.check_text(agent["description"], "description", max_length=MAX_NOTE, blank=True)
    problems.check_text(agent["pseudonym"], "pseudonym", max_length=MAX_NAME)
    if len(agent["aliases"]) > MAX_ALIASES:
        problems.add("aliases", message=f"has more than the {MAX_ALIASES} names that are kept")
    else:
        for place, alias in enumerate(agent["aliases"]):
            problems.check_text(alias, "aliases", str(place), max_length=MAX_NAME, required=True)
        for place in find_repeated(agent["aliases"]):
            problems.add("aliases", str(place), message="is given twice")
    if agent["wikidata_id"] is not None and not _WIKIDATA_ID.fullmatch(agent["wikidata_id"]):
        problems.add("wikidataId", message="is not an id of Wikidata, such as Q9682")
    if agent["protected"] and agent["pseudonym"] is None:
        problems.add("pseudonym", message="is required: a protected agent is shown by it")
    return problems


def _parent_of(agent: Mapping[str, Any]) -> list[tuple[UUID, tuple[str, ...]]]:
    return [] if agent["part_of"] is None else [(agent["part_of"], ("partOf",))]


async def find_wikidata_duplicate(session: WriteSession, wikidata_id: str) -> Duplicate:
    agent = table_of(NodeType.AGENT)
    standing = select(agent.c.id).where(agent.c.wikidata_id == wikidata_id, agent.c.merged_into.is_(None))
    key = await find_refusing(session, standing)
    message = f"The Wikidata id {wikidata_id} is that of another agent."
    return Duplicate(NodeType.AGENT.value, encode_id(NodeType.AGENT, key), message)
