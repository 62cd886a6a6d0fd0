"""What sealing and proving cost: `python -m tests.services.sealing_cost [--claims 20000]`.

In an embedded database of its own, removed afterwards. CPU seconds, which other work on the machine hardly
changes: of this process, and of the server's.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import sys
import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from time import process_time

from app.database import connect
from app.postgres import start_cluster
from app.services.schema import migrate
from app.services.sealing import seal_log
from app.services.verification import verify_log

CLAIMS = """
WITH who AS (INSERT INTO researcher (name) VALUES ('Ada') RETURNING id),
what AS (
    INSERT INTO source (newest_version, id, recorded_by, kind, title)
    SELECT key, key, id, 'ARTICLE', 'A title' FROM who CROSS JOIN uuidv7() AS key RETURNING id, recorded_by
), claims AS (
    INSERT INTO claim (source, recorded_by, statement, quote_exact, basis)
    SELECT what.id, recorded_by, repeat('Some words of a statement. ', 4) || n,
           'The words of the source ' || n, 'FIRSTHAND'
    FROM what, generate_series(1, $1::integer) n RETURNING id
)
INSERT INTO corroboration (claim, status, live, lines_for, lines_against, lines_exact, reports_for,
                           reports_against, lines, weakest_links, explanation, named, rule_version)
SELECT id, 'UNCORROBORATED', true, 1, 0, true, 1, 0, '{}', '[]', 'One line.', '[]', 1 FROM claims
"""
SIZES = """
SELECT pg_total_relation_size('revision'), pg_total_relation_size('sealed_revision'), count(*) FROM revision
"""


async def measure(dsn: str, claims: int) -> None:
    await migrate(dsn)
    async with connect(dsn, "cost") as connection:
        await connection.execute(CLAIMS, claims)
        await connection.execute("ANALYZE")
        revisions = claims + 2
        for name, work in (("seal", seal_log), ("verify", verify_log)):
            seconds = await take_time(partial(work, dsn))
            tell(f"{name:<8} {seconds * 1e6 / revisions:6.0f} µs of this process a revision")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        [(log, links, count)] = await connection.fetch(SIZES)
        tell(f"log      {log / count:6.0f} bytes a revision, indexes included")
        tell(f"links    {links / count:6.0f} bytes a revision, indexes included")
        tell(f"memory   {peak / 1024:6.0f} MiB at most")


async def take_time(work: Callable[[], Awaitable[object]]) -> float:
    begun = process_time()
    await work()
    return process_time() - begun


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=20_000)
    claims = parser.parse_args().claims
    with tempfile.TemporaryDirectory(prefix="sayso-") as folder, start_cluster(Path(folder)) as cluster:
        asyncio.run(measure(cluster.dsn(), claims))


if __name__ == "__main__":
    main()
