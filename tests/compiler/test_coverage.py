"""The written queries leave out nothing of the surface, and ask where there is something to see."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    ObjectFieldNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_interface_type,
    is_introspection_type,
    is_union_type,
    parse,
    validate,
    visit,
)

from tests.compiler.comparison import Contest
from tests.compiler.directed import read_queries
from tests.compiler.plain.schema import read_schema, resolve_field, unresolved_fields


def reachable_types(schema: GraphQLSchema) -> set[Any]:
    """Every type that a query can give or take."""
    assert schema.query_type
    reached: set[Any] = set()
    waiting: list[Any] = [schema.query_type]
    while waiting:
        type_ = waiting.pop()
        if type_ in reached:
            continue
        reached.add(type_)
        if is_union_type(type_) or is_interface_type(type_):
            waiting += schema.get_possible_types(type_)
        if isinstance(type_, GraphQLObjectType | GraphQLInputObjectType):
            for field in type_.fields.values():
                waiting.append(get_named_type(field.type))
                waiting += [get_named_type(argument.type) for argument in getattr(field, "args", {}).values()]
    return reached


def surface(schema: GraphQLSchema) -> Iterator[str]:
    """`Type.field`, `Type.field(argument)` and `Input.field`, for all that a query can say."""
    for type_ in reachable_types(schema):
        if isinstance(type_, GraphQLObjectType):
            for name, field in type_.fields.items():
                yield f"{type_.name}.{name}"
                yield from (f"{type_.name}.{name}({argument})" for argument in field.args)
        elif isinstance(type_, GraphQLInputObjectType):
            yield from (f"{type_.name}.{name}" for name in type_.fields)


class Mentions(Visitor):
    """What a document says of the surface. What a variable brings along is not counted."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info = info
        self.found: set[str] = set()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self.info.get_parent_type()
        if parent and node.name.value != "__typename":
            self.found.add(f"{parent.name}.{node.name.value}")
            for argument in node.arguments or ():
                self.found.add(f"{parent.name}.{node.name.value}({argument.name.value})")

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        parent = get_named_type(self.info.get_parent_input_type())
        if parent:
            self.found.add(f"{parent.name}.{node.name.value}")


def test_every_document_is_valid() -> None:
    """Or it would be refused for another reason than the one it is written for."""
    schema = read_schema()
    documents = {directed.subject: directed.document for directed in read_queries()}
    assert {subject: validate(schema, parse(text)) for subject, text in documents.items()} == {
        subject: [] for subject in documents
    }


def test_written_queries_cover_the_surface() -> None:
    schema = read_schema()
    info = TypeInfo(schema)
    mentions = Mentions(info)
    for document in {directed.document for directed in read_queries() if directed.subject != "refusals"}:
        visit(parse(document), TypeInfoVisitor(info, mentions))
    assert sorted(set(surface(schema)) - mentions.found) == []


def test_resolvers_are_of_fields_that_are_there() -> None:
    assert unresolved_fields(read_schema()) == []


async def test_answers_show_each_field_both_ways(contest: Contest) -> None:
    """Each nullable field null and not, each list with something in it, each term of each enum."""
    seen: dict[str, set[str]] = {}

    def watch(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        value = resolve_field(source, info, **arguments)
        shown = "nothing" if value in (None, []) else str(value)
        seen.setdefault(f"{info.parent_type.name}.{info.field_name}", set()).add(shown)
        return value

    for directed in read_queries():
        for viewer, variables in product(directed.viewers, directed.variables):
            await contest.oracle.answer(directed.document, variables, directed.name, viewer, watch)
    missing = [
        line
        for type_ in reachable_types(contest.oracle.schema)
        if isinstance(type_, GraphQLObjectType) and type_.name != "Query" and not is_introspection_type(type_)
        for line in unseen(type_, seen)
    ]
    assert sorted(missing) == []


def unseen(type_: GraphQLObjectType, seen: dict[str, set[str]]) -> Iterator[str]:
    for name, field in type_.fields.items():
        shown = seen.get(f"{type_.name}.{name}", set())
        if not shown - {"nothing"}:
            yield f"{type_.name}.{name}: never with a value"
        if not isinstance(field.type, GraphQLNonNull) and "nothing" not in shown:
            yield f"{type_.name}.{name}: never null"
        leaf = get_named_type(field.type)
        if isinstance(leaf, GraphQLEnumType):
            for term in set(leaf.values) - shown:
                yield f"{type_.name}.{name}: never {term}"
