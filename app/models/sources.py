"""One version of one citable item: an article, a statement, a post. Its text, or a citation alone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlmodel import Field

from app.domain.vocabulary import SourceKind
from app.models.base import (
    Recorded,
    fits_index,
    index_spelling,
    make_restrictable,
    make_searchable,
    not_blank,
    one_of,
    optional_reference,
    optional_text,
    optional_time,
    party_list,
    reference,
    text_field,
)


def moment_is_whole(column: str) -> CheckConstraint:
    """A moment is its words and its stretch of time, both or neither; the stretch is bounded, never empty."""
    return CheckConstraint(
        f"({column} IS NULL) = ({column}_text IS NULL) AND NOT isempty({column})"
        f" AND NOT lower_inf({column}) AND NOT upper_inf({column})",
        name=f"{column}_moment",
    )


class Source(Recorded, table=True):
    """`newest_version` is derived: the last of the versions this one belongs to, itself if never revised.

    `publishers` is derived: the parties that published it, those of what it reprints first, as the rule finds
    them (its own id where its publisher is not known). `text_sha256` is derived by a trigger from `text`, in
    lower-case hexadecimal.
    """

    __table_args__ = (
        one_of("kind", SourceKind),
        not_blank("title"),
        fits_index("url", octets=2048),
        CheckConstraint("reprints <> id", name="reprints_another"),
        CheckConstraint("revises <> id", name="revises_another"),
        CheckConstraint("(text IS NULL) = (text_sha256 IS NULL)", name="text_sha256"),
        moment_is_whole("published"),
        Index("source_revises_key", "revises", unique=True),
        # Of the later versions without a text none is told from another by its text: by what it revises.
        Index("source_url_key", "url", text("coalesce(text_sha256, revises::text, '')"), unique=True),
        Index("source_publisher_idx", "publisher", "id"),
        Index("source_reprints_idx", "reprints"),
        Index("source_newest_version_idx", "newest_version"),
        Index("source_hidden_idx", "id", postgresql_where=text("hidden")),
        Index("source_published_idx", text("coalesce(lower(published), 'infinity')"), "id"),
    )

    kind: str = text_field()
    publisher: UUID | None = optional_reference("agent")
    title: str = text_field()
    url: str | None = optional_text()
    byline: str | None = optional_text()
    language: str | None = optional_text()
    published_text: str | None = optional_text()
    published: Range[datetime] | None = Field(default=None, sa_type=TSTZRANGE, nullable=True)
    retrieved_at: datetime | None = optional_time()
    media_type: str | None = optional_text()
    text: str | None = optional_text()
    text_sha256: str | None = optional_text()
    archive_url: str | None = optional_text()
    reprints: UUID | None = optional_reference("source")
    revises: UUID | None = optional_reference("source")
    newest_version: UUID = reference("source")
    note: str | None = optional_text()
    publishers: list[UUID] = party_list()


make_searchable(
    Source,
    "title || ' ' || coalesce(byline, '') || ' ' || coalesce(url, '') || ' ' || coalesce(text, '')",
)
index_spelling(Source, "title")
make_restrictable(Source)
