"""How much a query asks about the schema: bounded here, since no row and no page size bounds it.

The executor answers it, in one go, on the loop that serves everybody. Fields of lists are counted for each
item. Where all types are listed the number of items is the mean, so that the sum is right; anywhere else it
is the largest that there is, whichever type may be meant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
)

from app.compiler.selection import Selected
from app.errors import QueryRefused

INTROSPECTING = frozenset({"__schema", "__type"})
# Fields in an answer, of 2 to 6 µs each. The query by which clients learn the whole schema comes to 20,000.
MAX_INTROSPECTED = 30_000
# As in [Claim!]!: what is asked for below is null.
MOST_WRAPPED = 3

Sizes: TypeAlias = Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class _Schema:
    """How many items the lists have: of every type on average, and of one at most. By type and field."""

    mean: Sizes
    most: Sizes


def check_introspection(schema: GraphQLSchema, selections: Iterable[Selected]) -> None:
    """Raise QueryRefused if the fields that ask about the schema have too large an answer."""
    asked = [selected for selected in selections if selected.name in INTROSPECTING]
    if asked and count_introspected(schema, asked) > MAX_INTROSPECTED:
        raise QueryRefused(
            f"The answer about the schema would have more than {MAX_INTROSPECTED:,} fields.",
            hint="Ask for the schema once, and for no lists of fields within lists of fields.",
            path=asked[0].path,
        )


def count_introspected(schema: GraphQLSchema, asked: Iterable[Selected]) -> float:
    """The fields of the answer to `__schema` and `__type`, at most."""
    sizes = _measure(schema)
    return sum(_count(sizes, "", selected, every=selected.name == "__schema") for selected in asked)


def _count(sizes: _Schema, parent: str, selected: Selected, *, every: bool, wrapped: int = 0) -> float:
    """The fields that an answer has for this one. `every`: it is asked for of every type alike. `wrapped`:
    how many lists and non-nulls were taken off the type before."""
    place = (parent, selected.name)
    wrapped = wrapped + 1 if selected.name == "ofType" else 0
    if wrapped > MOST_WRAPPED:
        return 1
    times = (sizes.mean if every else sizes.most).get(place, 1.0)
    # Another type is meant by each: not every type any more.
    every = every and place in _OF_EVERY_TYPE
    inner = sum(
        _count(sizes, name, each, every=every, wrapped=wrapped)
        for name, fields in selected.types.items()
        for each in fields
    )
    return times * (1 + inner)


_OF_EVERY_TYPE = {
    ("", "__schema"),
    ("__Schema", "types"),
    ("__Schema", "directives"),
    ("__Type", "fields"),
    ("__Type", "inputFields"),
}


@lru_cache(maxsize=4)
def _measure(schema: GraphQLSchema) -> _Schema:
    types = list(schema.type_map.values())
    fields = [field for type_ in types for field in _fields_of(type_)]
    directives = [len(directive.args) for directive in schema.directives]
    lists: dict[tuple[str, str], Collection[int]] = {
        ("__Type", "fields"): [len(_fields_of(type_)) for type_ in types],
        ("__Type", "inputFields"): [
            len(type_.fields) if isinstance(type_, GraphQLInputObjectType) else 0 for type_ in types
        ],
        ("__Type", "enumValues"): [
            len(type_.values) if isinstance(type_, GraphQLEnumType) else 0 for type_ in types
        ],
        ("__Type", "interfaces"): [
            len(type_.interfaces) if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) else 0
            for type_ in types
        ],
        ("__Type", "possibleTypes"): [
            len(schema.get_possible_types(type_))
            if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType)
            else 0
            for type_ in types
        ],
        ("__Field", "args"): [len(field.args) for field in fields],
        ("__Directive", "args"): directives,
    }
    whole = {("__Schema", "types"): len(types), ("__Schema", "directives"): len(directives)}
    return _Schema(
        {place: sum(counts) / len(counts) for place, counts in lists.items()} | whole,
        {place: float(max(counts)) for place, counts in lists.items()} | whole,
    )


def _fields_of(type_: GraphQLNamedType) -> Collection[GraphQLField]:
    return type_.fields.values() if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) else ()
