from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.database import Database
from app.settings import Settings
from tests.web.conftest import Serve
from tests.web.test_persisted import by_hash

ME = "query Me { viewer { name } }"
NAMED = {"data": {"viewer": {"name": "local"}}}
RECORD = """mutation Record($name: String!) { recordAgent(input: {kind: PERSON, name: $name}) {
  ... on AgentPayload { agent { name } } ... on Error { code } } }"""
COUNT = "{ agents { totalCount } }"


@pytest.fixture
async def batching(
    serve: Serve, committed_database: Database, settings: Settings
) -> AsyncIterator[httpx.AsyncClient]:
    """A server that takes batches of five."""
    changed = settings.model_copy(update={"batch_limit": 5})
    async with serve(committed_database, changed) as site, httpx.AsyncClient(base_url=site.url) as client:
        yield client


async def test_batches_are_off_and_the_refusal_says_how_to_turn_them_on(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json=[{"query": ME}])
    assert response.status_code == 400
    assert "SAYSO_BATCH_LIMIT" in response.json()["errors"][0]["message"]


async def test_each_request_is_answered_as_alone_and_in_order(batching: httpx.AsyncClient) -> None:
    requests: list[Any] = [
        {"query": ME},
        {"query": "{"},
        1,
        {"query": "query A { viewer { role } } query B { __typename }", "operationName": "B"},
        {"query": "query Q($id: ID!) { node(id: $id) { id } }", "variables": {"id": "none"}},
    ]
    response = await batching.post("/graphql", json=requests)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/json")
    answers = response.json()
    assert answers[0] == NAMED
    assert answers[2]["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    for place in (1, 3, 4):
        alone = await batching.post("/graphql", json=requests[place])
        assert alone.json() == answers[place]


async def test_a_batch_that_changes_something_runs_one_after_another(batching: httpx.AsyncClient) -> None:
    requests = [
        {"query": COUNT},
        {"query": RECORD, "variables": {"name": "First"}},
        {"query": COUNT},
        {"query": RECORD, "variables": {"name": "Second"}},
        {"query": COUNT},
    ]
    answers = (await batching.post("/graphql", json=requests)).json()
    assert [answers[place]["data"]["agents"]["totalCount"] for place in (0, 2, 4)] == [0, 1, 2]
    assert answers[3]["data"]["recordAgent"]["agent"]["name"] == "Second"


async def test_a_document_registered_by_one_request_serves_the_next(batching: httpx.AsyncClient) -> None:
    answers = (await batching.post("/graphql", json=[by_hash(ME), by_hash(ME, ME), by_hash(ME)])).json()
    assert answers[0]["errors"][0]["message"] == "PersistedQueryNotFound"
    assert answers[1:] == [NAMED, NAMED]


@pytest.mark.parametrize(("size", "message"), [(0, "holds no request"), (6, "may hold 5 requests")])
async def test_the_size_of_a_batch_is_bounded(batching: httpx.AsyncClient, size: int, message: str) -> None:
    response = await batching.post("/graphql", json=[{"query": ME}] * size)
    assert response.status_code == 400
    assert message in response.json()["errors"][0]["message"]


async def test_what_is_nested_too_deeply_harms_only_itself(batching: httpx.AsyncClient) -> None:
    deep = {"query": "{a" * 3_000 + "}" * 3_000}
    nested: dict[str, Any] = {}
    for _ in range(700):
        nested = {"not": nested}
    filtered = {
        "query": "query Q($f: ClaimFilter) { claims(filter: $f) { totalCount } }",
        "variables": {"f": nested},
    }
    response = await batching.post(
        "/graphql",
        content=json.dumps([deep, {"query": ME}, filtered]).encode(),
        headers={"content-type": "application/json"},
    )
    answers = response.json()
    assert answers[1] == NAMED
    for place in (0, 2):
        assert answers[place]["errors"]
        assert "INTERNAL" not in str(answers[place])
