"""Every answer to one question, by who gives it and when."""

from __future__ import annotations

import datetime
from decimal import Decimal

import strawberry
from strawberry import UNSET

from app.api.connections import Connection
from app.api.declaring import described, read_field, read_type
from app.api.nodes import Claim, Party, Question


@read_type
class Stretch:
    """A stretch of time. For an instant both ends are the same; else `to` is the first time after it."""

    from_: datetime.datetime = strawberry.field(name="from")
    to: datetime.datetime


@read_type
class Position:
    """What an origin said at one time."""

    claim: Claim
    said: Stretch | None = described("The claim's moment, or that of its publication.")
    live: bool = described(
        "Whether it counts for and against others: it is neither outdated nor retracted, and stands in the"
        " newest version of its source that answers the question."
    )


@read_type
class OriginPositions:
    """An origin and what it said."""

    origin: Party | None = described("Null: nobody is named.")

    @read_field
    def positions(
        self,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Position]:
        """What it said, in order of time; what has no time comes last."""


@read_type
class StandingRange:
    """From the lowest to the highest number that a live claim by somebody who is named allows."""

    lower: Decimal | None = described("Null: no lower bound.")
    upper: Decimal | None = described("Null: no upper bound.")
    lower_inclusive: bool
    upper_inclusive: bool


@read_type
class Comparison:
    """Every origin's position on a question over time, and the range that stands."""

    question: Question
    standing: StandingRange | None = described("Null where no such claim gives a figure.")

    @read_field
    def origins(
        self,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[OriginPositions]:
        """Whom the claims on it come from. Whoever spoke first comes first; nobody named comes last."""
