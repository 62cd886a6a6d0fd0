"""Server-Sent Events in graphql-sse's single connection mode: one stream for what many operations answer.

    PUT                       → 201, a token: the reservation of a stream
    GET, with the token       → the stream, once
    POST, with the token      → 202; what the operation answers stands in the stream, under its operationId
    DELETE ?operationId=…     → 200; the operation is ended

    event: next
    data: {"id": "1", "payload": {"data": …}}

    event: complete
    data: {"id": "1"}

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md. For browsers, which open six connections to
a host that speaks HTTP/1.1. A reservation is its maker's alone, and takes a seat from the beginning.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import secrets
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from typing import Any

from app.api.execution import explain_end, failure
from app.api.feeds import Event, Review
from app.permissions import Viewer
from app.web.operations import Found, Operations
from app.web.outlets import Outlet
from app.web.refusals import Refusal
from app.web.streams import spell_event

log = logging.getLogger(__name__)

TOKEN_HEADER = b"x-graphql-event-stream-token"
# How long a reservation waits for its stream.
RESERVED_SECONDS = 10.0
_TOKEN_OF_URL = re.compile(rb"(?:^|&)token=([^&]*)")
MAX_OPERATIONS = 100  # under way at once, for one stream
LONGEST_ID = 200


class Reservation:
    """One stream, reserved or open, and the operations whose answers it carries."""

    def __init__(self, operations: Operations, viewer: Viewer, leave: Callable[[], None]) -> None:
        self.viewer = viewer
        self._outlet: Outlet | None = None  # of the stream, once it is open
        self._operations = operations
        self._leave = leave
        # Who has something to say waits until the stream has taken what was said before.
        self._parts: asyncio.Queue[bytes] = asyncio.Queue(1)
        self._wanted = asyncio.Event()  # set while the stream waits for what is said next
        self._running: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._changing: set[asyncio.Task[None]] = set()
        self._ended = False

    def open(self, outlet: Outlet) -> AsyncGenerator[bytes, None]:
        """The stream, without an end. Raises Refusal (409) if it is open already."""
        if self.is_open:
            raise Refusal(409, "This stream is open already.")
        self._outlet = outlet
        return self._listen()

    @property
    def is_open(self) -> bool:
        return self._outlet is not None

    async def _listen(self) -> AsyncGenerator[bytes, None]:
        while True:
            self._wanted.set()
            part = await self._parts.get()
            self._wanted.clear()
            yield part

    async def review(self, look: Review) -> Viewer:
        """Who asks, once the stream takes an event at once. Until then none is taken for it: something in it
        may be hidden meanwhile."""
        while True:
            await self._wanted.wait()
            assert self._outlet is not None
            viewer = await self._outlet.review(look)
            if self._wanted.is_set():
                return viewer

    def check(self, id: str) -> None:
        """Raises Refusal (404, 409, 429) if no operation may begin under this id."""
        if self._ended:
            raise _not_there()
        if id in self._running:
            raise Refusal(409, "An operation with this operationId is under way.")
        if len(self._tasks) >= MAX_OPERATIONS:
            raise Refusal(429, f"A stream may have {MAX_OPERATIONS} operations under way.")

    def begin(self, id: str, found: Found, events: AsyncGenerator[Event, None] | None) -> None:
        """Run an operation, or follow the events of a subscription. Raises as `check`."""
        self.check(id)  # another may have begun meanwhile
        task = asyncio.create_task(self._answer(id, found, events))
        self._running[id] = task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def stop(self, id: str) -> None:
        task = self._running.pop(id, None)
        if task is not None and task not in self._changing:
            task.cancel()

    def end(self) -> None:
        """End what is under way, and give the seat back. A mutation that has begun is brought to its end."""
        if self._ended:
            return
        self._ended = True
        self._leave()
        for task in self._tasks - self._changing:
            task.cancel()

    async def _answer(self, id: str, found: Found, events: AsyncGenerator[Event, None] | None) -> None:
        try:
            if events is not None:
                await self._follow(id, events)
            else:
                await self._next(id, await self._run(found))
        except Exception as problem:
            if not isinstance(problem, Refusal):
                log.exception("an operation of a stream failed")
            await self._next(id, problem.body() if isinstance(problem, Refusal) else failure().body)
        await self._say(id, b'event: complete\ndata: {"id": %b}\n\n' % json.dumps(id).encode())
        if self._is_wanted(id):
            del self._running[id]

    async def _run(self, found: Found) -> bytes:
        task = asyncio.current_task()
        assert task is not None
        if not found.operation.is_query:
            self._changing.add(task)
        try:
            return (await self._operations.run(found, self.viewer)).body
        finally:
            self._changing.discard(task)

    async def _follow(self, id: str, events: AsyncGenerator[Event, None]) -> None:
        try:
            async with aclosing(events):
                async for event in events:
                    await self._next(id, event.body)
        except Exception as problem:
            await self._next(id, explain_end(problem).body)

    async def _next(self, id: str, body: bytes) -> None:
        await self._say(id, spell_event(b'{"id": %b, "payload": %b}' % (json.dumps(id).encode(), body)))

    async def _say(self, id: str, part: bytes) -> None:
        if self._is_wanted(id):
            await self._parts.put(part)
            self._wanted.clear()

    def _is_wanted(self, id: str) -> bool:
        return not self._ended and self._running.get(id) is asyncio.current_task()


class Reservations:
    """All streams of single connection mode, by their tokens."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations
        self._kept: dict[str, Reservation] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def reserve(self, viewer: Viewer, leave: Callable[[], None]) -> str:
        """The token of a new reservation. `leave` gives its seat back when it has ended."""
        token = secrets.token_urlsafe(24)
        self._kept[token] = Reservation(self._operations, viewer, leave)
        asyncio.get_running_loop().call_later(RESERVED_SECONDS, self._expire, token)
        return token

    def find(self, token: str, viewer: Viewer) -> Reservation:
        """Raises Refusal (404) if there is none of this viewer's."""
        found = self._kept.get(token)
        if found is None or found.viewer != viewer:
            raise _not_there()
        return found

    def open(
        self, token: str, viewer: Viewer, outlet: Outlet
    ) -> tuple[AsyncGenerator[bytes, None], Callable[[], None]]:
        """(the stream, what ends it). Raises Refusal: 404 as `find`, 409 if it is open already."""
        return self.find(token, viewer).open(outlet), lambda: self._end(token)

    def end_all(self) -> None:
        for token in list(self._kept):
            self._end(token)

    def _expire(self, token: str) -> None:
        reservation = self._kept.get(token)
        if reservation is not None and not reservation.is_open:
            self._end(token)

    def _end(self, token: str) -> None:
        with suppress(KeyError):
            self._kept.pop(token).end()


def _not_there() -> Refusal:
    return Refusal(404, "There is no such reservation of a stream. PUT makes one.")


def find_token(given: bytes | None, query_string: bytes) -> str | None:
    """The token of a request: of its header, or for a browser's EventSource of its URL.

    >>> find_token(None, b"a=1&token=xyz"), find_token(b"abc", b""), find_token(None, b"query=%7Btoken%7D")
    ('xyz', 'abc', None)
    """
    if given is not None:
        return given.decode("latin-1")
    found = _TOKEN_OF_URL.search(query_string)
    return found[1].decode("latin-1") if found else None


def read_operation_id(fields: Any) -> str:
    """The operationId of a request's extensions. Raises Refusal (400)."""
    extensions = fields.get("extensions") if isinstance(fields, dict) else None
    return check_id(extensions.get("operationId") if isinstance(extensions, dict) else None)


def check_id(given: object) -> str:
    """Raises Refusal (400) for what is no id of an operation."""
    if not isinstance(given, str) or not 0 < len(given) <= LONGEST_ID:
        raise Refusal(400, f"`operationId` is missing, or has more than {LONGEST_ID} characters.")
    return given
