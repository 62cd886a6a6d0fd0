"""Selection + Catalog → Plan. Every decision is made here: rows, conditions, limits.

The renderer only spells what is decided here; the catalog only says what fields mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count

from app.compiler.catalog import (
    CHANGES_SOURCE,
    KNOWN_JOIN,
    KNOWN_SOURCE,
    NODE_SOURCES,
    ROOT,
    SEARCH,
    TYPES,
    Collection,
    Leaf,
    Link,
    Meaning,
    Paged,
    Part,
    Variants,
)
from app.compiler.conditions import Filters, plan_narrowed
from app.compiler.paging import plan_bounds, plan_size
from app.compiler.parameters import MAX_NODES
from app.compiler.plan import (
    All,
    Choice,
    Condition,
    Cursor,
    Edges,
    Field,
    Fragment,
    Many,
    Object,
    One,
    Page,
    PageInfo,
    PageInfoPart,
    Parameter,
    Rows,
    Scalar,
    Total,
    TypeName,
    Value,
)
from app.compiler.selection import Selected
from app.compiler.terms import Conversion, Order
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

_PAGE_INFO = {
    "hasNextPage": PageInfoPart.HAS_NEXT,
    "hasPreviousPage": PageInfoPart.HAS_PREVIOUS,
    "startCursor": PageInfoPart.START,
    "endCursor": PageInfoPart.END,
}


class Planner:
    """Plans one operation. Rows are numbered as they come, so that the same selection gives the same plan."""

    def __init__(self, *, mark_types: bool = False) -> None:
        """`mark_types`: every object says its type under TYPE_MARK, for the normal executor."""
        self._mark_types = mark_types
        self._numbers = count(1)
        self._asked = 0
        self._lists = 0
        self._filters = Filters()

    # --- roots ------------------------------------------------------------------------------------

    def plan_root(self, selections: Sequence[Selected]) -> Object:
        """The data of a query."""
        return Object(tuple(Field(s.key, self._plan_root_field(s)) for s in selections))

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
        row = next(self._numbers)
        changes = Parameter(Context("changes"), Conversion.AS_IS, "jsonb")
        source = Fragment(CHANGES_SOURCE, row, parameters=(changes,))
        value = self._plan_object("FigureChange", selected.types["FigureChange"], row, 1)
        return Many(Rows(source, row, All(())), (Fragment("{t}.claim", row),), value)

    def _plan_linked(self, selected: Selected, name: str, links: Mapping[str, str]) -> One:
        type_ = links[name]
        key = Parameter(Context(name), Conversion.AS_IS, "uuid")
        return self._plan_node(type_, selected.types[type_], key, 1, nullable=False)

    def _plan_edge_of(self, selected: Selected, name: str, type_: str) -> One:
        key = Parameter(Context(name), Conversion.AS_IS, "uuid")
        row = next(self._numbers)
        [(edge_type, inner)] = selected.types.items()
        fields: list[Field] = []
        for field in inner:
            if field.name == "__typename":
                fields.append(Field(field.key, TypeName(edge_type)))
            elif field.name == "cursor":
                fields.append(Field(field.key, Cursor(Order("RECORDED", "{t}.id", "uuid"), row)))
            else:
                fields.append(Field(field.key, self._plan_object(type_, field.types[type_], row, 1)))
        rows = Rows(Fragment(NODE_SOURCES[type_], row), row, Fragment("{t}.id = {0}", row, parameters=(key,)))
        return One(rows, Object(tuple(fields)), nullable=False)

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
        if name in ROOT:
            return self._plan_page(ROOT[name], selected, None, 1)
        return self.plan_node(selected.types, _origin(selected, "id"), selected.path)

    def _plan_node(
        self, type_: str, inner: Sequence[Selected], key: Parameter, times: int, *, nullable: bool = True
    ) -> One:
        row = next(self._numbers)
        self._count(times, ())
        condition = Fragment("{t}.id = {0}", row, parameters=(key,))
        rows = Rows(Fragment(NODE_SOURCES[type_], row), row, condition)
        return One(rows, self._plan_object(type_, inner, row, times), nullable)

    def _plan_known(self, selected: Selected) -> Many:
        self._count(MAX_NODES, selected.path)
        row, found = next(self._numbers), next(self._numbers)
        urls = Parameter(_origin(selected, "urls"), Conversion.URLS, "text[]", path=selected.path)
        source = Fragment(KNOWN_SOURCE, row, parameters=(urls,))
        rows = Rows(Fragment(NODE_SOURCES["Source"], found), found, Fragment(KNOWN_JOIN, found, row))
        value = self._plan_object("Source", selected.types["Source"], found, MAX_NODES)
        return Many(
            Rows(source, row, All(())), (Fragment("{t}.n", row),), Choice((One(rows, value, nullable=True),))
        )

    def _plan_comparison(self, selected: Selected, key: Parameter) -> One:
        row = next(self._numbers)
        self._count(LONG_QUESTION, selected.path)
        rows = Rows(
            Fragment(NODE_SOURCES["Question"], row), row, Fragment("{t}.id = {0}", row, parameters=(key,))
        )
        comparison = self._plan_object("Comparison", selected.types["Comparison"], row, LONG_QUESTION)
        return One(rows, comparison, nullable=True)

    def _plan_nodes(self, selected: Selected) -> Many:
        origin = _origin(selected, "ids")
        row = next(self._numbers)
        self._count(MAX_NODES, selected.path)
        types = Parameter(origin, Conversion.NODE_TYPES, "text[]", path=selected.path)
        keys = Parameter(origin, Conversion.NODE_KEYS, "uuid[]", path=selected.path)
        source = Fragment("unnest({0}, {1}) WITH ORDINALITY {t}(type, id, n)", row, parameters=(types, keys))
        options = []
        for type_, inner in selected.types.items():
            found = next(self._numbers)
            condition = Fragment(f"{{t}}.id = {{p}}.id AND {{p}}.type = '{type_.lower()}'", found, row)
            rows = Rows(Fragment(NODE_SOURCES[type_], found), found, condition)
            options.append(One(rows, self._plan_object(type_, inner, found, MAX_NODES), nullable=True))
        return Many(Rows(source, row, All(())), (Fragment("{t}.n", row),), Choice(tuple(options)))

    # --- objects ----------------------------------------------------------------------------------

    def _plan_object(self, type_: str, selections: Sequence[Selected], row: int, times: int) -> Object:
        return Object(self._plan_fields(type_, TYPES[type_], selections, row, times))

    def _plan_fields(
        self,
        type_: str,
        meanings: Mapping[str, Meaning],
        selections: Sequence[Selected],
        row: int,
        times: int,
    ) -> tuple[Field, ...]:
        marks = (Field(TYPE_MARK, TypeName(type_)),) if self._mark_types else ()
        return marks + tuple(
            Field(
                s.key,
                TypeName(type_)
                if s.name == "__typename"
                else self._plan_field(meanings[s.name], s, row, times),
            )
            for s in selections
        )

    def _plan_field(self, meaning: Meaning, selected: Selected, row: int, times: int) -> Value:
        match meaning:
            case Leaf():
                expression = Fragment(meaning.template, row)
                return Scalar(expression, meaning.encoding, meaning.nullable, meaning.prefix)
            case Part():
                inner = selected.types[meaning.type]
                present = Fragment(meaning.present, row) if meaning.present else None
                return Object(self._plan_fields(meaning.type, meaning.fields, inner, row, times), present)
            case Link():
                return self._plan_link(meaning, selected.types, row, times)
            case Variants():
                return self._plan_variants(meaning, selected.types, row, times)
            case Collection():
                return self._plan_collection(meaning, selected, row, times)
            case Paged():
                return self._plan_page(meaning, selected, row, times)

    def _plan_link(self, link: Link, types: Mapping[str, Sequence[Selected]], parent: int, times: int) -> One:
        row = next(self._numbers)
        rows = Rows(Fragment(link.source, row, parent), row, Fragment(link.join, row, parent))
        return One(rows, self._plan_object(link.type, types[link.type], row, times), link.nullable)

    def _plan_variants(
        self, variants: Variants, types: Mapping[str, Sequence[Selected]], parent: int, times: int
    ) -> Choice:
        return Choice(tuple(self._plan_link(link, types, parent, times) for link in variants.links))

    def _plan_collection(self, meaning: Collection, selected: Selected, parent: int, times: int) -> Many:
        row = next(self._numbers)
        self._count(times, selected.path)
        conditions = (
            Fragment(meaning.join, row, parent),
            *plan_narrowed(meaning.narrowed, selected, row),
        )
        rows = Rows(Fragment(meaning.source, row, parent), row, All(conditions))
        order = tuple(Fragment(template, row) for template in meaning.order)
        if isinstance(meaning.item, Variants):
            return Many(rows, order, self._plan_variants(meaning.item, selected.types, row, times))
        inner = selected.types[meaning.item]
        return Many(rows, order, self._plan_object(meaning.item, inner, row, times))

    # --- connections ------------------------------------------------------------------------------

    def _plan_page(self, meaning: Paged, selected: Selected, parent: int | None, times: int) -> Page:
        self._lists += 1
        if self._lists > MAX_LISTS:
            raise QueryRefused(f"The query asks for more than {MAX_LISTS} lists.", path=selected.path)
        row = next(self._numbers)
        size, backward = plan_size(selected)
        times *= max(size, 1)
        self._count(times, selected.path)
        order, descending = self._plan_order(meaning, selected)
        parameters: tuple[Parameter, ...] = ()
        if meaning is SEARCH:
            parameters = (Parameter(_origin(selected, "text"), Conversion.WORDS, "text", path=selected.path),)
        conditions: list[Condition] = [Fragment(meaning.join, row, parent)]
        hidden = selected.arguments.get("includeWithdrawn")
        if meaning.hidden and not (isinstance(hidden, Given) and hidden.value is True):
            conditions.append(Fragment(meaning.hidden, row))
        conditions.extend(plan_narrowed(meaning.narrowed, selected, row))
        wanted = selected.arguments.get("filter")
        if meaning.filter and isinstance(wanted, dict):
            conditions.append(self._filters.plan(meaning.filter, wanted, row, selected.path))
        rows = Rows(Fragment(meaning.source, row, parent, parameters), row, All(tuple(conditions)))
        return Page(
            rows,
            order,
            descending,
            size,
            backward,
            plan_bounds(selected, order),
            self._plan_parts(meaning, selected, order, row, times),
        )

    def _plan_order(self, meaning: Paged, selected: Selected) -> tuple[Order, bool]:
        wanted = selected.arguments.get("orderBy")
        name, descending = meaning.default_order, meaning is SEARCH
        if isinstance(wanted, dict):
            field, direction = wanted.get("field"), wanted.get("direction")
            if isinstance(field, Given):
                name = str(field.value)
            descending = isinstance(direction, Given) and direction.value == "DESC"
        return meaning.orders[name], descending

    def _plan_parts(
        self, meaning: Paged, selected: Selected, order: Order, row: int, times: int
    ) -> tuple[tuple[str, Edges | PageInfo | Total | TypeName], ...]:
        parts: list[tuple[str, Edges | PageInfo | Total | TypeName]] = []
        [(connection, inner)] = selected.types.items()
        for part in inner:
            if part.name == "edges":
                edge = self._plan_edge(meaning, part, order, row, times)
                parts.append((part.key, Edges(edge)))
            elif part.name == "pageInfo":
                parts.append((part.key, _plan_page_info(part)))
            elif part.name == "totalCount":
                parts.append((part.key, Total()))
            else:
                parts.append((part.key, TypeName(connection)))
        return tuple(parts)

    def _plan_edge(self, meaning: Paged, edges: Selected, order: Order, row: int, times: int) -> Object:
        [(edge_type, inner)] = edges.types.items()
        fields: list[Field] = []
        for field in inner:
            if field.name == "cursor":
                fields.append(Field(field.key, Cursor(order, row)))
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


def _plan_page_info(selected: Selected) -> PageInfo:
    [(type_, inner)] = selected.types.items()
    return PageInfo(
        tuple((f.key, TypeName(type_) if f.name == "__typename" else _PAGE_INFO[f.name]) for f in inner)
    )


def _origin(selected: Selected, name: str) -> Origin:
    argument = selected.arguments[name]
    assert isinstance(argument, Given)
    return argument.origin
