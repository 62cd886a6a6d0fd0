"""Parts of nodes that have no id of their own, and the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.compiler.plain.reader import Fields
from tests.compiler.plain.rows import Attribution, Claim, Stretch


@dataclass(frozen=True)
class Quote:
    exact: str
    prefix: str | None
    suffix: str | None
    start: int | None
    end: int | None


@dataclass(frozen=True)
class Quantity:
    text: str
    modality: str
    bounds: Stretch
    bounds_given: bool


@dataclass(frozen=True)
class Moment:
    text: str
    stretch: Stretch


@dataclass(frozen=True)
class Hop:
    """The rows of attribution at one position, in the order of their keys."""

    position: int
    speakers: list[Attribution]


@dataclass(frozen=True)
class Retraction:
    retracted: Moment | None
    reason: str | None
    url: str | None
    recorded_by: UUID
    recorded_at: datetime | None


@dataclass(frozen=True)
class Withdrawal:
    at: datetime
    by: UUID
    reason: str | None


def quote_of(claim: Claim) -> Quote:
    return Quote(
        claim.quote_exact, claim.quote_prefix, claim.quote_suffix, claim.quote_start, claim.quote_end
    )


def quantity_of(claim: Claim) -> Quantity | None:
    if claim.bounds is None:
        return None
    assert claim.quantity_text is not None
    assert claim.modality is not None
    assert claim.bounds_given is not None
    return Quantity(claim.quantity_text, claim.modality, claim.bounds, claim.bounds_given)


def moment_of(text: str | None, stretch: Stretch | None) -> Moment | None:
    return None if text is None or stretch is None else Moment(text, stretch)


def hops_of(attributions: list[Attribution]) -> list[Hop]:
    positions = sorted({attribution.hop for attribution in attributions})
    in_order = sorted(attributions, key=lambda attribution: attribution.id)
    return [Hop(position, [row for row in in_order if row.hop == position]) for position in positions]


def retraction_of(claim: Claim) -> Retraction | None:
    if claim.retraction_recorded_by is None:
        return None
    return Retraction(
        moment_of(claim.retracted_text, claim.retracted),
        claim.retraction_reason,
        claim.retraction_url,
        claim.retraction_recorded_by,
        claim.retraction_recorded_at,
    )


def withdrawal_of(row: Any) -> Withdrawal | None:
    """Of a claim or of an assessment."""
    if row.withdrawn_at is None:
        return None
    return Withdrawal(row.withdrawn_at, row.withdrawn_by, row.withdrawal_reason)


QUANTITY: Fields = {
    "lower": lambda quantity, _: quantity.bounds.lower,
    "upper": lambda quantity, _: quantity.bounds.upper,
    "lowerInclusive": lambda quantity, _: quantity.bounds.lower_inclusive,
    "upperInclusive": lambda quantity, _: quantity.bounds.upper_inclusive,
}

MOMENT: Fields = {
    "from": lambda moment, _: moment.stretch.lower,
    "to": lambda moment, _: moment.stretch.upper,
}

HOP: Fields = {
    "agents": lambda hop, reader: [reader.rows.agents[speaker.agent] for speaker in hop.speakers],
    "cue": lambda hop, _: hop.speakers[0].cue,
    "mode": lambda hop, _: hop.speakers[0].mode,
    "channel": lambda hop, _: hop.speakers[0].channel,
}

RETRACTION: Fields = {
    "recordedBy": lambda retraction, reader: reader.rows.researchers[retraction.recorded_by],
}

WITHDRAWAL: Fields = {
    "by": lambda withdrawal, reader: reader.rows.researchers[withdrawal.by],
}

SEAL: Fields = {
    "number": lambda seal, _: seal.id,
    "hash": lambda seal, _: seal.hash.hex(),
    "mark": lambda seal, _: f"{seal.id}:{seal.hash.hex()}",
    "changes": lambda seal, _: seal.last_position,
}

REVISION: Fields = {
    "id": lambda revision, _: f"revision_{revision.id}",
    "actor": lambda revision, reader: reader.rows.researchers.get(revision.actor),
    "table": lambda revision, _: revision.table_name,
}
