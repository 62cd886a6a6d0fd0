"""The values of a plan → SQL expressions + parameters. Mechanical: it decides nothing and knows no schema.

Measured on PostgreSQL 18: an ordered inner query under `string_agg` is the cheapest way to a list. What a
page's rows link to is joined to them after they are limited: looking it up row by row costs a sixth more.
For a long page it is looked up for all of them at once, a fifth to a third less again (docs/decisions/0017).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from app.compiler.plan import (
    All,
    Bound,
    Choice,
    Condition,
    Cursor,
    Edges,
    Field,
    Fragment,
    Groups,
    Looked,
    Lookup,
    Many,
    MemberList,
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
from app.compiler.spelling import Pieces, Sql, Text, concat, encode, literal, spell_cursor
from app.compiler.terms import Conversion

# Sent as text and cast by Postgres: the driver's own encoding of these types would need its classes.
SENT_AS_TEXT = frozenset({Conversion.NUMBERS, Conversion.TIMES, Conversion.CURSOR_KEY})


def row_name(row: int | None) -> str:
    return f"t{row}"


def kept_name(row: int) -> str:
    return f"kept{row}"


def looked_name(row: int) -> str:
    return f"looked{row}"


class Renderer:
    """Spells values, and keeps the parameters that they take, in order. `shared`: those are columns.

    `parts`: queries that stand at the head of the statement. Whenever Postgres plans, it copies a subquery
    once for each that it stands in.
    """

    def __init__(self, *, shared: bool = False) -> None:
        self._shared = shared
        self.parameters: list[Parameter] = []
        self.parts: list[str] = []
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
        """The rows alone, without what is joined beside them."""
        return f"FROM {self.fragment(rows.source)}{self.where(rows, *more)}"

    def joined_rows(self, rows: Rows) -> str:
        return f"FROM {self.fragment(rows.source)}{self.joins(rows)}{self.where(rows)}"

    def where(self, rows: Rows, *more: str) -> str:
        conditions = [c for c in (self.condition(rows.condition), *more) if c != "true"]
        return f" WHERE {' AND '.join(conditions)}" if conditions else ""

    def joins(self, rows: Rows) -> str:
        return "".join(
            f" LEFT JOIN {self.fragment(join.source)} ON {self.fragment(join.condition)}"
            for join in rows.joins
        )

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
            case Looked(row, nullable, listed):
                found = Sql(f"{looked_name(row)}.value")
                if listed:
                    return [Text("["), found, Text("]")]
                return [Sql(f"coalesce({found}, 'null')") if nullable else found]
            case Choice():
                options = [
                    f"(SELECT {concat(self.object(o.value))} {self.joined_rows(o.rows)})"
                    for o in value.options
                ]
                return [Sql(f"coalesce({', '.join([*options, literal('null')])})")]
            case Many():
                return self.many(value)
            case Groups():
                return [Text("["), Sql(f"(SELECT {self.groups(value)})"), Text("]")]
            case MemberList():
                return self.member_list(value)
            case Page():
                return [self.page(value)]
            case Cursor():
                return [
                    Text('"'),
                    *spell_cursor(value.order, [self.fragment(key) for key in value.keys]),
                    Text('"'),
                ]

    def object(self, value: Object) -> Pieces:
        pieces: Pieces = [Text("{"), *self.fields(value.fields), Text("}")]
        if value.present is None:
            return pieces
        return [Sql(f"CASE WHEN {self.fragment(value.present)} THEN {concat(pieces)} ELSE 'null' END")]

    def fields(self, fields: Sequence[Field]) -> Pieces:
        pieces: Pieces = []
        for place, field in enumerate(fields):
            pieces += [Text(("," if place else "") + _key(field)), *self.value(field.value)]
        return pieces

    def one(self, value: One) -> Sql:
        found = f"(SELECT {concat(self.object(value.value))} {self.joined_rows(value.rows)})"
        return Sql(f"coalesce({found}, 'null')" if value.nullable else found)

    def scalar(self, scalar: Scalar) -> Pieces:
        expression = self.fragment(scalar.expression)
        pieces = encode(expression, scalar.encoding, scalar.prefix)
        if not scalar.nullable:
            return pieces
        if len(pieces) == 1:
            return [Sql(f"coalesce({pieces[0]}::text, 'null')")]
        # || makes NULL of NULL, and costs less than one concat in another.
        spelled = " || ".join(literal(piece) if isinstance(piece, Text) else f"({piece})" for piece in pieces)
        return [Sql(f"coalesce({spelled}, 'null')")]

    def many(self, many: Many) -> Pieces:
        order = ", ".join(self.fragment(fragment) for fragment in many.order)
        item = concat(self.value(many.value))
        inner = f"SELECT {item} AS item {self.joined_rows(many.rows)} ORDER BY {order}"
        return [Text("["), Sql(f"(SELECT string_agg(r.item, ',') FROM ({inner}) r)"), Text("]")]

    def groups(self, groups: Groups) -> str:
        """Groups come and rows within them stand in order, so that an index can give them as they are."""
        by = self.fragment(groups.by)
        inner = (
            f"SELECT {self.group(groups)} AS item {self.joined_rows(groups.rows)} GROUP BY {by} ORDER BY {by}"
        )
        return f"string_agg(r.item, ',') FROM ({inner}) r"

    def group(self, groups: Groups) -> str:
        """What is made of the first row is one aggregate of text. One for each column costs 2 to 4 % more."""
        order = self.fragment(groups.order)
        pieces: Pieces = [Text("{")]
        for place, span in enumerate(groups.spans):
            made = [*([Text(",")] if place else []), *self.fields(span.fields)]
            pieces += [Sql(f"(array_agg({concat(made)} ORDER BY {order}))[1]")] if span.first else made
        return concat([*pieces, Text("}")])

    def member_list(self, members: MemberList) -> Pieces:
        item, order = concat(self.value(members.value)), self.fragment(members.order)
        return [Text("["), Sql(f"string_agg({item}, ',' ORDER BY {order})"), Text("]")]

    # --- pages ------------------------------------------------------------------------------------

    def page(self, page: Page) -> Sql:
        """One row over the rows of the page: each part of the connection is an aggregate of them.

        If it is asked whether another row follows, that one is kept with the others: nothing is made of it.
        """
        infos = [part for _, part in page.parts if isinstance(part, PageInfo)]
        counted = any(_counts_rows(page, info) for info in infos)
        ends = (PageInfoPart.START, PageInfoPart.END)
        pointed = page.size > 0 and any(part in ends for info in infos for _, part in info.fields)
        pieces: Pieces = [Text("{")]
        edges: list[str] = []
        for place, (key, part) in enumerate(page.parts):
            pieces.append(Text(("," if place else "") + json.dumps(key) + ":"))
            match part:
                case Edges(value):
                    edges.append(concat(self.object(value)))
                    pieces += [Text("["), Sql(f"string_agg(r.e{len(edges)}, ',')"), Text("]")]
                case PageInfo():
                    pieces += self.page_info(page, part)
                case Total():
                    pieces.append(Sql(f"(SELECT count(*) {self.rows(page.counted)})"))
                case TypeName(name):
                    pieces.append(Text(json.dumps(name)))
        pieces.append(Text("}"))
        if page.rows.parts:
            self.parts.append(self.fragment(page.rows.parts))
        if not edges and not counted:
            return Sql(concat(pieces))
        made = f"SELECT {concat(pieces)}"
        if edges or pointed:
            made += f" FROM ({self.page_rows(page, edges, counted, pointed)}) r"
        if counted or page.lookups or page.rows.parts:
            limited = self.limited_rows(page, page.size + counted)
            kept = f"{kept_name(page.rows.row)} AS MATERIALIZED ({limited})"
            if page.rows.parts:
                self.parts.append(kept)
            else:
                made = f"WITH {kept} {made}"
        return Sql(f"({made})")

    def page_rows(self, page: Page, edges: Sequence[str], counted: bool, pointed: bool) -> str:
        """What is made of each row of the page, in the order of the list."""
        row = row_name(page.rows.row)
        made = [f"{edge} AS e{place}" for place, edge in enumerate(edges, 1)]
        if pointed:
            made += [f"{row}.{key.column} AS k{place}" for place, key in enumerate(page.keys)]
        order = _by([f"{row}.{key.column}" for key in page.keys], page.descending)
        if counted:
            first = _by([f"{row}.{key.column}" for key in page.keys], page.descending != page.backward)
            source = f"(SELECT * FROM {self.kept(page.rows)} ORDER BY {first} LIMIT {page.size}) {row}"
        elif page.lookups or page.rows.parts:
            source = self.kept(page.rows)
        else:
            source = f"({self.limited_rows(page, page.size)}) {row}"
        beside = f"{self.joins(page.rows)}{self.lookups(page.rows, page.lookups)}"
        return f"SELECT {', '.join(made)} FROM {source}{beside} ORDER BY {order}"

    # --- lookups ----------------------------------------------------------------------------------

    def kept(self, rows: Rows) -> str:
        """A list's rows, which are read twice: to find what they point at, and to join it to them."""
        return f"{kept_name(rows.row)} {row_name(rows.row)}"

    def lookups(self, rows: Rows, lookups: Sequence[Lookup]) -> str:
        """OFFSET 0 keeps Postgres from looking each row up by itself after all."""
        joined = ""
        for lookup in lookups:
            of = self.fragment(lookup.of)
            sought = f"{self.fragment(lookup.key)} = ANY(ARRAY(SELECT {of} FROM {self.kept(rows)}))"
            name = looked_name(lookup.rows.row)
            joined += f" LEFT JOIN ({self.looked_up(lookup, sought)} OFFSET 0) {name} ON {name}.key = {of}"
        return joined

    def looked_up(self, lookup: Lookup, sought: str) -> str:
        key = self.fragment(lookup.key)
        if isinstance(lookup.value, Groups):
            return self.looked_up_groups(lookup.value, key, sought)
        made = concat(self.object(lookup.value))
        return (
            f"SELECT {key} AS key, {made} AS value FROM {self.fragment(lookup.rows.source)}"
            f"{self.joins(lookup.rows)} WHERE {sought}"
        )

    def looked_up_groups(self, groups: Groups, key: str, sought: str) -> str:
        rows = groups.rows
        row, by = row_name(rows.row), self.fragment(groups.by)
        columns = ", ".join(f"{row}.{column}" for column in groups.columns)
        found = f"SELECT {columns} FROM {self.fragment(rows.source)} WHERE {sought}"
        inner = (
            f"SELECT {key} AS key, {by} AS place, {self.group(groups)} AS item"
            f" FROM {self.kept(rows)}{self.joins(rows)}{self.lookups(rows, groups.lookups)}"
            f" GROUP BY {key}, {by} ORDER BY {key}, {by}"
        )
        return (
            f"WITH {kept_name(rows.row)} AS MATERIALIZED ({found}) SELECT r.key,"
            f" string_agg(r.item, ',' ORDER BY r.place) AS value FROM ({inner}) r GROUP BY r.key"
        )

    def limited_rows(self, page: Page, limit: int) -> str:
        """The rows themselves, from the end at which the page starts, with the columns that are taken."""
        row = row_name(page.rows.row)
        keys = [self.fragment(key.expression) for key in page.keys]
        order = _by(keys, page.descending != page.backward)
        columns = [
            spelled if spelled == f"{row}.{key.column}" else f"{spelled} AS {key.column}"
            for spelled, key in zip(keys, page.keys, strict=True)
        ]
        columns += [f"{row}.{column}" for column in page.columns]
        bounds = [self.bound(page, keys, bound) for bound in page.bounds]
        return f"SELECT {', '.join(columns)} {self.rows(page.rows, *bounds)} ORDER BY {order} LIMIT {limit}"

    def bound(self, page: Page, keys: Sequence[str], bound: Bound) -> str:
        values = [self.parameter(value) for value in bound.values]
        sign = ">" if bound.after != page.descending else "<"
        bounded = [f"({', '.join(keys)}) {sign} ({', '.join(values)})"]
        bounded += [f"{self.fragment(same)} {sign} {value}" for same in page.same for value in values]
        return " AND ".join(bounded)

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
        kept = kept_name(page.rows.row)
        more = f"CASE WHEN (SELECT count(*) FROM {kept}) > {page.size} THEN 'true' ELSE 'false' END"
        bounded = {bound.after for bound in page.bounds}
        match part:
            case PageInfoPart.HAS_NEXT:
                return Sql(literal(json.dumps(False in bounded)) if page.backward else more)
            case PageInfoPart.HAS_PREVIOUS:
                return Sql(more if page.backward else literal(json.dumps(True in bounded)))
            case PageInfoPart.START:
                place = "1"
            case PageInfoPart.END:
                place = "count(*)"
        if not page.size:
            return Sql(literal("null"))
        keys = [f"(array_agg(r.k{n}))[{place}]" for n in range(len(page.keys))]
        cursor = concat([Text('"'), *spell_cursor(page.order, keys), Text('"')])
        return Sql(f"CASE WHEN count(*) > 0 THEN {cursor} ELSE 'null' END")


def _counts_rows(page: Page, info: PageInfo) -> bool:
    """Whether what is asked of the page's ends depends on its rows."""
    known = PageInfoPart.HAS_NEXT if page.backward else PageInfoPart.HAS_PREVIOUS
    return any(isinstance(part, PageInfoPart) and part is not known for _, part in info.fields)


def _by(keys: Sequence[str], descending: bool) -> str:
    return ", ".join(f"{key} DESC" if descending else key for key in keys)


def _key(field: Field) -> str:
    return json.dumps(field.key) + ":"
