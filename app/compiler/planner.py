"""Selection + Catalog → Plan. Every decision is made here: rows, conditions, limits.

The renderer only spells what is decided here; the catalog only says what fields mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count

from app.compiler.catalog import (
    CHANGES_SOURCE,
    FEEDS,
    KNOWN_JOIN,
    KNOWN_SOURCE,
    NODE_SOURCES,
    PAST_CLAIM,
    PAST_CLAIMS,
    PAST_TYPES,
    ROOT,
    SEARCH,
    TYPES,
    Collection,
    Grouped,
    Leaf,
    Link,
    Meaning,
    Members,
    Paged,
    Part,
    Variants,
)
from app.compiler.columns import columns_of
from app.compiler.conditions import Filters, plan_narrowed
from app.compiler.paging import plan_bounds, plan_cursor, plan_keys, plan_order, plan_page_info, plan_size
from app.compiler.parameters import MAX_NODES
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
    Lines,
    Many,
    MemberList,
    Object,
    One,
    Page,
    PageInfo,
    Parameter,
    Scalar,
    Total,
    TypeName,
    Value,
)
from app.compiler.rows import MAX_JOINS, Row, columns_beside, rows_by_id, rows_of
from app.compiler.selection import Selected
from app.compiler.terms import Conversion
from app.compiler.variables import Context, Given, Origin
from app.errors import QueryRefused

# Nodes that one operation may come to if every page is full: page sizes multiply on the way down.
MAX_NODES_ASKED = 200_000
# Lists in one operation, however short: each is a scan of its own, and a count may read a whole table.
MAX_LISTS = 100
# A comparison is no page: it holds every claim on its question, and is counted as this many.
LONG_QUESTION = 2_000

# A key that no document can ask for: names have no spaces.
TYPE_MARK = " type"


class Planner:
    """Plans one operation. Rows are numbered as they come, so that the same selection gives the same plan."""

    def __init__(self, *, mark_types: bool = False) -> None:
        """`mark_types`: every object says its type under TYPE_MARK, for the normal executor."""
        self._mark_types = mark_types
        self._numbers = count(1)
        self._asked = 0
        self._lists = 0
        self._filters = Filters()
        # What fields mean, and the moment as of which they are asked.
        self._types = TYPES
        self._moment: tuple[Parameter, ...] = ()

    # --- roots ------------------------------------------------------------------------------------

    def plan_root(self, selections: Sequence[Selected]) -> Object:
        """The data of a query."""
        return Object(tuple(Field(s.key, self._plan_root_field(s)) for s in selections))

    def plan_events(self, selected: Selected) -> Lines:
        """What a subscription shows of those events, named by the context, that its filter accepts."""
        feed = FEEDS[selected.name]
        row = self._start()
        claim = row.number if feed.type == "Claim" else next(self._numbers)
        keys = Parameter(Context("keys"), Conversion.AS_IS, f"{feed.key_type}[]")
        conditions: list[Condition] = [Fragment("{t}.id = ANY({0})", row.number, parameters=(keys,))]
        wanted = selected.arguments.get("filter")
        if isinstance(wanted, dict):
            conditions.append(self._filters.plan("ClaimFilter", wanted, claim, selected.path))
        value = self._plan_object(feed.type, selected.types[feed.type], row, 1)
        rows = rows_of(Fragment(feed.source, row.number, claim), All(tuple(conditions)), row)
        return Lines(rows, Fragment("{t}.id", row.number), Object((Field(selected.key, value),)))

    def plan_payload(self, type_: str, selections: Sequence[Selected], links: Mapping[str, str]) -> Object:
        """The payload of a mutation. `links`: its fields that are nodes, with the node's type.

        The key of each node is the context value of the field's name. `…Edge` fields wrap the same node.
        """
        fields = [Field(TYPE_MARK, TypeName(type_))]
        for selected in selections:
            if selected.name == "__typename":
                fields.append(Field(selected.key, TypeName(type_)))
            elif selected.name == "changes":
                fields.append(Field(selected.key, self._plan_changes(selected)))
            elif selected.name.endswith("Edge"):
                name = selected.name.removesuffix("Edge")
                fields.append(Field(selected.key, self._plan_edge_of(selected, name, links[name])))
            else:
                fields.append(Field(selected.key, self._plan_linked(selected, selected.name, links)))
        return Object(tuple(fields))

    def _plan_changes(self, selected: Selected) -> Many:
        """Figures that changed: they come with the context, as JSON, and their claims from the database."""
        row = self._start()
        changes = Parameter(Context("changes"), Conversion.AS_IS, "jsonb")
        source = Fragment(CHANGES_SOURCE, row.number, parameters=(changes,))
        value = self._plan_object("FigureChange", selected.types["FigureChange"], row, 1)
        return Many(rows_of(source, All(()), row), (Fragment("{t}.claim", row.number),), value)

    def _plan_linked(self, selected: Selected, name: str, links: Mapping[str, str]) -> One:
        type_ = links[name]
        key = Parameter(Context(name), Conversion.AS_IS, "uuid")
        return self._plan_node(type_, selected.types[type_], key, 1, nullable=False)

    def _plan_edge_of(self, selected: Selected, name: str, type_: str) -> One:
        key = Parameter(Context(name), Conversion.AS_IS, "uuid")
        row = self._start()
        [(edge_type, inner)] = selected.types.items()
        fields: list[Field] = []
        for field in inner:
            if field.name == "__typename":
                fields.append(Field(field.key, TypeName(edge_type)))
            elif field.name == "cursor":
                fields.append(Field(field.key, Cursor("RECORDED", (Fragment("{t}.id", row.number),))))
            else:
                fields.append(Field(field.key, self._plan_object(type_, field.types[type_], row, 1)))
        return One(rows_by_id(type_, key, row), Object(tuple(fields)), nullable=False)

    def plan_node(
        self, types: Mapping[str, Sequence[Selected]], origin: Origin, path: tuple[str, ...] = ()
    ) -> Choice:
        """The node with an id, of one of several types."""
        options = []
        for type_, inner in types.items():
            key = Parameter(origin, Conversion.KEY, "uuid", (type_,), path=path)
            options.append(self._plan_node(type_, inner, key, 1))
        return Choice(tuple(options))

    def _plan_root_field(self, selected: Selected) -> Value:
        name = selected.name
        if name == "__typename":
            return TypeName("Query")
        if name == "viewer":
            key = Parameter(Context("viewer"), Conversion.AS_IS, "uuid")
            return self._plan_node("Researcher", selected.types["Researcher"], key, 1)
        if name == "search":
            return self._plan_page(SEARCH, selected, None, 1)
        if name == "known":
            return self._plan_known(selected)
        if name == "compare":
            key = Parameter(
                _origin(selected, "question"), Conversion.KEY, "uuid", ("Question",), path=selected.path
            )
            return self._plan_comparison(selected, key)
        if name == "nodes":
            return self._plan_nodes(selected)
        if isinstance(selected.arguments.get("asOf"), Given):
            return self._plan_past(selected)
        if name in ROOT:
            return self._plan_page(ROOT[name], selected, None, 1)
        return self.plan_node(selected.types, _origin(selected, "id"), selected.path)

    def _plan_past(self, selected: Selected) -> Value:
        """A claim, or claims, as of a moment."""
        moment = Parameter(
            _origin(selected, "asOf"), Conversion.MOMENT, "timestamptz", path=(*selected.path, "asOf")
        )
        self._types, self._moment = PAST_TYPES, (moment,)
        try:
            if selected.name == "claims":
                return self._plan_page(PAST_CLAIMS, selected, None, 1)
            row = self._start()
            self._count(1, selected.path)
            origin = _origin(selected, "id")
            key = Parameter(origin, Conversion.KEY, "uuid", ("Claim",), path=selected.path)
            value = self._plan_object("Claim", selected.types["Claim"], row, 1)
            source = Fragment(PAST_CLAIM, row.number, parameters=self._moment)
            found = Fragment("{t}.key = {0}", row.number, parameters=(key,))
            return One(rows_of(source, found, row), value, nullable=True)
        finally:
            self._types, self._moment = TYPES, ()

    def _plan_node(
        self, type_: str, inner: Sequence[Selected], key: Parameter, times: int, *, nullable: bool = True
    ) -> One:
        row = self._start()
        self._count(times, ())
        value = self._plan_object(type_, inner, row, times)
        return One(rows_by_id(type_, key, row), value, nullable)

    def _plan_known(self, selected: Selected) -> Many:
        self._count(MAX_NODES, selected.path)
        row, found = self._start(), self._start()
        urls = Parameter(_origin(selected, "urls"), Conversion.URLS, "text[]", path=selected.path)
        source = Fragment(KNOWN_SOURCE, row.number, parameters=(urls,))
        value = self._plan_object("Source", selected.types["Source"], found, MAX_NODES)
        condition = Fragment(KNOWN_JOIN, found.number, row.number)
        rows = rows_of(Fragment(NODE_SOURCES["Source"], found.number), condition, found)
        choice = Choice((One(rows, value, nullable=True),))
        return Many(rows_of(source, All(()), row), (Fragment("{t}.n", row.number),), choice)

    def _plan_comparison(self, selected: Selected, key: Parameter) -> One:
        row = self._start()
        self._count(LONG_QUESTION, selected.path)
        comparison = self._plan_object("Comparison", selected.types["Comparison"], row, LONG_QUESTION)
        return One(rows_by_id("Question", key, row), comparison, nullable=True)

    def _plan_nodes(self, selected: Selected) -> Many:
        origin = _origin(selected, "ids")
        row = self._start()
        self._count(MAX_NODES, selected.path)
        types = Parameter(origin, Conversion.NODE_TYPES, "text[]", path=selected.path)
        keys = Parameter(origin, Conversion.NODE_KEYS, "uuid[]", path=selected.path)
        source = Fragment(
            "unnest({0}, {1}) WITH ORDINALITY {t}(type, id, n)", row.number, parameters=(types, keys)
        )
        options = []
        for type_, inner in selected.types.items():
            found = self._start()
            value = self._plan_object(type_, inner, found, MAX_NODES)
            condition = Fragment(
                f"{{t}}.id = {{p}}.id AND {{p}}.type = '{type_.lower()}'", found.number, row.number
            )
            rows = rows_of(Fragment(NODE_SOURCES[type_], found.number), condition, found)
            options.append(One(rows, value, nullable=True))
        return Many(rows_of(source, All(()), row), (Fragment("{t}.n", row.number),), Choice(tuple(options)))

    # --- objects ----------------------------------------------------------------------------------

    def _start(self) -> Row:
        """A row of rows of their own: nothing is joined beside them yet."""
        return Row(next(self._numbers), [], [])

    def _plan_object(self, type_: str, selections: Sequence[Selected], row: Row, times: int) -> Object:
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
                asked = (Parameter(Context(name), Conversion.AS_IS, sql) for name, sql in meaning.context)
                expression = Fragment(meaning.template, row.number, parameters=tuple(asked))
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
                self._count(times, selected.path)
                row.members.append(self._plan_link(meaning.link, selected.types, row, times))
                return MemberList(row.number, len(row.members) - 1)
            case Paged():
                return self._plan_page(meaning, selected, row, times)

    def _plan_link(
        self, link: Link, types: Mapping[str, Sequence[Selected]], parent: Row, times: int
    ) -> Object | One:
        """The row joined beside the one above, if it has a key and there is room; else looked up."""
        if link.key is None or len(parent.joins) >= MAX_JOINS:
            return self._plan_lookup(link, types, parent, times)
        row = Row(next(self._numbers), parent.joins, [])
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
    ) -> One:
        row = self._start()
        value = self._plan_object(link.type, types[link.type], row, times)
        source = Fragment(link.source, row.number, parent.number, self._moment)
        return One(rows_of(source, Fragment(link.join, row.number, parent.number), row), value, link.nullable)

    def _plan_variants(
        self, variants: Variants, types: Mapping[str, Sequence[Selected]], parent: Row, times: int
    ) -> Choice:
        return Choice(tuple(self._plan_lookup(link, types, parent, times) for link in variants.links))

    def _plan_collection(self, meaning: Collection, selected: Selected, parent: Row, times: int) -> Many:
        row = self._start()
        self._count(times, selected.path)
        value: Object | Choice
        if isinstance(meaning.item, Variants):
            value = self._plan_variants(meaning.item, selected.types, row, times)
        else:
            value = self._plan_object(meaning.item, selected.types[meaning.item], row, times)
        conditions = (
            Fragment(meaning.join, row.number, parent.number),
            *plan_narrowed(meaning.narrowed, selected, row.number),
        )
        rows = rows_of(Fragment(meaning.source, row.number, parent.number), All(conditions), row)
        return Many(rows, tuple(Fragment(template, row.number) for template in meaning.order), value)

    def _plan_groups(self, meaning: Grouped, selected: Selected, parent: Row, times: int) -> Groups:
        row = self._start()
        self._count(times, selected.path)
        value = self._plan_object(meaning.item, selected.types[meaning.item], row, times)
        source = Fragment(meaning.source, row.number, parent.number, self._moment)
        rows = rows_of(source, Fragment(meaning.join, row.number, parent.number), row)
        columns = tuple(c for c in columns_of(row.number, value) if c != meaning.by)
        return Groups(rows, meaning.by, meaning.first, columns, tuple(row.members), value)

    # --- connections ------------------------------------------------------------------------------

    def _plan_page(self, meaning: Paged, selected: Selected, parent: Row | None, times: int) -> Page:
        self._lists += 1
        if self._lists > MAX_LISTS:
            raise QueryRefused(f"The query asks for more than {MAX_LISTS} lists.", path=selected.path)
        row = self._start()
        size, backward = plan_size(selected)
        times *= max(size, 1)
        self._count(times, selected.path)
        order, descending = plan_order(meaning, selected)
        keys = plan_keys(order, row.number)
        source = f"{meaning.source} {order.join}".rstrip()
        parameters = self._moment
        if meaning is SEARCH:
            parameters = (Parameter(_origin(selected, "text"), Conversion.WORDS, "text", path=selected.path),)
        above = parent.number if parent else None
        condition = self._plan_conditions(meaning, selected, row.number, above)
        parts = self._plan_parts(meaning, selected, plan_cursor(order, keys, row.number), row, times)
        return Page(
            rows=rows_of(Fragment(source, row.number, above, parameters), condition, row),
            order=order.name,
            keys=keys,
            descending=descending,
            size=size,
            backward=backward,
            bounds=plan_bounds(selected, order),
            columns=columns_beside(keys, row, parts),
            parts=parts,
        )

    def _plan_conditions(self, meaning: Paged, selected: Selected, row: int, parent: int | None) -> Condition:
        conditions: list[Condition] = [Fragment(meaning.join, row, parent)]
        hidden = selected.arguments.get("includeWithdrawn")
        if meaning.hidden and not (isinstance(hidden, Given) and hidden.value is True):
            conditions.append(Fragment(meaning.hidden, row))
        conditions.extend(plan_narrowed(meaning.narrowed, selected, row))
        wanted = selected.arguments.get("filter")
        if meaning.filter and isinstance(wanted, dict):
            conditions.append(self._filters.plan(meaning.filter, wanted, row, selected.path, self._moment))
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
                value = self._plan_object(meaning.type, field.types[meaning.type], row, times)
                fields.append(Field(field.key, value))
        return Object(tuple(fields))

    def _count(self, times: int, path: tuple[str, ...]) -> None:
        self._asked += times
        if self._asked > MAX_NODES_ASKED:
            raise QueryRefused(
                f"The query asks for more than {MAX_NODES_ASKED:,} nodes if every page is full.",
                path=path,
                hint="Ask for smaller pages (first), or for fewer lists inside lists.",
            )


def _meaning_of(type_: str, meanings: Mapping[str, Meaning], selected: Selected) -> Meaning:
    if selected.name not in meanings:
        raise QueryRefused(
            f"{type_}.{selected.name} cannot be told as of a moment.",
            path=selected.path,
            hint=f"Of {type_} these can: {', '.join(meanings)}.",
        )
    return meanings[selected.name]


def _origin(selected: Selected, name: str) -> Origin:
    argument = selected.arguments[name]
    assert isinstance(argument, Given)
    return argument.origin
