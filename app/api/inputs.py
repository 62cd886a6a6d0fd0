"""What mutations take, and how it becomes what services take. Fields that are left out stay as they are.

An input's `read` gives the service's dataclass. Ids become keys here; every other check is the service's.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import strawberry
from strawberry import UNSET

from app.api.declaring import input_type
from app.domain.identifiers import NodeType, decode_id
from app.domain.vocabulary import (
    AgentKind,
    Basis,
    Channel,
    Modality,
    Mode,
    Polarity,
    QuestionKind,
    SourceKind,
    Stance,
)
from app.errors import FieldProblem, InvalidInput
from app.services import inputs as service
from app.services.agents import NewAgent
from app.services.assessments import NewAssessment
from app.services.claims import NewClaim
from app.services.events import NewEvent
from app.services.questions import NewQuestion
from app.services.sources import NewSource, SourceRevision

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Made = TypeVar("Made", bound="DataclassInstance")


def read_key(node: NodeType, id: str, *path: str) -> UUID:
    """The key of an id of this type. Raises InvalidInput at `path`."""
    decoded = decode_id(id)
    if decoded is None:
        raise InvalidInput.at(*path, message=f"{id[:80]!r} is no id; one of the type {node} is asked for")
    if decoded[0] is not node:
        message = f"{id!r} is an id of the type {decoded[0]}; one of the type {node} is asked for"
        raise InvalidInput.at(*path, message=message)
    return decoded[1]


def build(made: type[Made], given: object, **read: Any) -> Made:
    """The dataclass of a service from an input's fields of the same names; `read` are those read apart."""
    values = dict(read)
    for field in fields(made):
        if field.name in values:
            continue
        value = getattr(given, field.name, UNSET)
        if value is not UNSET:
            values[field.name] = value
    return made(**{name: value for name, value in values.items() if value is not UNSET})


def check_not_null(given: object, names: Iterable[str]) -> None:
    """Raise InvalidInput for each of the fields that was given as null."""
    problems = [
        FieldProblem((_camel(name),), "cannot be null; leave it out to keep it as it is")
        for name in names
        if getattr(given, name) is None
    ]
    if problems:
        raise InvalidInput(problems)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def optional_key(node: NodeType, id: Any, *path: str) -> Any:
    """The key of an id that may be null or left out."""
    return id if id is None or id is UNSET else read_key(node, id, *path)


@input_type
class QuoteInput:
    """The words as they stand in the source. Prefix, suffix or position tell which, if they stand twice."""

    exact: str
    prefix: str | None = None
    suffix: str | None = None
    start: int | None = None
    end: int | None = None

    def read(self) -> service.QuoteInput:
        return build(service.QuoteInput, self)


@input_type
class QuantityInput:
    """The words of a quantity. Bounds follow from them, unless bounds or a modality are given."""

    text: str
    lower: Decimal | None = None
    upper: Decimal | None = None
    lower_inclusive: bool = True
    upper_inclusive: bool = True
    modality: Modality | None = None

    def read(self) -> service.QuantityInput:
        return build(service.QuantityInput, self)


@input_type
class HopInput:
    """One step a claim passed through: an agent, or several who spoke together."""

    agents: list[strawberry.ID]
    cue: str | None = None
    mode: Mode | None = None
    channel: Channel = Channel.UNSTATED

    def read(self, *path: str) -> service.Hop:
        keys = (
            read_key(NodeType.AGENT, id, *path, "agents", str(place)) for place, id in enumerate(self.agents)
        )
        return build(service.Hop, self, agents=tuple(keys))


def read_hops(hops: Iterable[HopInput]) -> tuple[service.Hop, ...]:
    return tuple(hop.read("hops", str(place)) for place, hop in enumerate(hops))


@input_type
class RecordAgentInput:
    """A new agent."""

    kind: AgentKind
    name: str
    aliases: list[str] = strawberry.field(default_factory=list)
    description: str | None = None
    part_of: strawberry.ID | None = None
    wikidata_id: str | None = None
    protected: bool = False
    pseudonym: str | None = None
    idempotency_key: str | None = None

    def read(self) -> NewAgent:
        part_of = optional_key(NodeType.AGENT, self.part_of, "partOf")
        return build(NewAgent, self, aliases=tuple(self.aliases), part_of=part_of)


@input_type
class RecordSourceInput:
    """A new source: an item's text, or a citation alone."""

    kind: SourceKind
    title: str
    publisher: strawberry.ID | None = None
    url: str | None = None
    byline: str | None = None
    language: str | None = None
    published: str | None = None
    retrieved_at: datetime.datetime | None = None
    media_type: str | None = None
    text: str | None = None
    archive_url: str | None = None
    reprints: strawberry.ID | None = None
    note: str | None = None
    restricted: bool = False
    idempotency_key: str | None = None

    def read(self) -> NewSource:
        return build(
            NewSource,
            self,
            publisher=optional_key(NodeType.AGENT, self.publisher, "publisher"),
            reprints=optional_key(NodeType.SOURCE, self.reprints, "reprints"),
        )


@input_type
class ReviseSourceInput:
    """A later version of a source. What is left out is as it was, but for text, note and archive."""

    source: strawberry.ID
    text: str | None = None
    title: str | None = UNSET
    url: str | None = UNSET
    byline: str | None = UNSET
    language: str | None = UNSET
    published: str | None = UNSET
    media_type: str | None = UNSET
    retrieved_at: datetime.datetime | None = None
    archive_url: str | None = None
    note: str | None = None
    idempotency_key: str | None = None

    def read(self) -> SourceRevision:
        check_not_null(self, ["title"])
        return build(SourceRevision, self)


@input_type
class RecordEventInput:
    """A new event."""

    title: str
    description: str | None = None
    starts_on: datetime.date | None = None
    ends_on: datetime.date | None = None
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    idempotency_key: str | None = None

    def read(self) -> NewEvent:
        return build(NewEvent, self)


@input_type
class RecordQuestionInput:
    """A new question."""

    kind: QuestionKind
    text: str
    event: strawberry.ID | None = None
    unit: str | None = None
    counted: str | None = None
    idempotency_key: str | None = None

    def read(self) -> NewQuestion:
        return build(NewQuestion, self, event=optional_key(NodeType.EVENT, self.event, "event"))


@input_type
class RecordClaimInput:
    """A new claim. A QUANTITY question takes a quantity, a YES_NO question a polarity, others neither."""

    source: strawberry.ID
    statement: str
    quote: QuoteInput
    basis: Basis
    question: strawberry.ID | None = None
    hops: list[HopInput] = strawberry.field(default_factory=list)
    polarity: Polarity | None = None
    quantity: QuantityInput | None = None
    asserted: str | None = None
    note: str | None = None
    restricted: bool = False
    idempotency_key: str | None = None

    def read(self) -> NewClaim:
        return build(
            NewClaim,
            self,
            source=read_key(NodeType.SOURCE, self.source, "source"),
            question=optional_key(NodeType.QUESTION, self.question, "question"),
            quote=self.quote.read(),
            hops=read_hops(self.hops),
            quantity=self.quantity.read() if self.quantity else None,
        )


@input_type
class RecordAssessmentInput:
    """A judgement on a claim, by another claim or by a source: exactly one."""

    claim: strawberry.ID
    stance: Stance
    rationale: str = strawberry.field(description="Why.")
    evidence_claim: strawberry.ID | None = None
    evidence_source: strawberry.ID | None = None
    credibility: int | None = strawberry.field(
        default=None, description="1 (confirmed) to 6 (cannot be judged), on the Admiralty scale."
    )
    idempotency_key: str | None = None

    def read(self) -> NewAssessment:
        return build(
            NewAssessment,
            self,
            claim=read_key(NodeType.CLAIM, self.claim, "claim"),
            evidence_claim=optional_key(NodeType.CLAIM, self.evidence_claim, "evidenceClaim"),
            evidence_source=optional_key(NodeType.SOURCE, self.evidence_source, "evidenceSource"),
        )
