"""What a list can be narrowed to, and how it is ordered. Filters compose with `and`, `or` and `not`.

Conditions that stand side by side all hold. A list of values holds if any of them does. A condition that is
null is not asked; an empty list of values matches nothing.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

import strawberry
from strawberry import UNSET

from app.api.declaring import input_type
from app.api.enums import (
    AgentOrderField,
    ClaimOrderField,
    Direction,
    EventOrderField,
    RecordOrderField,
    SourceOrderField,
)
from app.domain.vocabulary import (
    AgentKind,
    Basis,
    Mode,
    Polarity,
    QuestionKind,
    QuoteStatus,
    SourceKind,
    Stance,
    Status,
)


@input_type
class TimeRange:
    """From `from` up to, but not at, `to`. Either end may be left open."""

    from_: datetime.datetime | None = strawberry.field(name="from", default=UNSET)
    to: datetime.datetime | None = UNSET


@input_type
class QuantityRange:
    """The numbers from `lower` to `upper`, both included. Either end may be left open."""

    lower: Decimal | None = UNSET
    upper: Decimal | None = UNSET


@input_type
class ClaimFilter:
    """Which claims."""

    and_: list[ClaimFilter] | None = strawberry.field(name="and", default=UNSET)
    or_: list[ClaimFilter] | None = strawberry.field(name="or", default=UNSET)
    not_: ClaimFilter | None = strawberry.field(name="not", default=UNSET)
    status: list[Status] | None = UNSET
    source: list[strawberry.ID] | None = UNSET
    publisher: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="The agent that published the source."
    )
    agent: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="An agent at any hop of the attribution."
    )
    party: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="A party anywhere in the chain, publishers included."
    )
    origin: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="A party that the claim comes from."
    )
    question: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="The question it is compared under, merged questions included."
    )
    event: list[strawberry.ID] | None = UNSET
    basis: list[Basis] | None = UNSET
    mode: list[Mode] | None = strawberry.field(default=UNSET, description="The mode of any hop.")
    polarity: list[Polarity] | None = UNSET
    quantity: QuantityRange | None = strawberry.field(
        default=UNSET, description="Some number that the claim allows is in the range."
    )
    asserted: TimeRange | None = strawberry.field(
        default=UNSET, description="The stretch of time it was said in overlaps the range."
    )
    recorded: TimeRange | None = UNSET
    language: list[str] | None = strawberry.field(default=UNSET, description="The language of the source.")
    disagreed: bool | None = UNSET
    has_question: bool | None = UNSET
    quote_status: list[QuoteStatus] | None = UNSET
    assessed_by: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="Has a standing assessment by one of these researchers."
    )
    text: str | None = strawberry.field(default=UNSET, description="Words of the statement or the quote.")
    withdrawn: bool | None = strawberry.field(
        default=UNSET, description="Withdrawn claims are left out unless `includeWithdrawn` is given too."
    )
    restricted: bool | None = strawberry.field(
        default=UNSET, description="Whether a researcher keeps it from outsiders."
    )
    hidden: bool | None = strawberry.field(
        default=UNSET,
        description="Whether outsiders do not see it: it is restricted, or its source is hidden.",
    )


@input_type
class SourceFilter:
    """Which sources."""

    and_: list[SourceFilter] | None = strawberry.field(name="and", default=UNSET)
    or_: list[SourceFilter] | None = strawberry.field(name="or", default=UNSET)
    not_: SourceFilter | None = strawberry.field(name="not", default=UNSET)
    kind: list[SourceKind] | None = UNSET
    publisher: list[strawberry.ID] | None = UNSET
    party: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="A party among its publishers, those of what it reprints included."
    )
    url: list[str] | None = UNSET
    language: list[str] | None = UNSET
    published: TimeRange | None = strawberry.field(
        default=UNSET, description="The stretch of time it was published in overlaps the range."
    )
    recorded: TimeRange | None = UNSET
    has_text: bool | None = UNSET
    newest: bool | None = strawberry.field(default=UNSET, description="Whether no later version revises it.")
    text: str | None = strawberry.field(default=UNSET, description="Words of its title, byline, url or text.")
    restricted: bool | None = strawberry.field(
        default=UNSET, description="Whether a researcher keeps it from outsiders."
    )
    hidden: bool | None = strawberry.field(
        default=UNSET,
        description="Whether outsiders do not see it: it, or what it revises or reprints, is restricted.",
    )


@input_type
class AgentFilter:
    """Which agents."""

    and_: list[AgentFilter] | None = strawberry.field(name="and", default=UNSET)
    or_: list[AgentFilter] | None = strawberry.field(name="or", default=UNSET)
    not_: AgentFilter | None = strawberry.field(name="not", default=UNSET)
    kind: list[AgentKind] | None = UNSET
    party: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="Whom the rule counts it as."
    )
    part_of: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="Whom it is directly part of."
    )
    merged: bool | None = strawberry.field(default=UNSET, description="Whether it was merged into another.")
    recorded: TimeRange | None = UNSET
    text: str | None = strawberry.field(
        default=UNSET, description="Words of its name, aliases or description."
    )


@input_type
class QuestionFilter:
    """Which questions."""

    and_: list[QuestionFilter] | None = strawberry.field(name="and", default=UNSET)
    or_: list[QuestionFilter] | None = strawberry.field(name="or", default=UNSET)
    not_: QuestionFilter | None = strawberry.field(name="not", default=UNSET)
    kind: list[QuestionKind] | None = UNSET
    event: list[strawberry.ID] | None = UNSET
    merged: bool | None = strawberry.field(default=UNSET, description="Whether it was merged into another.")
    recorded: TimeRange | None = UNSET
    text: str | None = strawberry.field(default=UNSET, description="Words of the question, unit or counted.")


@input_type
class EventFilter:
    """Which events."""

    and_: list[EventFilter] | None = strawberry.field(name="and", default=UNSET)
    or_: list[EventFilter] | None = strawberry.field(name="or", default=UNSET)
    not_: EventFilter | None = strawberry.field(name="not", default=UNSET)
    starts_from: datetime.date | None = strawberry.field(
        default=UNSET, description="Began on this day or later."
    )
    starts_to: datetime.date | None = strawberry.field(
        default=UNSET, description="Began on this day or earlier."
    )
    recorded: TimeRange | None = UNSET
    text: str | None = strawberry.field(
        default=UNSET, description="Words of its title, place or description."
    )


@input_type
class AssessmentFilter:
    """Which assessments."""

    and_: list[AssessmentFilter] | None = strawberry.field(name="and", default=UNSET)
    or_: list[AssessmentFilter] | None = strawberry.field(name="or", default=UNSET)
    not_: AssessmentFilter | None = strawberry.field(name="not", default=UNSET)
    claim: list[strawberry.ID] | None = UNSET
    evidence_claim: list[strawberry.ID] | None = UNSET
    evidence_source: list[strawberry.ID] | None = UNSET
    stance: list[Stance] | None = UNSET
    recorded_by: list[strawberry.ID] | None = UNSET
    recorded: TimeRange | None = UNSET
    withdrawn: bool | None = strawberry.field(
        default=UNSET, description="Withdrawn ones are left out unless `includeWithdrawn` is given too."
    )


@input_type
class ClaimOrder:
    """How claims are ordered; ties by when they were recorded."""

    field: ClaimOrderField = ClaimOrderField.RECORDED
    direction: Direction = Direction.ASC


@input_type
class SourceOrder:
    """How sources are ordered; ties by when they were recorded."""

    field: SourceOrderField = SourceOrderField.RECORDED
    direction: Direction = Direction.ASC


@input_type
class AgentOrder:
    """How agents are ordered; ties by when they were recorded."""

    field: AgentOrderField = AgentOrderField.RECORDED
    direction: Direction = Direction.ASC


@input_type
class EventOrder:
    """How events are ordered; ties by when they were recorded."""

    field: EventOrderField = EventOrderField.RECORDED
    direction: Direction = Direction.ASC


@input_type
class RecordOrder:
    """By when they were recorded."""

    field: RecordOrderField = RecordOrderField.RECORDED
    direction: Direction = Direction.ASC
