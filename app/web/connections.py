"""One HTTP connection: uvicorn's, with bounds on the head of a request.

uvicorn waits for ever for a request line and headers, and keeps as many of them as come. Here a head has
HEAD_SECONDS and MAX_HEAD_BYTES. Bodies have bounds of their own (`parameters`).

A request that cannot be read ends the connection, with a status that says so. Where others were asked before
it, they are answered first: a client takes what comes for the answer to the oldest of its requests. So is a
WebSocket refused that is asked for behind requests that are not answered yet.

Of requests in a row, few are read ahead of their turn: each takes a hundred times the memory that it takes
the client, who need not read an answer.

A request that asks to go on in another protocol is answered as if it had not, but for a WebSocket (RFC 9110,
section 7.8): Java's HttpClient and `curl --http2` ask for h2c. The parser takes what follows for the other
protocol's, and cannot be told otherwise; so a new one reads the request, without the header that asks.

uvicorn sets a timer after each answer, and takes it back at the next request. Here one goes on through many
requests, and looks at its end since when nothing was asked.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, cast

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.web.crowds import Connection, make_room
from app.web.outlets import OUTLET, Outlet

if TYPE_CHECKING:
    from collections.abc import Collection

    from uvicorn._types import ASGI3Application

    from app.web.application import Application
    from app.web.asgi import Scope

HEAD_SECONDS = 10.0
# The longest URL (MAX_URL_BYTES of `parameters`), and room for the headers of any browser.
MAX_HEAD_BYTES = 100_000
# Longer ones cannot be taken apart.
MAX_TARGET_BYTES = 65_535
_ABSOLUTE = re.compile(rb"https?://([^/?#]*)", re.IGNORECASE)
# So much is read at a time, to know how many requests there are in a row, and about where a head begins.
SLICE_BYTES = 2_048
# Requests that wait for their turn, but for those of one slice.
MAX_WAITING = 16

_CLOSING = b"connection: close\r\ncontent-length: 0\r\n\r\n"
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\n" + _CLOSING
TOO_LONG = b"HTTP/1.1 414 URI Too Long\r\n" + _CLOSING
UNKNOWN = b"HTTP/1.1 505 HTTP Version Not Supported\r\n" + _CLOSING
TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\n" + _CLOSING
MALFORMED = b"HTTP/1.1 400 Bad Request\r\n" + _CLOSING


class Hold(FlowControl):
    """uvicorn's, which reads on after each answer, and whenever a request waits for its body."""

    is_on = False  # what has come already is kept until there is room for it

    @property
    def writable(self) -> asyncio.Event:
        return self._is_writable_event

    def resume_reading(self) -> None:
        if not self.is_on:
            super().resume_reading()


class BoundedProtocol(HttpToolsProtocol):
    """A connection on which a head that is too long, or too long in coming, ends it."""

    _clock: asyncio.TimerHandle | None = None
    _idle_since: float | None = None  # by the loop's clock; None while something is asked
    _rests_since = 0.0  # by the same clock, when it was opened or answered last
    _in_message = False  # between the first byte of a request and its last
    _in_head = False
    _unread = b""
    _hold: Hold
    _head_bytes = 0  # of the request, without a body among them
    _left_aside = False  # the head that was read asks for another protocol, and is read again
    _refused = False  # what is sent from now on is not read
    _before: RequestResponseCycle | None = None  # begun last before the request that is being read
    _answered: RequestResponseCycle | None = None  # the others are in `pipeline`
    _last_words: bytes | None = None  # for when all that was asked before is answered

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast("asyncio.Transport", transport))  # a socket's
        self.flow = self._hold = Hold(self.transport)
        self._rests_since = self.loop.time()
        self._start_clock()
        make_room(
            cast("Collection[Connection]", self.connections), cast("Application", self.config.app).places
        )

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_clock()
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
        if self._answered is not None:
            # uvicorn tells the newest request alone, before which this one may be.
            self._answered.disconnected = True
            self._answered.message_event.set()
        super().connection_lost(exc)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answered = cycle
        super()._start_asgi_task(cycle, app)

    def _unset_keepalive_if_required(self) -> None:
        self._idle_since = None

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
            self._read_on()
            self.flow.resume_reading()
            return
        self.flow.resume_reading()
        if self._last_words is not None:
            self._end(self._last_words)
            return
        if self._in_head:
            self._start_clock()
            return
        self._idle_since = self._rests_since = self.loop.time()
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
        self._unread += data
        self._read_on()
        self._look_whether_to_go_on()

    def _read_on(self) -> None:
        """Read what has come, while few requests wait for their turn. The rest is kept, and no more taken."""
        data, self._unread, start = self._unread, b"", 0
        while start < len(data) and len(self.pipeline) < MAX_WAITING and not self._refused:
            if self.transport.get_protocol() is not self:
                self._hand_on(data[start:])
                return
            self._read(data[start : start + SLICE_BYTES])
            start += SLICE_BYTES
        self._unread = b"" if self._refused else data[start:]
        self._hold.is_on = bool(self._unread)
        if self._unread:
            self.flow.pause_reading()

    def _read(self, part: bytes) -> None:
        self._unset_keepalive_if_required()
        unread = part
        while unread:
            unread = self._parse(unread)
        if self._in_message:
            # A header or a trailer is told of when it is complete, what is said with a chunk never is: until
            # there is more of the body, they are counted as they come.
            self._head_bytes += len(part)
            if self._head_bytes > MAX_HEAD_BYTES and self._in_head:
                self._refuse(TOO_LARGE)
            elif self._head_bytes > MAX_HEAD_BYTES:
                self.send_400_response("")

    def _parse(self, data: bytes) -> bytes:
        """Gives back what is to be read yet: a head that is read again, and what came after it."""
        try:
            self.parser.feed_data(data)
        except HttpParserError:
            self.logger.warning("Invalid HTTP request received.")
            self.send_400_response("")
        except HttpParserUpgrade as upgrade:
            (end,) = upgrade.args
            if self._left_aside:
                unread = self._spell_head() + data[end:]
                self.parser = HttpRequestParser(self)
                self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn's
                return unread
            if self._should_upgrade():
                self.handle_websocket_upgrade()
                self._hand_on(data[end:])
        return b""

    def _hand_on(self, data: bytes) -> None:
        """What came behind the request for a WebSocket is that one's, if there is one."""
        protocol = self.transport.get_protocol()
        if data and protocol is not self and isinstance(protocol, asyncio.Protocol):
            protocol.data_received(data)

    def _spell_head(self) -> bytes:
        """The head that was read, without what it asks to go on in."""
        version = self.parser.get_http_version().encode()
        lines = [b"%b %b HTTP/%b\r\n" % (self.parser.get_method(), self.url, version)]
        lines += (b"%b: %b\r\n" % header for header in self.headers if header[0] != b"upgrade")
        return b"".join((*lines, b"\r\n"))

    def on_message_begin(self) -> None:
        self._in_message = self._in_head = True
        self._left_aside = False
        self._before = self.cycle
        self._head_bytes = -SLICE_BYTES  # of the slice it begins in, others may be before it
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        # Trailers are no headers: who went through those did not see them (RFC 9110, section 6.5.1).
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._head_bytes = 0
        self._stop_clock()
        if self._refused:
            return
        version = self.parser.get_http_version()
        if version == "1.0":
            self.expect_100_continue = False  # it knows nothing of it
        self._name_host()
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > MAX_HEAD_BYTES:
            self._refuse(TOO_LARGE)
        elif len(self.url) > MAX_TARGET_BYTES:
            self._refuse(TOO_LONG)
        elif version not in ("1.0", "1.1"):
            self._refuse(UNKNOWN)
        elif self.parser.should_upgrade() and self._is_left_aside():
            self._left_aside = True
        else:
            self.begin_request()

    def _name_host(self) -> None:
        """A target in absolute form names the host, whatever the header says (RFC 9112, section 3.2.2)."""
        named = _ABSOLUTE.match(self.url)
        if named is not None:
            self.headers[:] = [(name, named[1] if name == b"host" else value) for name, value in self.headers]

    def _should_upgrade(self) -> bool:
        # There is no upgrade from HTTP/1.0 (RFC 9110, section 7.8).
        return super()._should_upgrade() and self.parser.get_http_version() == "1.1"

    def _is_left_aside(self) -> bool:
        """Whether what the request asks to go on in is not spoken here."""
        # To the parser, CONNECT asks for it by itself: read again it would ask again. It is refused.
        return not self._should_upgrade() and self.parser.get_method() != b"CONNECT"

    def begin_request(self) -> None:
        """A whole head is there, and within bounds."""
        cast("Scope", self.scope)[OUTLET] = Outlet(self.transport, self._hold.writable)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._head_bytes = 0
        if not self._refused:
            self.take_body(body)

    def take_body(self, body: bytes) -> None:
        """More of the body of the request that was begun last."""
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._in_message = False
        if not self._refused and not self._left_aside:
            super().on_message_complete()

    def _look_whether_to_go_on(self) -> None:
        if self._refused or self.transport.is_closing() or self.transport.get_protocol() is not self:
            return  # or it is a WebSocket by now
        # While an answer is under way we may read nothing, and a head is late through no fault of the client.
        # Bytes may also have come that began no request, such as empty lines.
        if not self.is_under_way():
            self._start_clock()

    @property
    def rests_since(self) -> float | None:
        """As `crowds` asks: a request whose head has no end yet keeps no place."""
        return None if self.is_under_way() or self.transport.is_closing() else self._rests_since

    def let_go(self) -> None:
        self.transport.close()

    def is_under_way(self) -> bool:
        """Whether a request was begun that is not answered yet."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _is_answered(self) -> bool:
        """Whether the request that is being read has its answer already."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and cycle is not self._before and cycle.response_complete

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
            self._refuse(TOO_LATE)
        else:
            # No request was begun. Browsers open connections ahead, and take what comes unasked on one for
            # the answer to the request that they send on it next.
            self.transport.close()

    def handle_websocket_upgrade(self) -> None:
        if self.is_under_way():
            # The socket would speak first, where the client waits for an answer.
            self._refuse(MALFORMED)
        elif not self._refused:
            super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        del msg  # the status says it
        if self._in_message and not self._in_head:
            # A body: its request was begun, and cannot be answered otherwise.
            if not self.pipeline:
                self._end(b"" if self._is_answered() else MALFORMED)
                return
            self.pipeline.popleft()
        self._refuse(MALFORMED)

    def _refuse(self, words: bytes) -> None:
        """Read no more, and end with these words when all is answered that was asked before."""
        if self._refused:
            return
        self._refused = True
        self._stop_clock()
        if self.is_under_way():
            self._last_words = words
        else:
            self._end(words)

    def _end(self, words: bytes) -> None:
        self._refused = True
        self.transport.write(words)
        self.transport.close()
