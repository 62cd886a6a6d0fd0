"""The plan: everything a statement needs, decided. Frozen dataclasses only; equal plans give equal bytes.

SQL appears here as `Fragment`s, templates that the catalog declares: `{t}` is the row the fragment is about,
`{p}` the row above it, `{0}`, `{1}` … its parameters. The renderer fills them in and knows no schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from app.compiler.terms import Conversion, Encoding, Order
from app.compiler.variables import Origin


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that is sent with the statement, and the SQL type it is cast to."""

    origin: Origin
    conversion: Conversion
    sql_type: str
    nodes: tuple[str, ...] = ()  # for ids: the GraphQL types they may have
    order: Order | None = None  # for cursors: the order they must come from
    path: tuple[str, ...] = ()  # where in the query, for errors


@dataclass(frozen=True, slots=True)
class Fragment:
    """A template of SQL, filled with rows and parameters."""

    template: str
    row: int
    parent: int | None = None
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class All:
    """Every condition holds; none is true."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Some condition holds; none is false."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The condition is false, or unknown."""

    condition: Condition


Condition: TypeAlias = Fragment | All | Some | Not


@dataclass(frozen=True, slots=True)
class Join:
    """A row beside another one, or none."""

    source: Fragment
    condition: Fragment


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows a value is made of: a FROM item, and what ties them to the row above and narrows them.

    `joins`: what is found beside each of them; they change nothing of which rows there are. `parts`: queries
    that the source is made of, at the head of the statement; so no row above is in them.
    """

    source: Fragment
    row: int
    condition: Condition
    joins: tuple[Join, ...] = ()
    parts: Fragment | None = None


@dataclass(frozen=True, slots=True)
class Lookup:
    """What is made of rows that a list's rows point at: once for each of them, and joined to the list.

    `key`, of the rows found, is one that `of`, of the list's rows, has. `rows` are all that there are.
    """

    rows: Rows
    key: Fragment
    of: Fragment
    value: Object | Groups


# --- values ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scalar:
    expression: Fragment
    encoding: Encoding
    nullable: bool
    prefix: str = ""  # of a PREFIXED value


@dataclass(frozen=True, slots=True)
class TypeName:
    name: str


@dataclass(frozen=True, slots=True)
class Field:
    key: str
    value: Value


@dataclass(frozen=True, slots=True)
class Object:
    """An object made of the row at hand. Null where `present` is given and not true."""

    fields: tuple[Field, ...]
    present: Fragment | None = None


@dataclass(frozen=True, slots=True)
class One:
    """An object made of the one row that is found; null if none is."""

    rows: Rows
    value: Object
    nullable: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """What was made of the row that a Lookup found; null if there is none and that may be.

    `listed`: it is a list, of what was made of several.
    """

    row: int
    nullable: bool
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The first of the options that is not null. Each option is for one type."""

    options: tuple[One, ...]


@dataclass(frozen=True, slots=True)
class Many:
    """A list of what is made of each row, in order."""

    rows: Rows
    order: tuple[Fragment, ...]
    value: Object | Choice


@dataclass(frozen=True, slots=True)
class MemberList:
    """A list of what is made of each row of the group at hand, in order."""

    order: Fragment
    value: Value


@dataclass(frozen=True, slots=True)
class Span:
    """Fields of a group that stand side by side. `first`: they are made of its first row, in order."""

    fields: tuple[Field, ...]
    first: bool


@dataclass(frozen=True, slots=True)
class Groups:
    """A list of groups of rows that share `by`, in its order: of each an object, of fields in spans.

    What is not made of a group's first row is made of `by` alone, or is a MemberList. `columns` and
    `lookups` are those of rows that are themselves looked up.
    """

    rows: Rows
    by: Fragment
    order: Fragment
    spans: tuple[Span, ...]
    columns: tuple[str, ...] = ()
    lookups: tuple[Lookup, ...] = ()


@dataclass(frozen=True, slots=True)
class SortKey:
    """What rows are ordered by, and the column in which it is kept."""

    expression: Fragment
    column: str


@dataclass(frozen=True, slots=True)
class Bound:
    """Rows after (or before) the one a cursor points at: a value for each sort key."""

    values: tuple[Parameter, ...]
    after: bool


class PageInfoPart(Enum):
    HAS_NEXT = auto()
    HAS_PREVIOUS = auto()
    START = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges of a page; `value` is made of each row."""

    value: Object


@dataclass(frozen=True, slots=True)
class Cursor:
    """The cursor of the row at hand, in a list of the order: where it stands, then its own id."""

    order: str
    keys: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class PageInfo:
    fields: tuple[tuple[str, PageInfoPart | TypeName], ...]


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows there are, whatever the page."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a connection: `size` rows in order, within the bounds, from the start or from the end.

    The last of `keys` tells rows apart. `same`: what is the same as a single key, and within the bounds with
    it. `counted`: all rows of the list, whatever the bounds. `columns`: what else is taken of each row.
    """

    rows: Rows
    counted: Rows
    order: str
    keys: tuple[SortKey, ...]
    descending: bool
    size: int
    backward: bool
    bounds: tuple[Bound, ...]
    same: tuple[Fragment, ...]
    columns: tuple[str, ...]
    parts: tuple[tuple[str, Edges | PageInfo | Total | TypeName], ...]
    lookups: tuple[Lookup, ...] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """A line of text for each row, in no order: its key, a tab, and the object made of it."""

    rows: Rows
    key: Fragment
    value: Object


Value: TypeAlias = (
    Scalar | TypeName | Object | One | Looked | Choice | Many | Groups | MemberList | Page | Cursor
)
