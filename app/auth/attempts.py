"""Whoever sent wrong tokens has to wait: guessing is hopeless anyhow, but it should not be work for the
database either.

Failures are counted by address and by prefix. After a few, tokens that were not seen to be right before are
looked at one a second; those that would wait too long are refused. Nothing is kept for long: the table has an
upper bound, and forgets after a while.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from app.auth.addresses import network_of
from app.errors import TooManyAttempts

# Wrong tokens that cost nothing: a person who mistypes, a client that was not told of a new token yet.
FREE_FAILURES = 10
SPACING_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 3.0
FORGOTTEN_AFTER_SECONDS = 300.0
MAX_KEPT = 20_000


@dataclass(slots=True)
class _Failures:
    count: int
    last: float
    next_turn: float = 0.0


class Attempts:
    """`clock` gives seconds that only rise."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, _Failures] = OrderedDict()

    def __len__(self) -> int:
        return len(self._failures)

    def wait(self, address: str, prefix: str) -> float:
        """How many seconds to wait before the token is looked at. Raises TooManyAttempts instead of long."""
        now = self._clock()
        turns = []
        for key in _keys(address, prefix):
            failures = self._failures.get(key)
            if failures is not None and now - failures.last > FORGOTTEN_AFTER_SECONDS:
                del self._failures[key]
            elif failures is not None and failures.count >= FREE_FAILURES:
                turns.append(failures)
        turn = max([now, *(each.next_turn for each in turns)])
        if turn - now > LONGEST_WAIT_SECONDS:
            raise TooManyAttempts(math.ceil(turn - now))
        for each in turns:
            each.next_turn = turn + SPACING_SECONDS
        return turn - now

    def fail(self, address: str, prefix: str) -> None:
        """The token was wrong."""
        now = self._clock()
        for key in _keys(address, prefix):
            failures = self._failures.setdefault(key, _Failures(0, now))
            failures.count += 1
            failures.last = now
            self._failures.move_to_end(key)
        while len(self._failures) > MAX_KEPT:
            self._failures.popitem(last=False)


def _keys(address: str, prefix: str) -> tuple[str, str]:
    return f"from {network_of(address)}", f"prefix {prefix}"
