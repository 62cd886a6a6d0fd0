"""One database, open: what reads and writes go through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias, TypeVar
from uuid import UUID

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool

from app import tracing
from app.database.changes import Changes, listen
from app.database.connections import ReadConnection, Tally
from app.database.failures import (
    FAILED,
    LOST,
    RETRIED_STATES,
    TIMEOUT_STATES,
    Overtaken,
    explain_read,
    explain_refusal,
    is_lost,
    is_too_late,
    sqlstate,
)
from app.database.reads import ReadPool
from app.database.sessions import WriteSession, fetch_json_on, name_actor, trace_statements, untimed
from app.database.sharing import Asked, Shared
from app.errors import Busy, DatabaseUnavailable
from app.models.outsiders import SCHEMA
from app.models.roles import OUTSIDER, WRITER
from app.settings import Settings

Result = TypeVar("Result")
Connect: TypeAlias = Callable[[], Awaitable[asyncpg.Connection]]

ATTEMPTS = 6

# What makes a connection one of outsiders. It is so from its start, so that nothing resets it.
OUTSIDE = {"role": OUTSIDER, "search_path": SCHEMA}
SET_LOCAL = text("SELECT set_config(:name, :value, true)")


@dataclass(frozen=True, slots=True)
class Use:
    """The connections of the pools, the reads that wait for one, and the statements sent to read so far."""

    reads_open: int
    reads_busy: int
    reads_waiting: int
    outside_open: int
    outside_busy: int
    writes_open: int
    writes_busy: int
    statements: int


class Database:
    """One database, open. `Database.open` makes it; `close` ends its connections."""

    def __init__(
        self, engine: AsyncEngine, reads: ReadPool, outsiders: ReadPool, connect: Connect, tally: Tally
    ) -> None:
        self._engine = engine
        self._reads = reads
        self._outsiders = outsiders
        self._tally = tally
        self._connect = connect
        self.changes = Changes()

    @classmethod
    async def open(cls, dsn: str, settings: Settings, *, as_owner: bool = False) -> Database:
        """Open the pools; that of outsiders opens its first connection when one of them asks.

        `as_owner`: as whoever the URL names, who is to own the tables; else as the role that can only add to
        the log (app/models/roles.py).
        Raises DatabaseUnavailable, with the server's words, if the database cannot be reached.
        """
        server_settings = {
            # What a read prints depends on these, whatever the server's own defaults.
            "TimeZone": "UTC",
            "DateStyle": "ISO, YMD",
            "extra_float_digits": "1",
            "application_name": "sayso",
            "statement_timeout": str(settings.statement_timeout_ms),
            "lock_timeout": str(settings.lock_timeout_ms),
            **({} if as_owner else {"role": WRITER}),
        }
        tally = Tally()
        reads = ReadPool(lambda: ReadConnection.open(dsn, server_settings, tally), settings.read_connections)
        outsiders = ReadPool(
            lambda: ReadConnection.open(dsn, {**server_settings, **OUTSIDE}, tally), settings.read_connections
        )
        try:
            await reads.warm()
        except FAILED as problem:
            raise DatabaseUnavailable(f"The database cannot be reached: {problem}") from problem

        # What the owner does takes as long as it takes.
        limit = 0 if as_owner else settings.transaction_timeout_ms
        writing = {**server_settings, "transaction_timeout": str(limit)}

        def connect() -> Awaitable[asyncpg.Connection]:
            return asyncpg.connect(dsn, server_settings=writing)

        engine = create_async_engine(
            "postgresql+asyncpg://",
            # The driver reads the URL itself: SQLAlchemy would not know its sslmode or its socket.
            async_creator=connect,
            pool_size=settings.write_connections,
            max_overflow=0,
            hide_parameters=True,  # what was recorded does not belong in a log
        )
        if tracing.tracer is not None:
            trace_statements(engine)
        return cls(engine, reads, outsiders, connect, tally)

    def use(self) -> Use:
        """What is in use just now."""
        pool = self._engine.pool
        assert isinstance(pool, QueuePool)
        return Use(
            self._reads.open,
            self._reads.busy,
            self._reads.waiting + self._outsiders.waiting,
            self._outsiders.open,
            self._outsiders.busy,
            pool.checkedin() + pool.checkedout(),
            pool.checkedout(),
            self._tally.sent,
        )

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Within the block `changes` hears what is committed, from when a connection for that is there."""
        listening = asyncio.ensure_future(listen(self._connect, self.changes))
        try:
            yield
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def close(self) -> None:
        await self._reads.close()
        await self._outsiders.close()
        await self._engine.dispose()

    async def fetch_json(
        self,
        sql: str,
        parameters: Sequence[object],
        shared: Shared | None = None,
        *,
        outside: bool = False,
    ) -> bytes:
        """The one value of a compiled statement: JSON text, in UTF-8.

        `shared`: how the statement is sent together with others of its kind, where connections are few.
        `outside`: as the role of outsiders, to whom the tables it names are views (app/models/outsiders.py).

        Raises QueryTimeout past the statement timeout, QueryRefused if the answer is too large to be made,
        DatabaseUnavailable if the connection is lost.
        """
        pool = self._outsiders if outside else self._reads
        try:
            if tracing.tracer is None:
                return await pool.fetch_value(sql, parameters, shared)
            with tracing.span_of_statement("SELECT"):
                return await pool.fetch_value(sql, parameters, shared)
        except Exception as problem:
            expected = explain_read(problem)
            if expected is None:
                raise
            raise expected from problem

    def ask_json(
        self,
        sql: str,
        parameters: Sequence[object],
        shared: Shared | None,
        answer: Callable[[bytes], None],
        fail: Callable[[Exception], None],
        *,
        outside: bool = False,
    ) -> Asked | None:
        """As `fetch_json`, for who needs no task to wait in: one of the two is called later, with what that
        returns or raises, unless the request is given up. None where there is no pool to ask."""

        def explain(problem: Exception) -> None:
            fail(explain_read(problem) or problem)

        pool = self._outsiders if outside else self._reads
        try:
            return pool.ask(sql, parameters, shared, answer, explain)
        except asyncpg.InterfaceError as problem:
            raise explain_read(problem) or problem from problem

    def _session(self) -> WriteSession:
        return WriteSession(self._engine, expire_on_commit=False)

    @asynccontextmanager
    async def _transaction(self, *, patient: bool) -> AsyncIterator[WriteSession]:
        if not patient:
            async with self._session() as session, session.begin():
                yield session
            return
        async with (
            untimed(self._engine) as connection,
            WriteSession(connection, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    async def write(
        self,
        actor: UUID,
        work: Callable[[WriteSession], Awaitable[Result]],
        *,
        reason: str | None = None,
        patient: bool = False,
    ) -> Result:
        """Run `work` in one transaction of `actor`'s and commit it; the result is returned after the commit.

        `work` runs again from its beginning, in a new transaction, when Postgres reports a serialization
        failure or a deadlock, or it raises Overtaken itself: it must have no effect outside its session.
        Raises Busy past a timeout (of a lock, a statement or the whole), and after ATTEMPTS attempts;
        DatabaseUnavailable if the connection is lost, or the server takes no changes.

        `patient`: the whole may take any time. The limits of a lock and of a statement are `work`'s to set.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self._transaction(patient=patient) as session:
                    await name_actor(session, actor, reason)
                    return await work(session)
            except (PoolTimeoutError, asyncpg.QueryCanceledError) as problem:
                raise Busy(
                    "Too many changes at once; nothing was written.", hint="Try it again."
                ) from problem
            except (DBAPIError, Overtaken, *LOST) as problem:
                state = sqlstate(problem) if isinstance(problem, DBAPIError) else None
                is_retried = state in RETRIED_STATES or isinstance(problem, Overtaken)
                if state in TIMEOUT_STATES or (is_retried and attempt == ATTEMPTS):
                    raise Busy(
                        "The change waited too long for another one; nothing was written.",
                        hint="Try it again.",
                    ) from problem
                if is_too_late(problem):
                    raise Busy(
                        "The change took too long; nothing was written.",
                        hint="Try it again, or less at once.",
                    ) from problem
                if is_lost(problem):
                    raise DatabaseUnavailable(
                        "The database was lost in the middle of a change.",
                        hint="What was committed stays. Try it again.",
                    ) from problem
                if (refused := explain_refusal(problem)) is not None:
                    raise refused from problem
                if not is_retried:
                    raise
                await asyncio.sleep(0.01 * 2**attempt)
            finally:
                # Before anybody is told that it is done. A failure, too, may have come after the commit.
                self.changes.raise_version()
        raise AssertionError("the last attempt returns or raises")


class ConnectedDatabase(Database):
    """A database seen through one connection, inside a transaction that is already open on it.

    Everything written can be rolled back by whoever opened the transaction. Work is done one at a time.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()
        self.changes = Changes()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Hears nothing: nothing is committed."""
        yield

    async def close(self) -> None:
        """The connection belongs to whoever opened it."""

    async def fetch_json(
        self,
        sql: str,
        parameters: Sequence[object],
        shared: Shared | None = None,
        *,
        outside: bool = False,
    ) -> bytes:
        del shared
        async with self._turn:
            if not outside:
                return await fetch_json_on(self._connection, sql, parameters)
            # Given up afterwards, and the role with it: a read leaves nothing behind.
            savepoint = await self._connection.begin_nested()
            try:
                for name, value in OUTSIDE.items():
                    await self._connection.execute(SET_LOCAL, {"name": name, "value": value})
                return await fetch_json_on(self._connection, sql, parameters)
            finally:
                await savepoint.rollback()

    def ask_json(self, *_: object, **__: object) -> None:
        """There is no pool to ask."""

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
        patient: bool = False,
    ) -> Result:
        del patient  # whoever opened the transaction gave it its time
        async with self._turn:
            return await super().write(actor, work, reason=reason)
