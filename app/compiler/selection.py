"""Validated document + variables → Selection: fragments, aliases, merging, @skip and @include folded.

A Selection says which fields are wanted of which type, under which key, with which arguments: the algorithm
of the GraphQL specification, "CollectFields", done ahead for every type that a value may have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLCompositeType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionSetNode,
    TypeMetaFieldDef,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    value_from_ast,
)

from app.compiler.variables import (
    Argument,
    Constant,
    Given,
    ListOf,
    ObjectOf,
    Origin,
    Variable,
    is_structural,
    is_value,
    may_be_alone,
    unwrapped,
    wrap_coerced,
    wrap_constant,
)
from app.errors import QueryRefused

# Fields of all types that one operation may come to, fragments spread. A generous page of a
# frontend asks for some hundred; the limit stops documents whose spreading grows exponentially.
MAX_SELECTED_FIELDS = 3_000
# Levels of fields inside fields. The deepest useful query of the sample's frontends has 14.
MAX_DEPTH = 30


_META_FIELDS = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}


@dataclass(frozen=True, slots=True)
class Selected:
    """One wanted field. `types`: what is wanted of its value, for each type the value may have."""

    name: str
    key: str
    arguments: Mapping[str, Argument]
    types: Mapping[str, tuple[Selected, ...]]
    path: tuple[str, ...]


@dataclass(slots=True)
class _Reading:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    selected: int = field(default=0)


def select_operation(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
) -> tuple[Selected, ...]:
    """What an operation wants of its root. `variables` are coerced. Raises QueryRefused past a limit."""
    root = schema.get_root_type(operation.operation)
    assert root is not None, "validated"
    reading = _Reading(schema, fragments_of(document), variables)
    return _select(reading, root, [operation.selection_set], ())


def select_within(
    schema: GraphQLSchema,
    fragments: Mapping[str, FragmentDefinitionNode],
    type_: GraphQLObjectType,
    nodes: Sequence[FieldNode],
    variables: Mapping[str, Any],
) -> tuple[Selected, ...]:
    """What the merged selections of some fields want of a value of an object type."""
    reading = _Reading(schema, fragments, variables)
    sets = [node.selection_set for node in nodes if node.selection_set]
    return _select(reading, type_, sets, ())


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}


def _select(
    reading: _Reading,
    type_: GraphQLObjectType,
    sets: Sequence[SelectionSetNode],
    path: tuple[str, ...],
) -> tuple[Selected, ...]:
    if len(path) > MAX_DEPTH:
        raise QueryRefused(f"The query is more than {MAX_DEPTH} levels deep.", path=path)
    grouped: dict[str, list[FieldNode]] = {}
    seen: set[str] = set()
    for selection_set in sets:
        _collect(reading, type_, selection_set, grouped, seen)
    reading.selected += len(grouped)
    if reading.selected > MAX_SELECTED_FIELDS:
        raise QueryRefused(
            f"The query selects more than {MAX_SELECTED_FIELDS} fields, counting each type a value may have.",
            path=path,
        )
    return tuple(_select_field(reading, type_, key, nodes, path) for key, nodes in grouped.items())


def _select_field(
    reading: _Reading,
    parent: GraphQLObjectType,
    key: str,
    nodes: list[FieldNode],
    path: tuple[str, ...],
) -> Selected:
    name = nodes[0].name.value
    path = (*path, key)
    if name == "__typename":
        return Selected(name, key, {}, {}, path)
    definition = _META_FIELDS.get(name) or parent.fields[name]
    value_type = get_named_type(definition.type)
    types: dict[str, tuple[Selected, ...]] = {}
    if is_composite_type(value_type):
        sets = [node.selection_set for node in nodes if node.selection_set]
        for concrete in _possible_types(reading.schema, value_type):
            types[concrete.name] = _select(reading, concrete, sets, path)
    arguments = _read_arguments(definition.args, nodes[0], reading.variables)
    return Selected(name, key, arguments, types, path)


def _possible_types(schema: GraphQLSchema, type_: GraphQLCompositeType) -> Sequence[GraphQLObjectType]:
    if isinstance(type_, GraphQLObjectType):
        return (type_,)
    return schema.get_possible_types(type_)


def _collect(
    reading: _Reading,
    type_: GraphQLObjectType,
    selection_set: SelectionSetNode,
    grouped: dict[str, list[FieldNode]],
    seen: set[str],
) -> None:
    for node in selection_set.selections:
        if not _included(node.directives or (), reading.variables):
            continue
        if isinstance(node, FieldNode):
            key = node.alias.value if node.alias else node.name.value
            grouped.setdefault(key, []).append(node)
        elif isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            if condition is None or _applies(reading.schema, condition.name.value, type_):
                _collect(reading, type_, node.selection_set, grouped, seen)
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
            seen.add(node.name.value)
            fragment = reading.fragments[node.name.value]
            if _applies(reading.schema, fragment.type_condition.name.value, type_):
                _collect(reading, type_, fragment.selection_set, grouped, seen)


def _applies(schema: GraphQLSchema, condition: str, type_: GraphQLObjectType) -> bool:
    if condition == type_.name:
        return True
    abstract = schema.type_map[condition]
    return isinstance(abstract, GraphQLInterfaceType | GraphQLUnionType) and schema.is_sub_type(
        abstract, type_
    )


def _included(directives: Sequence[DirectiveNode], variables: Mapping[str, Any]) -> bool:
    for directive in directives:
        if directive.name.value in ("skip", "include"):
            [argument] = directive.arguments or ()
            condition = argument.value
            if isinstance(condition, VariableNode):
                value = variables[condition.name.value]
                # A nullable variable may stand here if it has a default; null itself may not.
                if value is None:
                    raise QueryRefused(f"The condition of @{directive.name.value} must not be null.")
            else:
                assert isinstance(condition, BooleanValueNode)
                value = condition.value
            if value is (directive.name.value == "skip"):
                return False
    return True


def _read_arguments(
    definitions: Mapping[str, GraphQLArgument | GraphQLInputField],
    node: FieldNode,
    variables: Mapping[str, Any],
) -> dict[str, Argument]:
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    return _read_fields(definitions, given, variables)


def _read_fields(
    definitions: Mapping[str, GraphQLArgument | GraphQLInputField],
    given: Mapping[str, ValueNode],
    variables: Mapping[str, Any],
) -> dict[str, Argument]:
    """The given fields with their values, and the defaults of those that were not given."""
    arguments: dict[str, Argument] = {}
    for name, definition in definitions.items():
        node = given.get(name)
        if node is not None and not _is_missing(node, variables):
            argument = _read_value(definition.type, node, variables)
            # A nullable variable may stand here, since there is a default; null itself may not.
            if argument is None and isinstance(definition.type, GraphQLNonNull):
                raise QueryRefused(f"{name} must not be null.")
            arguments[name] = argument
        elif definition.default_value is not Undefined:
            arguments[name] = wrap_constant(definition.type, definition.default_value)
    return arguments


def _is_missing(node: ValueNode, variables: Mapping[str, Any]) -> bool:
    return isinstance(node, VariableNode) and node.name.value not in variables


def _read_value(type_: GraphQLInputType, node: ValueNode, variables: Mapping[str, Any]) -> Argument:
    type_ = unwrapped(type_)
    if isinstance(node, NullValueNode):
        return None
    if isinstance(node, VariableNode):
        name = node.name.value
        value = variables[name]
        if isinstance(type_, GraphQLList) and not isinstance(value, list) and value is not None:
            raise AssertionError("validation lets a variable stand for a list only if it is one")
        return wrap_coerced(type_, value, (name,))
    if is_structural(type_):
        return wrap_constant(type_, value_from_ast(node, type_))
    if is_value(type_):
        items = node.values if isinstance(node, ListValueNode) else (node,)
        alone = may_be_alone(type_) and len(items) == 1
        return Given(_read_origin(type_, node, variables), alone=alone)
    if isinstance(type_, GraphQLList):
        items = node.values if isinstance(node, ListValueNode) else (node,)
        read = tuple(_read_value(type_.of_type, item, variables) for item in items)
        if None in read and isinstance(type_.of_type, GraphQLNonNull):
            raise QueryRefused("No item of the list may be null.")
        return read
    assert isinstance(type_, GraphQLInputObjectType)
    assert isinstance(node, ObjectValueNode)
    return _read_fields(type_.fields, {f.name.value: f.value for f in node.fields}, variables)


def _read_origin(type_: GraphQLInputType, node: ValueNode, variables: Mapping[str, Any]) -> Origin:
    """Where a value comes from that may have variables inside: a list of scalars, or a range."""
    type_ = unwrapped(type_)
    if isinstance(node, VariableNode):
        return Variable((node.name.value,)) if node.name.value in variables else Constant(None)
    if isinstance(type_, GraphQLList):
        items = node.values if isinstance(node, ListValueNode) else (node,)
        origins = tuple(_read_origin(type_.of_type, item, variables) for item in items)
        if all(isinstance(origin, Constant) for origin in origins):
            return Constant(tuple(origin.value for origin in origins if isinstance(origin, Constant)))
        return ListOf(origins)
    if isinstance(type_, GraphQLInputObjectType) and isinstance(node, ObjectValueNode):
        return ObjectOf(
            tuple(
                (f.name.value, _read_origin(type_.fields[f.name.value].type, f.value, variables))
                for f in node.fields
            )
        )
    value = value_from_ast(node, type_)
    # It is no number, and the one constant that cannot be told from others: it has no hash.
    if isinstance(value, Decimal) and value.is_snan():
        raise QueryRefused("A signalling NaN is no number.")
    return Constant(value)
