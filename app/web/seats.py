"""How many WebSockets and event streams may be open: in all, and from one address.

Each costs memory and a file for as long as its client likes, whether or not it says anything. Other
connections end by themselves (`connections`, `stalls`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from app.auth import address_of, network_of
from app.domain.counts import spell_count
from app.settings import Settings
from app.web.asgi import Scope
from app.web.refusals import Refusal

RETRY_SECONDS = b"10"


class Seats:
    """Counts who sits where."""

    def __init__(self, settings: Settings) -> None:
        self._most = settings.sockets
        self._most_of_address = settings.sockets_per_address
        self._taken: Counter[str] = Counter()
        self._total = 0

    def __len__(self) -> int:
        return self._total

    def take(self, scope: Scope) -> Callable[[], None]:
        """Take a seat for a client; what is returned gives it back. Raises Refusal (503, 429)."""
        place = network_of(address_of(scope))
        headers = [(b"retry-after", RETRY_SECONDS)]
        if self._total >= self._most:
            told = f"This server has {_spell(self._most)} open already (SAYSO_SOCKETS)."
            raise Refusal(503, told, headers)
        if self._taken[place] >= self._most_of_address:
            told = f"Your address has {_spell(self._most_of_address)} open already."
            raise Refusal(429, told, headers)
        self._taken[place] += 1
        self._total += 1
        return lambda: self._leave(place)

    def _leave(self, place: str) -> None:
        self._total -= 1
        self._taken[place] -= 1
        if not self._taken[place]:
            del self._taken[place]


def _spell(seats: int) -> str:
    return spell_count(seats, "socket or stream", "sockets and streams")
