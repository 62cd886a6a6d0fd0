"""A real uvicorn, in this process, on a free port; real Postgres behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx
import pytest
import uvicorn.server

from app.api.context import do_nothing
from app.api.execution import Engine
from app.auth import Authenticator, ViewerProvider
from app.database import Database
from app.database.connections import ReadConnection
from app.permissions import Viewer
from app.settings import Settings
from app.web import create_app
from app.web.asgi import Receive, Scope, Send
from app.web.endpoint import GraphQLEndpoint
from app.web.server import Server, bind, find_url, make_server
from app.web.workbench import Workbench
from tests.api.schemas import SCHEMA
from tests.conftest import NewDatabase

MAX_BODY_BYTES = 50_000


@dataclass(frozen=True, slots=True)
class Site:
    """Where the application listens, and the database behind it."""

    url: str
    port: int
    database: Database
    server: Server
    engine: Engine


@dataclass(frozen=True, slots=True)
class Known:
    """A provider that takes everybody for one viewer, and needs no look for that: reads go the direct way."""

    viewer: Viewer

    async def __call__(self, _scope: object) -> Viewer:
        return self.viewer

    def recollect(self, _scope: object) -> Callable[[], Viewer]:
        return lambda: self.viewer


Serve = Callable[..., AbstractAsyncContextManager[Site]]


class Hurried:
    """asyncio for uvicorn, which looks ten times a second whether it is to end: here a hundred times."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / 10)


@pytest.fixture(scope="session")
def serve(viewer: Viewer) -> Iterator[Serve]:
    """`async with serve(database, settings) as site`; with a Workbench as well, that one is served.

    On behalf of the local researcher, unless a provider of viewers is given.
    """

    provide = Known(viewer)

    @asynccontextmanager
    async def serving(
        database: Database,
        settings: Settings,
        workbench: Workbench | None = None,
        provider: ViewerProvider = provide,
    ) -> AsyncIterator[Site]:
        changed = provider.forget if isinstance(provider, Authenticator) else do_nothing
        engine = Engine(
            SCHEMA,
            database,
            introspection=settings.introspection,
            subscribers=settings.subscribers,
            accounts_changed=changed,
        )
        ready = asyncio.Event()
        server = make_server(create_app(engine, database, provider, settings, workbench), ready.set, settings)
        with bind("127.0.0.1", 0) as listener:
            task = asyncio.create_task(server.serve(sockets=[listener]))
            await asyncio.wait_for(ready.wait(), 20)
            yield Site(find_url(listener), listener.getsockname()[1], database, server, engine)
            server.should_exit = True
            await task

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uvicorn.server, "asyncio", Hurried())
        yield serving


@pytest.fixture(scope="session")
async def site(serve: Serve, clone: NewDatabase) -> AsyncIterator[Site]:
    """One application for all tests that change nothing in its database."""
    settings = Settings(database_url=None, max_body_bytes=MAX_BODY_BYTES)
    async with clone() as dsn:
        database = await Database.open(dsn, settings)
        async with serve(database, settings) as site:
            yield site
        await database.close()


@pytest.fixture(scope="session")
async def client(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """httpx without the headers that it would add by itself."""
    async with httpx.AsyncClient(base_url=site.url, timeout=20) as client:
        del client.headers["accept"]
        del client.headers["accept-encoding"]
        yield client


@dataclass
class Ways:
    """Which requests went the long way, by their ids."""

    long: list[bytes] = field(default_factory=list)


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> Ways:
    ways = Ways()
    call = GraphQLEndpoint.__call__

    async def heard(self: GraphQLEndpoint, scope: Scope, receive: Receive, send: Send) -> None:
        ways.long.append(dict(scope["headers"]).get(b"x-request-id", b""))
        await call(self, scope, receive, send)

    monkeypatch.setattr(GraphQLEndpoint, "__call__", heard)
    return ways


@dataclass
class Held:
    """Reads stop until they are released."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    given_up: bool = False


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    held = Held()
    fetch = ReadConnection.fetch

    async def wait(self: ReadConnection, sql: str, given: Sequence[object]) -> list[asyncpg.Record]:
        held.begun.set()
        try:
            await held.released.wait()
        except asyncio.CancelledError:
            held.given_up = True
            raise
        return await fetch(self, sql, given)

    monkeypatch.setattr(ReadConnection, "fetch", wait)
    yield held
    held.released.set()
