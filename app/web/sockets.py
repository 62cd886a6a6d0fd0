"""GraphQL over WebSocket, by the protocol graphql-transport-ws.

    connection_init  → connection_ack       what a client says of itself goes to the viewer provider
    subscribe        → next …, complete     several operations at once, each under an id of the client's
                     → error                an operation that is refused
    complete         →                      the client wants no more of one
    ping             → pong

That a subscription stands the protocol has no word for. Who begins with the payload {"acknowledge": true} is
told by a pong that nobody asked for, as it allows: {"subscribed": ID}.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md. What breaks the protocol closes the socket,
with the codes of that page. Operations are found and run as over HTTP.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from itertools import count
from time import perf_counter
from typing import Any

from app.api.context import do_nothing
from app.api.execution import Response, explain_end, failure
from app.api.feeds import Event
from app.auth import ViewerProvider
from app.errors import SaysoError
from app.permissions import Viewer
from app.web.asgi import Receive, Scope, Send
from app.web.operations import Found, Operations
from app.web.outlets import OUTLET, Outlet
from app.web.parameters import check_parameters, read_json
from app.web.records import identify, record
from app.web.refusals import NOT_SIGNED_IN, Refusal, refuse_credential
from app.web.seats import Seats

log = logging.getLogger(__name__)

PROTOCOL = "graphql-transport-ws"
INIT_SECONDS = 10.0
MAX_OPERATIONS = 100  # under way at once, on one socket
MAX_REFUSED = 200  # more than these; then the socket is closed
# Messages that begin nothing, within TALK_SECONDS: pings, pongs, the end of what has ended.
MAX_TALK, TALK_SECONDS = 500, 5.0
TURN = 16  # messages until others have theirs
LONGEST_ID = 200
# Characters of a message that begins no operation. A connection_init is kept as long as the socket, a ping is
# said back.
LONGEST_TALK = 16_384
LONGEST_REASON = 120  # bytes: a frame that closes holds 123

BAD_MESSAGE, UNAUTHORIZED, FORBIDDEN, NO_PROTOCOL = 4400, 4401, 4403, 4406
INIT_TIMEOUT, ID_TAKEN, TOO_MANY_INITS = 4408, 4409, 4429
# Of RFC 6455: clients take the first for good, and come again after the second.
TOO_MUCH, LATER = 1008, 1013


class Closing(Exception):
    """The socket is to be closed, with a code and a reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Gone(Exception):
    """The client has closed the socket, or is lost."""


class SocketEndpoint:
    """Answers on a WebSocket until it is closed. One for all sockets."""

    def __init__(self, operations: Operations, viewer: ViewerProvider, seats: Seats) -> None:
        self._operations = operations
        self._viewer = viewer
        self._seats = seats

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (await receive())["type"] != "websocket.connect":
            return
        spoken = PROTOCOL in scope.get("subprotocols", ())
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL if spoken else None})
        socket = Socket(self._operations, self._viewer, scope, receive, send)
        leave = do_nothing
        try:
            leave = self._seats.take(scope)
            if not spoken:
                raise Closing(NO_PROTOCOL, f"Speak {PROTOCOL}")
            outlet: Outlet = scope[OUTLET]
            with outlet.kept_empty():
                await socket.serve()
        except Refusal as refusal:
            await _close(send, LATER, refusal.message)
        except Closing as closing:
            await _close(send, closing.code, closing.reason)
        except (Gone, OSError):
            pass  # nobody is left to be told
        finally:
            leave()
            await socket.end()


class Socket:
    """One client: what it is, and which of its operations are under way."""

    def __init__(
        self, operations: Operations, provider: ViewerProvider, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._operations = operations
        self._provider = provider
        self._scope = scope
        self._receive = receive
        self._send = send
        self._request_id = identify(dict(scope["headers"]).get(b"x-request-id"))
        self._running: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()  # those that end too, though nobody wants them any more
        self._refused = 0
        self._talk, self._talk_since = 0, 0.0
        self._changing: set[asyncio.Task[None]] = set()
        self._viewer: Viewer | None = None
        self._acknowledges = False

    async def serve(self) -> None:
        """Answer messages until the socket is closed. Raises Closing and Gone."""
        try:
            async with asyncio.timeout(INIT_SECONDS) as limit:
                for turn in count(1):
                    # No name keeps a message: it may be large, and the next one may be long in coming.
                    await self._take(await self._read())
                    if turn % TURN == 0:
                        await asyncio.sleep(0)  # what has come already is read without a pause
                    if self._viewer is not None:
                        limit.reschedule(None)
        except TimeoutError:
            raise Closing(INIT_TIMEOUT, "Connection initialisation timeout") from None

    async def end(self) -> None:
        """End what is under way. A mutation that has begun is brought to its end, whoever listens."""
        for task in self._tasks - self._changing:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _read(self) -> dict[str, Any]:
        received = await self._receive()
        if received["type"] == "websocket.disconnect":
            raise Gone
        text = received.get("text")
        if text is None:
            raise Closing(BAD_MESSAGE, "Messages must be text")
        try:
            message = read_json(text.encode(), "message")
        except Refusal as refusal:
            raise Closing(BAD_MESSAGE, refusal.message) from None
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise Closing(BAD_MESSAGE, "A message must be an object with a type")
        if message["type"] != "subscribe" and len(text) > LONGEST_TALK:
            told = f"A message may have {LONGEST_TALK:,} characters if it begins no operation"
            raise Closing(BAD_MESSAGE, told)
        return message

    async def _take(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        payload = message.get("payload")
        if kind in ("connection_init", "ping", "pong") and not isinstance(payload, dict | None):
            raise Closing(BAD_MESSAGE, f"The payload of {kind} must be an object")
        if kind == "connection_init":
            await self._initialise(payload)
        elif kind == "ping":
            self._note_talk()
            await self._tell({"type": "pong"} | ({"payload": payload} if payload else {}))
        elif kind == "subscribe":
            await self._subscribe(_id_of(message), payload)
        elif kind == "complete":
            self._stop(_id_of(message))
        elif kind == "pong":
            self._note_talk()
        else:
            raise Closing(BAD_MESSAGE, f"There is no message of the type {kind[:40]}")

    async def _initialise(self, payload: dict[str, Any] | None) -> None:
        if self._viewer is not None:
            raise Closing(TOO_MANY_INITS, "Too many initialisation requests")
        self._scope["connection_params"] = payload or {}
        try:
            self._viewer = await self._provider(self._scope)
        except (SaysoError, Refusal) as problem:
            raise Closing(FORBIDDEN, f"Forbidden: {problem.message}") from None
        self._acknowledges = self._scope["connection_params"].get("acknowledge") is True
        await self._tell({"type": "connection_ack"})

    async def _subscribe(self, id: str, payload: Any) -> None:
        if self._viewer is None:
            raise Closing(UNAUTHORIZED, "Unauthorized")
        if id in self._running:
            raise Closing(ID_TAKEN, f"Subscriber for {id} already exists")
        if not isinstance(payload, dict):
            raise Closing(BAD_MESSAGE, "The payload of subscribe must be an object")
        if len(self._tasks) >= MAX_OPERATIONS:
            await asyncio.sleep(0)  # some may just have been stopped
        if len(self._tasks) >= MAX_OPERATIONS:
            await self._refuse_more(id)
            return
        task = asyncio.create_task(self._answer(id, payload))
        self._running[id] = task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _refuse_more(self, id: str) -> None:
        # Here, not in a task: who reads no refusals is not read either.
        told = f"A socket may have {MAX_OPERATIONS} operations under way"
        self._refused += 1
        if self._refused > MAX_REFUSED:
            raise Closing(TOO_MUCH, told)
        errors = json.loads(Refusal(429, f"{told}.").body())["errors"]
        await self._tell({"id": id, "type": "error", "payload": errors})

    def _stop(self, id: str) -> None:
        task = self._running.pop(id, None)
        if task is None:
            self._note_talk()
        elif task not in self._changing:
            task.cancel()

    def _note_talk(self) -> None:
        now = perf_counter()
        if now - self._talk_since > TALK_SECONDS:
            self._talk, self._talk_since = 0, now
        self._talk += 1
        if self._talk > MAX_TALK:
            raise Closing(TOO_MUCH, f"{MAX_TALK} messages in {TALK_SECONDS:g} s began nothing")

    async def _answer(self, id: str, payload: dict[str, Any]) -> None:
        """Run one operation to its end. It is under way until what it says last is sent."""
        begun = perf_counter()
        name: str | None = None
        try:
            parameters = check_parameters(payload)
            # A token may have been revoked since the socket was opened.
            viewer = await self._provider(self._scope)
            found = self._operations.find(parameters, viewer)
            del parameters, payload  # what was sent may be large, and a subscription lasts
            if not isinstance(found, Found):
                await self._refuse(id, found.body)
                return
            name = found.name
            if not found.operation.is_subscription:
                await self._run(id, found, viewer)
                return
            events = await self._operations.subscribe(found, viewer, self._review)
            del found
            await self._follow(id, events)
        except Refusal as refusal:
            await self._refuse(id, refusal.body())
        except NOT_SIGNED_IN as problem:
            await self._refuse(id, refuse_credential(problem).body())
        except OSError:
            pass  # the client is lost; the loop that reads will hear of it
        except Exception:
            log.exception("request %s failed", self._request_id.decode())
            await self._refuse(id, failure().body)
        finally:
            self._forget(id)
            record(self._request_id, "WS", self._scope["path"], 200, begun, operation=name)

    async def _run(self, id: str, found: Found, viewer: Viewer) -> None:
        if not found.operation.is_query:
            self._changing.add(_current())
        response = await self._operations.run(found, viewer)
        if not response.executed:
            await self._refuse(id, response.body)
            return
        await self._next(id, response.body)
        if self._forget(id):
            await self._tell({"id": id, "type": "complete"})

    async def _review(self) -> Viewer:
        outlet: Outlet = self._scope[OUTLET]
        return await outlet.review(lambda: self._provider(self._scope))

    async def _follow(self, id: str, events: AsyncGenerator[Event, None] | Response) -> None:
        if isinstance(events, Response):
            await self._refuse(id, events.body)
            return
        try:
            async with aclosing(events):
                if self._acknowledges and self._running.get(id) is _current():
                    await self._tell({"type": "pong", "payload": {"subscribed": id}})
                async for event in events:
                    await self._next(id, event.body)
        except SaysoError as problem:
            await self._refuse(id, explain_end(problem).body)

    def _forget(self, id: str) -> bool:
        """Whether the operation of the task at hand was still wanted under this id; it no longer is."""
        task = _current()
        self._changing.discard(task)
        if self._running.get(id) is not task:
            return False
        del self._running[id]
        return True

    async def _next(self, id: str, body: bytes) -> None:
        if self._running.get(id) is _current():
            # The response is JSON already.
            await self._say(f'{{"id": {json.dumps(id)}, "type": "next", "payload": {body.decode()}}}')

    async def _refuse(self, id: str, body: bytes) -> None:
        """Tell why an operation is refused: the errors of a response."""
        if self._forget(id):
            await self._tell({"id": id, "type": "error", "payload": json.loads(body)["errors"]})

    async def _tell(self, message: dict[str, Any]) -> None:
        try:
            text = json.dumps(message, ensure_ascii=False)
        except RecursionError:  # of a ping: what could just be read
            raise Closing(BAD_MESSAGE, "The message is nested too deeply.") from None
        await self._say(text)

    async def _say(self, text: str) -> None:
        await self._send({"type": "websocket.send", "text": text})


async def _close(send: Send, code: int, reason: str) -> None:
    reason = reason.encode()[:LONGEST_REASON].decode(errors="ignore")
    await send({"type": "websocket.close", "code": code, "reason": reason})


def _id_of(message: dict[str, Any]) -> str:
    id = message.get("id")
    if not isinstance(id, str) or not 0 < len(id) <= LONGEST_ID:
        raise Closing(BAD_MESSAGE, f"{message['type']} needs an id: 1 to {LONGEST_ID} characters")
    return id


def _current() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    assert task is not None
    return task
