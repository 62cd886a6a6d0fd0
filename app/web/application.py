"""Where a request goes: /graphql at once, the few other pages by way of Starlette."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic, perf_counter

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from app import tracing
from app.api.execution import Engine
from app.auth import Authenticator, ViewerProvider
from app.database import FAILED, Database
from app.errors import DatabaseOutdated, DatabaseUnavailable, SaysoError
from app.permissions import Operation, permit
from app.services.schema import head_revision
from app.settings import Settings
from app.web.asgi import Message, Receive, Scope, Send, respond
from app.web.crowds import count_places
from app.web.direct import DirectReads
from app.web.endpoint import GRAPHQL_PATH, METHODS, GraphQLEndpoint
from app.web.metrics import CONTENT_TYPE as METRICS_TYPE
from app.web.metrics import Metrics
from app.web.negotiation import CONTENT_TYPE, JSON
from app.web.operations import Operations
from app.web.origins import OriginPolicy, answer_preflight
from app.web.persisted import PersistedDocuments
from app.web.records import identify, record
from app.web.refusals import NOT_SIGNED_IN, Headers, Refusal, refuse_credential
from app.web.revalidation import Tags
from app.web.room import Room
from app.web.seats import Seats
from app.web.signing_in import sign_in_routes
from app.web.sockets import SocketEndpoint
from app.web.welcome import make_page
from app.web.workbench import EXPLORER_PATH, PAGES, Workbench

log = logging.getLogger(__name__)

READY_SECONDS = 2.0
# An orchestrator may ask often, and several may: one answer serves them for so long.
READY_KEPT_SECONDS = 1.0
_REVISION = "SELECT to_json(version_num)::varchar FROM public.alembic_version"
_PAGE_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
}


class Application:
    """The ASGI application. Starlette's routing would add half again to the time of a small query."""

    def __init__(
        self,
        endpoint: GraphQLEndpoint,
        sockets: SocketEndpoint,
        pages: Starlette,
        policy: OriginPolicy,
        workbench: Workbench,
        *,
        direct: DirectReads,
        readiness: Readiness,
        metrics: Metrics | None,
        room: Room,
        max_message_bytes: int,
        places: int,
    ) -> None:
        self.metrics = metrics
        self.direct = direct
        self.room = room
        self._readiness = readiness
        # The server's to hold to: the size of a message of a WebSocket, and how many connections there are.
        self.max_message_bytes = max_message_bytes
        self.places = places
        self._endpoint = endpoint
        self._sockets = sockets
        self._pages = pages
        self._policy = policy
        self._workbench = workbench

    def announce_end(self) -> None:
        """Say 503 at /readyz from now on: whoever sends requests here shall send them elsewhere."""
        self._readiness.announce_end()

    def end_streams(self) -> None:
        """Cut off what would never end by itself. Clients come again elsewhere, or later."""
        self._endpoint.end_streams()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._pages(scope, receive, send)
        elif tracing.tracer is None:
            await self._serve(scope, receive, send)
        else:
            with tracing.continued(scope["headers"]):
                await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            origin = self._policy.check(scope)
        except Refusal as refusal:
            await _refuse(scope, send, refusal)
            return
        if scope["type"] == "websocket":
            await (self._sockets if scope["path"] == GRAPHQL_PATH else self._pages)(scope, receive, send)
            return
        send = self._policy.share(origin, send)
        if origin is not None and (preflight := answer_preflight(scope, METHODS)) is not None:
            await _tell(scope, send, 200, preflight, b"")
        elif scope["path"] == "*" and scope["method"] == "OPTIONS":
            await _tell(scope, send, 200, [(b"allow", METHODS.encode())], b"")
        elif scope["path"] == GRAPHQL_PATH:
            if self._workbench.is_wanted_for(scope):
                await self._serve_page({**scope, "path": EXPLORER_PATH}, receive, send)
            else:
                await self._endpoint(scope, receive, send)
        else:
            await self._serve_page(scope, receive, send)

    async def _serve_page(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = perf_counter()
        request_id = identify(dict(scope["headers"]).get(b"x-request-id"))
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id)]
            await send(message)

        try:
            await self._pages(scope, receive, send_with_id)
        finally:
            healthy = status == 200 and scope["path"] in ("/livez", "/readyz")
            level = logging.DEBUG if healthy else logging.INFO
            record(request_id, scope["method"], scope["path"], status, begun, level=level)


async def _refuse(scope: Scope, send: Send, refusal: Refusal) -> None:
    if scope["type"] == "websocket":
        # A 403 for all: uvicorn's way to another status logs each as an error of the application.
        await send({"type": "websocket.close"})
        log.info("refused a WebSocket: %s", refusal.message)
    else:
        await _tell(
            scope,
            send,
            refusal.status,
            [(b"content-type", CONTENT_TYPE[JSON]), *refusal.headers],
            refusal.body(),
        )


async def _tell(scope: Scope, send: Send, status: int, headers: Headers, body: bytes) -> None:
    """Answer in place of a page or of GraphQL, and record it as they do."""
    begun = perf_counter()
    request_id = identify(dict(scope["headers"]).get(b"x-request-id"))
    await respond(send, status, [*headers, (b"x-request-id", request_id)], body)
    record(request_id, scope["method"], scope["path"], status, begun)


class Readiness:
    """Whether the database answers, on a connection that reads use, and has the schema of this version."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Lock()
        self._asked = -READY_KEPT_SECONDS
        self._problem: SaysoError | None = None
        self._ends = False

    def announce_end(self) -> None:
        self._ends = True

    async def problem(self) -> SaysoError | None:
        """What is in the way of serving, at most READY_KEPT_SECONDS old; None if nothing is."""
        if self._ends:
            return DatabaseUnavailable("This server is about to end.")
        async with self._turn:
            if monotonic() - self._asked >= READY_KEPT_SECONDS:
                self._problem = await self._look()
                self._asked = monotonic()
            return self._problem

    async def _look(self) -> SaysoError | None:
        try:
            async with asyncio.timeout(READY_SECONDS):
                found = await self._database.fetch_json(_REVISION, [])
        except TimeoutError:
            return DatabaseUnavailable(f"The database did not answer within {READY_SECONDS:g} s.")
        except SaysoError as problem:
            log.warning("not ready: %s", problem.message)
            return problem
        except FAILED as problem:
            log.warning("not ready: %s", problem)
            return DatabaseUnavailable("The database cannot be reached, or has no tables.")
        if found.decode().strip('"') != head_revision():
            return DatabaseOutdated("The database has another schema.", hint="Run `sayso migrate`.")
        return None


def create_app(
    engine: Engine,
    database: Database,
    viewer: ViewerProvider,
    settings: Settings,
    workbench: Workbench | None = None,
) -> Application:
    """The ASGI application: /graphql, /livez, /readyz and the workbench at /; with accounts also /sign-in.

    `viewer` is asked for each request on whose behalf it runs. The database stays the caller's to close.
    Where the workbench was not built, / says why. At its start (the lifespan protocol) the application raises
    DatabaseUnavailable or DatabaseOutdated if it could not answer anything.
    """
    metrics = Metrics(engine, database) if settings.metrics is not None else None
    bench = workbench or Workbench()
    documents = PersistedDocuments.from_settings(settings, bench.documents)
    operations = Operations(engine, documents, metrics)
    seats = Seats(settings)
    room = Room(settings.max_body_bytes)
    tags = Tags(database.changes, settings)
    endpoint = GraphQLEndpoint(operations, viewer, tags, seats, room, settings)
    readiness = Readiness(database)
    page = make_page(GRAPHQL_PATH, bench.trouble)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        problem = await readiness.problem()
        if problem is not None:
            raise problem
        async with database.listening():
            yield

    async def show_welcome(_request: Request) -> Response:
        return HTMLResponse(page, headers=_PAGE_HEADERS)

    async def say_live(_request: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def say_ready(_request: Request) -> Response:
        problem = await readiness.problem()
        if problem is None:
            return JSONResponse({"status": "ready"})
        told = {"status": "unavailable", "code": problem.code, "message": problem.message}
        return JSONResponse(told, status_code=503)

    async def show_metrics(request: Request) -> Response:
        assert metrics is not None
        try:
            permit(await viewer(request.scope), Operation.READ)
        except NOT_SIGNED_IN as problem:
            refusal = refuse_credential(problem)
            headers = {name.decode(): value.decode() for name, value in refusal.headers}
            return Response(refusal.body(), refusal.status, headers, media_type="application/json")
        return Response(metrics.render(), media_type=METRICS_TYPE)

    pages = Starlette(
        routes=[
            *([Route("/metrics", show_metrics)] if settings.metrics == "on" else ()),
            *(sign_in_routes(viewer) if isinstance(viewer, Authenticator) else ()),
            Route("/", bench.show_page if bench.trouble is None else show_welcome),
            Route("/livez", say_live),
            Route("/readyz", say_ready),
            Route(GRAPHQL_PATH, endpoint),  # below a root path, and for the redirect from /graphql/
            Route(EXPLORER_PATH, bench.show_explorer),
            Route("/assets/{name}", bench.show_asset),
            *(Route(f"/{name}", bench.show_page) for name in PAGES),
            *(Route(f"/{name}/{{id}}", bench.show_page) for name in PAGES),
        ],
        lifespan=lifespan,
    )
    policy = OriginPolicy(settings)
    return Application(
        endpoint,
        SocketEndpoint(operations, viewer, seats),
        pages,
        policy,
        bench,
        direct=DirectReads(operations, viewer, policy, tags, settings),
        readiness=readiness,
        metrics=metrics,
        room=room,
        max_message_bytes=settings.max_body_bytes,
        places=count_places(settings.client_connections),
    )
