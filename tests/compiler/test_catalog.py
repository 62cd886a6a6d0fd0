"""The catalog means every field of the surface, no other, and each as nullable as the schema says."""

from __future__ import annotations

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    assert_abstract_type,
    get_named_type,
    is_leaf_type,
)

from app.compiler.catalog import FILTERS, NODE_SOURCES, ROOT, SEARCH, TYPES
from app.compiler.catalog.meanings import (
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
from tests.api.schemas import CORE

# Answered by the planner itself, or by the catalog's meanings of a part.
PARTS = {"Quote", "Quantity", "Moment", "Retraction", "Withdrawal", "Figures", "Stretch"}


def object_type(name: str) -> GraphQLObjectType:
    type_ = CORE.type_map[name]
    assert isinstance(type_, GraphQLObjectType)
    return type_


def names_under(schema: GraphQLSchema, name: str) -> set[str]:
    """The types of a union, or those that have an interface."""
    return {each.name for each in schema.get_possible_types(assert_abstract_type(schema.type_map[name]))}


def is_read(schema: GraphQLSchema, name: str) -> bool:
    """Whether a type is reached from Query: errors and payloads are the executor's."""
    reached: set[str] = set()
    waiting = ["Query", "FigureChange", "StandingNames"]
    while waiting:
        current = schema.type_map[waiting.pop()]
        if current.name in reached:
            continue
        reached.add(current.name)
        if isinstance(current, GraphQLObjectType):
            waiting += [get_named_type(field.type).name for field in current.fields.values()]
        elif not is_leaf_type(current):
            waiting += names_under(schema, current.name)
    return name in reached


def test_every_type_that_is_read_has_a_meaning() -> None:
    read = {
        name
        for name, type_ in CORE.type_map.items()
        if isinstance(type_, GraphQLObjectType)
        and not name.startswith("__")
        and not name.endswith(("Connection", "Edge"))
        and is_read(CORE, name)
    }
    assert read - {"Query", "PageInfo"} - PARTS - {"ClaimSuggestion"} == set(TYPES)


@pytest.mark.parametrize("name", sorted(TYPES))
def test_fields_of_a_type_are_those_of_the_schema(name: str) -> None:
    check_fields(name, dict(TYPES[name]))


def check_fields(name: str, meanings: dict[str, Meaning]) -> None:
    fields = object_type(name).fields
    assert set(meanings) == set(fields)
    for field_name, meaning in meanings.items():
        required = isinstance(fields[field_name].type, GraphQLNonNull)
        where = f"{name}.{field_name}"
        assert is_leaf_type(get_named_type(fields[field_name].type)) == isinstance(meaning, Leaf), where
        if isinstance(meaning, Leaf | Link):
            assert meaning.nullable is not required, where
        elif isinstance(meaning, Variants):
            assert not required, where
        elif isinstance(meaning, Part):
            assert (meaning.present is None) is required, where
            check_fields(meaning.type, dict(meaning.fields))
        else:
            assert isinstance(meaning, Collection | Grouped | Members | Paged), where
            assert required, where


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_conditions_of_a_filter_are_those_of_the_schema(name: str) -> None:
    type_ = CORE.type_map[name]
    assert isinstance(type_, GraphQLInputObjectType)
    assert set(FILTERS[name]) == set(type_.fields) - {"and", "or", "not"}


def test_lists_have_the_orders_and_filters_of_their_arguments() -> None:
    lists = [(object_type("Query").fields[name], paged) for name, paged in ROOT.items()]
    for name, meanings in TYPES.items():
        fields = object_type(name).fields
        lists += [(fields[n], meaning) for n, meaning in meanings.items() if isinstance(meaning, Paged)]
    for field, paged in lists:
        order = field.args.get("orderBy")
        if order is not None:
            enum = order.type.fields["field"].type.of_type
            assert set(paged.orders) == set(enum.values), paged.type
        filter_ = field.args.get("filter")
        assert (filter_.type.name if filter_ else None) == paged.filter
        assert ("includeWithdrawn" in field.args) == (paged.hidden is not None)


def test_a_search_and_a_node_find_every_type_they_can() -> None:
    assert SEARCH.item is not None
    found = {link.type for link in SEARCH.item.links}
    assert found == names_under(CORE, "SearchResult")
    assert set(NODE_SOURCES) == names_under(CORE, "Node")
