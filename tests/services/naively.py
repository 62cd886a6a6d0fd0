"""What stands in a database, gathered into a record without a word of app/services: for the naive rule."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

from app.domain.answers import Answer, QuantityAnswer
from app.domain.intervals import Interval
from app.domain.moments import Moment
from app.domain.records import Agent, Assessment, Claim, Record, Source
from app.domain.vocabulary import AgentKind, Basis, Modality, Polarity, Stance
from tests.compiler.plain.rows import Attribution, Rows, Stretch
from tests.compiler.plain.rows import Claim as ClaimRow


def make_record(rows: Rows) -> Record:
    return Record(
        agents={
            row.id: Agent(row.id, AgentKind(row.kind), row.part_of, row.merged_into, row.name)
            for row in rows.agents.values()
        },
        sources={
            row.id: Source(
                row.id,
                row.publisher,
                moment_of(row.published_text, row.published),
                row.reprints,
                row.revises,
            )
            for row in rows.sources.values()
        },
        claims={row.id: make_claim(row, rows) for row in rows.claims.values()},
        assessments=[
            Assessment(
                row.id,
                row.claim,
                row.evidence_claim,
                row.evidence_source,
                Stance(row.stance),
                row.recorded_by,
                row.withdrawn_at is not None,
            )
            for row in rows.assessments.values()
        ],
    )


def make_claim(row: ClaimRow, rows: Rows) -> Claim:
    return Claim(
        id=row.id,
        source=row.source,
        question=root_of(row.question, rows),
        basis=Basis(row.basis),
        hops=hops_of(rows.attributions_of.get(row.id, [])),
        answer=answer_of(row),
        asserted=moment_of(row.asserted_text, row.asserted),
        retracted=row.retraction_recorded_by is not None,
        withdrawn=row.withdrawn_at is not None,
    )


def root_of(question: UUID | None, rows: Rows) -> UUID | None:
    """The question under which a claim is compared: the last of those merged into each other."""
    while question is not None and (into := rows.questions[question].merged_into) is not None:
        question = into
    return question


def hops_of(rows: list[Attribution]) -> tuple[tuple[UUID, ...], ...]:
    in_order = sorted(rows, key=lambda row: row.hop)
    return tuple(
        tuple(row.agent for row in together) for _, together in groupby(in_order, key=lambda row: row.hop)
    )


def answer_of(row: ClaimRow) -> Answer | None:
    if row.polarity is not None:
        return Polarity(row.polarity)
    if row.bounds is None:
        return None
    assert row.modality is not None
    bounds = Interval(
        row.bounds.lower,
        row.bounds.upper,
        lower_inclusive=row.bounds.lower_inclusive,
        upper_inclusive=row.bounds.upper_inclusive,
    )
    return QuantityAnswer(Modality(row.modality), bounds)


def moment_of(text: str | None, stretch: Stretch | None) -> Moment | None:
    """The words may have been erased; the stretch of time stays."""
    return None if stretch is None else Moment(text or "", stretch.lower, stretch.upper)
