"""Clients that stop reading: an answer, a stream and a socket each end, and others are served meanwhile."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import httpx
import pytest
import uvloop

from app.database import Database
from app.permissions import Viewer
from app.settings import Settings
from app.web import stalls as stalls_module
from app.web.stalls import MIN_TAKEN_BYTES, Stalls, count_acknowledged
from tests.factories import make_claim
from tests.waiting import until
from tests.web.conftest import Serve, Site
from tests.web.frames import handshake, text

SECONDS = 0.4
LONG = "x" * 9_900
SCHEMA = b"GET /graphql?query={__schema{types{fields{name,description}}}} HTTP/1.1\r\nhost: localhost\r\n\r\n"
EVENTS = "subscription { claimRecorded { statement note } }"


# Linux counts what arrives by TCP. Nobody does so for a pair of local sockets, as for TCP on other systems.
COUNTED = [False, *([True] if sys.platform == "linux" else [])]


@dataclass(slots=True)
class Held:
    """A connection to another that is not read until somebody does so."""

    transport: asyncio.Transport
    other: socket.socket
    counted: bool
    written: int = 0
    read: int = 0

    def write(self, size: int) -> None:
        self.transport.write(b"x" * size)
        self.written += size

    async def take(self, size: int) -> None:
        """Read so much on the other side, and wait until that is known on ours."""
        self.read += size
        async with asyncio.timeout(20):
            while size > 0:
                part = await asyncio.get_running_loop().sock_recv(self.other, min(size, 4_096))
                assert part
                size -= len(part)
        await until(lambda: self.count_taken() >= self.read)

    def count_taken(self) -> int:
        acknowledged = count_acknowledged(self.transport)
        assert (acknowledged is not None) == self.counted
        sent = self.written - self.transport.get_write_buffer_size()
        return sent if acknowledged is None else acknowledged


@asynccontextmanager
async def held(sent: int, *, counted: bool) -> AsyncIterator[Held]:
    if counted:
        with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as theirs:
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            theirs.connect(listener.getsockname())
            ours, _ = listener.accept()
            async with holding(sent, ours, theirs, counted=True) as connection:
                yield connection
    else:
        ours, theirs = socket.socketpair()
        with theirs:
            async with holding(sent, ours, theirs, counted=False) as connection:
                yield connection


@asynccontextmanager
async def holding(
    sent: int, ours: socket.socket, theirs: socket.socket, *, counted: bool
) -> AsyncIterator[Held]:
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
    theirs.setblocking(False)
    transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, sock=ours)
    connection = Held(transport, theirs, counted)
    connection.write(sent)
    await connection.take(1)
    yield connection
    transport.abort()


@pytest.mark.parametrize("counted", COUNTED)
async def test_who_reads_nothing_is_cut_off_and_who_reads_is_not(counted: bool) -> None:
    async with held(400_000, counted=counted) as stuck, held(400_000, counted=counted) as reading:
        stalls = Stalls([stuck, reading], seconds=30)
        for now in (0, 10, 20, 30):
            stalls.look(now)
            await reading.take(2 * MIN_TAKEN_BYTES)
        assert stalls.cut_off == 0
        stalls.look(31)
        assert stalls.cut_off == 1
        assert (stuck.transport.is_closing(), reading.transport.is_closing()) == (True, False)


@pytest.mark.parametrize("counted", COUNTED)
async def test_a_little_now_and_then_is_not_enough(counted: bool, caplog: pytest.LogCaptureFixture) -> None:
    async with held(40_000, counted=counted) as dripping:
        stalls = Stalls([dripping], seconds=30)
        with caplog.at_level(logging.INFO, logger="app.web.stalls"):
            for now in (0, 10, 20, 30, 31):
                assert stalls.cut_off == 0
                stalls.look(now)
                await dripping.take(1_000)
        assert stalls.cut_off == 1
    assert "bytes wait for it, and it took" in caplog.text


@pytest.mark.parametrize("counted", COUNTED)
async def test_who_has_taken_all_is_left_alone(counted: bool) -> None:
    async with held(20_000, counted=counted) as reading:
        stalls = Stalls([reading], seconds=30)
        stalls.look(0)
        await reading.take(19_999)
        stalls.look(29)
        stalls.look(100)
        reading.write(20_000)
        for now in (200, 230):
            stalls.look(now)
            assert stalls.cut_off == 0
        stalls.look(231)
        assert stalls.cut_off == 1


@pytest.mark.parametrize("counted", COUNTED)
async def test_what_is_added_meanwhile_is_no_sign_of_life(counted: bool) -> None:
    async with held(40_000, counted=counted) as stuck:
        stalls = Stalls([stuck], seconds=30)
        for now in (0, 10, 20, 30):
            stalls.look(now)
            stuck.write(50_000)
        assert stalls.cut_off == 0
        stalls.look(31)
        assert stalls.cut_off == 1


@pytest.mark.parametrize("counted", COUNTED)
async def test_who_falls_behind_goes_on_where_what_arrives_is_counted(counted: bool) -> None:
    async with held(40_000, counted=counted) as behind:
        stalls = Stalls([behind], seconds=30)
        stalls.look(0)
        for now in range(10, 61, 10):
            behind.write(40_000)
            await behind.take(20_000)
            stalls.look(now)
            if stalls.cut_off:
                break
        assert (now, stalls.cut_off) == ((60, 0) if counted else (40, 1))


async def test_so_much_waits_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Past that the one goes who has taken nothing for longest, and then the one for whom most waits."""
    async with (
        held(100_000, counted=False) as small,
        held(300_000, counted=False) as large,
        held(400_000, counted=False) as reading,
        held(200_000, counted=False) as stuck,
    ):
        connections = [stuck, reading]
        stalls = Stalls(connections, seconds=30)
        stalls.look(0)
        await reading.take(2 * MIN_TAKEN_BYTES)
        connections += [small, large]
        everybody = {"stuck": stuck, "reading": reading, "small": small, "large": large}

        def find_left(most: int, now: float) -> set[str]:
            monkeypatch.setattr(stalls_module, "MAX_WAITING_BYTES", most)
            stalls.look(now)
            return {name for name, each in everybody.items() if not each.transport.is_closing()}

        assert find_left(10_000_000, 1) == {"stuck", "reading", "small", "large"}
        assert find_left(900_000, 2) == {"reading", "small", "large"}
        connections.remove(stuck)
        assert find_left(450_000, 3) == {"small", "large"}
        connections.remove(reading)
        assert find_left(150_000, 4) == {"small"}


@pytest.fixture
async def site(serve: Serve, committed_database: Database, settings: Settings) -> AsyncIterator[Site]:
    impatient = settings.model_copy(update={"send_seconds": SECONDS})
    async with serve(committed_database, impatient) as site:
        # What the machine keeps for a connection would hide that nobody reads.
        site.server.servers[0].sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
        yield site


@asynccontextmanager
async def never_reading(port: int, sent: bytes, first: bytes = b"") -> AsyncIterator[socket.socket]:
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
        yield client


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


async def test_an_answer_that_is_read_byte_by_byte_is_ended(site: Site) -> None:
    async def drip() -> None:
        loop = asyncio.get_running_loop()
        with suppress(ConnectionError):
            part = b"x"
            while part:
                part = await loop.sock_recv(client, 1)
                await asyncio.sleep(0.01)

    async with never_reading(site.port, SCHEMA * 100) as client:
        dripping = asyncio.create_task(drip())
        await until_cut_off(site)
        dripping.cancel()


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
        await until(lambda: site.engine.use().subscriptions)
        for number in range(20):
            await make_claim(committed_database, viewer, statement=f"{number} {LONG}")
        await until_cut_off(site)
        await until(lambda: not site.engine.use().subscriptions)


@pytest.mark.parametrize("known", [False, True])
async def test_of_a_connection_that_is_closed_nothing_is_counted(known: bool) -> None:
    async def close() -> int | None:
        ours, theirs = socket.socketpair()
        with theirs:
            transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, sock=ours)
            if known:
                transport.get_extra_info("socket")
            transport.abort()
            await asyncio.sleep(0.01)
            return count_acknowledged(transport)

    # As the server's: asyncio's own connections tell of it in another way.
    assert await asyncio.to_thread(lambda: uvloop.run(close())) is None
