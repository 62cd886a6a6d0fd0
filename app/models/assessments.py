"""A researcher's recorded judgement on a claim, by one piece of evidence."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from app.domain.vocabulary import Stance
from app.models.base import (
    Recorded,
    not_blank,
    one_of,
    optional_reference,
    optional_text,
    optional_time,
    reference,
    text_field,
)


class Assessment(Recorded, table=True):
    """Several researchers may judge one pair and differ; each has one standing judgement on it."""

    __table_args__ = (
        one_of("stance", Stance),
        not_blank("rationale"),
        CheckConstraint("num_nonnulls(evidence_claim, evidence_source) = 1", name="one_evidence"),
        CheckConstraint("evidence_claim <> claim", name="not_by_itself"),
        CheckConstraint("credibility BETWEEN 1 AND 6", name="credibility"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)"
            " AND (withdrawn_at IS NULL) = (withdrawal_reason IS NULL)",
            name="withdrawal_is_whole",
        ),
        Index(
            "assessment_once_key",
            "claim",
            "evidence_claim",
            "evidence_source",
            "recorded_by",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("assessment_claim_idx", "claim", "id"),
        Index("assessment_evidence_claim_idx", "evidence_claim"),
        Index("assessment_evidence_source_idx", "evidence_source"),
        Index("assessment_recorded_by_idx", "recorded_by", "id"),
    )

    claim: UUID = reference("claim")
    evidence_claim: UUID | None = optional_reference("claim")
    evidence_source: UUID | None = optional_reference("source")
    stance: str = text_field()
    rationale: str = text_field()
    credibility: int | None = Field(default=None, nullable=True)
    withdrawn_at: datetime | None = optional_time()
    withdrawn_by: UUID | None = optional_reference("researcher")
    withdrawal_reason: str | None = optional_text()
