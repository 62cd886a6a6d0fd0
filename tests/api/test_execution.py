"""What the engine answers where a query is well-formed and yet asks for what there is not."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest

from app.api.execution import Engine, Response
from app.database import Database
from app.domain.vocabulary import Role
from app.errors import DatabaseUnavailable, QueryTimeout
from app.permissions import Viewer
from tests.api.conftest import Ask, asking
from tests.api.schemas import SCHEMA
from tests.factories import make_claim


@pytest.mark.parametrize(
    ("document", "value"),
    [
        ('query($v: ID = "x") { nodes(ids: [$v]) { id } }', None),
        (
            "query($v: CorroborationStatus = DISPUTED) { claims(filter: { status: [$v] }) { totalCount } }",
            None,
        ),
        (
            "query($v: DateTime) { claims(filter: { recorded: { from: $v } }) { totalCount } }",
            "2019-01-01T00:00+23:00",
        ),
        (
            "query($v: Decimal) { claims(filter: { quantity: { lower: $v } }) { totalCount } }",
            "0." + "1" * 20_000,
        ),
        ("query($v: Decimal) { claims(filter: { quantity: { lower: $v } }) { totalCount } }", "sNaN"),
    ],
)
async def test_a_value_that_cannot_be_sent_is_refused(ask: Ask, document: str, value: str | None) -> None:
    answer = await ask(document, v=value)
    assert "data" not in answer
    assert answer["errors"][0]["extensions"]["code"] == "QUERY_REFUSED"


@pytest.mark.parametrize(
    "text", ["-" * 40 + " Press release", "\u2014" * 40, "-(" * 40 + "x", "(-" * 40, "--"]
)
async def test_a_line_of_dashes_can_be_looked_for(ask: Ask, text: str) -> None:
    answer = await ask("query($t: String!) { search(text: $t) { totalCount } }", t=text)
    assert answer == {"data": {"search": {"totalCount": 0}}}


@pytest.mark.parametrize("problem", [QueryTimeout("It took long."), DatabaseUnavailable("It is away.")])
async def test_a_request_is_not_to_blame_for_the_database(viewer: Viewer, problem: Exception) -> None:
    class Away(Database):
        def __init__(self) -> None:
            """There is nothing to connect to."""

        async def fetch_json(
            self, sql: str, parameters: object, shared: object = None, *, outside: bool = False
        ) -> bytes:
            raise problem

    response = await Engine(SCHEMA, Away()).execute("{ claims { totalCount } }", None, None, viewer)
    assert response.executed
    answer = json.loads(response.body)
    assert answer["data"] is None
    assert answer["errors"][0]["message"] == str(problem)


async def test_what_was_expected_is_not_logged(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        await ask('mutation { recordAgent(input: { kind: PERSON, name: " " }) { __typename } }')
        await ask("{ claims(first: 1000) { totalCount } __schema { queryType { name } } }")
    assert not caplog.records


async def ask_engine(engine: Engine, viewer: Viewer, text: str, **variables: object) -> Response:
    """The response: told at once if it is known, else run."""
    operation = engine.operation(text, None)
    assert not isinstance(operation, Response)
    known = engine.ask(operation, variables, viewer, lambda _: None)
    if known is None:
        return await engine.run(operation, text, variables, viewer)
    assert isinstance(known, Response)
    return known


@pytest.mark.parametrize(
    "text", ["{ __schema { queryType { name } } }", '{ __typename __type(name: "ID") { kind } }']
)
async def test_what_is_asked_of_the_schema_alone_is_answered_once(
    database: Database, viewer: Viewer, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(SCHEMA, database)
    first = await ask_engine(engine, viewer, text)
    assert b'"errors"' not in first.body
    monkeypatch.setattr(engine, "_run_executor", None)
    assert await ask_engine(engine, viewer, text) == first
    assert await engine.execute(text, None, None, replace(viewer, role=Role.READER)) == first


async def test_each_value_of_a_variable_has_its_own_answer(database: Database, viewer: Viewer) -> None:
    engine = Engine(SCHEMA, database)
    text = """query($name: String!, $more: Boolean! = false) {
        __type(name: $name) { name kind @include(if: $more) } }"""
    for _ in range(2):
        for name, more in (("Claim", True), ("Claim", False), ("Agent", True), ("nothing", True)):
            response = await ask_engine(engine, viewer, text, name=name, more=more)
            expected = {"name": name} | ({"kind": "OBJECT"} if more else {})
            assert json.loads(response.body) == {"data": {"__type": None if name == "nothing" else expected}}


async def test_what_stands_beside_it_is_read_again(database: Database, viewer: Viewer) -> None:
    ask = asking(Engine(SCHEMA, database), viewer)
    for number in range(2):
        answer = await ask("{ __schema { queryType { name } } claims { totalCount } }")
        assert answer["data"] == {
            "__schema": {"queryType": {"name": "Query"}},
            "claims": {"totalCount": number},
        }
        await make_claim(database, viewer)
