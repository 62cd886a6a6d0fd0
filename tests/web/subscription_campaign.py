"""Many subscribers over both transports while many write: each is told of exactly its own, once, in order.

    uv run python -m tests.web.subscription_campaign --subscribers 500 --changes 1000

Writers record claims at once, some of which change the corroboration of others. Subscribers have filters;
some go away in the middle and go on from their last cursor; some never read. Who is told that the events took
too long to read, as on a machine that is busy, goes on from there as well. What each has heard is compared
with what the tables say in the order of transactions.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from app.api.execution import Engine
from app.api.feeds import LOGS
from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import Role
from app.errors import QueryTimeout
from app.permissions import NOBODY, Viewer
from app.postgres import start_cluster
from app.services.researchers import ensure_researcher
from app.services.schema import migrate
from app.settings import Settings
from app.web import create_app
from app.web.server import bind, make_server
from tests.api.schemas import SCHEMA
from tests.factories import make_claim, make_question, make_source

RECORDED = """subscription($filter: ClaimFilter, $after: String) {
  claimRecorded(filter: $filter, after: $after) { id }
}"""
CHANGED = """subscription($filter: ClaimFilter, $after: String) {
  corroborationChanged(filter: $filter, after: $after) { id }
}"""
TOLD_OF_SOURCE = """SELECT 'claim_' || c.id FROM revision r JOIN claim c ON c.id = r.row_id
  WHERE r.table_name = 'claim' AND r.operation = 'INSERT' AND c.source = $1
  ORDER BY r.transaction::xid8, (SELECT min(s.id) FROM status_change s WHERE s.claim = c.id)"""
TOLD_OF_QUESTION = """SELECT 'change_' || s.id FROM status_change s JOIN claim c ON c.id = s.claim
  WHERE c.question = $1 ORDER BY s.transaction::xid8, s.id"""
WRITERS = 8
SECONDS = 300.0
QUERY_TIMEOUT = QueryTimeout.code
# How long to listen on for what should not come.
QUIET_SECONDS = 0.5


@dataclass
class Subscriber:
    """What one asks for, what it has heard, and after how many it goes away once."""

    query: str
    variables: dict[str, Any]
    key: UUID
    by_socket: bool
    leaves_after: int | None
    heard: list[str] = field(default_factory=list)
    sent_away: int = 0
    stirred: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, payload: dict[str, Any]) -> bool:
        """Note an event. Whether it is now time to go away, and come again."""
        if "data" not in payload:
            codes = {problem["extensions"]["code"] for problem in payload["errors"]}
            assert codes == {QUERY_TIMEOUT}, payload
            self.sent_away += 1
            return True
        [value] = payload["data"].values()
        self.heard.append(value["id"])
        self.variables["after"] = payload["extensions"]["cursor"]
        self.stirred.set()
        if self.leaves_after == len(self.heard):
            self.leaves_after = None
            return True
        return False

    async def listen(self, port: int) -> None:
        try:
            while True:
                await (self._by_socket(port) if self.by_socket else self._by_stream(port))
        finally:
            self.stirred.set()

    async def _by_socket(self, port: int) -> None:
        protocol = Subprotocol("graphql-transport-ws")
        # Client and server share a loop: nobody is given up for slow.
        patient: dict[str, Any] = {"open_timeout": None, "ping_interval": None, "proxy": None}
        async with connect(f"ws://127.0.0.1:{port}/graphql", subprotocols=[protocol], **patient) as socket:
            await socket.send('{"type": "connection_init"}')
            asked = {"query": self.query, "variables": self.variables}
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": asked}))
            async for text in socket:
                message = json.loads(text)
                assert message["type"] in ("connection_ack", "next", "error"), message
                if message["type"] == "error":
                    message["payload"] = {"errors": message["payload"]}
                if message["type"] != "connection_ack" and self.take(message["payload"]):
                    return

    async def _by_stream(self, port: int) -> None:
        asked = {"query": self.query, "variables": self.variables}
        headers = {"accept": "text/event-stream"}
        async with (
            httpx.AsyncClient(timeout=SECONDS, verify=False) as client,
            client.stream(
                "POST", f"http://127.0.0.1:{port}/graphql", json=asked, headers=headers
            ) as response,
        ):
            async for line in response.aiter_lines():
                if line.startswith("data: {") and self.take(json.loads(line[6:])):
                    return

    async def expect(self, dsn: asyncpg.Connection) -> list[str]:
        told = TOLD_OF_SOURCE if self.query == RECORDED else TOLD_OF_QUESTION
        return [row[0] for row in await dsn.fetch(told, self.key)]


@dataclass
class World:
    """What is written about, and who listens."""

    sources: list[UUID]
    questions: list[UUID]
    subscribers: list[Subscriber]


async def make_world(database: Database, viewer: Viewer, count: int, random: Random) -> World:
    sources = [await make_source(database, viewer) for _ in range(max(2, count // 8))]
    questions = [await make_question(database, viewer) for _ in range(max(2, count // 16))]
    places = {name: log.spell(await log.begin(database)) for name, log in LOGS.items()}
    subscribers = []
    for number in range(count):
        leaves = random.randint(1, 3) if number % 5 == 0 else None
        if number % 3:
            key = random.choice(sources)
            variables = {"filter": {"source": [encode_id(NodeType.SOURCE, key)]}}
            subscriber = Subscriber(RECORDED, variables, key, bool(number % 2), leaves)
            subscriber.variables["after"] = places["claimRecorded"]
        else:
            key = random.choice(questions)
            variables = {"filter": {"question": [encode_id(NodeType.QUESTION, key)]}}
            subscriber = Subscriber(CHANGED, variables, key, bool(number % 2), leaves)
            subscriber.variables["after"] = places["corroborationChanged"]
        subscribers.append(subscriber)
    return World(sources, questions, subscribers)


async def write(database: Database, viewer: Viewer, world: World, changes: int, random: Random) -> None:
    """Record claims, several at a time: their transactions overlap."""
    left = iter(range(changes))

    async def work() -> None:
        for _ in left:
            fields: dict[str, Any] = {"source": random.choice(world.sources)}
            if random.random() < 0.3:
                fields |= {"question": random.choice(world.questions), "quantity": str(random.randint(1, 3))}
            await make_claim(database, viewer, **fields)

    await asyncio.gather(*(work() for _ in range(WRITERS)))


async def run(
    port: int, database: Database, dsn: str, viewer: Viewer, *, subscribers: int, changes: int, seed: int
) -> list[str]:
    """What went wrong: a line for each subscriber who heard anything but its own."""
    random = Random(seed)
    world = await make_world(database, viewer, subscribers, random)
    listening = [asyncio.ensure_future(each.listen(port)) for each in world.subscribers]
    deaf = [await open_and_never_read(port) for _ in range(3)]
    connection = await asyncpg.connect(dsn)
    try:
        # What is not heard by then is among what went wrong.
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS):
                await write(database, viewer, world, changes, random)
                for each in world.subscribers:
                    own = await each.expect(connection)
                    while len(each.heard) < len(own) and not any(task.done() for task in listening):
                        each.stirred.clear()
                        await each.stirred.wait()
        await asyncio.sleep(QUIET_SECONDS)
        expected = [await each.expect(connection) for each in world.subscribers]
        failed = [repr(task.exception()) for task in listening if task.done()]
        return failed + [
            f"subscriber {number} ({'socket' if each.by_socket else 'stream'}): heard {len(each.heard)},"
            f" expected {len(own)}, was sent away {each.sent_away} times"
            for number, (each, own) in enumerate(zip(world.subscribers, expected, strict=True))
            if each.heard != own
        ]
    finally:
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        for writer in deaf:
            writer.close()
        await connection.close()


async def open_and_never_read(port: int) -> asyncio.StreamWriter:
    body = json.dumps({"query": "subscription { claimRecorded { statement quote { exact } } }"}).encode()
    _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
    writer.write(
        b"POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n"
        b"content-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
    )
    await writer.drain()
    return writer


@asynccontextmanager
async def serve(dsn: str) -> AsyncIterator[tuple[int, Database, Viewer]]:
    """A server on a database that is migrated here."""
    settings = Settings(write_connections=WRITERS)
    await migrate(dsn)
    database = await Database.open(dsn, settings)
    viewer = await database.write(NOBODY, lambda session: ensure_researcher(session, "local", Role.ADMIN))

    async def provide(_scope: object) -> Viewer:
        return viewer

    ready = asyncio.Event()
    engine = Engine(SCHEMA, database)
    server = make_server(create_app(engine, database, provide, settings), ready.set)
    with bind("127.0.0.1", 0) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await ready.wait()
        yield listener.getsockname()[1], database, viewer
        server.should_exit = True
        await serving
    await database.close()


async def campaign(dsn: str, subscribers: int, changes: int, seed: int) -> list[str]:
    async with serve(dsn) as (port, database, viewer):
        return await run(port, database, dsn, viewer, subscribers=subscribers, changes=changes, seed=seed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--subscribers", type=int, default=500)
    parser.add_argument("--changes", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    begun = perf_counter()
    with tempfile.TemporaryDirectory(prefix="sayso-campaign-") as folder:
        cluster = start_cluster(Path(folder), durable=False)
        try:
            dsn = cluster.dsn("postgres")
            wrong = asyncio.run(campaign(dsn, arguments.subscribers, arguments.changes, arguments.seed))
        finally:
            cluster.stop()
    for line in wrong:
        sys.stdout.write(f"FAILED  {line}\n")
    sys.stdout.write(
        f"seed {arguments.seed}, {arguments.subscribers} subscribers, {arguments.changes} claims:"
        f" {len(wrong)} heard anything but their own; {perf_counter() - begun:.1f} s,"
        f" {process_time():.1f} s of CPU for server and clients\n"
    )
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
