"""One look at a log for all who subscribe to it."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable
from contextlib import aclosing, suppress

from app.api.feeds.logs import Log, Page, Place
from app.api.feeds.subscribers import Event, Group, Subscriber
from app.database import Database
from app.domain.counts import spell_count
from app.errors import DatabaseUnavailable, NotPermitted, QueryRefused, QueryTimeout, SaysoError
from app.permissions import Viewer

log = logging.getLogger(__name__)

# Statements that run at once for events: reads of requests have the other connections.
STATEMENTS = 2
# A group whose events take longer to read would hold up the others: it is ended.
STATEMENT_SECONDS = 5.0
# A commit is often followed by another: they are looked at together.
GATHER_SECONDS = 0.02
# How soon to look again for what another transaction, still under way, holds up: at first, and at last.
SETTLE_SECONDS = 0.05
LONGEST_SETTLE_SECONDS = 1.0
# How often to look where commits are not heard, and after a failure.
BLIND_SECONDS = 1.0

Review = Callable[[], Awaitable[Viewer]]


class Feed:
    """A log, and who is told of it. Looks at it only while somebody subscribes."""

    def __init__(self, database: Database, log: Log, *, most: int) -> None:
        """`most`: subscribers at once."""
        self._database = database
        self._log = log
        self._most = most
        self._groups: dict[Hashable, Group] = {}
        self._count = 0
        self.told = 0  # events, to all subscribers together
        self.dropped: Counter[str] = Counter()  # subscribers, by the code of what they were ended with
        self._place = Place(0, 0)  # up to here all groups were told
        self._turn = asyncio.Lock()  # held while they are told, and while somebody joins
        self._stirred = asyncio.Event()
        self._statements = asyncio.Semaphore(STATEMENTS)
        self._running: asyncio.Task[None] | None = None

    # --- what the database tells ------------------------------------------------------------------

    def __len__(self) -> int:
        """How many subscribe."""
        return self._count

    def changed(self, transaction: int) -> None:
        del transaction
        self._stirred.set()

    def hidden(self) -> None:
        """What waits is read again: it was read as it may not be shown any more."""
        for group in self._groups.values():
            for subscriber in group.subscribers:
                subscriber.return_what_waits()
                self._place = min(self._place, subscriber.place)
        self._stirred.set()

    def lost(self) -> None:
        self._stirred.set()

    def regained(self) -> None:
        self.hidden()  # that may have been missed

    # --- for subscribers --------------------------------------------------------------------------

    async def subscribe(
        self, group: Group, after: str | None, review: Review | None = None
    ) -> AsyncGenerator[Event, None]:
        """The events to come, or those after a cursor, of which this group is to be told.

        Raises QueryRefused for a cursor that is none, and for too many subscribers. The generator ends with
        SubscriberTooSlow, with NotPermitted if the viewer is another when `review` looks again, which it does
        before each event is taken, or with what made a statement fail.
        """
        if self._count >= self._most:
            told = (
                f"This server has {spell_count(self._most, 'subscriber')} already"
                if self._most
                else "Nobody may subscribe"
            )
            raise QueryRefused(f"{told} (SAYSO_SUBSCRIBERS).")
        place = await self._log.begin(self._database)
        if after is not None:
            resumed = self._log.read(after)
            if resumed.transaction > place.transaction:
                raise QueryRefused("`after` is ahead of this database: is it a cursor of another?")
            place = resumed
        return self._count_told(self._follow(group, Subscriber(place), review, resuming=after is not None))

    async def _count_told(self, events: AsyncGenerator[Event, None]) -> AsyncGenerator[Event, None]:
        self._count += 1
        try:
            async with aclosing(events):
                async for event in events:
                    self.told += 1
                    yield event
        except Exception as problem:
            self.dropped[problem.code if isinstance(problem, SaysoError) else "INTERNAL"] += 1
            raise
        finally:
            self._count -= 1

    async def _follow(
        self, group: Group, subscriber: Subscriber, review: Review | None, *, resuming: bool
    ) -> AsyncGenerator[Event, None]:
        # Who goes on from long ago reads at a pace of their own, and joins the others at the end.
        while resuming:
            hidings = self._database.changes.hidings
            page = await self._log.look(self._database, subscriber.place)
            for place, event in await self._read(group, page):
                await _check(group.viewer, review)
                if hidings != self._database.changes.hidings:
                    break
                yield event
                subscriber.place = place
            else:
                if page.events:
                    subscriber.place = page.events[-1][0]
                resuming = page.full
        async with self._turn:
            group = self._groups.setdefault(group.key, group)
            group.subscribers.add(subscriber)
            self._begin_at(subscriber.place)
        try:
            while True:
                await subscriber.wait()
                await _check(group.viewer, review)
                # What waited may have been hidden while the viewer was looked at.
                if (waited := subscriber.take()) is not None:
                    yield waited
        finally:
            group.subscribers.discard(subscriber)
            if not group.subscribers:
                self._forget(group)

    def _begin_at(self, place: Place) -> None:
        """Tell all from this place on. Who was told of it before is not told again."""
        if self._running is None:
            self._place = place
            self._running = asyncio.create_task(self._run())
        self._place = min(self._place, place)
        self._stirred.set()

    def _forget(self, group: Group) -> None:
        if self._groups.get(group.key) is group:
            del self._groups[group.key]
        if not self._groups and self._running is not None:
            self._running.cancel()
            self._running = None

    # --- looking ----------------------------------------------------------------------------------

    async def _run(self) -> None:
        """Look whenever something was committed, until cancelled."""
        unwatch = self._database.changes.watch(self)
        settle = SETTLE_SECONDS
        try:
            while True:
                self._stirred.clear()
                page = await self._try_to_advance()
                settle = min(2 * settle, LONGEST_SETTLE_SECONDS) if page and page.waiting else SETTLE_SECONDS
                if page and page.full:
                    continue
                if page is None or self._database.changes.version is None:
                    wait: float | None = BLIND_SECONDS
                else:
                    wait = settle if page.waiting else None
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._stirred.wait()
                        await asyncio.sleep(GATHER_SECONDS)
        finally:
            unwatch()

    async def _try_to_advance(self) -> Page | None:
        """What was found; None if the database could not be asked."""
        try:
            return await self._advance()
        except SaysoError as problem:
            log.warning("cannot look for events: %s", problem.message)
        except Exception:
            log.exception("looking for events failed")
        return None

    async def _advance(self) -> Page:
        """Tell every group of the next events. Raises DatabaseUnavailable; who was told stays told."""
        async with self._turn:
            hidings = self._database.changes.hidings
            page = await self._log.look(self._database, self._place)
            if page.events:
                telling = [self._tell(group, page, hidings) for group in list(self._groups.values())]
                for problem in await asyncio.gather(*telling, return_exceptions=True):
                    if problem is not None:
                        raise problem
                # Else it is read again, from where `hidden` has set the place.
                if hidings == self._database.changes.hidings:
                    self._place = page.events[-1][0]
            return page

    async def _tell(self, group: Group, page: Page, hidings: int) -> None:
        try:
            told = await self._read(group, page)
        except DatabaseUnavailable:
            raise
        except Exception as problem:
            group.end(problem)
        else:
            if hidings == self._database.changes.hidings:
                group.tell(told, page.events[-1][0])

    async def _read(self, group: Group, page: Page) -> list[tuple[Place, Event]]:
        if not page.events:
            return []
        async with self._statements:
            try:
                async with asyncio.timeout(STATEMENT_SECONDS):
                    return await group.read(self._database, page.events)
            except TimeoutError as problem:
                raise QueryTimeout(
                    "The events took longer to read than they may.", hint="Select less of each."
                ) from problem


async def _check(viewer: Viewer, review: Review | None) -> None:
    """Return if it is the same viewer still. Raises NotPermitted."""
    if review is not None and await review() != viewer:
        raise NotPermitted("What you may see has changed.", hint="Subscribe again.")
