"""Single connection mode of graphql-sse: one stream for what many operations answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from app.database import Database
from app.domain.vocabulary import Role
from app.permissions import NOBODY, Viewer
from app.services.agents import AgentChanges, amend_agent
from app.settings import Settings
from app.web import reservations
from tests.factories import make_agent, make_claim
from tests.waiting import until
from tests.web.conftest import Serve
from tests.web.test_streams import SSE, Stream

ME = "{ viewer { name } }"
EVENTS = "subscription { claimRecorded { statement } }"
TOKEN = "x-graphql-event-stream-token"


@pytest.fixture
async def client(
    serve: Serve, committed_database: Database, settings: Settings, viewer: Viewer
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server with two seats, at which `authorization: another` is another viewer, and
    `authorization: outsider` one who may only read."""
    others = {b"another": Viewer(NOBODY, viewer.role), b"outsider": Viewer(NOBODY, Role.READER)}

    async def provide(scope: Any) -> Viewer:
        return others.get(dict(scope["headers"]).get(b"authorization", b""), viewer)

    few = settings.model_copy(update={"sockets": 2})
    async with (
        serve(committed_database, few, provider=provide) as site,
        httpx.AsyncClient(base_url=site.url, timeout=20) as client,
    ):
        yield client


async def reserve(client: httpx.AsyncClient) -> dict[str, str]:
    response = await client.put("/graphql")
    assert response.status_code == 201
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert len(response.text) >= 32
    return {TOKEN: response.text}


@asynccontextmanager
async def opened(client: httpx.AsyncClient, token: dict[str, str]) -> AsyncIterator[Stream]:
    async with client.stream("GET", "/graphql", headers=SSE | token) as response:
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        yield Stream(response.aiter_lines())


async def ask(
    client: httpx.AsyncClient, token: dict[str, str], query: str, id: Any = "1", **more: Any
) -> httpx.Response:
    body = {"query": query, "extensions": {"operationId": id}, **more}
    return await client.post("/graphql", json=body, headers=token)


async def hear(stream: Stream) -> tuple[str, Any]:
    event = await stream.hear()
    return event["event"], json.loads(event["data"])


async def test_answers_stand_in_one_stream_under_the_ids_of_their_operations(
    client: httpx.AsyncClient, committed_database: Database, viewer: Viewer
) -> None:
    token = await reserve(client)
    # An operation may begin before the stream is there.
    assert (await ask(client, token, ME, "early")).status_code == 202
    async with opened(client, token) as stream:
        assert await hear(stream) == (
            "next",
            {"id": "early", "payload": {"data": {"viewer": {"name": "local"}}}},
        )
        assert await hear(stream) == ("complete", {"id": "early"})
        assert (await ask(client, token, EVENTS, "watch")).status_code == 202
        assert (await ask(client, token, ME, "early")).status_code == 202
        assert [(await hear(stream))[1]["id"] for _ in range(2)] == ["early", "early"]
        await make_claim(committed_database, viewer, statement="first")
        kind, heard = await hear(stream)
        assert (kind, heard["id"]) == ("next", "watch")
        assert heard["payload"]["data"] == {"claimRecorded": {"statement": "first"}}
        again = await ask(client, token, EVENTS, "watch")
        assert again.status_code == 409
        ended = await client.delete("/graphql", params={"operationId": "watch"}, headers=token)
        assert ended.status_code == 200
        await make_claim(committed_database, viewer, statement="second")
        mutation = """mutation { recordAgent(input: {kind: PERSON, name: "Brett McGurk"}) {
          ... on AgentPayload { agent { name } } } }"""
        assert (await ask(client, token, mutation, "change")).status_code == 202
        _, heard = await hear(stream)
        assert heard == {
            "id": "change",
            "payload": {"data": {"recordAgent": {"agent": {"name": "Brett McGurk"}}}},
        }

    # The reservation has gone with its stream, and so has its seat.
    async def is_gone() -> bool:
        return (await ask(client, token, ME)).status_code == 404

    await until(is_gone)
    for _ in range(2):
        await reserve(client)


@pytest.mark.parametrize(
    ("query", "id", "status"),
    [
        ("{", "1", 400),
        ("{ nothing }", "1", 400),
        ('subscription { claimRecorded(after: "x") { id } }', "1", 400),
        (ME, None, 400),
        (ME, 1, 400),
        (ME, "", 400),
        (ME, "x" * 201, 400),
    ],
)
async def test_what_is_refused_is_the_answer_to_its_post(
    client: httpx.AsyncClient, query: str, id: Any, status: int
) -> None:
    response = await ask(client, await reserve(client), query, id)
    assert response.status_code == status
    assert response.json()["errors"][0]["message"]


async def test_a_reservation_is_its_makers_and_for_one_stream(client: httpx.AsyncClient) -> None:
    token = await reserve(client)
    other = token | {"authorization": "another"}
    missing = {TOKEN: "x" * 32}
    for headers in (other, missing):
        assert (await client.get("/graphql", headers=SSE | headers)).status_code == 404
        assert (await ask(client, headers, ME)).status_code == 404
        gone = await client.delete("/graphql", params={"operationId": "1"}, headers=headers)
        assert gone.status_code == 404
    assert (await client.get("/graphql", headers=token | {"accept": "application/json"})).status_code == 406
    assert (await client.delete("/graphql", params={"operationId": "1"})).status_code == 400
    async with opened(client, token):
        url = {"token": token[TOKEN]}
        assert (await client.get("/graphql", params=url, headers=SSE)).status_code == 409


async def test_reservations_have_bounds(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reservations, "MAX_OPERATIONS", 2)
    token = await reserve(client)
    for id in ("1", "2"):
        assert (await ask(client, token, EVENTS, id)).status_code == 202
    assert (await ask(client, token, EVENTS, "3")).status_code == 429
    monkeypatch.setattr(reservations, "RESERVED_SECONDS", 0.05)
    unused = await reserve(client)
    full = await client.put("/graphql")
    # Nobody came for it: its seat is free again.
    while full.status_code == 503:
        await asyncio.sleep(0.01)
        full = await client.put("/graphql")
    assert full.status_code == 201
    assert (await ask(client, unused, ME)).status_code == 404


async def test_what_waits_for_a_stream_and_is_hidden_is_read_again(
    client: httpx.AsyncClient, committed_database: Database, viewer: Viewer
) -> None:
    database, outsider = committed_database, {"authorization": "outsider"}
    agent = await make_agent(database, viewer, name="Canarybird")
    token = {TOKEN: (await client.put("/graphql", headers=outsider)).text} | outsider
    events = "subscription { claimRecorded { attribution { agents { name } } } }"
    for id in ("1", "2"):
        assert (await ask(client, token, events, id)).status_code == 202
    asked = client.stream("POST", "/graphql", json={"query": events}, headers=SSE | outsider)
    async with asked as witness:
        await make_claim(database, viewer, said_by=[agent])
        # All who ask for the same are told of an event at once.
        assert "Canarybird" in (await Stream(witness.aiter_lines()).hear())["data"]
    hidings = database.changes.hidings
    changes = AgentChanges(protected=True, pseudonym="a clerk")
    await database.write(viewer.researcher, lambda s: amend_agent(s, viewer, agent, 1, changes))
    await until(lambda: database.changes.hidings > hidings)
    async with opened(client, token) as stream:
        told = [(await hear(stream))[1] for _ in range(2)]
    assert {heard["id"] for heard in told} == {"1", "2"}
    assert all("a clerk" in str(heard) and "Canarybird" not in str(heard) for heard in told)


async def test_a_page_of_another_origin_reserves_nothing(client: httpx.AsyncClient) -> None:
    assert (await client.put("/graphql", headers={"origin": "https://evil.example"})).status_code == 403
