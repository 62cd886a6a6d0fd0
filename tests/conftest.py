"""A real Postgres for every test that needs one, and databases in it.

One cluster a session, started when the first test asks for it. A template is migrated once, another one has
the sample as well, and each database is a clone of one of them. Choose by what the test needs:

- `database`            one connection, rolled back after the test: the fastest. now() stands still in it
- `committed_database`  a clone of its own, with pools: for commits, concurrency, NOTIFY, several connections
- `owned_database`      the same clone, as the owner of its tables
- `sample`              the sample bundle, shared by all that only read it
- `own_sample`          the sample bundle in a clone of the test's own
- `dsn`                 that clone alone, for code that connects by itself
- `onlooker`            a connection to it that is none of Sayso's, as psql's
- `viewer`              the local researcher, an ADMIN, who is in every one of these databases
- `statements`          records the SQL that a database sends for reads
- `settings`            the defaults, with a folder of the test's own
- `in_memory`           for servers of a module's own: what `tempfile` makes lies in memory
"""

from __future__ import annotations

import asyncio
import functools
import itertools
import os
import ssl
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import asyncpg
import hypothesis
import pytest
from asyncpg import introspection
from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.orm import Session

import app
from app.database import ConnectedDatabase, Database, WriteSession
from app.database.connections import ReadConnection
from app.domain.vocabulary import Role
from app.errors import SaysoError
from app.exchange.importing import import_bundle
from app.models.roles import WRITER
from app.permissions import NOBODY, Viewer
from app.postgres import RunningCluster, start_cluster
from app.services.researchers import ensure_researcher
from app.services.schema import migrate
from app.settings import Settings
from tests.leftovers import PREFIX, remove_leftovers

# Whoever runs the tests may have settings of their own.
for name in [name for name in os.environ if name.startswith("SAYSO_")]:
    del os.environ[name]

# HYPOTHESIS_PROFILE=campaign looks longer for what the suite, kept short, may miss.
_QUIET = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile(
    "suite", max_examples=60, deadline=None, print_blob=True, suppress_health_check=_QUIET
)
hypothesis.settings.register_profile(
    "campaign", max_examples=5_000, deadline=None, print_blob=True, suppress_health_check=_QUIET
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

SAMPLE = Path(app.__file__).parent / "samples" / "baghdad-2019" / "bundle.yaml"
TEMPLATE = "sayso_template"
SAMPLE_TEMPLATE = "sayso_sample"
LOCAL = "local"
MEMORY, MEMORY_BYTES = "/dev/shm", 2 << 30
# What asyncpg asks by itself, once a connection, about a type that is new to it. The jit is off meanwhile.
INTROSPECTION = (introspection.INTRO_LOOKUP_TYPES, introspection.TYPE_BY_NAME)
# Autovacuum would come at times of its own: a log is sealed up to the oldest transaction of all databases.
SETTINGS = {"max_wal_size": "64MB", "autovacuum": "off"}
_numbers = itertools.count(1)


def find_memory() -> str | None:
    """A folder that is memory, where there is room in one: hundreds of databases come and go. None: the usual
    place of temporary files."""
    if not os.access(MEMORY, os.W_OK):
        return None
    facts = os.statvfs(MEMORY)
    # Postgres may be copied there, to be run.
    usable = not facts.f_flag & os.ST_NOEXEC and facts.f_bavail * facts.f_frsize > MEMORY_BYTES
    return MEMORY if usable else None


@pytest.fixture(scope="module")
def in_memory() -> Iterator[None]:
    """New folders lie in memory, where there is room: nobody waits for what is flushed to a disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", find_memory())
        yield


@pytest.fixture(scope="session", autouse=True)
def certificates() -> Iterator[None]:
    """Read once: httpx reads all that the machine trusts for each client, and no test speaks TLS."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", functools.cache(ssl.create_default_context))
        yield


@pytest.fixture(scope="session")
def cluster() -> Iterator[RunningCluster]:
    temporary = tempfile.gettempdir()
    place = find_memory() or temporary
    for each in {place, temporary}:
        remove_leftovers(Path(each))
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=place) as folder:
        try:
            running = start_cluster(Path(folder), durable=False, settings=SETTINGS)
        except SaysoError as problem:
            pytest.exit(
                f"The tests need PostgreSQL, and it did not start: {problem.message}\n{problem.hint or ''}", 3
            )
        try:
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="session")
async def maintenance(cluster: RunningCluster) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the database `postgres`, from which others are created and dropped."""
    connection = await asyncpg.connect(cluster.dsn("postgres"))
    yield connection
    await connection.close()


@dataclass(frozen=True, slots=True)
class Template:
    """A database that was migrated and holds the local researcher alone."""

    name: str
    viewer: Viewer


@pytest.fixture(scope="session")
async def template(cluster: RunningCluster, maintenance: asyncpg.Connection) -> Template:
    await maintenance.execute(f"CREATE DATABASE {TEMPLATE}")
    dsn = cluster.dsn(TEMPLATE)
    await migrate(dsn)
    database = await Database.open(dsn, Settings())
    try:
        viewer = await database.write(NOBODY, lambda session: ensure_researcher(session, LOCAL, Role.ADMIN))
    finally:
        await database.close()  # a template with connections cannot be cloned
    return Template(TEMPLATE, viewer)


@pytest.fixture(scope="session")
def viewer(template: Template) -> Viewer:
    """The local researcher, an ADMIN."""
    return template.viewer


NewDatabase = Callable[[], AbstractAsyncContextManager[str]]


@pytest.fixture(scope="session")
def empty_database(cluster: RunningCluster, maintenance: asyncpg.Connection) -> NewDatabase:
    """`async with empty_database() as dsn`: one without any table, dropped afterwards."""
    return lambda: created(cluster, maintenance, "ENCODING 'UTF8'")


@pytest.fixture(scope="session")
def clone(cluster: RunningCluster, maintenance: asyncpg.Connection, template: Template) -> NewDatabase:
    """`async with clone() as dsn`: a migrated one in which nothing is recorded yet, dropped afterwards."""
    return lambda: created(cluster, maintenance, f"TEMPLATE {template.name} STRATEGY file_copy")


@pytest.fixture(scope="session")
async def clone_sample(
    cluster: RunningCluster, maintenance: asyncpg.Connection, template: Template
) -> NewDatabase:
    """`async with clone_sample() as dsn`: one with the sample, imported once for all, dropped afterwards."""
    await maintenance.execute(f"CREATE DATABASE {SAMPLE_TEMPLATE} TEMPLATE {template.name}")
    database = await Database.open(cluster.dsn(SAMPLE_TEMPLATE), Settings())
    try:
        await import_bundle(database, template.viewer, SAMPLE)
    finally:
        await database.close()
    return lambda: created(cluster, maintenance, f"TEMPLATE {SAMPLE_TEMPLATE} STRATEGY file_copy")


@asynccontextmanager
async def created(
    cluster: RunningCluster, maintenance: asyncpg.Connection, options: str
) -> AsyncIterator[str]:
    name = f"test_{next(_numbers)}"
    await maintenance.execute(f"CREATE DATABASE {name} {options}")
    try:
        yield cluster.dsn(name)
    finally:
        await maintenance.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def dsn(clone: NewDatabase) -> AsyncIterator[str]:
    async with clone() as dsn:
        yield dsn


@pytest.fixture
async def onlooker(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to that clone which is none of ours, as psql's."""
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
async def committed_database(dsn: str, settings: Settings) -> AsyncIterator[Database]:
    database = await Database.open(dsn, settings)
    yield database
    await database.close()


@pytest.fixture
async def owned_database(dsn: str, settings: Settings) -> AsyncIterator[Database]:
    database = await Database.open(dsn, settings, as_owner=True)
    yield database
    await database.close()


class RolledBackDatabase(ConnectedDatabase):
    """Each write meets its deferred constraints at its end, as it would at a commit."""

    def _session(self) -> WriteSession:
        session = super()._session()
        event.listen(session.sync_session, "before_commit", _check_deferred)
        return session


def _check_deferred(session: Session) -> None:
    if not session.in_nested_transaction():
        session.flush()
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        session.execute(text("SET CONSTRAINTS ALL DEFERRED"))


@pytest.fixture(scope="session")
async def shared_engine(clone: NewDatabase) -> AsyncIterator[AsyncEngine]:
    async with clone() as dsn:
        engine = create_async_engine(
            make_url(dsn).set(drivername="postgresql+asyncpg"),
            pool_size=1,
            max_overflow=0,
            connect_args={
                "server_settings": {"TimeZone": "UTC", "statement_timeout": "30000", "role": WRITER}
            },
        )
        yield engine
        await engine.dispose()


@pytest.fixture
async def connection(shared_engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """The connection behind `database`, in the transaction that is rolled back after the test."""
    async with shared_engine.connect() as connection:
        transaction = await connection.begin()
        yield connection
        await transaction.rollback()


@pytest.fixture
def database(connection: AsyncConnection) -> Database:
    return RolledBackDatabase(connection)


@pytest.fixture(scope="session")
async def sample(clone_sample: NewDatabase) -> AsyncIterator[Database]:
    """The sample bundle, imported. For tests that change nothing in it: they all share it."""
    async with clone_sample() as dsn:
        database = await Database.open(dsn, Settings(read_connections=1))
        yield database
        await database.close()


@pytest.fixture
async def own_sample(clone_sample: NewDatabase, settings: Settings) -> AsyncIterator[Database]:
    async with clone_sample() as dsn:
        database = await Database.open(dsn, settings)
        yield database
        await database.close()


Statements = Callable[[Database], AbstractAsyncContextManager[list[str]]]


@pytest.fixture(scope="session")
def statements() -> Statements:
    """The SQL that a database sends for reads, as the driver sends it.

        async with statements(database) as sent:
            await database.fetch_json(sql, parameters)
        assert len(sent) == 1

    Look at `sent` after the block. What SQLAlchemy sends is not heard: it prepares its statements by itself.
    Nor is what the driver asks once a connection about a type.
    """
    return record_statements


@asynccontextmanager
async def record_statements(database: Database) -> AsyncIterator[list[str]]:
    sent: list[str] = []
    if isinstance(database, ConnectedDatabase):
        async with record_driver(await driver_of(database._connection), sent):
            yield sent
        return
    fetch = ReadConnection.fetch

    async def record(self: ReadConnection, sql: str, parameters: Sequence[object]) -> list[asyncpg.Record]:
        sent.append(sql)
        return await fetch(self, sql, parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ReadConnection, "fetch", record)
        yield sent


@asynccontextmanager
async def record_driver(driver: asyncpg.Connection, sent: list[str]) -> AsyncIterator[None]:
    def record(query: asyncpg.connection.LoggedQuery) -> None:
        if query.query not in INTROSPECTION and "'jit'" not in query.query:
            sent.append(query.query)

    driver.add_query_logger(record)
    try:
        yield
    finally:
        await asyncio.sleep(0)  # the driver reports in the next turn of the loop
        driver.remove_query_logger(record)


async def driver_of(connection: AsyncConnection) -> asyncpg.Connection:
    raw = await connection.get_raw_connection()
    return cast("asyncpg.Connection", raw.driver_connection)
