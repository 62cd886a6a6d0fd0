"""The row at hand while a plan is made, and what is joined beside it."""

from __future__ import annotations

from dataclasses import dataclass

from app.compiler.catalog import NODE_SOURCES
from app.compiler.columns import columns_of
from app.compiler.plan import Condition, Fragment, Join, Lookup, Parameter, Rows, SortKey

# Rows joined beside one list's rows, at most: Postgres weighs the orders of joins against each other, in time
# that doubles with each. What is more is looked up row by row.
MAX_JOINS = 8


@dataclass(frozen=True, slots=True)
class Row:
    """The row at hand, what is joined beside the rows it came with, and the order of those of its group.

    `lookups`: what is looked up for all of those rows at once; None where each is looked up for itself.
    """

    number: int
    joins: list[Join]
    order: Fragment | None = None
    lookups: list[Lookup] | None = None

    def has_room(self) -> bool:
        """Whether one more can be joined."""
        return len(self.joins) + len(self.lookups or ()) < MAX_JOINS


def rows_of(source: Fragment, condition: Condition, row: Row, parts: Fragment | None = None) -> Rows:
    """The rows that `row` stands for. Made when all that is joined beside them is known."""
    return Rows(source, row.number, condition, tuple(row.joins), parts)


def rows_by_id(type_: str, key: Parameter, row: Row) -> Rows:
    condition = Fragment("{t}.id = {0}", row.number, parameters=(key,))
    return rows_of(Fragment(NODE_SOURCES[type_], row.number), condition, row)


def columns_beside(keys: tuple[SortKey, ...], row: Row, parts: object) -> tuple[str, ...]:
    """The columns that a page's parts and joins take of its rows, beside those they are ordered by."""
    kept = {key.column for key in keys}
    beside = (tuple(row.joins), tuple(row.lookups or ()))
    return tuple(c for c in columns_of(row.number, parts, *beside) if c not in kept)
