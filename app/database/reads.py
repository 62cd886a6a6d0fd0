"""The read pool: a few connections, and those who wait for one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

import asyncpg

from app.database.connections import ReadConnection
from app.database.failures import FAILED
from app.database.sharing import (
    LONGEST_AWAITED_SECONDS,
    Group,
    NobodyWaits,
    Pace,
    Queue,
    Request,
    Run,
    Shared,
)
from app.kept import Kept

# Statements of which is known what they take: how many, and characters of SQL.
MAX_PACES = 2_000
MAX_PACES_SQL = 20_000_000


class ReadPool:
    """At most `size` connections; one that is lost is replaced when it is needed.

    Who finds one idle uses it at once, the one used last first: its caches are warm. Who finds all busy waits
    in the queue, and a connection that is freed works that off.
    """

    def __init__(self, connect: Callable[[], Awaitable[ReadConnection]], size: int) -> None:
        self._connect = connect
        self._size = size
        self._open = 0  # those that are being opened included
        self._idle: list[ReadConnection] = []
        self._queue = Queue()
        self._paces: Kept[str, Pace] = Kept(MAX_PACES, MAX_PACES_SQL, lambda sql, _: len(sql))
        self._tasks: set[asyncio.Task[None]] = set()
        self._looking: asyncio.TimerHandle | None = None
        self._closing = False
        self._all_idle = asyncio.Event()

    @property
    def open(self) -> int:
        return self._open

    @property
    def busy(self) -> int:
        return self._open - len(self._idle)

    @property
    def waiting(self) -> int:
        """How many reads wait for a connection."""
        return self._queue.waiting

    async def warm(self) -> None:
        """Open a first connection, if there is none. Raises what the driver does."""
        connection = await self._take()
        if connection is not None:
            self._release(connection)

    async def fetch_value(
        self, sql: str, parameters: Sequence[object], shared: Shared | None = None
    ) -> bytes:
        """The one value of a statement. `shared`: how it is sent together with others.

        Raises what the driver does; InterfaceError if the pool is closed.
        """
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        def deliver(value: bytes) -> None:
            if not answer.done():
                answer.set_result(value)

        def refuse(problem: Exception) -> None:
            if not answer.done():
                answer.set_exception(problem)

        request = self.ask(sql, parameters, shared, deliver, refuse)
        try:
            return await answer
        except asyncio.CancelledError:
            request.give_up()
            raise

    def ask(
        self,
        sql: str,
        parameters: Sequence[object],
        shared: Shared | None,
        answer: Callable[[bytes], None],
        fail: Callable[[Exception], None],
    ) -> Request:
        """As `fetch_value`, for who needs no task to wait in: one of the two is called later, unless the
        request is given up. Raises InterfaceError if the pool is closed."""
        if self._closing:
            raise asyncpg.InterfaceError("the pool is closed")
        pace = self._paces.get_or_make(sql, Pace)
        pace.ask()
        request = Request(parameters, answer, fail, pace)
        if shared is not None and pace.is_in_demand(self._size):
            self._queue.add(sql, shared, request)
            self._begin_next()
            self._look_later()
        elif (worker := self._find_worker()) is not None:
            self._start(worker, pace, Group(sql, shared, pace, deque((request,))))
        else:
            self._queue.add(sql, shared, request)
        return request

    async def close(self) -> None:
        """Close all connections, when what was asked for is answered. Nothing is taken on from now on."""
        self._closing = True
        self._look_whether_all_idle()
        await self._all_idle.wait()
        while self._idle:
            self._open -= 1
            await self._idle.pop().close()

    async def _take(self) -> ReadConnection | None:
        """A connection that is idle, or a new one; none if all are busy."""
        worker = self._find_worker()
        if worker is None:
            return None
        try:
            return await worker.open()
        except BaseException:
            self._release(None)
            raise

    def _find_worker(self) -> Worker | None:
        """One with a connection that is idle, or with the place of a new one; none if all are busy."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_lost:
                return Worker(connection, self._connect)
            self._open -= 1
        if self._open == self._size:
            return None
        self._open += 1
        return Worker(None, self._connect)

    def _begin_next(self) -> None:
        """Let an idle connection work for those whose turn it is, if there is one."""
        group = self._queue.next_group(self._size)
        if group is not None and (worker := self._find_worker()) is not None:
            self._start(worker, group.pace)

    def _look_later(self) -> None:
        """Look soon whether a run is awaited that takes too long."""
        if self._looking is None:
            self._looking = asyncio.get_running_loop().call_later(LONGEST_AWAITED_SECONDS, self._look)

    def _look(self) -> None:
        self._looking = None
        self._begin_next()
        if self.waiting:
            self._look_later()

    def _release(self, connection: ReadConnection | None) -> None:
        """Give back a connection, or the place of one that is lost: to those who wait, if anybody does."""
        if connection is not None and connection.is_lost:
            connection = None
        if self._queue.next_group(self._size) is not None:
            self._start(Worker(connection, self._connect))
            return
        if connection is None:
            self._open -= 1
        else:
            self._idle.append(connection)
        self._look_whether_all_idle()

    def _look_whether_all_idle(self) -> None:
        if self._closing and self._open == len(self._idle):
            self._all_idle.set()

    def _start(self, worker: Worker, pace: Pace | None = None, alone: Group | None = None) -> None:
        """Let a worker begin: with a request that is `alone`, then with those that wait.

        It counts as a run of `pace` at once, since others may ask before it begins.
        """
        if pace is not None:
            pace.reserve()
        task = asyncio.create_task(self._work_off(worker, pace, alone))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work_off(self, worker: Worker, begun: Pace | None, alone: Group | None) -> None:
        """Answer who waits, until nobody does that has to."""
        if begun is not None:
            begun.end()
        try:
            if alone is not None:
                await self._answer(worker, alone, alone.requests[0])
            while (group := self._queue.next_group(self._size)) is not None:
                requests = self._queue.take(group, group.part(self._size))
                if len(requests) < 2 or not await self._answer_together(worker, group, requests):
                    for request in requests:
                        await self._answer(worker, group, request)
        finally:
            self._release(worker.connection)

    async def _answer_together(self, worker: Worker, group: Group, requests: Sequence[Request]) -> bool:
        """Answer by one statement. False if that fails: one request may be to blame, or all of them together
        take too long, so that each has to be tried by itself."""
        assert group.shared is not None
        begun = group.pace.begin()
        self._begin_next()
        try:
            parameters = group.shared.gather([request.parameters for request in requests])
            rows = await worker.run(group.shared.sql, parameters, requests)
        except Exception:
            group.pace.end()
            return False
        except BaseException:
            group.pace.end()
            raise
        group.pace.end_shared(begun, len(requests))
        if not parameters:
            rows *= len(requests)
        for request, row in zip(requests, rows, strict=True):
            request.deliver(row[0])
        return True

    async def _answer(self, worker: Worker, group: Group, request: Request) -> None:
        if request.is_over:
            return
        begun = group.pace.begin()
        self._begin_next()
        try:
            rows = await worker.run(group.sql, request.parameters, (request,))
        except Exception as problem:
            group.pace.end()
            request.refuse(problem)
        except BaseException:
            group.pace.end()
            raise
        else:
            group.pace.end_alone(begun)
            request.deliver(rows[0][0])


class Worker:
    """A place of the pool that answers who waits. Its connection is replaced when it is lost."""

    def __init__(
        self, connection: ReadConnection | None, connect: Callable[[], Awaitable[ReadConnection]]
    ) -> None:
        self.connection = connection
        self._connect = connect

    async def open(self) -> ReadConnection:
        """Its connection, or a new one. Raises what the driver does."""
        if self.connection is None or self.connection.is_lost:
            self.connection = None
            self.connection = await self._connect()
        return self.connection

    async def run(
        self, sql: str, parameters: Sequence[object], requests: Sequence[Request]
    ) -> list[asyncpg.Record]:
        """The rows of a statement. Raises NobodyWaits where it was given up."""
        task = asyncio.current_task()
        assert task is not None
        run = Run(task, requests)
        for request in requests:
            request.run = run
        try:
            connection = await self.open()
            return await connection.fetch(sql, parameters)
        except asyncio.CancelledError:
            if not run.is_given_up:
                raise
            task.uncancel()
            await self.settle()
            raise NobodyWaits from None
        finally:
            for request in requests:
                request.run = None

    async def settle(self) -> None:
        """Wait until a statement that was given up has ended: only then can the connection be used again."""
        if self.connection is None:
            return
        try:
            await self.connection.settle()
        except FAILED:
            self.connection.terminate()
