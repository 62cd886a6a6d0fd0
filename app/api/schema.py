"""The surface as one schema, and its text as `schema.graphql` keeps it."""

from __future__ import annotations

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from app.api.query import Query


def build_schema() -> strawberry.Schema:
    return strawberry.Schema(query=Query, config=StrawberryConfig())


def core_schema(schema: strawberry.Schema) -> GraphQLSchema:
    """The same schema as graphql-core holds it: what documents are validated and compiled against."""
    return schema._schema
