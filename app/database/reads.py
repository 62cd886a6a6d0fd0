"""The read pool: a few connections, each with the statements that it has prepared.

A read is one statement and changes nothing, so that a connection needs no round trip before or after it. The
connection used last is used next: its caches are warm, and what is not needed stays asleep.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import count

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from app.kept import Kept

# What a connection keeps prepared: number of statements, and characters of SQL. Postgres holds the plan of a
# statement in about 100 times its text.
MAX_PREPARED = 200
MAX_PREPARED_SQL = 1_000_000

# Ours are large and their rows few: compiling a plan to machine code costs more than it saves.
_SERVER_SETTINGS = {"default_transaction_read_only": "on", "jit": "off"}


class ReadConnection:
    """A connection that reads, one statement at a time."""

    def __init__(self, driver: asyncpg.Connection) -> None:
        self._driver = driver
        # What falls out of the table is closed by the driver before the next one is prepared.
        self._prepared: Kept[str, PreparedStatement] = Kept(
            MAX_PREPARED, MAX_PREPARED_SQL, lambda sql, _: len(sql)
        )
        self._numbers = count(1)

    @classmethod
    async def open(cls, dsn: str, server_settings: Mapping[str, str]) -> ReadConnection:
        driver = await asyncpg.connect(
            dsn, server_settings={**server_settings, **_SERVER_SETTINGS}, statement_cache_size=0
        )
        # Compiled statements end in ::varchar. Their text goes out as it came in: no decoding, no encoding.
        await driver.set_type_codec(
            "varchar", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary"
        )
        return cls(driver)

    @property
    def is_lost(self) -> bool:
        return self._driver.is_closed()

    async def fetch(self, sql: str, parameters: Sequence[object]) -> list[asyncpg.Record]:
        """The rows of a statement. It stays prepared: planned anew only until Postgres has a plan to keep."""
        prepared = self._prepared.get(sql)
        if prepared is None:
            prepared = await self._driver.prepare(sql, name=f"read_{next(self._numbers)}")
            self._prepared.put(sql, prepared)
        return await prepared.fetch(*parameters)

    async def settle(self) -> None:
        """Wait until a statement that was given up has ended. Raises what the driver does if it is lost."""
        for last in (False, True):
            try:
                await self._driver.execute("")
                return
            except asyncpg.QueryCanceledError:
                # Postgres was asked to end that statement, and hit this one instead.
                if last:
                    raise

    async def close(self) -> None:
        await self._driver.close()

    def terminate(self) -> None:
        self._driver.terminate()


class ReadPool:
    """At most `size` connections; one that is lost is replaced when it is needed.

    Whoever finds all of them busy waits for its turn.
    """

    def __init__(self, connect: Callable[[], Awaitable[ReadConnection]], size: int) -> None:
        self._connect = connect
        self._size = size
        self._open = 0  # those that are being opened included
        self._idle: list[ReadConnection] = []
        self._waiting: deque[asyncio.Future[ReadConnection | None]] = deque()
        self._settling: set[asyncio.Task[None]] = set()
        self._closing = False
        self._all_idle = asyncio.Event()

    async def warm(self) -> None:
        """Open a first connection, if there is none. Raises what the driver does."""
        self._give_back(await self._take())

    async def fetch(self, sql: str, parameters: Sequence[object]) -> list[asyncpg.Record]:
        """The rows of a statement. Raises what the driver does; InterfaceError if the pool is closed."""
        connection = await self._take()
        try:
            rows = await connection.fetch(sql, parameters)
        except asyncio.CancelledError:
            self._settle(connection)
            raise
        except BaseException:
            self._give_back(connection)
            raise
        self._give_back(connection)
        return rows

    async def close(self) -> None:
        """Close all connections, each when its statement has ended. Nothing is taken on from now on."""
        self._closing = True
        self._look_whether_all_idle()
        await self._all_idle.wait()
        while self._idle:
            self._open -= 1
            await self._idle.pop().close()

    async def _take(self) -> ReadConnection:
        if self._closing:
            raise asyncpg.InterfaceError("the pool is closed")
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_lost:
                return connection
            self._open -= 1
        if self._open < self._size:
            self._open += 1
            return await self._open_one()
        turn: asyncio.Future[ReadConnection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            given = await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._pass_on(turn.result())
            raise
        return await self._open_one() if given is None else given

    async def _open_one(self) -> ReadConnection:
        """A new connection in a place that is counted already."""
        try:
            return await self._connect()
        except BaseException:
            self._pass_on(None)
            raise

    def _give_back(self, connection: ReadConnection) -> None:
        self._pass_on(None if connection.is_lost else connection)

    def _pass_on(self, connection: ReadConnection | None) -> None:
        """Give a connection, or the place of one that is lost, to who has waited longest."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(connection)
                return
        if connection is None:
            self._open -= 1
        else:
            self._idle.append(connection)
        self._look_whether_all_idle()

    def _look_whether_all_idle(self) -> None:
        if self._closing and self._open == len(self._idle):
            self._all_idle.set()

    def _settle(self, connection: ReadConnection) -> None:
        """Use a connection again only when the statement that was given up on it has ended."""
        task = asyncio.create_task(self._settle_and_give_back(connection))
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def _settle_and_give_back(self, connection: ReadConnection) -> None:
        try:
            await connection.settle()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            connection.terminate()
        finally:
            self._give_back(connection)
