"""Transactions that write, and how a compiled statement reads inside one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from typing import Any, cast
from uuid import UUID

import asyncpg
from sqlalchemy import ExceptionContext, event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from app import tracing


class WriteSession(AsyncSession):
    """A transaction under way on behalf of a researcher. Only `Database.write` makes one."""

    async def fetch_json(self, sql: str, parameters: Sequence[object]) -> bytes:
        """What `Database.fetch_json` gives, as this transaction sees it: its own changes included."""
        await self.flush()
        return await fetch_json_on(await self.connection(), sql, parameters)


async def fetch_json_on(connection: AsyncConnection, sql: str, parameters: Sequence[object]) -> bytes:
    """Run a compiled statement on a connection of SQLAlchemy's, past its own result handling."""
    driver = await _driver_of(connection)
    value: str | bytes = await driver.fetchval(sql, *parameters)
    return value if isinstance(value, bytes) else value.encode()


async def _driver_of(connection: AsyncConnection) -> asyncpg.Connection:
    raw = await connection.get_raw_connection()
    return cast("asyncpg.Connection", raw.driver_connection)


@asynccontextmanager
async def untimed(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection whose transactions may take any time. Whoever has it next has the limit again."""
    async with engine.connect() as connection:
        driver = await _driver_of(connection)
        try:
            # Past SQLAlchemy, which would begin a transaction for it: one under way keeps the limit that it
            # began with.
            await driver.execute("SET transaction_timeout = 0")
            yield connection
        finally:
            await _limit_again(connection, driver)


async def _limit_again(connection: AsyncConnection, driver: asyncpg.Connection) -> None:
    # A rollback would take the limit back with it.
    given_back = not driver.is_closed() and not driver.is_in_transaction()
    try:
        if given_back:
            given_back = False
            await driver.execute("RESET transaction_timeout")
            given_back = True
    finally:
        if not given_back:
            await connection.invalidate()


async def name_actor(session: WriteSession, actor: UUID, reason: str | None) -> None:
    # Read by the trigger that writes revisions; local to the transaction.
    await session.execute(
        text(
            "SELECT set_config('sayso.actor', :actor, true), set_config('sayso.reason', :reason, true),"
            " set_config('sayso.revision', '', true)"
        ),
        {"actor": str(actor), "reason": reason or ""},
    )


def trace_statements(engine: AsyncEngine) -> None:
    """From now on each statement of a write has a span of its own (app.tracing)."""

    def begin(
        _connection: object, _cursor: object, sql: str, _parameters: object, execution: Any, _many: bool
    ) -> None:
        execution.traced = ExitStack()
        execution.traced.enter_context(tracing.span_of_statement(sql.split(None, 1)[0].upper()))

    def end(
        _connection: object, _cursor: object, _sql: str, _parameters: object, execution: Any, _many: bool
    ) -> None:
        execution.traced.close()

    def fail(failed: ExceptionContext) -> None:
        traced: ExitStack | None = getattr(failed.execution_context, "traced", None)
        if traced is not None:
            problem = failed.original_exception
            with suppress(type(problem)):
                traced.__exit__(type(problem), problem, None)

    event.listen(engine.sync_engine, "before_cursor_execute", begin)
    event.listen(engine.sync_engine, "after_cursor_execute", end)
    event.listen(engine.sync_engine, "handle_error", fail)
