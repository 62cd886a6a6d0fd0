"""What mutations answer: the node that changed and its edge, or why nothing was done.

A payload's fields are read by the compiler, in the transaction that made the change.
"""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import UNSET

from app.api.connections import Connection, Edge
from app.api.declaring import described, read_field, read_type
from app.api.nodes import Agent, Assessment, Claim, Event, Question, Source
from app.api.refusals import (
    AmbiguousQuote,
    Duplicate,
    IdempotencyConflict,
    InvalidInput,
    NamedPlace,
    NotFound,
    NotPermitted,
    ProtectedName,
    QuoteNotFound,
    StaleVersion,
    UnknownMoment,
    UnknownQuantity,
)
from app.domain.vocabulary import Status

# What any mutation can be refused for.
Refused = InvalidInput | NotFound | NotPermitted | IdempotencyConflict

# And one that records words which outsiders read.
RefusedWords = ProtectedName | Refused


RestrictedNode = Annotated[
    Source | Claim,
    strawberry.union("RestrictedNode", description="What is kept from outsiders as a whole."),
]


@read_type
class StandingNames:
    """Where names of the agent stand for outsiders to read, in other words than its own."""

    total: int
    places: list[NamedPlace] = described("The first 100.")

    @read_field
    def restricted_nodes(
        self,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[RestrictedNode]:
        """The sources, then the claims, that were restricted for it.

        The other pages: the same mutation again with its `idempotencyKey`. Nothing is done twice.
        """


@read_type
class AgentPayload:
    """The agent as it stands now."""

    agent: Agent
    agent_edge: Edge[Agent]
    standing: StandingNames | None = described(
        "Of a protected agent, when `protected`, `name` or `aliases` was given, or `restrictStanding`."
    )


@read_type
class SourcePayload:
    """The source as it stands now."""

    source: Source
    source_edge: Edge[Source]


@read_type
class EventPayload:
    """The event as it stands now."""

    event: Event
    event_edge: Edge[Event]


@read_type
class QuestionPayload:
    """The question as it stands now."""

    question: Question
    question_edge: Edge[Question]


@read_type
class ClaimPayload:
    """The claim as it stands now."""

    claim: Claim
    claim_edge: Edge[Claim]


@read_type
class AssessmentPayload:
    """The assessment as it stands now."""

    assessment: Assessment
    assessment_edge: Edge[Assessment]


@read_type
class Figures:
    """A status, with the independent lines and the reports on each side."""

    status: Status
    lines_for: int
    lines_against: int
    reports_for: int
    reports_against: int


@read_type
class FigureChange:
    """What a change makes of one claim's figures."""

    claim: Claim
    before: Figures | None
    after: Figures


@read_type
class Merge:
    """What a merge, or its undoing, changes."""

    @read_field
    def figure_changes(
        self,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[FigureChange]:
        """The claims whose figures change.

        The other pages: the same mutation again with its `idempotencyKey`. Nothing is done twice.
        """


@read_type
class MergeAgentsPayload(Merge):
    """The agent that was merged, or is its own again, and what that changes."""

    agent: Agent
    agent_edge: Edge[Agent]


@read_type
class MergeQuestionsPayload(Merge):
    """The question that was merged, or is its own again, and what that changes."""

    question: Question
    question_edge: Edge[Question]


RecordAgentResult = Annotated[
    AgentPayload | Duplicate | RefusedWords,
    strawberry.union("RecordAgentResult"),
]

AmendAgentResult = Annotated[
    AgentPayload | Duplicate | StaleVersion | RefusedWords,
    strawberry.union("AmendAgentResult"),
]

RecordSourceResult = Annotated[
    SourcePayload | Duplicate | UnknownMoment | RefusedWords,
    strawberry.union("RecordSourceResult"),
]

AmendSourceResult = Annotated[
    SourcePayload | Duplicate | UnknownMoment | StaleVersion | RefusedWords,
    strawberry.union("AmendSourceResult"),
]

RecordEventResult = Annotated[
    EventPayload | RefusedWords,
    strawberry.union("RecordEventResult"),
]

AmendEventResult = Annotated[
    EventPayload | StaleVersion | RefusedWords,
    strawberry.union("AmendEventResult"),
]

RecordQuestionResult = Annotated[
    QuestionPayload | RefusedWords,
    strawberry.union("RecordQuestionResult"),
]

AmendQuestionResult = Annotated[
    QuestionPayload | StaleVersion | RefusedWords,
    strawberry.union("AmendQuestionResult"),
]

RecordClaimResult = Annotated[
    ClaimPayload
    | Duplicate
    | QuoteNotFound
    | AmbiguousQuote
    | UnknownQuantity
    | UnknownMoment
    | RefusedWords,
    strawberry.union("RecordClaimResult"),
]

AmendClaimResult = Annotated[
    ClaimPayload
    | Duplicate
    | QuoteNotFound
    | AmbiguousQuote
    | UnknownQuantity
    | UnknownMoment
    | StaleVersion
    | RefusedWords,
    strawberry.union("AmendClaimResult"),
]

RetractClaimResult = Annotated[
    ClaimPayload | UnknownMoment | RefusedWords,
    strawberry.union("RetractClaimResult"),
]

ReinstateClaimResult = Annotated[
    ClaimPayload | StaleVersion | Refused,
    strawberry.union("ReinstateClaimResult"),
]

WithdrawClaimResult = Annotated[
    ClaimPayload | RefusedWords,
    strawberry.union("WithdrawClaimResult"),
]

RestoreClaimResult = Annotated[
    ClaimPayload | Duplicate | Refused,
    strawberry.union("RestoreClaimResult"),
]

RecordAssessmentResult = Annotated[
    AssessmentPayload | Duplicate | RefusedWords,
    strawberry.union("RecordAssessmentResult"),
]

WithdrawAssessmentResult = Annotated[
    AssessmentPayload | RefusedWords,
    strawberry.union("WithdrawAssessmentResult"),
]

MergeAgentsResult = Annotated[
    MergeAgentsPayload | Duplicate | Refused,
    strawberry.union("MergeAgentsResult"),
]

MergeQuestionsResult = Annotated[
    MergeQuestionsPayload | Refused,
    strawberry.union("MergeQuestionsResult"),
]
