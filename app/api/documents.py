"""Documents as they were parsed, validated and compiled, kept for the next request with the same text.

A document that was not seen before costs milliseconds; one that was, a look in a table. What is kept is
bounded: the oldest go first, and a document too large to be worth it is not kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    get_variable_values,
    is_input_type,
    parse,
    specified_rules,
    type_from_ast,
    validate,
)

from app.compiler import Statement, shape_of

MAX_TOKENS = 10_000
MAX_ERRORS = 10
MAX_DOCUMENTS = 500
MAX_KEPT_LENGTH = 50_000
MAX_SHAPES = 50

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """A table of at most `size` entries; the one used longest ago makes room."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[Key, Value] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get_or_make(self, key: Key, make: Callable[[], Value]) -> Value:
        try:
            self._entries.move_to_end(key)
            return self._entries[key]
        except KeyError:
            value = self._entries[key] = make()
            if len(self._entries) > self._size:
                self._entries.popitem(last=False)
            return value


@dataclass(frozen=True, slots=True)
class Read:
    """A compiled query: its statement, and which root fields the executor has to answer beside it."""

    statement: Statement
    introspects: bool


@dataclass(slots=True)
class Operation:
    """One operation of a valid document."""

    schema: GraphQLSchema
    document: DocumentNode
    node: OperationDefinitionNode
    variable_types: Mapping[str, GraphQLInputType]
    reads: Kept[Hashable, Read] = field(default_factory=lambda: Kept(MAX_SHAPES))

    @property
    def is_query(self) -> bool:
        return self.node.operation is OperationType.QUERY

    def coerce(self, variables: Mapping[str, Any]) -> dict[str, Any] | list[GraphQLError]:
        """The variables as the schema types them, or what is wrong with them."""
        if not self.node.variable_definitions:
            return {}
        values = get_variable_values(
            self.schema, self.node.variable_definitions, dict(variables), max_errors=MAX_ERRORS
        )
        return values if isinstance(values, list) else values.coerced

    def shape(self, coerced: Mapping[str, Any]) -> Hashable:
        """What of the variables a plan may depend on."""
        return tuple(
            (name, shape_of(type_, coerced[name]))
            for name, type_ in self.variable_types.items()
            if name in coerced
        )


@dataclass(slots=True)
class Document:
    """A document with its operations, or with the errors it is refused with."""

    errors: list[GraphQLError]
    operations: dict[str, Operation]

    def operation(self, name: str | None) -> Operation:
        """The operation with this name, or the only one. Raises GraphQLError if that is not clear."""
        if name is not None:
            if name not in self.operations:
                raise GraphQLError(f"The document has no operation named {name!r}.")
            return self.operations[name]
        if len(self.operations) != 1:
            raise GraphQLError("The document has several operations: give operationName.")
        return next(iter(self.operations.values()))


class Documents:
    """Reads documents against one schema and keeps them."""

    def __init__(self, schema: GraphQLSchema, *, introspection: bool) -> None:
        self._schema = schema
        # One tuple for all requests: a new list of rules would defeat every cache behind it.
        self._rules = (
            specified_rules if introspection else (*specified_rules, NoSchemaIntrospectionCustomRule)
        )
        self._kept: Kept[str, Document] = Kept(MAX_DOCUMENTS)

    def read(self, text: str) -> Document:
        if len(text) > MAX_KEPT_LENGTH:
            return self._read(text)
        return self._kept.get_or_make(text, lambda: self._read(text))

    def _read(self, text: str) -> Document:
        try:
            node = parse(text, max_tokens=MAX_TOKENS)
        except GraphQLError as problem:
            return Document([problem], {})
        errors = validate(self._schema, node, self._rules, max_errors=MAX_ERRORS)
        if errors:
            return Document(errors, {})
        operations = {}
        for definition in node.definitions:
            if isinstance(definition, OperationDefinitionNode):
                name = definition.name.value if definition.name else ""
                types: dict[str, GraphQLInputType] = {}
                for variable in definition.variable_definitions or ():
                    type_ = type_from_ast(self._schema, variable.type)
                    assert is_input_type(type_), "validated"
                    types[variable.variable.name.value] = type_
                operations[name] = Operation(self._schema, node, definition, types)
        return Document([], operations)
