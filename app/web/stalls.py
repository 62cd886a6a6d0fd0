"""Clients that do not take what they asked for: their connections are ended, whatever runs on them.

A transport keeps what a client has not read yet. A client that reads nothing, or a byte now and then, would
keep that, and its connection, for ever: TCP itself waits as long as the other side says that it is there. So
all connections are looked at again and again: one for which something waits has `seconds` to take all of it,
or MIN_TAKEN_BYTES, and then as long again. Who falls short is cut off. A request costs nothing for it.

Until then a thousand who read nothing could fill the memory with answers. So not more than MAX_WAITING_BYTES
wait in all: past that those are cut off first who have taken too little for longest, and of those who began
together the one for whom most waits.

What a client has taken is what it acknowledged: Linux counts that. Elsewhere it is what waits less at a look
than at the one before, so that a client that reads, but always more slowly than is written to it, is cut off
as well.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
import sys
from collections.abc import Collection
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

log = logging.getLogger(__name__)

LONGEST_PAUSE_SECONDS = 1.0
LOOKS = 4  # within the seconds that a client has
# In the 30 s that are the default: 1 kB/s.
MIN_TAKEN_BYTES = 30_000
MAX_WAITING_BYTES = 256_000_000
# tcpi_bytes_acked in Linux's struct tcp_info (include/uapi/linux/tcp.h, since 4.1).
_ACKNOWLEDGED = struct.Struct("120xQ")


class ClientProtocol(Protocol):
    """As uvicorn's protocols are."""

    @property
    def transport(self) -> asyncio.Transport: ...


@dataclass(slots=True)
class Waiting:
    """What waits for a client, how much of it was taken, and since when."""

    size: int
    acknowledged: int | None  # in all, at the last look; None where nobody counts
    since: float
    taken: int = 0

    def look(self, size: int, acknowledged: int | None) -> None:
        """Add what was taken since the last look."""
        if acknowledged is None or self.acknowledged is None:
            self.taken += max(self.size - size, 0)
        else:
            self.taken += acknowledged - self.acknowledged
        self.size, self.acknowledged = size, acknowledged


class Stalls:
    """Watches over connections, which come and go."""

    def __init__(self, connections: Collection[ClientProtocol], seconds: float) -> None:
        self._connections = connections
        self._seconds = seconds
        self._waiting: dict[asyncio.Transport, Waiting] = {}
        self.cut_off = 0

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        pause = min(self._seconds / LOOKS, LONGEST_PAUSE_SECONDS)
        while True:
            await asyncio.sleep(pause)
            self.look(monotonic())

    def look(self, now: float) -> None:
        """Cut off those who took too little of what waits. `now`: seconds that only rise."""
        before, self._waiting = self._waiting, {}
        for connection in tuple(self._connections):
            transport = connection.transport
            size = transport.get_write_buffer_size()
            if not size:
                continue
            acknowledged = count_acknowledged(transport)
            waiting = before.get(transport)
            if waiting is not None:
                waiting.look(size, acknowledged)
            if waiting is None or waiting.taken >= MIN_TAKEN_BYTES:
                waiting = Waiting(size, acknowledged, now)
            if now - waiting.since > self._seconds:
                self._cut_off(transport, waiting, now)
            else:
                self._waiting[transport] = waiting
        self._make_room(now)

    def _make_room(self, now: float) -> None:
        too_much = sum(each.size for each in self._waiting.values()) - MAX_WAITING_BYTES
        if too_much <= 0:
            return
        listed = sorted(self._waiting.items(), key=lambda each: (each[1].since, -each[1].size))
        for transport, waiting in listed:
            if too_much > 0:
                too_much -= waiting.size
                del self._waiting[transport]
                self._cut_off(transport, waiting, now)

    def _cut_off(self, transport: asyncio.Transport, waiting: Waiting, now: float) -> None:
        self.cut_off += 1
        log.info(
            "a client was cut off: %d bytes wait for it, and it took %d in %.1f s",
            waiting.size,
            waiting.taken,
            now - waiting.since,
        )
        transport.abort()


def count_acknowledged(transport: asyncio.Transport) -> int | None:
    """The bytes that the other side has received in all; None if the system does not tell."""
    connection = transport.get_extra_info("socket")
    if sys.platform != "linux" or connection is None:
        return None
    try:
        told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _ACKNOWLEDGED.size)
    except (OSError, ValueError):  # no TCP, or closed already: uvloop's has no number then
        return None
    return int(_ACKNOWLEDGED.unpack(told)[0]) if len(told) == _ACKNOWLEDGED.size else None
