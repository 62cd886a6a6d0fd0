"""seal, seals, verify: the log sealed, and proved."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import DatabaseUrl, DataDir, read_settings
from app.cli.places import open_place, prepare
from app.cli.terminal import note, say, show_progress
from app.domain.counts import spell_count

if TYPE_CHECKING:
    from app.services.sealing import Seal
    from app.services.verification import Verification

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, for programs.")]


def seal(
    context: typer.Context,
    as_json: AsJson = False,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """Seal what was recorded, and print the newest seal.

    Note it elsewhere. `sayso serve` seals by itself every few seconds.
    """
    from app.services.sealing import seal_log

    async def work(dsn: str) -> Seal | None:
        await prepare(place)
        with show_progress("Sealing") as show:
            return await seal_log(dsn, on_progress=show)

    with open_place(read_settings(context, database_url, data_dir), made=True) as place:
        newest = asyncio.run(work(place.dsn))
    if as_json:
        say(json.dumps(None if newest is None else spell(newest)))
    elif newest is None:
        note("Nothing is recorded, so that there is nothing to seal.")
    else:
        say(newest.mark)


def seals(
    context: typer.Context,
    count: Annotated[
        int, typer.Option(metavar="NUMBER", min=1, max=10_000, help="How many, the newest first.")
    ] = 10,
    as_json: AsJson = False,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """List the newest seals. One that was noted elsewhere proves that nothing before it changed since."""
    from app.services.sealing import list_seals

    async def work(dsn: str) -> list[Seal]:
        await prepare(place)
        return await list_seals(dsn, count)

    with open_place(read_settings(context, database_url, data_dir), made=True) as place:
        found = asyncio.run(work(place.dsn))
    if as_json:
        say(json.dumps([spell(each) for each in found], indent=2))
        return
    for each in found:
        say(f"{each.mark}  {each.sealed_at:%Y-%m-%d %H:%M:%SZ}  {spell_count(each.position, 'revision'):>20}")
    if not found:
        note("There is no seal yet. To make one: sayso seal")


def verify(
    context: typer.Context,
    noted: Annotated[
        str | None,
        typer.Option(
            "--seal", metavar="ID:HASH", help="A seal that was noted elsewhere; it must still stand."
        ),
    ] = None,
    as_json: AsJson = False,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """Prove the log, and that the tables are what it says.

    Nothing in it was altered, removed or put in. Exits with 1 if anything is wrong, and names it, the
    first of it first. Statuses follow from what is recorded: `sayso recompute --check` proves those.
    """
    from app.services.verification import verify_log

    wanted = None if noted is None else read_mark(noted)

    async def work(dsn: str) -> Verification:
        await prepare(place)
        with show_progress("Verifying") as show:
            return await verify_log(dsn, noted=wanted, on_progress=show)

    with open_place(read_settings(context, database_url, data_dir), made=True) as place:
        result = asyncio.run(work(place.dsn))
    if as_json:
        say(json.dumps(asdict(result), indent=2))
    else:
        tell(result)
    if result.found:
        raise typer.Exit(1)


def tell(result: Verification) -> None:
    for fault in result.faults:
        say(f"{fault.place} {fault.message}")
    if result.found > len(result.faults):
        say(f"… and {result.found - len(result.faults):,} more")
    for redacted in result.redactions:
        fields = ", ".join(redacted.fields)
        note(f"Redacted: {redacted.row} {fields}, by {redacted.by} at {redacted.at}: {redacted.reason}")
    note(
        f"{spell_count(result.sealed, 'revision')} under {spell_count(result.seals, 'seal')},"
        f" {result.unsealed:,} not sealed yet, {spell_count(result.rows, 'row')};"
        f" {spell_count(result.erased, 'value')} redacted."
    )
    note(f"{spell_count(result.found, 'fault')}." if result.found else "No fault.")
    if result.newest_seal is not None:
        note(f"The newest seal: {result.newest_seal}")


def read_mark(text: str) -> tuple[int, str]:
    """The id and the hash of a seal that was noted."""
    found = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", text.strip().lower(), re.ASCII)
    if found is None:
        raise typer.BadParameter(
            "a seal is written as `sayso seals` prints it: 12:9f86d0…", param_hint="--seal"
        )
    return int(found[1]), found[2]


def spell(one: Seal) -> dict[str, object]:
    return {"seal": one.mark, "sealedAt": one.sealed_at.isoformat(), "revisions": one.position}
