"""How much is held of what has not come whole: bodies of requests, messages of sockets.

A body has its seconds (`parameters`), and a message as long as its socket answers pings. Both may be as large
as SAYSO_MAX_BODY_BYTES: a thousand clients that send all but the end would fill the memory of a machine. So
there is room for BODIES of the largest in all, and for BODIES_OF_ADDRESS from one address. What is small
takes none: it is never refused for what others hold.
"""

from __future__ import annotations

from collections import Counter

from app.auth import address_of, network_of
from app.web.asgi import Scope
from app.web.refusals import Refusal

BODIES, BODIES_OF_ADDRESS = 32, 8
SMALL_BYTES = 16_384
RETRY_SECONDS = b"10"


class Room:
    """Counts who holds how much. `largest`: the bytes of the largest body."""

    def __init__(self, largest: int) -> None:
        self._most = BODIES * largest
        self._most_of_address = BODIES_OF_ADDRESS * largest
        self._held: Counter[str] = Counter()
        self._total = 0

    @property
    def held(self) -> int:
        """The bytes that are held in all."""
        return self._total

    def share(self, scope: Scope) -> Share:
        """What one body, or one socket, of the client holds: nothing yet."""
        return Share(self, scope)

    def change(self, place: str, by: int) -> None:
        """More or less is held of this address. Raises Refusal (503, 429); less is never refused."""
        if by > 0 and self._total + by > self._most:
            told = "This server waits for the end of so many large bodies that it takes no more of them now."
            raise Refusal(503, told, [(b"retry-after", RETRY_SECONDS)])
        if by > 0 and self._held[place] + by > self._most_of_address:
            told = "Your address has begun as many large bodies as it may: end some of them first."
            raise Refusal(429, told, [(b"retry-after", RETRY_SECONDS)])
        self._total += by
        self._held[place] += by
        if not self._held[place]:
            del self._held[place]


class Share:
    """What is held of one body, or for one socket."""

    def __init__(self, room: Room, scope: Scope) -> None:
        self._room, self._scope = room, scope
        self._held = 0

    def hold(self, size: int) -> None:
        """So many bytes are held from now on. Raises Refusal (503, 429), and holds what it held."""
        size = size if size > SMALL_BYTES else 0
        if size != self._held:
            self._room.change(network_of(address_of(self._scope)), size - self._held)
            self._held = size
