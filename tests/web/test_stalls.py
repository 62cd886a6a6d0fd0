"""Clients that stop reading: an answer, a stream and a socket each end, and others are served meanwhile."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest

from app.database import Database
from app.permissions import Viewer
from app.settings import Settings
from app.web.stalls import MIN_TAKEN_BYTES, Stalls
from tests.factories import make_claim
from tests.web.conftest import Serve, Site
from tests.web.frames import handshake, text

SECONDS = 0.4
LONG = "x" * 9_900
SCHEMA = b"GET /graphql?query={__schema{types{fields{name,description}}}} HTTP/1.1\r\nhost: localhost\r\n\r\n"
EVENTS = "subscription { claimRecorded { statement note } }"


@dataclass(frozen=True, slots=True)
class Held:
    """A connection to another that is not read until somebody does so."""

    transport: asyncio.Transport
    other: socket.socket

    async def read(self, size: int) -> None:
        while size > 0:
            size -= len(await asyncio.get_running_loop().sock_recv(self.other, min(size, 4_096)))
        await self.settle()

    async def settle(self) -> None:
        """Let the transport send what the other side has room for."""
        before = -1
        while before != (now := self.transport.get_write_buffer_size()):
            before = now
            await asyncio.sleep(0.02)


@asynccontextmanager
async def held(sent: int) -> AsyncIterator[Held]:
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
    theirs.setblocking(False)
    with theirs:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_connection(asyncio.Protocol, sock=ours)
        transport.write(b"x" * sent)
        connection = Held(transport, theirs)
        await connection.settle()
        yield connection
        transport.abort()


@pytest.mark.parametrize("sent", [40_000, 4_000_000])
async def test_who_reads_nothing_is_cut_off_and_who_catches_up_is_not(sent: int) -> None:
    async with held(sent) as stuck, held(sent) as reading:
        stalls = Stalls([stuck, reading], seconds=30)
        for now in range(0, 31, 10):
            stalls.look(now)
            await reading.read(MIN_TAKEN_BYTES if sent > 1_000_000 else 5_000)
        assert stalls.cut_off == 0
        stalls.look(31)
        assert stalls.cut_off == 1
        assert (stuck.transport.is_closing(), reading.transport.is_closing()) == (True, False)


async def test_what_is_added_meanwhile_is_no_sign_of_life() -> None:
    async with held(40_000) as stuck:
        stalls = Stalls([stuck], seconds=30)
        for now in (0, 10, 20, 30):
            stalls.look(now)
            stuck.transport.write(b"more")
        assert stalls.cut_off == 0
        stalls.look(31)
        assert stalls.cut_off == 1


async def test_who_reads_more_slowly_than_is_written_is_cut_off(caplog: pytest.LogCaptureFixture) -> None:
    async with held(20_000) as slow:
        stalls = Stalls([slow], seconds=30)
        with caplog.at_level(logging.INFO, logger="app.web.stalls"):
            for now in (0, 10, 20):
                stalls.look(now)
                slow.transport.write(b"x" * 10_000)
                await slow.read(4_000)
            stalls.look(31)
        assert stalls.cut_off == 1
    assert "became no fewer for 30 s" in caplog.text


@pytest.fixture
async def site(serve: Serve, committed_database: Database, settings: Settings) -> AsyncIterator[Site]:
    impatient = settings.model_copy(update={"send_seconds": SECONDS})
    async with serve(committed_database, impatient) as site:
        # What the machine keeps for a connection would hide that nobody reads.
        site.server.servers[0].sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
        yield site


@asynccontextmanager
async def never_reading(port: int, sent: bytes, first: bytes = b"") -> AsyncIterator[None]:
    """A client that sends, and reads nothing but the beginning of the answer to what it sends `first`."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(client, ("127.0.0.1", port))
        if first:
            await loop.sock_sendall(client, first)
            await loop.sock_recv(client, 1)
        await loop.sock_sendall(client, sent)
        yield


async def until_cut_off(site: Site) -> None:
    """Return when a connection has been cut off; others are served until then."""
    async with asyncio.timeout(20), httpx.AsyncClient(base_url=site.url, timeout=20) as client:
        while not site.server.stalls.cut_off:
            answer = await client.post("/graphql", json={"query": "{ viewer { name } }"})
            assert answer.json() == {"data": {"viewer": {"name": "local"}}}
        left = site.server.server_state.connections
        assert all(each.transport.get_write_buffer_size() == 0 for each in left)


async def test_an_answer_that_nobody_reads_is_ended(site: Site) -> None:
    async with never_reading(site.port, SCHEMA * 100):
        await until_cut_off(site)


async def test_a_socket_that_nobody_reads_is_ended(site: Site) -> None:
    asked = {"query": "{ __schema { types { fields { name description } } } }"}
    messages = [{"id": str(n), "type": "subscribe", "payload": asked} for n in range(90)]
    sent = b"".join(text(json.dumps(message)) for message in ({"type": "connection_init"}, *messages))
    async with never_reading(site.port, sent, first=handshake()):
        await until_cut_off(site)


async def test_a_stream_that_nobody_reads_is_ended(
    site: Site, committed_database: Database, viewer: Viewer
) -> None:
    body = json.dumps({"query": EVENTS}).encode()
    head = (
        b"POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n"
        b"content-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
    )
    async with never_reading(site.port, head + body):
        while not site.engine.use().subscriptions:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        for number in range(20):
            await make_claim(committed_database, viewer, statement=f"{number} {LONG}")
        await until_cut_off(site)
        while site.engine.use().subscriptions:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
