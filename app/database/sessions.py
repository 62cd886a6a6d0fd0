"""Transactions that write, and how a compiled statement reads inside one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession


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


async def name_actor(session: WriteSession, actor: UUID, reason: str | None) -> None:
    # Read by the trigger that writes revisions; local to the transaction.
    await session.execute(
        text(
            "SELECT set_config('sayso.actor', :actor, true), set_config('sayso.reason', :reason, true),"
            " set_config('sayso.revision', '', true)"
        ),
        {"actor": str(actor), "reason": reason or ""},
    )
