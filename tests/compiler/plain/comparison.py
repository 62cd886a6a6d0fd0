"""Every answer to one question, by who gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.compiler.plain.reader import Fields, Reader
from tests.compiler.plain.rows import Claim, Corroboration, Question, Stretch


@dataclass(frozen=True)
class Comparison:
    question: Question


@dataclass(frozen=True)
class OriginPositions:
    party: UUID | None
    claims: list[Claim]


def compared(reader: Reader, question: Question) -> list[tuple[Claim, Corroboration]]:
    return [
        (claim, reader.rows.corroborations[claim.id])
        for claim in reader.rows.claims.values()
        if claim.question_root == question.root and claim.withdrawn_at is None
    ]


def origins_of(comparison: Comparison, reader: Reader) -> list[OriginPositions]:
    by_party: dict[UUID | None, list[tuple[Claim, Corroboration]]] = {}
    for claim, corroboration in compared(reader, comparison.question):
        parties: list[UUID | None] = [*corroboration.origins] or [None]
        for party in parties:
            by_party.setdefault(party, []).append((claim, corroboration))
    for spoken in by_party.values():
        spoken.sort(key=lambda each: (start_of(each[1].said), each[0].id))

    def first(party: UUID | None) -> Any:
        return (party is None, start_of(by_party[party][0][1].said), party or UUID(int=0))

    return [
        OriginPositions(party, [claim for claim, _ in by_party[party]])
        for party in sorted(by_party, key=first)
    ]


def start_of(said: Stretch | None) -> tuple[bool, Any]:
    """Orders what has no moment after all that has."""
    return (said is None, said.lower if said is not None else None)


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
    "positions": lambda positions, reader: [
        reader.rows.corroborations[claim.id] for claim in positions.claims
    ],
}

POSITION: Fields = {
    "claim": lambda corroboration, reader: reader.rows.claims[corroboration.claim],
}

STRETCH: Fields = {
    "from": lambda stretch, _: stretch.lower,
    "to": lambda stretch, _: stretch.upper,
}
