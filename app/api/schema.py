"""The surface as one schema, and how the normal executor finds what the compiler has read.

The compiler answers with the JSON of a response. Where the executor runs (a mutation's payload, introspection
beside data), it is given that JSON: each object a dict under the response keys of the document, with its type
under TYPE_MARK.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import strawberry
from graphql import (
    GraphQLAbstractType,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    default_field_resolver,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from app.api.context import RequestContext
from app.api.mutations import Mutation
from app.api.query import Query
from app.api.refusals import EXCEPTION_HANDLERS
from app.api.subscriptions import Subscription
from app.compiler import EXECUTED, TYPE_MARK


class Schema(strawberry.Schema):
    """The surface. What goes wrong is logged once, by execution.py, which tells what was expected."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        del errors, execution_context


class KnownDocument(SchemaExtension):
    """What documents.py has parsed, validated and kept is not read again for each execution."""

    def on_operation(self) -> Iterator[None]:
        context = self.execution_context.context
        if isinstance(context, RequestContext) and context.document is not None:
            self.execution_context.graphql_document = context.document
            self.execution_context.validation_rules = ()
        yield


def build_schema() -> strawberry.Schema:
    schema = Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        config=StrawberryConfig(),
        exception_handlers=EXCEPTION_HANDLERS,
        extensions=[KnownDocument],
    )
    _read_what_was_compiled(core_schema(schema))
    return schema


def core_schema(schema: strawberry.Schema) -> GraphQLSchema:
    """The same schema as graphql-core holds it: what documents are validated and compiled against."""
    return schema._schema


def _read_what_was_compiled(schema: GraphQLSchema) -> None:
    for type_ in schema.type_map.values():
        if type_.name.startswith("__"):
            continue
        if isinstance(type_, GraphQLObjectType):
            type_.is_type_of = None
            for field in type_.fields.values():
                _read_field(field)
        elif isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            _read_type(type_)
        elif isinstance(type_, GraphQLScalarType):
            _read_scalar(type_)


def _read_field(field: GraphQLField) -> None:
    resolve = field.resolve or default_field_resolver

    def read(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        if isinstance(source, dict) and info.field_name not in EXECUTED:
            return source[info.path.key]
        return resolve(source, info, **arguments)

    field.resolve = read


def _read_type(type_: GraphQLInterfaceType | GraphQLUnionType) -> None:
    resolve = type_.resolve_type

    def read(value: Any, info: GraphQLResolveInfo[Any], abstract: GraphQLAbstractType) -> Any:
        if isinstance(value, dict):
            return value[TYPE_MARK]
        assert resolve is not None
        return resolve(value, info, abstract)

    type_.resolve_type = read


def _read_scalar(type_: GraphQLScalarType) -> None:
    coerce: Callable[[Any], Any] = type_.coerce_output_value

    def read(value: Any) -> Any:
        # What was read is JSON already; what a resolver made may be a time or a decimal.
        return value if isinstance(value, str | int | float | dict | list | bool) else coerce(value)

    type_.coerce_output_value = read
