"""How Postgres answers each measured query: EXPLAIN (ANALYZE, BUFFERS), kept in bench/plans to be read.

    python -m bench.plans --dsn postgresql://… --claims 1000000

Each statement is prepared and run as in service, until Postgres has settled on a plan for all values or
on one for each. Exit status: 1 if a plan reads all of a table, or sorts more than 1,000 rows: either grows
with the table.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from app.database.connections import READ_SETTINGS
from app.database.database import OUTSIDE
from bench.load import World
from bench.peers.pgbench import as_text, compile_query
from bench.questions import ALL, draw_variables

FOLDER = Path(__file__).parent / "plans"
WARM_UPS = 8  # past the fifth run Postgres weighs its plan for all values, as it does in service
# More rows than this in one scan of a table or one sort grow with the table: a question has 50 claims.
MAX_ROWS = 1_000
# As the server's reads have it (app/database).
SETTINGS = {"TimeZone": "UTC", **READ_SETTINGS}


@dataclass(frozen=True, slots=True)
class Explained:
    """A statement, its plan as Postgres prints it, and what is wrong with the plan."""

    name: str
    text: str
    milliseconds: float
    faults: tuple[str, ...]


async def explain(connection: asyncpg.Connection, name: str, world: World) -> Explained:
    """Plan and run one query until its plan is settled."""
    compiled = compile_query(name, draw_variables(name, world, WARM_UPS), world.researcher)
    await connection.execute(f"PREPARE explained AS {compiled.statement.sql}")
    try:
        for values in compiled.values:
            literals = ", ".join("'" + as_text(value).replace("'", "''") + "'" for value in values)
            run = f"EXECUTE explained({literals})" if literals else "EXECUTE explained"
            lines = [row[0] for row in await connection.fetch(f"EXPLAIN (ANALYZE, BUFFERS) {run}")]
        plan = await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {run}")
    finally:
        await connection.execute("DEALLOCATE explained")
    [root] = json.loads(plan)
    text = f"{compiled.statement.sql}\n\n" + "\n".join(lines) + "\n"
    return Explained(name, text, root["Execution Time"], tuple(find_faults(root["Plan"])))


def find_faults(node: dict[str, Any]) -> Iterator[str]:
    """What a plan must not do, of a node and all below it.

    >>> list(find_faults({"Node Type": "Seq Scan", "Relation Name": "claim", "Actual Rows": 3000.0}))
    ['reads all of claim']
    >>> list(find_faults({"Node Type": "Sort", "Plans": [{"Node Type": "Result", "Actual Rows": 3000.0}]}))
    ['sorts 3,000 rows']
    """
    below: list[dict[str, Any]] = node.get("Plans", [])
    if node["Node Type"] == "Seq Scan" and _rows_read(node) > MAX_ROWS:
        yield f"reads all of {node['Relation Name']}"
    if node["Node Type"] == "Sort" and below[0]["Actual Rows"] > MAX_ROWS:
        yield f"sorts {below[0]['Actual Rows']:,.0f} rows"
    for each in below:
        yield from find_faults(each)


def _rows_read(node: dict[str, Any]) -> float:
    return float(node["Actual Rows"]) + float(node.get("Rows Removed by Filter", 0))


async def explain_all(
    dsn: str, world: World, names: Sequence[str], *, outside: bool = False
) -> list[Explained]:
    """The plans of these queries in a database, for researchers or for outsiders."""
    connection = await asyncpg.connect(dsn, server_settings=SETTINGS | OUTSIDE if outside else SETTINGS)
    try:
        explained = []
        for name in names:
            each = await explain(connection, name, world)
            print(f"{name} {each.milliseconds:.2f} ms {'; '.join(each.faults)}".rstrip(), flush=True)
            explained.append(each)
        return explained
    finally:
        await connection.close()


def keep(explained: Sequence[Explained], folder: Path) -> None:
    folder.mkdir(exist_ok=True, parents=True)
    for each in explained:
        (folder / f"{each.name}.txt").write_text(each.text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.plans",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--dsn", required=True, help="a database filled by bench.load")
    parser.add_argument("--claims", type=int, default=1_000_000, help="the size it was filled with")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the plans are kept")
    parser.add_argument("--outside", action="store_true", help="as outsiders ask; kept in FOLDER/outside")
    parser.add_argument("names", nargs="*", default=list(ALL), help="Q1 … Q7")
    given = parser.parse_args()
    world = World(given.claims, 1)
    explained = asyncio.run(explain_all(given.dsn, world, given.names, outside=given.outside))
    keep(explained, given.folder / "outside" if given.outside else given.folder)
    sys.exit(1 if any(each.faults for each in explained) else 0)


if __name__ == "__main__":
    main()
