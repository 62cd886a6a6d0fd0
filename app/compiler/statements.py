"""Plan → statement: for one request, for many that share it, or with a line for each row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass

from app.compiler.plan import Lines, Parameter, Value
from app.compiler.render import SENT_AS_TEXT, Renderer
from app.compiler.spelling import Sql, Text, concat

Rendered = tuple[str, tuple[Parameter, ...], tuple[Parameter, ...]]


def render(plan: Value, key: str | None = None) -> Rendered:
    """The statement for a plan, its parameters in order, and those it was given but does not send.

    `key` wraps the value: {"data": …}.
    """
    renderer = Renderer()
    pieces = renderer.value(plan)
    if key is not None:
        pieces = [Text(f"{{{json.dumps(key)}:"), *pieces, Text("}")]
    sent = tuple(renderer.parameters)
    unsent = tuple(parameter for parameter in dict.fromkeys(parameters_of(plan)) if parameter not in sent)
    parts = f"WITH {', '.join(renderer.parts)} " if renderer.parts else ""
    return f"{parts}SELECT {concat(pieces)}::varchar", sent, unsent


def render_shared(plan: Value, sent: Sequence[Parameter], key: str | None = None) -> str:
    """The statement for many requests of one plan: a row each, in the order of the arrays it is sent.

    Each parameter is an array with an item for each request. Arrays of arrays would be one to Postgres, so an
    array is an item as text. The arrays stand in subselects, that Postgres plans for any number of requests
    instead of for each number anew.
    """
    renderer = Renderer(shared=True)
    pieces = renderer.value(plan)
    if key is not None:
        pieces = [Text(f"{{{json.dumps(key)}:"), *pieces, Text("}")]
    assert renderer.parameters == list(sent), "the same plan takes its parameters in the same order"
    places = range(1, len(sent) + 1)
    arrays = [f"(SELECT ${n}::{sent_type(parameter)}[])" for n, parameter in zip(places, sent, strict=True)]
    columns = [f"g.p{n}::{parameter.sql_type} AS p{n}" for n, parameter in zip(places, sent, strict=True)]
    # Ordered within, so that the values are cast once for each request.
    given = (
        f"SELECT {', '.join([*columns, 'g.n'])} FROM unnest({', '.join(arrays)})"
        f" WITH ORDINALITY AS g({', '.join([*(f'p{n}' for n in places), 'n'])}) ORDER BY g.n"
    )
    return f"SELECT {concat(pieces)}::varchar FROM ({given}) given ORDER BY given.n"


def sent_type(parameter: Parameter) -> str:
    """The type of a parameter's item in an array of them."""
    as_text = parameter.conversion in SENT_AS_TEXT or parameter.sql_type.endswith("[]")
    return "text" if as_text else parameter.sql_type


def render_lines(plan: Lines) -> Rendered:
    """The statement for lines. JSON text has neither tabs nor line breaks of its own."""
    renderer = Renderer()
    pieces = [Sql(renderer.fragment(plan.key)), Sql("E'\\t'"), *renderer.object(plan.value)]
    inner = f"SELECT {concat(pieces)} AS item {renderer.joined_rows(plan.rows)}"
    sent = tuple(renderer.parameters)
    return f"SELECT coalesce(string_agg(r.item, E'\\n'), '')::varchar FROM ({inner}) r", sent, ()


def parameters_of(part: object) -> Iterator[Parameter]:
    """Every parameter in a plan, whether or not a row is asked for that needs it."""
    if isinstance(part, Parameter):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from parameters_of(item)
    elif is_dataclass(part):
        for field in fields(part):
            yield from parameters_of(getattr(part, field.name))
