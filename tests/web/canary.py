"""What an outsider can get of protected agents over the wire: `python -m tests.web.canary --queries 500`.

The canary is planted, and the queries are thought of, as in tests.api.canary. Here each is asked of a running
server in every way that it takes, and all that comes back is searched: status lines and headers, bodies, the
frames of sockets, the events of streams. So are its pages, its figures, what it refuses with, what
subscribers hear of claims of protected agents, and what the server writes to its log. At last all that the
canary stood in is changed in the tables themselves: each answer has to be the same, byte for byte, ETags and
304 included.

Exit status: 0 if nothing was found, 1 if something was.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
import logging
import re
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import asyncpg

from app.api.execution import Engine
from app.cli.logs import JsonLines
from app.database.changes import CHANNEL, Watcher
from app.permissions import Viewer
from app.settings import Settings
from app.web import create_app
from app.web.server import bind, make_server
from app.web.workbench import PAGES
from tests.api.canary import (
    CHANGE_ALL,
    EDITOR,
    OUTSIDERS,
    PROTECTED,
    Asked,
    Aviary,
    open_aviary,
    perform_search,
    sings,
)
from tests.api.schemas import SCHEMA
from tests.compiler.records import id_of, key_of
from tests.factories import make_claim, make_question
from tests.web.frames import handshake, text
from tests.web.raw import exchange

SETTINGS = Settings(database_url=None, metrics="on", batch_limit=10, read_connections=1)
HEARD = """subscription {
  claimRecorded {
    id statement attribution { agents { name aliases description } } corroboration { explanation }
  }
}"""
CHANGED = """subscription {
  corroborationChanged { id claim { attribution { agents { name } } corroboration { explanation } } }
}"""
AMEND = b'{"query": "mutation { amendAgent(input: {id: \\"%b\\", expectedVersion: 1}) { __typename } }"}'
# What differs from one answer to the next.
CHANCE = re.compile(rb"\r\n(date|x-request-id): [^\r]*", re.IGNORECASE)

Way = Callable[[int, Asked], Awaitable[bytes]]


def spell(asked: Asked, **more: Any) -> bytes:
    query, variables, name = asked
    return json.dumps({"query": query, "variables": variables, "operationName": name, **more}).encode()


async def post(port: int, body: bytes, accept: str = "application/json") -> bytes:
    head = (
        f"POST /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\naccept: {accept}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return await exchange(port, head.encode() + body)


async def get(port: int, path: str, *headers: str, method: str = "GET") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "host: localhost", "connection: close", *headers, "", ""]
    return await exchange(port, "\r\n".join(lines).encode())


def locate(asked: Asked, **more: str) -> str:
    query, variables, name = asked
    fields = {"query": query, "variables": json.dumps(variables), "operationName": name or "", **more}
    return f"/graphql?{urlencode(fields)}"


def persisted(query: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(query.encode()).hexdigest()}}


async def by_post(port: int, asked: Asked) -> bytes:
    return await post(port, spell(asked))


async def by_post_of_graphql(port: int, asked: Asked) -> bytes:
    return await post(port, spell(asked), "application/graphql-response+json")


async def by_get(port: int, asked: Asked) -> bytes:
    return await get(port, locate(asked))


async def by_get_of_what_is_known(port: int, asked: Asked) -> bytes:
    """Asked a second time with the ETag of the first."""
    first = await get(port, locate(asked))
    tag = re.search(rb"\r\netag: ([^\r]+)", first, re.IGNORECASE)
    return await get(port, locate(asked), f"if-none-match: {tag[1].decode() if tag else '*'}")


async def by_hash(port: int, asked: Asked) -> bytes:
    """Registered by a POST, then asked for by GET with the hash alone."""
    extensions = persisted(asked[0])
    first = await post(port, spell(asked, extensions=extensions))
    fields = {
        "variables": json.dumps(asked[1]),
        "operationName": asked[2] or "",
        "extensions": json.dumps(extensions),
    }
    return first + await get(port, f"/graphql?{urlencode(fields)}")


async def by_id(port: int, asked: Asked) -> bytes:
    """A document that is not known, by its id."""
    sha256 = hashlib.sha256(asked[0].encode()).hexdigest()
    fields = {"documentId": f"sha256:{sha256}", "variables": asked[1], "operationName": asked[2]}
    return await post(port, json.dumps(fields).encode())


async def by_batch(port: int, asked: Asked) -> bytes:
    return await post(port, b"[" + spell(asked) + b', {"query": "{ __typename }"}]')


async def by_stream(port: int, asked: Asked) -> bytes:
    return await post(port, spell(asked), "text/event-stream")


async def by_socket(port: int, asked: Asked) -> bytes:
    async with aclosing(listen(port, asked)) as parts:
        received = b""
        async for part in parts:
            received += part
            if b'"type": "complete"' in received or b'"type": "error"' in received:
                break
    return received


TAGGED = "GET with an ETag"
WAYS: Mapping[str, Way] = {
    "POST": by_post,
    "POST of GraphQL": by_post_of_graphql,
    "GET": by_get,
    TAGGED: by_get_of_what_is_known,
    "a hash": by_hash,
    "an id": by_id,
    "a batch": by_batch,
    "a stream": by_stream,
    "a socket": by_socket,
}


async def listen(port: int, asked: Asked) -> AsyncGenerator[bytes, None]:
    """All that comes on a socket, from its handshake on."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(handshake())
        yield await reader.readuntil(b"\r\n\r\n")
        message = f'{{"id": "1", "type": "subscribe", "payload": {spell(asked).decode()}}}'
        writer.write(text('{"type": "connection_init"}') + text(message))
        while part := await reader.read(65_536):
            yield part
    finally:
        writer.transport.abort()


async def read_pages(port: int) -> dict[str, bytes]:
    """What a server answers besides GraphQL, and what it refuses with."""
    agent = id_of("agent_dod")
    paths = ["/", "/livez", "/readyz", "/metrics", "/graphiql", "/sign-in", "/nothing", "/assets/nothing.js"]
    paths += [f"/{page}{rest}" for page in PAGES for rest in ("", f"/{agent}", "/nothing")]
    pages = {path: await get(port, path, "accept: text/html, */*") for path in paths}
    pages["/graphql in a browser"] = await get(port, "/graphql", "accept: text/html")
    for method in ("PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"):
        pages[f"{method} /graphql"] = await get(port, "/graphql", method=method)
    for name, body in {
        "no JSON": b"{",
        "no query": b"{}",
        "no syntax": b'{"query": "{"}',
        "a field that does not exist": b'{"query": "{ agents { edges { node { nam } } } }"}',
        "an id that is none": b'{"query": "{ agent(id: \\"x\\") { name } }"}',
        "a cursor that is none": b'{"query": "{ agents(after: \\"x\\") { totalCount } }"}',
        "a mutation": AMEND % agent.encode(),
        "the past": b'{"query": "{ claims(asOf: \\"2020-01-01T00:00:00Z\\") { totalCount } }"}',
    }.items():
        pages[name] = await post(port, body)
    pages["another name"] = await exchange(
        port, b"GET /graphql HTTP/1.1\r\nhost: other.example\r\nconnection: close\r\n\r\n"
    )
    pages["no HTTP"] = await exchange(port, b"\0\r\n\r\n", seconds=5)
    return pages


async def hear(port: int, aviary: Aviary, awaited: bytes = b"Voice ") -> dict[str, bytes]:
    """What subscribers hear, by both transports, of claims that protected agents make and contradict: until
    each has heard what is awaited."""
    heard: dict[str, bytes] = {}
    asked: list[tuple[str, Asked]] = [("recorded", (HEARD, {}, None)), ("changed", (CHANGED, {}, None))]

    async def by_socket_until(name: str, asked: Asked) -> None:
        async with aclosing(listen(port, asked)) as parts:
            async for part in parts:
                heard[f"{name}, socket"] = heard.get(f"{name}, socket", b"") + part

    async def by_stream_until(name: str, asked: Asked) -> None:
        body = spell(asked)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n"
            b"content-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
        )
        try:
            while part := await reader.read(65_536):
                heard[f"{name}, stream"] = heard.get(f"{name}, stream", b"") + part
        finally:
            writer.transport.abort()

    tasks = [
        asyncio.create_task(listening(*each))
        for each in asked
        for listening in (by_socket_until, by_stream_until)
    ]
    try:
        async with asyncio.timeout(60):
            question = await make_question(aviary.database, EDITOR)
            number = 0
            # Nobody says when a subscription has begun: claims are recorded until each has heard of some.
            while len(heard) < len(tasks) or not all(awaited in each for each in heard.values()):
                agent = key_of("agent", PROTECTED[number % len(PROTECTED)])
                number += 1
                quantity = str(3 + number % 2)
                await make_claim(
                    aviary.database, EDITOR, question=question, quantity=quantity, said_by=[agent]
                )
                await asyncio.sleep(0.05)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return heard


@dataclass
class Awaited(Watcher):
    """Sets `heard` when the notice of a transaction has come."""

    transaction: int = 0
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    def changed(self, transaction: int) -> None:
        if transaction == self.transaction:
            self.heard.set()

    def hidden(self) -> None:
        """It changes what is told, as each notice does."""

    def lost(self) -> None:
        """The next answers have no tags: they will be told apart, and the run is to be repeated."""

    def regained(self) -> None:
        """As with `lost`."""


async def settle(aviary: Aviary) -> None:
    """Wait until the server has heard of all that was committed: until then tags grow old by themselves."""
    awaited = Awaited()
    forget = aviary.database.changes.watch(awaited)
    connection = await asyncpg.connect(aviary.dsn)
    try:
        async with connection.transaction():
            awaited.transaction = await connection.fetchval("SELECT pg_current_xact_id()::text::bigint")
            await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, str(awaited.transaction))
        async with asyncio.timeout(60):
            await awaited.heard.wait()
    finally:
        await connection.close()
        forget()


@asynccontextmanager
async def serve(aviary: Aviary, viewer: Viewer) -> AsyncIterator[int]:
    """The port of a server that takes everybody for this viewer."""

    async def provide(_scope: object) -> Viewer:
        return viewer

    ready = asyncio.Event()
    engine = Engine(SCHEMA, aviary.database)
    server = make_server(create_app(engine, aviary.database, provide, SETTINGS), ready.set, SETTINGS)
    with bind("127.0.0.1", 0) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await ready.wait()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            await serving


class Kept(logging.Handler):
    """The log as it is written."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[bytes] = []
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record).encode())


@contextmanager
def keeping_logs() -> Iterator[Kept]:
    kept = Kept()
    root = logging.getLogger()
    before = root.level
    root.addHandler(kept)
    root.setLevel(logging.INFO)
    try:
        yield kept
    finally:
        root.removeHandler(kept)
        root.setLevel(before)


async def ask_everything(port: int, asked: list[Asked], ways: int = len(WAYS)) -> dict[str, bytes]:
    """All that comes back, by what was asked and how. `ways`: in how many each is asked, in turns."""
    answers = {}
    turns = itertools.cycle(WAYS.items())
    for number, each in enumerate(asked):
        for name, way in itertools.islice(turns, ways):
            answers[f"{name}: {number} {each[2]}"] = await way(port, each)
    return answers


async def look(aviary: Aviary, ways: int = len(WAYS)) -> tuple[list[str], int]:
    """(where the canary sings, or decides; how many answers were searched)."""
    found: list[str] = []
    searched = 0
    with keeping_logs() as kept:
        for viewer in OUTSIDERS:
            async with serve(aviary, viewer) as port:
                answers = await read_pages(port) | await hear(port, aviary)
                await settle(aviary)
                before = await ask_everything(port, aviary.asked, ways)
                answers |= before
                found += [f"shown by {name}" for name, answer in answers.items() if sings(answer)]
                searched += len(answers)
                if viewer is OUTSIDERS[-1]:
                    connection = await asyncpg.connect(aviary.dsn)
                    await connection.execute(CHANGE_ALL)
                    await connection.close()
                    after = await ask_everything(port, aviary.asked, ways)
                    searched += len(after)
                    found += [f"decides on {name}" for name in before if _is_other(before[name], after[name])]
        found += [f"logged: {line.decode()}" for line in kept.lines if sings(line)]
    return found, searched


def _is_other(one: bytes, other: bytes) -> bool:
    return CHANCE.sub(b"", one) != CHANCE.sub(b"", other)


async def run(dsn: str, queries: int) -> list[str]:
    async with open_aviary(dsn, queries) as aviary:
        found, searched = await look(aviary)
    sys.stdout.write(
        f"{len(aviary.asked)} queries in {len(WAYS)} ways, pages and subscriptions: {searched} answers"
        f" searched, {len(found)} faults\n"
    )
    return found


def main(arguments: list[str] | None = None) -> int:
    return perform_search("tests.web.canary", __doc__ or "", run, arguments)


if __name__ == "__main__":
    sys.exit(main())
