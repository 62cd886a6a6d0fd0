"""One look at a log for all who subscribe to it."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Hashable
from contextlib import aclosing, suppress
from itertools import chain

from app.api.feeds.logs import Log, Page, Place, Reach
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
        self._reach = Reach()
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
        reach = Reach()
        while resuming:
            page = await self._log.look(self._database, subscriber.place, reach.events)
            told = await self._read(group, page)
            hidings = self._database.changes.hidings
            reach.note(overtaken=told is None)
            if told is None:
                continue
            for place, event in told:
                await _check(group.viewer, review)
                if hidings != self._database.changes.hidings:
                    break
                yield event
                subscriber.place = place
            else:
                if page.events:
                    subscriber.place = page.end
                resuming = page.full
        async with self._turn:
            group = self._groups.setdefault(group.key, group)
            group.subscribers.add(subscriber)
            self._begin()
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

    def _begin(self) -> None:
        """Look for what somebody new has not been told."""
        if self._running is None:
            self._running = asyncio.create_task(self._run())
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
                pages = await self._try_to_advance()
                waiting = any(page.waiting for page in pages or ())
                settle = min(2 * settle, LONGEST_SETTLE_SECONDS) if waiting else SETTLE_SECONDS
                if any(page.full for page in pages or ()):
                    continue
                if pages is None or self._database.changes.version is None:
                    wait: float | None = BLIND_SECONDS
                else:
                    wait = settle if waiting else None
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._stirred.wait()
                        await asyncio.sleep(GATHER_SECONDS)
        finally:
            unwatch()

    async def _try_to_advance(self) -> Collection[Page] | None:
        """What was found; None if the database could not be asked."""
        try:
            return await self._advance()
        except SaysoError as problem:
            log.warning("cannot look for events: %s", problem.message)
        except Exception:
            log.exception("looking for events failed")
        return None

    async def _advance(self) -> Collection[Page]:
        """Tell every group of the next events. Raises DatabaseUnavailable; who was told stays told.

        Who was told most goes on though others of the group are told again what is hidden while they wait:
        as long as that goes on, they may never come so far.
        """
        async with self._turn:
            places = {group: group.places for group in self._groups.values() if group.subscribers}
            pages = {
                place: await self._log.look(self._database, place, self._reach.events)
                for place in set(chain.from_iterable(places.values()))
            }
            telling = [
                self._tell(group, place, pages[place])
                for group, (least, most) in places.items()
                for place in ([least] if pages[least].reaches(most) else [least, most])
            ]
            done = await asyncio.gather(*telling, return_exceptions=True)
            for problem in done:
                if isinstance(problem, BaseException):
                    raise problem
            self._reach.note(overtaken=not all(done))
            return pages.values()

    async def _tell(self, group: Group, after: Place, page: Page) -> bool:
        """Tell a group of a page; whether it was. It is not where something was hidden meanwhile."""
        if not page.events:
            return True
        try:
            told = await self._read(group, page)
        except DatabaseUnavailable:
            raise
        except Exception as problem:
            group.end(problem)
            told = []
        if told is not None:
            group.tell(after, told, page.end)
        return told is not None

    async def _read(self, group: Group, page: Page) -> list[tuple[Place, Event]] | None:
        """What a group is told of a page; None if it may hold what was hidden while it was read."""
        if not page.events:
            return []
        async with self._statements:
            # From here on, and no sooner: however often something is hidden, a statement may come between.
            hidings = self._database.changes.hidings
            try:
                async with asyncio.timeout(STATEMENT_SECONDS):
                    told = await group.read(self._database, page.events)
            except TimeoutError as problem:
                raise QueryTimeout(
                    "The events took longer to read than they may.", hint="Select less of each."
                ) from problem
        return told if hidings == self._database.changes.hidings else None


async def _check(viewer: Viewer, review: Review | None) -> None:
    """Return if it is the same viewer still. Raises NotPermitted."""
    if review is not None and await review() != viewer:
        raise NotPermitted("What you may see has changed.", hint="Subscribe again.")
