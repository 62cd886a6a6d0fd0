"""status: what database this is, and what is in it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from app.cli.options import DatabaseUrl, DataDir, read_settings
from app.cli.places import Place, open_place
from app.cli.terminal import say
from app.domain.counts import spell_count
from app.postgres import has_database
from app.settings import Settings

COUNTED = (
    "agent",
    "source",
    "event",
    "question",
    "claim",
    "assessment",
    "revision",
    "researcher",
    "imported",
)


# A database of another version may have other tables.
COUNTS = """
SELECT tablename, format('SELECT count(*) FROM %I.%I', schemaname, tablename) AS spelled
FROM pg_tables WHERE schemaname = 'public' AND tablename = ANY($1::name[])
ORDER BY array_position($1::name[], tablename)
"""


@dataclass(frozen=True, slots=True)
class Status:
    """What `sayso status` tells. `revision` and `server` are None where there is no database yet.

    `older_rule`: whether statuses stand that an older version of the rule made; None unless `current`.
    """

    database: str
    embedded: bool
    running: bool
    server: str | None
    revision: str | None
    needed: str
    newer: bool
    older_rule: bool | None
    rows: dict[str, int]

    @property
    def current(self) -> bool:
        return self.revision == self.needed


def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for programs.")] = False,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """Say which database is used, its schema, and what is in it.

    Attaches to an embedded server that runs; else starts it for the moment. Nothing is created or changed.
    Exits with 1 if the schema is not the one this version needs.
    """
    found = read_status(read_settings(context, database_url, data_dir))
    if as_json:
        say(json.dumps({**asdict(found), "current": found.current}, indent=2))
    else:
        for line in describe(found):
            say(line)
    if not found.current:
        raise typer.Exit(1)


def read_status(settings: Settings) -> Status:
    """Raises DatabaseUnavailable where a database that is there cannot be used."""
    from app.services.schema import head_revision, is_newer

    embedded = settings.database_url is None
    if embedded and not has_database(settings.data_dir):
        title = f"the embedded PostgreSQL in {settings.data_dir}"
        return Status(title, embedded, False, None, None, head_revision(), False, None, {})
    with open_place(settings) as place:
        running = place.cluster is None or not place.cluster.owned
        server, revision, rows = asyncio.run(read_database(place))
        needed, newer = head_revision(), is_newer(revision)
        # Another version may not have the index that this takes.
        older = asyncio.run(has_older_statuses(place)) if revision == needed else None
        return Status(place.title, embedded, running, server, revision, needed, newer, older, rows)


async def read_database(place: Place) -> tuple[str, str | None, dict[str, int]]:
    """The server's version, the revision of the schema, and the number of rows of each table."""
    from app.database import connect

    async with connect(place.owner_dsn, "sayso status") as connection:
        server = await connection.fetchval("SHOW server_version")
        if await connection.fetchval("SELECT to_regclass('public.alembic_version')") is None:
            return server, None, {}
        revision = await connection.fetchval("SELECT version_num FROM public.alembic_version")
        counts = await connection.fetch(COUNTS, COUNTED)
        return server, revision, {table: await connection.fetchval(spelled) for table, spelled in counts}


async def has_older_statuses(place: Place) -> bool:
    """Whether an older version of the rule made a status that stands. The database is migrated."""
    from app.database import connect
    from app.services.recomputation import HAS_OLDER

    async with connect(place.owner_dsn, "sayso status") as connection:
        return bool(json.loads(await connection.fetchval(HAS_OLDER)))


def spell_rows(rows: Mapping[str, int]) -> str:
    """The numbers of rows of tables, in words.

    >>> spell_rows({"claim": 69, "event": 1, "imported": 173})
    '69 claims, 1 event, 173 imported entries'
    """
    return ", ".join(
        spell_count(count, *(("imported entry", "imported entries") if table == "imported" else (table,)))
        for table, count in rows.items()
    )


def describe(found: Status) -> list[str]:
    """The status, a line a fact."""
    from app.services.recomputation import OLDER_TOLD

    if found.server is None:
        return [f"Database    {found.database}: not made yet; `sayso serve` or `sayso demo` makes it"]
    running = "running" if found.running else "not running"
    if found.current:
        state = "current"
    elif found.newer:
        state = f"made by a newer Sayso; this version needs {found.needed}"
    else:
        state = f"this version needs {found.needed}: run `sayso migrate`"
    return [
        f"Database    {found.database} ({running})",
        f"PostgreSQL  {found.server}",
        f"Schema      {found.revision or 'none'} ({state})",
        *([f"Statuses    {OLDER_TOLD}"] if found.older_rule else []),
        *(f"{table:<11} {count:>9,}" for table, count in found.rows.items()),
    ]
