"""The log, sealed: each revision gets its link in a chain of hashes, and a seal closes what was linked.

A write has nothing to do with it. Sealing is done afterwards, by one at a time, on connections of its own.

Revisions are sealed in the order of their transactions, and only once every transaction that began before
theirs has ended. So whatever commits later comes later in the chain, and what is sealed is never added to.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import astuple, dataclass
from datetime import datetime

import asyncpg

from app.database import connect
from app.domain.seals import (
    NO_HASH,
    SEED_BYTES,
    Fields,
    SealedState,
    digest_fields,
    hash_seal,
    link,
    spell_optional,
    spell_text,
    spell_time,
)
from app.errors import Busy, SaysoError
from app.models.roles import WRITER

log = logging.getLogger(__name__)

# Revisions that one seal closes, at most.
BATCH = 10_000
# Revisions that are hashed in one go: about 5 ms, in which an event loop does nothing else.
SLICE = 100
# Beside the locks of locks.py, in the same space of two keys.
SEALERS = "7367, 2"

LOCK = f"SELECT pg_try_advisory_lock({SEALERS})"
NEWEST_REVISION = """
SELECT coalesce(max(last_value), 0) FROM pg_sequences
WHERE schemaname = 'public' AND sequencename = 'revision_id_seq'
"""
# A number of its own: whoever has a higher one began later. A snapshot's xmax is none such: transactions that
# are under way may have it, or a higher one.
NEXT_TRANSACTION = "SELECT pg_current_xact_id()::text::bigint"
SNAPSHOT = """
SELECT pg_snapshot_xmin(now)::text::bigint, pg_snapshot_xmax(now)::text::bigint
FROM pg_current_snapshot() AS now
"""
END_OF_CHAIN = """
SELECT (SELECT position FROM public.sealed_revision ORDER BY position DESC LIMIT 1),
       (SELECT hash FROM public.sealed_revision ORDER BY position DESC LIMIT 1),
       (SELECT hash FROM public.seal ORDER BY id DESC LIMIT 1)
"""
# Up to this id every revision is sealed. What was not when the last run ended is of a transaction that is not
# below its `complete_below`. Where an earlier run saw no such transaction yet, it took its id after that.
SEALED_UP_TO = """
SELECT coalesce(max(earlier.newest_revision), 0)
FROM (SELECT complete_below FROM public.seal WHERE complete_below IS NOT NULL ORDER BY id DESC LIMIT 1) last
JOIN public.seal earlier ON earlier.next_transaction <= last.complete_below
"""
# A transaction from past the snapshot is of another server, from which the database was restored.
UNSEALED = """
SELECT r.id FROM public.revision r
WHERE r.id > $1
  AND NOT EXISTS (SELECT FROM public.sealed_revision s WHERE s.revision = r.id)
  AND (r.transaction::bigint < $2 OR r.transaction::bigint >= $3)
ORDER BY r.transaction::bigint, r.id
"""
# What is hashed of revisions. The statuses that a revision brought are sealed with it.
CONTENT = """
SELECT r.id, r.at, r.actor::text, r.reason, r.table_name, r.row_id::text, r.subject::text, r.operation,
       r.transaction, a.ended,
       CASE jsonb_typeof(r.before) WHEN 'object' THEN NULL ELSE coalesce(r.before::text, 'null') END,
       was.names, was.values,
       CASE jsonb_typeof(r.after) WHEN 'object' THEN NULL ELSE coalesce(r.after::text, 'null') END,
       became.names, became.values,
       (SELECT jsonb_agg(jsonb_build_array(s.id, s.claim, s.status, s.lines_for, s.lines_against,
                                           s.reports_for, s.reports_against,
                                           (extract(epoch FROM s.since) * 1000000)::bigint)
                         ORDER BY s.id)::text
        FROM public.status_change s WHERE s.revision = r.id) AS statuses
FROM public.revision r
LEFT JOIN LATERAL (
    SELECT a.ended FROM public.act a WHERE a.transaction = r.transaction AND a.first_revision <= r.id
    ORDER BY a.first_revision DESC LIMIT 1
) a ON true
CROSS JOIN LATERAL (
    SELECT array_agg(key) AS names, array_agg(value::text) AS values
    FROM jsonb_each(CASE jsonb_typeof(r.before) WHEN 'object' THEN r.before END)
) was
CROSS JOIN LATERAL (
    SELECT array_agg(key) AS names, array_agg(value::text) AS values
    FROM jsonb_each(CASE jsonb_typeof(r.after) WHEN 'object' THEN r.after END)
) became
WHERE r.id = ANY($1)
"""
INSERT_SEAL = """
INSERT INTO public.seal (id, sealed_at, last_position, last_revision, complete_below, next_transaction,
                         newest_revision, previous_hash, hash)
OVERRIDING SYSTEM VALUE
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
NEXT_SEAL = "SELECT nextval('public.seal_id_seq'), clock_timestamp()"
LIST_SEALS = """
SELECT id, encode(hash, 'hex') AS hash, sealed_at, last_position FROM public.seal ORDER BY id DESC LIMIT $1
"""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Seal:
    """What to note elsewhere: whoever changes anything up to `position` cannot show this seal any more."""

    id: int
    hash: str
    sealed_at: datetime
    position: int

    @property
    def mark(self) -> str:
        return f"{self.id}:{self.hash}"


@dataclass(frozen=True, slots=True)
class _Run:
    """What one run of sealing began with."""

    complete_below: int
    next_transaction: int
    newest_revision: int


@dataclass(slots=True)
class _Chain:
    """The end of the chain so far, and the hash of the last seal (None before the first)."""

    position: int
    hash: bytes
    seal: bytes | None


def read_fields(row: asyncpg.Record) -> Fields:
    """The fields of a row of CONTENT, by the names that docs/sealed-log.md gives them."""
    (id, at, actor, reason, table, row_id, subject, operation, transaction, ended, *images, statuses) = row
    fields = [
        ("id", str(id).encode()),
        ("at", spell_time(at)),
        ("actor", spell_optional(actor)),
        ("reason", spell_optional(reason)),
        ("table_name", spell_text(table)),
        ("row_id", spell_text(row_id)),
        ("subject", spell_text(subject)),
        ("operation", spell_text(operation)),
        ("transaction", spell_text(transaction)),
        ("ended", b"null" if ended is None else spell_time(ended)),
    ]
    for image, (whole, names, values) in (("before", images[:3]), ("after", images[3:])):
        if whole is not None:
            fields.append((image, whole.encode()))
        for name, value in zip(names or (), values or (), strict=True):
            fields.append((f"{image}.{name}", value.encode()))
    if statuses is not None:
        fields.append(("statuses", statuses.encode()))
    return fields


async def seal_log(dsn: str, *, on_progress: Progress | None = None) -> Seal | None:
    """Seal what can be sealed by now; the newest seal there is, None if nothing was ever recorded.

    Each seal is committed by itself: an interrupted run is gone on with. Raises Busy if somebody else seals,
    DatabaseUnavailable if the database cannot be reached.
    """
    async with connect(dsn, "sayso seal", role=WRITER) as writer:
        if not await writer.fetchval(LOCK):
            raise Busy("Another process seals the log at this moment.", hint="Try it again.")
        # In this order: who begins after the second gets ids above the first.
        newest = await writer.fetchval(NEWEST_REVISION)
        upcoming = await writer.fetchval(NEXT_TRANSACTION)
        async with connect(dsn, "sayso seal", role=WRITER) as reader, reading(reader):
            snapshot = await reader.fetchrow(SNAPSHOT)
            assert snapshot is not None
            run = _Run(snapshot[0], upcoming, newest)
            since = await reader.fetchval(SEALED_UP_TO)
            batches = _batch(reader, since, snapshot[0], snapshot[1])
            none: list[int] = []
            batch, done = await anext(batches, none), 0
            while batch:
                following = await anext(batches, none)
                await _seal_batch(reader, writer, batch, None if following else run)
                batch, done = following, done + len(batch)
                if on_progress is not None:
                    on_progress(done, max(done, newest - since))
        return next(iter(await _list_seals(writer, 1)), None)


@asynccontextmanager
async def sealing(dsn: str, seconds: float) -> AsyncIterator[None]:
    """Within the block the log is sealed every so many seconds; never if 0."""
    task = asyncio.ensure_future(_keep_sealing(dsn, seconds)) if seconds else None
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _keep_sealing(dsn: str, seconds: float) -> None:
    told = ""
    while True:
        await asyncio.sleep(seconds)
        try:
            await seal_log(dsn)
            told = ""
        except Busy:
            continue  # whoever it is does it
        except SaysoError as problem:
            if str(problem) != told:
                log.warning("the log is not sealed at the moment: %s", problem)
            told = str(problem)


async def list_seals(dsn: str, count: int) -> list[Seal]:
    """The newest seals, the newest first."""
    async with connect(dsn, "sayso seals", role=WRITER) as connection:
        return await _list_seals(connection, count)


async def _list_seals(connection: asyncpg.Connection, count: int) -> list[Seal]:
    return [Seal(*row) for row in await connection.fetch(LIST_SEALS, count)]


async def _batch(
    reader: asyncpg.Connection, since: int, lowest: int, highest: int
) -> AsyncIterator[list[int]]:
    cursor = await reader.cursor(UNSEALED, since, lowest, highest)
    while rows := await cursor.fetch(BATCH):
        yield [row[0] for row in rows]


async def _seal_batch(
    reader: asyncpg.Connection, writer: asyncpg.Connection, revisions: Sequence[int], ended: _Run | None
) -> None:
    """Link these revisions and close them with a seal. `ended`: the run of which they are the last."""
    chain = await _read_chain(writer)
    links: list[tuple[int, int, bytes, bytes]] = []
    for start in range(0, len(revisions), SLICE):
        ids = revisions[start : start + SLICE]
        content = {row["id"]: read_fields(row) for row in await reader.fetch(CONTENT, ids)}
        links += _link(chain, [(id, content[id]) for id in ids])
        await asyncio.sleep(0)
    async with writer.transaction():
        await writer.copy_records_to_table(
            "sealed_revision",
            schema_name="public",
            columns=("position", "revision", "seed", "hash"),
            records=links,
        )
        number = await writer.fetchrow(NEXT_SEAL)
        assert number is not None
        marks = (None, None, None) if ended is None else astuple(ended)
        state = SealedState(number[0], number[1], chain.position, revisions[-1], *marks)
        hash = hash_seal(chain.seal or NO_HASH, state, chain.hash)
        await writer.execute(INSERT_SEAL, *astuple(state), chain.seal, hash)


async def _read_chain(connection: asyncpg.Connection) -> _Chain:
    row = await connection.fetchrow(END_OF_CHAIN)
    assert row is not None
    return _Chain(row[0] or 0, row[1] or NO_HASH, row[2])


def _link(chain: _Chain, content: Iterable[tuple[int, Fields]]) -> Iterator[tuple[int, int, bytes, bytes]]:
    for id, fields in content:
        seed = os.urandom(SEED_BYTES)
        chain.position += 1
        chain.hash = link(chain.hash, chain.position, digest_fields(fields, seed))
        yield chain.position, id, seed, chain.hash


@asynccontextmanager
async def reading(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """One snapshot for the whole block. No write waits for it."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        yield
