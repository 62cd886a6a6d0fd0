"""A connection of one's own, outside the pools: for what takes long, and what only the owner may do."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from app.database.failures import FAILED, is_lost
from app.errors import OWNER_HINT, DatabaseUnavailable

CONNECT_SECONDS = 15
WHERE_HINT = "SAYSO_DATABASE_URL, or --database-url, says where it is and as whom to ask."


async def open_connection(dsn: str, name: str, **settings: str) -> asyncpg.Connection:
    """A connection that Postgres knows by `name`, without a bound on what a statement takes. Raises
    DatabaseUnavailable."""
    try:
        return await asyncpg.connect(
            dsn,
            timeout=CONNECT_SECONDS,
            server_settings={
                "application_name": name,
                "statement_timeout": "0",
                "search_path": "public",
                "TimeZone": "UTC",
                **settings,
            },
        )
    except (ValueError, *FAILED) as problem:
        raise explain_unreachable(problem) from problem


@asynccontextmanager
async def connect(dsn: str, name: str, **settings: str) -> AsyncIterator[asyncpg.Connection]:
    """Such a connection for the block; `role` among its settings: as whom, if not as the URL says.

    Raises DatabaseUnavailable if there is none, when it is lost, and for what the database refuses.
    """
    connection = await open_connection(dsn, name, **settings)
    try:
        yield connection
        await connection.close()
    except FAILED as problem:
        if is_lost(problem):
            raise DatabaseUnavailable(f"The database was lost: {problem}") from problem
        lacks_rights = isinstance(problem, asyncpg.InsufficientPrivilegeError)
        raise DatabaseUnavailable(
            f"The database refused: {problem}", hint=OWNER_HINT if lacks_rights else None
        ) from problem
    finally:
        connection.terminate()


def explain_unreachable(problem: Exception) -> DatabaseUnavailable:
    """Why a connection that may take CONNECT_SECONDS did not come about."""
    words = re.sub(r"\[Errno -?\d+\] ", "", str(problem)) or f"no answer in {CONNECT_SECONDS} seconds"
    return DatabaseUnavailable(f"The database cannot be reached: {words}", hint=WHERE_HINT)
