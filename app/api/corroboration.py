"""What the rule makes of a claim, and why."""

from __future__ import annotations

import datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

from app.api.connections import Connection
from app.api.declaring import described, read_field, read_type
from app.api.nodes import Agent, Claim, Source
from app.api.parts import Revision
from app.domain.vocabulary import EvidenceBasis, Side, Status


@read_type
class UnknownPublisher:
    """The party of a source whose publisher is not known."""

    source: Source


Party = Annotated[
    Agent | UnknownPublisher,
    strawberry.union("Party", description="Whom a chain passes through, as the rule counts it."),
]


@read_type
class Line:
    """One independent line: a path of parties, origin first. No two lines of a side share a party."""

    side: Side
    parties: list[Party]


@read_type
class Evidence:
    """What stands for or against a claim: another claim, or a source."""

    side: Side
    basis: EvidenceBasis = described("COMPARISON of two answers, or a researcher's ASSESSMENT.")
    claim: Claim | None
    source: Source | None = described("Set where a source itself is the evidence.")
    chain: list[Party] = described("The parties it passed through, origin first. Empty: nobody is named.")


@read_type
class StatusChange:
    """What the corroboration of a claim became."""

    id: strawberry.ID
    claim: Claim
    status: Status
    lines_for: int
    lines_against: int
    reports_for: int
    reports_against: int
    since: datetime.datetime
    revision: Revision | None = described("The change that caused it.")


@read_type
class Corroboration:
    """The status of a claim by the published rule, with its figures. Never typed in."""

    status: Status
    lines_for: int = described("Independent lines for the claim.")
    lines_against: int = described("Independent lines against it.")
    lines_exact: bool = described("False: the lines are at least this many.")
    reports_for: int
    reports_against: int
    weakest_links: list[Party] = described("The fewest parties who would all have to be wrong.")
    disagreed: bool = described("Researchers differ on a piece of evidence.")
    explanation: str
    rule_version: int

    @read_field
    def lines(self, side: Side | None = None) -> list[Line]:
        """The independent lines of a side, or of both."""

    @read_field
    def evidence(
        self,
        side: Side | None = UNSET,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Evidence]:
        """What stands for it (itself included), then what stands against it."""

    @read_field
    def changes(
        self,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[StatusChange]:
        """What it was before, oldest first."""
