"""The embedded server under an application that serves: when it ends, it is started again.

It ends if it crashes, or if it belonged to another process that has ended: whoever is attached takes it over.
"""

from __future__ import annotations

import asyncio
import logging

import asyncpg

from app.errors import DatabaseUnavailable
from app.postgres import RunningCluster, start_cluster

log = logging.getLogger(__name__)


class Keeper:
    """Watches a cluster by one idle connection. What it starts, `close` stops."""

    def __init__(self, cluster: RunningCluster) -> None:
        self._cluster = cluster
        self._begun: list[RunningCluster] = []

    async def keep(self) -> None:
        """Never returns. Raises DatabaseUnavailable if the server ended and cannot be started again in its
        place."""
        while True:
            await wait_for_end(self._cluster.dsn())
            log.warning("the database has ended; starting it again")
            again = await asyncio.to_thread(start_cluster, self._cluster.data_dir)
            self._begun.append(again)
            if again.dsn() != self._cluster.dsn():
                raise DatabaseUnavailable(
                    "The database ended, and came back in another place.", hint="Start this command again."
                )
            log.warning("the database runs again")
            self._cluster = again

    def close(self) -> None:
        """Stop what was started here. Blocks until it has ended."""
        for cluster in self._begun:
            cluster.stop()


async def wait_for_end(dsn: str) -> None:
    """Return when the server behind the URL has ended, or closes the connection."""
    ended = asyncio.Event()
    try:
        connection = await asyncpg.connect(dsn, server_settings={"application_name": "sayso keeper"})
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return
    connection.add_termination_listener(lambda _connection: ended.set())
    try:
        await ended.wait()
    finally:
        connection.terminate()
