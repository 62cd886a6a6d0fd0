"""Plan → SQL text + parameters. Mechanical: it decides nothing and knows no schema.

Measured on PostgreSQL 18: correlated subselects, `concat` of literal keys with `json_scalar` values and an
ordered inner query under `string_agg` are the cheapest way to JSON text (`json_build_object` costs a third
more, `jsonb` twice as much and reorders keys). `concat` takes at most 100 arguments, so long ones are nested.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass

from app.compiler.plan import (
    All,
    Bound,
    Choice,
    Condition,
    Cursor,
    Edges,
    Field,
    Fragment,
    Many,
    Not,
    Object,
    One,
    Page,
    PageInfo,
    PageInfoPart,
    Parameter,
    Rows,
    Scalar,
    Some,
    Total,
    TypeName,
    Value,
)
from app.compiler.terms import Conversion, Encoding, Order

# Sent as text and cast by Postgres: the driver's own encoding of these types would need its classes.
SENT_AS_TEXT = frozenset({Conversion.NUMBERS, Conversion.TIMES, Conversion.CURSOR_KEY})
MAX_CONCAT_ARGUMENTS = 90


class Text(str):
    """JSON text that is known beforehand."""

    __slots__ = ()


class Sql(str):
    """A SQL expression whose value is text; NULL adds nothing."""

    __slots__ = ()


Pieces = list[Text | Sql]


Rendered = tuple[str, tuple[Parameter, ...], tuple[Parameter, ...]]


def render(plan: Value, key: str | None = None) -> Rendered:
    """The statement for a plan, its parameters in order, and those it was given but does not send.

    `key` wraps the value: {"data": …}.
    """
    renderer = _Renderer()
    pieces = renderer.value(plan)
    if key is not None:
        pieces = [Text(f"{{{json.dumps(key)}:"), *pieces, Text("}")]
    sent = tuple(renderer.parameters)
    unsent = tuple(parameter for parameter in dict.fromkeys(parameters_of(plan)) if parameter not in sent)
    return f"SELECT {concat(pieces)}::varchar", sent, unsent


def render_shared(plan: Value, sent: Sequence[Parameter], key: str | None = None) -> str:
    """The statement for many requests of one plan: a row each, in the order of the arrays it is sent.

    Each parameter is an array with an item for each request. Arrays of arrays would be one to Postgres, so an
    array is an item as text. The arrays stand in subselects, that Postgres plans for any number of requests
    instead of for each number anew.
    """
    renderer = _Renderer(shared=True)
    pieces = renderer.value(plan)
    if key is not None:
        pieces = [Text(f"{{{json.dumps(key)}:"), *pieces, Text("}")]
    assert renderer.parameters == list(sent), "the same plan takes its parameters in the same order"
    places = range(1, len(sent) + 1)
    arrays = [f"(SELECT ${n}::{sent_type(parameter)}[])" for n, parameter in zip(places, sent, strict=True)]
    columns = [f"g.p{n}::{parameter.sql_type} AS p{n}" for n, parameter in zip(places, sent, strict=True)]
    # Ordered within, so that the values are cast once for each request.
    given = (
        f"SELECT {', '.join([*columns, 'g.n'])} FROM unnest({', '.join(arrays)})"
        f" WITH ORDINALITY AS g({', '.join([*(f'p{n}' for n in places), 'n'])}) ORDER BY g.n"
    )
    return f"SELECT {concat(pieces)}::varchar FROM ({given}) given ORDER BY given.n"


def sent_type(parameter: Parameter) -> str:
    """The type of a parameter's item in an array of them."""
    as_text = parameter.conversion in SENT_AS_TEXT or parameter.sql_type.endswith("[]")
    return "text" if as_text else parameter.sql_type


def parameters_of(part: object) -> Iterator[Parameter]:
    """Every parameter in a plan, whether or not a row is asked for that needs it."""
    if isinstance(part, Parameter):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from parameters_of(item)
    elif is_dataclass(part):
        for field in fields(part):
            yield from parameters_of(getattr(part, field.name))


def concat(pieces: Pieces) -> str:
    """One SQL expression for the pieces in a row. Neighbouring texts are one literal."""
    merged: list[str] = []
    text = ""
    for piece in pieces:
        if isinstance(piece, Text):
            text += piece
            continue
        if text:
            merged.append(literal(text))
            text = ""
        merged.append(piece)
    if text:
        merged.append(literal(text))
    while len(merged) > MAX_CONCAT_ARGUMENTS:
        merged = [
            f"concat({', '.join(merged[i : i + MAX_CONCAT_ARGUMENTS])})"
            for i in range(0, len(merged), MAX_CONCAT_ARGUMENTS)
        ]
    return f"concat({', '.join(merged)})"


def literal(text: str) -> str:
    """A SQL string literal. What comes from a document is names: letters, digits, underscores."""
    return "'" + text.replace("'", "''") + "'"


def row_name(row: int | None) -> str:
    return f"t{row}"


class _Renderer:
    def __init__(self, *, shared: bool = False) -> None:
        self._shared = shared
        self.parameters: list[Parameter] = []
        self._places: dict[Parameter, int] = {}

    # --- SQL fragments ----------------------------------------------------------------------------

    def parameter(self, parameter: Parameter) -> str:
        place = self._places.get(parameter)
        if place is None:
            self.parameters.append(parameter)
            place = self._places[parameter] = len(self.parameters)
        if self._shared:
            return f"given.p{place}"
        cast = "text::" if parameter.conversion in SENT_AS_TEXT else ""
        return f"${place}::{cast}{parameter.sql_type}"

    def fragment(self, fragment: Fragment) -> str:
        return fragment.template.format(
            *map(self.parameter, fragment.parameters), t=row_name(fragment.row), p=row_name(fragment.parent)
        )

    def condition(self, condition: Condition) -> str:
        match condition:
            case Fragment():
                return self.fragment(condition)
            case Not():
                return f"({self.condition(condition.condition)}) IS NOT TRUE"
            case All(conditions):
                parts = [text for c in conditions if (text := self.condition(c)) != "true"]
                return " AND ".join(parts) if parts else "true"
            case Some(conditions):
                parts = [f"({self.condition(c)})" for c in conditions]
                return f"({' OR '.join(parts)})" if parts else "false"

    def rows(self, rows: Rows, *more: str) -> str:
        conditions = [c for c in (self.condition(rows.condition), *more) if c != "true"]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"FROM {self.fragment(rows.source)}{where}"

    # --- values -----------------------------------------------------------------------------------

    def value(self, value: Value) -> Pieces:
        match value:
            case Scalar():
                return self.scalar(value)
            case TypeName(name):
                return [Text(json.dumps(name))]
            case Object():
                return self.object(value)
            case One():
                return [self.one(value)]
            case Choice():
                options = [
                    f"(SELECT {concat(self.object(o.value))} {self.rows(o.rows)})" for o in value.options
                ]
                return [Sql(f"coalesce({', '.join([*options, literal('null')])})")]
            case Many():
                return self.many(value)
            case Page():
                return [self.page(value)]
            case Cursor():
                return [Text('"'), Sql(self.cursor(value.order, value.row)), Text('"')]

    def object(self, value: Object) -> Pieces:
        pieces: Pieces = [Text("{")]
        for place, field in enumerate(value.fields):
            pieces += [Text(("," if place else "") + _key(field)), *self.value(field.value)]
        pieces.append(Text("}"))
        if value.present is None:
            return pieces
        return [Sql(f"CASE WHEN {self.fragment(value.present)} THEN {concat(pieces)} ELSE 'null' END")]

    def one(self, value: One) -> Sql:
        found = f"(SELECT {concat(self.object(value.value))} {self.rows(value.rows)})"
        return Sql(f"coalesce({found}, 'null')" if value.nullable else found)

    def scalar(self, scalar: Scalar) -> Pieces:
        expression = self.fragment(scalar.expression)
        pieces = _encode(expression, scalar.encoding, scalar.prefix)
        if not scalar.nullable:
            return pieces
        if len(pieces) == 1:
            return [Sql(f"coalesce({pieces[0]}::text, 'null')")]
        return [Sql(f"CASE WHEN {expression} IS NULL THEN 'null' ELSE {concat(pieces)} END")]

    def many(self, many: Many) -> Pieces:
        order = ", ".join(self.fragment(fragment) for fragment in many.order)
        item = concat(self.value(many.value))
        inner = f"SELECT {item} AS item {self.rows(many.rows)} ORDER BY {order}"
        return [Text("["), Sql(f"(SELECT string_agg(r.item, ',') FROM ({inner}) r)"), Text("]")]

    # --- pages ------------------------------------------------------------------------------------

    def page(self, page: Page) -> Sql:
        """One row over the rows of the page: each part of the connection is an aggregate of them."""
        counted = any(isinstance(part, PageInfo) and _counts_rows(page, part) for _, part in page.parts)
        numbered = page.backward or counted
        pieces: Pieces = [Text("{")]
        columns: list[str] = []
        for place, (key, part) in enumerate(page.parts):
            pieces.append(Text(("," if place else "") + json.dumps(key) + ":"))
            match part:
                case Edges(value):
                    columns.append(concat(self.object(value)))
                    pieces += self.edges(page, len(columns), numbered)
                case PageInfo():
                    pieces += self.page_info(page, part)
                case Total():
                    pieces.append(Sql(f"(SELECT count(*) {self.rows(page.rows)})"))
                case TypeName(name):
                    pieces.append(Text(json.dumps(name)))
        pieces.append(Text("}"))
        if not columns and not counted:
            return Sql(concat(pieces))
        rows = self.numbered_rows(page, columns) if numbered else self.plain_rows(page, columns)
        return Sql(f"(SELECT {concat(pieces)} FROM ({rows}) r)")

    def edges(self, page: Page, column: int, numbered: bool) -> Pieces:
        made = f"string_agg(r.e{column}, ',')"
        if numbered:
            order = "r.row_n DESC" if page.backward else "r.row_n"
            made = f"string_agg(r.e{column}, ',' ORDER BY {order}) FILTER (WHERE r.row_n <= {page.size})"
        return [Text("["), Sql(made), Text("]")]

    def plain_rows(self, page: Page, columns: Sequence[str]) -> str:
        """The rows of a page whose end nobody asks about: an ordered, limited query is all it takes."""
        order = self.order_by(page.order, page.rows.row, page.descending)
        bounds = [self.bound(page, bound) for bound in page.bounds]
        made = ", ".join(f"{column} AS e{place}" for place, column in enumerate(columns, 1))
        return f"SELECT {made} {self.rows(page.rows, *bounds)} ORDER BY {order} LIMIT {page.size}"

    def numbered_rows(self, page: Page, columns: Sequence[str]) -> str:
        """The rows of the page, numbered from where it starts, and the one that follows it."""
        row = row_name(page.rows.row)
        reverse = page.descending != page.backward
        order = self.order_by(page.order, page.rows.row, reverse)
        bounds = [self.bound(page, bound) for bound in page.bounds]
        wanted = (
            f"SELECT {row}.*, row_number() OVER (ORDER BY {order}) AS row_n"
            f" {self.rows(page.rows, *bounds)} ORDER BY {order} LIMIT {page.size + 1}"
        )
        # The row that follows is only counted: what is made of a row is not made of it.
        made = [
            f"CASE WHEN {row}.row_n <= {page.size} THEN {column} END AS e{place}"
            for place, column in enumerate(columns, 1)
        ]
        cursor = self.cursor(page.order, page.rows.row)
        return f"SELECT {', '.join([*made, f'{cursor} AS cursor', f'{row}.row_n'])} FROM ({wanted}) {row}"

    def order_by(self, order: Order, row: int, reverse: bool) -> str:
        direction = " DESC" if reverse else ""
        return ", ".join(f"{column}{direction}" for column in self.order_columns(order, row))

    def order_columns(self, order: Order, row: int) -> list[str]:
        name = row_name(row)
        columns = [order.row_id.format(t=name)]
        if order.key is not None:
            columns.insert(0, order.key.format(t=name))
        return columns

    def bound(self, page: Page, bound: Bound) -> str:
        columns = self.order_columns(page.order, page.rows.row)
        values = [self.parameter(p) for p in (bound.key, bound.row_id) if p is not None]
        sign = ">" if bound.after != page.descending else "<"
        return f"({', '.join(columns)}) {sign} ({', '.join(values)})"

    def page_info(self, page: Page, info: PageInfo) -> Pieces:
        pieces: Pieces = [Text("{")]
        for place, (key, part) in enumerate(info.fields):
            pieces.append(Text(("," if place else "") + json.dumps(key) + ":"))
            pieces.append(
                Text(json.dumps(part.name)) if isinstance(part, TypeName) else self.page_info_part(page, part)
            )
        pieces.append(Text("}"))
        return pieces

    def page_info_part(self, page: Page, part: PageInfoPart) -> Sql:
        more = f"CASE WHEN count(*) > {page.size} THEN 'true' ELSE 'false' END"
        bounded = {bound.after for bound in page.bounds}
        on_page = f"FILTER (WHERE r.row_n <= {page.size})"
        near = f"(array_agg(r.cursor ORDER BY r.row_n) {on_page})[1]"
        far = f"(array_agg(r.cursor ORDER BY r.row_n DESC) {on_page})[1]"
        match part:
            case PageInfoPart.HAS_NEXT:
                return Sql(literal(json.dumps(False in bounded)) if page.backward else more)
            case PageInfoPart.HAS_PREVIOUS:
                return Sql(more if page.backward else literal(json.dumps(True in bounded)))
            case PageInfoPart.START:
                cursor = far if page.backward else near
            case PageInfoPart.END:
                cursor = near if page.backward else far
        return Sql(f"coalesce('\"' || {cursor} || '\"', 'null')")

    def cursor(self, order: Order, row: int) -> str:
        """ORDER.row or ORDER.row.key, the key in base64url without padding; parameters.py reads it back."""
        *key, row_id = self.order_columns(order, row)
        spelled = f"{literal(order.name + '.')} || {row_id}"
        for k in key:
            encoded = f"encode(convert_to({k}::text, 'UTF8'), 'base64')"
            spelled += f" || '.' || rtrim(translate({encoded}, E'+/\\n', '-_'), '=')"
        return f"({spelled})"


def _counts_rows(page: Page, info: PageInfo) -> bool:
    """Whether what is asked of the page's ends depends on its rows."""
    known = PageInfoPart.HAS_NEXT if page.backward else PageInfoPart.HAS_PREVIOUS
    return any(isinstance(part, PageInfoPart) and part is not known for _, part in info.fields)


def _key(field: Field) -> str:
    return json.dumps(field.key) + ":"


def _encode(expression: str, encoding: Encoding, prefix: str) -> Pieces:
    match encoding:
        case Encoding.TEXT:
            return [Sql(f"json_scalar({expression})")]
        case Encoding.WORD:
            return [Text('"'), Sql(expression), Text('"')]
        case Encoding.PREFIXED:
            return [Text(f'"{prefix}'), Sql(expression), Text('"')]
        case Encoding.NUMBER:
            return [Sql(expression)]
        case Encoding.BOOLEAN:
            return [Sql(f"CASE WHEN {expression} THEN 'true' ELSE 'false' END")]
        case Encoding.TIME | Encoding.TEXTS:
            return [Sql(f"to_json({expression})")]
        case Encoding.JSON:
            return [Sql(f"{expression}::text")]
