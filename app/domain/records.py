"""What the corroboration rule is given: plain records, without a database behind them.

The order in which anything is listed carries no meaning, but for the order of the hops of a claim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.answers import Answer
from app.domain.moments import Moment
from app.domain.vocabulary import AgentKind, Basis, Stance


class BrokenRecord(ValueError):
    """Records that no write lets through: links that go in a circle, or that name what is not there.

    A bug of whoever gathered them, or a row changed behind the API; never something a client did.
    """


@dataclass(frozen=True, slots=True)
class Agent:
    """Anyone who can say or publish something. A merged agent's own `part_of` has no effect.

    `pseudonym`: what outsiders are told in place of the name of a protected agent. None: the name.
    """

    id: UUID
    kind: AgentKind
    part_of: UUID | None
    merged_into: UUID | None
    name: str
    pseudonym: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One version of one citable item. `publisher` None is an unknown publisher of its own.

    `hidden`: outsiders do not see it, nor what stands in it.
    """

    id: UUID
    publisher: UUID | None
    published: Moment | None
    reprints: UUID | None
    revises: UUID | None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement found in one source.

    `hops` are the agents it passed through, origin first; joint speakers share a hop. ATTRIBUTED claims
    have at least one hop, others none. `answer` is None on an OPEN question and without a question.
    `hidden`: outsiders do not see it, nor who said so.
    """

    id: UUID
    source: UUID
    question: UUID | None
    basis: Basis
    hops: tuple[tuple[UUID, ...], ...]
    answer: Answer | None
    asserted: Moment | None
    retracted: bool
    withdrawn: bool
    hidden: bool = False

    def __post_init__(self) -> None:
        if (self.basis is Basis.ATTRIBUTED) != bool(self.hops):
            raise BrokenRecord(f"claim {self.id} is {self.basis} and has {len(self.hops)} hops")
        if not all(self.hops):
            raise BrokenRecord(f"claim {self.id} has a hop without an agent")


@dataclass(frozen=True, slots=True)
class Assessment:
    """A researcher's judgement on a claim in the light of another claim, or of a source; exactly one."""

    id: UUID
    claim: UUID
    evidence_claim: UUID | None
    evidence_source: UUID | None
    stance: Stance
    recorded_by: UUID
    withdrawn: bool

    def __post_init__(self) -> None:
        if (self.evidence_claim is None) == (self.evidence_source is None):
            raise BrokenRecord(f"assessment {self.id} needs one evidence claim or one evidence source")


@dataclass(frozen=True, slots=True)
class Record:
    """Everything an evaluation needs, keyed by id.

    To evaluate the claims of a question: all claims on it; the evidence claims of their assessments and
    all claims on the questions of those; the sources of all these claims and assessments, with what they
    reprint or revise, all the way back; the agents named, with what they are part of or merged into, all
    the way up.
    """

    agents: Mapping[UUID, Agent]
    sources: Mapping[UUID, Source]
    claims: Mapping[UUID, Claim]
    assessments: Sequence[Assessment]
