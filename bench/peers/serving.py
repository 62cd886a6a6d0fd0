"""uvicorn for the peers that are Python: one process, uvloop, httptools, no log."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn


def serve(application: Any, begin: Callable[[], Awaitable[None]]) -> None:
    """`begin`, print the port, and serve until SIGTERM."""
    config = uvicorn.Config(
        application, http="httptools", ws="none", lifespan="off", log_config=None, access_log=False
    )

    async def run(listener: socket.socket) -> None:
        await begin()
        print(listener.getsockname()[1], flush=True)
        await uvicorn.Server(config).serve(sockets=[listener])

    with (
        socket.create_server(("127.0.0.1", 0), backlog=2048) as listener,
        asyncio.Runner(loop_factory=config.get_loop_factory()) as runner,
    ):
        runner.run(run(listener))
