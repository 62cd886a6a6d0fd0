"""The schema's version: bring a database to this version of Sayso, or say why it is not there.

The migrations are Alembic's, in migrations/ of a checkout and in app/migrations of an installed wheel.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationInfo
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import app
from app.database import FAILED, connect, is_lost, open_connection, sqlstate
from app.errors import OWNER_HINT, DatabaseOutdated, DatabaseUnavailable
from app.models.roles import MAKE_APPLICATION, OUTSIDER, WRITER

OLDEST_POSTGRES = 18
# Both are trusted: whoever may create in the database, its owner for one, may create them.
EXTENSIONS = ("unaccent", "pg_trgm")
# As which it works, and what it does as that.
ROLES = {OUTSIDER: "reads for whoever is no researcher", WRITER: "records and reads for all others"}
NAME = "sayso migrate"
# A migration may take long; only its waits for locks, during which others wait for it, are bounded.
LOCK_TIMEOUT = "10s"
# Any number, as long as nothing else takes it. An advisory lock belongs to one database.
_LOCK_KEY = 0x5A750
_LOCK_POLL_SECONDS = 0.2
_LOCK_NOT_AVAILABLE = "55P03"
_DEADLOCK = "40P01"
_INSUFFICIENT_PRIVILEGE = "42501"

# Alembic keeps the migration under way in a global of its module; two at once in one process would mix them.
_alone = asyncio.Lock()


@dataclass(frozen=True, slots=True)
class Server:
    """What a database must offer before it is migrated or served."""

    version_number: int
    encoding: str
    may_create: bool
    # Those of ROLES that the user may neither become nor make.
    missing_roles: Sequence[str]
    # Those of EXTENSIONS that the server has → the schema each is in, None if it is yet to be created.
    extensions: Mapping[str, str | None]


async def migrate(dsn: str, *, on_progress: Callable[[str], None] | None = None) -> list[str]:
    """Bring the database to this version of Sayso; the revisions applied, oldest first ([] if it was there).

    Safe to run twice at once: the second waits for the first. Each revision is a transaction, so that an
    interrupted run leaves whole revisions behind and the next run goes on. `on_progress` gets a line a step.
    Raises DatabaseUnavailable if it cannot be reached or lacks something, DatabaseOutdated if it is newer.
    """
    report = on_progress or (lambda _line: None)
    applied: list[str] = []

    def note(*, step: MigrationInfo, **_: object) -> None:
        revision = step.up_revision
        assert isinstance(revision, Script), "of a folder of scripts"
        applied.append(revision.revision)
        report(f"{revision.revision}: {revision.doc}")

    def upgrade(config: Config) -> None:
        config.attributes["on_version_apply"] = note
        command.upgrade(config, "head")

    await run_alembic(dsn, upgrade, on_progress=report)
    return applied


async def let_application_in(dsn: str) -> None:
    """Make the login as which the embedded server is asked (roles.py), by its superuser. Migrate it first."""
    async with connect(dsn, NAME) as connection:
        for statement in MAKE_APPLICATION:
            await connection.execute(statement)


async def check_schema(dsn: str) -> None:
    """Return if the database has the schema that this version of Sayso needs.

    Raises DatabaseOutdated if it is behind, ahead or empty, DatabaseUnavailable if it cannot be used at all.
    """
    async with connect(dsn, NAME) as connection:
        refuse_server(await _read_server(connection))
        revision = await _read_revision(connection)
    refuse_newer(revision)
    if revision != head_revision():
        raise DatabaseOutdated(
            "The database has no tables yet."
            if revision is None
            else f"The database is at migration {revision}; this version of Sayso needs {head_revision()}.",
            hint="Run `sayso migrate`.",
        )


def head_revision() -> str:
    """The newest revision that this version of Sayso knows."""
    head = _scripts().get_current_head()
    assert head is not None
    return head


async def run_alembic(
    dsn: str, run: Callable[[Config], None], *, on_progress: Callable[[str], None] = lambda _line: None
) -> None:
    """Run an Alembic command on the database, once it is fit for it and nobody else migrates it."""
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: open_connection(dsn, NAME, lock_timeout=LOCK_TIMEOUT),
        poolclass=NullPool,
    )

    def run_on(connection: Connection) -> None:
        config = alembic_config()
        config.attributes["connection"] = connection
        config.attributes["on_progress"] = on_progress
        run(config)

    async with connect(dsn, NAME) as guard:
        refuse_server(await _read_server(guard))
        await _take_lock(guard, on_progress)
        refuse_newer(await _read_revision(guard))
        try:
            async with _alone, engine.connect() as connection:
                await connection.run_sync(run_on)
        except (DBAPIError, PendingRollbackError, *FAILED) as problem:
            raise _explain(_find_first(problem)) from problem


def _find_first(problem: Exception) -> Exception:
    """What went wrong before a block that commits by itself failed to end on a connection that was lost."""
    while isinstance(problem, PendingRollbackError) and isinstance(problem.__context__, Exception):
        problem = problem.__context__
    return problem


def alembic_config() -> Config:
    config = Config()
    # Alembic reads its options through configparser, to which % is special.
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def migrations_folder() -> Path:
    """app/migrations in an installed wheel, migrations/ beside app/ in a checkout."""
    package = Path(app.__file__).parent
    installed = package / "migrations"
    return installed if installed.is_dir() else package.parent / "migrations"


def refuse_server(server: Server) -> None:
    """Raise DatabaseUnavailable for what no migration can mend, with what to do about it."""
    major = server.version_number // 10_000
    if major < OLDEST_POSTGRES:
        raise DatabaseUnavailable(
            f"The server is PostgreSQL {major}; Sayso needs {OLDEST_POSTGRES} or newer.",
            hint="Upgrade the server, or unset SAYSO_DATABASE_URL to use the embedded one.",
        )
    if server.encoding != "UTF8":
        raise DatabaseUnavailable(
            f"The database keeps text as {server.encoding}; Sayso needs UTF8.",
            hint="CREATE DATABASE sayso ENCODING 'UTF8' TEMPLATE template0",
        )
    for extension in EXTENSIONS:
        _refuse_extension(server, extension)
    _refuse_missing([role for role in ROLES if role in server.missing_roles])


def _refuse_missing(roles: Sequence[str]) -> None:
    if roles:
        told = ", nor ".join(f"the role {role}, as which Sayso {ROLES[role]}" for role in roles)
        made = "; ".join(f"CREATE ROLE {role} NOLOGIN (if there is none)" for role in roles)
        raise DatabaseUnavailable(
            f"This user may not become {told}.",
            hint=f"Let an administrator run: {made};"
            f" GRANT {', '.join(roles)} TO … WITH INHERIT FALSE, SET TRUE (to this user)",
        )


def _refuse_extension(server: Server, extension: str) -> None:
    schema = server.extensions.get(extension)
    if schema not in (None, "public"):
        raise DatabaseUnavailable(
            f"The extension {extension} is in the schema {schema}; Sayso needs it in public.",
            hint=f"ALTER EXTENSION {extension} SET SCHEMA public",
        )
    if extension not in server.extensions:
        raise DatabaseUnavailable(
            f"The server does not have the extension {extension}.",
            hint="It comes with PostgreSQL's contrib modules (Debian: in postgresql-18 itself).",
        )
    if schema is None and not server.may_create:
        raise DatabaseUnavailable(
            f"This user may not create the extension {extension}.",
            hint=f"Let the database's owner run: CREATE EXTENSION {extension} WITH SCHEMA public",
        )


def refuse_newer(revision: str | None, what: str = "The database") -> None:
    """Raise DatabaseOutdated for a revision that this version of Sayso does not know. `what` has it."""
    if is_newer(revision):
        raise DatabaseOutdated(
            f"{what} is at migration {revision}, which this version of Sayso does not know"
            f" (its newest is {head_revision()}).",
            hint="A newer Sayso migrated it: install that version or a later one.",
        )


def is_newer(revision: str | None) -> bool:
    """Whether this version of Sayso does not know the revision; it knows that there may be none."""
    try:
        return revision is not None and _scripts().get_revision(revision) is None
    except CommandError:
        return True


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())


async def _take_lock(connection: asyncpg.Connection, report: Callable[[str], None]) -> None:
    """Wait until nobody else migrates the database. The lock goes when the connection does."""
    # Polled: blocked in pg_advisory_lock we would hold a snapshot, on which CREATE INDEX CONCURRENTLY waits.
    waiting = False
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK_KEY):
        if not waiting:
            report("Waiting for another migration of this database to end.")
            waiting = True
        await asyncio.sleep(_LOCK_POLL_SECONDS)


async def _read_server(connection: asyncpg.Connection) -> Server:
    row = await connection.fetchrow(
        """
        SELECT current_setting('server_version_num')::int AS version,
               current_setting('server_encoding') AS encoding,
               has_database_privilege(current_database(), 'CREATE') AS may_create,
               ARRAY(
                   SELECT wanted.name FROM unnest($1::text[]) wanted(name)
                   LEFT JOIN pg_roles r ON r.rolname = wanted.name
                   WHERE NOT CASE
                       WHEN r.oid IS NULL THEN u.rolsuper OR u.rolcreaterole
                       ELSE pg_has_role(u.oid, r.oid, 'SET')
                           OR pg_has_role(u.oid, r.oid, 'MEMBER WITH ADMIN OPTION')
                   END
               ) AS missing_roles
        FROM pg_roles u WHERE u.rolname = current_user
        """,
        list(ROLES),
    )
    assert row is not None
    extensions = await connection.fetch(
        """
        SELECT a.name, e.extnamespace::regnamespace::text AS schema
        FROM pg_available_extensions a LEFT JOIN pg_extension e ON e.extname = a.name
        WHERE a.name = ANY($1)
        """,
        list(EXTENSIONS),
    )
    schemas = {found["name"]: found["schema"] for found in extensions}
    return Server(row["version"], row["encoding"], row["may_create"], row["missing_roles"], schemas)


async def _read_revision(connection: asyncpg.Connection) -> str | None:
    """The revision of the database; None if it was never migrated."""
    may_read = await connection.fetchval(
        "SELECT has_table_privilege(to_regclass('public.alembic_version'), 'SELECT')"
    )
    if may_read is None:
        return None
    if not may_read:  # a user who can become the writer, and does not inherit its rights
        await connection.execute(f"SET ROLE {WRITER}")
    revision: str | None = await connection.fetchval("SELECT version_num FROM public.alembic_version")
    await connection.execute("RESET ROLE")
    return revision


def _explain(problem: Exception) -> DatabaseUnavailable:
    state = sqlstate(problem) if isinstance(problem, DBAPIError) else getattr(problem, "sqlstate", None)
    if state in (_LOCK_NOT_AVAILABLE, _DEADLOCK):
        told = f"for longer than {LOCK_TIMEOUT}" if state == _LOCK_NOT_AVAILABLE else "by who waited for this"
        return DatabaseUnavailable(
            f"A table was in use {told}.",
            hint="Run `sayso migrate` again when nobody holds it. Migrations that were applied stay.",
        )
    words = problem.orig if isinstance(problem, DBAPIError) else problem
    if state == _INSUFFICIENT_PRIVILEGE:
        return DatabaseUnavailable(f"The database refused: {words}", hint=OWNER_HINT)
    return DatabaseUnavailable(
        f"The database {'was lost' if is_lost(problem) else 'refused'}: {words}",
        hint="Migrations that were applied stay; one that failed is begun again by `sayso migrate`.",
    )
