"""Parts of nodes that have no id of their own: quotes, quantities, moments, hops, revisions."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry.scalars import JSON

from app.api.declaring import described, read_type
from app.api.enums import RevisionOperation
from app.domain.vocabulary import Channel, Modality, Mode

if TYPE_CHECKING:
    from app.api.nodes import Agent, Researcher


@read_type
class Quote:
    """Where a claim stands, word for word: a W3C selector. Positions count Unicode code points."""

    exact: str
    prefix: str | None
    suffix: str | None
    start: int | None = described("Null where the source's text is not stored.")
    end: int | None


@read_type
class Quantity:
    """A figure as it was reported, and the numbers it allows."""

    text: str
    modality: Modality
    lower: Decimal | None = described("Null: no lower bound.")
    upper: Decimal | None = described("Null: no upper bound.")
    lower_inclusive: bool
    upper_inclusive: bool
    bounds_given: bool = described("The recorder gave the bounds; else they follow from the text.")


@read_type
class Moment:
    """A moment as it was reported, and the stretch of time it stands for."""

    text: str
    from_: datetime.datetime = strawberry.field(name="from")
    to: datetime.datetime = described("For an instant the same as `from`; else the first time after it.")


@read_type
class Hop:
    """One step a claim passed through. Joint speakers share a hop."""

    position: int = described("1 is the origin.")
    agents: list[Annotated[Agent, strawberry.lazy("app.api.nodes")]]
    cue: str | None = described("The words of the source: 'said in a statement'.")
    mode: Mode | None
    channel: Channel


@read_type
class Retraction:
    """A source took its claim back."""

    retracted: Moment = described("When the source did.")
    reason: str
    url: str | None = described("Where it says so.")
    recorded_by: Annotated[Researcher, strawberry.lazy("app.api.nodes")]
    recorded_at: datetime.datetime


@read_type
class Withdrawal:
    """A record was withdrawn: it counts nowhere, and can be restored."""

    at: datetime.datetime
    by: Annotated[Researcher, strawberry.lazy("app.api.nodes")]
    reason: str


@read_type
class Seal:
    """The log of all changes, closed up to one of them. Noted elsewhere, it proves that nothing before it was
    altered since: `sayso verify --seal`."""

    number: int
    hash: str = described("SHA-256, in hexadecimal: docs/sealed-log.md says of what.")
    mark: str = described("NUMBER:HASH, as `sayso verify --seal` takes it.")
    sealed_at: datetime.datetime
    changes: int = described("How many changes it covers, from the first one on.")


@read_type
class Revision:
    """One change to one recorded row."""

    id: strawberry.ID
    at: datetime.datetime
    actor: Annotated[Researcher, strawberry.lazy("app.api.nodes")] | None = described(
        "Null where the change was made past the API."
    )
    reason: str | None
    table: str
    operation: RevisionOperation
    before: JSON | None
    after: JSON | None
