"""Every answer to one question, by who gives it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.compiler.plain.connections import Connection, connect
from tests.compiler.plain.reader import Fields, Reader
from tests.compiler.plain.rows import Claim, Corroboration, Question, Stretch


@dataclass(frozen=True)
class Comparison:
    question: Question


@dataclass(frozen=True)
class OriginPositions:
    party: UUID | None
    first: datetime | None
    spoken: list[Corroboration]


def compared(reader: Reader, question: Question) -> list[tuple[Claim, Corroboration]]:
    return [
        (claim, reader.rows.corroborations[claim.id])
        for claim in reader.rows.claims.values()
        if claim.question_root == question.root and claim.withdrawn_at is None
    ]


def origins_of(comparison: Comparison, reader: Reader, **arguments: Any) -> Connection:
    by_party: dict[UUID | None, list[Corroboration]] = {}
    for _, corroboration in compared(reader, comparison.question):
        for party in parties_of(corroboration):
            by_party.setdefault(party, []).append(corroboration)
    origins = [OriginPositions(party, first_of(party, spoken), spoken) for party, spoken in by_party.items()]
    return connect("OriginPositionsConnection", origins, arguments)


def parties_of(corroboration: Corroboration) -> list[UUID | None]:
    """Whom a claim comes from: nobody, if nobody is named."""
    return [*corroboration.origins] or [None]


def first_of(party: UUID | None, spoken: list[Corroboration]) -> datetime | None:
    """When a party first spoke; of nobody that is not asked."""
    if party is None:
        return None
    return min((each.said.lower for each in spoken if each.said is not None), default=None)


def standing_of(comparison: Comparison, reader: Reader) -> Stretch | None:
    figures = [
        claim.bounds
        for claim, corroboration in compared(reader, comparison.question)
        if corroboration.live and corroboration.origins and claim.bounds is not None
    ]
    if not figures:
        return None
    # An open end reaches furthest; of two equal ends the one that is included.
    lowest = min(figures, key=lambda r: (r.lower is not None, r.lower, not r.lower_inclusive))
    highest = max(figures, key=lambda r: (r.upper is None, r.upper, r.upper_inclusive))
    return Stretch(lowest.lower, highest.upper, lowest.lower_inclusive, highest.upper_inclusive)


COMPARISON: Fields = {"origins": origins_of, "standing": standing_of}

ORIGIN_POSITIONS: Fields = {
    "origin": lambda positions, reader: reader.party(positions.party) if positions.party else None,
    "positions": lambda positions, _, **arguments: connect("PositionConnection", positions.spoken, arguments),
}

POSITION: Fields = {
    "claim": lambda corroboration, reader: reader.rows.claims[corroboration.claim],
}

STRETCH: Fields = {
    "from": lambda stretch, _: stretch.lower,
    "to": lambda stretch, _: stretch.upper,
}
