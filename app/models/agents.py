"""Anyone who can say or publish something."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from app.domain.vocabulary import AgentKind
from app.models.base import (
    Recorded,
    declared_table,
    fits_index,
    flag,
    index_spelling,
    make_searchable,
    not_blank,
    one_of,
    optional_reference,
    optional_text,
    reference,
    text_field,
)
from app.models.outsiders import OUTSIDE_ALIASES, OUTSIDE_NAME, OUTSIDE_PART_OF, OUTSIDE_PARTY, OUTSIDE_WORDS


class Agent(Recorded, table=True):
    """`party` is derived: the root of the `part_of` chain, a merged agent standing for its target."""

    __table_args__ = (
        one_of("kind", AgentKind),
        not_blank("name"),
        fits_index("name", octets=2048, expression="lower(name)"),
        CheckConstraint("part_of <> id", name="part_of_another"),
        CheckConstraint("merged_into <> id", name="merged_into_another"),
        CheckConstraint("wikidata_id ~ '^Q[1-9][0-9]{0,15}$'", name="wikidata_id"),
        CheckConstraint("NOT protected OR pseudonym IS NOT NULL", name="protected_has_pseudonym"),
        CheckConstraint("array_position(aliases, NULL) IS NULL", name="aliases_not_null"),
        Index("agent_part_of_idx", "part_of"),
        Index("agent_party_idx", "party"),
        Index("agent_merged_into_idx", "merged_into"),
        # Each write of words asks for all of them.
        Index("agent_protected_idx", "id", postgresql_where=text("protected")),
        Index(
            "agent_wikidata_id_key",
            "wikidata_id",
            unique=True,
            postgresql_where=text("merged_into IS NULL"),
        ),
        Index("agent_name_idx", text("lower(name)"), "id"),
        # The same for outsiders, of what they see.
        Index("agent_outside_name_idx", text(f"lower({OUTSIDE_NAME})"), "id"),
        Index("agent_outside_part_of_idx", text(f"({OUTSIDE_PART_OF})")),
        Index("agent_outside_party_idx", text(f"({OUTSIDE_PARTY})")),
    )

    kind: str = text_field()
    name: str = text_field()
    aliases: list[str] = Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        nullable=False,
        sa_column_kwargs={"server_default": text("'{}'")},
    )
    description: str | None = optional_text()
    part_of: UUID | None = optional_reference("agent")
    party: UUID = reference("agent")
    merged_into: UUID | None = optional_reference("agent")
    wikidata_id: str | None = optional_text()
    protected: bool = flag()
    pseudonym: str | None = optional_text()


make_searchable(
    Agent,
    "joined(aliases || ARRAY[name, coalesce(description, '')])",
)
index_spelling(Agent, "name || ' ' || joined(aliases)", where="NOT protected")
index_spelling(
    Agent, f"({OUTSIDE_NAME}) || ' ' || joined({OUTSIDE_ALIASES})", where="NOT protected", prefix="outside_"
)
declared_table(Agent).append_constraint(
    Index("agent_outside_words_idx", text(f"({OUTSIDE_WORDS})"), postgresql_using="gin")
)
