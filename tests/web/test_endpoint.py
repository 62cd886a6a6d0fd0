"""What the audit does not ask: headers, methods, sizes, broken requests, and that nothing inner is told."""

from __future__ import annotations

import json
import logging
from typing import Any

import asyncpg
import httpx
import pytest

from app.api.execution import Engine
from app.database import Database
from app.settings import Settings
from app.web import create_app
from tests.api.schemas import SCHEMA
from tests.web.conftest import MAX_BODY_BYTES, Serve, Site
from tests.web.raw import exchange, read_status

JSON = {"content-type": "application/json"}
VIEWER = {"query": "query Me { viewer { name role } }"}


async def test_a_query_reads_the_database(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json=VIEWER)
    assert response.json() == {"data": {"viewer": {"name": "local", "role": "ADMIN"}}}
    assert response.headers["vary"] == "Accept, Authorization, Cookie"
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_variables_and_the_operation_are_chosen(client: httpx.AsyncClient) -> None:
    query = "query A { viewer { name } } query B($id: ID!) { node(id: $id) { id } }"
    body = {"query": query, "operationName": "B", "variables": {"id": "none"}}
    assert (await client.post("/graphql", json=body)).json() == {"data": {"node": None}}
    unclear = (await client.post("/graphql", json={"query": query})).json()
    assert "operationName" in unclear["errors"][0]["message"]


@pytest.mark.parametrize("method", ["PATCH", "TRACE", "PROPFIND"])
async def test_other_methods_are_refused_and_those_that_work_named(
    client: httpx.AsyncClient, method: str
) -> None:
    response = await client.request(method, "/graphql", json=VIEWER)
    assert response.status_code == 405
    assert response.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, POST, PUT"
    assert "errors" in response.json()


async def test_options_names_the_methods(client: httpx.AsyncClient) -> None:
    response = await client.options("/graphql")
    assert response.status_code == 200
    assert response.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, POST, PUT"
    assert not any(name.startswith("access-control") for name in response.headers)


async def test_head_is_get_without_a_body(client: httpx.AsyncClient) -> None:
    parameters = {"query": "{ __typename }"}
    got = await client.get("/graphql", params=parameters)
    head = await client.head("/graphql", params=parameters)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(got.content))


async def test_a_mutation_by_get_is_refused_before_it_runs(client: httpx.AsyncClient) -> None:
    query = "query Q { __typename } mutation M { __typename }"
    refused = await client.get("/graphql", params={"query": query, "operationName": "M"})
    assert refused.status_code == 405
    assert refused.headers["allow"] == "POST"
    chosen = await client.get("/graphql", params={"query": query, "operationName": "Q"})
    assert chosen.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
    ],
)
async def test_what_a_browser_sends_unasked_is_refused(client: httpx.AsyncClient, content_type: str) -> None:
    body = json.dumps(VIEWER)
    response = await client.post("/graphql", content=body, headers={"content-type": content_type})
    assert response.status_code == 415
    assert response.headers["accept-post"] == "application/json"


async def test_a_compressed_body_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", content=b"x", headers={**JSON, "content-encoding": "gzip"})
    assert response.status_code == 415
    assert response.headers["accept-encoding"] == "identity"


async def test_what_cannot_be_accepted_is_said(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json=VIEWER, headers={"accept": "text/html"})
    assert response.status_code == 406
    assert response.headers["content-type"].startswith("application/json")


async def test_a_document_nested_too_deeply_is_refused(client: httpx.AsyncClient) -> None:
    headers = {"accept": "application/graphql-response+json"}
    for query in ("{a" * 3_000 + "}" * 3_000, "{claims(filter: " + "{not: " * 3_000 + "}" * 3_000 + ")}"):
        response = await client.post("/graphql", json={"query": query}, headers=headers)
        assert response.status_code == 400
        assert "INTERNAL" not in response.text


async def test_variables_nested_too_deeply_are_refused(client: httpx.AsyncClient) -> None:
    query = "query Q($f: ClaimFilter) { claims(filter: $f) { totalCount } }"
    nested: dict[str, Any] = {}
    for _ in range(700):
        nested = {"not": nested}
    body = {"query": query, "variables": {"f": nested}}
    response = await client.post(
        "/graphql", json=body, headers={"accept": "application/graphql-response+json"}
    )
    assert response.status_code == 400
    assert "INTERNAL" not in response.text


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_that_is_too_large_is_refused(client: httpx.AsyncClient, declared: bool) -> None:
    body = json.dumps({**VIEWER, "extensions": {"x": "x" * MAX_BODY_BYTES}}).encode()

    async def parts() -> Any:
        for start in range(0, len(body), 10_000):
            yield body[start : start + 10_000]

    for content in (body,) if declared else (parts(), parts()):
        response = await client.post("/graphql", content=content, headers=JSON)
        assert response.status_code == 413
        assert "50,000 bytes" in response.json()["errors"][0]["message"]
    assert (await client.post("/graphql", json=VIEWER)).status_code == 200


async def test_a_body_of_just_the_limit_is_taken(client: httpx.AsyncClient) -> None:
    body = json.dumps(VIEWER).encode()
    body += b" " * (MAX_BODY_BYTES - len(body))
    assert (await client.post("/graphql", content=body, headers=JSON)).status_code == 200


async def test_a_client_that_goes_away_in_the_middle_harms_nobody(
    site: Site, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    head = b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
    with caplog.at_level(logging.INFO, "app.web.records"):
        for sent in (
            head + b'content-length: 100\r\n\r\n{"query": "{__typename}"}',
            head + b"content-length: 100\r\n\r\n",
            head + b'transfer-encoding: chunked\r\n\r\n5\r\n{"que',
            head,
        ):
            assert await exchange(site.port, sent, end=True) == b""
        assert (await client.post("/graphql", json=VIEWER)).status_code == 200
    statuses = [record.fields["status"] for record in caplog.records if hasattr(record, "fields")]
    assert statuses == [499, 499, 499, 200]
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_requests_one_after_another_on_one_connection(site: Site) -> None:
    body = json.dumps(VIEWER).encode()
    head = (
        b"POST /graphql HTTP/1.1\r\nhost: [::1]\r\ncontent-type: application/json\r\ncontent-length: %d\r\n"
    )
    one = head % len(body) + b"\r\n" + body
    last = head % len(body) + b"connection: close\r\n\r\n" + body
    assert (await exchange(site.port, one + one + last)).count(b'"name": "local"') == 0
    assert (await exchange(site.port, one + one + last)).count(b"HTTP/1.1 200 OK") == 3


async def test_what_is_not_http_is_refused(site: Site) -> None:
    for sent in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 5,
        b"\r\n\r\nnonsense\r\n\r\n",
    ):
        assert read_status(await exchange(site.port, sent, seconds=2)) in (400, None)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a-B.9_~+/=:", True),
        ("x" * 128, True),
        ("x" * 129, False),
        ("a b", False),
        ("a\tb", False),
        ("", False),
    ],
)
async def test_the_id_of_a_request_is_kept_if_it_is_plain(
    client: httpx.AsyncClient, given: str, kept: bool
) -> None:
    for path in ("/graphql", "/livez", "/nowhere"):
        response = await client.get(path, headers={"x-request-id": given})
        found = response.headers["x-request-id"]
        assert (found == given) is kept
        assert kept or len(found) == 16


async def test_one_line_is_logged_for_a_request_and_no_secret(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    body = {
        "query": 'query Look($t: String!) { search(text: $t) { totalCount } agent(id: "inline") { name } }',
        "variables": {"t": "confidential"},
    }
    with caplog.at_level(logging.INFO):
        response = await client.post(
            "/graphql?token=hidden",
            json=body,
            headers={"authorization": "Bearer hidden", "x-request-id": "mine"},
        )
    assert "errors" not in response.json()
    (line,) = [record for record in caplog.records if record.name.startswith("app")]
    fields = dict(vars(line)["fields"])
    ms = fields.pop("ms")
    assert 0 < ms < 20_000
    assert fields == {
        "request": "mine",
        "method": "POST",
        "path": "/graphql",
        "operation": "Look",
        "status": 200,
    }
    assert line.getMessage() == f"POST /graphql Look 200 {ms} ms"
    for secret in ("confidential", "inline", "hidden", "SELECT"):
        assert secret not in str(vars(line))


async def test_a_database_that_fails_is_masked(
    serve: Serve, dsn: str, committed_database: Database, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with serve(committed_database, settings) as site, httpx.AsyncClient(base_url=site.url) as client:
        assert (await client.get("/readyz")).json() == {"status": "ready"}
        connection = await asyncpg.connect(dsn)
        await connection.execute("ALTER TABLE researcher RENAME TO hidden")
        await connection.close()
        with caplog.at_level(logging.ERROR):
            response = await client.post("/graphql", json=VIEWER)
        assert response.status_code == 200
        (error,) = response.json()["errors"]
        assert error["extensions"] == {"code": "INTERNAL"}
        assert "researcher" not in response.text
        assert "UndefinedTableError" in caplog.text


async def test_what_the_application_did_not_expect_is_a_500_without_words(
    committed_database: Database, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async def provide(_scope: object) -> Any:
        raise LookupError("a secret of the server")

    engine = Engine(SCHEMA, committed_database)
    transport = httpx.ASGITransport(create_app(engine, committed_database, provide, settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        response = await client.post("/graphql", json=VIEWER, headers={"x-request-id": "lookup"})
    assert response.status_code == 500
    assert response.json()["errors"][0]["extensions"] == {"code": "INTERNAL"}
    assert "secret" not in response.text
    assert "request lookup failed" in caplog.text
