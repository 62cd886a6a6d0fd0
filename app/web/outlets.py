"""The way out to a client who follows events: whether what is said next goes out at once.

A transport keeps up to 64 kB that its socket does not take yet, and the socket megabytes that the network
does not take. To a client who reads slowly, what waits there goes out as it was written, whatever was hidden
meanwhile. So for who follows events both keep as little as they can, and an event is taken only when it can
go out: until then it waits in the feed, which reads it again when something is hidden.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from app.api.feeds import Review
from app.permissions import Viewer

# In the scope of a request, and of a WebSocket.
OUTLET = "sayso.outlet"
# What the system takes before the network does; 0 is its default (Linux, ip-sysctl, tcp_notsent_lowat).
MAX_UNSENT_BYTES = 16_384


class Outlet:
    """What leads to one client. `is_free` is set while the transport takes more."""

    __slots__ = ("_transport", "is_free")

    def __init__(self, transport: asyncio.Transport, is_free: asyncio.Event) -> None:
        self._transport = transport
        self.is_free = is_free

    @contextmanager
    def kept_empty(self) -> Iterator[None]:
        """Within the block it is not free while anything waits for the socket."""
        self._bound(0, MAX_UNSENT_BYTES)
        try:
            yield
        finally:
            self._bound(None, 0)

    async def review(self, look: Review) -> Viewer:
        """Who asks, once an event goes out at once. Until then none is taken: it may be hidden."""
        while True:
            await self.is_free.wait()
            viewer = await look()
            if self.is_free.is_set():
                return viewer

    def _bound(self, waiting: int | None, unsent: int) -> None:
        if self._transport.is_closing():
            return
        self._transport.set_write_buffer_limits(waiting)
        connection = self._transport.get_extra_info("socket")
        # No TCP, or a system that does not know it.
        with suppress(AttributeError, OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, unsent)
