"""The campaign in short, and the faults that need no process of their own."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from app.database import Database, connect
from app.services.recomputation import recompute_everything
from app.services.sealing import seal_log
from app.services.verification import verify_log
from app.settings import Settings
from tests.faults.campaign import kill_often
from tests.faults.writers import RECORD
from tests.services.reading import read_rows
from tests.waiting import until
from tests.web.conftest import Serve, Site

READ = {"query": "{ events(first: 1) { totalCount } }"}


@pytest.mark.usefixtures("in_memory")
async def test_kill_9_of_server_and_postgres_loses_nothing() -> None:
    said: list[str] = []
    report = await kill_often(2, 200, 0.5, said.append)
    assert report.faults == []
    assert report.kills == 2
    assert report.acknowledged > 10
    assert len(said) == 2


@pytest.fixture
async def busy_site(
    serve: Serve, dsn: str, request: pytest.FixtureRequest
) -> AsyncIterator[tuple[Site, str]]:
    """Two connections that write; a test may say how little patience they have."""
    settings = Settings(write_connections=2, **getattr(request, "param", {}))
    database = await Database.open(dsn, settings)
    async with serve(database, settings) as site:
        yield site, dsn
    await database.close()


def spell(number: int) -> dict[str, Any]:
    given = {"title": f"event {number}", "idempotencyKey": f"key {number}"}
    return {"query": RECORD, "variables": {"input": given}}


async def test_a_connection_cut_in_the_middle_of_a_mutation_then_repeated(
    busy_site: tuple[Site, str],
) -> None:
    """Cut at any moment; whether it was done or not, the same key does it once and says which."""
    site, dsn = busy_site
    for number in range(30):
        body = json.dumps(spell(number)).encode()
        head = f"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:{site.port}\r\ncontent-type: application/json\r\n"
        _, writer = await asyncio.open_connection("127.0.0.1", site.port)
        sent = f"{head}content-length: {len(body)}\r\n\r\n".encode() + body
        writer.write(sent[: len(sent) - (number % 3 == 2)])
        await writer.drain()
        await asyncio.sleep(number * 0.0005)
        # A reset, not an orderly end.
        raw = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
    async with httpx.AsyncClient(base_url=site.url, timeout=20) as client:
        ids = []
        for _ in range(2):
            answers = [await client.post("/graphql", json=spell(number)) for number in range(30)]
            ids.append([answer.json()["data"]["recordEvent"]["event"]["id"] for answer in answers])
    assert ids[0] == ids[1]
    rows = await read_rows(site.database, "SELECT title FROM event")
    assert sorted(row["title"] for row in rows) == sorted(f"event {number}" for number in range(30))
    await seal_log(dsn)
    assert (await verify_log(dsn)).found == 0
    assert await recompute_everything(site.database, check=True) == []


@pytest.mark.parametrize("busy_site", [{"lock_timeout_ms": 300}], indirect=True)
async def test_a_pool_that_is_used_up_refuses_soon_and_goes_on(busy_site: tuple[Site, str]) -> None:
    """All that write wait for a lock that somebody keeps: each is told so, reads go on, and then all do."""
    site, dsn = busy_site
    async with (
        connect(dsn, "keeps") as keeper,
        httpx.AsyncClient(base_url=site.url, timeout=20) as client,
    ):
        await keeper.execute("BEGIN; SELECT pg_advisory_xact_lock(7367, 1)")
        stuck = [asyncio.create_task(client.post("/graphql", json=agent(number))) for number in range(8)]
        await await_waiting(keeper)
        read = await client.post("/graphql", json=READ)
        assert read.json() == {"data": {"events": {"totalCount": 0}}}
        codes = [answer.json()["errors"][0]["extensions"]["code"] for answer in await asyncio.gather(*stuck)]
        assert set(codes) == {"BUSY"}
        await keeper.execute("ROLLBACK")
        done = [(await client.post("/graphql", json=agent(number))).json() for number in range(8)]
        assert all("agent" in answer["data"]["recordAgent"] for answer in done)


def agent(number: int) -> dict[str, Any]:
    query = """mutation($input: RecordAgentInput!) {
        recordAgent(input: $input) { ... on AgentPayload { agent { id } } ... on Error { code } } }"""
    given = {"kind": "PERSON", "name": f"agent {number}", "idempotencyKey": f"key {number}"}
    return {"query": query, "variables": {"input": given}}


async def await_waiting(connection: asyncpg.Connection) -> None:
    waiting = "SELECT count(*) > 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"
    await until(lambda: connection.fetchval(waiting))


async def test_slow_clients_keep_nobody_waiting(busy_site: tuple[Site, str]) -> None:
    """Fifty that send half a request and no more, fifty that never read their answers."""
    site, _ = busy_site
    query = json.dumps({"query": "{ __schema { types { name fields { name description } } } }"}).encode()
    head = f"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:{site.port}\r\ncontent-type: application/json\r\n"
    whole = f"{head}content-length: {len(query)}\r\n\r\n".encode() + query
    slow = []
    try:
        for number in range(100):
            raw = socket.create_connection(("127.0.0.1", site.port))
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            raw.sendall(whole if number % 2 else whole[:-10])
            slow.append(raw)
            await asyncio.sleep(0)
        async with httpx.AsyncClient(base_url=site.url, timeout=20) as client:
            for number in range(10):
                answer = (await client.post("/graphql", json=spell(number))).json()
                assert answer["data"]["recordEvent"]["event"]["id"]
                assert (await client.post("/graphql", json=READ)).status_code == 200
    finally:
        for raw in slow:
            raw.close()
