"""What nodes are made of that names no other node: quotes, quantities, moments; and seals."""

from __future__ import annotations

import datetime
from decimal import Decimal

import strawberry

from app.api.declaring import described, read_type
from app.domain.vocabulary import Modality


@read_type
class Quote:
    """Where a claim stands, word for word: a W3C selector. Positions count Unicode code points."""

    exact: str
    prefix: str | None = described("What stands before it.")
    suffix: str | None = described("What stands after it.")
    start: int | None = described("Null where the source's text is not stored.")
    end: int | None


@read_type
class Quantity:
    """A figure as it was reported, and the numbers it allows."""

    text: str = described("The words of the source.")
    modality: Modality
    lower: Decimal | None = described("Null: no lower bound.")
    upper: Decimal | None = described("Null: no upper bound.")
    lower_inclusive: bool
    upper_inclusive: bool
    bounds_given: bool = described("The recorder gave the bounds; else they follow from the text.")


@read_type
class Moment:
    """A moment as it was reported, and the stretch of time it stands for."""

    text: str = described("As it was written.")
    from_: datetime.datetime = strawberry.field(name="from")
    to: datetime.datetime = described("For an instant the same as `from`; else the first time after it.")


@read_type
class Seal:
    """The log of all changes, closed up to one of them. Noted elsewhere, it proves that nothing before it was
    altered since: `sayso verify --seal`."""

    number: int
    hash: str = described("SHA-256, in hexadecimal: docs/sealed-log.md says of what.")
    mark: str = described("NUMBER:HASH, as `sayso verify --seal` takes it.")
    sealed_at: datetime.datetime
    changes: int = described("How many changes it covers, from the first one on.")
