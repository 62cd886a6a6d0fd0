"""Clients that do not take what they asked for: their connections are ended, whatever runs on them.

A transport keeps what a client has not read yet. A client that reads nothing would keep that, and its
connection, for ever: TCP itself waits as long as the other side says that it is there. So all connections
are looked at again and again: one whose bytes wait, and have not become fewer for `seconds`, is cut off. Of
an answer that waits as a whole, and is long, MIN_TAKEN_BYTES have to go in that time. A request costs nothing
for it.

A transport tells what waits, not what went. A client that reads, but always more slowly than is written to
it, looks like one that does not, and is cut off as well.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

log = logging.getLogger(__name__)

LONGEST_PAUSE_SECONDS = 1.0
LOOKS = 4  # within the seconds that a client has
# Above it a transport asks for no more (asyncio's default, and uvloop's): what waits can only become less.
HIGH_WATER_BYTES = 65_536
MIN_TAKEN_BYTES = 30_000


class Connection(Protocol):
    """As uvicorn's protocols are."""

    @property
    def transport(self) -> asyncio.Transport: ...


@dataclass(slots=True)
class Waiting:
    """How much waits for a client, and when that last became less."""

    size: int
    since: float


class Stalls:
    """Watches over connections, which come and go."""

    def __init__(self, connections: Collection[Connection], seconds: float) -> None:
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
        """Cut off those for whom what waits became no less for too long. `now`: seconds that only rise."""
        waiting = {}
        for connection in tuple(self._connections):
            transport = connection.transport
            size = transport.get_write_buffer_size()
            if not size:
                continue
            seen = self._waiting.get(transport)
            if seen is None or _has_taken(seen.size, size):
                seen = Waiting(size, now)
            elif size <= HIGH_WATER_BYTES:
                seen.size = size  # more may have come
            if now - seen.since > self._seconds:
                self._cut_off(transport, size)
            else:
                waiting[transport] = seen
        self._waiting = waiting

    def _cut_off(self, transport: asyncio.Transport, size: int) -> None:
        self.cut_off += 1
        log.info(
            "a client was cut off: %d bytes wait for it, and became no fewer for %g s", size, self._seconds
        )
        transport.abort()


def _has_taken(before: int, now: int) -> bool:
    """Whether what waits became less, by enough, between two looks.

    >>> _has_taken(50_000, 49_999), _has_taken(4_000_000, 3_999_999), _has_taken(4_000_000, 3_960_000)
    (True, False, True)
    """
    return now <= before - (MIN_TAKEN_BYTES if now > HIGH_WATER_BYTES else 1)
