"""Waiting for what nothing tells us of: that somebody waits for a lock, that a connection has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE_SECONDS = 60.0


async def until(happened: Callable[[], object], *, seconds: float = PATIENCE_SECONDS) -> None:
    """Return once this gives something true, or something awaitable that does; it is asked again and again.

    Raises TimeoutError if it never does in that time.
    """
    async with asyncio.timeout(seconds):
        while True:
            found = happened()
            if await found if isinstance(found, Awaitable) else found:
                return
            await asyncio.sleep(0.01)
