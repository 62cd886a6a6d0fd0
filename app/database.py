"""The way to Postgres: sessions that write, and `fetch_json`, which reads.

Reads and writes have pools of their own, so that a burst of one never starves the other. A read is one
statement whose only value is JSON text; it comes back as the bytes that go out. A write is one transaction,
tried again where Postgres asks for that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar
from uuid import UUID

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from app.errors import Busy, DatabaseUnavailable, QueryRefused, QueryTimeout
from app.settings import Settings

Result = TypeVar("Result")

# Serialization failure and deadlock: nothing is wrong with the work, only with its timing.
RETRIED_STATES = frozenset({"40001", "40P01"})
ATTEMPTS = 6
# Lock not available, and statement timeout.
TIMEOUT_STATES = frozenset({"55P03", "57014"})


# Shutting down, starting up, no connection left.
LOST_STATES = frozenset({"57P01", "57P02", "57P03", "53300"})
LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
)


class WriteSession(AsyncSession):
    """A transaction under way on behalf of a researcher. Only `Database.write` makes one."""

    async def fetch_json(self, sql: str, parameters: Sequence[object]) -> bytes:
        """What `Database.fetch_json` gives, as this transaction sees it: its own changes included."""
        await self.flush()
        return await fetch_json_on(await self.connection(), sql, parameters)


async def fetch_json_on(connection: AsyncConnection, sql: str, parameters: Sequence[object]) -> bytes:
    """Run a compiled statement on a connection of SQLAlchemy's, past its own result handling."""
    raw = await connection.get_raw_connection()
    driver: asyncpg.Connection = raw.driver_connection  # type: ignore[assignment]
    value: str | bytes = await driver.fetchval(sql, *parameters)
    return value if isinstance(value, bytes) else value.encode()


class Database:
    """One database, open. `Database.open` makes it; `close` ends its connections."""

    def __init__(self, engine: AsyncEngine, reads: asyncpg.Pool) -> None:
        self._engine = engine
        self._reads = reads

    @classmethod
    async def open(cls, dsn: str, settings: Settings) -> Database:
        """Open both pools. Raises DatabaseUnavailable, with the server's words, if it cannot be reached."""
        server_settings = {
            # What a read prints depends on these, whatever the server's own defaults.
            "TimeZone": "UTC",
            "DateStyle": "ISO, YMD",
            "extra_float_digits": "1",
            "application_name": "sayso",
            "statement_timeout": str(settings.statement_timeout_ms),
            "lock_timeout": str(settings.lock_timeout_ms),
        }
        try:
            reads = await asyncpg.create_pool(
                dsn,
                min_size=min(2, settings.read_connections),
                max_size=settings.read_connections,
                # Each connection keeps the plans of its statements, about 100 times their text.
                max_cacheable_statement_size=40_000,
                statement_cache_size=200,
                init=_answer_in_bytes,
                reset=_keep_state,
                server_settings={**server_settings, "default_transaction_read_only": "on"},
            )
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as problem:
            raise DatabaseUnavailable(f"The database cannot be reached: {problem}") from problem
        engine = create_async_engine(
            "postgresql+asyncpg://",
            # The driver reads the URL itself: SQLAlchemy would not know its sslmode or its socket.
            async_creator=lambda: asyncpg.connect(dsn, server_settings=server_settings),
            pool_size=settings.write_connections,
            max_overflow=0,
            hide_parameters=True,  # what was recorded does not belong in a log
        )
        return cls(engine, reads)

    async def close(self) -> None:
        await self._reads.close()
        await self._engine.dispose()

    async def fetch_json(self, sql: str, parameters: Sequence[object]) -> bytes:
        """The one value of a compiled statement: JSON text, in UTF-8.

        Raises QueryTimeout past the statement timeout, QueryRefused if the answer is too large to be made,
        DatabaseUnavailable if the connection is lost.
        """
        try:
            async with self._reads.acquire() as connection:
                value: bytes = await connection.fetchval(sql, *parameters)
                return value
        except asyncpg.QueryCanceledError as problem:
            raise QueryTimeout(
                "The query took longer than it may.", hint="Ask for less at once: smaller pages, fewer lists."
            ) from problem
        except asyncpg.ProgramLimitExceededError as problem:
            raise QueryRefused("The answer would be too large.", hint="Ask for less at once.") from problem
        except asyncpg.DataError:
            raise  # a value of the wrong type: a bug of ours, although the driver calls it its interface's
        except LOST as problem:
            raise DatabaseUnavailable("The database cannot be reached; try again.") from problem

    def _session(self) -> WriteSession:
        return WriteSession(self._engine, expire_on_commit=False)

    async def write(
        self,
        actor: UUID,
        work: Callable[[WriteSession], Awaitable[Result]],
        *,
        reason: str | None = None,
    ) -> Result:
        """Run `work` in one transaction of `actor`'s and commit it; the result is returned after the commit.

        `work` runs again from its beginning, in a new transaction, when Postgres reports a serialization
        failure or a deadlock, so it must have no effect outside its session. Raises Busy past the lock or
        statement timeout.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self._session() as session, session.begin():
                    await _name_actor(session, actor, reason)
                    return await work(session)
            except (PoolTimeoutError, asyncpg.QueryCanceledError) as problem:
                raise Busy(
                    "Too many changes at once; nothing was written.", hint="Try it again."
                ) from problem
            except DBAPIError as problem:
                if problem.connection_invalidated or sqlstate(problem) in LOST_STATES:
                    raise DatabaseUnavailable(
                        "The database was lost in the middle of a change.",
                        hint="What was committed stays. Try again, with the same idempotencyKey.",
                    ) from problem
                if sqlstate(problem) in TIMEOUT_STATES:
                    raise Busy(
                        "The change waited too long for another one; nothing was written.",
                        hint="Try it again.",
                    ) from problem
                if sqlstate(problem) not in RETRIED_STATES or attempt == ATTEMPTS:
                    raise
                await asyncio.sleep(0.01 * 2**attempt)
        raise AssertionError("the last attempt returns or raises")


class ConnectedDatabase(Database):
    """A database seen through one connection, inside a transaction that is already open on it.

    Everything written can be rolled back by whoever opened the transaction. Work is done one at a time.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()

    async def close(self) -> None:
        """The connection belongs to whoever opened it."""

    async def fetch_json(self, sql: str, parameters: Sequence[object]) -> bytes:
        async with self._turn:
            return await fetch_json_on(self._connection, sql, parameters)

    def _session(self) -> WriteSession:
        return WriteSession(
            self._connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )

    async def write(
        self,
        actor: UUID,
        work: Callable[[WriteSession], Awaitable[Result]],
        *,
        reason: str | None = None,
    ) -> Result:
        async with self._turn:
            return await super().write(actor, work, reason=reason)


def sqlstate(problem: DBAPIError) -> str | None:
    """The five characters by which Postgres names an error: 23505 is a unique violation."""
    return getattr(problem.orig, "sqlstate", None)


def constraint_name(problem: DBAPIError) -> str | None:
    """The constraint or unique index that refused the row, where Postgres says so."""
    cause = getattr(problem.orig, "__cause__", None)
    return getattr(cause, "constraint_name", None)


async def _name_actor(session: WriteSession, actor: UUID, reason: str | None) -> None:
    # Read by the trigger that writes revisions; local to the transaction.
    await session.execute(
        text(
            "SELECT set_config('sayso.actor', :actor, true), set_config('sayso.reason', :reason, true),"
            " set_config('sayso.revision', '', true)"
        ),
        {"actor": str(actor), "reason": reason or ""},
    )


async def _answer_in_bytes(connection: asyncpg.Connection) -> None:
    # Compiled statements end in ::varchar. Their text goes out as it came in: no decoding, no encoding.
    await connection.set_type_codec(
        "varchar", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary"
    )


async def _keep_state(connection: asyncpg.Connection) -> None:
    # A read leaves nothing behind on its connection; the usual reset would cost a round trip each time.
    del connection
