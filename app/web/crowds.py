"""How many connections of clients may be open: as many as the settings say, and as there are files for.

A connection on which nothing is asked costs 5 kB and a file, and ends by itself (`connections`). But a client
may open thousands of them, and a process that has no file left answers nobody. So files are kept for what
else is opened, and where all others are taken, those connections make room on which nothing whole has been
asked for longest. Where all are busy, the new one is closed.
"""

from __future__ import annotations

import asyncio
import logging
import resource
from collections.abc import Collection
from contextlib import suppress
from typing import Protocol

log = logging.getLogger(__name__)

# For the database, for what is read from disk, for the log.
SPARE_FILES = 200
# So many of a hundred are closed at once: each look goes through all of them.
CLOSED_PERCENT = 5


class Connection(Protocol):
    """What is known of a connection here."""

    @property
    def transport(self) -> asyncio.Transport: ...

    @property
    def rests_since(self) -> float | None:
        """By the loop's clock, when it was opened or answered last; None while something is asked."""

    def let_go(self) -> None: ...


def raise_file_limit(places: int) -> None:
    """Let this process open as many files as so many connections need, if it may. Most systems allow a
    thousand, and more to who asks for it."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = places + SPARE_FILES
    if allowed == resource.RLIM_INFINITY or allowed >= needed:
        return
    raised = needed if most == resource.RLIM_INFINITY else min(needed, most)
    with suppress(OSError, ValueError):  # the system has a limit of its own
        resource.setrlimit(resource.RLIMIT_NOFILE, (raised, most))


def count_places(wanted: int) -> int:
    """How many connections there may be: as many as are wanted, if this process may open files for them."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return wanted if files == resource.RLIM_INFINITY else min(wanted, max(files - SPARE_FILES, files // 2))


def make_room(connections: Collection[Connection], most: int) -> None:
    """Close some on which nothing is asked, if more than `most` are open."""
    if len(connections) <= most:
        return
    # Many may come at once: what was closed for the first of them is there until all have come.
    standing = sum(not each.transport.is_closing() for each in connections)
    if standing <= most:
        return
    resting = [(since, each) for each in connections if (since := each.rests_since) is not None]
    resting.sort(key=lambda found: found[0])
    # Who came last has had no time to ask: it goes only where nobody else makes room.
    others = min(most * CLOSED_PERCENT // 100, len(resting) - 1)
    closed = resting[: max(standing - most, others)]
    log.info("%d connections are open: %d on which nothing was asked are closed", standing, len(closed))
    for _, each in closed:
        each.let_go()
