"""One HTTP connection: uvicorn's, with bounds on the head of a request.

uvicorn waits for ever for a request line and headers, and keeps as many of them as come. Here a head has
HEAD_SECONDS and MAX_HEAD_BYTES. Bodies have bounds of their own (`parameters`).
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
    _in_head = False
    _head_bytes = 0
    _refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._start_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_clock()
        super().connection_lost(exc)

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
        if not self.transport.is_closing():
            self.transport.write(TOO_LATE)
            self.transport.close()
