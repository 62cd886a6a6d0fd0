"""What mutations of what stands take: amendments, retractions, withdrawals, merges.

Fields of an amendment that are left out stay as they are; null empties them.

`expectedVersion` is the version that was read: if somebody changed the node since, nothing is written.
"""

from __future__ import annotations

import datetime

import strawberry
from strawberry import UNSET

from app.api.declaring import input_type
from app.api.inputs import (
    HopInput,
    QuantityInput,
    QuoteInput,
    build,
    check_not_null,
    optional_key,
    read_hops,
)
from app.domain.identifiers import NodeType
from app.domain.vocabulary import AgentKind, Basis, Polarity, QuestionKind, SourceKind
from app.services.agents import AgentChanges
from app.services.claims import ClaimChanges
from app.services.events import EventChanges
from app.services.questions import QuestionChanges
from app.services.sources import SourceChanges


@input_type
class AmendAgentInput:
    """Changes to an agent."""

    agent: strawberry.ID
    expected_version: int
    kind: AgentKind | None = UNSET
    name: str | None = UNSET
    aliases: list[str] | None = UNSET
    description: str | None = UNSET
    part_of: strawberry.ID | None = UNSET
    wikidata_id: str | None = UNSET
    protected: bool | None = UNSET
    pseudonym: str | None = UNSET
    restrict_standing: bool = strawberry.field(
        default=False,
        description="Of a protected agent: restrict what outsiders would read its names in.",
    )
    dry_run: bool = strawberry.field(
        default=False, description="Only show what would stand, or be restricted."
    )
    reason: str | None = None
    idempotency_key: str | None = None

    def read(self) -> AgentChanges:
        check_not_null(self, ["kind", "name", "aliases", "protected"])
        return build(
            AgentChanges,
            self,
            aliases=tuple(self.aliases) if isinstance(self.aliases, list) else UNSET,
            part_of=optional_key(NodeType.AGENT, self.part_of, "partOf"),
        )

    @property
    def exposes(self) -> bool:
        """Whether outsiders may read a name from now on in other words that stand."""
        names = (self.protected, self.name, self.aliases)
        return self.restrict_standing or any(change is not UNSET for change in names)


@input_type
class AmendSourceInput:
    """Changes to the record of a source. A changed text is a later version of the source: `reviseSource`."""

    source: strawberry.ID
    expected_version: int
    kind: SourceKind | None = UNSET
    title: str | None = UNSET
    publisher: strawberry.ID | None = UNSET
    url: str | None = UNSET
    byline: str | None = UNSET
    language: str | None = UNSET
    published: str | None = UNSET
    retrieved_at: datetime.datetime | None = UNSET
    media_type: str | None = UNSET
    text: str | None = strawberry.field(
        default=UNSET, description="Can be given to a citation that has none yet."
    )
    archive_url: str | None = UNSET
    reprints: strawberry.ID | None = UNSET
    note: str | None = UNSET
    restricted: bool | None = UNSET
    reason: str | None = None
    idempotency_key: str | None = None

    def read(self) -> SourceChanges:
        check_not_null(self, ["kind", "title", "text", "restricted"])
        return build(
            SourceChanges,
            self,
            publisher=optional_key(NodeType.AGENT, self.publisher, "publisher"),
            reprints=optional_key(NodeType.SOURCE, self.reprints, "reprints"),
        )


@input_type
class AmendEventInput:
    """Changes to an event."""

    event: strawberry.ID
    expected_version: int
    title: str | None = UNSET
    description: str | None = UNSET
    starts_on: datetime.date | None = UNSET
    ends_on: datetime.date | None = UNSET
    place: str | None = UNSET
    latitude: float | None = UNSET
    longitude: float | None = UNSET
    reason: str | None = None
    idempotency_key: str | None = None

    def read(self) -> EventChanges:
        check_not_null(self, ["title"])
        return build(EventChanges, self)


@input_type
class AmendQuestionInput:
    """Changes to a question. Its kind can change as long as nothing answers it."""

    question: strawberry.ID
    expected_version: int
    kind: QuestionKind | None = UNSET
    text: str | None = UNSET
    event: strawberry.ID | None = UNSET
    unit: str | None = UNSET
    counted: str | None = UNSET
    reason: str | None = None
    idempotency_key: str | None = None

    def read(self) -> QuestionChanges:
        check_not_null(self, ["kind", "text"])
        return build(QuestionChanges, self, event=optional_key(NodeType.EVENT, self.event, "event"))


@input_type
class AmendClaimInput:
    """Changes to a claim. The source is not among them: a claim recorded of the wrong one is withdrawn."""

    claim: strawberry.ID
    expected_version: int
    statement: str | None = UNSET
    quote: QuoteInput | None = UNSET
    basis: Basis | None = UNSET
    question: strawberry.ID | None = UNSET
    hops: list[HopInput] | None = UNSET
    polarity: Polarity | None = UNSET
    quantity: QuantityInput | None = UNSET
    asserted: str | None = UNSET
    note: str | None = UNSET
    restricted: bool | None = UNSET
    reason: str | None = None
    idempotency_key: str | None = None

    def read(self) -> ClaimChanges:
        check_not_null(self, ["statement", "quote", "basis", "hops", "restricted"])
        return build(
            ClaimChanges,
            self,
            question=optional_key(NodeType.QUESTION, self.question, "question"),
            quote=self.quote.read() if self.quote else UNSET,
            hops=read_hops(self.hops) if isinstance(self.hops, list) else UNSET,
            quantity=self.quantity.read() if self.quantity else self.quantity,
        )


@input_type
class RetractClaimInput:
    """The source took the claim back."""

    claim: strawberry.ID
    when: str = strawberry.field(description="When it did: 2019, 2019-12, 2019-12-31, or a time.")
    reason: str
    url: str | None = None
    idempotency_key: str | None = None


@input_type
class ReinstateClaimInput:
    """The source did not take the claim back, or stands by it again."""

    claim: strawberry.ID
    expected_version: int
    reason: str
    idempotency_key: str | None = None


@input_type
class WithdrawClaimInput:
    """The claim was recorded by mistake."""

    claim: strawberry.ID
    reason: str
    idempotency_key: str | None = None


@input_type
class RestoreClaimInput:
    """The withdrawal of the claim was a mistake."""

    claim: strawberry.ID
    reason: str | None = None
    idempotency_key: str | None = None


@input_type
class WithdrawAssessmentInput:
    """The assessment is taken back."""

    assessment: strawberry.ID
    reason: str
    idempotency_key: str | None = None


@input_type
class MergeAgentsInput:
    """Two agents are one: from now on `agent` stands for `into`."""

    agent: strawberry.ID
    into: strawberry.ID
    reason: str
    dry_run: bool = strawberry.field(default=False, description="Only show what would change.")
    idempotency_key: str | None = None


@input_type
class UnmergeAgentsInput:
    """They are two after all."""

    agent: strawberry.ID
    reason: str
    dry_run: bool = strawberry.field(default=False, description="Only show what would change.")
    idempotency_key: str | None = None


@input_type
class MergeQuestionsInput:
    """Two questions ask the same: from now on claims on `question` are compared with those on `into`."""

    question: strawberry.ID
    into: strawberry.ID
    reason: str
    dry_run: bool = strawberry.field(default=False, description="Only show what would change.")
    idempotency_key: str | None = None


@input_type
class UnmergeQuestionsInput:
    """They ask different things after all."""

    question: strawberry.ID
    reason: str
    dry_run: bool = strawberry.field(default=False, description="Only show what would change.")
    idempotency_key: str | None = None
