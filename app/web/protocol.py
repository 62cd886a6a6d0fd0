"""HTTP on one connection: what goes the direct way is taken out of uvicorn's hands, all else stays in them.

A request is taken if its body follows its head at once, while nothing else is under way. The next one often
has the same head but for its length: then that is not parsed again, but compared.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from app.database import Asked
from app.web.connections import BoundedProtocol
from app.web.direct import Admitted, DirectReads
from app.web.endpoint import FOUND, GRAPHQL_PATH, Answer, list_headers
from app.web.operations import Found
from app.web.records import identify, record
from app.web.refusals import Headers
from app.web.revalidation import keep_headers

if TYPE_CHECKING:
    from app.web.application import Application

log = logging.getLogger(__name__)

_URL = GRAPHQL_PATH.encode()
# How long the body may be on its way before the request goes the long way, which has a limit of its own.
PATIENCE_SECONDS = 1.0
_METHODS = (b"POST", b"GET", b"HEAD")
# To copy a body behind its head costs more from here on than to send the two as two pieces.
LARGE_BYTES = 16_384
_LENGTH = b"\r\ncontent-length:"
_LONGEST_LENGTH = 8  # digits


@dataclass(frozen=True, slots=True)
class KnownHead:
    """The bytes of a head that was parsed and admitted, around its length; another length says the same."""

    before: bytes
    after: bytes
    admitted: Admitted

    @classmethod
    def learn(cls, data: bytes, body: bytes, admitted: Admitted) -> KnownHead | None:
        """The head in `data`, all of a request with this body; None if it is not spelled plainly."""
        end = data.find(b"\r\n\r\n") + 4
        found = data[:end].lower().split(_LENGTH)
        if data[end:] != body or len(found) != 2:
            return None
        value = found[1].partition(b"\r\n")[0]
        digits = value.lstrip(b" \t")
        if not digits.isdigit():
            return None
        begin = len(found[0]) + len(_LENGTH) + len(value) - len(digits)
        return cls(data[:begin], data[begin + len(digits) : end], admitted)

    def find_body(self, data: bytes) -> bytes | None:
        """The body, if `data` is one whole request with this head; else None."""
        if not data.startswith(self.before):
            return None
        begin = len(self.before)
        end = data.find(b"\r", begin, begin + _LONGEST_LENGTH)
        length = data[begin:end]
        if not length.isdigit() or not data.startswith(self.after, end):
            return None
        body = data[end + len(self.after) :]
        return body if len(body) == int(length) else None


class DirectProtocol(BoundedProtocol):
    """A connection on which requests may go the direct way."""

    _whole: bytes | None = None  # what came at once, if it began with a request
    _known: KnownHead | None = None
    _admitted: Admitted | None = None  # of the request whose body is being read
    _found: Found | None = None  # what the request means that goes the long way
    _was_tried = False  # on the direct way, but has to go the long one
    _patience: asyncio.TimerHandle | None = None
    _parts: list[bytes]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._direct: DirectReads = cast("Application", self.config.app).direct

    def data_received(self, data: bytes) -> None:
        if self._known is not None and not self._in_message:
            body = self._known.find_body(data)
            if body is not None and len(body) <= self._direct.max_bytes and self._is_free():
                if self._clock is not None:
                    self._stop_clock()
                self._unset_keepalive_if_required()
                if self._begin(self._known.admitted, body):
                    return
                self._was_tried = True
        self._whole = None if self._in_message else data
        super().data_received(data)
        self._whole, self._was_tried = None, False
        if self._admitted is not None and self._patience is None:
            self._patience = self.loop.call_later(PATIENCE_SECONDS, self._go_the_long_way)

    def connection_lost(self, exc: Exception | None) -> None:
        self._go_the_long_way()  # it is told there, and logged
        super().connection_lost(exc)

    def shutdown(self) -> None:
        self._go_the_long_way()  # it is under way, and answered before the connection ends
        super().shutdown()

    def is_under_way(self) -> bool:
        return self._admitted is not None or super().is_under_way()

    def begin_request(self) -> None:
        path, _, query = self.url.partition(b"?")
        if path == _URL and not self._was_tried and self._is_free() and self._is_plain():
            method = self.parser.get_method().decode()
            scope = {**self.scope, "method": method, "path": GRAPHQL_PATH, "query_string": query}
            self._admitted = self._direct.admit(scope)
        if self._admitted is None:
            self._begin_the_long_way()
        else:
            self._parts = []

    def take_body(self, body: bytes) -> None:
        if self._admitted is None:
            super().take_body(body)
        else:
            self._parts.append(body)

    def on_message_complete(self) -> None:
        self._in_message = False
        admitted = self._admitted
        if admitted is not None:
            body = b"".join(self._parts)
            if self._begin(admitted, body):
                self._stop_waiting()
                self._known = None if self._whole is None else KnownHead.learn(self._whole, body, admitted)
                return
            self._go_the_long_way()
        super().on_message_complete()

    def _is_free(self) -> bool:
        """Whether the next request can be answered at once: nothing is under way, and answers are read."""
        return (
            not self.is_under_way()
            and not self.pipeline
            and not self._refused
            and not self.flow.write_paused
            and not self.transport.is_closing()
        )

    def _is_plain(self) -> bool:
        """Whether this is a request as any client sends it, on a connection that stays."""
        parser = self.parser
        return bool(
            parser.get_method() in _METHODS
            and parser.get_http_version() == "1.1"
            and parser.should_keep_alive()
            and not parser.should_upgrade()
            and not self.expect_100_continue
            and not self.root_path
        )

    def _begin(self, admitted: Admitted, body: bytes) -> bool:
        """Whether the request goes the direct way."""
        cycle = DirectCycle(self, admitted)
        begun = self._direct.begin(admitted, body, cycle.answer)
        if begun is None or isinstance(begun, Found):
            self._found = begun
            return False
        self.cycle = cycle  # type: ignore[assignment]  # stands for uvicorn's
        self.tasks.add(cycle)  # type: ignore[arg-type]  # likewise
        if isinstance(begun, Answer):
            # Not within the parser's call: an answer may start the next request.
            self.loop.call_soon(cycle.answer, begun)
        else:
            cycle.asked = begun
        return True

    def _go_the_long_way(self) -> None:
        """Let uvicorn begin with the request whose head was admitted, if there is one."""
        if self._admitted is None:
            return
        self._stop_waiting()
        self._begin_the_long_way()
        for part in self._parts:
            super().take_body(part)

    def _begin_the_long_way(self) -> None:
        if self._found is not None:
            self.scope[FOUND] = self._found  # type: ignore[literal-required]  # a key of ours
            self._found = None
        super().begin_request()

    def _stop_waiting(self) -> None:
        self._admitted = None
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


class _NobodyListens:
    def set(self) -> None:
        """uvicorn tells a request by this that its connection is lost."""


class DirectCycle:
    """A request that went the direct way. uvicorn finds here what it looks at of a cycle of its own and, when
    the server ends, of a task: what it waits for, and cuts off in the end."""

    message_event = _NobodyListens()

    __slots__ = (
        "_admitted",
        "_begun",
        "_protocol",
        "_request_id",
        "asked",
        "disconnected",
        "keep_alive",
        "response_complete",
    )

    def __init__(self, protocol: DirectProtocol, admitted: Admitted) -> None:
        self._protocol = protocol
        self._admitted = admitted
        self._begun = perf_counter()
        self._request_id = identify(admitted.request_id)
        self.asked: Asked | None = None
        self.disconnected = False
        self.keep_alive = True
        self.response_complete = False

    def answer(self, answer: Answer) -> None:
        if self.response_complete:
            return
        try:
            self._send(answer)
        except Exception:
            log.exception("request %s could not be answered", self._request_id.decode())
            self._protocol.transport.close()
        record(
            self._request_id,
            self._admitted.method,
            GRAPHQL_PATH,
            answer.status,
            self._begun,
            operation=answer.operation,
        )

    def cancel(self, msg: object = None) -> None:
        """The server ends, and has waited long enough."""
        del msg
        if self.asked is not None:
            self.asked.give_up()
        self.response_complete = True
        self._protocol.transport.close()
        # As a task that is cancelled: whoever cancels looks at all of them.
        self._protocol.loop.call_soon(self._protocol.tasks.discard, self)

    def _send(self, answer: Answer) -> None:
        protocol = self._protocol
        self._end()
        if self.disconnected or protocol.transport.is_closing():
            return
        parts = [spell_head(answer.status, answer.media_type, tuple(answer.headers), self._admitted.shared)]
        for name, value in protocol.server_state.default_headers:
            parts += (name, b": ", value, b"\r\n")
        parts += (b"x-request-id: ", self._request_id)
        if answer.tag is not None:
            parts += (b"\r\n%b: %b" % header for header in keep_headers(answer.tag))
        if answer.status != 304:
            parts.append(b"\r\ncontent-length: %d" % len(answer.body))
        parts.append(b"\r\n\r\n" if self.keep_alive else b"\r\nconnection: close\r\n\r\n")
        body = b"" if self._admitted.method == "HEAD" else answer.body
        if len(body) < LARGE_BYTES:
            protocol.transport.write(b"".join((*parts, body)))
        else:
            protocol.transport.writelines((b"".join(parts), body))
        if not self.keep_alive:
            protocol.transport.close()
        protocol.on_response_complete()

    def _end(self) -> None:
        self.response_complete = True
        self.asked = None  # which knows this one: each would keep the other for the garbage collector
        self._protocol.tasks.discard(self)


@lru_cache(maxsize=64)
def spell_head(status: int, media_type: bytes, headers: Headers, shared: Headers) -> bytes:
    """The lines that are the same for all answers of a kind."""
    listed = (*list_headers(Answer(status, b"", media_type, headers)), *shared)
    return STATUS_LINE[status] + b"".join(name + b": " + value + b"\r\n" for name, value in listed)
