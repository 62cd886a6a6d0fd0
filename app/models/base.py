"""The metadata, how constraints are named, and what every recorded row carries.

Text is TEXT, a closed list is TEXT with a CHECK (it migrates more easily than an enum), a time is
TIMESTAMPTZ, a key is `uuidv7()`, so that keys sort by when they were made.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Column, Computed, Index, LargeBinary, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP, TSVECTOR
from sqlmodel import Field, SQLModel

metadata = SQLModel.metadata
metadata.naming_convention = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}

Timestamp = TIMESTAMP(timezone=True)


def one_of(column: str, terms: type[StrEnum], *, name: str | None = None) -> CheckConstraint:
    """A CHECK that the column holds one of the terms (or NULL, where it may be NULL)."""
    values = ", ".join(f"'{term.value}'" for term in terms)
    return CheckConstraint(f"{column} IN ({values})", name=name or column)


def not_blank(column: str) -> CheckConstraint:
    return CheckConstraint(rf"{column} ~ '\S'", name=f"{column}_not_blank")


def fits_index(column: str, *, octets: int, expression: str | None = None) -> CheckConstraint:
    """A CHECK on the length of what a B-tree keeps: a row of an index has 2,704 bytes at most."""
    return CheckConstraint(f"octet_length({expression or column}) <= {octets}", name=f"{column}_length")


def text_field(**options: Any) -> Any:
    """A NOT NULL TEXT column."""
    return Field(sa_type=Text, **options)


def optional_text() -> Any:
    """A nullable TEXT column."""
    return Field(default=None, sa_type=Text, nullable=True)


def recorded_now() -> Any:
    """A NOT NULL TIMESTAMPTZ column that Postgres fills with the time of the transaction."""
    return Field(
        default=None,
        sa_type=Timestamp,
        nullable=False,
        sa_column_kwargs={"server_default": text("now()")},
    )


def optional_time() -> Any:
    """A nullable TIMESTAMPTZ column."""
    return Field(default=None, sa_type=Timestamp, nullable=True)


def optional_bytes() -> Any:
    """A nullable BYTEA column."""
    return Field(default=None, sa_type=LargeBinary, nullable=True)


def first_version() -> Any:
    """The `version` column: 1 when recorded, one more at each amendment."""
    return Field(default=1, nullable=False, sa_column_kwargs={"server_default": text("1")})


def flag() -> Any:
    """A NOT NULL BOOLEAN column, false unless said."""
    return Field(default=False, nullable=False, sa_column_kwargs={"server_default": text("false")})


def reference(target: str) -> Any:
    """A NOT NULL foreign key to the key of `target`."""
    return Field(foreign_key=f"{target}.id", nullable=False)


def optional_reference(target: str) -> Any:
    """A nullable foreign key to the key of `target`."""
    return Field(default=None, foreign_key=f"{target}.id", nullable=True)


def party_list() -> Any:
    """A NOT NULL UUID[] column of parties: agents, or sources whose publisher is not known. Derived."""
    return Field(
        default_factory=list,
        sa_type=ARRAY(Uuid),
        nullable=False,
        sa_column_kwargs={"server_default": text("'{}'")},
    )


class Keyed(SQLModel):
    """A row with a key that Postgres makes, in order of time."""

    id: UUID = Field(
        default=None, primary_key=True, nullable=False, sa_column_kwargs={"server_default": text("uuidv7()")}
    )


class Recorded(Keyed):
    """A row that somebody recorded. `version` counts its amendments; the first is 1."""

    version: int = first_version()
    recorded_by: UUID = reference("researcher")
    recorded_at: datetime = recorded_now()


def declared_table(model: type[SQLModel]) -> Table:
    """The table of a model, which SQLModel declares no attribute for."""
    return model.metadata.tables[str(model.__tablename__)]


def make_searchable(model: type[SQLModel], content: str, *, newest: bool = False) -> None:
    """Give the table a generated column `words` of the SQL expression `content`, and its index.

    `newest`: whether the index can stay among the newest rows (stretches.py). The column stands on the table
    alone: a row that is loaded to be changed does not bring its words along.
    """
    table = declared_table(model)
    table.append_column(Column("words", TSVECTOR, Computed(f"words_of({content})", persisted=True)))
    stretches = (text("stretches_of(recorded_at, words)"),) if newest else ()
    Index(f"{table.name}_words_idx", table.c.words, *stretches, postgresql_using="gin")


def make_restrictable(model: type[SQLModel]) -> None:
    """Give the table `restricted`, as it was said, and `hidden`, which follows: outsiders see no such row.

    `hidden` is derived by the triggers of functions.py: a row is, if it or what it stands in is restricted.
    """
    table = declared_table(model)
    for name in ("restricted", "hidden"):
        table.append_column(Column(name, Boolean, nullable=False, server_default=text("false")))


def index_spelling(model: type[SQLModel], name: str, *, where: str | None = None, prefix: str = "") -> None:
    """Give the table an index of near spellings of the SQL expression `name`."""
    table = declared_table(model)
    index = Index(
        f"{table.name}_{prefix}spelling_idx",
        text(f"spelled({name}) gin_trgm_ops"),
        postgresql_using="gin",
        postgresql_where=None if where is None else text(where),
    )
    table.append_constraint(index)
