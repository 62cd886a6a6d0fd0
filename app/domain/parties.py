"""Who belongs together: the party of an agent, the publishers of a source, the original of a report.

The walks end on any input: links that go in a circle raise `BrokenRecord`. The `check_` functions refuse,
with `InvalidInput`, the write that would close such a circle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar
from uuid import UUID

from app.domain.records import Agent, BrokenRecord, Source
from app.domain.vocabulary import AgentKind
from app.errors import InvalidInput

Row = TypeVar("Row", Agent, Source)


def find_party(agent_id: UUID, agents: Mapping[UUID, Agent]) -> UUID:
    """The root of what an agent is part of, a merged agent standing for the one it was merged into."""
    *_, root = _walk(agent_id, lambda a: _one(agents, a, "agent").merged_into or agents[a].part_of)
    return root


def is_unnamed(agent_id: UUID, agents: Mapping[UUID, Agent]) -> bool:
    """Whether an agent is an UNNAMED voice. One that was merged into a named agent is named by that."""
    *_, standing = _walk(agent_id, lambda a: _one(agents, a, "agent").merged_into)
    return agents[standing].kind is AgentKind.UNNAMED


def find_publishers(
    source_id: UUID, sources: Mapping[UUID, Source], agents: Mapping[UUID, Agent]
) -> tuple[UUID, ...]:
    """The parties a source was published by, the first publisher first, none twice.

    A reprint passed through the publishers of what it reprints, then its own. A revision has those of the
    version it revises, whatever it says of itself. An unknown publisher is a party of its own; its id is
    that of the source.
    """
    walked = list(_walk(source_id, lambda s: _find_earlier(sources, s)))
    publishers: list[UUID] = []
    for id in reversed(walked):
        source = sources[id]
        if source.revises is None:
            publishers.append(id if source.publisher is None else find_party(source.publisher, agents))
    return tuple(dict.fromkeys(publishers))


def find_original(source_id: UUID, sources: Mapping[UUID, Source]) -> UUID:
    """The source that a reprint or a revision counts with: what it goes back to in the end."""
    *_, original = _walk(source_id, lambda s: _find_earlier(sources, s))
    return original


def trace_reprints(source_id: UUID, sources: Mapping[UUID, Source]) -> tuple[UUID, ...]:
    """A source and what it reprints, the original first.

    A revision is a text of its own: it is traced neither to the version before nor to what that reprints.
    """
    walked = list(_walk(source_id, lambda s: _find_reprinted(sources, s)))
    return tuple(reversed(walked))


def trace_versions(source_id: UUID, sources: Mapping[UUID, Source]) -> tuple[UUID, ...]:
    """The versions of one item up to this one, the first version first."""
    walked = list(_walk(source_id, lambda s: _one(sources, s, "source").revises))
    return tuple(reversed(walked))


def check_part_of(
    agent_id: UUID, new_parent: UUID, agents: Mapping[UUID, Agent], *, path: tuple[str, ...] = ("partOf",)
) -> None:
    """Refuse, with InvalidInput at `path`, to make an agent part of itself by any road.

    Both kinds of link are followed from each agent, so that unmerging never closes a circle either.
    """
    if _reaches(new_parent, agent_id, lambda a: _agent_links(agents, a)):
        message = f"{_one(agents, agent_id, 'agent').name} would become a part of itself."
        raise InvalidInput.at(*path, message=message)


def check_merge(
    agent_id: UUID, into: UUID, agents: Mapping[UUID, Agent], *, path: tuple[str, ...] = ("into",)
) -> None:
    """Refuse, with InvalidInput at `path`, a merge into the agent itself, or into a part of it."""
    if _reaches(into, agent_id, lambda a: _agent_links(agents, a)):
        name = _one(agents, agent_id, "agent").name
        message = f"{name} cannot be merged into itself or into what is a part of it."
        raise InvalidInput.at(*path, message=message)


def check_reprints(
    source_id: UUID, reprinted: UUID, sources: Mapping[UUID, Source], *, path: tuple[str, ...] = ("reprints",)
) -> None:
    """Refuse, with InvalidInput at `path`, a source that would go back to itself."""
    if _reaches(reprinted, source_id, lambda s: _source_links(sources, s)):
        raise InvalidInput.at(*path, message="The source would be a reprint of itself.")


def _one(rows: Mapping[UUID, Row], id: UUID, kind: str) -> Row:
    try:
        return rows[id]
    except KeyError:
        raise BrokenRecord(f"{kind} {id} is not among the records given") from None


def _find_earlier(sources: Mapping[UUID, Source], id: UUID) -> UUID | None:
    source = _one(sources, id, "source")
    return source.revises or source.reprints


def _find_reprinted(sources: Mapping[UUID, Source], id: UUID) -> UUID | None:
    source = _one(sources, id, "source")
    return source.reprints if source.revises is None else None


def _agent_links(agents: Mapping[UUID, Agent], id: UUID) -> Iterable[UUID | None]:
    agent = _one(agents, id, "agent")
    return (agent.merged_into, agent.part_of)


def _source_links(sources: Mapping[UUID, Source], id: UUID) -> Iterable[UUID | None]:
    source = _one(sources, id, "source")
    return (source.revises, source.reprints)


def _walk(start: UUID, step: Callable[[UUID], UUID | None]) -> Iterator[UUID]:
    """`start` and what follows from it, one step after another. Raises BrokenRecord on a circle."""
    seen: set[UUID] = set()
    here: UUID | None = start
    while here is not None:
        if here in seen:
            raise BrokenRecord(f"the links from {start} go in a circle at {here}")
        seen.add(here)
        yield here
        here = step(here)


def _reaches(start: UUID, goal: UUID, links: Callable[[UUID], Iterable[UUID | None]]) -> bool:
    """Whether any road of links leads from `start` to `goal`. A circle on the way does no harm."""
    seen: set[UUID] = set()
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            waiting.extend(link for link in links(here) if link is not None)
    return False
