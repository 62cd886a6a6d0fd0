"""One GraphQL request over HTTP, as a bare ASGI application: this is the path that has to be short.

Statuses follow the `graphql-http` audit. Under application/graphql-response+json a request that GraphQL
refuses (syntax, validation, variables) is a 400; under application/json, which clients expect whose only sign
of an answer is a 200, it is a 200 with errors. What is no GraphQL over HTTP at all is a 4xx under both.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import Any

from app.api.context import do_nothing
from app.api.execution import Response, failure
from app.api.feeds import Event
from app.auth import ViewerProvider
from app.permissions import Viewer
from app.settings import Settings
from app.web.asgi import Receive, Scope, Send, respond
from app.web.batches import run_batch
from app.web.negotiation import (
    CONTENT_TYPE,
    EVENTS,
    GRAPHQL,
    JSON,
    SUPPORTED,
    TEXT,
    accepts_events,
    check_content_type,
    choose_media_type,
)
from app.web.operations import Found, Operations
from app.web.outlets import OUTLET, Outlet
from app.web.parameters import (
    BOM,
    Parameters,
    check_parameters,
    read_body,
    read_fields,
    read_json,
    read_posted,
    read_url,
)
from app.web.records import identify, record
from app.web.refusals import NOT_SIGNED_IN, ClientGone, Headers, Refusal, refuse_credential, refuse_method
from app.web.reservations import (
    TOKEN_HEADER,
    Reservations,
    check_id,
    find_token,
    read_operation_id,
)
from app.web.revalidation import Tags, accepts_any, has_tag, keep_headers
from app.web.room import Room
from app.web.seats import Seats
from app.web.streams import COMPLETE, STREAM_HEADERS, send_stream, spell_event, spell_stream

log = logging.getLogger(__name__)

METHODS = "DELETE, GET, HEAD, OPTIONS, POST, PUT"
_METHODS = frozenset(METHODS.split(", "))
GRAPHQL_PATH = "/graphql"
# A browser's is about 150 bytes. What stands behind the limit is not looked at.
LONGEST_ACCEPT = 1_000
# In the scope of a request that was read, and understood, before it came here (`direct`).
FOUND = "sayso.found"
# What nginx logs for the same; it is never sent.
CLIENT_GONE = 499


@dataclass(slots=True)
class Head:
    """The headers of a request that matter here."""

    accept: bytes | None = None
    content_types: list[bytes] = field(default_factory=list)
    content_length: bytes | None = None
    content_encoding: bytes | None = None
    transfer_encoding: bytes | None = None
    request_id: bytes | None = None
    last_event_id: bytes | None = None
    if_none_match: bytes | None = None
    stream_token: bytes | None = None

    @property
    def is_plain(self) -> bool:
        """Whether the body is what it says, and not compressed."""
        return self.content_encoding in (None, b"", b"identity")

    @property
    def is_without_body(self) -> bool:
        return self.transfer_encoding is None and self.content_length in (None, b"0")

    @property
    def media_type(self) -> bytes | None:
        """What to answer with; None if the client accepts nothing that there is."""
        return choose_media_type(self.accept and self.accept[:LONGEST_ACCEPT])


@dataclass(slots=True)
class Answer:
    status: int
    body: bytes
    media_type: bytes = JSON
    headers: Headers = ()
    operation: str | None = None
    tag: bytes | None = None  # by which the client may ask for it again
    stream: AsyncGenerator[bytes, None] | None = None  # in place of the body
    leave: Callable[[], None] = do_nothing  # gives the seat of a stream back


class GraphQLEndpoint:
    """GraphQL at one URL. `viewer` says on whose behalf a request runs, from its ASGI scope; `tags` names the
    answers that clients need not be sent again."""

    def __init__(
        self,
        operations: Operations,
        viewer: ViewerProvider,
        tags: Tags,
        seats: Seats,
        room: Room,
        settings: Settings,
    ) -> None:
        self._operations = operations
        self._tags = tags
        self._viewer = viewer
        self._seats = seats
        self._room = room
        self._reservations = Reservations(operations)
        self._ended = asyncio.Event()
        self._max_body_bytes = settings.max_body_bytes
        self._batch_limit = settings.batch_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = perf_counter()
        head = read_head(scope["headers"])
        request_id = identify(head.request_id)
        media_type = head.media_type
        try:
            answer = await self._answer(scope, head, media_type, receive)
        except Refusal as refusal:
            answer = _answer_refused(refusal, media_type)
        except NOT_SIGNED_IN as problem:
            answer = _answer_refused(refuse_credential(problem), media_type)
        except ClientGone:
            record(request_id, scope["method"], scope["path"], CLIENT_GONE, begun)
            return
        except Exception:
            log.exception("request %s failed", request_id.decode())
            answer = answer_failed(media_type)
        headers = [*list_headers(answer), (b"x-request-id", request_id)]
        if answer.stream is None:
            await respond(send, answer.status, headers, answer.body)
        else:
            try:
                await send({"type": "http.response.start", "status": answer.status, "headers": headers})
                outlet: Outlet = scope[OUTLET]
                with outlet.kept_empty():
                    await send_stream(answer.stream, receive, send, outlet, self._ended)
            finally:
                answer.leave()
        record(request_id, scope["method"], scope["path"], answer.status, begun, operation=answer.operation)

    def end_streams(self) -> None:
        """Cut off every stream: the server ends."""
        self._ended.set()
        self._reservations.end_all()

    async def _answer(self, scope: Scope, head: Head, media_type: bytes | None, receive: Receive) -> Answer:
        method = scope["method"]
        if method == "OPTIONS":
            return Answer(200, b"", headers=[(b"allow", METHODS.encode())])
        if method not in _METHODS:
            raise refuse_method(f"{method} is not supported; use POST or GET.", METHODS)
        token = find_token(head.stream_token, scope["query_string"] if method != "POST" else b"")
        if token is not None or method in ("PUT", "DELETE"):
            return await self._share_stream(scope, head, token, receive)
        if media_type is None:
            offered = " or ".join(media.decode() for media in SUPPORTED)
            raise Refusal(406, f"The answer can be {offered}: accept one of them.")
        # Before anything that a stranger sent is read.
        viewer = await self._viewer(scope)
        if FOUND in scope:
            return await self._run(scope, head, scope[FOUND], media_type, viewer)
        if method != "POST":
            parameters: Parameters | list[Any] = read_url(scope["query_string"])
        else:
            parameters = read_posted(await self._read_body(scope, head, receive), self._batch_limit)
        if isinstance(parameters, list):
            return Answer(200, await run_batch(self._operations, parameters, viewer))
        found = self._operations.find(parameters, viewer)
        if isinstance(found, Response):
            return answer_with(found, media_type, None)
        return await self._run(scope, head, found, media_type, viewer)

    async def _share_stream(self, scope: Scope, head: Head, token: str | None, receive: Receive) -> Answer:
        """Single connection mode: reserve a stream, open it, begin or end an operation that it carries."""
        method = scope["method"]
        viewer = await self._viewer(scope)
        if method == "PUT":
            made = self._reservations.reserve(viewer, self._seats.take(scope))
            return Answer(201, made.encode(), TEXT, NOT_STORED)
        if token is None:
            raise Refusal(400, "Name the stream that carries the operation: X-GraphQL-Event-Stream-Token.")
        if method == "GET":
            if not accepts_events(head.accept and head.accept[:LONGEST_ACCEPT]):
                raise Refusal(406, "A reservation is of a stream: accept text/event-stream.")
            stream, leave = self._reservations.open(token, viewer, scope[OUTLET])
            return Answer(200, b"", EVENTS, STREAM_HEADERS, stream=stream, leave=leave)
        reservation = self._reservations.find(token, viewer)
        if method == "DELETE":
            reservation.stop(check_id(read_fields(scope["query_string"]).get("operationId")))
            return Answer(200, b"", TEXT, NOT_STORED)
        if method != "POST":
            raise refuse_method("A stream that is shared takes GET, POST, PUT and DELETE.", METHODS)
        fields = read_json((await self._read_body(scope, head, receive)).removeprefix(BOM), "body")
        if not isinstance(fields, dict):
            raise Refusal(400, "The body must be one JSON object.")
        id = read_operation_id(fields)
        reservation.check(id)
        found = self._operations.find(check_parameters(fields), viewer)
        events: AsyncGenerator[Event, None] | Response | None = None
        if isinstance(found, Found) and found.operation.is_subscription:
            events = await self._operations.subscribe(
                found, viewer, lambda: reservation.review(lambda: self._viewer(scope))
            )
        for refused in (found, events):
            if isinstance(refused, Response):
                return Answer(400, refused.body, _json(head.media_type), NOT_STORED)
        assert isinstance(found, Found)
        assert not isinstance(events, Response)
        reservation.begin(id, found, events)
        return Answer(202, b"", TEXT, NOT_STORED, found.name)

    async def _read_body(self, scope: Scope, head: Head, receive: Receive) -> bytes:
        check_content_type(head.content_types)
        if head.transfer_encoding is not None and head.transfer_encoding.strip().lower() != b"chunked":
            raise Refusal(501, "The body may be sent in chunks, and not be coded otherwise.")
        if not head.is_plain:
            raise Refusal(415, "The body must not be compressed.", [(b"accept-encoding", b"identity")])
        return await read_body(receive, head.content_length, self._max_body_bytes, self._room.share(scope))

    async def _run(self, scope: Scope, head: Head, found: Found, media_type: bytes, viewer: Viewer) -> Answer:
        if found.operation.is_subscription:
            return await self._subscribe(scope, head, found, viewer)
        if scope["method"] == "POST":
            return answer_with(await self._operations.run(found, viewer), media_type, found.name)
        if not found.operation.is_query:
            raise refuse_method("GET runs queries only; send a mutation by POST.", "POST")
        tag = None
        if media_type != EVENTS:
            tag = self._tags.name(viewer, media_type, scope["query_string"])
        if has_tag(head.if_none_match, tag):
            return answer_unchanged(media_type, found.name, tag)
        response = await self._operations.run(found, viewer)
        return answer_unless_known(response, media_type, found.name, tag, head.if_none_match)

    async def _subscribe(self, scope: Scope, head: Head, found: Found, viewer: Viewer) -> Answer:
        if scope["method"] == "HEAD":
            raise refuse_method("A stream has no HEAD; use GET or POST.", "GET, POST")
        if not accepts_events(head.accept and head.accept[:LONGEST_ACCEPT]):
            raise Refusal(406, "A subscription is a stream: accept text/event-stream, or use a WebSocket.")
        last = head.last_event_id.decode("latin-1") if head.last_event_id else None
        leave = self._seats.take(scope)
        events = None
        try:
            outlet: Outlet = scope[OUTLET]
            review = partial(outlet.review, lambda: self._viewer(scope))
            events = await self._operations.subscribe(found, viewer, review, last)
        finally:
            if not isinstance(events, AsyncGenerator):
                leave()
        if isinstance(events, Response):
            return answer_with(events, EVENTS, found.name)
        return Answer(200, b"", EVENTS, STREAM_HEADERS, found.name, stream=spell_stream(events), leave=leave)


def list_headers(answer: Answer) -> Headers:
    """The headers of an answer, but for its length and the request's id."""
    return [
        *(() if answer.status == 304 else ((b"content-type", CONTENT_TYPE[answer.media_type]),)),
        (b"vary", b"Accept, Authorization, Cookie"),
        (b"x-content-type-options", b"nosniff"),
        *answer.headers,
        *(() if answer.tag is None else keep_headers(answer.tag)),
    ]


def answer_failed(media_type: bytes | None) -> Answer:
    """Where something went wrong that should not have; it was logged."""
    return Answer(500, failure().body, _json(media_type))


def _answer_refused(refusal: Refusal, media_type: bytes | None) -> Answer:
    return Answer(refusal.status, refusal.body(), _json(media_type), refusal.headers)


def answer_with(response: Response, media_type: bytes, operation: str | None) -> Answer:
    if media_type == EVENTS:
        return Answer(200, spell_event(response.body) + COMPLETE, EVENTS, STREAM_HEADERS, operation)
    refused = not response.executed and media_type == GRAPHQL
    # A refusal may be answered otherwise soon: the document by its hash is registered next.
    headers = () if response.executed else NOT_STORED
    return Answer(400 if refused else 200, response.body, media_type, headers, operation)


def answer_unchanged(media_type: bytes, operation: str | None, tag: bytes | None) -> Answer:
    return Answer(304, b"", media_type, (), operation, tag)


def answer_unless_known(
    response: Response, media_type: bytes, operation: str | None, tag: bytes | None, known: bytes | None
) -> Answer:
    """To a query by GET whose answer would have this tag, if it lasts; `known` is If-None-Match."""
    if tag is None or not response.lasts:
        return answer_with(response, media_type, operation)
    if accepts_any(known):
        return answer_unchanged(media_type, operation, tag)
    return Answer(200, response.body, media_type, (), operation, tag)


def _json(media_type: bytes | None) -> bytes:
    """What says why there is no answer: a stream of events is not opened for it."""
    return JSON if media_type is None or media_type == EVENTS else media_type


NOT_STORED = [(b"cache-control", b"no-store")]


def read_head(headers: list[tuple[bytes, bytes]]) -> Head:
    """The headers that matter, in one pass. A list that is given in several headers is one list."""
    head = Head()
    for name, value in headers:
        if name == b"accept":
            head.accept = value if head.accept is None else head.accept + b", " + value
        elif name == b"content-type":
            head.content_types.append(value)
        elif name == b"content-length":
            head.content_length = value
        elif name == TOKEN_HEADER:
            head.stream_token = value
        elif name == b"content-encoding":
            head.content_encoding = value.strip().lower()
        elif name == b"transfer-encoding":
            head.transfer_encoding = value
        elif name == b"x-request-id":
            head.request_id = value
        elif name == b"last-event-id":
            head.last_event_id = value
        elif name == b"if-none-match":
            head.if_none_match = value if head.if_none_match is None else head.if_none_match + b", " + value
    return head
