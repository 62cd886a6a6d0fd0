"""schema.graphql as graphql-core reads it, with the scalars' rules and a resolver on every field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
)

import app.api
from app.compiler import EXECUTED
from tests.compiler.plain import comparison, corroboration, nodes, parts, query
from tests.compiler.plain.reader import Fields, Reader

SDL = Path(app.api.__file__).with_name("schema.graphql")

FIELDS: dict[str, Fields] = {
    "Query": query.QUERY,
    "Access": nodes.ACCESS,
    "Token": nodes.TOKEN,
    "Researcher": nodes.RESEARCHER,
    "Agent": nodes.AGENT,
    "Source": nodes.SOURCE,
    "Event": nodes.EVENT,
    "Question": nodes.QUESTION,
    "Claim": nodes.CLAIM,
    "Assessment": nodes.ASSESSMENT,
    "Corroboration": corroboration.CORROBORATION,
    "Line": corroboration.LINE,
    "Evidence": corroboration.EVIDENCE,
    "Comparison": comparison.COMPARISON,
    "OriginPositions": comparison.ORIGIN_POSITIONS,
    "Position": comparison.POSITION,
    "Stretch": comparison.STRETCH,
    "StatusChange": corroboration.STATUS_CHANGE,
    "Quantity": parts.QUANTITY,
    "Moment": parts.MOMENT,
    "Hop": parts.HOP,
    "Retraction": parts.RETRACTION,
    "Withdrawal": parts.WITHDRAWAL,
    "Revision": parts.REVISION,
    "Seal": parts.SEAL,
}


@dataclass(frozen=True)
class Json:
    """A value of the scalar JSON: the order of its keys means nothing."""

    value: Any


def print_datetime(value: datetime) -> str:
    """ISO 8601 in UTC, as Postgres's to_json prints it: no more of a fraction than there is.

    >>> print_datetime(datetime(2019, 12, 29, 21, 0, 0, 500000, UTC))
    '2019-12-29T21:00:00.5+00:00'
    """
    text = value.astimezone(UTC).isoformat()
    return re.sub(r"(\.\d*?)0+\+", r"\1+", text)


def print_decimal(value: Decimal) -> str:
    """Digits, never an exponent.

    >>> print_decimal(Decimal("1E+3")), print_decimal(Decimal("0.00000010"))
    ('1000', '0.00000010')
    """
    return format(value, "f")


def read_datetime(value: Any) -> datetime:
    if not isinstance(value, str):
        raise GraphQLError("A DateTime is a string.")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as problem:
        raise GraphQLError(f"{value!r} is no DateTime.") from problem
    if moment.utcoffset() is None:
        raise GraphQLError(f"{value!r} has no offset.")
    return moment


def read_date(value: Any) -> date:
    if not isinstance(value, str):
        raise GraphQLError("A Date is a string.")
    try:
        return date.fromisoformat(value)
    except ValueError as problem:
        raise GraphQLError(f"{value!r} is no Date.") from problem


def read_decimal(value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation as problem:
        raise GraphQLError(f"{value!r} is no Decimal.") from problem
    if not number.is_finite():
        raise GraphQLError(f"{value!r} is not a number.")
    return number


@cache
def read_schema() -> GraphQLSchema:
    """The schema with resolvers. A field without one is the attribute of the same name.

    What no row answers is left out, as introspection is: the compiler has no part in it.
    """
    schema = build_schema(SDL.read_text())
    assert schema.query_type is not None
    for name in EXECUTED & schema.query_type.fields.keys():
        del schema.query_type.fields[name]
    scalars: dict[str, Any] = {
        "DateTime": (print_datetime, read_datetime),
        "Date": (date.isoformat, read_date),
        "Decimal": (print_decimal, read_decimal),
        "JSON": (Json, None),
    }
    for name, (serialize, parse) in scalars.items():
        scalar = schema.type_map[name]
        assert isinstance(scalar, GraphQLScalarType)
        vars(scalar).update(coerce_output_value=serialize)
        if parse:
            vars(scalar).update(coerce_input_value=parse)
    return schema


def resolve_field(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
    root = info.path
    while root.prev:
        root = root.prev
    moment = arguments.pop("asOf", None)
    if moment is not None:
        info.context.asked[root.key] = moment
    reader: Reader = info.context.of(root.key)
    resolver = FIELDS.get(info.parent_type.name, {}).get(info.field_name)
    if resolver:
        return resolver(source, reader, **arguments)
    return getattr(source, snake_case(info.field_name))


def resolve_type(value: Any, info: GraphQLResolveInfo[Any], _: Any) -> str:
    """Rows are dataclasses named as their types."""
    return type(value).__name__


def snake_case(name: str) -> str:
    """
    >>> snake_case("evidenceClaim")
    'evidence_claim'
    """
    return re.sub(r"([A-Z])", lambda match: "_" + match[1].lower(), name)


def unresolved_fields(schema: GraphQLSchema) -> list[str]:
    """Fields of the table above that the schema does not have."""
    missing = []
    for name, fields in FIELDS.items():
        type_ = schema.type_map.get(name)
        known = type_.fields if isinstance(type_, GraphQLObjectType) else {}
        missing += [f"{name}.{field}" for field in fields if field not in known]
    return missing
