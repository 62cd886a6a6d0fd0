"""The embedded server under an application that serves: when it ends, it is started again.

It ends if it crashes, or if it belonged to another process that has ended: whoever is attached takes it over.
"""

from __future__ import annotations

import asyncio
import logging

import asyncpg

from app.database import FAILED
from app.errors import DatabaseUnavailable
from app.postgres import RunningCluster, start_cluster

log = logging.getLogger(__name__)

# Each process of a server that was killed notices by itself; one at work does when it next waits.
END_SECONDS = 15.0


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
            again = await asyncio.to_thread(begin_again, self._cluster)
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


def begin_again(cluster: RunningCluster) -> RunningCluster:
    """The server of the same folder, started or attached to. Blocks until it answers."""
    # The lock of a server that was ours is still held by us, and would keep us out.
    if cluster.ended_within(END_SECONDS):
        cluster.stop()
    return start_cluster(cluster.data_dir)


async def wait_for_end(dsn: str) -> None:
    """Return when the server behind the URL has ended, or closes the connection."""
    ended = asyncio.Event()
    try:
        connection = await asyncpg.connect(dsn, server_settings={"application_name": "sayso keeper"})
    except FAILED:
        return
    connection.add_termination_listener(lambda _connection: ended.set())
    try:
        await ended.wait()
    finally:
        connection.terminate()
