"""migrate, recompute: the schema, and all that is derived."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from app.cli.options import DatabaseUrl, DataDir, read_settings
from app.cli.places import open_database, open_place
from app.cli.status import has_older_statuses
from app.cli.terminal import note, say, show_progress, warn
from app.domain.counts import spell_count

SHOWN_DIFFERENCES = 100


def migrate(context: typer.Context, database_url: DatabaseUrl = None, data_dir: DataDir = None) -> None:
    """Bring the database to this version of Sayso. Nothing is lost; running it twice does no harm."""
    from app.services import schema
    from app.services.recomputation import OLDER_TOLD

    with open_place(read_settings(context, database_url, data_dir)) as place:
        applied = asyncio.run(schema.migrate(place.owner_dsn, on_progress=note))
        older = asyncio.run(has_older_statuses(place))
        if applied:
            say(f"Applied {spell_count(len(applied), 'migration')} to {place.title}.")
        else:
            say(f"Nothing to do: {place.title} is at migration {schema.head_revision()}.")
        if older:
            warn(OLDER_TOLD)


def recompute(
    context: typer.Context,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit with 1 if anything differs.")
    ] = False,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """Work out again all that follows from what is recorded.

    That is statuses, parties, and where quotes stand. Prints what differed. Without --check it is set right.
    """
    from app.services.recomputation import Difference, recompute_everything

    settings = read_settings(context, database_url, data_dir)

    async def work(title: str) -> list[Difference]:
        async with open_database(place, settings) as (database, _viewer):
            with show_progress(title) as show:
                return await recompute_everything(database, check=check, on_progress=show)

    with open_place(settings, made=True) as place:
        differences = asyncio.run(work("Checking" if check else "Recomputing"))
    for each in differences[:SHOWN_DIFFERENCES]:
        say(f"{each.table} {each.row} {each.column}: {each.stored} stands, {each.computed} follows")
    if len(differences) > SHOWN_DIFFERENCES:
        say(f"… and {len(differences) - SHOWN_DIFFERENCES:,} more")
    told = spell_count(len(differences), "difference")
    if not differences:
        note("Nothing differs.")
    elif check:
        note(f"{told}. To set it right: sayso recompute")
        raise typer.Exit(1)
    else:
        note(f"{told} set right.")
