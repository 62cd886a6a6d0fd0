"""Migrating a database, and telling whether it is migrated."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from alembic import command

from app.database import Database
from app.domain.vocabulary import Role
from app.errors import OWNER_HINT, DatabaseOutdated, DatabaseUnavailable
from app.models.roles import MAKE_ROLES, OUTSIDER, WRITER
from app.permissions import NOBODY
from app.postgres import RunningCluster
from app.services import schema
from app.services.researchers import ensure_researcher
from app.services.schema import (
    Server,
    check_schema,
    head_revision,
    migrate,
    refuse_server,
    run_alembic,
)
from app.services.sealing import seal_log
from app.services.verification import verify_log
from app.settings import Settings
from tests.conftest import NewDatabase
from tests.factories import make_claim
from tests.waiting import until

HEAD = int(head_revision())
FIT = Server(
    180_000,
    "UTF8",
    may_create=True,
    missing_roles=(),
    extensions={"unaccent": "public", "pg_trgm": "public"},
)

CURRENT_USER = "SELECT to_json(current_user)::varchar"
SLEEPING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'
"""


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
async def empty(empty_database: NewDatabase) -> AsyncIterator[str]:
    async with empty_database() as dsn:
        yield dsn


@pytest.fixture
def migrations(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A copy of the migrations to add more to. Its path has what configparser would read as its own."""
    folder = tmp_path / "100% of migrations: ours"
    shutil.copytree(schema.migrations_folder(), folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(schema, "migrations_folder", lambda: folder)
    schema._scripts.cache_clear()
    yield folder
    schema._scripts.cache_clear()


def numbered(first: int, last: int) -> list[str]:
    return [f"{number:04}" for number in range(first, last + 1)]


def add_migration(folder: Path, number: int, sql: str) -> None:
    (folder / "versions" / f"{number:04}_test.py").write_text(
        f'"""Migration {number}"""\n'
        "from alembic import op\n"
        f'revision = "{number:04}"\n'
        f'down_revision = "{number - 1:04}"\n'
        "def upgrade() -> None:\n"
        f"    op.execute({sql!r})\n"
    )


async def tables(dsn: str) -> set[str]:
    async with connected(dsn) as connection:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {row[0] for row in rows}


async def test_an_empty_database_is_migrated_once(empty: str) -> None:
    steps: list[str] = []
    assert await migrate(empty, on_progress=steps.append) == numbered(1, HEAD)
    assert len(steps) == HEAD
    assert steps[0] == "0001: First schema: every table, constraint, index, function, view and trigger."
    await check_schema(empty)
    assert await migrate(empty) == []


async def test_each_migration_says_when_it_is_done(empty: str, migrations: Path) -> None:
    add_migration(migrations, HEAD + 1, "CREATE TABLE second ()")
    add_migration(migrations, HEAD + 2, "CREATE TABLE third ()")
    steps: list[str] = []
    assert await migrate(empty, on_progress=steps.append) == numbered(1, HEAD + 2)
    assert steps[HEAD:] == [f"{n:04}: Migration {n}" for n in (HEAD + 1, HEAD + 2)]


async def test_a_database_that_is_behind_is_told_from_an_empty_one(empty: str, migrations: Path) -> None:
    with pytest.raises(DatabaseOutdated, match="no tables yet") as refused:
        await check_schema(empty)
    assert refused.value.hint == "Run `sayso migrate`."
    await migrate(empty)
    add_migration(migrations, HEAD + 1, "SELECT 1")
    schema._scripts.cache_clear()
    behind = f"at migration {HEAD:04}; this version of Sayso needs {HEAD + 1:04}"
    with pytest.raises(DatabaseOutdated, match=behind):
        await check_schema(empty)
    assert await migrate(empty) == numbered(HEAD + 1, HEAD + 1)
    await check_schema(empty)


async def test_a_database_that_is_ahead_is_left_alone(dsn: str) -> None:
    async with connected(dsn) as connection:
        await connection.execute("UPDATE alembic_version SET version_num = '0999'")
    for attempt in (check_schema, migrate):
        with pytest.raises(DatabaseOutdated, match="0999, which this version of Sayso does not know"):
            await attempt(dsn)


async def test_a_migration_that_fails_leaves_those_before_it(empty: str, migrations: Path) -> None:
    add_migration(migrations, HEAD + 1, "CREATE TABLE second ()")
    add_migration(migrations, HEAD + 2, "CREATE TABLE third AS SELECT 1 / 0")
    with pytest.raises(DatabaseUnavailable, match="division by zero"):
        await migrate(empty)
    assert {"claim", "second"} <= await tables(empty)
    add_migration(migrations, HEAD + 2, "CREATE TABLE third ()")
    assert await migrate(empty) == numbered(HEAD + 2, HEAD + 2)


async def test_a_first_migration_that_fails_leaves_nothing(empty: str) -> None:
    async with connected(empty) as connection:
        await connection.execute("CREATE TABLE imported ()")  # the last table of the first migration
    with pytest.raises(DatabaseUnavailable, match='relation "imported" already exists'):
        await migrate(empty)
    assert await tables(empty) == {"imported"}
    with pytest.raises(DatabaseOutdated, match="no tables yet"):
        await check_schema(empty)


async def test_an_interrupted_migration_leaves_nothing_of_itself(empty: str, migrations: Path) -> None:
    add_migration(migrations, HEAD + 1, "CREATE TABLE second AS SELECT pg_sleep(60)::text")
    running = asyncio.create_task(migrate(empty))
    async with connected(empty) as watcher:
        await until(lambda: watcher.fetchval(SLEEPING))
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert "second" not in await tables(empty)
    add_migration(migrations, HEAD + 1, "CREATE TABLE second ()")
    assert await migrate(empty) == numbered(HEAD + 1, HEAD + 1)


async def test_a_second_migration_waits_for_the_first(empty: str) -> None:
    steps: asyncio.Queue[str] = asyncio.Queue()
    async with connected(empty) as first:
        await first.execute("SELECT pg_advisory_lock($1)", schema._LOCK_KEY)
        second = asyncio.create_task(migrate(empty, on_progress=steps.put_nowait))
        assert await steps.get() == "Waiting for another migration of this database to end."
        await asyncio.sleep(2 * schema._LOCK_POLL_SECONDS)
        assert await tables(empty) == set()
    assert await second == numbered(1, HEAD)


async def test_migrations_at_once_apply_each_revision_once(empty_database: NewDatabase) -> None:
    async with empty_database() as one, empty_database() as two:
        applied = await asyncio.gather(*(migrate(dsn) for dsn in (one, two, one, two, one)))
        assert sorted(applied) == [[], [], [], numbered(1, HEAD), numbered(1, HEAD)]


async def test_a_migration_does_not_queue_for_a_table_for_long(
    dsn: str, migrations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "LOCK_TIMEOUT", "50ms")
    add_migration(migrations, HEAD + 1, "ALTER TABLE claim ADD COLUMN extra text")
    async with connected(dsn) as reader, reader.transaction():
        await reader.execute("SELECT FROM claim")
        with pytest.raises(DatabaseUnavailable, match="in use for longer than 50ms") as refused:
            await migrate(dsn)
        assert refused.value.hint is not None
        assert "Run `sayso migrate` again" in refused.value.hint
    assert await migrate(dsn) == numbered(HEAD + 1, HEAD + 1)


@pytest.mark.parametrize(
    ("server", "message"),
    [
        (replace(FIT, version_number=170_006), "is PostgreSQL 17; Sayso needs 18"),
        (replace(FIT, missing_roles=[OUTSIDER]), "may not become the role sayso_outsider"),
        (replace(FIT, missing_roles=[WRITER]), "may not become the role sayso_writer"),
        (
            replace(FIT, missing_roles=[WRITER, OUTSIDER]),
            "may not become the role sayso_outsider, .*, nor the role sayso_writer, ",
        ),
        (replace(FIT, encoding="LATIN1"), "keeps text as LATIN1"),
        (replace(FIT, extensions={"unaccent": "public"}), "does not have the extension pg_trgm"),
        (replace(FIT, extensions={"pg_trgm": "public"}), "does not have the extension unaccent"),
        (
            replace(FIT, extensions={"unaccent": None, "pg_trgm": "public"}, may_create=False),
            "may not create the extension unaccent",
        ),
        (
            replace(FIT, extensions={"unaccent": "public", "pg_trgm": "extensions"}),
            "pg_trgm is in the schema extensions",
        ),
    ],
)
def test_a_server_that_is_not_fit_is_refused(server: Server, message: str) -> None:
    with pytest.raises(DatabaseUnavailable, match=message) as refused:
        refuse_server(server)
    assert refused.value.hint


@pytest.mark.parametrize(
    "server",
    [
        FIT,
        replace(FIT, version_number=190_001),
        replace(FIT, extensions={"unaccent": None, "pg_trgm": None}),
        replace(FIT, may_create=False),
    ],
)
def test_a_server_that_is_fit_is_not(server: Server) -> None:
    refuse_server(server)


async def test_a_database_of_another_encoding_is_refused(
    cluster: RunningCluster, maintenance: asyncpg.Connection
) -> None:
    await maintenance.execute(
        "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'"
    )
    try:
        for attempt in (migrate, check_schema):
            with pytest.raises(DatabaseUnavailable, match="keeps text as LATIN1"):
                await attempt(cluster.dsn("latin"))
    finally:
        await maintenance.execute("DROP DATABASE latin")


async def test_a_user_who_may_not_create_is_told_so(empty: str) -> None:
    guest = empty.replace("sayso@", "guest@", 1)
    async with connected(empty) as owner:
        await owner.execute("CREATE ROLE guest LOGIN")
        await owner.execute(";".join(MAKE_ROLES))
        await owner.execute(f"GRANT {OUTSIDER}, {WRITER} TO guest WITH INHERIT FALSE, SET TRUE")
        try:
            with pytest.raises(DatabaseUnavailable, match="may not create the extension"):
                await migrate(guest)
            await owner.execute("CREATE EXTENSION unaccent; CREATE EXTENSION pg_trgm")
            with pytest.raises(DatabaseUnavailable, match="permission denied for schema public"):
                await migrate(guest)
            assert await tables(empty) == set()
        finally:
            await owner.execute("DROP ROLE guest")


async def test_an_owner_who_is_no_superuser_may_migrate(
    cluster: RunningCluster, maintenance: asyncpg.Connection
) -> None:
    await maintenance.execute("CREATE ROLE plain LOGIN NOSUPERUSER; CREATE ROLE served LOGIN")
    await maintenance.execute("CREATE DATABASE plain OWNER plain TEMPLATE template0")
    owner, served = (cluster.dsn("plain", user=user) for user in ("plain", "served"))
    await maintenance.execute(";".join(MAKE_ROLES))
    try:
        for role in (OUTSIDER, WRITER):
            with pytest.raises(DatabaseUnavailable, match=f"may not become the role {role}"):
                await migrate(owner)
            # As the hint says, one at a time.
            await maintenance.execute(f"GRANT {role} TO plain WITH INHERIT FALSE, SET TRUE")
        assert await migrate(owner) == numbered(1, HEAD)
        for role in (OUTSIDER, WRITER):
            with pytest.raises(DatabaseUnavailable, match=f"may not become the role {role}"):
                await check_schema(served)
            await maintenance.execute(f"GRANT {role} TO served WITH INHERIT FALSE, SET TRUE")
        for dsn in (owner, served):
            await check_schema(dsn)
            database = await Database.open(dsn, Settings())
            viewer = await database.write(NOBODY, lambda session: ensure_researcher(session, "a", Role.ADMIN))
            await make_claim(database, viewer)
            for outside, role in ((False, WRITER), (True, OUTSIDER)):
                said = await database.fetch_json(CURRENT_USER, [], outside=outside)
                assert json.loads(said) == role
            await database.close()
        assert await seal_log(served) is not None
        verified = await verify_log(served)
        assert (verified.found, verified.unsealed) == (0, 0)
        await run_alembic(owner, lambda config: command.downgrade(config, "-1"))
        # In which words depends on what the newest migration does first.
        with pytest.raises(DatabaseUnavailable, match="The database refused: ") as refused:
            await migrate(served)
        assert refused.value.hint == OWNER_HINT
    finally:
        await maintenance.execute("DROP DATABASE plain")
        await maintenance.execute("DROP ROLE plain; DROP ROLE served")


async def test_an_extension_in_another_schema_is_found_there(empty: str) -> None:
    async with connected(empty) as owner:
        await owner.execute("CREATE SCHEMA extensions; CREATE EXTENSION unaccent SCHEMA extensions")
        with pytest.raises(DatabaseUnavailable, match="in the schema extensions"):
            await migrate(empty)
        await owner.execute("ALTER EXTENSION unaccent SET SCHEMA public")
    assert await migrate(empty) == numbered(1, HEAD)


@pytest.mark.parametrize("attempt", [migrate, check_schema])
@pytest.mark.parametrize(
    "dsn",
    ["postgresql://sayso@/sayso?host=/nowhere", "postgresql://127.0.0.1:1/sayso", "mysql://localhost/x"],
)
async def test_a_database_that_is_not_there_is_unavailable(
    attempt: Callable[[str], Awaitable[object]], dsn: str
) -> None:
    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        await attempt(dsn)


async def test_a_database_that_was_never_made_is_unavailable(cluster: RunningCluster) -> None:
    with pytest.raises(DatabaseUnavailable, match='database "nothing" does not exist'):
        await migrate(cluster.dsn("nothing"))
