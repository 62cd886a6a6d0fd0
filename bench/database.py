"""The database that is measured: an embedded PostgreSQL with the made-up world in it, or one by URL.

The world is loaded once: a second run on the same folder finds it there.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from app.postgres import start_cluster
from app.services.schema import head_revision, migrate
from bench import load
from bench.load import World
from bench.processes import parent_of

# What a server of this size would be given. Nothing is written while it is measured, so that flushing to disk
# does not matter; autovacuum would run at times of its own.
SETTINGS = {
    "shared_buffers": "2GB",
    "effective_cache_size": "6GB",
    "max_connections": "200",
    "max_wal_size": "16GB",
    "autovacuum": "off",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
SMALL_SETTINGS = {**SETTINGS, "shared_buffers": "256MB"}


@dataclass(frozen=True, slots=True)
class Ground:
    """A loaded database. `process_id` is Postgres's own: the parent of its backends."""

    dsn: str
    world: World
    process_id: int
    version: str
    size: str
    memory: str  # what Postgres shares, and in which pages


@contextmanager
def open_ground(data_dir: Path, claims: int, dsn: str | None) -> Iterator[Ground]:
    """The world of this size: at `dsn` it is there already, in `data_dir` it is loaded if need be."""
    with open_grounds(data_dir, [(claims, dsn)]) as (ground,):
        yield ground


@contextmanager
def open_grounds(
    data_dir: Path, wanted: Sequence[tuple[int, str | None]], *, seed: int = 1
) -> Iterator[list[Ground]]:
    """Several of them, in one server if they are in `data_dir`."""
    largest = max((claims for claims, dsn in wanted if dsn is None), default=0)
    with ExitStack() as stack:
        found = []
        cluster = None
        if largest:
            settings = SETTINGS if largest > 100_000 else SMALL_SETTINGS
            cluster = stack.enter_context(start_cluster(data_dir, settings=settings, on_progress=print))
        for claims, dsn in wanted:
            if dsn is None:
                assert cluster is not None
                dsn = cluster.dsn(name := f"bench_{claims}")
                asyncio.run(_fill(cluster.dsn("postgres"), dsn, name, claims, seed))
            found.append(asyncio.run(_look(dsn, World(claims, seed))))
        yield found


def _mark(claims: int, seed: int) -> str:
    """What makes a loaded database the right one: its size, its tables, and the code that made its rows."""
    code = hashlib.sha256(Path(load.__file__).read_bytes()).hexdigest()[:16]
    return json.dumps({"claims": claims, "seed": seed, "schema": head_revision(), "load": code})


async def _fill(maintenance: str, dsn: str, name: str, claims: int, seed: int) -> None:
    connection = await asyncpg.connect(maintenance)
    try:
        found = await connection.fetchval(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1", name
        )
        if found == _mark(claims, seed):
            return
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {name}")
        await migrate(dsn)
        print(f"Loading {claims:,} claims")
        await load.load(dsn, claims, seed)
        # Last: a load that was interrupted is done again.
        await connection.execute(f"COMMENT ON DATABASE {name} IS '{_mark(claims, seed)}'")
    finally:
        await connection.close()


async def _look(dsn: str, world: World) -> Ground:
    connection = await asyncpg.connect(dsn)
    try:
        backend: int = await connection.fetchval("SELECT pg_backend_pid()")
        version: str = await connection.fetchval("SHOW server_version")
        size: str = await connection.fetchval("SELECT pg_size_pretty(pg_database_size(current_database()))")
        memory: str = await connection.fetchval(
            "SELECT format('%s of shared_buffers, large pages %s', current_setting('shared_buffers'),"
            " current_setting('huge_pages_status'))"
        )
        return Ground(dsn, world, parent_of(backend), version, size, memory)
    finally:
        await connection.close()
