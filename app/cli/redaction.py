"""redact: a value erased everywhere, for good."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import DatabaseUrl, DataDir, read_settings
from app.cli.places import Place, open_database, open_place
from app.cli.terminal import note, say
from app.domain.counts import spell_count
from app.domain.identifiers import NodeType, decode_id
from app.settings import Settings

if TYPE_CHECKING:
    from uuid import UUID

    from app.services.redaction import Redaction

SHOWN_CHARACTERS = 200


def redact(
    context: typer.Context,
    node: Annotated[str, typer.Argument(metavar="NODE", help="An id, as the API gives it: claim_…")],
    fields: Annotated[list[str], typer.Argument(metavar="FIELD", help="What to erase: statement, quote …")],
    reason: Annotated[str, typer.Option(metavar="WORDS", help="Why: it is kept, and shown in the history.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be erased.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """Erase fields of a record, now and in its whole history.

    It cannot be undone. For takedown orders and sources in danger. `sayso verify` still proves the rest
    of the log, and lists what was redacted. docs/operations.md lists the fields.
    """
    target = decode_id(node)
    if target is None:
        raise typer.BadParameter("is no id as the API gives it: claim_0199e5a0-…", param_hint="NODE")
    settings = read_settings(context, database_url, data_dir)
    with open_place(settings, made=True) as place:
        found = asyncio.run(run(place, settings, target, fields, reason, dry_run=True))
        tell(found)
        if dry_run:
            note("Nothing was changed.")
            return
        if not yes:
            typer.confirm("Erase all of this? It cannot be undone", abort=True, err=True)
        done = asyncio.run(run(place, settings, target, fields, reason, dry_run=False))
        note(f"Erased in {spell_count(done.revisions, 'revision')}. Backups and exports still have it.")


async def run(
    place: Place,
    settings: Settings,
    target: tuple[NodeType, UUID],
    fields: list[str],
    reason: str,
    *,
    dry_run: bool,
) -> Redaction:
    from app.services import redaction

    async with open_database(place, settings, as_owner=True) as (database, viewer):
        found = await database.write(
            viewer.researcher,
            lambda session: redaction.redact(session, viewer, *target, fields, reason, dry_run=dry_run),
            reason=reason,
        )
    if not dry_run:
        await redaction.free_space(place.owner_dsn)
    return found


def tell(found: Redaction) -> None:
    """What is erased, a line each; and where else the same words stand."""
    for value in found.values:
        say(value if len(value) <= SHOWN_CHARACTERS else f"{value[:SHOWN_CHARACTERS]}… ({len(value):,})")
    note(
        f"{spell_count(len(found.values), 'value')} of {', '.join(found.fields)}, in"
        f" {spell_count(found.rows, 'row')} and {spell_count(found.revisions, 'revision')}."
    )
    for place in found.elsewhere:
        note(f"The same words stand, or stood, in {place}. That is not erased.")
    if found.more_elsewhere:
        note(
            f"They stand, or stood, in more rows than these {len(found.elsewhere)}. Redact these first, and"
            " look again (--dry-run): once the words are erased here, nothing finds the others."
        )
