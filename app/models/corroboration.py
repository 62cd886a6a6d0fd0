"""What the rule makes of each claim, and the history of that. Derived: written by the rule, never typed in.

Which claims were compared is not stored. The view `evidence` finds them, by the same predicates as the
rule (`answer_backs`, `answer_conflicts`): a test holds the two equal.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, Range
from sqlmodel import Field, SQLModel

from app.domain.corroboration import RULE_VERSION
from app.domain.vocabulary import Status
from app.models.base import (
    flag,
    one_of,
    optional_bytes,
    optional_text,
    party_list,
    recorded_now,
    reference,
    text_field,
)


class Corroboration(SQLModel, table=True):
    """One row a claim. `live`: whether the claim takes part as evidence for and against others.

    `lines` is {"FOR": [[party, …], …], "AGAINST": […]}: the independent lines themselves, each a path of
    parties, origin first; `weakest_links` and `named` are lists of parties. A party is the id of an agent, or
    of the source whose publisher is not known. `named`: the parties that the explanation names.
    `chain`: every party the claim itself passed through, origin first, publishers last, none twice (empty for
    UNATTRIBUTED); `origins`: the parties of its first hop, or the first publisher of a FIRSTHAND claim.
    `said`: the claim's moment as the rule takes it, its own or that of its publication; NULL without any.
    `outside_explanation`: the explanation with pseudonyms, where it names a protected agent; else NULL.
    `outside_lines`, `outside_weakest_links`: what outsiders see of them, where restricted claims or sources
    make a difference; else NULL. A line that only such ones carry is [], and their parties are left out.
    `hidden` is that of the claim.
    `lines_digest` is of `lines` and `outside_lines`, `digest` of all else that the rule gives. NULL:
    nobody vouches for the row, as when it was changed without them.
    """

    __table_args__ = (
        one_of("status", Status),
        CheckConstraint(
            "lines_for >= 0 AND lines_against >= 0 AND reports_for >= 0 AND reports_against >= 0",
            name="figures",
        ),
        Index("corroboration_chain_idx", "chain", postgresql_using="gin"),
        Index("corroboration_origins_idx", "origins", postgresql_using="gin"),
        Index(
            "corroboration_named_idx",
            "named",
            postgresql_using="gin",
            postgresql_ops={"named": "jsonb_path_ops"},
        ),
        Index("corroboration_status_idx", "status", "claim"),
        Index("corroboration_disagreed_idx", "claim", postgresql_where=text("disagreed")),
        Index("corroboration_lines_for_idx", "lines_for", "claim"),
        Index("corroboration_lines_against_idx", "lines_against", "claim"),
        # Empty but for the time between a new version of the rule and `sayso recompute`.
        Index(
            "corroboration_older_rule_idx", "claim", postgresql_where=text(f"rule_version < {RULE_VERSION}")
        ),
    )

    claim: UUID = Field(primary_key=True, foreign_key="claim.id", nullable=False)
    status: str = text_field()
    live: bool = Field(nullable=False)
    lines_for: int = Field(nullable=False)
    lines_against: int = Field(nullable=False)
    lines_exact: bool = Field(nullable=False)
    reports_for: int = Field(nullable=False)
    reports_against: int = Field(nullable=False)
    lines: dict[str, list[list[str]]] = Field(sa_type=JSONB, nullable=False)
    weakest_links: list[str] = Field(sa_type=JSONB, nullable=False)
    explanation: str = text_field()
    named: list[str] = Field(sa_type=JSONB, nullable=False)
    disagreed: bool = flag()
    rule_version: int = Field(nullable=False)
    chain: list[UUID] = party_list()
    origins: list[UUID] = party_list()
    said: Range[datetime] | None = Field(default=None, sa_type=TSTZRANGE, nullable=True)
    outside_explanation: str | None = optional_text()
    outside_lines: dict[str, list[list[str]]] | None = Field(default=None, sa_type=JSONB, nullable=True)
    outside_weakest_links: list[str] | None = Field(default=None, sa_type=JSONB, nullable=True)
    hidden: bool = flag()
    digest: bytes | None = optional_bytes()
    lines_digest: bytes | None = optional_bytes()


class StatusChange(SQLModel, table=True):
    """What the corroboration of a claim became, since when, and by which revision. Written by a trigger.

    `transaction` orders changes by commit, as that of a revision does. NULL: from before it was kept.
    """

    __tablename__ = "status_change"
    __table_args__ = (
        one_of("status", Status),
        Index("status_change_claim_idx", "claim", "id"),
        Index("status_change_revision_idx", "revision"),
        Index("status_change_transaction_idx", text("(transaction::xid8)"), "id"),
    )

    id: int = Field(default=None, sa_column=Column("id", BigInteger, Identity(always=True), primary_key=True))
    claim: UUID = reference("claim")
    status: str = text_field()
    lines_for: int = Field(nullable=False)
    lines_against: int = Field(nullable=False)
    reports_for: int = Field(nullable=False)
    reports_against: int = Field(nullable=False)
    since: datetime = recorded_now()
    revision: int | None = Field(
        default=None, sa_column=Column("revision", BigInteger, ForeignKey("revision.id"), nullable=True)
    )
    transaction: str | None = Field(
        default=None,
        sa_column=Column(
            "transaction", Text, nullable=True, server_default=text("pg_current_xact_id()::text")
        ),
    )
