"""One WebSocket connection: uvicorn's, with bounds on what costs a client little and a server much.

What uvicorn and websockets bound already: the size of a message (1009), compression (off), a client that
answers no ping. Not so: pings, each answered at once whether or not the client reads; the fragments of a
message; how many frames are read in one go; what still comes when the socket is being closed; how much of
messages all sockets hold whose end has not come (`room`).

A client shall wait for the answer to its handshake (RFC 6455, section 4.1). What one sends before is kept
until then: a socket that is not open yet has no frames, and none may be answered ahead of the handshake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.http11 import Request

from app.web.connections import MALFORMED
from app.web.outlets import OUTLET, Outlet
from app.web.refusals import Refusal
from app.web.room import SMALL_BYTES, Share

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveEvent, ASGISendEvent

    from app.web.application import Application
    from app.web.asgi import Scope

# Frames are read out of so many bytes at a time; between, it is seen whether to go on.
SLICE_BYTES = 4_096
# Pings and pongs within a second. A browser sends none, a library one every few seconds.
MAX_CONTROLS = 100
MAX_FRAGMENTS = 1_000
# What a client may still send before it hears that its socket is closed.
MAX_LATE_BYTES = 65_536
# What it may send before its handshake is answered.
MAX_EARLY_BYTES = 65_536


class BoundedSocketProtocol(WebSocketsSansIOProtocol):
    """A connection that is ended when it is flooded, and not read while its client does not read."""

    rests_since = None  # for `crowds`: sockets have seats, and are never closed for others
    _controls = 0
    _controls_since = 0.0
    _late_bytes = 0
    _early = b""
    _fragment_bytes = 0
    _share: Share | None = None  # of the room for messages that are not whole

    def connection_lost(self, exc: Exception | None) -> None:
        self._hold(0)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.handshake_initiated and not self.handshake_complete:
            self._early += data
            if len(self._early) > MAX_EARLY_BYTES:
                self.transport.close()
            return
        for start in range(0, len(data), SLICE_BYTES):
            if self.transport.is_closing():
                return
            part = data[start : start + SLICE_BYTES]
            if self.close_sent:
                self._late_bytes += len(part)
                if self._late_bytes > MAX_LATE_BYTES:
                    self.transport.close()
                    return
            super().data_received(part)
            self._hold(self._size)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self._refuse_handshake()

    @property
    def _size(self) -> int:
        """The bytes of the message that is not whole yet: its fragments, and the one that is coming."""
        return self._fragment_bytes + len(self.conn.reader.buffer)

    def _hold(self, size: int) -> None:
        if self._share is None:
            if size <= SMALL_BYTES or not self.handshake_complete:
                return
            room = cast("Application", self.config.app).room
            self._share = room.share(cast("Scope", self.scope))
        try:
            self._share.hold(size)
        except Refusal as refusal:
            self._share.hold(0)
            self._refuse(CloseCode.TRY_AGAIN_LATER, refusal.message)

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if self._early and self.handshake_complete:
            early, self._early = self._early, b""
            self.data_received(early)

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:  # else there is no scope: the handshake was refused
            cast("Scope", self.scope)[OUTLET] = Outlet(self.transport, self.writable)

    def _refuse_handshake(self) -> None:
        """The library takes fewer heads than HTTP does here: shorter lines, none with a body. uvicorn tells
        nobody, and would keep the connection."""
        if not self.transport.is_closing():
            self.transport.write(b"".join(self.conn.data_to_send()) or MALFORMED)
            self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        if not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._read_on()

    async def receive(self) -> ASGIReceiveEvent:
        message = await self.queue.get()
        self._read_on()
        return message

    def _read_on(self) -> None:
        if self.read_paused and self.queue.empty() and self.writable.is_set():
            self.read_paused = False
            self.transport.resume_reading()

    def handle_ping(self) -> None:
        if not self._is_flooded():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        if not self._is_flooded():
            super().handle_pong(event)

    def handle_text(self, event: Frame) -> None:
        self._fragment_bytes = len(event.data)
        super().handle_text(event)
        _forget(event)

    def handle_bytes(self, event: Frame) -> None:
        self._fragment_bytes = len(event.data)
        super().handle_bytes(event)
        _forget(event)

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) >= MAX_FRAGMENTS:
            self._refuse(CloseCode.MESSAGE_TOO_BIG, f"A message may have {MAX_FRAGMENTS:,} fragments")
        elif not self.transport.is_closing():
            self._fragment_bytes += len(event.data)
            super().handle_cont(event)
            _forget(event)

    def send_receive_event_to_app(self) -> None:
        self._fragment_bytes = 0
        if self.curr_msg_data_type == "text":
            self.frames = [b"".join(self.frames)]
            try:
                self.frames[0].decode()
            except UnicodeDecodeError as problem:
                self._refuse(CloseCode.INVALID_DATA, f"The message is not UTF-8 at byte {problem.start}")
                return
        if not self.transport.is_closing():
            super().send_receive_event_to_app()

    def _is_flooded(self) -> bool:
        """Whether the connection is being ended, for one more frame that carries no message."""
        now = self.loop.time()
        if now - self._controls_since > 1:
            self._controls, self._controls_since = 0, now
        self._controls += 1
        if self._controls > MAX_CONTROLS:
            self._refuse(
                CloseCode.POLICY_VIOLATION, f"A socket may send {MAX_CONTROLS} pings and pongs a second"
            )
        return self.transport.is_closing()

    def _refuse(self, code: int, reason: str) -> None:
        if not self.transport.is_closing():
            self.conn.fail(code, reason)
            self.frames = []
            self.stop_keepalive()
            self.handle_parser_exception()


def _forget(event: Frame) -> None:
    """What a frame brought has been taken out of it. The library's parser keeps the frame until the next."""
    event.data = b""
