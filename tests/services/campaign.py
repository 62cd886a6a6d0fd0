"""What random changes leave, one by one and at once: `python -m tests.services.campaign --stories 50`.

Each story is told in a database of its own: so many random changes, by as many writers at once as --writers
says. Afterwards a recomputation must find no difference, every status, figure, weakest link and piece of
evidence must be what the naive rule makes of the plain rows, and the log must prove whole. What the rules
refuse is counted, and is no fault; any other error is.

A story is told again by its seed: `--seed N --stories 1`, with fewer --changes until the fault is gone. With
several writers it is told otherwise each time. Ctrl-C ends it early. Exit status: 0 if nothing was found, 1
if something was.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import asyncpg

from app.database import Database
from app.postgres import start_cluster
from app.services.recomputation import recompute_everything
from app.services.schema import migrate
from app.services.verification import verify_log
from app.settings import Settings
from tests.compiler.plain.rows import Rows
from tests.domain.naive_rule import NaiveRule
from tests.services.naively import make_record
from tests.services.world import tell_story

TEMPLATE, STORY = "campaign_template", "campaign_story"
TOLD_EVERY = 5.0


async def try_story(dsn: str, changes: int, seed: int, writers: int) -> list[str]:
    """What is wrong with what is left of a story, in a migrated and empty database."""
    try:
        await tell_story(dsn, changes, seed, writers)
    except Exception as problem:
        return [f"{type(problem).__name__}: {problem}"]
    return await find_faults(dsn)


async def find_faults(dsn: str) -> list[str]:
    database = await Database.open(dsn, Settings())
    try:
        faults = [f"recomputed: {each}" for each in await recompute_everything(database, check=True)]
    finally:
        await database.close()
    connection = await asyncpg.connect(dsn, server_settings={"TimeZone": "UTC"})
    try:
        rows = await Rows.load(connection)
    finally:
        await connection.close()
    faults += compare(rows)
    return faults + [f"the log: {fault.place} {fault.message}" for fault in (await verify_log(dsn)).faults]


def compare(rows: Rows) -> list[str]:
    """Where what stands is not what the text of the rule says of the rows."""
    rule = NaiveRule(make_record(rows))
    differences = []
    for claim, stands in rows.corroborations.items():
        expected = rule.evaluate(claim)
        found = {
            "status": (stands.status, expected.status),
            "live": (stands.live, expected.live),
            "lines": (
                (stands.lines_for, stands.lines_against),
                (expected.lines_for, expected.lines_against),
            ),
            "reports": (
                (stands.reports_for, stands.reports_against),
                (expected.reports_for, expected.reports_against),
            ),
            "weakest links": (tuple(map(UUID, stands.weakest_links)), expected.weakest_links),
            "disagreed": (stands.disagreed, expected.disagreed),
            "evidence": (
                {
                    (row.side, row.basis, row.evidence_claim or row.evidence_source)
                    for row in rows.evidence_of[claim]
                },
                expected.evidence,
            ),
        }
        differences += [
            f"claim {claim}: {name} is {one}, by the text of the rule {other}"
            for name, (one, other) in found.items()
            if one != other
        ]
    return differences


async def empty_database(owner: str, name: str, template: str | None = None) -> None:
    connection = await asyncpg.connect(owner)
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {name}")
        await connection.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
    finally:
        await connection.close()


async def run(
    dsn_of: Callable[[str], str], seeds: range, changes: int, writers: int, tell: Callable[[str], None]
) -> int:
    """How many stories left something wrong."""
    begun = told = time.monotonic()
    done = wrong = 0
    await empty_database(dsn_of("postgres"), TEMPLATE)
    await migrate(dsn_of(TEMPLATE))
    with suppress(asyncio.CancelledError):
        for seed in seeds:
            await empty_database(dsn_of("postgres"), STORY, TEMPLATE)
            faults = await try_story(dsn_of(STORY), changes, seed, writers)
            done, wrong = done + 1, wrong + bool(faults)
            for fault in faults[:5]:
                tell(f"seed {seed}: {fault}")
            if time.monotonic() - told > TOLD_EVERY:
                told = time.monotonic()
                tell(f"{done:,} of {len(seeds):,} stories, {wrong:,} of them wrong")
    tell(f"{done:,} stories in {time.monotonic() - begun:.0f} s, {wrong:,} of them wrong")
    return wrong


def main(arguments: list[str] | None = None) -> int:
    assert __doc__
    parser = argparse.ArgumentParser(
        prog="python -m tests.services.campaign",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--stories", type=int, default=50, help="how many (50)")
    parser.add_argument("--changes", type=int, default=60, help="of each, those that are refused among them")
    parser.add_argument("--writers", type=int, default=1, help="how many write at once (1)")
    parser.add_argument("--seed", type=int, default=1, help="of the first one (1)")
    given = parser.parse_args(arguments)
    logging.getLogger("app").setLevel(logging.CRITICAL + 1)
    with (
        tempfile.TemporaryDirectory(prefix="sayso-campaign-") as folder,
        start_cluster(Path(folder), durable=False) as cluster,
    ):
        seeds = range(given.seed, given.seed + given.stories)
        wrong = asyncio.run(run(cluster.dsn, seeds, given.changes, given.writers, tell))
    return 1 if wrong else 0


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
