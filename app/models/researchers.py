"""Who records: researchers, and the tokens they sign in with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field

from app.domain.vocabulary import Role, TokenPurpose
from app.models.base import (
    Keyed,
    first_version,
    fits_index,
    not_blank,
    one_of,
    optional_reference,
    optional_text,
    optional_time,
    recorded_now,
    reference,
    text_field,
)


class Researcher(Keyed, table=True):
    __table_args__ = (
        one_of("role", Role),
        not_blank("name"),
        fits_index("name", octets=2048),
        fits_index("email", octets=320, expression="lower(email)"),
        Index("researcher_name_key", "name", unique=True),
        Index("researcher_email_key", text("lower(email)"), unique=True),
    )

    name: str = text_field()
    email: str | None = optional_text()
    role: str = text_field(sa_column_kwargs={"server_default": text(f"'{Role.RESEARCHER}'")})
    version: int = first_version()
    recorded_at: datetime = recorded_now()
    disabled_at: datetime | None = optional_time()


class Identity(Keyed, table=True):
    """The subject by which an OpenID Connect provider knows a researcher."""

    __table_args__ = (
        Index("identity_subject_key", "issuer", "subject", unique=True),
        Index("identity_researcher_idx", "researcher"),
        not_blank("issuer"),
        not_blank("subject"),
        fits_index("issuer", octets=1000),
        fits_index("subject", octets=1000),
    )

    issuer: str = text_field()
    subject: str = text_field()
    researcher: UUID = reference("researcher")
    recorded_at: datetime = recorded_now()


class Token(Keyed, table=True):
    """A secret a researcher holds; only its SHA-256 is stored. `prefix` tells tokens apart in a list.

    `made_with`: the token with which this one was asked for.
    """

    __table_args__ = (
        Index("token_hash_key", "hash", unique=True),
        Index("token_researcher_idx", "researcher"),
        Index("token_prefix_key", "prefix", unique=True),
        Index("token_made_with_idx", "made_with", postgresql_where=text("made_with IS NOT NULL")),
        not_blank("name"),
        one_of("role", Role),
        one_of("purpose", TokenPurpose),
    )

    researcher: UUID = reference("researcher")
    hash: bytes = Field(sa_type=LargeBinary, nullable=False)
    prefix: str = text_field()
    created_at: datetime = recorded_now()
    expires_at: datetime | None = optional_time()
    last_used_at: datetime | None = optional_time()
    revoked_at: datetime | None = optional_time()
    name: str = text_field()
    role: str = text_field()
    purpose: str = text_field(sa_column_kwargs={"server_default": text(f"'{TokenPurpose.ACCESS}'")})
    made_with: UUID | None = optional_reference("token")
