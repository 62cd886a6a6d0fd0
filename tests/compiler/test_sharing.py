"""Several requests in one statement are answered as each is by itself, to the byte."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from app.api.context import what_depends_on
from app.api.documents import Documents
from app.compiler import Statement
from app.compiler.terms import Conversion
from app.database import Database
from app.database.sharing import MAX_SHARED
from app.errors import SaysoError
from tests.compiler.comparison import Contest
from tests.compiler.directed import Directed, read_queries
from tests.compiler.generated import Case
from tests.compiler.records import viewer_of

VIEWERS = [viewer_of(name) for name in ("noor_phone", "nobody", "ada")]


class Differ(AssertionError):
    """A request was answered otherwise when it shared a statement."""


async def compare(database: Database, statement: Statement, requests: Sequence[Sequence[object]]) -> None:
    """The same requests alone and together, and together in another order and number."""
    if statement.shared is None:
        given = (*statement.parameters, *statement.checked)
        assert any(each.conversion is Conversion.WORDS for each in given), "searches alone are not shared"
        return
    alone = [await database.fetch_json(statement.sql, request) for request in requests]
    for chosen in (range(len(requests)), [*reversed(range(len(requests))), 0]):
        gathered = statement.shared.gather([requests[n] for n in chosen])
        rows = await fetch_all(database, statement.shared.sql, gathered)
        expected = [alone[n] for n in chosen] if gathered else alone[:1]
        if rows != expected:
            raise Differ(statement.shared.sql, rows, expected)


async def fetch_all(database: Database, sql: str, parameters: Sequence[object]) -> list[bytes]:
    connection = await database._reads._take()
    assert connection is not None
    try:
        return [row[0] for row in await connection.fetch(sql, parameters)]
    finally:
        database._reads._release(connection)


def bind_all(
    documents: Documents, document: str, name: str, variables: Iterable[Mapping[str, Any]]
) -> dict[Statement, list[list[object]]]:
    """The statements that answer these requests, each with the parameters of those that it answers."""
    read = documents.read(document)
    if read.errors:  # a generated one may ask for fields that conflict
        return {}
    operation = read.operation(name)
    found: dict[Statement, list[list[object]]] = defaultdict(list)
    for given_variables in variables:
        coerced = operation.coerce(given_variables)
        if isinstance(coerced, list):
            continue
        try:
            statement = operation.read(coerced).statement
            bound = [statement.bind(coerced, what_depends_on(viewer)) for viewer in VIEWERS]
        except SaysoError:
            continue
        found[statement] += bound
    return found


def exchanged(variables: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The variables, and the same names with each other's ids: requests of the same shape."""
    ids = [name for name, value in variables.items() if isinstance(value, str) and "_" in value]
    return [
        dict(variables) | {name: variables[ids[place - turn]] for place, name in enumerate(ids)}
        for turn in range(min(4, len(ids)) or 1)
    ]


@pytest.mark.parametrize(
    "directed", [query for query in read_queries() if query.subject != "refusals"], ids=str
)
async def test_written_queries_are_answered_alike(contest: Contest, directed: Directed) -> None:
    variables = [each for given in directed.variables for each in exchanged(given)]
    documents = contest.engine._documents
    found = bind_all(documents, directed.document, directed.name, variables)
    assert found
    for statement, requests in found.items():
        await compare(contest.database, statement, requests[:MAX_SHARED])


@settings(max_examples=40)
@given(data=st.data())
async def test_generated_queries_are_answered_alike(
    contest: Contest, generated_cases: st.SearchStrategy[Case], data: st.DataObject
) -> None:
    case = data.draw(generated_cases)
    documents = contest.engine._documents
    found = bind_all(documents, case.query, "Generated", case.variables)
    for statement, requests in found.items():
        event(f"{min(len(requests), 3)} requests or more")
        await compare(contest.database, statement, requests[:MAX_SHARED])
