"""The closed lists of the domain as GraphQL enums, and those that only the surface has."""

from __future__ import annotations

from enum import StrEnum

import strawberry

from app.domain import vocabulary

for _terms in (
    vocabulary.AgentKind,
    vocabulary.SourceKind,
    vocabulary.QuestionKind,
    vocabulary.Basis,
    vocabulary.Polarity,
    vocabulary.Modality,
    vocabulary.Mode,
    vocabulary.Channel,
    vocabulary.Stance,
    vocabulary.Side,
    vocabulary.EvidenceBasis,
    vocabulary.QuoteStatus,
    vocabulary.Role,
):
    strawberry.enum(_terms)
strawberry.enum(vocabulary.Status, name="CorroborationStatus")


@strawberry.enum(description="Which way a list runs.")
class Direction(StrEnum):
    ASC = "ASC"
    DESC = "DESC"


@strawberry.enum(description="What a revision did to a row.")
class RevisionOperation(StrEnum):
    INSERT = "INSERT"
    UPDATE = "UPDATE"
    DELETE = "DELETE"


@strawberry.enum(description="RECORDED: when it was recorded. ASSERTED: when it was said; unknown last.")
class ClaimOrderField(StrEnum):
    RECORDED = "RECORDED"
    ASSERTED = "ASSERTED"
    LINES_FOR = "LINES_FOR"
    LINES_AGAINST = "LINES_AGAINST"


@strawberry.enum(
    description="RECORDED: when it was recorded. PUBLISHED: when it was published; unknown last."
)
class SourceOrderField(StrEnum):
    RECORDED = "RECORDED"
    PUBLISHED = "PUBLISHED"


@strawberry.enum(description="RECORDED: when it was recorded. NAME: by name, without regard to case.")
class AgentOrderField(StrEnum):
    RECORDED = "RECORDED"
    NAME = "NAME"


@strawberry.enum(description="RECORDED: when it was recorded.")
class RecordOrderField(StrEnum):
    RECORDED = "RECORDED"


@strawberry.enum(description="RECORDED: when it was recorded. STARTS: when it began; unknown last.")
class EventOrderField(StrEnum):
    RECORDED = "RECORDED"
    STARTS = "STARTS"


@strawberry.enum(description="What a search looks through.")
class SearchType(StrEnum):
    CLAIM = "CLAIM"
    SOURCE = "SOURCE"
    AGENT = "AGENT"
    QUESTION = "QUESTION"
    EVENT = "EVENT"
