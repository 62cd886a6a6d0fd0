"""Clients that read slowly, by TCP: what is hidden before it goes out does not go out as it was read."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from app.api.feeds import subscribers
from app.database import Database
from app.domain.vocabulary import Role
from app.permissions import NOBODY, Viewer
from app.services.agents import AgentChanges, amend_agent
from app.services.claims import ClaimChanges, amend_claim
from app.settings import Settings
from tests.factories import make_agent, make_claim
from tests.waiting import until
from tests.web.conftest import Known, Serve, Site
from tests.web.frames import handshake, text
from tests.web.raw import spell, spell_get
from tests.web.test_streams import SSE, Stream

LONG = "x" * 9_900
NAME, PSEUDONYM, RESTRICTED = "Canarybird", "a clerk", "An unbearable word"
SMALL = 4_096  # bytes: what the machine keeps for a client would hide that it does not read


def spell_events(size: int) -> str:
    long = " ".join(f"a{n}: statement" for n in range(size))
    return f"subscription {{ claimRecorded {{ attribution {{ agents {{ name }} }} {long} }} }}"


@dataclass
class Slow:
    """A client that reads nothing until it is told to."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    received: bytearray = field(default_factory=bytearray)

    async def ask(self, sent: bytes) -> None:
        """Send, and read the head of what comes back."""
        self.writer.write(sent)
        await self.reader.readuntil(b"\r\n\r\n")

    async def read_until(self, *wanted: bytes, times: int) -> bytes:
        """All that came, once each of these has come so often. A little at a time."""
        async with asyncio.timeout(20):
            while any(self.received.count(each) < times for each in wanted):
                part = await self.reader.read(SMALL)
                assert part, "the server has closed the connection"
                self.received += part
        return bytes(self.received)


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Slow]:
    theirs = socket.socket()
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
    theirs.setblocking(False)
    await asyncio.get_running_loop().sock_connect(theirs, ("127.0.0.1", port))
    reader, writer = await asyncio.open_connection(sock=theirs, limit=SMALL)
    try:
        yield Slow(reader, writer)
    finally:
        writer.close()


async def follow_by_stream(_site: Site, slow: Slow, query: str, _count: int) -> None:
    await slow.ask(spell(query, headers=("accept: text/event-stream",)))


async def follow_by_shared_stream(site: Site, slow: Slow, query: str, count: int) -> None:
    async with httpx.AsyncClient(base_url=site.url) as client:
        token = (await client.put("/graphql")).text
        headers = {"x-graphql-event-stream-token": token}
        named = [f"{name}: {value}" for name, value in (SSE | headers).items()]
        await slow.ask(spell_get("", headers=named))
        for id in range(count):
            body = {"query": query, "extensions": {"operationId": str(id)}}
            assert (await client.post("/graphql", json=body, headers=headers)).status_code == 202


async def follow_by_socket(_site: Site, slow: Slow, query: str, count: int) -> None:
    await slow.ask(handshake())
    slow.writer.write(text(json.dumps({"type": "connection_init"})))
    for id in range(count):
        asked = {"id": str(id), "type": "subscribe", "payload": {"query": query}}
        slow.writer.write(text(json.dumps(asked)))


Follow = Callable[[Site, Slow, str, int], Awaitable[None]]
WAYS = [
    pytest.param(follow_by_stream, 1, id="stream"),
    pytest.param(follow_by_shared_stream, 2, id="shared stream"),
    pytest.param(follow_by_socket, 2, id="socket"),
]


@pytest.fixture
async def site(serve: Serve, committed_database: Database, settings: Settings) -> AsyncIterator[Site]:
    outsider = Known(Viewer(NOBODY, Role.READER))
    async with serve(committed_database, settings, provider=outsider) as site:
        if sys.platform != "linux":  # there it takes little by itself
            site.server.servers[0].sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
        yield site


async def until_it_waits(site: Site) -> None:
    """Return when a socket does not take what is written to it."""
    known = site.server.server_state.connections
    await until(lambda: any(each.transport.get_write_buffer_size() for each in known))


@asynccontextmanager
async def witnessing(site: Site, query: str) -> AsyncIterator[Stream]:
    """Who asks for the same, and reads. All are told at once: what this one hears waits for others."""
    async with (
        httpx.AsyncClient(base_url=site.url, timeout=20) as client,
        client.stream("POST", "/graphql", json={"query": query}, headers=SSE) as response,
    ):
        yield Stream(response.aiter_lines())


# How often an event has a long statement. A transport would take more after 50 kB, and not after 200.
@pytest.mark.parametrize(
    ("follow", "count", "size"),
    [
        pytest.param(follow_by_stream, 1, 5, id="stream"),
        pytest.param(follow_by_stream, 1, 20, id="stream of large events"),
        pytest.param(follow_by_shared_stream, 1, 5, id="shared stream"),
        pytest.param(follow_by_shared_stream, 2, 20, id="shared stream of large events"),
        pytest.param(follow_by_socket, 1, 5, id="socket"),
        pytest.param(follow_by_socket, 2, 20, id="socket of large events"),
    ],
)
async def test_nothing_goes_out_that_was_hidden_before(
    site: Site, viewer: Viewer, follow: Follow, count: int, size: int
) -> None:
    database, query = site.database, spell_events(size)
    agent = await make_agent(database, viewer, name=NAME)
    async with connected(site.port) as slow, witnessing(site, query) as witness:
        await follow(site, slow, query, count)
        await until(lambda: site.engine.use().subscriptions == count + 1)
        await make_claim(database, viewer, statement=LONG)
        await until_it_waits(site)
        await make_claim(database, viewer, said_by=[agent])
        restricted = await make_claim(database, viewer, statement=RESTRICTED)
        heard = [(await witness.hear())["data"] for _ in range(3)]
        assert NAME in heard[1]
        assert RESTRICTED in heard[2]

        hidings = database.changes.hidings
        changes = AgentChanges(protected=True, pseudonym=PSEUDONYM)
        await database.write(viewer.researcher, lambda s: amend_agent(s, viewer, agent, 1, changes))
        hidden = ClaimChanges(restricted=True)
        await database.write(viewer.researcher, lambda s: amend_claim(s, viewer, restricted, 1, hidden))
        await until(lambda: database.changes.hidings == hidings + 2)
        await make_claim(database, viewer, statement="The last one")

        received = await slow.read_until(b'a0":"The last one"', times=count)
    assert NAME.encode() not in received
    assert RESTRICTED.encode() not in received
    # And each event came once.
    assert received.count(PSEUDONYM.encode()) == received.count(b'"claimRecorded":') // 3 == count


@pytest.mark.parametrize(("follow", "count"), WAYS)
async def test_who_falls_too_far_behind_hears_why_and_holds_up_nobody(
    site: Site, viewer: Viewer, monkeypatch: pytest.MonkeyPatch, follow: Follow, count: int
) -> None:
    monkeypatch.setattr(subscribers, "MAX_QUEUED", 3)
    query = spell_events(5)
    async with connected(site.port) as slow, witnessing(site, query) as witness:
        await follow(site, slow, query, count)
        await until(lambda: site.engine.use().subscriptions == count + 1)
        await make_claim(site.database, viewer, statement=LONG)
        await until_it_waits(site)
        for _ in range(5):
            await make_claim(site.database, viewer)
            await witness.hear()
        received = await slow.read_until(b"SUBSCRIBER_TOO_SLOW", times=count)
        assert received.count(b'"claimRecorded":') <= count
        await until(lambda: site.engine.use().subscriptions == 1)


@pytest.mark.parametrize(("follow", "count"), WAYS)
async def test_who_goes_away_meanwhile_leaves_nothing(
    site: Site, viewer: Viewer, follow: Follow, count: int
) -> None:
    async with connected(site.port) as slow:
        await follow(site, slow, spell_events(20), count)
        await until(lambda: site.engine.use().subscriptions == count)
        for _ in range(3):
            await make_claim(site.database, viewer, statement=LONG)
        await until_it_waits(site)
        slow.writer.transport.abort()
    await until(lambda: site.engine.use().subscriptions == 0)
    await until(lambda: not site.server.server_state.connections)
