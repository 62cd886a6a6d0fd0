"""One statement found in one source, and the hops it passed through."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import NUMRANGE, TSTZRANGE, Range
from sqlmodel import Field

from app.domain.vocabulary import Basis, Channel, Modality, Mode, Polarity, QuoteStatus
from app.models.base import (
    Keyed,
    Recorded,
    first_version,
    make_restrictable,
    make_searchable,
    not_blank,
    one_of,
    optional_reference,
    optional_text,
    optional_time,
    recorded_now,
    reference,
    text_field,
)
from app.models.sources import moment_is_whole


class Claim(Recorded, table=True):
    """`question` is the one it was recorded for; `question_root` (derived) the one it is compared under.

    `quote_status` is derived: where the quote stands in the newest version of the source.
    The figures of its corroboration stand in a row of their own, which every claim has.
    """

    __table_args__ = (
        one_of("basis", Basis),
        one_of("polarity", Polarity),
        one_of("modality", Modality),
        one_of("quote_status", QuoteStatus),
        not_blank("statement"),
        CheckConstraint("quote_exact <> ''", name="quote_not_empty"),
        CheckConstraint(
            "(quote_start IS NULL) = (quote_end IS NULL) AND quote_start >= 0"
            " AND quote_end - quote_start = char_length(quote_exact)",
            name="quote_position",
        ),
        CheckConstraint(
            "(question IS NULL) = (question_kind IS NULL) AND (question IS NULL) = (question_root IS NULL)",
            name="question",
        ),
        # An answer is what its question asks for: a quantity on QUANTITY, a polarity on YES_NO, else none.
        CheckConstraint(
            "(bounds IS NOT NULL) = (coalesce(question_kind, '') = 'QUANTITY')", name="quantity_answers"
        ),
        CheckConstraint(
            "(polarity IS NOT NULL) = (coalesce(question_kind, '') = 'YES_NO')", name="polarity_answers"
        ),
        CheckConstraint(
            "(bounds IS NULL) = (quantity_text IS NULL) AND (bounds IS NULL) = (modality IS NULL)"
            " AND (bounds IS NULL) = (bounds_given IS NULL) AND NOT isempty(bounds)",
            name="quantity_is_whole",
        ),
        moment_is_whole("asserted"),
        moment_is_whole("retracted"),
        CheckConstraint(
            "(retracted IS NULL) = (retraction_reason IS NULL)"
            " AND (retracted IS NULL) = (retraction_recorded_by IS NULL)"
            " AND (retracted IS NULL) = (retraction_recorded_at IS NULL)",
            name="retraction_is_whole",
        ),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)"
            " AND (withdrawn_at IS NULL) = (withdrawal_reason IS NULL)",
            name="withdrawal_is_whole",
        ),
        ForeignKeyConstraint(
            ["question", "question_kind"], ["question.id", "question.kind"], name="claim_question_kind_fkey"
        ),
        # Every claim has its corroboration when the transaction ends: one cannot be read without the other.
        ForeignKeyConstraint(
            ["id"],
            ["corroboration.claim"],
            name="claim_corroboration_fkey",
            use_alter=True,
            deferrable=True,
            initially="DEFERRED",
        ),
        Index(
            "claim_once_key",
            "source",
            "question",
            text("md5(quote_exact)"),
            "quote_start",
            text("md5(statement)"),
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("claim_source_idx", "source", "id"),
        Index("claim_question_idx", "question"),
        Index("claim_question_root_idx", "question_root", "id"),
        Index("claim_asserted_idx", text("coalesce(lower(asserted), 'infinity')"), "id"),
        Index("claim_bounds_idx", "bounds", postgresql_using="gist"),
        Index("claim_hidden_idx", "id", postgresql_where=text("hidden")),
    )

    source: UUID = reference("source")
    question: UUID | None = Field(default=None, nullable=True)
    question_kind: str | None = optional_text()
    question_root: UUID | None = optional_reference("question")
    statement: str = text_field()
    quote_exact: str = text_field()
    quote_prefix: str | None = optional_text()
    quote_suffix: str | None = optional_text()
    quote_start: int | None = None
    quote_end: int | None = None
    quote_status: str = text_field(sa_column_kwargs={"server_default": text(f"'{QuoteStatus.UNCHECKED}'")})
    basis: str = text_field()
    polarity: str | None = optional_text()
    quantity_text: str | None = optional_text()
    modality: str | None = optional_text()
    bounds: Range[Decimal] | None = Field(default=None, sa_type=NUMRANGE, nullable=True)
    bounds_given: bool | None = None
    asserted_text: str | None = optional_text()
    asserted: Range[datetime] | None = Field(default=None, sa_type=TSTZRANGE, nullable=True)
    note: str | None = optional_text()
    retracted_text: str | None = optional_text()
    retracted: Range[datetime] | None = Field(default=None, sa_type=TSTZRANGE, nullable=True)
    retraction_reason: str | None = optional_text()
    retraction_url: str | None = optional_text()
    retraction_recorded_by: UUID | None = optional_reference("researcher")
    retraction_recorded_at: datetime | None = optional_time()
    withdrawn_at: datetime | None = optional_time()
    withdrawn_by: UUID | None = optional_reference("researcher")
    withdrawal_reason: str | None = optional_text()


make_searchable(
    Claim,
    "statement || ' ' || quote_exact",
    newest=True,
)
make_restrictable(Claim)


class Attribution(Keyed, table=True):
    """One agent at one hop. `hop` counts from 1, the origin; joint speakers share a hop.

    `bounds` is derived by the triggers of hops.py: those of the claim.
    """

    __table_args__ = (
        CheckConstraint("hop >= 1", name="hop"),
        one_of("mode", Mode),
        one_of("channel", Channel),
        # The claims of an agent are read in this order, and narrowed to a quantity, from the index alone.
        Index(
            "attribution_agent_claim_hop_key",
            *("agent", "claim", "hop"),
            unique=True,
            postgresql_include=["bounds"],
        ),
        # As chains are.
        Index("attribution_chain_idx", "claim", "hop", "id", postgresql_include=["agent"]),
    )

    claim: UUID = reference("claim")
    hop: int = Field(nullable=False)
    agent: UUID = reference("agent")
    cue: str | None = optional_text()
    mode: str | None = optional_text()
    channel: str = text_field(sa_column_kwargs={"server_default": text(f"'{Channel.UNSTATED}'")})
    version: int = first_version()
    recorded_by: UUID = reference("researcher")
    recorded_at: datetime = recorded_now()
    bounds: Range[Decimal] | None = Field(default=None, sa_type=NUMRANGE, nullable=True)
