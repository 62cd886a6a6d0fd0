"""What a mutation shows of the data, read by the compiler for the fields the document asks for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLObjectType
from strawberry import Info

from app.api.context import RequestContext, fetch_for, what_depends_on
from app.compiler import Statement, compile_node, compile_payload
from app.database import WriteSession


def plan_payload(info: Info[RequestContext, None], type_name: str, links: Mapping[str, str]) -> Statement:
    """What will read the payload of the mutation that `info` is about. Raises QueryRefused past a limit."""
    raw = info._raw_info
    type_ = raw.schema.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType)
    return compile_payload(raw.schema, raw.fragments, type_, raw.field_nodes, info.variable_values, links)


async def read_payload(
    info: Info[RequestContext, None], session: WriteSession, statement: Statement, context: Mapping[str, Any]
) -> dict[str, Any]:
    """The payload as the mutation's own transaction sees it."""
    known = {**what_depends_on(info.context.viewer), **context}
    body = await session.fetch_json(statement.sql, statement.bind(info.variable_values, known))
    payload: dict[str, Any] = json.loads(body)
    return payload


async def read_node(info: Info[RequestContext, None], id: str) -> Any:
    """The node with this id, as it stands committed; None if there is none."""
    raw = info._raw_info
    statement = compile_node(raw.schema, raw.fragments, raw.field_nodes, info.variable_values, id)
    body = await fetch_for(info.context.viewer, info.context.database, statement, info.variable_values)
    return json.loads(body)
