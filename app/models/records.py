"""The log and what keeps writes safe: revisions, seals, idempotency keys, and what was imported."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from app.models.base import (
    Recorded,
    Timestamp,
    fits_index,
    not_blank,
    optional_reference,
    optional_text,
    recorded_now,
    reference,
    text_field,
)


class Revision(SQLModel, table=True):
    """One change to one recorded row, written by a trigger in the same transaction. Append-only.

    `subject` is the row it belongs to for a reader: the claim, for a hop of its chain; else the row itself.
    `transaction` orders revisions by commit (a lower id may commit later).
    """

    __table_args__ = (
        CheckConstraint("operation IN ('INSERT', 'UPDATE', 'DELETE')", name="operation"),
        Index("revision_subject_idx", "subject", "id"),
        # Claims that were moved from one question to another, by the one they were on.
        Index(
            "revision_moved_idx",
            text("(before ->> 'question')"),
            "row_id",
            postgresql_where=text(
                "table_name = 'claim' AND operation = 'UPDATE'"
                " AND (before ->> 'question') IS DISTINCT FROM (after ->> 'question')"
            ),
        ),
    )

    id: int = Field(default=None, sa_column=Column("id", BigInteger, Identity(always=True), primary_key=True))
    at: datetime = recorded_now()
    actor: UUID | None = optional_reference("researcher")
    reason: str | None = optional_text()
    table_name: str = text_field()
    row_id: UUID = Field(nullable=False)
    subject: UUID = Field(nullable=False)
    operation: str = text_field()
    before: dict[str, Any] | None = Field(default=None, sa_type=JSONB, nullable=True)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSONB, nullable=True)
    transaction: str = Field(
        default=None,
        sa_column=Column(
            "transaction", Text, nullable=False, server_default=text("pg_current_xact_id()::text")
        ),
    )


class Act(SQLModel, table=True):
    """A transaction that wrote revisions, and when it ended: as a trigger at its commit read the clock.

    Whoever saw what it wrote ends later, so that acts in the order of `ended` are in the order in which they
    could see each other. `revision.at` is when it began. A server counts its transactions from the beginning,
    so that after a restore into another one a number comes again: the act of a revision is the last one of
    its number that did not begin after it.
    """

    transaction: str = Field(
        default=None,
        primary_key=True,
        sa_type=Text,
        nullable=False,
        sa_column_kwargs={"server_default": text("pg_current_xact_id()::text")},
    )
    ended: datetime = Field(
        default=None,
        sa_type=Timestamp,
        nullable=False,
        sa_column_kwargs={"server_default": text("clock_timestamp()")},
    )
    first_revision: int = Field(primary_key=True, sa_type=BigInteger, nullable=False)


class SealedRevision(SQLModel, table=True):
    """The link of one revision in the chain of hashes, in the order in which revisions were sealed.

    `seed` gives each field of the revision its salt. Where a value was redacted there is none: `kept` has
    {field: {"salt": hex}} of the fields that still stand and {field: {"digest": hex}} of those that do not.
    """

    __tablename__ = "sealed_revision"
    __table_args__ = (
        CheckConstraint("(seed IS NULL) = (kept IS NOT NULL)", name="erased"),
        Index("sealed_revision_revision_key", "revision", unique=True),
    )

    position: int = Field(sa_column=Column("position", BigInteger, primary_key=True, autoincrement=False))
    # No foreign key: its check would write a lock into each row of the log.
    revision: int = Field(sa_type=BigInteger, nullable=False)
    seed: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)
    hash: bytes = Field(sa_type=LargeBinary, nullable=False)
    kept: dict[str, Any] | None = Field(default=None, sa_type=JSONB, nullable=True)


class Seal(SQLModel, table=True):
    """The chain up to `last_position`, closed: noted elsewhere, its `id` and `hash` pin all before it.

    Where a run of sealing came to its end: `complete_below`, the transactions below which are all sealed,
    `next_transaction`, the first that had not begun, and `newest_revision`, the last id given out by then.
    """

    __table_args__ = (
        Index("seal_last_revision_key", "last_revision", unique=True),
        Index("seal_last_position_key", "last_position", unique=True),
    )

    id: int = Field(default=None, sa_column=Column("id", BigInteger, Identity(always=True), primary_key=True))
    sealed_at: datetime = recorded_now()
    last_revision: int = Field(sa_type=BigInteger, nullable=False, foreign_key="revision.id")
    previous_hash: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)
    hash: bytes = Field(sa_type=LargeBinary, nullable=False)
    last_position: int = Field(sa_type=BigInteger, nullable=False)
    complete_below: int | None = Field(default=None, sa_type=BigInteger, nullable=True)
    next_transaction: int | None = Field(default=None, sa_type=BigInteger, nullable=True)
    newest_revision: int | None = Field(default=None, sa_type=BigInteger, nullable=True)


class Redaction(Recorded, table=True):
    """An erasure: of which row (and for a reader, of what it belongs to), which columns, and why.

    In the log as any record is, and the only reason for which the log lets a value be replaced.
    """

    __table_args__ = (not_blank("reason"), Index("redaction_row_id_idx", "row_id"))

    table_name: str = text_field()
    row_id: UUID = Field(nullable=False)
    subject: UUID = Field(nullable=False)
    fields: list[str] = Field(sa_type=ARRAY(Text), nullable=False)
    reason: str = text_field()


class IdempotencyKey(SQLModel, table=True):
    """The first answer to a key: the same key with the same request (`request_sha256`) gets it again."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        not_blank("key"),
        fits_index("key", octets=1000),
        Index("idempotency_key_created_at_idx", "created_at"),
    )

    researcher: UUID = Field(primary_key=True, foreign_key="researcher.id", nullable=False)
    key: str = Field(primary_key=True, sa_type=Text, nullable=False)
    request_sha256: bytes = Field(sa_type=LargeBinary, nullable=False)
    answer: dict[str, Any] = Field(sa_type=JSONB, nullable=False)
    created_at: datetime = recorded_now()


class Imported(SQLModel, table=True):
    """Which entry of a bundle became which row. `entry_sha256` tells when an entry changed."""

    __table_args__ = (
        fits_index("bundle", octets=1000),
        fits_index("key", octets=1000),
        Index("imported_row_id_idx", "row_id"),
        # Entries that another bundle names by their global key.
        Index("imported_key_idx", "key", "table_name"),
    )

    bundle: str = Field(primary_key=True, sa_type=Text, nullable=False)
    table_name: str = Field(primary_key=True, sa_type=Text, nullable=False)
    key: str = Field(primary_key=True, sa_type=Text, nullable=False)
    row_id: UUID = Field(nullable=False)
    entry_sha256: str = text_field()
    recorded_by: UUID = reference("researcher")
    recorded_at: datetime = recorded_now()
