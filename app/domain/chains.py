"""Through whom a claim reached us: its path, its chain, its origins, its moment.

A `Tracer` follows each agent and each source of a record once, however many claims name it. It numbers
the parties in the order of their ids: numbers are put in order, and found in sets, many times faster.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from app.domain import parties
from app.domain.lines import Chain
from app.domain.moments import Moment
from app.domain.records import Claim, Record
from app.domain.vocabulary import Basis

# Parties by number, origin first, none twice: those of each hop in turn (joint speakers by id), then the
# publishers, the first publisher first.
Path = tuple[int, ...]

# Which of two versions of an item is the newer: how many revisions from the first, published when, id.
VersionRank = tuple[int, datetime, UUID]


@dataclass(frozen=True, slots=True)
class Voice:
    """What one claim, or one source put forward as evidence, adds to the side it is on.

    `chain` is None where the source does not say how it knows: it counts as a report and as nothing else.
    `speakers` are whom the path goes back to. For a claim they are its `origins`; a source that was put
    forward has its first publisher for a speaker and, being no claim, no origins.
    `report` is the original that the source counts with. `hidden`: outsiders are not told of it.
    """

    path: Path
    chain: Chain | None
    origins: frozenset[int]
    speakers: frozenset[int]
    report: UUID
    hidden: bool


class Tracer:
    """Paths, chains, origins and moments of the claims and sources of one record."""

    def __init__(self, record: Record) -> None:
        self._record = record
        # An agent is a party of that id; a source is one, for its unknown publisher.
        self._ids = sorted({*record.agents, *record.sources})
        self._numbers = {id: number for number, id in enumerate(self._ids)}
        self._named: dict[tuple[int, ...], tuple[UUID, ...]] = {}
        self._parties: dict[UUID, int] = {}
        self._unnamed: dict[UUID, bool] = {}
        self._publishers: dict[UUID, Path] = {}
        self._originals: dict[UUID, UUID] = {}
        self._published: dict[UUID, Moment | None] = {}
        self._voices: dict[UUID, Voice] = {}

    def name_parties(self, parties: tuple[int, ...]) -> tuple[UUID, ...]:
        """The ids of parties, in the order given."""
        if parties not in self._named:
            self._named[parties] = tuple(self._ids[party] for party in parties)
        return self._named[parties]

    def voice_of(self, claim: Claim) -> Voice:
        if claim.id not in self._voices:
            self._voices[claim.id] = self._trace(claim)
        return self._voices[claim.id]

    def voice_of_source(self, source_id: UUID) -> Voice:
        """The voice of a source that an assessment names: its publishers are the chain."""
        path = self._find_publishers(source_id)
        return Voice(
            path=path,
            chain=frozenset(path),
            origins=frozenset(),
            speakers=frozenset(path[:1]),
            report=self._find_original(source_id),
            hidden=self._record.sources[source_id].hidden,
        )

    def moment_of(self, claim: Claim) -> Moment | None:
        """When it was said: `asserted`, else when the first of its reprint chain with a date came out.

        The chain of a revision is itself.
        """
        if claim.asserted is not None:
            return claim.asserted
        if claim.source not in self._published:
            reprints = parties.trace_reprints(claim.source, self._record.sources)
            dates = (self._record.sources[source].published for source in reprints)
            self._published[claim.source] = next((date for date in dates if date is not None), None)
        return self._published[claim.source]

    def is_anonymous(self, claim: Claim, origin: int) -> bool:
        """Whether the first hop names, of this origin of the claim's, only UNNAMED agents."""
        if not claim.hops:
            return False
        return all(self._is_unnamed(agent) for agent in claim.hops[0] if self._find_party(agent) == origin)

    def rank_version(self, source_id: UUID) -> tuple[UUID, VersionRank]:
        """The first version of the item that a source is a version of, and a key that orders its versions.

        Versions are ordered by how many revisions they are from the first. Should two revise the same
        one, the later published is the newer; without dates the later id is.
        """
        versions = parties.trace_versions(source_id, self._record.sources)
        published = self._record.sources[source_id].published
        start = published.start if published is not None else datetime.min.replace(tzinfo=UTC)
        return versions[0], (len(versions), start, source_id)

    def _trace(self, claim: Claim) -> Voice:
        report = self._find_original(claim.source)
        if claim.basis is Basis.UNATTRIBUTED:
            return Voice((), None, frozenset(), frozenset(), report, claim.hidden)
        publishers = self._find_publishers(claim.source)
        hops = [sorted({self._find_party(agent) for agent in hop}) for hop in claim.hops]
        path = tuple(dict.fromkeys([*_flatten(hops), *publishers]))
        origins = frozenset(hops[0] if hops else publishers[:1])
        return Voice(path, frozenset(path), origins, origins, report, claim.hidden)

    def _find_party(self, agent: UUID) -> int:
        if agent not in self._parties:
            self._parties[agent] = self._numbers[parties.find_party(agent, self._record.agents)]
        return self._parties[agent]

    def _is_unnamed(self, agent: UUID) -> bool:
        if agent not in self._unnamed:
            self._unnamed[agent] = parties.is_unnamed(agent, self._record.agents)
        return self._unnamed[agent]

    def _find_publishers(self, source: UUID) -> Path:
        if source not in self._publishers:
            found = parties.find_publishers(source, self._record.sources, self._record.agents)
            self._publishers[source] = tuple(self._numbers[party] for party in found)
        return self._publishers[source]

    def _find_original(self, source: UUID) -> UUID:
        if source not in self._originals:
            self._originals[source] = parties.find_original(source, self._record.sources)
        return self._originals[source]


def _flatten(hops: Iterable[Iterable[int]]) -> Iterable[int]:
    return (party for hop in hops for party in hop)
