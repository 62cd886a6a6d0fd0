"""What GraphQL over HTTP asks of a server, check by check: the 61 of the package `graphql-http` (its ids).

https://github.com/graphql/graphql-http/blob/main/src/audits/server.ts. Where the draft has moved on since
(422 for what does not validate), the audit's 400 is kept: it is what clients and their tests know.
"""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
TYPENAME = "{ __typename }"
BY_NAME = "query Type($name: String!) { __type(name: $name) { name } }"
COERCION = {"query": "query CoerceFailure($id: ID!){ __typename }", "variables": {"id": None}}
NOT_STRINGS = [{"obj": "ect"}, 0, False, ["array"]]
NOT_MAPS = ["string", 0, False, ["array"]]


async def post(
    client: httpx.AsyncClient,
    body: dict[str, Any] | str | None,
    accept: str | None = None,
    content_type: str | None = JSON,
) -> httpx.Response:
    headers = {"accept": accept, "content-type": content_type}
    return await client.post(
        "/graphql",
        content=body if body is None or isinstance(body, str) else json.dumps(body),
        headers={name: value for name, value in headers.items() if value is not None},
    )


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        pytest.param(GRAPHQL, GRAPHQL, id="22EB"),
        pytest.param(JSON, JSON, id="4655"),
        pytest.param("*/*", JSON, id="47DE"),
        pytest.param(None, JSON, id="80D8"),
    ],
)
async def test_the_answer_has_the_media_type_that_was_asked_for(
    client: httpx.AsyncClient, accept: str | None, media_type: str
) -> None:
    response = await post(client, {"query": TYPENAME}, accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    ("query", "content_type"),
    [
        pytest.param(TYPENAME, JSON, id="82A3, 78D5, 2C94, 03D4"),
        pytest.param('{ __type(name: "Run🏃Swim🏊") { name } }', f"{JSON}; charset=utf-8", id="BF61"),
    ],
)
async def test_requests_and_answers_are_utf8(
    client: httpx.AsyncClient, query: str, content_type: str
) -> None:
    response = await post(client, {"query": query}, content_type=content_type)
    assert response.status_code == 200
    response.content.decode("utf-8")


@pytest.mark.parametrize(
    ("accept", "variables"),
    [
        pytest.param(None, None, id="5A70"),
        pytest.param(GRAPHQL, {"name": "sometype"}, id="D6D5"),
        pytest.param(JSON, {"name": "sometype"}, id="6A70"),
    ],
)
async def test_get_runs_a_query(
    client: httpx.AsyncClient, accept: str | None, variables: dict[str, Any] | None
) -> None:
    parameters = {"query": TYPENAME if variables is None else BY_NAME}
    if variables is not None:
        parameters["variables"] = json.dumps(variables)
    response = await client.get("/graphql", params=parameters, headers={"accept": accept} if accept else {})
    assert response.status_code == 200
    assert "errors" not in response.json()


async def test_get_runs_no_mutation(client: httpx.AsyncClient) -> None:  # 9C48
    response = await client.get(
        "/graphql", params={"query": "mutation { __typename }"}, headers={"accept": GRAPHQL}
    )
    assert 400 <= response.status_code < 500


async def test_a_post_without_content_type_is_refused(client: httpx.AsyncClient) -> None:  # 9ABE
    response = await post(client, {"query": TYPENAME}, content_type=None)
    assert response.status_code == 415


async def test_a_post_without_a_body_is_refused(client: httpx.AsyncClient) -> None:  # A5BF
    assert (await post(client, None)).status_code == 400


@pytest.mark.parametrize(
    ("body", "accept"),
    [
        pytest.param({"notquery": TYPENAME}, GRAPHQL, id="423L"),
        pytest.param({"qeury": TYPENAME}, None, id="8764, 3E3A"),
        *[pytest.param({"query": each}, None, id=f"LKJ{n}") for n, each in enumerate(NOT_STRINGS)],
        *[
            pytest.param({"query": TYPENAME, "operationName": each}, None, id=f"6C0{n}")
            for n, each in enumerate(NOT_STRINGS)
        ],
        *[
            pytest.param({"query": TYPENAME, "variables": each}, None, id=f"476{n}")
            for n, each in enumerate(NOT_MAPS)
        ],
        *[
            pytest.param({"query": TYPENAME, "extensions": each}, None, id=f"58B{n}")
            for n, each in enumerate(NOT_MAPS)
        ],
        pytest.param('{ "not a JSON', JSON, id="B6DC, BCF8"),
        pytest.param('{ "not a JSON', GRAPHQL, id="B7N8"),
    ],
)
async def test_what_is_no_request_is_refused(
    client: httpx.AsyncClient, body: dict[str, Any] | str, accept: str | None
) -> None:
    response = await post(client, body, accept)
    assert response.status_code == 400
    assert list(response.json()) == ["errors"]


@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"query": TYPENAME}, id="34A2, 13EE"),
        pytest.param({"query": "query Query { __typename }", "operationName": "Query"}, id="8161, B8B3"),
        pytest.param({"query": TYPENAME, "variables": None}, id="94B0, 0220"),
        pytest.param({"query": TYPENAME, "operationName": None}, id="94B1, 0221"),
        pytest.param({"query": TYPENAME, "extensions": None}, id="94B2, 0222"),
        pytest.param({"query": BY_NAME, "variables": {"name": "sometype"}}, id="2EA1, 28B9"),
        pytest.param({"query": TYPENAME, "extensions": {"some": "value"}}, id="428F, 1B7A"),
    ],
)
async def test_what_is_a_request_is_answered(
    client: httpx.AsyncClient, body: dict[str, Any], accept: str
) -> None:
    response = await post(client, body, accept)
    assert response.status_code == 200
    assert "errors" not in response.json()


@pytest.mark.parametrize(
    ("accept", "status"), [pytest.param(JSON, 200, id="json"), pytest.param(GRAPHQL, 400, id="graphql")]
)
@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"query": "{"}, id="572B, 865D, 556A, D586"),
        pytest.param({"query": "{ 8f31403dfe404bccbb0e835f2629c6a7 }"}, id="FDE2 syntax"),
        pytest.param({"query": "{ nothingOfTheKind }"}, id="FDE2, 51FE, 74FF, 5E5B"),
        pytest.param(COERCION, id="7B9B, 86EE"),
    ],
)
async def test_what_graphql_refuses_has_no_data(
    client: httpx.AsyncClient, body: dict[str, Any], accept: str, status: int
) -> None:
    response = await post(client, body, accept)
    assert response.status_code == status
    assert response.headers["content-type"].startswith(accept)
    assert list(response.json()) == ["errors"]
