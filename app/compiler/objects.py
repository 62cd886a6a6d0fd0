"""What is below a root: objects, what they link to and lists of them, and how much of it may be asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count, groupby

from app.compiler.catalog import (
    PAST_TYPES,
    TYPES,
    Collection,
    Grouped,
    Joined,
    Leaf,
    Link,
    Meaning,
    Members,
    Paged,
    Part,
    Variants,
)
from app.compiler.columns import columns_of
from app.compiler.conditions import Filters, plan_joined, plan_narrowed
from app.compiler.paging import plan_bounds, plan_cursor, plan_keys, plan_order, plan_page_info, plan_size
from app.compiler.plan import (
    All,
    Choice,
    Condition,
    Cursor,
    Edges,
    Field,
    Fragment,
    Groups,
    Join,
    Looked,
    Lookup,
    Many,
    MemberList,
    Object,
    One,
    Page,
    PageInfo,
    Parameter,
    Rows,
    Scalar,
    Span,
    Total,
    TypeName,
    Value,
)
from app.compiler.rows import Row, columns_beside, rows_of
from app.compiler.selection import Selected
from app.compiler.terms import Conversion
from app.compiler.variables import Context, Given, Origin
from app.errors import QueryRefused

# Nodes that one operation may come to if every page is full: page sizes multiply on the way down.
MAX_NODES_ASKED = 200_000
# Lists in one operation, however short: each is a scan of its own, and a count may read a whole table.
MAX_LISTS = 100

# Rows from which on a page's links are looked up for all of them at once: neighbours share their sources and
# questions, and stand side by side in indexes. For fewer it costs more than it saves.
MIN_LOOKED_UP = 20
_TIE = re.compile(r"\{t\}\.(\w+) = \{p\}\.(\w+)")

# A key that no document can ask for: names have no spaces.
TYPE_MARK = " type"


class Objects:
    """Plans the objects of one operation.

    Rows are numbered as they come, so that the same selection gives the same plan.
    """

    def __init__(self, *, mark_types: bool) -> None:
        self.filters = Filters()
        # The moment as of which fields are asked, if any, and what they mean then.
        self._moment: tuple[Parameter, ...] = ()
        self._types = TYPES
        self._mark_types = mark_types
        self._numbers = count(1)
        self._asked = 0
        self._lists = 0

    @contextmanager
    def as_of(self, moment: Parameter) -> Iterator[None]:
        """What is planned within is asked as of the moment."""
        self._types, self._moment = PAST_TYPES, (moment,)
        try:
            yield
        finally:
            self._types, self._moment = TYPES, ()

    def number(self) -> int:
        """The next row's."""
        return next(self._numbers)

    def start(self) -> Row:
        """A row of rows of their own: nothing is joined beside them yet."""
        return Row(self.number(), [])

    def count(self, times: int, path: tuple[str, ...]) -> None:
        """Add nodes to those that the operation may come to. Raises QueryRefused where they are too many."""
        self._asked += times
        if self._asked > MAX_NODES_ASKED:
            raise QueryRefused(
                f"The query asks for more than {MAX_NODES_ASKED:,} nodes if every page is full.",
                path=path,
                hint="Ask for smaller pages (first), or for fewer lists inside lists.",
            )

    def count_list(self, path: tuple[str, ...]) -> None:
        """Add one to the lists of the operation. Raises QueryRefused where they are too many."""
        self._lists += 1
        if self._lists > MAX_LISTS:
            raise QueryRefused(f"The query asks for more than {MAX_LISTS} lists.", path=path)

    def plan_object(self, type_: str, selections: Sequence[Selected], row: Row, times: int) -> Object:
        return Object(self._plan_fields(type_, self._types[type_], selections, row, times))

    def _plan_fields(
        self,
        type_: str,
        meanings: Mapping[str, Meaning],
        selections: Sequence[Selected],
        row: Row,
        times: int,
    ) -> tuple[Field, ...]:
        marks = (Field(TYPE_MARK, TypeName(type_)),) if self._mark_types else ()
        return marks + tuple(
            Field(
                s.key,
                TypeName(type_)
                if s.name == "__typename"
                else self._plan_field(_meaning_of(type_, meanings, s), s, row, times),
            )
            for s in selections
        )

    def _plan_field(self, meaning: Meaning, selected: Selected, row: Row, times: int) -> Value:
        match meaning:
            case Leaf():
                asked = of_viewer(meaning.context)
                expression = Fragment(meaning.template, row.number, parameters=asked)
                return Scalar(expression, meaning.encoding, meaning.nullable, meaning.prefix)
            case Part():
                inner = selected.types[meaning.type]
                present = Fragment(meaning.present, row.number) if meaning.present else None
                return Object(self._plan_fields(meaning.type, meaning.fields, inner, row, times), present)
            case Link():
                return self._plan_link(meaning, selected.types, row, times)
            case Variants():
                return self._plan_variants(meaning, selected.types, row, times)
            case Collection():
                return self._plan_collection(meaning, selected, row, times)
            case Grouped():
                return self._plan_groups(meaning, selected, row, times)
            case Members():
                self.count(times, selected.path)
                assert row.order, "only groups have members"
                return MemberList(row.order, self._plan_link(meaning.link, selected.types, row, times))
            case Paged():
                return self.plan_page(meaning, selected, row, times)

    def _plan_link(
        self, link: Link, types: Mapping[str, Sequence[Selected]], parent: Row, times: int
    ) -> Object | One | Looked:
        """The row joined beside the one above, if it has a key and there is room; else looked up."""
        if link.key is None or not parent.has_room():
            return self._plan_one(link, types, parent, times)
        tie = _TIE.fullmatch(link.join)
        if parent.lookups is not None and tie and tie[1] == link.key:
            return self._plan_lookup(link, types, parent, times)
        row = Row(self.number(), parent.joins)
        parent.joins.append(
            Join(
                Fragment(link.source, row.number, parent.number),
                Fragment(link.join, row.number, parent.number),
            )
        )
        present = Fragment(f"{{t}}.{link.key} IS NOT NULL", row.number) if link.nullable else None
        fields = self._plan_fields(link.type, self._types[link.type], types[link.type], row, times)
        return Object(fields, present)

    def _plan_lookup(
        self, link: Link, types: Mapping[str, Sequence[Selected]], parent: Row, times: int
    ) -> Looked:
        row = self.start()
        value = self.plan_object(link.type, types[link.type], row, times)
        rows = rows_of(Fragment(link.source, row.number, parent.number), All(()), row)
        self._look_up(link.join, rows, value, parent)
        return Looked(row.number, link.nullable)

    def _look_up(self, join: str, rows: Rows, value: Object | Groups, parent: Row) -> None:
        tie = _TIE.fullmatch(join)
        assert tie
        assert parent.lookups is not None
        key, of = Fragment(f"{{t}}.{tie[1]}", rows.row), Fragment(f"{{t}}.{tie[2]}", parent.number)
        parent.lookups.append(Lookup(rows, key, of, value))

    def _plan_one(self, link: Link, types: Mapping[str, Sequence[Selected]], parent: Row, times: int) -> One:
        row = self.start()
        value = self.plan_object(link.type, types[link.type], row, times)
        source = Fragment(link.source, row.number, parent.number, self._moment)
        return One(rows_of(source, Fragment(link.join, row.number, parent.number), row), value, link.nullable)

    def _plan_variants(
        self, variants: Variants, types: Mapping[str, Sequence[Selected]], parent: Row, times: int
    ) -> Choice:
        return Choice(tuple(self._plan_one(link, types, parent, times) for link in variants.links))

    def _plan_collection(self, meaning: Collection, selected: Selected, parent: Row, times: int) -> Many:
        row = self.start()
        self.count(times, selected.path)
        value: Object | Choice
        if isinstance(meaning.item, Variants):
            value = self._plan_variants(meaning.item, selected.types, row, times)
        else:
            value = self.plan_object(meaning.item, selected.types[meaning.item], row, times)
        conditions = (
            Fragment(meaning.join, row.number, parent.number),
            *plan_narrowed(meaning.narrowed, selected, row.number),
        )
        rows = rows_of(Fragment(meaning.source, row.number, parent.number), All(conditions), row)
        return Many(rows, tuple(Fragment(template, row.number) for template in meaning.order), value)

    def _plan_groups(self, meaning: Grouped, selected: Selected, parent: Row, times: int) -> Groups | Looked:
        number = self.number()
        tie = _TIE.fullmatch(meaning.join)
        looked_up = tie is not None and parent.lookups is not None and parent.has_room()
        by, order = (Fragment(f"{{t}}.{column}", number) for column in (meaning.by, meaning.first))
        row = Row(number, [], order, [] if looked_up else None)
        self.count(times, selected.path)
        value = self.plan_object(meaning.item, selected.types[meaning.item], row, times)
        source = Fragment(meaning.source, number, parent.number, self._moment)
        condition = All(()) if looked_up else Fragment(meaning.join, number, parent.number)
        rows = rows_of(source, condition, row)

        def is_of_first(field: Field) -> bool:
            return not isinstance(field.value, MemberList) and columns_of(number, field, by) != (meaning.by,)

        spans = tuple(Span(tuple(fields), first) for first, fields in groupby(value.fields, is_of_first))
        if not looked_up:
            return Groups(rows, by, order, spans)
        assert tie
        assert row.lookups is not None
        tied = Fragment(f"{{t}}.{tie[1]}", number)
        columns = columns_of(number, tied, by, order, spans, tuple(row.lookups))
        self._look_up(meaning.join, rows, Groups(rows, by, order, spans, columns, tuple(row.lookups)), parent)
        return Looked(number, nullable=False, listed=True)

    # --- connections ------------------------------------------------------------------------------

    def plan_page(
        self,
        meaning: Paged,
        selected: Selected,
        parent: Row | None,
        times: int,
        given: tuple[Parameter, ...] = (),
    ) -> Page:
        """`given`: what its source takes."""
        self.count_list(selected.path)
        size, backward = plan_size(selected)
        row = Row(self.number(), [], lookups=[] if times == 1 and size >= MIN_LOOKED_UP else None)
        times *= max(size, 1)
        self.count(times, selected.path)
        order, descending = plan_order(meaning, selected)
        keys = plan_keys(order, row.number)
        bounds = plan_bounds(selected, order)
        parameters = given or self._moment
        above = parent.number if parent else None
        joins = [meaning.joined] if meaning.joined else []
        wanted = selected.arguments.get("filter")
        if meaning.filter and isinstance(wanted, dict):
            wanted, joined, values = plan_joined(meaning.filter, wanted, selected.path)
            if joined:
                joins, parameters = [*joins, joined], (*parameters, *values)
        same = tuple(Fragment(join.same, row.number) for join in joins) if order.key is None else ()
        within = bool(bounds and same)
        condition = self._plan_conditions(meaning, selected, wanted, row.number, above, joins)
        parts = self._plan_parts(meaning, selected, plan_cursor(order, keys, row.number), row, times)

        made = Fragment(meaning.parts, row.number, parameters=parameters) if meaning.parts else None

        def rows(templates: Iterable[str]) -> Rows:
            source = " ".join([meaning.source, *templates, order.join]).rstrip()
            return rows_of(Fragment(source, row.number, above, parameters), condition, row, made)

        return Page(
            rows=rows(join.after if within else join.template for join in joins),
            counted=rows(join.template for join in joins),
            order=order.name,
            keys=keys,
            descending=descending,
            size=size,
            backward=backward,
            bounds=bounds,
            same=same,
            columns=columns_beside(keys, row, parts),
            parts=parts,
            lookups=tuple(row.lookups or ()),
        )

    def _plan_conditions(
        self,
        meaning: Paged,
        selected: Selected,
        wanted: object,
        row: int,
        parent: int | None,
        joins: Sequence[Joined],
    ) -> Condition:
        conditions: list[Condition] = [Fragment(meaning.join, row, parent, of_viewer(meaning.context))]
        hidden = selected.arguments.get("includeWithdrawn")
        if meaning.hidden and not (isinstance(hidden, Given) and hidden.value is True):
            conditions.append(Fragment(meaning.hidden, row))
        conditions.extend(plan_narrowed(meaning.narrowed, selected, row))
        if meaning.filter and isinstance(wanted, dict):
            beside = joins[0] if joins else None
            asked = self.filters.plan(meaning.filter, wanted, row, selected.path, self._moment, beside)
            conditions.append(asked)
        return All(tuple(conditions))

    def _plan_parts(
        self, meaning: Paged, selected: Selected, cursor: Cursor, row: Row, times: int
    ) -> tuple[tuple[str, Edges | PageInfo | Total | TypeName], ...]:
        parts: list[tuple[str, Edges | PageInfo | Total | TypeName]] = []
        [(connection, inner)] = selected.types.items()
        for part in inner:
            if part.name == "edges":
                edge = self._plan_edge(meaning, part, cursor, row, times)
                parts.append((part.key, Edges(edge)))
            elif part.name == "pageInfo":
                parts.append((part.key, plan_page_info(part)))
            elif part.name == "totalCount":
                parts.append((part.key, Total()))
            else:
                parts.append((part.key, TypeName(connection)))
        return tuple(parts)

    def _plan_edge(self, meaning: Paged, edges: Selected, cursor: Cursor, row: Row, times: int) -> Object:
        [(edge_type, inner)] = edges.types.items()
        fields: list[Field] = []
        for field in inner:
            if field.name == "cursor":
                fields.append(Field(field.key, cursor))
            elif field.name == "__typename":
                fields.append(Field(field.key, TypeName(edge_type)))
            elif meaning.item is not None:
                fields.append(Field(field.key, self._plan_variants(meaning.item, field.types, row, times)))
            else:
                value = self.plan_object(meaning.type, field.types[meaning.type], row, times)
                fields.append(Field(field.key, value))
        return Object(tuple(fields))


def of_viewer(context: tuple[tuple[str, str], ...]) -> tuple[Parameter, ...]:
    """What a part of the catalog takes of the viewer: names and SQL types."""
    return tuple(Parameter(Context(name), Conversion.AS_IS, sql) for name, sql in context)


def origin_of(selected: Selected, name: str) -> Origin:
    argument = selected.arguments[name]
    assert isinstance(argument, Given)
    return argument.origin


def _meaning_of(type_: str, meanings: Mapping[str, Meaning], selected: Selected) -> Meaning:
    if selected.name not in meanings:
        raise QueryRefused(
            f"{type_}.{selected.name} cannot be told as of a moment.",
            path=selected.path,
            hint=f"Of {type_} these can: {', '.join(meanings)}.",
        )
    return meanings[selected.name]
