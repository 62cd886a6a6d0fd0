"""Selection + Catalog → Plan. Every decision is made here and below: rows, conditions, limits.

Here are the roots: what a query, a subscription and the payload of a mutation start from. objects.py plans
what is below them. The renderer only spells what is decided; the catalog only says what fields mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.compiler.catalog import (
    ACCESS,
    ACCESS_CONTEXT,
    CHANGES,
    FEEDS,
    KNOWN_JOIN,
    KNOWN_SOURCE,
    NODE_SOURCES,
    PAST_CLAIM,
    PAST_CLAIMS,
    ROOT,
    SEARCH,
    SINGLE,
    STANDING_SOURCE,
    Link,
)
from app.compiler.objects import TYPE_MARK, Objects, of_viewer, origin_of
from app.compiler.parameters import MAX_NODES
from app.compiler.plan import (
    All,
    Choice,
    Condition,
    Cursor,
    Field,
    Fragment,
    Lines,
    Many,
    Object,
    One,
    Parameter,
    TypeName,
    Value,
)
from app.compiler.rows import rows_by_id, rows_of
from app.compiler.selection import Selected
from app.compiler.terms import Conversion
from app.compiler.variables import Context, Given, Origin

# What a merge changes, as the transaction that found it hands it in.
FOUND_CHANGES = Parameter(Context("changes"), Conversion.AS_IS, "jsonb")


class Planner:
    """Plans one operation."""

    def __init__(self, *, mark_types: bool = False) -> None:
        """`mark_types`: every object says its type under TYPE_MARK, for the normal executor."""
        self._objects = Objects(mark_types=mark_types)
        self.past = False  # whether anything is asked as of a moment
        self.accounts = False  # whether accounts are listed
        self.searches = False  # whether there are words to search for

    def plan_root(self, selections: Sequence[Selected]) -> Object:
        """The data of a query."""
        return Object(tuple(Field(s.key, self._plan_root_field(s)) for s in selections))

    def plan_events(self, selected: Selected) -> Lines:
        """What a subscription shows of those events, named by the context, that its filter accepts."""
        feed = FEEDS[selected.name]
        row = self._objects.start()
        claim = row.number if feed.type == "Claim" else self._objects.number()
        keys = Parameter(Context("keys"), Conversion.AS_IS, f"{feed.key_type}[]")
        conditions: list[Condition] = [Fragment("{t}.id = ANY({0})", row.number, parameters=(keys,))]
        wanted = selected.arguments.get("filter")
        if isinstance(wanted, dict):
            conditions.append(self._objects.filters.plan("ClaimFilter", wanted, claim, selected.path))
        value = self._objects.plan_object(feed.type, selected.types[feed.type], row, 1)
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
            elif selected.name == "figureChanges":
                page = self._objects.plan_page(CHANGES, selected, None, 1, (FOUND_CHANGES,))
                fields.append(Field(selected.key, page))
            elif selected.name == "standing":
                fields.append(Field(selected.key, self._plan_standing(selected)))
            elif selected.name.endswith("Edge"):
                name = selected.name.removesuffix("Edge")
                fields.append(Field(selected.key, self._plan_edge_of(selected, name, links[name])))
            else:
                fields.append(Field(selected.key, self._plan_linked(selected, selected.name, links)))
        return Object(tuple(fields))

    def _plan_standing(self, selected: Selected) -> One:
        """Where names stand: all of it comes with the context, as JSON."""
        row = self._objects.start()
        standing = Parameter(Context("standing"), Conversion.AS_IS, "jsonb")
        source = Fragment(STANDING_SOURCE, row.number, parameters=(standing,))
        value = self._objects.plan_object("StandingNames", selected.types["StandingNames"], row, 1)
        found = Fragment("{t}.total IS NOT NULL", row.number)
        return One(rows_of(source, All((found,)), row), value, nullable=True)

    def _plan_linked(self, selected: Selected, name: str, links: Mapping[str, str]) -> One:
        type_ = links[name]
        key = Parameter(Context(name), Conversion.AS_IS, "uuid")
        return self._plan_node(type_, selected.types[type_], key, 1, nullable=False)

    def _plan_edge_of(self, selected: Selected, name: str, type_: str) -> One:
        key = Parameter(Context(name), Conversion.AS_IS, "uuid")
        row = self._objects.start()
        [(edge_type, inner)] = selected.types.items()
        fields: list[Field] = []
        for field in inner:
            if field.name == "__typename":
                fields.append(Field(field.key, TypeName(edge_type)))
            elif field.name == "cursor":
                fields.append(Field(field.key, Cursor("RECORDED", (Fragment("{t}.id", row.number),))))
            else:
                fields.append(Field(field.key, self._objects.plan_object(type_, field.types[type_], row, 1)))
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
        if name == "access":
            return self._plan_single(ACCESS, selected, of_viewer(ACCESS_CONTEXT))
        if name == "search":
            self.searches = True
            words = Parameter(origin_of(selected, "text"), Conversion.WORDS, "text", path=selected.path)
            return self._objects.plan_page(SEARCH, selected, None, 1, (words,))
        if name == "known":
            return self._plan_known(selected)
        if name == "compare":
            key = Parameter(
                origin_of(selected, "question"), Conversion.KEY, "uuid", ("Question",), path=selected.path
            )
            return self._plan_comparison(selected, key)
        if name == "nodes":
            return self._plan_nodes(selected)
        if isinstance(selected.arguments.get("asOf"), Given):
            return self._plan_past(selected)
        if name in SINGLE:
            return self._plan_single(SINGLE[name], selected)
        if name in ROOT:
            self.accounts = self.accounts or name == "researchers"
            return self._objects.plan_page(ROOT[name], selected, None, 1)
        return self.plan_node(selected.types, origin_of(selected, "id"), selected.path)

    def _plan_past(self, selected: Selected) -> Value:
        """A claim, or claims, as of a moment."""
        moment = Parameter(
            origin_of(selected, "asOf"), Conversion.MOMENT, "timestamptz", path=(*selected.path, "asOf")
        )
        self.past = True
        with self._objects.as_of(moment):
            if selected.name == "claims":
                return self._objects.plan_page(PAST_CLAIMS, selected, None, 1)
            row = self._objects.start()
            self._objects.count(1, selected.path)
            key = Parameter(origin_of(selected, "id"), Conversion.KEY, "uuid", ("Claim",), path=selected.path)
            value = self._objects.plan_object("Claim", selected.types["Claim"], row, 1)
            source = Fragment(PAST_CLAIM, row.number, parameters=(moment,))
            found = Fragment("{t}.key = {0}", row.number, parameters=(key,))
            return One(rows_of(source, found, row), value, nullable=True)

    def _plan_node(
        self, type_: str, inner: Sequence[Selected], key: Parameter, times: int, *, nullable: bool = True
    ) -> One:
        row = self._objects.start()
        self._objects.count(times, ())
        value = self._objects.plan_object(type_, inner, row, times)
        return One(rows_by_id(type_, key, row), value, nullable)

    def _plan_single(self, link: Link, selected: Selected, parameters: tuple[Parameter, ...] = ()) -> One:
        row = self._objects.start()
        self._objects.count(1, selected.path)
        value = self._objects.plan_object(link.type, selected.types[link.type], row, 1)
        source = Fragment(link.source, row.number, parameters=parameters)
        return One(rows_of(source, Fragment(link.join, row.number), row), value, link.nullable)

    def _plan_known(self, selected: Selected) -> Many:
        self._objects.count(MAX_NODES, selected.path)
        row, found = self._objects.start(), self._objects.start()
        urls = Parameter(origin_of(selected, "urls"), Conversion.URLS, "text[]", path=selected.path)
        source = Fragment(KNOWN_SOURCE, row.number, parameters=(urls,))
        value = self._objects.plan_object("Source", selected.types["Source"], found, MAX_NODES)
        condition = Fragment(KNOWN_JOIN, found.number, row.number)
        rows = rows_of(Fragment(NODE_SOURCES["Source"], found.number), condition, found)
        choice = Choice((One(rows, value, nullable=True),))
        return Many(rows_of(source, All(()), row), (Fragment("{t}.n", row.number),), choice)

    def _plan_comparison(self, selected: Selected, key: Parameter) -> One:
        row = self._objects.start()
        self._objects.count(1, selected.path)
        # The range that stands is made of every claim on the question, as a list of them would be.
        self._objects.count_list(selected.path)
        comparison = self._objects.plan_object("Comparison", selected.types["Comparison"], row, 1)
        return One(rows_by_id("Question", key, row), comparison, nullable=True)

    def _plan_nodes(self, selected: Selected) -> Many:
        origin = origin_of(selected, "ids")
        row = self._objects.start()
        self._objects.count(MAX_NODES, selected.path)
        types = Parameter(origin, Conversion.NODE_TYPES, "text[]", path=selected.path)
        keys = Parameter(origin, Conversion.NODE_KEYS, "uuid[]", path=selected.path)
        source = Fragment(
            "unnest({0}, {1}) WITH ORDINALITY {t}(type, id, n)", row.number, parameters=(types, keys)
        )
        options = []
        for type_, inner in selected.types.items():
            found = self._objects.start()
            value = self._objects.plan_object(type_, inner, found, MAX_NODES)
            condition = Fragment(
                f"{{t}}.id = {{p}}.id AND {{p}}.type = '{type_.lower()}'", found.number, row.number
            )
            rows = rows_of(Fragment(NODE_SOURCES[type_], found.number), condition, found)
            options.append(One(rows, value, nullable=True))
        return Many(rows_of(source, All(()), row), (Fragment("{t}.n", row.number),), Choice(tuple(options)))
