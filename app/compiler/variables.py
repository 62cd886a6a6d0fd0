"""Which values a plan may depend on, and where the others come from when a statement runs.

A plan is made once and run with many values. So the planner sees the value of an argument only where it
decides the form of the statement: booleans, integers (page sizes), and single enum terms. Of a list of ids
or of terms it sees whether there is one alone. Every other value is an `Origin`: the place from which
`evaluate` takes it for each request.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from graphql import (
    GraphQLEnumType,
    GraphQLID,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
)

# Scalars whose value decides the form of a statement.
STRUCTURAL_SCALARS = frozenset({"Boolean", "Int"})
# Input objects that are one value: a range is a parameter, not a form.
VALUE_OBJECTS = frozenset({"TimeRange", "QuantityRange"})


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that stands in the document."""

    value: Any


@dataclass(frozen=True, slots=True)
class Variable:
    """A value inside the variables: the variable's name, then keys and indexes."""

    path: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list in the document that has variables among its items."""

    items: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """A value object in the document that has variables among its fields."""

    fields: tuple[tuple[str, Origin], ...]


@dataclass(frozen=True, slots=True)
class Context:
    """A value that comes with the request itself: the viewer's key, or the key of a payload's node."""

    name: str


Origin: TypeAlias = Constant | Variable | ListOf | ObjectOf | Context


@dataclass(frozen=True, slots=True)
class Given:
    """An argument's value as the planner sees it: `value` is set only where it decides a form.

    `alone`: it is a list of one id, or of one term of an enum.
    """

    origin: Origin
    value: bool | int | str | None = None
    alone: bool = False


# An argument: null, one value, an input object by its GraphQL field names, or a list of input objects.
Argument: TypeAlias = "Given | dict[str, Argument] | tuple[Argument, ...] | None"


def evaluate(origin: Origin, variables: Mapping[str, Any], context: Mapping[str, Any]) -> Any:
    """The value of an origin in one request. Coerced variables by name; a missing field is None."""
    match origin:
        case Variable(path):
            found: Any = variables
            for step in path:
                found = found[step]
            return found
        case Constant(value):
            return value
        case ListOf(items):
            return [evaluate(item, variables, context) for item in items]
        case ObjectOf(fields):
            return {name: evaluate(field, variables, context) for name, field in fields}
        case Context(name):
            return context[name]


def unwrapped(type_: GraphQLInputType) -> GraphQLInputType:
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_


def is_value(type_: GraphQLInputType) -> bool:
    """Whether the planner takes an input of this (unwrapped) type as one value."""
    if isinstance(type_, GraphQLList):
        return is_value(unwrapped(type_.of_type))
    return isinstance(type_, GraphQLScalarType | GraphQLEnumType) or (
        isinstance(type_, GraphQLInputObjectType) and type_.name in VALUE_OBJECTS
    )


def is_structural(type_: GraphQLInputType) -> bool:
    """Whether the value itself, of this (unwrapped) type, may decide the form of a statement."""
    return isinstance(type_, GraphQLEnumType) or (
        isinstance(type_, GraphQLScalarType) and type_.name in STRUCTURAL_SCALARS
    )


def field_value(type_: GraphQLInputObjectType, name: str, value: Mapping[str, Any]) -> tuple[bool, str]:
    """Whether a coerced input object has the field, and the key it has it under."""
    key = type_.fields[name].out_name or name
    return key in value, key


Shaper: TypeAlias = Callable[[Any], Hashable]


def shaper_of(type_: GraphQLInputType) -> Shaper:
    """What tells of a coerced value of this type what a plan may depend on: equal shapes give equal plans."""
    type_ = unwrapped(type_)
    if is_structural(type_):
        return _shape_term
    if may_be_alone(type_):
        return _shape_listed
    if is_value(type_):
        return _shape_value
    if isinstance(type_, GraphQLList):
        return partial(_shape_list, type_)
    assert isinstance(type_, GraphQLInputObjectType)
    return partial(_shape_object, type_)


def _shape_term(value: Hashable) -> Hashable:
    return value


def _shape_listed(value: Any) -> Hashable:
    return None if value is None else "one" if len(value) == 1 else "value"


def _shape_value(value: Any) -> Hashable:
    return None if value is None else "value"


def _shape_list(type_: GraphQLList[Any], value: Any) -> Hashable:
    return None if value is None else tuple(map(shaper_of(type_.of_type), value))


def _shape_object(type_: GraphQLInputObjectType, value: Any) -> Hashable:
    if value is None:
        return None
    shapes = []
    for name, field in type_.fields.items():
        present, key = field_value(type_, name, value)
        if present:
            shapes.append((name, shaper_of(field.type)(value[key])))
    return tuple(shapes)


def wrap_coerced(type_: GraphQLInputType, value: Any, path: tuple[str | int, ...]) -> Argument:
    """A coerced variable as the planner sees it."""
    type_ = unwrapped(type_)
    if value is None:
        return None
    if is_structural(type_):
        return Given(Variable(path), value)
    if is_value(type_):
        return Given(Variable(path), alone=_is_alone(type_, value))
    if isinstance(type_, GraphQLList):
        return tuple(wrap_coerced(type_.of_type, item, (*path, i)) for i, item in enumerate(value))
    assert isinstance(type_, GraphQLInputObjectType)
    wrapped: dict[str, Argument] = {}
    for name, field in type_.fields.items():
        present, key = field_value(type_, name, value)
        if present:
            wrapped[name] = wrap_coerced(field.type, value[key], (*path, key))
    return wrapped


def wrap_constant(type_: GraphQLInputType, value: Any) -> Argument:
    """A coerced default or literal as the planner sees it."""
    type_ = unwrapped(type_)
    if value is None:
        return None
    if is_structural(type_):
        return Given(Constant(value), value)
    if is_value(type_):
        return Given(Constant(_frozen(value)), alone=_is_alone(type_, value))
    if isinstance(type_, GraphQLList):
        return tuple(wrap_constant(type_.of_type, item) for item in value)
    assert isinstance(type_, GraphQLInputObjectType)
    wrapped: dict[str, Argument] = {}
    for name, field in type_.fields.items():
        present, key = field_value(type_, name, value)
        if present:
            wrapped[name] = wrap_constant(field.type, value[key])
    return wrapped


def may_be_alone(type_: GraphQLInputType) -> bool:
    """Whether this is a list of ids or of terms, of which the planner sees if there is one alone."""
    if not isinstance(type_, GraphQLList):
        return False
    item = unwrapped(type_.of_type)
    return item is GraphQLID or isinstance(item, GraphQLEnumType)


def _is_alone(type_: GraphQLInputType, value: Any) -> bool:
    return may_be_alone(type_) and len(value) == 1


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return FrozenObject((name, _frozen(item)) for name, item in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return tuple(_frozen(item) for item in value)
    return value


class FrozenObject(tuple[tuple[str, Any], ...]):
    """A value object as a constant: hashable, read like a mapping."""

    __slots__ = ()

    def get(self, name: str) -> Any:
        return dict(self).get(name)
