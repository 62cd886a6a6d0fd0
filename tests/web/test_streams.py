"""Answers as Server-Sent Events: when they are, and how they are framed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

import httpx
import pytest

from app.api.feeds import subscribers
from app.database import Database
from app.permissions import Viewer
from app.settings import Settings
from app.web import streams
from app.web.negotiation import EVENTS, GRAPHQL, JSON, choose_media_type
from app.web.streams import spell_event
from tests.factories import make_claim
from tests.web.conftest import Serve

ME = {"query": "query Me { viewer { name } }"}
SSE = {"accept": "text/event-stream"}


def read_events(text: str) -> list[tuple[str, Any]]:
    """The events of a stream: what each is called, and its data."""
    blocks = [block for block in text.split("\n\n") if block and not block.startswith(":")]
    read = []
    for block in blocks:
        fields = dict(line.partition(":")[::2] for line in block.split("\n"))
        read.append((fields["event"].strip(), json.loads(fields["data"]) if fields["data"].strip() else None))
    return read


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (b"text/event-stream", EVENTS),
        (b"text/event-stream, */*;q=0.1", EVENTS),
        (b"text/event-stream, multipart/mixed", EVENTS),
        (b"text/event-stream;q=0", None),
        (b"application/json, text/event-stream", JSON),
        (b"application/graphql-response+json, application/json, text/event-stream, multipart/mixed", GRAPHQL),
        (b"text/event-stream, application/graphql-response+json;q=0.1", GRAPHQL),
        (b"*/*", JSON),
    ],
)
def test_events_are_for_who_names_them_and_no_json(accept: bytes, chosen: bytes | None) -> None:
    assert choose_media_type(accept) == chosen


async def test_an_answer_is_one_event_and_its_end(client: httpx.AsyncClient) -> None:
    for response in (
        await client.post("/graphql", json=ME, headers=SSE),
        await client.get("/graphql", params=ME, headers=SSE),
    ):
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert response.headers["cache-control"] == "no-store"
        assert response.text == (
            'event: next\ndata: {"data":{"viewer":{"name":"local"}}}\n\nevent: complete\ndata:\n\n'
        )


@pytest.mark.parametrize(
    "request_",
    [{"query": "{"}, {"query": "{ nothing }"}, {"query": "query($x: ID!) { node(id: $x) { id } }"}],
)
async def test_what_graphql_refuses_is_an_event_too(
    client: httpx.AsyncClient, request_: dict[str, Any]
) -> None:
    response = await client.post("/graphql", json=request_, headers=SSE)
    assert response.status_code == 200
    (next_, complete) = read_events(response.text)
    assert next_[0] == "next"
    assert next_[1] == (await client.post("/graphql", json=request_)).json()
    assert complete == ("complete", None)


async def test_what_is_no_request_is_refused_in_json(client: httpx.AsyncClient) -> None:
    for response, status in (
        (await client.post("/graphql", json={}, headers=SSE), 400),
        (await client.patch("/graphql", json=ME, headers=SSE), 405),
        (await client.get("/graphql", params={"query": "mutation { __typename }"}, headers=SSE), 405),
    ):
        assert response.status_code == status
        assert response.headers["content-type"].startswith("application/json")
        assert response.json()["errors"]


def test_an_event_has_one_line_of_data() -> None:
    assert spell_event(b'{\r\n"data": {}\n}') == b'event: next\ndata: {  "data": {} }\n\n'


SUBSCRIPTION = "subscription S($after: String) { claimRecorded(after: $after) { statement } }"


@dataclass
class Stream:
    """A client's end of a stream: its events as they come."""

    lines: AsyncIterator[str]

    async def hear(self) -> dict[str, str]:
        """The fields of the next event."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(20):
            async for line in self.lines:
                if line == "" and fields:
                    return fields
                name, colon, value = line.partition(":")
                if colon and name:
                    fields[name] = value.strip()
        return fields


@asynccontextmanager
async def streaming(client: httpx.AsyncClient, **headers: str) -> AsyncIterator[Stream]:
    body = {"query": SUBSCRIPTION}
    async with client.stream("POST", "/graphql", json=body, headers=SSE | headers) as response:
        assert response.status_code == 200
        yield Stream(response.aiter_lines())


def statement_of(event: dict[str, str]) -> str:
    statement: str = json.loads(event["data"])["data"]["claimRecorded"]["statement"]
    return statement


@pytest.fixture
async def busy(
    serve: Serve, committed_database: Database, settings: Settings
) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        serve(committed_database, settings) as site,
        httpx.AsyncClient(base_url=site.url, timeout=20) as client,
    ):
        yield client


async def test_events_come_as_they_happen_and_go_on_after_the_last(
    busy: httpx.AsyncClient, committed_database: Database, viewer: Viewer
) -> None:
    async with streaming(busy) as stream:
        await make_claim(committed_database, viewer, statement="first")
        await make_claim(committed_database, viewer, statement="second")
        first = await stream.hear()
        assert first["event"] == "next"
        assert statement_of(first) == "first"
        assert json.loads(first["data"])["extensions"] == {"cursor": first["id"]}
        assert statement_of(await stream.hear()) == "second"
    await make_claim(committed_database, viewer, statement="third")
    async with streaming(busy, **{"last-event-id": first["id"]}) as stream:
        assert [statement_of(await stream.hear()) for _ in range(2)] == ["second", "third"]
    url = {"query": SUBSCRIPTION, "variables": json.dumps({"after": first["id"]})}
    async with busy.stream("GET", "/graphql", params=url, headers=SSE) as response:
        assert statement_of(await Stream(response.aiter_lines()).hear()) == "second"


async def test_a_stream_that_has_nothing_to_say_says_so(
    busy: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "KEEP_ALIVE_SECONDS", 0.05)
    async with (
        asyncio.timeout(20),
        busy.stream("POST", "/graphql", json={"query": SUBSCRIPTION}, headers=SSE) as response,
    ):
        lines = response.aiter_lines()
        assert [await anext(lines) for _ in range(4)] == [":", "", ":", ""]


async def test_what_ends_a_subscription_is_its_last_event(
    busy: httpx.AsyncClient, committed_database: Database, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscribers, "MAX_QUEUED", 0)
    async with streaming(busy) as stream:
        await make_claim(committed_database, viewer)
        event = await stream.hear()
        assert json.loads(event["data"])["errors"][0]["extensions"]["code"] == "SUBSCRIBER_TOO_SLOW"
        assert (await stream.hear())["event"] == "complete"


async def test_a_server_that_ends_cuts_streams_off(
    serve: Serve, committed_database: Database, settings: Settings
) -> None:
    async with AsyncExitStack() as stack:
        async with serve(committed_database, settings) as site:
            client = await stack.enter_async_context(httpx.AsyncClient(base_url=site.url, timeout=20))
            stream = await stack.enter_async_context(streaming(client))
            begun = monotonic()
        assert monotonic() - begun < Settings().stop_seconds / 2
        assert await stream.hear() == {}


async def test_a_subscription_needs_a_stream(busy: httpx.AsyncClient) -> None:
    asked = {"query": SUBSCRIPTION}
    for response, status in (
        (await busy.post("/graphql", json=asked), 406),
        (await busy.get("/graphql", params=asked, headers={"accept": "application/json"}), 406),
        (await busy.head("/graphql", params=asked, headers=SSE), 405),
    ):
        assert response.status_code == status
    refused = await busy.post("/graphql", json=asked | {"variables": {"after": "x"}}, headers=SSE)
    [(_, data), complete] = read_events(refused.text)
    assert "no cursor" in data["errors"][0]["message"]
    assert complete == ("complete", None)
    # urql lists both: only a stream can answer.
    both = SSE | {"accept": "application/graphql-response+json, text/event-stream"}
    async with busy.stream("POST", "/graphql", json=asked, headers=both) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
