"""A connection that reads, with the statements that it has prepared.

A read is one statement and changes nothing, so that a connection needs no round trip before or after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from app.kept import Kept

# What a connection keeps prepared: number of statements, and characters of SQL. Postgres holds the plan of a
# statement in about 100 times its text.
MAX_PREPARED = 200
MAX_PREPARED_SQL = 1_000_000

# Ours are large and their rows few: compiling a plan to machine code costs more than it saves. What is read
# often is in memory, and disks seek no more: at Postgres's own random_page_cost of 4 it would rather walk a
# long list in order than look up the few rows that are asked for (docs/decisions/0017). Parallel workers walk
# past the end of a page, each for itself: at its own cost of them of 1000 they would. Counting a long list is
# worth them still. The last is for near spellings of agents (compiler/catalog/spellings.py).
READ_SETTINGS = {
    "default_transaction_read_only": "on",
    "jit": "off",
    "random_page_cost": "1.1",
    "parallel_setup_cost": "6000",
    "pg_trgm.word_similarity_threshold": "0.4",
}


class Tally:
    """How many statements were sent, over all connections of a pool."""

    __slots__ = ("sent",)

    def __init__(self) -> None:
        self.sent = 0


class ReadConnection:
    """A connection that reads, one statement at a time."""

    def __init__(self, driver: asyncpg.Connection, tally: Tally | None = None) -> None:
        self._driver = driver
        self._tally = tally or Tally()
        # What falls out of the table is closed by the driver before the next one is prepared.
        self._prepared: Kept[str, PreparedStatement] = Kept(
            MAX_PREPARED, MAX_PREPARED_SQL, lambda sql, _: len(sql)
        )
        self._numbers = count(1)

    @classmethod
    async def open(
        cls, dsn: str, server_settings: Mapping[str, str], tally: Tally | None = None
    ) -> ReadConnection:
        driver = await asyncpg.connect(
            dsn, server_settings={**server_settings, **READ_SETTINGS}, statement_cache_size=0
        )
        # Compiled statements end in ::varchar. Their text goes out as it came in: no decoding, no encoding.
        await driver.set_type_codec(
            "varchar", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary"
        )
        return cls(driver, tally)

    @property
    def is_lost(self) -> bool:
        return self._driver.is_closed()

    async def fetch(self, sql: str, parameters: Sequence[object]) -> list[asyncpg.Record]:
        """The rows of a statement. It stays prepared: planned anew only until Postgres has a plan to keep."""
        self._tally.sent += 1
        prepared = self._prepared.get(sql)
        if prepared is None:
            prepared = await self._driver.prepare(sql, name=f"read_{next(self._numbers)}")
            self._prepared.put(sql, prepared)
        return await prepared.fetch(*parameters)

    async def settle(self) -> None:
        """Wait until a statement that was given up has ended. Raises what the driver does if it is lost."""
        for last in (False, True):
            try:
                await self._driver.execute("SELECT")  # to the driver an empty text is a bug of its own
                return
            except asyncpg.QueryCanceledError:
                # Postgres was asked to end that statement, and hit this one instead.
                if last:
                    raise

    async def close(self) -> None:
        try:
            await self._driver.close()
        except OSError:  # the server went away while it was idle
            self._driver.terminate()

    def terminate(self) -> None:
        self._driver.terminate()
