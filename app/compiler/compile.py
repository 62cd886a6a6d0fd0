"""The three steps in a row: selection, plan, SQL. What comes out can be kept and run with other values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
)

from app.compiler.catalog import FEEDS
from app.compiler.introspection import INTROSPECTING, check_introspection
from app.compiler.parameters import bind, spell_array
from app.compiler.plan import Parameter, Value
from app.compiler.planner import Planner
from app.compiler.selection import select_operation, select_within
from app.compiler.statements import render, render_lines, render_shared
from app.compiler.variables import Constant, Context, Given, Origin
from app.errors import QueryRefused

# The root fields that no row answers: the normal executor does.
EXECUTED = INTROSPECTING | {"suggest"}


@dataclass(frozen=True, slots=True)
class Shared:
    """The statement for several requests at once: a row for each, in their order.

    Without parameters all requests are one: `sql` is the statement itself, and its only row is for all.
    """

    sql: str
    arrays: tuple[bool, ...]  # which parameters are arrays themselves

    def gather(self, requests: Sequence[Sequence[object]]) -> list[list[object]]:
        """The parameters to send, from those of each request."""
        return [
            [spell_array(item) for item in column] if is_array else list(column)
            for is_array, column in zip(self.arrays, zip(*requests, strict=True), strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement whose only value is JSON text."""

    sql: str
    parameters: tuple[Parameter, ...]
    checked: tuple[
        Parameter, ...
    ]  # not sent, since no row is asked for; refused where malformed all the same
    shared: Shared | None = None  # a search is not shared: it is planned for its own words
    past: bool = False  # whether it reads the log, for how things stood
    accounts: bool = False  # whether it lists them
    depends: bool = field(init=False)  # whether parameters are taken from the context

    def __post_init__(self) -> None:
        depends = any(isinstance(each.origin, Context) for each in (*self.parameters, *self.checked))
        object.__setattr__(self, "depends", depends)

    def bind(self, variables: Mapping[str, Any], context: Mapping[str, Any]) -> list[object]:
        """The parameters for a request. `variables` are coerced; `context` has the viewer's key."""
        if self.checked:
            bind(self.checked, variables, context)
        return bind(self.parameters, variables, context)


class Read(NamedTuple):
    """A compiled query. `executes`: it asks for what no row answers as well; `introspects`: for nothing but
    the schema."""

    statement: Statement
    executes: bool
    introspects: bool


def compile_read(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
) -> Read:
    """A validated query, compiled.

    The value of the statement is {"data": …}. It answers every request whose variables have the same shape
    (`shaper_of`). Where the query asks for more than rows, what it reads is marked for the normal
    executor, which answers the rest. Raises QueryRefused past a limit.
    """
    selections = select_operation(schema, document, operation, variables)
    check_introspection(schema, selections)
    read = tuple(selected for selected in selections if selected.name not in EXECUTED)
    executes = len(read) < len(selections)
    planner = Planner(mark_types=executes)
    plan = planner.plan_root(read)
    sql, sent, unsent = render(plan, "data")
    shared = None if planner.searches else _share(plan, sql, sent)
    introspects = executes and all(each.name in INTROSPECTING | {"__typename"} for each in selections)
    statement = Statement(sql, sent, unsent, shared, planner.past, planner.accounts)
    return Read(statement, executes, introspects)


def _share(plan: Value, sql: str, sent: tuple[Parameter, ...]) -> Shared:
    if not sent:
        return Shared(sql, ())
    return Shared(render_shared(plan, sent, "data"), tuple(p.sql_type.endswith("[]") for p in sent))


@dataclass(frozen=True, slots=True)
class Events:
    """What a subscription hears: a field of the catalog's FEEDS, and how its events are read.

    The value of the statement is a line for each event that the subscription's filter accepts, out of those
    whose keys are in the context under "keys": the key, a tab, and the data of a response.
    """

    feed: str
    statement: Statement
    after: Origin | None  # where the cursor comes from that it goes on after


def compile_events(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
) -> Events:
    """A validated subscription, compiled for all variables of the same shape. Raises QueryRefused."""
    selections = select_operation(schema, document, operation, variables)
    if len(selections) != 1 or selections[0].name not in FEEDS:
        # Validation lets @skip and @include leave none.
        raise QueryRefused("A subscription asks for exactly one field.")
    [selected] = selections
    after = selected.arguments.get("after")
    statement = Statement(*render_lines(Planner().plan_events(selected)))
    return Events(selected.name, statement, after.origin if isinstance(after, Given) else None)


def compile_payload(
    schema: GraphQLSchema,
    fragments: Mapping[str, FragmentDefinitionNode],
    type_: GraphQLObjectType,
    nodes: Sequence[FieldNode],
    variables: Mapping[str, Any],
    links: Mapping[str, str],
) -> Statement:
    """The statement that reads a mutation's payload back: its value is the payload object, types marked.

    `links`: the payload's fields that are nodes, and their types; `Statement.bind` takes their keys from the
    context under the same names.
    """
    selections = select_within(schema, fragments, type_, nodes, variables)
    return Statement(*render(Planner(mark_types=True).plan_payload(type_.name, selections, links)))


def compile_node(
    schema: GraphQLSchema,
    fragments: Mapping[str, FragmentDefinitionNode],
    nodes: Sequence[FieldNode],
    variables: Mapping[str, Any],
    id: str,
) -> Statement:
    """The statement that reads the node `id` for some fields whose value is a Node: the object, or null."""
    types = {
        type_.name: select_within(schema, fragments, type_, nodes, variables)
        for type_ in schema.get_possible_types(_node_interface(schema))
    }
    return Statement(*render(Planner(mark_types=True).plan_node(types, Constant(id))))


def _node_interface(schema: GraphQLSchema) -> GraphQLInterfaceType:
    interface = schema.type_map["Node"]
    assert isinstance(interface, GraphQLInterfaceType)
    return interface
