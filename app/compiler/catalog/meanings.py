"""The kinds of meaning a field can have. Templates: `{t}` is the field's own row, `{p}` the row above it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from app.compiler.terms import Conversion, Encoding, Order


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value of the row at hand. `context`: what of the viewer it depends on, name and SQL type, `{0}` …"""

    template: str
    encoding: Encoding
    nullable: bool = False
    prefix: str = ""
    context: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """An object made of the same row; null unless `present` is true."""

    type: str
    fields: Mapping[str, Meaning]
    present: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """The one row of `source` for which `join` is true. `nullable`: there may be none.

    `key`: a column of a table that is never null. With it the row can be joined to the one above; without it,
    it is looked up by itself.
    """

    type: str
    source: str
    join: str
    nullable: bool = False
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Variants:
    """A value of one of several types: the first that is found. `{p}` is the row that names it."""

    name: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """A list that is short by nature, in order. Its items are of one type, or variants."""

    item: str | Variants
    source: str
    join: str
    order: tuple[str, ...]
    narrowed: Mapping[str, Narrowing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Members:
    """A list with one item for each row of a group, in order: what the row links to."""

    link: Link


@dataclass(frozen=True, slots=True)
class Grouped:
    """A list of groups of rows that share the column `by`, in its order.

    Within a group rows are in the order of the column `first`; the first stands for all of them.
    """

    item: str
    source: str
    join: str
    by: str
    first: str


@dataclass(frozen=True, slots=True)
class Joined:
    """What is joined to rows, once for each that a condition is true of.

    `after`: the join of a page within cursors. `same`: a column of it that is the same as the row's id.
    Cursors bound it too, so that a page begins there. `carried`: columns of the row, and where it has the
    same; conditions are about those.
    """

    template: str
    after: str
    same: str
    carried: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paged:
    """A connection. `hidden`: what is left out unless `includeWithdrawn` is given.

    `descending`: it runs down by itself. `context`: what of the viewer `join` depends on, as in a Leaf.
    `joined`: what is joined to the rows of `source`. `parts`: queries that `source` is made of, by name.
    """

    type: str
    source: str
    join: str
    orders: Mapping[str, Order]
    default_order: str
    filter: str | None = None
    hidden: str | None = None
    narrowed: Mapping[str, Narrowing] = field(default_factory=dict)
    item: Variants | None = None
    descending: bool = False
    context: tuple[tuple[str, str], ...] = ()
    joined: Joined | None = None
    parts: str = ""


Meaning: TypeAlias = Leaf | Part | Link | Variants | Collection | Members | Grouped | Paged


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A condition with one parameter, `{0}`. `nodes`: the types of the ids it takes.

    `alone`: what it comes to for a list of one, where Postgres does better with that. `joined`: what is
    joined for one in its place, where nothing but that is asked of the rows.
    """

    template: str
    conversion: Conversion
    sql_type: str
    nodes: tuple[str, ...] = ()
    alone: str | None = None
    joined: Joined | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """A condition that is asked for or asked against."""

    template: str
