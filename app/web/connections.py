"""One HTTP connection: uvicorn's, with bounds on the head of a request.

uvicorn waits for ever for a request line and headers, and keeps as many of them as come. Here a head has
HEAD_SECONDS and MAX_HEAD_BYTES. Bodies have bounds of their own (`parameters`).

uvicorn sets a timer after each answer, and takes it back at the next request. Here one goes on through many
requests, and looks at its end since when nothing was asked.
"""

from __future__ import annotations

import asyncio
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD_SECONDS = 10.0
# The longest URL (MAX_URL_BYTES of `parameters`), and room for the headers of any browser.
MAX_HEAD_BYTES = 100_000

_CLOSING = b"connection: close\r\ncontent-length: 0\r\n\r\n"
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\n" + _CLOSING
TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\n" + _CLOSING


class BoundedProtocol(HttpToolsProtocol):
    """A connection on which a head that is too long, or too long in coming, ends it."""

    _clock: asyncio.TimerHandle | None = None
    _idle_since: float | None = None  # by the loop's clock; None while something is asked
    _in_head = False
    _head_bytes = 0
    _refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._start_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_clock()
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
        super().connection_lost(exc)

    def _unset_keepalive_if_required(self) -> None:
        self._idle_since = None

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
            return
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._look_later(self.timeout_keep_alive)

    def timeout_keep_alive_handler(self) -> None:
        self.timeout_keep_alive_task = None
        if self._idle_since is None:
            return  # the next answer sets the timer again
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._look_later(left)
        else:
            super().timeout_keep_alive_handler()

    def _look_later(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        super().data_received(data)
        if self._in_head:
            # A header is told of when it is complete; until then it is counted as it comes.
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self._refused = True
        self._look_whether_to_go_on()

    def on_message_begin(self) -> None:
        self._in_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._stop_clock()
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > MAX_HEAD_BYTES:
            self._refused = True
        else:
            self.begin_request()

    def begin_request(self) -> None:
        """A whole head is there, and within bounds."""
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if not self._refused:
            super().on_message_complete()

    def _look_whether_to_go_on(self) -> None:
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return  # or it is a WebSocket by now
        if self._refused:
            self.transport.write(TOO_LARGE)
            self.transport.close()
            return
        # Bytes may have come that began no request, such as empty lines.
        if self._in_head or not self.is_under_way():
            self._start_clock()

    def is_under_way(self) -> bool:
        """Whether a request was begun that is not answered yet."""
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is not None and not cycle.response_complete

    def _start_clock(self) -> None:
        if self._clock is None:
            self._clock = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _give_up(self) -> None:
        if self.transport.is_closing():
            return
        if self._in_head:
            self.transport.write(TOO_LATE)
        # Else no request was begun. Browsers open connections ahead, and take what comes unasked on one for
        # the answer to the request that they send on it next.
        self.transport.close()
