"""backup, restore: the whole database as one file, and back."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import READ, DatabaseUrl, DataDir, make_target, read_settings
from app.cli.places import Place, open_place, prepare
from app.cli.status import COUNTED, read_database, spell_rows
from app.cli.terminal import note, say, show_progress
from app.domain.counts import spell_count
from app.errors import DatabaseInUse, DatabaseNotEmpty, DatabaseOutdated, SettingInvalid

# Every database has a researcher, and the change that recorded it.
RECORDS = [table for table in COUNTED if table not in ("revision", "researcher")]
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'sayso%'
"""


def backup(
    context: typer.Context,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A file, or a folder for one that is named by the time: it is made if its name ends"
            " in a slash.",
        ),
    ],
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """Write the whole database into one file.

    Records, history, accounts, seals. The server may run meanwhile, and nobody waits. A file that is
    there is replaced once the new one is whole. It holds everything, protected identities too: it is
    written for its owner alone to read.
    """
    from app.postgres.dumps import read_revision, write_dump

    settings = read_settings(context, database_url, data_dir)
    with open_place(settings, made=True) as place:
        target = make_target(file)
        if target.is_dir():
            target /= f"sayso-{datetime.now().astimezone():%Y%m%d-%H%M%S}.dump"
        _server, revision, _rows = asyncio.run(read_database(place))
        if revision is None:
            raise DatabaseOutdated(f"{place.title} has no tables.", hint="There is nothing to back up.")
        try:
            with show_progress("Backing up") as show:
                write_dump(place.owner_dsn, target, on_progress=show)
        except OSError as problem:
            raise SettingInvalid(f"{target} cannot be written: {problem.strerror}") from problem
        read_revision(target)
        say(f"{target}  {target.stat().st_size:,} bytes, schema {revision}")
    note("To see that it can be restored: sayso --data-dir NEW_FOLDER restore FILE")


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file that `sayso backup` wrote.", **READ)],
    replace: Annotated[
        bool, typer.Option("--replace", help="Also where the database holds records: they are lost.")
    ] = False,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """Make the database what a backup holds.

    All or nothing: what stands in the database (in its schema public) goes, or stays as it was. Refused while
    a server works with it and, without --replace, if it holds records.
    """
    from app.postgres.dumps import read_revision, restore_dump
    from app.services.schema import head_revision, refuse_newer

    settings = read_settings(context, database_url, data_dir)
    revision = read_revision(file)
    refuse_newer(revision, f"The backup {file}")
    with open_place(settings) as place:
        asyncio.run(check_target(place, replace=replace))
        with show_progress("Restoring") as show:
            restore_dump(place.owner_dsn, file, on_progress=show)
        if place.cluster is not None:
            asyncio.run(prepare(place))
        rows = asyncio.run(analyze(place))
        told = spell_rows({table: rows[table] for table in ("claim", "source", "revision")})
        say(f"Restored into {place.title}: {told}.")
    if place.cluster is None and revision != head_revision():
        note(f"The backup is at migration {revision}. To bring it to {head_revision()}: sayso migrate")
    note("To check it: sayso recompute --check; sayso verify")


async def check_target(place: Place, *, replace: bool) -> None:
    """Return if the database may be replaced. Raises DatabaseInUse and DatabaseNotEmpty."""
    from app.database import connect

    _server, _revision, rows = await read_database(place)
    async with connect(place.owner_dsn, "sayso restore") as connection:
        others = await connection.fetchval(_OTHERS)
    if others:
        raise DatabaseInUse(
            f"{place.title} is in use: {spell_count(others, 'connection')} of Sayso.",
            hint="Stop the server, or whatever else works with it, first.",
        )
    held = {table: rows[table] for table in RECORDS if rows.get(table)}
    if rows.get("researcher", 0) > 1:
        held["researcher"] = rows["researcher"]
    if held and not replace:
        raise DatabaseNotEmpty(
            f"{place.title} holds records: {spell_rows(held)}.",
            hint="Back it up first (sayso backup); then --replace loses them. Or restore elsewhere.",
        )


async def analyze(place: Place) -> dict[str, int]:
    """Let the planner know the new rows, and count them."""
    from app.database import connect

    async with connect(place.owner_dsn, "sayso restore") as connection:
        await connection.execute("ANALYZE")
    return (await read_database(place))[2]
