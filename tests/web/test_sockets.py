"""graphql-transport-ws, message by message, against a real server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import asyncpg
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from app.api.execution import Engine
from app.api.feeds import subscribers
from app.database import Database
from app.errors import NotPermitted
from app.permissions import Viewer
from app.settings import Settings
from app.web import create_app, sockets
from app.web import server as server_module
from app.web.server import bind, make_server
from tests.api.schemas import SCHEMA
from tests.factories import make_claim
from tests.waiting import until
from tests.web.conftest import MAX_BODY_BYTES, Serve, Site
from tests.web.frames import PING, PONG, frame, handshake, read_close, read_frames, text
from tests.web.raw import exchange, read_status

ME = "query Me { viewer { name } }"
SLOW = "query Slow { claims { totalCount } }"
PROTOCOL = Subprotocol("graphql-transport-ws")
END = b"\r\n\r\n"


class Talk:
    """A client's end of a socket: messages as objects."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def say(self, *messages: dict[str, Any]) -> None:
        for message in messages:
            await self.socket.send(json.dumps(message))

    async def hear(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(await asyncio.wait_for(self.socket.recv(), 20))
        return message

    async def begin(self, payload: dict[str, Any] | None = None) -> None:
        await self.say({"type": "connection_init"} | ({"payload": payload} if payload is not None else {}))
        assert await self.hear() == {"type": "connection_ack"}

    async def closed(self) -> tuple[int, str]:
        """The code and the reason that the server closes with."""
        try:
            while True:
                await asyncio.wait_for(self.socket.recv(), 20)
        except ConnectionClosed:
            return self.socket.close_code or 0, self.socket.close_reason or ""


def subscribe(id: str, query: str, **payload: Any) -> dict[str, Any]:
    return {"id": id, "type": "subscribe", "payload": {"query": query, **payload}}


@asynccontextmanager
async def talking(port: int, **options: Any) -> AsyncIterator[Talk]:
    given = {"subprotocols": [PROTOCOL], "proxy": None, "max_queue": None} | options
    async with connect(f"ws://127.0.0.1:{port}/graphql", **given) as socket:
        yield Talk(socket)


@pytest.fixture
async def talk(site: Site) -> AsyncIterator[Talk]:
    async with talking(site.port) as talk:
        yield talk


async def test_a_query_is_answered(talk: Talk) -> None:
    assert talk.socket.subprotocol == "graphql-transport-ws"
    await talk.begin()
    await talk.say(subscribe("one", ME, operationName="Me"))
    assert await talk.hear() == {
        "id": "one",
        "type": "next",
        "payload": {"data": {"viewer": {"name": "local"}}},
    }
    assert await talk.hear() == {"id": "one", "type": "complete"}
    await talk.say(subscribe("one", "query($id: ID!) { node(id: $id) { id } }", variables={"id": "x"}))
    assert (await talk.hear())["payload"] == {"data": {"node": None}}


async def test_a_mutation_is_run(serve: Serve, committed_database: Database, settings: Settings) -> None:
    mutation = """mutation { recordAgent(input: {kind: PERSON, name: "Brett McGurk"}) {
      ... on AgentPayload { agent { name } } } }"""
    async with serve(committed_database, settings) as site, talking(site.port) as talk:
        await talk.begin()
        await talk.say(subscribe("m", mutation))
        assert (await talk.hear())["payload"]["data"] == {"recordAgent": {"agent": {"name": "Brett McGurk"}}}
        assert (await talk.hear())["type"] == "complete"


async def test_several_operations_run_at_once(talk: Talk) -> None:
    await talk.begin()
    await talk.say(*(subscribe(str(number), ME) for number in range(50)))
    heard = [await talk.hear() for _ in range(100)]
    for kind in ("next", "complete"):
        assert sorted(int(m["id"]) for m in heard if m["type"] == kind) == list(range(50))


@pytest.mark.parametrize(
    "payload",
    [
        {"query": "{"},
        {"query": "{ nothing }"},
        {"query": "query($id: ID!) { node(id: $id) { id } }"},
        {"query": "{ claims(first: 101) { totalCount } }"},
        {},
        {"query": 1},
        {"documentId": "unknown"},
        {"query": "{a" * 3_000 + "}" * 3_000},
    ],
)
async def test_what_is_refused_is_an_error_of_its_operation_alone(
    talk: Talk, payload: dict[str, Any]
) -> None:
    await talk.begin()
    await talk.say({"id": "bad", "type": "subscribe", "payload": payload}, subscribe("good", ME))
    heard = {message["id"]: message for message in (await talk.hear(), await talk.hear(), await talk.hear())}
    assert heard["bad"]["type"] == "error"
    assert heard["bad"]["payload"][0]["message"]
    assert heard["good"]["type"] == "complete"


async def test_pings_are_answered(talk: Talk) -> None:
    await talk.say({"type": "ping"}, {"type": "ping", "payload": {"at": 1}}, {"type": "pong"})
    assert await talk.hear() == {"type": "pong"}
    assert await talk.hear() == {"type": "pong", "payload": {"at": 1}}
    await talk.begin()


async def test_who_answers_no_ping_is_let_go(
    serve: Serve, committed_database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "PING_SECONDS", 0.05)
    async with serve(committed_database, settings) as site:
        received = await exchange(site.port, handshake() + text('{"type": "connection_init"}'))
    assert (PING, 4) in [(kind, len(payload)) for kind, payload in read_frames(received.partition(END)[2])]
    assert read_close(received) == (1011, "keepalive ping timeout")


BEGIN = {"type": "connection_init"}


@pytest.mark.parametrize(
    ("said", "code", "reason"),
    [
        ([subscribe("1", ME)], 4401, "Unauthorized"),
        ([BEGIN, BEGIN], 4429, "Too many initialisation requests"),
        ([BEGIN, subscribe("1", SLOW), subscribe("1", ME)], 4409, "Subscriber for 1 already exists"),
        (["{"], 4400, "not JSON"),
        (["[]"], 4400, "an object with a type"),
        ([b"{}"], 4400, "must be text"),
        ([{"type": "other"}], 4400, "no message of the type other"),
        ([{"type": 1}], 4400, "an object with a type"),
        ([{"type": "connection_init", "payload": 1}], 4400, "must be an object"),
        ([BEGIN, {"type": "subscribe", "payload": {"query": ME}}], 4400, "needs an id"),
        ([BEGIN, {"type": "subscribe", "id": "", "payload": {"query": ME}}], 4400, "needs an id"),
        ([BEGIN, {"type": "subscribe", "id": "1"}], 4400, "must be an object"),
        ([BEGIN, {"type": "complete"}], 4400, "needs an id"),
        (["[" * 20_000], 4400, "nested too deeply"),
        (["x" * (MAX_BODY_BYTES + 1)], 1009, ""),
    ],
    ids=range(15),
)
async def test_what_breaks_the_protocol_closes_the_socket(
    site: Site, said: list[Any], code: int, reason: str
) -> None:
    async with talking(site.port) as talk:
        for message in said:
            await talk.socket.send(message if isinstance(message, str | bytes) else json.dumps(message))
        closed = await talk.closed()
    assert closed[0] == code
    assert reason in closed[1]


async def test_a_socket_that_says_nothing_is_closed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "INIT_SECONDS", 0.05)
    async with talking(site.port) as talk:
        assert await talk.closed() == (4408, "Connection initialisation timeout")


class Limits:
    """asyncio for the sockets: what it limits is looked at."""

    def __init__(self) -> None:
        self.made: list[asyncio.Timeout] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    def timeout(self, seconds: float) -> asyncio.Timeout:
        self.made.append(asyncio.timeout(seconds))
        return self.made[-1]


async def test_a_socket_that_began_may_say_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Limits()
    monkeypatch.setattr(sockets, "asyncio", limits)
    async with talking(site.port) as talk:
        await talk.begin()
        await until(lambda: limits.made[0].when() is None)
        await talk.say(subscribe("1", ME))
        assert (await talk.hear())["type"] == "next"


async def test_another_protocol_is_told_which_is_spoken(site: Site) -> None:
    for protocols in ([Subprotocol("graphql-ws")], None):
        async with talking(site.port, subprotocols=protocols) as talk:
            assert await talk.closed() == (4406, "Speak graphql-transport-ws")


async def test_a_socket_is_opened_where_all_is_answered(site: Site) -> None:
    asked = b"GET /livez HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    async with asyncio.timeout(20):
        for sent, status in ((asked, 200), (handshake(), 101)):
            writer.write(sent)
            head = await reader.readuntil(b"\r\n\r\n")
            assert read_status(head) == status
            if status == 200:
                [length] = [line for line in head.split(b"\r\n") if line.startswith(b"content-length: ")]
                await reader.readexactly(int(length.split()[1]))
        writer.write(frame(PING, b"there?"))
        assert read_frames(await reader.readexactly(8)) == [(PONG, b"there?")]
    writer.close()


async def test_operations_under_way_are_bounded(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "MAX_OPERATIONS", 0)
    async with talking(site.port) as talk:
        await talk.begin()
        await talk.say(subscribe("1", ME))
        error = await talk.hear()
        assert error["type"] == "error"
        assert "0 operations" in error["payload"][0]["message"]


async def test_other_origins_and_names_do_not_open_a_socket(site: Site) -> None:
    for origin in ("https://evil.example", "null"):
        with pytest.raises(InvalidStatus) as refused:
            async with talking(site.port, origin=origin):
                pass
        assert refused.value.response.status_code == 403
    opening = (
        b"GET /graphql HTTP/1.1\r\nHost: evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    assert read_status(await exchange(site.port, opening)) == 403
    async with talking(site.port, origin=f"http://127.0.0.1:{site.port}") as talk:
        await talk.begin()


async def test_other_paths_have_no_socket(site: Site) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with connect(f"ws://127.0.0.1:{site.port}/other", proxy=None):
            pass
    assert refused.value.response.status_code in (403, 404)


Provide = Callable[[Any], AbstractAsyncContextManager[int]]


@pytest.fixture
def provided(committed_database: Database, settings: Settings) -> Provide:
    """`async with provided(viewer) as port`: a server with a viewer provider of the test's own."""

    @asynccontextmanager
    async def serving(provide: Any) -> AsyncIterator[int]:
        engine = Engine(SCHEMA, committed_database)
        ready = asyncio.Event()
        server = make_server(create_app(engine, committed_database, provide, settings), ready.set)
        with bind("127.0.0.1", 0) as listener:
            task = asyncio.create_task(server.serve(sockets=[listener]))
            await asyncio.wait_for(ready.wait(), 20)
            yield listener.getsockname()[1]
            server.should_exit = True
            await task

    return serving


async def test_who_asks_is_told_by_the_connection_params(provided: Provide, viewer: Viewer) -> None:
    async def provide(scope: Any) -> Viewer:
        if scope["connection_params"] != {"authorization": "Bearer right"}:
            raise NotPermitted("Who are you?")
        return viewer

    async with provided(provide) as port:
        async with talking(port) as talk:
            await talk.begin({"authorization": "Bearer right"})
            await talk.say(subscribe("1", ME))
            assert (await talk.hear())["payload"]["data"] == {"viewer": {"name": "local"}}
        for payload in ({"authorization": "Bearer wrong"}, None):
            async with talking(port) as talk:
                await talk.say({"type": "connection_init"} | ({"payload": payload} if payload else {}))
                assert await talk.closed() == (4403, "Forbidden: Who are you?")


MUTATION = """mutation { recordAgent(input: {kind: PERSON, name: "Brett McGurk"}) {
  ... on AgentPayload { agent { name } } } }"""
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'agent'::regclass"
FOUND = '{ agents(filter: {text: "McGurk"}) { totalCount } }'


async def test_a_mutation_is_ended_though_its_client_is_gone(
    serve: Serve, committed_database: Database, settings: Settings, dsn: str
) -> None:
    async with serve(committed_database, settings) as site:
        holder = await asyncpg.connect(dsn)
        held = holder.transaction()
        await held.start()
        await holder.execute("LOCK TABLE agent IN EXCLUSIVE MODE")
        async with talking(site.port) as talk:
            await talk.begin()
            await talk.say(subscribe("m", MUTATION))
            await until(lambda: holder.fetchval(WAITING))
            await talk.say({"id": "m", "type": "complete"}, {"type": "ping"})
            assert await talk.hear() == {"type": "pong"}
        await held.rollback()
        await holder.close()
    # The server has ended, and with it all that was under way.
    async with serve(committed_database, settings) as site, talking(site.port) as talk:
        await talk.begin()
        await talk.say(subscribe("q", FOUND))
        assert (await talk.hear())["payload"]["data"] == {"agents": {"totalCount": 1}}


async def test_an_operation_that_is_completed_says_no_more(site: Site) -> None:
    async with talking(site.port) as talk:
        await talk.begin()
        await talk.say(subscribe("a", SLOW), {"id": "a", "type": "complete"}, subscribe("b", ME))
        heard = [await talk.hear() for _ in range(2)]
        assert {message["id"] for message in heard} <= {"a", "b"}
        await talk.say({"type": "ping"})
        rest = [await talk.hear()]
        while rest[-1] != {"type": "pong"}:
            rest.append(await talk.hear())
        assert [m["type"] for m in heard + rest if m.get("id") == "b"] == ["next", "complete"]


SUBSCRIPTION = "subscription S($after: String) { claimRecorded(after: $after) { statement } }"


async def test_events_come_until_the_client_has_enough(
    serve: Serve, committed_database: Database, settings: Settings, viewer: Viewer
) -> None:
    async with serve(committed_database, settings) as site, talking(site.port) as talk:
        await talk.begin()
        await talk.say(subscribe("s", SUBSCRIPTION), subscribe("t", SUBSCRIPTION), subscribe("q", ME))
        assert {(await talk.hear())["type"], (await talk.hear())["type"]} == {"next", "complete"}
        await make_claim(committed_database, viewer, statement="first")
        heard = [await talk.hear(), await talk.hear()]
        assert sorted(message["id"] for message in heard) == ["s", "t"]
        assert {message["payload"]["data"]["claimRecorded"]["statement"] for message in heard} == {"first"}
        cursor = heard[0]["payload"]["extensions"]["cursor"]
        await talk.say({"id": "s", "type": "complete"})
        await make_claim(committed_database, viewer, statement="second")
        assert (await talk.hear())["id"] == "t"
        await talk.say(subscribe("s", SUBSCRIPTION, variables={"after": cursor}))
        again = await talk.hear()
        assert again["id"] == "s"
        assert again["payload"]["data"]["claimRecorded"]["statement"] == "second"
        await talk.say(subscribe("bad", SUBSCRIPTION, variables={"after": "x"}))
        assert (await talk.hear())["type"] == "error"


async def test_who_asks_for_it_is_told_that_a_subscription_stands(
    serve: Serve, committed_database: Database, viewer: Viewer, settings: Settings
) -> None:
    """What is recorded after that is told; what was before can be read."""
    async with serve(committed_database, settings) as site, talking(site.port) as talk:
        await talk.begin({"acknowledge": True})
        for number in range(3):
            id = str(number)
            await talk.say(subscribe(id, SUBSCRIPTION))
            assert await talk.hear() == {"type": "pong", "payload": {"subscribed": id}}
            await make_claim(committed_database, viewer)
            told = [await talk.hear() for _ in range(number + 1)]
            assert {message["id"] for message in told} == {str(at) for at in range(number + 1)}
        await talk.say(subscribe("refused", "subscription { nothing }"), subscribe("query", ME))
        assert {(await talk.hear())["type"] for _ in range(3)} == {"error", "next", "complete"}


async def test_a_slow_reader_is_told_why_its_subscription_ended(
    serve: Serve,
    committed_database: Database,
    settings: Settings,
    viewer: Viewer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(subscribers, "MAX_QUEUED", 0)
    async with serve(committed_database, settings) as site, talking(site.port) as talk:
        await talk.begin()
        await talk.say(subscribe("s", SUBSCRIPTION), {"type": "ping"})
        assert await talk.hear() == {"type": "pong"}
        await talk.say(subscribe("q", ME))
        assert [(await talk.hear())["id"] for _ in range(2)] == ["q", "q"]
        await make_claim(committed_database, viewer)
        error = await talk.hear()
        assert (error["id"], error["type"]) == ("s", "error")
        assert error["payload"][0]["extensions"]["code"] == "SUBSCRIBER_TOO_SLOW"


async def test_a_server_that_ends_says_that_it_comes_again(
    serve: Serve, committed_database: Database, settings: Settings
) -> None:
    async with serve(committed_database, settings) as site, talking(site.port) as talk:
        await talk.begin()
        await talk.say(subscribe("s", SUBSCRIPTION))
        closing = asyncio.ensure_future(talk.closed())
        site.server.should_exit = True
        assert (await closing)[0] == 1012
