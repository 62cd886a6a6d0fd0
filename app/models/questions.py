"""What happened, and what is asked about it, so that claims can be compared."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from app.domain.vocabulary import QuestionKind
from app.models.base import (
    Recorded,
    index_spelling,
    make_searchable,
    not_blank,
    one_of,
    optional_reference,
    optional_text,
    reference,
    text_field,
)


class Event(Recorded, table=True):
    __table_args__ = (
        not_blank("title"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="coordinates"),
    )

    title: str = text_field()
    description: str | None = optional_text()
    starts_on: date | None = None
    ends_on: date | None = None
    place: str | None = optional_text()
    latitude: float | None = None
    longitude: float | None = None


make_searchable(
    Event,
    "title || ' ' || coalesce(place, '') || ' ' || coalesce(description, '')",
)
index_spelling(Event, "title")


class Question(Recorded, table=True):
    """`root` is derived: the question this one was merged into, at the end of that chain, or itself."""

    __table_args__ = (
        one_of("kind", QuestionKind),
        not_blank("text"),
        CheckConstraint("merged_into <> id", name="merged_into_another"),
        # So that a claim's foreign key can carry the kind, and a CHECK tie its answer to it.
        UniqueConstraint("id", "kind", name="question_id_kind_key"),
        Index("question_event_idx", "event", "id"),
        Index("question_root_idx", "root"),
        Index("question_merged_into_idx", "merged_into"),
    )

    kind: str = text_field()
    text: str = text_field()
    event: UUID | None = optional_reference("event")
    unit: str | None = optional_text()
    counted: str | None = optional_text()
    merged_into: UUID | None = optional_reference("question")
    root: UUID = reference("question")


make_searchable(
    Question,
    "text || ' ' || coalesce(counted, '') || ' ' || coalesce(unit, '')",
)
index_spelling(Question, "text")
