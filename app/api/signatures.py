"""What an operation takes: its variables as the schema types them, and what of them a plan may depend on.

graphql-core finds out anew for each request what each type is, and what each value means. Most values mean
what they say: texts, numbers, terms of an enum, lists of these. How those are taken is worked out once for
each operation; where any value is another, graphql-core does them all, and says what is wrong with them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLError,
    GraphQLID,
    GraphQLInputType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    Undefined,
    get_variable_values,
    is_input_type,
    type_from_ast,
)

from app.compiler import shaper_of

MAX_ERRORS = 10
LARGEST_INT = 2**31 - 1
_ABSENT = object()

# A value as it was sent → as the schema types it; Undefined where that is not plain.
Take = Callable[[Any], Any]


class Signature:
    """The variables of one operation of a valid document."""

    def __init__(
        self, schema: GraphQLSchema, node: OperationDefinitionNode, *, hide_suggestions: bool = False
    ) -> None:
        """`hide_suggestions`: errors do not say what may have been meant."""
        self._schema = schema
        self._hide_suggestions = hide_suggestions
        self._definitions = node.variable_definitions or ()
        plain: list[tuple[str, Take, bool]] | None = []
        self._shapers: list[tuple[str, Callable[[Any], Hashable]]] = []
        for definition in self._definitions:
            name, type_ = definition.variable.name.value, type_from_ast(schema, definition.type)
            assert is_input_type(type_), "validated"
            self._shapers.append((name, shaper_of(type_)))
            take = _find_take(type_)
            if take is None or plain is None:
                plain = None
            else:
                may_lack = definition.default_value is None and not isinstance(type_, GraphQLNonNull)
                plain.append((name, take, may_lack))
        self._plain = plain

    def coerce(self, given: Mapping[str, Any]) -> dict[str, Any] | list[GraphQLError]:
        """The variables as the schema types them, or what is wrong with them."""
        coerced = self._take(given)
        if coerced is not None:
            return coerced
        values = get_variable_values(
            self._schema,
            self._definitions,
            dict(given),
            max_errors=MAX_ERRORS,
            hide_suggestions=self._hide_suggestions,
        )
        return values if isinstance(values, list) else values.coerced

    def _take(self, given: Mapping[str, Any]) -> dict[str, Any] | None:
        """None where not all values are plain."""
        if self._plain is None:
            return None
        coerced = {}
        for name, take, may_lack in self._plain:
            if name in given:
                value = coerced[name] = take(given[name])
                if value is Undefined:
                    return None
            elif not may_lack:
                return None
        return coerced

    def shape(self, coerced: Mapping[str, Any]) -> Hashable:
        """What of the variables a plan may depend on."""
        return tuple(
            [shaper(coerced[name]) if name in coerced else _ABSENT for name, shaper in self._shapers]
        )


def _find_take(type_: GraphQLInputType) -> Take | None:
    """How values of a type are taken; None for a type of which none is plain."""
    if isinstance(type_, GraphQLNonNull):
        return _find_take_of_set(type_.of_type)
    take = _find_take_of_set(type_)
    return None if take is None else lambda value: None if value is None else take(value)


def _find_take_of_set(type_: GraphQLInputType) -> Take | None:
    """As `_find_take`, of values that are not null."""
    if isinstance(type_, GraphQLList):
        take = _find_take(type_.of_type)
        return None if take is None else lambda value: _take_list(take, value)
    if isinstance(type_, GraphQLEnumType):
        terms = _find_terms(type_)
        return lambda value: terms.get(value, Undefined) if type(value) is str else Undefined
    return _TAKE_SCALAR.get(type_)


@lru_cache(maxsize=256)
def _find_terms(type_: GraphQLEnumType) -> dict[str, Any]:
    """The values of an enum, by name."""
    return {name: type_.parse_value(name) for name in type_.values}


def _take_list(take: Take, value: Any) -> Any:
    # A single value may stand for a list of one: that is not plain.
    if type(value) is not list:
        return Undefined
    taken = [take(item) for item in value]
    return Undefined if any(item is Undefined for item in taken) else taken


def _take_text(value: Any) -> Any:
    return value if type(value) is str else Undefined


def _take_boolean(value: Any) -> Any:
    return value if type(value) is bool else Undefined


def _take_int(value: Any) -> Any:
    return value if type(value) is int and -LARGEST_INT <= value <= LARGEST_INT else Undefined


_TAKE_SCALAR: Mapping[object, Take] = {
    GraphQLID: _take_text,
    GraphQLString: _take_text,
    GraphQLBoolean: _take_boolean,
    GraphQLInt: _take_int,
}
