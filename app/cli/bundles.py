"""import, export: bundles of records in a file."""

from __future__ import annotations

import asyncio
import errno
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import DatabaseUrl, DataDir, make_target, read_settings, read_standing
from app.cli.places import open_database, open_place
from app.cli.terminal import note, say, show_progress
from app.domain.counts import spell_count
from app.errors import SettingInvalid

if TYPE_CHECKING:
    from app.exchange.report import ImportReport
    from app.services.exposure import Exposure

# What writing ends with, which names no file.
UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
SHOWN_ENTRIES = 100


def import_(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", parser=read_standing, help="A file, or a folder with its bundle.yaml."
        ),
    ],
    update: Annotated[
        bool, typer.Option("--update", help="Amend what stands where an entry of the bundle changed.")
    ] = False,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """Record what is new in a bundle.

    Nothing is written of a file that has a fault, and nothing twice: an import can be interrupted at any
    moment and run again. Exits with 1 if entries changed under a known key and were left as they stand.
    """
    from app.exchange.bundle import read_bundle
    from app.exchange.importing import record_bundle, telling_file

    settings = read_settings(context, database_url, data_dir)

    async def work() -> ImportReport:
        async with open_database(place, settings) as (database, viewer):
            with show_progress("Importing") as show:
                return await record_bundle(database, viewer, bundle, update=update, on_progress=show)

    with telling_file(file):
        # Before there is an event loop, which would keep Ctrl-C waiting.
        with show_progress("Reading"):
            bundle = read_bundle(file)
        with open_place(settings) as place:
            report = asyncio.run(work())
    for line in describe(report):
        say(line)
    if report.standing is not None and report.standing.total:
        note(
            "Outsiders still read names that are protected now in"
            f" {spell_count(report.standing.total, 'place')}."
            " To restrict the sources and claims: amendAgent with restrictStanding; amend the rest by hand."
        )
    if report.changed:
        note(
            f"{spell_count(len(report.changed), 'entry', 'entries')} changed; what stands was left."
            f" To amend it: sayso import --update {file}"
        )
        raise typer.Exit(1)


def describe(report: ImportReport) -> list[str]:
    """What an import did: a line for each section that has entries, then each entry that differs."""
    lines = [f"{report.bundle}:"]
    for section, counts in report.counts.items():
        done = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count)
        if done:
            lines.append(f"  {section:<12} {done}")
    entries = (*report.amended, *report.changed)
    lines += [f"{entry.outcome}: {entry}" for entry in entries[:SHOWN_ENTRIES]]
    if len(entries) > SHOWN_ENTRIES:
        lines.append(f"… and {len(entries) - SHOWN_ENTRIES:,} more")
    if report.standing is not None and report.standing.total:
        lines += describe_standing(report.standing)
    return lines


def describe_standing(standing: Exposure) -> list[str]:
    """Where protected names stand for outsiders to read: the name itself is not printed."""
    lines = [
        f"standing: {place.row}: {'.'.join(place.path)}: {place.start} to {place.end}:"
        f" a name of {place.agent}"
        for place in standing.places
    ]
    if standing.total > len(standing.places):
        lines.append(f"… and {standing.total - len(standing.places):,} more")
    return lines


def export(
    context: typer.Context,
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE",
            help="A file, or a folder for its bundle.yaml: it is made if its name ends in a slash."
            " Without it: stdout.",
            show_default=False,
        ),
    ] = None,
    bundle: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only what this bundle brought, with all that it refers to."),
    ] = None,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """Write what is recorded as a bundle for `sayso import`.

    Beside a file the texts of sources are written into texts/; on stdout they stand in the bundle itself. A
    file that is there is replaced once the new one is whole.
    """
    from app.exchange.exporting import ExportReport, export_bundle

    settings = read_settings(context, database_url, data_dir)
    target = None if file is None else make_target(file)

    async def work() -> ExportReport:
        async with open_database(place, settings) as (database, viewer):
            with show_progress("Exporting"):
                return await export_bundle(database, viewer, target or sys.stdout, bundle=bundle)

    try:
        with open_place(settings, made=True) as place:
            report = asyncio.run(work())
    except OSError as problem:
        if problem.errno not in UNWRITABLE and (file is None or problem.filename is None):
            raise
        raise SettingInvalid(f"{target or 'stdout'} cannot be written: {problem.strerror}") from problem
    counts = ", ".join(
        spell_count(count, section.removesuffix("s")) for section, count in report.counts.items() if count
    )
    note(f"Exported {counts or 'nothing: there is no record yet'}.")
