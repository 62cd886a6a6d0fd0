"""Who waits for events, and what they ask for."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.api.context import fetch_for, what_depends_on
from app.api.feeds.logs import Log, Place
from app.compiler import Statement
from app.database import Database
from app.errors import SubscriberTooSlow
from app.permissions import Operation, Viewer, permit

# What may wait for one subscriber: events, and their bytes.
MAX_QUEUED = 1_000
MAX_QUEUED_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Event:
    """A response, and the cursor that its successors are found by. None where nothing follows."""

    body: bytes
    cursor: str | None = None


class Subscriber:
    """A bounded queue of events. What does not fit ends the subscription: nobody else waits."""

    def __init__(self, place: Place) -> None:
        self.place = place  # up to here all was put
        self._queue: deque[tuple[Place, Event]] = deque()
        self._bytes = 0
        self._problem: Exception | None = None
        self._stirred = asyncio.Event()

    def put(self, place: Place, event: Event) -> None:
        if self._problem is not None:
            return
        self._queue.append((place, event))
        self._bytes += len(event.body)
        if len(self._queue) > MAX_QUEUED or self._bytes > MAX_QUEUED_BYTES:
            self.end(SubscriberTooSlow())
        self._stirred.set()

    def return_what_waits(self) -> None:
        """Nothing waits any more: the place is again that before what waited."""
        if self._queue:
            first = self._queue[0][0]
            self.place = Place(first.transaction, first.row - 1)
            self._queue.clear()
            self._bytes = 0

    def end(self, problem: Exception) -> None:
        """Say why nothing follows; what waits is let go."""
        self._problem = problem
        self._queue.clear()
        self._bytes = 0
        self._stirred.set()

    async def wait(self) -> None:
        """Return when an event waits. Raises what the subscription was ended with."""
        while not self._queue:
            if self._problem is not None:
                raise self._problem
            self._stirred.clear()
            await self._stirred.wait()

    def take(self) -> Event | None:
        """The next event, if one waits."""
        if not self._queue:
            return None
        _, event = self._queue.popleft()
        self._bytes -= len(event.body)
        return event


class Group:
    """Subscribers that ask for the same on behalf of the same viewer: what one is told all are."""

    def __init__(self, log: Log, statement: Statement, variables: Mapping[str, Any], viewer: Viewer) -> None:
        """Raises QueryRefused for values that are malformed."""
        self.subscribers: set[Subscriber] = set()
        self.viewer = viewer
        self._log = log
        self._statement = statement
        self._variables = variables
        # The same statement with the same values, for the same viewer, has the same answer.
        bound = statement.bind(variables, {**what_depends_on(viewer), "keys": []})
        self.key: Hashable = (statement.sql, repr(bound), viewer)

    @property
    def places(self) -> tuple[Place, Place]:
        """Of the subscriber who was told least, and of the one who was told most. There is one."""
        places = [subscriber.place for subscriber in self.subscribers]
        return min(places), max(places)

    async def read(
        self, database: Database, events: Sequence[tuple[Place, str]]
    ) -> list[tuple[Place, Event]]:
        """Those of the events that the group is told of, as its viewer may see them, in one statement."""
        permit(self.viewer, Operation.READ)
        keys = [self._log.keys(key) for _, key in events]
        body = await fetch_for(self.viewer, database, self._statement, self._variables, {"keys": keys})
        data = dict(line.split(b"\t", 1) for line in body.split(b"\n") if line)
        return [
            (place, make_event(data[key.encode()], self._log.spell(place)))
            for place, key in events
            if key.encode() in data
        ]

    def tell(self, after: Place, told: Sequence[tuple[Place, Event]], up_to: Place) -> None:
        """Put the events from `after` to `up_to` before each subscriber who has not had them, but all that
        comes before."""
        for subscriber in self.subscribers:
            if subscriber.place < after:
                continue
            for place, event in told:
                if place > subscriber.place:
                    subscriber.put(place, event)
            subscriber.place = max(subscriber.place, up_to)

    def end(self, problem: Exception) -> None:
        for subscriber in self.subscribers:
            subscriber.end(problem)


def make_event(data: bytes, cursor: str) -> Event:
    """A response of the data, with its cursor.

    >>> make_event(b"{}", "claimRecorded.7.1").body
    b'{"data":{},"extensions":{"cursor":"claimRecorded.7.1"}}'
    """
    return Event(b'{"data":%b,"extensions":{"cursor":"%b"}}' % (data, cursor.encode()), cursor)
