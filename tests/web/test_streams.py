"""Answers as Server-Sent Events: when they are, and how they are framed."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from app.web.negotiation import EVENTS, GRAPHQL, JSON, choose_media_type
from app.web.streams import spell_event

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
        (await client.put("/graphql", json=ME, headers=SSE), 405),
        (await client.get("/graphql", params={"query": "mutation { __typename }"}, headers=SSE), 405),
    ):
        assert response.status_code == status
        assert response.headers["content-type"].startswith("application/json")
        assert response.json()["errors"]


def test_an_event_has_one_line_of_data() -> None:
    assert spell_event(b'{\r\n"data": {}\n}') == b'event: next\ndata: {  "data": {} }\n\n'
